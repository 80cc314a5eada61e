"""How a call of an AWS messaging service ended, in the words of dispatch's port.

The client is made with one attempt: botocore's own retries after a time-out would send a message twice.
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
    """The MessageId of the one request. `refused` are the error codes of a message that will never be taken.

    Any other 4xx (throttling, quota, a permission or an identity that is missing) is ours to mend: the message was not
    accepted and may be tried again. The provider's own words are dropped: they name the recipient, and would be logged.
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
