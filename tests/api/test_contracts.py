"""Contracts over HTTP."""

from typing import Any

import pytest

from billing.access.model import Profile
from billing.audit.changes import history
from billing.contracts import service
from billing.contracts.store import ContractsTable
from functions.banking.api import handler as banking
from functions.customers.api import handler as customers
from tests.support.aws import InProcessAws
from tests.support.contracts_api import handler
from tests.support.http import Answer, Client
from tests.support.members import let_in, open_tenant

JOANA = {"kind": "individual", "name": "Joana Prado", "document": "529.982.247-25"}
COMPANY = {
    "legal_name": "Vale Fibra Ltda.",
    "trade_name": "Vale Fibra",
    "cnpj": "11.222.333/0001-81",
    "address": {
        "street": "Rua A",
        "district": "Centro",
        "city": "Rio de Janeiro",
        "uf": "RJ",
        "cep": "22240-003",
    },
    "municipality_code": "3304557",
    "service_phone": "(21) 2555-1234",
    "sender_email": "cobranca@example.com",
}
PROFILE = {
    "name": "Itaú 109",
    "terms": {
        "bank": "341",
        "agencia": "0057",
        "conta": "12345",
        "conta_digit": "7",
        "carteira": "109",
        "beneficiary_name": "Vale Fibra",
        "beneficiary_document": "11222333000181",
    },
    "last_nosso_numero": 99999999,
}
PRINTER = {
    "id": "eqp_print001",
    "description": "Impressora da recepção",
    "kind": "printer",
    "joined_on": "2026-01-01",
    "meters": [{"unit": "page_mono", "initial": "1500"}],
}
MONTHLY = {
    "definition_id": "def_mensal",
    "valid_from": "2026-01-01",
    "category": "usage",
    "subcategory": "monthly",
    "scope": "contract",
    "pricing": {"kind": "flat", "amount": "90.00"},
}
WHY = {"on": "2026-05-01", "reason": "Mudança de cidade"}


def without_actions(contract: dict[str, Any]) -> dict[str, Any]:
    """As a command answers; what may be done with it next is read with it."""
    assert contract["actions"]
    return {name: value for name, value in contract.items() if name != "actions"}


class Office:
    """A tenant with a company, a payment profile and a customer, and clerks who work for the company."""

    def __init__(self) -> None:
        open_tenant("ten_alfa")
        let_in("usr_ana", "ten_alfa")
        self.company = Client(customers).post("/companies", COMPANY).body["id"]
        self.clerk = self.person(Profile.ADMINISTRADOR)
        self.profile = (
            Client(banking, companies=self.company)
            .post("/payment-profiles", {**PROFILE, "company_id": self.company})
            .body["id"]
        )
        self.customer = Client(customers).post("/customers", JOANA).body["id"]
        self.path = f"/customers/{self.customer}/contracts"

    def person(self, profile: Profile, **place: str) -> Client:
        return Client(handler, profile=profile, **{"companies": self.company, **place})

    def new(self, **changes: Any) -> dict[str, Any]:
        return {
            "company_id": self.company,
            "description": "Fibra 500 Mega",
            "mode": "recurring",
            "starts_on": "2026-01-20",
            "due": {"day": 10, "months_after": 0},
            "payment_profile_id": self.profile,
            "definitions": [MONTHLY],
            **changes,
        }

    def terms(self, **changes: Any) -> dict[str, Any]:
        new = self.new(**changes)
        return {name: new[name] for name in new if name not in {"company_id", "definitions"}}

    def add(self, **changes: Any) -> Answer:
        return self.clerk.post(self.path, self.new(**changes))


@pytest.fixture
def office(aws: InProcessAws) -> Office:
    return Office()


@pytest.mark.req("CTR-01", "CTR-10")
def test_contracts_of_a_customer_are_numbered_from_one(office: Office) -> None:
    first, second = office.add(), office.add(description="TV")
    listed = office.clerk.get(office.path).body["items"]

    assert (first.status, first.etag, first.body["state"]) == (201, '"1"', "awaiting_activation")
    assert [(c["number"], c["description"]) for c in listed] == [(1, "Fibra 500 Mega"), (2, "TV")]
    assert office.clerk.get(f"{office.path}/{second.body['id']}").body == listed[1]
    assert without_actions(listed[1]) == second.body


