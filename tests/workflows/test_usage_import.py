"""Files of usage, from the upload to the report: each line counted once, whatever is cut off or comes again
(USE-03)."""

import gzip
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.scope import Scope
from billing.adapters.s3 import S3Files
from billing.core.errors import Conflict
from billing.core.files import Folder
from billing.core.period import Month
from billing.customers.store import customer_row
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.model import RunStatus
from billing.uploads import service as uploads
from billing.uploads.model import StoredFile
from billing.usage import file_imports, store
from billing.usage.bills import bills_of
from billing.usage.file_imports import ImportStatus, NewImport, UsageImport
from functions.usage.api import handler
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.closings import begin, sell
from tests.support.contracts import TENANT, brokered, printing
from tests.support.cutting import Cut, count_writes, cut
from tests.support.http import Client
from tests.support.machine import Remembered, Walker, call_task
from tests.support.uploads import sent

MARCH = Month("2026-03")


@pytest.fixture
def files(aws: InProcessAws, call: Call) -> S3Files:
    made.keep(call, customer_row(TENANT, made.customer(2)))
    begin(printing())
    begin(brokered("cus_0002", id="con_0003", number=2))
    sell()
    return S3Files("mensal-files")


def upload(call: Call, files: S3Files, kind: str, file_format: str, data: bytes) -> StoredFile:
    """What S3 reports about the file."""
    new = NewImport.model_validate({"kind": kind, "format": file_format})
    key = file_imports.offer_upload(call, files, new).fields["key"]
    return sent(key, data)


def receive(call: Call, file: StoredFile) -> UsageImport:
    sender, its_upload = uploads.receive(file, Folder.UPLOADED_USAGE, call.clock)
    imported = file_imports.receive(sender, Walker(), its_upload)
    return file_imports.get(call.tenant_id, imported.id)


def imported(call: Call, files: S3Files, kind: str, file_format: str, data: bytes) -> UsageImport:
    return receive(call, upload(call, files, kind, file_format, data))


def counts(result: UsageImport) -> tuple[str, str, str]:
    return result.totals["accepted"], result.totals["duplicates"], result.totals["refused"]


def not_accepted(import_id: str) -> dict[int, list[str]]:
    client = Client(handler)
    path = f"/usage-imports/{import_id}/lines"
    page = client.get(path).body
    items = list(page["items"])
    while page.get("next_cursor"):
        page = client.get(path, cursor=page["next_cursor"]).body
        items += page["items"]
    return {
        line["line"]: ["known"] if line["is_duplicate"] else [reason["code"] for reason in line["reasons"]]
        for line in items
    }


def event(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "event_key": f"vm-{number}",
        "customer_id": "cus_0002",
        "month": "2026-03",
        "billing_item_id": "itm_0001",
        "quantity": "1.5",
        **changes,
    }


def json_lines(*events: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(record) for record in events).encode()


def entries() -> list[str]:
    return sorted(entry.event_key or "" for entry in store.entries(TENANT, "cus_0002", MARCH))


def test_file_is_counted_line_by_line_and_reported_by_number(call: Call, files: S3Files) -> None:
    data = json_lines(event(1), event(2, quantity="-1"), event(1), event(3, customer_id="cus_9999"), event(4))

    result = imported(call, files, "usage", "jsonl", gzip.compress(data + b"\nnada\n"))

    assert (result.status, counts(result)) == (ImportStatus.APPLIED, ("2", "1", "3"))
    assert not_accepted(result.id) == {
        2: ["field.greater_than_equal"],
        3: ["known"],
        4: ["customer.missing"],
        6: ["import.json"],
    }
    assert entries() == ["vm-1", "vm-4"]


def test_same_file_again_changes_nothing_and_says_so(call: Call, files: S3Files) -> None:
    data = json_lines(event(1), event(2))
    first = imported(call, files, "usage", "jsonl", data)
    again = imported(call, files, "usage", "jsonl", data)

    assert (counts(first), counts(again)) == (("2", "0", "0"), ("0", "2", "0"))
    assert len(entries()) == 2


def test_upload_reported_twice_is_imported_once(call: Call, files: S3Files) -> None:
    key = upload(call, files, "usage", "jsonl", json_lines(event(1)))

    assert receive(call, key) == receive(call, key)
    assert counts(receive(call, key)) == ("1", "0", "0")


@pytest.mark.req("SEC-02")
def test_file_is_for_contracts_of_the_senders_companies(call: Call, files: S3Files) -> None:
    data = json_lines(
        {"event_key": "r-1", "customer_id": "cus_0002", "item_id": "eqp_0001", "unit": "page_mono"}
        | {"on": "2026-02-01", "value": "1500"}
    )
    theirs = imported(call._replace(scope=Scope.of("com_beta")), files, "readings", "jsonl", data)
    others, mine = Client(handler, companies="com_beta"), Client(handler)
    path = f"/usage-imports/{theirs.id}"

    assert (theirs.company_ids, counts(theirs)) == (("com_beta",), ("0", "0", "1"))
    assert others.get(f"{path}/lines").body["items"][0]["reasons"][0]["code"] == "reading.item"
    assert [mine.get(path).code, mine.get(f"{path}/lines").code] == ["access.company"] * 2
    assert (mine.get("/usage-imports").body["items"], others.get(path).status) == ([], 200)
    assert counts(imported(call, files, "readings", "jsonl", data)) == ("1", "0", "0")


