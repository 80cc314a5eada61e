"""Registrations by one criterion at a time, each looked up with a key or an index (CUS-03, CUS-04)."""

from billing.access.call import Call
from billing.core import emails
from billing.core.br import cnpj
from billing.core.br.text import search_key
from billing.core.entity import Entity
from billing.core.errors import InvalidInput
from billing.core.page import Page
from billing.customers import lookups
from billing.customers.model import Customer

NEWEST = 1000
"""How many active registrations are listed when nothing is searched for."""


class Search(Entity):
    """One criterion, or none: the newest active registrations."""

    document: str | None = None
    email: str | None = None
    code: int | None = None
    name: str | None = None
    """The beginning of the name, ignoring case and accents."""
    is_active: bool | None = None


def find(call: Call, search: Search, *, limit: int, cursor: str | None = None) -> Page[Customer]:
    """Raises InvalidInput for several criteria, or for one without a letter or number."""
    if len(search.model_dump(exclude_none=True)) > 1:
        raise InvalidInput("search.criteria", "Pesquise por um critério de cada vez.")
    if search.document is not None:
        # CNPJ rules also fit a CPF: it has the same separators, and its digits stay
        return _all(lookups.by_document(call.tenant_id, _given(cnpj.compact(search.document))))
    if search.email is not None:
        return _all(lookups.by_email(call.tenant_id, _given(emails.compact(search.email))))
    if search.code is not None:
        return _all(lookups.by_code(call.tenant_id, search.code))
    if search.name is not None:
        prefix = _given(search_key(search.name))
        return lookups.by_name(call.tenant_id, prefix, limit=limit, cursor=cursor)
    if search.is_active is not None:
        return lookups.registrations(call.tenant_id, is_active=search.is_active, limit=limit, cursor=cursor)
    newest = lookups.registrations(call.tenant_id, is_active=True, limit=NEWEST)
    return Page[Customer](items=newest.items)


def _given(text: str) -> str:
    if not text:
        raise InvalidInput("search.empty", "Informe o que pesquisar.")
    return text


def _all(customers: list[Customer]) -> Page[Customer]:
    return Page[Customer](items=tuple(customers))
