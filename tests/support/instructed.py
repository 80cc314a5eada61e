"""Titles that the bank has, and requests about them: the starting point of tests of instructions."""

from datetime import date
from typing import Any

from billing.access.call import Call
from billing.adapters.s3 import S3Files
from billing.audit.batches import ItemAnswer
from billing.bank_files import instructions, returns, store
from billing.bank_files.instruction import InstructionRequest, TitleInstruction
from billing.bank_files.model import ReturnFile
from billing.banking.model import PaymentProfile
from billing.core.files import Folder
from billing.core.ids import content_hash
from billing.invoicing import store as invoices
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import RemittanceState
from tests.support import made
from tests.support.machine import Walker
from tests.support.uploads import sent

NEW_DAY = date(2026, 4, 15)


def keep_registered(
    call: Call, owner: PaymentProfile, count: int, *, first: int = 1, new: int = 0
) -> list[Invoice]:
    """Invoices as `made.keep_invoices` makes them, that the bank has registered; after them `new` that it has not."""
    kept = made.keep_invoices(call, owner, count + new, first=first)[:count]
    for one in kept:
        registered = one.evolve(remittance=RemittanceState.REGISTERED, version=1)
        made.keep(call, invoices.invoice_row(call.tenant_id, registered))
    return kept


def ask(call: Call, invoice: Invoice, movement: str, **wish: Any) -> ItemAnswer:
    request = InstructionRequest.model_validate(
        {
            "invoices": [{"customer_id": invoice.customer_id, "invoice_id": invoice.id}],
            "movement": movement,
            "justification": "Acordo com o cliente",
            **wish,
        }
    )
    (answer,) = instructions.ask(call, request).items
    return answer


def instructions_of(call: Call, invoice: Invoice) -> list[TitleInstruction]:
    return store.instructions_of(call.tenant_id, invoice.customer_id, invoice.id)


def now(call: Call, invoice: Invoice) -> Invoice:
    return invoices.get_invoice(call.tenant_id, invoice.customer_id, invoice.id)


def file_of(call: Call, files: S3Files, owner: PaymentProfile) -> bytes:
    """The newest remittance."""
    newest = store.remittances(call.tenant_id, owner.id)[0]
    return files.get(store.file_key(call.tenant_id, newest))


def receive(call: Call, files: S3Files, data: bytes) -> ReturnFile:
    key = Folder.BANK_CHANNEL.key(call.tenant_id, f"{content_hash(data)[:12]}.ret")
    returned = returns.receive(call, files, Walker(), sent(key, data))
    return store.get_return(call.tenant_id, returned.id)
