"""The Sefin Nacional's stand-in: it makes an NFS-e from a declaration, finds it by the declaration's id, and cancels it.

Manual of the API 1.2; layout 1.01. It applies 5 % of ISS if the declaration does not state the city's rate.
"""

import base64
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Any

from lxml import etree

from billing.adapters.sandbox_authority.certificate import sandbox_certificate
from billing.adapters.sandbox_authority.nfcom import AnswerLost
from billing.adapters.sandbox_authority.sefin_rules import NS, amount, at, broken_rules
from billing.core.br import cnpj
from billing.core.clock import Clock
from billing.fiscal.canonical import text
from billing.fiscal.certificate import SigningCertificate, open_certificate
from billing.fiscal.dated import content as table
from billing.fiscal.environment import Environment
from billing.fiscal.municipalities import municipality_name
from billing.fiscal.schemas import LARGEST, Schema, faults, parsed
from billing.fiscal.signature import SignatureAlgorithm, signature
from billing.fiscal.states import UFS, ZONES
from billing.fiscal.verification import is_signed_well

_XMLNS = NS.strip("{}")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_CITY_RATE = Decimal(5)
_CANCELLATION = "101101"
_ALREADY_REGISTERED = "E0840"
_PATH = re.compile(
    r"/dps/(?P<dps>[^/]+)|/nfse/(?P<of>[^/]+)/eventos(?:/(?P<event>[0-9]+)/(?P<number>[0-9]+))?|/nfse/(?P<key>[^/]+)"
)


@dataclass
class GeneratedNote:
    """A NFS-e, with the event that cancelled it."""

    dps_id: str
    key: str
    content: bytes
    cancellation: bytes | None = None

    @classmethod
    def read(cls, content: bytes, cancellation: bytes | None) -> "GeneratedNote":
        """From the kept file."""
        info = parsed(content).find(f"{NS}infNFSe")
        dps_id = info.find(f"{NS}DPS/{NS}infDPS").get("Id")
        return cls(dps_id, info.get("Id").removeprefix("NFS"), content, cancellation)


