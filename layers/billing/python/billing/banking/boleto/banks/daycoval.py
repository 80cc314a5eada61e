"""Daycoval (707): agency 4, wallet 3, operation 7, nosso número with digit 11 (modulo 10 over agency, wallet and number).

Source: published examples of wallet 121.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import Bank, refusal, width_refusals
from billing.banking.boleto.banks import inter
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = {"121": "exemplos publicados conferidos"}


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "operacao": 7})
    if not terms.operacao:
        message = "Informe o número da operação (7 dígitos): ele faz parte do código de barras."
        yield refusal("profile.operacao_missing", message, "operacao")


BANK = Bank("707", "2", "Daycoval", CARTEIRAS, inter.number, inter.beneficiary, account)
