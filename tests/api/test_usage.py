"""Usage and readings over HTTP."""

from typing import Any

import pytest

from billing.access.call import Call
from billing.access.model import Profile
from billing.audit.changes import Changes, history
from billing.contracts.model import Contract
from billing.contracts.store import contract_row
from billing.core.errors import Conflict
from billing.core.period import Month
from billing.usage import metering, service, store
from billing.usage.model import NewUsageEntry
from billing.usage.store import UsageTable, finalised_row
from functions.catalog.api import handler as catalog
from functions.customers.api import handler as customers
from functions.usage.api import handler
from tests.support.aws import InProcessAws
from tests.support.batches import counted
from tests.support.closings import begin
from tests.support.contracts import brokered
from tests.support.cutting import meanwhile
from tests.support.http import Answer, Client

JOANA = {"kind": "individual", "name": "Joana Prado", "document": "529.982.247-25"}
ITEM = {"name": "VM", "product": "Nuvem", "unit": "hora", "unit_price": "0.18", "valid_from": "2026-01"}
PRINTER = {
    "id": "eqp_print001",
    "description": "Impressora da recepção",
    "kind": "printer",
    "joined_on": "2026-01-01",
    "monitored": True,
    "meters": [{"unit": "page_mono", "initial": "1500"}],
}
FINALISED = "Não é possível realizar lançamentos após a finalização do faturamento."


class Broker:
    """A tenant with a customer, two billing items and a contract for a printer."""

    def __init__(self) -> None:
        self.client = Client(handler)
        self.customer = Client(customers).post("/customers", JOANA).body["id"]
        self.item = Client(catalog).post("/items", ITEM).body["id"]
        self.other_item = Client(catalog).post("/items", {**ITEM, "name": "Disco"}).body["id"]
        self.path = f"/customers/{self.customer}"
        contract = Contract.model_validate(
            {
                "id": "con_print",
                "number": 1,
                "customer_id": self.customer,
                "company_id": "com_alfa",
                "description": "Impressão",
                "mode": "closing",
                "starts_on": "2026-01-01",
                "due": {"day": 10},
                "payment_profile_id": "pro_alfa",
                "items": [PRINTER],
                "version": 1,
            }
        )
        contract_row("ten_alfa", contract).save()
        begin(brokered(self.customer, id="con_cloud", number=2, starts_on="2025-12-01"))

    def enter_usage(self, client: Client | None = None, **changes: Any) -> Answer:
        new = {"month": "2026-03", "billing_item_id": self.item, "quantity": "720.5", **changes}
        return (client or self.client).post(f"{self.path}/usage", new)

    def entries(self, month: str = "2026-03") -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.client.get(f"{self.path}/usage", month=month).body["items"]
        return listed

    def event(self, key: str, **changes: Any) -> dict[str, Any]:
        return {
            "event_key": key,
            "customer_id": self.customer,
            "month": "2026-03",
            "billing_item_id": self.item,
            "quantity": "10",
            **changes,
        }

    def send(self, *events: Any, key: str | None = None) -> dict[str, Any]:
        answer = self.client.post("/usage/batch", {"events": list(events)}, key=key)
        assert answer.status == 200, answer.body
        return counted(answer.body)

    def reading(self, on: str = "2026-03-31", value: str = "2000", **changes: Any) -> dict[str, Any]:
        return {"item_id": "eqp_print001", "unit": "page_mono", "on": on, "value": value, **changes}

    def record(self, client: Client | None = None, **reading: Any) -> Answer:
        return (client or self.client).post(f"{self.path}/readings", self.reading(**reading))

    def monitored(self, key: str, **reading: Any) -> dict[str, Any]:
        return {**self.reading(**reading), "event_key": key, "customer_id": self.customer}

    def readings(self) -> list[tuple[str, str]]:
        answer = self.client.get(f"{self.path}/readings", item_id="eqp_print001", unit="page_mono")
        return [(reading["on"], reading["value"]) for reading in answer.body["items"]]

    def delete_item(self) -> None:
        assert Client(catalog).delete(f"/items/{self.item}/prices/2026-01", version=1).status == 200

    def finalise(self, month: str = "2026-03") -> None:
        finalised_row("ten_alfa", self.customer, Month(month)).save()


