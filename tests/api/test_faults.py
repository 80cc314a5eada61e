"""Passing faults of AWS are retried by the machines and reported as such by the API; others crash."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from pynamodb.connection import Connection

from billing.core.errors import Transient
from billing.entry.faults import as_transient
from functions.runs import api, tasks
from tests.support.aws import InProcessAws
from tests.support.http import Client

EVENT = {"tenant_id": "ten_alfa", "run_id": "run_1", "attempt": 1}


def refused(code: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "GetItem")  # type: ignore[typeddict-item]


def tables_answer(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def dispatch(_self: Connection, _operation: str, _arguments: dict[str, Any]) -> Any:
        raise error

    monkeypatch.setattr(Connection, "dispatch", dispatch)


@pytest.mark.req("PLT-04")
@pytest.mark.parametrize(
    "error",
    [
        refused("ThrottlingException"),
        refused("ProvisionedThroughputExceededException"),
        refused("InternalServerError", 500),
        ReadTimeoutError(endpoint_url="https://dynamodb.example"),
        ConnectTimeoutError(endpoint_url="https://dynamodb.example"),
        EndpointConnectionError(endpoint_url="https://dynamodb.example"),
    ],
    ids=["throttled", "throughput", "internal", "timeout", "no_connection_in_time", "no_connection"],
)
def test_read_that_a_table_throttles_is_tried_again(
    aws: InProcessAws, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    tables_answer(monkeypatch, error)

    for read in ("/runs", "/runs/run_1"):  # a query, an item
        answer = Client(api.handler).get(read)
        assert (answer.status, answer.code, answer.headers["retry-after"]) == (503, "busy", "1")
    with pytest.raises(Transient):
        tasks.check_run(EVENT, None)
    with pytest.raises(Transient):
        tasks.fail_run({**EVENT, "failure": "States.Timeout"}, None)


@pytest.mark.parametrize(
    "code", ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"]
)
def test_invalid_read_raises(aws: InProcessAws, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    tables_answer(monkeypatch, refused(code))

    with pytest.raises(Exception, match="Failed to get item"):
        Client(api.handler).get("/runs/run_1")
    with pytest.raises(Exception, match="Failed to get item"):
        tasks.check_run(EVENT, None)


@pytest.mark.parametrize(("code", "status"), [("SlowDown", 503), ("503", 503), ("InternalError", 500)])
def test_error_of_a_bucket_that_is_busy_is_retried(code: str, status: int) -> None:
    with pytest.raises(Transient), as_transient():
        raise refused(code, status)
    with pytest.raises(ClientError), as_transient():
        raise refused("NoSuchBucket", 404)
