"""What a declaration (DPS) lacks to be accepted, found before a number is taken, in the clerk's words and naming the field.

Rules of the Sefin Nacional by their code (Anexo I of the manual of 2026-01; E0322 and E0713 only in secondary sources).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from billing.core.clock import start_of_day
from billing.core.errors import InvalidInput, Refusal
from billing.core.money import ZERO
from billing.fiscal.faults import faults_in_place, faults_in_schema, faults_in_text
from billing.fiscal.federal import shows_ibs_cbs
from billing.fiscal.nfse.dps import Dps, DpsNumber, IssTreatment, IssWithheldBy, SimplesStanding
from billing.fiscal.nfse.identifiers import check_nfse_key
from billing.fiscal.nfse.xml import signed_dps
from billing.fiscal.parties import TaxRegime
from billing.fiscal.schemas import Schema
from billing.fiscal.signature import PlaceholderSigner


def faults_of(dps: Dps, day: date) -> Sequence[Refusal]:
    """Everything that must be corrected before the declaration can be issued on that day; empty if nothing must."""
    stated = [
        *_parties(dps),
        *_service(dps, day),
        *_amounts(dps),
        *_iss(dps),
        *_federal(dps),
        *_ibs_cbs(dps),
        *_texts(dps),
    ]
    return stated or list(faults_in_schema(_tried(dps, day), Schema.DPS))


def _tried(dps: Dps, day: date) -> bytes:
    """The declaration with a placeholder number and signature."""
    number = DpsNumber(series=1, number=1, issued_at=start_of_day(day))
    return signed_dps(dps, number, PlaceholderSigner())


def _fault(code: str, field: str, message: str) -> Refusal:
    return Refusal(f"nfse.{code}", message, field=field)


def _parties(dps: Dps) -> Iterator[Refusal]:
    if dps.issuer.place.municipality_code is None:
        yield _fault(
            "issuer_municipality",
            "issuer.place.municipality_code",
            "Falta o código do município (IBGE) da empresa (E0084).",
        )
    if dps.issuer.municipal_registration and len(dps.issuer.municipal_registration) > 15:
        yield _fault(
            "municipal_registration",
            "issuer.municipal_registration",
            "A inscrição municipal da empresa passa de 15 caracteres.",
        )
    taker = dps.recipient
    if taker is None:
        return
    yield from faults_in_text("recipient.name", "O nome do cliente", taker.name, 1, 300)
    if not taker.has_valid_document:
        yield _fault(
            "recipient_document",
            "recipient.document",
            "Falta o CPF ou CNPJ do cliente, ou não é válido (E0188).",
        )
    yield from faults_in_place("recipient", "do cliente", taker.place, longest_street=255)


def _service(dps: Dps, day: date) -> Iterator[Refusal]:
    service = dps.service
    if not re.fullmatch(r"[0-9]{6}", service.national_code or ""):
        yield _fault(
            "national_code",
            "service.national_code",
            "Falta o código de tributação nacional do serviço (cTribNac, 6 algarismos) (E0310).",
        )
    if service.municipal_code is not None and not re.fullmatch(r"[0-9]{3}", service.municipal_code):
        yield _fault(
            "municipal_code", "service.municipal_code", "O código municipal do serviço tem 3 algarismos."
        )
    if service.nbs is not None and not re.fullmatch(r"[0-9]{9}", service.nbs):
        yield _fault("nbs", "service.nbs", "O código NBS tem 9 algarismos.")
    if not re.fullmatch(r"[0-9]{7}", service.place_code or ""):
        yield _fault("place", "service.place_code", "Falta o município (IBGE) em que o serviço é prestado.")
    yield from faults_in_text("service.description", "A descrição do serviço", service.description, 1, 2000)
    if dps.rendered_on > day:
        yield _fault("competence", "rendered_on", "A competência é posterior à emissão (E0015).")


def _amounts(dps: Dps) -> Iterator[Refusal]:
    if dps.amount == ZERO:
        yield _fault("amount", "amount", "O valor do serviço é zero.")
    elif dps.unconditional_discount + dps.conditional_discount > dps.amount:
        yield _fault("discount", "unconditional_discount", "Os descontos passam do valor do serviço.")
    elif dps.net < ZERO:
        yield _fault("net", "withheld", "As retenções passam do valor do serviço.")


def _iss(dps: Dps) -> Iterator[Refusal]:
    iss = dps.iss
    withheld = iss.withheld_by is not IssWithheldBy.NOBODY
    if withheld and dps.recipient is None:
        yield _fault("taker", "recipient", "Para reter o ISS é preciso o cliente na declaração (E0204).")
    if withheld and iss.treatment is not IssTreatment.TAXABLE:
        yield _fault("iss_withheld", "iss.withheld_by", "Só há retenção de ISS que é devido.")
    if (withheld or dps.informs_iss_rate) and iss.percent is None:
        yield _fault(
            "iss_rate",
            "iss.percent",
            "Falta a alíquota do ISS no município, para reter ou informar (E0619, E0625).",
        )


def _federal(dps: Dps) -> Iterator[Refusal]:
    mei = dps.regime.standing is SimplesStanding.MEI
    if mei and (dps.withheld.total > ZERO or dps.contributions_cst is not None):
        yield _fault("mei", "withheld", "Quem é MEI não informa tributos federais (E0676).")
    for field, amount in (
        ("withheld.irrf", dps.withheld.irrf),
        ("withheld.inss", dps.withheld.inss),
        ("withheld.contributions", dps.withheld.contributions),
    ):
        if amount >= dps.amount > ZERO:
            yield _fault(
                "withheld", field, "O valor retido não pode chegar ao valor do serviço (E0699 a E0701)."
            )
    taxed = dps.contributions_cst in {"01", "02"}
    if taxed == (dps.contribution_regime is None):
        yield _fault(
            "contributions", "contribution_regime", "O regime de PIS e COFINS é dos CST 01 e 02, e só deles."
        )
    if dps.regime.standing is SimplesStanding.ME_EPP and dps.approximate_taxes.simples is None:
        yield _fault(
            "approximate_taxes",
            "approximate_taxes.simples",
            "Falta o percentual aproximado de tributos do Simples (Lei 12.741/2012, E0712).",
        )
    in_simples = dps.regime.standing is not SimplesStanding.NOT
    if in_simples == (dps.issuer.regime is TaxRegime.NORMAL):
        yield _fault("regime", "regime.standing", "A situação no Simples não é a do regime da empresa.")


def _ibs_cbs(dps: Dps) -> Iterator[Refusal]:
    shown = shows_ibs_cbs(dps.issuer.regime.value, dps.rendered_on)
    if shown and dps.ibs_cbs is None:
        yield _fault(
            "ibs_cbs",
            "ibs_cbs",
            "Falta a classificação do IBS e da CBS (CST, cClassTrib e cIndOp) do serviço.",
        )
    if not shown and dps.ibs_cbs is not None:
        yield _fault(
            "ibs_cbs",
            "ibs_cbs",
            "O regime da empresa ainda não informa IBS e CBS: corrija o serviço (E0850).",
        )
    if dps.ibs_cbs is not None and not dps.service.nbs:
        yield _fault("nbs", "service.nbs", "Falta o código NBS do serviço, exigido com IBS e CBS (E0322).")


def _texts(dps: Dps) -> Iterator[Refusal]:
    written = " ".join(dps.observations)
    yield from faults_in_text("observations", "O conjunto das observações", written, 0, 1990)
    if dps.substitution is None:
        return
    try:
        check_nfse_key(dps.substitution.key)
    except InvalidInput as invalid:
        yield _fault("substituted", "substitution.key", f"NFS-e substituída: {invalid.title}")
    description = dps.substitution.description
    if description is not None:
        yield from faults_in_text(
            "substitution.description", "O motivo da substituição", description, 15, 255
        )
    elif dps.substitution.reason == "99":
        yield _fault("substitution_reason", "substitution.description", "Descreva o motivo da substituição.")
