"""Late charges, agreements, discounts: what a debt is worth on a day."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.core.errors import Refusal, Refused
from billing.core.money import ZERO, Money
from billing.payments.discounts import discounted, discounted_with_tax, manual_settlement, on_time
from billing.payments.instalments import Interest, Receivable, agreed_debt, instalments
from billing.payments.late_charges import (
    Debt,
    LateCharges,
    LateTerms,
    cover,
    days_between,
    days_late,
    fine_refusal,
    interest_on,
    late_charges,
)
from billing.rating.rounding import Rounding

AGREEMENT = LateTerms(fine_percent=Decimal(2), monthly_interest_percent=Decimal(1), interest_on_fine=True)
BOLETO = LateTerms(fine_percent=Decimal(2), monthly_interest_percent=Decimal(1))
DUE = date(2026, 3, 10)

amounts = st.integers(0, 10**9).map(Money.from_cents)


@pytest.mark.req("PAY-06")
def test_manual_debt_of_100_from_june_1_to_july_30_is_104_01() -> None:
    days = days_between(date(2015, 6, 1), date(2015, 7, 30))
    assert days == 59
    assert late_charges(Money("100.00"), days, AGREEMENT) == LateCharges(
        Money("2.00"), Money("2.01"), Money("104.01")
    )


@pytest.mark.req("PAY-02")
def test_interest_of_a_boleto_is_on_the_principal_alone() -> None:
    assert late_charges(Money("1000.00"), 30, BOLETO).interest == Money("10.00")
    assert late_charges(Money("1000.00"), 30, AGREEMENT).interest == Money("10.20")


@pytest.mark.req("PAY-02")
def test_paid_in_time_costs_nothing() -> None:
    assert late_charges(Money("100.00"), 0, BOLETO) == (ZERO, ZERO, Money("100.00"))
    assert late_charges(Money("100.00"), -1, BOLETO) == (ZERO, ZERO, Money("100.00"))


@pytest.mark.req("PAY-02")
def test_a_single_day_late_costs_the_whole_fine_and_a_day_s_interest() -> None:
    assert late_charges(Money("300.00"), 1, BOLETO) == (Money("6.00"), Money("0.10"), Money("306.10"))


@pytest.mark.req("PAY-02")
def test_profile_that_truncates_truncates_fine_and_interest() -> None:
    cut = LateTerms(fine_percent=Decimal(2), monthly_interest_percent=Decimal(1), rounding=Rounding.TRUNCATE)
    assert late_charges(Money("129.99"), 5, cut) == (Money("2.59"), Money("0.21"), Money("132.79"))
    assert late_charges(Money("129.99"), 5, BOLETO) == (Money("2.60"), Money("0.22"), Money("132.81"))


@given(amounts, st.integers(1, 4000), st.integers(0, 10**6))
def test_interest_is_the_nearest_cent_of_the_exact_amount(amount: Money, days: int, rate: int) -> None:
    percent = Decimal(rate).scaleb(-4)
    exact = Fraction(amount.decimal) * days * Fraction(percent) / 3000
    assert abs(Fraction(interest_on(amount, days, percent).decimal) - exact) <= Fraction(1, 200)


@pytest.mark.req("PAY-05")
@pytest.mark.parametrize(
    ("due", "paid", "days"),
    [
        (date(2026, 3, 7), date(2026, 3, 9), 0),
        (date(2026, 3, 7), date(2026, 3, 10), 3),
        (date(2026, 3, 6), date(2026, 3, 9), 3),
        (date(2026, 2, 16), date(2026, 2, 18), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 0),
        (DUE, DUE, 0),
        (DUE, date(2026, 3, 9), 0),
        (DUE, date(2026, 3, 11), 1),
    ],
    ids=[
        "Saturday",
        "Saturday, a day too late",
        "Friday",
        "Carnaval",
        "20/11",
        "on the day",
        "before",
        "after",
    ],
)
def test_due_on_a_day_without_bank_is_in_time_on_the_next_business_day(
    due: date, paid: date, days: int
) -> None:
    assert days_late(due, paid) == days


@pytest.mark.req("PAY-05")
def test_municipal_holiday_counts_where_it_is_given() -> None:
    feast = date(2026, 3, 19)
    assert days_late(feast, date(2026, 3, 20), [feast]) == 0
    assert days_late(feast, date(2026, 3, 20)) == 1
    assert days_late(date(2026, 3, 21), date(2026, 3, 24), [date(2026, 3, 23)]) == 0


@pytest.mark.req("PAY-02")
def test_fine_above_two_percent_is_refused_for_a_consumer() -> None:
    refusal = fine_refusal(Decimal("2.01"), is_consumer=True)
    assert refusal is not None
    assert refusal == Refusal(
        "late_charges.fine_above_limit",
        "A multa de um consumidor é de no máximo 2 % (CDC, art. 52, § 1º). Reduza a multa.",
        field="fine_percent",
    )
    assert fine_refusal(Decimal(2), is_consumer=True) is None
    assert fine_refusal(Decimal(10), is_consumer=False) is None


@pytest.mark.req("PAY-08")
def test_payment_covers_fine_then_interest_then_principal() -> None:
    debt = Debt(Money("2.00"), Money("1.00"), Money("100.00"))
    assert cover(debt, Money("2.50")).remaining == (ZERO, Money("0.50"), Money("100.00"))
    partial = cover(debt, Money("53.00"))
    assert partial.remaining == (ZERO, ZERO, Money("50.00"))
    assert interest_on(partial.remaining.principal, 30, Decimal(1)) == Money("0.50")
    assert cover(debt, Money("110.00")).left_over == Money("7.00")
    with pytest.raises(ValueError, match=r"^a payment is not negative$"):
        cover(debt, Money("-0.01"))


@pytest.mark.req("PAY-08")
@given(amounts, amounts, amounts, amounts)
def test_every_cent_paid_is_allocated(fine: Money, interest: Money, principal: Money, paid: Money) -> None:
    debt = Debt(fine, interest, principal)
    covered = cover(debt, paid)
    assert covered.paid.total + covered.left_over == paid
    assert covered.paid.total + covered.remaining.total == debt.total


@pytest.mark.req("PAY-06")
@given(amounts, st.integers(1, 60))
def test_instalments_sum_to_the_debt_and_differ_by_a_cent_at_most(total: Money, count: int) -> None:
    parts = [
        instalment.principal for instalment in instalments(total, count, first_due_on=DUE, every_days=30)
    ]
    assert Money.sum(parts) == total
    assert max(parts) - min(parts) <= Money("0.01")
    assert parts == sorted(parts)


@pytest.mark.req("PAY-06")
def test_instalments_fall_due_at_their_interval_and_bear_interest_from_the_agreement() -> None:
    interest = Interest(date(2026, 3, 1), Decimal(3))
    first, second = instalments(Money("200.00"), 2, first_due_on=DUE, every_days=15, interest=interest)
    assert (first.due_on, first.interest, first.total) == (DUE, Money("0.90"), Money("100.90"))
    assert (second.due_on, second.interest) == (date(2026, 3, 25), Money("2.40"))


@pytest.mark.req("PAY-06")
@pytest.mark.parametrize(
    ("count", "every_days", "agreed_on", "code", "title"),
    [
        (0, 30, DUE, "instalments.count", "O número de parcelas vai de 1 a 360."),
        (361, 30, DUE, "instalments.count", "O número de parcelas vai de 1 a 360."),
        (2, 0, DUE, "instalments.interval", "O intervalo entre parcelas é de pelo menos um dia."),
        (
            2,
            30,
            date(2026, 3, 11),
            "instalments.first_due",
            "A primeira parcela vence antes da data do acordo.",
        ),
    ],
)
def test_impossible_agreement_is_refused(
    count: int, every_days: int, agreed_on: date, code: str, title: str
) -> None:
    with pytest.raises(Refused) as refused:
        instalments(
            Money("10.00"),
            count,
            first_due_on=DUE,
            every_days=every_days,
            interest=Interest(agreed_on, Decimal(1)),
        )
    assert (refused.value.code, refused.value.title) == (code, title)


@pytest.mark.req("PAY-06")
def test_agreement_may_have_360_instalments_day_by_day_from_its_own_day() -> None:
    agreed = instalments(
        Money("360.00"), 360, first_due_on=DUE, every_days=1, interest=Interest(DUE, Decimal(3))
    )
    assert agreed[0] == (DUE, Money("1.00"), ZERO, Money("1.00"))
    assert (agreed[30].due_on, agreed[30].interest) == (date(2026, 4, 9), Money("0.03"))
    (only,) = instalments(Money("5.00"), 1, first_due_on=DUE, every_days=1)
    assert only == (DUE, Money("5.00"), ZERO, Money("5.00"))


@pytest.mark.req("PAY-06")
def test_debt_of_an_agreement_is_with_fine_and_interest_or_without() -> None:
    owed = [Receivable(Money("100.00"), date(2015, 6, 1)), Receivable(Money("50.00"), date(2015, 8, 1))]
    day = date(2015, 7, 30)
    assert [debt.total for debt in agreed_debt(owed, day, AGREEMENT)] == [Money("104.01"), Money("50.00")]
    assert agreed_debt(owed, day, None) == [
        (ZERO, ZERO, Money("100.00")),
        (ZERO, ZERO, Money("50.00")),
    ]
    saturday = [Receivable(Money("10.00"), date(2026, 3, 7))]
    holidays = [date(2026, 3, 9)]
    assert agreed_debt(saturday, date(2026, 3, 10), AGREEMENT, holidays)[0].total == Money("10.00")
    assert agreed_debt(saturday, date(2026, 3, 10), AGREEMENT)[0].total == Money("10.21")


@pytest.mark.req("CTR-12", "CTR-13")
def test_on_time_discount_above_a_pro_rata_amount_becomes_zero_and_is_lost_after_the_deadline() -> None:
    amount, discount = Money("34.84"), Money("40.00")
    assert on_time(amount, discount, deadline=DUE, paid_on=DUE) == (Money("34.84"), ZERO)
    assert on_time(amount, discount, deadline=DUE, paid_on=date(2026, 3, 11)) == (ZERO, amount)


@pytest.mark.req("CTR-12")
def test_percent_discounts_come_before_fixed_ones_and_never_below_zero() -> None:
    price = Decimal("100.00")
    assert discounted(Decimal(1), price, percents=[Decimal(10)], fixed=[Money("5.00")]) == Money("85.00")
    assert discounted(Decimal(1), price, percents=[Decimal(50), Decimal(50)]) == Money("25.00")
    assert discounted(Decimal(1), price, fixed=[Money("100.01")]) == ZERO
    line = discounted_with_tax(Decimal(16), Decimal("348.35"), Decimal(4), Decimal(22))
    assert line == (Money("5350.66"), Money("1177.15"), Money("6527.81"))


@pytest.mark.req("INV-08")
def test_manual_settlement_of_another_amount_makes_a_discount_or_a_surcharge() -> None:
    invoice = Money("100.00")
    assert manual_settlement(invoice, None) == (invoice, ZERO, ZERO)
    assert manual_settlement(invoice, Money("80.00")) == (Money("80.00"), Money("20.00"), ZERO)
    assert manual_settlement(invoice, Money("130.00")) == (Money("130.00"), ZERO, Money("30.00"))
    assert manual_settlement(ZERO, None) == (ZERO, ZERO, ZERO)


@pytest.mark.req("INV-08", "PAY-02")
@pytest.mark.parametrize("amount", [ZERO, Money("-1.00")])
def test_manual_settlement_of_nothing_is_refused(amount: Money) -> None:
    with pytest.raises(Refused) as refused:
        manual_settlement(Money("100.00"), amount)
    assert refused.value.code == "settlement.amount"
    assert refused.value.title == "O valor liquidado deve ser maior que zero."


def test_late_terms_take_no_float_and_no_negative_rate() -> None:
    for wrong in (2.0, "-1"):
        with pytest.raises(ValidationError):
            LateTerms.model_validate({"fine_percent": wrong})
    for enter in (
        lambda: late_charges(Money("1.00"), 0.5, BOLETO),  # type: ignore[arg-type]
        lambda: late_charges(Money("1.00"), -0.5, BOLETO),  # type: ignore[arg-type]
        lambda: interest_on(Money("1.00"), 1.5, Decimal(1)),  # type: ignore[arg-type]
        lambda: interest_on(Money("1.00"), 1, 1.5),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError, match="nunca float"):
            enter()