def test_attempt_that_meets_another_does_not_refuse_the_file(
    call: Call, files: S3Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is passed on unchanged, for the machine to retry the task."""
    started = Remembered()
    file = upload(call, files, "usage", "jsonl", json_lines(event(1)))
    sender, its_upload = uploads.receive(file, Folder.UPLOADED_USAGE, call.clock)
    received = file_imports.receive(sender, started, its_upload)

    def beside(*_: object) -> None:
        raise Conflict("conflict", "O registro foi alterado.")

    monkeypatch.setattr(runs, "plan", beside)
    with pytest.raises(Conflict):
        call_task("ReadImport", started.started[0][1])

    assert file_imports.get(call.tenant_id, received.id).status is ImportStatus.RECEIVED


@pytest.mark.req("USE-04")
def test_readings_come_as_csv(call: Call, files: S3Files) -> None:
    header = "event_key;customer_id;item_id;unit;on;value;restart.old_final\n"
    rows = (
        "r-1;cus_0002;eqp_0001;page_mono;2026-02-01;1500;\n"
        "r-2;cus_0002;eqp_0001;page_mono;2026-03-01;100;\n"
        "r-3;cus_0002;eqp_0001;page_mono;2026-03-02;20;1800\n"
    )

    result = imported(call, files, "readings", "csv", (header + rows).encode())
    again = imported(call, files, "readings", "csv", (header + rows).encode())

    assert (counts(result), counts(again)) == (("2", "0", "1"), ("0", "2", "1"))
    assert not_accepted(result.id) == {3: ["reading.lower"]}
    kept = store.readings(TENANT, "cus_0002", "eqp_0001", "page_mono")
    assert [str(reading.value) for reading in kept] == ["1500", "20"]


@pytest.mark.req("USE-07", "CHG-06")
def test_transactions_and_utility_bills_come_as_files(call: Call, files: S3Files) -> None:
    work = b"event_key,customer_id,item_id,on,category,subcategory,quantity,unit_price\n"
    work += b"os-1,cus_0002,eqp_0001,2026-03-02,work_order,labour,2,30\n"
    bills = b"source,month,amount,area\nAurora,2026-02,100.00,300\nAurora,2026-02,100.00,300\n"

    of_work = imported(call, files, "transactions", "csv", work)
    of_bills = imported(call, files, "utility_bills", "csv", bills)

    assert (counts(of_work), counts(of_bills)) == (("1", "0", "0"), ("1", "1", "0"))
    assert [str(bill.amount) for bill in bills_of(TENANT, "Aurora")] == ["100.00"]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"cliente,quantidade\na,1\n", "Coluna desconhecida"), (b"event_key\n", "nenhuma linha")],
)
def test_file_that_cannot_be_read_is_refused_whole_and_says_why(
    call: Call, files: S3Files, data: bytes, words: str
) -> None:
    result = imported(call, files, "usage", "csv", data)

    assert result.status is ImportStatus.REFUSED
    assert words in (result.problem or "")
    assert run_rows.get(TENANT, result.run_id).status is RunStatus.FAILED


def of_usage(number: int) -> dict[str, Any]:
    return event(number)


def of_work(number: int) -> dict[str, Any]:
    return {
        "event_key": f"os-{number}",
        "customer_id": "cus_0002",
        "item_id": "eqp_0001",
        "on": "2026-03-02",
        "category": "work_order",
        "subcategory": "labour",
        "quantity": "1",
    }


def of_meter(number: int) -> dict[str, Any]:
    day = date(2026, 1, 2) + timedelta(days=number // 100)
    return {
        "event_key": f"r-{number}",
        "customer_id": "cus_0002",
        "item_id": "eqp_0001",
        "unit": "page_mono",
        "on": str(day),
        "value": str(1000 + number),
    }


def of_bill(number: int) -> dict[str, Any]:
    return {"source": f"Aurora {number}", "month": "2026-02", "amount": "10.00"}


@pytest.mark.req("PLT-04", "USE-04", "USE-07")
@pytest.mark.parametrize(
    ("kind", "made", "count"),
    [
        ("usage", of_usage, 50),
        ("transactions", of_work, 2),
        ("readings", of_meter, 1),
        ("utility_bills", of_bill, 2),
    ],
)
def test_import_cut_before_and_after_every_write_converges_to_the_same_report(
    call: Call,
    files: S3Files,
    aws: InProcessAws,
    kind: str,
    made: Callable[[int], dict[str, Any]],
    count: int,
) -> None:
    """Fifty usage entries are two transactions."""

    def sent(first: int) -> Callable[[], UsageImport]:
        lines = [made(first * 100 + n) for n in range(count)]
        data = json_lines(*lines, lines[0], {"event_key": "?"})
        key = upload(call, files, kind, "jsonl", data)
        return lambda: receive(call, key)

    points = count_writes(aws, sent(1))
    assert points > 5
    for moment in ("before", "after"):
        for point in range(points):
            again = sent(2 + 2 * point + (moment == "after"))
            with pytest.raises(Cut), cut(aws, point, moment):
                again()
            result = again()
            assert (result.status, counts(result)) == (ImportStatus.APPLIED, (str(count), "1", "1")), (
                moment,
                point,
            )
