"""Uniprime (084): Bradesco's campo livre and digit. Source: published examples of wallet 09."""

from collections.abc import Iterable

from billing.banking.boleto.bank import Bank, width_refusals
from billing.banking.boleto.banks import bradesco
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = dict.fromkeys(("9", "09"), "exemplos publicados conferidos")


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 7})


BANK = Bank("084", "1", "Uniprime", CARTEIRAS, bradesco.number, bradesco.beneficiary, account)
