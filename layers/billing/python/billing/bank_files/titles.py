"""What a remittance can contain: titles to register and instructions about titles that the bank has, in the form of
the bank's file.

A key is "customer_id/invoice_id", for an instruction "customer_id/invoice_id/instruction_id".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from billing.access.call import Call
from billing.bank_files import store
from billing.bank_files.instruction import InstructionStatus, TitleInstruction
from billing.banking.instructions import Discount, Instruction, Movement, Payer, Title
from billing.banking.model import PaymentProfile
from billing.banking.preflight import checker
from billing.banking.remittance import warning_of
from billing.core.errors import Refusal, Refused, refusing_faults
from billing.core.ids import content_hash
from billing.core.money import ZERO
from billing.core.table import RowsById, UnreadableRow, each_readable
from billing.customers import store as customers
from billing.customers.model import Customer
from billing.invoicing import store as invoices
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus, RemittanceState

TITLES_PER_TRANSACTION = 40
"""Each takes two rows: itself and its audit entry."""


class LoadedTitles(NamedTuple):
    """What given keys refer to; what does not exist is absent."""

    invoices: dict[str, Invoice]
    """By "customer_id/invoice_id"."""
    customers: dict[str, Customer]
    instructions: dict[str, TitleInstruction]
    """By key."""
    replaced: dict[str, Invoice] = {}
    """By id, the invoices that these replace."""
    unreadable: dict[str, UnreadableRow] = {}
    """Unreadable rows by key: of the invoice, one it replaces, its customer or the instruction."""

    def invoice(self, key: str) -> Invoice | None:
        return self.invoices.get(title_key(key))

    def instruction(self, key: str) -> Instruction:
        """In the form of the bank's file. Raises Refused for a payer whom no bank would register."""
        invoice = self.invoices[title_key(key)]
        return instruction_of(invoice, self.customers.get(invoice.customer_id), self.instructions.get(key))


Check = Callable[[Instruction], list[Refusal]]


UNWRITABLE = "Os dados deste título não cabem no arquivo do banco. Confira o cadastro do cliente e a fatura."


def check_of(profile: PaymentProfile) -> Check:
    """The pre-flight of one profile. If its terms cannot be written to a file, every instruction is refused and the
    titles stay free."""
    try:
        return checker(profile.terms)
    except Refused as refused:
        reasons = list(refused.reasons) or [Refusal(refused.code, refused.title)]
        return lambda _: reasons


def warned_by(profile: PaymentProfile) -> Check:
    """What a person should know about an instruction that will be sent."""
    try:
        return warning_of(profile.terms)
    except Refused:
        return lambda _: []


def reasons_against(loaded: LoadedTitles, key: str, check: Check) -> list[Refusal]:
    """Why it would not be sent: the invoice is suspended, customer data are missing, or the pre-flight finds
    something."""
    try:
        with refusing_faults("remittance.unwritable", UNWRITABLE):
            instruction = loaded.instruction(key)
            invoice = loaded.invoices[title_key(key)]
            held = [*held_back(invoice, instruction.movement)]
            if instruction.movement is Movement.REGISTER:
                held += _behind_replaced(invoice, loaded.replaced)
            return held or check(instruction)
    except Refused as refused:
        return list(refused.reasons)


def held_back(invoice: Invoice, movement: Movement) -> Iterator[Refusal]:
    """A suspended invoice is not collected (INV-02, ours); instructions that ease or end its collection may be sent."""
    if invoice.status is InvoiceStatus.SUSPENDED and movement in {
        Movement.PROTEST,
        Movement.REPORT_TO_BUREAU,
    }:
        message = f"A fatura {invoice.number} já está com o status de suspenso."
        yield Refusal("invoice.suspended", message)


