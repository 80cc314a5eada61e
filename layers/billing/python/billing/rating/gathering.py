"""Usage and meters, grouped under the definition that rates them, by item and days.

A gathering is the input for one aggregated line (or one allowance). Addition is exact and sorting is by content, so
the order of arrival never matters.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from billing.core.period import Period
from billing.rating import meters
from billing.rating.definition import Category
from billing.rating.explanation import ZERO, Trail
from billing.rating.lines import MeterPosition
from billing.rating.matching import Choice, DefinitionIndex, Series, candidates, series_of
from billing.rating.meters import Position, RatedMeter
from billing.rating.pricing.percentage import Percentage
from billing.rating.ruling import FILTERS, Ruling
from billing.rating.run import RatingRun
from billing.rating.terms import NO_ATTRIBUTES, MeterInput, UsageQuantity
from billing.rating.transaction import NOTHING, TAKE

_BY_QUANTITY = frozenset({Category.USAGE, Category.ENERGY})


@dataclass(slots=True, eq=False, repr=False)
class Metered:
    """A meter's count over some days."""

    meter: RatedMeter
    position: Position
    units_before: Decimal
    item_id: str
    unit: str

    @property
    def units(self) -> Decimal:
        return self.position.units - self.units_before


class Gathering:
    """The quantities of one definition's version for one target."""

    __slots__ = ("entries", "metered")

    def __init__(self) -> None:
        self.entries: list[UsageQuantity] = []
        self.metered: list[Metered] = []

    @property
    def is_estimated(self) -> bool:
        return any(meter.position.is_estimated for meter in self.metered)

    def unit(self) -> str | None:
        """The one that all quantities share, if they do."""
        units = {entry.unit for entry in self.entries} | {entry.unit for entry in self.metered}
        return units.pop() if len(units) == 1 else None

    def take(self, trail: Trail) -> None:
        """The trail's quantity becomes the sum of everything gathered, its sources kept."""
        for meter in self.metered:
            meters.take(trail, meter.meter, meter.position, meter.units_before)
        if self.entries:
            total = sum((entry.quantity for entry in self.entries), ZERO)
            trail.set_quantity(TAKE, ("quantity", total, f"usage:{len(self.entries)}"))
        elif not self.metered:
            trail.set_quantity(NOTHING)

    def take_pool(self, trail: Trail) -> None:
        """The sum of everybody's use in one step; each user's own use is explained in the user's own line."""
        users = self.by_user()
        trail.set_quantity(TAKE, ("quantity", sum(users.values(), ZERO), f"pool:{len(users)}"))

    def by_user(self) -> dict[tuple[str, str], Decimal]:
        """Quantities by item and production type, in that order."""
        users: dict[tuple[str, str], Decimal] = {}
        for entry in self.entries:
            user = (entry.item_id or "", entry.unit or "")
            users[user] = users.get(user, ZERO) + entry.quantity
        for meter in self.metered:
            user = (meter.item_id, meter.unit)
            users[user] = users.get(user, ZERO) + meter.units
        return dict(sorted(users.items()))


Groups = dict[str, dict[tuple[str | None, int], Gathering]]
"""By definition; within it by target and version."""


class Chooser:
    """Finds the definition that rates a quantity; remembers the answer for quantities of the same kind."""

    def __init__(self, run: RatingRun, directory: DefinitionIndex | None = None) -> None:
        self._run = run
        self._directory = directory or run.directory
        self._known: dict[tuple[object, ...], Choice] = {}
        self._of_meter: dict[str, list[tuple[Ruling, Period]]] = {}

    def ruling_of(self, entry: UsageQuantity) -> Ruling | None:
        """The version that rates the entry on its day; None, with an issue, if there is none."""
        if not self._counts(entry):
            return None
        ruling = self._late_ruling(entry) if entry.is_late else None
        if ruling is None:
            ruling = self.chosen(entry)
        if ruling is not None:
            return ruling
        self._run.issue(
            "rating.usage_without_definition",
            f"Uso sem encargo definido: {entry.subcategory}"
            f"{' em ' + entry.unit if entry.unit else ''}. Cadastre a definição de encargo no contrato.",
            entry.item_id,
        )
        return None

    def chosen(self, entry: UsageQuantity) -> Ruling | None:
        choice = self._choice(entry)
        return choice.always or self._directory.chosen(choice, entry.item_id, entry.on)

    def _late_ruling(self, entry: UsageQuantity) -> Ruling | None:
        """The version in force on a late transaction's own day, so that its amount is what it would have been
        (CLO-11)."""
        if entry.category in _BY_QUANTITY or entry.on >= self._run.active.start:
            return None
        return self._before.chosen(entry)

    @cached_property
    def _before(self) -> "Chooser":
        """The same for the days before the period, from the first day of late use."""
        start = self._run.active.start
        since = min(entry.on for entry in self._run.terms.usage if entry.is_late)
        days = Period(since, start)
        return Chooser(self._run, DefinitionIndex(series_of(self._run.terms.definitions, days), days))

    def _counts(self, entry: UsageQuantity) -> bool:
        run = self._run
        active = run.active_part(entry.item_id)
        if active is None and entry.is_late and entry.category not in _BY_QUANTITY:
            return True  # from an item that has left since
        if active is not None and (entry.is_late or active.start <= entry.on < active.end):
            return True
        if active is None and entry.item_id not in run.items:
            run.issue(
                "rating.item_not_in_contract",
                "Uso de um item que não está no contrato. Inclua o item no contrato ou corrija o uso.",
                entry.item_id,
            )
            return False
        run.issue(
            "rating.usage_outside_period",
            f"Uso de {entry.on:%d/%m/%Y} fora do período ativo: não foi cobrado aqui.",
            entry.item_id,
        )
        return False

    def _choice(self, entry: UsageQuantity) -> Choice:
        directory = self._directory
        own = entry.item_id if entry.item_id in directory.own else None
        catalogued = entry.billing_item_id is not None
        filters = tuple(map(entry.attributes.get, FILTERS)) if entry.attributes else None
        key = (entry.category, entry.subcategory, entry.unit, own, filters, catalogued)
        choice = self._known.get(key)
        if choice is None:
            series = candidates(
                directory,
                category=entry.category,
                subcategory=entry.subcategory,
                unit=entry.unit,
                attributes=entry.attributes,
                item_id=own,
                catalogued=catalogued,
            )
            choice = self._known[key] = directory.choice(series, own)
        return choice

    def of_meter(self, meter: MeterInput, active: Period) -> list[tuple[Ruling, Period]]:
        """The versions that rate the meter, each with its days, in order of days."""
        if meter.item_id in self._run.directory.own or active is not self._run.active:
            return self._rating_meter(meter.unit, meter.item_id, active)
        rulings = self._of_meter.get(meter.unit)
        if rulings is None:
            rulings = self._of_meter[meter.unit] = self._rating_meter(meter.unit, None, active)
        return rulings

    def _rating_meter(self, unit: str, item_id: str | None, active: Period) -> list[tuple[Ruling, Period]]:
        """Definitions by use first, then sub-metered energy; the most specific one rates each day."""
        directory = self._run.directory
        series = [
            candidate
            for category in (Category.USAGE, Category.ENERGY)
            for candidate in candidates(
                directory,
                category=category,
                subcategory=None,
                unit=unit,
                attributes=NO_ATTRIBUTES,
                item_id=item_id,
            )
            if category is Category.USAGE or _is_sub_metered(candidate)
        ]
        ruled: list[tuple[Ruling, Period]] = []
        remaining = [active]
        for candidate in series:
            left: list[Period] = []
            for gap in remaining:
                pieces = directory.pieces(candidate, item_id, gap)
                ruled.extend(pieces)
                left.extend(_gaps(gap, [part for _, part in pieces]))
            remaining = left
        return sorted(ruled, key=lambda piece: piece[1].start)


