"""Banco do Brasil (001).

Sources: Banco do Brasil, "Especificações técnicas para confecção de boleto de pagamento" (nosso número and campo livre
by the length of the convênio: 4, 6 or 7 digits, and free numbers of 17 digits under service type 21); published
examples of wallets 11, 17 and 18.
"""

from collections.abc import Iterable

from billing.banking import account_digits
from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    digit_refusals,
    fixed,
    refusal,
    sequence,
    width_refusals,
)
from billing.banking.boleto.certification import Certification, TestFile
from billing.banking.check_digits import cycle, weighted
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal, Refused

_PUBLISHED = "manual de especificações do boleto; exemplos publicados conferidos"
CARTEIRAS = {**dict.fromkeys(("11", "17", "18"), _PUBLISHED), "16": "manual de especificações do boleto"}

_CONVENIO = "O convênio do Banco do Brasil tem 4, 6 ou 7 dígitos."
_NUMBERED_BY_BANK = "11"
_FREE_NUMBER = "21"
"""Tipo de serviço (operação) 21: nosso número of 17 digits, chosen by the company (annex X)."""
_NOT_FREE = refusal(
    "profile.convenio",
    "O nosso número livre de 17 posições (operação 21) do Banco do Brasil é dos convênios de 6 dígitos.",
    "convenio",
)
_REVERSED_WEIGHTS = tuple(11 - weight for weight in cycle(11, 2, 9))


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    convenio = terms.convenio
    if terms.carteira == _NUMBERED_BY_BANK and not title.sequence:
        return _numbering("0" * 17, "", f"{'0' * 23}{terms.carteira}")
    if terms.operacao == _FREE_NUMBER:
        if len(convenio) != 6:
            raise Refused.because([_NOT_FREE])
        nosso_numero = sequence(title.sequence, 17, "Banco do Brasil")
        return _numbering(nosso_numero, "", f"{convenio}{nosso_numero}{_FREE_NUMBER}")
    if len(convenio) == 7:
        nosso_numero = convenio + sequence(title.sequence, 10, "Banco do Brasil")
        return _numbering(nosso_numero, "", f"000000{nosso_numero}{terms.carteira}")
    if len(convenio) not in {4, 6}:
        raise Refused.because([refusal("profile.convenio", _CONVENIO, "convenio")])
    nosso_numero = convenio + sequence(title.sequence, 11 - len(convenio), "Banco do Brasil")
    account = fixed(terms.agencia, 4, "agencia", BANK.name) + fixed(terms.conta, 8, "conta", BANK.name)
    return _numbering(nosso_numero, _digit(nosso_numero), f"{nosso_numero}{account}{terms.carteira}")


def _numbering(nosso_numero: str, digit: str, campo_livre: str) -> Numbering:
    return Numbering(nosso_numero, digit, f"{nosso_numero}-{digit}" if digit else nosso_numero, campo_livre)


def _digit(nosso_numero: str) -> str:
    """Weights 9 to 2 from the right; the digit is the remainder itself, and ten becomes X."""
    remainder = weighted(nosso_numero, _REVERSED_WEIGHTS) % 11
    return "X" if remainder == 10 else str(remainder)


def beneficiary(terms: BankTerms) -> str:
    agencia = f"{terms.agencia}-{terms.agencia_digit}" if terms.agencia_digit else terms.agencia
    return (
        f"{agencia} / {terms.conta}-{terms.conta_digit}"
        if terms.conta_digit
        else f"{agencia} / {terms.conta}"
    )


def account(terms: BankTerms) -> Iterable[Refusal]:
    wrong = width_refusals(terms, {"agencia": 4, "conta": 8})
    if wrong:
        yield from wrong
        return
    agency = account_digits.banco_do_brasil_agency(terms.agencia)
    yield from digit_refusals(agency, terms.agencia_digit, "agencia_digit", "agência")
    conta = account_digits.banco_do_brasil_account(terms.conta)
    yield from digit_refusals(conta, terms.conta_digit, "conta_digit", "conta")
    if len(terms.convenio) not in {4, 6, 7}:
        yield refusal("profile.convenio", _CONVENIO, "convenio")
    elif terms.operacao == _FREE_NUMBER and len(terms.convenio) != 6:
        yield _NOT_FREE


CERTIFICATION = Certification(
    asks=("Validação dos boletos impressos fora do banco (“Especificações técnicas”, item 1.1.2, p. 2).",),
    files={
        240: TestFile(
            asks="Com o intercâmbio em TESTE, TS nas posições 52-53 do header de lote (Particularidades BB, agosto de 2017,"
            " campo 11.1 BB5).",
            mark=(2, 52, "TS"),
        ),
        400: TestFile(
            asks="TESTE nas posições 3-7 do header e só o comando 01, registro (CBR641, abril de 2012, nota 01, p. 9).",
            registers_only=True,
            mark=(1, 3, "TESTE  "),
        ),
    },
    next_steps=(
        "Entregue os boletos na agência para validação.",
        "Peça à agência que mude o intercâmbio de ATIVO para TESTE antes de enviar a remessa, e de volta depois.",
    ),
)


BANK = Bank("001", "9", "Banco do Brasil", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
