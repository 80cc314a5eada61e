"""Answers of the NFCom's authorities, read without trust: whatever they contain, the caller learns what to do next.

MOC NFCom 1.00a, items 4, 5 and 8; status codes with advice in `data/nfcom_status.json`. After an answer that
cannot be read, nobody knows whether the note was taken: the authority is asked by key, and nothing is sent under another number.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from billing.core.entity import Entity
from billing.fiscal.dated import content as table
from billing.fiscal.reactions import StatusReaction

NAMESPACE = "{http://www.portalfiscal.inf.br/nfcom}"
_ROOTS = ("retNFCom", "retConsSitNFCom", "retEventoNFCom", "retConsStatServNFCom")
_KEY = re.compile(r"(?<![0-9A-Z])[0-9]{6}[0-9A-Z]{12}[0-9]{26}(?![0-9A-Z])")
_PROTOCOL = re.compile(r"(?<![0-9A-Z])[0-9]{16}(?![0-9A-Z])")
_LONGEST_TEXT = 500


class AuthorityAnswer(Entity):
    """Resposta do autorizador, com o que fazer."""

    reaction: StatusReaction
    advice: str
    """Em palavras de quem opera."""
    code: str | None = None
    """cStat; ausente, a resposta não pôde ser lida."""
    text: str = ""
    """xMotivo, como o autorizador escreveu."""
    environment_code: str | None = None
    key: str | None = None
    protocol: str | None = None
    received_at: datetime | None = None
    digest: str | None = None
    """DigestValue da nota que o autorizador recebeu."""
    named_key: str | None = None
    """A chave que o texto cita: a que já existe."""
    named_protocol: str | None = None
    protocol_document: str | None = None
    """O protNFCom como veio, para ser guardado com a nota."""


def read_answer(content: bytes, key: str | None = None) -> AuthorityAnswer:
    """Read an answer; given a `key`, an authorisation of another note does not count. Never raises, whatever the answer
    contains."""
    root = _root(content)
    if root is None:
        return _unreadable()
    protocol = root.find(f"{NAMESPACE}protNFCom/{NAMESPACE}infProt")
    if protocol is None:
        protocol = root.find(f"{NAMESPACE}protNFCom/{NAMESPACE}protNFCom/{NAMESPACE}infProt")
    event = root.find(f"{NAMESPACE}infEvento")
    told_by = protocol if protocol is not None else event if event is not None else root
    code = _text(told_by, "cStat")
    if code is None or not re.fullmatch(r"[0-9]{3}", code):
        return _unreadable()
    text = (_text(told_by, "xMotivo") or "")[:_LONGEST_TEXT]
    named, protocols = _KEY.search(text), _PROTOCOL.search(text)
    answer = AuthorityAnswer(
        **_status(code),
        code=code,
        text=text,
        environment_code=_text(told_by, "tpAmb"),
        key=_text(told_by, "chNFCom"),
        protocol=_text(told_by, "nProt"),
        received_at=_instant(_text(told_by, "dhRecbto") or _text(told_by, "dhRegEvento")),
        digest=_text(told_by, "digVal"),
        named_key=None if named is None else named[0],
        named_protocol=None if protocols is None else protocols[0],
        protocol_document=None if protocol is None else _document(protocol.getparent()),
    )
    of_another = key is not None and answer.key is not None and answer.key != key
    lacks_protocol = answer.reaction is StatusReaction.AUTHORISED and not (answer.protocol and answer.key)
    return _unreadable() if of_another or lacks_protocol else answer


def _status(code: str) -> Mapping[str, Any]:
    known = table("nfcom_status")
    row = known["codes"].get(code)
    if row is None:
        return {"reaction": StatusReaction.UNKNOWN_CODE, "advice": known["unknown_advice"]}
    return {"reaction": row["reaction"], "advice": row["advice"]}


def _unreadable() -> AuthorityAnswer:
    return AuthorityAnswer(
        reaction=StatusReaction.UNREADABLE,
        advice="A resposta do autorizador não pôde ser lida: a nota é consultada pela chave antes de qualquer nova transmissão.",
    )


def _root(content: bytes) -> Any:
    """The answer's element, wherever it is in the envelope; None if it is missing."""
    from lxml import etree

    from billing.fiscal.schemas import LARGEST, parsed

    if len(content) > LARGEST:
        return None
    try:
        tree = parsed(content)
    except (etree.LxmlError, ValueError, LookupError):
        return None
    for name in _ROOTS:
        root = tree if tree.tag == f"{NAMESPACE}{name}" else tree.find(f".//{NAMESPACE}{name}")
        if root is not None:
            return root
    return None


def _text(element: Any, name: str) -> str | None:
    text = element.findtext(f"{NAMESPACE}{name}")
    return text.strip() or None if text is not None else None


def _instant(text: str | None) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def _document(element: Any) -> str:
    from copy import deepcopy

    from lxml import etree

    canonical: bytes = etree.tostring(deepcopy(element), method="c14n", with_tail=False)
    return canonical.decode()
