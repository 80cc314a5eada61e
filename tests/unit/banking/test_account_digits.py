"""The manual's own accounts are accepted by their banks' profiles, and the same with another digit are refused by name.

"Regras de validação de dígito verificador de agência e conta corrente", p. 2-12.
"""

import pytest

from billing.banking.boleto.bank import of
from billing.banking.profile_checks import validate_terms
from billing.banking.terms import BankTerms

EXAMPLES = [
    ("001", {"agencia": "1584", "agencia_digit": "9", "conta": "00210169", "conta_digit": "6"}),
    ("041", {"agencia": "2664", "agencia_digit": "18", "conta": "358507670", "conta_digit": "6"}),
    ("104", {"agencia": "2004", "conta": "00100000448", "conta_digit": "6"}),
    ("104", {"agencia": "2004", "operacao": "001", "conta": "448", "conta_digit": "6"}),
    ("237", {"agencia": "1425", "agencia_digit": "7", "conta": "0238069", "conta_digit": "2"}),
    ("237", {"agencia": "1425", "agencia_digit": "7", "conta": "0301357", "conta_digit": "P"}),
    ("341", {"agencia": "2545", "conta": "02366", "conta_digit": "1"}),
    ("356", {"agencia": "1835", "conta": "5711460", "conta_digit": "9"}),
    ("399", {"agencia": "0007", "conta": "853838", "conta_digit": "6"}),
    ("745", {"agencia": "0075", "conta": "0007500465", "conta_digit": "8"}),
]


def refused(bank, **account):
    terms = BankTerms(
        bank=bank,
        carteira=next(iter(of(bank).carteiras)),
        convenio="123456",
        beneficiary_name="Provedor Exemplo Ltda",
        beneficiary_document="11222333000181",
        **account,
    )
    return [fault.field for fault in validate_terms(terms) if fault.code == "profile.account_digit"]


@pytest.mark.req("BNK-01")
@pytest.mark.parametrize(("bank", "account"), EXAMPLES)
def test_account_of_the_manual_is_accepted_and_refused_with_another_digit(bank, account):
    assert refused(bank, **account) == []
    for field in ("agencia_digit", "conta_digit"):
        if field in account:
            assert refused(bank, **account | {field: "5"}) == [field]


@pytest.mark.req("BNK-01")
def test_a_digit_that_the_boleto_does_without_may_be_left_out():
    assert refused("041", agencia="2664", conta="358507670") == []


@pytest.mark.req("BNK-01")
@pytest.mark.parametrize(
    ("bank", "account"),
    [
        (
            "104",
            {"agencia": "2004", "conta": "123456789012", "conta_digit": "9"},
        ),  # 12 digits, not the manual's
        ("104", {"agencia": "2004", "conta": "448", "conta_digit": "9"}),  # of a type that is not given
        ("399", {"agencia": "0007", "conta": "5000252", "conta_digit": "9"}),  # a collection code
        ("033", {"agencia": "3163", "conta": "13002862", "conta_digit": "5"}),  # a collection account
    ],
)
def test_account_outside_the_manuals_rule_is_not_refused(bank, account):
    assert refused(bank, **account) == []
