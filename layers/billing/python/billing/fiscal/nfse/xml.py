"""The XML of a declaration (DPS) in layout order, canonical from the start: schemas of layout 1.01.

The provider's name and address are left out, as the provider issues (E0121, E0128); the form of the total of taxes depends on
Simples (E0712, E0713). The signature covers infDPS: optional in the schema, required by the API (E0714, E0717).
"""

from collections.abc import Iterator

from billing.core.money import ZERO
from billing.fiscal.canonical import decimal_text, element, group, optional, plain, text
from billing.fiscal.nfse.dps import (
    Dps,
    DpsNumber,
    NfseIbsCbs,
    SimplesStanding,
    id_of,
)
from billing.fiscal.parties import Recipient
from billing.fiscal.signature import SignatureAlgorithm, Signer, signature

NAMESPACE = "http://www.sped.fazenda.gov.br/nfse"
VERSION = "1.01"
APPLICATION = "Mensal"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
"""Required before compression (E1229)."""


def signed_dps(dps: Dps, number: DpsNumber, signer: Signer) -> bytes:
    """The declaration with its signature, byte for byte as it is sent and kept."""
    identifier = id_of(dps, number)
    content = "".join(_content(dps, number))
    canonical = f'<infDPS xmlns="{NAMESPACE}" Id="{identifier}">{content}</infDPS>'
    whole = (
        f'{DECLARATION}<DPS xmlns="{NAMESPACE}" versao="{VERSION}"><infDPS Id="{identifier}">{content}</infDPS>'
        f"{signature(canonical, identifier, signer, SignatureAlgorithm.RSA_SHA256)}</DPS>"
    )
    return whole.encode()


def _content(dps: Dps, number: DpsNumber) -> Iterator[str]:
    address = dps.issuer.place.address
    yield text("tpAmb", dps.environment.tp_amb)
    yield text("dhEmi", number.local(address.uf))
    yield text("verAplic", APPLICATION)
    yield text("serie", f"{number.series:05d}")
    yield text("nDPS", str(number.number))
    yield text("dCompet", dps.rendered_on.isoformat())
    yield text("tpEmit", "1")
    yield text("cLocEmi", dps.issuer.place.municipality_code or "")
    if dps.substitution is not None:
        yield group(
            "subst",
            (
                text("chSubstda", dps.substitution.key),
                text("cMotivo", dps.substitution.reason),
                optional("xMotivo", plain(dps.substitution.description or "")),
            ),
        )
    yield group("prest", _provider(dps))
    if dps.recipient is not None:
        yield group("toma", _taker(dps.recipient))
    yield group("serv", _service(dps))
    yield group("valores", _amounts(dps))
    if dps.ibs_cbs is not None:
        yield group("IBSCBS", _ibs_cbs(dps.ibs_cbs))


def _provider(dps: Dps) -> Iterator[str]:
    yield text("CNPJ", dps.issuer.cnpj)
    yield optional("IM", dps.issuer.municipal_registration)
    yield group(
        "regTrib",
        (
            text("opSimpNac", dps.regime.standing),
            optional("regApTribSN", dps.regime.assessment),
            text("regEspTrib", "0"),
        ),
    )


def _taker(taker: Recipient) -> Iterator[str]:
    address = taker.place.address
    yield text("CPF" if taker.is_person else "CNPJ", taker.document or "")
    yield text("xNome", plain(taker.name))
    yield group(
        "end",
        (
            element("endNac", text("cMun", taker.place.municipality_code or "") + text("CEP", address.cep)),
            text("xLgr", plain(address.street)),
            text("nro", plain(address.number)),
            optional("xCpl", plain(address.complement or "")),
            text("xBairro", plain(address.district)),
        ),
    )


def _service(dps: Dps) -> Iterator[str]:
    service = dps.service
    yield element("locPrest", text("cLocPrestacao", service.place_code or ""))
    yield group(
        "cServ",
        (
            text("cTribNac", service.national_code or ""),
            optional("cTribMun", service.municipal_code),
            text("xDescServ", plain(service.description)),
            optional("cNBS", service.nbs),
        ),
    )
    observations = " | ".join(plain(observation) for observation in dps.observations if plain(observation))
    if observations:
        yield element("infoCompl", text("xInfComp", observations))


def _amounts(dps: Dps) -> Iterator[str]:
    yield element("vServPrest", text("vServ", str(dps.amount)))
    discounts = [
        text(name, str(discount))
        for name, discount in (
            ("vDescIncond", dps.unconditional_discount),
            ("vDescCond", dps.conditional_discount),
        )
        if discount
    ]
    if discounts:
        yield group("vDescCondIncond", discounts)
    yield group("trib", (group("tribMun", _municipal(dps)), _federal(dps), element("totTrib", _total(dps))))


def _municipal(dps: Dps) -> Iterator[str]:
    yield text("tribISSQN", dps.iss.treatment)
    yield text("tpRetISSQN", dps.iss.withheld_by)
    if dps.informs_iss_rate and dps.iss.percent is not None:
        yield text("pAliq", decimal_text(dps.iss.percent, 2))


def _federal(dps: Dps) -> str:
    own, withheld = dps.own_contributions, dps.withheld
    parts = []
    if own is not None:
        parts.append(
            group(
                "piscofins",
                (
                    text("CST", own.cst),
                    text("vBCPisCofins", str(own.pis.base)),
                    text("pAliqPis", decimal_text(own.pis.percent, 2)),
                    text("pAliqCofins", decimal_text(own.cofins.percent, 2)),
                    text("vPis", str(own.pis.amount)),
                    text("vCofins", str(own.cofins.amount)),
                    text("tpRetPisCofins", withheld.contributions_kind),
                ),
            )
        )
    parts += [
        text(name, str(amount))
        for name, amount in (
            ("vRetCP", withheld.inss),
            ("vRetIRRF", withheld.irrf),
            ("vRetCSLL", withheld.contributions),
        )
        if amount > ZERO
    ]
    return group("tribFed", parts) if parts else ""


def _total(dps: Dps) -> str:
    taxes = dps.approximate_taxes
    if dps.regime.standing is SimplesStanding.MEI:
        return text("indTotTrib", "0")
    if dps.regime.standing is SimplesStanding.ME_EPP:
        return text("pTotTribSN", decimal_text(taxes.simples or taxes.federal, 2))
    return group(
        "pTotTrib",
        (
            text("pTotTribFed", decimal_text(taxes.federal, 2)),
            text("pTotTribEst", decimal_text(taxes.state, 2)),
            text("pTotTribMun", decimal_text(taxes.municipal, 2)),
        ),
    )


def _ibs_cbs(declared: NfseIbsCbs) -> Iterator[str]:
    yield text("finNFSe", "0")
    yield text("indFinal", "1" if declared.is_final else "0")
    yield text("cIndOp", declared.operation_code)
    yield text("indDest", "0")
    situation = text("CST", declared.cst) + text("cClassTrib", declared.class_code)
    yield element("valores", element("trib", element("gIBSCBS", situation)))
