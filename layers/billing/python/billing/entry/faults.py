"""Faults of AWS that pass: throttling, a service that answers 5xx or not at all. They are Transient, whatever raised them."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from pynamodb.exceptions import PynamoDBException

from billing.core.errors import Transient

FAULTS = (PynamoDBException, ClientError, HTTPClientError, NotConnected)
"""What clients raise: of tables, of all other services, of a connection, and of one that was not made."""

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
    """Raises Transient, which the state machines try again, for a fault that passes."""
    try:
        yield
    except FAULTS as error:
        if passes(error):
            raise Transient(f"a service of AWS is busy: {type(error).__name__}") from error
        raise
