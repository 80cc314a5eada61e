"""HTTP APIs in the local cloud."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import json
from typing import Any

from ministack.services import apigateway, lambda_svc


def read_cors_settings_of_templates() -> None:
    """CORS settings from a template keep their capital letters and are never found: every pre-flight gets a 403."""
    preflight, headers = apigateway._cors_preflight_response, apigateway._cors_response_headers
    apigateway._cors_preflight_response = lambda cors, origin: preflight(_as_sent_by_the_api(cors), origin)
    apigateway._cors_response_headers = lambda cors, origin: headers(_as_sent_by_the_api(cors), origin)


_LOST = ("Runtime.ExitError", "Sandbox.Timedout")
"""The worker was killed, or took too long: nothing is known about the request, and it may be sent again with its
key."""


def answer_without_the_exception_when_a_handler_fails() -> None:
    """The caller of an HTTP API gets a 502 with the exception's text and stack, while AWS keeps both to itself.

    A handler that raises is a 500; one that was killed or took too long is a 503, one that was throttled is a 429, both
    with Retry-After.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    convert = lambda_svc.lambda_execute_result_to_api_proxy_response

    def answer(result: dict[str, Any]) -> Any:
        if result.get("throttle"):
            return _told(429, "Too Many Requests", retry_after_s=2), None
        if not result.get("error"):
            return convert(result)
        if result["body"].get("errorType") in _LOST:
            return _told(503, "Service Unavailable", retry_after_s=1), None
        return _told(500, "Internal Server Error"), None

    lambda_svc.lambda_execute_result_to_api_proxy_response = answer


def _told(status: int, message: str, retry_after_s: int | None = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    return {"statusCode": status, "headers": headers, "body": json.dumps({"message": message})}


def _as_sent_by_the_api(cors: dict[str, Any]) -> dict[str, Any]:
    """The same settings under the API's names (`allowOrigins`), not the template's (`AllowOrigins`)."""
    return {name[:1].lower() + name[1:]: value for name, value in cors.items()}
