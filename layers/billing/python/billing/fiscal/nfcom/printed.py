"""What the DANFE-COM prints: read back from the signed XML, since nothing else may be printed.

MOC NFCom 1.00a, Anexo II, as two public programs read it; only the protocol comes from the authority.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from billing.core.br import cep, cnpj, cpf
from billing.core.money import Money
from billing.fiscal.nfcom.answers import NAMESPACE
from billing.fiscal.nfcom.authorisers import authoriser_of
from billing.fiscal.schemas import parsed
from billing.fiscal.states import UFS


class PrintedLine(NamedTuple):
    code: str
    description: str
    unit: str
    quantity: str
    unit_price: str
    amount: str
    icms_base: str
    icms_percent: str
    icms: str
    contributions: str
    """PIS and COFINS together."""


class PrintedNote(NamedTuple):
    issuer: Sequence[str]
    """Name, then its lines."""
    customer: Sequence[str]
    number: str
    series: str
    issued_at: str
    key: str
    consultation: str
    qr_url: str
    protocol: str | None
    month: str
    due_on: str
    net: str
    used: str | None
    lines: Sequence[PrintedLine]
    totals: Sequence[tuple[str, str]]
    """Label and amount."""
    typed_line: str | None
    pix: str | None
    observations: Sequence[str]
    for_tax_office: str
    is_test: bool
    is_contingency: bool


_UNITS = {"1": "min", "2": "MB", "3": "GB", "4": "un"}
_TOTALS = (
    ("Valor dos itens", "vProd"),
    ("Descontos", "vDesc"),
    ("Outras despesas", "vOutro"),
    ("Base do ICMS", "ICMSTot/vBC"),
    ("ICMS", "ICMSTot/vICMS"),
    ("FCP", "ICMSTot/vFCP"),
    ("PIS", "vPIS"),
    ("COFINS", "vCOFINS"),
    ("FUST", "vFUST"),
    ("FUNTTEL", "vFUNTTEL"),
    ("Base do IBS e da CBS", "IBSCBSTot/vBCIBSCBS"),
    ("IBS", "IBSCBSTot/gIBS/vIBS"),
    ("CBS", "IBSCBSTot/gCBS/vCBS"),
    ("PIS retido", "vRetTribTot/vRetPIS"),
    ("COFINS retida", "vRetTribTot/vRetCofins"),
    ("CSLL retida", "vRetTribTot/vRetCSLL"),
    ("IRRF", "vRetTribTot/vIRRF"),
)
_SHOWN_WHEN_ZERO = frozenset(
    {"vProd", "ICMSTot/vBC", "ICMSTot/vICMS", "vPIS", "vCOFINS", "vFUST", "vFUNTTEL"}
)
"""FUST is shown on every bill for a service that pays it (Lei 9.998/2000, art. 8)."""


def printed_note(content: bytes) -> PrintedNote:
    """From a signed NFCom, or from the kept file with its protocol. `content` must be one that we signed."""
    root = parsed(content)
    note = root if root.tag == f"{NAMESPACE}infNFCom" else root.find(f".//{NAMESPACE}infNFCom")
    issued_at = datetime.fromisoformat(_at(note, "ide/dhEmi"))
    uf = UFS[int(_at(note, "ide/cUF"))]
    authoriser = authoriser_of(uf, issued_at.date())
    protocol = root.find(f".//{NAMESPACE}infProt")
    used = (_at(note, "gFat/dPerUsoIni"), _at(note, "gFat/dPerUsoFim"))
    month = _at(note, "gFat/CompetFat")
    return PrintedNote(
        issuer=_issuer(note),
        customer=_customer(note),
        number=_at(note, "ide/nNF"),
        series=_at(note, "ide/serie"),
        issued_at=f"{issued_at:%d/%m/%Y %H:%M:%S}",
        key=note.get("Id").removeprefix("NFCom"),
        consultation=authoriser.consultation or _at(root, ".//qrCodNFCom").partition("?")[0],
        qr_url=_at(root, ".//qrCodNFCom"),
        protocol=None if protocol is None else _protocol(protocol),
        month=f"{month[4:]}/{month[:4]}" if month else "",
        due_on=_day(_at(note, "gFat/dVencFat")),
        net=Money(_at(note, "total/vNF")).format_br(),
        used=f"{_day(used[0])} a {_day(used[1])}" if all(used) else None,
        lines=[_line(line) for line in note.findall(f"{NAMESPACE}det")],
        totals=_totals(note.find(f"{NAMESPACE}total")),
        typed_line=_at(note, "gFat/codBarras") or None,
        pix=_at(note, "gFat/gPIX/urlQRCodePIX") or None,
        observations=[text.text for text in note.findall(f"{NAMESPACE}infAdic/{NAMESPACE}infCpl")],
        for_tax_office=_at(note, "infAdic/infAdFisco"),
        is_test=_at(note, "ide/tpAmb") == "2",
        is_contingency=_at(note, "ide/tpEmis") == "2",
    )


def _at(element: Any, path: str) -> str:
    """The text at a path of element names; empty if there is none."""
    steps = [step if step in {"", "."} else NAMESPACE + step for step in path.split("/")]
    return element.findtext("/".join(steps)) or ""


def _issuer(note: Any) -> list[str]:
    trade_name = _at(note, "emit/xFant")
    return [
        _at(note, "emit/xNome"),
        *([trade_name] if trade_name else []),
        *_address(note, "emit/enderEmit"),
        f"CNPJ {cnpj.format(_at(note, 'emit/CNPJ'))}   IE {_at(note, 'emit/IE')}",
    ]


def _customer(note: Any) -> list[str]:
    person, company = _at(note, "dest/CPF"), _at(note, "dest/CNPJ")
    document = f"CPF {cpf.format(person)}" if person else f"CNPJ {cnpj.format(company)}"
    registration, contract = _at(note, "dest/IE"), _at(note, "assinante/nContrato")
    terminal = _at(note, "assinante/NroTermPrinc")
    codes = [f"Código do assinante {_at(note, 'assinante/iCodAssinante')}"]
    codes += [f"Contrato {contract}"] if contract else []
    codes += [f"Telefone {terminal}"] if terminal else []
    return [
        _at(note, "dest/xNome"),
        f"{document}   IE {registration}" if registration else document,
        *_address(note, "dest/enderDest"),
        "   ".join(codes),
    ]


def _address(note: Any, path: str) -> list[str]:
    complement = _at(note, f"{path}/xCpl")
    street = f"{_at(note, f'{path}/xLgr')}, {_at(note, f'{path}/nro')}"
    city = f"{_at(note, f'{path}/xBairro')} – {_at(note, f'{path}/xMun')} {_at(note, f'{path}/UF')}"
    return [
        f"{street} – {complement}" if complement else street,
        f"{city} – CEP {cep.format(_at(note, f'{path}/CEP'))}",
    ]


def _protocol(protocol: Any) -> str:
    received_at = datetime.fromisoformat(_at(protocol, "dhRecbto"))
    return f"{_at(protocol, 'nProt')} – {received_at:%d/%m/%Y %H:%M:%S}"


def _line(line: Any) -> PrintedLine:
    icms = next((tax for tax in line.find(f"{NAMESPACE}imposto") if "ICMS" in tax.tag), None)
    sign = "-" if _at(line, "prod/indDevolucao") else ""
    contributions = [_at(line, f"imposto/{name}/v{name}") for name in ("PIS", "COFINS")]
    return PrintedLine(
        code=_at(line, "prod/cProd"),
        description=_at(line, "prod/xProd"),
        unit=_UNITS[_at(line, "prod/uMed")],
        quantity=_br(_at(line, "prod/qFaturada")),
        unit_price=_br(_at(line, "prod/vItem")),
        amount=sign + _br(_at(line, "prod/vProd")),
        icms_base=_br("" if icms is None else _at(icms, "vBC")),
        icms_percent=_br("" if icms is None else _at(icms, "pICMS")),
        icms=_br("" if icms is None else _at(icms, "vICMS")),
        contributions=_br(str(Money.sum(Money(part) for part in contributions if part))),
    )


def _totals(total: Any) -> list[tuple[str, str]]:
    listed = []
    for label, path in _TOTALS:
        amount = _at(total, path)
        if amount and (path in _SHOWN_WHEN_ZERO or Money(amount)):
            listed.append((label, _br(amount)))
    return listed


def _br(amount: str) -> str:
    """Decimal comma and dots between thousands; a dash if the note does not have the amount.

    >>> _br("1234.5678"), _br("")
    ('1.234,5678', '-')
    """
    whole, _, decimals = amount.partition(".")
    return f"{int(whole):,}".replace(",", ".") + (f",{decimals}" if decimals else "") if amount else "-"


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else ""
