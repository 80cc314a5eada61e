"""Writes remittances for Sicoob, CNAB 240. Field numbers are those of the spreadsheet named in `sicoob_240`."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from billing.banking.boleto.bank import TitleNumber
from billing.banking.boleto.banks import sicoob
from billing.banking.instructions import Instruction, Movement
from billing.banking.layouts import sicoob_240 as records
from billing.banking.layouts.febraban_codes import ESPECIES
from billing.banking.layouts.record import ddmmyyyy
from billing.banking.layouts.remittance_240 import Policy240, Segments, Writer240
from billing.banking.remittance import Opening, person_type
from billing.core.errors import Refused

_CODES: Mapping[Movement, str] = {  # 07.3P
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "11",
    Movement.CHANGE_DATA: "23",
}
_TOTALS = {"1": "simples", "3": "caucionada"}  # 05.5 and following: by wallet
_EXEMPT, _MONTHLY_RATE = "0", "2"  # 27.3P
_NO_FINE, _FINE_PERCENT = "0", "2"  # 14.3R
_PROTEST_IN_DAYS, _NO_PROTEST = "1", "3"  # 36.3P

MOVEMENTS = frozenset(_CODES)


class Writer(Writer240):
    def __init__(self, opening: Opening) -> None:
        refusals = list(sicoob.account(opening.terms))
        if refusals:
            raise Refused.because(refusals)
        if opening.terms.registers_pix:
            message = "O manual do Sicoob não mostra boleto híbrido por arquivo CNAB 240: registre-o pela API do banco."
            raise Refused("remittance.pix_unknown", message)
        super().__init__(opening, _POLICY)


def _account(opening: Opening) -> dict[str, int | str]:
    terms = opening.terms
    return {
        "empresa_tipo": person_type(terms.beneficiary_document)[1],
        "empresa_documento": terms.beneficiary_document,
        "agencia": terms.agencia,
        "agencia_digito": terms.agencia_digit,
        "conta": terms.conta,
        "conta_digito": terms.conta_digit,
        "empresa_nome": terms.beneficiary_name,
    }


def _segments(opening: Opening, batch: int) -> Segments:
    """P, Q and R of every title, whatever its movement: the spreadsheet's sequence."""
    terms, warnings = opening.terms, opening.warnings
    lote = f"{batch:04d}"
    p = records.SEGMENT_P.binding(
        lote=lote,
        agencia=terms.agencia,
        agencia_digito=terms.agencia_digit,
        conta=terms.conta,
        conta_digito=terms.conta_digit,
        carteira=terms.carteira,
        parcela="01",
        modalidade=terms.variacao or "01",
        aceite="A" if terms.accepted else "N",
        protesto_codigo=_PROTEST_IN_DAYS if terms.protest_days else _NO_PROTEST,
        protesto_prazo=f"{terms.protest_days or 0:02d}",
    )
    q = records.SEGMENT_Q.binding(lote=lote)
    r = records.SEGMENT_R.binding(lote=lote)

    def lines(instruction: Instruction, sequence: int) -> Iterator[str]:
        title, payer = instruction.title, instruction.title.payer
        movement = _CODES[instruction.movement]
        where = title.document_number
        discount = title.discount
        interest = _rate(
            terms.interest_percent_month
            if title.interest_percent_month is None
            else title.interest_percent_month
        )
        fine = _rate(terms.fine_percent if title.fine_percent is None else title.fine_percent)
        after = _day_after(title.due_on)
        numbering = sicoob.number(terms, TitleNumber(title.nosso_numero, title.due_on))
        yield p.write(
            (
                sequence,
                movement,
                f"00{numbering.nosso_numero}{numbering.digit}",
                where,
                ddmmyyyy(title.due_on),
                title.amount.cents,
                ESPECIES[title.especie or terms.especie],
                ddmmyyyy(title.issued_on),
                _MONTHLY_RATE if interest else _EXEMPT,
                after if interest else "00000000",
                interest,
                "1" if discount else "0",
                ddmmyyyy(discount.until) if discount else "00000000",
                discount.amount.cents if discount else 0,
                title.rebate.cents,
                title.our_reference,
            ),
            warnings,
            where,
        )
        yield q.write(
            (
                sequence + 1,
                movement,
                person_type(payer.document)[1],
                payer.document.zfill(15),
                payer.name,
                payer.street,
                payer.district,
                payer.postcode,
                payer.city,
                payer.state,
            ),
            warnings,
            where,
        )
        yield r.write(
            (
                sequence + 2,
                movement,
                _FINE_PERCENT if fine else _NO_FINE,
                after if fine else "00000000",
                fine,
            ),
            warnings,
            where,
        )

    return lines


def _wallet_total(opening: Opening) -> str:
    return _TOTALS[opening.terms.carteira]


@lru_cache(maxsize=64)
def _rate(percent: Decimal) -> int:
    scaled = percent.scaleb(2)
    if scaled != int(scaled):
        raise Refused(
            "remittance.percent", f"O Sicoob aceita duas casas decimais em multa e juros: {percent} não cabe."
        )
    return int(scaled)


@lru_cache(maxsize=4096)
def _day_after(due_on: date) -> str:
    """Interest and fine begin after the due date (28.3P, 15.3R)."""
    return ddmmyyyy(due_on + timedelta(days=1))


_POLICY = Policy240(
    file_header=records.FILE_HEADER,
    batch_header=records.BATCH_HEADER,
    batch_trailer=records.BATCH_TRAILER,
    file_trailer=records.FILE_TRAILER,
    account=_account,
    segments=_segments,
    wallet_total=_wallet_total,
)
