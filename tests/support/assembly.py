"""The templates as they go to AWS, synthesised once for all tests and again when a source changes.

`python -m tests.support.assembly FOLDER` is the synthesis itself, in a process of its own, because CDK starts Node. The
reasons for accepting findings of cdk-nag are kept separately (`accepted.json`), so that it reports everything it finds.
The vendor layer is left empty, because the templates do not depend on its content.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from infra.function import Area
from infra.local.synth import source_digest
from infra.settings import ROOT

Template = dict[str, Any]
KEYED = "keyed"
AREAS = tuple(area.stack for area in Area)
STACKS = (
    "MensalData",
    "MensalIdentity",
    "MensalProcesses",
    "MensalApi",
    *AREAS,
    "MensalWeb",
    "MensalFirewall",
)


@cache
def aws_assembly() -> Path:
    """The folder of the assembly."""
    assembly = ROOT / "build" / "cdk.test"
    stamp = assembly / "sources.sha256"
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "cdk.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest = source_digest(ROOT)
        if not (stamp.exists() and stamp.read_text() == digest):
            shutil.rmtree(assembly, ignore_errors=True)
            _run(assembly)
            stamp.write_text(digest)
    return assembly


@cache
def template(stack: str) -> Template:
    read: Template = json.loads((aws_assembly() / f"{stack}.template.json").read_text())
    return read


@cache
def keyed_data() -> Template:
    """MensalData with a key of the customer's own."""
    read: Template = json.loads((aws_assembly() / KEYED / "MensalData.template.json").read_text())
    return read


def findings() -> set[tuple[str, str]]:
    """What cdk-nag finds, as construct path and rule."""
    report = json.loads((aws_assembly() / "validation-report.json").read_text())
    return {
        (construct["constructPath"], violation["ruleName"])
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }


def accepted() -> dict[tuple[str, str], str]:
    """The reason for each construct path and rule that is accepted; it also applies to everything below the
    construct."""
    entries = json.loads((aws_assembly() / "accepted.json").read_text())
    return {(path, rule): reason for path, rule, reason in entries}


def _run(output: Path) -> None:
    silent = {
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }
    paths = os.pathsep.join([str(ROOT / "layers/billing/python"), str(ROOT)])
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.assembly", str(output)],
        cwd=ROOT,
        env={**os.environ, **silent, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (output / "accepted.json").exists(), run.stdout + run.stderr


def _synthesise(output: Path) -> None:
    from aws_cdk import App

    from infra.constructs import reasons

    given: list[tuple[str, str, str]] = []
    reasons.accept = lambda construct, rule, reason: given.append((construct.node.path, rule, reason))
    from infra.app import make_stacks
    from infra.build import sources
    from infra.settings import Settings
    from infra.stacks.data import make_data

    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(context=context, outdir=str(output))
    settings = Settings(
        sources=sources(local=True), local=False, console_origin="https://console.mensal.example"
    )
    make_stacks(app, settings)
    try:
        app.synth()
    except RuntimeError as refused:  # with the findings that have no reason
        if "ValidationFailed" not in str(refused):
            raise
    keyed = App(context=context, outdir=str(output / KEYED))
    make_data(keyed, replace(settings, customer_key=True))
    keyed.synth()
    (output / "accepted.json").write_text(json.dumps(given))


if __name__ == "__main__":
    _synthesise(Path(sys.argv[1]))
