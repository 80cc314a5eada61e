"""What people call the values of the API's enums (`x-labels` in the description), from `billing.core.labels`. A value
without a label is refused."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from billing.banking.layouts.registry import banks
from billing.contracts.actions import ContractAction
from billing.core.field_labels import FIELDS
from billing.core.labels import VALUES
from billing.rating.vocabulary import charge_categories

ONLY_DESCRIBED: dict[str, dict[str, str]] = {
    "ChargeOrder": {
        "due_on": "Vencimento, do mais antigo",
        "-due_on": "Vencimento, do mais novo",
        "customer": "Cliente",
        "-amount": "Valor, do maior",
    },
    "ChangeStatus": {"open": "Em andamento", "done": "Feita"},
    "AgreementStatus": {
        "starting": "Em andamento",
        "in_force": "Em vigor",
        "ending": "Em encerramento",
        "fulfilled": "Cumprido",
        "broken": "Quebrado",
    },
    "ContractOrder": {"customer": "Cliente", "-starts_on": "Início, do mais novo", "plan": "Plano"},
    "HitKind": {"customer": "Cliente", "invoice": "Fatura", "contract": "Contrato", "run": "Execução"},
    "InvoiceOrder": {
        "due_on": "Vencimento, do mais antigo",
        "-due_on": "Vencimento, do mais novo",
        "number": "Número, do menor",
        "-number": "Número, do maior",
        "customer": "Cliente",
        "amount": "Valor, do menor",
        "-amount": "Valor, do maior",
        "-issued_on": "Emissão, da mais nova",
    },
    "MessageOrder": {"-at": "Da mais nova", "customer": "Cliente"},
    "PivotField": {
        "kind": "Tipo",
        "classification": "Classificação",
        "activity": "Situação",
        "city": "Cidade",
        "district": "Bairro",
        "uf": "UF",
        "month": "Mês do cadastro",
        "contract_state": "Situação do contrato",
        "plan": "Plano",
    },
    "RegistrationOrder": {
        "-registered_on": "Do mais novo",
        "name": "Nome",
        "code": "Código",
        "city": "Cidade e bairro",
    },
}
"""Labels of values that no history shows."""

FILTERS: dict[str, str] = {
    "file_name": "Nome do arquivo",
    "amount_from": "Valor mínimo",
    "amount_to": "Valor máximo",
    "columns": "Colunas",
    "company_id": "Empresa",
    "contract_id": "Contrato",
    "contract_ids": "Contratos",
    "count": "Meses",
    "customer": "Cliente",
    "customer_id": "Cliente",
    "due_from": "Vencimento desde",
    "due_to": "Vencimento até",
    "email_template_id": "Modelo de e-mail",
    "end": "Até",
    "every_channel": "Todos os canais",
    "first": "Desde",
    "from": "Desde",
    "is_active": "Situação do cadastro",
    "issued_from": "Emissão desde",
    "issued_to": "Emissão até",
    "item_id": "Item de contrato",
    "last": "Até",
    "on_from": "Dia desde",
    "on_to": "Dia até",
    "overdue": "Vencidas",
    "person_id": "Pessoa",
    "phone": "Telefone",
    "registered_from": "Cadastro desde",
    "registered_to": "Cadastro até",
    "rows": "Linhas",
    "settled_from": "Liquidação desde",
    "settled_to": "Liquidação até",
    "sms_template_id": "Modelo de SMS",
    "source": "Origem da conta",
    "start": "Desde",
    "started_from": "Início desde",
    "started_to": "Início até",
    "subject_id": "De quem, ou do quê",
    "text": "Texto procurado",
    "to": "Até",
    "with_email_and_phone": "Com e-mail e telefone",
}
"""What people call the parameters of a query that are no fields, or not as the field is called."""
NO_FILTERS = {"limit", "cursor", "sort", "dry_run", "confirm"}


class Unlabelled(ValueError):
    """An enum in the description has a value that people would read as it is stored."""


def label(schemas: dict[str, Any]) -> None:
    """Writes `x-labels` into every enum of the schemas. Raises Unlabelled."""
    own = {kind.__name__: kind for kind in _kinds(StrEnum) if hasattr(kind, "label")}
    for name, schema in schemas.items():
        if "enum" not in schema:
            continue
        labels = (
            {str(value): value.label for value in own[name]}
            if name in own
            else (VALUES.get(name) or ONLY_DESCRIBED.get(name, {}))
        )
        missing = [value for value in schema["enum"] if value not in labels]
        if missing:
            raise Unlabelled(f"{name} {missing}: add to billing/core/labels.py what people call them")
        schema["x-labels"] = {value: labels[value] for value in schema["enum"]}
    if "ChargeDefinition" in schemas:
        source = schemas["ChargeDefinition"]["properties"]["source_code"]
        source["x-labels"] = {str(action): action.label for action in ContractAction}
    if "Category" in schemas:
        schemas["Category"]["x-subcategories"] = {
            category.code: {named.code: named.label for named in category.subcategories}
            for category in charge_categories()
        }
    if "BankTerms" in schemas:
        schemas["BankTerms"]["properties"]["bank"]["x-banks"] = {
            code: {"name": bank.name, "layouts": bank.layouts} for code, bank in banks().items()
        }


def label_filters(operations: Iterator[dict[str, Any]]) -> None:
    """Writes `x-label` into every parameter of a query that chooses what is seen: the log of accesses names them. Raises
    Unlabelled."""
    for operation in operations:
        for parameter in operation.get("parameters", ()):
            name = parameter.get("name")
            if parameter.get("in") != "query" or name in NO_FILTERS:
                continue
            words = FILTERS.get(name) or FIELDS.get(name)
            if words is None:
                raise Unlabelled(f"the filter {name}: add to infra/labels.py what people call it")
            parameter["x-label"] = words


def _kinds(kind: type[StrEnum]) -> Iterator[type[StrEnum]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)
