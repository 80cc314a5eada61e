"""Readings of meters: never lower than the previous one, unless the meter was replaced or rolled over (USE-04)."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from billing.contracts.items import ContractItem, Meter
from billing.core.entity import Entity
from billing.core.errors import Refusal
from billing.core.ids import ID_PATTERN
from billing.core.money import Quantity
from billing.core.period import Day
from billing.core.table import Aggregate
from billing.rating import meters
from billing.rating.units import UnitCode
from billing.usage.model import CustomerId, EventKey

NOTHING = Decimal(0)


class ReadingOrigin(StrEnum):
    BY_HAND = "by_hand"
    MONITORED = "monitored"


class Restart(Entity):
    """Medidor trocado, ou que virou, desde a leitura anterior: o que o contador antigo tinha contado não se perde."""

    old_final: Quantity = Field(ge=0, examples=["100000"])
    """Último valor do medidor trocado; do que zerou, o valor em que zera (100000 em um contador de cinco dígitos)."""
    started_at: Quantity = Field(default=Decimal(0), ge=0)
    """Primeiro valor do medidor novo; 0 no que zerou."""


class MeterDay(Entity):
    """A meter of an item on a day, for which there is one reading."""

    item_id: str = Field(pattern=ID_PATTERN, examples=["eqp_7m3k9x2p4q8r1s5t6v0w"])
    unit: UnitCode = Field(examples=["page_mono"])
    on: Day
    """Dia da leitura; o valor é o do início do dia."""


class Shown(Entity):
    """O que um medidor mostrava."""

    value: Quantity = Field(ge=0, examples=["18250"])
    restart: Restart | None = None
    """Declara que o medidor foi trocado ou zerou desde a leitura anterior."""

    @field_validator("restart")
    @classmethod
    def _counts_from_its_start(cls, restart: Restart | None, info: ValidationInfo) -> Restart | None:
        value = info.data.get("value")
        if restart is not None and value is not None and value < restart.started_at:
            raise PydanticCustomError(
                "reading.below_start", "A leitura é menor que o primeiro valor do medidor novo."
            )
        return restart


class NewReading(Shown, MeterDay):
    """Leitura informada por uma pessoa."""


class Reading(NewReading, Aggregate):
    """Leitura. Uma por medidor e dia; `event_key` é a chave do monitoramento."""

    id: str = Field(pattern=ID_PATTERN)
    customer_id: CustomerId
    origin: ReadingOrigin
    event_key: EventKey | None = None
    source: str | None = None
    """Importação e linha de onde veio."""

    def for_rating(self) -> meters.MeterValue:
        if self.restart is None:
            return meters.MeterValue(self.on, self.value)
        return meters.MeterValue(self.on, self.value, self.restart.old_final, self.restart.started_at)


class StrayItem(Entity):
    """Equipment reported by monitoring that was in none of the customer's contracts at that time (CLO-05 a)."""

    item_id: str
    unit: str
    read_on: date


def reasons_against(
    new: NewReading, item: ContractItem, meter: Meter, known: Sequence[Reading], today: date
) -> list[Refusal]:
    """Why the reading is impossible among the `known` ones of its meter (oldest first); empty if it is possible."""
    reasons = _future(new, today)
    if new.on < item.joined_on or (item.left_on is not None and new.on > item.left_on):
        reasons.append(
            Refusal("reading.outside", f"O item não estava no contrato em {new.on:%d/%m/%Y}.", field="on")
        )
    return [*reasons, *_against_known(new, known, meter.initial)]


def reasons_of_value(new: NewReading, known: Sequence[Reading], today: date) -> list[Refusal]:
    """Why a reading of a counter in no contract is impossible among the `known` ones of the same counter."""
    return [*_future(new, today), *_against_known(new, known, NOTHING)]


def _future(new: NewReading, today: date) -> list[Refusal]:
    if new.on <= today:
        return []
    return [Refusal("reading.future", "A leitura é de um dia futuro.", field="on")]


def _against_known(new: NewReading, known: Sequence[Reading], initial: Decimal) -> list[Refusal]:
    reasons = []
    if any(reading.on == new.on for reading in known):
        reasons.append(
            Refusal("reading.same_day", f"Já há uma leitura deste medidor em {new.on:%d/%m/%Y}.", field="on")
        )
    before = max((r for r in known if r.on < new.on), key=lambda r: r.on, default=None)
    after = min((r for r in known if r.on > new.on), key=lambda r: r.on, default=None)
    return [*reasons, *_below(new, before, initial), *_above(new, after)]


def _below(new: NewReading, before: Reading | None, initial: Decimal) -> list[Refusal]:
    """The old counter continues from the previous reading, whether or not it was replaced."""
    least = initial if before is None else before.value
    reached = new.value if new.restart is None else new.restart.old_final
    if reached >= least:
        return []
    known = "inicial" if before is None else f"de {before.on:%d/%m/%Y}"
    message = f"A leitura é menor que a {known} ({least:f}). Confira o valor, ou informe que o medidor foi trocado ou zerou."
    return [Refusal("reading.lower", message, field="value" if new.restart is None else "restart.old_final")]


def _above(new: NewReading, after: Reading | None) -> list[Refusal]:
    if after is None:
        return []
    most = after.value if after.restart is None else after.restart.old_final
    if new.value <= most:
        return []
    message = f"A leitura é maior que a de {after.on:%d/%m/%Y} ({most:f}). Confira o valor e o dia."
    return [Refusal("reading.higher", message, field="value")]


def last_seen_on(item: ContractItem, readings: Iterable[Reading]) -> date | None:
    """When monitoring last heard of the item: by its readings, or as registered (CLO-05 d)."""
    heard = [r.on for r in readings if r.item_id == item.id and r.origin is ReadingOrigin.MONITORED]
    known = [*heard, item.last_seen_on] if item.last_seen_on is not None else heard
    return max(known, default=None)
