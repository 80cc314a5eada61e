"""Randomly corrupted bank files, and what must always hold: the product reads them or says why not.

Seeds are a remittance and a return of every bank and layout of the registry. A file is corrupted as real files are (a
field, a line, a cut, a byte), and half of the time its numbering is corrected afterwards, so that the code behind the
checks of a file is reached too.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from random import Random

from billing.adapters.sandbox_bank.bank import (
    RemittanceRefused,
    TitleEvent,
    TitleSeen,
    charged,
    confirmed,
    paid,
    rejected,
    respond,
)
from billing.banking.inspect import describe, inspect_file
from billing.banking.instructions import Instruction, Movement
from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.record import Record
from billing.banking.layouts.registry import kind_of, module_of, record_of
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.returns import read_return
from billing.banking.terms import LENGTHS
from billing.core.money import Money
from tests.support.bank_accounts import ACCOUNTS, CREATED_AT, READ_ALONE, register, title

ON = date(2026, 3, 18)
_PIECES = (
    b"0",
    b"9",
    b" ",
    b"A",
    b"-",
    b"\x00",
    b"\x1a",
    b"\xe7",
    b"\xc3\xa7",
    b"\n",
    b"31",
    b"99999999",
    b"T",
    b"U",
    b"Y",
)


def seeds() -> Iterator[tuple[str, bytes]]:
    """Name and content of a good file of every kind."""
    for name, terms in ACCOUNTS.items():
        if name in READ_ALONE:
            yield f"{name}.ret", _return_alone(terms.bank)
            continue
        later = sorted(movements_of(terms) - {Movement.REGISTER})
        instructions = [
            register(1),
            register(2),
            *(Instruction(one, title(5, rebate=Money("5.00"))) for one in later),
        ]
        for place in range(0, len(instructions), 2):
            remittance = write_remittance(
                terms, instructions[place : place + 2], sequence=1, created_at=CREATED_AT
            )
            yield f"{name}.{place}.rem", remittance
            yield f"{name}.{place}.ret", respond(remittance, _all_that_happens, sequence=1, on=ON)


def feed(content: bytes) -> str:
    """The outcome for the content. Raises what the product must never raise."""
    for seen in inspect_file(content):
        assert all(isinstance(line, str) for line in describe(seen))
    with suppress(InvalidReturn):
        header, occurrences = read_return(content)
        all_occurrences = list(occurrences)
        assert header.titles == len(all_occurrences)
        assert header.amount == Money.sum(one.title_amount for one in all_occurrences)
        return "read"
    with suppress(RemittanceRefused):
        answer = respond(content, _all_that_happens, sequence=1, on=ON)
        header, _ = read_return(answer)
        return "answered"
    return "refused"


def spoilt(content: bytes, random: Random) -> bytes:
    """The content with one to three faults, half of the time renumbered."""
    lines = content.split(b"\r\n")
    for _ in range(random.randint(1, 3)):
        lines = random.choice(_WAYS)(lines, random) or [b""]
    if random.random() < 0.5:
        lines = _numbered(lines)
    return b"\r\n".join(lines)


def _all_that_happens(seen: TitleSeen) -> list[TitleEvent]:
    """Each title has another outcome, so that a return has every kind of line."""
    whole = paid(max(seen.amount, Money("10.00")))
    every = [
        [confirmed()],
        [whole, whole],
        [replace(whole, alone=True)],
        [rejected("08")],
        [confirmed(), charged(Money("1.00"))],
    ]
    return every[seen.line_number % len(every)]


def _return_alone(bank: str) -> bytes:
    records = module_of(bank, LENGTHS[ACCOUNTS["inter"].layout])
    facts: dict[str, int | str] = {
        "agencia": "0001", "conta": "10000", "nosso_numero": "77", "ocorrencia": "06", "data_ocorrencia": "180326",
        "data_geracao": "180326", "vencimento": "200326", "data_credito": "190326", "valor_titulo": 12990,
        "valor_pago": 12990, "quantidade_detalhes": 1,
    }  # fmt: skip
    kinds: tuple[Record, ...] = (records.RETURN_HEADER, records.RETURN_TITLE, records.RETURN_TRAILER)
    return b"".join(
        record.write_named(
            {f.name: facts[f.name] for f in record.inputs if f.name in facts} | {"sequencial": number}
        ).encode()
        + b"\r\n"
        for number, record in enumerate(kinds, 1)
    )


def _field(lines: list[bytes], random: Random) -> list[bytes]:
    """Another value in the columns of one field, as its layout has them."""
    place = random.randrange(len(lines))
    kind = kind_of(lines[0].decode("latin-1"))
    record = record_of(kind, lines[place].decode("latin-1")) if kind else None
    if record is None:
        return _columns(lines, random)
    field = random.choice(record.fields)
    value = random.choice(
        (b"0" * field.width, b" " * field.width, b"9" * field.width, b"%0*d" % (field.width, random.randrange(100)),
         bytes(random.choice(b"0123456789 AX") for _ in range(field.width)))
    )  # fmt: skip
    return _with(
        lines, place, lines[place][: field.start - 1] + value[: field.width] + lines[place][field.end :]
    )


def _columns(lines: list[bytes], random: Random) -> list[bytes]:
    place, piece = random.randrange(len(lines)), random.choice(_PIECES)
    at = random.randrange(len(lines[place]) + 1)
    return _with(lines, place, lines[place][:at] + piece + lines[place][at + len(piece) :])


def _inserted(lines: list[bytes], random: Random) -> list[bytes]:
    place = random.randrange(len(lines))
    at = random.randrange(len(lines[place]) + 1)
    return _with(lines, place, lines[place][:at] + random.choice(_PIECES) + lines[place][at:])


def _cut(lines: list[bytes], random: Random) -> list[bytes]:
    place = random.randrange(len(lines))
    return [*lines[:place], lines[place][: random.randrange(len(lines[place]) + 1)]]


def _without(lines: list[bytes], random: Random) -> list[bytes]:
    place = random.randrange(len(lines))
    return lines[:place] + lines[place + 1 :]


def _twice(lines: list[bytes], random: Random) -> list[bytes]:
    place = random.randrange(len(lines))
    return lines[: place + 1] + lines[place:]


def _moved(lines: list[bytes], random: Random) -> list[bytes]:
    remaining = [*lines]
    line = remaining.pop(random.randrange(len(remaining)))
    remaining.insert(random.randrange(len(remaining) + 1), line)
    return remaining


_WAYS: tuple[Callable[[list[bytes], Random], list[bytes]], ...] = (
    _field, _field, _field, _columns, _columns, _inserted, _cut, _without, _twice, _moved,
)  # fmt: skip


def _with(lines: list[bytes], place: int, line: bytes) -> list[bytes]:
    return [*lines[:place], line, *lines[place + 1 :]]


def _numbered(lines: list[bytes]) -> list[bytes]:
    """Lines of CNAB 400 numbered from 1, details and counts of CNAB 240 as they are now."""
    return (
        _numbered_240(lines)
        if len(lines[0]) == 240
        else [
            line[:394] + b"%06d" % number if len(line) == 400 else line
            for number, line in enumerate(lines, 1)
        ]
    )


def _numbered_240(lines: list[bytes]) -> list[bytes]:
    numbered = []
    details = batches = 0
    for number, line in enumerate(lines, 1):
        kind = line[7:8]
        numbers, at = b"", 17
        if kind == b"1":
            details, batches = 0, batches + 1
        elif kind == b"3":
            details += 1
            numbers, at = b"%05d" % details, 8
        elif kind == b"5":
            numbers = b"%06d" % (details + 2)
        elif kind == b"9":
            numbers = b"%06d%06d" % (batches, number)
        numbered.append(line[:at] + numbers + line[at + len(numbers) :])
    return numbered
