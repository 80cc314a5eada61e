"""The rules of the register of people."""

from datetime import date

import pytest
from pydantic import ValidationError

from billing.core.errors import Refused
from billing.customers.model import Channel, Classification, Customer, CustomerData, PersonKind

CPF = "529.982.247-25"
CNPJ = "11.222.333/0001-81"
ADDRESS = {
    "street": "Rua das Laranjeiras",
    "number": "210",
    "district": "Laranjeiras",
    "city": "Rio de Janeiro",
    "uf": "RJ",
    "cep": "22240-003",
}


def data(**changes) -> CustomerData:
    return CustomerData.model_validate(
        {"kind": "individual", "name": "Joana d'Ávila Gonçalves", "document": CPF, **changes}
    )


def customer(**changes) -> Customer:
    return Customer(
        id="cus_7m3k9x2p4q8r1s5t6v0w", code=1042, registered_on=date(2026, 3, 10), **dict(data(**changes))
    )


def the_error(**changes) -> dict:
    with pytest.raises(ValidationError) as refused:
        data(**changes)
    (error,) = refused.value.errors()
    return error


@pytest.mark.req("CUS-01")
def test_a_person_has_all_that_the_register_asks():
    joana = customer(
        trade_name="Joana Doces",
        emails=["Joana@Example.com", "financeiro@example.com"],
        phones=["(21) 2555-1234", "(21) 98765-4321"],
        addresses=[{**ADDRESS, "complement": "ap. 301"}],
        channels=["whatsapp", "email"],
        fiscal_notes=["Pedido 55", "Centro de custo 9"],
        protest_status="Serasa",
    )
    assert joana.to_map() == {
        "version": 0,
        "id": "cus_7m3k9x2p4q8r1s5t6v0w",
        "code": 1042,
        "registered_on": "2026-03-10",
        "is_active": True,
        "kind": "individual",
        "name": "Joana d'Ávila Gonçalves",
        "trade_name": "Joana Doces",
        "document": "52998224725",
        "classification": "customer",
        "emails": ["joana@example.com", "financeiro@example.com"],
        "phones": ["+552125551234", "+5521987654321"],
        "addresses": [{**ADDRESS, "cep": "22240003", "complement": "ap. 301"}],
        "channels": ["whatsapp", "email"],
        "fiscal_notes": ["Pedido 55", "Centro de custo 9"],
        "protest_status": "Serasa",
    }
    assert Customer.model_validate(joana.to_map()) == joana


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("kind", "document", "kept", "shown"),
    [
        ("individual", CPF, "52998224725", CPF),
        ("company", CNPJ, "11222333000181", CNPJ),
        ("company", "12abc34501de35", "12ABC34501DE35", "12.ABC.345/01DE-35"),
        ("lead", CPF, "52998224725", CPF),
        ("lead", CNPJ, "11222333000181", CNPJ),
        ("lead", None, None, None),
    ],
)
def test_the_document_is_of_the_kind_of_person(kind, document, kept, shown):
    person = customer(kind=kind, document=document)
    assert person.document == kept
    assert person.formatted_document == shown


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("kind", "document", "code"),
    [
        ("individual", None, "customer.cpf_missing"),
        ("individual", CNPJ, "customer.cpf_missing"),
        ("company", None, "customer.cnpj_missing"),
        ("company", CPF, "customer.cnpj_missing"),
        ("individual", "529.982.247-26", "cpf.check_digit"),
        ("company", "11.222.333/0001-82", "cnpj.check_digit"),
        ("company", "12ABC34501DE36", "cnpj.check_digit"),
        ("lead", "529.982.247-26", "cpf.check_digit"),
        ("lead", "123", "cnpj.format"),
    ],
)
def test_a_wrong_document_is_refused_at_its_field(kind, document, code):
    error = the_error(kind=kind, document=document)
    assert (error["type"], error["loc"]) == (code, ("document",))


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "   "}, ("name",)),
        ({"name": "x" * 121}, ("name",)),
        ({"emails": ["joana"]}, ("emails", 0)),
        ({"phones": ["12"]}, ("phones", 0)),
        ({"addresses": [{**ADDRESS, "uf": "XX"}]}, ("addresses", 0, "uf")),
        ({"addresses": [{**ADDRESS, "cep": "1"}]}, ("addresses", 0, "cep")),
        ({"addresses": [{**ADDRESS, "city": ""}]}, ("addresses", 0, "city")),
        ({"fiscal_notes": ["a", "b", "c"]}, ("fiscal_notes",)),
        ({"channels": ["fax"]}, ("channels", 0)),
        ({"classification": "friend"}, ("classification",)),
        ({"code": 7}, ("code",)),
    ],
)
def test_wrong_data_are_refused_at_their_field(changes, field):
    assert the_error(**changes)["loc"] == field


