"""One domain word, one identifier: docs/glossary.md has every entity and enumeration of the product, and no other."""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import billing
from billing.audit.model import Action
from billing.core.entity import Entity

ONE_FOR_EACH_BANK = {"Writer"}
"""The same thing in each bank's folder of `banking/layouts`."""
GLOSSARY = Path(__file__).parents[3] / "docs" / "glossary.md"
CONTEXTS = sorted(
    module.name
    for module in pkgutil.iter_modules(billing.__path__)
    if module.name not in {"adapters", "entry"}
)


@cache
def classes(context: str) -> dict[str, type]:
    """Public classes that modules of the context define."""
    package = import_module(f"billing.{context}")
    names = [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    members = (
        member for name in names for member in inspect.getmembers(import_module(name), inspect.isclass)
    )
    return {
        name: one
        for name, one in members
        if one.__module__ in names and one.__name__ == name and name.isidentifier() and name[0] != "_"
    }


def words_of(context: str) -> set[str]:
    """Entities and enumerations: what is stored, sent and shown. Each context's own names of actions count as one word,
    Action."""
    definitions = classes(context).items()
    return {
        name
        for name, one in definitions
        if issubclass(one, Entity | StrEnum) and one is not Entity and Action not in one.__bases__
    }


@cache
def sections() -> dict[str, str]:
    """Context -> what the glossary says under its heading."""
    parts = re.split(r"^## (\w+).*$", GLOSSARY.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def named(text: str) -> set[str]:
    return set(re.findall(r"`([A-Z][A-Za-z]+)`", text))


def terms() -> Iterator[tuple[str, str]]:
    """Each Portuguese word in the tables, with its identifier."""
    for line in GLOSSARY.read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 5 and cells[2].startswith("`"):
            yield cells[1], cells[2]


@cache
def identifiers() -> set[str]:
    """The names in the code, in lower case, and its modules; words in texts do not count."""
    files = list(Path(billing.__path__[0]).rglob("*.py"))
    code = (re.sub(r'"""(?s:.*?)"""|"[^"\n]*"|#.*', "", file.read_text()) for file in files)
    return {file.stem for file in files} | {
        word.lower() for text in code for word in re.findall(r"\w+", text)
    }


def test_every_context_has_its_words() -> None:
    assert list(sections()) == CONTEXTS


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_entity_and_enumeration_is_in_the_glossary_and_nothing_that_is_not_there(context: str) -> None:
    assert words_of(context) - named(sections()[context]) == set()
    assert named(sections()[context]) - set(classes(context)) == set()


def test_every_identifier_in_small_letters_is_in_the_code() -> None:
    small = {word for _, cell in terms() for word in re.findall(r"`([a-z_]+)`", cell)}

    assert len(small) > 10
    assert small - identifiers() == set()


def test_one_word_has_one_identifier() -> None:
    words = [word for word, _ in terms()]

    assert len(words) > 100
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_one_identifier_has_one_word() -> None:
    """Also across contexts, and for all public classes: a reader who meets `Balance` need not ask whose it is."""
    modules: dict[str, set[str]] = {}
    for info in pkgutil.walk_packages(billing.__path__, "billing."):
        for name, one in inspect.getmembers(import_module(info.name), inspect.isclass):
            if one.__module__ == info.name and one.__name__ == name and name[0] != "_":
                modules.setdefault(name, set()).add(info.name)
    named_in_tables = [name for _, cell in terms() for name in re.findall(r"`(\w+)`", cell)]

    assert len(modules) > 500
    assert {
        name: where for name, where in modules.items() if len(where) > 1 and name not in ONE_FOR_EACH_BANK
    } == {}
    assert sorted({name for name in named_in_tables if named_in_tables.count(name) > 1}) == []
