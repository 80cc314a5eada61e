"""What a closing or an activation charges."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.closings.charges import booklet, proposed
from billing.closings.computing import compute
from billing.closings.model import Adjustment, AdjustmentKind, Closing, start
from billing.closings.terms import Gathered
from billing.contracts.model import Contract, PromotionalDiscount
from billing.core.errors import Refused
from billing.core.money import Money
from billing.core.period import Period
from billing.invoicing.charge import Charge
from billing.invoicing.difference import proposed_minus_existing
from billing.rating.terms import TaxRates
from tests.support.contracts import FEBRUARY_1, JANUARY, PLAN, contract

PERIOD = Period.of_month(JANUARY)
NOON = datetime(2026, 2, 1, 15, tzinfo=UTC)
TWENTIETH = date(2026, 1, 20)


def active(on: date = PERIOD.start, **changes: Any) -> Contract:
    return contract(**changes).activate(on)


def no_taxes(_contract: Contract, _period: Period) -> TaxRates:
    return {}


def closing_and_charges(made: Contract, *signed: int) -> tuple[Closing, list[Charge]]:
    """A computed closing of January with surcharges and discounts in cents, and its charges."""
    closing = start(made, PERIOD)
    for number, cents in enumerate(signed):
        kind = AdjustmentKind.SURCHARGE if cents > 0 else AdjustmentKind.DISCOUNT
        amount = Money.from_cents(abs(cents))
        closing = closing.adjusted(
            Adjustment(
                id=f"adj_{number}",
                kind=kind,
                description="Ajuste",
                amount=amount,
                author_id="usr_ana",
                at=NOON,
            )
        )
    figures = compute(made, closing, Gathered(), FEBRUARY_1)
    closing = closing.computed(figures, on=FEBRUARY_1, at=NOON)
    return closing, proposed(made, closing, figures.lines, is_last=False)


@pytest.mark.req("CLO-04", "CON-07", "CTR-10")
def test_definition_becomes_one_charge_with_the_plans_number_and_name() -> None:
    _, (charge,) = closing_and_charges(active(grouping="matriz"))

    assert (charge.description, charge.amount, charge.due_on, charge.reference) == (
        "1 - Fibra 500 Mega",
        Money("90.00"),
        date(2026, 2, 10),
        PERIOD,
    )
    assert (charge.contract_id, charge.definition_id) == ("con_0001", "def_plan")
    assert (charge.payment_profile_id, charge.grouping) == ("pro_itau", "matriz")


@pytest.mark.req("CLO-04")
def test_definition_with_a_sum_of_zero_makes_no_charge() -> None:
    free = {**PLAN, "definition_id": "def_free", "pricing": {"kind": "flat", "amount": "0.00"}}

    assert [charge.definition_id for charge in closing_and_charges(active(definitions=[PLAN, free]))[1]] == [
        "def_plan"
    ]


@given(st.lists(st.integers(-20_000, 20_000).filter(bool), max_size=8))
@pytest.mark.req("CLO-04")
def test_charges_always_sum_to_the_closings_total(signed: list[int]) -> None:
    closing, charges = closing_and_charges(active(), *signed)

    assert Money.sum(charge.amount for charge in charges) == closing.total
    assert len({charge.id for charge in charges}) == len(charges)


@pytest.mark.req("CTR-04", "CON-07", "CTR-13")
def test_booklet_has_its_instalments_from_the_activation_on() -> None:
    made = active(TWENTIETH, horizon_months=3)

    charges = booklet(made, Period(TWENTIETH, FEBRUARY_1), no_taxes)

    assert [(c.title, str(c.amount), c.due_on) for c in charges] == [
        ("1 - Fibra 500 Mega (1/3)", "34.84", date(2026, 2, 10)),
        ("1 - Fibra 500 Mega (2/3)", "90.00", date(2026, 3, 10)),
        ("1 - Fibra 500 Mega (3/3)", "90.00", date(2026, 4, 10)),
    ]
    assert {charge.closing_id for charge in charges} == {None}


@pytest.mark.req("CON-07")
def test_booklet_ends_with_the_contract() -> None:
    made = active(horizon_months=12, ends_on="2026-02-15")

    assert [(charge.title, str(charge.amount)) for charge in booklet(made, PERIOD, no_taxes)] == [
        ("1 - Fibra 500 Mega (1/2)", "90.00"),
        ("1 - Fibra 500 Mega (2/2)", "45.00"),
    ]


@pytest.mark.req("CON-07")
def test_contract_without_a_horizon_has_no_booklet() -> None:
    assert booklet(active(), PERIOD, no_taxes) == []


@pytest.mark.req("CON-07")
def test_booklet_longer_than_one_transaction_is_refused() -> None:
    two = [PLAN, {**PLAN, "definition_id": "def_tv"}]

    with pytest.raises(Refused, match=r"contract\.booklet_too_long"):
        booklet(active(definitions=two, horizon_months=60), PERIOD, no_taxes)


@pytest.mark.req("CON-07")
def test_month_of_a_booklet_closes_at_nothing_new() -> None:
    made = active(horizon_months=3)

    _, charges = closing_and_charges(made)

    assert proposed_minus_existing(booklet(made, PERIOD, no_taxes)[:1], charges) == []


@pytest.mark.req("CTR-03", "CON-07")
def test_contract_that_ends_inside_a_booked_month_gives_the_rest_back() -> None:
    booked = booklet(active(horizon_months=1), PERIOD, no_taxes)

    _, charges = closing_and_charges(active(horizon_months=1, ends_on="2026-01-11"))
    (credit,) = proposed_minus_existing(booked, charges)

    assert (credit.description, credit.amount) == ("Ajuste: 1 - Fibra 500 Mega", Money("-60.97"))


@pytest.mark.req("CTR-12")
def test_discount_for_payment_on_time_goes_with_each_month_of_the_plan() -> None:
    given = PromotionalDiscount(amount=Money("10.00"), days_before_due=2)

    made = booklet(active(horizon_months=3, promotional_discount=given), PERIOD, no_taxes)

    assert [(c.discount.amount, (c.due_on - c.discount.until).days) for c in made if c.discount] == [
        (Money("10.00"), 2)
    ] * 3
    assert all(c.discount is None for c in booklet(active(horizon_months=3), PERIOD, no_taxes))


@pytest.mark.req("CTR-12", "CLO-12")
def test_adjustment_of_a_booked_month_gives_no_second_discount() -> None:
    given = PromotionalDiscount(amount=Money("10.00"))
    (booked,) = booklet(active(horizon_months=1, promotional_discount=given), PERIOD, no_taxes)

    (more,) = proposed_minus_existing([booked], [booked.evolve(amount=booked.amount + Money("5.00"))])

    assert (more.amount, more.discount) == (Money("5.00"), None)


TAXED = {**PLAN, "taxable": True, "tax_code": "iss"}


@pytest.mark.req("CHG-03", "CON-07")
def test_instalments_of_a_booklet_have_the_tax_of_their_months() -> None:
    rates = {"iss": [(date(2026, 1, 1), Decimal(2)), (date(2026, 3, 1), Decimal(5))]}
    made = active(horizon_months=3, definitions=[TAXED])

    charges = booklet(made, PERIOD, lambda _contract, _period: rates)

    assert [str(charge.amount) for charge in charges] == ["91.80", "91.80", "94.50"]


@pytest.mark.req("CHG-03", "CON-07")
def test_booklet_with_a_tax_that_has_no_rate_is_refused() -> None:
    made = active(horizon_months=3, definitions=[TAXED])

    with pytest.raises(Refused) as refused:
        booklet(made, PERIOD, no_taxes)

    (reason,) = refused.value.reasons
    assert reason.code == "contract.tax_code_unknown"
    assert "Código tributário iss sem alíquota em 01/01/2026: cadastre a alíquota" in reason.message
