"""Writes remittances for Banrisul, CNAB 400. Pages are those of the manual in `cnab400`."""

from collections.abc import Callable, Iterator, Mapping

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import banrisul
from billing.banking.instructions import Instruction, Movement
from billing.banking.layouts.banrisul.cnab400 import (
    OPTIONAL,
    REMITTANCE_HEADER,
    REMITTANCE_TITLE,
    REMITTANCE_TRAILER,
)
from billing.banking.layouts.record import Record, blanks
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.title_facts import CNAB400, Facts, facts_of, hundredths, percents
from billing.banking.remittance import Opening
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal, Refused

_CODES: Mapping[Movement, tuple[str, ...]] = {  # p. 7-8: each of the payer's data has a code of its own
    Movement.REGISTER: ("01",),
    Movement.WRITE_OFF: ("02",),
    Movement.GRANT_REBATE: ("04",),
    Movement.CANCEL_REBATE: ("05",),
    Movement.CHANGE_DUE_DATE: ("06",),
    Movement.PROTEST: ("09",),
    Movement.STOP_PROTEST: ("10",),
    Movement.CHANGE_DATA: ("18", "19", "20", "21"),
}
_WALLET = "1"  # p. 7; wallet 2 left the manual in July 2013
_PROTEST, _RETURN, _FINE = "09", "15", "18"  # p. 9
_FEWEST_PROTEST_DAYS = 3
_MOST_DAYS = 99
_MONTHLY_RATE = "1"

MOVEMENTS = frozenset(_CODES)
MONTHLY_INTEREST = True


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        refusals = list(_refusals(opening.terms))
        if refusals:
            raise Refused.because(refusals)
        super().__init__(opening, _POLICY)

    def instruction(self, instruction: Instruction) -> list[str]:
        """The trailer sums the titles of all lines, and a change of data has several lines."""
        self._cents += instruction.title.amount.cents * (len(_CODES[instruction.movement]) - 1)
        return super().instruction(instruction)


def _refusals(terms: BankTerms) -> Iterator[Refusal]:
    yield from banrisul.account(terms)
    if len(terms.convenio_digit) != 2:
        message = "Informe os dois dígitos (NC) do código do beneficiário: o arquivo do Banrisul os leva."
        yield refusal("remittance.convenio_digit", message, "convenio_digit")
    if terms.carteira != _WALLET:
        message = f"O Banrisul registra por arquivo CNAB 400 a carteira {_WALLET}, e não a {terms.carteira}."
        yield refusal("remittance.wallet_not_registered", message, "carteira")
    if terms.registers_pix:
        message = (
            "O manual do Banrisul não mostra o boleto híbrido por arquivo: registre-o pela API do banco."
        )
        yield refusal("remittance.pix_unknown", message, "registers_pix")
    if terms.bureau_days:
        message = "O Banrisul não recebe prazo de negativação por arquivo."
        yield refusal("remittance.bureau_days", message, "bureau_days")
    yield from _days(terms)


def _days(terms: BankTerms) -> Iterator[Refusal]:
    """There is only one field for days (p. 9-11)."""
    if terms.protest_days and terms.write_off_days:
        message = "O Banrisul aceita protesto ou devolução automática, e não os dois para o mesmo título."
        yield refusal("remittance.automatic_instruction", message, "write_off_days")
    elif terms.protest_days and terms.protest_days < _FEWEST_PROTEST_DAYS:
        message = f"O Banrisul protesta a partir de {_FEWEST_PROTEST_DAYS} dias depois do vencimento."
        yield refusal("remittance.protest_days", message, "protest_days")
    elif terms.write_off_days and terms.write_off_days > _MOST_DAYS:
        message = f"O Banrisul devolve o título em até {_MOST_DAYS} dias depois do vencimento."
        yield refusal("remittance.write_off_days", message, "write_off_days")


def _account(opening: Opening) -> Facts:
    return {**_company(opening.terms), "nome_empresa": opening.terms.beneficiary_name}


def _company(terms: BankTerms) -> dict[str, str]:
    return {
        "agencia": terms.agencia.zfill(4)[-4:],
        "conta": terms.convenio.zfill(7)[-7:] + terms.convenio_digit,
    }


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    whole = REMITTANCE_TITLE.binding(
        carteira=terms.carteira, aceite="A" if terms.accepted else "N", **_company(terms)
    )
    records: dict[tuple[str, ...], Record] = {}
    automatic = _automatic(terms)

    def lines(instruction: Instruction) -> Lines:
        title = instruction.title
        if (title.especie or terms.especie) is not DocumentKind.DM:
            message = "O Banrisul registra todo título como duplicata mercantil: use a espécie DM."
            raise Refused.because([refusal("remittance.especie", message, "especie")])
        fine, interest = percents(terms, title)
        numbering = banrisul.number(terms, TitleNumber(title.nosso_numero, title.due_on))
        registers = instruction.movement is Movement.REGISTER
        orders = ([_FINE] if fine else []) + ([automatic[0]] if registers and automatic else [])
        orders += ["", ""]
        facts = facts_of(title, CNAB400)
        facts |= {
            "nosso_numero": numbering.nosso_numero,
            "nosso_numero_digito": numbering.digit,
            "juros_codigo": _MONTHLY_RATE,
            "juros": hundredths(interest),
            "multa": _tenths(hundredths(fine)),
            "multa_dias": "00",
            "instrucao_1": orders[0],
            "instrucao_2": orders[1],
            "prazo": automatic[1] if registers and automatic else "",
        }
        unused = tuple(part for part, names in OPTIONAL.items() if not facts[names[-1]])
        record = records.get(unused)
        if record is None:
            record = records[unused] = _without(whole, unused)
        for code in _CODES[instruction.movement]:
            yield record, facts | {"ocorrencia": code}

    return lines


def _without(record: Record, unused: tuple[str, ...]) -> Record:
    """The record for titles that lack those parts: their columns are blank (p. 5)."""
    fields = [record.by_name[name] for part in unused for name in OPTIONAL[part]]
    return record.replacing(record.name, record.source, *(blanks(f.start, f.end) for f in fields))


def _automatic(terms: BankTerms) -> tuple[str, str] | None:
    """What the bank does automatically, and after how many days."""
    if terms.protest_days:
        return _PROTEST, f"{terms.protest_days:02d}"
    if terms.write_off_days:
        return _RETURN, f"{terms.write_off_days:02d}"
    return None


def _tenths(fine: int) -> int:
    """Tenths of a percent, from hundredths (p. 10: one decimal). Raises Refused for a second decimal."""
    if fine % 10:
        message = "O Banrisul aceita uma casa decimal na multa: use, por exemplo, 2,0%."
        raise Refused("remittance.percent", message)
    return fine // 10


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records)