@pytest.fixture
def broker(aws: InProcessAws) -> Broker:
    return Broker()


def import_all(call: Call, sent: Any) -> dict[str, Any]:
    return service.import_events(call, sent, lambda error: pytest.fail(str(error))).to_map()


def lines(report: dict[str, Any]) -> dict[int, list[str]]:
    return {line["line"]: [reason["code"] for reason in line["reasons"]] for line in report["refused"]}


@pytest.mark.req("USE-01", "USE-02")
def test_usage_is_entered_listed_and_removed(broker: Broker) -> None:
    entry = broker.enter_usage()

    assert (entry.status, entry.etag, entry.body["origin"]) == (201, '"1"', "by_hand")
    assert broker.entries() == [entry.body]
    assert broker.entries("2026-02") == []
    removed = broker.client.delete(f"{broker.path}/usage/2026-03/{entry.body['id']}", version=1)
    assert (removed.status, broker.entries()) == (200, [])
    assert broker.client.delete(f"{broker.path}/usage/2026-03/{entry.body['id']}", version=1).status == 404
    events = history(UsageTable, f"ten_alfa#{broker.customer}", f"entry#2026-03#{entry.body['id']}")
    assert [event.action for event in events] == ["usage.entered", "usage.removed"]


@pytest.mark.req("USE-01", "USE-02")
def test_finalised_month_accepts_no_usage_entry_and_keeps_those_it_has(broker: Broker) -> None:
    entry = broker.enter_usage().body
    broker.finalise()

    refused = broker.enter_usage()
    assert (refused.status, refused.code, refused.body["title"]) == (422, "usage.finalised", FINALISED)
    removed = broker.client.delete(f"{broker.path}/usage/2026-03/{entry['id']}", version=1)
    assert removed.code == "usage.finalised"
    assert removed.body["title"] == "Não é possível excluir lançamentos após a finalização do faturamento."
    assert broker.entries() == [entry]
    assert broker.enter_usage(month="2026-02").status == 201


@pytest.mark.req("USE-01")
def test_finalised_month_is_not_offered(broker: Broker) -> None:
    offered = broker.client.get(f"{broker.path}/usage/months").body["months"]
    assert len(offered) == 12
    assert offered == sorted(offered, reverse=True)

    broker.finalise(offered[3])
    assert broker.client.get(f"{broker.path}/usage/months").body["months"] == [*offered[:3], *offered[4:]]


@pytest.mark.req("USE-01")
def test_month_finalised_while_an_entry_is_made_does_not_accept_it(
    aws: InProcessAws, broker: Broker, call: Call
) -> None:
    def finalise(operation: str, body: bytes, when: str) -> None:
        if operation == "TransactWriteItems" and when == "before":
            aws.observers.clear()
            broker.finalise()

    aws.observers.append(finalise)

    assert broker.enter_usage().code == "usage.finalised"
    assert broker.entries() == []


@pytest.mark.req("USE-01", "USE-02")
def test_month_finalised_while_an_entry_is_removed_keeps_it(aws: InProcessAws, broker: Broker) -> None:
    entry = broker.enter_usage().body

    with meanwhile(aws, 0, broker.finalise):
        refused = broker.client.delete(f"{broker.path}/usage/2026-03/{entry['id']}", version=1)
    assert refused.body["title"].startswith("Não é possível excluir lançamentos")
    assert broker.entries() == [entry]


@pytest.mark.req("USE-01", "CAT-03")
def test_item_deleted_while_an_entry_is_made_does_not_accept_it(aws: InProcessAws, broker: Broker) -> None:
    with meanwhile(aws, 0, broker.delete_item):
        refused = broker.enter_usage()

    assert (refused.status, refused.code, broker.entries()) == (404, "item.missing", [])


@pytest.mark.req("USE-03", "CAT-03")
def test_item_deleted_while_a_batch_is_counted_accepts_nothing_of_it(
    aws: InProcessAws, broker: Broker
) -> None:
    with meanwhile(aws, 0, broker.delete_item):
        report = broker.send(broker.event("vm-1"), broker.event("vm-2", billing_item_id=broker.other_item))

    assert (report["accepted"], lines(report)) == (1, {1: ["item.missing"]})
    assert [entry["event_key"] for entry in broker.entries()] == ["vm-2"]


