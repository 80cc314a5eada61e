"""The registry of functions compared with the code: every handler is registered, every route and grant is real."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from billing.core.files import Folder
from billing.entry.tables import ALL_TABLES
from infra.constructs.routes import METHODS, Route, routes_of
from infra.function import Function, Woken
from infra.functions import ALL_FUNCTIONS, API_FUNCTIONS
from infra.names import pascal_case
from infra.settings import ROOT
from tests.support.reach import Reached, reach, source

pytestmark = pytest.mark.req("PLT-01")
each_function = pytest.mark.parametrize("function", ALL_FUNCTIONS, ids=lambda function: function.logical_name)
each_api = pytest.mark.parametrize("function", API_FUNCTIONS, ids=lambda function: function.name)


def handlers() -> Iterator[str]:
    """Every handler of `functions/`: the `handler` of a module that has one, otherwise its public functions."""
    for file in sorted((ROOT / "functions").rglob("*.py")):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        names = set(top_level_names(file))
        functions = {n.name for n in ast.parse(file.read_text()).body if isinstance(n, ast.FunctionDef)}
        entry_points = {"handler"} & names or {name for name in functions if not name.startswith("_")}
        yield from (f"{module}.{name}" for name in entry_points)


def top_level_names(file: Path) -> Iterator[str]:
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def reached(function: Function) -> Reached:
    """What the handler reaches; for an API function, what all its routes reach together."""
    entries = [function.entry]
    if function.woken is Woken.BY_A_REQUEST:
        entries = list(source(function.module).definitions)
    parts = [reach(function.module, entry) for entry in entries]
    writes = set().union(*(part.writes for part in parts))
    return Reached(
        reads=set().union(*(part.reads for part in parts)) - writes,
        writes=writes,
        deletes=set().union(*(part.deletes for part in parts)),
        folders=set().union(*(part.folders for part in parts)),
        definitions=set().union(*(part.definitions for part in parts)),
    )


def records(tables: tuple[str, ...]) -> set[str]:
    return {f"{pascal_case(table)}Table" for table in tables}


def test_every_handler_is_registered_and_every_registered_one_is_there() -> None:
    assert set(handlers()) == {function.handler for function in ALL_FUNCTIONS}


def test_names_of_functions_are_unique() -> None:
    assert len({function.logical_name for function in ALL_FUNCTIONS}) == len(ALL_FUNCTIONS)


@each_function
def test_tables_are_named_once_and_exist(function: Function) -> None:
    named = (*function.reads, *function.writes)

    assert len(set(named)) == len(named)
    assert records(named) <= {record.__name__ for record in ALL_TABLES}


@each_function
@pytest.mark.req("SEC-01")
def test_tables_granted_are_those_that_the_code_reaches(function: Function) -> None:
    comes_to = reached(function)

    assert records(function.writes) == comes_to.writes
    assert records(function.reads) == comes_to.reads
    assert records(function.deletes) == comes_to.deletes


@each_function
@pytest.mark.req("SEC-04")
def test_folders_granted_are_those_that_the_code_puts_files_to(function: Function) -> None:
    assert {folder.name for folder in function.writes_files} == reached(function).folders


@pytest.mark.req("SEC-04")
def test_no_function_writes_where_only_a_banks_machine_may() -> None:
    assert [function.name for function in ALL_FUNCTIONS if Folder.BANK_CHANNEL in function.writes_files] == []


@each_function
def test_everything_else_is_granted_to_those_who_use_it(function: Function) -> None:
    used = reached(function).definitions

    assert (function.reads_files or bool(function.writes_files)) == (
        ("billing.entry.wiring", "files") in used
    )
    assert bool(function.starts) == (("billing.entry.wiring", "processes") in used)
    assert bool(function.sends) == (("billing.entry.postroom", "messengers") in used)
    assert function.follows == (("billing.entry.wiring", "executions") in used)
    assert function.invites == (("billing.entry.wiring", "directory") in used)
    assert function.checks_passwords == (("billing.entry.wiring", "passwords") in used)


@each_api
def test_gateway_has_the_routes_of_the_published_description(function: Function) -> None:
    schema = import_module(function.module).api.get_openapi_schema(title="Mensal", version="1")
    described = {
        Route(path, method.upper())
        for path, item in (schema.paths or {}).items()
        for method in METHODS
        if getattr(item, method) is not None
    }

    assert described
    assert set(routes_of(function)) == described


def test_no_two_functions_answer_the_same_route() -> None:
    routes = [route for function in API_FUNCTIONS for route in routes_of(function)]

    assert len(set(routes)) == len(routes)
    assert len(routes) <= 300  # what a gateway accepts unless more is requested
