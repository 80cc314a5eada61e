"""HTTP APIs in the local cloud."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

from typing import Any

from ministack.services import apigateway


def read_cors_settings_of_templates() -> None:
    """CORS settings of a template keep their capital letters and are never found: every pre-flight answers 403."""
    preflight, headers = apigateway._cors_preflight_response, apigateway._cors_response_headers
    apigateway._cors_preflight_response = lambda cors, origin: preflight(_as_sent_by_the_api(cors), origin)
    apigateway._cors_response_headers = lambda cors, origin: headers(_as_sent_by_the_api(cors), origin)


def _as_sent_by_the_api(cors: dict[str, Any]) -> dict[str, Any]:
    """The same settings under the names of the API (`allowOrigins`), not of the template (`AllowOrigins`)."""
    return {name[:1].lower() + name[1:]: value for name, value in cors.items()}