@pytest.mark.req("USE-01", "CAT-02")
def test_usage_entry_is_kept_although_its_item_gets_a_price_meanwhile(
    aws: InProcessAws, broker: Broker
) -> None:
    def price() -> None:
        change = {"unit_price": "0.20", "valid_from": "2026-03"}
        assert Client(catalog).patch(f"/items/{broker.item}", change, version=1).status == 200

    with meanwhile(aws, 0, price):
        assert broker.enter_usage().status == 201
    assert len(broker.entries()) == 1


@pytest.mark.req("USE-02")
def test_metered_usage_is_not_removed_manually(broker: Broker) -> None:
    broker.send(broker.event("vm-1"))
    (entry,) = broker.entries()
    refused = broker.client.delete(f"{broker.path}/usage/2026-03/{entry['id']}", version=1)

    assert (refused.status, refused.body["title"]) == (
        422,
        "Não é possível excluir os lançamentos realizados pela volumetria.",
    )
    assert broker.entries() == [entry]
    broker.finalise()
    both = broker.client.delete(f"{broker.path}/usage/2026-03/{entry['id']}", version=1)
    assert [reason["code"] for reason in both.body["reasons"]] == ["usage.of_metering", "usage.finalised"]


@pytest.mark.req("USE-01", "PLT-02")
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"quantity": "12,5"}, 400, "field.value_error"),
        ({"quantity": 12.5}, 400, "field.value_error"),
        ({"quantity": "-1"}, 400, "field.greater_than_equal"),
        ({"quantity": "9" * 40}, 400, "field.decimal_max_digits"),
        ({"quantity": "0.0000001"}, 400, "field.decimal_max_places"),
        ({"month": "2026-13"}, 400, "field.value_error"),
        ({"month": "2126-03"}, 422, "usage.future_month"),
        ({"origin": "metering"}, 400, "field.extra_forbidden"),
        ({"billing_item_id": "itm_outro"}, 404, "item.missing"),
        ({"billing_item_id": "outro"}, 400, "field.string_pattern_mismatch"),
    ],
)
def test_wrong_usage_entry_is_refused_and_nothing_is_stored(
    broker: Broker, changes: dict[str, Any], status: int, code: str
) -> None:
    refused = broker.enter_usage(**changes)

    reason_code = refused.body["reasons"][0]["code"] if status == 400 else refused.code
    assert (refused.status, reason_code) == (status, code)
    assert broker.entries() == []


@pytest.mark.req("USE-03")
def test_every_event_of_a_batch_counts_once(broker: Broker) -> None:
    sent = [broker.event(f"vm-{number}") for number in range(120)]
    first = broker.send(*sent, sent[0])
    again = broker.send(*sent, broker.event("vm-new"))

    assert (first["received"], first["accepted"], first["duplicates"], first["refused"]) == (
        121,
        120,
        [121],
        [],
    )
    assert (again["accepted"], again["duplicates"]) == (1, list(range(1, 121)))
    kept = store.entries("ten_alfa", broker.customer, Month("2026-03"))
    assert sorted(entry.event_key or "" for entry in kept) == sorted(
        [*(e["event_key"] for e in sent), "vm-new"]
    )
    assert {entry.origin for entry in kept} == {"metering"}


@pytest.mark.req("USE-03", "PLT-02")
def test_repeated_batch_is_answered_the_same(broker: Broker) -> None:
    first = broker.send(broker.event("vm-1"), key="same-key-1")

    assert broker.send(broker.event("vm-1"), key="same-key-1") == first
    assert len(broker.entries()) == 1


