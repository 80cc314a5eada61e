"""The API fuzzer for about half a minute; `make fuzz SECONDS=3600` runs for an hour."""

import pytest

from tests.fuzz.api import TooSlow, fuzz, processor_seconds
from tests.support.every_route import ROUTES

pytestmark = pytest.mark.slow


@pytest.mark.req("SEC-06")
def test_whatever_is_sent_is_answered_or_refused_in_portuguese() -> None:
    findings = fuzz(seconds=40, seed=20261130)

    assert findings.broken == {}
    assert set(findings.statuses) <= {200, 201, 202, 400, 403, 404, 409, 412, 413, 415, 422}
    assert len(findings.answered) > len(ROUTES) / 2


@pytest.mark.req("SEC-06")
def test_request_that_hangs_is_cut_off() -> None:
    with pytest.raises(TooSlow), processor_seconds(0.05):
        _go_on_forever()


def test_a_request_that_ends_in_time_leaves_no_clock_running() -> None:
    with processor_seconds(0.2):
        pass

    total = sum(number * number for number in range(6_000_000))  # more than the limit of the block before
    assert total > 0


def _go_on_forever() -> None:
    while True:
        pass
