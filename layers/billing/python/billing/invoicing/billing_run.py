"""Mass billing: a company's unbilled charges become invoices, in a run that may be killed at any point (CON-06).

Invoices for which an earlier run or command took numbers but which it did not write are completed first: a run that
was cancelled, failed or never retried leaves no gap and loses no charge.
"""

from collections.abc import Container, Iterable, Iterator
from functools import cache, partial
from itertools import islice
from typing import Annotated

from pydantic import Field

from billing.access.call import Call
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.files import Files
from billing.core.ids import ID_PATTERN
from billing.core.money import Money
from billing.core.period import Day, Month, is_range
from billing.core.text import Id, Line
from billing.customers.company_store import get_company
from billing.invoicing import issue, numbering, store
from billing.invoicing.issue import Group
from billing.invoicing.making import Batch, LoadedCharges, bill, complete, ids_of
from billing.invoicing.numbering import BlockKey, NumberBlock, OpenBlock
from billing.invoicing.states import InvoiceStatus
from billing.invoicing.store import Unbilled
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.kinds import RunKind
from billing.runs.model import ChunkResult, Parked, Run
from billing.runs.processes import Processes
from billing.runs.service import Chunk, RunContext

MOST_PREVIEWED = 1000
"""The most invoices that a preview drafts: as many as an API function has time for."""
_CONTRACTS = "contract_ids"
_READ_TOGETHER = 1000
"""Charges in memory at once while their contracts and periods are looked at."""


MOST_CONTRACTS = 100
"""The most contracts that a run can be narrowed to: their ids are stored as one text of the run."""
ContractId = Annotated[str, Field(pattern=ID_PATTERN, examples=["con_7m3k9x2p4q8r1s5t6v0w"])]


class BillingRequest(Entity):
    """Faturamento em massa de uma empresa (CON-06)."""

    company_id: Id
    due_from: Day = Field(examples=["2026-04-01"])
    due_to: Day = Field(examples=["2026-04-30"])
    """Vencimentos de `due_from` a `due_to`, inclusive."""
    payment_profile_id: Id | None = None
    """Só as contas deste profile; ausente, as de todos."""
    reference: Month | None = None
    """Só as contas cujo período de referência começa neste mês."""
    contract_ids: tuple[ContractId, ...] = Field(default=(), max_length=MOST_CONTRACTS)
    """Só as contas destes contratos."""
    grouping: Line | None = Field(default=None, min_length=1, max_length=40)
    """Só as contas deste agrupamento."""

    def checked(self) -> "BillingRequest":
        """The request, if its range of due dates can be billed at once. Raises Refused."""
        if not is_range(self.due_from, self.due_to):
            message = "O vencimento final vem depois do inicial, no máximo 366 dias."
            raise Refused.because([Refusal("billing.range", message, field="due_to")])
        return self


class Preview(Entity):
    """O que um faturamento em massa faria agora."""

    is_whole: bool
    """Se os totais e as recusas são de tudo. Senão, são só das primeiras 1.000 faturas."""
    invoices: int
    billed: Money
    boletos: int
    refused: tuple[Parked, ...]
    """O que ficaria de fora, com o motivo; `key` é o cliente."""
    names: dict[str, str] = {}
    """Os nomes dos clientes que ficariam de fora."""
    not_shown: int
    """Faturas além das que a prévia examina: não estão nos totais, nem nas recusas."""


def start(call: Call, processes: Processes, request: BillingRequest) -> Run:
    """Bill the company's unbilled charges due in the range, as they stand when the run plans."""
    call.require_company(request.company_id)
    request.checked()
    return runs.start(
        call,
        processes,
        RunKind.BILLING_RUN,
        company_id=request.company_id,
        input=_input(request),
    )


def _input(request: BillingRequest) -> dict[str, str]:
    """The request as texts, as a run keeps it; `_asked` reads it back."""
    kept = request.to_map()
    del kept["company_id"]
    contracts = kept.pop(_CONTRACTS)
    return {**kept, _CONTRACTS: ",".join(contracts)} if contracts else kept


def _asked(run: Run) -> BillingRequest:
    contracts = run.input[_CONTRACTS].split(",") if _CONTRACTS in run.input else ()
    return BillingRequest.model_validate({"company_id": run.company_id, **run.input, _CONTRACTS: contracts})


def plan_billing(context: RunContext) -> tuple[list[str], dict[str, str]]:
    """One key for each block to be completed, then one for each invoice to be made from charges that are in no such
    block.

    The series and the issue date (the run's own business date) are fixed here.
    """
    call, run, files = context.call, context.run, context.files
    assert run.company_id is not None
    series = get_company(call.tenant_id, run.company_id).series
    opened = numbering.open_blocks(call.tenant_id, run.company_id)
    blocks = ((planned, numbering.get(call.tenant_id, planned.key)) for planned in opened)
    listed = {
        charge_id
        for _, _, groups in _listed(call, files, blocks)
        for group in groups.values()
        for charge_id in group.charge_ids
    }
    keys = [
        *(planned.key.row for planned in opened),
        *(planned.key for planned in _groups(call.tenant_id, _asked(run), listed)),
    ]
    return keys, {"series": series}


