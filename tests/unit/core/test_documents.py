"""CPF and CNPJ, with issued numbers, published vectors and generated ones."""

import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.core.br import cnpj, cpf
from billing.core.errors import InvalidInput

DIGITS = st.sampled_from("0123456789")
CPF_BASES = st.text(DIGITS, min_size=9, max_size=9).filter(lambda base: len(set(base)) > 1)
CNPJ_BASES = st.text(
    st.sampled_from(string.digits + string.ascii_uppercase), min_size=12, max_size=12
).filter(lambda base: len(set(base)) > 1)


def refusal(validate, text: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        validate(text)
    return refused.value.code


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    "number", ["529.982.247-25", "52998224725", " 111 444 777-35 ", "012.345.678-90", "390.533.447-05"]
)
def test_a_cpf_with_right_check_digits_is_accepted(number):
    assert cpf.validate(number) == "".join(c for c in number if c.isdigit())


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("529.982.247-26", "cpf.check_digit"),
        ("529.982.247-15", "cpf.check_digit"),
        ("111.111.111-11", "cpf.repeated"),
        ("000.000.000-00", "cpf.repeated"),
        ("5299822472", "cpf.format"),
        ("529982247255", "cpf.format"),
        ("", "cpf.format"),
        ("529.982.247-2X", "cpf.format"),
        ("529/982/247-25", "cpf.format"),
        ("٥٢٩٩٨٢٢٤٧٢٥", "cpf.format"),
        ("52998224725\n", "cpf.format"),
    ],
)
def test_a_wrong_cpf_is_refused_by_its_reason(number, code):
    assert refusal(cpf.validate, number) == code
    assert not cpf.is_valid(number)


@given(CPF_BASES)
def test_every_cpf_base_has_one_pair_of_check_digits(base):
    accepted = [f"{base}{pair:02d}" for pair in range(100) if cpf.is_valid(f"{base}{pair:02d}")]
    assert accepted == [base + cpf.check_digits(base)]


@given(CPF_BASES)
def test_a_formatted_cpf_reads_back(base):
    number = base + cpf.check_digits(base)
    assert cpf.validate(cpf.format(number)) == number


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("12ABC34501DE35", "12ABC34501DE35"),  # Receita Federal's own example
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),
        ("12abc34501de35", "12ABC34501DE35"),
        ("11222333000181", "11222333000181"),
        ("11.222.333/0001-81", "11222333000181"),
        ("00.000.000/0001-91", "00000000000191"),  # Banco do Brasil
        ("60.701.190/0001-04", "60701190000104"),  # Itaú
        ("33.000.167/0001-01", "33000167000101"),  # Petrobras
    ],
)
def test_a_cnpj_with_right_check_digits_is_accepted_letters_included(number, kept):
    assert cnpj.validate(number) == kept


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("12ABC34501DE36", "cnpj.check_digit"),
        ("11222333000182", "cnpj.check_digit"),
        ("11222333000171", "cnpj.check_digit"),
        ("00000000000000", "cnpj.repeated"),
        ("1122233300018", "cnpj.format"),
        ("112223330001811", "cnpj.format"),
        ("12ABC34501DE3A", "cnpj.format"),
        ("12ÁBC34501DE35", "cnpj.format"),
        ("CNPJ 11.222.333/0001-81", "cnpj.format"),
        ("", "cnpj.format"),
    ],
)
def test_a_wrong_cnpj_is_refused_by_its_reason(number, code):
    assert refusal(cnpj.validate, number) == code
    assert not cnpj.is_valid(number)


@given(CNPJ_BASES)
def test_every_cnpj_base_has_one_pair_of_check_digits(base):
    accepted = [f"{base}{pair:02d}" for pair in range(100) if cnpj.is_valid(f"{base}{pair:02d}")]
    assert accepted == [base + cnpj.check_digits(base)]


@given(CNPJ_BASES)
def test_a_formatted_cnpj_reads_back_in_either_case(base):
    number = base + cnpj.check_digits(base)
    assert cnpj.validate(cnpj.format(number)) == number
    assert cnpj.validate(cnpj.format(number).lower()) == number


@pytest.mark.parametrize("validate", [cpf.validate, cnpj.validate])
@given(text=st.text(max_size=20))
def test_any_text_is_accepted_or_refused_and_never_crashes(validate, text):
    with suppress(InvalidInput):
        assert validate(text).isascii()
