"""Pix received on a profile's key, imported from its statement: each is received once, however often it is imported
(BNK-06, BNK-08).

A Pix is identified by its end-to-end id (Banco Central, Manual de Padrões para Iniciação do Pix). It settles, in this
order:

1. the invoice whose nosso número is its txid, as in our static codes;
2. the only open invoice of its amount among those whose numbers its text names;
3. if the payer's document is known, the payer's only open invoice of its amount;
4. if it is not, the profile's only open invoice of its amount due around that month.

A Pix that fits no invoice, or several, is held (PAY-08). A statement row may have no such id: it is identified by its
content, and counted against those with an id (`pix_days`).
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from billing.access.call import Call
from billing.audit.batches import MOST, BatchAnswer, ItemAnswer, done, each
from billing.audit.changes import Changes
from billing.banking.model import PaymentProfile
from billing.banking.store import get_profile_for
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused, Severity
from billing.core.money import ZERO, Money
from billing.core.period import Day
from billing.core.table import Aggregate, entity_row, find
from billing.customers import lookups
from billing.invoicing import numbering
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from billing.invoicing.letting_go import LetTitleGo
from billing.invoicing.states import InvoiceStatus
from billing.payments import pix_days
from billing.payments.actions import ReceiptAction
from billing.payments.invoice_lateness import NOT_LATE, Lateness, lateness
from billing.payments.model import Method
from billing.payments.receiving import BankPayment, receive
from billing.payments.store import PaymentsTable

AROUND = timedelta(days=60)
"""How far before and after the middle of a Pix's month to look for an invoice with its amount, by due date."""


def _above_zero(amount: Money) -> Money:
    if amount <= ZERO:
        raise PydanticCustomError("pix.amount", "O valor de um Pix recebido é maior que zero.")
    return amount


class PixReceipt(Entity):
    """Um Pix recebido, como está no extrato."""

    end_to_end_id: Annotated[str, StringConstraints(pattern=r"^E[0-9]{20}[A-Za-z0-9]{11}$")] = Field(
        examples=["E00000000202604101205AbCdEfGh123"]
    )
    """Identificador fim a fim; com ele o mesmo Pix só entra uma vez."""
    txid: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,35}$")] | None = Field(
        default=None, examples=["00000012"]
    )
    """O identificador da cobrança; nos códigos das nossas faturas, o nosso número do boleto."""
    amount: Annotated[Money, AfterValidator(_above_zero)] = Field(examples=["199.90"])
    received_on: Day = Field(examples=["2026-04-10"])
    payer_document: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{11,14}$")] | None = Field(
        default=None, examples=["52998224725"]
    )
    """CPF ou CNPJ do pagador, só os caracteres."""


class PixStatement(Entity):
    """Pix recebidos na chave de um profile de pagamento."""

    receipts: tuple[PixReceipt, ...] = Field(min_length=1, max_length=MOST)


class ImportedPix(PixReceipt, Aggregate):
    """A Pix that was received here, kept so that it is received only once."""

    profile_id: str


class ReceivedPix(NamedTuple):
    """What a source reports about a Pix, used to find its invoice."""

    amount: Money
    received_on: date
    txid: str | None = None
    payer_document: str | None = None
    numbers: tuple[str, ...] = ()
    """Numbers in its text; each may be a nosso número if the invoice also has the amount."""


Find = Callable[[ReceivedPix], Invoice | None]


def receive_all(
    call: Call, profile_id: str, statement: PixStatement, let_title_go: LetTitleGo
) -> BatchAnswer:
    """Answers for each Pix by its end-to-end id. Raises NotFound, Forbidden, and Refused for a profile whose Pix are
    not imported."""
    profile = profile_for(call, profile_id)
    by_id = {receipt.end_to_end_id: receipt for receipt in statement.receipts}
    find_invoice = finder(call, profile)

    def one(part: Call, changes: Changes, end_to_end_id: str) -> ItemAnswer:
        return _receive(part, changes, profile, by_id[end_to_end_id], find_invoice, let_title_go)

    return each(call, by_id, one)


def profile_for(call: Call, profile_id: str) -> PaymentProfile:
    """Raises NotFound, Forbidden, Refused for a profile whose Pix are not imported."""
    profile = get_profile_for(call, profile_id)
    if not profile.imports_pix:
        message = (
            f"O profile “{profile.name}” não diz que os seus Pix são importados. Marque-o antes no cadastro."
        )
        raise Refused.because([Refusal("pix.not_imported", message)])
    return profile


def _receive(
    call: Call,
    changes: Changes,
    profile: PaymentProfile,
    receipt: PixReceipt,
    find_invoice: Find,
    let_title_go: LetTitleGo,
) -> ItemAnswer:
    imported = ImportedPix(**receipt.__dict__, profile_id=profile.id)
    there = find_imported(call.tenant_id, receipt.end_to_end_id)
    if there is not None:
        return _repeated(there, imported)
    return receive_named(call, changes, profile, imported, find_invoice, let_title_go)


