"""The examples in the docstrings are true."""

from doctest import DocTestFinder, DocTestRunner
from importlib import import_module
from pathlib import Path

import billing

TOLD = {
    "core.br.cep",
    "core.br.cnpj",
    "core.br.cpf",
    "core.br.phones",
    "core.br.text",
    "core.calendar_br",
    "core.emails",
    "core.money",
    "core.period",
    "core.words",
    "dispatch.gsm",
    "dispatch.wildcards",
}
"""Modules that are explained by their examples."""


def test_examples() -> None:
    """A failing one is printed, with its module and line."""
    (root,) = map(Path, billing.__path__)
    finder, runner = DocTestFinder(), DocTestRunner()
    modules = set()
    for path in sorted(root.rglob("*.py")):
        if ">>>" in path.read_text():
            name = ".".join(path.relative_to(root.parent).with_suffix("").parts)
            for one in finder.find(import_module(name)):
                if one.examples:
                    runner.run(one)
                    modules.add(name)
    assert runner.failures == 0
    assert modules >= {f"billing.{name}" for name in TOLD}
