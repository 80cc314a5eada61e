"""Registrations and companies over HTTP."""

import pytest

from billing.access.model import Profile
from billing.audit.changes import history
from billing.customers.store import CustomersTable
from functions.customers.api import handler
from tests.support.aws import InProcessAws
from tests.support.http import Client
from tests.support.members import let_in, open_tenant, signed_in

ADDRESS = {
    "street": "Rua das Laranjeiras",
    "number": "210",
    "district": "Laranjeiras",
    "city": "Rio de Janeiro",
    "uf": "RJ",
    "cep": "22240-003",
}
JOANA = {
    "kind": "individual",
    "name": "Joana d'Ávila Gonçalves",
    "document": "529.982.247-25",
    "emails": ["joana@example.com"],
    "phones": ["(21) 98765-4321"],
    "addresses": [ADDRESS],
}
BAKERY = {
    "kind": "company",
    "name": "Padaria Pão Quente Ltda.",
    "document": "11.222.333/0001-81",
    "emails": ["contato@example.com"],
}
LEAD = {"kind": "lead", "name": "João Ávila"}
COMPANY = {
    "legal_name": "Vale Fibra Telecomunicações Ltda.",
    "trade_name": "Vale Fibra",
    "cnpj": "11.222.333/0001-81",
    "address": ADDRESS,
    "municipality_code": "3304557",
    "service_phone": "(21) 2555-1234",
    "sender_email": "cobranca@example.com",
}


@pytest.fixture
def client(aws: InProcessAws) -> Client:
    return Client(handler)


def names(client: Client, **query: str) -> list[str]:
    answer = client.get("/customers", **query)
    assert answer.status == 200, answer.body
    return [item["name"] for item in answer.body["items"]]


@pytest.mark.req("CUS-01")
def test_people_are_registered_under_consecutive_codes(client: Client) -> None:
    joana, bakery = client.post("/customers", JOANA), client.post("/customers", BAKERY)

    assert (joana.status, joana.etag, joana.body["code"], bakery.body["code"]) == (201, '"1"', 1, 2)
    assert joana.body["document"] == "52998224725"
    assert client.get(f"/customers/{joana.body['id']}").body == joana.body


@pytest.mark.req("CUS-01")
def test_document_is_unique_among_active_registrations(client: Client) -> None:
    joana = client.post("/customers", JOANA).body
    again = client.post("/customers", {**JOANA, "name": "Joana de novo", "document": "52998224725"})

    assert (again.status, again.code) == (422, "customer.document_taken")
    assert again.body["title"] == "O documento 529.982.247-25 já está no cadastro ativo de código 1."
    assert names(client) == ["Joana d'Ávila Gonçalves"]

    client.put(f"/customers/{joana['id']}/activity", {"is_active": False}, version=1)
    heir = client.post("/customers", {**JOANA, "name": "Joana de novo"})
    back = client.put(f"/customers/{joana['id']}/activity", {"is_active": True}, version=2)

    assert (heir.status, back.code) == (201, "customer.document_taken")
    assert names(client, document="529.982.247-25") == ["Joana de novo", "Joana d'Ávila Gonçalves"]
    assert names(client, is_active="false") == ["Joana d'Ávila Gonçalves"]


@pytest.mark.req("CUS-01")
def test_another_document_frees_the_old_one(client: Client) -> None:
    joana = client.post("/customers", JOANA).body
    corrected = client.put(
        f"/customers/{joana['id']}", {**JOANA, "document": "111.444.777-35", "emails": []}, version=1
    )

    assert (corrected.status, corrected.body["version"], corrected.body["code"]) == (200, 2, 1)
    assert client.post("/customers", {**JOANA, "name": "Outra Joana"}).status == 201
    assert names(client, document="111.444.777-35") == ["Joana d'Ávila Gonçalves"]
    assert names(client, email="joana@example.com") == ["Outra Joana"]


@pytest.mark.req("CUS-04")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"document": "11222333000181"}, ["Padaria Pão Quente Ltda."]),
        ({"document": "529.982.247-25"}, ["Joana d'Ávila Gonçalves"]),
        ({"document": "123"}, []),
        ({"email": " JOANA@example.com"}, ["Joana d'Ávila Gonçalves"]),
        ({"code": "3"}, ["João Ávila"]),
        ({"code": "9"}, []),
        ({"name": "joa"}, ["Joana d'Ávila Gonçalves", "João Ávila"]),
        ({"name": "JOÃO"}, ["João Ávila"]),
        ({"name": "joana davila"}, []),
        ({"name": "pao quente"}, []),
        ({"name": "padaria  pao"}, ["Padaria Pão Quente Ltda."]),
    ],
)
def test_registration_is_found_by_one_criterion(
    client: Client, query: dict[str, str], expected: list[str]
) -> None:
    for person in (JOANA, BAKERY, LEAD):
        client.post("/customers", person)

    assert names(client, **query) == expected


@pytest.mark.req("CUS-04")
def test_registration_of_another_name_is_found_by_it(client: Client) -> None:
    joana = client.post("/customers", JOANA).body
    client.put(f"/customers/{joana['id']}", {**JOANA, "name": "Érica Prado"}, version=1)

    assert (names(client, name="joana"), names(client, name="erica")) == ([], ["Érica Prado"])


