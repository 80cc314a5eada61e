"""BRB (070): increment 3, agency 3, account 7, and the nosso número of 12: wallet 1, sequence 6, bank 070, double digit over all.

Source: published examples of wallets 1 and 2.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import Bank, Numbering, TitleNumber, fixed, refusal, sequence, width_refusals
from billing.banking.check_digits import double_digit
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = dict.fromkeys(("1", "2"), "exemplos publicados conferidos")


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    agencia, conta = fixed(terms.agencia, 3, "agencia", "BRB"), fixed(terms.conta, 7, "conta", "BRB")
    account = fixed(terms.operacao, 3, "operacao", "BRB") + agencia + conta
    own = f"{terms.carteira}{sequence(title.sequence, 6, 'BRB')}070"
    digits = double_digit(account + own)
    return Numbering(own, digits, own + digits, account + own + digits)


def beneficiary(terms: BankTerms) -> str:
    return f"{fixed(terms.operacao, 3, 'operacao', 'BRB')} - {terms.agencia} - {terms.conta}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 3, "conta": 7, "operacao": 3})
    if not terms.operacao:
        message = "Informe em operação o incremento do BRB (3 dígitos; 000 se o contrato não traz outro)."
        yield refusal("profile.operacao_missing", message, "operacao")


BANK = Bank("070", "1", "BRB", CARTEIRAS, number, beneficiary, account)
