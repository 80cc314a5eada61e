"""DynamoDB and S3 in this process: botocore's requests go straight to the emulator's handlers, without sockets.

This allows thousands of transactions a second, so a test can inject a failure before and after every single write of a
run: each observer sees each request before and after it is handled.

DynamoDB calls do not even become botocore requests: the client's parameters are already JSON as it is transmitted, and
so is the answer. Building, hooking, retrying and parsing an HTTP request around them took most of the time of a call.
Where a test installs its own `send`, and where a benchmark measures, the whole client works.
"""

import json
import os
import pickle
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.httpsession import URLLib3Session
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString

os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
os.environ.setdefault("AWS_REGION", "sa-east-1")
os.environ.setdefault("AWS_DEFAULT_REGION", "sa-east-1")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")  # plain bodies, not aws-chunked

WRITES = (
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
    "S3:PUT",
    "S3:DELETE",
)

PLAIN = {
    "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem", "TransactWriteItems",
}  # fmt: skip
"""Operations whose parameters and answers are JSON without dates and bytes."""

Observer = Callable[[str, bytes, str], None]
"""Called with (operation, request body, "before" or "after"); may raise to cut the caller off there."""


class Raw:
    """What botocore reads a streamed body from."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, amt: int = 0, decode_content: bool | None = None) -> Iterator[bytes]:
        yield self._body

    def read(self, amt: int | None = None, decode_content: bool | None = None) -> bytes:
        body, self._body = self._body[:amt], self._body[amt:] if amt is not None else b""
        return body


class InProcessAws:
    def __init__(self) -> None:
        self.observers: list[Observer] = []

    def call(self, client: Any, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """A DynamoDB client's answer to a call. Raises the client's own errors."""
        body = json.dumps(params).encode()
        for observer in list(self.observers):
            observer(operation, body, "before")
        target = {"x-amz-target": f"DynamoDB_20120810.{operation}"}
        status, headers, answer = _run(_handler(is_dynamodb=True)("POST", "/", target, body, {}))
        for observer in list(self.observers):
            observer(operation, body, "after")
        parsed: dict[str, Any] = json.loads(answer or "{}")
        if status < 300:
            return parsed
        code = str(parsed.pop("__type", "")).rpartition("#")[2]
        message = str(parsed.pop("message", parsed.pop("Message", "")))
        parsed["Error"] = {"Code": code, "Message": message}
        parsed["ResponseMetadata"] = {"HTTPStatusCode": status, "HTTPHeaders": dict(headers)}
        raise client.exceptions.from_code(code)(parsed, operation)

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        url = urlsplit(request.url)
        body = request.body or b""
        if isinstance(body, str):
            body = body.encode()
        elif hasattr(body, "read"):
            body = body.read()
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        is_dynamodb = "x-amz-target" in headers
        operation = headers["x-amz-target"].split(".")[-1] if is_dynamodb else f"S3:{request.method}"
        for observer in list(self.observers):
            observer(operation, body, "before")
        status, answer_headers, answer = _run(
            _handler(is_dynamodb)(
                request.method,
                _path(url.netloc, unquote(url.path), is_dynamodb),
                headers,
                body,
                {k: [v] for k, v in parse_qsl(url.query, keep_blank_values=True)},
            )
        )
        for observer in list(self.observers):
            observer(operation, body, "after")
        data = answer if isinstance(answer, bytes) else str(answer or "").encode()
        return AWSResponse(
            request.url, status, {str(k): str(v) for k, v in answer_headers.items()}, Raw(data)
        )


@contextmanager
def in_process_aws(*, signed: bool = False) -> Iterator[InProcessAws]:
    """An empty DynamoDB and S3; every boto client of the process talks to it inside the block.

    With `signed`, as benchmarks require, every request is built, signed and parsed as in Lambda; the emulator checks no
    signature.
    """
    from ministack.services import dynamodb, s3

    from infra.local.patches.expressions import read_each_expression_once

    read_each_expression_once()
    aws = InProcessAws()
    whole_call = BaseClient._make_api_call

    def api_call(client: Any, operation: str, params: dict[str, Any]) -> Any:
        is_dynamodb = client.meta.service_model.service_name == "dynamodb"
        if is_dynamodb and operation in PLAIN and "send" not in vars(aws):
            return aws.call(client, operation, params)
        return whole_call(client, operation, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(URLLib3Session, "send", lambda _self, request: aws.send(request))
        if not signed:
            patch.setattr(BaseClient, "_make_api_call", api_call)
            patch.setattr(RequestSigner, "handler", lambda _self, **_request: None)
            patch.setattr(UserAgentString, "to_string", lambda _self: "")
            patch.setattr(boto3.session.Session, "client", _client)
        try:
            yield aws
        finally:
            dynamodb.reset()
            s3.reset()


_make_client = boto3.session.Session.client
_clients: dict[Hashable, Any] = {}


def _client(session: boto3.session.Session, service: str, *places: Any, **options: Any) -> Any:
    """One for each service and its options: a test makes its adapters anew, and creating a client takes as long as
    forty calls with it."""
    config = options.get("config")
    set_by_caller = sorted(config._user_provided_options.items()) if config else []
    named = {**options, "config": set_by_caller}
    key = (service, repr(places), repr(sorted(named.items())))
    if key not in _clients:
        _clients[key] = _make_client(session, service, *places, **options)
    return _clients[key]


def state() -> bytes:
    """Everything that the emulator stores, to be put back."""
    return pickle.dumps(_stores(), pickle.HIGHEST_PROTOCOL)


def put_back(kept: bytes) -> None:
    """The emulator as it was at `state()`, whatever it stores now."""
    for store, content in zip(_stores(), pickle.loads(kept), strict=True):
        store.clear()
        store.update(content)


def is_empty() -> bool:
    return not any(_stores())


def _stores() -> list[dict[Any, Any]]:
    """For both services, what their own `reset` clears."""
    from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict
    from ministack.services import dynamodb, s3

    scoped = AccountRegionScopedDict | AccountScopedDict
    return [
        value._data
        for module in (dynamodb, s3)
        for value in vars(module).values()
        if isinstance(value, scoped)
    ]


def _handler(is_dynamodb: bool) -> Any:
    from ministack.services import dynamodb, s3

    return dynamodb.handle_request if is_dynamodb else s3.handle_request


def _path(host: str, path: str, is_dynamodb: bool) -> str:
    """S3 addresses a bucket by host name; the handler wants it in the path."""
    bucket = host.partition(".s3")[0]
    return path if is_dynamodb or bucket == host or not bucket else f"/{bucket}{path}"


def _run(coroutine: Any) -> Any:
    """The handlers await nothing that needs a loop; if one does, a loop is there."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("the emulator's handler waits for something")


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
