"""Which tables' rows a handler may read, write and delete, derived from the source: who names whom, from the handler
down.

A definition is a function, class or variable at the top of a module; it names others by their own name, or as an
attribute of a module it imports. A definition that makes a row of a table (`entity_row(XTable, ...)`, `XTable(...)`)
writes it; one that names the table otherwise reads it; `changes.delete(row_of(...))` deletes from the table of which
`row_of` makes a row. Whatever is named counts as used, so this errs on the side of too much.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from infra.settings import ROOT

PACKAGES = ROOT / "layers" / "billing" / "python"
Name = tuple[str, str]
"""Module and definition."""


@dataclass
class Source:
    definitions: dict[str, ast.stmt] = field(default_factory=dict)
    imports: dict[str, Name] = field(default_factory=dict)
    """Local name -> what it stands for; for a module its own name and ""."""


@dataclass
class Reached:
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    deletes: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    """Members of `Folder` in which it puts files."""
    definitions: set[Name] = field(default_factory=set)


def reach(module: str, entry: str) -> Reached:
    """Record classes by name."""
    reached = Reached()
    ahead = {(module, entry)}
    while ahead:
        name = ahead.pop()
        reached.definitions.add(name)
        step = _step(name)
        reached.reads |= step.reads
        reached.writes |= step.writes
        reached.deletes |= step.deletes
        reached.folders |= step.folders
        ahead |= step.definitions - reached.definitions
    reached.reads -= reached.writes
    return reached


@cache
def _step(name: Name) -> Reached:
    """What one definition names."""
    step = Reached()
    node = source(name[0]).definitions.get(name[1])
    if node is None:
        return step
    made = set(_rows_made(node))
    for other in _named(name[0], node):
        if _is_table(other):
            (step.writes if other[1] in made else step.reads).add(other[1])
        elif other[1] in source(other[0]).definitions:
            step.definitions.add(other)
    for maker in _makers_of_rows_deleted(node):
        for other in _named(name[0], maker):
            step.deletes |= reach(*other).writes
    for key in _keys_of_files_put(node):
        step.folders |= _folders_named(name[0], key)
    return step


@cache
def source(module: str) -> Source:
    contents = Source()
    file = file_of(module)
    if file is None:
        return contents
    for node in ast.parse(file.read_text()).body:
        match node:
            case ast.ImportFrom() | ast.Import():
                contents.imports |= dict(_imported(node))
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                contents.definitions[name] = node
            case ast.Assign(targets=targets):
                contents.definitions |= {t.id: node for t in targets if isinstance(t, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                contents.definitions[name] = node
    return contents


def file_of(module: str) -> Path | None:
    relative = Path(*module.split("."))
    root = PACKAGES if module.startswith("billing") else ROOT
    for candidate in (root / relative.with_suffix(".py"), root / relative / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


def _imported(node: ast.ImportFrom | ast.Import) -> Iterator[tuple[str, Name]]:
    if isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            target = (inner, "") if file_of(inner) else (node.module, alias.name)
            yield alias.asname or alias.name, target


def _named(module: str, definition: ast.AST) -> Iterator[Name]:
    imports = dict(source(module).imports)
    for node in ast.walk(definition):
        if isinstance(node, ast.ImportFrom | ast.Import):
            imports |= dict(_imported(node))
    for node in ast.walk(definition):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if (
                imports.get(name, ("", "-"))[1] == ""
            ):
                yield imports[name][0], attribute
            case ast.Name(id=name) if name in imports:
                yield imports[name]
            case ast.Name(id=name):
                yield module, name


def _rows_made(definition: ast.stmt) -> Iterator[str]:
    for node in ast.walk(definition):
        match node:
            case ast.Call(func=ast.Name(id="entity_row"), args=[ast.Name(id=table), *_]):
                yield table
            case ast.Call(func=ast.Name(id=table)) if table.endswith("Table"):
                yield table


def _makers_of_rows_deleted(definition: ast.stmt) -> Iterator[ast.expr]:
    for node in ast.walk(definition):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="changes"), attr="delete" | "drop"),
                args=[ast.Call(func=maker), *_],
            ):
                yield maker
            case ast.Call(func=ast.Attribute(value=ast.Name(id="changes"), attr="delete" | "drop")):
                raise AssertionError(f"line {node.lineno}: what is deleted is not seen")


def _keys_of_files_put(definition: ast.stmt) -> Iterator[ast.expr]:
    """The expressions for a file's key: the one given to `files.put`, `put_once` or, with its rules, to
    `uploads.offer`."""
    made = {
        target.id: node.value
        for node in ast.walk(definition)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(definition):
        match node:
            case ast.Call(func=ast.Attribute(value=base, attr="put" | "put_once"), args=[key, *_]) if (
                ast.unparse(base).rpartition(".")[2] in {"files", "files()"}
            ):
                yield made.get(key.id, key) if isinstance(key, ast.Name) else key
            case ast.Call(func=ast.Attribute(value=ast.Name(id="uploads"), attr="offer"), args=args):
                yield ast.Tuple(elts=args)


def _folders_named(module: str, key: ast.expr) -> set[str]:
    """Raises AssertionError for a key that is made elsewhere, because then the file's folder is unknown."""
    definitions = {definition for name in _named(module, key) for definition in reach(*name).definitions}
    nodes = [key, *(node for name in definitions if (node := source(name[0]).definitions.get(name[1])))]
    folders = {
        attribute.attr
        for node in nodes
        for attribute in ast.walk(node)
        if isinstance(attribute, ast.Attribute)
        and isinstance(attribute.value, ast.Name)
        and attribute.value.id == "Folder"
    }
    assert folders, f"{module}: where {ast.unparse(key)} is, is not seen; make the key where the file is put"
    return folders


def _is_table(name: Name) -> bool:
    node = source(name[0]).definitions.get(name[1])
    return isinstance(node, ast.ClassDef) and any(
        isinstance(base, ast.Name) and base.id == "Table" for base in node.bases
    )
