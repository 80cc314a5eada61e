"""Mass dispatch: the invoices due in a range, to each customer by the channels that they accept (MSG-03).

The plan lists "customer/invoice" keys and fixes the text of the templates. Whether an invoice is still to be paid, its
boleto is registered and its customer accepts messages is checked when it is sent. An invoice that is not ready is
parked with the reason, and sent when the run is started again.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from billing.access.call import Call
from billing.banking import store as banking
from billing.banking.terms import Layout
from billing.core.entity import Entity
from billing.core.errors import BillingError, NotFound, Refusal, Refused
from billing.core.table import RowsById, UnreadableRow, each_readable
from billing.customers import store as customers
from billing.customers.company import Company
from billing.customers.company_store import get_company
from billing.customers.model import Channel, Customer
from billing.dispatch import sending, store, values
from billing.dispatch.composing import composed, filled, sender_of
from billing.dispatch.model import DispatchRequest, Message, MessageState, message_id
from billing.dispatch.sending import Postman
from billing.dispatch.templates import MessagePurpose, Template, TemplateChannel
from billing.invoicing import store as invoicing
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus, RemittanceState
from billing.runs.model import ChunkResult, Parked, Run
from billing.runs.service import Chunk, RunContext

KNOWN_BY_THE_BANK = frozenset({RemittanceState.REGISTERED, RemittanceState.WRITE_OFF_QUEUED})
_SENT = frozenset(
    {MessageState.SENT, MessageState.DELIVERED, MessageState.READ, MessageState.BOUNCED}
)  # accepted by the provider

End = Message | BillingError | None
"""How one message ended: the message itself, the reason why it is not sent, or None if nothing is left to be paid."""

NO_CONTACT = "O cliente não aceita mensagens por estes canais ou não tem e-mail nem celular no cadastro."
NOT_REGISTERED = "O banco ainda não confirmou o registro do boleto. Envie depois do retorno do banco."
REJECTED = "O banco recusou o registro do boleto. Corrija e gere nova remessa antes de enviar."


MOST_PREVIEWED = 500


class Unaddressed(Entity):
    """Uma fatura que não seria enviada agora."""

    invoice_id: str
    number: int | None = None
    customer_id: str
    customer: str | None = None
    code: str
    message: str


class DispatchPreview(Entity):
    """O que um envio em massa mandaria agora."""

    invoices: int
    """Faturas que alguém receberia."""
    emails: int
    sms: int
    already_sent: int
    """Mensagens que já saíram e não saem outra vez."""
    refused: tuple[Unaddressed, ...]
    """O que ficaria de fora, e por quê; também as mensagens que já falharam, que não se repetem."""
    not_shown: int
    """Faturas além das 500 que a prévia examina: não estão nos totais, nem nas recusas."""


class Addressed(NamedTuple):
    customer: Customer
    invoice: Invoice
    letters: list[tuple[Template, str]]


def preview(call: Call, postman: Postman, request: DispatchRequest) -> DispatchPreview:
    """What a run would send now; nothing is sent. The request must be `service.checked`."""
    keys, pinned = _planned(call, request)
    shown = [_split(key) for key in keys[:MOST_PREVIEWED]]
    round_ = _Round(call, postman, request, list(pinned.values()), shown)
    counts: Counter[str] = Counter()
    refused = []
    for customer_id, invoice_id in shown:
        try:
            addressed = round_.addressed(customer_id, invoice_id)
        except UnreadableRow as error:
            refused.append(
                Unaddressed(
                    invoice_id=invoice_id,
                    customer_id=customer_id,
                    code=error.refused.code,
                    message=error.refused.title,
                )
            )
            continue
        except BillingError as reason:
            refused.append(_unaddressed(round_, customer_id, invoice_id, reason))
            continue
        if addressed is None:
            continue
        fresh, ended = _foreseen(call, request, addressed)
        counts.update(str(template.channel) for template, _ in fresh)
        counts["invoices"] += bool(fresh)
        unsent = [reason for reason in map(_not_sent, ended) if reason is not None]
        counts["already_sent"] += len(ended) - len(unsent)
        refused += [
            _unaddressed(round_, customer_id, invoice_id, Refused.because([reason])) for reason in unsent
        ]
    return DispatchPreview(
        invoices=counts["invoices"],
        emails=counts[Channel.EMAIL],
        sms=counts[Channel.SMS],
        already_sent=counts["already_sent"],
        refused=tuple(refused),
        not_shown=len(keys) - len(shown),
    )


def _foreseen(
    call: Call, request: DispatchRequest, addressed: Addressed
) -> tuple[list[tuple[Template, str]], list[Message]]:
    """The letters that would be sent, as their message does not exist yet or is still queued; and the messages that
    exist, of which none is sent again."""
    purpose, customer_id = MessagePurpose(request.purpose), addressed.customer.id
    ids = {
        message_id(purpose, addressed.invoice.id, template.channel, address): (template, address)
        for template, address in addressed.letters
    }
    there = store.find_messages(call.tenant_id, [(customer_id, id_) for id_ in ids])
    ended = {m.id: m for m in there.values() if m.state is not MessageState.QUEUED}
    return [letter for id_, letter in ids.items() if id_ not in ended], list(ended.values())


def _unaddressed(round_: "_Round", customer_id: str, invoice_id: str, reason: BillingError) -> Unaddressed:
    invoice, customer = round_.invoices.get(invoice_id), None
    with suppress(UnreadableRow):  # there is another reason for the refusal; the name is just helpful
        customer = round_.customers.get(customer_id)
    return Unaddressed(
        invoice_id=invoice_id,
        number=invoice.number if invoice is not None else None,
        customer_id=customer_id,
        customer=customer.name if customer is not None else None,
        code=reason.code,
        message=reason.title,
    )


def plan(context: RunContext) -> tuple[list[str], dict[str, str]]:
    """The invoices due in the range, and the templates as they are now."""
    keys, templates = _planned(context.call, request_of(context.run))
    return keys, {str(channel): template.model_dump_json() for channel, template in templates.items()}


def _planned(call: Call, request: DispatchRequest) -> tuple[list[str], dict[TemplateChannel, Template]]:
    due = invoicing.invoices_due(call.tenant_id, request.company_id, request.due_from, request.due_to)
    templates = {
        channel: store.get_template(call.tenant_id, template_id)
        for channel, template_id in request.template_ids().items()
    }
    return sorted(f"{customer_id}/{invoice_id}" for customer_id, invoice_id in due), templates


def send_chunk(postman: Postman, context: RunContext, chunk: Chunk) -> ChunkResult:
    """Send what has not been sent yet. Raises Transient if a provider keeps throttling; started again, it continues."""
    round_ = _Round(
        call=context.call,
        postman=postman,
        request=request_of(context.run),
        templates=[Template.model_validate_json(text) for text in chunk.pinned.values()],
        keys=[_split(key) for key in chunk.keys],
    )
    totals: Counter[str] = Counter(messages=0)
    parked = []
    for key, pair in zip(chunk.keys, round_.keys, strict=True):
        for end in round_.ends_of(*pair):
            unsent = _not_sent(end)
            if unsent is not None:
                parked.append(Parked(key=key, code=unsent.code, message=unsent.message))
            else:
                totals.update(_counted(end, context.run))
    return ChunkResult(
        chunk=chunk.number,
        keys=len(chunk.keys),
        totals={name: str(count) for name, count in totals.items()},
        parked=tuple(parked),
    )


def request_of(run: Run) -> DispatchRequest:
    return DispatchRequest.model_validate(run.input)


@dataclass
class _Round:
    """One chunk, with its customers and invoices as they are now, each read once."""

    call: Call
    postman: Postman
    request: DispatchRequest
    templates: list[Template]
    keys: list[tuple[str, str]]

    @cached_property
    def customers(self) -> RowsById[Customer]:
        def load(ids: list[str]) -> dict[str, Customer]:
            return {customer.id: customer for customer in customers.get_many(self.call.tenant_id, ids)}

        return each_readable((customer_id for customer_id, _ in self.keys), load)

    @cached_property
    def invoices(self) -> RowsById[Invoice]:
        owners = {invoice_id: customer_id for customer_id, invoice_id in self.keys}

        def load(ids: list[str]) -> dict[str, Invoice]:
            return invoicing.find_invoices(self.call.tenant_id, [(owners[id_], id_) for id_ in ids])

        return each_readable(owners, load)

    @cached_property
    def charges(self) -> RowsById[Charge]:
        """By "customer_id/charge_id"."""

        def load(keys: list[str]) -> dict[str, Charge]:
            charges = invoicing.find_charges(self.call.tenant_id, map(_split, keys))
            return {f"{charge.customer_id}/{charge.id}": charge for charge in charges.values()}

        return each_readable((key for one in self.invoices.things.values() for key in _charges_of(one)), load)

    def charges_of(self, invoice: Invoice) -> list[Charge]:
        """Raises UnreadableRow."""
        charges = map(self.charges.get, _charges_of(invoice))
        return [charge for charge in charges if charge is not None]

    @cached_property
    def company(self) -> Company:
        return get_company(self.call.tenant_id, self.request.company_id)

    @cached_property
    def waiting_profiles(self) -> frozenset[str]:
        """Profiles whose invoices are only sent after the bank has confirmed the boleto."""
        return frozenset(
            profile.id
            for profile in banking.profiles(self.call.tenant_id)
            if profile.wait_for_registration and profile.terms.layout is not Layout.NONE
        )

    def ends_of(self, customer_id: str, invoice_id: str) -> list[End]:
        """How each message about one invoice ended, now or before. Raises Transient."""
        try:
            return self._ends_of(customer_id, invoice_id)
        except UnreadableRow as error:
            return [error.refused]

    def _ends_of(self, customer_id: str, invoice_id: str) -> list[End]:
        try:
            addressed = self.addressed(customer_id, invoice_id)
        except BillingError as refused:
            return [refused]
        if addressed is None:
            return [None]
        return [
            self._end(addressed.customer, addressed.invoice, template, address)
            for template, address in addressed.letters
        ]

    def addressed(self, customer_id: str, invoice_id: str) -> "Addressed | None":
        """Who gets the invoice, and by which letters; None if nothing is left to be paid. Raises Refused, NotFound."""
        invoice = self.invoices.get(invoice_id)
        if invoice is None or invoice.status is not InvoiceStatus.OPEN or not invoice.balance:
            return None
        self._require_known_by_the_bank(invoice)
        customer = self.customers.get(customer_id)
        if customer is None:
            raise NotFound("customer.missing", "O cadastro não existe.")
        return Addressed(customer, invoice, self._letters(customer))

    def _end(self, customer: Customer, invoice: Invoice, template: Template, address: str) -> End:
        try:
            return self._message(customer, invoice, template, address)
        except BillingError as refused:
            return refused

    def _require_known_by_the_bank(self, invoice: Invoice) -> None:
        if invoice.barcode is None:
            return  # there is no boleto to register
        if invoice.remittance in KNOWN_BY_THE_BANK or invoice.payment_profile_id not in self.waiting_profiles:
            return
        if invoice.remittance is RemittanceState.REJECTED:
            raise Refused.because([Refusal("dispatch.rejected_by_bank", REJECTED)])
        raise Refused.because([Refusal("dispatch.not_registered", NOT_REGISTERED)])

    def _letters(self, customer: Customer) -> list[tuple[Template, str]]:
        """Template and address of each letter: by the first of the customer's channels that reaches them, or by all of
        them. Raises Refused if none does.
        """
        by_channel = {template.channel: template for template in self.templates}
        letters = []
        for channel in customer.channels:
            if channel is Channel.WHATSAPP or channel not in by_channel:
                continue
            letters += [(by_channel[channel], address) for address in customer.contacts(channel)]
            if letters and not self.request.every_channel:
                break
        if not letters:
            raise Refused.because([Refusal("dispatch.no_contact", NO_CONTACT)])
        return letters

    def _message(self, customer: Customer, invoice: Invoice, template: Template, address: str) -> Message:
        call, postman, purpose = self.call, self.postman, MessagePurpose(self.request.purpose)
        channel: TemplateChannel = template.channel
        identity = message_id(purpose, invoice.id, channel, address)
        there = sending.standing(call, postman, customer.id, identity)
        if there is not None and there.state is not MessageState.QUEUED:
            return there
        facts = {
            **values.of_customer(customer, self.company),
            **values.of_invoice(invoice, self.charges_of(invoice)),
        }
        message, data = composed(
            call,
            postman,
            filled(channel, template.subject, template.body, facts, self.company),
            message_id=identity,
            purpose=purpose,
            customer=customer,
            company=self.company,
            to=(address,),
            invoices=(invoice,),
            template_id=template.id,
        )
        if there is not None:
            message = message.evolve(version=there.version, steps=there.steps)
        return sending.send(call, postman, message, data, sender=sender_of(self.company, channel))


def _not_sent(end: End) -> Refusal | None:
    """Why a message is not known to have gone out; None if it has, or if it is not needed."""
    if isinstance(end, BillingError):
        return Refusal(end.code, end.title)
    if end is None or end.state in _SENT:
        return None
    if end.state in {MessageState.UNCERTAIN, MessageState.FAILED}:
        return Refusal(f"message.{end.state}", end.failure or "")
    return Refusal("message.being_sent", "Outra execução está enviando esta mensagem agora.")


def _counted(end: End, run: Run) -> tuple[str, ...]:
    if not isinstance(end, Message):
        return ("no_longer_due",)
    return ("messages", str(end.channel)) if end.run_id == run.id else ("already_sent",)


def _charges_of(invoice: Invoice) -> list[str]:
    return [f"{invoice.customer_id}/{charge_id}" for charge_id in invoice.charge_ids]


def _split(key: str) -> tuple[str, str]:
    customer_id, _, invoice_id = key.partition("/")
    return customer_id, invoice_id
