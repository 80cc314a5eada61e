"""What a CNAB 400 title line becomes: the reading that banks share. A field that the record has not is blank."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from billing.banking.layouts.record import READ, Record, to_day, to_money, to_number
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import Movement, Occurrence, meanings_of, reasons_of
from billing.core.money import ZERO, Money

_TITLE = (
    "agencia", "conta", "ocorrencia", "nosso_numero", "carteira", "uso_empresa", "numero_documento", "vencimento",
    "data_ocorrencia", "data_credito", "valor_titulo", "juros", "multa", "desconto", "abatimento", "tarifa",
    "outras_despesas", "valor_pago", "motivos",
)  # fmt: skip


def occurrence_reader(
    bank: str,
    record: Record,
    movements: Mapping[str, Movement],
    reasons: Mapping[str, Mapping[str, str]],
    *,
    reason_width: int = 2,
    channel: str = "",
) -> Callable[[Sequence[str], Sequence[int]], Sequence[Occurrence]]:
    """A reader of one bank's titles, where what was paid is told whole and the tariff apart. `channel` names its field."""
    meanings = meanings_of(movements, reasons)
    slice_title = _slicer(record)
    to_credit_day = READ[record.by_name["data_credito"].picture]
    slice_channel = record.slicer(channel, "ocorrencia") if channel else None

    def occurrence(line: str, line_number: int) -> Occurrence:
        (
            agencia, conta, code, nosso_numero, carteira, reference, document, due_on, occurred_on, credited_on,
            amount, interest, fine, discount, rebate, tariff, expenses, paid, motives,
        ) = slice_title(line)  # fmt: skip
        kind, what, settles, table, _ = meanings[code]
        received = to_money(paid) if settles else ZERO
        return Occurrence(
            line_number, bank, agencia + conta, kind, code, what, reasons_of(motives, reason_width, table), nosso_numero,
            carteira, reference.rstrip(), document.rstrip(), to_day(due_on), to_day(occurred_on),
            to_credit_day(credited_on), to_money(amount), received, to_money(interest), to_money(fine), to_money(discount),
            to_money(rebate), to_money(tariff) + to_money(expenses), received, slice_channel(line)[0].strip() if slice_channel else "", "",
            (line,),
        )  # fmt: skip

    return lambda lines, numbers: list(map(occurrence, lines, numbers))


def _slicer(record: Record) -> Callable[[str], tuple[str, ...]]:
    """The texts of `_TITLE`'s fields; of those that the record has not, none."""
    fields = [record.by_name.get(name) for name in _TITLE]
    getter: Callable[[str], tuple[str, ...]] = itemgetter(
        *(slice(f.start - 1, f.end) if f else slice(0, 0) for f in fields)
    )
    return getter


def heading_reader(bank: str, record: Record, *agreement: str) -> Callable[[str], Heading]:
    """A reader of one bank's header; the agreement is those fields side by side."""
    names = record.slicer(*agreement, "sequencial_arquivo", "data_geracao")
    to_created_day = READ[record.by_name["data_geracao"].picture]

    def heading(line: str) -> Heading:
        *account, sequence, created_on = names(line)
        return Heading(bank, "".join(account), to_number(sequence), to_created_day(created_on))

    return heading


def portfolio(_line: str) -> tuple[int, Money]:
    """A trailer that tells the bank's whole portfolio says nothing of the file's titles."""
    return 0, ZERO
