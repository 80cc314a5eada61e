"""Bank statements in CSV: banks and their programs export them with columns of their own, found here by their names.

Lines before the heading (bank, account, period) are skipped; the separator is the one used in the heading. The file
does not identify the account: whoever imports it says whose it is.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from billing.banking.statements.model import (
    MOST_BYTES,
    MOST_ROWS,
    Aside,
    InvalidStatement,
    Row,
    Statement,
    decoded,
    tells_balance,
    tidy,
    to_amount,
)
from billing.core.br.text import search_key
from billing.core.money import Money

_NAMES: Mapping[str, tuple[str, ...]] = {
    "day": (
        "data",
        "data lancamento",
        "data do lancamento",
        "data movimento",
        "data mov",
        "date",
        "dt lancamento",
    ),
    "amount": ("valor", "valor r", "valor brl", "valor do lancamento", "amount"),
    "credit": ("credito", "credito r", "entrada", "entradas", "entrada r"),
    "debit": ("debito", "debito r", "saida", "saidas", "saida r"),
    "memo": (
        "historico",
        "descricao",
        "lancamento",
        "memo",
        "detalhe",
        "detalhes",
        "description",
        "complemento",
    ),
    "fitid": ("identificador", "id", "id da transacao", "codigo da transacao", "fitid"),
    "document": ("documento", "doc", "docto", "dcto", "numero documento", "n documento", "cpf cnpj"),
    "txid": ("txid", "identificador da cobranca"),
    "end_to_end_id": (
        "end to end",
        "end to end id",
        "endtoendid",
        "e2e",
        "id fim a fim",
        "identificador fim a fim",
    ),
}
"""The names that a column may have, without accents, capitals and punctuation."""
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}
_MOST_BEFORE = 30
"""The most lines that may precede the heading."""
_MOST_CELL = 5_000
_KEPT_OF_A_ROW = 200
_DAY = re.compile(
    r"([0-9]{2})[/.-]([0-9]{2})[/.-]([0-9]{4})(?:[ T].*)?|([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T].*)?"
)


def read_csv(data: bytes) -> tuple[Statement, ...]:
    """The file's single statement. Raises InvalidStatement if no heading says where day and amount are."""
    if len(data) > MOST_BYTES:
        raise InvalidStatement("statement.too_large", "O extrato passa de 10 MB. Exporte um período menor.")
    lines = decoded(data).replace("\x00", "").splitlines()
    for place, line in enumerate(lines[:_MOST_BEFORE]):
        for separator in ";,\t":
            columns = _columns(line, separator)
            if "day" in columns and ("amount" in columns or "credit" in columns):
                return (_statement(lines[place + 1 :], separator, columns),)
    raise InvalidStatement(
        "statement.no_heading",
        "O CSV não tem um cabeçalho com as colunas de data e valor (por exemplo: data;valor;histórico). Confira o arquivo.",
    )


def _columns(line: str, separator: str) -> dict[str, list[int]]:
    """Field -> its columns: the memo may have several, for the other fields the first one counts."""
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(_cells(line, separator)):
        field = _FIELD_OF.get(_named(cell))
        if field is not None:
            places.setdefault(field, []).append(place)
    return places


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _named(cell: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", search_key(tidy(cell)[:80])).strip()


def _statement(lines: Sequence[str], separator: str, columns: Mapping[str, list[int]]) -> Statement:
    rows: list[Row] = []
    aside: list[Aside] = []
    balances: list[Row] = []
    for number, cells in enumerate(_records(lines, separator), 1):
        if number > MOST_ROWS:
            message = f"O extrato passa de {MOST_ROWS} linhas. Exporte um período menor."
            raise InvalidStatement("statement.too_many_rows", message)
        row = _row(number, cells, columns)
        if isinstance(row, Aside):
            aside.append(row)
        else:
            (balances if tells_balance(row.memo) else rows).append(row)
    days = [row.posted_on for row in rows]
    return Statement(
        bank="",
        branch="",
        account="",
        currency="BRL",
        is_card=False,
        starts_on=min(days, default=None),
        ends_on=max(days, default=None),
        rows=tuple(rows),
        aside=tuple(aside),
        balances=tuple(balances),
        ledger=None,
    )


def _records(lines: Sequence[str], separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = "O CSV tem uma célula sem fim, ou maior do que o aceito. Exporte-o de novo."
            raise InvalidStatement("statement.broken_csv", message) from error
        if any(cell.strip() for cell in cells):
            yield cells


def _row(number: int, cells: list[str], columns: Mapping[str, list[int]]) -> Row | Aside:
    text = tidy(" ".join(cells))[:_KEPT_OF_A_ROW]
    if any(len(cell) > _MOST_CELL for cell in cells):
        return Aside(number, "uma célula passa de 5.000 caracteres", text)
    by_field = {
        field: [tidy(cells[place]) for place in places if place < len(cells)]
        for field, places in columns.items()
    }
    memo = " ".join(dict.fromkeys(filter(None, by_field.get("memo", []))))
    if not _first(by_field, "day") and not _first(by_field, "amount"):
        return Aside(number, "a linha não tem data nem valor", text)
    posted_on = _day(_first(by_field, "day"))
    if posted_on is None:
        return Aside(number, f"a data “{_first(by_field, 'day')[:40]}” não existe", text)
    try:
        amount = _amount(by_field)
    except ValueError:
        return Aside(number, "o valor não pode ser lido", text)
    return Row(
        number,
        posted_on,
        amount,
        "",
        _first(by_field, "fitid"),
        memo,
        _first(by_field, "document"),
        _first(by_field, "txid"),
        _first(by_field, "end_to_end_id"),
    )


def _first(cells: Mapping[str, list[str]], field: str) -> str:
    return next(iter(cells.get(field, [])), "")


def _amount(cells: Mapping[str, list[str]]) -> Money:
    """One signed column, or one column for money in and one for money out. Raises ValueError."""
    if "amount" in cells:
        return to_amount(_first(cells, "amount"))
    entered, left = _first(cells, "credit"), _first(cells, "debit")
    if bool(entered) == bool(left):
        raise ValueError("neither, or both")
    if entered:
        return to_amount(entered)
    amount = to_amount(left)
    return amount if amount.cents < 0 else -amount


def _day(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
