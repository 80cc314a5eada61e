"""Remittances: the files that register boletos at the bank and send it instructions about them.

A file is written as its instructions come, in bounded memory; trailers are computed, never given. What does not fit in
the bank's columns is Refused by name; what is cut is reported in `warnings`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from io import BytesIO
from itertools import islice
from typing import NamedTuple, Protocol

from billing.banking.instructions import MOVEMENT_NAMES, Instruction, Movement
from billing.banking.layouts.registry import module_of
from billing.banking.terms import LENGTHS, BankTerms
from billing.core.clock import business_date
from billing.core.errors import Refusal, Refused, Severity

_TOGETHER = 1_000
"""How many lines are encoded together: a large file is held once, as bytes."""
_ANY_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


class Opening(NamedTuple):
    """What a file is opened with."""

    terms: BankTerms
    sequence: int
    """The file's number at the bank, which only grows."""
    created_at: datetime
    created_on: date
    warnings: list[Refusal]


class FileWriter(Protocol):
    def header(self) -> Iterator[str]: ...

    def instruction(self, instruction: Instruction) -> Iterable[str]: ...

    def trailer(self) -> Iterator[str]: ...


@dataclass(eq=False, repr=False)
class RemittanceWriter:
    """One file being written: `lines` once, then `titles` and `warnings` say what went into it."""

    terms: BankTerms
    sequence: int
    created_at: datetime
    titles: int = 0
    warnings: list[Refusal] = field(default_factory=list)

    def lines(self, instructions: Iterable[Instruction]) -> Iterator[str]:
        """The file's lines without line endings. Raises Refused for terms, a movement or a value that the layout does
        not accept."""
        module = _module(self.terms)
        opening = Opening(
            self.terms, self.sequence, self.created_at, business_date(self.created_at), self.warnings
        )
        writer: FileWriter = module.Writer(opening)
        movements: frozenset[Movement] = module.MOVEMENTS
        least = _least_with_interest(self.terms)
        yield from writer.header()
        for instruction in instructions:
            if instruction.movement not in movements:
                raise _not_taken(instruction, self.terms)
            self.titles += 1
            if instruction.title.amount.cents < least or instruction.title.interest_percent_month:
                self.warnings.extend(_without_interest(self.terms, instruction))
            yield from writer.instruction(instruction)
        if not self.titles:
            raise Refused("remittance.empty", "Não há títulos para enviar: a remessa ficaria vazia.")
        yield from writer.trailer()


def write_remittance(
    terms: BankTerms, instructions: Iterable[Instruction], *, sequence: int, created_at: datetime
) -> bytes:
    """The whole file, with lines ending in CR LF. For the warnings, or to stream, use `RemittanceWriter`."""
    lines = RemittanceWriter(terms, sequence, created_at).lines(instructions)
    file = BytesIO()
    while some := list(islice(lines, _TOGETHER)):
        file.write("\r\n".join([*some, ""]).encode("ascii"))
    return file.getvalue()


def fitting(terms: BankTerms) -> Callable[[Instruction], list[Refusal]]:
    """A function that says why the layout cannot carry an instruction: an empty list means that it can.

    Raises Refused for terms that no file of the layout can have.
    """
    return _trial(terms, [])


def warning_of(terms: BankTerms) -> Callable[[Instruction], list[Refusal]]:
    """A function that gives what a person should know before an instruction that the layout can carry is sent: what is
    cut, what is left out. Raises Refused for terms that no file of the layout can have.
    """
    warnings: list[Refusal] = []
    fits = _trial(terms, warnings)

    def warned(instruction: Instruction) -> list[Refusal]:
        warnings.clear()
        fits(instruction)
        return [*warnings, *_without_interest(terms, instruction)]

    return warned


