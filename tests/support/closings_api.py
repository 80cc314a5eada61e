"""The closings' API as a whole, as behind the gateway: one function makes changes, another answers reads."""

from typing import Any

from functions.closing_views.api import handler as views
from functions.closings.api import handler as changes


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    is_read = event["requestContext"]["http"]["method"] == "GET"
    return (views if is_read else changes)(event, context)
