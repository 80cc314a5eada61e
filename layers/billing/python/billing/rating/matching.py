"""Which definition rates what (CHG-02), on which days.

An item's definition replaces, for that item, the header's of the same key, and only that one. Of several definitions
that match a transaction, the most specific rates it: its own subcategory before "all", more filters before fewer, a
narrower unit before a wider one; if equal, the item's own, and then the lower id. So an exception is written by
adding a definition ("bill every work-order charge, but not the tools").
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from billing.core.period import Period
from billing.rating.definition import ALL, Category, ChargeDefinition, Level
from billing.rating.pricing.catalog import Catalog
from billing.rating.pricing.flat import Flat
from billing.rating.ruling import FILTERS, Ruling, ruling_of
from billing.rating.units import covers

FOREVER = date.max
TRANSACTION: Final = (
    Level.TRANSACTION
)  # an enum's member costs ten times as much as a name, and this is done for every line
USAGE: Final = Category.USAGE
ENERGY: Final = Category.ENERGY
ONE_TIME: Final = Category.ONE_TIME
_NO_FILTERS = (None, None, None)


@dataclass(slots=True, eq=False, repr=False)
class Dated:
    """A version with the days it is in force: [start, end)."""

    ruling: Ruling
    start: date
    end: date

    def within(self, active: Period) -> Period | None:
        if self.start <= active.start and active.end <= self.end:
            return active
        start, end = max(self.start, active.start), min(self.end, active.end)
        return Period(start, end) if start < end else None


@dataclass(slots=True, eq=False, repr=False)
class Series:
    """All versions of one definition in force in the period, oldest first."""

    definition_id: str
    item_id: str | None
    first: Ruling
    """The oldest version; what distinguishes definitions (`key`) is the same in all."""
    versions: tuple[Dated, ...]
    is_constant: bool
    """Whether one version rules every day of the active part."""
    level: Level
    category: Category
    subcategory: str
    usage_unit: str | None
    filters: tuple[str | None, ...]


@dataclass(slots=True, eq=False, repr=False)
class Choice:
    """What may rate one kind of use."""

    candidates: Sequence[Series]
    """The most specific first."""
    always: Ruling | None
    """The version that rates it on every day; None if days differ or nothing rates it."""


def series_of(definitions: Iterable[ChargeDefinition], active: Period) -> list[Series]:
    """The definitions in force on some day of the active part, by id; a version ends where the next begins."""
    by_id: dict[str, list[ChargeDefinition]] = {}
    for definition in definitions:
        by_id.setdefault(definition.definition_id, []).append(definition)
    series: list[Series] = []
    for definition_id in sorted(by_id):
        versions = tuple(_dated(by_id[definition_id], active))
        if versions:
            first = versions[0].ruling
            is_constant = (
                len(versions) == 1 and versions[0].start <= active.start and active.end <= versions[0].end
            )
            series.append(
                Series(
                    definition_id,
                    first.item_id,
                    first,
                    versions,
                    is_constant,
                    first.level,
                    first.category,
                    first.subcategory,
                    first.usage_unit,
                    first.filters,
                )
            )
    return series


def _dated(versions: list[ChargeDefinition], active: Period) -> Iterator[Dated]:
    if len(versions) > 1:
        latest = {v.valid_from: v for v in sorted(versions, key=lambda v: v.version)}
        versions = [latest[start] for start in sorted(latest)]
    for index, version in enumerate(versions):
        end = version.valid_until or FOREVER
        if index + 1 < len(versions):
            end = min(end, versions[index + 1].valid_from)
        if version.valid_from < active.end and end > active.start and version.valid_from < end:
            yield Dated(ruling_of(version), version.valid_from, end)


class DefinitionIndex:
    """The contract's definitions, looked up by item."""

    def __init__(self, all_series: Sequence[Series], active: Period) -> None:
        self.all = all_series
        self._active = active
        self._pieces: dict[str, list[tuple[Ruling, Period]]] = {}
        self._by_version: dict[str, Sequence[tuple[Ruling, Sequence[Period]]]] = {}
        self.by_use: dict[tuple[Category, bool], list[Series]] = {}
        """Transaction-level series that rate usage, by category and by whether they use catalogue prices."""
        self.own: dict[str, list[Series]] = {}
        """Series of one item, by item."""
        for series in all_series:
            if series.item_id is not None:
                self.own.setdefault(series.item_id, []).append(series)
            model = type(series.first.pricing)
            if series.level is TRANSACTION and model is not Flat:
                self.by_use.setdefault((series.category, model is Catalog), []).append(series)
        self._replaced: dict[tuple[str, str], tuple[Dated, ...]] = {}
        for item_id, own in self.own.items():
            for header in all_series:
                versions = _replacing(header, own)
                if versions:
                    self._replaced[header.definition_id, item_id] = versions

    def pieces(self, series: Series, item_id: str | None, active: Period) -> list[tuple[Ruling, Period]]:
        """The versions that rate the item, each with its days, without the days on which the item's own definition
        rates it."""
        replaced = self._replaced.get((series.definition_id, item_id or "")) if self._replaced else None
        if replaced or active is not self._active:
            return _pieces(series, active, replaced or ())
        known = self._pieces.get(series.definition_id)
        if known is None:
            known = self._pieces[series.definition_id] = _pieces(series, active, ())
        return known

    def by_version(
        self, series: Series, item_id: str | None, active: Period
    ) -> Sequence[tuple[Ruling, Sequence[Period]]]:
        """Each version that rates the item, with all its days: in several parts if the item's own definition comes in
        between."""
        if self._replaced or active is not self._active:
            return _by_version(self.pieces(series, item_id, active))
        known = self._by_version.get(series.definition_id)
        if known is None:
            known = self._by_version[series.definition_id] = _by_version(self.pieces(series, item_id, active))
        return known

    def sole(self, series: Series, item_id: str | None) -> Ruling | None:
        """The version that rates the item on every day of the active part; None if days differ."""
        if not series.is_constant or (self._replaced and (series.definition_id, item_id) in self._replaced):
            return None
        return series.first

    def choice(self, series: Sequence[Series], item_id: str | None) -> Choice:
        return Choice(series, self.sole(series[0], item_id) if series else None)

    def chosen(self, choice: Choice, item_id: str | None, day: date) -> Ruling | None:
        """The version that rates the item's use on a day; None if none is in force."""
        for series in choice.candidates:
            ruling = self.sole(series, item_id) or self.rules_on(series, item_id, day)
            if ruling is not None:
                return ruling
        return None

    def rules_on(self, series: Series, item_id: str | None, day: date) -> Ruling | None:
        """The version in force for the item on a day; a day outside the active part counts as the nearest day in it."""
        day = min(max(day, self._active.start), self._active.last_day)
        for other in self._replaced.get((series.definition_id, item_id or ""), ()):
            if other.start <= day < other.end:
                return None
        return next((dated.ruling for dated in series.versions if dated.start <= day < dated.end), None)


