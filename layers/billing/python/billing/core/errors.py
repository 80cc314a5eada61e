"""What a caller did wrong, as data: a stable code, a status and, in Portuguese, what to do about it.

    BillingError            something the caller can mend; becomes RFC 9457 problem details
      InvalidInput          400  the request cannot be read
      SignInNeeded          401  the token is good, but its session was ended
      Forbidden             403  the permission is missing
      NotFound              404  no such thing in this tenant
      Conflict              409  somebody changed it meanwhile, or it exists already
      PreconditionFailed    412  If-Match names an older version
      TooLarge              413  larger data go by pre-signed upload
      UnreadableMedia       415  the body is not JSON
      TooManyRequests       429  one tenant sent too many within a few seconds
      Refused               422  a rule of the business refuses, with all its reasons
    Transient               our own retryable failure in a task (throttling, a provider's time-out)

Codes ("invoice.settled") are public and never renamed. A programmer's mistake is not a BillingError: it crashes.
Class names are the error names that the state machines catch.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    BLOCKS = "blocks"
    ASKS = "asks"  # goes on when the caller confirms
    WARNS = "warns"  # done all the same


class Refusal(NamedTuple):
    """One reason why an operation is not done, or is done with a warning."""

    code: str
    message: str
    severity: Severity = Severity.BLOCKS
    field: str | None = None


def standing(refusals: Iterable[Refusal], *, confirmed: bool = False) -> list[Refusal]:
    """The refusals that stop the operation: those that block, and unless confirmed those that ask."""
    stops = {Severity.BLOCKS} if confirmed else {Severity.BLOCKS, Severity.ASKS}
    return [refusal for refusal in refusals if refusal.severity in stops]


class BillingError(Exception):
    status = 422

    def __init__(self, code: str, title: str, reasons: Iterable[Refusal] = ()) -> None:
        self.code = code
        self.title = title
        self.reasons = tuple(reasons)
        super().__init__(code, title, self.reasons)  # what a copy, or another process, is made from

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


class InvalidInput(BillingError):
    status = 400


class SignInNeeded(BillingError):
    status = 401


class Forbidden(BillingError):
    status = 403


class NotFound(BillingError):
    status = 404


class Conflict(BillingError):
    status = 409


class PreconditionFailed(BillingError):
    status = 412


class TooLarge(BillingError):
    status = 413


class UnreadableMedia(BillingError):
    status = 415


class Refused(BillingError):
    status = 422

    @classmethod
    def because(cls, reasons: Iterable[Refusal]) -> "Refused":
        """All reasons at once; the first one gives code and title."""
        listed = tuple(reasons)
        return cls(listed[0].code, listed[0].message, listed)


class TooManyRequests(BillingError):
    status = 429

    def __init__(self, code: str, title: str, retry_after_s: int = 1) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(code, title)


@contextmanager
def refusing_faults(code: str, title: str) -> Iterator[None]:
    """Turns a fault in one item's data into Refused, so that the item is left out and the others go on.

    Only faults in data: a service that does not answer, a missing permission or a bug of ours is raised as it is.
    """
    try:
        yield
    except (ValueError, ArithmeticError, LookupError) as fault:
        raise Refused(code, title, [Refusal(code, title)]) from fault


class Transient(Exception):
    """A failure of ours or of a provider that is worth retrying; never shown to a user."""
