"""Issue the documents of an invoice, each once, whatever is killed when (FIS-01, FIS-02).

    number and key kept -> signed XML kept -> sent -> answer kept

If killed before the XML is kept, the number's document is signed later; if killed after that, the authority is
queried by the key before anything is sent again, and the same bytes are sent only if it does not have the document. A
rejected document keeps its number and is signed again once the fault is corrected.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Generic

from billing.audit.changes import Changes, trying_again
from billing.core.clock import business_date
from billing.core.errors import Conflict, NotFound, Refusal, Refused
from billing.core.ids import derived_id
from billing.core.period import Month
from billing.fiscal import store
from billing.fiscal.actions import FiscalAction
from billing.fiscal.cancellation import complete_cancellation
from billing.fiscal.conclusion import judged, lost, put_invoice
from billing.fiscal.desk import Desk, all_standing, case_of, require_asked, signed_key
from billing.fiscal.document import DocumentState, FiscalDocument, Observations
from billing.fiscal.drafting import Case, DocumentGroup, groups_of
from billing.fiscal.model import DocumentModel, Note
from billing.fiscal.models import model_of
from billing.fiscal.reactions import StatusReaction
from billing.fiscal.states import ZONES
from billing.invoicing import store as invoicing
from billing.invoicing.actions import InvoiceAction

_ENDED = {DocumentState.CANCELLED, DocumentState.SUBSTITUTED}
_FOUND = {StatusReaction.AUTHORISED, StatusReaction.CANCELLED, StatusReaction.SUBSTITUTED}


def issue(
    desk: Desk,
    customer_id: str,
    invoice_id: str,
    *,
    observations: Observations | None = None,
    replaces_cancelled: bool = False,
) -> Sequence[FiscalDocument]:
    """The invoice's documents after issuing; none if it needs none.

    Raises Refused with everything to correct before a number is taken, and for a cancelled document unless
    `replaces_cancelled`; NotTaken if the authority is down.
    """
    case = case_of(desk, customer_id, invoice_id)
    groups = groups_of(case)
    known = store.documents_of(desk.call.tenant_id, customer_id, invoice_id)
    documents = [_latest(known, group) for group in groups]
    for position, group in enumerate(groups):
        document = documents[position]
        others = documents[:position] + documents[position + 1 :]
        if document is not None and document.cancellation is not None:
            documents[position] = complete_cancellation(desk, document)
        elif document is None or not document.is_standing:
            if document is not None and document.state in _ENDED and not replaces_cancelled:
                raise _ended_before(document)
            _require_not_documented_otherwise(group, document, known)
            clerk: _Clerk[Any] = _Clerk(desk, case, group, observations)
            documents[position] = clerk.issue(document, is_last=all_standing(others))
    is_settled = all(document is not None and document.cancellation is None for document in documents)
    if all_standing(documents) and is_settled:
        _complete(desk, case, known)
    return [document for document in documents if document is not None]


class _Clerk(Generic[Note]):
    """Issues the document of one group of an invoice's charges, in the way of its model."""

    def __init__(
        self, desk: Desk, case: Case, group: DocumentGroup, observations: Observations | None
    ) -> None:
        self._desk, self._case, self._group = desk, case, group
        self._model: DocumentModel[Note] = model_of(group.model)
        self._observations = observations
        self._tenant_id = desk.call.tenant_id

    def issue(self, document: FiscalDocument | None, *, is_last: bool) -> FiscalDocument:
        if document is not None and document.state in {DocumentState.SIGNED, DocumentState.UNKNOWN}:
            content, is_new = self._kept(document)
        else:
            note = self._valid(document, self._desk.today)
            before = document
            document = trying_again(self._desk.call, lambda: self._numbered(note, before))
            content, is_new = self._signed(note, document)
        if is_new:
            return _send(self._desk, document, content, is_last=is_last)
        return _find_out(self._desk, document, content, is_last=is_last)

    def _valid(self, document: FiscalDocument | None, day: date) -> Note:
        """The note as it is issued on a day, if nothing is missing in it. Raises Refused."""
        if not self._case.month.is_open:
            month = Month(self._case.month.month).format_br()
            message = f"A competência {month} está fechada: reabra-a antes de emitir."
            raise Refused("fiscal.month_closed", message)
        known = None if document is None or document.state in _ENDED else document.observations
        observations = self._observations or (known if known and known.written else None)
        note = self._model.draft(self._case, self._group, day, observations)
        faults = self._model.faults_of(note, day)
        if faults:
            raise Refused.because(faults)
        return note

    def _numbered(self, note: Note, before: FiscalDocument | None) -> FiscalDocument:
        """The document with its number and key, kept with the last number and the invoice's lock.

        Raises Conflict, also if somebody else has begun the document meanwhile.
        """
        desk, case = self._desk, self._case
        known = store.documents_of(self._tenant_id, case.customer.id, case.invoice.id)
        if _latest(known, self._group) != before:
            raise Conflict(
                "conflict", "Outra pessoa está emitindo este documento. Recarregue e tente de novo."
            )
        if before is None or before.state in _ENDED:
            before, document = None, self._new(len(known))
        else:
            document = before
        changes = Changes(desk.call)
        numbered = self._with_number(note, document, changes)
        row = store.document_row(self._tenant_id, numbered)
        changes.put(row, FiscalAction.NUMBERED, before=before, after=numbered)
        invoice = invoicing.get_invoice(self._tenant_id, case.customer.id, case.invoice.id)
        require_asked(desk, invoice)
        if invoice.charge_ids != case.invoice.charge_ids:
            raise Conflict("conflict", "A fatura foi alterada por outra pessoa. Recarregue e tente de novo.")
        locked = invoice.awaiting_document(numbered.id, desk.call.now)
        put_invoice(desk, changes, invoice, locked, InvoiceAction.DOCUMENT_NUMBERED)
        changes.commit()
        return numbered.evolve(version=numbered.version + 1)

    def _with_number(self, note: Note, document: FiscalDocument, changes: Changes) -> FiscalDocument:
        """Signed with its own number, or with the next of the series. A rejected document keeps its random code too."""
        environment = self._desk.settings.environment
        series, taken = document.series, document.number
        if series is None or taken is None:
            numbering = self._model.numbering(self._desk.settings)
            series = str(numbering.series)
            of_series = (self._tenant_id, self._desk.company.id, environment)
            numbers = store.get_series(*of_series, document.model, series)
            numbers, taken = numbers.starting_at(numbering.first).taken()
            changes.include(store.series_row(*of_series, numbers))
        now = self._desk.now.replace(microsecond=0)
        identity = self._model.identified(note, int(series), taken, now, document.random_code)
        return document.numbered(
            series,
            taken,
            identity.key,
            random_code=identity.random_code,
            issued_at=now,
            month=Month.of(_day_of(now, self._desk)),
            environment=environment,
            amount=identity.amount,
            line_ids=self._group.line_ids,
            observations=self._observations or document.observations,
        )

    def _new(self, revision: int) -> FiscalDocument:
        invoice, group = self._case.invoice, self._group
        return FiscalDocument(
            id=derived_id("fis", invoice.id, group.model, group.contract_id or "", revision),
            model=group.model,
            composition=group.composition,
            company_id=self._case.company.id,
            customer_id=self._case.customer.id,
            invoice_id=invoice.id,
            contract_id=group.contract_id,
            line_ids=group.line_ids,
            month=Month.of(self._desk.today),
        )

    def _kept(self, document: FiscalDocument) -> tuple[bytes, bool]:
        """For a numbered document: if its bytes were kept, they may have been sent; if not, they were not."""
        with suppress(NotFound):
            return self._desk.office.files.get(signed_key(self._tenant_id, document)), False
        issued_at, series, number = document.issued_at, document.series, document.number
        assert issued_at is not None
        assert series is not None
        assert number is not None
        note = self._valid(document, _day_of(issued_at, self._desk))
        identity = self._model.identified(note, int(series), number, issued_at, document.random_code)
        if identity.key != document.key:
            message = (
                "A empresa mudou depois de numerado o documento: desfaça a mudança para concluir a emissão."
            )
            raise Refused("fiscal.issuer_changed", message)
        return self._signed(note, document)

    def _signed(self, note: Note, document: FiscalDocument) -> tuple[bytes, bool]:
        """The bytes to send, kept before sending; and whether none had been kept before."""
        content = self._model.signed(note, document, self._desk.signer)
        key = signed_key(self._tenant_id, document)
        if self._desk.office.files.put_once(key, content):
            return content, True
        return self._desk.office.files.get(key), False


