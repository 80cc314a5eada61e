"""All companies, some, none: every piece of code that reads a scope understands it in the same way."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.access.call import Actor, Call
from billing.access.scope import ALL_COMPANIES, Scope
from billing.core.errors import Forbidden
from billing.runs.kinds import RunKind
from billing.runs.model import Run

ROOT = Path(__file__).parents[3]
TENANT = ("com_a", "com_b", "com_c", "com_d")
ids = st.sets(st.sampled_from(TENANT), min_size=1).map(lambda some: Scope.of(*some))
scopes = st.one_of(st.just(ALL_COMPANIES), ids)
NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)


def reached(scope: Scope) -> set[str]:
    return {company_id for company_id in TENANT if scope.includes(company_id)}


@pytest.mark.req("SEC-02")
@given(scopes)
def test_every_reading_of_a_scope_reaches_the_same_companies(scope: Scope) -> None:
    call = Call.unattended("ten_alfa", Actor("schedule"), NOW, scope)
    run = Run(
        id="run_0001",
        kind=RunKind.SIMULATION,
        at=NOW,
        business_date=NOW.date(),
        input={"companies": scope.text},
        started_by="usr_ana",
    )

    assert Scope.read(scope.text) == run.scope == scope
    assert set(scope.company_ids(lambda: TENANT)) == reached(scope)
    assert {company_id for company_id in TENANT if call.works_for(company_id)} == reached(scope)
    assert {company_id for company_id in TENANT if passes(call, company_id)} == reached(scope)
    assert {company_id for company_id in TENANT if scope.meets(Scope.of(company_id))} == reached(scope)


@given(scopes, ids)
def test_scope_covers_another_when_it_reaches_all_of_it_and_meets_it_when_it_reaches_some(
    one: Scope, other: Scope
) -> None:
    assert one.covers(other) == (reached(other) <= reached(one))
    assert one.meets(other) == bool(reached(other) & reached(one))
    assert ALL_COMPANIES.covers(one)
    assert not other.covers(ALL_COMPANIES)


@pytest.mark.parametrize("text", ["", " ", "com_a ", "com_a  com_b"])
def test_no_company_is_neither_all_nor_a_scope(text: str) -> None:
    with pytest.raises(ValueError, match="no company"):
        Scope.read(text)
    with pytest.raises(ValueError, match="no company"):
        Scope.of()


def test_only_the_scope_iterates_over_company_ids_or_checks_for_them() -> None:
    """An empty tuple meant all companies in one place and none in another."""
    files = [file for folder in ("layers", "functions", "infra") for file in (ROOT / folder).rglob("*.py")]
    places = [f"{file.name}:{line}" for file in files for line in walks(ast.parse(file.read_text()))]

    assert len(files) > 200
    assert places == []


@pytest.mark.parametrize(
    "code",
    [
        "for one in call.company_ids: pass",
        "[one for one in company_ids]",
        "if not call.company_ids: pass",
        "x or run.company_ids",
        "','.join(call.company_ids)",
        "','.join(sorted(call.company_ids))",
        "one in run.company_ids",
        "set(ids) <= set(company_ids)",
    ],
)
def test_the_sweep_sees_each_form_of_a_walk(code: str) -> None:
    assert list(walks(ast.parse(code))) == [1]


def walks(tree: ast.AST) -> Iterator[int]:
    """Lines that loop over, join, search or test the truth of something called company_ids."""
    for node in ast.walk(tree):
        match node:
            case ast.For(iter=walked) | ast.comprehension(iter=walked):
                operands = [walked]
            case (
                ast.If(test=condition)
                | ast.IfExp(test=condition)
                | ast.UnaryOp(op=ast.Not(), operand=condition)
            ):
                operands = [condition]
            case ast.BoolOp(values=values):
                operands = values
            case ast.Compare(left=left, comparators=others):
                operands = [left, *others]
            case ast.Call(func=ast.Attribute(attr="join"), args=args):
                operands = args
            case ast.Call(func=ast.Name(id="map" | "filter" | "any" | "all"), args=args):
                operands = args
            case _:
                operands = []
        yield from (operand.lineno for operand in operands if _is_ids(operand))


def _is_ids(node: ast.expr) -> bool:
    match node:
        case ast.Name(id="company_ids") | ast.Attribute(attr="company_ids"):
            return True
        case ast.Call(func=ast.Name(id="sorted" | "set" | "tuple" | "list"), args=[inner, *_]):
            return _is_ids(inner)
    return False


def passes(call: Call, company_id: str) -> bool:
    try:
        call.require_company(company_id)
    except Forbidden:
        return False
    return True
