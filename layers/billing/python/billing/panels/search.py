"""One search for the whole product (WEB-02): the clerk types what they have, and gets what it may refer to.

A linha digitável, a document or an e-mail is recognised by its form. A number may be a code, a document, an invoice or
a nosso número, and all matches are returned; if there are none, it may be a telephone. Everything else is part of a
name.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from itertools import islice

from billing.access.call import Call
from billing.access.model import Permission
from billing.banking.boleto import linha_digitavel
from billing.core.br import cnpj, cpf
from billing.core.br.text import search_key
from billing.core.emails import compact as compact_email
from billing.core.entity import Entity
from billing.core.errors import BillingError, Forbidden, NotFound
from billing.core.files import Files
from billing.core.labels import label_of
from billing.customers import lookups
from billing.customers.model import Customer
from billing.invoicing.states import STATUS_PT, InvoiceStatus
from billing.panels.listing import Where
from billing.projections.engine import Engine
from billing.runs import store as runs

MOST = 20
"""Hits of one kind."""


class HitKind(StrEnum):
    CUSTOMER = "customer"
    INVOICE = "invoice"
    CONTRACT = "contract"
    RUN = "run"


class Hit(Entity):
    """Uma coisa encontrada, e onde ela está."""

    kind: HitKind
    id: str
    customer_id: str | None = None
    title: str
    """Como as pessoas a chamam."""
    detail: str
    """O que a distingue de outras parecidas."""


class Hits(Entity):
    items: tuple[Hit, ...]


def search(call: Call, files: Files, text: str) -> Hits:
    """Customers of the tenant, and invoices, contracts and runs of the caller's companies."""
    hits = [*_by_key(call, text), *_run(call, text)]
    with Engine(files, call.tenant_id, ("customer", "invoice", "contract")) as engine:
        hits += _invoices(call, engine, text)
        if not hits:
            hits += _customers(engine, text)
        hits += _contracts(call, engine, text)
    return Hits(items=tuple({(hit.kind, hit.id): hit for hit in hits}.values()))


def _by_key(call: Call, text: str) -> Iterator[Hit]:
    """Registrations by document, e-mail or code, each looked up directly by key."""
    tenant, bare = call.tenant_id, cnpj.compact(text)
    customers: list[Customer] = []
    if "@" in text:
        customers += lookups.by_email(tenant, compact_email(text))
    elif cpf.is_valid(bare) or cnpj.is_valid(bare):
        customers += lookups.by_document(tenant, bare)
    elif bare.isascii() and bare.isdigit() and len(bare) <= 9:
        customers += lookups.by_code(tenant, int(bare))
    return (_of_customer(customer) for customer in islice(customers, MOST))


def _run(call: Call, text: str) -> Iterator[Hit]:
    """A run by its id, as seen in a message or a log."""
    if not text.startswith("run_") or Permission.RUNS_READ not in call.permissions:
        return
    with suppress(NotFound, Forbidden):
        run = runs.get_for(call, text)
        yield Hit(
            kind=HitKind.RUN,
            id=run.id,
            title=label_of(run.kind),
            detail=f"{run.business_date:%d/%m/%Y}, {label_of(run.status).lower()}",
        )


def _of_customer(customer: Customer) -> Hit:
    city = customer.billing_address.city if customer.billing_address else ""
    state = "" if customer.is_active else "inativo"
    detail = ", ".join(filter(None, (f"código {customer.code}", customer.formatted_document, city, state)))
    return Hit(
        kind=HitKind.CUSTOMER, id=customer.id, customer_id=customer.id, title=customer.name, detail=detail
    )


def _customers(engine: Engine, text: str) -> Iterator[Hit]:
    """By part of the name, or by a telephone."""
    digits = _digits(text)
    where = Where()
    if len(digits) >= 8:
        where.containing("phones", digits)
    else:
        where.containing("name_key", search_key(text))
    rows = engine.rows(
        "SELECT id, name, code, city, is_active FROM customer"
        f" WHERE {where.sql} ORDER BY NOT is_active, name_key, id LIMIT {MOST}",
        where.parameters,
    )
    for customer_id, name, code, city, is_active in rows:
        detail = ", ".join(filter(None, (f"código {code}", city, "" if is_active else "inativo")))
        yield Hit(kind=HitKind.CUSTOMER, id=customer_id, customer_id=customer_id, title=name, detail=detail)


def _invoices(call: Call, engine: Engine, text: str) -> Iterable[Hit]:
    """By number, nosso número, or the code of its boleto, typed or scanned."""
    digits = _digits(text)
    if not digits or digits != "".join(c for c in text if c not in " .-/"):
        return []
    where = Where().within(call, "invoice.company_id")
    if len(digits) == 47:
        try:
            where.equal("barcode", linha_digitavel.to_barcode(digits))
        except BillingError:
            return []
    elif len(digits) == 44:
        where.equal("barcode", digits)
    else:
        number = int(digits) if len(digits) <= 12 else -1
        where.add("(number = ? OR ltrim(nosso_numero, '0') = ?)", number, digits.lstrip("0"))
    rows = engine.rows(
        "SELECT invoice.id, invoice.customer_id, number, customer.name, due_on, status, amount_cents"
        f" FROM invoice LEFT JOIN customer ON customer.id = invoice.customer_id WHERE {where.sql}"
        f" ORDER BY due_on DESC, invoice.id LIMIT {MOST}",
        where.parameters,
    )
    return [
        Hit(
            kind=HitKind.INVOICE,
            id=invoice_id,
            customer_id=customer_id,
            title=f"Fatura {number}",
            detail=f"{name or ''}, vence em {due_on:%d/%m/%Y}, {STATUS_PT[InvoiceStatus(status)].lower()}",
        )
        for invoice_id, customer_id, number, name, due_on, status, _ in rows
    ]


def _contracts(call: Call, engine: Engine, text: str) -> Iterable[Hit]:
    """By part of the plan's name."""
    if not search_key(text) or "@" in text or _digits(text) == text:
        return []
    where = Where().within(call, "contract.company_id")
    where.containing("lower(strip_accents(contract.description))", search_key(text))
    rows = engine.rows(
        "SELECT contract.id, contract.customer_id, contract.number, contract.description, customer.name"
        f" FROM contract LEFT JOIN customer ON customer.id = contract.customer_id WHERE {where.sql}"
        f" ORDER BY customer.name_key, contract.number, contract.id LIMIT {MOST}",
        where.parameters,
    )
    return [
        Hit(
            kind=HitKind.CONTRACT,
            id=contract_id,
            customer_id=customer_id,
            title=f"{number} - {description}",
            detail=name or "",
        )
        for contract_id, customer_id, number, description, name in rows
    ]


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isascii() and character.isdigit())
