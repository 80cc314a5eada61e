"""Subcategory and category lines over the lines below them (CHG-02), and minimum commitments.

A line counts for one definition of each level: its own subcategory's before "all", an item's before the header's, as with
transactions. A category's sum includes its subcategory lines.
"""

from collections.abc import Mapping, Sequence

from billing.core.money import ZERO, Money
from billing.core.period import Period
from billing.rating import levels
from billing.rating.definition import ALL, ChargeDefinition, Level, Scope
from billing.rating.explanation import Trail
from billing.rating.matching import FILTERS, Series, exactness, matches_attributes
from billing.rating.pricing import minimum_commitment
from billing.rating.pricing.minimum_commitment import MinimumCommitment
from billing.rating.run import Below, Run, whole_of
from billing.rating.units import covers

_Group = tuple[str, int, str | None]
"""Definition, version, target."""


def rate_level(run: Run, level: Level) -> None:
    """Every definition of the level, over the lines that are there when it begins."""
    of_level = [series for series in run.directory.all if series.first.level is level]
    if not of_level:
        return
    sums = _sums(run, of_level)
    for series in of_level:
        for item_id in _targets(run, series, sums):
            active = run.active_part(item_id)
            if active is None:
                continue
            for definition, parts in run.directory.by_version(series, item_id, active):
                below = sums.get((series.definition_id, definition.version, item_id), ZERO)
                _level_line(run, definition, item_id, parts, below)


def _targets(run: Run, series: Series, sums: Mapping[_Group, Money]) -> list[str | None]:
    seen = {target for definition_id, _, target in sums if definition_id == series.definition_id}
    return sorted({*run.targets(series), *seen}, key=lambda item_id: item_id or "")


def _sums(run: Run, of_level: list[Series]) -> dict[_Group, Money]:
    """The sum below each definition, version and target."""
    cents: dict[_Group, int] = {}
    by_category: dict[str, list[Series]] = {}
    for series in of_level:
        by_category.setdefault(series.first.category, []).append(series)
    known: dict[tuple[object, ...], list[Series]] = {}
    for below in run.below:
        line = below.line
        wanted = by_category.get(line.category)
        if wanted is None:
            continue
        filters = tuple(map(below.attributes.get, FILTERS)) if below.attributes else None
        own = line.item_id if run.directory.has_own(line.item_id) else None
        kind = (line.category, line.subcategory, line.unit, own, filters)
        found = known.get(kind)
        if found is None:
            found = known[kind] = sorted(
                (series for series in wanted if _takes(series, below)),
                key=lambda series: exactness(series, line.unit),
            )
        group = _first_in_force(run, found, below)
        if group is not None:
            cents[group] = cents.get(group, 0) + line.amount.cents
    return {group: Money.from_cents(amount) for group, amount in cents.items()}


def _first_in_force(run: Run, found: list[Series], below: Below) -> _Group | None:
    item_id = below.line.item_id
    for series in found:
        definition = run.directory.sole(series, item_id)
        if definition is None:
            definition = run.directory.rules_on(series, item_id, below.part.last_day)
        if definition is not None:
            target = None if definition.scope is Scope.CONTRACT else item_id
            return (series.definition_id, definition.version, target)
    return None


def _takes(series: Series, below: Below) -> bool:
    definition, line = series.first, below.line
    return (
        (series.item_id is None or series.item_id == line.item_id)
        and (definition.level is Level.CATEGORY or definition.subcategory in (ALL, line.subcategory))
        and covers(definition.usage_unit, line.unit)
        and matches_attributes(definition, below.attributes)
    )


def _level_line(
    run: Run, definition: ChargeDefinition, item_id: str | None, parts: Sequence[Period], below: Money
) -> None:
    trail = Trail()
    if isinstance(definition.pricing, MinimumCommitment):
        if definition.only_if_positive and below.cents <= 0:
            return
        amount = minimum_commitment.price(trail, definition.pricing, below, run.passage_of(parts))
        kind = "true_up"
    elif levels.applies(below, definition.parameters, only_if_positive=definition.only_if_positive):
        amount = levels.take_level(trail, below, definition.parameters)
        kind = "level"
    else:
        return
    if amount:
        run.add(definition, trail, amount, kind=kind, item_id=item_id, part=whole_of(parts), quantity=False)
