"""Things done one after another: none stops the others. And every schedule that goes over the tenants does it so."""

import ast
from pathlib import Path

import pytest

from billing.core.errors import Conflict
from billing.core.sweep import NotAllDone, Sweep

ROOT = Path(__file__).parents[3]


def half_of(number: int) -> int:
    if number == 3:
        raise ValueError(number)
    if number == 4:
        raise Conflict("changed", "Alguém o alterou.")
    return number // 2


def test_failures_are_named_after_the_others_are_done() -> None:
    sweep = Sweep()

    made = [sweep.attempt(f"n{number}", lambda: half_of(number)) for number in (2, 3, 4, 6)]  # noqa: B023

    assert made == [1, None, None, 3]
    with pytest.raises(NotAllDone, match=r"^n3: ValueError$"):
        sweep.report()


def test_nothing_is_raised_where_nothing_failed() -> None:
    sweep = Sweep()
    sweep.attempt("n4", lambda: half_of(4))  # somebody else has it
    sweep.report()


def stopped_by_one_tenant(code: str) -> list[str]:
    """Functions that go over `tenants()` without attempting each on its own."""
    return [
        function.name
        for function in ast.walk(ast.parse(code))
        if isinstance(function, ast.FunctionDef)
        and any(_is_call_of(loop.iter, {"tenants"}) for loop in ast.walk(function) if _is_loop(loop))  # type: ignore[attr-defined]
        and not any(_is_call_of(node, {"attempt"}) for node in ast.walk(function))
    ]


def _is_loop(node: ast.AST) -> bool:
    return isinstance(node, ast.For | ast.comprehension)


def _is_call_of(node: ast.AST, names: set[str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return getattr(node.func, "attr", getattr(node.func, "id", "")) in names


@pytest.mark.req("PLT-02")
def test_no_schedule_is_stopped_by_one_tenant() -> None:
    code = {
        path: path.read_text()
        for folder in ("layers/billing/python", "functions")
        for path in (ROOT / folder).rglob("*.py")
        if "in tenants()" in path.read_text()
    }

    assert len(code) >= 4
    assert {
        path.name: stopped_by_one_tenant(text) for path, text in code.items() if stopped_by_one_tenant(text)
    } == {}


@pytest.mark.parametrize(
    "code",
    ["def f():\n for t in tenants():\n  do(t)", "def f():\n return [do(t) for t in store.tenants()]"],
)
def test_schedule_that_one_tenant_stops_would_be_seen(code: str) -> None:
    assert stopped_by_one_tenant(code) == ["f"]
