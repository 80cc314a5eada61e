"""Users read "o profile"."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

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


def texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_users_read_profile_as_a_masculine_noun() -> None:
    """But in the manual's own sentences, which people search for."""
    feminine = {text for tree in TREES.values() for text in texts(tree) if FEMININE_PROFILE.search(text)}

    assert {text for text in feminine if not ENGLISH.search(text)} == OF_THE_MANUAL
