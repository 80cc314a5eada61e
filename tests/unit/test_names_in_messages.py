"""What users read names things by what their screens show: never by an id, which no screen does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from infra.settings import ROOT

SOURCES = (ROOT / "layers/billing/python/billing", ROOT / "functions")
PORTUGUESE = re.compile(
    r"\b(a|à|ao|as|com|da|de|do|é|em|foi|já|linha|na|não|no|o|os|para|por|um|uma)\b", re.IGNORECASE
)
ENGLISH = re.compile(r"\b(the|is|of|not|keeps?|by)\b|SELECT ")
SHOWN = {
    "end_to_end_id": "the bank's own, which its statement shows",
    "stray.item_id": "equipment that only the monitoring knows, by the monitoring's own name",
}


def _texts(tree: ast.AST) -> Iterator[tuple[int, str, list[str]]]:
    """Each text with placeholders: its line, its literal part, and what stands in the placeholders."""
    inside = {
        id(node) for joined in ast.walk(tree) if isinstance(joined, ast.JoinedStr) for node in joined.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            literal = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            filled = [ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue)]
            yield node.lineno, literal, filled
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value, re.findall(r"(?<![\{/])\{(\w+)\}", node.value)


def _is_id(expression: str) -> bool:
    last = expression.rpartition(".")[2]
    return (last == "id" or last.endswith(("_id", "_ids"))) and not {expression, last} & SHOWN.keys()


def shown_ids(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    return [
        f"{path.name}:{line}: {{{expression}}} in “{literal.strip()}”"
        for line, literal, filled in _texts(tree)
        if PORTUGUESE.search(literal) and not ENGLISH.search(literal)
        for expression in filled
        if _is_id(expression)
    ]


def test_no_message_shows_an_id() -> None:
    files = [path for source in SOURCES for path in sorted(source.rglob("*.py"))]
    assert len(files) > 300
    assert [place for path in files for place in shown_ids(path)] == []


def test_sweep_sees_ids_in_formatted_and_in_templated_texts(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(
        'a = f"A conta {charge.id} já foi removida"\nb = "A definição {id} não existe"\nc = f"{charge.title} já foi"\n'
    )
    assert [place.partition(" in ")[0] for place in shown_ids(path)] == [
        "sample.py:1: {charge.id}",
        "sample.py:2: {id}",
    ]
