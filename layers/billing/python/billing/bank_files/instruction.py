"""An instruction (instrução de cobrança): what a person asks the bank to do with a title that it has (BNK-04, INV-03,
INV-12).

It waits for a remittance of its profile, is claimed by that run alone, goes in its file, and ends with the bank's answer.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal, get_args

from pydantic import Field, model_validator

from billing.audit.batches import MOST
from billing.banking.bank_reason import BankReason
from billing.banking.instructions import MOVEMENT_NAMES, Movement
from billing.core.entity import Entity
from billing.core.errors import Refused
from billing.core.ids import derived_id
from billing.core.money import ZERO, AboveZero
from billing.core.period import Day
from billing.core.table import Aggregate
from billing.core.text import Id, Line
from billing.invoicing.charge import OnTimeDiscount
from billing.invoicing.states import move

AskedMovement = Literal[
    Movement.WRITE_OFF,
    Movement.CHANGE_DUE_DATE,
    Movement.GRANT_REBATE,
    Movement.CANCEL_REBATE,
    Movement.GRANT_DISCOUNT,
    Movement.CANCEL_DISCOUNT,
    Movement.PROTEST,
    Movement.STOP_PROTEST,
    Movement.REPORT_TO_BUREAU,
    Movement.WITHDRAW_FROM_BUREAU,
    Movement.CHANGE_DATA,
]
ASKED: tuple[AskedMovement, ...] = get_args(AskedMovement)


class InstructionStatus(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"  # chosen by a remittance that is being written
    SENT = "sent"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"  # by a person, or because its title can have no more instructions


INSTRUCTION_MOVES: dict[InstructionStatus, frozenset[InstructionStatus]] = {
    InstructionStatus.WAITING: frozenset({InstructionStatus.CLAIMED, InstructionStatus.CANCELLED}),
    # given up, or the file was sent; the bank's answer may be read before the claim is marked as sent
    InstructionStatus.CLAIMED: frozenset(set(InstructionStatus) - {InstructionStatus.CLAIMED}),
    # answered, or its whole remittance was rejected and it waits for another
    InstructionStatus.SENT: frozenset(
        {InstructionStatus.CONFIRMED, InstructionStatus.REJECTED, InstructionStatus.WAITING}
    ),
    InstructionStatus.CONFIRMED: frozenset(),
    InstructionStatus.REJECTED: frozenset(),
    InstructionStatus.CANCELLED: frozenset(),
}

LIVE = frozenset({InstructionStatus.WAITING, InstructionStatus.CLAIMED, InstructionStatus.SENT})
AT_WORK = frozenset({InstructionStatus.CLAIMED, InstructionStatus.SENT})
"""In a file or about to be, so the bank may answer it."""


class InvoiceOfInstruction(Entity):
    customer_id: Id
    invoice_id: Id


class InstructionWish(Entity):
    """O que se pede ao banco."""

    movement: AskedMovement = Field(examples=["change_due_date"])
    """A instrução; o registro não, que é a remessa que faz."""
    due_on: Day | None = Field(default=None, examples=["2026-04-20"])
    """O novo vencimento; só com `change_due_date`."""
    rebate: AboveZero | None = Field(default=None, examples=["10.00"])
    """O abatimento; só com `grant_rebate`."""
    discount: OnTimeDiscount | None = None
    """O desconto por pagamento em dia; só com `grant_discount`."""

    @model_validator(mode="after")
    def _with_what_it_changes(self) -> "InstructionWish":
        if (self.due_on is not None) != (self.movement is Movement.CHANGE_DUE_DATE):
            raise ValueError("informe o novo vencimento com a alteração de vencimento, e só com ela")
        if (self.rebate is not None) != (self.movement is Movement.GRANT_REBATE):
            raise ValueError("informe o abatimento com a concessão de abatimento, e só com ela")
        if (self.discount is not None) != (self.movement is Movement.GRANT_DISCOUNT):
            raise ValueError("informe o desconto com a concessão de desconto, e só com ela")
        if self.discount is not None and self.discount.amount <= ZERO:
            raise ValueError("o desconto deve ser maior que zero")
        return self


class InstructionRequest(InstructionWish):
    """Uma instrução ao banco sobre uma ou várias faturas."""

    invoices: tuple[InvoiceOfInstruction, ...] = Field(min_length=1, max_length=MOST)
    justification: Line = Field(min_length=1, max_length=200, examples=["Acordo com o cliente"])


class TitleInstruction(InstructionWish, Aggregate):
    """Instrução de cobrança de uma fatura, do pedido à resposta do banco."""

    id: str
    customer_id: str
    invoice_id: str
    number: int
    """Da fatura."""
    company_id: str
    profile_id: str
    justification: str
    cause: str | None = None
    """O que a pediu, onde não foi uma pessoa: a liquidação ou a fatura removida."""
    asked_by: str
    asked_at: datetime
    status: InstructionStatus = InstructionStatus.WAITING
    run_id: str | None = None
    """A remessa que a escolheu ou enviou."""
    answered_by: str | None = None
    """A ocorrência do retorno que a respondeu."""
    rejection: tuple[BankReason, ...] | None = None
    """Por que o banco a rejeitou, e os campos a corrigir."""
    ended_because: str | None = None
    """Por que foi cancelada."""

    @property
    def key(self) -> str:
        return f"{self.customer_id}/{self.invoice_id}/{self.id}"

    @property
    def name(self) -> str:
        return MOVEMENT_NAMES[self.movement]

    def claimed(self, run_id: str) -> "TitleInstruction":
        return self._moved(InstructionStatus.CLAIMED, run_id=run_id)

    def released(self) -> "TitleInstruction":
        """Waiting again: the remittance that claimed it was given up, or does not take it now."""
        return self._moved(InstructionStatus.WAITING, run_id=None)

    def to_send_again(self) -> "TitleInstruction":
        """Waiting again, because a person says that its file never reached the bank. Raises Refused."""
        if self.status is not InstructionStatus.SENT:
            message = f"A instrução de {self.name} da Fatura {self.number} não está como enviada ao banco."
            raise Refused("instruction.not_sent", message)
        return self.released()

    def sent(self) -> "TitleInstruction":
        return self._moved(InstructionStatus.SENT)

    def confirmed(self, occurrence_id: str) -> "TitleInstruction":
        return self._moved(InstructionStatus.CONFIRMED, answered_by=occurrence_id)

    def rejected(self, occurrence_id: str, reasons: tuple[BankReason, ...]) -> "TitleInstruction":
        return self._moved(InstructionStatus.REJECTED, answered_by=occurrence_id, rejection=reasons)

    def cancelled(self, why: str) -> "TitleInstruction":
        """Cancelled by a person, while it waits. Raises Refused."""
        if self.status is not InstructionStatus.WAITING:
            message = (
                f"A instrução de {self.name} da Fatura {self.number} já saiu da fila; não há o que cancelar."
            )
            raise Refused("instruction.not_waiting", message)
        return self.ended(why)

    def ended(self, why: str) -> "TitleInstruction":
        """Ended, because its title can have no more instructions."""
        return self._moved(InstructionStatus.CANCELLED, run_id=None, ended_because=why)

    def _moved(self, status: InstructionStatus, **changes: object) -> "TitleInstruction":
        return self.evolve(status=move(INSTRUCTION_MOVES, self.status, status), **changes)


def instruction_id(invoice_id: str, movement: Movement, ordinal: int) -> str:
    """The same id for the n-th instruction of its kind about a title: requested twice at once, it is kept once."""
    return derived_id("ins", invoice_id, movement, ordinal)


class OfferedMovement(Entity):
    """Uma instrução que o banco aceita sobre a fatura, ou por que não agora."""

    movement: AskedMovement
    name: str
    refusals: tuple[str, ...] = ()
    """Vazio: pode ser pedida."""
