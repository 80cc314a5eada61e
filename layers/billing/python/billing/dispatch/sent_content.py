"""What was sent, byte for byte, and as people read it (MSG-04)."""

from email import message_from_bytes, policy

from billing.core.entity import Entity
from billing.core.files import Files
from billing.customers.model import Channel
from billing.dispatch.model import Message


class SentContent(Entity):
    """O que foi enviado ao cliente."""

    text: str
    """O texto do SMS, ou do e-mail."""
    attachments: tuple[str, ...] = ()
    """Os nomes dos anexos do e-mail."""
    url: str
    """Endereço do arquivo inteiro, .eml ou .txt, que vale por 15 minutos."""


def sent_content(files: Files, message: Message) -> SentContent:
    """Raises NotFound for a message of which nothing was given to a provider."""
    data = files.get(message.content_key)
    url = files.download_url(message.content_key, f"mensagem.{message.content_key.rpartition('.')[2]}")
    if message.channel is not Channel.EMAIL:
        return SentContent(text=data.decode(), url=url)
    mail = message_from_bytes(data, policy=policy.default)
    body = mail.get_body(("plain",))
    return SentContent(
        text="" if body is None else body.get_content(),
        attachments=tuple(part.get_filename() or "" for part in mail.iter_attachments()),
        url=url,
    )
