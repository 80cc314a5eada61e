"""What was received and where it went: settlements, reversals, cash accounts and their movements, and receipts that
match nothing and are held for a decision (INV-08..10, PAY-08, PAY-09)."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import Field

from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.money import ZERO, Money
from billing.core.table import Aggregate
from billing.core.text import Id, Line


class Method(StrEnum):
    """Como a fatura foi liquidada (INV-08)."""

    BANK_RETURN = "bank_return"
    PROFILE = "profile"
    OTHER = "other"
    PIX = "pix"
    """Pix recebido na chave do profile, importado."""
    FORGIVEN = "forgiven"
    """O saldo de uma fatura parcialmente liquidada, perdoado."""
    REBILLED = "rebilled"
    """O saldo de uma fatura parcialmente liquidada, levado a outra conta."""
    COUNTER = "counter"
    """Recebida no balcão, com recibo."""
    AGREEMENT = "agreement"
    """Paga pelas parcelas do parcelamento em que foi renegociada."""


ELSEWHERE = frozenset(
    {Method.OTHER, Method.PIX, Method.FORGIVEN, Method.REBILLED, Method.COUNTER, Method.AGREEMENT}
)
"""Payments by these methods are unknown to the bank that has the boleto."""


class Reversal(Entity):
    """Estorno: a liquidação é desfeita, e as duas ficam no histórico (INV-09)."""

    on: date
    """Data do próprio estorno, e não a do pagamento."""
    reason: str = Field(min_length=1, max_length=200)
    account_id: str | None = None
    """Conta de onde o dinheiro sai; nenhuma em “Outros (sem integração)”."""
    target_account_id: str | None = None
    """Conta para onde vai; nenhuma quando volta ao pagador."""
    actor_id: str
    at: datetime


class Settlement(Aggregate):
    """Liquidação: dinheiro recebido por uma fatura, no todo ou em parte. Os valores ficam separados, nunca
    compensados."""

    id: str
    customer_id: str
    company_id: str
    invoice_id: str
    method: Method
    principal: Money
    """Quanto o saldo da fatura diminui."""
    interest: Money = ZERO
    """Juros, e a multa onde o banco manda os dois juntos."""
    fine: Money = ZERO
    discount: Money = ZERO
    """Desconto ou abatimento concedido: parte do principal que não foi paga em dinheiro."""
    received: Money
    """O que o pagador pagou: principal + juros + multa - desconto."""
    settled_on: date
    credited_on: date | None = None
    posted_on: date | None = None
    """Data do lançamento na conta, onde o caixa do dia do crédito já estava fechado."""
    account_id: str | None = None
    """Para onde foi o dinheiro; nenhuma em “Outros (sem integração)”."""
    profile_id: str | None = None
    source: str
    """A ocorrência de um retorno, ou a pessoa."""
    justification: str | None = None
    adjustment_charge_id: str | None = None
    """A conta de desconto ou acréscimo que levou a fatura ao que foi recebido (INV-08)."""
    rebilled_charge_id: str | None = None
    """A conta nova a que o saldo foi levado."""
    receipt_id: str | None = None
    """O recibo do balcão de que faz parte; estornado, ele o é inteiro."""
    reconciled: bool = False
    reversal: Reversal | None = None

    @property
    def is_live(self) -> bool:
        return self.reversal is None

    @property
    def is_expected(self) -> bool:
        """Whether the bank's credit is still to be reconciled: no balance has moved. A settlement of zero has no
        credit (CTR-13)."""
        return self.method is Method.PROFILE and not self.reconciled and bool(self.received)

    @property
    def moved_on(self) -> date:
        """The day of its movement in the account."""
        return self.posted_on or self.credited_on or self.settled_on

    def reversed(self, reversal: Reversal) -> "Settlement":
        """Its refusals are in `invoicing.refusals.to_reverse`."""
        return self.evolve(reversal=reversal)

    def matched(self, credited_on: date, posted_on: date | None = None) -> "Settlement":
        """Reconciled with the bank's credit; `posted_on` if its movement is dated on another day. Raises Refused if
        none is awaited, or if the credit is earlier than the settlement."""
        reasons = []
        if not self.is_live or not self.is_expected:
            reasons.append(Refusal("settlement.not_expected", "Esta liquidação não aguarda conciliação."))
        if credited_on < self.settled_on:
            message = "O crédito do banco não é anterior à liquidação."
            reasons.append(Refusal("settlement.credit_date", message, field="credited_on"))
        if reasons:
            raise Refused.because(reasons)
        return self.evolve(reconciled=True, credited_on=credited_on, posted_on=posted_on)


class AccountKind(StrEnum):
    BANK = "bank"
    CASH_BOX = "cash_box"
    SAFE = "safe"


class NewCashAccount(Entity):
    company_id: Id
    name: Line = Field(min_length=1, max_length=60, examples=["Itaú 0057 / 12345-7"])
    kind: AccountKind


class CashAccount(NewCashAccount, Aggregate):
    """Conta de dinheiro: banco, caixa ou cofre. O saldo é a soma dos movimentos, e nada mais (PAY-09)."""

    id: str
    closed_until: date | None = None
    """Caixa fechado até esta data, inclusive: nenhum movimento entra nela."""

    def open_on(self, day: date) -> "CashAccount":
        """The account, if a movement may be dated `day`. Raises Refused."""
        if self.is_closed_on(day):
            message = f"A conta {self.name} está fechada até {self.closed_until:%d/%m/%Y}: escolha uma data posterior."
            raise Refused.because([Refusal("account.closed", message)])
        return self

    def first_open(self, day: date) -> date:
        """`day`, or the first day after it on which a movement may be dated: what the bank reports is never refused."""
        return max(day, self.closed_until + timedelta(days=1)) if self.closed_until is not None else day

    def of_company(self, company_id: str) -> "CashAccount":
        """The account. Raises Refused if it is another company's."""
        if self.company_id != company_id:
            message = f"A conta de dinheiro {self.name} é de outra empresa."
            raise Refused.because([Refusal("account.company", message, field="account_id")])
        return self

    def is_closed_on(self, day: date) -> bool:
        return self.closed_until is not None and day <= self.closed_until

    def closed(self, until: date, today: date) -> "CashAccount":
        """Closed up to `until` (inclusive). Raises Refused for a future day, or if it is already closed up to a later
        day."""
        reasons = []
        if until > today:
            reasons.append(Refusal("account.closed_ahead", "Só se fecha o caixa até hoje.", field="until"))
        if self.closed_until is not None and until <= self.closed_until:
            message = f"O caixa já está fechado até {self.closed_until:%d/%m/%Y}."
            reasons.append(Refusal("account.closed_later", message, field="until"))
        if reasons:
            raise Refused.because(reasons)
        return self.evolve(closed_until=until)

    def reopened(self, until: date | None) -> "CashAccount":
        """Closed only up to `until` (inclusive), or not at all. Raises Refused if that opens nothing."""
        if self.closed_until is None:
            raise Refused.because([Refusal("account.open", "O caixa não está fechado.")])
        if until is not None and until >= self.closed_until:
            message = f"O caixa está fechado até {self.closed_until:%d/%m/%Y}: informe um dia anterior."
            raise Refused.because([Refusal("account.reopens_nothing", message, field="until")])
        return self.evolve(closed_until=until)