def _behind_replaced(invoice: Invoice, replaced: Mapping[str, Invoice]) -> Iterator[Refusal]:
    """Two boletos for the same charges must never be payable at once: the new one is not registered while the old one
    can still be paid at the bank. In the old one's own profile, its write-off goes in the same file, before the new
    title."""
    for old in (replaced[invoice_id] for invoice_id in invoice.replaces or () if invoice_id in replaced):
        goes_before = (old.payment_profile_id, old.remittance) == (
            invoice.payment_profile_id,
            RemittanceState.WRITE_OFF_QUEUED,
        )
        if old.is_at_the_bank and not goes_before:
            message = (
                f"O boleto da Fatura {old.number}, cujas contas esta fatura cobra de novo, ainda pode ser pago no banco. Este"
                " vai na remessa depois que o banco confirmar a baixa daquele, ou que se registre a baixa pedida direto ao banco."
            )
            yield Refusal("title.replaces_payable", message)


def load(call: Call, keys: list[str]) -> LoadedTitles:
    titles = find_titles(call, map(title_key, keys))
    people = each_readable(
        (_pair(key)[0] for key in keys),
        lambda ids: {customer.id: customer for customer in customers.get_many(call.tenant_id, ids)},
    )
    instructions = find_asked(call, filter(is_instruction, keys))
    behind = {key: _replaced_by(invoice) for key, invoice in titles.things.items()}
    old = find_titles(call, sorted({replaced for several in behind.values() for replaced in several}))
    unreadable = dict(instructions.unreadable)
    for key in keys:
        title, customer_id = title_key(key), _pair(key)[0]
        faults = [titles.unreadable.get(title), people.unreadable.get(customer_id)]
        faults += map(old.unreadable.get, behind.get(title, ()))
        if any(faults):
            unreadable[key] = next(filter(None, faults))
    return LoadedTitles(
        dict(titles.things),
        dict(people.things),
        dict(instructions.things),
        {invoice.id: invoice for invoice in old.things.values()},
        unreadable,
    )


def _replaced_by(invoice: Invoice) -> list[str]:
    return [f"{invoice.customer_id}/{replaced}" for replaced in invoice.replaces or ()]


def find_titles(call: Call, keys: Iterable[str]) -> RowsById[Invoice]:
    """The invoices for the keys, by key; those that do not exist are absent."""

    def by_key(some: list[str]) -> dict[str, Invoice]:
        readable = invoices.find_invoices(call.tenant_id, map(_pair, some)) if some else {}
        return {key_of(invoice): invoice for invoice in readable.values()}

    return each_readable(keys, by_key)


def find_asked(call: Call, keys: Iterable[str]) -> RowsById[TitleInstruction]:
    """The instructions for the keys, by key."""
    return each_readable(keys, lambda some: store.find_instructions(call.tenant_id, some) if some else {})


def waiting_titles(call: Call, profile: PaymentProfile, due_from: date, due_to: date) -> list[Invoice]:
    """The titles waiting to be registered, by due date.

    A title that the bank has confirmed never waits, marked or not; a rejected one waits once something in it is
    corrected.
    """
    waiting = [
        invoice
        for invoice in titles_due(call, profile, due_from, due_to)
        if invoice.status is InvoiceStatus.OPEN and is_to_register(invoice) and not invoice.locks
    ]
    rejected = [key_of(invoice) for invoice in waiting if invoice.remittance is RemittanceState.REJECTED]
    loaded = load(call, rejected) if rejected else None
    waiting = [
        invoice
        for invoice in waiting
        if invoice.remittance is not RemittanceState.REJECTED
        or (loaded is not None and is_mended(loaded, invoice, profile))
    ]
    waiting.sort(key=lambda invoice: (invoice.due_on, invoice.number))
    return waiting


def is_to_register(invoice: Invoice) -> bool:
    """Whether the bank lacks the title; for one that was sent, on a person's word."""
    if invoice.remittance is RemittanceState.TRANSMITTED:
        return invoice.is_unmarked
    return invoice.remittance in {RemittanceState.NONE, RemittanceState.REJECTED}


def is_mended(loaded: LoadedTitles, invoice: Invoice, profile: PaymentProfile) -> bool:
    """Whether its entry would differ from the one that the bank rejected."""
    sent = invoice.entry_hash
    return sent is None or entry_hash(loaded, key_of(invoice), profile) != sent


def entry_hash(loaded: LoadedTitles, key: str, profile: PaymentProfile) -> str | None:
    """A hash of a title's entry; None if no entry can be written for it."""
    try:
        said = repr(loaded.instruction(key))
    except Refused:
        return None
    return content_hash(f"{said}{profile.terms.model_dump_json()}".encode())[:16]


