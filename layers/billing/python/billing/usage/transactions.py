"""Transactions of work orders, sales, fuel, energy and use by the event: what was done or consumed for a contract item on a day (USE-07).

A transaction is billed in the closing that contains its day. If that closing is already frozen, the transaction is
late: it is billed on the first day that is not frozen, in a line that names its month (CLO-11).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from billing.contracts.model import Contract
from billing.core.entity import Entity
from billing.core.errors import Refusal
from billing.core.ids import ID_PATTERN
from billing.core.money import Quantity, UnitPrice
from billing.core.period import Day
from billing.core.table import Aggregate
from billing.core.text import Line
from billing.rating.definition import ALL, CATEGORY_TITLES, PERIODS, SUBCATEGORIES, Category, subcategory_code
from billing.rating.terms import NO_ATTRIBUTES, UsageQuantity
from billing.rating.units import UNITS, UNKNOWN_UNIT, UnitCode
from billing.usage.model import CustomerId, EventKey

CATEGORIES = frozenset(set(Category) - {Category.ONE_TIME})

Attribute = Annotated[Line, Field(min_length=1, max_length=60)]


class NewTransaction(Entity):
    """A transaction as reported by its producer."""

    item_id: str = Field(pattern=ID_PATTERN, examples=["eqp_7m3k9x2p4q8r1s5t6v0w"])
    on: Day
    category: Category = Field(examples=["work_order"])
    subcategory: Line = Field(min_length=1, max_length=60, examples=["labour"])
    """Mão de obra, peças, o combustível ou a energia: um dos códigos da categoria, ou o nome que o encargo usa."""
    quantity: Quantity = Field(examples=["2.5"])
    """Abaixo de zero, um crédito."""
    unit: Annotated[UnitCode | None, Field(validate_default=True, examples=["hour"])] = None
    unit_price: Annotated[UnitPrice, Field(ge=0)] | None = Field(default=None, examples=["30.00"])
    """Custo ou preço de venda por unidade, em BRL; ausente, o encargo diz o preço."""
    description: Annotated[Line, Field(min_length=1, max_length=120)] | None = None
    labour_level: Attribute | None = None
    occupation_type: Attribute | None = None
    part_class: Attribute | None = None

    @field_validator("category")
    @classmethod
    def _is_of_transactions(cls, category: Category) -> Category:
        if category not in CATEGORIES:
            raise PydanticCustomError(
                "transaction.category",
                "Categoria sem transações: use uma de {known}.",
                {"known": ", ".join(CATEGORY_TITLES[known] for known in Category if known in CATEGORIES)},
            )
        return category

    @field_validator("subcategory")
    @classmethod
    def _subcategory_of_category(cls, subcategory: str, info: ValidationInfo) -> str:
        category = info.data.get("category", Category.FUEL)
        known = SUBCATEGORIES.get(category)
        subcategory = subcategory_code(category, subcategory)
        reserved = {ALL, *PERIODS}
        if subcategory in reserved or (known is not None and subcategory not in known):
            listed = ", ".join(title for code, title in (known or {}).items() if code != ALL)
            raise PydanticCustomError(
                "transaction.subcategory",
                "Subcategoria desconhecida nesta categoria{known}.",
                {"known": f": use uma de {listed}" if listed else ""},
            )
        return subcategory

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, unit: str | None, info: ValidationInfo) -> str | None:
        if unit is None and info.data.get("category") is Category.USAGE:
            raise PydanticCustomError("transaction.unit_missing", "Um evento de uso precisa da unidade.")
        if unit is not None and unit not in UNITS:
            raise PydanticCustomError("transaction.unit", UNKNOWN_UNIT)
        return unit

    @field_validator("unit_price")
    @classmethod
    def _use_is_priced_by_its_definition(cls, price: Decimal | None, info: ValidationInfo) -> Decimal | None:
        if price is not None and info.data.get("category") is Category.USAGE:
            raise PydanticCustomError(
                "transaction.priced", "O preço do uso é o da definição de encargo: deixe o valor em branco."
            )
        return price

    @field_validator("labour_level", "occupation_type", "part_class")
    @classmethod
    def _of_work_orders(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("category", Category.WORK_ORDER) is not Category.WORK_ORDER:
            raise PydanticCustomError(
                "transaction.attribute",
                "Nível, tipo de ocupação e classe da peça são só de ordens de serviço.",
            )
        return value


class Transaction(NewTransaction, Aggregate):
    """Transação. A que foi enviada é cobrada uma vez e nunca muda: um erro é enviado de novo como crédito."""

    id: str = Field(pattern=ID_PATTERN)
    customer_id: CustomerId
    contract_id: str = Field(pattern=ID_PATTERN)
    event_key: EventKey
    bill_on: date
    """Dia em que é cobrada: o próprio ou, se o fechamento dele já foi congelado, o primeiro dia em aberto."""
    received_at: datetime

    def for_rating(self, *, is_late: bool) -> UsageQuantity:
        attributes = {
            name: value
            for name in ("labour_level", "occupation_type", "part_class")
            if (value := getattr(self, name)) is not None
        }
        return UsageQuantity(
            item_id=self.item_id,
            unit=self.unit,
            quantity=self.quantity,
            unit_price=self.unit_price,
            category=self.category,
            subcategory=self.subcategory,
            billing_item_id=None,
            on=self.on,
            attributes=attributes or NO_ATTRIBUTES,
            usage_id=self.id,
            description=self.description,
            is_late=is_late,
        )


class BilledUntil(Aggregate):
    """The day up to which the contract's closings are frozen."""

    end: date
    """The first day that is not frozen."""
    first: date = date.min
    """The start of the first closing that was frozen while the contract had items: it takes transactions of earlier
    days."""

    @classmethod
    def after(cls, before: "BilledUntil | None", end: date, start: date) -> "BilledUntil":
        """With the closing from `start` frozen until `end`, or open again if `end` equals `start`."""
        return cls(end=end, first=start) if before is None else before.evolve(end=end)