@dataclass
class SefinAuthority:
    """The Sefin in one environment, with the notes that it has made."""

    clock: Clock
    environment: Environment = Environment.TEST
    is_signed: Callable[[bytes], bool] = is_signed_well
    is_down: bool = False
    loses_answers: int = 0
    """How many of the next answers are lost, after the request took effect."""
    rejects: str = ""
    """The error with which the next declaration is refused, whatever it contains; empty: not refused."""
    notes: dict[str, GeneratedNote] = field(default_factory=dict)
    """By the declaration's id."""
    received: Counter[str] = field(default_factory=Counter)
    """How often each declaration was received, so that a test can show that nothing is transmitted twice."""

    def answer(self, path: str, body: bytes | None) -> tuple[int, bytes]:
        """HTTP status and JSON. Raises AnswerLost, after the request took effect, if the answer is to be lost."""
        if self.is_down:
            return 503, b""
        status, fields = self._posted(path, body) if body is not None else self._found(path)
        if self.loses_answers:
            self.loses_answers -= 1
            raise AnswerLost
        answer = {
            "tipoAmbiente": int(self.environment.tp_amb),
            "versaoAplicativo": "sandbox",
            "dataHoraProcessamento": self.clock.now().isoformat(),
            **fields,
        }
        return status, json.dumps(answer).encode()

    def remember(self, note: GeneratedNote) -> None:
        """Add a note that was made before this start."""
        self.notes[note.dps_id] = note

    def _posted(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if path == "/nfse":
            return self._reception(_unpacked(body, "dpsXmlGZipB64"))
        match = _PATH.fullmatch(path)
        if match is None or match["of"] is None or match["event"] is not None:
            return 404, {}
        return self._event(match["of"], _unpacked(body, "pedidoRegistroEventoXmlGZipB64"))

    def _found(self, path: str) -> tuple[int, dict[str, Any]]:
        match = _PATH.fullmatch(path)
        note = None if match is None else self._note(match)
        if match is None or note is None:
            return 404, {}
        if match["event"] is not None:
            is_there = match["event"] == _CANCELLATION and match["number"] == "1" and note.cancellation
            return (200, {"eventoXmlGZipB64": _packed(note.cancellation)}) if is_there else (404, {})
        if match["dps"] is not None:
            return 200, {"idDps": note.dps_id, "chaveAcesso": note.key}
        return 200, {"chaveAcesso": note.key, "nfseXmlGZipB64": _packed(note.content)}

    def _note(self, match: re.Match[str]) -> GeneratedNote | None:
        if match["dps"] is not None:
            return self.notes.get(match["dps"])
        return self._of_key(match["of"] or match["key"])

    def _of_key(self, key: str) -> GeneratedNote | None:
        return next((note for note in self.notes.values() if note.key == key), None)

    def _reception(self, message: bytes) -> tuple[int, dict[str, Any]]:
        code = _unreadable(message, Schema.DPS)
        if code is None:
            code = self._judged(message)
        if code is not None:
            return _refused(code)
        note = self._generate(message)
        return 201, {"idDps": note.dps_id, "chaveAcesso": note.key, "nfseXmlGZipB64": _packed(note.content)}

    def _judged(self, message: bytes) -> str | None:
        if not self.is_signed(message):
            return "E0714"
        declaration = parsed(message)
        identifier = declaration.find(f"{NS}infDPS").get("Id")
        self.received[identifier] += 1
        wanted, self.rejects = self.rejects, ""
        broken = next(broken_rules(declaration, self.clock.now(), self.environment.tp_amb), None)
        return wanted or broken or ("E0014" if identifier in self.notes else None)

    def _generate(self, message: bytes) -> GeneratedNote:
        info = parsed(message).find(f"{NS}infDPS")
        number = len(self.notes) + 1
        city = at(info, "cLocEmi")
        local = self.clock.now().astimezone(ZONES[UFS[int(city[:2])]]).replace(microsecond=0)
        base = f"{city}22{at(info, 'prest/CNPJ')}{number:013d}{local:%y%m}{number:09d}"
        key = base + cnpj.check_digit(base)
        content = _signed("NFSe", "infNFSe", f"NFS{key}", _note_content(info, message, number, local))
        note = GeneratedNote(info.get("Id"), key, content)
        self.notes[note.dps_id] = note
        return note

    def _event(self, key: str, message: bytes) -> tuple[int, dict[str, Any]]:
        code = _unreadable(message, Schema.NFSE_EVENT_REQUEST)
        if code is None and not self.is_signed(message):
            code = "E0714"
        if code is not None:
            return _refused(code)
        note, request = self._of_key(key), parsed(message).find(f"{NS}infPedReg")
        if note is None:
            return 404, {}
        if request.get("Id") != f"PRE{key}{_CANCELLATION}" or at(request, "chNFSe") != key:
            return _refused("E0004")
        if at(request, "CNPJAutor") != key[9:23]:
            return _refused("E0718")
        if note.cancellation is not None:
            return _refused(_ALREADY_REGISTERED)
        note.cancellation = self._registered(key, message)
        return 201, {"eventoXmlGZipB64": _packed(note.cancellation)}

    def _registered(self, key: str, message: bytes) -> bytes:
        at_city = self.clock.now().astimezone(ZONES[UFS[int(key[:2])]]).replace(microsecond=0)
        parts = (
            text("verAplic", "sandbox"),
            text("ambGer", "2"),
            text("nSeqEvento", "1"),
            text("dhProc", at_city.isoformat()),
            text("nDFSe", "1"),
            _embedded(message),
        )
        return _signed("evento", "infEvento", f"EVT{key}{_CANCELLATION}001", "".join(parts))


def _unpacked(body: bytes, name: str) -> bytes:
    """The document in a request; empty if it cannot be unpacked."""
    try:
        return gzip.decompress(base64.b64decode(json.loads(body)[name], validate=True))
    except (OSError, ValueError, TypeError, LookupError, EOFError):
        return b""


def _packed(document: bytes | None) -> str:
    return base64.b64encode(gzip.compress(document or b"", mtime=0)).decode()


def _unreadable(message: bytes, schema: Schema) -> str | None:
    if not message or len(message) > LARGEST:
        return "E1225"
    if not message.startswith(b'<?xml version="1.0" encoding="UTF-8"'):
        return "E1229"
    if re.search(rb"<[A-Za-z]+:", message):
        return "E1228"
    return "E1235" if faults(message, schema) else None


def _refused(code: str) -> tuple[int, dict[str, Any]]:
    known = table("nfse_errors")["codes"].get(code, {"meaning": "O evento já está vinculado à NFS-e"})
    return 400, {"erros": [{"Codigo": code, "Descricao": known["meaning"], "Complemento": ""}]}


def _note_content(info: Any, message: bytes, number: int, made_at: datetime) -> str:
    city = at(info, "cLocEmi")
    address = "".join(
        (
            text("xLgr", "Rua do prestador"),
            text("nro", "1"),
            text("xBairro", "Centro"),
            text("cMun", city),
            text("UF", UFS[int(city[:2])]),
            text("CEP", "01001000"),
        )
    )
    issuer = (
        f"{text('CNPJ', at(info, 'prest/CNPJ'))}{text('xNome', 'Prestador')}<enderNac>{address}</enderNac>"
    )
    parts = (
        text("xLocEmi", municipality_name(city)),
        text("xLocPrestacao", municipality_name(at(info, "serv/locPrest/cLocPrestacao"))),
        text("nNFSe", str(number)),
        text("cLocIncid", city),
        text("xLocIncid", municipality_name(city)),
        text("xTribNac", f"Serviço {at(info, 'serv/cServ/cTribNac')}"),
        text("verAplic", "sandbox"),
        text("ambGer", "2"),
        text("tpEmis", "1"),
        text("procEmi", "1"),
        text("cStat", "100"),
        text("dhProc", made_at.isoformat()),
        text("nDFSe", str(number)),
        f"<emit>{issuer}</emit>",
        f"<valores>{_amounts(info)}</valores>",
        _embedded(message),
    )
    return "".join(parts)


def _amounts(info: Any) -> str:
    """vBC, ISS, withheld and net, by the authority's own arithmetic."""
    service = amount(info, "valores/vServPrest/vServ")
    unconditional = amount(info, "valores/vDescCondIncond/vDescIncond")
    conditional = amount(info, "valores/vDescCondIncond/vDescCond")
    rate = amount(info, "valores/trib/tribMun/pAliq") or _CITY_RATE
    base = service - unconditional
    iss = (base * rate / 100).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    withheld = sum(
        (amount(info, f"valores/trib/tribFed/{name}") for name in ("vRetCP", "vRetIRRF", "vRetCSLL")),
        Decimal(0),
    )
    if at(info, "valores/trib/tribMun/tpRetISSQN") != "1":
        withheld += iss
    return "".join(
        (
            text("vBC", f"{base:.2f}"),
            text("pAliqAplic", f"{rate:.2f}"),
            text("vISSQN", f"{iss:.2f}"),
            text("vTotalRet", f"{withheld:.2f}"),
            text("vLiq", f"{service - unconditional - conditional - withheld:.2f}"),
        )
    )


def _embedded(message: bytes) -> str:
    """As canonical XML writes it within a document of the same namespace."""
    canonical: str = etree.tostring(parsed(message), method="c14n").decode()
    return canonical.replace(f' xmlns="{_XMLNS}"', "", 1)


def _signed(root: str, element: str, identifier: str, content: str) -> bytes:
    canonical = f'<{element} xmlns="{_XMLNS}" Id="{identifier}">{content}</{element}>'
    signed = signature(canonical, identifier, _sefin(), SignatureAlgorithm.RSA_SHA256)
    body = f'<{element} Id="{identifier}">{content}</{element}>{signed}'
    return f'{_DECLARATION}<{root} xmlns="{_XMLNS}" versao="1.01">{body}</{root}>'.encode()


@cache
def _sefin() -> SigningCertificate:
    """The stand-in's own certificate, with a CNPJ that nobody has."""
    since, until = (
        datetime.fromisoformat("2020-01-01T00:00:00Z"),
        datetime.fromisoformat("2100-01-01T00:00:00Z"),
    )
    return open_certificate(
        sandbox_certificate("00000000000191", "SEFIN", "sandbox", since, until), "sandbox"
    )
