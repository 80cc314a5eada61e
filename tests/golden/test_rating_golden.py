"""The project's own golden cases, and that the runner can fail."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.golden.ops import OPS
from tests.golden.run import OWN_CASES, agrees, cases_in, main, run_case

CASES = list(cases_in(OWN_CASES))


@pytest.mark.req(
    "CHG-04", "CHG-05", "CHG-06", "CHG-08", "CLO-04", "CLO-08", "PAY-02", "PAY-05", "PAY-06", "PAY-07"
)
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_golden_case(case: dict[str, Any]) -> None:
    result = run_case(case)
    assert result.passed, f"{case['op']}: expected {case['expected']}, got {result.actual}"


def test_every_op_has_a_case_of_its_own() -> None:
    assert {case["op"] for case in CASES} == set(OPS)


def a_case(expected: Any, **given: Any) -> dict[str, Any]:
    case = {
        "id": "X",
        "op": "per_unit",
        "input": {"quantity": "3", "unit_price": "0.335"},
        "expected": expected,
    }
    return {**case, **given}


@pytest.mark.parametrize(
    "case",
    [
        a_case("1.00"),
        a_case({"error": "recusado"}),
        a_case("1.01", op="no_such_op"),
        a_case("1.01", input={"quantity": "três", "unit_price": "1"}),
        a_case({"error": "recusado"}, op="days_between", input={"from": "2026-01-01"}),
    ],
    ids=["wrong amount", "not refused", "unknown op", "unreadable", "incomplete"],
)
def test_runner_fails_a_case_that_does_not_hold(case: dict[str, Any]) -> None:
    assert run_case(a_case("1.01")).passed
    assert not run_case(case).passed


def test_objects_are_compared_by_the_expected_keys_and_an_absent_amount_is_zero() -> None:
    assert agrees({"a": "1.0", "b": "0.00"}, {"a": "1.00", "c": "9"})
    assert not agrees({"b": "0.01"}, {"a": "1.00"})
    assert not agrees(["1"], ["1", "2"])
    assert not agrees(True, "1")


def test_any_folder_of_cases_can_be_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.json").write_text(json.dumps([a_case("1.01"), a_case("1.00")]), encoding="utf-8")
    assert main(tmp_path) == 1
    printed = capsys.readouterr().out
    assert "per_unit                           1       1" in printed
    assert "FAILED X per_unit" in printed


def test_a_folder_without_cases_is_a_failure(tmp_path: Path) -> None:
    assert main(tmp_path) == 1
