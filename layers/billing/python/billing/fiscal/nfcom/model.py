"""The NFCom as one of the models: drafted, signed and transmitted by SOAP, found by its access key."""

from collections.abc import Sequence
from datetime import date, datetime

from billing.core.errors import Refusal
from billing.fiscal.desk import Desk, NotTaken
from billing.fiscal.document import DocumentState, FiscalDocument, Observations
from billing.fiscal.drafting import Case, DocumentGroup, draft
from billing.fiscal.model import OTHER_CONTENT, AuthorityOutcome, Identity, one_line
from billing.fiscal.nfcom.answers import AuthorityAnswer, read_answer
from billing.fiscal.nfcom.authorisers import Service
from billing.fiscal.nfcom.faults import faults_of
from billing.fiscal.nfcom.note import Nfcom, NfcomNumber, key_of
from billing.fiscal.nfcom.requests import (
    Cancellation,
    consultation,
    processed,
    require_cancellable,
    signed_cancellation,
)
from billing.fiscal.nfcom.xml import signed_nfcom
from billing.fiscal.ports import NoAnswer, Unreached
from billing.fiscal.reactions import StatusReaction
from billing.fiscal.settings import FiscalSettings, SeriesStart
from billing.fiscal.signature import Signer


class NfcomModel:
    def numbering(self, settings: FiscalSettings) -> SeriesStart:
        return SeriesStart(settings.nfcom_series, settings.nfcom_first_number)

    def draft(self, case: Case, group: DocumentGroup, day: date, observations: Observations | None) -> Nfcom:
        return draft(case, group, day, observations)

    def faults_of(self, note: Nfcom, day: date) -> Sequence[Refusal]:
        return faults_of(note, day)

    def identified(
        self, note: Nfcom, series: int, number: int, issued_at: datetime, random_code: str | None
    ) -> Identity:
        numbered = NfcomNumber.drawn(series, number, issued_at)
        if random_code is not None:
            numbered = numbered.evolve(random_code=random_code)
        return Identity(key_of(note, numbered).text, numbered.random_code, note.totals.net)

    def signed(self, note: Nfcom, document: FiscalDocument, signer: Signer) -> bytes:
        number = NfcomNumber.model_validate(
            {
                "series": document.series,
                "number": document.number,
                "random_code": document.random_code,
                "issued_at": document.issued_at,
            }
        )
        return signed_nfcom(note, number, signer)

    def send(self, desk: Desk, document: FiscalDocument, content: bytes) -> AuthorityOutcome | None:
        return _outcome(_ask(desk, document, Service.RECEPTION, content), content)

    def consult(
        self, desk: Desk, document: FiscalDocument, content: bytes | None = None
    ) -> AuthorityOutcome | None:
        request = consultation(document.key or "", document.environment)
        return _outcome(_ask(desk, document, Service.CONSULTATION, request), content)

    def require_cancellable(self, desk: Desk, document: FiscalDocument) -> None:
        if document.authorised_at is not None:
            require_cancellable(document.authorised_at, desk.uf, desk.now)

    def cancellation(self, document: FiscalDocument, signer: Signer, uf: str) -> bytes:  # noqa: ARG002 - the key has it
        request = document.cancellation
        assert request is not None
        return signed_cancellation(
            Cancellation(
                environment=document.environment,
                key=document.key or "",
                protocol=document.protocol or "",
                reason=request.reason,
                asked_at=request.at,
            ),
            signer,
        )

    def send_cancellation(
        self, desk: Desk, document: FiscalDocument, event: bytes
    ) -> AuthorityOutcome | None:
        return _outcome(_ask(desk, document, Service.EVENT, event), None)

    def drawn(self, content: bytes, state: DocumentState) -> bytes:
        from billing.fiscal.nfcom.danfe import DanfeOverlay, draw_danfe

        overlays = {
            DocumentState.CANCELLED: DanfeOverlay.CANCELLED,
            DocumentState.SUBSTITUTED: DanfeOverlay.SUBSTITUTED,
        }
        return draw_danfe(content, overlays.get(state))


def _ask(desk: Desk, document: FiscalDocument, service: Service, message: bytes) -> AuthorityAnswer | None:
    office = desk.office
    office.pace.wait()
    try:
        content = office.authorities.ask(service, desk.uf, document.environment, message, desk.signer)
    except NoAnswer:
        return None
    except Unreached:
        raise NotTaken.unreached() from None
    answer = read_answer(content, document.key)
    if answer.reaction in {StatusReaction.LATER, StatusReaction.BLOCKED}:
        raise NotTaken(f"fiscal.{answer.reaction}", _words(answer))
    return answer


def _outcome(answer: AuthorityAnswer | None, content: bytes | None) -> AuthorityOutcome | None:
    """`content` is the signed note, if the answer may authorise it."""
    if answer is None:
        return None
    is_authorised = content is not None and answer.reaction is StatusReaction.AUTHORISED
    if content is None or not is_authorised:
        return AuthorityOutcome(answer.reaction, _words(answer))
    if answer.digest is not None and f"<DigestValue>{answer.digest}<".encode() not in content:
        return AuthorityOutcome(StatusReaction.CONFLICT, OTHER_CONTENT)
    file = processed(content, answer.protocol_document or "")
    return AuthorityOutcome(answer.reaction, "", answer.protocol, None, answer.received_at, file)


def _words(answer: AuthorityAnswer) -> str:
    said = f"{answer.code or ''} {answer.text}".strip()
    return one_line(f"{said}. {answer.advice}" if said else answer.advice)
