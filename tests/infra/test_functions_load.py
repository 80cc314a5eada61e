"""What a function loads when it starts: import time is a feature, and only those that use heavy libraries load them."""

import json
import os
import subprocess
import sys
from functools import cache
from importlib import import_module

import pytest

from infra.functions import ALL_FUNCTIONS
from infra.settings import ROOT

MODULES = sorted({function.module for function in ALL_FUNCTIONS})
MAY_LOAD = {
    "annotated_types",
    "aws_lambda_powertools",
    "billing",
    "botocore",
    "certifi",
    "dateutil",
    "functions",
    "jmespath",
    "pydantic",
    "pydantic_core",
    "pynamodb",
    "six",
    "typing_extensions",
    "typing_inspection",
    "urllib3",
}
"""In addition to Python's own. Each one added costs time at each cold start: see `make bench`, api_import_ratio."""

WHERE_USED_ONLY = ("boto3", "cryptography", "num2words", "PIL", "reportlab", "s3transfer", "zxingcpp")
NEVER = ("aws_cdk", "hypothesis", "infra", "jsonata", "ministack", "moto", "tests")

_PROGRAM = """
import json, os, sys
from importlib import import_module
import aws_lambda_powertools.event_handler, pynamodb.models, billing.entry.wiring  # loaded once, then forked
for module in sys.argv[1:]:
    if os.fork() == 0:
        import_module(module)
        names = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
        print(json.dumps([module, sorted(names)]), flush=True)
        os._exit(0)
    assert os.wait()[1] == 0, module
"""


@cache
def loaded() -> dict[str, set[str]]:
    """Top-level packages that are loaded after the function's module, except Python's own."""
    paths = os.pathsep.join([str(ROOT / "layers" / "billing" / "python"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *MODULES],
        env={**os.environ, "PYTHONPATH": paths, "AWS_REGION": "sa-east-1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {module: set(names) for module, names in map(json.loads, done.stdout.splitlines())}


each_module = pytest.mark.parametrize("module", MODULES)


@pytest.mark.req("PLT-01")
@each_module
def test_function_loads_nothing_heavy_before_it_is_called(module: str) -> None:
    packages = loaded()[module]

    assert "billing" in packages
    assert packages & {*WHERE_USED_ONLY, *NEVER} == set()


@pytest.mark.req("PLT-01")
@each_module
def test_function_loads_listed_packages_only(module: str) -> None:
    named = {name for name in loaded()[module] if not name.startswith("_")}

    assert named <= MAY_LOAD


def test_every_handler_can_be_called() -> None:
    missing = [
        function.handler
        for function in ALL_FUNCTIONS
        if not callable(getattr(import_module(function.module), function.entry, None))
    ]

    assert missing == []
