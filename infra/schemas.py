"""What a client generates its types from: schemas with names of their own, and requests kept apart from answers.

A field with a default may be left out of a request and is always there in an answer, so an entity that is used in both
becomes two schemas, `Address` and `AddressInput`. An answer leaves out absent fields and never says null.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
_PREFIX = "#/components/schemas/"


def shape(paths: Json, schemas: Json) -> None:
    """Change both in place. Raises ValueError if two different things would have the same name."""
    _name_inline(schemas)
    _name_pages(paths, schemas)
    _separate(paths, schemas)


def _name_inline(schemas: Json) -> None:
    """Give an object that is described where it is used its title as a name."""
    for name, schema in list(schemas.items()):
        for place in _dicts(schema):
            if place is schema or "properties" not in place or "title" not in place:
                continue
            title = place["title"]
            if title == name:
                continue
            hoisted = {key: value for key, value in place.items() if key != "description"}
            if schemas.setdefault(title, hoisted) != hoisted:
                raise ValueError(f"two different things are called {title}")
            for key in hoisted:
                del place[key]
            place["$ref"] = _PREFIX + title


def _name_pages(paths: Json, schemas: Json) -> None:
    """Rename `Page_Customer_` to `CustomerPage`."""
    renamed = {name: f"{match[1]}Page" for name in schemas if (match := re.fullmatch(r"Page_(\w+)_", name))}
    for old, new in renamed.items():
        if new in schemas:
            raise ValueError(f"{new} is taken")
        schemas[new] = schemas.pop(old) | {"title": new}
    for place in (*_dicts(paths), *_dicts(schemas)):
        name = _referenced(place)
        if name in renamed:
            place["$ref"] = _PREFIX + renamed[name]


def _separate(paths: Json, schemas: Json) -> None:
    operations = [operation for methods in paths.values() for operation in methods.values()]
    requests = [
        part
        for operation in operations
        for part in (operation.get("requestBody"), operation.get("parameters"))
    ]
    sent = _reachable(requests, schemas)
    answered = _reachable([operation["responses"] for operation in operations], schemas)
    answers = {name: _as_answered(schemas[name]) for name in answered}
    differ = {name for name in sent & answered if answers[name] != schemas[name]}
    while users := {name for name in (sent & answered) - differ if differ & set(_references(schemas[name]))}:
        differ |= users
    inputs = {f"{name}Input": json.loads(json.dumps(schemas[name])) for name in differ}
    if taken := inputs.keys() & schemas.keys():
        raise ValueError(f"{taken} taken")
    for name, schema in inputs.items():
        schema["title"] = name
    for name in answered:
        schemas[name] = answers[name]
    schemas.update(inputs)
    only_sent = [schemas[name] for name in sent - answered]
    for place in _dicts([*requests, *only_sent, *inputs.values()]):
        name = _referenced(place)
        if name in differ:
            place["$ref"] = f"{_PREFIX}{name}Input"
        if "mapping" in place:  # of a discriminator
            place["mapping"] = {
                kind: f"{target}Input" if target.removeprefix(_PREFIX) in differ else target
                for kind, target in place["mapping"].items()
            }


def _as_answered(schema: Json) -> Json:
    """Every field that has a default is there; none is null."""
    answer: Json = json.loads(json.dumps(schema))
    properties: Json = answer.get("properties", {})
    required = [
        name
        for name, field in properties.items()
        if (name in answer.get("required", []) and not _may_be_null(field))
        or field.get("default") is not None
    ]
    for field in properties.values():
        if _may_be_null(field):
            kinds = [kind for kind in field.pop("anyOf") if kind.get("type") != "null"]
            if len(kinds) > 1:
                field["anyOf"] = kinds
            else:
                field |= {**kinds[0], **field}
            field.pop("default", None)
    if required:
        answer["required"] = required
    return answer


def _may_be_null(field: Json) -> bool:
    return any(kind.get("type") == "null" for kind in field.get("anyOf", ()))


def _reachable(start: Any, schemas: Json) -> set[str]:
    known: set[str] = set()
    ahead = list(_references(start))
    while ahead:
        name = ahead.pop()
        if name not in known:
            known.add(name)
            ahead.extend(_references(schemas[name]))
    return known


def _references(part: Any) -> Iterator[str]:
    return (name for place in _dicts(part) if (name := _referenced(place)))


def _referenced(place: Json) -> str:
    reference = place.get("$ref", "")
    return (
        reference.removeprefix(_PREFIX)
        if isinstance(reference, str) and reference.startswith(_PREFIX)
        else ""
    )


def _dicts(part: Any) -> Iterator[Json]:
    """Every object in a document, outermost first."""
    if isinstance(part, dict):
        yield part
        for below in list(part.values()):
            yield from _dicts(below)
    elif isinstance(part, list | tuple):
        for below in part:
            yield from _dicts(below)
