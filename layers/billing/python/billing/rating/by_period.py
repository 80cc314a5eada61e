"""Lines that do not depend on usage: period charges, hourly to yearly, and one-time charges (CHG-01).

A period charge bills exactly as many of its periods as the part in force has: a month by its days over those of the
closing period (30E/360 if the plan says so), a quarter as three months, a year as twelve, a week as seven days.
"""

from decimal import Decimal
from fractions import Fraction

from billing.core.period import Period
from billing.rating import transaction
from billing.rating.definition import ChargeDefinition
from billing.rating.explanation import Trail
from billing.rating.matching import Series
from billing.rating.pricing import flat
from billing.rating.pricing.flat import Flat
from billing.rating.proration import Basis, days_over
from billing.rating.ruling import Ruling
from billing.rating.run import RatingRun

_UNIT_OF = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
}
_MONTHS_IN = {"monthly": 1, "quarterly": 3, "yearly": 12}


def rate_periods(run: RatingRun, series: Series) -> None:
    """One line for each target and version in force."""
    for item_id in run.targets(series):
        active = run.active_part(item_id)
        if active is None:
            continue
        for ruling, part in run.directory.pieces(series, item_id, active):
            _period_line(run, ruling, item_id, part)


def _period_line(run: RatingRun, ruling: Ruling, item_id: str | None, part: Period) -> None:
    model = ruling.pricing
    assert type(model) is Flat
    trail = Trail()
    _count(run, trail, ruling.subcategory, model, part)
    flat.price(trail, model)
    transaction.apply(trail, ruling.adjustments)
    run.add(
        ruling,
        trail,
        transaction.close(trail),
        "fixed" if model.fixed_cost else "recurring",
        item_id,
        part,
        unit=_UNIT_OF[ruling.subcategory],
    )


def _count(run: RatingRun, trail: Trail, frequency: str, model: Flat, part: Period) -> None:
    """How many of the definition's periods the part has."""
    if frequency in _MONTHS_IN:
        _months(run, trail, model, part)
        if frequency != "monthly":
            trail.set_quantity(flat.OF_MONTHS, ("months", Fraction(_MONTHS_IN[frequency]), "definition"))
    elif frequency == "weekly":
        trail.set_quantity(flat.PERIODS, ("periods", Fraction(part.days, 7), "period"))
    else:
        count = part.days * (24 if frequency == "hourly" else 1)
        trail.set_quantity(flat.PERIODS, ("periods", Decimal(count), "period"))


def _months(run: RatingRun, trail: Trail, model: Flat, part: Period) -> None:
    if run.terms.cut_off_day is not None or model.basis is Basis.ACTUAL:
        passage = run.passage(part)
        flat.periods(trail, passage.days, passage.period_days)
    else:
        flat.periods(trail, *days_over(part, run.period, model.basis))


def rate_one_time(run: RatingRun, series: Series) -> None:
    """Billed once, in the period that has the contract's start or its last day."""
    ruling = series.versions[-1].ruling
    if ruling.subcategory == "start":
        is_due = _starts(run, series.first.definition)
    else:
        end = run.terms.contract_end
        is_due = end is not None and run.active.start < end <= run.active.end
    if not is_due:
        return
    assert type(ruling.pricing) is Flat
    for item_id in run.targets(series):
        trail = Trail()
        trail.set_quantity(flat.WHOLE_PERIOD)
        flat.price(trail, ruling.pricing)
        transaction.apply(trail, ruling.adjustments)
        run.add(ruling, trail, transaction.close(trail), "one_time", item_id, run.period)


def _starts(run: RatingRun, first: ChargeDefinition) -> bool:
    """Whether the charge begins in this period: with the contract, or later if it was added later.

    A later version that is the only one in force has changed a charge billed earlier, unless the contract began with
    it.
    """
    start = run.terms.contract_start or first.valid_from
    if first.version > 1 and start < first.valid_from:
        return False
    return max(first.valid_from, start) in run.active
