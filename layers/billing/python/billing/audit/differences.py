"""The differences between two states of an entity, field by field: as the audit keeps them, and as people read them.

A field inside another is kept under both names, "discount›until"; an element of a list is identified by what people
call it, "items›Recepção›location". An element that was added or removed is kept by its name alone.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from billing.core.clock import SAO_PAULO
from billing.core.entity import Entity
from billing.core.field_labels import FIELDS
from billing.core.labels import label_of
from billing.core.money import Money
from billing.core.period import Month, Period

MAX_CHANGES_BYTES = 700
"""Keeps the whole audit row within 1 KB, one write unit."""
MOST_FIELDS = 20
_WITHIN = "›"
_WHOLE = "/"
"""Separates the days of a period, which counts as one value."""
_NAMED_BY = ("description", "name", "title", "text", "street", "reason", "code", "kind", "unit", "valid_from")
_KEYS = (("id",), ("definition_id", "version"), ("valid_from",))

Change = tuple[str | None, str | None]


def differences(before: Entity | None, after: Entity | None) -> dict[str, Change]:
    """Old and new value by field, as texts, cut so that the entry stays small."""
    if before is None:
        return {}
    old, new = before.to_map(), {} if after is None else after.to_map()
    old.pop("version", None)
    new.pop("version", None)
    changed = list(_compared("", old, new))
    room = max(24, MAX_CHANGES_BYTES // (2 * max(1, min(len(changed), MOST_FIELDS))))
    return {path: (_text(was, room), _text(became, room)) for path, was, became in changed[:MOST_FIELDS]}


def _compared(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if old == new:
        return
    if _is_period(old) or _is_period(new):
        yield path, old and _WHOLE.join(old.values()), new and _WHOLE.join(new.values())
    elif _is_map(old, new):
        was, became = old or {}, new or {}
        for name in {**was, **became}:
            yield from _compared(_below(path, name), was.get(name), became.get(name))
    elif _is_list_of_maps(old, new):
        was, became = _by_key(old or []), _by_key(new or [])
        for key in {**was, **became}:
            one, other = was.get(key), became.get(key)
            if one is None or other is None:
                yield path, one and _named(one), other and _named(other)
            else:
                yield from _compared(_below(path, _named(other)), one, other)
    else:
        yield path, old, new


def _is_period(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == ["start", "end"]


def _is_map(old: Any, new: Any) -> bool:
    return {type(old), type(new)} <= {dict, type(None)}


def _is_list_of_maps(old: Any, new: Any) -> bool:
    things = [*(old or []), *(new or [])] if {type(old), type(new)} <= {list, type(None)} else []
    return bool(things) and all(isinstance(thing, dict) for thing in things)


def _by_key(things: list[dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    """Elements by whatever stays the same when they change; by position if nothing does."""
    keyed: dict[Any, dict[str, Any]] = {}
    for place, thing in enumerate(things):
        names = next((names for names in _KEYS if all(name in thing for name in names)), None)
        keyed[place if names is None else tuple(thing[name] for name in names)] = thing
    return keyed


def _named(thing: dict[str, Any]) -> str:
    name = next((str(thing[field]) for field in _NAMED_BY if isinstance(thing.get(field), str)), "")
    return name.replace(_WITHIN, "-")[:60]


def _below(path: str, name: str) -> str:
    return f"{path}{_WITHIN}{name}" if path else name


def _text(value: Any, room: int) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= room else text[: room - 1] + "…"


class FieldChange(Entity):
    """Um campo que mudou: o que era e o que passou a ser, como se lê."""

    field: str
    """Nome do campo na API; dentro de outro, os dois, separados por ›."""
    label: str
    before: str | None = None
    """Ausente, o campo estava vazio."""
    after: str | None = None
    """Ausente, o campo ficou vazio."""


def as_read(kind: type[Entity], changes: Mapping[str, Change], names: Mapping[str, str]) -> list[FieldChange]:
    """Kept differences of a `kind`, in words: labels of fields, values as people write them, `names` instead of ids.

    A field that only programs read (an id without a name, keys of lists of other things) is left out.
    """
    readable = []
    for path, (before, after) in changes.items():
        field = _field(kind, path)
        if field is None:
            continue
        was, became = (_read(path, field.annotation, text, names) for text in (before, after))
        if was != became:
            readable.append(FieldChange(field=path, label=field.label, before=was, after=became))
    return readable


def ids_in(changes: Mapping[str, Change]) -> Iterator[str]:
    """The ids for which `as_read` needs names."""
    for path, values in changes.items():
        if path.endswith("_id"):
            yield from (value for value in values if value)
        if path.endswith("_ids"):
            yield from (one for value in values if value for one in _listed_ids(value))


class _Field(NamedTuple):
    label: str
    annotation: Any


def _field(kind: type[Entity], path: str) -> _Field | None:
    """None if the field has no label."""
    annotation: Any = kind
    labels: list[str] = []
    for name in path.split(_WITHIN):
        field = next(
            (model.model_fields[name] for model in _models(annotation) if name in model.model_fields), None
        )
        if field is None:
            if not labels:
                return None
            labels.append(f"“{name}”")
            continue
        if name not in FIELDS:
            return None
        labels.append(FIELDS[name])
        annotation = field.annotation
    return _Field(" – ".join(labels), annotation)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _read(path: str, annotation: Any, text: str | None, names: Mapping[str, str]) -> str | None:
    if text is None or text == "[]":
        return None
    if path.endswith("_ids"):
        return ", ".join(names[one] for one in _listed_ids(text) if one in names) or None
    return names.get(text) if path.endswith("_id") else _value(annotation, text)


def _listed_ids(text: str) -> list[str]:
    """None for a list that was cut."""
    try:
        return [str(one) for one in json.loads(text)]
    except ValueError:
        return []


def _value(annotation: Any, text: str) -> str:
    """As people write it; as stored, if it was cut or has another form."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _value(get_args(annotation)[0], text)
    if origin in {Union, UnionType}:
        inner = [one for one in get_args(annotation) if one is not type(None)]
        return _value(inner[0], text) if len(inner) == 1 else text
    if origin is tuple:
        return _listed(annotation, text)
    if not isinstance(annotation, type):
        return text
    try:
        return _plain(annotation, text)
    except (ValueError, ArithmeticError):
        return text


