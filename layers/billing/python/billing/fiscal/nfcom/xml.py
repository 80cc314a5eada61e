"""The XML of an NFCom in layout order, canonical from the start: MOC NFCom 1.00a, Anexo I; schemas NT 2026.002.

Totals have COFINS before PIS and FUNTTEL before FUST, as the schema has them. Optional fields without a value are left out.
"""

from collections.abc import Iterator

from billing.core.money import ZERO, Money
from billing.fiscal.canonical import decimal_text, element, group, optional, plain, text
from billing.fiscal.federal import Tax
from billing.fiscal.nfcom.access_key import AccessKey
from billing.fiscal.nfcom.note import Billing, Nfcom, NfcomLine, NfcomNumber, Subscriber, key_of
from billing.fiscal.nfcom.qr_code import qr_url
from billing.fiscal.nfcom.taxation import IcmsSituation
from billing.fiscal.nfcom.taxes import IbsCbs, Icms, RatedTax
from billing.fiscal.nfcom.totals import Totals, WithheldFromLine
from billing.fiscal.parties import IcmsStanding, Place
from billing.fiscal.signature import SignatureAlgorithm, Signer, signature
from billing.fiscal.states import IBGE_CODES

NAMESPACE = "http://www.portalfiscal.inf.br/nfcom"
VERSION = "1.00"
APPLICATION = "Mensal"
"""verProc, up to 20 characters."""

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def signed_nfcom(note: Nfcom, number: NfcomNumber, signer: Signer) -> bytes:
    """The note with QR code and signature, byte for byte as it is sent and kept."""
    key = key_of(note, number)
    attributes = f'Id="{key.id}" versao="{VERSION}"'
    content = "".join(_content(note, number, key))
    canonical = f'<infNFCom xmlns="{NAMESPACE}" {attributes}>{content}</infNFCom>'
    url = qr_url(key, note.environment, number.local(key.uf).date(), lambda data: signer.sign(data, "sha1"))
    whole = (
        f'{DECLARATION}<NFCom xmlns="{NAMESPACE}"><infNFCom {attributes}>{content}</infNFCom>'
        f"<infNFComSupl>{text('qrCodNFCom', url)}</infNFComSupl>"
        f"{signature(canonical, key.id, signer, SignatureAlgorithm.RSA_SHA1)}</NFCom>"
    )
    return whole.encode()


def _content(note: Nfcom, number: NfcomNumber, key: AccessKey) -> Iterator[str]:
    yield group("ide", _identification(note, number, key))
    yield group("emit", _issuer(note))
    yield group("dest", _recipient(note))
    yield group("assinante", _subscriber(note.subscriber))
    if note.substitution is not None:
        yield group(
            "gSub", (text("chNFCom", note.substitution.key), text("motSub", note.substitution.reason))
        )
    for position, line in enumerate(note.lines, start=1):
        yield f'<det nItem="{position}">{"".join(_line(line))}</det>'
    yield group("total", _totals(note.totals))
    if note.billing is not None:
        yield group("gFat", _billing(note.billing))
    observations = [optional("infCpl", plain(observation)) for observation in note.observations]
    if any(observations):
        yield group("infAdic", observations)


def _identification(note: Nfcom, number: NfcomNumber, key: AccessKey) -> Iterator[str]:
    yield text("cUF", str(IBGE_CODES[key.uf]))
    yield text("tpAmb", note.environment.tp_amb)
    yield text("mod", "62")
    yield text("serie", str(number.series))
    yield text("nNF", str(number.number))
    yield text("cNF", number.random_code)
    yield text("cDV", key.check_digit)
    yield text("dhEmi", number.local(key.uf).isoformat())
    yield text("tpEmis", str(key.emission))
    yield text("nSiteAutoriz", str(number.site))
    yield text("cMunFG", note.issuer.place.municipality_code or "")
    yield text("finNFCom", note.purpose)
    yield text("tpFat", "0")
    yield text("verProc", APPLICATION)
    if note.contingency is not None:
        since = number.evolve(issued_at=note.contingency.since).local(key.uf)
        yield text("dhCont", since.isoformat())
        yield text("xJust", plain(note.contingency.reason))


def _issuer(note: Nfcom) -> Iterator[str]:
    issuer = note.issuer
    yield text("CNPJ", issuer.cnpj)
    yield text("IE", issuer.state_registration or "")
    yield text("CRT", issuer.regime)
    yield text("xNome", plain(issuer.legal_name))
    yield optional("xFant", plain(issuer.trade_name or ""))
    yield group("enderEmit", _place(issuer.place))


