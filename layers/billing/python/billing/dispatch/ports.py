"""What dispatch needs from a provider of e-mail or SMS. Adapters: ses, sms, and their local twin, local_mailbox.

How a call ends decides whether a message may ever be tried again:

    an id             accepted; the provider is responsible for it now
    Transient         certainly not accepted (throttled, quota, no connection): try again later
    Rejected          certainly not accepted, and never will be (the address, the message)
    Unanswered        nobody knows (time-out after the request went out, an internal error of the provider)

An adapter makes exactly one request: a client that retries on its own would send twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from billing.customers.model import Channel


class Rejected(Exception):
    """The provider refuses this message for good. `why` is for the clerk, in Portuguese, without personal data."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unanswered(Exception):
    """The call broke off after the request went out: the message may have been accepted."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as a provider takes it; the ids are for the events that the provider sends back."""

    tenant_id: str
    customer_id: str
    message_id: str
    sender: str
    """An e-mail address; for an SMS, the company's name."""
    to: tuple[str, ...]
    cc: tuple[str, ...]
    content: bytes
    """RFC 5322, or the text of an SMS in UTF-8."""


class Messenger(Protocol):
    def send(self, letter: Letter) -> str:
        """Give it to the provider, once; returns the provider's id. Raises Transient, Rejected or Unanswered."""
        ...


Messengers = Mapping[Channel, Messenger]
