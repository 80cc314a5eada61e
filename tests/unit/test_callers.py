"""The product has nothing that no code calls or sets: functions, states, locks, fields. Exceptions are listed with
their requirement.

Read from the source. A name that is used anywhere counts as called, so this finds too little rather than too much. The
cases of `make golden` count as a caller: they compute one amount at a time, which the engine does not.
"""

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import billing
from billing.core.entity import Entity
from billing.core.table import Aggregate
from infra.settings import ROOT
from tests.requirements_report import requirement_ids
from tests.waiting import UNCALLED, UNSET_FIELDS, UNSET_STATES

LAYER = ROOT / "layers" / "billing" / "python" / "billing"
FUNCTIONS = ROOT / "functions"
CALLERS = (LAYER, FUNCTIONS, ROOT / "infra", ROOT / "tests" / "golden")

CALLED_BY_LIBRARIES = {
    "adapters/sandbox_authority/server.py:log_message": "http.server",
    "usage/file_lines.py:readinto": "io.RawIOBase",
    "entry/http.py:_handle_not_found": "Powertools' resolver",
    "entry/reading.py:_get_body": "Powertools' validation",
    "core/table.py:serialize": "pynamodb's attributes",
    "core/table.py:deserialize": "pynamodb's attributes",
    "entry/membership.py:forget": "tests, in the place of 30 seconds",
}


@cache
def sources(*folders: Path) -> dict[Path, ast.Module]:
    return {file: ast.parse(file.read_text()) for folder in folders for file in sorted(folder.rglob("*.py"))}


def names_used() -> set[str]:
    used = set()
    for module in sources(*CALLERS).values():
        for node in ast.walk(module):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                    used.add(name)
                case ast.Constant(value=str(name)):
                    used.add(name)
    return used


def functions_without_caller() -> Iterator[str]:
    used = names_used()
    for file, module in sources(LAYER).items():
        for node in ast.walk(module):
            is_named = isinstance(node, ast.FunctionDef) and not node.name.startswith("__")
            if is_named and node.name not in used and not _is_for_pydantic(node):
                yield f"{file.relative_to(LAYER)}:{node.name}"


def _is_for_pydantic(function: ast.FunctionDef) -> bool:
    return any(
        "validator" in ast.unparse(d) or "serializer" in ast.unparse(d) for d in function.decorator_list
    )


@cache
def entities() -> dict[str, type[Entity]]:
    modules = [import_module(module.name) for module in pkgutil.walk_packages(billing.__path__, "billing.")]
    return {
        f"{one.__module__}.{one.__name__}": one
        for module in modules
        for _, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, Entity) and one.__module__ == module.__name__
    }


def sent() -> set[type[Entity]]:
    """What people and integrations write: the bodies of the API, and what they contain."""
    handlers = (
        getattr(import_module(f"functions.{file.parent.name}.api"), node.name)
        for file, module in sources(FUNCTIONS).items()
        if file.name == "api.py"
        for node in module.body
        if isinstance(node, ast.FunctionDef) and any("api." in ast.unparse(d) for d in node.decorator_list)
    )
    bodies: set[type[Entity]] = set()
    for handler in handlers:
        for name, hint in get_type_hints(handler).items():
            if name != "return":
                _collect(hint, bodies)
    return bodies


def _collect(hint: Any, collected: set[type[Entity]]) -> None:
    for one in _types(hint):
        if inspect.isclass(one) and issubclass(one, Entity) and one not in collected:
            collected.add(one)
            for field in one.model_fields.values():
                _collect(field.annotation, collected)


def _types(hint: Any) -> Iterator[Any]:
    yield hint
    for part in get_args(hint):
        yield from _types(part)


def enumerations(of: set[type[Entity]]) -> set[type[StrEnum]]:
    return {
        one
        for entity in of
        for field in entity.model_fields.values()
        for one in _types(field.annotation)
        if inspect.isclass(one) and issubclass(one, StrEnum)
    }


