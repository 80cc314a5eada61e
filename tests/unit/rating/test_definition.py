"""Definitions that cannot work are refused when saved, at the field that is wrong."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from billing.core.money import Money
from billing.rating.definition import ChargeDefinition
from billing.rating.transaction import transaction
from tests.support.rating import definition, monthly, per_unit

PER_UNIT = {"kind": "per_unit", "unit_price": "0.05"}
WORK = {"category": "work_order"}
ALLOWANCE = {"kind": "allowance", "allowance": "100", "fee": "10.00"}


def tiers(*ends: str | None) -> list[dict[str, Any]]:
    return [{"up_to": end, "unit_amount": "1"} for end in ends]


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "minimum above maximum": (
        {**WORK, "parameters": {"minimum_charge": "100.00", "maximum_charge": "99.99"}},
        "parameters.maximum_charge",
        "Encargo mínimo maior que o Encargo máximo",
    ),
    "percent below -100": (
        {**WORK, "parameters": {"pre_adjust_percent": "-100.01"}},
        "parameters.pre_adjust_percent",
        "Input should be greater than or equal to -100",
    ),
    "post percent below -100": (
        {**WORK, "parameters": {"post_adjust_percent": "-101"}},
        "parameters.post_adjust_percent",
        "Input should be greater than or equal to -100",
    ),
    "negative minimum": (
        {**WORK, "parameters": {"minimum_charge": "-1.00"}},
        "parameters.minimum_charge",
        "o valor não pode ser negativo",
    ),
    "negative minimum quantity": (
        {**WORK, "parameters": {"minimum_quantity": "-1"}},
        "parameters.minimum_quantity",
        "Input should be greater than or equal to 0",
    ),
    "overlapping tiers": (
        {"usage_unit": "page", "pricing": {"kind": "graduated", "tiers": tiers("10", "10", None)}},
        "pricing.graduated.tiers",
        "faixas sobrepostas: cada limite é maior que o da faixa anterior",
    ),
    "closed last tier": (
        {"usage_unit": "page", "pricing": {"kind": "volume", "tiers": tiers("10", "20")}},
        "pricing.volume.tiers",
        "a última faixa é aberta: deixe o limite dela em branco",
    ),
    "open tier in the middle": (
        {"usage_unit": "page", "pricing": {"kind": "graduated", "tiers": tiers("10", None, None)}},
        "pricing.graduated.tiers",
        "só a última",
    ),
    "no tier": (
        {"usage_unit": "page", "pricing": {"kind": "graduated", "tiers": []}},
        "pricing.graduated.tiers",
        "Tuple should have at least 1",
    ),
    "bands that do not rise": (
        {
            "usage_unit": "page",
            "pricing": {
                "kind": "flat_bands",
                "tiers": [{"up_to": "9", "fee": "1"}, {"up_to": "9", "fee": "2"}],
            },
        },
        "pricing.flat_bands.tiers",
        "faixas sobrepostas: cada limite é maior que o da faixa anterior",
    ),
    "allowance without excess price": (
        {"usage_unit": "page", "pricing": ALLOWANCE},
        "pricing.allowance.excess_price",
        "franquia sem preço do excedente",
    ),
    "allowance without unit": (
        {"pricing": {**ALLOWANCE, "excess_price": "0.05"}},
        "pricing",
        "uma franquia precisa da unidade de medida",
    ),
    "unknown unit": (
        {"usage_unit": "parsec", "pricing": PER_UNIT},
        "usage_unit",
        "unidade desconhecida: use uma de página",
    ),
    "end before start": (
        {**WORK, "valid_until": "2024-12-31"},
        "valid_until",
        "o fim da vigência é anterior ao início",
    ),
    "end on the start": (
        {**WORK, "valid_until": "2025-01-01"},
        "valid_until",
        "o fim da vigência é anterior ao início",
    ),
    "carry-over without minimum": (
        {"usage_unit": "km", "pricing": PER_UNIT, "carry_over": True},
        "carry_over",
        "retorno a zero sem quantidade mínima",
    ),
    "carry-over of a minimum of nothing": (
        {
            "usage_unit": "km",
            "pricing": PER_UNIT,
            "carry_over": True,
            "parameters": {"minimum_quantity": "0"},
        },
        "carry_over",
        "retorno a zero sem quantidade mínima",
    ),
    "negative commitment": (
        {"level": "category", "pricing": {"kind": "minimum_commitment", "minimum": "-10.00"}},
        "pricing.minimum_commitment.minimum",
        "o valor não pode ser negativo",
    ),
    "taxable with a blank code": (
        {**WORK, "taxable": True, "tax_code": " "},
        "tax_code",
        "String should have at least 1 character",
    ),
    "carry-over of work orders": (
        {**WORK, "parameters": {"minimum_quantity": "1"}, "carry_over": True},
        "carry_over",
        "retorno a zero vale só para encargos de uso",
    ),
    "estimate without daily use": (
        {"usage_unit": "km", "pricing": PER_UNIT, "estimated_usage": True},
        "daily_estimate",
        "encargo de uso estimado sem uso diário estimado",
    ),
    "taxable without code": ({**WORK, "taxable": True}, "tax_code", "linha tributável sem código tributário"),
    "labour level outside work orders": (
        {"usage_unit": "km", "pricing": PER_UNIT, "labour_level": "1"},
        "labour_level",
        "nível, tipo de ocupação e classe da peça valem só para encargos de OS",
    ),
    "occupation outside work orders": (
        {"category": "fuel", "occupation_type": "x"},
        "occupation_type",
        "nível, tipo de ocupação e classe da peça valem só para encargos de OS",
    ),
    "part class outside work orders": (
        {"category": "sales", "part_class": "x"},
        "part_class",
        "nível, tipo de ocupação e classe da peça valem só para encargos de OS",
    ),
    "energy terms outside energy": (
        {**WORK, "energy": {"sub_metering": True}},
        "energy",
        "submedição, área e percentual valem só para encargos de energia",
    ),
    "area and percentage": (
        {"category": "energy", "energy": {"use_occupied_area": True, "billing_percentage": "10"}},
        "energy.billing_percentage",
        "use o percentual de faturamento ou a área ocupada, não os dois",
    ),
    "unknown subcategory": (
        {**WORK, "subcategory": "diesel"},
        "subcategory",
        "subcategoria desconhecida nesta categoria; use uma de: Mão de obra, Mão de obra contratada",
    ),
    "item and contract": (
        {**WORK, "item_id": "eqp_1", "scope": "contract"},
        "scope",
        "uma definição com item de contrato não vale para o contrato inteiro",
    ),
    "condition of a transaction": (
        {**WORK, "only_if_positive": True},
        "only_if_positive",
        "a condição da fatura vale só nos níveis de subcategoria e categoria",
    ),
    "minimum quantity of a level": (
        {**WORK, "level": "category", "parameters": {"minimum_quantity": "1"}},
        "parameters",
        "quantidade mínima e ajuste de preço unitário valem só no nível de transação",
    ),
    "price of a level": (
        {**WORK, "level": "category", "pricing": PER_UNIT},
        "pricing",
        "níveis de subcategoria e categoria ajustam o total de baixo: deixe o preço em branco",
    ),
    "commitment of a transaction": (
        {"pricing": {"kind": "minimum_commitment", "minimum": "10.00"}},
        "pricing",
        "o consumo mínimo contratado vale nos níveis de subcategoria e categoria",
    ),
    "use without price": ({"usage_unit": "km"}, "pricing", "informe a taxa"),
    "flat amount without period": (
        {"subcategory": "km", "pricing": {"kind": "flat", "amount": "1"}},
        "pricing",
        "informe o período: Por hora, Diário, Semanal",
    ),
    "period with a unit price": (
        {"subcategory": "daily", "pricing": PER_UNIT},
        "pricing",
        "um encargo por período tem valor fixo",
    ),
    "catalogue with unit": (
        {"usage_unit": "gb", "pricing": {"kind": "catalog"}},
        "pricing",
        "itens de faturamento têm a própria unidade: deixe a unidade de medida em branco",
    ),
    "work orders in tiers": (
        {**WORK, "pricing": {"kind": "volume", "tiers": tiers(None)}},
        "pricing",
        "só preço por unidade, ou em branco",
    ),
    "one-time without amount": (
        {"category": "one_time", "subcategory": "start"},
        "pricing",
        "encargo único: informe a taxa como valor fixo",
    ),
    "block tier of nothing": (
        {
            "usage_unit": "gb",
            "pricing": {"kind": "blocks", "blocks": [{"size": "1", "max": "0", "price": "1"}]},
        },
        "pricing.blocks.blocks",
        "cada faixa tem pelo menos um bloco (-1 = sem limite)",
    ),
    "unlimited block tier before another": (
        {
            "usage_unit": "gb",
            "pricing": {
                "kind": "blocks",
                "blocks": [{"size": "1", "max": "-1", "price": "1"}, {"size": "1", "max": "1", "price": "1"}],
            },
        },
        "pricing.blocks.blocks",
        "faixas sobrepostas: só a última pode ser sem limite",
    ),
    "unlimited block tier between others": (
        {
            "usage_unit": "page",
            "pricing": {
                "kind": "blocks",
                "blocks": [{"size": "1", "max": most, "price": "1"} for most in ("1", "-1", "1")],
            },
        },
        "pricing.blocks.blocks",
        "faixas sobrepostas: só a última pode ser sem limite",
    ),
    "floor above cap": (
        {
            "usage_unit": "brl",
            "pricing": {"kind": "percentage", "rate_percent": "1", "min": "2.00", "max": "1.99"},
        },
        "pricing.percentage.max",
        "o mínimo por evento é maior que o máximo",
    ),
}


@pytest.mark.req("CHG-03", "CHG-08")
@pytest.mark.parametrize(("given", "field", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_definition_that_cannot_work_is_refused_at_its_field(
    given: dict[str, Any], field: str, why: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        definition(**given)
    faults = {".".join(map(str, fault["loc"])): fault["msg"] for fault in refused.value.errors()}
    assert field in faults
    assert faults[field].removeprefix("Value error, ").startswith(why)


@pytest.mark.req("CHG-02")
def test_unknown_level_is_the_one_fault_of_a_definition() -> None:
    with pytest.raises(ValidationError) as refused:
        definition(**WORK, level="floor", parameters={"minimum_quantity": "1"})
    assert [fault["loc"] for fault in refused.value.errors()] == [("level",)]


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"pricing": {"kind": "per_unit", "unit_price": 0.05}}, "unit_price"),
        ({"parameters": {"minimum_quantity": 2.0}}, "minimum_quantity"),
        ({"parameters": {"minimum_charge": 2.5}}, "minimum_charge"),
        ({"pricing": {"kind": "percentage", "rate_percent": "1", "free_events": 2.0}}, "free_events"),
        ({"pricing": {"kind": "blocks", "blocks": [{"size": "1", "max": 3.0, "price": "1"}]}}, "max"),
    ],
)
@pytest.mark.req("CHG-08")
def test_no_float_gets_into_a_definition(given: dict[str, Any], value: str) -> None:
    with pytest.raises(ValidationError, match=value):
        definition(usage_unit="page", **given)


@pytest.mark.req("CHG-03")
def test_equal_limits_and_minus_one_hundred_percent_are_accepted() -> None:
    given = {"minimum_charge": "5.00", "maximum_charge": "5.00", "pre_adjust_percent": "-100"}
    parameters = definition(category="work_order", parameters=given).parameters
    assert transaction(Decimal(3), Decimal(7), parameters) == Money("5.00")


@pytest.mark.req("CHG-01", "CHG-03")
def test_definition_is_stored_and_read_back_equal() -> None:
    for sample in (per_unit(), monthly(), definition(category="fuel", subcategory="diesel")):
        assert ChargeDefinition.model_validate(sample.to_map()) == sample


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"billing_description": "Internet"}, "Internet"),
        ({"subcategory": "monthly", "pricing": {"kind": "flat", "amount": "1"}}, "Mensal"),
        ({"category": "work_order", "subcategory": "tools"}, "Custos com ferramentas"),
        ({"category": "fuel", "subcategory": "Diesel S10"}, "Diesel S10"),
        ({"category": "fuel"}, "Encargos com combustível"),
    ],
)
@pytest.mark.req("CHG-01")
def test_line_is_titled_by_the_billing_description_or_the_subcategory(
    fields: dict[str, Any], title: str
) -> None:
    pricing = {} if fields.get("category") or "pricing" in fields else {"pricing": PER_UNIT}
    assert definition(**pricing, **fields).title == title


@pytest.mark.req("CHG-03")
@pytest.mark.parametrize("name", ["free_up_to", "minimum_charge", "maximum_charge"])
def test_a_limit_of_zero_is_a_limit(name: str) -> None:
    given = definition(category="work_order", parameters={name: "0.00"}).parameters
    assert getattr(given, name) == Money("0.00")
    with pytest.raises(ValidationError, match="o valor não pode ser negativo"):
        definition(category="work_order", parameters={name: "-0.01"})


@pytest.mark.req("CHG-01")
def test_only_flat_charges_of_use_are_by_period() -> None:
    assert monthly().is_by_period
    assert not per_unit().is_by_period
    once = {"kind": "flat", "amount": "10"}
    assert not definition(category="one_time", subcategory="start", pricing=once).is_by_period
