"""One tenant's requests are limited, so that it does not starve the others (SEC-06)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynamodb.exceptions import UpdateError

from billing.core.errors import TooManyRequests
from billing.entry import tenant_limit, wiring
from billing.entry.tenant_limit import FREE, WINDOW_S, TenantLimit
from functions.runs.api import handler
from tests.support.aws import InProcessAws, in_process_aws
from tests.support.http import Client
from tests.support.tables import create_tables

pytestmark = pytest.mark.req("SEC-06")
NOON = 1_770_000_000.0


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> float:
        return self.at


def taken(limit: TenantLimit, tenant_id: str, requests: int) -> int:
    """How many of that many requests are accepted."""
    count = 0
    for _ in range(requests):
        try:
            limit.take(tenant_id)
        except TooManyRequests:
            continue
        count += 1
    return count


@pytest.mark.parametrize(("requests", "expected"), [(25, 25), (26, 26 - 1), (90, 25)])
def test_one_environment_takes_what_is_free_and_what_the_tenant_has(
    aws: InProcessAws, requests: int, expected: int
) -> None:
    assert taken(TenantLimit(20, Clock()), "ten_alfa", requests) == expected


def test_tenants_do_not_take_from_each_other_and_each_window_starts_afresh(aws: InProcessAws) -> None:
    clock = Clock()
    limit = TenantLimit(20, clock)

    assert taken(limit, "ten_alfa", 100) == 20 + FREE
    assert taken(limit, "ten_gama", 100) == 20 + FREE
    clock.at += WINDOW_S - 1
    assert taken(limit, "ten_alfa", 1) == 0
    clock.at += 1
    assert taken(limit, "ten_alfa", 1) == 1


def test_refused_caller_learns_when_to_come_back(aws: InProcessAws) -> None:
    clock = Clock()
    clock.at += 7
    limit = TenantLimit(0, clock)
    taken(limit, "ten_alfa", FREE)

    with pytest.raises(TooManyRequests) as refused:
        limit.take("ten_alfa")
    assert refused.value.retry_after_s == 3


@given(order=st.lists(st.integers(0, 4), max_size=400))
@settings(max_examples=25, deadline=None)
def test_environments_together_take_no_more_than_the_tenant_has(order: list[int]) -> None:
    """Whoever asks and whenever: beyond what each takes uncounted, permits are given once."""
    with in_process_aws():
        create_tables()
        clock = Clock()
        environments = [TenantLimit(60, clock) for _ in range(5)]
        count = sum(taken(environments[n], "ten_alfa", 1) for n in order)

    assert count <= 60 + 5 * FREE
    assert count >= min(
        len(order), 60 // 2
    )  # permits that one function holds and does not use are half of what it asked for


def test_few_requests_are_not_counted_and_a_refused_tenants_row_is_not_read_again(aws: InProcessAws) -> None:
    seen: list[str] = []
    aws.observers.append(
        lambda operation, _body, moment: seen.append(operation) if moment == "before" else None
    )
    limit = TenantLimit(20, Clock())

    taken(limit, "ten_alfa", FREE)
    assert seen == []
    taken(limit, "ten_alfa", 1000)
    assert set(seen) == {"UpdateItem"}
    assert len(seen) <= 7


def test_permits_are_taken_in_blocks_that_double_up_to_16(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def count(_tenant_id: str, _window: int, more: int) -> int:
        counted.append(more)
        return sum(counted)

    monkeypatch.setattr(tenant_limit, "count", count)

    assert taken(TenantLimit(50, Clock()), "ten_alfa", 100) == FREE + 50
    assert counted == [1, 2, 4, 8, 16, 16, 16, 16]  # three are left from the last but one, none from the last


def test_requests_are_taken_where_the_row_cannot_be_counted(
    aws: InProcessAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    def throttled(*_named: object) -> int:
        raise UpdateError

    monkeypatch.setattr(tenant_limit, "count", throttled)

    assert taken(TenantLimit(20, Clock()), "ten_alfa", 100) == 100


def test_api_answers_429_with_retry_after(aws: InProcessAws, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = TenantLimit(0, Clock())
    monkeypatch.setattr(wiring, "tenant_limit", lambda: limit)
    client = Client(handler)

    answers = [client.get("/runs") for _ in range(FREE + 1)]

    assert [answer.status for answer in answers] == [200] * FREE + [429]
    assert (answers[-1].code, answers[-1].headers["retry-after"]) == ("request.too_many", "10")


def test_limit_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TENANT_REQUESTS_PER_SECOND", raising=False)
    assert tenant_limit.configured() is None
    monkeypatch.setenv("TENANT_REQUESTS_PER_SECOND", "50")
    limit = tenant_limit.configured()
    assert limit is not None
    assert limit._per_window == 500
