"""A change of a contract's due date or payment profile (CTR-06, CTR-07): request, proposed effect and outcome."""

from datetime import date, datetime
from enum import StrEnum
from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from billing.audit.batches import Reason
from billing.contracts.model import DueRule
from billing.contracts.proposals import Confirmation
from billing.core.entity import Entity
from billing.core.money import Money
from billing.core.table import Aggregate
from billing.core.text import Id


class TermsChange(Entity):
    """O que se troca em um contrato: a regra de vencimento, o profile de pagamento, ou os dois."""

    due: DueRule | None = None
    """Nova regra de vencimento; ausente, a de hoje."""
    payment_profile_id: Id | None = None
    """Novo profile de pagamento; ausente, o de hoje."""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.due is None and self.payment_profile_id is None:
            message = "Informe o novo vencimento ou o novo profile de pagamento."
            raise PydanticCustomError("change.empty", message)
        return self


class ConfirmedChange(TermsChange, Confirmation):
    """Troca, como foi proposta: se algo mudou desde então, nada é feito."""


class MovedCharge(Entity):
    """Conta que passa aos novos termos."""

    id: str
    title: str
    amount: Money
    due_on: date
    new_due_on: date
    payment_profile_id: str | None
    """O profile em que fica."""
    discount_until: date | None = None
    """Prazo do desconto por pagamento em dia, depois da troca."""


class ReplacedInvoice(Entity):
    """Fatura em aberto que dá lugar a outra, com novo número e novo nosso número."""

    id: str
    number: int
    amount: Money
    due_on: date
    new_due_on: date
    charges: tuple[MovedCharge, ...]


class StayingItem(Entity):
    """Conta ou fatura que fica como está, e por quê."""

    id: str
    title: str
    due_on: date
    reasons: tuple[Reason, ...]


class ProRata(Entity):
    """Acerto dos dias entre o vencimento antigo e o novo da primeira conta ou fatura que muda."""

    days: int
    """A mais; negativo, a menos."""
    amount: Money
    due_on: date
    goes_with: str
    """A conta ou fatura que o leva."""


class Plan(Entity):
    """O que a troca faz."""

    charges: tuple[MovedCharge, ...] = ()
    """Contas não faturadas ou suspensas que mudam."""
    invoices: tuple[ReplacedInvoice, ...] = ()
    stays: tuple[StayingItem, ...] = ()
    pro_rata: ProRata | None = None


class TermsProposal(Plan):
    """O que a troca faria agora, sem efeito."""

    warnings: tuple[Reason, ...] = ()
    proposal: str
    """A confirmação: envie-a com o mesmo pedido para fazer isto, e só isto."""


class ChangeStatus(StrEnum):
    OPEN = "open"
    DONE = "done"


class Terms(Entity):
    due: DueRule
    payment_profile_id: str


class ContractTermsChange(Plan, Aggregate):
    """Troca confirmada. Enquanto está em andamento, é completada sozinha, ainda que quem a pediu seja cortado."""

    id: str
    customer_id: str
    contract_id: str
    company_id: str
    before: Terms
    after: Terms
    asked_by: str
    asked_at: datetime
    status: ChangeStatus = ChangeStatus.OPEN
    made: tuple[str, ...] = ()
    """As faturas que substituem as anteriores."""


class OpenChange(Entity):
    """Aponta uma troca em andamento: um contrato tem uma de cada vez."""

    customer_id: str
    change_id: str
    asked_at: datetime