@pytest.mark.req("USE-03")
def test_line_that_cannot_count_is_reported_by_number_and_the_others_count(broker: Broker) -> None:
    broker.finalise("2026-02")
    report = broker.send(
        broker.event("vm-1"),
        broker.event("vm-2", quantity="1,5"),
        broker.event("vm-3", quantity="-1"),
        broker.event("vm-4", quantity="9" * 40),
        broker.event("vm-5", customer_id="cus_outro", billing_item_id="itm_outro"),
        broker.event("vm-6", month="2026-02"),
        broker.event("vm-1", quantity="11"),
        broker.event("vm-8", month="2126-01"),
        {"event_key": "vm-9"},
        broker.event("vm-10"),
    )

    assert (report["received"], report["accepted"], report["duplicates"]) == (10, 3, [])
    assert lines(report) == {
        2: ["field.value_error"],
        3: ["field.greater_than_equal"],
        4: ["field.decimal_max_digits"],
        5: ["customer.missing", "item.missing"],
        7: ["usage.key_reused"],
        8: ["usage.future_month"],
        9: ["field.missing"] * 4,
    }
    assert {entry["event_key"]: entry.get("used_in") for entry in broker.entries()} == {
        "vm-1": None,
        "vm-6": "2026-02",
        "vm-10": None,
    }
    assert broker.entries("2026-02") == []


@pytest.mark.req("CLO-11", "USE-03")
def test_late_event_counts_once_in_the_next_open_month(broker: Broker) -> None:
    broker.finalise("2026-01")
    broker.finalise("2026-02")

    first = broker.send(broker.event("vm-1", month="2026-01", quantity="10"))
    broker.finalise("2026-03")
    again = broker.send(broker.event("vm-1", month="2026-01", quantity="10.0"))

    assert (first["accepted"], again["duplicates"]) == (1, [1])
    ((month, used_in),) = [(entry["month"], entry["used_in"]) for entry in broker.entries()]
    assert (month, used_in) == ("2026-03", "2026-01")


@pytest.mark.req("USE-03")
def test_event_sent_again_with_other_content_never_counts_twice(broker: Broker) -> None:
    broker.send(broker.event("vm-1"))
    report = broker.send(broker.event("vm-1", month="2026-01"))

    assert lines(report) == {1: ["usage.key_reused"]}
    assert (len(broker.entries()), broker.entries("2026-01")) == (1, [])


@pytest.mark.req("USE-03")
@pytest.mark.parametrize("cut_at", range(4))
def test_batch_cut_anywhere_and_sent_again_counts_every_event_once(
    aws: InProcessAws, broker: Broker, cut_at: int
) -> None:
    sent = [
        broker.event(f"vm-{number}") for number in range(60)
    ]  # two transactions, cut before and after each
    moments = iter(range(4))

    class Cut(BaseException):
        """The function's process ends here."""

    def cut(operation: str, body: bytes, when: str) -> None:
        if operation == "TransactWriteItems" and next(moments) == cut_at:
            raise Cut

    aws.observers.append(cut)
    with pytest.raises(Cut):
        broker.send(*sent)
    aws.observers.clear()
    report = broker.send(*sent)

    assert len(report["duplicates"]) == [0, 48, 48, 60][cut_at]
    assert report["accepted"] + len(report["duplicates"]) == 60
    assert len(store.entries("ten_alfa", broker.customer, Month("2026-03"))) == 60


@pytest.mark.req("USE-03", "CLO-11")
def test_batch_counted_while_its_month_is_finalised_goes_to_the_next_month(
    aws: InProcessAws, broker: Broker
) -> None:
    def finalise(operation: str, body: bytes, when: str) -> None:
        if operation == "TransactWriteItems" and when == "before":
            aws.observers.clear()
            broker.finalise()

    aws.observers.append(finalise)
    report = broker.send(broker.event("vm-1"), broker.event("vm-2", month="2026-02"))

    assert (report["accepted"], broker.entries(), len(broker.entries("2026-02"))) == (2, [], 1)
    assert [entry["used_in"] for entry in broker.entries("2026-04")] == ["2026-03"]


@pytest.mark.req("USE-03")
def test_same_batch_sent_twice_at_once_counts_every_event_once(
    aws: InProcessAws, broker: Broker, call: Call
) -> None:
    sent = [broker.event(f"vm-{number}") for number in range(60)]
    twin: list[dict[str, Any]] = []

    def send_twin(operation: str, body: bytes, when: str) -> None:
        if operation == "TransactWriteItems" and when == "before":
            aws.observers.clear()
            twin.append(counted(import_all(call, sent)))

    aws.observers.append(send_twin)
    report = counted(import_all(call, sent))

    assert twin[0]["accepted"] == 60
    assert (report["accepted"], len(report["duplicates"])) == (0, 60)
    assert len(store.entries("ten_alfa", broker.customer, Month("2026-03"))) == 60


