"""CEP, telephone, e-mail and the key by which names are searched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.core import emails
from billing.core.br import cep, phones
from billing.core.br.cep import Cep
from billing.core.br.cnpj import Cnpj
from billing.core.br.cpf import Cpf
from billing.core.br.phones import Phone
from billing.core.br.text import search_key
from billing.core.emails import Email
from billing.core.entity import Entity
from billing.core.errors import InvalidInput


def refusal(validate, text: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        validate(text)
    return refused.value.code


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize("text", ["01310-100", "01310100", "01.310-100", " 01310 100 "])
def test_a_cep_is_kept_as_its_eight_digits(text):
    assert cep.validate(text) == "01310100"


@pytest.mark.parametrize("text", ["1310100", "013101000", "00310-100", "01310-10O", "", "０１３１０１００"])
def test_text_that_is_not_a_cep_is_refused(text):
    assert refusal(cep.validate, text) == "cep.format"
    assert not cep.is_valid(text)


@given(st.integers(1_000_000, 99_999_999))
def test_a_formatted_cep_reads_back(number):
    assert cep.validate(cep.format(f"{number:08d}")) == f"{number:08d}"


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("(11) 98765-4321", "+5511987654321"),
        ("11987654321", "+5511987654321"),
        ("011 98765-4321", "+5511987654321"),
        ("+55 11 98765-4321", "+5511987654321"),
        ("5511987654321", "+5511987654321"),
        ("(48) 3222-1234", "+554832221234"),
        ("+55 (55) 3222.1234", "+555532221234"),
        ("55 3222-1234", "+555532221234"),  # Santa Maria: area code 55, not the country's
        ("55 99999-1234", "+5555999991234"),
        ("5555999991234", "+5555999991234"),
    ],
)
def test_a_telephone_is_kept_in_e164(text, kept):
    assert phones.validate(text) == kept


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(23) 98765-4321", "phone.area_code"),
        ("(10) 3222-1234", "phone.area_code"),
        ("(52) 3222-1234", "phone.area_code"),
        ("(11) 8765-4321", "phone.number"),  # a mobile number from before 2016
        ("(11) 88765-4321", "phone.number"),
        ("(11) 1222-1234", "phone.number"),
        ("98765-4321", "phone.format"),
        ("", "phone.format"),
        ("+1 212 555 0100", "phone.format"),
        ("(11) 98765-4321 ramal 2", "phone.format"),
        ("0800 123 4567", "phone.area_code"),
    ],
)
def test_text_that_is_not_a_brazilian_telephone_is_refused_with_its_reason(text, code):
    assert refusal(phones.validate, text) == code
    assert not phones.is_valid(text)


def test_sixty_seven_area_codes_are_in_use():
    assert sum(phones.is_valid(f"{code:02d}32221234") for code in range(100)) == 67


AREA_CODES = st.integers(11, 99).filter(lambda code: phones.is_valid(f"{code}32221234"))
SUBSCRIBERS = st.one_of(st.integers(20_000_000, 59_999_999), st.integers(900_000_000, 999_999_999)).map(str)


@given(AREA_CODES, SUBSCRIBERS, st.sampled_from(["", "0", "55", "+55"]))
def test_however_it_is_dialled_it_is_the_same_number(area_code, subscriber, prefix):
    number = phones.validate(f"{prefix}{area_code}{subscriber}")
    assert number == f"+55{area_code}{subscriber}"
    assert phones.validate(phones.format(number)) == number
    assert phones.is_mobile(number) == (len(subscriber) == 9)


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("joana@example.com", "joana@example.com"),
        (" Joana.Silva+Boleto@Example.COM.BR ", "joana.silva+boleto@example.com.br"),
        ("o'neill_2@sub.exemplo-teste.net", "o'neill_2@sub.exemplo-teste.net"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_email_is_kept_in_lower_case(text, kept):
    assert emails.validate(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "joana",
        "joana@",
        "@example.com",
        "joana@example",
        "joana@example.com.",
        "joana@@example.com",
        "joana@exa mple.com",
        "joana,silva@example.com",
        "joana..silva@example.com",
        ".joana@example.com",
        "joana.@example.com",
        "joana@-example.com",
        "joana@example.com\nbcc:all@example.com",
        "joana@example.123",
        "joana@[127.0.0.1]",
        "joão@example.com",
        "a@example.com; b@example.com",
        "a" * 65 + "@example.com",
    ],
)
def test_undeliverable_email_address_is_refused(text):
    assert refusal(emails.validate, text) == "email.format"
    assert not emails.is_valid(text)


def test_an_email_has_at_most_254_characters():
    labels = ".".join(["d" * 60] * 4)
    assert emails.is_valid(f"abcdef@{labels}.br"[-254:])
    assert refusal(emails.validate, f"abcdefghij@{labels}.com") == "email.length"


@pytest.mark.req("CUS-04")
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("João da Conceição", "joao da conceicao"),
        ("  JOÃO   DA\tCONCEIÇÃO ", "joao da conceicao"),
        ("Joa\u0303o", "joao"),
        ("Ação & Cia. Ltda", "acao & cia. ltda"),
        ("Nº 5 — São José", "no 5 — sao jose"),
        ("Straße", "strasse"),
    ],
)
def test_texts_a_reader_takes_for_the_same_have_the_same_search_key(text, key):
    assert search_key(text) == key


@given(st.text())
def test_a_search_key_is_its_own_search_key(text):
    assert search_key(search_key(text)) == search_key(text)


class Form(Entity):
    cpf: Cpf | None = None
    cnpj: Cnpj | None = None
    cep: Cep | None = None
    phone: Phone | None = None
    email: Email | None = None


def test_fields_keep_the_compact_form():
    form = Form(
        cpf="529.982.247-25",
        cnpj="12.abc.345/01de-35",
        cep="01310-100",
        phone="(11) 98765-4321",
        email="Joana@Example.com",
    )
    assert form.to_map() == {
        "cpf": "52998224725",
        "cnpj": "12ABC34501DE35",
        "cep": "01310100",
        "phone": "+5511987654321",
        "email": "joana@example.com",
    }


@pytest.mark.parametrize(
    ("field", "value", "code", "word"),
    [
        ("cpf", "529.982.247-26", "cpf.check_digit", "CPF"),
        ("cnpj", "11222333000182", "cnpj.check_digit", "CNPJ"),
        ("cep", "1", "cep.format", "CEP"),
        ("phone", "(20) 3222-1234", "phone.area_code", "DDD 20"),
        ("email", "joana", "email.format", "E-mail"),
    ],
)
def test_a_field_error_has_the_code_and_the_portuguese_message_of_the_format(field, value, code, word):
    with pytest.raises(ValidationError) as refused:
        Form(**{field: value})
    (error,) = refused.value.errors()
    assert error["loc"] == (field,)
    assert error["type"] == code
    assert word in error["msg"]
