"""One transaction, in the one order of the product (CHG-03, CHG-04).

    q  = max(quantity, minimum_quantity)
    a  = q * price                       (or what the pricing model says for q)
    a  = a * (1 + pre_adjust%)
    a += q * unit_price_adjustment
    a += transaction_adjustment
    a  = a * (1 + post_adjust%)
    a  = max(0, a - free_up_to)
    a  = min(max(a, minimum_charge), maximum_charge)
    line = R(a)

An absent parameter skips its step. A negative quantity (a credit, a true-up) skips minimum quantity, free-up-to and
the limits, so that a line can be negative. Free-up-to comes before the minimum because a minimum is a promise about
the final amount. Levels take the same steps, without those for the quantity (`levels.py`).

>>> from billing.core.money import Money
>>> parameters = Parameters(pre_adjust_percent="10", unit_price_adjustment="2",
...                         transaction_adjustment=Money("15"), post_adjust_percent="-5")
>>> transaction(Decimal(10), Decimal(30), parameters)
Money('346.75')
"""

from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field, ValidationInfo, field_validator

from billing.core.entity import Entity
from billing.core.errors import Refused
from billing.core.money import Money, Percent, Quantity, UnitPrice
from billing.rating import brazilian
from billing.rating.exact import NotNegative, Number, exactly, in_cents, money_of
from billing.rating.explanation import AMOUNT, QUANTITY, GivenInput, Rule, Trail

_MINIMUM_ABOVE_MAXIMUM = "Encargo mínimo maior que o Encargo máximo"

Adjustment = Annotated[Percent, Field(ge=-100)]


class Parameters(Entity):
    """O que a definição faz com um valor; cada parâmetro ausente pula o seu passo."""

    minimum_quantity: Annotated[Quantity, Field(ge=0)] | None = None
    """Quantidade mínima: cobrada quando a real é menor."""
    pre_adjust_percent: Adjustment | None = None
    """% de ajuste anterior: sobre o valor, antes dos ajustes de preço e de transação."""
    unit_price_adjustment: UnitPrice | None = None
    """Preço unitário do ajuste: BRL added for each unit."""
    transaction_adjustment: Money | None = None
    """Transação do ajuste: BRL added once."""
    post_adjust_percent: Adjustment | None = None
    """% de ajuste posterior: on everything so far."""
    free_up_to: NotNegative | None = None
    """Gratuito até: os primeiros R$, que não são cobrados."""
    minimum_charge: NotNegative | None = None
    """Encargo mínimo."""
    maximum_charge: NotNegative | None = None
    """Encargo máximo."""

    @field_validator("maximum_charge")
    @classmethod
    def _minimum_fits(cls, maximum: Money | None, info: ValidationInfo) -> Money | None:
        minimum = info.data.get("minimum_charge")
        if maximum is not None and minimum is not None and minimum > maximum:
            raise ValueError(_MINIMUM_ABOVE_MAXIMUM)
        return maximum


NO_PARAMETERS = Parameters.model_construct()  # all absent: nothing to validate, no schema to build


@exactly
def transaction(quantity: Decimal, unit_price: Decimal, parameters: Parameters = NO_PARAMETERS) -> Money:
    """One transaction's line. Refused where the minimum charge is above the maximum."""
    trail = Trail()
    trail.set_quantity(TAKE, ("quantity", quantity, "usage"))
    at_least(trail, parameters.minimum_quantity)
    trail.set_amount(UNIT_PRICE, ("unit_price", unit_price, "definition"))
    apply(trail, steps_of(parameters))
    return close(trail)


def at_least(trail: Trail, minimum: Number | None, source: str = "definition") -> None:
    """q = max(quantity, minimum quantity); a credit stays as it is."""
    if minimum is not None and trail.quantity >= 0:
        trail.set_quantity(MINIMUM_QUANTITY, ("minimum_quantity", minimum, source))


class Adjustments(NamedTuple):
    """The steps for given parameters, ready to be applied to any number of lines."""

    always: tuple[tuple[Rule, GivenInput], ...]
    limits: tuple[tuple[Rule, GivenInput], ...]
    """Free-up-to, then minimum, then maximum; not for credits."""

    def __bool__(self) -> bool:
        return bool(self.always or self.limits)


NO_ADJUSTMENTS = Adjustments((), ())


def apply(trail: Trail, adjustments: Adjustments) -> None:
    """Every step between the price and the rounding."""
    if adjustments is NO_ADJUSTMENTS:
        return
    for rule, given in adjustments.always:
        trail.set_amount(rule, given)
    if adjustments.limits and trail.quantity >= 0:
        for rule, given in adjustments.limits:
            trail.set_amount(rule, given)


