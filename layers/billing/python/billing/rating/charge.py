"""One version of a definition over the days on which it rates one target, with what was gathered for it."""

from collections.abc import Sequence
from decimal import Decimal

from billing.core.money import Money
from billing.core.period import Period
from billing.rating import carry_over, levels, transaction
from billing.rating.explanation import ZERO, Trail
from billing.rating.gathering import Gathering
from billing.rating.pricing.partial_passage import Passage, PassageMode, prorated_units
from billing.rating.ruling import Ruling
from billing.rating.run import RatingRun, whole_of


class ChargeRating:
    __slots__ = ("days", "gathering", "item_id", "passage", "ruling", "run", "unit")

    def __init__(
        self,
        run: RatingRun,
        ruling: Ruling,
        item_id: str | None,
        parts: Sequence[Period],
        gathering: Gathering,
    ) -> None:
        self.run = run
        self.ruling = ruling
        self.item_id = item_id
        self.days = whole_of(parts)
        self.gathering = gathering
        self.unit = ruling.usage_unit or gathering.unit()
        self.passage = run.passage(*parts)
        """The days in force over those of the period."""

    def fee_passage(self) -> Passage:
        """For an individual allowance: in full if a person chose so, otherwise pro rata (CLO-05 e)."""
        item = self.run.items.get(self.item_id or "")
        if (
            item is None
            or item.active is None
            or item.active.intersection(self.run.active) == self.run.active
        ):
            return self.passage
        if item.partial_passage is PassageMode.FULL:
            whole = Period(
                max(self.ruling.definition.valid_from, self.run.active.start),
                min(self.ruling.definition.valid_until or self.run.active.end, self.run.active.end),
            )
            return self.run.passage(whole)
        if item.partial_passage is None:
            self.run.issue(
                "rating.partial_passage",
                "Item com passagem parcial no período do fechamento: escolha cobrança integral ou proporcional.",
                self.item_id,
            )
        return self.passage

    def take_quantity(self, trail: Trail, *, pooled: bool = False) -> None:
        """The gathered quantity, then the minimum, offset by what earlier minimums left over (CHG-05)."""
        if pooled:
            self.gathering.take_pool(trail)
        else:
            self.gathering.take(trail)
        minimum = self.ruling.minimum_quantity
        if minimum is None or trail.quantity < 0:
            return
        if not self.passage.is_whole:
            minimum = prorated_units(minimum, Decimal(self.passage.days), Decimal(self.passage.period_days))
        if self.ruling.carries_over and not self.gathering.is_estimated:
            self._carry(trail, minimum)
        else:
            transaction.at_least(trail, minimum)

    def _carry(self, trail: Trail, minimum: Decimal) -> None:
        key = (self.ruling.definition_id, self.item_id)
        store = self.run.store.get(key, ZERO)
        used = Decimal(trail.quantity)
        carry_over.take(trail, minimum, store)
        balance = store + Decimal(trail.quantity) - used
        moved = carry_over.movement(*key, self.run.period, store, balance)
        if moved is not None:
            self.run.movements.append(moved)
            self.run.store[key] = balance

    def close(self, trail: Trail, kind: str = "usage") -> None:
        """Adjustments, rounding and the line, for a model that prices in one line."""
        transaction.apply(trail, self.ruling.adjustments)
        self.add(trail, transaction.close(trail), kind)

    def add(self, trail: Trail, amount: Money, kind: str, *, label: str = "", quantity: bool = True) -> Money:
        self.run.add(
            self.ruling,
            trail,
            amount,
            kind,
            self.item_id,
            self.days,
            label=label,
            quantity=quantity,
            unit=self.unit,
        )
        return amount

    def add_share(self, trail: Trail, share: Money, item_id: str | None, unit: str) -> None:
        """A user's line of a pooled allowance; one item may share it with several units (mono, colour)."""
        self.run.add(
            self.ruling,
            trail,
            share,
            "shared_allowance",
            item_id,
            self.days,
            discriminator=unit,
            unit=unit or self.unit,
        )

    def adjust_sum(self, quantity: Trail, amount: Money) -> None:
        """For a model with several lines: the definition's adjustments apply to their sum, as a line of their own."""
        if not self.ruling.adjustments:
            return
        trail = quantity.branch()
        change = levels.take_adjustment(trail, amount, self.ruling.adjustments)
        if change:
            self.add(trail, change, "adjustment", label=" – ajuste", quantity=False)
