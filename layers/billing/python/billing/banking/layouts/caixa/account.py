"""Caixa: which accounts its files can carry, whatever their layout."""

from billing.banking.boleto.bank import refusal
from billing.banking.boleto.banks import caixa
from billing.banking.layouts.febraban_240_remittance import not_taken
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

_PROTEST_DAYS = range(2, 91)  # CNAB 240, C027; CNAB 400, NE025


def refusals(terms: BankTerms) -> list[Refusal]:
    """Why no file can be written for the account."""
    against = [*caixa.account(terms), *not_taken(terms, "A Caixa", write_off=True)]
    if terms.carteira not in {"1", "14", "RG", "SIG14"}:
        message = f"A carteira {terms.carteira} da Caixa não tem registro: não se envia remessa para ela."
        against.append(refusal("remittance.wallet_not_registered", message, "carteira"))
    if terms.protest_days and terms.protest_days not in _PROTEST_DAYS:
        message = "A Caixa protesta de 2 a 90 dias depois do vencimento."
        against.append(refusal("remittance.protest_days", message, "protest_days"))
    if bool(terms.protest_days) == bool(terms.write_off_days):
        message = (
            "A Caixa protesta ou baixa o título vencido, uma das duas coisas: informe após quantos dias. Sem isso, ela o "
            "baixaria 5 dias depois do vencimento."
        )
        against.append(refusal("remittance.write_off_days", message, "write_off_days"))
    return against
