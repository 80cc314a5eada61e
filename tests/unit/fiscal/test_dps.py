"""The declaration of service (DPS): valid against both packages of schemas, signature verified by two implementations,
faults reported first."""

import shutil
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pydantic import ValidationError

from billing.core.money import ZERO, Money
from billing.fiscal.nfse.dps import (
    ApproximateTaxes,
    Iss,
    IssTreatment,
    IssWithheldBy,
    NfseRegime,
    NfseSubstitution,
    NfseWithheld,
    SimplesAssessment,
    SimplesStanding,
)
from billing.fiscal.nfse.faults import faults_of
from billing.fiscal.nfse.xml import signed_dps
from billing.fiscal.parties import TaxRegime
from billing.fiscal.schemas import Schema, faults
from billing.fiscal.verification import is_signed_well
from billing.fiscal.withholdings import Withholder, WithholdingNature, WithholdingTerms, withhold
from tests.support.fiscal import TODAY, certificate, dps, dps_number, issuer, place
from tests.support.fiscal_cases import cases

NAMESPACE = "http://www.sped.fazenda.gov.br/nfse"
XMLSEC1 = shutil.which("xmlsec1")
OLD, NEW = "nfse/2026-02-09", "nfse/2026-07-27"
KEY = "35503082211222333000181000000000000126111234567890"


def signed(given=None, **of_number) -> bytes:
    return signed_dps(given or dps(), dps_number(**of_number), certificate())


def value(content: bytes, path: str) -> str:
    return etree.fromstring(content).xpath(f"string({path})", namespaces={"n": NAMESPACE})


def in_simples(standing, assessment=None, **changes):
    return dps(
        issuer=issuer(regime=TaxRegime.SIMPLES),
        regime=NfseRegime(standing=standing, assessment=assessment),
        contributions_cst=None,
        contribution_regime=None,
        approximate_taxes=ApproximateTaxes(simples=Decimal("6.00")),
        ibs_cbs=None,
        **changes,
    )


def small_company(**changes):
    return in_simples(SimplesStanding.ME_EPP, SimplesAssessment.ALL_IN_SIMPLES, **changes)


def mei(**changes):
    return in_simples(SimplesStanding.MEI, **changes)


def with_withholdings():
    service = WithholdingTerms(
        natures=(WithholdingNature.PROFESSIONAL, WithholdingNature.CONTRIBUTIONS),
        withholder=Withholder.COMPANY,
        iss_percent=Decimal(5),
    )
    withheld = withhold(Money("1000.00"), service, issued_on=TODAY, paid_on=TODAY)
    return dps(
        withheld=NfseWithheld.of(withheld),
        iss=Iss(percent=Decimal(5), withheld_by=IssWithheldBy.TAKER, city_has_agreement=False),
    )


def with_everything():
    return dps(
        unconditional_discount=Money("10.00"),
        conditional_discount=Money("5.00"),
        service=dps().service.evolve(municipal_code="001"),
        substitution=NfseSubstitution(key=KEY, reason="99", description="Valor do serviço errado"),
    )


def without_taker():
    return dps(recipient=None)


DECLARATIONS = {
    "ordinary": dps,
    "small company": small_company,
    "mei": mei,
    "withholdings": with_withholdings,
    "everything": with_everything,
    "no taker": without_taker,
}


@pytest.mark.req("FIS-02", "FIS-07")
@pytest.mark.parametrize("package", [OLD, NEW])
@pytest.mark.parametrize("name", DECLARATIONS)
def test_declaration_without_faults_is_valid_against_the_schema(name, package):
    made = DECLARATIONS[name]()
    assert faults_of(made, TODAY) == []
    assert faults(signed(made), Schema.DPS, package) == ()


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("name", DECLARATIONS)
def test_signature_is_verified_by_two_implementations(name, tmp_path):
    content = signed(DECLARATIONS[name]())
    assert is_signed_well(content)
    assert XMLSEC1, "xmlsec1 is not installed; .ci/run installs it"
    path = tmp_path / "dps.xml"
    command = [XMLSEC1, "--verify", "--insecure", "--id-attr:Id", f"{NAMESPACE}:infDPS", str(path)]
    path.write_bytes(content)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    path.write_bytes(content.replace(b"<nDPS>1</nDPS>", b"<nDPS>2</nDPS>"))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    assert not is_signed_well(path.read_bytes())