@pytest.mark.req("CTR-03", "CTR-04", "CTR-05")
def test_contract_walks_through_its_states(office: Office) -> None:
    path = f"{office.path}/{office.add().body['id']}"
    clerk = office.clerk
    answers = [
        clerk.put(f"{path}/activation", {"on": "2026-01-20"}, version=1),
        clerk.put(f"{path}/suspension", WHY, version=2),
        clerk.delete(f"{path}/suspension", version=3),
        clerk.put(f"{path}/cancellation-request", WHY, version=4),
        clerk.delete(f"{path}/cancellation-request", version=5),
        clerk.put(f"{path}/cancellation", WHY, version=6),
    ]

    assert [answer.body["state"] for answer in answers] == [
        "active",
        "suspended",
        "active",
        "cancellation_requested",
        "active",
        "cancelled",
    ]
    assert {**without_actions(clerk.get(path).body), "instalments_left": []} == answers[-1].body
    assert (answers[-1].body["ends_on"], answers[-1].body["cancellation"]) == ("2026-05-01", WHY)
    assert clerk.put(f"{path}/suspension", WHY, version=7).code == "contract.cancelled"


@pytest.mark.req("CTR-02", "CTR-03")
def test_terms_items_and_definitions_change(office: Office) -> None:
    path = f"{office.path}/{office.add().body['id']}"
    clerk = office.clerk
    clerk.put(f"{path}/terms", office.terms(grouping="Casa"), version=1)
    clerk.put(f"{path}/items/eqp_print001", PRINTER, version=2)
    changed = clerk.put(f"{path}/definitions/def_mensal", {**MONTHLY, "valid_from": "2026-03-01"}, version=3)

    assert changed.status == 200
    assert (changed.body["grouping"], changed.body["items"][0]["id"]) == ("Casa", "eqp_print001")
    assert [d["version"] for d in changed.body["definitions"]] == [1, 2]
    events = history(ContractsTable, f"ten_alfa#{office.customer}", f"contract#{changed.body['id']}")
    assert [event.action for event in events] == [
        "contract.added",
        "contract.altered",
        "contract.item_put",
        "contract.definition_put",
    ]
    entries = clerk.get(f"{path}/history").body["items"]
    assert [event["text"].partition(" por ")[0] for event in entries] == [
        "Contrato incluído",
        "Termos do contrato alterados",
        "Item do contrato incluído ou alterado",
        "Definição de encargo incluída ou alterada",
    ]
    assert entries[1]["changes"] == [{"field": "grouping", "label": "Agrupamento", "after": "Casa"}]


@pytest.mark.req("CHG-03", "CHG-07")
def test_tools_alter_definitions_and_meters_of_a_contract(office: Office) -> None:
    colour = {
        "definition_id": "def_colour",
        "valid_from": "2026-01-01",
        "category": "usage",
        "usage_unit": "page_colour",
        "item_id": PRINTER["id"],
        "taxable": True,
        "tax_code": "antigo",
        "pricing": {"kind": "per_unit", "unit_price": "0.40"},
    }
    energy = {
        "definition_id": "def_energy",
        "valid_from": "2026-01-01",
        "category": "energy",
        "source_code": "erp:77",
    }
    made = office.add(items=[{**PRINTER, "tax_code": "iss-05"}], definitions=[colour, energy])
    path, clerk = f"{office.path}/{made.body['id']}", office.clerk

    since = {"valid_from": "2026-04-01"}

    def apply(tool: str, version: int, body: dict[str, Any]) -> Answer:
        proposal = clerk.post(f"{path}/{tool}/proposal", body or None).body["proposal"]
        return clerk.put(f"{path}/{tool}", {**body, "proposal": proposal}, version=version)

    apply("missing-meters", 1, {})
    apply("tax-codes", 2, since)
    after = apply("energy-preferences", 3, {**since, "energy": {"use_occupied_area": True}})

    assert (after.status, after.etag) == (200, '"4"')
    assert "page_colour" in [meter["unit"] for meter in after.body["items"][0]["meters"]]
    newest = {definition["definition_id"]: definition for definition in after.body["definitions"]}
    assert (newest["def_colour"]["version"], newest["def_colour"]["tax_code"]) == (2, "iss-05")
    assert newest["def_energy"]["energy"]["use_occupied_area"] is True
    assert [
        (definition["version"], definition["source_code"]) for definition in after.body["definitions"]
    ] == [
        (1, "contract.added"),
        (2, "contract.tax_codes_reset"),
        (1, "erp:77"),
        (2, "erp:77"),
    ]


