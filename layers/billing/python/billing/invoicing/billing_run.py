"""Billing in mass: a company's unbilled charges become invoices, in a run that may be killed anywhere (CON-06)."""

from collections.abc import Iterator

from billing.access.call import Call
from billing.core.entity import Entity
from billing.core.errors import NotFound, Refused
from billing.core.ids import derived_id
from billing.core.money import Money
from billing.customers.company_store import get_company
from billing.invoicing import issue, store
from billing.invoicing.issue import Group
from billing.invoicing.making import Batch, Loaded, bill
from billing.invoicing.model import BillingRequest
from billing.invoicing.states import InvoiceStatus
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.model import ChunkResult, Manifest, Parked, Run, RunKind, RunStatus
from billing.runs.processes import Processes

MOST_PREVIEWED = 1000
"""Invoices that a preview drafts: as many as an API function has time for."""


class Preview(Entity):
    """O que um faturamento em massa faria agora."""

    invoices: int
    billed: Money
    boletos: int
    refused: tuple[Parked, ...]
    """O que ficaria de fora, com o motivo; `key` é o cliente."""
    not_shown: int
    """Faturas além das que a prévia examina."""


def start(call: Call, processes: Processes, request: BillingRequest) -> Run:
    """Bill the company's unbilled charges due in the range. Going on, failed or cancelled the same day, it is the same run
    again, and converges; done, it is a new run over what is unbilled now."""
    call.require_company(request.company_id)
    request.checked()
    profile = request.payment_profile_id or ""
    asked = f"{request.company_id}#{request.due_from}#{request.due_to}#{profile}#{call.today}"
    order = 1
    while _is_done(call.tenant_id, f"{asked}#{order}"):
        order += 1
    return runs.start(
        call,
        processes,
        RunKind.BILLING_RUN,
        name=f"{asked}#{order}",
        company_id=request.company_id,
        input={name: value for name, value in request.to_map().items() if name != "company_id"},
    )


def _is_done(tenant_id: str, name: str) -> bool:
    try:
        run = run_rows.get(tenant_id, derived_id("run", tenant_id, RunKind.BILLING_RUN, name))
    except NotFound:
        return False
    return run.status is RunStatus.DONE


def plan_billing(call: Call, run: Run) -> tuple[list[str], dict[str, str]]:
    """A key per invoice to be made. Pinned: the series, and the issue date by the run's own business date."""
    assert run.company_id is not None
    series = get_company(call.tenant_id, run.company_id).series
    asked = BillingRequest.model_validate({"company_id": run.company_id, **run.input})
    return [group.key for group in _groups(call.tenant_id, asked)], {"series": series}


def preview(call: Call, request: BillingRequest) -> Preview:
    """What a run would make now, without effect (CON-06). Raises Forbidden, NotFound."""
    call.require_company(request.company_id)
    series = get_company(call.tenant_id, request.company_id).series
    groups = list(_groups(call.tenant_id, request))
    shown = groups[:MOST_PREVIEWED]
    batch = Batch(f"preview_{request.company_id}", 0, request.company_id, series, call.today)
    loaded = Loaded.of(call.tenant_id, shown)
    drafts, refused = [], []
    for group in shown:
        charges = issue.billable(group, group.invoice_id(batch.owner), loaded.charges)
        try:
            drafts.append(loaded.draft(group, charges, batch))
        except Refused as reasons:
            refused.append(_parked(group, reasons))
    return Preview(
        invoices=len(drafts),
        billed=Money.sum(draft.amount for draft in drafts),
        boletos=sum(draft.has_boleto for draft in drafts),
        refused=tuple(refused),
        not_shown=len(groups) - len(shown),
    )


def _groups(tenant_id: str, asked: BillingRequest) -> Iterator[Group]:
    found = store.unbilled(tenant_id, asked.company_id, asked.due_from, asked.due_to)
    credit = store.credits_of(tenant_id, asked.company_id)
    profile_id = asked.payment_profile_id
    return issue.group((c for c in found if profile_id in {None, c.payment_profile_id}), credit)


def bill_chunk(call: Call, run: Run, manifest: Manifest, chunk: int, keys: list[str]) -> ChunkResult:
    """Bill one chunk of a run."""
    assert run.company_id is not None
    batch = Batch(run.id, chunk, run.company_id, manifest.pinned["series"], run.business_date)
    billed = bill(call, batch, [Group.read(key) for key in keys])
    standing = [invoice for invoice in billed.invoices if invoice.status is not InvoiceStatus.CANCELLED]
    return ChunkResult(
        chunk=chunk,
        keys=len(keys),
        totals={
            "invoices": str(len(standing)),
            "billed": str(Money.sum(invoice.amount for invoice in standing)),
            "boletos": str(sum(invoice.barcode is not None for invoice in standing)),
            "cancelled": str(len(billed.invoices) - len(standing)),
        },
        parked=tuple(_parked(group, refused) for group, refused in billed.parked),
    )


def _parked(group: Group, refused: Refused) -> Parked:
    """All its reasons, in one sentence after another."""
    reasons = [reason.message for reason in refused.reasons] or [refused.title]
    return Parked(key=group.customer_id, code=refused.code, message=" ".join(reasons))