def _send(desk: Desk, document: FiscalDocument, content: bytes, *, is_last: bool) -> FiscalDocument:
    outcome = model_of(document.model).send(desk, document, content)
    if outcome is None or outcome.reaction in {StatusReaction.CONSULT, StatusReaction.UNREADABLE}:
        return _find_out(desk, document, content, is_last=is_last)
    return judged(desk, document, outcome, is_last=is_last)


def _find_out(desk: Desk, document: FiscalDocument, content: bytes, *, is_last: bool) -> FiscalDocument:
    """Query a document's state by its key; if the authority does not have it, the same bytes are sent.

    A consultation that is refused, for the certificate for instance, says nothing of the document.
    """
    document, model = lost(desk, document), model_of(document.model)
    outcome = model.consult(desk, document, content)
    if outcome is not None and outcome.reaction is StatusReaction.ABSENT:
        outcome = model.send(desk, document, content)
    elif outcome is not None and outcome.reaction not in _FOUND:
        return lost(desk, document, outcome.words)
    return document if outcome is None else judged(desk, document, outcome, is_last=is_last)


def _day_of(instant: datetime, desk: Desk) -> date:
    """On the issuer's clock."""
    return business_date(instant, ZONES[desk.uf])


def _require_not_documented_otherwise(
    group: DocumentGroup, document: FiscalDocument | None, known: Sequence[FiscalDocument]
) -> None:
    """Raises Refused for charges that a note of other settings documents, or may: it is concluded or cancelled first."""
    for other in known:
        holds = other.is_standing or other.is_unfinished
        if other != document and holds and set(other.line_ids) & set(group.line_ids):
            message = (
                f"A nota {other.number} desta fatura foi emitida com outra composição fiscal e está "
                f"{other.state.label.lower()}: conclua-a com a configuração de antes, desista dela ou cancele-a."
            )
            raise Refused("fiscal.documented_otherwise", message)


def _latest(known: Sequence[FiscalDocument], group: DocumentGroup) -> FiscalDocument | None:
    """The document of the group's charges; if it has ended, the ended one."""
    of_group = [
        document
        for document in known
        if (document.model, document.contract_id, document.composition)
        == (group.model, group.contract_id, group.composition)
    ]
    return next((document for document in of_group if document.state not in _ENDED), None) or next(
        iter(of_group), None
    )


def _complete(desk: Desk, case: Case, known: Sequence[FiscalDocument]) -> None:
    """Record that nothing is left to document on the invoice, as it is now."""
    invoice = invoicing.get_invoice(desk.call.tenant_id, case.customer.id, case.invoice.id)
    if not invoice.is_documented and not any(document.is_unfinished for document in known):
        changes = Changes(desk.call)
        put_invoice(desk, changes, invoice, invoice.needing_no_document(), InvoiceAction.NO_DOCUMENT_NEEDED)
        changes.commit()


def _ended_before(document: FiscalDocument) -> Refused:
    message = f"A nota {document.number} desta fatura está {document.state.label.lower()}: emita a nova pela fatura."
    return Refused.because([Refusal("fiscal.ended_before", message)])
