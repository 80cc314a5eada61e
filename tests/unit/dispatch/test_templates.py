"""Templates and their wildcards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.core.errors import Refused
from billing.customers.model import Channel
from billing.dispatch import values, wildcards
from billing.dispatch.gsm import gsm_text, segments
from billing.dispatch.templates import NewTemplate, demonstration, filled_text, sms_content
from billing.dispatch.wildcards import TemplateKind
from tests.support.messages import LINHA, PIX, charges, company, customer, invoice

pytestmark = pytest.mark.req("MSG-01")

OF_THE_MANUAL = {
    "cliente", "user_sac", "pass_sac", "codpessoa", "cpf", "cnpj", "empresa", "fone", "site", "cnpj_empresa",
}  # fmt: skip
OF_INVOICES = {"numero_fatura", "plano", "periodo", "vencimento", "valor", "linha_digitavel", "pix", "link"}


def template(**changes) -> NewTemplate:
    fields = {
        "name": "Aviso",
        "kind": "single",
        "channel": "email",
        "subject": "Olá",
        "body": "Olá, #cliente#!",
    }
    return NewTemplate.model_validate({**fields, **changes})


def reasons_of(new: NewTemplate) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as refused:
        new.checked()
    return [(reason.code, reason.field) for reason in refused.value.reasons]


def test_each_kind_has_its_own_closed_list():
    assert set(wildcards.MEANINGS[TemplateKind.SINGLE]) == OF_THE_MANUAL
    assert set(wildcards.MEANINGS[TemplateKind.MASS]) == OF_THE_MANUAL | OF_INVOICES


@pytest.mark.parametrize("name", sorted(OF_INVOICES))
def test_wildcard_of_an_invoice_is_refused_in_single_sending_by_name(name):
    with pytest.raises(Refused) as refused:
        template(body=f"Segue #{name}#").checked()

    assert refused.value.code == "template.unknown_wildcard"
    assert refused.value.title == (
        f"O coringa #{name}# só existe nos modelos de envio em massa; este é de envio individual."
    )
    assert template(kind="mass", body=f"Segue #{name}#").checked()


def test_every_unknown_wildcard_is_named_with_its_field():
    new = template(subject="#fatura#", body="#cliente# #código# #Cliente# #fatura#", kind="mass")

    assert reasons_of(new) == [
        ("template.unknown_wildcard", "subject"),
        ("template.unknown_wildcard", "body"),
        ("template.unknown_wildcard", "body"),
        ("template.unknown_wildcard", "body"),
    ]


def test_a_lone_hash_is_text():
    assert template(body="Apartamento #12, bloco # 3").checked()


def test_email_has_a_subject_and_sms_none():
    assert reasons_of(template(subject="")) == [("template.subject_missing", "subject")]
    assert reasons_of(template(channel="sms")) == [("template.sms_subject", "subject")]
    assert template(channel="sms", subject="").checked()


def test_only_a_template_of_mass_sending_has_a_purpose():
    assert reasons_of(template(purpose="invoice_issued")) == [("template.purpose_of_single", "purpose")]
    assert template(kind="mass", purpose="invoice_issued").checked()


@pytest.mark.parametrize("subject", ["Oi\nBcc: outro@example.com", "Oi\rX", "Oi\x00"])
def test_subject_is_one_line(subject):
    with pytest.raises(ValueError, match="subject"):
        template(subject=subject)


def test_templates_of_the_demonstration_are_valid():
    facts = {**values.of_customer(customer(), company()), **values.of_invoice(invoice(), charges())}
    for new in demonstration():
        new.checked()
        values.require_portal_unused(new.subject, new.body)
        assert "#" not in filled_text(new.body, facts)
        if new.channel is Channel.SMS:
            assert sms_content(new.body, facts).segments == 1


def test_facts_of_a_person_and_of_an_invoice():
    facts = {**values.of_customer(customer(), company()), **values.of_invoice(invoice(), charges())}

    assert facts == {
        "cliente": "Joana d'Ávila <Gonçalves>",
        "codpessoa": "1042",
        "cpf": "529.982.247-25",
        "cnpj": "",
        "empresa": "Alfa & Filhos",
        "cnpj_empresa": "11.222.333/0001-81",
        "fone": "(21) 2555-1234",
        "site": "https://alfa.example",
        "numero_fatura": "1042",
        "plano": "Plano Fibra 500 Mb",
        "periodo": "01/03/2026 a 31/03/2026",
        "vencimento": "10/04/2026",
        "valor": "R$ 129,90",
        "linha_digitavel": LINHA,
        "pix": PIX,
    }


def test_value_of_an_invoice_is_what_is_still_to_be_paid():
    assert values.of_invoice(invoice(paid="29.90"), ())["valor"] == "R$ 100,00"


def test_line_without_anything_to_say_is_left_out():
    body = "Olá!\n\nPix: #pix#\n\nCPF #cpf#\nCNPJ #cnpj#\nBoleto: #linha_digitavel#"
    padaria = customer(kind="company", name="Padaria", document="11.444.777/0001-61")
    facts = {
        **values.of_customer(padaria, company()),
        **values.of_invoice(invoice(pix_payload=None, barcode=None), ()),
    }

    assert filled_text(body, facts) == "Olá!\n\nCNPJ 11.444.777/0001-61"


def test_wildcard_of_the_portal_is_refused_while_there_is_none():
    with pytest.raises(Refused) as refused:
        values.require_portal_unused("Olá", "Usuário #user_sac#, senha em #pass_sac#")

    assert [reason.code for reason in refused.value.reasons] == ["message.portal_missing"] * 2


def test_value_is_not_read_for_wildcards():
    assert wildcards.fill("Olá, #cliente#", {"cliente": "#cpf#", "cpf": "1"}) == "Olá, #cpf#"


@pytest.mark.parametrize(("value", "filled"), [("A  B", "A  B"), (" A\r\nB\u2028C ", "A B C"), ("\n", "")])
def test_value_stays_on_its_line_and_keeps_its_spaces(value, filled):
    assert wildcards.fill("#pix#", {"pix": value}) == filled


def test_sms_loses_its_accents_and_counts_its_parts():
    content = sms_content("Atenção, #cliente#: você já pagou? “Sim” – ótimo.", {"cliente": "João"})

    assert (content.text, content.segments) == ('Atencao, Joao: voce ja pagou? "Sim" - otimo.', 1)
    assert content.html is None


def test_sms_of_more_than_four_parts_is_refused():
    assert sms_content("a" * 612, {}).segments == 4
    with pytest.raises(Refused, match=r"message\.sms_too_long"):
        sms_content("a" * 613, {})


@given(st.text(max_size=400))
def test_any_text_becomes_gsm_and_stays_it(text):
    once = gsm_text(text)

    assert once.isascii() or set(once) & set("£¥§€")
    assert gsm_text(once) == once
    assert segments(once) >= 1


@pytest.mark.parametrize(("text", "count"), [("€" * 80, 1), ("€" * 81, 2), ("a" * 306, 2), ("a" * 307, 3)])
def test_a_character_of_the_extension_takes_two_places(text, count):
    assert segments(text) == count
