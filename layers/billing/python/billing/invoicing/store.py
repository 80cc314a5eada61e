"""Charges and invoices, one partition per customer.

    tenant#cus_...             charge#chg_...     a charge; while unbilled in the index by_unbilled
    tenant#cus_...             invoice#inv_...    an invoice; while open or suspended in the index by_due

While an open or paid invoice lacks a fiscal document, it is in the index by_fiscal, by month of issue.
Numbers are in `numbering`. The indexes are KEYS_ONLY and sharded by customer within a due month, for due dates crowd on a few
days; their sort keys hold all that planning needs, so a run reads no charge to know how charges are grouped.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from billing.audit.changes import Changes
from billing.audit.history import Recorded
from billing.core.errors import NotFound
from billing.core.ids import shard_of
from billing.core.period import Month, Period
from billing.core.table import Table, entity_row, find, find_many, meta, rows_in
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.charge import Charge, ChargeOrigin, charge_id
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus

SHARDS = 8
"""Index partitions of one month. Fixed: changing it would move rows."""

_NONE = "-"
_CREDITS = "credits"
"""In place of the due month: a credit has none, it waits for the next invoice."""


class ByUnbilled(GlobalSecondaryIndex["InvoicingTable"]):
    """Unbilled charges: tenant#due month#shard (credits: tenant#credits#shard), company#due date#profile#grouping."""

    class Meta:
        index_name = "by_unbilled"
        projection = KeysOnlyProjection()

    unbilled_key = UnicodeAttribute(hash_key=True)
    unbilled_sort = UnicodeAttribute(range_key=True)


class ByDue(GlobalSecondaryIndex["InvoicingTable"]):
    """Invoices that somebody may still have to pay: tenant#company#due month#shard, due date."""

    class Meta:
        index_name = "by_due"
        projection = KeysOnlyProjection()

    due_key = UnicodeAttribute(hash_key=True)
    due_sort = UnicodeAttribute(range_key=True)


class ByFiscal(GlobalSecondaryIndex["InvoicingTable"]):
    """Invoices that may still need a fiscal document: tenant#company#month of issue#shard, date of issue."""

    class Meta:
        index_name = "by_fiscal"
        projection = KeysOnlyProjection()

    fiscal_key = UnicodeAttribute(hash_key=True)
    fiscal_sort = UnicodeAttribute(range_key=True)


class InvoicingTable(Table):
    Meta = meta("invoicing")

    unbilled_key = UnicodeAttribute(null=True)
    unbilled_sort = UnicodeAttribute(null=True)
    due_key = UnicodeAttribute(null=True)
    due_sort = UnicodeAttribute(null=True)
    by_unbilled = ByUnbilled()
    by_due = ByDue()
    fiscal_key = UnicodeAttribute(null=True)
    fiscal_sort = UnicodeAttribute(null=True)
    by_fiscal = ByFiscal()


class Unbilled(NamedTuple):
    """A charge as the index by_unbilled has it."""

    customer_id: str
    charge_id: str
    due_on: date
    payment_profile_id: str | None
    grouping: str | None


def partition_of(tenant_id: str, customer_id: str) -> str:
    return f"{tenant_id}#{customer_id}"


def charge_row(tenant_id: str, charge: Charge) -> InvoicingTable:
    """A charge's row; while unbilled, it is in the index that billing plans from."""
    is_unbilled = charge.status is ChargeStatus.UNBILLED
    shard = shard_of(charge.customer_id, SHARDS)
    list_of = _CREDITS if charge.is_credit else f"{charge.due_on:%Y-%m}"
    profile, grouping = charge.payment_profile_id or _NONE, charge.grouping or _NONE
    return entity_row(
        InvoicingTable,
        partition_of(tenant_id, charge.customer_id),
        f"charge#{charge.id}",
        charge,
        unbilled_key=f"{tenant_id}#{list_of}#s{shard:02d}" if is_unbilled else None,
        unbilled_sort=f"{charge.company_id}#{charge.due_on}#{profile}#{grouping}" if is_unbilled else None,
    )


def invoice_row(tenant_id: str, invoice: Invoice) -> InvoicingTable:
    """An invoice's row; while open or suspended, it is in the index by due date."""
    is_live = invoice.status in {InvoiceStatus.OPEN, InvoiceStatus.SUSPENDED}
    shard = f"s{shard_of(invoice.customer_id, SHARDS):02d}"
    of_company = f"{tenant_id}#{invoice.company_id}"
    return entity_row(
        InvoicingTable,
        partition_of(tenant_id, invoice.customer_id),
        f"invoice#{invoice.id}",
        invoice,
        due_key=f"{of_company}#{invoice.due_on:%Y-%m}#{shard}" if is_live else None,
        due_sort=f"{invoice.due_on}" if is_live else None,
        fiscal_key=f"{of_company}#{invoice.issued_on:%Y-%m}#{shard}" if invoice.may_need_document else None,
        fiscal_sort=f"{invoice.issued_on}" if invoice.may_need_document else None,
    )


def put_invoice(
    tenant_id: str,
    changes: Changes,
    before: Invoice | None,
    after: Invoice,
    action: InvoiceAction,
    *,
    charges: Iterable[Charge] = (),
    note: str | None = None,
) -> None:
    """The only way to write an invoice; `charges` are those added to it or removed from it. Raises ValueError if its
    amount would not be the sum of its charges (INV-18).
    """
    row = invoice_row(tenant_id, after.following(before, charges))
    changes.put(row, action, before=before, after=after, note=note)


def history_of(tenant_id: str, invoice: Invoice) -> Recorded:
    return Recorded.of(invoice, invoice_row(tenant_id, invoice))


