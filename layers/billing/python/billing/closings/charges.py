"""The charges of a closing or an activation: one per definition, one per surcharge or discount (CTR-04, CON-07).

Both only propose; `invoicing.difference.proposed_minus_existing` finds what is still to be made. So a month that is
already in a booklet closes without any new charge.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from billing.closings.model import Closing
from billing.closings.schedule import period_from
from billing.closings.terms import terms
from billing.contracts.model import Contract
from billing.core.errors import Refusal, Refused
from billing.core.ids import derived_id
from billing.core.money import ZERO, Money
from billing.core.period import Period
from billing.invoicing.charge import Charge, ChargeOrigin, OnTimeDiscount, charge_id
from billing.rating.definition import ChargeDefinition
from billing.rating.engine import rate
from billing.rating.lines import RatedLine, Rating
from billing.rating.terms import RatingInput, TaxRates

TaxesOf = Callable[[Contract, Period], TaxRates]

ROOM = 78
"""Charges that fit in one transaction beside six pages, the closing with its entry of audit, the next closing, some finalised
months, up to when the contract is billed, the answer that is kept, and what must be unchanged."""


def proposed(
    contract: Contract, closing: Closing, lines: Iterable[RatedLine], *, is_last: bool
) -> list[Charge]:
    """A frozen closing's charges. A sum below zero is brought up to zero by a balancing charge, and the excess goes
    to the next closing (CLO-04); after the last closing there is no next one, so the sum stays below zero and becomes
    the customer's credit."""
    charges = of_lines(contract, closing.period, lines)
    charges += [
        _charge(contract, closing.period, adjustment.id, adjustment.description, adjustment.signed)
        for adjustment in closing.adjustments
    ]
    charged = Money.sum(charge.amount for charge in charges)
    if charged < ZERO and not is_last:
        title = "Saldo credor do cliente"
        charges.append(_charge(contract, closing.period, derived_id("crd", closing.id), title, -charged))
    return charges


def of_lines(contract: Contract, period: Period, lines: Iterable[RatedLine]) -> list[Charge]:
    """The billed lines with their taxes, by definition; sums of zero are left out."""
    sums: dict[str, Money] = {}
    titles: dict[str, str] = {}
    for line in lines:
        if line.billed:
            amount = line.amount if line.tax is None else line.amount + line.tax
            sums[line.definition_id] = sums.get(line.definition_id, ZERO) + amount
            titles.setdefault(line.definition_id, line.description)
    known = {definition.definition_id: definition for definition in contract.definitions}
    return _discounted(
        contract,
        [
            _charge(contract, period, key, _title(contract, known.get(key), titles[key]), amount)
            for key, amount in sums.items()
            if amount
        ],
    )


def _discounted(contract: Contract, charges: list[Charge]) -> list[Charge]:
    """The contract's discount for payment on time goes with the largest of a period's charges (CTR-12)."""
    given = contract.promotional_discount
    if given is None or not charges:
        return charges
    largest = max(charges, key=lambda charge: charge.amount)
    until = largest.due_on - timedelta(days=given.days_before_due)
    with_discount = largest.evolve(discount=OnTimeDiscount(amount=given.amount, until=until))
    return [with_discount if charge is largest else charge for charge in charges]


def booklet(contract: Contract, first: Period, taxes_of: TaxesOf) -> list[Charge]:
    """The charges of the contract's horizon from `first` on: recurring amounts without any usage (CON-07).

    Raises Refused for more charges than can be made at once, and for a tax without a rate.
    """
    instalments_made = []
    instalments = list(_in_force(contract, first))
    for number, (period, given) in enumerate(instalments, start=1):
        rating = rate(replace(given, taxes=taxes_of(contract, period)))
        _require_tax_rates(rating)
        made = of_lines(contract, period, rating.lines)
        instalments_made += [charge.evolve(instalment=(number, len(instalments))) for charge in made]
    if len(instalments_made) > ROOM:
        message = f"O carnê teria {len(instalments_made)} contas; o máximo é {ROOM}. Reduza os meses gerados na ativação."
        raise Refused.because([Refusal("contract.booklet_too_long", message, field="horizon_months")])
    return instalments_made


def _in_force(contract: Contract, period: Period) -> Iterator[tuple[Period, RatingInput]]:
    """The horizon's periods from `period` on, until the contract ends."""
    for _ in range(contract.horizon_months):
        given = terms(contract, period)
        if given is None:
            return
        yield period, given
        period = period_from(period.end, contract.cut_off_day)


def _require_tax_rates(rating: Rating) -> None:
    """An instalment has its tax from the start: nobody is shown an amount before tax."""
    missing = [issue.message for issue in rating.issues if issue.code == "rating.tax_code_unknown"]
    if missing:
        remedy = (
            "cadastre a alíquota, ou troque o código na definição de encargos, antes de gerar as parcelas."
        )
        raise Refused.because(
            [Refusal("contract.tax_code_unknown", f"{missing_code}: {remedy}") for missing_code in missing]
        )


def origins(contract: Contract, period: Period) -> list[ChargeOrigin]:
    """The origins that the contract's definitions may already have charged for the period, in a booklet or an earlier
    freeze."""
    ids = dict.fromkeys(definition.definition_id for definition in contract.definitions)
    return [
        ChargeOrigin(contract_id=contract.id, definition_id=definition_id, reference=period)
        for definition_id in ids
    ]


def _charge(contract: Contract, period: Period, definition_id: str, title: str, amount: Money) -> Charge:
    return Charge(
        id=charge_id(contract.id, definition_id, period, 0),
        customer_id=contract.customer_id,
        company_id=contract.company_id,
        contract_id=contract.id,
        definition_id=definition_id,
        description=f"{contract.number} - {title}"[:120],
        amount=amount,
        due_on=contract.due.due_on(period),
        reference=period,
        payment_profile_id=contract.payment_profile_id,
        grouping=contract.grouping,
    )


def _title(contract: Contract, definition: ChargeDefinition | None, line: str) -> str:
    """The definition's own description; a plan's price without one has the plan's name."""
    if definition is None:
        return line
    if definition.is_by_period and definition.billing_description is None:
        return contract.description
    return definition.title
