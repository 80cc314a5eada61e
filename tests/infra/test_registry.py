"""The registry of functions against what is there: every handler is registered, every route and grant is real."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from billing.entry.tables import ALL_TABLES
from infra.constructs.routes import METHODS, Route, routes_of
from infra.functions import ALL_FUNCTIONS, API_FUNCTIONS, Files, Function
from infra.settings import ROOT

PACKAGES = ROOT / "layers" / "billing" / "python"
TABLES = {record.__module__: record.Meta.table_name.removeprefix("mensal-") for record in ALL_TABLES}
"""Table by the module that declares it."""

pytestmark = pytest.mark.req("PLT-01")
each_function = pytest.mark.parametrize("function", ALL_FUNCTIONS, ids=lambda function: function.logical_name)
each_api = pytest.mark.parametrize("function", API_FUNCTIONS, ids=lambda function: function.name)


def handlers() -> Iterator[str]:
    """Every handler of `functions/`: the `handler` of a module that has one, else its public functions."""
    for file in sorted((ROOT / "functions").rglob("*.py")):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        names = set(top_level_names(file))
        functions = {n.name for n in ast.parse(file.read_text()).body if isinstance(n, ast.FunctionDef)}
        found = {"handler"} & names or {name for name in functions if not name.startswith("_")}
        yield from (f"{module}.{name}" for name in found)


def top_level_names(file: Path) -> Iterator[str]:
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


@cache
def imported(module: str) -> frozenset[str]:
    """Modules of ours that `module` imports itself, at its top or inside its functions."""
    file = file_of(module)
    if file is None:
        return frozenset()
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return frozenset(name for name in found if name.startswith("billing.") and file_of(name))


def file_of(module: str) -> Path | None:
    relative = Path(*module.split("."))
    root = PACKAGES if module.startswith("billing") else ROOT
    for candidate in (root / relative.with_suffix(".py"), root / relative / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


def reached(function: Function) -> set[str]:
    """Modules that the function's own module can come to load."""
    found: set[str] = set()
    ahead = {function.module}
    while ahead:
        module = ahead.pop()
        found.add(module)
        ahead |= imported(module) - found
    return found


def test_every_handler_is_registered_and_every_registered_one_is_there() -> None:
    assert set(handlers()) == {function.handler for function in ALL_FUNCTIONS}


def test_names_of_functions_are_unique() -> None:
    assert len({function.logical_name for function in ALL_FUNCTIONS}) == len(ALL_FUNCTIONS)


@each_function
def test_tables_are_named_once_and_exist(function: Function) -> None:
    named = [*function.reads, *function.writes]

    assert len(set(named)) == len(named)
    assert set(named) <= set(TABLES.values())


@each_function
@pytest.mark.req("SEC-01")
def test_no_table_is_granted_that_the_code_cannot_come_to(function: Function) -> None:
    known = {TABLES[module] for module in reached(function) if module in TABLES}

    assert set(function.reads) | set(function.writes) <= known


@each_function
def test_files_and_messengers_are_granted_to_whom_can_come_to_them(function: Function) -> None:
    modules = reached(function)

    assert function.files is Files.NONE or "billing.entry.wiring" in modules
    assert not function.sends or "billing.entry.postroom" in modules


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
    assert len(routes) <= 300  # what a gateway takes unless more is asked for
