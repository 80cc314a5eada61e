"""The patches of the emulator that can be seen without starting it."""

import json
import subprocess
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from ministack import app
from ministack.core import persistence
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import cloudformation, cloudwatch_logs, eventbridge, lambda_svc, s3, stepfunctions

from infra.local.patches import (
    PATCHED_VERSION,
    WrongVersion,
    check_version,
    control_plane,
    files,
    gateway,
    lambdas,
    state_machines,
)
from infra.local.patches.tables import ItemFile, _Writes

ITEM = {"pk": {"S": "a"}, "total": {"N": "1.50"}}


@pytest.fixture
def file(tmp_path: Path) -> ItemFile:
    return ItemFile(tmp_path / "items.sqlite3")


def new_table() -> dict[str, Any]:
    return {"TableName": "invoices", "TableId": "t1", "items": {}}


def test_installed_emulator_is_the_one_that_our_patches_are_for() -> None:
    check_version(version("ministack"))


def test_another_version_of_the_emulator_is_refused() -> None:
    with pytest.raises(WrongVersion, match=r"1\.5\.34 is installed"):
        check_version("1.5.34")
    assert PATCHED_VERSION == "1.5.33"


def test_items_are_read_back_as_written(file: ItemFile) -> None:
    file.put("t1", "a", "é", ITEM)
    file.put("t1", "a", "z", ITEM)
    file.remove("t1", "a", "z")
    assert file.read("t1") == {"a": {"é": ITEM}}


def test_items_of_a_dropped_table_are_gone(file: ItemFile) -> None:
    file.put("t1", "a", "", ITEM)
    file.put("t2", "a", "", ITEM)
    file.drop_all_but(["t2"])
    assert (file.read("t1"), file.read("t2")) == ({}, {"a": {"": ITEM}})


def test_replaced_items_leave_nothing_of_the_former(file: ItemFile) -> None:
    file.put("t1", "a", "", ITEM)
    file.replace("t1", {"b": {"": ITEM}})
    assert file.read("t1") == {"b": {"": ITEM}}


