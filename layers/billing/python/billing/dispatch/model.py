"""Messages: what was said to a customer, by which channel, and what became of it (MSG-04).

A message is stored as `sending` before its provider is called, and as `sent` after. If a later attempt finds it in
`sending`, it was cut off during the call and may have gone out. It becomes `uncertain`, is listed, and is never sent
again automatically. A message is its own history: `steps` says when each state began.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.ids import derived_id
from billing.core.period import Day, is_range
from billing.core.table import Aggregate
from billing.core.text import Id
from billing.customers.model import Channel
from billing.dispatch.templates import MassPurpose, MessagePurpose, Template, TemplateChannel


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    READ = "read"
    UNCERTAIN = "uncertain"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    MessageState.QUEUED: "Na fila",
    MessageState.SENDING: "Enviando",
    MessageState.SENT: "Enviada",
    MessageState.DELIVERED: "Entregue",
    MessageState.BOUNCED: "Devolvida",
    MessageState.READ: "Lida",
    MessageState.UNCERTAIN: "Incerta",
    MessageState.FAILED: "Não enviada",
}

_AFTER_ACCEPTANCE = {MessageState.DELIVERED, MessageState.BOUNCED, MessageState.READ}

MOVES: Mapping[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset({MessageState.SENDING, MessageState.FAILED}),
    MessageState.SENDING: frozenset(
        {MessageState.SENT, MessageState.QUEUED, MessageState.UNCERTAIN, MessageState.FAILED}
    ),
    # A late answer or a report from the provider settles the doubt.
    MessageState.UNCERTAIN: frozenset({MessageState.SENT, MessageState.FAILED, *_AFTER_ACCEPTANCE}),
    MessageState.SENT: frozenset(_AFTER_ACCEPTANCE),
    MessageState.DELIVERED: frozenset({MessageState.READ, MessageState.BOUNCED}),
    MessageState.BOUNCED: frozenset(),
    MessageState.READ: frozenset(),
    MessageState.FAILED: frozenset(),
}
"""The states to which a message may move from each state; any other move is refused."""

LONGEST_CALL = timedelta(minutes=15)
"""No Lambda function runs longer, so a message that is in `sending` for longer was cut off."""


class MessageStep(Entity):
    state: MessageState
    at: datetime


class Message(Aggregate):
    """Mensagem a um cliente por e-mail ou SMS, enviada à mão ou por uma execução."""

    id: str
    customer_id: str
    company_id: str
    channel: Channel
    purpose: MessagePurpose
    state: MessageState = MessageState.QUEUED
    to: tuple[str, ...]
    """Destinatários: e-mails, ou um telefone."""
    cc: tuple[str, ...] = ()
    subject: str = ""
    template_id: str | None = None
    invoice_ids: tuple[str, ...] = ()
    """Faturas de que a mensagem trata; num e-mail, anexas em PDF."""
    content_key: str
    """Arquivo com o que foi enviado, byte a byte: RFC 5322 ou o texto do SMS."""
    sent_by: str
    """Quem enviou; por uma execução, quem a iniciou (`schedule`: o agendamento)."""
    run_id: str | None = None
    """A execução que enviou, se foi uma."""
    provider_id: str | None = None
    failure: str | None = Field(default=None, max_length=300)
    """Por que não foi enviada, ou por que é incerta."""
    steps: tuple[MessageStep, ...] = ()

    def moved(self, state: MessageState, at: datetime) -> "Message":
        """In `state` from `at` on. Raises Refused for a move that is not in `MOVES`."""
        if state not in MOVES[self.state]:
            raise Refused.because(
                [
                    Refusal(
                        "message.move",
                        f"Uma mensagem “{self.state.label}” não passa a “{state.label}”.",
                    )
                ]
            )
        return self.evolve(state=state, steps=(*self.steps, MessageStep(state=state, at=at)))

    def sending(self, at: datetime) -> "Message":
        """About to be given to the provider."""
        return self.moved(MessageState.SENDING, at).evolve(failure=None)

    def sent(self, at: datetime, provider_id: str) -> "Message":
        """Accepted by the provider."""
        return self.moved(MessageState.SENT, at).evolve(provider_id=provider_id, failure=None)

    def requeued(self, at: datetime) -> "Message":
        """Certainly not accepted; will be tried again."""
        return self.moved(MessageState.QUEUED, at)

    def doubted(self, at: datetime) -> "Message":
        """Perhaps accepted, perhaps not."""
        return self.moved(MessageState.UNCERTAIN, at).evolve(failure=UNCERTAIN)

    def failed(self, at: datetime, why: str) -> "Message":
        """Refused by the provider for good, or given up."""
        return self.moved(MessageState.FAILED, at).evolve(failure=why)

    def seen_at(self, now: datetime) -> "Message":
        """As users see it: a message that has been `sending` for longer than a call can take is uncertain."""
        is_cut_off = self.state is MessageState.SENDING and now - self.steps[-1].at > LONGEST_CALL
        return self.doubted(now) if is_cut_off else self


class DispatchRequest(Entity):
    """Envio em massa: as faturas abertas de uma empresa que vencem em uma faixa, os dois dias incluídos (MSG-03)."""

    company_id: Id
    due_from: Day = Field(examples=["2026-04-01"])
    due_to: Day = Field(examples=["2026-04-30"])
    purpose: MassPurpose = MessagePurpose.INVOICE_ISSUED
    email_template_id: Id | None = None
    """Modelo de e-mail. Sem modelo nenhum, vão os que a empresa marcou para esta finalidade."""
    sms_template_id: Id | None = None
    """Modelo de SMS."""
    every_channel: bool = False
    """Envia por todos os canais que o cliente aceita, e não só pelo preferido."""

    def template_ids(self) -> dict[TemplateChannel, str]:
        chosen: dict[TemplateChannel, str | None] = {
            Channel.EMAIL: self.email_template_id,
            Channel.SMS: self.sms_template_id,
        }
        return {channel: template_id for channel, template_id in chosen.items() if template_id is not None}

    def with_templates(self, templates: Iterable[Template]) -> "DispatchRequest":
        """With the templates marked for its purpose, if none was chosen. Raises Refused with every reason."""
        marked = {template.channel: template.id for template in templates if template.purpose is self.purpose}
        chosen = self.template_ids() or marked
        reasons = []
        if not is_range(self.due_from, self.due_to):
            message = "O último vencimento vem depois do primeiro, no máximo 366 dias."
            reasons.append(Refusal("dispatch.range", message, field="due_to"))
        if not chosen:
            reasons.append(Refusal("dispatch.no_template", NO_TEMPLATE, field="email_template_id"))
        if reasons:
            raise Refused.because(reasons)
        return self.evolve(
            email_template_id=chosen.get(Channel.EMAIL), sms_template_id=chosen.get(Channel.SMS)
        )


NO_TEMPLATE = "Escolha um modelo de e-mail ou de SMS, ou marque em um modelo de envio em massa a finalidade deste envio."
UNCERTAIN = (
    "O envio foi interrompido e não se sabe se a mensagem saiu. Confirme com o cliente antes de enviar outra."
)


def message_id(purpose: MessagePurpose, about: str, channel: Channel, to: str) -> str:
    """The same id for the same notice to the same person: `about` is the invoice, or the request of a user.

    The template is not part of it: the same notice in other words is still the same notice.
    """
    return derived_id("msg", purpose, about, channel, to)
