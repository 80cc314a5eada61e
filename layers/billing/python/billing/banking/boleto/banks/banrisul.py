"""Banrisul (041).

Source: Banrisul, manual CNAB 400, section 5.2 (p. 33-36): product 2, constant 1, agency 4, beneficiary 7, nosso número 8, constant 40,
double digit over them. Published examples of wallets 1 and 2.
"""

from collections.abc import Iterable

from billing.banking import account_digits
from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    fixed,
    given_digit_refusals,
    refusal,
    sequence,
    width_refusals,
)
from billing.banking.boleto.certification import Certification
from billing.banking.check_digits import double_digit
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

_SECTION = "manual CNAB 400, seção 5.2; exemplos publicados conferidos"
CARTEIRAS = {"1": _SECTION, "2": _SECTION}
_DIRECT = "21"
"""Cobrança direta (the company issues the boleto), and the constant that follows it."""


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 8, "Banrisul")
    account = fixed(terms.agencia, 4, "agencia", "Banrisul") + fixed(
        terms.convenio, 7, "convenio", "Banrisul"
    )
    body = f"{_DIRECT}{account}{nosso_numero}40"
    digits = double_digit(nosso_numero)
    return Numbering(nosso_numero, digits, f"{nosso_numero}-{digits}", body + double_digit(body))


def beneficiary(terms: BankTerms) -> str:
    code = terms.convenio.zfill(7)
    return f"{terms.agencia} / {code[:6]}.{code[6]}.{terms.convenio_digit}".rstrip(".")


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "convenio": 7})
    yield from given_digit_refusals(
        account_digits.banrisul_agency(terms.agencia), terms.agencia_digit, "agencia_digit", "agência"
    )
    if len(terms.conta) <= 9:
        yield from given_digit_refusals(
            account_digits.banrisul_account(terms.conta), terms.conta_digit, "conta_digit", "conta"
        )
    if not terms.convenio:
        message = "Informe o código do beneficiário (7 dígitos): ele faz parte do código de barras."
        yield refusal("profile.convenio_missing", message, "convenio")


_ASKED = (
    "15 boletos com nossos números em sequência, em PDF; a remessa com esses mesmos títulos; e um arquivo texto com 100 nossos"
    " números em sequência, com o número de controle"
)
CERTIFICATION = Certification(
    asks=(
        f"{_ASKED} (manuais CNAB 400, julho de 2015, e CNAB 240, outubro de 2013, “homologados na fase de teste”).",
    ),
    boletos=15,
    in_sequence=True,
    listed_numbers=100,
    next_steps=(
        (
            "Envie os boletos, a remessa e o arquivo nossos_numeros.txt ao endereço de testes que o manual indica"
            " (atendimento_teste_cobranca@banrisul.com.br)."
        ),
        "Fale com o gerente da conta no Banrisul.",
    ),
)


BANK = Bank("041", "8", "Banrisul", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
