"""The national NFS-e as one of the models: a declaration is sent to the Sefin Nacional, which makes the note, and is found again by its id."""

from collections.abc import Sequence
from datetime import date, datetime

from billing.core.errors import Refusal
from billing.fiscal.desk import Desk, NotTaken
from billing.fiscal.document import DocumentState, FiscalDocument, Observations
from billing.fiscal.drafting import Case, DocumentGroup
from billing.fiscal.model import OTHER_CONTENT, AuthorityOutcome, Identity, one_line
from billing.fiscal.nfse.answers import NfseAnswer, emission, read_answer, read_event, registration
from billing.fiscal.nfse.dps import Dps, DpsNumber, id_of
from billing.fiscal.nfse.drafting import draft_dps, nfse_settings
from billing.fiscal.nfse.faults import faults_of
from billing.fiscal.nfse.identifiers import CANCEL, SUBSTITUTE, parse_dps_id
from billing.fiscal.nfse.requests import NfseCancellation, signed_event
from billing.fiscal.nfse.xml import signed_dps
from billing.fiscal.ports import NoAnswer, SefinRequest, SefinResponse, Unreached
from billing.fiscal.reactions import StatusReaction
from billing.fiscal.settings import FiscalSettings, SeriesStart
from billing.fiscal.signature import Signer

_EVENTS = {CANCEL: StatusReaction.CANCELLED, SUBSTITUTE: StatusReaction.SUBSTITUTED}


