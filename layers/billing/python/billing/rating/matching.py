"""Which definition rates what (CHG-02), on which days.

An item's definition replaces, for that item, the header's of the same key, and only that one. Of several definitions
that take one transaction the most exact rates it: its own subcategory before "all", more filters before fewer, a
narrower unit before a wider; at equal exactness the item's own, and then the lower id. So an exception is written by
adding a definition ("bill every work-order charge, but not the tools").
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from billing.core.period import Period
from billing.rating.definition import ALL, Category, ChargeDefinition, Level, Scope
from billing.rating.units import covers

FOREVER = date.max


class Dated(NamedTuple):
    """A version with the days it is in force: [start, end)."""

    definition: ChargeDefinition
    start: date
    end: date

    def within(self, active: Period) -> Period | None:
        start, end = max(self.start, active.start), min(self.end, active.end)
        return Period(start, end) if start < end else None


class Series(NamedTuple):
    """All versions of one definition in force in the period, oldest first."""

    definition_id: str
    item_id: str | None
    versions: tuple[Dated, ...]

    @property
    def first(self) -> ChargeDefinition:
        return self.versions[0].definition


def series_of(definitions: Iterable[ChargeDefinition], active: Period) -> list[Series]:
    """The definitions in force on some day of the active part, by id; a version ends where the next begins."""
    by_id: dict[str, list[ChargeDefinition]] = {}
    for definition in definitions:
        by_id.setdefault(definition.definition_id, []).append(definition)
    found: list[Series] = []
    for definition_id in sorted(by_id):
        versions = tuple(_dated(by_id[definition_id], active))
        if versions:
            found.append(Series(definition_id, versions[-1].definition.item_id, versions))
    return found


def _dated(versions: list[ChargeDefinition], active: Period) -> Iterator[Dated]:
    if len(versions) > 1:
        latest = {v.valid_from: v for v in sorted(versions, key=lambda v: v.version)}
        versions = [latest[start] for start in sorted(latest)]
    for index, version in enumerate(versions):
        end = version.valid_until or FOREVER
        if index + 1 < len(versions):
            end = min(end, versions[index + 1].valid_from)
        if version.valid_from < active.end and end > active.start and version.valid_from < end:
            yield Dated(version, version.valid_from, end)


class Directory:
    """The contract's definitions, asked for by item."""

    def __init__(self, all_series: Sequence[Series]) -> None:
        self.all = all_series
        self._own: dict[str, list[Series]] = {}
        for series in all_series:
            if series.item_id is not None:
                self._own.setdefault(series.item_id, []).append(series)
        self._replaced: dict[tuple[str, str], tuple[Dated, ...]] = {
            (header.definition_id, item_id): tuple(
                dated for series in own if series.first.key == header.first.key for dated in series.versions
            )
            for item_id, own in self._own.items()
            for header in all_series
            if header.item_id is None and header.first.scope is Scope.ITEM
        }

        self._header_pieces: dict[tuple[str, Period], list[tuple[ChargeDefinition, Period]]] = {}

    def has_own(self, item_id: str | None) -> bool:
        return item_id in self._own

    def pieces(
        self, series: Series, item_id: str | None, active: Period
    ) -> list[tuple[ChargeDefinition, Period]]:
        """The versions that rate the item, each with its days; days that the item's own definition rules are left out."""
        replaced = self._replaced.get((series.definition_id, item_id or ""), ())
        if replaced:
            return _pieces(series, active, replaced)
        key = (series.definition_id, active)
        if key not in self._header_pieces:
            self._header_pieces[key] = _pieces(series, active, ())
        return self._header_pieces[key]

    def rules_on(self, series: Series, item_id: str | None, day: date) -> ChargeDefinition | None:
        """The version in force for the item on a day."""
        for other in self._replaced.get((series.definition_id, item_id or ""), ()):
            if other.start <= day < other.end:
                return None
        for dated in series.versions:
            if dated.start <= day < dated.end:
                return dated.definition
        return None


def _pieces(
    series: Series, active: Period, replaced: tuple[Dated, ...]
) -> list[tuple[ChargeDefinition, Period]]:
    found: list[tuple[ChargeDefinition, Period]] = []
    for dated in series.versions:
        part = dated.within(active)
        if part is None:
            continue
        rest = [part]
        for other in replaced:
            rest = [left for each in rest for left in _without(each, other.start, other.end)]
        found.extend((dated.definition, each) for each in rest)
    return found


def _without(part: Period, start: date, end: date) -> list[Period]:
    pieces: list[Period] = []
    if part.start < min(start, part.end):
        pieces.append(Period(part.start, min(start, part.end)))
    if max(end, part.start) < part.end:
        pieces.append(Period(max(end, part.start), part.end))
    return pieces


def candidates(
    directory: Directory,
    *,
    category: Category,
    subcategory: str | None,
    unit: str | None,
    attributes: Mapping[str, str],
    item_id: str | None,
    catalogued: bool = False,
) -> list[Series]:
    """The series of the transaction level that may rate this, the most exact first. No subcategory takes any."""
    found = [
        (_exactness(series, unit), series.definition_id, series)
        for series in directory.all
        if _takes(series, category, subcategory, unit, attributes, item_id, catalogued)
    ]
    return [series for *_, series in sorted(found, key=lambda each: (each[0], each[1]))]


def _takes(
    series: Series,
    category: Category,
    subcategory: str | None,
    unit: str | None,
    attributes: Mapping[str, str],
    item_id: str | None,
    catalogued: bool,
) -> bool:
    definition = series.first
    if definition.category is not category or definition.level is not Level.TRANSACTION:
        return False
    if (
        definition.is_by_period
        or (definition.pricing is not None and definition.pricing.kind == "catalog") != catalogued
    ):
        return False
    if series.item_id is not None and series.item_id != item_id:
        return False
    if subcategory is not None and definition.subcategory not in (ALL, subcategory):
        return False
    return covers(definition.usage_unit, unit) and matches_attributes(definition, attributes)


def matches_attributes(definition: ChargeDefinition, attributes: Mapping[str, str]) -> bool:
    return all(
        wanted is None or attributes.get(name) == wanted
        for name, wanted in (
            ("labour_level", definition.labour_level),
            ("occupation_type", definition.occupation_type),
            ("part_class", definition.part_class),
        )
    )


def _exactness(series: Series, unit: str | None) -> tuple[int, int, int, int]:
    definition = series.first
    filters = (definition.labour_level, definition.occupation_type, definition.part_class)
    widths = {unit: 0, None: 2}
    return (
        definition.subcategory == ALL,
        sum(each is None for each in filters),
        widths.get(definition.usage_unit, 1),
        series.item_id is None,
    )
