"""The examples in the docstrings of the core are true."""

import doctest
import importlib

import pytest

WITH_EXAMPLES = [
    "br.cep",
    "br.cnpj",
    "br.cpf",
    "br.phones",
    "br.text",
    "calendar_br",
    "emails",
    "money",
    "period",
    "words",
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_are_true(name):
    found = doctest.testmod(importlib.import_module(f"billing.core.{name}"))
    assert found.attempted > 0
    assert found.failed == 0