def gather(run: RatingRun, chooser: Chooser) -> tuple[Groups, list[UsageQuantity]]:
    """Everything that is rated by quantity, under its definition, and the transactions that are rated one by one."""
    groups: Groups = {}
    transactions: list[UsageQuantity] = []
    for entry in run.terms.usage:
        if entry.category not in _BY_QUANTITY:
            if entry.quantity:
                transactions.append(entry)
            continue
        ruling = chooser.ruling_of(entry)
        if ruling is not None and (entry.quantity or type(ruling.pricing) is Percentage):
            _group(groups, ruling, entry.item_id).entries.append(entry)
    for meter in sorted(run.terms.meters, key=attrgetter("item_id", "unit")):
        _gather_meter(run, chooser, groups, meter)
    return groups, transactions


def _gather_meter(run: RatingRun, chooser: Chooser, groups: Groups, given: MeterInput) -> None:
    active = run.active_part(given.item_id)
    if active is None:
        return
    before, last = given.billed_before, None
    for ruling, part in chooser.of_meter(given, active):
        meter = _meter(given, ruling, active)
        last = _position(given, meter, part.end)
        _group(groups, ruling, given.item_id).metered.append(
            Metered(meter, last, before, given.item_id, given.unit)
        )
        before = last.units
    if last is None:
        run.issue(
            "rating.usage_without_definition",
            f"Medidor sem encargo definido: {given.unit}. Cadastre a definição de encargo no contrato.",
            given.item_id,
        )
        return
    run.positions.append(
        MeterPosition(
            given.item_id,
            given.unit,
            given.billed_before,
            last.units,
            last.is_estimated,
            last.days_since_reading,
        )
    )
    if last.days_since_reading >= active.days and not last.is_estimated:
        run.issue(
            "rating.reading_missing",
            "Medidor sem leitura no período: lance a leitura ou informe o uso diário estimado.",
            given.item_id,
        )


def _position(given: MeterInput, meter: RatedMeter, end: date) -> Position:
    """Without any reading and without the meter's first day, estimates continue from what was billed before."""
    position = meter.position(end)
    if position.reading_on is not None or given.since is not None:
        return position
    return position._replace(
        units=position.units + given.billed_before, counted=position.counted + given.billed_before
    )


def _meter(given: MeterInput, ruling: Ruling, active: Period) -> RatedMeter:
    initial = given.initial if given.initial is not None else ruling.initial_meter_value
    daily = given.daily_estimate if given.daily_estimate is not None else ruling.daily_estimate
    since: date = given.since if given.since is not None else active.start
    return RatedMeter(initial or ZERO, since, given.readings, daily)


def _group(groups: Groups, ruling: Ruling, item_id: str | None) -> Gathering:
    of_definition = groups.setdefault(ruling.definition_id, {})
    key = (None if ruling.is_for_contract or ruling.is_pooled else item_id, ruling.version)
    gathering = of_definition.get(key)
    if gathering is None:
        gathering = of_definition[key] = Gathering()
    return gathering


def _is_sub_metered(series: Series) -> bool:
    energy = series.first.definition.energy
    return energy is not None and energy.sub_metering


def _gaps(whole: Period, parts: list[Period]) -> list[Period]:
    """The parts of the whole that are not covered."""
    gaps, start = [], whole.start
    for part in sorted(parts):
        if start < part.start:
            gaps.append(Period(start, part.start))
        start = part.end
    if start < whole.end:
        gaps.append(Period(start, whole.end))
    return gaps
