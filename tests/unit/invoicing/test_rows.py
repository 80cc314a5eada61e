"""Which indexes contain an invoice, and what the key of a partition says."""

import pytest

from billing.core.money import ZERO, Money
from billing.invoicing.numbering import series_in
from billing.invoicing.states import InvoiceStatus
from billing.invoicing.store import invoice_row
from tests.support.invoices import invoice

OWED = {InvoiceStatus.OPEN, InvoiceStatus.SUSPENDED}
TO_DOCUMENT = {InvoiceStatus.OPEN, InvoiceStatus.SETTLED, InvoiceStatus.RENEGOTIATED}


@pytest.mark.req("INV-17")
@pytest.mark.parametrize("status", InvoiceStatus)
def test_only_invoices_that_may_still_be_paid_are_found_by_due_date(status: InvoiceStatus) -> None:
    row = invoice_row("ten_alfa", invoice(status=status))

    assert (row.due_key is not None, row.due_sort is not None) == (status in OWED, status in OWED)


@pytest.mark.parametrize("status", InvoiceStatus)
def test_only_invoices_that_are_or_were_payable_wait_for_a_fiscal_document(status: InvoiceStatus) -> None:
    assert invoice(status=status).may_need_document == (status in TO_DOCUMENT)
    assert (invoice_row("ten_alfa", invoice(status=status)).fiscal_key is not None) == (status in TO_DOCUMENT)


@pytest.mark.parametrize(("amount", "waits"), [(ZERO, False), (Money("0.01"), True)])
def test_invoice_of_nothing_needs_no_fiscal_document(amount: Money, waits: bool) -> None:
    assert invoice(amount=amount).may_need_document == waits


def test_partition_of_numbers_says_company_and_series() -> None:
    assert series_in("ten_alfa#com_alfa#series#1") == ("com_alfa", "1")
    assert series_in("ten_alfa#cus_1") is None
