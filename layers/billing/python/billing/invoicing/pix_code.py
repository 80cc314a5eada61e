"""The Pix code that an invoice shows: only while something is owed, and for the amount owed (BNK-06)."""

from billing.banking.model import PaymentProfile
from billing.banking.pix import BrCode, read_code, static_code
from billing.core.errors import InvalidInput
from billing.core.money import Money
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus


def pix_to_pay(
    invoice: Invoice, profile: PaymentProfile | None = None, payable: Money | None = None
) -> str | None:
    """A code to our own key is for `payable`, or else for what is still owed, and is not shown if the `profile`'s
    receipts are no longer imported. A code that the bank made for the boleto is shown as long as the boleto can be
    paid.
    """
    if invoice.pix_payload is None or invoice.status is not InvoiceStatus.OPEN or not invoice.balance:
        return None
    code = _read(invoice.pix_payload)
    if code is None or code.key is None:
        return invoice.pix_payload if invoice.has_boleto_to_pay else None
    if profile is not None and not profile.imports_pix:
        return None
    amount = invoice.balance if payable is None else payable
    if code.amount == amount:
        return invoice.pix_payload
    return static_code(key=code.key, name=code.name, city=code.city, amount=amount, txid=code.txid or "***")


def _read(payload: str) -> BrCode | None:
    """None for a bank's code that does not follow the standard: only the bank knows what it asks for."""
    try:
        return read_code(payload)
    except InvalidInput:
        return None