@pytest.mark.req("USE-03")
def test_report_too_long_to_keep_is_still_returned(broker: Broker) -> None:
    report = broker.send(*[{"x" * 400: 1} for _ in range(800)])

    assert len(report["refused"]) == 800


@pytest.mark.req("USE-03", "PLT-02")
@pytest.mark.parametrize("events", [[], [{}] * 1001, "vm-1", [1]])
def test_body_that_is_not_a_batch_is_refused(broker: Broker, events: Any) -> None:
    assert broker.client.post("/usage/batch", {"events": events}).code == "request.invalid"


@pytest.mark.req("USE-01", "PLT-02")
def test_usage_entries_are_read_page_by_page(broker: Broker) -> None:
    for number in range(5):
        broker.enter_usage(quantity=f"{number}")
    broker.enter_usage(month="2026-02")
    path = f"{broker.path}/usage"
    page = broker.client.get(path, month="2026-03", limit="2").body
    other = {"month": "2026-02", "cursor": page["next_cursor"]}
    assert broker.client.get(path, **other).code == "page.cursor"
    assert (
        broker.client.get("/customers/cus_outro/usage", **{**other, "month": "2026-03"}).code == "page.cursor"
    )

    read = [*page["items"]]
    while "next_cursor" in page:
        page = broker.client.get(path, month="2026-03", limit="2", cursor=page["next_cursor"]).body
        read += page["items"]
    assert sorted(entry["quantity"] for entry in read) == ["0", "1", "2", "3", "4"]


@pytest.mark.req("USE-04")
def test_readings_are_recorded_corrected_and_listed(broker: Broker) -> None:
    taken = broker.record(on="2026-03-31", value="2000")
    broker.record(on="2026-02-28", value="1800")
    path = f"{broker.path}/readings/eqp_print001/page_mono/2026-03-31"
    corrected = broker.client.put(path, {"value": "2100"}, version=1)
    lower = broker.client.put(path, {"value": "1799"}, version=2)
    replaced = broker.client.put(path, {"value": "10", "restart": {"old_final": "1900"}}, version=2)

    assert (taken.status, taken.body["origin"]) == (201, "by_hand")
    assert (corrected.status, corrected.etag, lower.code, replaced.status) == (
        200,
        '"2"',
        "reading.lower",
        200,
    )
    assert broker.readings() == [("2026-02-28", "1800"), ("2026-03-31", "10")]
    assert broker.client.put(path, {"value": "2100"}, version=1).status == 412
    missing = f"{broker.path}/readings/eqp_print001/page_mono/2026-01-31"
    assert broker.client.put(missing, {"value": "1"}, version=1).code == "reading.missing"


@pytest.mark.req("USE-04")
@pytest.mark.parametrize(
    ("reading", "status", "code"),
    [
        ({"value": "1499"}, 422, "reading.lower"),
        ({"value": "0", "restart": {"old_final": "1400"}}, 422, "reading.lower"),
        ({"value": "2", "restart": {"old_final": "1600", "started_at": "3"}}, 400, "reading.below_start"),
        ({"value": "1,5"}, 400, "value_error"),
        ({"value": "-1"}, 400, "greater_than_equal"),
        ({"value": "9" * 40}, 400, "decimal_max_digits"),
        ({"on": "2126-01-01"}, 422, "reading.future"),
        ({"on": "2025-12-31"}, 422, "reading.outside"),
        ({"item_id": "eqp_outra001"}, 422, "reading.item"),
        ({"unit": "km"}, 422, "reading.meter"),
    ],
)
def test_wrong_reading_is_refused_and_nothing_is_stored(
    broker: Broker, reading: dict[str, Any], status: int, code: str
) -> None:
    refused = broker.record(**reading)

    reason_code = refused.body["reasons"][0]["code"].removeprefix("field.")
    assert (refused.status, reason_code) == (status, code)
    assert broker.readings() == []


