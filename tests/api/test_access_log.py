"""Who read whose data: recorded for each request, and found by the thing or by the person (SEC-03, REP-03)."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Event

import pytest
from pynamodb.exceptions import PutError

from billing.access.model import Profile
from billing.access.tenants import Tenant
from billing.audit.access_log import KEPT_FOR, Access, AccessRow
from billing.core.clock import FixedClock
from billing.core.table import Writes
from billing.entry import access_log, log, wiring
from billing.entry.access_log import AccessLog
from billing.members.store import tenant_row
from functions.access.api import handler as access
from functions.customers.api import handler as customers
from tests.support.aws import InProcessAws
from tests.support.http import Answer, Client
from tests.support.members import let_in, open_tenant

NOON = datetime(2026, 3, 10, 15, tzinfo=UTC)
JOANA = {"kind": "individual", "name": "Joana Prado", "document": "529.982.247-25"}
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock(aws: InProcessAws, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """An administrator of the only company, whose accesses are recorded, with a customer registered beforehand."""
    ticking = Clock()
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(ticking.at))
    open_tenant("ten_alfa", "com_alfa")
    let_in("usr_ana", "ten_alfa", "com_alfa")
    log_of_accesses = AccessLog()
    monkeypatch.setattr(wiring, "access_log", lambda: log_of_accesses)
    return ticking


@pytest.fixture
def joana(clock: Clock) -> str:
    customer: str = Client(customers).post("/customers", JOANA).body["id"]
    return customer


def accesses(who: Client | None = None, **query: str) -> Answer:
    return (who or Client(access)).get("/access-log", **MARCH, **query)


def routes(answer: Answer) -> list[tuple[str, str]]:
    return [(item["actor_id"], item["route"]) for item in answer.body["items"]]


def test_readers_of_a_customer_are_listed_newest_first(clock: Clock, joana: str) -> None:
    Client(customers).get(f"/customers/{joana}")
    clock.at += timedelta(hours=1)
    Client(customers, user_id="usr_bia", profile=Profile.CONSULTA).get(f"/customers/{joana}/history")

    answer = accesses(subject_id=joana)

    assert routes(answer) == [
        ("usr_bia", "GET /customers/<customer_id>/history"),
        ("usr_ana", "GET /customers/<customer_id>"),
    ]
    assert answer.body["items"][0]["subjects"] == {"customer_id": joana}
    assert answer.body["names"][joana] == "Joana Prado"


def test_accesses_to_lists_name_the_filters_used_and_not_their_values(clock: Clock, joana: str) -> None:
    Client(customers).get("/customers", document="52998224725")

    kept = accesses(person_id="usr_ana").body["items"]

    listed = next(item for item in kept if item["route"] == "GET /customers")
    assert listed["filters"] == ["document"]
    rows = json.dumps([row.entity for row in AccessRow.query("access#ten_alfa#usr_ana")])
    assert [private for private in ("Joana", "529", "Prado") if private in rows] == []


def test_refused_request_is_logged_only_for_a_signed_in_caller(clock: Clock, joana: str) -> None:
    reader = Client(customers, user_id="usr_bia", profile=Profile.CONSULTA)
    assert reader.put(f"/customers/{joana}/activity", {"is_active": False}, version=1).status == 403
    assert Client(customers).get("/customers/cus_missing1").status == 404

    assert routes(accesses(subject_id=joana)) == []
    assert routes(accesses(subject_id="cus_missing1")) == [("usr_ana", "GET /customers/<customer_id>")]


def test_same_read_within_a_minute_is_one_access(clock: Clock, joana: str) -> None:
    for seconds in (0, 59, 60):
        clock.at = NOON + timedelta(seconds=seconds)
        Client(customers).get(f"/customers/{joana}")

    assert len(routes(accesses(subject_id=joana))) == 2


@pytest.mark.parametrize(
    ("at", "is_told"),
    [
        (datetime(2026, 3, 1, 2, 59, 59, tzinfo=UTC), False),  # 28/02, 23:59:59 in São Paulo
        (datetime(2026, 3, 1, 3, tzinfo=UTC), True),
        (datetime(2026, 4, 1, 2, 59, 59, 999999, tzinfo=UTC), True),
        (datetime(2026, 4, 1, 3, tzinfo=UTC), False),
    ],
)
def test_period_is_of_business_days_both_included(
    clock: Clock, joana: str, at: datetime, is_told: bool
) -> None:
    clock.at = at
    Client(customers).get(f"/customers/{joana}")

    assert bool(routes(accesses(subject_id=joana))) is is_told


def test_each_page_continues_where_the_last_one_ended(clock: Clock, joana: str) -> None:
    for minute in range(5):
        clock.at = NOON + timedelta(minutes=minute)
        Client(customers).get(f"/customers/{joana}")

    seen, cursor = [], None
    for _ in range(3):
        page = accesses(subject_id=joana, limit="2", **({"cursor": cursor} if cursor else {})).body
        seen += [item["at"] for item in page["items"]]
        cursor = page.get("next_cursor")

    assert (len(seen), seen, cursor) == (5, sorted(seen, reverse=True), None)


def test_rows_go_after_a_year(clock: Clock, joana: str) -> None:
    Client(customers).get(f"/customers/{joana}")

    (row,) = AccessRow.query(f"access#ten_alfa#{joana}")
    assert row.ttl == (NOON + KEPT_FOR).timestamp()


def test_log_is_read_by_administrators_of_the_whole_tenant(clock: Clock, joana: str) -> None:
    open_tenant("ten_beta", "com_alfa")
    writes = Writes()
    wider = Tenant(id="ten_alfa", name="Alfa", company_ids=("com_alfa", "com_beta"), version=1)
    writes.put(tenant_row(wider))
    writes.commit()

    of_one = accesses(subject_id=joana)
    clerk = accesses(Client(access, profile=Profile.FINANCEIRO), subject_id=joana)
    whole = accesses(Client(access, companies="com_alfa com_beta"), subject_id=joana)
    elsewhere = accesses(Client(access, tenant_id="ten_beta"), subject_id=joana)

    assert (of_one.status, clerk.status, whole.status) == (403, 403, 200)
    assert (elsewhere.status, elsewhere.body["items"]) == (200, [])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "access_log.of_whom"),
        ({"subject_id": "cus_1", "person_id": "usr_ana"}, "access_log.of_whom"),
        ({"subject_id": "cus_ana0", "from": "2026-03-11", "to": "2026-03-10"}, "access_log.period"),
        ({"subject_id": "cus_ana0", "from": "2026-01-01", "to": "2026-04-03"}, "access_log.period_too_long"),
    ],
)
def test_query_without_a_possible_answer_says_what_to_change(
    clock: Clock, query: dict[str, str], code: str
) -> None:
    assert Client(access).get("/access-log", **{**MARCH, **query}).code == code


def test_longest_period_is_answered(clock: Clock) -> None:
    longest = {"from": "2026-01-01", "to": "2026-04-02"}
    assert Client(access).get("/access-log", **longest, subject_id="cus_ana0").status == 200


def test_request_is_answered_although_its_access_cannot_be_kept(
    clock: Clock, joana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that fails or takes too long is reported in the log, which has the access in a line of its own."""
    logged, never = StringIO(), Event()
    monkeypatch.setattr(log._logger.registered_handler, "stream", logged)
    monkeypatch.setattr(access_log, "WAITS_S", 0.05)

    def fail(_tenant_id: str, _access: Access) -> None:
        raise PutError("throttled")

    def hang(_tenant_id: str, _access: Access) -> None:
        never.wait(2)

    for keep in (fail, hang):
        failing = AccessLog(keep)
        monkeypatch.setattr(wiring, "access_log", lambda failing=failing: failing)
        assert Client(customers).get(f"/customers/{joana}").status == 200
    never.set()

    messages = [json.loads(line)["message"] for line in logged.getvalue().splitlines()]
    assert messages.count("access_not_kept") == messages.count("access") == 2


def test_row_is_put_while_the_handler_works(
    clock: Clock, joana: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request does not wait for the row before it reads: the handler sees that the write has begun."""
    begun, handled = Event(), Event()

    def keep(_tenant_id: str, _access: Access) -> None:
        begun.set()
        assert handled.wait(1)

    slow = AccessLog(keep)
    monkeypatch.setattr(wiring, "access_log", lambda: slow)
    answer = slow.note("ten_alfa", Access(at=NOON, actor_id="usr_ana", route="GET /me"))
    assert begun.wait(1)
    assert answer is not None
    assert not answer.done()
    handled.set()
    access_log.finish(answer)
    assert answer.done()
