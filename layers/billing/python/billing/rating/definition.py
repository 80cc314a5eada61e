"""Charge definitions (definições de encargos, CHG-01..CHG-08): what a contract bills, at which level, for which item.

The contract keeps them; the class is here so that rating stays below contracts. A definition never changes: an edit
creates its next version with its own start of validity, and each version rates the days on which it was in force.
Definitions that cannot work are refused when saved, with each fault at its field.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from billing.core.br.text import search_key
from billing.core.entity import Entity
from billing.core.money import Percent, Quantity
from billing.core.period import Day
from billing.core.text import Id, Line
from billing.rating.pricing.allowance import Allowance
from billing.rating.pricing.catalog import Catalog
from billing.rating.pricing.flat import Flat
from billing.rating.pricing.flat_bands import FlatBands
from billing.rating.pricing.minimum_commitment import MinimumCommitment
from billing.rating.pricing.models import Pricing
from billing.rating.pricing.per_unit import PerUnit
from billing.rating.transaction import NO_PARAMETERS, Parameters
from billing.rating.units import UNITS, UNKNOWN_UNIT, UnitCode

ALL = "all"
"""The subcategory that stands for all subcategories of its category."""


class Category(StrEnum):
    """Categoria de encargo (CHG-01)."""

    WORK_ORDER = "work_order"
    SALES = "sales"
    FUEL = "fuel"
    ENERGY = "energy"
    USAGE = "usage"
    ONE_TIME = "one_time"

    @property
    def label(self) -> str:
        return CATEGORY_TITLES[self]


class Level(StrEnum):
    """Nível de encargo (CHG-02), do mais baixo ao mais alto."""

    TRANSACTION = "transaction"
    SUBCATEGORY = "subcategory"
    CATEGORY = "category"


class DefinitionScope(StrEnum):
    """A que se aplica uma definição sem item."""

    ITEM = "item"  # every item of the contract, each on its own
    CONTRACT = "contract"  # the contract, once


PERIODS: dict[str, str] = {
    "hourly": "Por hora",
    "daily": "Diário",
    "weekly": "Semanal",
    "monthly": "Mensal",
    "quarterly": "Trimestral",
    "yearly": "Anual",
}

SUBCATEGORIES: dict[Category, dict[str, str] | None] = {
    Category.WORK_ORDER: {
        "labour": "Mão de obra",
        "contracted_labour": "Mão de obra contratada",
        "services": "Serviços",
        "stock_items": "Itens de estoque",
        "direct_purchase": "Compra direta",
        "tools": "Custos com ferramentas",
        ALL: "Todos os tipos de custos",
    },
    Category.SALES: {
        "problem_codes": "Códigos de problemas de serviço",
        "pm_schedules": "Programações de MP",
        "standard_work_orders": "OS padrão",
        "tasks": "Tarefas",
        "parts": "Peças",
        ALL: "Todas as entidades de venda",
    },
    Category.FUEL: None,  # diesel, ...: the tenant's own fuels
    Category.ENERGY: None,  # the commodities
    Category.USAGE: None,  # one of PERIODS, or a kind of use: mono, colour, km...
    Category.ONE_TIME: {"start": "No início do contrato", "end": "No término do contrato"},
}
"""Subcategory codes with their titles; None if the tenant names its own."""

_SUBCATEGORY_CODES: dict[Category, dict[str, str]] = {
    category: {
        search_key(title): code
        for code, title in (known or (PERIODS if category is Category.USAGE else {})).items()
    }
    for category, known in SUBCATEGORIES.items()
}


def subcategory_code(category: Category, text: str) -> str:
    """The code of a subcategory given by its title; the tenant's own names stay as they are.

    >>> subcategory_code(Category.WORK_ORDER, "mao de obra"), subcategory_code(Category.FUEL, "Diesel S10")
    ('labour', 'Diesel S10')
    """
    return _SUBCATEGORY_CODES[category].get(search_key(text), text)


CATEGORY_TITLES: dict[Category, str] = {
    Category.WORK_ORDER: "Encargos de OS",
    Category.SALES: "Transações de venda",
    Category.FUEL: "Encargos com combustível",
    Category.ENERGY: "Encargos de energia",
    Category.USAGE: "Encargos de uso",
    Category.ONE_TIME: "Encargos únicos",
}


Attribute = Annotated[Line, Field(max_length=60)]


class EnergyTerms(Entity):
    """Como se rateia uma conta de serviço público (CHG-06)."""

    sub_metering: bool = False
    """Submedição: o consumo é o do medidor do próprio item."""
    use_occupied_area: bool = False
    """Usar área ocupada: a parte é a área do item sobre a da fonte."""
    billing_percentage: Annotated[Percent, Field(ge=0)] | None = None
    """Percentual de faturamento, da conta de consumo ou do consumo da submedição."""
    utility_bill_source: Annotated[Line, Field(max_length=60)] | None = None
    """Origem da conta de serviço público: de quem é a conta."""

    @field_validator("billing_percentage")
    @classmethod
    def _one_share(cls, percent: object, info: ValidationInfo) -> object:
        if percent is not None and info.data.get("use_occupied_area"):
            raise ValueError("use o percentual de faturamento ou a área ocupada, não os dois")
        return percent


OWN_METER = EnergyTerms(sub_metering=True)
"""The terms of an energy charge that has none."""


class ChargeDefinition(Entity):
    """Uma versão de uma definição de encargo. Os campos estão na ordem em que são conferidos."""

    definition_id: Annotated[Line, Field(min_length=1, max_length=60)]
    version: Annotated[int, Field(ge=1, le=9999)] = 1
    valid_from: Day
    valid_until: Annotated[Day | None, Field(validate_default=True)] = None
    """Dia seguinte ao último em vigor."""
    category: Category
    level: Level = Level.TRANSACTION
    subcategory: Annotated[Line, Field(min_length=1, max_length=60, validate_default=True)] = ALL
    item_id: Id | None = None
    """Item a que se aplica; ausente: veja `scope`."""
    scope: DefinitionScope = DefinitionScope.ITEM
    usage_unit: UnitCode | None = None
    """UdM de uso: o código da unidade, como `kwh` ou `gb`."""
    bill: bool = True
    """Fatura: desligado é uma exceção, e a linha não é cobrada."""
    only_if_positive: bool = False
    """Condições da fatura: somente onde o total do nível de baixo é maior que zero."""
    parameters: Parameters = NO_PARAMETERS
    pricing: Annotated[Pricing | None, Field(validate_default=True)] = None
    """Ausente: ordem de serviço, combustível e vendas cobram o valor que vem em cada transação; energia, a tarifa da
    fonte."""
    carry_over: bool = False
    """Retorno a zero: o que foi cobrado e não usado abate o excedente de depois."""
    estimated_usage: bool = False
    daily_estimate: Annotated[Quantity | None, Field(ge=0, validate_default=True)] = None
    """Uso diário estimado, na unidade do uso."""
    initial_meter_value: Annotated[Quantity, Field(ge=0)] | None = None
    taxable: bool = False
    tax_code: Annotated[Line | None, Field(min_length=1, max_length=40, validate_default=True)] = None
    labour_level: Attribute | None = None
    occupation_type: Attribute | None = None
    part_class: Attribute | None = None
    energy: EnergyTerms | None = None
    billing_description: Annotated[Line, Field(max_length=120)] | None = None
    """Sai impressa como a linha da fatura."""
    billing_organisation: Annotated[Line, Field(max_length=120)] | None = None
    source_code: Annotated[Line, Field(max_length=120)] | None = None
    """De onde vem a versão: preenchido com a operação que a criou, a menos que quem chama tenha um código próprio."""

    @property
    def needed_bill(self) -> str | None:
        """The source whose utility bill it needs to be rated; "" if it needs one and names none."""
        terms = self.energy or OWN_METER
        if terms.sub_metering and not terms.use_occupied_area and self.pricing is not None:
            return None
        return (terms.utility_bill_source or "") if self.category is Category.ENERGY else None

    @field_validator("valid_until")
    @classmethod
    def _ends_after_start(cls, end: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("valid_from")
        if end is not None and start is not None and end <= start:
            raise ValueError("o fim da vigência é anterior ao início")
        return end

    @field_validator("subcategory")
    @classmethod
    def _subcategory_of_category(cls, subcategory: str, info: ValidationInfo) -> str:
        category = info.data.get("category", Category.USAGE)
        known = SUBCATEGORIES.get(category)
        subcategory = subcategory_code(category, subcategory)
        if known is not None and subcategory not in known:
            raise ValueError(
                f"subcategoria desconhecida nesta categoria; use uma de: {', '.join(known.values())}"
            )
        return subcategory

    @field_validator("scope")
    @classmethod
    def _item_has_own_scope(cls, scope: DefinitionScope, info: ValidationInfo) -> DefinitionScope:
        if scope is DefinitionScope.CONTRACT and info.data.get("item_id") is not None:
            raise ValueError("uma definição com item de contrato não vale para o contrato inteiro")
        return scope

    @field_validator("usage_unit")
    @classmethod
    def _known_unit(cls, unit: str | None) -> str | None:
        if unit is not None and unit not in UNITS:
            raise ValueError(UNKNOWN_UNIT[0].lower() + UNKNOWN_UNIT[1:-1])
        return unit

    @field_validator("only_if_positive")
    @classmethod
    def _condition_of_levels(cls, conditional: bool, info: ValidationInfo) -> bool:
        if conditional and info.data.get("level") is Level.TRANSACTION:
            raise ValueError("a condição da fatura vale só nos níveis de subcategoria e categoria")
        return conditional

    @field_validator("parameters")
    @classmethod
    def _levels_have_no_quantity(cls, parameters: Parameters, info: ValidationInfo) -> Parameters:
        if info.data.get("level", Level.TRANSACTION) is not Level.TRANSACTION and (
            parameters.minimum_quantity is not None or parameters.unit_price_adjustment is not None
        ):
            raise ValueError("quantidade mínima e ajuste de preço unitário valem só no nível de transação")
        return parameters

    @field_validator("pricing")
    @classmethod
    def _pricing_fits(cls, pricing: Pricing | None, info: ValidationInfo) -> Pricing | None:
        fault = _pricing_fault(pricing, info.data)
        if fault is not None:
            raise ValueError(fault)
        return pricing

    @field_validator("carry_over")
    @classmethod
    def _carries_over_a_minimum(cls, carries: bool, info: ValidationInfo) -> bool:
        parameters = info.data.get("parameters")
        if carries and (parameters is None or not parameters.minimum_quantity):
            raise ValueError("retorno a zero sem quantidade mínima")
        if carries and info.data.get("category") is not Category.USAGE:
            raise ValueError("retorno a zero vale só para encargos de uso")
        return carries

    @field_validator("daily_estimate")
    @classmethod
    def _estimate_is_given(cls, estimate: object, info: ValidationInfo) -> object:
        if estimate is None and info.data.get("estimated_usage"):
            raise ValueError("encargo de uso estimado sem uso diário estimado")
        return estimate

    @field_validator("tax_code")
    @classmethod
    def _taxable_has_code(cls, code: str | None, info: ValidationInfo) -> str | None:
        if code is None and info.data.get("taxable"):
            raise ValueError("linha tributável sem código tributário")
        return code

    @field_validator("labour_level", "occupation_type", "part_class")
    @classmethod
    def _filters_of_work_orders(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("category") is not Category.WORK_ORDER:
            raise ValueError("nível, tipo de ocupação e classe da peça valem só para encargos de OS")
        return value

    @field_validator("energy")
    @classmethod
    def _energy_of_energy(cls, energy: EnergyTerms | None, info: ValidationInfo) -> EnergyTerms | None:
        if energy is not None and info.data.get("category") is not Category.ENERGY:
            raise ValueError("submedição, área e percentual valem só para encargos de energia")
        return energy

    @property
    def key(self) -> tuple[object, ...]:
        """What an item's definition must have in common with the header's to replace it (CHG-02)."""
        return (
            self.category,
            self.subcategory,
            self.level,
            self.usage_unit,
            self.labour_level,
            self.occupation_type,
            self.part_class,
        )

    @property
    def is_by_period(self) -> bool:
        return self.category is Category.USAGE and isinstance(self.pricing, Flat)

    @property
    def title(self) -> str:
        """What is printed: the billing description, or the subcategory's own title."""
        if self.billing_description:
            return self.billing_description
        titles = SUBCATEGORIES[self.category] or PERIODS
        return titles.get(self.subcategory) or (
            CATEGORY_TITLES[self.category] if self.subcategory == ALL else self.subcategory
        )