class MovementKind(StrEnum):
    RECEIPT = "receipt"
    TARIFF = "tariff"
    REVERSAL = "reversal"
    REVERSAL_TARGET = "reversal_target"  # what a reversal took from one account enters another
    REFUND = "refund"
    TRANSFER_OUT = "transfer_out"  # from a cash box to a bank or safe
    TRANSFER_IN = "transfer_in"
    COUNT_DIFFERENCE = "count_difference"  # the surplus or shortage found by a count
    MATCHED = "matched"  # ends the expected movement once the bank's credit is found


class CashMovement(Entity):
    """Um lançamento em uma conta de dinheiro: entrada acima de zero, saída abaixo. Nunca muda."""

    id: str
    account_id: str
    on: date
    event_on: date | None = None
    """A data que o banco deu, onde o caixa dela já estava fechado: o lançamento é do primeiro dia aberto."""
    amount: Money
    kind: MovementKind
    source: str
    """A liquidação, a ocorrência ou o recebimento retido que a movimentou."""
    is_expected: bool = False
    """Aparece, e só entra no saldo quando o crédito do banco é conciliado."""


class CashBalance(Entity):
    """O que entrou menos o que saiu de uma conta de dinheiro, de `first` a `last`, inclusive."""

    account_id: str
    first: date
    last: date
    moved: Money
    expected: Money
    """O que ainda aguarda conciliação; não está em `moved`."""


