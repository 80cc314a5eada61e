"""What a walk needs and its own language has not: `python -m tests.web.aid barcode PDF` says what a scanner reads on the first
page; `python -m tests.web.aid qr PNG` what is in the QR code of a picture; `python -m tests.web.aid return confirmed|short|paid_twice DAY SEQUENCE REMITTANCE` is the sandbox bank's answer."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import zxingcpp
from PIL import Image

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


def qr(png: str) -> bytes:
    (symbol,) = zxingcpp.read_barcodes(Image.open(png), zxingcpp.BarcodeFormat.QRCode)
    return bytes(symbol.text, "utf-8")


def answer(happens: str, day: str, sequence: str, remittance: str) -> bytes:
    sent = Path(remittance).read_bytes()
    return bank.respond(sent, HAPPENS[happens], sequence=int(sequence), on=date.fromisoformat(day))


if __name__ == "__main__":
    command, *words = sys.argv[1:]
    commands: dict[str, Callable[..., bytes]] = {"barcode": barcode, "qr": qr, "return": answer}
    sys.stdout.buffer.write(commands[command](*words))
