"""What each model of fiscal document does its own way: drafted, identified, signed, sent, consulted, cancelled, drawn.

Issuing and cancelling (`issuance.py`, `cancellation.py`) are the same for all; `models.py` says which model is which.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypeVar

from billing.core.errors import Refusal
from billing.core.money import Money
from billing.fiscal.desk import Desk
from billing.fiscal.document import DocumentState, FiscalDocument, Observations
from billing.fiscal.drafting import Case, DocumentGroup
from billing.fiscal.reactions import StatusReaction
from billing.fiscal.settings import FiscalSettings, SeriesStart
from billing.fiscal.signature import Signer

OTHER_CONTENT = "O autorizador tem outro conteúdo com esta chave: avise o suporte."


class Identity(NamedTuple):
    """What a note is known by once it has a number."""

    key: str
    random_code: str | None
    amount: Money


class AuthorityOutcome(NamedTuple):
    """What an authority's answer means to the document that was asked about."""

    reaction: StatusReaction
    words: str
    """The authority's, and what to do; in one line."""
    protocol: str | None = None
    nfse_key: str | None = None
    at: datetime | None = None
    """Of the authorisation."""
    file: bytes | None = None
    """The authorised note, as it is kept."""


Note = TypeVar("Note")
"""What a model drafts."""


class DocumentModel(Protocol[Note]):
    """What is asked returns None for an answer that was lost, and raises NotTaken for a request that did not leave or that
    the authority did not judge."""

    def numbering(self, settings: FiscalSettings) -> SeriesStart:
        """Raises Refused where the settings have none."""
        ...

    def draft(self, case: Case, group: DocumentGroup, day: date, observations: Observations | None) -> Note:
        """Raises Refused."""
        ...

    def faults_of(self, note: Note, day: date) -> Sequence[Refusal]: ...

    def identified(
        self, note: Note, series: int, number: int, issued_at: datetime, random_code: str | None
    ) -> Identity:
        """With the `random_code` of its first signature, or a new one."""
        ...

    def signed(self, note: Note, document: FiscalDocument, signer: Signer) -> bytes: ...

    def send(self, desk: Desk, document: FiscalDocument, content: bytes) -> AuthorityOutcome | None: ...

    def consult(
        self, desk: Desk, document: FiscalDocument, content: bytes | None = None
    ) -> AuthorityOutcome | None:
        """With `content`, an authorised note of other content is a conflict, and the outcome has its file."""
        ...

    def require_cancellable(self, desk: Desk, document: FiscalDocument) -> None:
        """Raises Refused past the term."""
        ...

    def cancellation(self, document: FiscalDocument, signer: Signer, uf: str) -> bytes:
        """The request that the document has, signed."""
        ...

    def send_cancellation(
        self, desk: Desk, document: FiscalDocument, event: bytes
    ) -> AuthorityOutcome | None: ...

    def drawn(self, content: bytes, state: DocumentState) -> bytes:
        """The PDF of a note, from the XML alone; of one that does not stand any more it says so."""
        ...


def one_line(text: str) -> str:
    """An authority may write any character."""
    return "".join(character if character.isprintable() else " " for character in text)[:1000]
