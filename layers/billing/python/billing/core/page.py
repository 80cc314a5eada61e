"""Pages of a list, continued by an opaque cursor."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any, Generic, Protocol, TypeVar

from billing.core.entity import Entity
from billing.core.errors import InvalidInput

E = TypeVar("E", bound=Entity)
T = TypeVar("T")
R = TypeVar("R", bound="Arrival")

MAX_PAGE = 100
MOST_LISTED = 200
"""Items in a page of `part_of`: some 5 KB each still fit in an answer."""
_LONGEST_KEY = 1024


class Page(Entity, Generic[E]):
    items: tuple[E, ...]
    next_cursor: str | None = None
    """Envie em `cursor` para ler a página seguinte; ausente na última."""
    names: dict[str, str] = {}
    """Como se chamam as pessoas e as coisas que os itens citam pelo id."""


def encode_cursor(last_key: dict[str, Any] | None) -> str | None:
    """DynamoDB's LastEvaluatedKey as a token that callers do not read."""
    if not last_key:
        return None
    return base64.urlsafe_b64encode(json.dumps(last_key, separators=(",", ":")).encode()).decode()


def decode_cursor(cursor: str | None, tenant_id: str) -> dict[str, Any] | None:
    """The key to continue from. Raises InvalidInput for a token that we did not issue or that is another tenant's."""
    if cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        partitions = [
            value["S"] for name, value in key.items() if name == "partition" or name.endswith("_key")
        ]
    except (binascii.Error, ValueError, AttributeError, TypeError, KeyError, RecursionError):
        raise _not_ours() from None
    if not partitions or not all(str(p).startswith(f"{tenant_id}#") for p in partitions):
        raise _not_ours()
    if not all(_is_text(value) for value in key.values()):
        raise _not_ours()
    return dict(key)


def _is_text(value: object) -> bool:
    """Whether an attribute can be part of a key: text of 1 to 1,024 bytes (DynamoDB's limit)."""
    match value:
        case {"S": str(text), **others}:
            return not others and 0 < len(text.encode(errors="replace")) <= _LONGEST_KEY
    return False


def start_of(
    cursor: str | None, tenant_id: str, name: str, value: str, row_prefix: str = ""
) -> dict[str, Any] | None:
    """The key to continue from in the query whose hash key `name` is `value`. Raises InvalidInput for another list's
    cursor."""
    key = decode_cursor(cursor, tenant_id)
    if key is None:
        return None
    index = set() if name == "partition" else {name, f"{name.removesuffix('_key')}_sort"}
    match key:
        case {"row": {"S": str(row)}} if (
            set(key) == {"partition", "row", *index}
            and key[name] == {"S": value}
            and row.startswith(row_prefix)
        ):
            return key
    raise _not_ours()


def cursor_at(listed: str, place: str | int) -> str | None:
    """The cursor of a list that is not one query: `listed` is `tenant#what is listed`, `place` is where it continues."""
    return encode_cursor({"partition": {"S": listed}, "row": {"S": str(place)}})


def place_in(listed: str, cursor: str | None) -> str | None:
    """The place that `cursor_at` put into the cursor. Raises InvalidInput for another list's cursor."""
    key = decode_cursor(cursor, listed.partition("#")[0])
    if key is None:
        return None
    match key:
        case {"partition": {"S": str(of)}, "row": {"S": str(place)}} if of == listed:
            return place
    raise _not_ours()


def number_in(listed: str, cursor: str | None) -> int:
    """The same for a list with numbered places, from 0."""
    place = place_in(listed, cursor) or "0"
    if re.fullmatch("[0-9]{1,9}", place) is None:
        raise _not_ours()
    return int(place)


def part_of(
    listed: str, things: Sequence[T], cursor: str | None, *, key: Callable[[T], str] = attrgetter("id")
) -> tuple[tuple[T, ...], str | None]:
    """A page of a list that is read whole, such as all that one customer has, and its `next_cursor`.

    It continues after the thing with which the page before ended, wherever that is by now; if it is gone, at its place.
    Raises InvalidInput for another list's cursor.
    """
    place = place_in(listed, cursor) or "0:"
    number, _, last = place.partition(":")
    if re.fullmatch("[0-9]{1,9}", number) is None:
        raise _not_ours()
    start = int(number)
    if last and not (0 < start <= len(things) and key(things[start - 1]) == last):
        start = next((n for n, thing in enumerate(things, 1) if key(thing) == last), start)
    end = start + MOST_LISTED
    page = things[start:end]
    return tuple(page), cursor_at(listed, f"{end}:{key(page[-1])}") if end < len(things) else None


class Arrival(Protocol):
    """A file that arrived."""

    @property
    def id(self) -> str: ...

    @property
    def received_at(self) -> datetime: ...


def newest_first(listed: str, files: Iterable[R], cursor: str | None) -> tuple[tuple[R, ...], str | None]:
    """A page of the files that arrived, newest first, and its `next_cursor`. Raises InvalidInput for another list's
    cursor."""
    before = place_in(listed, cursor)
    arrivals = ((_arrival(file), file) for file in files)
    older = [arrival for arrival in arrivals if before is None or arrival[0] < before]
    following = sorted(older, key=itemgetter(0), reverse=True)
    page = following[:MAX_PAGE]
    more = len(following) > MAX_PAGE
    return tuple(file for _, file in page), cursor_at(listed, page[-1][0]) if more else None


def _arrival(file: Arrival) -> str:
    return f"{file.received_at.isoformat()}#{file.id}"


def _not_ours() -> InvalidInput:
    return InvalidInput("page.cursor", "Cursor inválido. Recomece a lista.")
