"""The NFCom authority's stand-in: reception, consultation, cancellation and status, in the envelopes of the real authorities.

MOC NFCom 1.00a, items 4, 5 and 8.2. A note is known by its natural key: UF, CNPJ, series, number, emission and site.
"""

import base64
import gzip
import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from billing.adapters.sandbox_authority.rules import NS, at, broken_rules
from billing.core.clock import Clock
from billing.fiscal.dated import content as table
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.authorisers import Service
from billing.fiscal.nfcom.requests import cancellation_ends_at
from billing.fiscal.schemas import LARGEST, Schema, faults, parsed
from billing.fiscal.states import UFS, ZONES
from billing.fiscal.verification import is_signed_well

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_XMLNS = NS.strip("{}")
_TOLERANCE = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
_MOST_CONSULTATIONS, _MOST_REJECTIONS = 10, 30


class AnswerLost(Exception):
    """The request took effect, and its answer was lost."""


@dataclass
class AuthorisedNote:
    key: str
    content: bytes
    protocol: str
    authorised_at: datetime
    digest: str
    situation: str = "100"
    """100 authorised, 101 cancelled, 102 substituted."""

    @property
    def row(self) -> dict[str, str]:
        """What its file keeps besides the content."""
        return {
            "protocol": self.protocol,
            "authorised_at": self.authorised_at.isoformat(),
            "digest": self.digest,
            "situation": self.situation,
        }

    @classmethod
    def read(cls, key: str, content: bytes, row: dict[str, str]) -> "AuthorisedNote":
        at = datetime.fromisoformat(row["authorised_at"])
        return cls(key, content, row["protocol"], at, row["digest"], row["situation"])


