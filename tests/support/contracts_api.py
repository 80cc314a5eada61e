"""The contracts' API as a whole, as behind the gateway: what touches charges is answered by the closings' function."""

from typing import Any

from functions.closings.api import handler as closings
from functions.contracts.api import handler as contracts

OF_CLOSINGS = ("/activation", "/cancellation")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return (closings if event["rawPath"].endswith(OF_CLOSINGS) else contracts)(event, context)
