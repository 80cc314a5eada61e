"""Cresol (133): Bradesco's campo livre and digit, with the beneficiary's code, if there is one, in place of the
account.

Source: Cresol, "Especificações técnicas" of the boleto, item 3 (digit of the nosso número) and item 8 (a real boleto).
That text is not available: it is known from what the public test suite of eduardokum/laravel-boleto
(tests/Boleto/CresolTest.php) quotes of it, together with a second real boleto, whose campo livre has the beneficiary's
code and not the printed account. Wallet and widths of the files: Cresol, "Cobrança Integrada Com Registro, Layout
Remessa" (CNAB 400), p. 2-3.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import Bank, Numbering, TitleNumber, width_refusals
from billing.banking.boleto.banks import bradesco
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = dict.fromkeys(("9", "09", "009"), "Especificações técnicas, item 8, por exemplo publicado")


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    return bradesco.numbered(terms, title, "Cresol", "convenio" if terms.convenio else "conta")


def beneficiary(terms: BankTerms) -> str:
    conta = f"{terms.conta}-{terms.conta_digit}" if terms.conta_digit else terms.conta
    return f"{terms.agencia} / {conta}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 7, "convenio": 7})


BANK = Bank("133", "3", "Cresol", CARTEIRAS, number, beneficiary, account)
