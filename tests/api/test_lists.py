"""Every answer that is a list which can grow has a cursor; what is bounded by nature says by what."""

import json
from pathlib import Path
from typing import Any

import pytest

DESCRIPTION = json.loads(Path("docs/api/openapi.json").read_text(encoding="utf-8"))

SET_UP = "configured by hand, by one base of a few companies"
BOUNDED = {
    "/bases": "the bases in which one person works",
    "/bank-returns/{return_id}/records": "100 lines, and `next_line`",
    "/payment-profiles/{profile_id}/remittances/{sequence}/records": "100 lines, and `next_line`",
    "/cash-accounts": SET_UP,
    "/cash-balances": "one for each cash account",
    "/cash-sessions/mine": "one open box for each cash account",
    "/charge-categories": "fixed by the product",
    "/companies": SET_UP,
    "/customers/{customer_id}/closings/{closing_id}": "the items of one contract, which are in its row",
    "/customers/{customer_id}/contracts/{contract_id}": "the items of one contract, which are in its row",
    "/customers/{customer_id}/amounts-due": "invoices that the question names, at most 100",
    "/customers/{customer_id}/invoices/{invoice_id}/offered-instructions": "one for each kind of instruction",
    "/listed-reasons": SET_UP,
    "/message-wildcards": "fixed by the product",
    "/payment-profiles": SET_UP,
    "/permissions": "fixed by the product",
    "/profiles": "the four, and at most 20 of the account's own",
    "/search": "a few hits of each kind",
    "/sender-domains": SET_UP,
    "/usage-units": "fixed by the product",
    "/waiting": "one for each kind of thing that waits, with a few examples",
}


def lists() -> dict[str, dict[str, Any]]:
    """The operations that answer `items`, by path."""
    listings = {}
    for path, operations in DESCRIPTION["paths"].items():
        if "get" not in operations:
            continue
        answer = next(a for status, a in operations["get"]["responses"].items() if status.startswith("2"))
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        schema = DESCRIPTION["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
        if schema.get("properties", {}).get("items", {}).get("type") == "array":
            listings[path] = {**operations["get"], "answer": schema}
    return listings


def has_cursor(operation: dict[str, Any]) -> bool:
    return any(parameter.get("name") == "cursor" for parameter in operation.get("parameters", ()))


@pytest.mark.req("PLT-02")
def test_list_that_can_grow_has_a_cursor() -> None:
    without = {path for path, operation in lists().items() if not has_cursor(operation)}
    assert without == BOUNDED.keys(), "give it a cursor (`core.page.part_of`), or say what bounds it"


@pytest.mark.req("PLT-02")
def test_list_with_a_cursor_says_how_it_continues() -> None:
    silent = [
        path
        for path, operation in lists().items()
        if has_cursor(operation) and "next_cursor" not in operation["answer"]["properties"]
    ]
    assert silent == []
