"""The rules by which the stand-in of the Sefin Nacional judges a declaration (DPS), by an independent reading of the XML.

Anexo I of the national manual, by error code. Only the rules that a declaration of ours could break. Every city is
taken to have an active agreement, and what only a city's register knows (E0084, E0116, E0120) is not judged.
"""

import base64
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cryptography import x509

from billing.core.br import cnpj, cpf

NS = "{http://www.sped.fazenda.gov.br/nfse}"
_DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
_TOLERANCE = timedelta(minutes=5)
_NOT_IN_SIMPLES, _MEI, _ME_EPP = "1", "2", "3"
_TAXABLE, _NOT_WITHHELD = "1", "1"
_WITHHELD = {"vRetCP": "E0701", "vRetIRRF": "E0699", "vRetCSLL": "E0700"}

Broken = Iterator[str]
"""Codes of the rules that a declaration breaks, in the authority's order."""


def at(element: Any, path: str) -> str:
    """The text at a path of element names; empty if there is none."""
    return element.findtext("/".join(NS + step for step in path.split("/"))) or ""


def amount(element: Any, path: str) -> Decimal:
    return Decimal(at(element, path) or "0")


def has(element: Any, path: str) -> bool:
    return element.find("/".join(NS + step for step in path.split("/"))) is not None


def broken_rules(declaration: Any, now: datetime, environment: str) -> Broken:
    """Rules broken by a document (`DPS`) whose schema and signature were found valid."""
    info = declaration.find(f"{NS}infDPS")
    yield from _identification(info, now, environment)
    yield from _parties(info)
    yield from _service(info)
    yield from _iss(info)
    yield from _federal(info)
    yield from _total(info)
    if at(info, "prest/CNPJ")[:8] != _signer(declaration)[:8]:
        yield "E0718"


def _identification(info: Any, now: datetime, environment: str) -> Broken:
    number = f"{int(at(info, 'serie')):05d}{int(at(info, 'nDPS')):015d}"
    if info.get("Id") != f"DPS{at(info, 'cLocEmi')}2{at(info, 'prest/CNPJ')}{number}":
        yield "E0004"
    if at(info, "tpAmb") != environment:
        yield "E0006"
    issued_at = datetime.fromisoformat(at(info, "dhEmi"))
    if issued_at > now + _TOLERANCE:
        yield "E0008"
    if not 1 <= int(at(info, "serie")) < 50_000:
        yield "E0010"
    if date.fromisoformat(at(info, "dCompet")) > issued_at.date():
        yield "E0015"


def _parties(info: Any) -> Broken:
    if not cnpj.is_valid(at(info, "prest/CNPJ")):
        yield "E0080"
    if has(info, "prest/xNome"):
        yield "E0121"
    if has(info, "prest/end"):
        yield "E0128"
    is_small = at(info, "prest/regTrib/opSimpNac") == _ME_EPP
    if is_small != has(info, "prest/regTrib/regApTribSN"):
        yield "E0166" if is_small else "E0162"
    if not has(info, "toma"):
        return
    if has(info, "toma/CNPJ") and not cnpj.is_valid(at(info, "toma/CNPJ")):
        yield "E0188"
    if has(info, "toma/CPF") and not cpf.is_valid(at(info, "toma/CPF")):
        yield "E0206"
    if has(info, "toma/CNPJ") and not has(info, "toma/end"):
        yield "E0235"


def _service(info: Any) -> Broken:
    """The list of services has 40 items (LC 116/2003); 99 is for services outside it."""
    item = int(at(info, "serv/cServ/cTribNac")[:2])
    if not (1 <= item <= 40 or item == 99):
        yield "E0310"
    if has(info, "IBSCBS") and not has(info, "serv/cServ/cNBS"):
        yield "E0322"


def _iss(info: Any) -> Broken:
    taxes, standing = "valores/trib/tribMun", at(info, "prest/regTrib/opSimpNac")
    is_withheld = at(info, f"{taxes}/tpRetISSQN") != _NOT_WITHHELD
    is_informed = has(info, f"{taxes}/pAliq")
    in_simples_alone = standing == _ME_EPP and at(info, "prest/regTrib/regApTribSN") == "1"
    if is_withheld and not has(info, "toma"):
        yield "E0204"
    if is_withheld and at(info, f"{taxes}/tribISSQN") != _TAXABLE:
        yield "E0583"
    if amount(info, f"{taxes}/pAliq") > 5:
        yield "E0595"
    if standing == _MEI and is_informed:
        yield "E0600"
    elif standing == _NOT_IN_SIMPLES and is_informed:
        yield "E0617"
    elif in_simples_alone and is_informed != is_withheld:
        yield "E0621" if is_withheld else "E0625"
    elif standing == _ME_EPP and not in_simples_alone and is_informed:
        yield "E0635"


def _federal(info: Any) -> Broken:
    taxes = "valores/trib/tribFed"
    if at(info, "prest/regTrib/opSimpNac") == _MEI and has(info, taxes):
        yield "E0676"
    for tax, code in (("Pis", "E0678"), ("Cofins", "E0684")):
        base, rate = (
            amount(info, f"{taxes}/piscofins/vBCPisCofins"),
            amount(info, f"{taxes}/piscofins/pAliq{tax}"),
        )
        if abs(base * rate / 100 - amount(info, f"{taxes}/piscofins/v{tax}")) > Decimal("0.01"):
            yield code
    for name, code in _WITHHELD.items():
        if amount(info, f"{taxes}/{name}") >= amount(info, "valores/vServPrest/vServ"):
            yield code


def _total(info: Any) -> Broken:
    standing, total = at(info, "prest/regTrib/opSimpNac"), "valores/trib/totTrib"
    if standing == _ME_EPP and has(info, f"{total}/indTotTrib"):
        yield "E0712"
    if standing == _NOT_IN_SIMPLES and (has(info, f"{total}/indTotTrib") or has(info, f"{total}/pTotTribSN")):
        yield "E0713"


def _signer(declaration: Any) -> str:
    """The CNPJ in the signer's certificate."""
    encoded = declaration.findtext(f".//{_DSIG}X509Certificate") or ""
    certificate = x509.load_der_x509_certificate(base64.b64decode(encoded))
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            others = extension.value.get_values_for_type(x509.OtherName)
            matches = [re.search(rb"[0-9A-Z]{12}[0-9]{2}$", other.value) for other in others]
            for match in matches:
                if match is not None:
                    return match[0].decode()
    _, _, number = certificate.subject.rfc4514_string().rpartition(":")
    return number[:14]