@dataclass
class NfcomAuthority:
    """One authority in one environment, with the notes that it has authorised."""

    clock: Clock
    environment: Environment = Environment.TEST
    is_signed: Callable[[bytes], bool] = is_signed_well
    is_down: bool = False
    loses_answers: int = 0
    """How many of the next answers are lost, after the request took effect."""
    rejects: str = ""
    """The status code with which the next note is rejected, whatever it contains; empty: not rejected."""
    notes: dict[str, AuthorisedNote] = field(default_factory=dict)
    """By key."""
    received: Counter[str] = field(default_factory=Counter)
    """How often each key was received, so that a test can show that nothing is transmitted twice."""
    _by_number: dict[str, str] = field(default_factory=dict)
    _consultations: dict[str, deque[datetime]] = field(default_factory=dict)
    _rejections: dict[tuple[str, str], deque[datetime]] = field(default_factory=dict)

    def answer(self, service: Service, body: bytes) -> bytes:
        """The authority's answer. Raises AnswerLost, after the request took effect, if the answer is to be lost."""
        answers = {
            Service.RECEPTION: self._reception,
            Service.CONSULTATION: self._consultation,
            Service.EVENT: self._event,
            Service.STATUS: self._status,
        }
        said = answers[service](self._message(service, body))
        if self.loses_answers:
            self.loses_answers -= 1
            raise AnswerLost
        result = f'<nfcomResultMsg xmlns="{service.namespace}">{said}</nfcomResultMsg>'
        return f'<env:Envelope xmlns:env="{_SOAP}"><env:Body>{result}</env:Body></env:Envelope>'.encode()

    def remember(self, note: AuthorisedNote) -> None:
        """Add a note that was authorised before this start."""
        self.notes[note.key] = note
        self._by_number[_natural_key(note.key)] = note.key

    def _message(self, service: Service, body: bytes) -> bytes:
        """The content of the envelope; empty if it cannot be unpacked."""
        data = parsed(body).find(f".//{{{service.namespace}}}nfcomDadosMsg")
        if service.is_compressed:
            try:
                return gzip.decompress(base64.b64decode(data.text, validate=True))
            except (OSError, ValueError, TypeError, EOFError):
                return b""
        message: bytes = etree.tostring(data[0])
        return message

    def _reception(self, message: bytes) -> str:
        unreadable = "108" if self.is_down else self._unreadable(message)
        if unreadable is not None:
            return self._returned(unreadable)
        note = parsed(message)
        code = self._judged(note, message)
        if code != "100":
            return self._returned(code, self._naming(note, code))
        info = note.find(f"{NS}infNFCom")
        authorised = self._authorise(info, message)
        return self._returned("100", "", _protocol(authorised, self.environment, self._now()))

    def _unreadable(self, message: bytes) -> str | None:
        if not message:
            return "244"
        if len(message) > LARGEST:
            return "214"
        if b"<nfcom:" in message or b":NFCom" in message:
            return "404"
        return "215" if faults(message, Schema.NFCOM) else None

    def _judged(self, note: Any, message: bytes) -> str:
        if not self.is_signed(message):
            return "297"
        info = note.find(f"{NS}infNFCom")
        key = info.get("Id").removeprefix("NFCom")
        self.received[key] += 1
        wanted, self.rejects = self.rejects, ""
        broken = wanted or next(broken_rules(note, self._now(), self.environment.tp_amb), None)
        code = broken or self._substitution(info) or self._duplicate(info)
        if code not in {None, "204", "539"} and self._is_improper((key, code or "")):
            return "678"
        return code or "100"

    def _duplicate(self, info: Any) -> str | None:
        key = info.get("Id").removeprefix("NFCom")
        known = self._by_number.get(_natural_key(key))
        return None if known is None else "204" if known == key else "539"

    def _substitution(self, info: Any) -> str | None:
        original_key = at(info, "gSub/chNFCom")
        if not original_key:
            return None
        original = self.notes.get(original_key)
        if original is None:
            return "208"
        if original.situation != "100":
            return {"101": "210", "102": "211"}[original.situation]
        same_customer = at(parsed(original.content).find(f"{NS}infNFCom"), "dest/CPF") == at(info, "dest/CPF")
        return None if same_customer else "484"

    def _authorise(self, info: Any, message: bytes) -> AuthorisedNote:
        key = info.get("Id").removeprefix("NFCom")
        site = "3" + key[:2] + f"{self._now():%y}" + "0"
        [digest] = re.findall(rb"<DigestValue>([^<]+)<", message)
        note = AuthorisedNote(key, message, f"{site}{len(self.notes) + 1:010d}", self._now(), digest.decode())
        self.notes[key] = note
        self._by_number[_natural_key(key)] = key
        original = self.notes.get(at(info, "gSub/chNFCom"))
        if original is not None:
            original.situation = "102"
        return note

    def _naming(self, note: Any, code: str) -> str:
        """The key and protocol of the note already there, as the authority's text cites them."""
        if code not in {"204", "539"}:
            return ""
        info = note.find(f"{NS}infNFCom")
        known = self.notes[self._by_number[_natural_key(info.get("Id").removeprefix("NFCom"))]]
        return f" [chNFCom: {known.key}][nProt: {known.protocol}][dhAut: {known.authorised_at.isoformat()}]"

    def _consultation(self, message: bytes) -> str:
        query = parsed(message)
        key = at(query, "chNFCom")
        if self.is_down:
            return self._consulted("108")
        asked_at = self._consultations.setdefault(key, deque())
        if _too_many(asked_at, self._now(), _MOST_CONSULTATIONS):
            return self._consulted("678")
        note = self.notes.get(key)
        if note is None:
            known = self._by_number.get(_natural_key(key))
            return self._consulted(
                "217" if known is None else "600", "" if known is None else f" [chNFCom: {known}]"
            )
        return self._consulted(note.situation, "", _protocol(note, self.environment, self._now()))

    def _event(self, message: bytes) -> str:
        if self.is_down:
            return self._evented("108")
        if faults(message, Schema.NFCOM_EVENT):
            return self._evented("630")
        event = parsed(message).find(f"{NS}infEvento")
        note = self.notes.get(at(event, "chNFCom"))
        code = "297" if not self.is_signed(message) else self._cancelled(event, note)
        if code == "135" and note is not None:
            note.situation = "101"
        return self._evented(code, at(event, "chNFCom"), note.protocol if note and code == "135" else "")

    def _cancelled(self, event: Any, note: AuthorisedNote | None) -> str:
        if note is None:
            return "217"
        if note.situation != "100":
            return {"101": "631", "102": "224"}[note.situation]
        if at(event, "detEvento/evCancNFCom/nProt") != note.protocol:
            return "222"
        if at(parsed(note.content).find(f"{NS}infNFCom"), "ide/finNFCom") == "3":
            return "524"
        return self._in_time(note, datetime.fromisoformat(at(event, "dhEvento")))

    def _in_time(self, note: AuthorisedNote, happened_at: datetime) -> str:
        if happened_at > self._now() + _TOLERANCE:
            return "635"
        if happened_at < note.authorised_at - _TOLERANCE:
            return "637"
        end = cancellation_ends_at(note.authorised_at, UFS[int(note.key[:2])])
        return "220" if self._now() > end + _TOLERANCE else "135"

    def _status(self, message: bytes) -> str:
        query = parsed(message)
        code = "108" if self.is_down else "107"
        return (
            f'<retConsStatServNFCom xmlns="{_XMLNS}" versao="1.00"><tpAmb>{at(query, "tpAmb")}</tpAmb>'
            f"<verAplic>sandbox</verAplic><cStat>{code}</cStat><xMotivo>{_words(code)}</xMotivo><cUF>43</cUF>"
            f"<dhRecbto>{_instant(self._now(), 'RS')}</dhRecbto></retConsStatServNFCom>"
        )

    def _is_improper(self, rejection: tuple[str, str]) -> bool:
        """The same note with the same rejection, more than 30 times in an hour."""
        return _too_many(self._rejections.setdefault(rejection, deque()), self._now(), _MOST_REJECTIONS)

    def _returned(self, code: str, naming: str = "", protocol: str = "") -> str:
        return self._said("retNFCom", "<cUF>35</cUF><verAplic>sandbox</verAplic>", code, naming, protocol)

    def _consulted(self, code: str, naming: str = "", protocol: str = "") -> str:
        wrapped = f'<protNFCom versao="1.00">{protocol}</protNFCom>' if protocol else ""
        return self._said(
            "retConsSitNFCom", "<verAplic>sandbox</verAplic>", code, naming, "<cUF>35</cUF>" + wrapped
        )

    def _said(self, root: str, before: str, code: str, naming: str, after: str) -> str:
        return (
            f'<{root} xmlns="{_XMLNS}" versao="1.00"><tpAmb>{self.environment.tp_amb}</tpAmb>{before}'
            f"<cStat>{code}</cStat><xMotivo>{_words(code)}{naming}</xMotivo>{after}</{root}>"
        )

    def _evented(self, code: str, key: str = "", protocol: str = "") -> str:
        named = f"<chNFCom>{key}</chNFCom>" if key else ""
        registered = (
            f"<dhRegEvento>{_instant(self._now(), 'RS')}</dhRegEvento><nProt>{protocol}</nProt>"
            if protocol
            else ""
        )
        return (
            f'<retEventoNFCom xmlns="{_XMLNS}" versao="1.00"><infEvento><tpAmb>{self.environment.tp_amb}</tpAmb>'
            f"<verAplic>sandbox</verAplic><cOrgao>35</cOrgao><cStat>{code}</cStat><xMotivo>{_words(code)}</xMotivo>"
            f"{named}{registered}</infEvento></retEventoNFCom>"
        )

    def _now(self) -> datetime:
        return self.clock.now()


