"""What the console's origin serves on loopback, and when it is built."""

import json
from pathlib import Path

import pytest
import urllib3

from infra.local import console
from infra.local.console import ConsoleNotBuilt
from infra.security_headers import security_headers

pytestmark = pytest.mark.req("WEB-08")
HTTP = urllib3.PoolManager(retries=False)


@pytest.fixture
def origin(tmp_path: Path) -> str:
    """A built console of two files in front of an API that does not exist."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Mensal</title>")
    (tmp_path / "assets" / "main-1a2b.js").write_text("1;" * 1000)
    site = console.Site(
        console.read_files(tmp_path),
        json.dumps({"signIn": "http://127.0.0.1:4566"}).encode(),
        "http://127.0.0.1:9",
        security_headers("http://127.0.0.1:4566"),
        HTTP,
    )
    return console.serve(site, 0)


@pytest.mark.parametrize("path", ["/", "/clientes/cus_1", "/fechamentos?month=2026-11"])
def test_every_screen_is_the_same_page_which_is_not_kept(origin: str, path: str) -> None:
    answer = HTTP.request("GET", origin + path)

    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert b"<title>Mensal</title>" in answer.data


def test_built_files_are_kept_for_a_year_and_sent_compressed(origin: str) -> None:
    answer = HTTP.request(
        "GET", f"{origin}/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip"}, decode_content=False
    )

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 200


def test_missing_file_is_404_and_head_has_no_body(origin: str) -> None:
    assert HTTP.request("GET", f"{origin}/assets/old.js").status == 404
    assert HTTP.request("HEAD", f"{origin}/").data == b""


def test_every_answer_has_the_security_headers(origin: str) -> None:
    for path in ("/", "/config.json", "/assets/main-1a2b.js", "/assets/none.js"):
        headers = HTTP.request("GET", origin + path).headers
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_configuration_is_never_kept(origin: str) -> None:
    answer = HTTP.request("GET", f"{origin}/config.json")

    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.data) == {"signIn": "http://127.0.0.1:4566"}


def test_api_that_does_not_answer_is_502(origin: str) -> None:
    assert HTTP.request("GET", f"{origin}/api/me").status == 502


def test_without_npm_the_console_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(console.shutil, "which", lambda _name: None)

    with pytest.raises(ConsoleNotBuilt, match="npm não foi encontrado"):
        console.build_console(tmp_path)


def test_what_is_built_from_the_same_sources_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, ...]] = []

    def npm(web: Path, *words: str) -> None:
        calls.append(words)
        (web / "dist").mkdir(exist_ok=True)
        (web / "node_modules").mkdir(exist_ok=True)

    monkeypatch.setattr(console, "_npm", npm)
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "src" / "api").mkdir(parents=True)
    (tmp_path / "src" / "main.tsx").write_text("1")
    console.build_console(tmp_path)
    assert [words[0] for words in calls] == ["ci", "run", "run"]

    console.build_console(tmp_path)
    (tmp_path / "src" / "main.test.tsx").write_text("a test is no source")
    console.build_console(tmp_path)
    assert len(calls) == 3

    (tmp_path / "src" / "main.tsx").write_text("2")
    console.build_console(tmp_path)
    assert [words[0] for words in calls[3:]] == ["run", "run"]
