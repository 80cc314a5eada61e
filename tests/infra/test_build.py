"""What is built for Lambda; the download itself is not tried here."""

import sys
from pathlib import Path

import pytest

from infra import build

LOCK = """# made by a tool
boto3==1.43.106 \\
    --hash=sha256:12
    # via mensal
docopt==0.6.2 \\
    --hash=sha256:49
    # via num2words
idna==3.10 \\
    --hash=sha256:34
"""

pytestmark = pytest.mark.req("PLT-01")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build into a new folder of its own, with a vendor layer of one package."""
    made = tmp_path / "build"
    monkeypatch.setattr(build, "BUILD", made)
    for name in ("VENDOR", "BILLING", "FUNCTIONS"):
        monkeypatch.setattr(build, name, made / name.lower())

    def install(_command: list[str], *, check: bool) -> None:
        assert check
        for file in ("python/idna/core.py", "python/idna/tests/test_core.py", "python/bin/idna"):
            path = made / "vendor" / file
            path.parent.mkdir(parents=True)
            path.write_text("x = 1\n")

    monkeypatch.setattr(build.subprocess, "run", install)
    return made


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_only_what_the_lock_names_with_a_hash_is_installed_for_lambdas_platform() -> None:
    command = build.pip_command(Path("requirements.txt"), Path("target"))

    assert {"--require-hashes", "--only-binary=:all:", "--no-deps"} <= set(command)
    assert {"--python-version=3.13", "--platform=manylinux2014_aarch64"} <= set(command)


def test_packages_that_no_function_imports_are_left_out() -> None:
    kept = build.deployed_requirements(LOCK)

    assert [line.split("==")[0] for line in kept.splitlines() if "==" in line] == ["boto3", "idna"]
    assert kept.count("--hash") == 2


def test_layers_hold_packages_and_the_domain_and_functions_hold_handlers(folder: Path) -> None:
    build.build()
    made = files(folder)

    assert "vendor/python/idna/core.py" in made
    assert not {"vendor/python/idna/tests/test_core.py", "vendor/python/bin/idna"} & made
    assert "billing/python/billing/core/money.py" in made
    assert "functions/functions/catalog/api.py" in made


def test_what_only_the_local_cloud_imports_is_not_deployed(folder: Path) -> None:
    build.build()
    adapters = folder / "billing/python/billing/adapters"

    assert (adapters / "local_mailbox.py").exists()  # chosen by the environment, so imported where it runs
    assert not (adapters / "sandbox_bank").exists()


@pytest.mark.parametrize("minor", [11, 12])
def test_another_version_ships_sources_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], minor: int
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, minor, 0))
    build.build()

    assert not [name for name in files(folder) if name.endswith(".pyc")]
    assert f"Sources only: this is Python 3.{minor}" in capsys.readouterr().out


def test_the_runtimes_own_version_ships_compiled_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (*build.RUNTIME, 0))
    build.build()
    made = files(folder)

    tag = sys.implementation.cache_tag
    assert f"vendor/python/idna/__pycache__/core.{tag}.pyc" in made
    assert f"functions/functions/catalog/__pycache__/api.{tag}.pyc" in made
    assert "Sources only" not in capsys.readouterr().out


def test_package_over_the_size_limit_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MAX_UNZIPPED_MB", 0)

    with pytest.raises(SystemExit, match="MB unzipped"):
        build.build()


def test_deploying_what_was_not_built_says_what_to_run(folder: Path) -> None:
    with pytest.raises(build.NotBuilt, match="make build"):
        build.sources(local=False)


def test_local_cloud_uses_the_sources_unbuilt(folder: Path) -> None:
    taken = build.sources(local=True)

    assert (taken.billing, taken.vendor) == (build.ROOT / "layers/billing", build.ROOT / "layers/vendor")
    assert files(taken.vendor) == {"README.md"}