@pytest.mark.req("CTR-02")
def test_definition_of_a_missing_item_is_reported_by_its_field(office: Office) -> None:
    path = f"{office.path}/{office.add().body['id']}/definitions/def_outra"
    strange = {**MONTHLY, "definition_id": "def_outra", "scope": "item", "item_id": "eqp_outra001"}

    refused = office.clerk.put(path, strange, version=1)

    assert (refused.status, [r["field"] for r in refused.body["reasons"]]) == (422, ["item_id"])


@pytest.mark.req("PLT-02")
def test_contract_too_large_for_a_row_is_refused_with_advice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = office.add().body
    monkeypatch.setattr(service, "LARGEST", 1_000)
    printer = office.clerk.put(f"{office.path}/{kept['id']}/items/eqp_print001", PRINTER, version=1)

    assert [(r["code"], r["field"]) for r in printer.body["reasons"]] == [
        ("contract.too_large", "definitions")
    ]
    assert office.add(items=[PRINTER]).code == "contract.too_large"
    assert [without_actions(one) for one in office.clerk.get(office.path).body["items"]] == [kept]
    cancelled = office.clerk.put(f"{office.path}/{kept['id']}/cancellation", WHY, version=1)
    assert cancelled.status == 200


@pytest.mark.req("PLT-02")
def test_item_and_definition_of_another_address_are_refused(office: Office) -> None:
    path = f"{office.path}/{office.add().body['id']}"

    assert office.clerk.put(f"{path}/items/eqp_outra001", PRINTER, version=1).code == "request.id"
    assert office.clerk.put(f"{path}/definitions/def_outra", MONTHLY, version=1).code == "request.id"


@pytest.mark.req("CTR-01")
def test_contract_without_company_profile_or_customer_is_refused(office: Office) -> None:
    lead = Client(customers).post("/customers", {"kind": "lead", "name": "João"}).body["id"]
    Client(customers).put(f"/customers/{office.customer}/activity", {"is_active": False}, version=1)
    other = Client(customers).post("/companies", {**COMPANY, "cnpj": "12ABC34501DE35"}).body["id"]
    both = office.person(Profile.ADMINISTRADOR, companies=f"{office.company} {other}")

    assert office.add().code == "contract.customer_inactive"
    assert office.clerk.post(f"/customers/{lead}/contracts", office.new()).code == "contract.customer_lead"
    assert office.clerk.post("/customers/cus_outro/contracts", office.new()).code == "customer.missing"
    assert office.add(company_id="com_alfa").code == "access.company"
    assert Client(handler).post(office.path, office.new(company_id="com_alfa")).code == "company.missing"
    Client(customers).put(f"/customers/{office.customer}/activity", {"is_active": True}, version=2)
    assert office.add(payment_profile_id="pro_outro").code == "profile.missing"
    assert both.post(office.path, office.new(company_id=other)).code == "contract.profile_company"
    assert office.clerk.get(office.path).body["items"] == []


@pytest.mark.req("PLT-02")
@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"due": {"day": 10.5}}, "due.day", "field.int_from_float"),
        ({"cut_off_day": 10**30}, "cut_off_day", "field.less_than_equal"),
        ({"ends_on": "2026-01-01"}, "ends_on", "contract.ends_first"),
        ({"promotional_discount": {"amount": "10,00"}}, "promotional_discount.amount", "field.value_error"),
        ({"state": "active"}, "state", "field.extra_forbidden"),
        (
            {"definitions": [{**MONTHLY, "item_id": "eqp_x", "scope": "item"}]},
            "definitions",
            "contract.definition_item",
        ),
        (
            {"items": [{**PRINTER, "meters": [{"unit": "page", "initial": "1,5"}]}]},
            "items.0.meters.0.initial",
            "field.value_error",
        ),
        (
            {"items": [{**PRINTER, "meters": [{"unit": "page", "initial": "9" * 40}]}]},
            "items.0.meters.0.initial",
            "field.decimal_max_digits",
        ),
    ],
)
def test_wrong_terms_are_reported_by_field_and_nothing_is_stored(
    office: Office, changes: dict[str, Any], field: str, code: str
) -> None:
    refused = office.add(**changes)

    assert refused.status == 400
    assert [(r["field"], r["code"].removeprefix("field.")) for r in refused.body["reasons"]] == [
        (field, code.removeprefix("field."))
    ]
    assert office.clerk.get(office.path).body["items"] == []


