"""Debt agreements (parcelamentos de dívida, PAY-06): what a clerk proposes, what was agreed, and how it ends."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from billing.audit.batches import Reason
from billing.contracts.proposals import Confirmation
from billing.core.entity import Entity
from billing.core.ids import derived_id
from billing.core.money import ZERO, AboveZero, Money, Percent
from billing.core.period import Day
from billing.core.table import Aggregate
from billing.core.text import Id, Line
from billing.payments.instalments import MOST

MOST_INVOICES = 12
"""Invoices of one agreement: they are closed in one transaction, each with the instruction to the bank about its title."""


class AgreementRequest(Entity):
    """Parcelamento de dívida a propor."""

    invoice_ids: tuple[Id, ...] = Field(min_length=1, max_length=MOST_INVOICES)
    """As faturas em aberto que entram, de um cliente e de uma empresa."""
    charges_lateness: bool = True
    """Calcula Juros e Multa; false os dispensa."""
    down_payment: AboveZero | None = Field(default=None, examples=["50.00"])
    """Entrada, paga hoje; ausente, nenhuma."""
    instalments: int = Field(ge=1, le=MOST, examples=[3])
    """Quantas parcelas, além da entrada."""
    first_due_on: Day
    """Vencimento da primeira parcela."""
    interval_days: Annotated[int, Field(ge=1, le=366)] | None = None
    """Dias entre as parcelas; ausente, um mês, no dia da primeira."""
    payment_profile_id: Id
    """Profile de pagamento por que se cobram as parcelas."""


class ConfirmedAgreement(AgreementRequest, Confirmation):
    """Parcelamento, como foi proposto: se algo mudou desde então, nada é feito."""


class RenegotiatedInvoice(Entity):
    """Fatura que entra no parcelamento, e o que ela vale no dia do acordo."""

    id: str
    number: int
    description: str
    due_on: date
    days_late: int
    """Dias de atraso pelos quais há multa e juros (Lei 7.089/1983)."""
    balance: Money
    fine: Money
    interest: Money
    total: Money


class AgreedInstalment(Entity):
    """A entrada (número 0) ou uma parcela, e de que se compõe."""

    number: int
    due_on: date
    principal: Money
    """O que paga do saldo das faturas."""
    fine: Money
    interest: Money
    """Juros de mora das faturas."""
    instalment_interest: Money
    """Juros do parcelamento."""
    total: Money

    @property
    def base(self) -> Money:
        return self.principal + self.fine + self.interest


class AgreementPlan(Entity):
    """O que se parcela e como."""

    invoices: tuple[RenegotiatedInvoice, ...]
    instalments: tuple[AgreedInstalment, ...]
    principal: Money
    fine: Money
    interest: Money
    instalment_interest: Money
    total: Money
    """A soma exata da entrada e das parcelas."""


class AgreementProposal(AgreementPlan):
    """O que o parcelamento faria hoje, sem efeito."""

    breaks_after_days: int | None = None
    warnings: tuple[Reason, ...] = ()
    proposal: str
    """A confirmação: envie-a com o mesmo pedido para fazer isto, e só isto."""


class AgreementStatus(StrEnum):
    STARTING = "starting"  # the invoices are closed, and the instalments are being made
    IN_FORCE = "in_force"
    ENDING = "ending"  # the instalments are being ended; the invoices are not yet open or settled
    FULFILLED = "fulfilled"
    BROKEN = "broken"


class Ending(Entity):
    """Por que e por quem um parcelamento acaba."""

    reason: str
    by: str
    """Quem o pediu; `schedule`: a regra da configuração, ou a última parcela paga."""
    on: date
    at: datetime


class EndedInstalment(Entity):
    """Uma parcela de um parcelamento que acaba, e quanto pagou do saldo das faturas."""

    number: int
    principal: Money


class InstalmentAgreement(AgreementPlan, Aggregate):
    """Parcelamento de dívida."""

    id: str
    customer_id: str
    company_id: str
    payment_profile_id: str
    agreed_on: date
    asked_by: str
    asked_at: datetime
    fine_percent: Percent | None = None
    """Multa do acordo, % de cada fatura vencida; ausente, foi dispensada, e os juros de mora também."""
    monthly_interest_percent: Percent | None = None
    instalment_interest_percent: Percent = Decimal(0)
    breaks_after_days: int | None = None
    """Como foi acordado: com uma parcela vencida há mais dias que estes, quebra-se."""
    status: AgreementStatus = AgreementStatus.STARTING
    warnings: tuple[Reason, ...] = ()
    """O que quem o fez precisava saber: o boleto que o banco ainda tem."""
    ending: Ending | None = None
    ended: tuple[EndedInstalment, ...] = ()

    @property
    def code(self) -> str:
        """What people call it."""
        return self.id.partition("_")[2][:8].upper()

    def charge_id(self, number: int) -> str:
        return derived_id("chg", self.id, number)

    def begins(self) -> "InstalmentAgreement":
        return self.evolve(status=AgreementStatus.IN_FORCE)

    def ends(self, ending: Ending) -> "InstalmentAgreement":
        return self.evolve(status=AgreementStatus.ENDING, ending=ending)

    def with_ended(self, number: int, principal: Money) -> "InstalmentAgreement":
        return self.evolve(ended=(*self.ended, EndedInstalment(number=number, principal=principal)))

    @property
    def discharged(self) -> Money:
        """What the ended instalments paid of the invoices' balances."""
        return Money.sum(ended.principal for ended in self.ended)

    def over(self) -> "InstalmentAgreement":
        """Fulfilled if nothing remains of the invoices, otherwise broken."""
        is_paid = self.discharged == self.principal
        return self.evolve(status=AgreementStatus.FULFILLED if is_paid else AgreementStatus.BROKEN)


class InstalmentStanding(Entity):
    """Onde uma parcela está hoje."""

    number: int
    title: str
    due_on: date
    """O de hoje: pode ter sido prorrogado."""
    invoice_id: str | None = None
    invoice_number: int | None = None
    balance: Money
    """O que falta pagar dela."""
    asks_today: Money
    """O que pede hoje: antes do vencimento, sem os juros do parcelamento dos dias que faltam; sem a multa e os juros do
    atraso, que o recibo diz."""
    paid_principal: Money = ZERO
    """Quanto já pagou do saldo das faturas."""
    is_paid: bool


class ShownAgreement(InstalmentAgreement):
    """Parcelamento como se lê."""

    title: str
    standing: tuple[InstalmentStanding, ...] = ()
    balance: Money
    """O que falta das parcelas."""


class BreakRequest(Entity):
    reason: Line = Field(min_length=1, max_length=200, examples=["O cliente não pagou a segunda parcela"])


class ConfirmedBreak(BreakRequest, Confirmation):
    """Quebra do parcelamento, como foi proposta."""


class RestoredInvoice(Entity):
    """Fatura de origem, e o que dela volta."""

    id: str
    number: int
    due_on: date
    balance: Money
    """O que entrou no parcelamento."""
    paid: Money
    """O que as parcelas pagaram dela."""
    remaining: Money
    """O que volta a estar em aberto, com o vencimento de origem."""


class BreakProposal(Entity):
    """O que a quebra faria agora, sem efeito."""

    invoices: tuple[RestoredInvoice, ...]
    given_up: tuple[InstalmentStanding, ...]
    """As parcelas que deixam de ser cobradas, no todo ou no que falta."""
    paid: Money
    remaining: Money
    proposal: str
