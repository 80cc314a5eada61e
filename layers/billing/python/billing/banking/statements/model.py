"""A bank statement as it was read, in any format. A row that cannot be read is set aside; the rest of the file is still
read."""

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from billing.core.errors import Refused
from billing.core.money import Money

MOST_BYTES = 10_000_000
MOST_ROWS = 50_000
_SPACES = re.compile(r"\s+")


class InvalidStatement(Refused):
    """A file that is not a statement, or that was cut. Its code begins with "statement."."""


class Row(NamedTuple):
    """A movement of the account."""

    number: int
    """Its number among the file's rows, from 1."""
    posted_on: date
    """The bank's local date: the first eight digits, whatever time zone it states."""
    amount: Money
    """Signed: money in is above zero."""
    kind: str
    """TRNTYPE, or blank."""
    fitid: str
    """The bank's id of the row: it may be blank, repeated, or different in each export."""
    memo: str
    document: str = ""
    """CHECKNUM, or the column for the document."""
    txid: str = ""
    """If the file has a column for it."""
    end_to_end_id: str = ""
    findings: tuple[str, ...] = ()
    """What is unusual about it, in words."""


class Aside(NamedTuple):
    """A row that cannot be read, and why."""

    number: int
    why: str
    text: str


class Balance(NamedTuple):
    amount: Money
    on: date | None


class Statement(NamedTuple):
    bank: str
    """The digits in the file; blank in a format that does not have them."""
    branch: str
    account: str
    currency: str
    is_card: bool
    starts_on: date | None
    ends_on: date | None
    rows: tuple[Row, ...]
    aside: tuple[Aside, ...]
    balances: tuple[Row, ...]
    """Rows that only state a balance: they move no money."""
    ledger: Balance | None


def decoded(data: bytes) -> str:
    """The text, decoded by what the bytes are, because headers lie (they declare 1252 for UTF-8, and vice versa).

    >>> decoded("JOÃO".encode("cp1252")) == decoded("JOÃO".encode()) == "JOÃO"
    True
    """
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def tidy(text: str) -> str:
    """One line, without control or invisible characters.

    >>> tidy("  PIX   RECEBIDO\\r\\nJOÃO\\u202e ")
    'PIX RECEBIDO JOÃO'
    """
    seen = "".join(c if unicodedata.category(c)[0] != "C" or c.isspace() else "" for c in text)
    return _SPACES.sub(" ", seen).strip()


_AMOUNT = re.compile(r"\(?\s*([+-]?)\s*(?:R\$)?\s*([+-]?)\s*([0-9][0-9.,]*)\s*\)?\s*([CD-]?)", re.IGNORECASE)
_WHOLE = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})?(?:\1[0-9]{3})*|[0-9]+")
_MOST_DIGITS = 13


def to_amount(text: str) -> Money:
    """A signed amount: dot or comma, thousands, parentheses or a trailing minus. Raises ValueError if it is not an
    amount, or could be read as two.

    >>> to_amount("1.500,50"), to_amount("(35,90)"), to_amount("1296.0"), to_amount("10,00-")
    (Money('1500.50'), Money('-35.90'), Money('1296.00'), Money('-10.00'))
    """
    text = text.strip()
    match = _AMOUNT.fullmatch(text)
    if match is None or text.startswith("(") != text.endswith(")"):
        raise ValueError("no amount")
    signs = "".join((match[1], match[2], match[4].upper().replace("D", "-").replace("C", "")))
    if len(signs) > 1 or (signs and text.startswith("(")):
        raise ValueError("two signs")
    whole, cents = _parts(match[3])
    amount = Money.from_cents(int(whole) * 100 + int(cents))
    return -amount if "-" in signs or text.startswith("(") else amount


def _parts(digits: str) -> tuple[str, str]:
    """Units and cents."""
    last = max(digits.rfind("."), digits.rfind(","))
    whole, decimals = (digits, "") if last < 0 else (digits[:last], digits[last + 1 :])
    if last >= 0 and len(decimals) == 3 and digits[last] not in whole and not set(".,") & set(whole):
        raise ValueError("1.500 may be one and a half, or fifteen hundred")
    if last >= 0 and digits[last] in whole:  # 1.500.000: all separators are for thousands
        whole, decimals = digits, ""
    if len(decimals) > 2 and decimals[2:].strip("0"):
        raise ValueError("parts of a cent")
    if _WHOLE.fullmatch(whole) is None:
        raise ValueError("thousands out of place")
    whole = whole.replace(".", "").replace(",", "")
    if len(whole) > _MOST_DIGITS:
        raise ValueError("more than any account holds")
    return whole, decimals[:2].ljust(2, "0")


_BALANCE = re.compile(
    r"(?:SALDO|SDO\.?|S A L D O)\s*(?:$|(?:DO\s+DIA|EM\s|ANT\b|ANTERIOR|ATUAL|FINAL|INICIAL|TOTAL|PARCIAL|DISPON|BLOQ|CTA|CONTA|C/C|APLIC))",
    re.IGNORECASE,
)


def tells_balance(memo: str) -> bool:
    """Whether a row's text says that it is a balance (Banco do Brasil and others list balances among movements).

    >>> tells_balance("Saldo do dia"), tells_balance("SALDO ANTERIOR"), tells_balance("PIX SALDO DO CONTRATO 12")
    (True, True, False)
    """
    return _BALANCE.match(memo) is not None
