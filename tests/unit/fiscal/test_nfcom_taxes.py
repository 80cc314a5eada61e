"""Taxes of NFCom lines and totals of notes: the golden cases, the edges of the dated tables, and what holds for any line."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.core.errors import Refused
from billing.core.money import ZERO, Money
from billing.fiscal.federal import ContributionRegime, IbsCbsClass, require_rates, shows_ibs_cbs
from billing.fiscal.nfcom.taxation import IcmsSituation, Taxation
from billing.fiscal.nfcom.taxes import LineTaxes, LineValue, tax_line
from billing.fiscal.nfcom.totals import TotalledLine, WithheldFromLine, totals
from tests.support.fiscal_cases import cases

LINES, TOTALS = cases("nfcom_lines"), cases("nfcom_totals")
REGIMES = {
    "0.65": ContributionRegime.CUMULATIVE,
    "1.65": ContributionRegime.NON_CUMULATIVE,
    None: None,
}
TODAY = date(2026, 11, 30)


def value_of(given) -> LineValue:
    return LineValue(
        quantity=Decimal(given["qFaturada"]),
        unit_price=Decimal(given["vItem"]),
        discount=Money(given["vDesc"]),
        other=Money(given["vOutro"]),
    )


def taxation_of(given) -> Taxation:
    ibs_cbs = None
    if given["ibscbs_CST"] is not None:
        ibs_cbs = IbsCbsClass(cst=given["ibscbs_CST"], class_code=given["ibscbs_cClassTrib"])
    return Taxation.model_validate(
        {
            "icms": {"indSemCST": "none"}.get(given["cst"], given["cst"]),
            "icms_percent": given["pICMS"],
            "icms_base_reduction_percent": given["pRedBC"],
            "fcp_percent": given["pFCP"],
            "contributions_cst": given["pisCofinsCST"] or "01",
            "contribution_regime": REGIMES[given["pPIS"]],
            "icms_in_contributions_base": not given["pis_base_without_icms"],
            "pays_funds": given["fust"],
            "ibs_cbs": ibs_cbs,
        }
    )


def taxed(given) -> LineTaxes:
    day = date(given["year"], 11, 30)
    return tax_line(value_of(given), taxation_of(given), day)


def shown(tax, percent, amount):
    """A tax as the cases write it."""
    rate = f"{tax.percent:.2f}"
    return None if tax is None else {"vBC": str(tax.base), percent: rate, amount: str(tax.amount)}


def as_case(taxes: LineTaxes):
    icms = {"group": f"ICMS{taxes.icms.situation}", "CST": str(taxes.icms.situation)}
    if taxes.icms.situation is IcmsSituation.OUTSIDE:
        icms = {"group": "indSemCST", "value": "1"}
    elif taxes.icms.situation is IcmsSituation.SIMPLES:
        icms = {"group": "ICMSSN", "CST": "90", "indSN": "1"}
    elif taxes.icms.situation is IcmsSituation.NOT_TAXED:
        icms["group"] = "ICMS40"
    if taxes.icms.tax:
        icms |= shown(taxes.icms.tax, "pICMS", "vICMS")
    if taxes.icms.base_reduction_percent is not None:
        icms["pRedBC"] = f"{taxes.icms.base_reduction_percent:.2f}"
    if taxes.icms.fcp:
        icms |= {"pFCP": f"{taxes.icms.fcp.percent:.2f}", "vFCP": str(taxes.icms.fcp.amount)}
    both = taxes.contributions
    return {
        "vProd": str(taxes.amount),
        "ICMS": icms,
        "PIS": both and {"CST": both.cst, **shown(both.pis, "pPIS", "vPIS")},
        "COFINS": both and {"CST": both.cst, **shown(both.cofins, "pCOFINS", "vCOFINS")},
        "FUST": taxes.fust and shown(taxes.fust, "pFUST", "vFUST"),
        "FUNTTEL": taxes.funttel and shown(taxes.funttel, "pFUNTTEL", "vFUNTTEL"),
        "IBSCBS": taxes.ibs_cbs and ibs_cbs_as_case(taxes.ibs_cbs),
    }


def ibs_cbs_as_case(ibs_cbs):
    head = {"CST": ibs_cbs.cst, "cClassTrib": ibs_cbs.class_code}
    if ibs_cbs.base is None:
        return head

    def text(amount):
        return None if amount is None else f"{amount.decimal if isinstance(amount, Money) else amount:.2f}"

    return head | {
        "vBC": str(ibs_cbs.base),
        "pIBSUF": text(ibs_cbs.ibs_state.percent),
        "vIBSUF": text(ibs_cbs.ibs_state.amount),
        "pIBSMun": text(ibs_cbs.ibs_municipality.percent),
        "vIBSMun": text(ibs_cbs.ibs_municipality.amount),
        "vIBS": text(ibs_cbs.ibs),
        "pCBS": text(ibs_cbs.cbs.percent),
        "vCBS": text(ibs_cbs.cbs.amount),
    }


@pytest.mark.req("FIS-02", "FIS-07")
@pytest.mark.parametrize("case", LINES, ids=lambda c: c["id"])
def test_taxes_of_a_line(case):
    assert as_case(taxed(case["input"])) == case["expect"]


@pytest.mark.req("FIS-02", "FIS-07")
@pytest.mark.parametrize("case", TOTALS, ids=lambda c: c["id"])
def test_totals_of_a_note(case):
    withheld = WithheldFromLine(
        pis=Money(case["ret"]["vRetPIS"]),
        cofins=Money(case["ret"]["vRetCofins"]),
        csll=Money(case["ret"]["vRetCSLL"]),
        irrf=Money(case["ret"]["vIRRF"]),
    )
    lines = [
        TotalledLine(
            value=value_of(item["input"]),
            taxes=taxed(item["input"]),
            withheld=withheld if number == 0 else None,
            gives_back=item["indDevolucao"],
        )
        for number, item in enumerate(case["items"])
    ]
    total = totals(lines)
    expected = dict(case["expect"])
    assert str(total.net) == expected.pop("vNF") == expected.pop("amount_to_charge_2026")
    assert str(total.net + total.ibs + total.cbs) == expected.pop("vTotDFe_by_xsd_comment")
    assert expected.pop("ICMS.vICMSDeson") == "0.00"
    names = {
        "vProd": total.amount,
        "vDesc": total.discount,
        "vOutro": total.other,
        "ICMS.vBC": total.icms_base,
        "ICMS.vICMS": total.icms,
        "ICMS.vFCP": total.fcp,
        "vPIS": total.pis,
        "vCOFINS": total.cofins,
        "vFUST": total.fust,
        "vFUNTTEL": total.funttel,
        "IBSCBS.vBC": total.ibs_cbs_base,
        "IBSCBS.vIBSUF": total.ibs_state,
        "IBSCBS.vIBSMun": total.ibs_municipality,
        "IBSCBS.vIBS": total.ibs,
        "IBSCBS.vCBS": total.cbs,
        "vRetPIS": total.withheld_pis,
        "vRetCofins": total.withheld_cofins,
        "vRetCSLL": total.withheld_csll,
        "vIRRF": total.withheld_irrf,
    }
    assert {name: str(amount) for name, amount in names.items()} == expected
    assert total.negative == []


def internet(**changes) -> Taxation:
    return Taxation.model_validate(
        {
            "icms": "00",
            "icms_percent": "18",
            "contributions_cst": "01",
            "contribution_regime": "cumulative",
            "pays_funds": True,
            "ibs_cbs": {"cst": "000", "class_code": "000001"},
            **changes,
        }
    )


def test_icms_in_the_contributions_base_where_the_accountant_says_so():
    value = LineValue(unit_price=Decimal(100))
    taxes = tax_line(value, internet(icms_in_contributions_base=True), TODAY)
    assert taxes.contributions.pis.base == Money("100.00")
    assert taxes.fust.base == Money("78.35")  # 100.00 - 18.00 - 0.65 - 3.00


@pytest.mark.req("FIS-07")
def test_reduced_rate_is_shown_in_full_and_applied_reduced():
    reduced = {"cst": "200", "class_code": "200001", "reduction_percent": "60"}
    taxes = tax_line(LineValue(unit_price=Decimal(1000)), internet(ibs_cbs=reduced), TODAY).ibs_cbs
    assert taxes.base == Money("790.07")
    assert (taxes.cbs.percent, taxes.cbs.reduced.effective_percent) == (Decimal("0.90"), Decimal("0.3600"))
    assert taxes.cbs.amount == Money("2.84")


@pytest.mark.req("FIS-07")
@pytest.mark.parametrize(
    ("day", "pis", "ibs"),
    [
        (date(2025, 12, 31), "0.53", None),
        (date(2026, 1, 1), "0.53", "0.08"),
        (date(2026, 12, 31), "0.53", "0.08"),
        (date(2027, 1, 1), None, "0.08"),
    ],
)
def test_each_day_has_the_rates_of_its_law(day, pis, ibs):
    taxes = tax_line(LineValue(unit_price=Decimal(100)), internet(), day)
    assert (taxes.contributions and str(taxes.contributions.pis.amount)) == pis
    assert (taxes.ibs_cbs and str(taxes.ibs_cbs.ibs)) == ibs


@pytest.mark.req("FIS-07")
def test_document_of_2027_is_refused_until_the_cbs_rate_is_fixed():
    require_rates(date(2026, 12, 31))
    for day in (date(2027, 1, 1), date(2029, 1, 1)):
        with pytest.raises(Refused, match=r"fiscal\.rate_not_fixed"):
            require_rates(day)


def test_totals_of_a_rate_that_is_not_fixed_are_refused():
    value = LineValue(unit_price=Decimal(100))
    with pytest.raises(Refused, match=r"fiscal\.rate_not_fixed"):
        totals([TotalledLine(value=value, taxes=tax_line(value, internet(), date(2027, 1, 1)))])


def test_no_rates_before_the_nfcom():
    with pytest.raises(Refused, match=r"fiscal\.no_table"):
        tax_line(LineValue(unit_price=Decimal(1)), internet(), date(2025, 10, 31))


@pytest.mark.req("FIS-07")
@pytest.mark.parametrize(
    ("crt", "day", "shown"),
    [
        ("3", date(2025, 12, 31), False),
        ("3", date(2026, 1, 1), True),
        ("2", TODAY, True),
        ("1", TODAY, False),
        ("1", date(2026, 12, 31), False),
    ],
)
def test_ibs_and_cbs_are_informed_by_regime(crt, day, shown):
    assert shows_ibs_cbs(crt, day) is shown


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"icms_percent": None}, "taxation.icms_rate"),
        ({"icms": "40"}, "taxation.icms_rate"),
        ({"icms": "20"}, "taxation.icms_reduction"),
        ({"icms_base_reduction_percent": "10"}, "taxation.icms_reduction"),
        ({"icms": "90", "icms_percent": None, "fcp_percent": "2"}, "taxation.fcp"),
        ({"contribution_regime": None}, "taxation.contributions"),
        ({"contributions_cst": "08"}, "taxation.contributions"),
        ({"ibs_cbs": {"cst": "510", "class_code": "510001"}}, "ibs_cbs.situation"),
        ({"ibs_cbs": {"cst": "000", "class_code": "410999"}}, "ibs_cbs.class"),
        ({"ibs_cbs": {"cst": "200", "class_code": "200001"}}, "ibs_cbs.reduction"),
    ],
)
def test_composition_that_contradicts_itself_is_refused(changes, code):
    with pytest.raises(ValidationError) as refused:
        internet(**changes)
    assert code in {error["type"] for error in refused.value.errors()}


amounts = st.integers(1, 10**9).map(Money.from_cents)
percents = st.integers(0, 3500).map(lambda hundredths: Decimal(hundredths) / 100)


@given(amounts, percents, percents)
def test_taxes_are_never_negative_and_the_bases_only_shrink(price, icms, fcp):
    taxation = internet(icms_percent=icms, fcp_percent=fcp)
    taxes = tax_line(LineValue(unit_price=price.decimal), taxation, TODAY)
    assert taxes.amount == price
    assert ZERO <= taxes.fust.base <= taxes.contributions.pis.base <= taxes.amount
    assert taxes.ibs_cbs.base == taxes.fust.base
    for tax in (taxes.icms.tax, taxes.icms.fcp, taxes.contributions.pis, taxes.fust, taxes.funttel):
        assert abs(tax.amount.decimal - tax.base.decimal * tax.percent / 100) <= Decimal("0.005")


@given(st.lists(amounts, min_size=1, max_size=20), st.data())
def test_amount_charged_and_returned_in_full_totals_zero(prices, data):
    lines = []
    for price in prices:
        value = LineValue(unit_price=price.decimal)
        taxes = tax_line(value, internet(), TODAY)
        lines += [
            TotalledLine(value=value, taxes=taxes),
            TotalledLine(value=value, taxes=taxes, gives_back=True),
        ]
    assert totals(lines) == totals([]).evolve(shows_ibs_cbs=True)
    assert totals(lines[:1]).negative == []
    assert "amount" in totals(lines[1:2]).negative