def contract_for(contracts: list[Contract], new: NewTransaction) -> Contract | None:
    """The contract that had the item on the day, or else any contract that has the item."""
    having = [contract for contract in contracts if contract.item(new.item_id) is not None]
    there = [contract for contract in having if not _reasons_of_item(contract, new)]
    return next(iter(there or having), None)


def reasons_against(
    new: NewTransaction, contract: Contract | None, billed_until: date | None, today: date
) -> list[Refusal]:
    """Why no closing could ever bill it; empty if one can."""
    reasons = []
    if new.on > today:
        reasons.append(Refusal("transaction.future", "A transação é de um dia futuro.", field="on"))
    if contract is None:
        message = "O item não está em nenhum contrato do cliente."
        return [*reasons, Refusal("transaction.item", message, field="item_id")]
    reasons += _reasons_of_item(contract, new)
    if contract.ends_on is not None and billed_until is not None and billed_until >= contract.ends_on:
        message = f"O último fechamento do contrato {contract.number} já foi congelado: cobre à parte, em uma conta."
        reasons.append(Refusal("transaction.contract_closed", message, field="item_id"))
    return reasons


def _reasons_of_item(contract: Contract, new: NewTransaction) -> list[Refusal]:
    item = contract.item(new.item_id)
    began, ended = contract.activated_on, contract.ends_on
    reasons = []
    if item is not None and (
        new.on < item.joined_on or (item.left_on is not None and new.on >= item.left_on)
    ):
        message = f"O item não estava no contrato em {new.on:%d/%m/%Y}."
        reasons.append(Refusal("transaction.outside", message, field="on"))
    if began is None or new.on < began or (ended is not None and new.on >= ended):
        message = f"O contrato {contract.number} não estava em vigor em {new.on:%d/%m/%Y}."
        reasons.append(Refusal("transaction.not_in_force", message, field="on"))
    return reasons
