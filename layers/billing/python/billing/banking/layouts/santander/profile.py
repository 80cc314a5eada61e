"""What Santander's files require of a payment profile, in any layout. Notes are those of H7800 and H7815."""

from billing.banking.boleto.bank import refusal
from billing.banking.boleto.banks import santander
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

_REGISTERED_WALLET = "101"

QUICK_WITH_REGISTRATION = "5"
"""The wallet as it is in files: the company issues the boleto."""


def refusals(terms: BankTerms) -> list[Refusal]:
    against = [*santander.account(terms)]
    if terms.carteira != _REGISTERED_WALLET:
        message = f"A carteira {terms.carteira} do Santander não tem registro: não se envia remessa para ela."
        against.append(refusal("remittance.wallet_not_registered", message, "carteira"))
    if terms.variacao:
        message = "O arquivo do Santander leva o nosso número com o seu dígito: a variação da carteira fica em branco."
        against.append(refusal("remittance.wallet_variation", message, "variacao"))
    if terms.bureau_days:
        message = "O Santander não recebe prazo de negativação por arquivo."
        against.append(refusal("remittance.bureau_days", message, "bureau_days"))
    return against