@pytest.mark.req("CUS-01")
def test_kinds_are_read_in_portuguese():
    assert [kind.label for kind in PersonKind] == ["Pessoa Física", "Pessoa Jurídica", "Pré-Cadastro"]


@pytest.mark.req("CUS-02")
def test_there_are_eight_classifications():
    assert [classification.label for classification in Classification] == [
        "Cliente",
        "Fornecedor",
        "Funcionário",
        "Cliente + Fornecedor",
        "Fornecedor + Funcionário",
        "Transportadora",
        "Cliente + Funcionário",
        "Pré-Cadastro",
    ]
    for classification in Classification:
        assert customer(classification=classification.value).classification is classification


def test_the_first_address_is_where_bills_go():
    assert customer().billing_address is None
    two = customer(addresses=[ADDRESS, {**ADDRESS, "number": "S/N"}])
    assert two.billing_address == two.addresses[0]
    assert two.billing_address.number == "210"


@pytest.mark.req("MSG-03")
def test_messages_go_only_by_channels_that_the_person_accepts():
    joana = customer(
        emails=["b@example.com", "a@example.com", "B@example.com"],
        phones=["(21) 2555-1234", "(21) 98765-4321", "(21) 91111-1111"],
        channels=["sms", "email"],
    )
    assert joana.contacts(Channel.EMAIL) == ("b@example.com", "a@example.com")
    assert joana.contacts(Channel.SMS) == ("+5521987654321",)
    assert joana.contacts(Channel.WHATSAPP) == ()
    silent = joana.correct(channels=())
    assert [silent.contacts(channel) for channel in Channel] == [(), (), ()]


@pytest.mark.req("MSG-03")
def test_a_fixed_telephone_takes_no_text_message():
    assert customer(phones=["(21) 2555-1234"], channels=["sms", "whatsapp"]).contacts(Channel.SMS) == ()


@pytest.mark.req("CUS-01")
def test_correcting_changes_the_data_and_nothing_else():
    before = customer(emails=["joana@example.com"])
    after = before.correct(**dict(data(name="Joana Gonçalves", phones=["(21) 98765-4321"])))
    assert (after.name, after.phones, after.emails) == ("Joana Gonçalves", ("+5521987654321",), ())
    assert (after.id, after.code, after.registered_on, after.version) == (
        before.id,
        before.code,
        before.registered_on,
        before.version,
    )


@pytest.mark.req("CUS-01")
def test_a_correction_is_validated():
    with pytest.raises(ValidationError):
        customer().correct(document="529.982.247-26")
    with pytest.raises(ValidationError):
        customer().correct(kind="company")


@pytest.mark.parametrize("field", ["id", "code", "registered_on", "is_active", "version", "nome"])
def test_what_the_system_keeps_is_not_corrected(field):
    with pytest.raises(TypeError, match=field):
        customer().correct(**{field: 1})


@pytest.mark.req("CUS-01", "CUS-02")
def test_a_pre_registration_is_completed_and_never_goes_back():
    lead = customer(kind="lead", document=None, classification="lead")
    complete = lead.correct(kind="company", document=CNPJ, classification="customer")
    assert complete.formatted_document == CNPJ
    assert lead.correct(name="Padaria Pão Quente").kind is PersonKind.LEAD
    with pytest.raises(Refused) as refused:
        complete.correct(kind="lead")
    assert refused.value.code == "customer.not_a_lead"


@pytest.mark.req("CUS-01")
def test_a_registration_is_deactivated_and_reactivated_once():
    active = customer()
    inactive = active.deactivate()
    assert (active.is_active, inactive.is_active) == (True, False)
    assert inactive.reactivate() == active
    with pytest.raises(Refused) as refused:
        inactive.deactivate()
    assert refused.value.code == "customer.inactive"
    with pytest.raises(Refused) as refused:
        active.reactivate()
    assert refused.value.code == "customer.active"
