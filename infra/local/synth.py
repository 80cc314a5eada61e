"""Synthesises the CDK app for the local cloud to `build/cdk.out`, but only if one of its sources has changed.

CDK is written in TypeScript and takes about 15 s; it needs Node: the system's, or the one that JSII_NODE names.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "infra",
    "statemachines",
    "functions",
    "layers",
    "cdk.json",
    "pyproject.toml",
    "requirements/runtime.txt",
)
"""What the templates and their assets are made from; a missing one counts as empty."""

_UNRELATED = "infra/local/"


class SynthesisFailed(RuntimeError):
    """The CDK app ended with an error; the message is what it printed."""


def synthesise(root: Path = ROOT) -> Path:
    """The folder of an assembly that matches the sources of the project at `root`; two callers at once make it only
    once."""
    build = root / "build"
    build.mkdir(exist_ok=True)
    assembly = build / "cdk.out"
    stamp = assembly / "sources.sha256"
    with (build / "cdk.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest = source_digest(root)
        if not (stamp.exists() and stamp.read_text() == digest):
            fresh = build / "cdk.out.new"
            shutil.rmtree(fresh, ignore_errors=True)
            _run_app(root, fresh)
            (fresh / stamp.name).write_text(digest)
            shutil.rmtree(assembly, ignore_errors=True)
            fresh.rename(assembly)
    return assembly


def source_digest(root: Path) -> str:
    """One hash of the names and contents of all sources."""
    digest = hashlib.sha256()
    for path in _files(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        for path in sorted([root / source, *(root / source).rglob("*")]):
            name = path.relative_to(root).as_posix()
            if path.is_file() and "__pycache__" not in path.parts and not name.startswith(_UNRELATED):
                yield path


def _run_app(root: Path, output: Path) -> None:
    """Run `infra/app.py` as the CDK command line does: output folder and context come in the environment."""
    context = json.loads((root / "cdk.json").read_text())["context"] | {"local": "true"}
    environment = {
        **os.environ,
        "CDK_OUTDIR": str(output),
        "CDK_CONTEXT_JSON": json.dumps(context),
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "PYTHONPATH": os.pathsep.join([str(root / "layers/billing/python"), str(root)]),
    }
    run = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        raise SynthesisFailed(run.stdout)


if __name__ == "__main__":
    print(synthesise())