def _listed(annotation: Any, text: str) -> str:
    inner = [one for one in get_args(annotation) if one is not Ellipsis]
    for model in _models(inner[0]):  # an element that was added or removed, by its name
        fields = model.model_fields
        return next((_value(fields[name].annotation, text) for name in _NAMED_BY if name in fields), text)
    try:
        values = json.loads(text)
    except ValueError:
        return text
    if len(inner) == 2 and all(isinstance(value, int) for value in values):
        return "/".join(map(str, values))  # an instalment, 1/3
    return ", ".join(_value(inner[0], _text(value, MAX_CHANGES_BYTES) or "") for value in values)


def _plain(kind: type, text: str) -> str:
    if issubclass(kind, StrEnum):
        return label_of(kind(text))
    reader = next((reader for known, reader in _READERS if issubclass(kind, known)), str)
    return reader(text)


def _period(text: str) -> str:
    start, _, end = text.partition(_WHOLE)
    return Period(date.fromisoformat(start), date.fromisoformat(end)).format_br()


_READERS: tuple[tuple[type, Callable[[str], str]], ...] = (
    (Money, lambda text: Money(text).format_br()),
    (bool, lambda text: {"true": "Sim", "false": "Não"}.get(text, text)),
    (datetime, lambda text: f"{datetime.fromisoformat(text).astimezone(SAO_PAULO):%d/%m/%Y %H:%M}"),
    (date, lambda text: f"{date.fromisoformat(text):%d/%m/%Y}"),
    (Period, _period),
    (Month, lambda text: Month(text).format_br()),
    (Decimal, lambda text: f"{Decimal(text):f}".replace(".", ",")),
)
"""By type; the first match counts, since an instant is a date too."""
