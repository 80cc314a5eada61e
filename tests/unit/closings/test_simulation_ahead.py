"""How far ahead simulations go: every month before the requested one is computed first."""

from datetime import date

import pytest

from billing.closings.simulation import MOST_AHEAD, require_near
from billing.core.errors import Refused
from billing.core.period import Month

pytestmark = pytest.mark.req("SEC-06", "BEY-01")
TODAY = date(2026, 3, 31)


def test_two_years_ahead_are_simulated_and_no_month_more() -> None:
    last = Month.of(TODAY).plus(MOST_AHEAD)

    require_near(TODAY, Month("1950-01"), last)
    for months in ((last.plus(1),), (Month("2026-04"), last.plus(1)), (Month("2199-12"),)):
        with pytest.raises(Refused) as refused:
            require_near(TODAY, *months)
        assert refused.value.code == "simulation.too_far"
