"""The CDK app is run when one of its sources has changed, and only then."""

import concurrent.futures
from pathlib import Path

import pytest

from infra.local.synth import SynthesisFailed, synthesise

APP = """
import os, pathlib, sys
out = pathlib.Path(os.environ["CDK_OUTDIR"])
out.mkdir(parents=True)
(out / "manifest.json").write_text(os.environ["CDK_CONTEXT_JSON"])
runs = pathlib.Path("runs")
runs.write_text(runs.read_text() + "x" if runs.exists() else "x")
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {
        "infra/app.py": APP,
        "infra/local/cloud.py": "",
        "statemachines/closing.asl.json": "{}",
        "layers/billing/python/billing/__init__.py": "",
        "cdk.json": '{"app": "x", "context": {"flag": true}}',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def runs(project: Path) -> int:
    return len((project / "runs").read_text())


def test_assembly_is_made_once_and_with_the_context_of_cdk_json(project: Path) -> None:
    assembly = synthesise(project)
    assert synthesise(project) == assembly == project / "build" / "cdk.out"
    assert (assembly / "manifest.json").read_text() == '{"flag": true, "local": "true"}'
    assert runs(project) == 1


def test_two_callers_at_once_make_one_assembly(project: Path) -> None:
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        assemblies = list(pool.map(synthesise, [project, project]))
    assert (assemblies[0] / "manifest.json").exists()
    assert runs(project) == 1


@pytest.mark.parametrize(
    "changed",
    ["statemachines/closing.asl.json", "layers/billing/python/billing/new.py", "requirements/runtime.txt"],
)
def test_changed_source_makes_a_new_assembly(project: Path, changed: str) -> None:
    synthesise(project)
    (project / changed).parent.mkdir(exist_ok=True)
    (project / changed).write_text("changed")
    synthesise(project)
    assert runs(project) == 2


def test_renamed_source_makes_a_new_assembly(project: Path) -> None:
    synthesise(project)
    (project / "statemachines/closing.asl.json").rename(project / "statemachines/billing.asl.json")
    synthesise(project)
    assert runs(project) == 2


@pytest.mark.parametrize("unrelated", ["infra/local/cloud.py", "infra/__pycache__/app.pyc", "README.md"])
def test_unrelated_file_leaves_the_assembly(project: Path, unrelated: str) -> None:
    synthesise(project)
    (project / unrelated).parent.mkdir(exist_ok=True)
    (project / unrelated).write_text("changed")
    synthesise(project)
    assert runs(project) == 1


def test_app_that_fails_says_why_and_leaves_the_former_assembly(project: Path) -> None:
    assembly = synthesise(project)
    (project / "infra/app.py").write_text("raise SystemExit('no such construct')")
    with pytest.raises(SynthesisFailed, match="no such construct"):
        synthesise(project)
    assert (assembly / "manifest.json").exists()
