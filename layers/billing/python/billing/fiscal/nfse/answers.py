"""Requests to the Sefin Nacional and its answers, read without trust: JSON with the XML compressed inside.

Manual of the API 1.2 and public clients. Field names differ in case between answers, so only the HTTP status and the
bytes are relied on. After an answer that cannot be read, nobody knows whether the declaration was taken: the Sefin is asked
by its id, and the declaration keeps its number.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from billing.core.entity import Entity
from billing.core.errors import InvalidInput
from billing.fiscal.dated import content as table
from billing.fiscal.nfse.identifiers import check_nfse_key
from billing.fiscal.reactions import StatusReaction
from billing.fiscal.schemas import LARGEST

_LONGEST_TEXT = 500
_GRAVEST_FIRST = (
    StatusReaction.CONSULT,
    StatusReaction.CERTIFICATE,
    StatusReaction.STOP_ISSUER,
    StatusReaction.DEFECT,
    StatusReaction.NEW_DATE,
    StatusReaction.MEND,
    StatusReaction.UNKNOWN_CODE,
)
"""Which of several errors decides what is done."""


class NfseFault(Entity):
    """Um erro da Sefin, com o que fazer."""

    code: str
    text: str
    """Como a Sefin escreveu."""
    reaction: StatusReaction
    advice: str


class NfseAnswer(Entity):
    """Resposta da Sefin a uma declaração, com o que fazer."""

    reaction: StatusReaction
    advice: str
    key: str | None = None
    """Chave da NFS-e gerada."""
    dps_id: str | None = None
    note: bytes | None = None
    """O XML da NFS-e ou do evento, assinado pela Sefin, como veio."""
    processed_at: datetime | None = None
    """Quando a Sefin processou (dataHoraProcessamento)."""
    faults: tuple[NfseFault, ...] = ()


def emission(declaration: bytes) -> bytes:
    """The body of POST /nfse: a signed declaration, compressed."""
    return json.dumps({"dpsXmlGZipB64": _packed(declaration)}).encode()


def registration(event: bytes) -> bytes:
    """The body of POST /nfse/{key}/eventos: a signed request, compressed."""
    return json.dumps({"pedidoRegistroEventoXmlGZipB64": _packed(event)}).encode()


def _packed(document: bytes) -> str:
    return base64.b64encode(gzip.compress(document, mtime=0)).decode()


def read_answer(status: int, content: bytes, dps_id: str | None = None) -> NfseAnswer:
    """Read the answer to an emission or a recovery. Never raises, whatever it contains."""
    if status == 429 or status >= 500:
        return _down(status)
    if status == 404:
        return NfseAnswer(
            reaction=StatusReaction.ABSENT,
            advice="A declaração não virou nota: transmita de novo os mesmos bytes.",
        )
    fields = _fields(content)
    faults = _faults(fields)
    if faults:
        return _refused(faults)
    return _generated(fields, dps_id) if status in {200, 201} else _unreadable()


def read_event(status: int, content: bytes, key: str) -> NfseAnswer:
    """Read the answer to a cancellation of the note with this key, or to the query whether it is cancelled. Never raises."""
    if status == 429 or status >= 500:
        return _down(status)
    if status == 404:
        return NfseAnswer(reaction=StatusReaction.ABSENT, advice="A nota não tem este evento.")
    fields = _fields(content)
    faults = _faults(fields)
    if faults:
        return _refused(faults)
    event = _unpacked(fields.get("eventoxmlgzipb64"))
    if status not in {200, 201} or event is None or f"<chNFSe>{key}</chNFSe>".encode() not in event:
        return _unreadable()
    return NfseAnswer(reaction=StatusReaction.EVENT_REGISTERED, advice="", key=key, note=event)


def _down(status: int) -> NfseAnswer:
    return NfseAnswer(
        reaction=StatusReaction.LATER if status in {429, 503} else StatusReaction.UNREADABLE,
        advice="A Sefin está fora do ar ou ocupada: a declaração é consultada e transmitida de novo sozinha.",
    )


def _refused(faults: tuple[NfseFault, ...]) -> NfseAnswer:
    decisive = min(faults, key=lambda fault: _GRAVEST_FIRST.index(fault.reaction))
    return NfseAnswer(reaction=decisive.reaction, advice=decisive.advice, faults=faults)


def _instant(text: object) -> datetime | None:
    """None if it is not an instant with a time zone."""
    try:
        instant = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo is not None else None


def _generated(fields: Mapping[str, Any], dps_id: str | None) -> NfseAnswer:
    key, of_dps = fields.get("chaveacesso"), fields.get("iddps")
    of_another = dps_id is not None and isinstance(of_dps, str) and of_dps != dps_id
    try:
        checked = check_nfse_key(key) if isinstance(key, str) else None
    except InvalidInput:
        checked = None
    if checked is None or of_another:
        return _unreadable()
    return NfseAnswer(
        reaction=StatusReaction.AUTHORISED,
        advice="",
        key=checked,
        dps_id=of_dps if isinstance(of_dps, str) else dps_id,
        note=_unpacked(fields.get("nfsexmlgzipb64")),
        processed_at=_instant(fields.get("datahoraprocessamento")),
    )


def _unreadable() -> NfseAnswer:
    return NfseAnswer(
        reaction=StatusReaction.UNREADABLE,
        advice="A resposta da Sefin não pôde ser lida: a declaração é consultada pela identificação antes de qualquer nova transmissão.",
    )


def _fields(content: bytes) -> Mapping[str, Any]:
    """The answer's fields by their lower-case names; empty if it is not a JSON object."""
    if len(content) > 4 * LARGEST:
        return {}
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return {str(name).lower(): value for name, value in read.items()} if isinstance(read, dict) else {}


def _faults(fields: Mapping[str, Any]) -> tuple[NfseFault, ...]:
    listed = fields.get("erros", fields.get("erro"))
    rows = listed if isinstance(listed, list) else [listed]
    return tuple(_fault(row) for row in rows if isinstance(row, dict))


def _fault(row: Mapping[str, Any]) -> NfseFault:
    named = {str(name).lower(): str(value) for name, value in row.items() if isinstance(value, str)}
    code = named.get("codigo", "")[:20]
    known = table("nfse_errors")
    meant = known["codes"].get(code)
    texts: Sequence[str] = [named[name] for name in ("descricao", "complemento") if named.get(name)]
    return NfseFault(
        code=code,
        text=" – ".join(texts)[:_LONGEST_TEXT],
        reaction=StatusReaction.UNKNOWN_CODE if meant is None else meant["reaction"],
        advice=known["unknown_advice"] if meant is None else meant["advice"],
    )


def _unpacked(packed: object) -> bytes | None:
    """The note's XML; None if it is absent, damaged or larger than a note may be."""
    if not isinstance(packed, str):
        return None
    try:
        unpacker = zlib.decompressobj(wbits=31)
        note = unpacker.decompress(base64.b64decode(packed, validate=True), LARGEST)
    except (ValueError, zlib.error):
        return None
    return note if unpacker.eof else None
