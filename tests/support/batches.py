"""Which routes accept several things, read from the published description of the API, and what each answers with."""

import json
from functools import cache
from typing import Any, NamedTuple

from infra import openapi

ONE_THING = {
    "POST /customers": "a person has addresses and telephones",
    "PUT /customers/{customer_id}": "the same",
    "POST /customers/{customer_id}/contracts": "a contract has items and definitions",
    "PUT /customers/{customer_id}/contracts/{contract_id}/items/{item_id}": "an item has meters",
    "POST /members": "a person serves companies",
    "PUT /members/{user_id}": "the same",
    "POST /profiles": "a profile has permissions",
    "POST /profiles/{profile_id}/proposal": "the same",
    "PUT /profiles/{profile_id}": "the same",
    "PUT /companies/{company_id}/fiscal-settings": "a company has compositions and rules",
    "POST /runs/billing": "a run of some contracts: what is left out is parked, each with its reason",
    "POST /counter-receipts": "one receipt, of every invoice or none",
    "POST /customers/{customer_id}/agreements/proposal": "one agreement, of every invoice or none",
    "POST /customers/{customer_id}/agreements": "the same",
    "POST /customers/{customer_id}/messages": "one message, with every invoice attached or none",
    "POST /customers/{customer_id}/invoices/print": "one PDF, with every invoice or none",
}
"""Lists that are parts of what is written or drawn; for the last five, a refusal names each part that prevents it."""


class Several(NamedTuple):
    route: str
    field: str
    answer: str


@cache
def several() -> tuple[Several, ...]:
    """Every operation whose body has a list of its own."""
    document = json.loads(openapi.DOCUMENT.read_text())
    schemas = document["components"]["schemas"]
    return tuple(
        Several(f"{method.upper()} {path}", name, _answer(operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation
        for name, field in _body(operation, schemas).get("properties", {}).items()
        if _is_list(field)
    )


def batches() -> dict[str, str]:
    """The list's field of each route that answers item by item."""
    return {one.route: one.field for one in several() if one.answer == "BatchAnswer"}


def _body(operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    resolved: dict[str, Any] = schemas[_name(schema)] if "$ref" in schema else schema
    return resolved


def _answer(operation: dict[str, Any]) -> str:
    (good,) = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    return _name(good["content"]["application/json"]["schema"])


def _is_list(field: dict[str, Any]) -> bool:
    """A tuple of a fixed length, such as an instalment's k of n, is one value."""
    return any(
        one.get("type") == "array" and "prefixItems" not in one for one in [field, *field.get("anyOf", [])]
    )


def _name(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def counted(answer: dict[str, Any]) -> dict[str, Any]:
    """For a batch of lines: how many were counted, and by number which were already known and which were refused."""
    lines = {int(item["id"]): item for item in answer["items"]}
    codes_by_line = {number: [reason["code"] for reason in item["reasons"]] for number, item in lines.items()}
    return {
        "received": len(lines),
        "accepted": sum(item["outcome"] == "done" for item in lines.values()),
        "duplicates": [number for number, codes in codes_by_line.items() if codes == ["event.repeated"]],
        "refused": [
            {"line": number, "reasons": item["reasons"]}
            for number, item in lines.items()
            if item["outcome"] == "refused"
        ],
    }