@pytest.mark.req("CUS-03")
def test_newest_active_registrations_come_first(client: Client) -> None:
    people = [client.post("/customers", {**LEAD, "name": name}).body for name in ("Ana", "Bia", "Caio")]
    client.put(f"/customers/{people[1]['id']}/activity", {"is_active": False}, version=1)

    assert names(client) == ["Caio", "Ana"]
    assert names(client, is_active="true") == ["Caio", "Ana"]
    assert names(client, is_active="false") == ["Bia"]


@pytest.mark.req("CUS-03", "PLT-02")
@pytest.mark.parametrize("query", [{"is_active": "true"}, {"name": "pessoa"}])
def test_list_is_read_page_by_page(client: Client, query: dict[str, str]) -> None:
    for number in range(5):
        client.post("/customers", {**LEAD, "name": f"Pessoa {number}"})
    page = client.get("/customers", **query, limit="2").body
    read = [page["items"]]
    while "next_cursor" in page:
        page = client.get("/customers", **query, limit="2", cursor=page["next_cursor"]).body
        read.append(page["items"])

    assert sorted(item["name"] for items in read for item in items) == [f"Pessoa {n}" for n in range(5)]
    assert max(len(items) for items in read) == 2


@pytest.mark.req("PLT-02", "SEC-02")
def test_cursor_of_another_list_or_tenant_is_refused(client: Client) -> None:
    for number in range(3):
        client.post("/customers", {**LEAD, "name": f"Pessoa {number}"})
    cursor = client.get("/customers", is_active="true", limit="1").body["next_cursor"]
    other = Client(handler, tenant_id="ten_beta")

    assert client.get("/customers", is_active="false", cursor=cursor).code == "page.cursor"
    assert client.get("/customers", name="p", cursor=cursor).code == "page.cursor"
    assert client.get("/customers", is_active="true", cursor="x").code == "page.cursor"
    assert other.get("/customers", is_active="true", cursor=cursor).code == "page.cursor"


@pytest.mark.req("CUS-04")
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"name": "ana", "code": "1"}, "search.criteria"),
        ({"name": "  "}, "search.empty"),
        ({"document": "."}, "search.empty"),
        ({"code": "0"}, "request.invalid"),
        ({"limit": "1000"}, "request.invalid"),
    ],
)
def test_search_without_one_clear_criterion_is_refused(
    client: Client, query: dict[str, str], code: str
) -> None:
    refused = client.get("/customers", **query)

    assert (refused.status, refused.code) == (400, code)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("document", "529.982.247-26", "cpf.check_digit"),
        ("document", "11.222.333/0001-82", "cnpj.check_digit"),
        ("emails", ["joana"], "email.format"),
        ("name", "x" * 121, "string_too_long"),
        ("code", 7, "extra_forbidden"),
        ("version", 7, "extra_forbidden"),
    ],
)
@pytest.mark.req("PLT-02", "CUS-01")
def test_wrong_data_are_reported_by_field_and_nothing_is_stored(
    client: Client, field: str, value: object, code: str
) -> None:
    refused = client.post("/customers", {**JOANA, field: value})
    (reason,) = refused.body["reasons"]

    assert (refused.status, reason["field"].partition(".")[0]) == (400, field)
    assert reason["code"].removeprefix("field.") == code
    assert names(client) == []


@pytest.mark.req("PLT-02")
def test_repeated_registration_is_answered_the_same_and_adds_nothing(client: Client) -> None:
    first = client.post("/customers", JOANA, key="same-key-1")
    again = client.post("/customers", JOANA, key="same-key-1")

    assert (again.status, again.body) == (201, first.body)
    assert names(client) == ["Joana d'Ávila Gonçalves"]


@pytest.mark.req("PLT-02")
def test_change_of_an_older_version_is_refused(client: Client) -> None:
    joana = client.post("/customers", JOANA).body
    path = f"/customers/{joana['id']}"
    client.put(path, {**JOANA, "name": "Joana"}, version=1)

    assert client.put(path, JOANA, version=1).status == 412
    assert client.put(f"{path}/activity", {"is_active": False}, version=1).status == 412
    for unreadable in ({}, {"if-match": '"²"'}, {"if-match": "٢"}, {"if-match": "9" * 5000}):
        assert client.send("PUT", path, JOANA, headers=unreadable).code == "if_match.missing"


@pytest.mark.req("SEC-01")
def test_consulta_reads_and_registers_nobody(client: Client) -> None:
    joana = client.post("/customers", JOANA).body
    reader = Client(handler, profile=Profile.CONSULTA)
    path = f"/customers/{joana['id']}"

    assert reader.get(path).status == 200
    assert reader.post("/customers", LEAD).code == "access.denied"
    assert reader.put(path, JOANA, version=1).code == "access.denied"
    assert reader.put(f"{path}/activity", {"is_active": False}, version=1).code == "access.denied"


