"""What CNAB 400 title lines become: the reading that banks share. A field that the record has not is blank."""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat

from billing.banking.layouts.columns import Memo, columns_of, day_of, joined, money_of, same, settled, sum_of
from billing.banking.layouts.record import READ, Record, to_number
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import Movement, Occurrence, Reason, meanings_of, occurrences_of, reasons_of
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
) -> Callable[[Sequence[str], Sequence[int]], list[Occurrence]]:
    """A reader of one bank's titles, where what was paid is told whole and the tariff apart. `channel` names its field."""
    meanings = meanings_of(movements, reasons)
    credit_day_of = Memo(READ[record.by_name["data_credito"].picture]).__getitem__
    missing = [name for name in _TITLE if name not in record.by_name]
    columns = columns_of(record, *(name for name in (*_TITLE, channel) if name in record.by_name))

    def why(told: tuple[str, str]) -> tuple[Reason, ...]:
        code, motives = told
        return reasons_of(motives, reason_width, meanings[code].reasons)

    reasons_for = Memo(why).__getitem__

    def read(lines: Sequence[str], numbers: Sequence[int]) -> list[Occurrence]:
        told = columns(lines) | dict.fromkeys(missing, [""] * len(lines))
        codes = told["ocorrencia"]
        kinds, texts, settles, _, _ = zip(*map(meanings.__getitem__, codes), strict=True)
        received = list(settled(told["valor_pago"], money_of, settles))
        return occurrences_of(
            line_number=numbers,
            bank=repeat(bank),
            agreement=map(joined, zip(told["agencia"], told["conta"], strict=True)),
            kind=kinds,
            movement=map(same, codes),
            movement_text=texts,
            reasons=map(reasons_for, zip(codes, told["motivos"], strict=True)),
            nosso_numero=told["nosso_numero"],
            carteira=map(same, told["carteira"]),
            our_reference=map(str.rstrip, told["uso_empresa"]),
            document_number=map(str.rstrip, told["numero_documento"]),
            due_on=map(day_of, told["vencimento"]),
            occurred_on=map(day_of, told["data_ocorrencia"]),
            credited_on=map(credit_day_of, told["data_credito"]),
            title_amount=map(money_of, told["valor_titulo"]),
            paid_amount=received,
            interest=map(money_of, told["juros"]),
            fine=map(money_of, told["multa"]),
            discount=map(money_of, told["desconto"]),
            rebate=map(money_of, told["abatimento"]),
            tariff=map(sum_of, zip(told["tarifa"], told["outras_despesas"], strict=True)),
            net_credited=received,
            payment_channel=map(str.strip, told[channel]) if channel else repeat(""),
            pix_emv=repeat(""),
            raw=zip(lines, strict=True),
        )

    return read


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
