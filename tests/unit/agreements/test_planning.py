"""The amounts of a debt agreement: the manual's figures, and every cent in exactly one part."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.agreements.model import AgreementPlan, AgreementRequest
from billing.agreements.planning import against_terms, plan
from billing.agreements.settings import AgreementSettings
from billing.core.errors import Refused
from billing.core.money import Money
from billing.customers.model import PersonKind
from tests.support.billing import customer
from tests.support.invoices import invoice

JUNE, JULY = date(2015, 6, 1), date(2015, 7, 30)
RULES = AgreementSettings(company_id="com_alfa", version=1)
REQUEST = AgreementRequest(
    invoice_ids=("inv_ana0",), instalments=3, first_due_on=date(2015, 8, 29), payment_profile_id="pro_itau"
)


def planned(
    rules: AgreementSettings = RULES, today: date = JULY, due_on: date = JUNE, **changes: Any
) -> AgreementPlan:
    return plan(REQUEST.evolve(**changes), rules, [invoice(due_on=due_on, issued_on=due_on)], today)


@pytest.mark.req("PAY-06")
def test_debt_has_the_amount_of_the_manual() -> None:
    """100.00 from 01/06/2015 to 30/07/2015, 59 days, 2 % and 1 %: the manual's page Parcelar Dívida."""
    agreement = planned()

    (debt,) = agreement.invoices
    assert (debt.days_late, debt.fine, debt.interest, debt.total) == (
        59,
        Money("2.00"),
        Money("2.01"),
        Money("104.01"),
    )
    assert [part.total for part in agreement.instalments] == [Money("34.67")] * 3
    assert [part.due_on for part in agreement.instalments] == [
        date(2015, 8, 29),
        date(2015, 9, 29),
        date(2015, 10, 29),
    ]
    assert agreement.total == Money("104.01")


@pytest.mark.req("PAY-06")
def test_fine_and_interest_are_waived_on_request() -> None:
    assert planned(charges_lateness=False).total == Money("100.00")


@pytest.mark.req("PAY-06")
def test_instalments_bear_interest_from_the_agreement_to_their_due_dates() -> None:
    """As the manual's "Juros Parcela": 0.35, 0.69, 1.04 at 30, 60, 90 days."""
    agreement = planned(RULES.evolve(instalment_interest_percent=Decimal(1)), interval_days=30)

    assert [part.instalment_interest for part in agreement.instalments] == [
        Money("0.35"),
        Money("0.69"),
        Money("1.04"),
    ]
    assert agreement.total == Money("106.09")


@pytest.mark.req("PAY-06", "PAY-05")
@pytest.mark.parametrize(("day", "days"), [(6, 0), (8, 0), (9, 3)], ids=["saturday", "monday", "tuesday"])
def test_days_late_count_from_the_due_date_once_the_next_business_day_is_over(day: int, days: int) -> None:
    """Due on Saturday 06/06/2015."""
    (debt,) = planned(today=date(2015, 6, day), due_on=date(2015, 6, 6)).invoices

    assert (debt.days_late, debt.fine) == (days, Money("2.00") if days else Money("0.00"))


@pytest.mark.req("PAY-06")
@pytest.mark.parametrize(
    ("changes", "rules", "code"),
    [
        ({"instalments": 12}, {}, None),
        ({"instalments": 13}, {}, "agreement.too_many"),
        ({"first_due_on": JULY}, {}, None),
        ({"first_due_on": JULY - timedelta(days=1)}, {}, "agreement.first_due"),
        ({"down_payment": "20.80"}, {"least_down_payment_percent": 20}, None),
        ({"down_payment": "20.79"}, {"least_down_payment_percent": 20}, "agreement.down_payment_low"),
        ({}, {"least_down_payment_percent": 20}, "agreement.down_payment_low"),
        ({"down_payment": "103.98"}, {}, None),
        ({"down_payment": "103.99"}, {}, "agreement.part_zero"),
        ({"down_payment": "104.01"}, {}, "agreement.part_zero"),
    ],
)
def test_request_that_does_not_fit_is_refused(
    changes: dict[str, Any], rules: dict[str, Any], code: str | None
) -> None:
    if code is None:
        planned(RULES.evolve(**rules), **changes)
        return
    with pytest.raises(Refused) as refused:
        planned(RULES.evolve(**rules), **changes)
    assert [reason.code for reason in refused.value.reasons] == [code]


@pytest.mark.req("PAY-06")
@pytest.mark.parametrize(
    ("rules", "kind", "code"),
    [
        (RULES.evolve(version=0), PersonKind.COMPANY, "agreement.not_configured"),
        (RULES, PersonKind.INDIVIDUAL, None),
        (RULES.evolve(fine_percent="2.01"), PersonKind.INDIVIDUAL, "late_charges.fine_above_limit"),
        (RULES.evolve(fine_percent="2.01"), PersonKind.COMPANY, None),
    ],
)
def test_fine_is_configured_and_at_most_two_percent_for_a_consumer(
    rules: AgreementSettings, kind: PersonKind, code: str | None
) -> None:
    document = "52998224725" if kind is PersonKind.INDIVIDUAL else "11222333000181"
    who = customer("cus_ana0", kind=kind, document=document)

    assert [reason.code for reason in against_terms(REQUEST, rules, who)] == ([code] if code else [])
    assert against_terms(REQUEST.evolve(charges_lateness=False), rules, who) == []


@pytest.mark.req("PAY-06")
@given(
    cents=st.lists(st.integers(100, 99_999_999), min_size=1, max_size=12),
    late=st.lists(st.integers(-40, 400), min_size=12, max_size=12),
    count=st.integers(1, 60),
    down=st.integers(0, 99),
    rates=st.tuples(*[st.integers(0, 300)] * 3),
)
def test_every_cent_is_in_one_part(
    cents: list[int], late: list[int], count: int, down: int, rates: tuple[int, int, int]
) -> None:
    fine, interest, instalment = (Decimal(rate) / 100 for rate in rates)
    rules = RULES.evolve(
        fine_percent=fine,
        monthly_interest_percent=interest,
        instalment_interest_percent=instalment,
        most_instalments=360,
    )
    owed = [
        invoice(id=f"inv_{n:04d}", number=n + 1, amount=Money.from_cents(amount), due_on=JULY - timedelta(days=late[n]))
        for n, amount in enumerate(cents)
    ]  # fmt: skip
    entry = Money.from_cents(down) if down else None
    if sum(cents) - down < count:
        count = 1

    agreement = plan(REQUEST.evolve(instalments=count, down_payment=entry), rules, owed, JULY)

    debt = Money.sum(one.total for one in agreement.invoices)
    assert agreement.principal == Money.from_cents(sum(cents))
    assert agreement.principal + agreement.fine + agreement.interest == debt
    assert agreement.total == debt + agreement.instalment_interest
    assert Money.sum(part.total for part in agreement.instalments) == agreement.total
    for part in agreement.instalments:
        pieces = (part.principal, part.fine, part.interest, part.instalment_interest)
        assert Money.sum(pieces) == part.total
        assert min(pieces) >= Money("0.00")
    equal = [part.base.cents for part in agreement.instalments if part.number]
    assert max(equal) - min(equal) <= 1
