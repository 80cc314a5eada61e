"""The published description of the API is the one that the handlers have."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from openapi_spec_validator import validate

from billing.banking.profile_checks import validate_terms
from billing.banking.terms import Layout
from infra import openapi
from tests.support.batches import ONE_THING, several
from tests.support.made import ITAU

ENGLISH = re.compile(
    r"\b(the|of|and|which|what|that|with|by|is|are|from|whose|not|when|an|one|its|how|who|to|in|it)\b",
    re.IGNORECASE,
)
"""Small words that an English sentence needs, and that are not Portuguese words."""


@pytest.mark.req("PLT-02")
def test_committed_description_is_that_of_the_handlers() -> None:
    assert openapi.DOCUMENT.read_text() == openapi.render(), "run `make openapi` and commit"


@pytest.mark.req("PLT-02")
def test_description_is_valid_openapi() -> None:
    validate(json.loads(openapi.DOCUMENT.read_text()))


@pytest.mark.req("PLT-02")
def test_every_operation_has_a_portuguese_summary_and_a_tag() -> None:
    lacking = [
        f"{method} {path}: {operation.get('summary')}"
        for path, method, operation in operations()
        if not operation.get("tags")
        or not operation.get("summary")
        or operation["summary"]
        .lower()
        .startswith(f"{method} /")  # what Powertools says if a handler says nothing
        or is_english(operation["summary"])
    ]

    assert lacking == []


@pytest.mark.req("PLT-02")
def test_texts_that_api_users_read_are_in_portuguese() -> None:
    assert sorted(text for text in descriptions(published()) if is_english(text)) == []


@pytest.mark.req("PLT-02")
def test_every_request_body_has_an_example() -> None:
    lacking = [
        f"{method} {path}"
        for path, method, operation in operations()
        if "requestBody" in operation and not has_example(operation["requestBody"])
    ]

    assert lacking == []


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Reads the customer that was registered", True),
        ("Percent of a line", True),
        ("Origem da conta: whose bill.", True),
        ("Preenchido com a operação (`one of them`)", False),
        ("Lista as faturas de um cliente, se for o caso", False),
        ("Cobrança (CHG-02)", False),
        ("Cancela a fatura", False),
    ],
)
def test_english_is_distinguished_from_portuguese(text: str, english: bool) -> None:
    assert is_english(text) is english


def published() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(openapi.DOCUMENT.read_text())
    return document


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in published()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def descriptions(part: Any) -> Iterator[str]:
    """Those of operations, parameters, answers, schemas and fields, at any depth."""
    match part:
        case dict():
            if isinstance(part.get("description"), str):
                yield part["description"]
            for below in part.values():
                yield from descriptions(below)
        case list():
            for below in part:
                yield from descriptions(below)


def has_example(schema: Any, above: tuple[str, ...] = ()) -> bool:
    """Whether it or one of its fields has an example, at any depth."""
    match schema:
        case list():
            return any(has_example(part, above) for part in schema)
        case {"examples": _}:
            return True
        case {"$ref": reference}:
            name = reference.rpartition("/")[2]
            return name not in above and has_example(published_schemas()[name], (*above, name))
        case dict():
            return any(has_example(part, above) for part in schema.values())
        case _:
            return False


@cache
def published_schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = published()["components"]["schemas"]
    return schemas


def is_english(text: str) -> bool:
    """What is in backticks is code."""
    return ENGLISH.search(re.sub(r"`[^`]*`", "", text)) is not None


@pytest.mark.req("PLT-02")
def test_operations_are_named_as_a_client_would_call_them() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]

    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z][a-zA-Z0-9]+", name)] == []


@pytest.mark.req("PLT-02")
def test_operation_on_several_objects_has_an_answer_for_each() -> None:
    other = {one.route for one in several() if one.answer != "BatchAnswer"}

    assert other == set(ONE_THING), "answer with BatchAnswer, or say here of what one thing the list is part"


PARTS_OF_A_THING = {
    "/customers/{customer_id}/closings/{closing_id}/adjustments/{adjustment_id}",
    "/customers/{customer_id}/contracts/{contract_id}/definitions/{definition_id}",
    "/customers/{customer_id}/contracts/{contract_id}/items/{item_id}",
    "/items/{item_id}/prices/{month}",
    "/tax-codes/{code}/rates/{valid_from}",
}
"""Recorded in the history of the thing."""
USED_UP = {
    "/customers/{customer_id}/readings/{item_id}/{unit}/{on}",
    "/customers/{customer_id}/usage/{month}/{usage_id}",
}
"""What is counted but has no history of its own: who corrected it is in the audit, and no screen asks yet."""
OF_THE_ACCOUNT = {"/profiles/{profile_id}"}
"""Recorded in the audit of the tenant, as its rules are, which no screen shows yet."""


@pytest.mark.req("INV-07", "REP-03")
def test_everything_that_people_can_change_has_a_history() -> None:
    paths = published()["paths"]
    changed = {
        path
        for path, methods in paths.items()
        if path.endswith("}") and {"put", "patch", "delete"} & methods.keys()
    }

    assert {path for path in changed if f"{path}/history" not in paths} == (
        PARTS_OF_A_THING | USED_UP | OF_THE_ACCOUNT
    )


@pytest.mark.req("PLT-02")
def test_every_value_of_every_enum_has_a_portuguese_label() -> None:
    enums = {name: schema for name, schema in published_schemas().items() if "enum" in schema}

    assert len(enums) > 40
    for name, schema in enums.items():
        assert sorted(schema.get("x-labels", {})) == sorted(schema["enum"]), name
        assert not [label for label in schema["x-labels"].values() if is_english(label) or "_" in label], name


@pytest.mark.req("BNK-01", "BNK-03")
def test_banks_and_the_layouts_of_their_files_are_those_that_a_profile_may_have() -> None:
    offered = published_schemas()["BankTerms"]["properties"]["bank"]["x-banks"]

    assert offered["341"] == {"name": "Itaú", "layouts": ["cnab240", "cnab400", "none"]}
    for code, bank in offered.items():
        for layout in Layout:
            is_refused = any(
                reason.code in {"profile.layout_unknown", "profile.layout_api"}
                for reason in validate_terms(ITAU.evolve(bank=code, layout=layout))
            )
            assert (layout in bank["layouts"]) is not is_refused, (code, layout)


@pytest.mark.req("PLT-02")
def test_answers_have_no_null_and_always_have_fields_with_a_default() -> None:
    customer = published_schemas()["Customer"]

    assert {"emails", "classification", "is_active"} <= set(customer["required"])
    assert "document" not in customer["required"]
    assert "anyOf" not in customer["properties"]["document"]
    for name in schemas_of("responses"):
        for field, schema in published_schemas()[name].get("properties", {}).items():
            assert {"type": "null"} not in schema.get("anyOf", []), f"{name}.{field}"


@pytest.mark.req("PLT-02")
def test_requests_and_answers_have_separate_schemas() -> None:
    sent, answered = schemas_of("requestBody"), schemas_of("responses")

    assert "AddressInput" in sent
    assert "Address" in answered
    assert "number" not in published_schemas()["AddressInput"]["required"]
    assert "number" in published_schemas()["Address"]["required"]
    assert {name for name in answered if name.endswith("Input")} == set()


def schemas_of(part: str) -> set[str]:
    """Names of the schemas that requests or answers use."""
    ahead = set(references([operation.get(part) for _, _, operation in operations()]))
    known: set[str] = set()
    while ahead:
        known |= ahead
        ahead = set(references([published_schemas()[name] for name in ahead])) - known
    return known


def references(part: Any) -> Iterator[str]:
    match part:
        case dict():
            for name, below in part.items():
                if name == "$ref":
                    yield below.rpartition("/")[2]
                yield from references(below)
        case list():
            for below in part:
                yield from references(below)


def test_an_address_to_read_a_file_at_is_one_type() -> None:
    """Each route of its own would answer another name for the same."""
    schemas = published()["components"]["schemas"]

    assert [name for name, schema in schemas.items() if set(schema.get("properties", {})) == {"url"}] == [
        "Link"
    ]
