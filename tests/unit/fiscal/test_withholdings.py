"""Taxes withheld by the payer: the 22 worked cases, both sides of each threshold and date, parts that sum to the
whole."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.core.money import ZERO, Money
from billing.fiscal.withholdings import (
    ContributionRounding,
    SupplierRegime,
    ThresholdReading,
    Withholder,
    WithholdingNature,
    WithholdingRule,
    WithholdingSettings,
    WithholdingTerms,
    federal_rules,
    withhold,
)
from tests.support.fiscal_cases import cases

TODAY, LAST, REFORM = date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 1)
NATURES = {
    "prof": WithholdingNature.PROFESSIONAL,
    "labour": WithholdingNature.LABOUR,
    "csrf": WithholdingNature.CONTRIBUTIONS,
    "inss": WithholdingNature.LABOUR_ASSIGNMENT,
}
"""As the cases call them; "any" is what a public body pays for."""

WITHHOLDERS = {"PJ": Withholder.COMPANY, "FED": Withholder.FEDERAL_BODY}
WHOLE = WithholdingSettings(contributions=ContributionRounding.WHOLE)


def terms(*natures: WithholdingNature, **changes) -> WithholdingTerms:
    return WithholdingTerms.model_validate({"natures": natures, "withholder": Withholder.COMPANY, **changes})


CONTRIBUTIONS = terms(WithholdingNature.CONTRIBUTIONS)


def withheld(base: str, service: WithholdingTerms, paid_on: date = TODAY, **options):
    return withhold(Money(base), service, issued_on=min(paid_on, TODAY), paid_on=paid_on, **options)


@pytest.mark.req("PAY-07")
@pytest.mark.parametrize("case", cases("withholdings"), ids=lambda c: c["id"])
def test_worked_case(case):
    values, expected = case["input"], dict(case["expect"])
    result = withhold(
        Money(values["base"]),
        terms(
            *(NATURES[nature] for nature in values["natures"] if nature != "any"),
            withholder=WITHHOLDERS[values["customer"]],
            supplier=values["supplier"],
            iss_percent=values["iss_rate"],
            materials=values["materials"] or ZERO,
        ),
        issued_on=date.fromisoformat(values["issued"]),
        paid_on=date.fromisoformat(values["paid"]),
    )
    nfse = expected.pop("nfse", None)
    assert str(result.total) == expected.pop("total_withheld")
    assert str(result.net) == expected.pop("receivable")
    names = {"IRPJ": "irrf"}
    for tax, amount in expected.items():
        assert str(getattr(result, names.get(tax, tax.lower()))) == amount, tax
    if nfse is not None:
        assert (str(result.contributions), int(result.nfse_kind)) == (
            nfse["vRetCSLL"],
            nfse["tpRetPisCofins"],
        )


@pytest.mark.req("PAY-07")
@pytest.mark.parametrize(
    ("base", "reading", "total"),
    [
        ("215.05", ThresholdReading.UNROUNDED, "0.00"),
        ("215.06", ThresholdReading.UNROUNDED, "10.00"),
        ("215.16", ThresholdReading.ROUNDED, "0.00"),
        ("215.17", ThresholdReading.ROUNDED, "10.01"),
    ],
)
def test_threshold_by_both_readings(base, reading, total):
    settings = WithholdingSettings(threshold=reading)
    assert str(withheld(base, CONTRIBUTIONS, settings=settings).total) == total


@pytest.mark.req("PAY-07")
def test_contributions_rounded_each_or_as_one():
    by_tax, whole = withheld("1100.50", CONTRIBUTIONS), withheld("1100.50", CONTRIBUTIONS, settings=WHOLE)
    assert [str(part) for part in (by_tax.pis, by_tax.cofins, by_tax.csll)] == ["7.15", "33.02", "11.01"]
    assert [str(part) for part in (whole.pis, whole.cofins, whole.csll)] == ["7.15", "33.01", "11.01"]


@pytest.mark.req("PAY-07")
def test_from_2027_only_csll_remains_by_the_day_of_payment():
    last, first = withheld("1100.00", CONTRIBUTIONS, LAST), withheld("1100.00", CONTRIBUTIONS, REFORM)
    assert (last.pis, last.cofins, last.csll) == (Money("7.15"), Money("33.00"), Money("11.00"))
    assert (first.pis, first.cofins, first.csll, first.net) == (ZERO, ZERO, Money("11.00"), Money("1089.00"))
    assert (last.nfse_kind, first.nfse_kind) == ("3", "8")


@pytest.mark.req("PAY-07")
@pytest.mark.parametrize(
    ("withholder", "supplier", "irrf", "contributions"),
    [
        (Withholder.COMPANY, SupplierRegime.NORMAL, "15.00", "46.50"),
        (Withholder.SIMPLES_COMPANY, SupplierRegime.NORMAL, "15.00", "0.00"),
        (Withholder.INDIVIDUAL, SupplierRegime.NORMAL, "0.00", "0.00"),
        (Withholder.COMPANY, SupplierRegime.SIMPLES, "0.00", "0.00"),
        (Withholder.COMPANY, SupplierRegime.MEI, "0.00", "0.00"),
        (Withholder.STATE_OR_MUNICIPAL_BODY, SupplierRegime.NORMAL, "48.00", "0.00"),
    ],
)
def test_withholding_depends_on_both_parties(withholder, supplier, irrf, contributions):
    service = terms(
        WithholdingNature.PROFESSIONAL,
        WithholdingNature.CONTRIBUTIONS,
        withholder=withholder,
        supplier=supplier,
    )
    result = withheld("1000.00", service)
    assert (str(result.irrf), str(result.contributions)) == (irrf, contributions)


@pytest.mark.req("PAY-07")
def test_iss_has_no_waiver_and_is_of_the_service_alone():
    assert withheld("10.00", terms(iss_percent="2")).iss == Money("0.20")
    assert withheld("10.00", terms()).iss == ZERO


@pytest.mark.req("PAY-07")
@given(st.integers(0, 10**10).map(Money.from_cents), st.sampled_from([WHOLE, WithholdingSettings()]))
def test_net_and_withheld_sum_to_the_gross(base, settings):
    result = withhold(base, CONTRIBUTIONS, issued_on=TODAY, paid_on=TODAY, settings=settings)
    assert result.net + result.total == base
    if settings is WHOLE:
        whole = Money.rounded(base.decimal * Decimal("0.0465"))
        assert result.contributions == (whole if whole > Money("10.00") else ZERO)


@pytest.mark.req("PAY-07")
def test_table_of_a_tenant_rules_with_its_own_rates_dates_and_waivers():
    [federal] = [rule for rule in federal_rules() if rule.code == "IRRF_PROFESSIONAL"]
    own = federal.evolve(parts={"irrf": "1.00"}, waived_up_to=Money("1.00"), valid_from=TODAY)
    service = terms(WithholdingNature.PROFESSIONAL)
    assert withheld("101.00", service, table=[own]).irrf == Money("1.01")
    assert withheld("100.00", service, table=[own]).total == ZERO
    assert withheld("101.00", service, date(2026, 11, 29), table=[own]).total == ZERO


@pytest.mark.req("PAY-07")
def test_rule_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValidationError, match="o fim da vigência é anterior ao início"):
        federal_rules()[0].evolve(valid_from=TODAY, valid_until=TODAY)


def test_each_rule_says_its_law_and_survives_the_store():
    for rule in federal_rules():
        assert rule.law
        assert WithholdingRule.model_validate(rule.to_map()) == rule
