"""The sandbox bank: takes a remittance as a bank does and answers with a return file.

It has no memory: the caller decides what happens to each title, so that a test, a demonstration and local mode tell the
same story. A file that a bank would refuse as a whole raises `RemittanceRefused`, with every fault; a title that a bank
would refuse is rejected in the return with the bank's own reasons, whatever the caller decided.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from typing import Any, Protocol

from billing.banking.boleto.bank import MODULES
from billing.banking.layouts.pictures import Picture
from billing.banking.layouts.record import Field, Record
from billing.banking.layouts.registry import FileKind, kind_of, record_of
from billing.banking.occurrences import OccurrenceKind
from billing.core.errors import BillingError, Refusal, Severity
from billing.core.money import ZERO, Money

TARIFF = Money("2.10")


class RemittanceRefused(BillingError):
    """The bank accepts nothing in the file."""

    status = 422


@dataclass(frozen=True, slots=True)
class TitleSeen:
    """A title as the bank sees it in the remittance."""

    line_number: int
    movement: str
    """The bank's code for the request: "01" registers."""
    nosso_numero: str
    digit: str
    carteira: str
    our_reference: str
    document_number: str
    due_on: date | None
    amount: Money
    payer_document: str
    payer_name: str
    with_pix: bool
    faults: tuple[str, ...]
    """The bank's reasons for rejecting it, by code; empty if it is in order."""


@dataclass(frozen=True, slots=True)
class TitleEvent:
    """One thing that happens to a title at the bank."""

    kind: OccurrenceKind
    reasons: tuple[str, ...] = ()
    paid: Money = ZERO
    interest: Money = ZERO
    """Part of what was paid."""
    tariff: Money = ZERO
    pix_emv: str = ""
    """The code that the bank made, or its address if the bank sends that."""
    code: str = ""
    """The bank's own occurrence code, if the kind alone does not determine it; otherwise the kind's usual one."""
    nosso_numero: str = ""
    """The number of another title than the one seen, which the company does not know."""
    alone: bool = False
    """CNAB 240: a T without its U."""
    opens_batch: bool = False
    """CNAB 240: it starts a new batch."""
    stray: bool = False
    """It is followed by a record that is in no manual."""


def confirmed(*, pix_emv: str = "") -> TitleEvent:
    """The request was carried out: the entry, or the instruction."""
    return TitleEvent(OccurrenceKind.REGISTERED, pix_emv=pix_emv)


def rejected(*reasons: str) -> TitleEvent:
    return TitleEvent(OccurrenceKind.REJECTED, reasons=reasons)


def paid(amount: Money, *, interest: Money = ZERO, tariff: Money = TARIFF) -> TitleEvent:
    """The payer paid `amount`, interest included."""
    return TitleEvent(OccurrenceKind.SETTLED, paid=amount, interest=interest, tariff=tariff)


def charged(tariff: Money) -> TitleEvent:
    return TitleEvent(OccurrenceKind.TARIFF, tariff=tariff)


def of_unknown_title(outcome: TitleEvent, nosso_numero: str) -> TitleEvent:
    return replace(outcome, nosso_numero=nosso_numero)


class SandboxBank(Protocol):
    """One bank and layout: reads its remittances, writes its returns."""

    def titles(self, lines: Sequence[str]) -> Iterator[TitleSeen]:
        """Every requested title, in order. `lines` are those of a file without faults."""
        ...

    def file_faults(self, lines: Sequence[str]) -> Iterator[Refusal]:
        """What makes the bank refuse the whole file."""
        ...

    def answer(
        self,
        lines: Sequence[str],
        happened: Iterable[tuple[TitleSeen, TitleEvent]],
        *,
        sequence: int,
        on: date,
    ) -> Iterator[str]:
        """The return's lines, without line endings."""
        ...


Decide = Callable[[TitleSeen], list[TitleEvent]]


def respond(remittance: bytes, decide: Decide, *, sequence: int, on: date) -> bytes:
    """The return file for the day `on`, with lines ending in CR LF. Raises RemittanceRefused."""
    lines = _lines(remittance)
    bank = _bank(lines)
    faults = list(_unreadable(lines)) or list(bank.file_faults(lines))
    if faults:
        raise RemittanceRefused(
            "bank.remittance_refused", f"O banco recusou a remessa: {faults[0].message}", faults
        )
    happened = [(title, outcome) for title in bank.titles(lines) for outcome in _outcomes(title, decide)]
    answer = list(bank.answer(lines, happened, sequence=sequence, on=on))
    return "".join(f"{line}\r\n" for line in answer).encode("latin-1")


def _unreadable(lines: Sequence[str]) -> Iterator[Refusal]:
    """Lines of the wrong length or of no known record, and fields that do not hold what the layout says."""
    kind = kind_of(lines[0])
    for number, line in enumerate(lines, 1):
        if kind is None or len(line) != kind.length:
            yield fault("line_length", f"linha {number}: o registro tem {len(line)} posições.")
            continue
        record = record_of(kind, line)
        if record is None:
            yield fault("record_unknown", f"linha {number}: tipo de registro que o banco não conhece.")
            continue
        wrong = [(unreadable_field.field, unreadable_field.text) for unreadable_field in record.faults(line)]
        wrong += [
            (field, text) for field, text in _codes(record, line) if not (text.isascii() and text.isalnum())
        ]
        for field, text in wrong:
            yield fault("field", f"linha {number}: campo {field.name} com “{text}”.")


def _codes(record: Record, line: str) -> Iterator[tuple[Field, str]]:
    """The fields that a bank reads as numbers, although we keep them as text."""
    return ((f, line[f.start - 1 : f.end]) for f in record.inputs if f.picture is Picture.CODE)


def titles_of(remittance: bytes) -> list[TitleSeen]:
    """What the bank sees in a remittance."""
    lines = _lines(remittance)
    return list(_bank(lines).titles(lines))


def fault(code: str, message: str) -> Refusal:
    return Refusal(f"bank.{code}", message, Severity.BLOCKS)


def sequence_faults(lines: Sequence[str], start: int, end: int) -> Iterator[Refusal]:
    """Lines whose sequence number (columns start to end, from 1) is out of order."""
    for number, line in enumerate(lines, 1):
        if line[start - 1 : end] != f"{number:0{end - start + 1}d}":
            yield fault("sequence", f"linha {number}: sequencial {line[start - 1 : end]} fora de ordem.")


def _outcomes(title: TitleSeen, decide: Decide) -> list[TitleEvent]:
    return [rejected(*title.faults)] if title.faults else decide(title)


def _lines(remittance: bytes) -> list[str]:
    return [line for line in remittance.decode("latin-1").replace("\r\n", "\n").split("\n") if line]


def _bank(lines: Sequence[str]) -> SandboxBank:
    first = lines[0] if lines else ""
    kind = kind_of(first) or FileKind("", 0, "")
    name = "_".join(filter(None, (f"{MODULES.get(kind.bank)}_cnab{kind.length}", kind.version)))
    try:
        module: Any = import_module(f"{__package__}.{name}")
    except ModuleNotFoundError:
        message = "Nenhum banco simulado recebe este arquivo."
        raise RemittanceRefused("bank.unknown", message) from None
    bank: SandboxBank = module.BANK
    return bank
