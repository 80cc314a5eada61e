"""The rules by which the stand-in judges an NFCom: an independent reading of the XML, sharing no arithmetic with the code that wrote it.

MOC NFCom 1.00a, Anexo I, by status code; NT 2023.001 and 2023.002. Only the rules that a note of ours could break.
"""

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from billing.fiscal.states import IBGE_CODES

NS = "{http://www.portalfiscal.inf.br/nfcom}"
_DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
_QR_BASES = {
    "31": "https://portalnfcom.fazenda.mg.gov.br/qrcode",
    "50": "https://www.dfe.ms.gov.br/nfcom/qrcode",
    "51": ".sefaz.mt.gov.br/nfcom-ext-fe/qrcode",
}
_SVRS_QR = "https://dfe-portal.svrs.rs.gov.br/NFCom/QRCode"
_NO_EXEMPT = {"AM", "BA", "CE", "GO", "MG", "MS", "MT", "PE", "RN", "SE", "SP"}
_LINE_TOLERANCE, _TAX_TOLERANCE = Decimal("0.05"), Decimal("0.10")

Broken = Iterator[str]
"""Status codes of the rules that a note breaks, in the authority's order."""


def at(element: Any, path: str) -> str:
    """The text at a path of element names; empty if there is none."""
    return element.findtext("/".join(NS + step for step in path.split("/"))) or ""


def amount(element: Any, path: str) -> Decimal:
    return Decimal(at(element, path) or "0")


def broken_rules(note: Any, now: datetime, environment: str) -> Broken:
    """Rules broken by a document (`NFCom`) whose schema and signature were found valid."""
    info = note.find(f"{NS}infNFCom")
    yield from _identification(info, now, environment)
    yield from _certificate(note, info, now)
    yield from _qr_code(note, info)
    yield from _parties(info)
    yield from _billing(info)
    for line in info.findall(f"{NS}det"):
        yield from _line(line)
    yield from _totals(info)


def _identification(info: Any, now: datetime, environment: str) -> Broken:
    if at(info, "ide/tpAmb") != environment:
        yield "252"
    issued_at = datetime.fromisoformat(at(info, "ide/dhEmi"))
    key = info.get("Id").removeprefix("NFCom")
    number = f"{int(at(info, 'ide/serie')):03d}{int(at(info, 'ide/nNF')):09d}"
    expected = (
        f"{at(info, 'ide/cUF')}{issued_at:%y%m}{at(info, 'emit/CNPJ')}62{number}{at(info, 'ide/tpEmis')}"
        f"{at(info, 'ide/nSiteAutoriz')}{at(info, 'ide/cNF')}{at(info, 'ide/cDV')}"
    )
    if key != expected:
        yield "227"
    elif _digit(key[:-1]) != key[-1]:
        yield "253"
    if issued_at > now + timedelta(minutes=5):
        yield "212"
    contingency = at(info, "ide/tpEmis") == "2"
    if not contingency and now - issued_at > timedelta(hours=120):
        yield "228"
    if contingency != bool(at(info, "ide/dhCont")):
        yield "416" if contingency else "415"
    elif contingency and datetime.fromisoformat(at(info, "ide/dhCont")) > issued_at:
        yield "417"
    if contingency and at(info, "ide/finNFCom") != "0":
        yield "419"


def _digit(body: str) -> str:
    """Modulo 11, weights 2 to 9 from the right."""
    total = 0
    weight = 2
    for character in reversed(body):
        total += (ord(character) - 48) * weight
        weight = 2 if weight == 9 else weight + 1
    remainder = total % 11
    return "0" if remainder < 2 else str(11 - remainder)


def _certificate(note: Any, info: Any, now: datetime) -> Broken:
    from cryptography import x509

    encoded = note.find(f".//{_DSIG}X509Certificate").text
    certificate = x509.load_der_x509_certificate(base64.b64decode(encoded))
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        yield "291"
    names = [name.value for name in certificate.subject]
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names += [name.value for name in extension.value if isinstance(name, x509.OtherName)]
    except x509.ExtensionNotFound:
        pass
    texts = [name.decode("latin-1") if isinstance(name, bytes) else str(name) for name in names]
    numbers = {number for text in texts for number in re.findall(r"[0-9A-Z]{12}[0-9]{2}", text)}
    if not numbers:
        yield "292"
    elif at(info, "emit/CNPJ")[:8] not in {number[:8] for number in numbers}:
        yield "213"


def _qr_code(note: Any, info: Any) -> Broken:
    url = at(note, "infNFComSupl/qrCodNFCom")
    base, _, query = url.partition("?")
    fields = dict(part.partition("=")[::2] for part in query.split("&"))
    expected = _QR_BASES.get(at(info, "ide/cUF"), _SVRS_QR)
    if not base.lower().endswith(expected.lower()):
        yield "464"
    if fields.get("chNFCom") != info.get("Id").removeprefix("NFCom"):
        yield "465"
    if at(info, "ide/tpEmis") == "2" and "sign" not in fields:
        yield "469"
    if at(info, "ide/tpEmis") == "1" and "sign" in fields:
        yield "470"