class HeldReason(StrEnum):
    UNKNOWN_TITLE = "unknown_title"
    DUPLICATE = "duplicate"
    OVERPAID = "overpaid"
    SHORT = "short"
    NOT_OPEN = "not_open"
    WITHOUT_PRINCIPAL = "without_principal"
    NOTHING_PAID = "nothing_paid"

    @property
    def label(self) -> str:
        return _HELD_LABELS[self]


_HELD_LABELS = {
    HeldReason.UNKNOWN_TITLE: "Título desconhecido",
    HeldReason.DUPLICATE: "Pago em duplicidade",
    HeldReason.OVERPAID: "Pago a maior",
    HeldReason.SHORT: "Pago a menor",
    HeldReason.NOT_OPEN: "Fatura que não está em aberto",
    HeldReason.WITHOUT_PRINCIPAL: "Só encargos, sem valor da fatura",
    HeldReason.NOTHING_PAID: "Liquidação sem valor",
}


class Resolution(StrEnum):
    """O que se decidiu sobre um recebimento retido (PAY-08)."""

    INVOICE = "invoice"  # settles an open invoice
    CREDIT = "credit"  # used on the customer's next invoice
    REFUND = "refund"
    ACCEPTED = "accepted"  # a short payment: the missing part stays due


class InvoiceChoice(Entity):
    customer_id: Id
    invoice_id: Id


class HeldReceipt(Aggregate):
    """Recebimento retido: dinheiro sem fatura aberta que lhe corresponda, ou fora do esperado. Aguarda uma decisão;
    nada se perde."""

    id: str
    company_id: str
    profile_id: str
    reason: HeldReason
    nosso_numero: str
    customer_id: str | None = None
    invoice_id: str | None = None
    held: Money
    """Dinheiro que ainda não é de fatura nenhuma."""
    missing: Money = ZERO
    """De um pagamento a menor: o que ainda falta na fatura."""
    paid_on: date | None = None
    message: str
    source: str
    resolution: Resolution | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None

    def resolved(self, resolution: Resolution, actor_id: str, at: datetime) -> "HeldReceipt":
        """Raises Refused if it was decided before, or if the decision does not fit what is held."""
        reasons = []
        if self.resolution is not None:
            reasons.append(Refusal("held.resolved", "Este recebimento já teve uma decisão."))
        elif not self.held and resolution is not Resolution.ACCEPTED:
            reasons.append(
                Refusal("held.no_money", "Não há valor retido; só é possível aceitar a diferença.")
            )
        elif self.held and resolution is Resolution.ACCEPTED:
            reasons.append(Refusal("held.money", "Há valor retido: escolha fatura, crédito ou devolução."))
        elif resolution is Resolution.CREDIT and self.customer_id is None:
            reasons.append(Refusal("held.no_customer", "O título é desconhecido: não há cliente a creditar."))
        if reasons:
            raise Refused.because(reasons)
        return self.evolve(resolution=resolution, resolved_by=actor_id, resolved_at=at)
