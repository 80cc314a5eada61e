"""The mutants of a module: mutmut's operators on every function, including decorated ones, methods and the rules'
lambdas.

mutmut itself leaves out decorated functions and lambdas outside of functions, because of the way it inserts mutants;
here only the code of a live function is exchanged (`patch`), so that nothing has to be left out.
"""

import ast
import gc
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

FIGURES = (
    cst.BaseCompOp,
    cst.BaseBinaryOp,
    cst.BaseAugOp,
    cst.BaseUnaryOp,
    cst.BaseBooleanOp,
    cst.BaseNumber,
    cst.UnaryOperation,
    cst.AugAssign,
)
"""The nodes in which a mutation changes a comparison, a condition or an amount."""


@dataclass(frozen=True)
class Mutant:
    name: str
    """Module, function and number: rating.pricing.volume.price#3."""
    unit: "Unit"
    text: str
    changes_a_figure: bool
    """A comparison, a number, an operator between amounts or a condition; not a text, a name or what is called."""

    def diff(self) -> str:
        lines = unified_diff(self.unit.text.splitlines(), self.text.splitlines(), n=0, lineterm="")
        changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
        return "\n".join(f"    {line[0]} {line[1:].strip()}" for line in changed)


@dataclass(frozen=True)
class Unit:
    """A function, a method, or a lambda that is not inside a function."""

    path: Path
    name: str
    text: str
    code: CodeType

    def codes(self) -> list[CodeType]:
        return list(_nested(self.code))


def mutants_of(path: Path, name: str) -> Iterator[Mutant]:
    """In the order of the source; `name` is how the module is called in a mutant's name."""
    source = path.read_text()
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = _Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    module = wrapper.visit(visitor)
    codes: dict[tuple[str, int], list[CodeType]] = {}
    for code in _codes(compile(source, str(path), "exec")):
        codes.setdefault((code.co_name, code.co_firstlineno), []).append(code)
    units: dict[cst.CSTNode, Unit] = {}
    numbers: dict[str, int] = {}
    for mutation, outer in zip(visitor.mutations, visitor.outers, strict=True):
        if outer is None:
            continue
        if outer not in units:
            where = visitor.places[outer]
            code = codes[where][
                [place for place in visitor.places if visitor.places[place] == where].index(outer)
            ]
            units[outer] = Unit(path, f"{name}.{code.co_qualname}", _text(module, outer), code)
        unit = units[outer]
        text = _text(module, deep_replace(outer, mutation.original_node, mutation.mutated_node))
        if ast.dump(ast.parse(text)) == ast.dump(ast.parse(unit.text)):
            continue
        numbers[unit.name] = numbers.get(unit.name, 0) + 1
        figure = isinstance(mutation.original_node, FIGURES)
        yield Mutant(f"{unit.name}#{numbers[unit.name]}", unit, text, figure)


class _Visitor(MutationVisitor):
    """Records for each mutation the function or lambda around it, and the name and line of these, in their order."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.places: dict[cst.CSTNode, tuple[str, int]] = {}
        self.outers: list[cst.CSTNode | None] = []
        self._outer: cst.CSTNode | None = None

    def on_visit(self, node: cst.CSTNode) -> bool:
        if self._outer is None and isinstance(node, cst.FunctionDef):
            self._outer = node
            first = node.decorators[0] if node.decorators else node
            self.places[node] = (node.name.value, self._line(first))
        elif self._outer is None and isinstance(node, cst.Lambda):
            self._outer = node
            self.places[node] = ("<lambda>", self._line(node))
        known = len(self.mutations)
        goes_on = super().on_visit(node)
        self.outers += [self._outer] * (len(self.mutations) - known)
        return goes_on

    def _line(self, node: cst.CSTNode) -> int:
        return self.get_metadata(PositionProvider, node).start.line

    def on_leave(self, original_node: cst.CSTNode) -> None:
        super().on_leave(original_node)
        if original_node is self._outer:
            self._outer = None

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef) and node.decorators:
            return False
        return super()._skip_node_and_children(node)


def _text(module: cst.Module, node: cst.CSTNode) -> str:
    if isinstance(node, cst.FunctionDef):
        node = node.with_changes(decorators=(), leading_lines=(), lines_after_decorators=())
    return module.code_for_node(node).strip()


def _codes(code: CodeType) -> Iterator[CodeType]:
    """That of functions, methods and lambdas that are not inside another function."""
    for const in code.co_consts:
        if isinstance(const, CodeType):
            if const.co_flags & CO_OPTIMIZED:
                yield const
            else:  # a class's body
                yield from _codes(const)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _nested(const)


def live_functions(paths: Collection[Path]) -> dict[CodeType, list[FunctionType]]:
    """Every existing function of the modules, by its code."""
    files = {str(path) for path in paths}
    functions: dict[CodeType, list[FunctionType]] = {}
    for function in [candidate for candidate in gc.get_objects() if type(candidate) is FunctionType]:
        if function.__code__.co_filename in files:
            functions.setdefault(function.__code__, []).append(function)
    return functions


def patch(mutant: Mutant, namespace: Mapping[str, Any], live: Mapping[CodeType, list[FunctionType]]) -> None:
    """The unit's functions get the mutant's code and defaults; functions already made inside it get theirs."""
    made = _made(mutant.text, namespace)
    for code, mutated in zip(mutant.unit.codes(), _nested(made.__code__), strict=False):
        for function in live.get(code, ()):
            if code == mutant.unit.code:
                function.__defaults__, function.__kwdefaults__ = made.__defaults__, made.__kwdefaults__
            if code.co_freevars == mutated.co_freevars:
                function.__code__ = mutated


def _made(text: str, namespace: Mapping[str, Any]) -> FunctionType:
    scope = dict(namespace)
    if text.startswith("lambda"):
        return eval(text, scope)
    tree = ast.parse(text)
    exec(compile(tree, "<mutant>", "exec", flags=0x1000000), scope)
    return scope[tree.body[0].name]  # type: ignore[attr-defined]
