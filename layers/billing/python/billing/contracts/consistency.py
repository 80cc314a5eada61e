"""Whether a contract's charge definitions fit each other and its items, which no definition can check on its own."""

from collections.abc import Iterable
from itertools import product

from pydantic_core import PydanticCustomError

from billing.contracts.items import ContractItem
from billing.rating.definition import ChargeDefinition
from billing.rating.units import covers


def check_definitions(definitions: tuple[ChargeDefinition, ...], item_ids: set[str]) -> None:
    last: dict[str, ChargeDefinition] = {}
    for definition in sorted(definitions, key=lambda d: (d.definition_id, d.version)):
        if definition.item_id is not None and definition.item_id not in item_ids:
            raise PydanticCustomError(
                "contract.definition_item",
                "A definição “{title}” é de um item que não está no contrato.",
                {"title": definition.title},
            )
        before = last.get(definition.definition_id)
        if before is not None and (
            before.version == definition.version
            or before.valid_until is None
            or before.valid_until > definition.valid_from
        ):
            raise PydanticCustomError(
                "contract.definition_overlap",
                "A definição “{title}” tem duas versões em vigor ao mesmo tempo.",
                {"title": definition.title},
            )
        last[definition.definition_id] = definition


def differing_initial_value(
    items: Iterable[ContractItem], definitions: Iterable[ChargeDefinition]
) -> str | None:
    """A message if a definition's initial value differs from its meter's, because a meter counts from one initial value
    and the definition's would be silently ignored."""
    given = [metered for metered in definitions if metered.initial_meter_value is not None]
    for definition, item in product(given, items):
        for meter in item.meters:
            if (
                definition.item_id in {None, item.id}
                and covers(definition.usage_unit, meter.unit)
                and meter.initial != definition.initial_meter_value
            ):
                return (
                    f"O medidor {meter.unit} de {item.description} já tem o valor inicial {meter.initial:f}: na definição"
                    f" “{definition.title}”, informe o mesmo ou deixe em branco."
                )
    return None
