"""Boletos: barcode, linha digitável, due-date factor, checked with published examples and the manual's own."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking.boleto import barcode, linha_digitavel
from billing.banking.boleto.fator import due_date_of, factor_of
from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.terms import BankTerms
from billing.core.errors import InvalidInput, Refused
from billing.core.money import Money

GOLDEN = Path(__file__).parents[2] / "golden" / "banking"
VECTORS = json.loads((GOLDEN / "boleto_vectors.json").read_text(encoding="utf-8"))
FACTORS = json.loads((GOLDEN / "fator_vectors.json").read_text(encoding="utf-8"))
BILLS = json.loads((GOLDEN / "arrecadacao_vectors.json").read_text(encoding="utf-8"))
REFERENCE = date(2026, 3, 1)


def account(**changes):
    given = {
        "bank": "341",
        "agencia": "0057",
        "conta": "12345",
        "carteira": "109",
        "beneficiary_name": "Provedor Exemplo Ltda",
        "beneficiary_document": "11222333000181",
    }
    return BankTerms.model_validate(given | changes)


def issue(nosso_numero=12345678, due_on=date(2026, 8, 15), amount="127.50", document_number="", **changes):
    terms = BoletoTerms(
        account(**changes), nosso_numero, due_on, Money(amount), document_number=document_number
    )
    return issue_boleto(terms)


@pytest.mark.req("BNK-02")
def test_the_manual_s_own_example():
    """Itaú manual of July 2021, annexes 2 to 4, p. 73-77."""
    code = barcode.encode("341", date(2002, 5, 1), Money("123.45"), "1101234567880057123457000")
    assert code == "34196166700000123451101234567880057123457000"
    assert linha_digitavel.from_barcode(code) == "34191101213456788005871234570001616670000012345"


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize("vector", [v for v in FACTORS if v["fator"]], ids=lambda v: v["due"])
def test_factor_turns_over_on_22_02_2025(vector):
    due_on = date.fromisoformat(vector["due"])
    assert factor_of(due_on) == vector["fator"]
    assert due_date_of(vector["fator"], reference=due_on) == due_on


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize("due_on", [date(2049, 10, 14), date(2000, 7, 2), date(1997, 10, 7)])
def test_a_date_without_factor_is_refused(due_on):
    with pytest.raises(Refused, match=r"boleto\.due_date"):
        factor_of(due_on)


@pytest.mark.req("BNK-02")
def test_factor_is_read_in_the_window_around_today_not_as_2002_or_2049():
    assert due_date_of(1667, reference=date(2002, 1, 1)) == date(2002, 5, 1)
    assert due_date_of(1667, reference=REFERENCE) == date(2026, 12, 21)
    assert due_date_of(9999, reference=REFERENCE) == date(2025, 2, 21)


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize("factor", [0, 999, 10000])
def test_number_that_is_not_a_factor_is_refused(factor):
    with pytest.raises(InvalidInput, match=r"boleto\.due_factor"):
        due_date_of(factor, reference=REFERENCE)


@pytest.mark.req("BNK-02")
def test_a_factor_outside_the_window_is_refused_not_guessed():
    gap = REFERENCE + timedelta(days=5501)
    with pytest.raises(InvalidInput, match=r"boleto\.due_factor"):
        due_date_of(factor_of(gap), reference=REFERENCE)


@given(st.integers(-3000, 5500))
def test_every_date_in_the_window_comes_back(days):
    due_on = REFERENCE + timedelta(days=days)
    assert due_date_of(factor_of(due_on), reference=REFERENCE) == due_on


@given(
    st.dates(date(2018, 1, 1), date(2040, 12, 31)),
    st.integers(0, 10**13 - 1),
    st.text("0123456789", min_size=25, max_size=25),
)
def test_encoded_barcode_is_decoded(due_on, cents, campo_livre):
    code = barcode.encode("341", due_on, Money.from_cents(cents), campo_livre)
    read = barcode.decode(code, reference=REFERENCE)
    assert (read.bank, read.amount.cents, read.campo_livre) == ("341", cents, campo_livre)
    assert read.due_on == (due_on if cents < 10**10 else None)
    linha = linha_digitavel.from_barcode(code)
    assert linha_digitavel.to_barcode(linha_digitavel.formatted(linha)) == code


@pytest.mark.req("BNK-02")
def test_the_amount_never_leaves_cents():
    """R$ 1,005 passed through a float became 1,00 in other programs."""
    assert issue(amount="1.01").barcode[9:19] == "0000000101"
    assert issue(amount="99999999.99").barcode[5:19] == "15399999999999"


@pytest.mark.req("BNK-02")
def test_an_amount_above_ten_digits_takes_the_factor_s_place():
    assert issue(amount="123456789.01").barcode[5:19] == "00012345678901"


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize("amount", ["-0.01", "100000000000.00"])
def test_an_amount_that_does_not_fit_is_refused(amount):
    with pytest.raises(Refused, match=r"boleto\.amount"):
        issue(amount=amount)


@pytest.mark.req("BNK-02")
def test_one_wrong_digit_is_found_by_the_barcode_and_named_by_the_linha():
    boleto = issue()
    with pytest.raises(InvalidInput, match=r"boleto\.check_digit"):
        barcode.decode(boleto.barcode[:10] + "9" + boleto.barcode[11:], reference=REFERENCE)
    linha = boleto.linha_digitavel
    for position, name in ((1, "primeiro"), (11, "segundo"), (22, "terceiro")):
        wrong = str((int(linha[position]) + 1) % 10)
        with pytest.raises(InvalidInput, match=name):
            linha_digitavel.to_barcode(linha[:position] + wrong + linha[position + 1 :])


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize("code", ["", "1" * 43, "1" * 45, "x" * 44, "١" * 44])
def test_what_is_not_44_digits_is_not_a_barcode(code):
    with pytest.raises(InvalidInput, match=r"boleto\.barcode"):
        barcode.decode(code, reference=REFERENCE)


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize("bill", BILLS, ids=lambda b: b["barcode"])
def test_a_utility_bill_is_named_as_such(bill):
    with pytest.raises(InvalidInput, match=r"boleto\.not_a_boleto"):
        barcode.decode(bill["barcode"], reference=REFERENCE)


@pytest.mark.req("BNK-02")
def test_an_unknown_wallet_is_refused_by_name():
    with pytest.raises(Refused, match="carteira 777 do Itaú") as caught:
        issue(carteira="777")
    assert caught.value.reasons[0].field == "carteira"


@pytest.mark.req("BNK-02")
def test_an_unknown_bank_is_refused():
    with pytest.raises(Refused, match=r"boleto\.bank_unknown"):
        issue(bank="999")


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize("number", [-1, 10**8])
def test_a_number_outside_the_bank_s_range_is_refused_not_cut(number):
    with pytest.raises(Refused, match=r"boleto\.nosso_numero_range"):
        issue(nosso_numero=number)


@pytest.mark.req("BNK-02")
def test_an_account_too_long_is_refused_not_cut():
    with pytest.raises(Refused, match=r"profile\.field_too_long"):
        issue(conta="1234567")
