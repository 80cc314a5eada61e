"""Itaú (341).

Sources: "Cobrança Bancária, Intercâmbio Eletrônico de Arquivos", July 2021: wallets in note 5 (p. 29-30), campo livre in
annex B (p. 65-67), check digit of the nosso número in note 23 and annex 4 (p. 76-77), wallets of 15 positions in annex 5
(p. 78-80). Account digit: "Regras de validação de dígito verificador", p. 9.
"""

from collections.abc import Iterable
from functools import lru_cache

from billing.banking import account_digits
from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    digit_refusals,
    fixed,
    one_digit,
    refusal,
    sequence,
    width_refusals,
)
from billing.banking.boleto.certification import Certification, TestFile
from billing.banking.check_digits import mod10
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

_NOTE_5 = "manual CNAB 400 jul/2021, nota 5, p. 29-30"
_PUBLISHED = "exemplos publicados conferidos"

_WITHOUT_ACCOUNT = frozenset({"104", "112", "115", "147", "188", "126", "131", "146", "150", "168"})
"""Wallets whose check digit does not include the account: the "escriturais" (note 23), and 126, 131, 146, 150, 168
(annex 4, p. 77)."""

_FIFTEEN = frozenset({"107", "122", "142", "143", "196", "198"})
"""Wallets of 15 positions: the campo livre carries the document number and the client's code (annex 5, p. 79)."""

CARTEIRAS = {
    **dict.fromkeys(("102", "103", "104", "108", "109", "112", "115", "121", "129", "139"), _NOTE_5),
    **dict.fromkeys(("147", "150", "169", "172", "173", "174", "175", "177", "180", "188"), _NOTE_5),
    **dict.fromkeys(_FIFTEEN, _NOTE_5),
    **dict.fromkeys(("138", "168"), _PUBLISHED),
}


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 8, "Itaú")
    carteira = terms.carteira
    account, digit = _account(terms.agencia, terms.conta, terms.conta_digit)
    if carteira in _WITHOUT_ACCOUNT:
        # An account followed by its own digit adds nothing to modulo 10: the result is that of carteira + nosso número
        # alone.
        check = str(mod10(account + terms.conta_digit + carteira + nosso_numero))
    else:
        check = str(mod10(account + carteira + nosso_numero))
    if carteira in _FIFTEEN:
        document = fixed(title.document_number, 7, "document_number", "Itaú")
        body = carteira + nosso_numero + document + fixed(terms.convenio, 5, "convenio", "Itaú")
        campo_livre = f"{body}{mod10(body)}0"
    else:
        campo_livre = f"{carteira}{nosso_numero}{check}{account}{digit}000"
    return Numbering(nosso_numero, check, f"{carteira}/{nosso_numero}-{check}", campo_livre)


@lru_cache(maxsize=64)
def _account(agencia: str, conta: str, digit: str) -> tuple[str, str]:
    account = fixed(agencia, 4, "agencia", "Itaú") + fixed(conta, 5, "conta", "Itaú")
    return account, one_digit(digit or str(mod10(account)), "conta_digit", "Itaú")


def beneficiary(terms: BankTerms) -> str:
    account, digit = _account(terms.agencia, terms.conta, terms.conta_digit)
    return f"{account[:4]}/{account[4:]}-{digit}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    client = {"convenio": 5} if terms.carteira in _FIFTEEN else {}
    wrong = width_refusals(terms, {"agencia": 4, "conta": 5, **client})
    if client and not terms.convenio:
        message = f"A carteira {terms.carteira} do Itaú leva o código do cliente (5 dígitos) no código de barras: informe o convênio."
        wrong.append(refusal("profile.convenio_missing", message, "convenio"))
    if wrong:
        return wrong
    digit = account_digits.itau_account(terms.agencia, terms.conta)
    return digit_refusals(digit, terms.conta_digit, "conta_digit", "conta")


CERTIFICATION = Certification(
    files={
        240: TestFile(
            asks="Arquivo de teste com no máximo 10 registros, lidos como títulos (CNAB 240, janeiro de 2017, seção 6, p. 36).",
            most_titles=10,
        ),
        400: TestFile(
            asks="Arquivo de teste com no máximo 30 registros, lidos como títulos (CNAB 400, julho de 2021, seção 6, p. 55).",
            most_titles=30,
        ),
    },
    asks=("O manual não pede amostras de boletos; as do kit trazem todos os dígitos.",),
    next_steps=(
        "Valide a remessa no Validador de Layout do Itaú Empresas e transmita-a no ambiente de teste.",
        "Aprovada, peça ao gerente da conta a passagem para a produção.",
    ),
)


BANK = Bank("341", "7", "Itaú", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
