"""A definition's version, ready for rating: what its lines need, read from the entity once.

A line reads a dozen fields, and reading a slot is several times faster than a field of a named tuple or an entity.
"""

from dataclasses import dataclass
from decimal import Decimal

from billing.rating.definition import Category, ChargeDefinition, DefinitionScope, Level
from billing.rating.pricing.allowance import Allowance
from billing.rating.pricing.models import Pricing
from billing.rating.transaction import Adjustments, steps_of

FILTERS = ("labour_level", "occupation_type", "part_class")


@dataclass(slots=True, eq=False, repr=False)
class Ruling:
    definition: ChargeDefinition
    definition_id: str
    version: int
    item_id: str | None
    category: Category
    level: Level
    subcategory: str
    usage_unit: str | None
    filters: tuple[str | None, ...]
    """The filters of work orders, in the order of `FILTERS`."""
    title: str
    billing_description: str | None
    is_billed: bool
    is_taxable: bool
    is_for_contract: bool
    pricing: Pricing | None
    """The model; found by its type, because `isinstance` is slow with an entity's class."""
    is_pooled: bool
    """Whether the contract's items share the definition's allowance."""
    minimum_quantity: Decimal | None
    adjustments: Adjustments
    """The steps between price and rounding."""
    carries_over: bool
    initial_meter_value: Decimal | None
    daily_estimate: Decimal | None
    """Units a day where there is no reading; None if the definition does not estimate."""


def ruling_of(definition: ChargeDefinition) -> Ruling:
    """Refused if the definition's minimum charge is above its maximum."""
    fields = vars(definition)  # reading an attribute looks for `__getattr__` too
    pricing, parameters = fields["pricing"], fields["parameters"]
    return Ruling(
        definition,
        fields["definition_id"],
        fields["version"],
        fields["item_id"],
        fields["category"],
        fields["level"],
        fields["subcategory"],
        fields["usage_unit"],
        (fields["labour_level"], fields["occupation_type"], fields["part_class"]),
        definition.title,
        fields["billing_description"],
        fields["bill"],
        fields["taxable"],
        fields["scope"] is DefinitionScope.CONTRACT,
        pricing,
        type(pricing) is Allowance and pricing.shared,
        parameters.minimum_quantity,
        steps_of(parameters),
        fields["carry_over"],
        fields["initial_meter_value"],
        fields["daily_estimate"] if fields["estimated_usage"] else None,
    )