def _protocol(note: AuthorisedNote, environment: Environment, now: datetime) -> str:
    return (
        f'<protNFCom versao="1.00"><infProt><tpAmb>{environment.tp_amb}</tpAmb><verAplic>sandbox</verAplic>'
        f"<chNFCom>{note.key}</chNFCom><dhRecbto>{_instant(note.authorised_at or now, UFS[int(note.key[:2])])}</dhRecbto>"
        f"<nProt>{note.protocol}</nProt><digVal>{note.digest}</digVal><cStat>{note.situation}</cStat>"
        f"<xMotivo>{_words(note.situation)}</xMotivo></infProt></protNFCom>"
    )


def _natural_key(key: str) -> str:
    """UF, CNPJ, model, series, number, emission and site: all but the month, the random code and the check digit."""
    return key[:2] + key[6:36]


def _words(code: str) -> str:
    words: str = table("nfcom_status")["codes"][code]["meaning"]
    return words if code in {"100", "101", "102", "107", "135"} else f"Rejeição: {words}"


def _instant(instant: datetime, uf: str) -> str:
    return instant.astimezone(ZONES[uf]).replace(microsecond=0).isoformat()


def _too_many(times: deque[datetime], now: datetime, most: int) -> bool:
    """Counts this request too; more than `most` within an hour are too many."""
    while times and now - times[0] >= _HOUR:
        times.popleft()
    times.append(now)
    return len(times) > most
