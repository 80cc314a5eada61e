"""Sicredi (748).

Source: Sicredi, manual CNAB 240 of 2019, sections 6.3 (nosso número: year, byte that says who numbers, sequence of 5,
and a digit that also covers agency, post and beneficiary) and 7.3.1 (campo livre: kind 1, wallet 1, nosso número 9,
agency 4, post 2, beneficiary 5, amount 1, zero, digit). Published examples of wallets 1 and 3.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    fixed,
    one_digit,
    refusal,
    sequence,
    width_refusals,
)
from billing.banking.boleto.certification import Certification
from billing.banking.check_digits import mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal, Refused

CARTEIRAS = dict.fromkeys(("1", "3"), "manual CNAB 240 de 2019; exemplos publicados conferidos")
_SIMPLE, _WITH_AMOUNT = "1", "10"
_NUMBERED_BY_BENEFICIARY = "2"
_BYTES = frozenset("23456789")  # manual CNAB 400, p. 7
"""The byte: 1 is the cooperative's, 2 to 9 are the beneficiary's; a profile can set another one in its variation."""


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    if title.issued_on is None:
        message = "O nosso número do Sicredi começa pelo ano de emissão: informe a data."
        raise Refused.because([refusal("boleto.issued_on", message, "issued_on")])
    byte = one_digit(terms.variacao or _NUMBERED_BY_BENEFICIARY, "variacao", "Sicredi")
    own = f"{title.issued_on:%y}{byte}{sequence(title.sequence, 5, 'Sicredi')}"
    agencia, post = (
        fixed(terms.agencia, 4, "agencia", "Sicredi"),
        fixed(terms.operacao, 2, "operacao", "Sicredi"),
    )
    code = fixed(terms.convenio, 5, "convenio", "Sicredi")
    digit = mod11(agencia + post + code + own)
    body = f"{terms.carteira}{_SIMPLE}{own}{digit}{agencia}{post}{code}{_WITH_AMOUNT}"
    return Numbering(own, digit, f"{own[:2]}/{own[2:]}-{digit}", body + mod11(body))


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia}.{terms.operacao}.{terms.convenio}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "operacao": 2, "convenio": 5})
    if terms.variacao and terms.variacao not in _BYTES:
        message = f"O byte do nosso número no Sicredi vai de 2 a 9 (o 1 é da cooperativa): “{terms.variacao}” não vale."
        yield refusal("remittance.byte", message, "variacao")
    if not terms.operacao:
        yield refusal("profile.operacao_missing", "Informe o posto (2 dígitos) da cooperativa.", "operacao")
    if not terms.convenio:
        yield refusal("profile.convenio_missing", "Informe o código do beneficiário (5 dígitos).", "convenio")


_TEN = "Remessa com 10 títulos fictícios, os boletos e o formulário de solicitação de testes"
CERTIFICATION = Certification(
    asks=(f"{_TEN} (manuais CNAB 240, versão 1.4, p. 6, e CNAB 400, versão 1.4, p. 4).",),
    most_boletos=10,
    next_steps=(
        "Preencha o Formulário de Solicitação de Testes, que a cooperativa fornece.",
        "Entregue remessa, boletos e formulário na Unidade de Atendimento; ajustes seguintes vão à Equipe de Testes.",
    ),
)


BANK = Bank("748", "X", "Sicredi", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
