"""The three tools for charge definitions (CHG-07): each alters what it is for, by a new version, and nothing else."""

from datetime import date
from typing import Any

import pytest

from billing.contracts.model import Contract
from billing.contracts.tools import (
    EnergyPreferences,
    associate_missing_meters,
    reset_tax_codes,
    update_energy_preferences,
)
from billing.core.errors import Refused
from billing.rating.definition import EnergyTerms
from tests.support.contracts import MONO, PLAN, PRINTER, printing

pytestmark = pytest.mark.req("CHG-07")
APRIL = date(2026, 4, 1)
COLOUR = {
    **MONO,
    "definition_id": "def_colour",
    "subcategory": "colour",
    "usage_unit": "page_colour",
    "initial_meter_value": "300",
}


def energy(definition_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "definition_id": definition_id,
        "valid_from": "2025-01-01",
        "category": "energy",
        "subcategory": definition_id[4:],
        **changes,
    }


def versions(contract: Contract, definition_id: str) -> list[tuple[int, str, str | None]]:
    return [
        (
            definition.version,
            str(definition.valid_from),
            None if definition.valid_until is None else str(definition.valid_until),
        )
        for definition in contract.definitions
        if definition.definition_id == definition_id
    ]


def taxed(**changes: Any) -> dict[str, Any]:
    return {**MONO, "item_id": "eqp_0001", "taxable": True, "tax_code": "old", **changes}


def test_definitions_of_an_item_take_its_tax_code_from_a_day_on() -> None:
    contract = printing(items=[{**PRINTER, "tax_code": "iss-05"}], definitions=[taxed(), PLAN])

    after = reset_tax_codes(contract, APRIL)

    assert versions(after, "def_mono") == [(1, "2025-01-01", "2026-04-01"), (2, "2026-04-01", None)]
    assert [
        definition.tax_code for definition in after.definitions if definition.definition_id == "def_mono"
    ] == [
        "old",
        "iss-05",
    ]
    assert versions(after, "def_plan") == [(1, "2025-01-01", None)]
    assert reset_tax_codes(after, date(2026, 5, 1)) == after


@pytest.mark.parametrize(
    ("item", "definition"),
    [
        (PRINTER, taxed()),
        ({**PRINTER, "tax_code": "iss-05"}, taxed(taxable=False)),
        ({**PRINTER, "tax_code": "iss-05"}, taxed(valid_until="2026-03-01")),
    ],
    ids=["item without code", "not taxable", "no longer in force"],
)
def test_definition_that_takes_no_tax_code_stays(item: dict[str, Any], definition: dict[str, Any]) -> None:
    contract = printing(items=[item], definitions=[definition])

    assert reset_tax_codes(contract, APRIL) == contract


def test_version_that_begins_later_is_not_overtaken() -> None:
    later = taxed(version=2, valid_from="2026-06-01")
    contract = printing(
        items=[{**PRINTER, "tax_code": "iss-05"}], definitions=[taxed(valid_until="2026-06-01"), later]
    )

    with pytest.raises(Refused) as refused:
        reset_tax_codes(contract, APRIL)

    assert refused.value.code == "definition.valid_from"


def test_equipment_gets_the_meters_that_usage_definitions_need() -> None:
    after = associate_missing_meters(printing(definitions=[MONO, COLOUR, PLAN]))

    (printer,) = after.items
    assert [(meter.unit, str(meter.initial)) for meter in printer.meters] == [
        ("page_mono", "1000"),
        ("page_colour", "300"),
    ]
    assert associate_missing_meters(after) == after


def test_meter_of_a_narrower_unit_is_enough() -> None:
    any_page = {**MONO, "usage_unit": "page"}
    contract = printing(definitions=[any_page])

    assert associate_missing_meters(contract) == contract


def test_only_equipment_and_only_for_its_own_definitions() -> None:
    project = {**PRINTER, "id": "eqp_0002", "kind": "project", "meters": []}
    other = {**PRINTER, "id": "eqp_0003", "meters": []}
    for_other = {**COLOUR, "item_id": "eqp_0003"}
    sub_metered = energy("def_power", usage_unit="kwh", energy={"sub_metering": True})

    after = associate_missing_meters(
        printing(items=[PRINTER, project, other], definitions=[for_other, sub_metered])
    )

    assert {item.id: [meter.unit for meter in item.meters] for item in after.items} == {
        "eqp_0001": ["page_mono", "kwh"],
        "eqp_0002": [],
        "eqp_0003": ["page_colour", "kwh"],
    }


def test_energy_preferences_cover_every_commodity_and_item() -> None:
    preferences = EnergyPreferences(
        valid_from=APRIL, energy=EnergyTerms(use_occupied_area=True, utility_bill_source="Aurora")
    )
    definitions = [energy("def_power"), energy("def_gas", item_id="eqp_0001"), MONO]

    after = update_energy_preferences(printing(definitions=definitions), preferences)

    newest = {definition.definition_id: definition for definition in after.definitions}
    assert newest["def_power"].energy == newest["def_gas"].energy == preferences.energy
    assert versions(after, "def_gas") == [(1, "2025-01-01", "2026-04-01"), (2, "2026-04-01", None)]
    assert versions(after, "def_mono") == [(1, "2025-01-01", None)]
