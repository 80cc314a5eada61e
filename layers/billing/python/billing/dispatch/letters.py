"""An e-mail as providers take it: RFC 5322, the same words as plain text and HTML (RFC 2046, 5.1.4), attachments.

The HTML is one column with inline styles and loads nothing from the network: mail readers drop style sheets and block
remote content. Every value and all text of a template is escaped; templates have no markup.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from billing.core.br import cnpj, phones
from billing.customers.company import Company
from billing.customers.model import Channel
from billing.dispatch import wildcards
from billing.dispatch.templates import MessageContent, filled_text

if TYPE_CHECKING:
    from email.message import EmailMessage

_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_CODES = frozenset({"linha_digitavel", "pix"})
"""Values that people copy: in a fixed-width font, and may break anywhere."""

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_CODE = "font-family:Consolas,Menlo,monospace;font-size:13px;white-space:pre-wrap;word-break:break-all"
_BUTTON = (
    "display:inline-block;padding:10px 18px;background:#0b69a3;border-radius:6px;font-size:15px;font-weight:600;"
    "color:#ffffff;text-decoration:none"
)
_PARAGRAPH = "margin:0 0 16px;font-size:15px;line-height:1.6;color:#1f2933"


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    data: bytes
    """A PDF."""


def email_content(subject: str, body: str, values: Mapping[str, str], company: Company) -> MessageContent:
    return MessageContent(
        channel=Channel.EMAIL,
        subject=wildcards.fill(subject, values),
        text=filled_text(body, values),
        html=_html(body, values, company),
    )


def email_bytes(
    content: MessageContent,
    *,
    message_id: str,
    company: Company,
    to: Sequence[str],
    cc: Sequence[str],
    attachments: Sequence[Attachment],
    at: datetime,
) -> bytes:
    """The whole message, CRLF, ASCII only: exactly these bytes are sent and stored."""
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime

    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=company.trade_name, addr_spec=company.sender_email)
    message["To"] = [Address(addr_spec=address) for address in to]
    if cc:
        message["Cc"] = [Address(addr_spec=address) for address in cc]
    if company.reply_email:
        message["Reply-To"] = Address(addr_spec=company.reply_email)
    message["Subject"] = content.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}@{company.sender_email.rpartition('@')[2]}>"
    message.set_content(content.text, cte="quoted-printable")
    message.add_alternative(content.html or "", subtype="html", cte="quoted-printable")
    for attachment in attachments:
        message.add_attachment(
            attachment.data, maintype="application", subtype="pdf", filename=attachment.name
        )
    _fix_boundaries(message, message_id)
    return message.as_bytes()


def _fix_boundaries(message: "EmailMessage", message_id: str) -> None:
    """Derive boundaries from the message's id: the same message gives the same bytes, so a repeat can be compared."""
    parts = [part for part in message.walk() if part.is_multipart()]
    for order, part in enumerate(parts):
        part.set_boundary(f"=_{message_id}_{order}")


def _html(body: str, values: Mapping[str, str], company: Company) -> str:
    lines = wildcards.filled_lines(body, values)
    paragraphs = "\n".join(lines).strip().split("\n\n")
    written = "\n".join(
        f'<p style="{_PARAGRAPH}">{"<br>".join(_html_line(line, values) for line in text.splitlines())}</p>'
        for text in paragraphs
        if text.strip()
    )
    return f"""<!DOCTYPE html>
<html lang="pt-BR">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(company.trade_name)}</title></head>
<body style="margin:0;padding:24px 12px;background:#f4f5f7;{_FONT}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border-radius:8px">
<tr><td style="padding:24px 32px 8px;font-size:18px;font-weight:600;color:#102a43">{escape(company.trade_name)}</td></tr>
<tr><td style="padding:16px 32px 8px">
{written}
{_button(company)}</td></tr>
<tr><td style="padding:16px 32px 24px;border-top:1px solid #e4e7eb;font-size:12px;line-height:1.5;color:#616e7c">{_footer(company)}</td></tr>
</table>
</td></tr></table>
</body>
</html>
"""


def _button(company: Company) -> str:
    """A button to the company's page, where customers manage their invoices; empty if the company has none."""
    if company.site is None:
        return ""
    return f'<p style="margin:0 0 16px"><a href="{escape(company.site)}" style="{_BUTTON}">Acessar minha conta</a></p>'


def _html_line(line: str, values: Mapping[str, str]) -> str:
    return wildcards.render(
        line,
        values,
        literal=_linked,
        value=lambda name, value: (
            f'<span style="{_CODE}">{escape(value)}</span>' if name in _CODES else _linked(value)
        ),
    )


def _linked(text: str) -> str:
    """`text` escaped, with its web addresses as links."""
    pieces = []
    end = 0
    for match in _URL.finditer(text):
        url = escape(match.group())
        pieces += [escape(text[end : match.start()]), f'<a href="{url}" style="color:#0b69a3">{url}</a>']
        end = match.end()
    return "".join([*pieces, escape(text[end:])])


def _footer(company: Company) -> str:
    facts = [
        company.legal_name,
        f"CNPJ {cnpj.format(company.cnpj)}",
        f"Atendimento {phones.format(company.service_phone)}",
    ]
    if company.site:
        facts.append(company.site)
    return " · ".join(_linked(fact) for fact in facts)
