"""The codes of charge categories, their subcategories and units of usage, with what people call them (CHG-01, USE-04)."""

from billing.core.entity import Entity
from billing.rating.definition import CATEGORY_TITLES, PERIODS, SUBCATEGORIES, Category
from billing.rating.units import UNITS


class NamedCode(Entity):
    """Um código e o nome que as pessoas leem."""

    code: str
    label: str


class ChargeCategory(NamedCode):
    """Uma categoria de encargo. Sem subcategorias, valem os nomes da própria empresa (os combustíveis, as energias)."""

    subcategories: tuple[NamedCode, ...]


class UsageUnit(NamedCode):
    """Uma unidade de uso. Pedidos também a entendem por extenso, no plural e abreviada (litro, litros, L)."""

    plural: str
    kind_of: str | None = None
    """A unidade mais ampla que também a conta."""


def charge_categories() -> tuple[ChargeCategory, ...]:
    return tuple(
        ChargeCategory(
            code=category,
            label=CATEGORY_TITLES[category],
            subcategories=tuple(
                NamedCode(code=code, label=label) for code, label in _subcategories(category).items()
            ),
        )
        for category in Category
    )


def usage_units() -> tuple[UsageUnit, ...]:
    return tuple(
        UsageUnit(code=code, label=unit.one, plural=unit.many, kind_of=unit.kind_of)
        for code, unit in UNITS.items()
    )


def _subcategories(category: Category) -> dict[str, str]:
    return SUBCATEGORIES[category] or (PERIODS if category is Category.USAGE else {})
