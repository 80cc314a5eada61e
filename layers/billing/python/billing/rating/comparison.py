"""Two periods compared: what changed, by how much and why, the largest first (CHG-10). Pure.

Lines are matched by what they are for: definition, item, subcategory and, for catalogued use, the billing item. For
each pair that differs, the cause is

    contract     a definition or item on one side only, different terms, or different days in force
    price        the same terms at another price: of the definition, the catalogue, a transaction, a utility bill or a
    tax code
    quantity     the same terms and prices, with more or less use
    adjustment   a surcharge or discount

If both price and quantity changed, the quantity's part is computed at the earlier average price, to the cent, and the
rest is the price's. Differences always sum to the difference of the totals.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from billing.core.entity import Entity
from billing.core.money import ZERO, Money
from billing.rating.definition import ChargeDefinition
from billing.rating.exact import Number
from billing.rating.lines import RatedLine

Key = tuple[str, str | None, str, str]

PRICES = frozenset({"unit_price", "rate", "bill", "rate_percent"})
"""Inputs that are prices; those from another source can change without the definition."""
NO_USE = frozenset({"fixed", "recurring", "one_time"})
"""Kinds of lines that do not depend on use."""
PARTS = frozenset({"excess", "level"})
"""Kinds whose quantity is part of another line's, or that have none."""


class Cause(StrEnum):
    CONTRACT = "contract"
    PRICE = "price"
    QUANTITY = "quantity"
    ADJUSTMENT = "adjustment"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Cause.CONTRACT: "Contrato",
    Cause.PRICE: "Preço",
    Cause.QUANTITY: "Quantidade",
    Cause.ADJUSTMENT: "Acréscimo ou desconto",
}


class Change(Entity):
    """Uma diferença e sua causa."""

    cause: Cause
    cause_label: str
    description: str
    definition_id: str | None = None
    item_id: str | None = None
    before: Money
    """O valor antes, de tudo a que a linha se refere."""
    after: Money
    difference: Money
    """A parte da diferença que é desta causa."""


class Comparison(Entity):
    before: Money
    after: Money
    difference: Money
    by_cause: dict[Cause, Money]
    changes: tuple[Change, ...]
    """As maiores diferenças primeiro."""


class Side(NamedTuple):
    """One of the two periods."""

    lines: Sequence[RatedLine]
    definitions: Sequence[ChargeDefinition]
    """Every version that rated the period."""
    items: Collection[str] = ()
    """The items that were in the contract."""
    adjustments: Sequence[tuple[str, Money]] = ()
    """Surcharges and, below zero, discounts."""

    @property
    def total(self) -> Money:
        adjusted = Money.sum(amount for _, amount in self.adjustments)
        return Money.sum(_with_tax(line) for line in self.lines if line.billed) + adjusted


class _Group:
    """The lines of one key."""

    def __init__(self) -> None:
        self.lines: list[RatedLine] = []

    @property
    def amount(self) -> Money:
        return Money.sum(_with_tax(line) for line in self.lines)

    @property
    def quantity(self) -> Fraction:
        counted = [line.quantity for line in self.lines if line.kind not in PARTS]
        return sum((_fraction(figure) for figure in counted if figure is not None), Fraction(0))

    @property
    def is_use(self) -> bool:
        return any(line.kind not in NO_USE for line in self.lines)

    @property
    def versions(self) -> set[int]:
        return {line.explanation.version for line in self.lines}

    @property
    def outside_prices(self) -> set[tuple[str, object]]:
        """Prices that do not come from the definition."""
        return {
            (name, value)
            for line in self.lines
            for _, inputs, _, _ in line.explanation.rows
            for name, value, source in inputs
            if name in PRICES and source != "definition"
        }


def compare(before: Side, after: Side) -> Comparison:
    """What changed from one side to the other."""
    earlier, later = _groups(before.lines), _groups(after.lines)
    changes: list[Change] = []
    for key in sorted({*earlier, *later}, key=lambda change: tuple(part or "" for part in change)):
        one, two = earlier.get(key, _Group()), later.get(key, _Group())
        for cause, difference in _causes(key, one, two, before, after):
            changes.append(_change(cause, key, one, two, difference))
    changes += _of_adjustments(before, after)
    changes.sort(key=lambda change: (-abs(change.difference.cents), change.description, change.cause))
    return Comparison(
        before=before.total,
        after=after.total,
        difference=after.total - before.total,
        by_cause={
            cause: Money.sum(change.difference for change in changes if change.cause is cause)
            for cause in Cause
            if any(change.cause is cause for change in changes)
        },
        changes=tuple(changes),
    )


