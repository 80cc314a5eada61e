"""One contract and period being rated: what was asked, what is known about its items, and what came out so far."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing.core.ids import derived_id
from billing.core.period import Period
from billing.rating.carry_over import CarryOverMovement
from billing.rating.definition import ChargeDefinition, Scope
from billing.rating.exact import to_cents
from billing.rating.explanation import Trail
from billing.rating.lines import MeterPosition, RatedLine, RatingIssue
from billing.rating.matching import Directory, Series, series_of
from billing.rating.pricing.partial_passage import WHOLE, Passage
from billing.rating.proration import months_of
from billing.rating.taxes import tax
from billing.rating.terms import NO_ATTRIBUTES, RatedItem, RatingInput


class Below(NamedTuple):
    """A billed line as the levels above see it."""

    line: RatedLine
    on: date
    """The last day it is about."""
    attributes: Mapping[str, str]


class Run:
    """The accumulating state of `rate()`; made once for each call."""

    def __init__(self, terms: RatingInput) -> None:
        self.terms = terms
        self.period = terms.period
        self.active = terms.active or terms.period
        self.items: dict[str, RatedItem] = {item.item_id: item for item in terms.items}
        self.item_ids = sorted(self.items)
        self.directory = Directory(series_of(terms.definitions, self.active))
        self.store: dict[tuple[str, str | None], Decimal] = dict(terms.carry_over)
        self.lines: list[RatedLine] = []
        self.below: list[Below] = []
        self.issues: set[RatingIssue] = set()
        self.movements: list[CarryOverMovement] = []
        self.positions: list[MeterPosition] = []
        self.meter_units: dict[str, set[str]] = {}
        for meter in terms.meters:
            self.meter_units.setdefault(meter.item_id, set()).add(meter.unit)
        self._start = terms.period.start.isoformat()

    def active_part(self, item_id: str | None) -> Period | None:
        """The days that count for an item: its own within the contract's; None where there are none."""
        item = self.items.get(item_id) if item_id is not None else None
        if item is None:
            return self.active if item_id is None or not self.items else None
        return self.active if item.active is None else self.active.intersection(item.active)

    def targets(self, series: Series) -> Sequence[str | None]:
        """Whom a definition is for: its item, the contract, or each of its items (none: the contract itself)."""
        if series.item_id is not None:
            return (series.item_id,)
        if series.first.scope is Scope.CONTRACT or not self.item_ids:
            return (None,)
        return self.item_ids

    def passage(self, part: Period) -> Passage:
        """The part's days over those of the period; by whole closing months where the cut-off day is given."""
        if self.terms.cut_off_day is not None:
            months = months_of(part, self.terms.cut_off_day)
            return Passage(months.numerator, months.denominator)
        return WHOLE if part == self.period else Passage(part.days, self.period.days)

    def issue(self, code: str, message: str, item_id: str | None = None) -> None:
        self.issues.add(RatingIssue(code, message, item_id))

    def add(
        self,
        definition: ChargeDefinition,
        trail: Trail,
        *,
        kind: str,
        item_id: str | None,
        part: Period,
        discriminator: str = "",
        subcategory: str | None = None,
        description: str | None = None,
        quantity: bool = True,
        unit: str | None = None,
        attributes: Mapping[str, str] = NO_ATTRIBUTES,
    ) -> RatedLine:
        """Close a trail whose amount is rounded: tax, id, and the line among those that the levels sum."""
        amount = to_cents(trail.amount)
        taxed = None
        if definition.taxable and definition.tax_code is not None:
            rate = self.terms.taxes.get(definition.tax_code)
            if rate is None:
                self.issue(
                    "rating.tax_code_unknown",
                    f"Código tributário sem alíquota: {definition.tax_code}. Cadastre a alíquota ou troque o código.",
                    item_id,
                )
            else:
                taxed = tax(trail, definition.tax_code, rate)
        line = RatedLine(
            derived_id(
                "rln", definition.definition_id, item_id or "", kind, self._start, part.start, discriminator
            ),
            definition.definition_id,
            item_id,
            definition.category.value,
            subcategory or definition.subcategory,
            definition.level.value,
            description or definition.title,
            trail.quantity if quantity else None,
            unit,
            amount,
            taxed,
            definition.bill,
            kind,
            trail.explanation(definition.definition_id, definition.version),
        )
        self.lines.append(line)
        if definition.bill:
            self.below.append(Below(line, part.last_day, attributes))
        return line
