"""The rules of tax codes."""

from datetime import date
from decimal import Decimal

import pytest

from billing.catalog.prices import in_force
from billing.catalog.tax_codes import TaxCode, TaxRate
from billing.core.errors import Refused

JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 15), date(2026, 6, 1)


def rate(percent: str, since: date) -> TaxRate:
    return TaxRate.model_validate({"percent": percent, "valid_from": since})


def code(*rates: TaxRate) -> TaxCode:
    return TaxCode(code="iss-05", description="ISS 5 %", rates=rates)


@pytest.mark.req("CHG-03")
def test_rate_takes_its_place_by_day_and_replaces_that_of_its_day() -> None:
    rated = code(rate("2", JANUARY), rate("5", JUNE)).rated(rate("3", MARCH))

    assert rated.history == [(JANUARY, Decimal(2)), (MARCH, Decimal(3)), (JUNE, Decimal(5))]
    assert rated.rated(rate("2.5", MARCH)).history[1:] == [(MARCH, Decimal("2.5")), (JUNE, Decimal(5))]


@pytest.mark.req("CHG-03")
@pytest.mark.parametrize(
    ("day", "percent"),
    [(date(2025, 12, 31), None), (JANUARY, "2"), (date(2026, 3, 14), "2"), (MARCH, "3"), (JUNE, "3")],
)
def test_rate_of_a_day_is_the_latest_whose_start_is_not_after_it(day: date, percent: str | None) -> None:
    latest = in_force(code(rate("3", MARCH), rate("2", JANUARY)).history, day)

    assert (latest and str(latest[1])) == percent


@pytest.mark.req("CHG-03")
def test_only_an_existing_rate_can_be_removed() -> None:
    with pytest.raises(Refused, match="Não há alíquota com início de vigência em 15/03/2026"):
        code(rate("2", JANUARY)).without_rate(MARCH)

    assert code(rate("2", JANUARY), rate("3", MARCH)).without_rate(JANUARY).history == [(MARCH, Decimal(3))]