def test_transaction_cut_off_by_a_kill_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "items.sqlite3"
    script = (
        "import os, sys; from pathlib import Path; from infra.local.patches.tables import ItemFile\n"
        "file = ItemFile(Path(sys.argv[1])); file.put('t1', 'before', '', {})\n"
        "with file.atomic():\n"
        "    file.put('t1', 'first', '', {}); file.remove('t1', 'before', ''); os.kill(os.getpid(), 9)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert run.returncode == -9
    assert ItemFile(path).read("t1") == {"before": {"": {}}}


def test_transaction_that_raises_is_undone_in_memory_in_the_file_and_in_the_stream(
    file: ItemFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Any] = []
    monkeypatch.setattr("ministack.services.dynamodb._emit_stream_event", lambda *event: events.append(event))
    writes, table = _Writes(file), new_table()
    writes.set_item(table, "kept", "", ITEM)

    def fail(request: str) -> None:
        writes.set_item(table, "kept", "", {})
        writes.set_item(table, "new", "", ITEM)
        writes.emit_stream_event(table["TableName"], "INSERT", None, ITEM)
        writes.remove_item(table, "kept", "")
        raise ValueError(request)

    with pytest.raises(ValueError, match="midway"):
        writes.all_or_nothing(fail)("midway")
    assert table["items"]["kept"] == {"": ITEM}
    assert not table["items"].get("new")
    assert table["ItemCount"] == 1
    assert file.read("t1") == {"kept": {"": ITEM}}
    assert events == []


def test_committed_transaction_is_kept_and_sent_to_the_stream(
    file: ItemFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Any] = []
    monkeypatch.setattr("ministack.services.dynamodb._emit_stream_event", lambda *event: events.append(event))
    writes, table = _Writes(file), new_table()

    def write(request: str) -> str:
        writes.set_item(table, request, "", ITEM)
        writes.emit_stream_event("invoices", "INSERT", None, ITEM)
        assert events == []
        return "done"

    assert writes.all_or_nothing(write)("a") == "done"
    assert file.read("t1") == table["items"] == {"a": {"": ITEM}}
    assert events == [("invoices", "INSERT", None, ITEM)]


def test_state_is_read_again_when_it_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([RuntimeError("dictionary changed size during iteration"), {"ready": 1}])

    def get_state() -> Any:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(app, "_build_persistence_save_dict", lambda: {"s3": get_state})
    control_plane.read_state_again_when_it_moves()
    assert app._build_persistence_save_dict()["s3"]() == {"ready": 1}


@pytest.mark.parametrize(("status", "saved"), [("UPDATE_IN_PROGRESS", []), ("UPDATE_COMPLETE", ["s3"])])
def test_half_done_deployment_is_not_saved(
    monkeypatch: pytest.MonkeyPatch, status: str, saved: list[str]
) -> None:
    stacks = {"data": {"StackStatus": "CREATE_COMPLETE"}, "app": {"StackStatus": status}}
    monkeypatch.setattr(cloudformation, "_stacks", Scoped(stacks))
    monkeypatch.setattr(app, "_build_persistence_save_dict", lambda: {"s3": dict})
    control_plane.keep_half_done_deployments_off_the_disk()
    assert list(app._build_persistence_save_dict()) == saved


def test_log_events_are_not_part_of_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = Scoped({"/aws/lambda/bill": {"arn": "arn:x", "streams": {"[1]": {"events": ["much"]}}}})
    monkeypatch.setattr(cloudwatch_logs, "get_state", lambda: {"log_groups": groups})
    control_plane.leave_log_events_out_of_the_state()
    state = cloudwatch_logs.get_state()
    assert state["log_groups"] == {"/aws/lambda/bill": {"arn": "arn:x", "streams": {}}}


def test_readers_of_streams_begin_at_zero_after_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    positions = AccountRegionScopedDict()
    reader = ("000000000000", "sa-east-1", "reader")

    def load(data: dict[str, int]) -> None:
        positions.set_scoped(*reader, data["position"])
        lambda_svc._esms.set_scoped(*reader, {})

    monkeypatch.setattr(lambda_svc, "_esms", AccountRegionScopedDict())
    monkeypatch.setattr(lambda_svc, "_dynamodb_stream_positions", positions)
    monkeypatch.setattr(lambda_svc, "load_persisted_state", load)
    control_plane.read_streams_from_their_start_after_a_restart()
    lambda_svc.load_persisted_state({"position": 9})
    assert positions.get_scoped(*reader) == 0


def test_two_saves_of_a_service_do_not_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, overlaps = threading.Lock(), []

    def save_state(service: str, data: Any) -> None:
        overlaps.append(not inside.acquire(blocking=False))
        time.sleep(0.005)  # long enough for the other thread to get in between
        inside.release()

    monkeypatch.setattr(persistence, "save_state", save_state)
    control_plane.save_services_one_at_a_time()
    in_threads(4, lambda: persistence.save_state("s3", {}))
    assert overlaps == [False] * 4


def test_events_of_concurrent_branches_are_numbered_without_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_clock = stepfunctions.now_iso

    def now() -> str:
        time.sleep(0.0005)  # lets another branch in between the count and the append
        return slow_clock()

    monkeypatch.setattr(stepfunctions, "now_iso", now)
    monkeypatch.setattr(stepfunctions, "_add_event", stepfunctions._add_event)
    state_machines.number_events_one_at_a_time()
    execution: dict[str, Any] = {"events": []}
    in_threads(8, lambda: [stepfunctions._add_event(execution, "TaskScheduled") for _ in range(10)])
    assert [event["id"] for event in execution["events"]] == list(range(1, 81))


class Scoped(dict[str, Any]):
    """A dictionary with the emulator's method that reads all accounts."""

    def all_values(self) -> list[Any]:
        return list(self.values())


def in_threads(count: int, work: Any) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_event_of_a_versioned_bucket_has_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[dict[str, Any]] = []
    monkeypatch.setattr(eventbridge, "_dispatch_event", lambda event, _view=None: events.append(event))
    monkeypatch.setattr(s3, "_fire_s3_event", s3._fire_s3_event)
    monkeypatch.setattr(
        s3,
        "_bucket_notifications",
        {"b": "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>"},
    )
    files.tell_eventbridge_the_version()

    s3._fire_s3_event("b", "returns/a.ret", "s3:ObjectCreated:Put", version_id="v1")
    s3._fire_s3_event("b", "returns/b.ret", "s3:ObjectCreated:Put")

    objects = [json.loads(event["Detail"])["object"] for event in events]
    assert [(one["key"], one.get("version-id")) for one in objects] == [
        ("returns/a.ret", "v1"),
        ("returns/b.ret", None),
    ]


def test_invocation_whose_turn_does_not_come_is_throttled_and_says_when_to_try_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lambdas, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(lambdas, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(lambda_svc, "lambda_execute_result_to_api_proxy_response", lambda _result: None)
    gateway.answer_without_the_exception_when_a_handler_fails()
    lambdas._turns.acquire()

    result = lambdas._execute({"config": {}}, {}, "req-1")
    answer, _ = lambda_svc.lambda_execute_result_to_api_proxy_response(result)

    assert result["body"]["errorType"] == "Lambda.TooManyRequestsException"  # state machines try again
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (429, "2")


def test_a_turn_is_given_back_whatever_the_worker_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_arguments: Any) -> Any:
        raise OSError("no more processes")

    monkeypatch.setattr(lambdas, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(lambdas, "_execute_in_worker", break_down)

    for _ in range(3):
        with pytest.raises(OSError, match="no more processes"):
            lambdas._execute({"config": {}}, {}, "req-1")
