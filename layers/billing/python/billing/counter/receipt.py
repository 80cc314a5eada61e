"""A receipt at the counter: several invoices of a customer, paid at once (PAY-02). Pure."""

from datetime import date, datetime

from pydantic import Field

from billing.audit.batches import Reason
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.money import ZERO, AboveZero, Money
from billing.core.table import Aggregate
from billing.core.text import Id, Line
from billing.counter.means import ByMeans

MOST_INVOICES = 8
"""All in one transaction: each with its settlement, its movement and its request to the bank, and every audit entry."""


class AmountDue(Entity):
    """O que uma fatura pede hoje, no balcão."""

    invoice_id: str
    company_id: str
    number: int
    description: str
    due_on: date
    days_late: int
    """Dias de atraso pelos quais há multa e juros."""
    amount: Money
    """Valor da fatura."""
    discount: Money
    """Abatimento e desconto por pagamento em dia."""
    fine: Money
    interest: Money
    total: Money
    total_without_interest: Money
    reasons: tuple[Reason, ...] = ()
    """O que impede o recibo agora."""


class AmountsDue(Entity):
    """O que as faturas em aberto de um cliente pedem hoje."""

    items: tuple[AmountDue, ...]
    total: Money
    protest_status: str | None = None
    """Status de protesto do cliente que não permite o recibo: os vencimentos aparecem em vermelho."""


class DiscountRequest(Entity):
    """Desconto no recibo, com a autorização de quem pode dá-lo."""

    authorisation_id: Id
    amount: AboveZero
    discount_type: Line = Field(min_length=1, max_length=40, examples=["Bonificação"])
    """Um dos tipos de desconto da lista."""
    reason: Line = Field(min_length=1, max_length=100, examples=["Sinal fora do ar por dois dias"])
    """Motivo, impresso no recibo."""


class NewCounterReceipt(Entity):
    """Recibo a fazer."""

    customer_id: Id
    invoice_ids: tuple[Id, ...] = Field(min_length=1, max_length=MOST_INVOICES)
    total: Money = Field(examples=["103.77"])
    """O total que a tela mostrou, já com o desconto; outro valor devido é recusado."""
    paid: ByMeans
    """O que o cliente entregou, por meio de pagamento; o que passa do total é troco, em dinheiro."""
    waives_interest: bool = False
    """Recibo sem juros; pede a permissão “fazer recibo sem juros”."""
    discount: DiscountRequest | None = None
    protest_authorisation_id: Id | None = None
    """A senha do administrador, onde o status de protesto não permite o recibo."""


class GivenDiscount(Entity):
    """Desconto dado no recibo."""

    amount: Money
    discount_type: str
    reason: str
    authoriser_id: str
    authoriser_name: str
    """Usuário Autorizado."""


class ReceiptLine(Entity):
    """Uma fatura no recibo."""

    invoice_id: str
    settlement_id: str
    number: int
    description: str
    due_on: date
    amount: Money
    """Valor da fatura."""
    on_time_discount: Money = ZERO
    """Abatimento e desconto por pagamento em dia."""
    fine: Money = ZERO
    interest: Money = ZERO
    waived_interest: Money = ZERO
    """Juros dispensados."""
    discount: Money = ZERO
    """Sua parte do desconto autorizado."""
    received: Money


class ReceiptReversal(Entity):
    """Estorno do recibo inteiro."""

    on: date
    reason: str
    session_id: str
    """Caixa de onde o dinheiro saiu."""
    actor_id: str
    at: datetime


class CounterReceipt(Aggregate):
    """Recibo feito no balcão."""

    id: str
    number: int
    """Sequencial de cada empresa."""
    company_id: str
    customer_id: str
    session_id: str
    account_id: str
    lines: tuple[ReceiptLine, ...]
    total: Money
    paid: ByMeans
    """O que o cliente entregou."""
    change: Money = ZERO
    """Troco."""
    discount: GivenDiscount | None = None
    protest_authoriser_id: str | None = None
    """Quem permitiu o recibo apesar do status de protesto."""
    warnings: tuple[Reason, ...] = ()
    """O que quem recebeu precisava saber: o boleto que o banco ainda tem."""
    operator_id: str
    made_on: date
    at: datetime
    reversal: ReceiptReversal | None = None

    @property
    def kept(self) -> ByMeans:
        """What stays in the drawer."""
        return self.paid.evolve(cash=self.paid.cash - self.change)

    def reversed(self, reversal: ReceiptReversal) -> "CounterReceipt":
        """Raises Refused if it is already reversed."""
        if self.reversal is not None:
            raise Refused.because(
                [Refusal("counter_receipt.reversed", f"O recibo nº {self.number} já foi estornado.")]
            )
        return self.evolve(reversal=reversal)


class ReceiptReversing(Entity):
    """Estorno de um recibo do balcão, com todas as suas faturas."""

    customer_id: Id
    receipt_id: Id
    reason: Line = Field(min_length=1, max_length=200, examples=["Recebido do cliente errado"])


def with_discount(lines: tuple[ReceiptLine, ...], discount: Money) -> tuple[ReceiptLine, ...]:
    """The lines, each with its share of the discount, in proportion to its amount due; the shares add up exactly, and
    none exceeds its amount.

    Raises Refused for a discount that leaves nothing to receive (PAY-02: a receipt cannot be for zero).
    """
    total = Money.sum(line.received for line in lines)
    if discount >= total:
        message = f"O desconto deve ser menor que o total de {total.format_br()}: um recibo não é de zero."
        raise Refused.because([Refusal("counter_receipt.discount", message, field="discount.amount")])
    parts = discount.allocate([line.received.cents for line in lines])
    return tuple(
        line.evolve(discount=part, received=line.received - part)
        for line, part in zip(lines, parts, strict=True)
    )


def change_of(paid: ByMeans, total: Money) -> Money:
    """The change for the payer, in cash. Raises Refused if too little was paid, or if it exceeds the cash paid."""
    change = paid.total - total
    if change < ZERO:
        message = f"Faltam {(-change).format_br()} para o total de {total.format_br()}."
        raise Refused.because([Refusal("counter_receipt.short", message, field="paid")])
    if change > paid.cash:
        message = "O troco é dado em dinheiro: cartão e Pix não passam do total."
        raise Refused.because([Refusal("counter_receipt.change", message, field="paid")])
    return change