def _replacing(header: Series, own: Iterable[Series]) -> tuple[Dated, ...]:
    """The versions of an item's own definitions that replace the header's."""
    if header.item_id is not None or header.first.is_for_contract:
        return ()
    key = header.first.definition.key
    return tuple(dated for series in own if series.first.definition.key == key for dated in series.versions)


def _pieces(series: Series, active: Period, replaced: tuple[Dated, ...]) -> list[tuple[Ruling, Period]]:
    pieces: list[tuple[Ruling, Period]] = []
    for dated in series.versions:
        part = dated.within(active)
        if part is None:
            continue
        if not replaced:
            pieces.append((dated.ruling, part))
            continue
        remaining = [part]
        for other in replaced:
            remaining = [left for period in remaining for left in _without(period, other.start, other.end)]
        pieces.extend((dated.ruling, period) for period in remaining)
    return pieces


def _by_version(pieces: Iterable[tuple[Ruling, Period]]) -> Sequence[tuple[Ruling, Sequence[Period]]]:
    by_version: dict[int, tuple[Ruling, list[Period]]] = {}
    for ruling, part in pieces:
        by_version.setdefault(ruling.version, (ruling, []))[1].append(part)
    return list(by_version.values())


def _without(part: Period, start: date, end: date) -> list[Period]:
    pieces: list[Period] = []
    if part.start < min(start, part.end):
        pieces.append(Period(part.start, min(start, part.end)))
    if max(end, part.start) < part.end:
        pieces.append(Period(max(end, part.start), part.end))
    return pieces


def candidates(
    directory: DefinitionIndex,
    *,
    category: Category,
    subcategory: str | None,
    unit: str | None,
    attributes: Mapping[str, str],
    item_id: str | None,
    catalogued: bool = False,
) -> list[Series]:
    """The series that may rate this use, the most specific first. Without a subcategory, any matches."""
    matching = [
        series
        for series in directory.by_use.get((category, catalogued), ())
        if (series.item_id is None or series.item_id == item_id)
        and (subcategory is None or series.subcategory in (ALL, subcategory))
        and covers(series.usage_unit, unit)
        and matches_attributes(series, attributes)
    ]
    return matching if len(matching) < 2 else sorted(matching, key=lambda series: exactness(series, unit))


def matches_attributes(series: Series, attributes: Mapping[str, str]) -> bool:
    """Whether the definition's filters, those of work orders, let the attributes through."""
    return series.filters == _NO_FILTERS or all(
        value is None or attributes.get(name) == value
        for name, value in zip(FILTERS, series.filters, strict=True)
    )


def exactness(series: Series, unit: str | None) -> tuple[bool, int, int, bool, str]:
    """Sort key that puts the most specific definition first; the id decides between equals."""
    widths = {unit: 0, None: 2}
    return (
        series.subcategory == ALL,
        series.filters.count(None),
        widths.get(series.usage_unit, 1),
        series.item_id is None,
        series.definition_id,
    )
