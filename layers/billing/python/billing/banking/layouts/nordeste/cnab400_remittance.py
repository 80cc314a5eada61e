"""Writes remittances for Banco do Nordeste, CNAB 400. Pages and notes are those of the manual named in `cnab400`."""

from collections.abc import Callable, Iterator, Mapping

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import nordeste
from billing.banking.instructions import Instruction, Movement, Title
from billing.banking.layouts.febraban_240_remittance import not_taken
from billing.banking.layouts.nordeste.cnab400 import (
    REMITTANCE_CHANGE,
    REMITTANCE_HEADER,
    REMITTANCE_TITLE,
    REMITTANCE_TRAILER,
)
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.title_facts import CNAB400, Facts, especie_of, facts_of, percents
from billing.banking.remittance import Opening, daily_interest
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal, Refused, Severity

_CODES: Mapping[Movement, str] = {  # note 3
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "10",  # "não protestar"; its only confirmation is that of a stopped protest (note 4, 20)
    Movement.CHANGE_DATA: "31",
}
_ESPECIES: Mapping[DocumentKind, str] = {  # note 5
    DocumentKind.DM: "01",
    DocumentKind.NP: "02",
    DocumentKind.RC: "05",
    DocumentKind.DS: "06",
    DocumentKind.OUTROS: "19",
}
_WALLETS: Mapping[str, str] = {
    "21": "4"
}  # note 2: the boleto's kind of operation -> the file's wallet, client issues
_AS_THE_TITLE_SAYS, _NO_CHARGES = "0005", "0008"  # note 7
_NO_PROTEST = "99"  # p. 8
_MOST_PROTEST_DAYS = 98

MOVEMENTS = frozenset(_CODES)
WITHOUT_INTEREST = "havendo multa, o Banco do Nordeste cobra a sua comissão de permanência (manual, p. 7)"


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        if refusals := [*nordeste.account(opening.terms), *_refusals(opening.terms)]:
            raise Refused.because(refusals)
        super().__init__(opening, _POLICY)

    def header(self) -> Iterator[str]:
        if not self._opening.terms.operacao:
            message = "O cabeçalho vai com o código de usuário 000: informe no campo operação o da caixa postal EDI, que o banco fornece."
            self._opening.warnings.append(
                Refusal("remittance.user_code", message, Severity.WARNS, "operacao")
            )
        return super().header()


def _refusals(terms: BankTerms) -> Iterator[Refusal]:
    if terms.carteira not in _WALLETS:
        message = f"A carteira {terms.carteira} não vai por arquivo do Banco do Nordeste: só a 21, cobrança simples."
        yield refusal("remittance.wallet_not_registered", message, "carteira")
    if terms.operacao and not (terms.operacao.isdecimal() and len(terms.operacao) <= 3):
        message = "Informe no campo operação o código de usuário da caixa postal EDI: até 3 algarismos, que o banco fornece."
        yield refusal("remittance.user_code", message, "operacao")
    if (terms.protest_days or 0) > _MOST_PROTEST_DAYS:
        message = f"O Banco do Nordeste protesta até {_MOST_PROTEST_DAYS} dias depois do vencimento: 99 diz a ele que não proteste."
        yield refusal("remittance.protest_days", message, "protest_days")
    yield from not_taken(terms, "O Banco do Nordeste", write_off=False)


def _account_of(terms: BankTerms) -> dict[str, str]:
    return {"agencia": terms.agencia, "conta": terms.conta, "conta_digito": terms.conta_digit}


def _account(opening: Opening) -> Facts:
    terms = opening.terms
    return {
        **_account_of(terms),
        "codigo_usuario": terms.operacao.zfill(3),
        "nome_empresa": terms.beneficiary_name,
    }


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    account = {**_account_of(terms), "carteira": _WALLETS[terms.carteira]}
    record, change = REMITTANCE_TITLE.binding(**account), REMITTANCE_CHANGE.binding(**account)

    def lines(instruction: Instruction) -> Lines:
        title, movement = instruction.title, instruction.movement
        numbering = nordeste.number(terms, TitleNumber(title.nosso_numero, title.due_on))
        facts = facts_of(title, CNAB400)
        facts |= {
            "ocorrencia": _CODES[movement],
            "nosso_numero": numbering.nosso_numero,
            "nosso_numero_digito": numbering.digit,
        }
        if movement is Movement.CHANGE_DATA:
            yield change, facts
        else:
            yield record, facts | _charged(terms, title)

    return lines


def _charged(terms: BankTerms, title: Title) -> Facts:
    """Fine, in whole percent, daily interest, and whether the bank applies them (p. 6 and 7, note 7).

    Without daily interest the bank charges its own "comissão de permanência": a title with neither fine nor interest
    says that nothing is charged, and the file cannot carry a fine alone.
    """
    fine, interest = percents(terms, title)
    if fine != int(fine):
        message = f"O Banco do Nordeste só aceita multa de percentual inteiro: {fine}% não cabe."
        raise Refused.because([refusal("remittance.fine_percent", message, "fine_percent")])
    if fine and not interest:
        message = (
            "Sem juros por dia, o Banco do Nordeste cobra a sua comissão de permanência (manual, p. 7), e o arquivo não tem como "
            "cobrar só a multa: informe os juros do boleto, ou retire a multa."
        )
        raise Refused.because([refusal("remittance.interest", message, "interest_percent_month")])
    daily = daily_interest(title.amount.cents, interest)
    return {
        "multa": int(fine),
        "desconto_2_data": CNAB400.no_day,
        "desconto_2": 0,
        "especie": especie_of(_ESPECIES, title.especie or terms.especie),
        "aceite": "A" if terms.accepted else "N",
        "instrucao": _AS_THE_TITLE_SAYS if fine or daily else _NO_CHARGES,
        "juros_dia": daily,
        "iof": 0,
        "protesto_dias": f"{terms.protest_days:02d}" if terms.protest_days else _NO_PROTEST,
    }


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records)
