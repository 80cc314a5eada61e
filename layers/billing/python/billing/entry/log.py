"""Logs: one JSON line for a request or task, with ids and codes, never names, documents, e-mails or amounts."""

import os
from typing import Any

from aws_lambda_powertools import Logger

_logger = Logger(service=os.environ.get("POWERTOOLS_SERVICE_NAME", "mensal"), use_rfc3339=True)


def request(event: dict[str, Any], context: Any) -> None:
    http = event.get("requestContext", {})
    _logger.info(
        "request",
        route=http.get("routeKey", "-"),
        api_request_id=http.get("requestId", "-"),
        request_id=getattr(context, "aws_request_id", "-"),
    )


def access(tenant_id: str, user_id: str, route: str, subjects: dict[str, str]) -> None:
    """Who read or changed what, and of whom: ids alone (SEC-07). Kept as long as the logs are."""
    _logger.info("access", tenant_id=tenant_id, user_id=user_id, route=route, subjects=subjects)


def refused(status: int, code: str) -> None:
    _logger.info("refused", status=status, code=code)


def task(name: str, event: dict[str, Any], context: Any) -> None:
    _logger.info(
        "task",
        task=name,
        tenant_id=event.get("tenant_id", "-"),
        run_id=event.get("run_id", "-"),
        chunk=event.get("chunk", "-"),
        request_id=getattr(context, "aws_request_id", "-"),
    )


def event(name: str, **ids: str) -> None:
    """What woke us other than a person: a schedule, an upload, a queue. `ids` carry no personal data."""
    _logger.info(name, extra=ids)
