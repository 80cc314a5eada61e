"""Walks of the console in a real browser, over the cloud in which test_killed.py has run a month."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.settings import ROOT
from tests.stories.kept import month_lived
from tests.web.walks import find_browser

pytestmark = pytest.mark.slow


@pytest.mark.req("SEC-01", "CLO-02", "CLO-06", "CUS-06", "WEB-04", "WEB-06", "WEB-07")
def test_walks_in_a_real_browser(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    if find_browser() is None and not os.environ.get("CI"):
        pytest.skip(
            "NO BROWSER: the console was not walked. apt-get install chromium-headless-shell, or set CHROME"
        )
    base = month_lived(tmp_path_factory)
    walked = subprocess.run(
        [sys.executable, "-m", "tests.web.walks", str(tmp_path), str(base)],
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