def test_document_is_written_in_canonical_form():
    content = signed()
    body = content.removeprefix(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert etree.tostring(etree.fromstring(content), method="c14n") == body


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize(
    "case", [case for case in cases("nfse_ids") if "nDPS" in case], ids=lambda c: c["id"]
)
def test_identification_of_each_case_is_valid_as_the_case_says(case):
    city = place(municipality_code=case["cMun"])
    made = dps(issuer=issuer(cnpj=case["doc"], place=city), ibs_cbs=None)
    content = signed(made, series=case["serie"], number=case["nDPS"])
    expected = case["expect"]
    assert value(content, "//n:infDPS/@Id") == expected["Id"]
    assert (value(content, "//n:serie"), value(content, "//n:nDPS")) == (
        expected["xml"]["serie"],
        expected["xml"]["nDPS"],
    )
    assert (faults(content, Schema.DPS, OLD) == ()) is expected["valid_xsd_20260209"]
    assert (faults(content, Schema.DPS, NEW) == ()) is expected["valid_xsd_20260727"]


@pytest.mark.parametrize("series", [0, 50_000])
def test_series_of_the_governments_emitters_are_refused(series):
    with pytest.raises(ValidationError):
        dps_number(series=series)


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize(
    ("make", "agreement", "withheld_by", "informs"),
    [
        (dps, True, IssWithheldBy.NOBODY, False),
        (dps, False, IssWithheldBy.NOBODY, True),
        (dps, True, IssWithheldBy.TAKER, False),
        (small_company, True, IssWithheldBy.NOBODY, False),
        (small_company, True, IssWithheldBy.TAKER, True),
        (mei, False, IssWithheldBy.NOBODY, False),
    ],
)
def test_iss_rate_is_informed_only_where_the_rules_ask(make, agreement, withheld_by, informs):
    made = make(iss=Iss(percent=Decimal("2.5"), city_has_agreement=agreement, withheld_by=withheld_by))
    assert made.informs_iss_rate is informs
    assert value(signed(made), "//n:pAliq") == ("2.50" if informs else "")


@pytest.mark.parametrize("assessment", [SimplesAssessment.FEDERAL_IN_SIMPLES, SimplesAssessment.ALL_OUTSIDE])
def test_iss_outside_simples_follows_the_rules_of_who_is_not_in_it(assessment):
    made = in_simples(
        SimplesStanding.ME_EPP, assessment, iss=Iss(percent=Decimal(2), city_has_agreement=False)
    )
    assert made.informs_iss_rate


@pytest.mark.req("FIS-02")
def test_total_of_taxes_is_told_as_simples_asks():
    assert value(signed(dps()), "//n:pTotTrib/n:pTotTribFed") == "13.45"
    assert value(signed(dps()), "count(//n:indTotTrib)") == "0"
    assert value(signed(small_company()), "//n:pTotTribSN") == "6.00"
    assert value(signed(mei()), "//n:indTotTrib") == "0"


@pytest.mark.req("FIS-02", "PAY-07")
def test_contributions_withheld_go_summed_and_the_providers_own_stand_apart():
    made = with_withholdings()
    content = signed(made)
    assert value(content, "//n:vRetCSLL") == "46.50"
    assert value(content, "//n:tpRetPisCofins") == "3"
    assert (value(content, "//n:vPis"), value(content, "//n:vCofins")) == ("6.50", "30.00")
    assert value(content, "//n:vRetIRRF") == "15.00"
    assert (made.iss_withheld, made.net) == (Money("50.00"), Money("888.50"))


def test_net_is_without_discounts_and_withholdings():
    made = with_everything()
    assert made.iss_base == Money("990.00")
    assert made.net == Money("985.00")


@pytest.mark.req("FIS-02")
def test_provider_who_issues_has_no_name_and_no_address():
    content = signed()
    assert value(content, "count(//n:prest/n:xNome)") == "0"
    assert value(content, "count(//n:prest/n:end)") == "0"
    assert value(content, "//n:prest/n:IM") == "31000"


@pytest.mark.req("FIS-03")
def test_observations_go_together_and_empty_ones_do_not():
    content = signed(dps(observations=("Do cliente", "", "Do\ncontrato")))
    assert value(content, "//n:xInfComp") == "Do cliente | Do contrato"
    assert value(signed(dps(observations=())), "count(//n:infoCompl)") == "0"


def test_own_contributions_end_in_2027():
    assert dps(rendered_on=date(2026, 12, 31)).own_contributions is not None
    assert dps(rendered_on=date(2027, 1, 1)).own_contributions is None


def changed(**changes):
    return lambda: dps(**changes)


FAULTS = [
    ("issuer.place.municipality_code", changed(issuer=issuer(place=place(municipality_code=None)))),
    ("recipient.document", changed(recipient=dps().recipient.evolve(document="33113009000169"))),
    (
        "recipient.place.municipality_code",
        changed(recipient=dps().recipient.evolve(place=place(municipality_code=None))),
    ),
    ("service.national_code", changed(service=dps().service.evolve(national_code="1.07"))),
    ("service.municipal_code", changed(service=dps().service.evolve(municipal_code="1"))),
    ("service.nbs", changed(service=dps().service.evolve(nbs="1.1502"))),
    ("service.nbs", changed(service=dps().service.evolve(nbs=None))),
    ("service.place_code", changed(service=dps().service.evolve(place_code=None))),
    ("service.description", changed(service=dps().service.evolve(description=" "))),
    ("rendered_on", changed(rendered_on=date(2026, 12, 1))),
    ("amount", changed(amount=ZERO)),
    ("unconditional_discount", changed(unconditional_discount=Money("1000.01"))),
    ("recipient", changed(recipient=None, iss=Iss(percent=Decimal(5), withheld_by=IssWithheldBy.TAKER))),
    ("iss.percent", changed(iss=Iss(withheld_by=IssWithheldBy.TAKER))),
    ("iss.percent", changed(iss=Iss(city_has_agreement=False))),
    (
        "iss.withheld_by",
        changed(iss=Iss(treatment=IssTreatment.EXPORT, withheld_by=IssWithheldBy.TAKER, percent=Decimal(2))),
    ),
    ("withheld.irrf", changed(withheld=NfseWithheld(irrf=Money("1000.00")))),
    ("contribution_regime", changed(contribution_regime=None)),
    ("ibs_cbs", changed(ibs_cbs=None)),
    ("ibs_cbs", lambda: small_company().evolve(ibs_cbs=dps().ibs_cbs)),
    ("regime.standing", changed(issuer=issuer(regime=TaxRegime.SIMPLES))),
    ("withheld", lambda: mei().evolve(withheld=NfseWithheld(irrf=Money("1.00")))),
    ("approximate_taxes.simples", lambda: small_company().evolve(approximate_taxes=ApproximateTaxes())),
    ("substitution.key", changed(substitution=NfseSubstitution(key="1", reason="01"))),
    ("substitution.description", changed(substitution=NfseSubstitution(key=KEY, reason="99"))),
    (
        "substitution.description",
        changed(substitution=NfseSubstitution(key=KEY, reason="01", description="Curto")),
    ),
    ("observations", changed(observations=("x" * 1991,))),
]


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize(
    ("field", "make"), FAULTS, ids=[f"{i}-{field}" for i, (field, _) in enumerate(FAULTS)]
)
def test_missing_data_are_reported_by_field_in_words(field, make):
    field_faults = [fault for fault in faults_of(make(), TODAY) if fault.field == field]
    assert field_faults, faults_of(make(), TODAY)
    assert field_faults[0].code.startswith(("nfse.", "fiscal."))


@pytest.mark.parametrize(("amount", "is_wrong"), [("999.98", False), ("999.99", False), ("1000.00", True)])
def test_withheld_is_less_than_the_service(amount, is_wrong):
    all_faults = faults_of(dps(withheld=NfseWithheld(irrf=Money(amount))), TODAY)
    assert ("nfse.withheld" in {fault.code for fault in all_faults}) is is_wrong


def test_assessment_is_of_small_companies_alone():
    with pytest.raises(ValidationError):
        NfseRegime(standing=SimplesStanding.ME_EPP)
    with pytest.raises(ValidationError):
        NfseRegime(standing=SimplesStanding.NOT, assessment=SimplesAssessment.ALL_OUTSIDE)


@given(st.text(max_size=80), st.text(max_size=80), st.lists(st.text(max_size=80), max_size=4))
def test_declaration_is_valid_or_says_what_is_wrong_whatever_the_register_has(
    name, description, observations
):
    try:
        made = dps(
            recipient=dps().recipient.evolve(name=name),
            service=dps().service.evolve(description=description),
            observations=tuple(observations),
        )
    except ValueError:
        return
    if not faults_of(made, TODAY):
        content = signed(made, issued_at=datetime(2026, 11, 30, 3, tzinfo=UTC))
        assert faults(content, Schema.DPS) == ()
        assert is_signed_well(content)
