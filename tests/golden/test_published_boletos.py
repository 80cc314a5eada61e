"""The reader of published boletos: each form that was seen in public, and a vector that cannot be read is counted."""

import json

import pytest

from tests.golden.published_boletos import judged, main, outcome, terms_of

PLAIN = {"due_date": "2026-08-15", "amount": "127.50", "barcode": "", "linha": "", "source": "a test"}


def vector(**given):
    return {**PLAIN, "conta": "1234", "agencia": "1234", "carteira": "1", **given}


def test_an_agency_that_is_null_is_zero():
    terms = terms_of(
        vector(bank="033", agencia=None, carteira="101", codigo_beneficiario="1234567", nosso_numero_in="1")
    )
    assert terms.account.agencia == "0"


def test_the_variation_may_stand_among_the_extras():
    terms = terms_of(vector(bank="021", carteira="11", nosso_numero_in="1", extra={"variacao": 4}))
    assert terms.account.variacao == "4"


def test_caixa_s_old_numbers_of_ten_digits_are_sicob():
    given = vector(
        bank="104",
        carteira="SR",
        agencia="1565",
        conta="00000414",
        operacao="870",
        nosso_numero_in="8000288027",
    )
    terms = terms_of(given)
    assert (terms.account.carteira, terms.account.conta, terms.nosso_numero) == (
        "SICOB",
        "87000000414",
        8000288027,
    )


def test_sicredi_s_whole_number_has_its_year_byte_and_sequence():
    given = vector(
        bank="748", carteira="1", convenio="36699", nosso_numero_in="18324121", extra={"posto": "8"}
    )
    terms = terms_of(given)
    assert (terms.issued_on.year, terms.account.variacao, terms.nosso_numero, terms.account.operacao) == (
        2018,
        "3",
        24121,
        "08",
    )


@pytest.mark.parametrize(("convenio", "operation"), [("123456", "21"), ("1234567", ""), ("1234", "")])
def test_a_free_number_is_of_a_convenio_of_six_digits(convenio, operation):
    given = vector(
        bank="001", carteira="18", convenio=convenio, nosso_numero_in="1", extra={"codigo_servico": "21"}
    )
    assert terms_of(given).account.operacao == operation


@pytest.mark.parametrize(
    "spoilt", [{"bank": "033"}, {}, {"bank": "341", "nosso_numero_in": "x"}, "no vector", None]
)
def test_a_vector_that_cannot_be_read_has_failed_with_its_reason(spoilt, tmp_path, capsys):
    result, why = judged(spoilt)
    assert (result, outcome(spoilt)) == ("failed", "failed")
    assert why.startswith("cannot be read: ")
    path = tmp_path / "vectors.json"
    path.write_text(json.dumps([spoilt]))
    assert main(str(path)) == 1
    assert "0 passed, 1 failed, 0 refused" in capsys.readouterr().out
