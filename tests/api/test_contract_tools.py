"""A contract's tools propose what they would change, and do what was proposed and nothing else (CHG-07)."""

import json
from typing import Any

import pytest

from billing.audit.changes import history
from billing.contracts.store import ContractsTable
from billing.core.field_labels import FIELDS
from billing.rating.definition import EnergyTerms
from infra import openapi
from tests.api.test_contracts import MONTHLY, PRINTER, Office
from tests.support.aws import InProcessAws
from tests.support.http import Answer

COLOUR = {
    "definition_id": "def_colour",
    "valid_from": "2026-01-01",
    "category": "usage",
    "usage_unit": "page_colour",
    "billing_description": "Páginas coloridas",
    "item_id": PRINTER["id"],
    "taxable": True,
    "tax_code": "antigo",
    "pricing": {"kind": "per_unit", "unit_price": "0.40"},
}
ENERGY = {
    "definition_id": "def_energy",
    "valid_from": "2026-01-01",
    "category": "energy",
    "billing_description": "Energia",
    "energy": {"sub_metering": True},
}
SINCE = {"valid_from": "2026-04-01"}
TOOLS: dict[str, dict[str, Any]] = {
    "tax-codes": SINCE,
    "missing-meters": {},
    "energy-preferences": {**SINCE, "energy": {"use_occupied_area": True}},
}
PROPOSED = {
    "tax-codes": [
        (
            "Páginas coloridas",
            [("Início da vigência", "01/01/2026", "01/04/2026"), ("Código tributário", "antigo", "iss-05")],
        )
    ],
    "missing-meters": [("Impressora da recepção", [("Medidores", None, "páginas em cores")])],
    "energy-preferences": [
        (
            "Energia",
            [
                ("Início da vigência", "01/01/2026", "01/04/2026"),
                ("Energia – Submedição", "Sim", "Não"),
                ("Energia – Usa a área ocupada", "Não", "Sim"),
            ],
        )
    ],
}
each_tool = pytest.mark.parametrize("tool", TOOLS)


class Desk:
    """In front of a contract in which each tool has something to change."""

    def __init__(self, office: Office) -> None:
        made = office.add(
            items=[{**PRINTER, "tax_code": "iss-05"}], definitions=[MONTHLY, COLOUR, ENERGY]
        ).body
        self.clerk, self.contract = office.clerk, made["id"]
        self.path = f"{office.path}/{made['id']}"

    def propose(self, tool: str, **changes: Any) -> Answer:
        body = {**TOOLS[tool], **changes} or None
        return self.clerk.post(f"{self.path}/{tool}/proposal", body)

    def carry_out(self, tool: str, proposal: str, version: int = 1, **changes: Any) -> Answer:
        return self.clerk.put(
            f"{self.path}/{tool}", {**TOOLS[tool], **changes, "proposal": proposal}, version=version
        )

    def kept(self) -> list[str]:
        partition = f"ten_alfa#{self.path.split('/')[2]}"
        return [entry.action for entry in history(ContractsTable, partition, f"contract#{self.contract}")]


@pytest.fixture
def desk(aws: InProcessAws) -> Desk:
    return Desk(Office())


@pytest.mark.req("CHG-07")
@each_tool
def test_tool_says_what_it_would_change_and_changes_nothing(desk: Desk, tool: str) -> None:
    before = desk.clerk.get(desk.path).body

    proposed = desk.propose(tool)

    assert proposed.status == 200, proposed.body
    proposal = [
        (item["title"], [(c["label"], c.get("before"), c.get("after")) for c in item["changes"]])
        for item in proposed.body["items"]
    ]
    assert proposal == PROPOSED[tool]
    assert desk.clerk.get(desk.path).body == before
    assert desk.kept() == ["contract.added"]


@pytest.mark.req("CHG-07")
@each_tool
def test_tool_does_what_was_proposed_once(desk: Desk, tool: str) -> None:
    proposal = desk.propose(tool).body["proposal"]

    done = desk.carry_out(tool, proposal)
    again = desk.carry_out(tool, proposal, version=2)
    nothing = desk.carry_out(tool, desk.propose(tool).body["proposal"], version=2)

    assert (done.status, done.body["version"]) == (200, 2), done.body
    assert (again.status, again.code) == (422, "tool.proposal_changed")
    assert (nothing.status, nothing.code) == (422, "tool.nothing_to_change")
    assert len(desk.kept()) == 2


@pytest.mark.req("CHG-07")
@each_tool
def test_tool_refuses_anything_that_was_not_shown(desk: Desk, tool: str) -> None:
    """Not without a proposal, not with one from before the contract changed, not with one for another request."""
    proposal = desk.propose(tool).body["proposal"]

    unseen = desk.clerk.put(f"{desk.path}/{tool}", TOOLS[tool], version=1)
    made_up = desk.carry_out(tool, "0" * 32)
    other = desk.carry_out(tool, proposal, **({"valid_from": "2026-05-01"} if TOOLS[tool] else {}))
    if not TOOLS[tool]:  # it takes no parameter that could differ
        other = made_up
    desk.clerk.put(f"{desk.path}/definitions/def_mensal", {**MONTHLY, "valid_from": "2026-02-01"}, version=1)
    older = desk.carry_out(tool, proposal, version=2 if other.status != 200 else 3)

    assert (unseen.status, [r["field"] for r in unseen.body["reasons"]]) == (400, ["proposal"])
    assert {answer.code for answer in (made_up, other, older)} == {"tool.proposal_changed"}


@pytest.mark.req("CHG-07")
def test_every_route_that_proposes_has_one_that_requires_the_proposal() -> None:
    document = json.loads(openapi.DOCUMENT.read_text())
    schemas = document["components"]["schemas"]
    proposing = {path.removesuffix("/proposal") for path in document["paths"] if path.endswith("/proposal")}
    asking = {
        path
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "get" and "proposal" in _required(operation, schemas)
    }

    assert proposing == asking
    assert {path.rpartition("/")[2] for path in proposing} >= set(TOOLS)


def test_every_energy_preference_is_proposed_by_name() -> None:
    assert [name for name in EnergyTerms.model_fields if name not in FIELDS] == []


def _required(operation: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    if "requestBody" not in operation:
        return []
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    named = schema.get("$ref", "").rpartition("/")[2]
    required: list[str] = schemas.get(named, {}).get("required", [])
    return required