def steps_of(given: Parameters) -> Adjustments:
    """The parameters that are set, in the order of the product. Refused where the minimum is above the maximum."""
    if given is NO_PARAMETERS:
        return NO_ADJUSTMENTS
    minimum, maximum = given.minimum_charge, given.maximum_charge
    if minimum is not None and maximum is not None and minimum > maximum:
        raise Refused("rating.minimum_above_maximum", _MINIMUM_ABOVE_MAXIMUM)
    always = (
        (PRE_ADJUST, "percent", given.pre_adjust_percent),
        (UNIT_PRICE_ADJUSTMENT, "adjustment", given.unit_price_adjustment),
        (TRANSACTION_ADJUSTMENT, "adjustment", given.transaction_adjustment),
        (POST_ADJUST, "percent", given.post_adjust_percent),
    )
    limits = (
        (FREE_UP_TO, "free_up_to", given.free_up_to),
        (MINIMUM_CHARGE, "minimum_charge", minimum),
        (MAXIMUM_CHARGE, "maximum_charge", maximum),
    )
    adjustments = Adjustments(_set_ones(always), _set_ones(limits))
    return adjustments or NO_ADJUSTMENTS


def _set_ones(
    steps: tuple[tuple[Rule, str, Decimal | Money | None], ...],
) -> tuple[tuple[Rule, GivenInput], ...]:
    return tuple(
        [
            (rule, (name, value.decimal if isinstance(value, Money) else value, "definition"))
            for rule, name, value in steps
            if value is not None
        ]
    )


def close(trail: Trail) -> Money:
    """line = R(a), the one rounding of a line."""
    amount = trail.amount
    trail.amount = rounded = in_cents(amount)
    trail.rows.append((ROUND.name, (), amount, rounded))
    return money_of(rounded)


TAKE = Rule(
    "quantity", QUANTITY, lambda q, _a, given: q + given, lambda s, unit: brazilian.units(s.after, unit)
)
NOTHING = Rule("no_usage", QUANTITY, lambda q, _a: q, lambda _s, _unit: "sem uso no período")
MINIMUM_QUANTITY = Rule(
    "minimum_quantity",
    QUANTITY,
    lambda q, _a, minimum: max(q, minimum),
    lambda s, unit: f"mínimo {brazilian.units(s.inputs[0].value, unit)}",
)
UNIT_PRICE = Rule(
    "unit_price",
    AMOUNT,
    lambda q, _a, price: q * price,
    lambda s, _unit: f"× {brazilian.price(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
PRE_ADJUST = Rule(
    "pre_adjust_percent",
    AMOUNT,
    lambda _q, a, percent: a + a * percent / 100,
    lambda s, _unit: (
        f"ajuste anterior de {brazilian.percent(s.inputs[0].value)} = {brazilian.amount(s.after)}"
    ),
)
UNIT_PRICE_ADJUSTMENT = Rule(
    "unit_price_adjustment",
    AMOUNT,
    lambda q, a, adjustment: a + q * adjustment,
    lambda s, _unit: (
        f"ajuste de {brazilian.price(s.inputs[0].value)} por unidade = {brazilian.amount(s.after)}"
    ),
)
TRANSACTION_ADJUSTMENT = Rule(
    "transaction_adjustment",
    AMOUNT,
    lambda _q, a, adjustment: a + adjustment,
    lambda s, _unit: f"ajuste de {brazilian.amount(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
POST_ADJUST = Rule(
    "post_adjust_percent",
    AMOUNT,
    lambda _q, a, percent: a + a * percent / 100,
    lambda s, _unit: (
        f"ajuste posterior de {brazilian.percent(s.inputs[0].value)} = {brazilian.amount(s.after)}"
    ),
)
FREE_UP_TO = Rule(
    "free_up_to",
    AMOUNT,
    lambda _q, a, free: max(a - free, 0 * a),
    lambda s, _unit: f"gratuito até {brazilian.amount(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
MINIMUM_CHARGE = Rule(
    "minimum_charge",
    AMOUNT,
    lambda _q, a, minimum: max(a, minimum),
    lambda s, _unit: f"encargo mínimo {brazilian.amount(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
MAXIMUM_CHARGE = Rule(
    "maximum_charge",
    AMOUNT,
    lambda _q, a, maximum: min(a, maximum),
    lambda s, _unit: f"encargo máximo {brazilian.amount(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
ROUND = Rule(
    "round",
    AMOUNT,
    lambda _q, a: in_cents(a),
    lambda s, _unit: f"arredondado: {brazilian.amount(s.after)}",
)

RULES = (
    TAKE,
    NOTHING,
    MINIMUM_QUANTITY,
    UNIT_PRICE,
    PRE_ADJUST,
    UNIT_PRICE_ADJUSTMENT,
    TRANSACTION_ADJUSTMENT,
    POST_ADJUST,
    FREE_UP_TO,
    MINIMUM_CHARGE,
    MAXIMUM_CHARGE,
    ROUND,
)
