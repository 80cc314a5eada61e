"""HTTP APIs in the local cloud."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import json
from typing import Any

from ministack.services import apigateway, lambda_svc


def read_cors_settings_of_templates() -> None:
    """CORS settings of a template keep their capital letters and are never found: every pre-flight answers 403."""
    preflight, headers = apigateway._cors_preflight_response, apigateway._cors_response_headers
    apigateway._cors_preflight_response = lambda cors, origin: preflight(_as_sent_by_the_api(cors), origin)
    apigateway._cors_response_headers = lambda cors, origin: headers(_as_sent_by_the_api(cors), origin)


def answer_500_when_a_handler_raises() -> None:
    """The caller of an HTTP API is answered 502 with the exception's text and stack, where AWS keeps both to itself.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    convert = lambda_svc.lambda_execute_result_to_api_proxy_response

    def answer(result: dict[str, Any]) -> Any:
        if not result.get("error") or result.get("throttle"):
            return convert(result)
        body = json.dumps({"message": "Internal Server Error"})
        return {"statusCode": 500, "headers": {"Content-Type": "application/json"}, "body": body}, None

    lambda_svc.lambda_execute_result_to_api_proxy_response = answer


def _as_sent_by_the_api(cors: dict[str, Any]) -> dict[str, Any]:
    """The same settings under the names of the API (`allowOrigins`), not of the template (`AllowOrigins`)."""
    return {name[:1].lower() + name[1:]: value for name, value in cors.items()}
