"""The fuzzer of the API for about half a minute; `make fuzz SECONDS=3600` goes on for an hour."""

import pytest

from tests.fuzz.api import fuzz
from tests.support.every_route import ROUTES

pytestmark = pytest.mark.slow


@pytest.mark.req("SEC-06")
def test_whatever_is_sent_is_answered_or_refused_in_portuguese() -> None:
    findings = fuzz(seconds=40, seed=20261130)

    assert findings.broken == {}
    assert set(findings.statuses) <= {200, 201, 202, 400, 403, 404, 409, 412, 415, 422}
    assert len(findings.answered) > len(ROUTES) / 2