def _groups(lines: Iterable[RatedLine]) -> Mapping[Key, _Group]:
    groups: dict[Key, _Group] = {}
    for line in lines:
        if line.billed:
            key = (line.definition_id, line.item_id, line.subcategory, _billing_item(line))
            groups.setdefault(key, _Group()).lines.append(line)
    return groups


def _billing_item(line: RatedLine) -> str:
    """The billing item whose catalogue price the line has, from its explanation; "" for other lines."""
    sources = (source for _, inputs, _, _ in line.explanation.rows for _, _, source in inputs)
    return next((source.split(" ")[1] for source in sources if source.startswith("catalog ")), "")


def _causes(key: Key, one: _Group, two: _Group, before: Side, after: Side) -> list[tuple[Cause, Money]]:
    """The difference by cause; empty if there is none."""
    difference = two.amount - one.amount
    if not difference:
        return []
    if not one.lines or not two.lines:
        only = two if two.lines else one
        was_there = _has(before, key) and _has(after, key)
        return [(Cause.QUANTITY if was_there and only.is_use else Cause.CONTRACT, difference)]
    terms = _terms_cause(key[0], one, two, before, after)
    if not one.is_use:
        return [(terms or Cause.CONTRACT, difference)]
    if terms is None:
        return [(Cause.QUANTITY, difference)]
    if one.quantity == two.quantity or not one.quantity:
        return [(terms, difference)]
    share = (two.quantity - one.quantity) / one.quantity
    by_quantity = Money.rounded(Fraction(one.amount.decimal) * share)
    parts = [(Cause.QUANTITY, by_quantity), (terms, difference - by_quantity)]
    return [(cause, part) for cause, part in parts if part]


def _terms_cause(definition_id: str, one: _Group, two: _Group, before: Side, after: Side) -> Cause | None:
    """Why the same quantity costs another amount; None if terms and prices are the same."""
    terms = {_terms(version) for version in _versions(before, definition_id, one)}
    others = {_terms(version) for version in _versions(after, definition_id, two)}
    if terms != others:
        is_price = {text for text, _ in terms} == {text for text, _ in others}
        return Cause.PRICE if is_price else Cause.CONTRACT
    return None if one.outside_prices == two.outside_prices else Cause.PRICE


def _versions(side: Side, definition_id: str, group: _Group) -> list[ChargeDefinition]:
    return [
        definition
        for definition in side.definitions
        if definition.definition_id == definition_id and definition.version in group.versions
    ]


def _terms(definition: ChargeDefinition) -> tuple[str, str]:
    """A definition without its price and its validity, and the price."""
    undated = {"version", "valid_from", "valid_until", "pricing", "billing_description", "source_code"}
    pricing = "" if definition.pricing is None else definition.pricing.model_dump_json()
    return definition.model_dump_json(exclude=undated), pricing


def _has(side: Side, key: Key) -> bool:
    definition_id, item_id = key[0], key[1]
    is_defined = any(definition.definition_id == definition_id for definition in side.definitions)
    return is_defined and (item_id is None or item_id in side.items)


def _change(cause: Cause, key: Key, one: _Group, two: _Group, difference: Money) -> Change:
    described = (two.lines or one.lines)[0]
    return Change(
        cause=cause,
        cause_label=cause.label,
        description=described.description,
        definition_id=key[0],
        item_id=key[1],
        before=one.amount,
        after=two.amount,
        difference=difference,
    )


def _of_adjustments(before: Side, after: Side) -> list[Change]:
    earlier, later = _by_description(before.adjustments), _by_description(after.adjustments)
    return [
        Change(
            cause=Cause.ADJUSTMENT,
            cause_label=Cause.ADJUSTMENT.label,
            description=description,
            before=earlier.get(description, ZERO),
            after=later.get(description, ZERO),
            difference=later.get(description, ZERO) - earlier.get(description, ZERO),
        )
        for description in sorted({*earlier, *later})
        if later.get(description, ZERO) != earlier.get(description, ZERO)
    ]


def _by_description(adjustments: Iterable[tuple[str, Money]]) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for description, amount in adjustments:
        sums[description] = sums.get(description, ZERO) + amount
    return sums


def _with_tax(line: RatedLine) -> Money:
    return line.amount if line.tax is None else line.amount + line.tax


def _fraction(quantity: Number) -> Fraction:
    return Fraction(quantity)