def _parties(info: Any) -> Broken:
    for party, code in (("emit/enderEmit", "407"), ("dest/enderDest", "405")):
        if not at(info, f"{party}/cMun").startswith(str(IBGE_CODES[at(info, f"{party}/UF")])):
            yield code
    standing, registration = at(info, "dest/indIEDest"), at(info, "dest/IE")
    if standing == "1" and not registration:
        yield "426"
    if standing == "9" and registration:
        yield "431"
    if standing == "2" and registration != "ISENTO":
        yield "420"
    if standing == "2" and at(info, "dest/enderDest/UF") in _NO_EXEMPT:
        yield "432"
    if not (at(info, "assinante/nContrato") and at(info, "assinante/dContratoIni")):
        yield "537"
    ends_on = at(info, "assinante/dContratoFim")
    if ends_on and ends_on < at(info, "assinante/dContratoIni"):
        yield "425"


def _billing(info: Any) -> Broken:
    purpose = at(info, "ide/finNFCom")
    billed = info.find(f"{NS}gFat") is not None
    if at(info, "ide/tpFat") == "0" and purpose != "4" and not billed:
        yield "270"
    substitutes = info.find(f"{NS}gSub") is not None
    if (purpose == "3") != substitutes:
        yield "411" if purpose == "3" else "412"


def _line(line: Any) -> Broken:
    product = line.find(f"{NS}prod")
    without_cst = bool(at(line, "imposto/indSemCST"))
    cfop = at(product, "CFOP")
    if not without_cst and not cfop:
        yield "540"
    if without_cst and cfop:
        yield "541"
    if cfop and not re.fullmatch(r"1205|[56]30[1-7]|5933|7301", cfop):
        yield "433"
    worth = (
        amount(product, "qFaturada") * amount(product, "vItem")
        - amount(product, "vDesc")
        + amount(product, "vOutro")
    )
    if abs(worth - amount(product, "vProd")) > _LINE_TOLERANCE:
        yield "435"
    taxes = line.find(f"{NS}imposto")
    for name, code in (("PIS", "443"), ("COFINS", "445"), ("FUST", "446"), ("FUNTTEL", "476")):
        tax = taxes.find(f"{NS}{name}")
        if tax is not None and _is_off(tax, name):
            yield code
    for tax in taxes:
        if tax.tag.startswith(f"{NS}ICMS") and tax.find(f"{NS}pICMS") is not None and _is_off(tax, "ICMS"):
            yield "444"


def _is_off(tax: Any, name: str) -> bool:
    due = amount(tax, "vBC") * amount(tax, f"p{name}") / 100
    return abs(due - amount(tax, f"v{name}")) > _TAX_TOLERANCE


_SUMS = (
    ("459", "total/vProd", "prod/vProd"),
    ("462", "total/vDesc", "prod/vDesc"),
    ("477", "total/vOutro", "prod/vOutro"),
    ("457", "total/vPIS", "imposto/PIS/vPIS"),
    ("458", "total/vCOFINS", "imposto/COFINS/vCOFINS"),
    ("256", "total/vFUST", "imposto/FUST/vFUST"),
    ("257", "total/vFUNTTEL", "imposto/FUNTTEL/vFUNTTEL"),
    ("258", "total/vRetTribTot/vRetPIS", "imposto/retTrib/vRetPIS"),
    ("259", "total/vRetTribTot/vRetCofins", "imposto/retTrib/vRetCofins"),
    ("260", "total/vRetTribTot/vRetCSLL", "imposto/retTrib/vRetCSLL"),
    ("461", "total/vRetTribTot/vIRRF", "imposto/retTrib/vIRRF"),
)
_ICMS_SUMS = (
    ("447", "total/ICMSTot/vBC", "vBC"),
    ("448", "total/ICMSTot/vICMS", "vICMS"),
    ("455", "total/ICMSTot/vFCP", "vFCP"),
)


def _totals(info: Any) -> Broken:
    lines = info.findall(f"{NS}det")
    for code, path, of_line in _SUMS:
        if amount(info, path) != _sum(lines, partial(amount, path=of_line)):
            yield code
    for code, path, name in _ICMS_SUMS:
        if amount(info, path) != _sum(lines, partial(_icms, name=name)):
            yield code
    withheld = sum(
        amount(info, f"total/vRetTribTot/{name}") for name in ("vRetPIS", "vRetCofins", "vRetCSLL", "vIRRF")
    )
    if amount(info, "total/vNF") != amount(info, "total/vProd") - withheld:
        yield "460"


def _sum(lines: Iterable[Any], part: Callable[[Any], Decimal]) -> Decimal:
    """A returned amount counts with the opposite sign."""
    return sum((-part(line) if at(line, "prod/indDevolucao") else part(line) for line in lines), Decimal(0))


def _icms(line: Any, name: str) -> Decimal:
    groups = [tax for tax in line.find(f"{NS}imposto") if tax.tag.startswith(f"{NS}ICMS")]
    return sum((amount(group, name) for group in groups), Decimal(0))
