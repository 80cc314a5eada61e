"""Issue the pending documents, in a run that may be killed at any point (FIS-01).

Five identical rejections in a row stop the company for an hour: an authority blocks issuers who go on (MOC NFCom
1.00a, item 8.2).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from pydantic import Field

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.entity import Entity
from billing.core.errors import BillingError, Conflict, NotFound, Refusal, Refused
from billing.core.money import Money
from billing.core.period import Day, is_range
from billing.core.table import UnreadableRow, each_readable
from billing.core.text import Id
from billing.fiscal import store
from billing.fiscal.desk import Desk, NotTaken, open_desk
from billing.fiscal.document import DocumentState, FiscalDocument
from billing.fiscal.issuance import issue
from billing.fiscal.ports import FiscalOffice
from billing.fiscal.settings import IssueMoment
from billing.fiscal.states import ZONES
from billing.fiscal.store import Pause
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus
from billing.runs import service as runs
from billing.runs.kinds import RunKind
from billing.runs.model import ChunkResult, Parked, Run
from billing.runs.processes import Processes
from billing.runs.service import Chunk, RunContext

CHUNK = 50
"""Invoices of a chunk: each is asked of the authority, which takes its time."""
MOST_EQUAL_REJECTIONS = 5
MOST_ATTEMPTS = 3
"""Of an invoice that others write at the same moment; each may ask the authority, which counts consultations."""
PAUSE = timedelta(hours=1)


class FiscalRequest(Entity):
    """Emissão dos documentos das faturas de uma empresa."""

    company_id: Id
    issued_from: Day = Field(examples=["2026-04-01"])
    issued_to: Day = Field(examples=["2026-04-30"])
    """Faturas geradas de `issued_from` a `issued_to`, inclusive."""


def start(call: Call, processes: Processes, request: FiscalRequest) -> Run:
    """Raises Forbidden, and Refused for a company that is not configured, or a range that cannot be issued at once."""
    call.require_company(request.company_id)
    if not is_range(request.issued_from, request.issued_to):
        message = "A data final vem depois da inicial, no máximo 366 dias."
        raise Refused.because([Refusal("fiscal.range", message, field="issued_to")])
    if store.find_settings(call.tenant_id, request.company_id) is None:
        raise Refused(
            "fiscal.not_configured", "A empresa não tem configuração fiscal: faça-a antes de emitir."
        )
    kept = request.to_map()
    return runs.start(call, processes, RunKind.FISCAL, company_id=kept.pop("company_id"), input=kept)


def plan(context: RunContext) -> tuple[Iterator[str], dict[str, str]]:
    """A key, customer/invoice, for each invoice that may need a document; what each needs is determined when it is
    issued."""
    call, run = context.call, context.run
    request = FiscalRequest.model_validate({"company_id": run.company_id, **run.input})
    return _keys(call, request), {}


def _keys(call: Call, request: FiscalRequest) -> Iterator[str]:
    settings = store.find_settings(call.tenant_id, request.company_id)
    on_settlement = settings is not None and settings.issue_on is IssueMoment.SETTLEMENT
    undocumented = invoicing.invoices_undocumented(
        call.tenant_id, request.company_id, request.issued_from, request.issued_to
    )
    keys = list(undocumented)
    for begin in range(0, len(keys), 100):
        some = keys[begin : begin + 100]
        invoices = _readable(call.tenant_id, some)
        for customer_id, invoice_id in some:
            invoice = invoices.get(invoice_id)  # what cannot be read is parked in its chunk
            if invoice is None or invoice.status is InvoiceStatus.SETTLED or not on_settlement:
                yield f"{customer_id}/{invoice_id}"


def _readable(tenant_id: str, keys: Sequence[tuple[str, str]]) -> Mapping[str, Invoice]:
    owner = {invoice_id: customer_id for customer_id, invoice_id in keys}
    return each_readable(
        owner, lambda ids: invoicing.find_invoices(tenant_id, [(owner[id_], id_) for id_ in ids])
    ).things


def issue_chunk(context: RunContext, chunk: Chunk, office: FiscalOffice) -> ChunkResult:
    """Issue one chunk; whatever cannot be issued is parked, each with its reason."""
    assert context.run.company_id is not None
    made = _Made()
    try:
        desk = open_desk(context.call, office, context.run.company_id)
    except Refused as refused:
        for key in chunk.keys:
            made.park(key, refused)
        return made.result(chunk)
    for key in chunk.keys:
        try:
            _require_going(desk)
            made.add(key, _issued(desk, *_read(key)))
        except UnreadableRow as row:
            made.park(key, row.refused)
        except NotTaken as down:
            made.park(key, down.refused)
        except (Refused, NotFound, Conflict) as refused:
            made.park(key, refused)
        if made.equal_rejections >= MOST_EQUAL_REJECTIONS:
            _pause(desk, made.rejection)
            made.equal_rejections = 0
    return made.result(chunk)


class _Made:
    """The results of a chunk's invoices."""

    def __init__(self) -> None:
        self.equal_rejections = 0
        """In a row."""
        self.rejection = ""
        """The last one."""
        self._parked: list[Parked] = []
        self._authorised: list[FiscalDocument] = []

    def add(self, key: str, documents: Sequence[FiscalDocument]) -> None:
        for document in documents:
            if document.state is DocumentState.AUTHORISED:
                self._authorised.append(document)
                self.equal_rejections = 0
            elif document.state is DocumentState.REJECTED:
                is_equal = document.reason == self.rejection
                self.equal_rejections = self.equal_rejections + 1 if is_equal else 1
                self.rejection = document.reason or ""
                self.park(key, Refused("fiscal.rejected", self.rejection))
            elif document.is_unfinished:
                reason = document.reason or "Sem resposta do autorizador: a próxima execução o consulta."
                self.park(key, Refused("fiscal.unknown", reason))

    def park(self, key: str, refused: BillingError) -> None:
        reasons = " ".join(reason.message for reason in refused.reasons) or refused.title
        self._parked.append(Parked(key=key, code=refused.code, message=reasons))

    def result(self, chunk: Chunk) -> ChunkResult:
        amount = Money.sum(document.amount for document in self._authorised if document.amount is not None)
        return ChunkResult(
            chunk=chunk.number,
            keys=len(chunk.keys),
            totals={"documents": str(len(self._authorised)), "amount": str(amount)},
            parked=tuple(self._parked),
        )