def _listed(
    call: Call, files: Files, blocks: Iterable[tuple[OpenBlock, NumberBlock]]
) -> Iterator[tuple[OpenBlock, NumberBlock, dict[str, Group]]]:
    """Each open block with the groups of its invoices, by invoice. The manifest of a run that left several is read
    once."""
    manifest_of = cache(partial(run_rows.read_manifest, files, call.tenant_id))
    for opened, block in blocks:
        keys = opened.groups or run_rows.chunk_keys(files, manifest_of(block.owner), block.chunk)
        groups = (Group.read(key) for key in keys if not _is_block(key))
        by_id = {group.invoice_id(block.owner): group for group in groups}
        yield opened, block, {invoice_id: by_id[invoice_id] for invoice_id in ids_of(block)}


def _is_block(key: str) -> bool:
    return key.startswith(numbering.OPEN)


def has_begun(context: RunContext) -> bool:
    """Whether numbers were taken: the chunk is then completed even if the run is cancelled."""
    return bool(numbering.blocks(context.call.tenant_id, context.run.id, context.event.chunk))


def preview(call: Call, request: BillingRequest) -> Preview:
    """What a run would make now; nothing is written (CON-06). Raises Forbidden, NotFound."""
    call.require_company(request.company_id)
    series = get_company(call.tenant_id, request.company_id).series
    groups = list(_groups(call.tenant_id, request))
    shown = groups[:MOST_PREVIEWED]
    batch = Batch(f"preview_{request.company_id}", 0, request.company_id, series, call.today)
    loaded = LoadedCharges.of(call.tenant_id, shown)
    drafts, refused = [], []
    for group in shown:
        try:
            loaded.require_readable(group)
            charges = issue.still_unbilled(group, group.invoice_id(batch.owner), loaded.charges)
            drafts.append(loaded.tried(group, charges, batch))
        except Refused as reasons:
            refused.append(_parked(group, reasons))
    return Preview(
        is_whole=len(shown) == len(groups),
        invoices=len(drafts),
        billed=Money.sum(draft.amount for draft in drafts),
        boletos=sum(draft.has_boleto for draft in drafts),
        refused=tuple(refused),
        not_shown=len(groups) - len(shown),
    )


def _groups(tenant_id: str, request: BillingRequest, listed: Container[str] = ()) -> Iterator[Group]:
    """The groups to be billed, without the charges in `listed`."""
    unbilled = store.unbilled(tenant_id, request.company_id, request.due_from, request.due_to)
    credit = store.credits_of(tenant_id, request.company_id)
    chosen = (
        charge
        for charge in unbilled
        if request.payment_profile_id in {None, charge.payment_profile_id}
        and request.grouping in {None, charge.grouping}
        and charge.charge_id not in listed
    )
    unlisted = (charge for charge in credit if charge.charge_id not in listed)
    return issue.group(_narrowed_to(tenant_id, request, chosen), unlisted)


def _narrowed_to(tenant_id: str, request: BillingRequest, unbilled: Iterable[Unbilled]) -> Iterator[Unbilled]:
    """Only charges of the requested month and contracts. Only the charge itself knows these, so charges are read only
    if one is requested."""
    if request.reference is None and not request.contract_ids:
        yield from unbilled
        return
    remaining, contracts = iter(unbilled), frozenset(request.contract_ids)
    while some := list(islice(remaining, _READ_TOGETHER)):
        charges = store.find_charges(
            tenant_id, [(charge_row.customer_id, charge_row.charge_id) for charge_row in some]
        )
        for charge_row in some:
            charge = charges.get(charge_row.charge_id)
            if (
                charge is not None
                and request.reference in {None, Month.of(charge.reference.start)}
                and (not contracts or charge.contract_id in contracts)
            ):
                yield charge_row


def bill_chunk(context: RunContext, chunk: Chunk) -> ChunkResult:
    """Bill one chunk of a run."""
    call, run, keys = context.call, context.run, chunk.keys
    assert run.company_id is not None
    blocks = [numbering.get(call.tenant_id, BlockKey.read(key)) for key in keys if _is_block(key)]
    left_open = (
        (open_block, numbered)
        for numbered in blocks
        if (open_block := numbering.find_open(call.tenant_id, run.company_id, numbered.key)) is not None
    )
    for opened, block, groups in _listed(call, context.files, left_open):
        complete(call, block, opened.issued_on, groups)
    completed = sum(len(block.invoices) for block in blocks)
    batch = Batch(run.id, chunk.number, run.company_id, chunk.pinned["series"], run.business_date)
    billed = bill(call, batch, [Group.read(key) for key in keys if not _is_block(key)])
    standing = [invoice for invoice in billed.invoices if invoice.status is not InvoiceStatus.CANCELLED]
    return ChunkResult(
        chunk=chunk.number,
        keys=len(keys),
        totals={
            "invoices": str(len(standing)),
            "billed": str(Money.sum(invoice.amount for invoice in standing)),
            "boletos": str(sum(invoice.barcode is not None for invoice in standing)),
            "cancelled": str(len(billed.invoices) - len(standing)),
            **({"completed": str(completed)} if completed else {}),
        },
        parked=tuple(_parked(group, refused) for group, refused in billed.parked),
    )


def _parked(group: Group, refused: Refused) -> Parked:
    """All its reasons, one sentence after another."""
    reasons = [reason.message for reason in refused.reasons] or [refused.title]
    return Parked(key=group.customer_id, code=refused.code, message=" ".join(reasons))