def _recipient(note: Nfcom) -> Iterator[str]:
    recipient = note.recipient
    yield text("xNome", plain(recipient.name))
    yield text("CPF" if recipient.is_person else "CNPJ", recipient.document or "")
    yield text("indIEDest", recipient.standing)
    exempt = recipient.standing is IcmsStanding.EXEMPT
    yield optional("IE", "ISENTO" if exempt else recipient.state_registration)
    yield group("enderDest", _place(recipient.place))


def _place(place: Place) -> Iterator[str]:
    address = place.address
    yield text("xLgr", plain(address.street))
    yield text("nro", plain(address.number))
    yield optional("xCpl", plain(address.complement or ""))
    yield text("xBairro", plain(address.district))
    yield text("cMun", place.municipality_code or "")
    yield text("xMun", plain(address.city))
    yield text("CEP", address.cep)
    yield text("UF", address.uf)


def _subscriber(subscriber: Subscriber) -> Iterator[str]:
    yield text("iCodAssinante", subscriber.code)
    yield text("tpAssinante", subscriber.kind)
    yield text("tpServUtil", subscriber.service)
    yield optional("nContrato", subscriber.contract_number)
    if subscriber.contract_starts_on is not None:
        yield text("dContratoIni", subscriber.contract_starts_on.isoformat())
    if subscriber.contract_ends_on is not None:
        yield text("dContratoFim", subscriber.contract_ends_on.isoformat())
    if subscriber.main_terminal is not None:
        yield text("NroTermPrinc", subscriber.main_terminal.number)
        yield text("cUFPrinc", str(IBGE_CODES[subscriber.main_terminal.uf]))


def _line(line: NfcomLine) -> Iterator[str]:
    yield group("prod", _product(line))
    yield group("imposto", _taxes(line))
    yield optional("infAdProd", plain(line.note or ""))


def _product(line: NfcomLine) -> Iterator[str]:
    yield text("cProd", plain(line.code))
    yield text("xProd", plain(line.description))
    yield text("cClass", line.class_code or "")
    yield optional("CFOP", line.cfop)
    yield text("uMed", line.unit)
    yield text("qFaturada", decimal_text(line.value.quantity, 4))
    yield text("vItem", decimal_text(line.value.unit_price, 8))
    if line.value.discount:
        yield text("vDesc", str(line.value.discount))
    if line.value.other:
        yield text("vOutro", str(line.value.other))
    yield text("vProd", str(line.taxes.amount))
    if line.gives_back:
        yield text("indDevolucao", "1")


def _taxes(line: NfcomLine) -> Iterator[str]:
    yield _icms(line.taxes.icms)
    contributions = line.taxes.contributions
    if contributions is not None:
        cst = text("CST", contributions.cst)
        yield element("PIS", cst + _tax(contributions.pis, "PIS"))
        yield element("COFINS", cst + _tax(contributions.cofins, "COFINS"))
    if line.taxes.fust is not None:
        yield element("FUST", _tax(line.taxes.fust, "FUST"))
    if line.taxes.funttel is not None:
        yield element("FUNTTEL", _tax(line.taxes.funttel, "FUNTTEL"))
    if line.withheld is not None and line.withheld.total > ZERO:
        yield group("retTrib", _withheld(line.withheld))
    if line.taxes.ibs_cbs is not None:
        yield group("IBSCBS", _ibs_cbs(line.taxes.ibs_cbs))


_ICMS_GROUPS = {
    IcmsSituation.TAXED: "ICMS00",
    IcmsSituation.REDUCED: "ICMS20",
    IcmsSituation.EXEMPT: "ICMS40",
    IcmsSituation.NOT_TAXED: "ICMS40",
    IcmsSituation.DEFERRED: "ICMS51",
    IcmsSituation.OTHER: "ICMS90",
}


def _icms(icms: Icms) -> str:
    if icms.situation is IcmsSituation.OUTSIDE:
        return text("indSemCST", "1")
    if icms.situation is IcmsSituation.SIMPLES:
        return element("ICMSSN", text("CST", "90") + text("indSN", "1"))
    parts = [text("CST", icms.situation)]
    if icms.base_reduction_percent is not None:
        parts.append(text("pRedBC", decimal_text(icms.base_reduction_percent, 2)))
    if icms.tax is not None:
        parts.append(_tax(icms.tax, "ICMS"))
    if icms.fcp is not None:
        parts += [text("pFCP", decimal_text(icms.fcp.percent, 4)), text("vFCP", str(icms.fcp.amount))]
    return group(_ICMS_GROUPS[icms.situation], parts)