@pytest.mark.req("SEC-02")
def test_another_tenant_sees_and_changes_nothing(client: Client) -> None:
    joana = client.post("/customers", JOANA).body
    other = Client(handler, tenant_id="ten_beta")
    path = f"/customers/{joana['id']}"

    assert other.get(path).status == 404
    assert other.put(path, JOANA, version=1).status == 404
    assert other.put(f"{path}/activity", {"is_active": False}, version=1).status == 404
    for query in (
        {},
        {"document": "52998224725"},
        {"email": "joana@example.com"},
        {"code": "1"},
        {"name": "j"},
    ):
        assert names(other, **query) == []
    assert other.post("/customers", JOANA).body["code"] == 1


@pytest.mark.req("REP-03")
def test_registration_keeps_who_changed_what(client: Client) -> None:
    joana = client.post("/customers", JOANA).body
    client.put(f"/customers/{joana['id']}", {**JOANA, "trade_name": "Joana Doces"}, version=1)

    events = history(CustomersTable, f"ten_alfa#{joana['id']}", "customer")
    assert [event.action for event in events] == ["customer.added", "customer.corrected"]
    assert events[1].changes == {"trade_name": (None, "Joana Doces")}


@pytest.mark.req("REP-03")
def test_history_of_a_registration_is_read_in_words(administrator: Client) -> None:
    joana = administrator.post("/customers", JOANA).body
    administrator.put(f"/customers/{joana['id']}", {**JOANA, "trade_name": "Joana Doces"}, version=1)
    administrator.put(f"/customers/{joana['id']}/activity", {"is_active": False}, version=2)

    added, corrected, inactive = administrator.get(f"/customers/{joana['id']}/history").body["items"]

    assert (added["text"], added["actor"], added["changes"]) == (
        "Cadastro incluído por Maria Prado",
        "Maria Prado",
        [],
    )
    name = {"field": "trade_name", "label": "Nome fantasia", "after": "Joana Doces"}
    assert (corrected["text"], corrected["changes"]) == ("Cadastro alterado por Maria Prado", [name])
    assert [(change["label"], change["after"]) for change in inactive["changes"]] == [("Ativo", "Não")]


@pytest.fixture
def administrator(client: Client) -> Client:
    """Ana, with the membership that her token is based on."""
    open_tenant("ten_alfa", "com_alfa")
    let_in("usr_ana", "ten_alfa", "com_alfa")
    return client


@pytest.mark.req("SEC-02")
def test_company_is_registered_changed_and_read(administrator: Client) -> None:
    company = administrator.post("/companies", COMPANY).body
    path = f"/companies/{company['id']}"
    client = signed_in(handler, "usr_ana")
    changed = client.put(path, {**COMPANY, "cnpj": "12ABC34501DE35", "series": "2"}, version=1)

    assert (company["cnpj"], company["series"], changed.status) == ("11222333000181", "1", 200)
    assert client.get(path).body == changed.body
    assert client.get("/companies").body["items"] == [changed.body]
    assert client.post("/companies", COMPANY).status == 201
    assert client.put(path, {**COMPANY, "cnpj": "11222333000181"}, version=2).code == "company.cnpj_taken"
    assert client.put(path, COMPANY, version=1).status == 412


@pytest.mark.req("SEC-02")
def test_company_of_another_administrator_is_not_changed(administrator: Client) -> None:
    """Not even by someone who may manage access, as long as nobody has let them into the company."""
    company = administrator.post("/companies", COMPANY).body
    path = f"/companies/{company['id']}"
    let_in("usr_bia", "ten_alfa", "com_alfa")
    bia = signed_in(handler, "usr_bia")

    assert (bia.get(path).code, bia.get("/companies").body["items"]) == ("access.company", [])
    assert bia.put(path, COMPANY, version=1).code == "access.company"


@pytest.mark.req("SEC-02")
def test_company_is_seen_by_those_who_work_for_it(administrator: Client) -> None:
    company = administrator.post("/companies", COMPANY).body
    path = f"/companies/{company['id']}"
    member = Client(handler, profile=Profile.OPERACAO, companies=company["id"])
    stranger = Client(handler, profile=Profile.OPERACAO)
    other = Client(handler, tenant_id="ten_beta")

    assert (member.get(path).status, member.get("/companies").body["items"]) == (200, [company])
    assert (stranger.get(path).code, stranger.get("/companies").body["items"]) == ("access.company", [])
    assert member.put(path, COMPANY, version=1).code == "access.denied"
    assert member.post("/companies", COMPANY).code == "access.denied"
    assert (other.get(path).status, other.put(path, COMPANY, version=1).status) == (404, 404)


@pytest.mark.req("PLT-02")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cnpj", "11.222.333/0001-82"),
        ("municipality_code", "33045"),
        ("site", "javascript:alert(1)"),
        ("sender_email", "cobranca"),
        ("service_phone", "1234"),
        ("series", "série"),
    ],
)
def test_wrong_company_data_are_reported_by_field(client: Client, field: str, value: str) -> None:
    refused = client.post("/companies", {**COMPANY, field: value})

    assert (refused.status, [reason["field"] for reason in refused.body["reasons"]]) == (400, [field])
