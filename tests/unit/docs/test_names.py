"""A variable is named after what it holds, and users read "o profile" (CONTRIBUTING, "Names")."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PRONOUNS = {"asked", "each", "found", "rest", "told"}
ROOT = Path(__file__).parents[3]
FEMININE_PROFILE = re.compile(
    r"\b(?:A|da|na|uma|pela|esta|nesta|outra|mesma) profile\b|\bprofile (?:de pagamento )?(?:bancária|creditada)\b"
)
ENGLISH = re.compile(r"\b(?:is|the|of|as|by|to)\b")
"""A sentence that begins with the article A, before a profile."""
OF_THE_MANUAL = {"Fatura com programação suspensa na profile", "Fatura aguarda conciliação na profile"}
TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
    for folder in ("layers/billing/python", "functions", "infra")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
TESTS = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
    for path in sorted((ROOT / "tests").rglob("*.py"))
}


def names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Variables, parameters and fields, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, node.lineno


def test_no_variable_is_named_by_a_pronoun() -> None:
    assert len(TREES) > 500
    assert len(TESTS) > 300
    assert [
        f"{path}:{line} {name}"
        for path, tree in (TREES | TESTS).items()
        for name, line in names(tree)
        if name in PRONOUNS
    ] == []


@pytest.mark.parametrize(
    "code",
    [
        "found = 1",
        "def f(told): ...",
        "[each for each in x]",
        "if (rest := 1): ...",
        "class C:\n    asked: int",
        "import a as asked",
    ],
)
def test_pronouns_would_be_seen(code: str) -> None:
    assert [name for name, _ in names(ast.parse(code)) if name in PRONOUNS] != []


def texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_users_read_profile_as_a_masculine_noun() -> None:
    """Except in the manual's own sentences, which people search for."""
    feminine = {text for tree in TREES.values() for text in texts(tree) if FEMININE_PROFILE.search(text)}

    assert {text for text in feminine if not ENGLISH.search(text)} == OF_THE_MANUAL
