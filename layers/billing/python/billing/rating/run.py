"""One contract and period being rated: the input, what is known about its items, and the results so far."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from billing.catalog.prices import in_force
from billing.core.money import Money
from billing.core.period import Month, Period, add_months
from billing.rating.carry_over import CarryOverMovement
from billing.rating.definition import Category
from billing.rating.exact import record
from billing.rating.explanation import Trail
from billing.rating.lines import MeterPosition, RatedLine, RatingIssue, line_id
from billing.rating.matching import TRANSACTION, DefinitionIndex, Series, series_of
from billing.rating.pricing.partial_passage import WHOLE, Passage
from billing.rating.proration import month_start, months_of, sum_of_days
from billing.rating.ruling import Ruling
from billing.rating.taxes import tax
from billing.rating.terms import NO_ATTRIBUTES, RatedItem, RatingInput

Below = tuple[Category, str, str | None, str | None, int, Period, Mapping[str, str]]
"""A billed line as the levels above see it: category, subcategory, unit, item, cents, the days that it covers, and
its transaction's attributes. A plain tuple, because every level looks at every line."""


class RatingRun:
    """The accumulating state of `rate()`; made once for each call."""

    def __init__(self, terms: RatingInput) -> None:
        self.terms = terms
        self.period = terms.period
        self.active = terms.active or terms.period
        self.items: dict[str, RatedItem] = {item.item_id: item for item in terms.items}
        self.item_ids = sorted(self.items)
        self.directory = DefinitionIndex(series_of(terms.definitions, self.active), self.active)
        self._summed = {series.category for series in self.directory.all if series.level is not TRANSACTION}
        self.store: dict[tuple[str, str | None], Decimal] = dict(terms.carry_over)
        self.lines: list[RatedLine] = []
        self.below: list[Below] = []
        self.issues: set[RatingIssue] = set()
        self._without_rate: dict[str, date] = {}
        """The first day on which each tax code has no rate."""
        self.movements: list[CarryOverMovement] = []
        self.positions: list[MeterPosition] = []
        self.prices: dict[tuple[str, int, int], tuple[Decimal, Month]] = {}
        """Catalogue prices looked up so far, by billing item, year and month of use."""
        self.meter_units: dict[str, set[str]] = {}
        for meter in terms.meters:
            self.meter_units.setdefault(meter.item_id, set()).add(meter.unit)
        self._start = terms.period.start.isoformat()
        self._whole = WHOLE if terms.cut_off_day is None else None
        self._days: dict[date, Period] = {}

    def active_part(self, item_id: str | None) -> Period | None:
        """The days that count for an item: its own within the contract's; None if there are none."""
        item = self.items.get(item_id) if item_id is not None else None
        if item is None:
            return self.active if item_id is None or not self.items else None
        return self.active if item.active is None else self.active.intersection(item.active)

    def day(self, on: date) -> Period:
        known = self._days.get(on)
        if known is None:
            known = self._days[on] = Period(on, on + timedelta(days=1))
        return known

    def targets(self, series: Series) -> Sequence[str | None]:
        """What a definition applies to: its item, the contract, or each of its items (or the contract itself, if it
        has none)."""
        if series.item_id is not None:
            return (series.item_id,)
        if series.first.is_for_contract or not self.item_ids:
            return (None,)
        return self.item_ids

    def passage(self, *parts: Period) -> Passage:
        """The parts' days over those of the period; by whole closing months if the cut-off day is given."""
        if self._whole is None:
            assert self.terms.cut_off_day is not None
            months = (0, 1)
            for part in parts:
                months = sum_of_days(months, months_of(part, self.terms.cut_off_day))
            return Passage(*months)
        if len(parts) == 1 and (parts[0] is self.period or parts[0] == self.period):
            return self._whole
        return Passage(sum(part.days for part in parts), self.period.days)

    def by_month(self, parts: Sequence[Period]) -> dict[Month, list[Period]]:
        """The days of the parts, by the month in which their closing month starts."""
        cut_off_day = self.terms.cut_off_day
        if cut_off_day is None:
            return {Month.of(self.period.start): [*parts]}
        months: dict[Month, list[Period]] = {}
        for part in parts:
            day = part.start
            while day < part.end:
                start = month_start(day, cut_off_day)
                end = min(part.end, add_months(start, 1, anchor_day=cut_off_day))
                months.setdefault(Month.of(start), []).append(Period(day, end))
                day = end
        return months

    def issue(self, code: str, message: str, item_id: str | None = None) -> None:
        self.issues.add(RatingIssue(code, message, item_id))

    def add(
        self,
        ruling: Ruling,
        trail: Trail,
        amount: Money,
        kind: str,
        item_id: str | None,
        part: Period,
        *,
        discriminator: str = "",
        subcategory: str | None = None,
        description: str | None = None,
        label: str = "",
        quantity: bool = True,
        unit: str | None = None,
        attributes: Mapping[str, str] = NO_ATTRIBUTES,
        taxed_on: date | None = None,
    ) -> None:
        """Finish a computed line: tax, id, and its place among the lines that the levels add up.

        The tax rate is that of the part's first day, unless `taxed_on` is given.
        """
        definition_id, version = ruling.definition_id, ruling.version
        taxed = self._tax(ruling, trail, taxed_on or part.start) if ruling.is_taxable else None
        since = self._start if part is self.period else part.start.isoformat()
        line = record(
            RatedLine,
            (
                line_id(f"{definition_id}|{item_id or ''}|{kind}|{self._start}|{since}|{discriminator}"),
                definition_id,
                item_id,
                ruling.category,
                subcategory or ruling.subcategory,
                ruling.level,
                (description or ruling.title) + label,
                trail.quantity if quantity else None,
                unit,
                amount,
                taxed,
                ruling.is_billed,
                kind,
                trail.explanation(definition_id, version),
            ),
        )
        self.lines.append(line)
        if ruling.is_billed and ruling.category in self._summed:
            self.below.append(
                (ruling.category, line.subcategory, unit, item_id, amount.cents, part, attributes)
            )

    def _tax(self, ruling: Ruling, trail: Trail, on: date) -> Money | None:
        code = ruling.definition.tax_code
        assert code is not None
        rate = in_force(self.terms.taxes.get(code, ()), on)
        if rate is not None:
            return tax(trail, code, *rate)
        self._without_rate[code] = min(on, self._without_rate.get(code, on))
        return None

    def all_issues(self) -> list[RatingIssue]:
        """In order; a tax code without a rate is reported once, with the first day that needs it."""
        for code, on in self._without_rate.items():
            self.issue("rating.tax_code_unknown", f"Código tributário {code} sem alíquota em {on:%d/%m/%Y}")
        return sorted(self.issues, key=lambda issue: (issue.code, issue.item_id or "", issue.message))


def whole_of(parts: Sequence[Period]) -> Period:
    """From the start of the first part to the end of the last one."""
    return parts[0] if len(parts) == 1 else Period(parts[0].start, parts[-1].end)
