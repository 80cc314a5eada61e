"""The examples in the docstrings are true."""

import doctest
import pkgutil
from importlib import import_module

from billing import banking

MODULES = [
    module.name
    for module in pkgutil.walk_packages(banking.__path__, "billing.banking.")
    if not module.name.endswith("__main__")
]


def test_examples():
    """A failed one is printed, with its module and line."""
    told = {name: doctest.testmod(import_module(name)) for name in MODULES}
    assert [name for name, result in told.items() if result.failed] == []
    assert any(result.attempted for result in told.values())
