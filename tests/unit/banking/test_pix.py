"""Pix BR Code: what is built can be read, what is altered is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking.pix import crc16, dynamic_code, read_code, static_code
from billing.core.errors import InvalidInput, Refused
from billing.core.money import Money

GOLDEN = Path(__file__).parents[2] / "golden" / "banking"
VECTORS = json.loads((GOLDEN / "brcode_vectors.json").read_text(encoding="utf-8"))
OUT_OF_NORM, MALFORMED, DYNAMIC, CANONICAL = (vector["payload"] for vector in VECTORS)
KEY = "123e4567-e12b-12d1-a456-426655440000"


def with_crc(body):
    return f"{body}6304{crc16(body + '6304')}"


@pytest.mark.req("BNK-06")
def test_the_central_bank_s_own_example():
    assert static_code(key=KEY, name="Fulano de Tal", city="BRASILIA") == CANONICAL
    read = read_code(CANONICAL)
    assert (read.key, read.name, read.city, read.amount, read.txid) == (
        KEY,
        "Fulano de Tal",
        "BRASILIA",
        None,
        None,
    )
    assert read.url is None


@pytest.mark.req("BNK-06")
def test_a_published_dynamic_code():
    read = read_code(DYNAMIC)
    assert read.url == "pix.example.com/qr/93598be0-1bd0-4997-8318-81776a1d8a99"
    built = dynamic_code(url=f"https://{read.url}", name="EMPRESA", city="SAO PAULO")
    assert built[:-4].lower() == DYNAMIC[:-4].lower()
    assert read_code(built) == read


@pytest.mark.req("BNK-06")
def test_a_txid_of_30_characters_in_a_static_code_is_refused():
    """Published by another program: its CRC is right, its txid is non-standard."""
    with pytest.raises(InvalidInput, match=r"pix\.txid"):
        read_code(OUT_OF_NORM)


@pytest.mark.req("BNK-06")
def test_a_length_that_swallows_the_next_field_is_refused():
    with pytest.raises(InvalidInput, match=r"pix\.malformed"):
        read_code(MALFORMED)


@pytest.mark.req("BNK-06")
def test_keys_and_txid_keep_their_case():
    read = read_code(static_code(key="Financeiro@Exemplo.com.br", name="A", city="B", txid="Fatura0001aB"))
    assert (read.key, read.txid) == ("Financeiro@Exemplo.com.br", "Fatura0001aB")


@pytest.mark.req("BNK-06")
def test_name_and_city_lose_accents_and_excess():
    read = read_code(
        static_code(key=KEY, name="Associação Beneficente São João", city="São José do Rio Preto")
    )
    assert (read.name, read.city) == ("Associacao Beneficente Sa", "Sao Jose do Rio")


@pytest.mark.req("BNK-06")
@pytest.mark.parametrize("txid", ["", "a" * 26, "com espaço", "açúcar", "a-b"])
def test_a_txid_outside_the_norm_is_refused(txid):
    with pytest.raises(Refused, match=r"pix\.txid"):
        static_code(key=KEY, name="A", city="B", txid=txid)


@pytest.mark.req("BNK-06")
@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_an_amount_that_is_not_positive_is_refused(amount):
    with pytest.raises(Refused, match=r"pix\.amount"):
        static_code(key=KEY, name="A", city="B", amount=Money(amount))


@pytest.mark.req("BNK-06")
def test_package_over_the_size_limit_is_refused():
    with pytest.raises(Refused, match=r"pix\.too_long"):
        static_code(key=KEY, name="A", city="B", description="x" * 60)


@pytest.mark.req("BNK-06")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("000201", r"pix\.field"),
        (CANONICAL[:-8].replace("5303986", "5303840"), r"pix\.field"),
        (CANONICAL[:-8].replace("5913Fulano de Tal", "5900"), r"pix\.field"),
        (CANONICAL[:-8].replace("br.gov.bcb.pix", "br.com.out.ros"), r"pix\.not_pix"),
        (CANONICAL[:-8].replace("0136" + KEY, "0236" + KEY), r"pix\.account"),
        (CANONICAL[:-8].replace("5802BR", "5402,15802BR"), r"pix\.amount"),
        (CANONICAL[:-8].replace("5802BR", "5402٢٣5802BR"), r"pix\.amount"),
    ],
)
def test_a_code_outside_the_norm_is_refused_even_with_a_right_crc(body, code):
    with pytest.raises(InvalidInput, match=code):
        read_code(with_crc(body))


@pytest.mark.req("BNK-06")
@given(st.integers(0, len(CANONICAL) - 1), st.sampled_from("09Az"))
def test_one_wrong_character_is_found(position, other):
    altered = CANONICAL[:position] + other + CANONICAL[position + 1 :]
    if altered.upper() != CANONICAL.upper():
        with pytest.raises(InvalidInput):
            read_code(altered)


@pytest.mark.req("BNK-06")
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    with pytest.raises(InvalidInput):
        read_code(text)


@pytest.mark.req("BNK-06")
@given(
    st.from_regex(r"[A-Za-z0-9@.+-]{1,60}", fullmatch=True),
    st.none() | st.integers(1, 10**11).map(Money.from_cents),
    st.from_regex(r"[A-Za-z0-9]{1,25}", fullmatch=True),
)
def test_what_is_built_is_read(key, amount, txid):
    read = read_code(static_code(key=key, name="Empresa", city="Cidade", amount=amount, txid=txid))
    assert (read.key, read.amount, read.txid, read.url) == (key, amount, txid, None)


@pytest.mark.req("BNK-06")
@pytest.mark.parametrize(("name", "city"), [("", "Rio"), ("Empresa", " ")])
def test_a_code_without_name_or_city_is_refused(name, city):
    with pytest.raises(Refused, match=r"pix\.field"):
        static_code(key=KEY, name=name, city=city)
