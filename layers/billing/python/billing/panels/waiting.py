"""What waits for a person (WEB-03): counts by kind, of the caller's companies, each with where its rows are."""

from dataclasses import dataclass
from enum import StrEnum

from billing.access.call import Call
from billing.access.model import Permission
from billing.core.entity import Entity
from billing.core.files import Files
from billing.core.money import Money
from billing.panels.listing import Where, money
from billing.projections.engine import Engine


class Work(StrEnum):
    """O que aguarda alguém."""

    PENDING_CLOSINGS = "pending_closings"
    HELD_RECEIPTS = "held_receipts"
    REJECTED_TITLES = "rejected_titles"
    UNCERTAIN_MESSAGES = "uncertain_messages"
    FAILED_MESSAGES = "failed_messages"
    CANCELLATION_REQUESTS = "cancellation_requests"
    OVERDUE_CHARGES = "overdue_charges"

    @property
    def label(self) -> str:
        return _QUESTIONS[self].label


@dataclass(frozen=True, slots=True)
class _Question:
    label: str
    permission: Permission
    kind: str
    condition: str
    """Each `?` in it is today."""
    amount: str | None = None
    """The column that is summed."""


_QUESTIONS = {
    Work.PENDING_CLOSINGS: _Question(
        "Fechamentos encerrados com pendências",
        Permission.CLOSINGS_READ,
        "closing",
        "status <> 'frozen' AND pending > 0 AND ends_on <= ?",
        "total_cents",
    ),
    Work.HELD_RECEIPTS: _Question(
        "Recebimentos retidos", Permission.PAYMENTS_READ, "held", "resolution IS NULL", "held_cents"
    ),
    Work.REJECTED_TITLES: _Question(
        "Boletos rejeitados pelo banco",
        Permission.BANKING_READ,
        "invoice",
        "status = 'open' AND remittance = 'rejected'",
        "amount_cents",
    ),
    Work.UNCERTAIN_MESSAGES: _Question(
        "Mensagens incertas", Permission.DISPATCH_READ, "message", "state = 'uncertain'"
    ),
    Work.FAILED_MESSAGES: _Question(
        "Mensagens não enviadas", Permission.DISPATCH_READ, "message", "state IN ('failed', 'bounced')"
    ),
    Work.CANCELLATION_REQUESTS: _Question(
        "Cancelamentos solicitados", Permission.CONTRACTS_READ, "contract", "state = 'cancellation_requested'"
    ),
    Work.OVERDUE_CHARGES: _Question(
        "Contas vencidas e não faturadas",
        Permission.INVOICES_READ,
        "charge",
        "status = 'unbilled' AND credit_of IS NULL AND due_on < ?",
        "amount_cents",
    ),
}


class Waiting(Entity):
    """Um tipo de pendência; os totais seguem as gravações com alguns segundos de atraso."""

    work: Work
    label: str
    count: int
    total: Money | None = None


class Waitings(Entity):
    items: tuple[Waiting, ...]


def waiting(call: Call, files: Files) -> Waitings:
    """What the caller may see, also where it is nothing."""
    questions = {
        work: question for work, question in _QUESTIONS.items() if question.permission in call.permissions
    }
    kinds = dict.fromkeys(question.kind for question in questions.values())
    with Engine(files, call.tenant_id, kinds) as engine:
        return Waitings(
            items=tuple(_waiting(call, engine, work, question) for work, question in questions.items())
        )


def _waiting(call: Call, engine: Engine, work: Work, question: _Question) -> Waiting:
    where = Where().within(call).add(question.condition, *[call.today] * question.condition.count("?"))
    ((count, cents),) = engine.rows(
        f"SELECT count(*), sum({question.amount or 'NULL::BIGINT'}) FROM {question.kind} WHERE {where.sql}",
        where.parameters,
    )
    total = None if question.amount is None else money(cents)
    return Waiting(work=work, label=question.label, count=count, total=total)
