"""Taxes withheld by who pays: rates by date, waivers after rounding, parts that sum to the whole."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.core.money import ZERO, Money
from billing.payments.withholdings import (
    FEDERAL,
    Contribution,
    ContributionRate,
    Withholding,
    WithholdingTable,
    withhold,
)

TODAY, REFORM = date(2026, 3, 10), date(2027, 1, 1)
CONTRIBUTIONS = Withholding(contributions=True)


@pytest.mark.req("PAY-07")
@pytest.mark.parametrize(
    ("base", "withheld"),
    [("215.16", "0.00"), ("215.17", "10.01"), ("10000.00", "465.00")],
)
def test_contributions_are_waived_up_to_ten_after_rounding(base: str, withheld: str) -> None:
    assert withhold(Money(base), CONTRIBUTIONS, paid_on=TODAY).contributions == Money(withheld)


@pytest.mark.req("PAY-07")
def test_income_tax_is_waived_up_to_ten_after_rounding() -> None:
    asked = Withholding(irrf_percent=Decimal("1.5"))
    assert withhold(Money("666.99"), asked, paid_on=TODAY).irrf == ZERO
    assert withhold(Money("667.00"), asked, paid_on=TODAY).irrf == Money("10.01")


@pytest.mark.req("PAY-07")
def test_from_2027_only_csll_remains_by_the_day_of_payment() -> None:
    last = withhold(Money("1100.00"), CONTRIBUTIONS, paid_on=date(2026, 12, 31))
    assert (last.pis, last.cofins, last.csll) == (Money("7.15"), Money("33.00"), Money("11.00"))
    first = withhold(Money("1100.00"), CONTRIBUTIONS, paid_on=REFORM)
    assert (first.pis, first.cofins, first.csll, first.net) == (ZERO, ZERO, Money("11.00"), Money("1089.00"))
    assert withhold(Money("1000.00"), CONTRIBUTIONS, paid_on=REFORM).total == ZERO


@pytest.mark.req("PAY-07")
def test_each_tax_is_withheld_of_the_gross_amount() -> None:
    asked = Withholding(
        irrf_percent=Decimal("1.5"), contributions=True, iss_percent=Decimal(5), inss_percent=Decimal(11)
    )
    withheld = withhold(Money("10000.00"), asked, paid_on=TODAY)
    assert (withheld.irrf, withheld.iss, withheld.inss) == (
        Money("150.00"),
        Money("500.00"),
        Money("1100.00"),
    )
    assert (withheld.total, withheld.net) == (Money("2215.00"), Money("7785.00"))


@pytest.mark.req("PAY-07")
def test_no_waiver_for_iss_and_inss() -> None:
    asked = Withholding(iss_percent=Decimal(2), inss_percent=Decimal(11))
    withheld = withhold(Money("10.00"), asked, paid_on=TODAY)
    assert (withheld.iss, withheld.inss) == (Money("0.20"), Money("1.10"))


@pytest.mark.req("PAY-07")
@given(st.integers(0, 10**10).map(Money.from_cents))
def test_parts_sum_to_the_rounded_whole_and_net_and_withheld_to_the_gross(base: Money) -> None:
    withheld = withhold(base, CONTRIBUTIONS, paid_on=TODAY)
    whole = Money.rounded(base.decimal * Decimal("0.0465"))
    assert withheld.contributions == (whole if whole > Money("10.00") else ZERO)
    assert withheld.net + withheld.total == base


@pytest.mark.req("PAY-07")
def test_table_with_other_dates_rates_and_waivers_rules() -> None:
    rate = ContributionRate(contribution=Contribution.PIS, percent=Decimal(1), valid_from=TODAY)
    table = WithholdingTable(contributions=(rate,), contributions_waived_up_to=Money("1.00"))
    assert withhold(Money("101.00"), CONTRIBUTIONS, paid_on=TODAY, table=table).pis == Money("1.01")
    assert withhold(Money("100.00"), CONTRIBUTIONS, paid_on=TODAY, table=table).pis == ZERO
    assert withhold(Money("101.00"), CONTRIBUTIONS, paid_on=date(2026, 3, 9), table=table).total == ZERO


@pytest.mark.req("PAY-07")
def test_rate_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"Value error, o fim da vigência é anterior ao início "):
        ContributionRate(
            contribution=Contribution.PIS, percent=Decimal(1), valid_from=TODAY, valid_until=TODAY
        )
    assert WithholdingTable.model_validate(FEDERAL.to_map()) == FEDERAL