def receive_named(
    call: Call,
    changes: Changes,
    profile: PaymentProfile,
    imported: ImportedPix,
    find_invoice: Find,
    let_title_go: LetTitleGo,
    numbers: tuple[str, ...] = (),
) -> ItemAnswer:
    """Receive a Pix whose id has not been seen before."""
    pix_id = imported.end_to_end_id
    changes.put(_row(call.tenant_id, imported), ReceiptAction.PIX_IMPORTED)
    pix = ReceivedPix(imported.amount, imported.received_on, imported.txid, imported.payer_document, numbers)
    if not pix_days.count_named(changes, call.tenant_id, profile.id, pix.received_on, pix.amount, pix_id):
        message = "Este Pix já tinha entrado por uma linha de extrato sem identificador; sem efeito."
        return done(pix_id, [Refusal("pix.known", message, Severity.WARNS)])
    return enter(call, changes, profile, pix_id, pix, find_invoice, let_title_go)


def enter(
    call: Call,
    changes: Changes,
    profile: PaymentProfile,
    pix_id: str,
    pix: ReceivedPix,
    find_invoice: Find,
    let_title_go: LetTitleGo,
) -> ItemAnswer:
    """Put the result of new money: the settlement, or a held receipt."""
    invoice = find_invoice(pix)
    late = _late_of(invoice, profile, pix)
    payment = BankPayment(
        source=f"pix_{pix_id}",
        company_id=profile.company_id,
        profile_id=profile.id,
        account_id=profile.cash_account_id,
        nosso_numero=pix.txid or "",
        received=pix.amount,
        interest=late.interest,
        fine=late.fine,
        discount=ZERO,
        tariff=ZERO,
        paid_on=pix.received_on,
        credited_on=pix.received_on,
        method=Method.PIX,
        ends_title=False,
    )
    received = receive(call, changes, payment, invoice, let_title_go)
    code = "pix.settled" if received.held is None else "pix.held"
    held = Refusal(code, received.message, Severity.WARNS)
    warnings = [held, *received.warnings] if received.held is not None else received.warnings
    return done(pix_id, warnings, made=received.made)


def _late_of(invoice: Invoice | None, profile: PaymentProfile, pix: ReceivedPix) -> Lateness:
    """The part of the Pix that is fine and interest: what a second copy of the invoice charged in addition to the
    balance."""
    if invoice is None or invoice.status is not InvoiceStatus.OPEN or pix.amount <= invoice.balance:
        return NOT_LATE
    return lateness(invoice, profile.terms, pix.received_on).within(pix.amount - invoice.balance)


def _repeated(there: ImportedPix, again: ImportedPix) -> ItemAnswer:
    if there.evolve(version=again.version) != again:
        message = f"O Pix {again.end_to_end_id} já foi importado com outro conteúdo. Confira o extrato."
        raise Refused.because([Refusal("pix.other_content", message)])
    message = "Este Pix já tinha sido importado; sem efeito."
    return done(again.end_to_end_id, [Refusal("pix.repeated", message, Severity.WARNS)])


def finder(call: Call, profile: PaymentProfile) -> Find:
    """Finds the invoice that a Pix settles. The profile's open invoices are read once, and only if an amount has to be
    looked for."""

    @cache
    def open_around(day: date) -> tuple[Invoice, ...]:
        due = invoicing.invoices_due(call.tenant_id, profile.company_id, day - AROUND, day + AROUND)
        return tuple(_payable(invoicing.find_invoices(call.tenant_id, due).values(), profile))

    def titled(number: str) -> Invoice | None:
        key = numbering.find_by_nosso_numero(call.tenant_id, profile.id, number)
        return None if key is None else invoicing.get_invoice(call.tenant_id, *key)

    def find_invoice(receipt: ReceivedPix) -> Invoice | None:
        if receipt.txid is not None and (invoice := titled(receipt.txid)) is not None:
            return invoice
        of_text = [invoice for number in receipt.numbers if (invoice := titled(number)) is not None]
        if (named := _only(_payable(of_text, profile), receipt.amount)) is not None:
            return named
        if receipt.payer_document is not None:
            people = lookups.by_document(call.tenant_id, receipt.payer_document)
            owed = (i for person in people for i in invoicing.invoices_of(call.tenant_id, person.id))
            return _only(_payable(owed, profile), receipt.amount)
        month = receipt.received_on.replace(day=15)
        only = _only(open_around(month), receipt.amount)
        return None if only is None else invoicing.get_invoice(call.tenant_id, only.customer_id, only.id)

    return find_invoice


def _payable(invoices: Iterable[Invoice], profile: PaymentProfile) -> list[Invoice]:
    return [
        invoice
        for invoice in invoices
        if invoice.payment_profile_id == profile.id and invoice.status is InvoiceStatus.OPEN
    ]


def _only(invoices: Iterable[Invoice], amount: Money) -> Invoice | None:
    """The only one with the amount; None if there are two."""
    same = [invoice for invoice in invoices if invoice.balance == amount]
    return same[0] if len(same) == 1 else None


def _row(tenant_id: str, imported: ImportedPix) -> PaymentsTable:
    return entity_row(PaymentsTable, f"{tenant_id}#pix#{imported.end_to_end_id}", "receipt", imported)


def find_imported(tenant_id: str, end_to_end_id: str) -> ImportedPix | None:
    return find(PaymentsTable, f"{tenant_id}#pix#{end_to_end_id}", "receipt", ImportedPix)
