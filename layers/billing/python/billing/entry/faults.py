"""Temporary faults of AWS: throttling, a service that answers 5xx or not at all. All become Transient."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from pynamodb.exceptions import PynamoDBException

from billing.core.errors import Transient

FAULTS = (PynamoDBException, ClientError, HTTPClientError, NotConnected)
"""What the clients raise: for tables, for other services, for a lost connection, and for one that was never made."""

PASSING = frozenset(
    {
        "InternalError",
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html."""


def passes(error: BaseException | None) -> bool:
    match error:
        case PynamoDBException():
            return passes(error.cause)
        case ClientError():
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            return status >= 500 or error.response["Error"].get("Code") in PASSING
    return isinstance(error, HTTPClientError | NotConnected)


@contextmanager
def as_transient() -> Iterator[None]:
    """Turns a temporary fault into Transient, which the state machines retry."""
    try:
        yield
    except FAULTS as error:
        if passes(error):
            raise Transient(f"a service of AWS is busy: {type(error).__name__}") from error
        raise