CHANGES = [
    ("PUT", "/terms", {}),
    ("PUT", "/items/eqp_print001", PRINTER),
    ("PUT", "/definitions/def_mensal", {**MONTHLY, "valid_from": "2026-03-01"}),
    ("PUT", "/suspension", WHY),
    ("DELETE", "/suspension", None),
    ("PUT", "/cancellation-request", WHY),
    ("DELETE", "/cancellation-request", None),
    ("PUT", "/cancellation", WHY),
]


@pytest.mark.req("SEC-01", "SEC-02", "PLT-02")
@pytest.mark.parametrize(("method", "action", "body"), CHANGES)
def test_change_asks_for_permission_tenant_company_and_version(
    office: Office, method: str, action: str, body: dict[str, Any] | None
) -> None:
    contract = office.add().body
    path = f"{office.path}/{contract['id']}{action}"
    sent = office.terms() if action == "/terms" else body
    newest = {"if-match": '"1"'}

    refused = {
        "consulta": office.person(Profile.CONSULTA).send(method, path, sent, headers=newest),
        "financeiro": office.person(Profile.FINANCEIRO).send(method, path, sent, headers=newest),
        "tenant": office.person(Profile.ADMINISTRADOR, tenant_id="ten_beta").send(
            method, path, sent, headers=newest
        ),
        "company": office.person(Profile.ADMINISTRADOR, companies="com_alfa").send(
            method, path, sent, headers=newest
        ),
        "version": office.clerk.send(method, path, sent, headers={"if-match": '"7"'}),
        "no version": office.clerk.send(method, path, sent),
    }

    assert {who: (answer.status, answer.code) for who, answer in refused.items()} == {
        "consulta": (403, "access.denied"),
        "financeiro": (403, "access.denied"),
        "tenant": (404, "contract.missing"),
        "company": (403, "access.company"),
        "version": (412, "version.old"),
        "no version": (400, "if_match.missing"),
    }
    assert without_actions(office.clerk.get(f"{office.path}/{contract['id']}").body) == contract


@pytest.mark.req("SEC-01", "SEC-02")
def test_contracts_are_read_by_those_who_work_for_the_company(office: Office) -> None:
    path = f"{office.path}/{office.add().body['id']}"
    reader = office.person(Profile.CONSULTA)
    stranger = office.person(Profile.CONSULTA, companies="com_alfa")
    other = office.person(Profile.ADMINISTRADOR, tenant_id="ten_beta")

    assert (reader.get(path).status, len(reader.get(office.path).body["items"])) == (200, 1)
    assert (stranger.get(path).code, stranger.get(office.path).body["items"]) == ("access.company", [])
    assert (other.get(path).status, other.get(office.path).status) == (404, 404)
    assert reader.post(office.path, office.new()).code == "access.denied"
    assert other.post(office.path, office.new()).status == 404


@pytest.mark.req("PLT-02")
def test_repeated_contract_is_answered_the_same_and_adds_nothing(office: Office) -> None:
    first = office.clerk.post(office.path, office.new(), key="same-key-1")
    again = office.clerk.post(office.path, office.new(), key="same-key-1")

    assert (again.status, again.body) == (201, first.body)
    assert len(office.clerk.get(office.path).body["items"]) == 1


@pytest.mark.req("PLT-06", "CUS-01")
def test_customer_in_contract_is_made_inactive_only_when_confirmed_and_comes_back(office: Office) -> None:
    register, path = Client(customers), f"/customers/{office.customer}/activity"
    contract = office.add().body["id"]

    question = register.put(path, {"is_active": False}, version=1)
    assert (question.status, [(r["code"], r["severity"]) for r in question.body["reasons"]]) == (
        422,
        [("customer.in_contract", "asks")],
    )
    assert "O contrato 1 está com a situação aguardando ativação" in question.body["title"]

    office.clerk.put(f"{office.path}/{contract}/cancellation-request", WHY, version=1)
    confirmed = register.send(
        "PUT", path, {"is_active": False}, query={"confirm": "true"}, headers={"if-match": '"1"'}
    )
    assert (confirmed.status, confirmed.body["is_active"]) == (200, False)
    assert register.put(path, {"is_active": True}, version=2).body["is_active"] is True