def _issued(desk: Desk, customer_id: str, invoice_id: str) -> Sequence[FiscalDocument]:
    """Reads again if another writer was faster: a return may settle the invoice while the authority answers."""
    for _ in range(MOST_ATTEMPTS - 1):
        with suppress(Conflict):
            return issue(desk, customer_id, invoice_id)
    return issue(desk, customer_id, invoice_id)


def _require_going(desk: Desk) -> None:
    """Raises Refused while the company's issuing is paused."""
    pause = store.find_pause(desk.call.tenant_id, desk.company.id)
    if pause is not None and desk.now < pause.until:
        raise Refused("fiscal.paused", pause.reason)


def _pause(desk: Desk, rejection: str) -> None:
    """Written whatever another chunk writes at the same time."""
    until = desk.now + PAUSE
    reason = f"Emissão parada até {until.astimezone(ZONES[desk.uf]):%H:%M}: {MOST_EQUAL_REJECTIONS} rejeições iguais. {rejection}"
    changes = Changes(desk.call)
    changes.overwrite(
        store.pause_row(desk.call.tenant_id, desk.company.id, Pause(until=until, reason=reason))
    )
    changes.commit()


def _read(key: str) -> tuple[str, str]:
    customer_id, _, invoice_id = key.partition("/")
    return customer_id, invoice_id
