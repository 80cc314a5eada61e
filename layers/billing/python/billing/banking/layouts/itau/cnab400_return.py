"""Reads returns of Itaú, CNAB 400: lines in, occurrences out. Notes and pages are those of the manual in `cnab400`.

"Valor principal" is the amount credited to the account: without the tariff, with interest and fine. What the payer paid
is therefore that amount plus the tariff (seen in published files: title 48.75, tariff 2.10, interest 1.02, principal
47.67).
"""

from collections.abc import Sequence
from itertools import repeat

from billing.banking.layouts.columns import (
    Memo,
    amounts,
    columns_of,
    day_of,
    joined,
    lookup_of,
    money_of,
    numbers_of,
    settled,
    text_of,
    texts_of,
)
from billing.banking.layouts.itau.cnab400 import RETURN_HEADER, RETURN_PIX, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.itau.cnab400_codes import DETAILS, OCCURRENCES, PIX_ERRORS, REASONS
from billing.banking.layouts.pictures import to_day, to_money, to_number
from billing.banking.layouts.reading_400 import event_reader
from billing.banking.layouts.return_400 import Layout400
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import Occurrence, OccurrenceReason, meanings_of, occurrences_of, reasons_of
from billing.banking.pix import read_code
from billing.core.errors import InvalidInput
from billing.core.money import ZERO, Money

_ACCOUNT, _EVENT, _GRANTED = "agencia conta", "ocorrencia data_ocorrencia", "abatimento desconto"
_COLUMNS = columns_of(
    RETURN_TITLE,
    _ACCOUNT,
    _EVENT,
    _GRANTED,
    "carteira",
    "vencimento",
    "data_credito",
    "valor_titulo",
    "juros_multa",
    "tarifa",
    "valor_principal",
    "instrucao_cancelada",
    "erros",
    "codigo_liquidacao",
)
_PROVE_NUMBERS = numbers_of(RETURN_TITLE)
_TEXTS = texts_of(RETURN_TITLE, "nosso_numero", "uso_empresa", "numero_documento")
_HEADER = RETURN_HEADER.slicer("agencia", "conta", "sequencial_arquivo", "data_geracao")
_TOTALS = RETURN_TRAILER.slicer("quantidade_detalhes", "valor_total")
_PIX = RETURN_PIX.slicer("emv", "erro_pix")
_MEANINGS = meanings_of(OCCURRENCES, REASONS, DETAILS)

_account_of = lookup_of(RETURN_TITLE, _ACCOUNT, joined)
_event_of = lookup_of(RETURN_TITLE, _EVENT, event_reader(_MEANINGS))
_granted_of = lookup_of(RETURN_TITLE, _GRANTED, amounts)
_channel_of = lookup_of(RETURN_TITLE, "codigo_liquidacao", str.rstrip)


def titles(lines: Sequence[str], numbers: Sequence[int]) -> list[Occurrence]:
    columns = _COLUMNS(lines)
    nosso_numeros, references, documents = _TEXTS(lines)
    _PROVE_NUMBERS(nosso_numeros)
    kinds, codes, names, settles, days = zip(*map(_event_of, columns[_EVENT]), strict=True)
    rebates, discounts = zip(*map(_granted_of, columns[_GRANTED]), strict=True)
    tariffs = list(map(money_of, columns["tarifa"]))
    principals = list(settled(columns["valor_principal"], money_of, settles))
    paid = [
        principal + tariff if pays else ZERO
        for principal, tariff, pays in zip(principals, tariffs, settles, strict=True)
    ]
    return occurrences_of(
        line_number=numbers,
        bank=repeat("341"),
        agreement=map(_account_of, columns[_ACCOUNT]),
        kind=kinds,
        movement=codes,
        movement_text=names,
        reasons=map(_reasons, zip(codes, columns["instrucao_cancelada"], columns["erros"], strict=True)),
        nosso_numero=nosso_numeros,
        carteira=map(text_of, columns["carteira"]),
        our_reference=map(str.rstrip, references),
        document_number=map(str.rstrip, documents),
        due_on=map(day_of, columns["vencimento"]),
        occurred_on=days,
        credited_on=map(day_of, columns["data_credito"]),
        title_amount=map(money_of, columns["valor_titulo"]),
        paid_amount=paid,
        interest=map(money_of, columns["juros_multa"]),
        fine=repeat(ZERO),
        discount=discounts,
        rebate=rebates,
        tariff=tariffs,
        net_credited=principals,
        payment_channel=map(_channel_of, columns["codigo_liquidacao"]),
        pix_emv=repeat(""),
        raw=zip(lines, strict=True),
    )


def _why(codes: tuple[str, bytes, bytes]) -> tuple[OccurrenceReason, ...]:
    code, cancelled, errors = codes
    meaning = _MEANINGS[code]
    if meaning.detail is not None:
        return reasons_of(text_of(cancelled), 4, meaning.detail)
    return reasons_of(text_of(errors), 2, meaning.reasons)


_reasons = Memo(_why).__getitem__


def with_pix(occurrence: Occurrence, line: str) -> Occurrence:
    """The record 3 that follows an entry: the Pix that the bank made, after checking it, or why there is none."""
    emv, error = _PIX(line)
    emv, code = emv.rstrip(), error.strip()
    why: tuple[OccurrenceReason, ...] = ()
    if code.strip("0"):
        why = (OccurrenceReason(f"Pix {code}", PIX_ERRORS.get(code, "Pix não emitido")),)
    elif emv:
        why = _faulty(emv, occurrence.title_amount)
    return occurrence._replace(
        pix_emv="" if why else emv, reasons=occurrence.reasons + why, raw=(*occurrence.raw, line)
    )


def _faulty(emv: str, amount: Money) -> tuple[OccurrenceReason, ...]:
    """Why a code is not printed on a boleto: it would not pay, or would pay another amount."""
    try:
        stated = read_code(emv).amount
    except InvalidInput as error:
        return (OccurrenceReason("Pix", f"O código Pix que o banco devolveu não vale: {error.title}"),)
    if stated is not None and stated != amount:
        return (
            OccurrenceReason(
                "Pix",
                f"O código Pix que o banco devolveu é de {stated.format_br()}, e o título de {amount.format_br()}",
            ),
        )
    return ()


def header(line: str) -> Heading:
    agencia, conta, sequence, created_on = _HEADER(line)
    return Heading("341", agencia + conta, to_number(sequence), to_day(created_on))


def totals(line: str) -> tuple[int, Money]:
    count, amount = _TOTALS(line)
    return to_number(count), to_money(amount)


LAYOUT = Layout400(
    bank="341",
    header_record=RETURN_HEADER,
    header=header,
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={"3": (RETURN_PIX, with_pix)},
    trailer_record=RETURN_TRAILER,
    totals=totals,
    counts={},
)
