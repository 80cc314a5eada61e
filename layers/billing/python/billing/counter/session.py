"""One person's cash drawer for one day: opened with the cash in it, counted when it is closed (PAY-09). Pure."""

from datetime import datetime

from pydantic import Field

from billing.core.clock import business_date
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.money import ZERO, Money
from billing.core.table import Aggregate
from billing.core.text import Id, Line
from billing.counter.means import ByMeans, MeansDifference, NotNegative, in_words


class CashCount(Entity):
    """Conferência do caixa: o que foi contado, e o que difere do esperado."""

    counted: ByMeans
    difference: MeansDifference
    """Contado menos esperado; abaixo de zero é falta."""
    explanation: str | None = None
    """Obrigatória onde há diferença."""
    counted_by: str
    at: datetime


class CashSession(Aggregate):
    """Caixa aberto por uma pessoa, do troco inicial à conferência. Cada pessoa tem um em cada empresa, e cada caixa um de
    cada vez."""

    id: str
    account_id: str
    """A conta de dinheiro, do tipo caixa."""
    company_id: str
    opened_by: str
    opened_at: datetime
    opening_cash: Money
    """Dinheiro que havia na abertura (troco)."""
    received: ByMeans = ByMeans()
    """O que os recibos receberam, já sem o troco."""
    given_back: ByMeans = ByMeans()
    """O que os estornos devolveram."""
    withdrawn: ByMeans = ByMeans()
    """O que foi retirado para outra conta."""
    count: CashCount | None = None

    @property
    def is_open(self) -> bool:
        return self.count is None

    @property
    def expected(self) -> MeansDifference:
        """What should be in the drawer."""
        entered = self.received.plus(ByMeans(cash=self.opening_cash))
        return entered.less(self.given_back.plus(self.withdrawn))

    def receiving(self, amounts: ByMeans, at: datetime) -> "CashSession":
        """Raises Refused if it is closed, or was opened on an earlier day."""
        self._require_open(at)
        return self.evolve(received=self.received.plus(amounts))

    def giving_back(self, amounts: ByMeans, at: datetime) -> "CashSession":
        """Raises Refused as `receiving` does, and for more than is in the drawer."""
        self._require_open(at)
        return self._with_enough(self.evolve(given_back=self.given_back.plus(amounts)), amounts)

    def withdrawing(self, amounts: ByMeans, at: datetime) -> "CashSession":
        """Raises Refused as `giving_back` does, and for an amount of zero."""
        self._require_open(at)
        if not amounts.total:
            message = "Informe o valor a retirar, em algum dos meios."
            raise Refused.because([Refusal("cash_session.nothing", message, field="amounts")])
        return self._with_enough(self.evolve(withdrawn=self.withdrawn.plus(amounts)), amounts)

    def closed(self, counted: ByMeans, explanation: str | None, by: str, at: datetime) -> "CashSession":
        """Raises Refused if it is already closed, or if a difference is not explained."""
        if not self.is_open:
            raise Refused.because([_CLOSED])
        expected = self.expected
        difference = MeansDifference(
            **{name: getattr(counted, name) - getattr(expected, name) for name in ByMeans.model_fields}
        )
        if difference != MeansDifference() and explanation is None:
            message = f"A contagem difere do esperado ({in_words(difference)}): explique a diferença."
            raise Refused.because([Refusal("cash_session.difference", message, field="explanation")])
        count = CashCount(
            counted=counted, difference=difference, explanation=explanation, counted_by=by, at=at
        )
        return self.evolve(count=count)

    def _require_open(self, at: datetime) -> None:
        if not self.is_open:
            raise Refused.because([_CLOSED])
        opened_on = business_date(self.opened_at)
        if opened_on != business_date(at):
            message = f"O caixa aberto em {opened_on:%d/%m/%Y} ainda não foi fechado: confira-o, feche-o e abra o de hoje."
            raise Refused.because([Refusal("cash_session.of_another_day", message)])

    @staticmethod
    def _with_enough(after: "CashSession", amounts: ByMeans) -> "CashSession":
        left = after.expected
        if any(getattr(amounts, name) and getattr(left, name) < ZERO for name in ByMeans.model_fields):
            message = f"O caixa não tem tanto: sairia mais do que há ({in_words(amounts)})."
            raise Refused.because([Refusal("cash_session.not_enough", message)])
        return after


_CLOSED = Refusal("cash_session.closed", "O caixa já foi fechado.")


class SessionOpening(Entity):
    """Abertura do caixa."""

    account_id: Id
    opening_cash: NotNegative = Field(examples=["150.00"])
    """Dinheiro contado na gaveta, o troco inicial."""


class SessionClosing(Entity):
    """Conferência e fechamento do caixa."""

    counted: ByMeans
    explanation: Line | None = Field(default=None, min_length=1, max_length=200)
    """Por que a contagem difere do esperado."""


class CashWithdrawal(Entity):
    """Retirada do caixa para um banco ou cofre."""

    amounts: ByMeans
    target_account_id: Id
    reason: Line = Field(min_length=1, max_length=200, examples=["Sangria das 15h"])


class ShownSession(CashSession):
    """Caixa como se lê."""

    expected_now: MeansDifference
    """O que deve estar na gaveta."""
