"""Registrations by any combination of their columns (CUS-03, CUS-04), and counted by any two of them (CUS-05)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from billing.access.call import Call
from billing.core.br.text import search_key
from billing.core.entity import Entity
from billing.core.files import Files
from billing.customers import store
from billing.customers.model import Classification, Customer, PersonKind
from billing.panels.listing import ListSource, Where, read_list
from billing.projections.engine import Engine


class RegistrationOrder(StrEnum):
    NEWEST = "-registered_on"
    NAME = "name"
    CODE = "code"
    CITY = "city"


REGISTRATIONS = ListSource(
    kinds=("customer",),
    source="customer",
    key="customer.id, customer.id",
    orders={
        RegistrationOrder.NEWEST: "registered_on DESC, code DESC, id",
        RegistrationOrder.NAME: "name_key, code, id",
        RegistrationOrder.CODE: "code, id",
        RegistrationOrder.CITY: "city, district, name_key, id",
    },
)


class RegistrationFilter(NamedTuple):
    """All given criteria must hold. Texts match any part of the column, ignoring case and accents; city, district and
    CEP must match in full."""

    is_active: bool | None = None
    name: str | None = None
    trade_name: str | None = None
    kind: PersonKind | None = None
    classification: Classification | None = None
    city: str | None = None
    district: str | None = None
    street: str | None = None
    cep: str | None = None
    phone: str | None = None
    with_email_and_phone: bool | None = None
    registered_from: date | None = None
    registered_to: date | None = None


class RegistrationList(Entity):
    """Cadastros; `count` é de tudo o que o filtro abrange."""

    items: tuple[Customer, ...]
    count: int
    next_cursor: str | None = None


def registrations(
    call: Call,
    files: Files,
    criteria: RegistrationFilter,
    *,
    sort: RegistrationOrder = RegistrationOrder.NEWEST,
    limit: int = 50,
    cursor: str | None = None,
) -> RegistrationList:
    """Raises InvalidInput for a cursor from another list."""
    page = read_list(call, files, REGISTRATIONS, _where(criteria), sort=sort, limit=limit, cursor=cursor)
    return RegistrationList(
        items=tuple(store.get_many(call.tenant_id, (customer_id for customer_id, _ in page.keys))),
        count=page.count,
        next_cursor=page.next_cursor,
    )


def _where(criteria: RegistrationFilter) -> Where:
    where = Where().equal("is_active", criteria.is_active)
    where.equal("kind", criteria.kind).equal("classification", criteria.classification)
    where.equal("city", criteria.city).equal("district", criteria.district)
    where.equal("cep", criteria.cep).containing("phones", criteria.phone)
    where.containing("name_key", _key(criteria.name))
    where.containing(_folded("trade_name"), _key(criteria.trade_name))
    where.containing(_folded("street"), _key(criteria.street))
    where.between("registered_on", criteria.registered_from, criteria.registered_to)
    if criteria.with_email_and_phone:
        where.add("has_email AND phones <> ''")
    return where


def _key(text: str | None) -> str | None:
    return None if text is None else search_key(text)


def _folded(column: str) -> str:
    return f"lower(strip_accents(coalesce({column}, '')))"


class PivotField(StrEnum):
    """Por que os cadastros se contam."""

    KIND = "kind"
    CLASSIFICATION = "classification"
    ACTIVITY = "activity"
    CITY = "city"
    DISTRICT = "district"
    UF = "uf"
    MONTH = "month"
    CONTRACT_STATE = "contract_state"
    PLAN = "plan"


_FIELDS = {
    PivotField.KIND: "customer.kind",
    PivotField.CLASSIFICATION: "customer.classification",
    PivotField.ACTIVITY: "CASE WHEN customer.is_active THEN 'active' ELSE 'inactive' END",
    PivotField.CITY: "customer.city",
    PivotField.DISTRICT: "customer.district",
    PivotField.UF: "customer.uf",
    PivotField.MONTH: "strftime(customer.registered_on, '%Y-%m')",
    PivotField.CONTRACT_STATE: "contract.state",
    PivotField.PLAN: "contract.description",
}
_OF_CONTRACTS = {PivotField.CONTRACT_STATE, PivotField.PLAN}
MOST_VALUES = 200
"""The most frequent values of a field; the others are counted together."""


class PivotCell(Entity):
    row: str | None = None
    """Valor do campo das linhas; ausente, os cadastros que não o têm."""
    column: str | None = None
    count: int
    """Cadastros, cada um uma vez."""


class Pivot(Entity):
    """Informações sintéticas: quantos cadastros há para cada par de valores dos dois campos."""

    rows: PivotField
    columns: PivotField
    cells: tuple[PivotCell, ...]
    count: int
    """Cadastros ao todo. Com campos de contrato, quem tem vários contratos conta em cada um dos valores deles."""


OTHERS = "outros"
"""Stands for all values of a field other than the most frequent."""


def pivot(call: Call, files: Files, *, rows: PivotField, columns: PivotField) -> Pivot:
    """Registrations counted by two fields. Contracts are those with the caller's companies."""
    with Engine(files, call.tenant_id, ("customer", "contract")) as engine:
        where, source = Where(), "customer"
        if {rows, columns} & _OF_CONTRACTS:
            source = "customer LEFT JOIN contract ON contract.customer_id = customer.id AND (" + (
                where.within(call, "contract.company_id").sql + ")"
            )
        cells = engine.rows(
            f"WITH pair AS (SELECT customer.id AS id, {_FIELDS[rows]} AS r, {_FIELDS[columns]} AS c FROM {source}),"
            f" {_frequent('r')}, {_frequent('c')}"
            f" SELECT {_value('r')} AS r, {_value('c')} AS c, count(DISTINCT id) FROM pair"
            " GROUP BY ALL ORDER BY r NULLS LAST, c NULLS LAST",
            where.parameters,
        )
        ((count,),) = engine.rows("SELECT count(*) FROM customer")
    return Pivot(
        rows=rows,
        columns=columns,
        cells=tuple(PivotCell(row=row, column=column, count=n) for row, column, n in cells),
        count=count,
    )


def _frequent(field: str) -> str:
    return f"{field}s AS (SELECT {field} FROM pair GROUP BY {field} ORDER BY count(*) DESC, {field} LIMIT {MOST_VALUES})"


def _value(field: str) -> str:
    is_frequent = f"{field} IS NULL OR {field} IN (SELECT {field} FROM {field}s)"
    return f"CASE WHEN {is_frequent} THEN {field} ELSE '{OTHERS}' END"


def cities(call: Call, files: Files) -> Sequence[str]:
    """The cities of all registrations, in alphabetical order, as choices for filters by city."""
    with Engine(files, call.tenant_id, ("customer",)) as engine:
        return [
            city
            for (city,) in engine.rows(
                "SELECT DISTINCT city FROM customer WHERE city IS NOT NULL ORDER BY 1 LIMIT 2000"
            )
        ]
