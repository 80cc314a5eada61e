"""What must always hold of charges, invoices and numbers (INV-17, INV-18, BEY-10): checked by tests and by audits.

Each finding names the rule and the entity; an empty list means that all is well.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from billing.core.money import ZERO, Money
from billing.invoicing import numbering, store
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import GONE, ChargeStatus, InvoiceStatus


class Finding(NamedTuple):
    rule: str
    subject: str
    detail: str


def findings(tenant_id: str, company_id: str, series: str) -> list[Finding]:
    """Everything wrong with one series of a company: walks its blocks, their invoices and these invoices' customers."""
    blocks = numbering.series_blocks(tenant_id, company_id, series)
    faults = list(_numbers(blocks))
    next_number = numbering.series_counter(tenant_id, company_id, series).next
    after = blocks[-1].first + len(blocks[-1].invoices) if blocks else 1
    if next_number != after:
        faults.append(Finding("counter", f"{company_id}/{series}", f"next is {next_number}, not {after}"))
    seen: set[int] = set()
    customers: dict[str, None] = {}
    for block in blocks:
        keys = [(customer, invoice) for customer, _, invoice in (k.partition("/") for k in block.invoices)]
        written = store.find_invoices(tenant_id, keys)
        customers |= dict.fromkeys(customer for customer, _ in keys)
        for position, (_, invoice_id) in enumerate(keys):
            key, invoice = block.invoices[position], written.get(invoice_id)
            number = block.first + position
            if invoice is None:
                faults.append(Finding("listed_not_written", key, f"number {number}"))
            elif invoice.number != number or number in seen:
                faults.append(Finding("number", key, f"has {invoice.number}, was given {number}"))
            seen.add(number)
    for customer_id in customers:
        charges, invoices = (
            store.charges_of(tenant_id, customer_id),
            store.invoices_of(tenant_id, customer_id),
        )
        faults += of_customer(charges, invoices)
    return faults


def of_customer(charges: Iterable[Charge], invoices: Iterable[Invoice]) -> Iterator[Finding]:
    """What is wrong between one customer's charges and invoices."""
    by_id = {charge.id: charge for charge in charges}
    holder: dict[str, str] = {}
    for invoice in invoices:
        if invoice.status in GONE:
            continue
        parts = [by_id[charge_id] for charge_id in invoice.charge_ids if charge_id in by_id]
        total = Money.sum(charge.amount for charge in parts)
        if len(parts) != len(invoice.charge_ids) or total != invoice.amount:
            yield Finding("sum_of_charges", invoice.id, f"charges {total}, invoice {invoice.amount}")
        if not ZERO <= invoice.paid <= invoice.amount:
            yield Finding("paid", invoice.id, f"paid {invoice.paid} of {invoice.amount}")
        if (invoice.status is InvoiceStatus.SETTLED) != (invoice.settled_on is not None):
            yield Finding("settled", invoice.id, f"{invoice.status}, settled on {invoice.settled_on}")
        for charge in parts:
            if charge.id in holder or charge.invoice_id != invoice.id:
                yield Finding("one_invoice_per_charge", charge.id, f"in {invoice.id}")
            holder[charge.id] = invoice.id
    for charge in by_id.values():
        if (charge.status is ChargeStatus.BILLED) != (charge.id in holder):
            yield Finding("billed", charge.id, f"{charge.status}, in {holder.get(charge.id)}")


def _numbers(blocks: list[numbering.NumberBlock]) -> Iterator[Finding]:
    """Without gap or repeat, from 1."""
    expected = 1
    for block in blocks:
        if block.first != expected:
            where = f"{block.owner}/{block.chunk}/{block.round}"
            yield Finding("gap", where, f"starts at {block.first}, not {expected}")
        expected = block.first + len(block.invoices)
