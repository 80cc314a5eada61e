"""Money by means of payment, as in a cash drawer: cash, cards, Pix (PAY-02, PAY-09)."""

from typing import Annotated

from pydantic import AfterValidator

from billing.core.entity import Entity
from billing.core.money import ZERO, Money


class MeansDifference(Entity):
    """Um valor de cada meio de pagamento; abaixo de zero, o que falta."""

    cash: Money = ZERO
    """Dinheiro."""
    debit_card: Money = ZERO
    credit_card: Money = ZERO
    pix: Money = ZERO

    @property
    def total(self) -> Money:
        return self.cash + self.debit_card + self.credit_card + self.pix


def _not_negative(amount: Money) -> Money:
    if amount < ZERO:
        raise ValueError("o valor não pode ser negativo")
    return amount


NotNegative = Annotated[Money, AfterValidator(_not_negative)]


class ByMeans(MeansDifference):
    """Um valor de cada meio de pagamento."""

    cash: NotNegative = ZERO
    """Dinheiro."""
    debit_card: NotNegative = ZERO
    credit_card: NotNegative = ZERO
    pix: NotNegative = ZERO

    def plus(self, other: "ByMeans") -> "ByMeans":
        return ByMeans(
            cash=self.cash + other.cash,
            debit_card=self.debit_card + other.debit_card,
            credit_card=self.credit_card + other.credit_card,
            pix=self.pix + other.pix,
        )

    def less(self, other: "ByMeans") -> MeansDifference:
        return MeansDifference(
            cash=self.cash - other.cash,
            debit_card=self.debit_card - other.debit_card,
            credit_card=self.credit_card - other.credit_card,
            pix=self.pix - other.pix,
        )


MEANS_PT = {
    "cash": "Dinheiro",
    "debit_card": "Cartão de débito",
    "credit_card": "Cartão de crédito",
    "pix": "Pix",
}


def in_words(amounts: MeansDifference) -> str:
    """The amounts that are not zero, as shown to users.

    >>> in_words(ByMeans(cash=Money("50.00"), pix=Money("4.01")))
    'Dinheiro R$ 50,00, Pix R$ 4,01'
    """
    labelled = ((label, getattr(amounts, name)) for name, label in MEANS_PT.items())
    return ", ".join(f"{label} {amount.format_br()}" for label, amount in labelled if amount)
