"""The console: its types compared with the API's description, and its own tests. The walks are in test_walks.py."""

import subprocess
from pathlib import Path

import pytest

from infra.local.console import WEB, build_console

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def built() -> Path:
    return build_console()


def test_types_agree_with_the_description_of_the_api() -> None:
    """A renamed field of the API fails here: the types are made anew wherever the console is built."""
    npm("run", "--silent", "check")


def test_formats_and_parts() -> None:
    npm("run", "--silent", "test")


def test_first_load_is_small(built: Path) -> None:
    """Scripts of the first page below 250 kB, as transferred."""
    import gzip

    page = (built / "index.html").read_text()
    first = [path for path in (built / "assets").glob("*.js") if path.name in page]
    assert first
    assert sum(len(gzip.compress(path.read_bytes())) for path in first) < 250_000


def test_nothing_comes_from_another_host(built: Path) -> None:
    assert "//" not in (built / "index.html").read_text().replace("<!doctype html>", "")


def npm(*words: str) -> None:
    run = subprocess.run(["npm", *words], cwd=WEB, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