def _tax(tax: Tax, name: str) -> str:
    return (
        text("vBC", str(tax.base))
        + text(f"p{name}", decimal_text(tax.percent, 4))
        + text(f"v{name}", str(tax.amount))
    )


def _withheld(withheld: WithheldFromLine) -> Iterator[str]:
    yield text("vRetPIS", str(withheld.pis))
    yield text("vRetCofins", str(withheld.cofins))
    yield text("vRetCSLL", str(withheld.csll))
    yield text("vBCIRRF", str(withheld.irrf_base))
    yield text("vIRRF", str(withheld.irrf))


def _ibs_cbs(ibs_cbs: IbsCbs) -> Iterator[str]:
    yield text("CST", ibs_cbs.cst)
    yield text("cClassTrib", ibs_cbs.class_code)
    if ibs_cbs.base is None:
        return
    yield group(
        "gIBSCBS",
        (
            text("vBC", str(ibs_cbs.base)),
            element("gIBSUF", _rated(ibs_cbs.ibs_state, "IBSUF")),
            element("gIBSMun", _rated(ibs_cbs.ibs_municipality, "IBSMun")),
            text("vIBS", str(ibs_cbs.ibs)),
            element("gCBS", _rated(ibs_cbs.cbs, "CBS")),
        ),
    )


def _rated(tax: RatedTax | None, name: str) -> str:
    if tax is None or tax.percent is None or tax.amount is None:
        raise ValueError(f"{name}: no rate; faults_of refuses such a note before this")
    reduced = ""
    if tax.reduced is not None:
        reduced = group(
            "gRed",
            (
                text("pRedAliq", decimal_text(tax.reduced.reduction_percent, 4)),
                text("pAliqEfet", decimal_text(tax.reduced.effective_percent, 4)),
            ),
        )
    return text(f"p{name}", decimal_text(tax.percent, 4)) + reduced + text(f"v{name}", str(tax.amount))


def _totals(total: Totals) -> Iterator[str]:
    def amount(name: str, value: Money) -> str:
        return text(name, str(value))

    yield amount("vProd", total.amount)
    yield group(
        "ICMSTot",
        (
            amount("vBC", total.icms_base),
            amount("vICMS", total.icms),
            amount("vICMSDeson", ZERO),
            amount("vFCP", total.fcp),
        ),
    )
    yield amount("vCOFINS", total.cofins)
    yield amount("vPIS", total.pis)
    yield amount("vFUNTTEL", total.funttel)
    yield amount("vFUST", total.fust)
    yield group(
        "vRetTribTot",
        (
            amount("vRetPIS", total.withheld_pis),
            amount("vRetCofins", total.withheld_cofins),
            amount("vRetCSLL", total.withheld_csll),
            amount("vIRRF", total.withheld_irrf),
        ),
    )
    yield amount("vDesc", total.discount)
    yield amount("vOutro", total.other)
    yield amount("vNF", total.net)
    if total.shows_ibs_cbs:
        yield group("IBSCBSTot", _ibs_cbs_totals(total))


def _ibs_cbs_totals(total: Totals) -> Iterator[str]:
    nothing = text("vDif", str(ZERO)) + text("vDevTrib", str(ZERO))
    yield text("vBCIBSCBS", str(total.ibs_cbs_base))
    yield group(
        "gIBS",
        (
            element("gIBSUF", nothing + text("vIBSUF", str(total.ibs_state))),
            element("gIBSMun", nothing + text("vIBSMun", str(total.ibs_municipality))),
            text("vIBS", str(total.ibs)),
        ),
    )
    yield element("gCBS", nothing + text("vCBS", str(total.cbs)))


def _billing(billing: Billing) -> Iterator[str]:
    yield text("CompetFat", billing.month)
    yield text("dVencFat", billing.due_on.isoformat())
    if billing.used_from is not None and billing.used_to is not None:
        yield text("dPerUsoIni", billing.used_from.isoformat())
        yield text("dPerUsoFim", billing.used_to.isoformat())
    yield text("codBarras", billing.typed_line or "")
    if billing.pix_url is not None:
        yield group("gPIX", (text("urlQRCodePIX", plain(billing.pix_url)),))