def _trial(terms: BankTerms, warnings: list[Refusal]) -> Callable[[Instruction], list[Refusal]]:
    """A function that writes an instruction only to see whether it fits; the writer's warnings go to `warnings`."""
    module = _module(terms)
    writer: FileWriter = module.Writer(Opening(terms, 1, _ANY_INSTANT, _ANY_INSTANT.date(), warnings))
    movements: frozenset[Movement] = module.MOVEMENTS

    def fits(instruction: Instruction) -> list[Refusal]:
        try:
            if instruction.movement not in movements:
                raise _not_taken(instruction, terms)
            for _ in writer.instruction(instruction):
                pass
        except Refused as refused:
            return list(refused.reasons) or [Refusal(refused.code, refused.title)]
        return []

    return fits


def movements_of(terms: BankTerms) -> frozenset[Movement]:
    """The instructions that this bank and layout accept."""
    movements: frozenset[Movement] = _module(terms).MOVEMENTS
    return movements


def person_type(document: str) -> str:
    """01 for a CPF, 02 for a CNPJ."""
    return "01" if len(document) == 11 else "02"


def daily_interest(cents: int, percent_month: Decimal) -> int:
    """Cents per day of delay, with 30 days to a month, rounded down: never more than was agreed.

    >>> daily_interest(30000, Decimal("1")), daily_interest(2500, Decimal("1"))
    (10, 0)
    """
    numerator, denominator = _daily(percent_month)
    return cents * numerator // denominator


class ToldInterest(NamedTuple):
    """What a bank is instructed to charge for a delay: one of the two."""

    monthly_percent: Decimal | None = None
    daily_cents: int = 0


def told_interest(terms: BankTerms, cents: int) -> ToldInterest | None:
    """The interest that the file states for a title of that amount, so that paper states the same. None: no interest is
    charged."""
    percent = terms.interest_percent_month
    if not percent:
        return None
    daily = daily_interest(cents, percent)
    if _tells_rate(terms) or (not daily and not LENGTHS[terms.layout]):
        return ToldInterest(monthly_percent=percent)
    return ToldInterest(daily_cents=daily) if daily else None


def _tells_rate(terms: BankTerms) -> bool:
    """Whether the bank's file states a monthly rate, and not cents per day."""
    module = module_of(terms.bank, LENGTHS[terms.layout], "remittance")
    return getattr(module, "MONTHLY_INTEREST", False)


def _least_with_interest(terms: BankTerms) -> int:
    """The smallest amount, in cents, whose interest is stated: 0 if it always is."""
    if not terms.interest_percent_month or _tells_rate(terms):
        return 0
    numerator, denominator = _daily(terms.interest_percent_month)
    return -(-denominator // numerator)


def _without_interest(terms: BankTerms, instruction: Instruction) -> Iterator[Refusal]:
    """A warning for a registration whose agreed interest does not reach one cent a day."""
    title = instruction.title
    agreed = title.interest_percent_month
    percent = terms.interest_percent_month if agreed is None else agreed
    if instruction.movement is not Movement.REGISTER or not percent or _tells_rate(terms):
        return
    if daily_interest(title.amount.cents, percent):
        return
    then = getattr(_module(terms), "WITHOUT_INTEREST", "o boleto vai sem juros, no arquivo e no papel")
    message = f"{title.document_number}: os juros de um dia não chegam a um centavo, e este arquivo não leva a taxa: {then}."
    yield Refusal("remittance.interest", message, Severity.WARNS, "interest_percent_month")


@lru_cache(maxsize=64)
def _daily(percent_month: Decimal) -> tuple[int, int]:
    rate = Fraction(percent_month) / 3000
    return rate.numerator, rate.denominator


def _module(terms: BankTerms):  # type: ignore[no-untyped-def]  # a layout's module: MOVEMENTS and Writer
    module = module_of(terms.bank, LENGTHS[terms.layout], "remittance")
    if module is None:
        message = f"Ainda não há remessa {terms.layout} para o banco {terms.bank}."
        raise Refused("remittance.layout_unknown", message)
    return module


def _not_taken(instruction: Instruction, terms: BankTerms) -> Refused:
    what = MOVEMENT_NAMES[instruction.movement]
    return Refused(
        "remittance.movement_unknown",
        f"O banco {terms.bank} não aceita {what} por arquivo {terms.layout} (boleto {instruction.title.document_number}).",
    )
