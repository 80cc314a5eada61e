"""What is sent to the NFCom's authorities besides the note: consultation, status, cancellation, and the envelope around each.

MOC NFCom 1.00a, items 3.4, 4, 5 and 6; NT 2023.001, item 4. SOAP 1.2 without header; only the reception is base64 of gzip.
"""

import base64
import gzip
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.text import Line
from billing.fiscal.canonical import group, plain, text
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.access_key import AccessKey
from billing.fiscal.nfcom.authorisers import Service
from billing.fiscal.nfcom.xml import DECLARATION, NAMESPACE, VERSION
from billing.fiscal.signature import SignatureAlgorithm, Signer, signature
from billing.fiscal.states import IBGE_CODES, ZONES

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
CANCELLATION = "110111"
CANCELLATION_TERM = timedelta(hours=120)
"""After the end of the month of authorisation (rule 220)."""


class Cancellation(Entity):
    """Pedido de cancelamento de uma NFCom autorizada."""

    environment: Environment
    key: str
    protocol: str = Field(pattern=r"^[0-9]{16}$")
    reason: Line = Field(min_length=15, max_length=255)
    asked_at: AwareDatetime


def envelope(service: Service, message: bytes) -> bytes:
    """The request's body; `service.action` goes into its Content-Type."""
    if service.is_compressed:
        content = base64.b64encode(gzip.compress(message, mtime=0)).decode()
    else:
        content = message.decode().removeprefix(DECLARATION)
    body = f'<nfcomDadosMsg xmlns="{service.namespace}">{content}</nfcomDadosMsg>'
    return f'{DECLARATION}<soap:Envelope xmlns:soap="{_SOAP}"><soap:Body>{body}</soap:Body></soap:Envelope>'.encode()


def consultation(key: str, environment: Environment) -> bytes:
    """Asks for a note's state by its key, after a lost answer (MOC 4.3)."""
    fields = (text("tpAmb", environment.tp_amb), text("xServ", "CONSULTAR"), text("chNFCom", key))
    return _message("consSitNFCom", "".join(fields))


def status(environment: Environment) -> bytes:
    """Asks whether the authority is running; at most once in three minutes."""
    return _message("consStatServNFCom", text("tpAmb", environment.tp_amb) + text("xServ", "STATUS"))


def processed(note: bytes, protocol_document: str) -> bytes:
    """The file that is kept and given to the customer: the note as sent, with the authority's protocol."""
    sent = note.decode().removeprefix(DECLARATION)
    return _message("nfcomProc", sent + protocol_document)


def signed_cancellation(cancellation: Cancellation, signer: Signer) -> bytes:
    """The event, signed. Raises InvalidInput for a key that is not valid."""
    key = AccessKey.parse(cancellation.key)
    identifier = f"ID{CANCELLATION}{key.text}001"
    at = cancellation.asked_at.astimezone(ZONES[key.uf]).replace(microsecond=0)
    detail = group(
        "evCancNFCom",
        (
            text("descEvento", "Cancelamento"),
            text("nProt", cancellation.protocol),
            text("xJust", plain(cancellation.reason)),
        ),
    )
    content = "".join(
        (
            text("cOrgao", str(IBGE_CODES[key.uf])),
            text("tpAmb", cancellation.environment.tp_amb),
            text("CNPJ", key.cnpj),
            text("chNFCom", key.text),
            text("dhEvento", at.isoformat()),
            text("tpEvento", CANCELLATION),
            text("nSeqEvento", "1"),
            f'<detEvento versaoEvento="{VERSION}">{detail}</detEvento>',
        )
    )
    canonical = f'<infEvento xmlns="{NAMESPACE}" Id="{identifier}">{content}</infEvento>'
    signed = signature(canonical, identifier, signer, SignatureAlgorithm.RSA_SHA1)
    return _message("eventoNFCom", f'<infEvento Id="{identifier}">{content}</infEvento>{signed}')


def cancellation_ends_at(authorised_at: datetime, uf: str) -> datetime:
    """The last instant at which a note can be cancelled, in its state's local time.

    >>> from zoneinfo import ZoneInfo
    >>> cancellation_ends_at(datetime(2026, 11, 3, tzinfo=ZoneInfo("America/Sao_Paulo")), "SP").isoformat()
    '2026-12-06T00:00:00-03:00'
    """
    local = authorised_at.astimezone(ZONES[uf])
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return following + CANCELLATION_TERM


def require_cancellable(authorised_at: datetime, uf: str, now: datetime) -> None:
    """Raises Refused after the time limit."""
    end = cancellation_ends_at(authorised_at, uf)
    if now > end:
        message = f"O prazo de cancelamento acabou em {end:%d/%m/%Y %H:%M}: emita uma nota de substituição."
        raise Refused.because([Refusal("nfcom.cancellation_term", message)])


def _message(name: str, content: str) -> bytes:
    return f'{DECLARATION}<{name} xmlns="{NAMESPACE}" versao="{VERSION}">{content}</{name}>'.encode()
