"""Makes what is deployed, without Docker: `python -m infra.build`, before `make synth` and `make deploy`.

    build/vendor/python     third-party packages for Lambda's platform, from the lock file, hashes checked
    build/billing/python    the domain, a layer of its own: it changes often, the packages rarely
    build/functions         the handlers

Pip chooses wheels for the runtime, whatever runs this. Compiled `.pyc` files are only valid for the minor version that
wrote them, so they are shipped only if this runs on the runtime's own version; otherwise the sources are, and a message
says so.
"""

import compileall
import py_compile
import re
import shutil
import subprocess
import sys
from pathlib import Path

from infra.settings import ROOT, Sources

RUNTIME = (3, 13)
PLATFORM = "manylinux2014_aarch64"
MAX_UNZIPPED_MB = 250
"""Lambda's limit for a function with all its layers."""

LOCK = ROOT / "requirements" / "runtime.txt"
BUILD = ROOT / "build"
VENDOR = BUILD / "vendor"
BILLING = BUILD / "billing"
FUNCTIONS = BUILD / "functions"

NOT_DEPLOYED = ("docopt",)
"""Locked, but never imported by a function: only the command line of num2words uses it, and it has no wheel."""

LOCAL_ONLY = ("sandbox_authority", "sandbox_bank")
"""Folders of the domain that only the local cloud, demonstrations and tests import."""

UNUSED = ("bin", "share", "*.dist-info/RECORD", "**/tests", "**/__pycache__")
"""Left out of the vendor layer: functions import none of it."""


class NotBuilt(RuntimeError):
    """The layers do not exist; the message says what to run."""


def sources(*, local: bool) -> Sources:
    """The folders to deploy. The local cloud uses this machine's packages and the sources as they are."""
    stage_functions()
    if local:
        return Sources(
            functions=FUNCTIONS, billing=ROOT / "layers" / "billing", vendor=ROOT / "layers" / "vendor"
        )
    missing = [folder for folder in (VENDOR, BILLING) if not (folder / "python").is_dir()]
    if missing:
        raise NotBuilt(f"build/{missing[0].name} is not there: run `make build` first")
    return Sources(functions=FUNCTIONS, billing=BILLING, vendor=VENDOR)


def build() -> None:
    _make_vendor()
    _copy(ROOT / "layers" / "billing" / "python", BILLING / "python", without=LOCAL_ONLY)
    stage_functions()
    compiled = sys.version_info[:2] == RUNTIME
    if compiled:
        for folder in (VENDOR, BILLING, FUNCTIONS):
            _compile(folder)
    print_report(compiled=compiled)


def stage_functions() -> None:
    """Put the handlers in a folder with their package's name, so that `functions.catalog.api` is found."""
    _copy(ROOT / "functions", FUNCTIONS / "functions")


def deployed_requirements(lock: str) -> str:
    """The lock file without the packages that are not deployed: a requirement is its line and the indented ones after
    it."""
    blocks = re.findall(r"^\S.*\n(?:\s+.*\n)*", lock, flags=re.MULTILINE)
    return "".join(block for block in blocks if block.partition("==")[0] not in NOT_DEPLOYED)


def pip_command(requirements: Path, target: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",  # the lock file names every package; none needs to be resolved
        "--require-hashes",
        "--only-binary=:all:",
        "--implementation=cp",
        f"--python-version={RUNTIME[0]}.{RUNTIME[1]}",
        f"--platform={PLATFORM}",
        "--platform=manylinux_2_17_aarch64",
        "--platform=manylinux_2_28_aarch64",
        "--requirement",
        str(requirements),
        "--target",
        str(target),
    ]


def size_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1_000_000


def print_report(*, compiled: bool) -> None:
    """What was made, and whether it fits. Raises SystemExit if it does not."""
    sizes = {folder.name: size_mb(folder) for folder in (VENDOR, BILLING, FUNCTIONS)}
    for name, size in sizes.items():
        print(f"build/{name}: {size:.1f} MB")
    if not compiled:
        running = ".".join(str(part) for part in sys.version_info[:2])
        print(f"Sources only: this is Python {running}, the runtime is 3.13; cold starts compile.")
    if sum(sizes.values()) > MAX_UNZIPPED_MB:
        raise SystemExit(f"{sum(sizes.values()):.0f} MB unzipped; Lambda takes {MAX_UNZIPPED_MB} MB")


def _make_vendor() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    target = VENDOR / "python"
    BUILD.mkdir(parents=True, exist_ok=True)
    requirements = BUILD / "requirements.txt"
    requirements.write_text(deployed_requirements(LOCK.read_text()))
    subprocess.run(pip_command(requirements, target), check=True)
    for pattern in UNUSED:
        for path in list(target.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _copy(source: Path, target: Path, without: tuple[str, ...] = ()) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", *without))


def _compile(folder: Path) -> None:
    """Write the compiled files beside the sources, valid whatever the sources' dates are: zipping changes those."""
    compileall.compile_dir(
        folder, quiet=1, legacy=False, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )


if __name__ == "__main__":
    build()