def titles_due(call: Call, profile: PaymentProfile, due_from: date, due_to: date) -> Iterator[Invoice]:
    """The profile's open and suspended invoices with a boleto."""
    for invoice in _due(call, profile, due_from, due_to).things.values():
        if invoice.payment_profile_id == profile.id and invoice.barcode is not None:
            yield invoice


def unreadable_due(call: Call, profile: PaymentProfile, due_from: date, due_to: date) -> list[str]:
    """The keys of those that cannot be read, of any profile."""
    return sorted(_due(call, profile, due_from, due_to).unreadable)


def unreadable_instructions(call: Call, profile: PaymentProfile) -> list[str]:
    """The keys of waiting instructions that cannot be read."""
    return sorted(find_asked(call, store.waiting_keys(call.tenant_id, profile.id)).unreadable)


def _due(call: Call, profile: PaymentProfile, due_from: date, due_to: date) -> RowsById[Invoice]:
    due = invoices.invoices_due(call.tenant_id, profile.company_id, due_from, due_to)
    return find_titles(call, (f"{customer_id}/{invoice_id}" for customer_id, invoice_id in due))


def waiting_instructions(call: Call, profile: PaymentProfile) -> list[TitleInstruction]:
    """Instructions waiting for a remittance of the profile, whatever the due dates of their titles, in the order
    requested."""
    queued = find_asked(call, store.waiting_keys(call.tenant_id, profile.id)).things.values()
    waiting = [one for one in queued if one.status is InstructionStatus.WAITING]
    return sorted(waiting, key=lambda one: (one.asked_at, one.number, one.id))


def instruction_of(
    invoice: Invoice, customer: Customer | None, instruction: TitleInstruction | None
) -> Instruction:
    """The registration of an invoice's title, or the requested instruction about it. Raises Refused."""
    assert invoice.title_number is not None
    rebate = (instruction.rebate if instruction is not None else None) or invoice.rebate or ZERO
    title = Title(
        nosso_numero=invoice.title_number,
        our_reference=invoice.id,
        document_number=str(invoice.number),
        issued_on=invoice.issued_on,
        due_on=(instruction.due_on if instruction is not None else None) or invoice.due_on,
        amount=invoice.amount,
        payer=_payer(customer),
        discount=_discount(invoice, instruction),
        rebate=rebate,
    )
    return Instruction(Movement.REGISTER if instruction is None else instruction.movement, title)


def _discount(invoice: Invoice, instruction: TitleInstruction | None) -> Discount | None:
    """The requested discount, or else the one that the bank was told before."""
    given = (instruction.discount if instruction is not None else None) or invoice.discount
    if given is None or (instruction is not None and instruction.movement is Movement.CANCEL_DISCOUNT):
        return None
    return Discount(given.amount, given.until)


def _payer(customer: Customer | None) -> Payer:
    if customer is None or customer.document is None:
        message = "Falta o CPF ou CNPJ do cliente no cadastro."
        raise Refused.because([Refusal("remittance.payer_document", message, field="payer.document")])
    address = customer.billing_address
    if address is None:
        message = "Falta o endereço do cliente no cadastro."
        raise Refused.because([Refusal("remittance.payer_address", message, field="payer.street")])
    return Payer(
        document=customer.document,
        name=customer.name,
        street=f"{address.street} {address.number}",
        district=address.district,
        postcode=address.cep,
        city=address.city,
        state=address.uf,
        email=customer.emails[0] if customer.emails else "",
    )


def groups(keys: list[str]) -> Iterable[list[str]]:
    return (keys[i : i + TITLES_PER_TRANSACTION] for i in range(0, len(keys), TITLES_PER_TRANSACTION))


def key_of(invoice: Invoice) -> str:
    return f"{invoice.customer_id}/{invoice.id}"


def title_key(key: str) -> str:
    """The key of an instruction's title."""
    return "/".join(key.split("/")[:2])


def is_instruction(key: str) -> bool:
    return key.count("/") == 2


def _pair(key: str) -> tuple[str, str]:
    customer_id, invoice_id = key.split("/")[:2]
    return customer_id, invoice_id
