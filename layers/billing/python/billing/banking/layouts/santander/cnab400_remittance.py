"""Writes remittances for Santander, CNAB 400. Pages and notes are those of the manuals in `cnab400`."""

from collections.abc import Callable, Mapping

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import santander
from billing.banking.instructions import Instruction, Movement, Title
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.santander import profile
from billing.banking.layouts.santander.cnab400 import (
    REMITTANCE_HEADER,
    REMITTANCE_PIX,
    REMITTANCE_TITLE,
    REMITTANCE_TRAILER,
)
from billing.banking.layouts.santander.pix import pix_key
from billing.banking.layouts.title_facts import CNAB400, Facts, facts_of, hundredths, percents
from billing.banking.remittance import Opening, daily_interest, person_type
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal, Refused

_CODES: Mapping[Movement, str] = {  # p. 7
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "18",
}
_ESPECIES: Mapping[DocumentKind, str] = {  # p. 8
    DocumentKind.DM: "01",
    DocumentKind.NP: "02",
    DocumentKind.RC: "05",
    DocumentKind.DS: "06",
}
_PROTEST, _DO_NOT_PROTEST, _NO_INSTRUCTION = "06", "07", "00"  # p. 8
_WRITE_OFF_AFTER: Mapping[int | None, str] = {None: _NO_INSTRUCTION, 15: "02", 30: "03"}  # p. 8
_TRANSMISSION_WIDTH, _ACCOUNT_WIDTH, _NEW_ACCOUNT_WIDTH = 20, 8, 10  # notes 1 and 2
_NUMBER_WIDTH = 7  # note 3
_BY_PROFILE, _AS_AMOUNT = "00", "2"  # version 2.36, notes 16 and 18

MOVEMENTS = frozenset(_CODES)


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        refusals = list(_refusals(opening.terms))
        if refusals:
            raise Refused.because(refusals)
        super().__init__(opening, _POLICY)


def _refusals(terms: BankTerms) -> list[Refusal]:
    refusals = profile.refusals(terms)
    if _complement(terms) is None:
        message = (
            "Informe o código de transmissão (20 dígitos: agência, conta movimento e conta cobrança) e a conta cobrança com o "
            "dígito: as 8 primeiras posições da conta são as 8 últimas do código."
        )
        refusals.append(refusal("remittance.transmission_code", message, "operacao"))
    if terms.write_off_days not in _WRITE_OFF_AFTER:
        message = (
            "O Santander baixa por arquivo CNAB 400 depois de 15 ou de 30 dias do vencimento. Sem prazo na remessa, "
            "vale o que foi combinado com o banco."
        )
        refusals.append(refusal("remittance.write_off_days", message, "write_off_days"))
    return refusals


def _complement(terms: BankTerms) -> tuple[str, str] | None:
    """Columns 383-385: "I" and the last two positions of an account of 10, blanks for an account of 8 (note 2). None if
    the account is neither."""
    account, code = terms.conta + terms.conta_digit, terms.operacao
    if len(code) != _TRANSMISSION_WIDTH or not code.isdecimal():
        return None
    if account.zfill(_ACCOUNT_WIDTH) == code[-_ACCOUNT_WIDTH:]:
        return "", ""
    whole = account.zfill(_NEW_ACCOUNT_WIDTH)
    if len(whole) == _NEW_ACCOUNT_WIDTH and whole[:_ACCOUNT_WIDTH] == code[-_ACCOUNT_WIDTH:]:
        return "I", whole[_ACCOUNT_WIDTH:]
    return None


def _account(opening: Opening) -> Facts:
    return {
        "codigo_transmissao": opening.terms.operacao,
        "nome_empresa": opening.terms.beneficiary_name,
    }


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    identifier, complement = _complement(terms) or ("", "")
    record = REMITTANCE_TITLE.binding(
        empresa_tipo=person_type(terms.beneficiary_document),
        empresa_documento=terms.beneficiary_document,
        agencia=terms.operacao[:4],
        conta_movimento=terms.operacao[4:12],
        conta=terms.operacao[12:],
        carteira=profile.QUICK_WITH_REGISTRATION,
        agencia_cobradora=terms.agencia,
        conta_identificador=identifier,
        conta_complemento=complement,
    )
    pix: Facts = {}
    if terms.registers_pix:
        pix["chave_tipo"], pix["chave_pix"] = pix_key(terms)

    def lines(instruction: Instruction) -> Lines:
        title = instruction.title
        registers = instruction.movement is Movement.REGISTER
        yield (
            record,
            facts_of(title, CNAB400)
            | {"ocorrencia": _CODES[instruction.movement]}
            | _numbering(terms, title)
            | _charges(terms, title)
            | _automatic(terms, registers=registers),
        )
        if pix and registers:
            yield REMITTANCE_PIX, pix | _payment(title)

    return lines


def _numbering(terms: BankTerms, title: Title) -> Facts:
    """Note 3: 7 digits and their check digit, which leading zeros do not change."""
    numbering = santander.number(terms, TitleNumber(title.nosso_numero, title.due_on))
    own = numbering.nosso_numero[-_NUMBER_WIDTH:]
    if int(own) != title.nosso_numero:
        message = (
            f"O arquivo CNAB 400 do Santander leva nosso número de até {_NUMBER_WIDTH} dígitos, e o do boleto "
            f"{title.document_number} é {title.nosso_numero}: peça outra faixa ou use o CNAB 240."
        )
        raise Refused.because([refusal("remittance.nosso_numero", message, "nosso_numero")])
    return {"nosso_numero": own, "nosso_numero_digito": numbering.digit}


def _charges(terms: BankTerms, title: Title) -> Facts:
    kind = title.especie or terms.especie
    if kind not in _ESPECIES:
        known = ", ".join(sorted(_ESPECIES))
        message = f"O Santander não aceita a espécie {kind} por arquivo CNAB 400. Espécies aceitas: {known}."
        raise Refused.because([refusal("remittance.especie", message, "especie")])
    fine, interest = percents(terms, title)
    return {
        "especie": _ESPECIES[kind],
        "multa_codigo": "4" if fine else "0",
        "multa": hundredths(fine),
        "juros_dia": daily_interest(title.amount.cents, interest),
    }


def _automatic(terms: BankTerms, *, registers: bool) -> Facts:
    """What the bank does automatically. A profile without protest says so: with "00" the bank would look in its own
    profile (note 13)."""
    if not registers:
        return {"instrucao_1": _NO_INSTRUCTION, "instrucao_2": _NO_INSTRUCTION, "prazo_protesto": "00"}
    days = terms.protest_days
    return {
        "instrucao_1": _PROTEST if days else _DO_NOT_PROTEST,
        "instrucao_2": _WRITE_OFF_AFTER[terms.write_off_days],
        "prazo_protesto": f"{days or 0:02d}",
    }


def _payment(title: Title) -> Facts:
    """Version 2.36, p. 11: a single payment, accepted as the beneficiary's profile at the bank says; the bank assigns
    the txid."""
    return {
        "tipo_pagamento": _BY_PROFILE,
        "quantidade_pagamentos": 1,
        "tipo_valor": _AS_AMOUNT,
        "valor_maximo": title.amount.cents,
        "percentual_maximo": 0,
        "valor_minimo": title.amount.cents,
        "percentual_minimo": 0,
        "txid": "",
    }


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records)