def _pricing_fault(pricing: Pricing | None, data: dict[str, object]) -> str | None:
    """Why the model cannot price this category at this level; None if it can."""
    category, level = data.get("category"), data.get("level")
    if level is not Level.TRANSACTION:
        fits = pricing is None or isinstance(pricing, MinimumCommitment)
        return (
            None
            if fits
            else "níveis de subcategoria e categoria ajustam o total de baixo: deixe o preço em branco"
        )
    if isinstance(pricing, MinimumCommitment):
        return "o consumo mínimo contratado vale nos níveis de subcategoria e categoria"
    if category is Category.USAGE:
        return _usage_fault(pricing, data)
    if category is Category.ONE_TIME:
        return None if isinstance(pricing, Flat) else "encargo único: informe a taxa como valor fixo"
    return None if pricing is None or isinstance(pricing, PerUnit) else "só preço por unidade, ou em branco"


def _usage_fault(pricing: Pricing | None, data: dict[str, object]) -> str | None:
    if pricing is None:
        return "informe a taxa do encargo de uso"
    if isinstance(pricing, Flat):
        return (
            None
            if data.get("subcategory") in PERIODS
            else f"informe o período: {', '.join(PERIODS.values())}"
        )
    if data.get("subcategory") in PERIODS:
        return "um encargo por período tem valor fixo"
    if isinstance(pricing, Allowance | FlatBands) and data.get("usage_unit") is None:
        return "uma franquia precisa da unidade de medida"
    if isinstance(pricing, Catalog) and data.get("usage_unit") is not None:
        return "itens de faturamento têm a própria unidade: deixe a unidade de medida em branco"
    return None
