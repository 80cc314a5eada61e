"""Subcategory and category lines over the lines below them (CHG-02), and minimum commitments.

A line counts for one definition of each level: that of its own subcategory before "all", an item's before the
header's, as with transactions. A category's sum includes its subcategory lines.
"""

from collections.abc import Mapping, Sequence

from billing.core.money import ZERO, Money
from billing.core.period import Period
from billing.rating import levels
from billing.rating.definition import ALL, Level
from billing.rating.explanation import Trail
from billing.rating.matching import Choice, Series, exactness, matches_attributes
from billing.rating.pricing import minimum_commitment
from billing.rating.pricing.minimum_commitment import MinimumCommitment
from billing.rating.ruling import FILTERS, Ruling
from billing.rating.run import Below, RatingRun, whole_of
from billing.rating.units import covers

_Group = tuple[str, int, str | None]
"""Definition, version, target."""


def rate_level(run: RatingRun, level: Level) -> None:
    """Every definition of the level, over the lines that exist when it begins."""
    of_level = [series for series in run.directory.all if series.level is level]
    if not of_level:
        return
    sums = _sums(run, of_level)
    for series in of_level:
        for item_id in _targets(run, series, sums):
            active = run.active_part(item_id)
            if active is None:
                continue
            for ruling, parts in run.directory.by_version(series, item_id, active):
                below = sums.get((series.definition_id, ruling.version, item_id), ZERO)
                _level_line(run, ruling, item_id, parts, below)


def _targets(run: RatingRun, series: Series, sums: Mapping[_Group, Money]) -> list[str | None]:
    seen = {target for definition_id, _, target in sums if definition_id == series.definition_id}
    return sorted({*run.targets(series), *seen}, key=lambda item_id: item_id or "")


def _sums(run: RatingRun, of_level: list[Series]) -> dict[_Group, Money]:
    """The sum below each definition, version and target."""
    cents: dict[_Group, int] = {}
    by_category: dict[str, list[Series]] = {}
    for series in of_level:
        by_category.setdefault(series.category, []).append(series)
    known: dict[tuple[object, ...], Choice] = {}
    for below in run.below:
        category, subcategory, unit, item_id, amount, part, attributes = below
        filters = tuple(map(attributes.get, FILTERS)) if attributes else None
        own = item_id if item_id in run.directory.own else None
        kind = (category, subcategory, unit, own, filters)
        choice = known.get(kind)
        if choice is None:
            choice = known[kind] = _choice(run, by_category.get(category, ()), below, own)
        if not choice.candidates:
            continue
        ruling = choice.always or run.directory.chosen(choice, item_id, part.last_day)
        if ruling is not None:
            group = (
                ruling.definition_id,
                ruling.version,
                None if ruling.is_for_contract else item_id,
            )
            cents[group] = cents.get(group, 0) + amount
    return {group: Money.from_cents(total) for group, total in cents.items()}


def _choice(run: RatingRun, wanted: Sequence[Series], below: Below, own: str | None) -> Choice:
    takers = [series for series in wanted if _takes(series, below)]
    takers.sort(key=lambda series: exactness(series, below[2]))
    return run.directory.choice(takers, own)


def _takes(series: Series, below: Below) -> bool:
    _, subcategory, unit, item_id, _, _, attributes = below
    return (
        (series.item_id is None or series.item_id == item_id)
        and (series.level is Level.CATEGORY or series.subcategory in (ALL, subcategory))
        and covers(series.usage_unit, unit)
        and matches_attributes(series, attributes)
    )


def _level_line(
    run: RatingRun, ruling: Ruling, item_id: str | None, parts: Sequence[Period], below: Money
) -> None:
    definition, model = ruling.definition, ruling.pricing
    trail = Trail()
    if model is not None:
        assert type(model) is MinimumCommitment
        if definition.only_if_positive and below.cents <= 0:
            return
        amount = minimum_commitment.price(trail, model, below, run.passage(*parts))
        kind = "true_up"
    elif levels.applies(below, ruling.adjustments, only_if_positive=definition.only_if_positive):
        amount = levels.take_adjustment(trail, below, ruling.adjustments)
        kind = "level"
    else:
        return
    if amount:
        run.add(ruling, trail, amount, kind, item_id, whole_of(parts), quantity=False)