class NfseModel:
    def numbering(self, settings: FiscalSettings) -> SeriesStart:
        of_nfse = nfse_settings(settings.nfse)
        return SeriesStart(of_nfse.series, of_nfse.first_number)

    def draft(self, case: Case, group: DocumentGroup, day: date, observations: Observations | None) -> Dps:
        return draft_dps(case, group, day, observations)

    def faults_of(self, note: Dps, day: date) -> Sequence[Refusal]:
        return faults_of(note, day)

    def identified(
        self, note: Dps, series: int, number: int, issued_at: datetime, random_code: str | None
    ) -> Identity:
        """A declaration has no random code."""
        numbered = DpsNumber(series=series, number=number, issued_at=issued_at)
        return Identity(id_of(note, numbered), random_code, note.net)

    def signed(self, note: Dps, document: FiscalDocument, signer: Signer) -> bytes:
        number = DpsNumber.model_validate(
            {"series": int(document.series or 0), "number": document.number, "issued_at": document.issued_at}
        )
        return signed_dps(note, number, signer)

    def send(self, desk: Desk, document: FiscalDocument, content: bytes) -> AuthorityOutcome | None:
        response = _ask(desk, document, SefinRequest("/nfse", emission(content)))
        if response is None:
            return None
        answer = _judging(read_answer(response.status, response.content, document.key))
        if (
            answer.reaction is StatusReaction.ABSENT
        ):  # answered to a reception: the address is wrong; the note may still exist
            return AuthorityOutcome(StatusReaction.UNREADABLE, one_line(answer.advice))
        return self._made(desk, document, answer, content)

    def consult(
        self, desk: Desk, document: FiscalDocument, content: bytes | None = None
    ) -> AuthorityOutcome | None:
        """Ask for the note's key by the declaration's id, then for the note, then whether it is still valid."""
        response = _ask(desk, document, SefinRequest(f"/dps/{document.key}"))
        if response is None:
            return None
        answer = _judging(read_answer(response.status, response.content, document.key))
        if answer.key is None:
            return AuthorityOutcome(answer.reaction, _words(answer))
        ended = self._ended(desk, document, answer.key)
        if ended is None or ended.reaction in {StatusReaction.CANCELLED, StatusReaction.SUBSTITUTED}:
            return ended
        return self._made(desk, document, answer, content)

    def require_cancellable(self, desk: Desk, document: FiscalDocument) -> None:
        """The city sets the time limit; the Sefin applies it."""

    def cancellation(self, document: FiscalDocument, signer: Signer, uf: str) -> bytes:
        request = document.cancellation
        assert request is not None
        cancellation = NfseCancellation(
            environment=document.environment,
            key=document.nfse_key or "",
            cnpj=parse_dps_id(document.key or "").document,
            reason=request.reason,
            asked_at=request.at,
        )
        return signed_event(cancellation, uf, signer)

    def send_cancellation(
        self, desk: Desk, document: FiscalDocument, event: bytes
    ) -> AuthorityOutcome | None:
        """A refused cancellation may exist already, so the event is looked up, whatever the refusal's code."""
        key = document.nfse_key or ""
        response = _ask(desk, document, SefinRequest(f"/nfse/{key}/eventos", registration(event)))
        if response is None:
            return None
        answer = _judging(read_event(response.status, response.content, key))
        if answer.reaction in {StatusReaction.EVENT_REGISTERED, StatusReaction.UNREADABLE}:
            return AuthorityOutcome(answer.reaction, _words(answer))
        ended = self._ended(desk, document, key)
        if ended is not None and ended.reaction is StatusReaction.CANCELLED:
            return ended._replace(reaction=StatusReaction.ALREADY_CANCELLED)
        if ended is not None and ended.reaction is StatusReaction.SUBSTITUTED:
            return ended._replace(reaction=StatusReaction.ALREADY_SUBSTITUTED)
        return AuthorityOutcome(answer.reaction, _words(answer)) if ended is not None else None

    def drawn(self, content: bytes, state: DocumentState) -> bytes:
        from billing.fiscal.nfse.danfse import draw_danfse

        return draw_danfse(content, state)

    def _made(
        self, desk: Desk, document: FiscalDocument, answer: NfseAnswer, content: bytes | None
    ) -> AuthorityOutcome | None:
        """Given `content`, an authorisation comes with its file, the note; it is fetched if the answer does not have it."""
        if answer.reaction is not StatusReaction.AUTHORISED or content is None:
            return AuthorityOutcome(answer.reaction, _words(answer))
        if answer.note is None:
            response = _ask(desk, document, SefinRequest(f"/nfse/{answer.key}"))
            if response is None:
                return None
            note_answer = _judging(read_answer(response.status, response.content))
            answer = answer.evolve(note=note_answer.note if note_answer.key == answer.key else None)
        if answer.note is None:
            words = "A Sefin tem a nota e não a entregou: a próxima consulta a busca."
            return AuthorityOutcome(StatusReaction.UNREADABLE, words)
        if _digest_of(content) not in answer.note:
            return AuthorityOutcome(StatusReaction.CONFLICT, OTHER_CONTENT)
        at = answer.processed_at
        return AuthorityOutcome(StatusReaction.AUTHORISED, "", None, answer.key, at, answer.note)

    def _ended(self, desk: Desk, document: FiscalDocument, key: str) -> AuthorityOutcome | None:
        """Cancelled or substituted at the Sefin; absent if the note is valid, None if that is not known."""
        for event, reaction in _EVENTS.items():
            response = _ask(desk, document, SefinRequest(f"/nfse/{key}/eventos/{event}/1"))
            if response is None:
                return None
            answer = _judging(read_event(response.status, response.content, key))
            if answer.reaction is StatusReaction.EVENT_REGISTERED:
                return AuthorityOutcome(reaction, "A nota não vale mais na Sefin Nacional.")
            if answer.reaction is not StatusReaction.ABSENT:
                return None
        return AuthorityOutcome(StatusReaction.ABSENT, "")


def _ask(desk: Desk, document: FiscalDocument, request: SefinRequest) -> SefinResponse | None:
    office = desk.office
    office.pace.wait()
    try:
        return office.sefin.ask(request, document.environment, desk.signer)
    except NoAnswer:
        return None
    except Unreached:
        raise NotTaken.unreached() from None


def _judging(answer: NfseAnswer) -> NfseAnswer:
    """Raises NotTaken if the Sefin is not working now."""
    if answer.reaction is StatusReaction.LATER:
        raise NotTaken("fiscal.later", answer.advice)
    return answer


def _digest_of(content: bytes) -> bytes:
    """The declaration's own digest, with its element: the note made from it contains it."""
    _, _, after = content.partition(b"<DigestValue>")
    return b"<DigestValue>" + after.partition(b"<")[0] + b"<"


def _words(answer: NfseAnswer) -> str:
    said = "; ".join(f"{fault.code} {fault.text}".strip() for fault in answer.faults)
    return one_line(f"{said}. {answer.advice}" if said else answer.advice)
