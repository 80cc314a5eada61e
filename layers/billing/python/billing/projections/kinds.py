"""What a projection keeps of each kind of row: the columns needed for lists and totals over all customers.

A kind is recognised by the beginning of its row key, whatever the table. `columns` read the entity's stored map, so
that rows written by older code can be read too. Amounts are whole cents. Of a person, it keeps the columns by which
registrations are searched and those they are listed with (CUS-03, CUS-04), except the document and e-mails, which are
looked up by key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from billing.core.br.text import search_key

Entity = Mapping[str, Any]
Value = str | int | bool | None

TEXT, DAY, WHOLE, FLAG = "VARCHAR", "DATE", "BIGINT", "BOOLEAN"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    read: Callable[[Entity], Value]


@dataclass(frozen=True, slots=True)
class RowKind:
    """One kind of row, with the columns that are kept of it."""

    name: str
    prefix: str
    """How its row keys begin."""
    columns: tuple[Column, ...]

    @property
    def types(self) -> dict[str, str]:
        """The type of every kept column, in order; `id` and `version` decide which state of a row is the latest."""
        return {
            "id": TEXT,
            "customer_id": TEXT,
            "version": WHOLE,
            **{column.name: column.type for column in self.columns},
        }


def text(name: str, field: str | None = None) -> Column:
    return Column(name, TEXT, lambda entity: entity.get(field or name))


def day(name: str) -> Column:
    return Column(name, DAY, lambda entity: entity.get(name))


def cents(name: str) -> Column:
    return Column(f"{name}_cents", WHOLE, lambda entity: cents_of(entity.get(name)))


def cents_of(amount: str | None) -> int | None:
    """
    >>> cents_of("-1234.50"), cents_of("7")
    (-123450, 700)
    """
    if amount is None:
        return None
    units, _, fraction = amount.partition(".")
    sign = -1 if units.startswith("-") else 1
    return sign * (abs(int(units)) * 100 + int(fraction.ljust(2, "0") or 0))


def _address(name: str) -> Column:
    """A column of the first address, which is the billing address."""
    return Column(name, TEXT, lambda entity: (entity.get("addresses") or [{}])[0].get(name))


CUSTOMER = RowKind(
    "customer",
    "customer",
    (
        text("name"),
        Column("name_key", TEXT, lambda entity: search_key(entity["name"])),
        Column("code", WHOLE, lambda entity: entity["code"]),
        text("kind"),
        text("classification"),
        Column("is_active", FLAG, lambda entity: entity["is_active"]),
        day("registered_on"),
        text("company_id"),
        text("trade_name"),
        Column("phones", TEXT, lambda entity: " ".join(entity.get("phones") or ())),
        Column("has_email", FLAG, lambda entity: bool(entity.get("emails"))),
        _address("street"),
        _address("district"),
        _address("city"),
        _address("uf"),
        _address("cep"),
    ),
)

CONTRACT = RowKind(
    "contract",
    "contract#",
    (
        text("company_id"),
        Column("number", WHOLE, lambda entity: entity["number"]),
        text("description"),
        text("mode"),
        text("state"),
        day("starts_on"),
        day("activated_on"),
        day("ends_on"),
        text("payment_profile_id"),
        text("grouping"),
    ),
)

CHARGE = RowKind(
    "charge",
    "charge#",
    (
        text("company_id"),
        text("contract_id"),
        text("description"),
        text("status"),
        cents("amount"),
        day("due_on"),
        text("invoice_id"),
        text("payment_profile_id"),
        text("grouping"),
        text("credit_of"),
    ),
)

INVOICE = RowKind(
    "invoice",
    "invoice#",
    (
        text("company_id"),
        Column("number", WHOLE, lambda entity: entity["number"]),
        text("description"),
        text("status"),
        text("remittance"),
        cents("amount"),
        cents("paid"),
        day("issued_on"),
        day("due_on"),
        day("settled_on"),
        text("payment_profile_id"),
        text("nosso_numero"),
        text("barcode"),
    ),
)

SETTLEMENT = RowKind(
    "settlement",
    "settlement#",
    (
        text("company_id"),
        text("invoice_id"),
        text("method"),
        cents("principal"),
        cents("interest"),
        cents("fine"),
        cents("discount"),
        cents("received"),
        day("settled_on"),
        day("credited_on"),
        text("profile_id"),
        Column("is_live", FLAG, lambda entity: entity.get("reversal") is None),
    ),
)

HELD = RowKind(
    "held",
    "held#",
    (
        text("company_id"),
        text("profile_id"),
        text("invoice_id"),
        text("reason"),
        text("nosso_numero"),
        cents("held"),
        cents("missing"),
        day("paid_on"),
        text("resolution"),
    ),
)

MESSAGE = RowKind(
    "message",
    "message#",
    (
        text("company_id"),
        text("channel"),
        text("purpose"),
        text("state"),
        text("sent_by"),
        Column("moved_at", TEXT, lambda entity: entity["steps"][-1]["at"] if entity.get("steps") else None),
    ),
)

CLOSING = RowKind(
    "closing",
    "closing#",
    (
        text("company_id"),
        text("contract_id"),
        text("contract_title"),
        text("status"),
        cents("total"),
        Column("starts_on", DAY, lambda entity: entity["period"]["start"]),
        Column("ends_on", DAY, lambda entity: entity["period"]["end"]),
        Column("pending", WHOLE, lambda entity: sum((entity.get("pending") or {}).values())),
    ),
)

MOVEMENT = RowKind(
    "movement",
    "movement#",
    (
        text("account_id"),
        cents("amount"),
        Column("moved_on", DAY, lambda entity: entity["on"]),
        Column("is_expected", FLAG, lambda entity: bool(entity.get("is_expected"))),
    ),
)

KINDS: Mapping[str, RowKind] = {
    kind.name: kind
    for kind in (CUSTOMER, CONTRACT, CHARGE, INVOICE, SETTLEMENT, HELD, MESSAGE, CLOSING, MOVEMENT)
}


def kind_of(row: str) -> RowKind | None:
    """The kind of the row with this key; None for a row that no projection keeps (an audit row, a counter)."""
    if row == CUSTOMER.prefix:
        return CUSTOMER
    kind = KINDS.get(row.partition("#")[0])
    return kind if kind is not None and row.startswith(kind.prefix) and kind is not CUSTOMER else None
