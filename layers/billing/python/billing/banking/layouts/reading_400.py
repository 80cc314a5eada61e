"""What CNAB 400 title lines become: the reading that banks share. A field that is not in the record is blank."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
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
from billing.banking.layouts.pictures import READ, to_day, to_number
from billing.banking.layouts.record import Record
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import (
    Meaning,
    Occurrence,
    OccurrenceCode,
    OccurrenceKind,
    OccurrenceReason,
    meanings_of,
    occurrences_of,
    reasons_of,
)
from billing.core.money import ZERO, Money

_ACCOUNT, _EVENT = "agencia conta", "ocorrencia data_ocorrencia"
_GRANTED, _COSTS = "abatimento desconto", "tarifa outras_despesas"
_CELLS = (
    _ACCOUNT, _EVENT, _GRANTED, _COSTS, "carteira", "vencimento", "data_credito", "valor_titulo", "juros", "multa",
    "valor_pago", "motivos",
)  # fmt: skip


def occurrence_reader(
    bank: str,
    record: Record,
    movements: Mapping[str, OccurrenceCode],
    reasons: Mapping[str, Mapping[str, str]],
    *,
    reason_width: int = 2,
    channel: str = "",
) -> Callable[[Sequence[str], Sequence[int]], list[Occurrence]]:
    """A reader of one bank's titles, where the amount paid is reported in full and the tariff apart. `channel` names
    the field of the payment channel."""
    meanings = meanings_of(movements, reasons)
    columns = columns_of(record, *_CELLS, *filter(None, [channel]))
    prove_numbers = numbers_of(record)
    texts = texts_of(record, "nosso_numero", "uso_empresa", "numero_documento")

    def why(cells: tuple[str, bytes]) -> tuple[OccurrenceReason, ...]:
        code, motives = cells
        return reasons_of(text_of(motives), reason_width, meanings[code].reasons)

    account_of = lookup_of(record, _ACCOUNT, joined)
    event_of = lookup_of(record, _EVENT, event_reader(meanings))
    granted_of = lookup_of(record, _GRANTED, amounts)
    costs_of = lookup_of(record, _COSTS, lambda *costs: Money.sum(amounts(*costs)))
    credited = record.by_name.get("data_credito")
    credit_day_of = lookup_of(record, "data_credito", READ[credited.picture] if credited else to_day)
    channel_of = lookup_of(record, channel, str.strip)
    reasons_for = Memo(why).__getitem__

    def read(lines: Sequence[str], numbers: Sequence[int]) -> list[Occurrence]:
        cells = columns(lines)
        nosso_numeros, references, documents = texts(lines)
        prove_numbers(nosso_numeros)
        kinds, codes, names, settles, days = zip(*map(event_of, cells[_EVENT]), strict=True)
        rebates, discounts = zip(*map(granted_of, cells[_GRANTED]), strict=True)
        received = list(settled(cells["valor_pago"], money_of, settles))
        return occurrences_of(
            line_number=numbers,
            bank=repeat(bank),
            agreement=map(account_of, cells[_ACCOUNT]),
            kind=kinds,
            movement=codes,
            movement_text=names,
            reasons=map(reasons_for, zip(codes, cells["motivos"], strict=True)),
            nosso_numero=nosso_numeros,
            carteira=map(text_of, cells["carteira"]),
            our_reference=map(str.rstrip, references),
            document_number=map(str.rstrip, documents),
            due_on=map(day_of, cells["vencimento"]),
            occurred_on=days,
            credited_on=map(credit_day_of, cells["data_credito"]),
            title_amount=map(money_of, cells["valor_titulo"]),
            paid_amount=received,
            interest=map(money_of, cells["juros"]),
            fine=map(money_of, cells["multa"]),
            discount=discounts,
            rebate=rebates,
            tariff=map(costs_of, cells[_COSTS]),
            net_credited=received,
            payment_channel=map(channel_of, cells[channel]) if channel else repeat(""),
            pix_emv=repeat(""),
            raw=zip(lines, strict=True),
        )

    return read


def event_reader(
    meanings: Mapping[str, Meaning],
) -> Callable[[str, str], tuple[OccurrenceKind, str, str, bool, date | None]]:
    """The meaning of a code and its date: kind, code, name, whether it settles, day."""

    def event(code: str, day: str) -> tuple[OccurrenceKind, str, str, bool, date | None]:
        meaning = meanings[code]
        return meaning.kind, code, meaning.text, meaning.settles, to_day(day)

    return event


def heading_reader(bank: str, record: Record, *agreement: str) -> Callable[[str], Heading]:
    """A reader of one bank's header; the agreement is made of those fields, side by side."""
    names = record.slicer(*agreement, "sequencial_arquivo", "data_geracao")
    to_created_day = READ[record.by_name["data_geracao"].picture]

    def heading(line: str) -> Heading:
        *account, sequence, created_on = names(line)
        return Heading(bank, "".join(account), to_number(sequence), to_created_day(created_on))

    return heading


def portfolio(_line: str) -> tuple[int, Money]:
    """A trailer that reports the bank's whole portfolio says nothing about the file's titles."""
    return 0, ZERO