@pytest.mark.req("USE-03", "USE-04")
def test_every_reading_of_a_batch_is_kept_once_in_the_order_of_days(broker: Broker) -> None:
    sent = [
        broker.monitored("r-3", on="2026-03-31", value="2300"),
        broker.monitored("r-1", on="2026-01-31", value="1700"),
        broker.monitored("r-2", on="2026-02-28", value="2000"),
    ]
    first = counted(broker.client.post("/readings/batch", {"readings": [*sent, sent[0]]}).body)
    again = counted(
        broker.client.post(
            "/readings/batch", {"readings": [*sent, broker.monitored("r-4", on="2026-03-31", value="2400")]}
        ).body
    )

    assert (first["accepted"], first["duplicates"], first["refused"]) == (3, [4], [])
    assert (again["accepted"], again["duplicates"], lines(again)) == (0, [1, 2, 3], {4: ["reading.same_day"]})
    assert broker.readings() == [("2026-01-31", "1700"), ("2026-02-28", "2000"), ("2026-03-31", "2300")]


@pytest.mark.req("PLT-06", "USE-03", "USE-04")
def test_dry_run_of_a_batch_has_the_same_answer_as_the_batch_itself(broker: Broker) -> None:
    """Also for a line that repeats or contradicts one before it."""
    readings = [
        broker.monitored("r-1", on="2026-01-31", value="1700"),
        broker.monitored("r-1", on="2026-01-31", value="1700"),
        broker.monitored("r-2", on="2026-02-28", value="1600"),
    ]
    events = [broker.event("vm-1"), broker.event("vm-1"), broker.event("vm-1", quantity="11")]
    for path, body in (("/readings/batch", {"readings": readings}), ("/usage/batch", {"events": events})):
        header = {"idempotency-key": f"tried-first {path}"}
        tried = broker.client.send("POST", path, body, query={"dry_run": "true"}, headers=header)
        assert (broker.readings() if "readings" in body else broker.entries()) == []
        done = broker.client.post(path, body, key=header["idempotency-key"])

        assert [line["outcome"] for line in tried.body["items"]] == ["done", "warned", "refused"]
        assert done.body == tried.body


@pytest.mark.req("USE-03", "USE-04")
def test_impossible_reading_is_reported_by_number_and_the_others_are_kept(broker: Broker) -> None:
    report = counted(
        broker.client.post(
            "/readings/batch",
            {
                "readings": [
                    broker.monitored("r-1", on="2026-01-31", value="1700"),
                    broker.monitored("r-2", on="2026-02-28", value="1600"),
                    broker.monitored("r-3", on="2026-03-31", value="12,5"),
                    {**broker.monitored("r-4"), "customer_id": "cus_outro"},
                    broker.monitored("r-6", on="2026-02-28", value="20", restart={"old_final": "1750"}),
                ]
            },
        ).body
    )

    assert (report["received"], report["accepted"]) == (5, 2)
    assert lines(report) == {
        2: ["reading.lower"],
        3: ["field.value_error"],
        4: ["customer.missing"],
    }
    assert broker.readings() == [("2026-01-31", "1700"), ("2026-02-28", "20")]


@pytest.mark.req("USE-04")
def test_reading_added_while_a_batch_is_written_is_kept(aws: InProcessAws, broker: Broker) -> None:
    def take(operation: str, body: bytes, when: str) -> None:
        if operation == "TransactWriteItems" and when == "before":
            aws.observers.clear()
            reading = broker.monitored("by-hand", on="2026-01-31", value="1900")
            service_reading(reading)

    def service_reading(reading: dict[str, Any]) -> None:
        kept = {**reading, "id": "rea_byhand", "origin": "by_hand"}
        store.reading_row("ten_alfa", store.Reading.model_validate(kept)).save()

    aws.observers.append(take)
    report = counted(
        broker.client.post(
            "/readings/batch",
            {
                "readings": [
                    broker.monitored("r-1", on="2026-01-31", value="1700"),
                    broker.monitored("r-2", on="2026-02-28", value="1800"),
                ]
            },
        ).body
    )

    assert lines(report) == {1: ["reading.same_day"], 2: ["reading.lower"]}
    assert broker.readings() == [("2026-01-31", "1900")]


