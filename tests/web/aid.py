"""What a walk needs and its own language has not: `python -m tests.web.aid barcode PDF` says what a scanner reads on the first
page; `python -m tests.web.aid return confirmed|short|paid_twice DAY SEQUENCE REMITTANCE` is the sandbox bank's answer."""

import sys
from datetime import date
from pathlib import Path

from billing.adapters.sandbox_bank import bank
from billing.core.money import Money
from tests.support.pictures import symbols

HAPPENS: dict[str, bank.Decide] = {
    "confirmed": lambda _: [bank.confirmed()],
    "short": lambda title: [bank.paid(title.amount - Money("45.00"))],
    "paid_twice": lambda title: [bank.paid(title.amount), bank.paid(title.amount)],
}


def barcode(pdf: str) -> bytes:
    return next(symbol.text for symbol in symbols(Path(pdf).read_bytes()) if symbol.kind == "ITF").encode()


def answer(happens: str, day: str, sequence: str, remittance: str) -> bytes:
    sent = Path(remittance).read_bytes()
    return bank.respond(sent, HAPPENS[happens], sequence=int(sequence), on=date.fromisoformat(day))


if __name__ == "__main__":
    command, *words = sys.argv[1:]
    sys.stdout.buffer.write({"barcode": barcode, "return": answer}[command](*words))
