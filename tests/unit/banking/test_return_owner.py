"""Whose a return is: the account that its header names, and no other that looks like it."""

from datetime import date

import pytest

from billing.adapters.sandbox_bank.bank import paid, respond
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from tests.support.bank_accounts import ACCOUNTS, CREATED_AT, READ_ALONE, register

pytestmark = pytest.mark.req("BNK-05")


def header_of(terms):
    remittance = write_remittance(terms, [register()], sequence=1, created_at=CREATED_AT)
    return read_return(
        respond(remittance, lambda seen: [paid(seen.amount)], sequence=1, on=date(2026, 3, 18))
    )[0]


def like(code):
    """Codes that contain this one, or almost equal it."""
    return [f"1{code}", f"{code}1", f"{code[:-1]}{(int(code[-1]) + 1) % 10}"]


@pytest.mark.parametrize("bank", sorted(set(ACCOUNTS) - READ_ALONE))
def test_a_return_is_of_its_own_account_alone(bank):
    terms = ACCOUNTS[bank]
    header = header_of(terms)
    assert header.is_of(terms)
    by_account = [
        {name: code, "convenio": ""} for name in ("agencia", "conta") for code in like(getattr(terms, name))
    ]
    by_convenio = [{"conta": "98", "convenio": code} for code in like(terms.convenio or "1")]
    for other in [*by_account, *by_convenio]:
        assert not header.is_of(terms.model_copy(update={"operacao": "", **other})), other
