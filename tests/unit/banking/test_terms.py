"""Payment terms: what a bank would refuse is reported before anything is issued."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from billing.banking.profile_checks import validate_terms
from billing.banking.terms import BankTerms


def itau(**changes):
    given = {
        "bank": "341",
        "agencia": "0057",
        "conta": "12345",
        "conta_digit": "7",
        "carteira": "109",
        "layout": "cnab400",
        "beneficiary_name": "Provedor Exemplo Ltda",
        "beneficiary_document": "11222333000181",
    }
    return BankTerms.model_validate(given | changes)


def codes(terms):
    return [(r.code, r.field) for r in validate_terms(terms)]


@pytest.mark.req("BNK-01")
def test_right_terms_are_not_refused():
    assert codes(itau()) == []


@pytest.mark.req("BNK-01")
@pytest.mark.parametrize("field", ["bank", "agencia", "conta", "convenio", "beneficiary_document"])
def test_digits_of_another_script_are_refused(field):
    with pytest.raises(ValidationError):
        itau(**{field: "٣٤١"})


@pytest.mark.req("BNK-01")
def test_wrong_account_digit_is_refused_with_the_right_one():
    [refusal] = validate_terms(itau(conta_digit="8"))
    assert refusal.code == "profile.account_digit"
    assert "“7”" in refusal.message


@pytest.mark.req("BNK-01")
def test_every_reason_comes_at_once():
    terms = itau(carteira="999", conta_digit="1", protest_days=5, bureau_days=5)
    assert [code for code, _ in codes(terms)] == [
        "profile.wallet_unknown",
        "profile.account_digit",
        "profile.protest_and_bureau",
    ]


@pytest.mark.req("BNK-01")
def test_account_longer_than_the_bank_has_is_refused():
    assert codes(itau(conta="1234567")) == [("profile.field_too_long", "conta")]


@pytest.mark.req("BNK-01")
def test_unknown_bank_is_refused():
    assert codes(itau(bank="999")) == [("profile.bank_unknown", "bank")]


@pytest.mark.req("BNK-01")
def test_alphanumeric_cnpj_is_kept_whole():
    assert itau(beneficiary_document="12ABC34501DE35").beneficiary_document == "12ABC34501DE35"


@pytest.mark.req("BNK-01")
def test_percentages_are_exact():
    assert itau(fine_percent="2.00").fine_percent == Decimal("2.00")
    with pytest.raises(ValidationError):
        itau(fine_percent=2.5)


@pytest.mark.req("BNK-01")
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"layout": "api"}, "profile.layout_api", "layout"),
        (
            {"bank": "070", "carteira": "1", "operacao": "001", "agencia": "201"},
            "profile.layout_unknown",
            "layout",
        ),
        ({"beneficiary_document": "11222333000180"}, "profile.beneficiary_document", "beneficiary_document"),
        ({"beneficiary_document": "52998224726"}, "profile.beneficiary_document", "beneficiary_document"),
        ({"pix_key": ""}, "profile.pix_key", "pix_key"),
        ({"pix_key": "11987654321"}, "profile.pix_key", "pix_key"),  # a phone without its country
        ({"pix_key": "+55119876543٢١"}, "profile.pix_key", "pix_key"),
        ({"instructions": ("Não receber em cheque.",) * 7}, "profile.instructions", "instructions"),
    ],
)
def test_what_the_bank_or_the_boleto_cannot_carry_is_refused_by_name(changes, code, field):
    assert codes(itau(**changes)) == [(code, field)]


@pytest.mark.req("BNK-01")
def test_a_profile_without_files_is_taken():
    assert (
        codes(itau(layout="none", pix_key="+5511987654321", instructions=("Não receber em cheque.",) * 6))
        == []
    )
