"""Writes remittances for Cresol, CNAB 400. Pages are those of the remittance's manual named in `cnab400`.

The file has neither date nor number, and no field for what the bank does automatically. The manual does not give the
decimals of the fine: there are two, because the public test suite of eduardokum/laravel-boleto
(tests/Remessa/CresolCnab400Test.php) writes 2% as 0200.
"""

from collections.abc import Callable, Iterator, Mapping

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import cresol
from billing.banking.instructions import Instruction, Movement
from billing.banking.layouts.cresol.cnab400 import REMITTANCE_HEADER, REMITTANCE_TITLE, REMITTANCE_TRAILER
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.title_facts import CNAB400, Facts, especie_of, facts_of, hundredths, percents
from billing.banking.remittance import Opening, daily_interest
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal, Refused

_CODES: Mapping[Movement, str] = {  # p. 4; it does not say which data 31 changes
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "11",  # and keep the title
}
_ESPECIES: Mapping[DocumentKind, str] = {  # p. 4
    DocumentKind.DM: "02",
    DocumentKind.DS: "04",
    DocumentKind.NP: "12",
    DocumentKind.RC: "17",
    DocumentKind.ND: "19",
    DocumentKind.OUTROS: "99",
}
_FINE_RATE, _NO_FINE = "2", "0"  # p. 3
_CLIENT_ISSUES = "2"  # p. 3

MOVEMENTS = frozenset(_CODES)


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        if refusals := [*cresol.account(opening.terms), *_refusals(opening.terms)]:
            raise Refused.because(refusals)
        super().__init__(opening, _POLICY)


def _refusals(terms: BankTerms) -> Iterator[Refusal]:
    if not terms.operacao.isdecimal():
        message = (
            "Informe no campo operação, só com algarismos, a conta do cooperado como a Cresol a pede no cabeçalho da remessa: o "
            "manual não diz se ela leva o dígito, a cooperativa e a carteira."
        )
        yield refusal("remittance.header_account", message, "operacao")
    if not terms.conta_digit:
        message = "Informe o dígito da conta, que a cooperativa fornece: cada título o leva."
        yield refusal("remittance.account_digit", message, "conta_digit")
    if terms.registers_pix:
        message = "O manual da Cresol não mostra a remessa do boleto híbrido: registre-o pelo banco."
        yield refusal("remittance.pix_unknown", message, "registers_pix")
    for field, what in (
        ("protest_days", "prazo de protesto"),
        ("bureau_days", "negativação"),
        ("write_off_days", "prazo de baixa"),
    ):
        if getattr(terms, field):
            message = f"A Cresol não recebe {what} por arquivo; combine com a cooperativa."
            yield refusal(f"remittance.{field}", message, field)


def _account(opening: Opening) -> Facts:
    return {"conta_cooperado": opening.terms.operacao.zfill(20)}


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    record = REMITTANCE_TITLE.binding(
        carteira=terms.carteira,
        agencia=terms.agencia,
        conta=terms.conta,
        conta_digito=terms.conta_digit,
        emissao_boleto=_CLIENT_ISSUES,
        instrucao="",
        iof="0",
        primeira_mensagem="",
        sacador_avalista="",
    )

    def lines(instruction: Instruction) -> Lines:
        title = instruction.title
        fine, interest = percents(terms, title)
        numbering = cresol.number(terms, TitleNumber(title.nosso_numero, title.due_on))
        facts = facts_of(title, CNAB400)
        facts |= {
            "ocorrencia": _CODES[instruction.movement],
            "nosso_numero": numbering.nosso_numero,
            "nosso_numero_digito": numbering.digit,
            "especie": especie_of(_ESPECIES, title.especie or terms.especie),
            "multa_codigo": _FINE_RATE if fine else _NO_FINE,
            "multa": hundredths(fine),
            "juros_dia": daily_interest(title.amount.cents, interest),
        }
        yield record, facts

    return lines


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records)
