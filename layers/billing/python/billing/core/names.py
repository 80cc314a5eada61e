"""Names beside ids: every answer that a person reads carries the names of its ids, always as `names: {id: text}`."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from billing.core.entity import Entity
from billing.core.ids import is_id
from billing.core.page import Page

E = TypeVar("E", bound=Entity)

_PEOPLE = frozenset(
    {
        "actor_id",
        "asked_by",
        "author_id",
        "authoriser_id",
        "counted_by",
        "frozen_by",
        "opened_by",
        "operator_id",
        "protest_authoriser_id",
        "resolved_by",
        "sent_by",
        "source",
        "started_by",
    }
)
"""Fields that hold a user's id, which is the identity provider's."""
OF_USERS = "usr_"


class Source(NamedTuple):
    """How a context looks up names for ids that begin with `prefix`; `look_up` takes the tenant and the ids."""

    prefix: str
    look_up: Callable[[str, Collection[str]], Mapping[str, str]]


def with_names(tenant_id: str, page: Page[E], *sources: Source) -> Page[E]:
    """The page, with the name of everything that its items refer to by id."""
    ids = {value for item in page.items for value in ids_in(item.to_map())}
    return page.evolve(names=names_of(tenant_id, ids, *sources))


def names_of(tenant_id: str, ids: Iterable[str], *sources: Source) -> dict[str, str]:
    """The names of the ids that exist; each source is called once."""
    wanted, names = set(ids), dict[str, str]()
    for source in sources:
        own = {value for value in wanted if _is_of(source, value)}
        if own:
            names |= source.look_up(tenant_id, own)
    return names


def _is_of(source: Source, value: str) -> bool:
    return value.startswith(source.prefix) or (source.prefix == OF_USERS and not is_id(value))


def ids_in(value: Any, field: str = "") -> Iterator[str]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from ids_in(inner, name)
        case list():
            for inner in value:
                yield from ids_in(inner, field)
        case str() if field in _PEOPLE or is_id(value):
            yield value
