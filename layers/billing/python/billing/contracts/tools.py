"""Three tools for a contract's charge definitions (CHG-07). Definitions never change: what a tool alters becomes the
next version, in force from a given day."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from pydantic import Field

from billing.contracts.items import EQUIPMENT, ContractItem, Meter
from billing.contracts.model import Contract
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.period import Day
from billing.rating.definition import Category, ChargeDefinition, DefinitionScope, EnergyTerms
from billing.rating.units import covers

NO_UNITS = Decimal(0)


class NextVersions(Entity):
    valid_from: Day = Field(examples=["2026-04-01"])
    """Início da vigência das novas versões."""


class EnergyPreferences(NextVersions):
    """As preferências de energia, iguais para todas as commodities e equipamentos do contrato."""

    energy: EnergyTerms


def reset_tax_codes(contract: Contract, valid_from: date) -> Contract:
    """Taxable definitions of items take their item's tax code; an item without one changes nothing. Raises Refused."""

    def coded(definition: ChargeDefinition) -> ChargeDefinition:
        item = contract.item(definition.item_id or "")
        if not definition.taxable or item is None or item.tax_code is None:
            return definition
        return definition.evolve(tax_code=item.tax_code)

    return _altered(contract, valid_from, coded)


def update_energy_preferences(contract: Contract, preferences: EnergyPreferences) -> Contract:
    """Give these terms to every energy definition, whatever its commodity and item. Raises Refused."""

    def preferring(definition: ChargeDefinition) -> ChargeDefinition:
        if definition.category is not Category.ENERGY:
            return definition
        return definition.evolve(energy=preferences.energy)

    return _altered(contract, preferences.valid_from, preferring)


def associate_missing_meters(contract: Contract) -> Contract:
    """Give equipment a meter for each usage definition whose unit none of its meters measures, starting at the
    definition's initial value. Raises Refused."""
    for item in contract.items:
        missing = _missing_meters(item, latest(contract).values())
        if missing:
            contract = contract.with_item(item.evolve(meters=(*item.meters, *missing)))
    return contract


def _missing_meters(item: ContractItem, definitions: Iterable[ChargeDefinition]) -> list[Meter]:
    if item.kind not in EQUIPMENT:
        return []
    meters: dict[str, Meter] = {}
    for definition in definitions:
        unit = definition.usage_unit
        is_for_item = definition.item_id == item.id or (
            definition.item_id is None and definition.scope is DefinitionScope.ITEM
        )
        if unit is None or not is_for_item or not _is_metered(definition):
            continue
        if not any(covers(unit, meter.unit) for meter in (*item.meters, *meters.values())):
            meters[unit] = Meter(unit=unit, initial=definition.initial_meter_value or NO_UNITS)
    return list(meters.values())


def _is_metered(definition: ChargeDefinition) -> bool:
    """By usage, or energy by the item's own meter; not by period."""
    if definition.category is Category.ENERGY:
        return definition.energy is not None and definition.energy.sub_metering
    return definition.category is Category.USAGE and not definition.is_by_period


def _altered(
    contract: Contract, valid_from: date, alter: Callable[[ChargeDefinition], ChargeDefinition]
) -> Contract:
    """With a next version of each definition that `alter` changes and that is in force on `valid_from` or later."""
    for last in latest(contract).values():
        altered = alter(last)
        if altered != last and (last.valid_until is None or last.valid_until > valid_from):
            _require_none_later(last, valid_from)
            contract = contract.with_definition(altered.evolve(valid_from=valid_from))
    return contract


def _require_none_later(last: ChargeDefinition, valid_from: date) -> None:
    """A tool does not replace a version that was agreed for a later day. Raises Refused."""
    if last.valid_from > valid_from:
        message = f"A versão de {last.title} vale desde {last.valid_from:%d/%m/%Y}. Informe esse dia ou um posterior."
        raise Refused.because([Refusal("definition.valid_from", message, field="valid_from")])


def latest(contract: Contract) -> dict[str, ChargeDefinition]:
    """The last version of each definition, by its id."""
    by_version = sorted(contract.definitions, key=lambda definition: definition.version)
    return {definition.definition_id: definition for definition in by_version}
