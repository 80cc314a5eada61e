"""OFX bank statements, 1.x (SGML, leaf tags with or without an end tag) and 2.x (XML), as Brazilian banks export them.

Source: OFX 1.0.2 and 2.2 (https://financialdataexchange.org/ofx), section 11; what banks make of them is in
tests/golden/statements. The header is not trusted: neither the encoding nor the version. Times are dropped: the written
date is the bank's.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from billing.banking.statements.model import (
    MOST_BYTES,
    MOST_ROWS,
    Aside,
    Balance,
    InvalidStatement,
    Row,
    Statement,
    decoded,
    tells_balance,
    tidy,
    to_amount,
)
from billing.core.money import ZERO

_TAG = re.compile(r"<(/?)([A-Z][A-Z0-9_.]*)\s*(/?)>")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos|nbsp)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
_HIGHEST = 0x10FFFF
_INFLOWS, _OUTFLOWS = (
    frozenset({"CREDIT", "DEP", "DIRECTDEP"}),
    frozenset({"DEBIT", "FEE", "SRVCHG", "DIRECTDEBIT"}),
)
_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS"})
_KEPT_OF_A_ROW = 200
"""How many characters of a row that is set aside are kept, to find it by."""


class _Tag(NamedTuple):
    closes: bool
    name: str
    value: str


def read_ofx(data: bytes) -> tuple[Statement, ...]:
    """The file's statements, one for each account. Raises InvalidStatement for a file that is not OFX, or that was
    cut."""
    if len(data) > MOST_BYTES:
        raise InvalidStatement("statement.too_large", "O extrato passa de 10 MB. Exporte um período menor.")
    text = decoded(data)
    begin = text.find("<OFX>")
    if begin < 0:
        raise InvalidStatement(
            "statement.not_ofx", "O arquivo não é um extrato OFX. Exporte-o do banco em OFX."
        )
    if "</OFX>" not in text:
        raise InvalidStatement(
            "statement.cut", "O extrato OFX foi cortado: falta o seu fim. Exporte-o de novo."
        )
    reader = _Reader()
    for tag in _tags(_CDATA.sub(lambda match: _escaped(match[1]), text[begin:])):
        reader.take(tag)
    statements = tuple(reader.statements)
    if not statements:
        raise InvalidStatement("statement.no_account", "O OFX não traz extrato de conta.")
    return statements


def _tags(text: str) -> Iterator[_Tag]:
    """Each tag with the text between it and the next one."""
    pieces = _TAG.split(text)
    for place in range(1, len(pieces), 4):
        closes, name, empty, value = pieces[place : place + 4]
        yield _Tag(closes == "/", name, "" if closes or empty else _plain(value))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(value: str) -> str:
    return tidy(_ENTITY.sub(_character, value) if "&" in value else value)


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    return chr(code) if code <= _HIGHEST and not 0xD800 <= code <= 0xDFFF else ""


class _Reader:
    """The reader's place in the file: the open statement, its row, its balance. Unknown tags are skipped."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self._numbered = 0
        self._open: dict[str, str] | None = None
        """The open statement's own leaves."""
        self._is_card = False
        self._row: dict[str, str] | None = None
        self._balance: dict[str, str] | None = None
        self._ledger: Balance | None = None
        self._rows: list[Row] = []
        self._aside: list[Aside] = []
        self._balances: list[Row] = []

    def take(self, tag: _Tag) -> None:
        if tag.name in _STATEMENTS:
            self._end_statement()
            if not tag.closes:
                self._open, self._is_card = {}, tag.name == "CCSTMTRS"
        elif self._open is None:
            return
        elif tag.name == "STMTTRN":
            self._end_row()
            self._row = None if tag.closes else {}
        elif tag.name in {"LEDGERBAL", "AVAILBAL"}:
            self._end_balance(tag)
        elif tag.name == "BANKTRANLIST" and tag.closes:
            self._end_row()
        elif not tag.closes:
            self._leaf(tag)

    def _leaf(self, tag: _Tag) -> None:
        for kept in (self._row, self._balance, self._open):
            if kept is not None:
                kept.setdefault(tag.name, tag.value)
                return

    def _end_balance(self, tag: _Tag) -> None:
        self._end_row()
        facts, self._balance = self._balance, None if tag.closes else {}
        if facts is None or tag.name != "LEDGERBAL":
            return
        try:
            self._ledger = Balance(to_amount(facts.get("BALAMT", "")), _day(facts.get("DTASOF", "")))
        except ValueError:
            self._ledger = None

    def _end_row(self) -> None:
        facts, self._row = self._row, None
        if facts is None:
            return
        self._numbered += 1
        if self._numbered > MOST_ROWS:
            raise InvalidStatement(
                "statement.too_many_rows", f"O extrato passa de {MOST_ROWS} linhas. Exporte um período menor."
            )
        row = _row(self._numbered, facts)
        if isinstance(row, Aside):
            self._aside.append(row)
        elif tells_balance(row.memo):
            self._balances.append(row)
        else:
            self._rows.append(row)

    def _end_statement(self) -> None:
        self._end_row()
        facts, self._open = self._open, None
        if facts is None:
            return
        self.statements.append(
            Statement(
                bank=facts.get("BANKID", ""),
                branch=facts.get("BRANCHID", ""),
                account=facts.get("ACCTID", ""),
                currency=facts.get("CURDEF", ""),
                is_card=self._is_card,
                starts_on=_day(facts.get("DTSTART", "")),
                ends_on=_day(facts.get("DTEND", "")),
                rows=tuple(self._rows),
                aside=tuple(self._aside),
                balances=tuple(self._balances),
                ledger=self._ledger,
            )
        )
        self._rows, self._aside, self._balances, self._ledger, self._balance = [], [], [], None, None


def _row(number: int, facts: dict[str, str]) -> Row | Aside:
    name, memo = facts.get("NAME", ""), facts.get("MEMO", "")
    text = memo if not name or name == memo else f"{name} {memo}".strip()
    posted_on = _day(facts.get("DTPOSTED", ""))
    if posted_on is None:
        return Aside(number, f"a data “{facts.get('DTPOSTED', '')[:40]}” não existe", text[:_KEPT_OF_A_ROW])
    try:
        amount = to_amount(facts.get("TRNAMT", ""))
    except ValueError:
        return Aside(
            number, f"o valor “{facts.get('TRNAMT', '')[:40]}” não pode ser lido", text[:_KEPT_OF_A_ROW]
        )
    kind = facts.get("TRNTYPE", "").upper()
    conflicts = (kind in _OUTFLOWS and amount > ZERO) or (kind in _INFLOWS and amount < ZERO)
    findings = ("o tipo da linha diz o contrário do sinal do valor; vale o sinal",) if conflicts else ()
    return Row(
        number,
        posted_on,
        amount,
        kind,
        facts.get("FITID", ""),
        text,
        facts.get("CHECKNUM", ""),
        findings=findings,
    )


def _day(text: str) -> date | None:
    """The date in the first eight digits; None for zeros and for days that do not exist."""
    digits = text[:8]
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 8):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
