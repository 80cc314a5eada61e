"""The examples in the docstrings are true."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from billing import banking

MODULES = [
    module.name
    for module in pkgutil.walk_packages(banking.__path__, "billing.banking.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(import_module(name)).failed == 0
