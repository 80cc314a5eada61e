"""Caixa Econômica Federal (104).

Source: Caixa, "Especificações técnicas para emissão de boletos", 67.119 v010 of April 2020, notes 1 to 4 (p. 24-25) and
annex III (p. 30): beneficiary 6 and digit, or 7 from 1100000 on; nosso número of 17 digits in three parts, separated by
the constants of kind (1 registered, 2 not) and issuer (4, the beneficiary); and a digit over all of it (modulo 11).
Published examples of SIGCB ("14", "24") and of the old SICOB with numbers of 10 digits.
"""

from collections.abc import Iterable

from billing.banking import account_digits
from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    digit_refusals,
    fixed,
    given_digit_refusals,
    one_digit,
    refusal,
    sequence,
    width_refusals,
)
from billing.banking.boleto.certification import Certification, TestFile
from billing.banking.check_digits import mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

_REGISTERED, _NOT_REGISTERED, _ISSUED_BY_BENEFICIARY = "1", "2", "4"
_KINDS = {
    **dict.fromkeys(("1", "14", "RG", "SIG14"), _REGISTERED),
    **dict.fromkeys(("24", "SR"), _NOT_REGISTERED),
}
_FIRST_OF_SEVEN = 1_100_000
"""Note 3: codes go up to 999999, and continue from here."""
_SIGCB = "manual do boleto de 2020; exemplos publicados conferidos"
CARTEIRAS = {
    **dict.fromkeys(_KINDS, _SIGCB),
    "SICOB": "números de 10 dígitos; exemplo publicado conferido",
}


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    if terms.carteira == "SICOB":
        return _old(terms, title)
    kind = _KINDS[terms.carteira]
    own = sequence(title.sequence, 15, "Caixa")
    nosso_numero = f"{kind}{_ISSUED_BY_BENEFICIARY}{own}"
    body = f"{_beneficiary_code(terms)}{own[:3]}{kind}{own[3:6]}{_ISSUED_BY_BENEFICIARY}{own[6:]}"
    digit = mod11(nosso_numero)
    return Numbering(nosso_numero, digit, f"{nosso_numero}-{digit}", body + mod11(body))


def has_seven_digits(terms: BankTerms) -> bool:
    """Whether the beneficiary's code is 1100000 or higher: it then has seven digits in barcode and files."""
    return len(terms.convenio.lstrip("0")) == 7


def code_of(terms: BankTerms) -> str:
    """The beneficiary's code, of six or seven digits. Raises Refused for any other length."""
    return fixed(terms.convenio, 7 if has_seven_digits(terms) else 6, "convenio", "Caixa")


def _beneficiary_code(terms: BankTerms) -> str:
    """Seven columns: a code of six digits has its check digit in the last one (note 3)."""
    code = code_of(terms)
    if len(code) == 7:
        return code
    return code + one_digit(terms.convenio_digit or mod11(code), "convenio_digit", "Caixa")


def _old(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 10, "Caixa")
    digit = mod11(nosso_numero)
    account = fixed(terms.agencia, 4, "agencia", "Caixa") + fixed(terms.conta, 11, "conta", "Caixa")
    return Numbering(nosso_numero, digit, f"{nosso_numero}-{digit}", nosso_numero + account)


def beneficiary(terms: BankTerms) -> str:
    code = code_of(terms)
    return f"{terms.agencia}/{code}-{mod11(code)}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "convenio": 7})
    yield from _account_digit(terms)
    if not terms.convenio:
        message = "Informe o código do beneficiário (6 ou 7 dígitos): ele faz parte do código de barras."
        yield refusal("profile.convenio_missing", message, "convenio")
    elif 999_999 < int(terms.convenio) < _FIRST_OF_SEVEN:
        message = "O código do beneficiário da Caixa vai até 999999 ou começa em 1100000."
        yield refusal("profile.convenio", message, "convenio")
    elif terms.convenio_digit and len(terms.convenio.lstrip("0")) <= 7:
        expected = mod11(code_of(terms))
        yield from digit_refusals(expected, terms.convenio_digit, "convenio_digit", "código do beneficiário")


_TWO_STAGES = "Primeiro só a entrada de títulos; depois do retorno, os demais serviços"
CERTIFICATION = Certification(
    asks=(
        (
            "Amostras de 10 a 20 boletos, entregues na agência antes do primeiro envio aos pagadores, com todos os dígitos verificadores"
            " gerais do código de barras (1 a 9) e todos os do campo livre (0 a 9) (Manual de leiaute do boleto, 67.119 v010, item 1.1,"
            " p. 6)."
        ),
    ),
    most_boletos=20,
    covers_free_field=True,
    files={
        240: TestFile(
            asks=f"{_TWO_STAGES}; o header traz REMESSA-TESTE (CNAB 240, 67.118 v010, item 1.7, p. 10-11, e nota G022).",
            mark=(1, 192, "REMESSA-TESTE   "),
        ),
        400: TestFile(
            asks=f"{_TWO_STAGES}; o header traz REM.TST (CNAB 400, 67.126 v015, item 1.7, p. 8-9, e nota NE001).",
            mark=(1, 3, "REM.TST"),
        ),
    },
    next_steps=(
        "Entregue os boletos na agência da CAIXA.",
        "Com o beneficiário em teste, transmita os registros; depois do retorno, os demais movimentos.",
        "Sem inconsistências, peça ao suporte da CAIXA a passagem de TESTE para PRODUÇÃO.",
    ),
)


def _account_digit(terms: BankTerms) -> Iterable[Refusal]:
    """The rule covers an account of 11 digits, of which three are its kind; the manual does not give the rule for other
    accounts."""
    kind = terms.operacao if len(terms.operacao) == 3 and terms.operacao.isdecimal() else ""
    account = kind + terms.conta.zfill(8) if kind and len(terms.conta) <= 8 else terms.conta
    if len(account) == 11 and len(terms.agencia) <= 4:
        expected = account_digits.caixa_account(terms.agencia, account)
        yield from given_digit_refusals(expected, terms.conta_digit, "conta_digit", "conta")


BANK = Bank("104", "0", "Caixa", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
