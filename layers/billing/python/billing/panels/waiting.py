"""What waits for a person (WEB-03), in the caller's companies: for each kind of work, how much there is, and the first
rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from billing.access.call import Call
from billing.access.model import Permission
from billing.core.clock import business_date
from billing.core.entity import Entity
from billing.core.files import Files
from billing.core.labels import label_of
from billing.core.money import Money
from billing.customers.company_store import companies
from billing.dispatch.templates import MessagePurpose
from billing.fiscal.store import certificates_of
from billing.panels.listing import Where, money
from billing.payments.model import HeldReason
from billing.projections.engine import Engine
from billing.runs import store as runs
from billing.runs.model import Run, RunStatus

SHOWN = 5
"""Rows shown of each kind of work; its own list has all of them."""

LATEST_RUNS = 50
"""Only the newest runs are checked for failures; older ones are in the list of runs."""

HANGS_AFTER = timedelta(hours=1)
"""A run that takes longer is worth a look; the largest run of the bench takes minutes."""


class Work(StrEnum):
    """O que aguarda alguém."""

    PENDING_CLOSINGS = "pending_closings"
    HELD_RECEIPTS = "held_receipts"
    REJECTED_TITLES = "rejected_titles"
    UNCERTAIN_MESSAGES = "uncertain_messages"
    FAILED_MESSAGES = "failed_messages"
    CANCELLATION_REQUESTS = "cancellation_requests"
    OVERDUE_CHARGES = "overdue_charges"
    FAILED_RUNS = "failed_runs"
    PARKED_RUNS = "parked_runs"
    ENDING_CERTIFICATES = "ending_certificates"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Work.PENDING_CLOSINGS: "Fechamentos encerrados com pendências",
    Work.HELD_RECEIPTS: "Recebimentos retidos",
    Work.REJECTED_TITLES: "Boletos rejeitados pelo banco",
    Work.UNCERTAIN_MESSAGES: "Mensagens incertas",
    Work.FAILED_MESSAGES: "Mensagens não enviadas",
    Work.CANCELLATION_REQUESTS: "Cancelamentos solicitados",
    Work.OVERDUE_CHARGES: "Contas vencidas e não faturadas",
    Work.FAILED_RUNS: "Execuções que falharam ou não terminam",
    Work.PARKED_RUNS: "Execuções com itens separados",
    Work.ENDING_CERTIFICATES: "Certificados digitais vencidos ou a vencer em 30 dias",
}


@dataclass(frozen=True, slots=True)
class _Question:
    permission: Permission
    kind: str
    condition: str
    """Each `?` in it stands for today."""
    text: str
    """The column that tells which row it is."""
    on: str
    """The column of the day by which rows are ordered, oldest first."""
    amount: str | None = None
    """The column that is summed."""
    missing: str | None = None
    """The column that counts in a row whose amount is zero: what the payer still owes."""
    values: type[HeldReason | MessagePurpose] | None = None
    """The enumeration whose labels are shown, if the text is one of its values."""


_QUESTIONS = {
    Work.PENDING_CLOSINGS: _Question(
        Permission.CLOSINGS_READ,
        "closing",
        "row.status <> 'frozen' AND row.pending > 0 AND row.ends_on <= ?",
        text="row.contract_title",
        on="row.ends_on",
        amount="row.total_cents",
    ),
    Work.HELD_RECEIPTS: _Question(
        Permission.PAYMENTS_READ,
        "held",
        "row.resolution IS NULL",
        text="row.reason",
        on="row.paid_on",
        amount="row.held_cents",
        missing="row.missing_cents",
        values=HeldReason,
    ),
    Work.REJECTED_TITLES: _Question(
        Permission.BANKING_READ,
        "invoice",
        "row.status = 'open' AND row.remittance = 'rejected'",
        text="'Fatura ' || row.number",
        on="row.due_on",
        amount="row.amount_cents",
    ),
    Work.UNCERTAIN_MESSAGES: _Question(
        Permission.DISPATCH_READ,
        "message",
        "row.state = 'uncertain'",
        text="row.purpose",
        on="CAST(row.moved_at[:10] AS DATE)",
        values=MessagePurpose,
    ),
    Work.FAILED_MESSAGES: _Question(
        Permission.DISPATCH_READ,
        "message",
        "row.state IN ('failed', 'bounced')",
        text="row.purpose",
        on="CAST(row.moved_at[:10] AS DATE)",
        values=MessagePurpose,
    ),
    Work.CANCELLATION_REQUESTS: _Question(
        Permission.CONTRACTS_READ,
        "contract",
        "row.state = 'cancellation_requested'",
        text="row.number || ' - ' || row.description",
        on="row.starts_on",
    ),
    Work.OVERDUE_CHARGES: _Question(
        Permission.INVOICES_READ,
        "charge",
        "row.status = 'unbilled' AND row.credit_of IS NULL AND row.due_on < ?",
        text="row.description",
        on="row.due_on",
        amount="row.amount_cents",
    ),
}


class WaitingRow(Entity):
    """Uma das coisas que aguardam."""

    id: str
    customer_id: str | None = None
    customer: str | None = None
    """O nome do cliente."""
    text: str
    """O que a distingue das outras do mesmo tipo."""
    on: date | None = None
    """O dia pelo qual se ordena: vencimento, pagamento, fim do período, início."""
    amount: Money | None = None
    """Onde nada está retido, o que ainda falta pagar."""


class Waiting(Entity):
    """Um tipo de pendência; os totais seguem as gravações com alguns segundos de atraso."""

    work: Work
    label: str
    count: int
    total: Money | None = None
    rows: tuple[WaitingRow, ...] = ()
    """As primeiras, das mais antigas às mais novas."""


class Waitings(Entity):
    items: tuple[Waiting, ...]


def waiting(call: Call, files: Files) -> Waitings:
    """Every kind of work that the caller may see, even if nothing of it is waiting."""
    questions = {
        work: question for work, question in _QUESTIONS.items() if question.permission in call.permissions
    }
    kinds = dict.fromkeys(["customer", *(question.kind for question in questions.values())])
    with Engine(files, call.tenant_id, kinds) as engine:
        answers = [_waiting(call, engine, work, question) for work, question in questions.items()]
    return Waitings(items=(*answers, *_runs(call), *_certificates(call)))


def _waiting(call: Call, engine: Engine, work: Work, question: _Question) -> Waiting:
    where = Where().within(call, "row.company_id")
    where.add(question.condition, *[call.today] * question.condition.count("?"))
    cents = question.amount or "NULL::BIGINT"
    source = (
        f"FROM {question.kind} AS row LEFT JOIN customer ON customer.id = row.customer_id WHERE {where.sql}"
    )
    ((count, sum_),) = engine.rows(f"SELECT count(*), sum({cents}) {source}", where.parameters)
    rows = engine.rows(
        f"SELECT row.id, row.customer_id, customer.name, {question.text}, {question.on}, {cents},"
        f" {question.missing or 0} {source}"
        f" ORDER BY {question.on}, row.id LIMIT {SHOWN}",
        where.parameters,
    )
    return Waiting(
        work=work,
        label=work.label,
        count=count,
        total=None if question.amount is None else money(sum_),
        rows=tuple(_row(question, *row) for row in rows),
    )


def _row(
    question: _Question,
    row_id: str,
    customer_id: str | None,
    name: str | None,
    text: Any,
    on: Any,
    cents: Any,
    missing: Any,
) -> WaitingRow:
    shown = text if question.values is None else label_of(question.values(text))
    falls_short = not cents and missing
    return WaitingRow(
        id=row_id,
        customer_id=customer_id,
        customer=name,
        text=f"{shown}: falta" if falls_short else shown,
        on=on,
        amount=None if question.amount is None else money(missing if falls_short else cents),
    )


def _runs(call: Call) -> Iterator[Waiting]:
    """Among the newest runs: those that failed or take too long, and those that left items out."""
    if Permission.RUNS_READ not in call.permissions:
        return
    latest = runs.runs_for(call, limit=LATEST_RUNS).items[::-1]
    failed = [run for run in latest if run.status is RunStatus.FAILED or hangs(run, call.now)]
    parked = [run for run in latest if run.status is RunStatus.DONE and run.parked]
    for work, runs_of_work in ((Work.FAILED_RUNS, failed), (Work.PARKED_RUNS, parked)):
        rows = tuple(
            WaitingRow(id=run.id, text=label_of(run.kind), on=run.business_date)
            for run in runs_of_work[:SHOWN]
        )
        yield Waiting(work=work, label=work.label, count=len(runs_of_work), rows=rows)


def _certificates(call: Call) -> Iterator[Waiting]:
    """Without a valid one nothing is issued, and a new one takes days."""
    if Permission.FISCAL_READ not in call.permissions:
        return
    of_scope = [company for company in companies(call.tenant_id) if call.scope.includes(company.id)]
    names = {company.id: company.trade_name for company in of_scope}
    kept = certificates_of(call.tenant_id, names)
    ending = sorted((one for one in kept if one.is_near_its_end(call.now)), key=lambda one: one.expires_at)
    rows = tuple(
        WaitingRow(
            id=one.company_id,
            text=f"{names[one.company_id]}: {'vencido' if one.has_expired(call.now) else 'a vencer'}",
            on=business_date(one.expires_at),
        )
        for one in ending[:SHOWN]
    )
    work = Work.ENDING_CERTIFICATES
    yield Waiting(work=work, label=work.label, count=len(ending), rows=rows)


def hangs(run: Run, now: datetime) -> bool:
    return run.status is RunStatus.RUNNING and run.at + HANGS_AFTER <= now
