"""What Sicredi requires in both of its layouts. Pages are those of the CNAB 400 manual in `cnab400`."""

from datetime import timedelta

from billing.banking.boleto.bank import refusal
from billing.banking.boleto.banks import sicredi
from billing.banking.instructions import Title
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal, Severity

REFUSED_CHARACTERS = "\"'<>?^_`|~"
"""The ASCII characters that are not among those that it accepts (p. 30)."""

_REGISTERED = "1"
_FEWEST_DAYS = 3  # p. 36, protest and bureau report
_DAYS_TO_DUE_DATE = timedelta(days=7)  # p. 34-35


def refusals(terms: BankTerms) -> list[Refusal]:
    """Why no file can be written for the account."""
    reasons = list(sicredi.account(terms))
    if terms.carteira != _REGISTERED:
        message = f"A carteira {terms.carteira} do Sicredi não tem registro: não se envia remessa para ela."
        reasons.append(refusal("remittance.wallet_not_registered", message, "carteira"))
    if terms.registers_pix:
        message = "O manual do Sicredi não mostra a remessa do boleto híbrido: registre-o pela API do banco."
        reasons.append(refusal("remittance.pix_unknown", message, "registers_pix"))
    for name, what in (("protest_days", "protesta"), ("bureau_days", "negativa")):
        days = getattr(terms, name)
        if days and days < _FEWEST_DAYS:
            message = f"O Sicredi {what} a partir de {_FEWEST_DAYS} dias depois do vencimento."
            reasons.append(refusal(f"remittance.{name}", message, name))
    return reasons


def warn_of_early_due_date(title: Title, warnings: list[Refusal]) -> None:
    """The manual requires a week between issue and due date, but has no reason for rejecting less: the title goes with
    a warning."""
    if title.due_on - title.issued_on < _DAYS_TO_DUE_DATE:
        message = f"{title.document_number}: o Sicredi pede vencimento ao menos {_DAYS_TO_DUE_DATE.days} dias depois da emissão."
        warnings.append(Refusal("remittance.due_on", message, Severity.WARNS, "due_on"))