def get_charge(tenant_id: str, customer_id: str, charge_id: str) -> Charge:
    """Raises NotFound."""
    charge = find(InvoicingTable, partition_of(tenant_id, customer_id), f"charge#{charge_id}", Charge)
    if charge is None:
        raise NotFound("charge.missing", "A conta não existe.")
    return charge


def find_charges(tenant_id: str, keys: Iterable[tuple[str, str]]) -> dict[str, Charge]:
    """Charges by id, of (customer, charge) pairs; those that do not exist are absent."""
    rows = [(partition_of(tenant_id, customer), f"charge#{charge}") for customer, charge in keys]
    return {charge.id: charge for charge in find_many(InvoicingTable, rows, Charge).values()}


def charges_of(tenant_id: str, customer_id: str) -> list[Charge]:
    return list(rows_in(InvoicingTable, partition_of(tenant_id, customer_id), "charge#", Charge))


def find_invoice(tenant_id: str, customer_id: str, invoice_id: str) -> Invoice | None:
    return find(InvoicingTable, partition_of(tenant_id, customer_id), f"invoice#{invoice_id}", Invoice)


def get_invoice(tenant_id: str, customer_id: str, invoice_id: str) -> Invoice:
    """Raises NotFound."""
    invoice = find_invoice(tenant_id, customer_id, invoice_id)
    if invoice is None:
        raise NotFound("invoice.missing", "A fatura não existe.")
    return invoice


def find_invoices(tenant_id: str, keys: Iterable[tuple[str, str]]) -> dict[str, Invoice]:
    """Invoices by id, of (customer, invoice) pairs; those that do not exist are absent."""
    rows = [(partition_of(tenant_id, customer), f"invoice#{invoice}") for customer, invoice in keys]
    return {invoice.id: invoice for invoice in find_many(InvoicingTable, rows, Invoice).values()}


def invoices_of(tenant_id: str, customer_id: str) -> list[Invoice]:
    return list(rows_in(InvoicingTable, partition_of(tenant_id, customer_id), "invoice#", Invoice))


def unbilled(tenant_id: str, company_id: str, due_from: date, due_to: date) -> Iterator[Unbilled]:
    """Unbilled charges due from `due_from` to `due_to`, both included, from the index alone; credits are apart."""
    between = ByUnbilled.unbilled_sort.between(f"{company_id}#{due_from}#", f"{company_id}#{due_to}$")
    for key in _month_keys(tenant_id, due_from, due_to):
        yield from map(_unbilled, InvoicingTable.by_unbilled.query(key, between))


def credits_of(tenant_id: str, company_id: str) -> Iterator[Unbilled]:
    """Credits that wait for their customers' next invoices."""
    of_company = ByUnbilled.unbilled_sort.startswith(f"{company_id}#")
    for key in _shard_keys(f"{tenant_id}#{_CREDITS}"):
        yield from map(_unbilled, InvoicingTable.by_unbilled.query(key, of_company))


def _unbilled(row: InvoicingTable) -> Unbilled:
    _, due_on, profile, grouping = str(row.unbilled_sort).split("#", 3)
    return Unbilled(
        customer_id=row.partition.rpartition("#")[2],
        charge_id=row.row.removeprefix("charge#"),
        due_on=date.fromisoformat(due_on),
        payment_profile_id=None if profile == _NONE else profile,
        grouping=None if grouping == _NONE else grouping,
    )


def invoices_due(tenant_id: str, company_id: str, due_from: date, due_to: date) -> Iterator[tuple[str, str]]:
    """(customer, invoice) of the open and suspended invoices due from `due_from` to `due_to`, both included."""
    for key in _month_keys(f"{tenant_id}#{company_id}", due_from, due_to):
        for row in InvoicingTable.by_due.query(key, ByDue.due_sort.between(f"{due_from}", f"{due_to}")):
            yield row.partition.rpartition("#")[2], row.row.removeprefix("invoice#")


def invoices_undocumented(
    tenant_id: str, company_id: str, issued_from: date, issued_to: date
) -> list[tuple[str, str]]:
    """(customer, invoice) of those issued from `issued_from` to `issued_to`, both included, that may need a document, by
    date of issue."""
    between = ByFiscal.fiscal_sort.between(f"{issued_from}", f"{issued_to}")
    rows = [
        row
        for key in _month_keys(f"{tenant_id}#{company_id}", issued_from, issued_to)
        for row in InvoicingTable.by_fiscal.query(key, between)
    ]
    rows.sort(key=lambda row: (row.fiscal_sort, row.row))
    return [(row.partition.rpartition("#")[2], row.row.removeprefix("invoice#")) for row in rows]


def _month_keys(prefix: str, first: date, last: date) -> Iterator[str]:
    month = Month.of(first)
    while month <= Month.of(last):
        yield from _shard_keys(f"{prefix}#{month}")
        month = month.plus(1)


def _shard_keys(prefix: str) -> Iterator[str]:
    return (f"{prefix}#s{shard:02d}" for shard in range(SHARDS))


def existing_charges(tenant_id: str, customer_id: str, origins: Iterable[ChargeOrigin]) -> list[Charge]:
    """All revisions of the charges of these origins, including removed ones, for `proposed_minus_existing` to compare
    with."""
    charges: list[Charge] = []
    looked_for, revision = list(dict.fromkeys(origins)), 0
    while looked_for:
        ids = {_id_of(origin, revision): origin for origin in looked_for}
        there = find_charges(tenant_id, [(customer_id, charge) for charge in ids])
        charges += there.values()
        looked_for, revision = [ids[charge] for charge in there], revision + 1
    return sorted(charges, key=lambda charge: (charge.definition_id or "", charge.revision))


def _id_of(origin: ChargeOrigin, revision: int) -> str:
    period: Period = origin.reference
    return charge_id(origin.contract_id, origin.definition_id, period, revision)
