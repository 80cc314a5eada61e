"""Message templates, with wildcards from the closed list of their kind (MSG-01)."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.table import Aggregate
from billing.core.text import Line, Text
from billing.customers.model import Channel
from billing.dispatch import wildcards
from billing.dispatch.gsm import MAX_SEGMENTS, gsm_text, segments
from billing.dispatch.wildcards import TemplateKind

_BLANK_LINES = re.compile(r"\n{3,}")


class MessagePurpose(StrEnum):
    """Para que serve a mensagem. Cada pessoa recebe uma só da mesma fatura e finalidade, por canal."""

    INVOICE_ISSUED = "invoice_issued"
    DUE_REMINDER = "due_reminder"
    OVERDUE_NOTICE = "overdue_notice"
    SINGLE = "single"  # manual: whoever sends it decides


TemplateChannel = Literal[Channel.EMAIL, Channel.SMS]
MassPurpose = Literal[
    MessagePurpose.INVOICE_ISSUED, MessagePurpose.DUE_REMINDER, MessagePurpose.OVERDUE_NOTICE
]
SubjectLine = Annotated[Line, StringConstraints(strip_whitespace=True, max_length=150)]
BodyText = Annotated[Text, StringConstraints(min_length=1, max_length=4000)]


class MessageContent(Entity):
    """Mensagem com os coringas preenchidos, pronta para ler. Um SMS não tem assunto e vai em `segments` de 160."""

    channel: TemplateChannel
    subject: str = ""
    text: str
    html: str | None = Field(default=None, max_length=100_000)
    segments: int | None = None


class NewTemplate(Entity):
    name: Line = Field(min_length=1, max_length=80, examples=["Aviso de fatura"])
    kind: TemplateKind
    """Envio individual (single) ou em massa (mass): cada um tem a sua lista de coringas."""
    channel: TemplateChannel
    subject: SubjectLine = ""
    """Assunto do e-mail; um SMS não tem."""
    body: BodyText
    purpose: MassPurpose | None = None
    """Finalidade em que o envio em massa usa este modelo sem que ninguém o escolha; um por canal."""

    def checked(self) -> "NewTemplate":
        """The template itself, if it can be sent. Raises Refused with every reason."""
        reasons = [
            *wildcards.refusals(self.subject, self.kind, "subject"),
            *wildcards.refusals(self.body, self.kind, "body"),
        ]
        if self.channel is Channel.EMAIL and not self.subject:
            reasons.append(
                Refusal("template.subject_missing", "Informe o assunto do e-mail.", field="subject")
            )
        if self.channel is Channel.SMS and self.subject:
            reasons.append(
                Refusal(
                    "template.sms_subject",
                    "Um SMS não tem assunto: escreva tudo no texto da mensagem.",
                    field="subject",
                )
            )
        if self.purpose is not None and self.kind is not TemplateKind.MASS:
            reasons.append(
                Refusal(
                    "template.purpose_of_single",
                    "Só um modelo de envio em massa tem finalidade.",
                    field="purpose",
                )
            )
        if reasons:
            raise Refused.because(reasons)
        return self


class Template(NewTemplate, Aggregate):
    """Modelo de mensagem."""

    id: str


def filled_text(body: str, values: Mapping[str, str]) -> str:
    """The body as plain text; see `wildcards.filled_lines` for what is left out."""
    lines = (wildcards.fill(line, values).rstrip() for line in wildcards.filled_lines(body, values))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def sms_content(body: str, values: Mapping[str, str]) -> MessageContent:
    """The body as an SMS. Raises Refused `message.sms_too_long` above four segments."""
    text = gsm_text(filled_text(body, values))
    count = segments(text)
    if count > MAX_SEGMENTS:
        raise Refused.because(
            [
                Refusal(
                    "message.sms_too_long",
                    f"O SMS ficou com {count} partes de 160 caracteres; o máximo é {MAX_SEGMENTS}. Encurte o texto.",
                    field="body",
                )
            ]
        )
    return MessageContent(channel=Channel.SMS, text=text, segments=count)


def demonstration() -> tuple[NewTemplate, ...]:
    """The templates that a new tenant starts with, to use or to change."""
    return (
        NewTemplate(
            name="Aviso de fatura",
            kind=TemplateKind.MASS,
            channel=Channel.EMAIL,
            subject="Fatura #numero_fatura# de #empresa#: vence em #vencimento#",
            body=_INVOICE_EMAIL,
            purpose=MessagePurpose.INVOICE_ISSUED,
        ),
        NewTemplate(
            name="Aviso de fatura (SMS)",
            kind=TemplateKind.MASS,
            channel=Channel.SMS,
            body="#empresa#: fatura #numero_fatura# de #valor# vence em #vencimento#. Boleto: #linha_digitavel#",
            purpose=MessagePurpose.INVOICE_ISSUED,
        ),
        NewTemplate(
            name="Boleto individual",
            kind=TemplateKind.SINGLE,
            channel=Channel.EMAIL,
            subject="Seu boleto de #empresa#",
            body=_SINGLE_EMAIL,
        ),
        NewTemplate(
            name="Contato (SMS)",
            kind=TemplateKind.SINGLE,
            channel=Channel.SMS,
            body="#empresa#: #cliente#, precisamos falar com você. Ligue para #fone#.",
        ),
    )


_INVOICE_EMAIL = """Olá, #cliente#!

Sua fatura #numero_fatura#, no valor de #valor#, vence em #vencimento#. O boleto está anexo, em PDF.

Plano: #plano#
Período: #periodo#
Linha digitável: #linha_digitavel#
Pix copia e cola: #pix#

Se você já pagou, desconsidere este aviso.

Dúvidas? Ligue para #fone#.

Atenciosamente,
#empresa#
CNPJ #cnpj_empresa#"""

_SINGLE_EMAIL = """Olá, #cliente#!

Como combinado, segue anexo o seu boleto, em PDF.

Dúvidas? Ligue para #fone#.

Atenciosamente,
#empresa#
CNPJ #cnpj_empresa#"""
