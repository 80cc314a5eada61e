"""What a contract bills for: equipment with its meters, projects, work orders (CTR-02, CTR-14)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from billing.core.entity import Entity
from billing.core.money import Quantity
from billing.core.period import Day, Period
from billing.core.text import Line
from billing.rating.units import UNITS, UNKNOWN_UNIT, UnitCode


class ItemKind(StrEnum):
    """Tipo do item de contrato."""

    PRINTER = "printer"
    VEHICLE = "vehicle"
    METER = "meter"
    PROJECT = "project"
    WORK_ORDER = "work_order"

    @property
    def label(self) -> str:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    ItemKind.PRINTER: "Impressora",
    ItemKind.VEHICLE: "Veículo",
    ItemKind.METER: "Medidor",
    ItemKind.PROJECT: "Projeto",
    ItemKind.WORK_ORDER: "Ordem de serviço",
}


EQUIPMENT = frozenset({ItemKind.PRINTER, ItemKind.VEHICLE, ItemKind.METER})
"""Kinds of items that have meters."""


class Meter(Entity):
    """Um contador de um item (USE-04)."""

    unit: UnitCode = Field(examples=["page_mono"])
    """Unidade medida, um dos códigos de unidade de uso."""
    initial: Quantity = Field(ge=0, examples=["1500"])
    """Valor do medidor quando o item entrou no contrato."""

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, unit: str) -> str:
        if unit not in UNITS:
            raise PydanticCustomError("meter.unit", UNKNOWN_UNIT)
        return unit


class ContractItem(Entity):
    """Item de contrato. O id pode ser de quem chama, para que definições do mesmo pedido o citem."""

    id: str = Field(pattern=r"^eqp_[0-9a-z]{4,26}$", examples=["eqp_7m3k9x2p4q8r1s5t6v0w"])
    description: Line = Field(min_length=1, max_length=120, examples=["Impressora da recepção"])
    kind: ItemKind
    organisation: Annotated[Line, Field(max_length=120)] | None = None
    """Organização a que o item pertence."""
    location: Annotated[Line, Field(max_length=120)] | None = Field(default=None, examples=["2º andar"])
    serial: Annotated[Line, Field(max_length=60)] | None = None
    """Número de série, placa ou identificação do medidor."""
    joined_on: Day
    """Primeiro dia no contrato."""
    left_on: Day | None = None
    """Primeiro dia fora do contrato."""
    monitored: bool = False
    """As leituras chegam da monitoração; senão, são lançadas."""
    last_seen_on: Day | None = None
    """Último contato da monitoração no dia do cadastro; leituras monitoradas posteriores prevalecem."""
    meters: tuple[Meter, ...] = Field(default=(), max_length=20)
    area: Annotated[Quantity, Field(gt=0)] | None = None
    """Área ocupada, em m², para o rateio de energia."""
    tax_code: Annotated[Line, Field(min_length=1, max_length=40)] | None = None
    """Código tributário do item, de onde as definições tributáveis o tomam."""

    @field_validator("left_on")
    @classmethod
    def _leaves_after_joining(cls, left_on: date | None, info: ValidationInfo) -> date | None:
        joined_on = info.data.get("joined_on")
        if left_on is not None and joined_on is not None and left_on <= joined_on:
            raise PydanticCustomError("item.leaves_first", "O item sai do contrato antes de entrar.")
        return left_on

    @field_validator("meters")
    @classmethod
    def _meter_once(cls, meters: tuple[Meter, ...]) -> tuple[Meter, ...]:
        if len({meter.unit for meter in meters}) != len(meters):
            raise PydanticCustomError("item.meter_twice", "Há dois medidores da mesma unidade no item.")
        return meters

    def meter(self, unit: str) -> Meter | None:
        return next((meter for meter in self.meters if meter.unit == unit), None)

    def in_contract(self, period: Period) -> Period | None:
        """The part of `period` in which the item is in the contract."""
        return period.intersection(Period(self.joined_on, self.left_on or date.max))
