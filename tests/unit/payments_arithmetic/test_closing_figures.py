"""A closing's total and its periods."""

from datetime import date

import pytest

from billing.closings.figures import Accrued, Figures, MinimumBalance, PendingIssue, PeriodCounter
from billing.closings.periods import early_freeze, freeze_early, may_unfreeze
from billing.closings.totals import ClosingTotals, closing_totals, total_charged
from billing.core.errors import Refused
from billing.core.money import ZERO, Money
from billing.core.period import Month, Period
from billing.rating.terms import RatedItem
from tests.support.rating import definition, iss, monthly, per_unit, rated, used

MARCH = Period(date(2026, 3, 5), date(2026, 4, 5))


@pytest.mark.req("CLO-04")
def test_total_is_production_and_fixed_costs_and_surcharges_less_discounts() -> None:
    fixed = {"subcategory": "monthly", "pricing": {"kind": "flat", "amount": "50.00", "fixed_cost": True}}
    rating = rated(
        definition("a", **fixed),
        definition("b", scope="contract", **fixed),
        monthly("99.90", definition_id="plan", scope="contract"),
        per_unit("1", definition_id="use"),
        per_unit("1", definition_id="off", usage_unit="km", bill=False),
        items=[RatedItem("p1", "Um"), RatedItem("p2", "Dois")],
        usage=[used("10", item_id="p1"), used("9", item_id="p2", unit="km")],
    )
    totals = closing_totals(rating.lines, [Money("30.00"), Money("-45.50"), Money("-0.50")])
    assert totals == ClosingTotals(
        production=Money("109.90"),
        items_fixed=Money("100.00"),
        contract_fixed=Money("50.00"),
        surcharges=Money("30.00"),
        discounts=Money("46.00"),
    )
    assert (totals.total, totals.credit) == (Money("243.90"), ZERO)


@pytest.mark.req("CLO-04")
def test_total_has_the_taxes_of_its_lines() -> None:
    taxed = per_unit("1", taxable=True, tax_code="iss")
    rating = rated(taxed, usage=[used("100")], taxes=iss("5"))
    assert closing_totals(rating.lines).total == rating.total == Money("105.00")


@pytest.mark.req("CLO-04")
def test_below_zero_the_total_is_zero_and_the_rest_credit() -> None:
    totals = ClosingTotals(production=Money("5.00")).adjusted([Money("-20.00")])
    assert (totals.total, totals.credit) == (ZERO, Money("15.00"))
    assert totals.adjusted([]).total == Money("5.00")
    assert totals.adjusted([Money("0.01"), Money("-0.02")]).total == Money("4.99")


@pytest.mark.req("CLO-03")
def test_pages_of_figures_have_fifty_lines_and_two_hundred_of_what_is_small() -> None:
    (line,) = rated(per_unit("1"), usage=[used("1")]).lines
    figures = Figures(lines=(line,) * 51, usage_ids=tuple(map(str, range(201))))
    assert [(len(page.lines), len(page.usage_ids)) for page in figures.pages()] == [(50, 200), (1, 1)]


@pytest.mark.req("CLO-03")
@pytest.mark.parametrize(
    ("figures", "carries"),
    [
        (Figures(), False),
        (Figures(issues=(PendingIssue(code="c", title="t", remedy="r"),)), False),
        (Figures(counters=(PeriodCounter.model_construct(),)), True),
        (Figures(balances=(MinimumBalance.model_construct(),)), True),
        (Figures(accrued=(Accrued.model_construct(),)), True),
        (Figures(usage_months=(Month("2026-03"),)), True),
        (Figures(usage_ids=("use_1",)), True),
    ],
)
def test_next_closing_needs_counters_balances_and_what_was_used(figures: Figures, carries: bool) -> None:
    assert figures.carries is carries


@pytest.mark.req("CLO-03")
def test_hash_of_figures_stays_as_it_was_stored() -> None:
    issue = PendingIssue(code="c", title="t", remedy="r", item_id="A")
    assert Figures(issues=(issue,), usage_ids=("use_1",)).content_hash == (
        "efd52b67446dce70179c7511512da99800f6fe5b23b9e4ba30042774b07491b7"
    )


@pytest.mark.req("CLO-09")
def test_amount_charged_differs_by_an_adjustment_of_its_own() -> None:
    assert total_charged(Money("1000.00"), Money("950.00")) == (Money("-50.00"), Money("950.00"))


@pytest.mark.req("CLO-08")
def test_freeze_before_the_end_merges_the_rest_or_leaves_it_a_closing_of_its_own() -> None:
    day = date(2026, 3, 20)
    frozen = Period(MARCH.start, day)
    assert early_freeze(MARCH, day, 5, merge_remaining=True) == (frozen, Period(day, date(2026, 5, 5)))
    assert early_freeze(MARCH, day, 5, merge_remaining=False) == (frozen, Period(day, MARCH.end))
    february = Period(date(2026, 1, 31), date(2026, 2, 28))
    assert early_freeze(february, date(2026, 2, 10), 31, merge_remaining=True)[1].end == date(2026, 3, 31)


@pytest.mark.req("CLO-08")
@pytest.mark.parametrize("day", [MARCH.start, MARCH.end, date(2026, 3, 4)])
def test_freeze_early_is_within_the_period(day: date) -> None:
    with pytest.raises(Refused) as refused:
        freeze_early(MARCH, day, next_end=date(2026, 5, 5), merge_remaining=True)
    assert refused.value.code == "closing.freeze_day"
    assert refused.value.title == (
        "O congelamento antecipado é em um dia depois do início e antes do fim do período."
    )


@pytest.mark.req("CLO-07")
def test_unfreezing_is_open_for_thirty_days_the_last_included() -> None:
    assert may_unfreeze(date(2026, 3, 5), date(2026, 4, 4))
    assert not may_unfreeze(date(2026, 3, 5), date(2026, 4, 5))
