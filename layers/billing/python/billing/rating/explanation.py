"""Why this amount: a rated line's arithmetic as data (CHG-09), recorded while the line is computed.

A line is computed on three registers: quantity, amount and tax. Each step applies one rule to them with its inputs
and records the value before and after, so that the steps can be shown, stored, and run again to give the same line
(`replay.py`).

    Trail     a line being computed: the registers and the steps so far
    Step      rule, inputs (name, value, where it came from), value before, value after
    Explanation   the finished steps, with the definition and the version that ruled
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from typing import Any, Final, NamedTuple

from billing.rating.exact import Number, record

_NUMBER = re.compile(r"-?\d+(\.\d+|/\d+)?")

QUANTITY: Final = "quantity"
AMOUNT: Final = "amount"
TAX: Final = "tax"

ZERO: Final = Decimal(0)


GivenInput = tuple[str, Any, str]
"""An input as given to a rule: name, value, source."""
_VALUE = itemgetter(1)


class Input(NamedTuple):
    """One input of a step: a number, or a text. `source` says where it came from: definition, usage, meter, catalog..."""

    name: str
    value: Any
    source: str


class Step(NamedTuple):
    rule: str
    inputs: tuple[Input, ...]
    before: Number
    after: Number

    def value(self, name: str) -> Any:
        """The value of the input with that name; KeyError if the step has none."""
        for given in self.inputs:
            if given.name == name:
                return given.value
        raise KeyError(name)


class Rule(NamedTuple):
    """A named piece of arithmetic: `apply(quantity, amount, *input values)` gives the register's new value.

    `tell` puts a step into Portuguese; it gets the step and the name of the unit (None if there is none).
    """

    name: str
    sets: str
    apply: Callable[..., Number]
    tell: Callable[[Step, str | None], str]


class Explanation(NamedTuple):
    """The finished steps. They are kept as plain tuples, since there are hundreds of thousands; read them with
    `steps`."""

    definition_id: str
    version: int
    rows: tuple[tuple[str, tuple[GivenInput, ...], Number, Number], ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(
            Step(rule, tuple(Input(*given) for given in inputs), before, after)
            for rule, inputs, before, after in self.rows
        )

    def to_map(self) -> dict[str, Any]:
        """As stored and sent: JSON types, numbers as text, fractions as "12/31"."""
        return {
            "definition_id": self.definition_id,
            "version": self.version,
            "steps": [
                {
                    "rule": rule,
                    "inputs": [
                        {"name": name, "value": _text(value), "source": source}
                        for name, value, source in inputs
                    ],
                    "before": _text(before),
                    "after": _text(after),
                }
                for rule, inputs, before, after in self.rows
            ],
        }

    @classmethod
    def from_map(cls, data: Mapping[str, Any]) -> "Explanation":
        return cls(
            data["definition_id"],
            int(data["version"]),
            tuple(
                (
                    step["rule"],
                    tuple(
                        (given["name"], _read(given["value"]), given["source"]) for given in step["inputs"]
                    ),
                    _number(step["before"]),
                    _number(step["after"]),
                )
                for step in data["steps"]
            ),
        )


class Trail:
    """A line being computed. Only rules change the registers, and every rule leaves its step.

    Decimals, until a rule makes a ratio that may not terminate; from there on, fractions.
    """

    __slots__ = ("_is_ratio", "amount", "quantity", "rows", "tax")

    def __init__(self) -> None:
        self.quantity: Number = ZERO
        self.amount: Number = ZERO
        self.tax: Number = ZERO
        self.rows: list[tuple[str, tuple[GivenInput, ...], Number, Number]] = []
        self._is_ratio = False

    def set_quantity(self, rule: Rule, *inputs: GivenInput) -> None:
        before = self.quantity
        if self._is_ratio or len(inputs) != 1:
            after = self._applied(rule, inputs)
        else:
            after = rule.apply(before, self.amount, inputs[0][1])
            if type(after) is Fraction:
                self._is_ratio = True
        self.quantity = after
        self.rows.append((rule.name, inputs, before, after))

    def set_amount(self, rule: Rule, *inputs: GivenInput) -> None:
        before = self.amount
        if len(inputs) != 1 or self._is_ratio:
            after = self._applied(rule, inputs)
        else:
            after = rule.apply(self.quantity, before, inputs[0][1])
            if type(after) is Fraction:
                self._is_ratio = True
        self.amount = after
        self.rows.append((rule.name, inputs, before, after))

    def set_tax(self, rule: Rule, *inputs: GivenInput) -> None:
        before = self.tax
        self.tax = after = self._applied(rule, inputs)
        self.rows.append((rule.name, inputs, before, after))

    def _applied(self, rule: Rule, inputs: tuple[GivenInput, ...]) -> Number:
        if self._is_ratio:
            values = [Fraction(given[1]) if type(given[1]) is Decimal else given[1] for given in inputs]
            return rule.apply(Fraction(self.quantity), Fraction(self.amount), *values)
        after = rule.apply(self.quantity, self.amount, *map(_VALUE, inputs))
        self._is_ratio = type(after) is Fraction
        return after

    def branch(self) -> "Trail":
        """Another line that shares the steps so far: the excess beside the allowance's fee."""
        other = Trail()
        other.quantity, other.amount, other._is_ratio = self.quantity, self.amount, self._is_ratio
        other.rows = self.rows.copy()
        return other

    def explanation(self, definition_id: str, version: int) -> Explanation:
        return record(Explanation, (definition_id, version, tuple(self.rows)))


def _text(value: Number | str) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _number(text: str) -> Number:
    return Fraction(text) if "/" in text else Decimal(text)


def _read(text: str) -> Number | str:
    return _number(text) if _NUMBER.fullmatch(text) else text
