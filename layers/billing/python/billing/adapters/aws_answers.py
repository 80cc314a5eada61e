"""How a call to an AWS messaging service ended, in the terms of dispatch's port.

The client makes a single attempt: botocore's own retries after a time-out would send a message twice.
"""

from collections.abc import Callable, Collection
from typing import Any

from billing.core.errors import Transient
from billing.dispatch.ports import Rejected, Unanswered

CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 20


def client(service: str) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        retries={"total_max_attempts": 1},
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
    )
    return boto3.client(service, config=config)


def ask(request: Callable[[], dict[str, Any]], *, refused: Collection[str], why: str) -> str:
    """The MessageId that the single request returns. `refused` has the error codes of messages that will never be
    accepted.

    Any other 4xx (throttling, quota, a missing permission or identity) is ours to fix: the message was not accepted and
    may be tried again. The provider's own text is dropped: it names the recipient, and would be logged.
    """
    from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError

    try:
        return str(request()["MessageId"])
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in refused:
            raise Rejected(why) from None
        if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
            raise Transient(f"the provider did not take the message: {code}") from None
        raise Unanswered(code) from None
    except (ConnectTimeoutError, EndpointConnectionError) as error:
        raise Transient("the provider cannot be reached") from error
    except BotoCoreError as error:
        raise Unanswered(type(error).__name__) from error