class _Set(ast.NodeVisitor):
    """Members of enumerations where they are assigned: not compared, not queried, not in a module's table."""

    ASKING = frozenset({"is_locked", "lock", "unlocked"})

    def __init__(self) -> None:
        self.members: set[str] = set()
        self.depth = 0

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.value, ast.Name):
            self.members.add(f"{node.value.id}.{node.attr}")
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None: ...

    def visit_match_case(self, node: ast.match_case) -> None:
        for statement in node.body:
            self.visit(statement)

    def visit_Call(self, node: ast.Call) -> None:
        if not (isinstance(node.func, ast.Attribute) and node.func.attr in self.ASKING):
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1

    def visit_Dict(self, node: ast.Dict) -> None:
        if self.depth:
            self.generic_visit(node)

    def visit_Set(self, node: ast.Set) -> None:
        if self.depth:
            self.generic_visit(node)


def states_without_producer() -> Iterator[str]:
    visitor = _Set()
    for module in sources(LAYER, FUNCTIONS).values():
        visitor.visit(module)
    kept: set[type[Entity]] = set()
    for entity in entities().values():
        if issubclass(entity, Aggregate) and not entity.__name__.startswith(
            "Shown"
        ):  # an answer, with what may be done
            _collect(entity, kept)
    for enumeration in enumerations(kept) - enumerations(sent()):
        is_offer = enumeration.__name__.endswith("Tool")  # what may be done, given in answers: not a state
        for member in enumeration if not is_offer and not _is_fiscal(enumeration) else ():
            name = f"{enumeration.__name__}.{member.name}"
            if name not in visitor.members:
                yield name


def _is_fiscal(one: type) -> bool:
    return one.__module__.startswith("billing.fiscal.")


def fields_never_set() -> Iterator[str]:
    nodes = [node for module in sources(LAYER, FUNCTIONS).values() for node in ast.walk(module)]
    keywords = {node.arg for node in nodes if isinstance(node, ast.keyword)}
    keywords |= {
        key.value
        for node in nodes
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    written = {name for entity in sent() for name in entity.model_fields}
    for entity in entities().values():
        if issubclass(entity, Aggregate) and not _is_fiscal(entity):
            for name in inspect.get_annotations(entity):
                is_given = name in keywords or name in written or entity.model_fields[name].is_required()
                if not is_given:
                    yield f"{entity.__name__}.{name}"


def require(actual: set[str], listed: set[str]) -> None:
    assert actual - listed == set(), (
        "call or set it, delete it, or list it in tests/waiting.py with its requirement"
    )
    assert listed - actual == set(), "it has a caller or a producer now: take it out of tests/waiting.py"


def test_every_function_has_a_caller() -> None:
    uncalled = set(functions_without_caller())
    folders = tuple(name for name in UNCALLED if name.endswith("/"))
    waiting = {name for name in uncalled - set(CALLED_BY_LIBRARIES) if not name.startswith(folders)}

    require(waiting, UNCALLED.keys() - set(folders))


@pytest.mark.parametrize("folder", [name for name in UNCALLED if name.endswith("/")])
def test_uncalled_folder_is_imported_by_nothing_outside(folder: str) -> None:
    package = f"billing.{folder.rstrip('/').replace('/', '.')}"
    importers = {
        str(file)
        for file, module in sources(LAYER, FUNCTIONS).items()
        if not file.is_relative_to(LAYER / folder)
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{package}.")
    }

    assert (LAYER / folder).is_dir()
    assert importers == set(), (
        "it has a caller now: take it out of tests/waiting.py, or list what is still uncalled"
    )


@pytest.mark.req("INV-19")
def test_every_state_and_lock_is_set_by_something() -> None:
    require(set(states_without_producer()), set(UNSET_STATES))


def test_every_field_that_is_kept_is_set_by_something() -> None:
    require(set(fields_never_set()), set(UNSET_FIELDS))


def test_exceptions_name_their_requirement() -> None:
    known = requirement_ids()

    assert {*UNCALLED.values(), *UNSET_STATES.values(), *UNSET_FIELDS.values()} <= known