@pytest.mark.req("USE-04")
def test_of_two_readings_added_at_once_the_second_is_checked_against_the_first(
    aws: InProcessAws, broker: Broker
) -> None:
    with meanwhile(aws, 0, lambda: broker.record(on="2026-03-10", value="1900")):
        lower = broker.record(on="2026-03-20", value="1800")

    assert (lower.status, lower.code) == (422, "reading.lower")
    assert broker.readings() == [("2026-03-10", "1900")]
    with meanwhile(aws, 0, lambda: broker.record(on="2026-03-20", value="2000")):
        broker.record(on="2026-03-31", value="2100")
    assert broker.readings() == [("2026-03-10", "1900"), ("2026-03-20", "2000"), ("2026-03-31", "2100")]


@pytest.mark.req("USE-04")
def test_correction_made_while_another_reading_is_taken_is_seen(aws: InProcessAws, broker: Broker) -> None:
    broker.record(on="2026-03-10", value="1900")
    path = f"{broker.path}/readings/eqp_print001/page_mono/2026-03-10"
    with meanwhile(aws, 0, lambda: broker.client.put(path, {"value": "2050"}, version=1)):
        lower = broker.record(on="2026-03-20", value="2000")
    with meanwhile(aws, 0, lambda: broker.record(on="2026-03-20", value="2060")):
        higher = broker.client.put(path, {"value": "2070"}, version=2)

    assert (lower.code, higher.code) == ("reading.lower", "reading.higher")
    assert broker.readings() == [("2026-03-10", "2050"), ("2026-03-20", "2060")]


