"""The console: its types against the API's description, its own tests, and walks in a real browser."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.console import WEB, build_console
from infra.settings import ROOT
from tests.web.walks import find_browser

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def built() -> Path:
    return build_console()


def test_types_agree_with_the_description_of_the_api() -> None:
    """A renamed field of the API fails here."""
    npm("run", "--silent", "types")
    npm("run", "--silent", "check")


def test_formats_and_parts() -> None:
    npm("run", "--silent", "test")


def test_first_load_is_small(built: Path) -> None:
    """Scripts of the first page below 250 kB, as they travel."""
    import gzip

    page = (built / "index.html").read_text()
    first = [path for path in (built / "assets").glob("*.js") if path.name in page]
    assert first
    assert sum(len(gzip.compress(path.read_bytes())) for path in first) < 250_000


def test_nothing_comes_from_another_host(built: Path) -> None:
    assert "//" not in (built / "index.html").read_text().replace("<!doctype html>", "")


@pytest.mark.req("SEC-01", "CLO-02", "CLO-06", "CUS-06", "WEB-04", "WEB-06", "WEB-07")
def test_walks_in_a_real_browser(tmp_path: Path) -> None:
    if find_browser() is None and not os.environ.get("CI"):
        pytest.skip("NO BROWSER: the console was not walked. apt-get install chromium, or set CHROME")
    walked = subprocess.run(
        [sys.executable, "-m", "tests.web.walks", str(tmp_path)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'layers/billing/python'}{os.pathsep}{ROOT}",
            "NO_COLOR": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert walked.returncode == 0, walked.stdout[-6000:] + walked.stderr[-6000:]


def npm(*words: str) -> None:
    run = subprocess.run(["npm", *words], cwd=WEB, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