@pytest.mark.req("USE-03", "USE-04")
@pytest.mark.parametrize("point", [0, 1])
def test_rest_of_a_batch_is_checked_against_a_reading_added_meanwhile(
    aws: InProcessAws, broker: Broker, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    """In transactions of four readings, the item's mark and an audit entry."""
    monkeypatch.setattr(metering, "MAX_TRANSACTION_ITEMS", 6)
    days = [f"2026-{month}-{day}" for month in ("01", "02") for day in ("05", "10", "15", "20")]
    sent = [broker.monitored(on, on=on, value=f"{1600 + n}") for n, on in enumerate(days)]

    with meanwhile(aws, point, lambda: broker.record(on="2026-01-31", value="1900")):
        report = counted(broker.client.post("/readings/batch", {"readings": sent}).body)

    assert (report["accepted"], lines(report)) == (4, {n: ["reading.lower"] for n in (5, 6, 7, 8)})
    assert [on for on, _ in broker.readings()] == [*days[:4], "2026-01-31"]


@pytest.mark.req("SEC-02")
def test_meters_of_another_company_are_neither_read_nor_written(broker: Broker) -> None:
    """The customer belongs to all companies of the tenant, the contract with the meter to one."""
    broker.record()
    others = Client(handler, companies="com_beta")
    meter = {"item_id": "eqp_print001", "unit": "page_mono"}
    batch = {"readings": [broker.monitored("r-1", on="2026-04-30", value="2500")]}

    assert others.get(f"{broker.path}/readings", **meter).body["items"] == []
    assert (
        others.put(
            f"{broker.path}/readings/eqp_print001/page_mono/2026-03-31", {"value": "3000"}, version=1
        ).status
        == 422
    )
    assert broker.record(others, on="2026-04-30").status == 422
    assert lines(counted(others.post("/readings/batch", batch).body)) == {1: ["reading.item"]}
    assert broker.readings() == [("2026-03-31", "2000")]


@pytest.mark.req("SEC-01", "SEC-02")
def test_consulta_reads_usage_and_another_tenant_does_not(broker: Broker) -> None:
    entry = broker.enter_usage().body
    broker.record()
    reader, other = Client(handler, profile=Profile.CONSULTA), Client(handler, tenant_id="ten_beta")
    removal = f"{broker.path}/usage/2026-03/{entry['id']}"
    reading = f"{broker.path}/readings/eqp_print001/page_mono/2026-03-31"

    assert len(reader.get(f"{broker.path}/usage", month="2026-03").body["items"]) == 1
    for refused in (
        broker.enter_usage(reader),
        broker.record(reader),
        reader.delete(removal, version=1),
        reader.put(reading, {"value": "3000"}, version=1),
        reader.post("/usage/batch", {"events": [broker.event("vm-1")]}),
        reader.post("/readings/batch", {"readings": [broker.monitored("r-1")]}),
    ):
        assert (refused.status, refused.code) == (403, "access.denied")

    assert other.get(f"{broker.path}/usage", month="2026-03").body["items"] == []
    assert other.get(f"{broker.path}/readings", item_id="eqp_print001", unit="page_mono").body["items"] == []
    for missing in (
        other.get(f"{broker.path}/usage/months"),
        broker.enter_usage(other),
        broker.record(other),
        other.delete(removal, version=1),
        other.put(reading, {"value": "3000"}, version=1),
    ):
        assert missing.status == 404
    batch = counted(other.post("/usage/batch", {"events": [broker.event("vm-1")]}).body)
    assert lines(batch) == {1: ["customer.missing", "item.missing"]}
    readings = counted(other.post("/readings/batch", {"readings": [broker.monitored("r-1")]}).body)
    assert lines(readings) == {1: ["customer.missing"]}
    assert (broker.entries(), broker.readings()) == ([entry], [("2026-03-31", "2000")])


def test_readings_mark_is_written_and_removed_with_other_transactions(broker: Broker, call: Call) -> None:
    def change(version: int, *, put: bool) -> None:
        changes = Changes(call)
        row = finalised_row("ten_alfa", broker.customer, Month("2026-03"), version=version)
        if put:
            changes.include(row)
        else:
            changes.drop(row)
        changes.commit()

    change(0, put=True)
    with pytest.raises(Conflict):
        change(0, put=True)
    change(1, put=False)
    new = NewUsageEntry(month=Month("2026-03"), billing_item_id=broker.item, quantity="1")
    assert service.add_entry(call, broker.customer, new).version == 1


@pytest.mark.req("USE-06")
def test_chart_has_only_finalised_months(broker: Broker) -> None:
    for month, quantity in (("2026-01", "5"), ("2026-02", "7.5"), ("2026-03", "9")):
        broker.enter_usage(month=month, quantity=quantity)
    broker.enter_usage(month="2026-02", quantity="0.5")
    broker.enter_usage(month="2026-02", quantity="3", billing_item_id=broker.other_item)
    for month in ("2026-01", "2026-02"):
        broker.finalise(month)

    answer = charted(broker, "2026-12")

    assert answer.status == 200, answer.body
    assert answer.body["months"] == ["2026-01", "2026-02"]
    assert [(one["name"], one["unit"], one["quantities"]) for one in answer.body["series"]] == [
        ("VM", "hora", ["5", "8.0"]),
        ("Disco", "hora", ["0", "3"]),
    ]
    assert charted(broker, "2026-01").body["months"] == ["2026-01"]
    assert charted(broker, "2027-01").body["months"] == [
        "2026-02"
    ]  # twelve months, the first of them February


@pytest.mark.req("USE-06")
def test_eleventh_item_of_the_chart_is_refused(broker: Broker) -> None:
    made = [
        Client(catalog).post("/items", {**ITEM, "name": f"Item {number}"}).body["id"] for number in range(11)
    ]

    ten, eleven = (
        broker.client.send(
            "GET", f"{broker.path}/usage/chart", query=[("items", one) for one in made[:count]]
        )
        for count in (10, 11)
    )

    assert ten.status == 200
    assert (eleven.status, eleven.code) == (422, "usage.too_many_items")
    assert eleven.body["title"] == "Selecione no máximo 10 itens de faturamento."
    missing = broker.client.get(f"{broker.path}/usage/chart", items="itm_missing00")
    assert (missing.status, missing.code) == (404, "item.missing")


def charted(broker: Broker, last: str) -> Answer:
    query = [("items", broker.item), ("items", broker.other_item), ("last", last)]
    return broker.client.send("GET", f"{broker.path}/usage/chart", query=query)
