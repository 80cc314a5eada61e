"""The web console on loopback, as CloudFront serves it: the built files, `/config.json`, `/api`, and the same headers.

npm builds it once, and again when one of its sources changes. If npm fails, the cloud starts all the same.
"""

import fcntl
import gzip
import hashlib
import json
import mimetypes
import shutil
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import urllib3

from infra.local.cloud import HOST, LocalCloud
from infra.local.deploy import Outputs
from infra.security_headers import security_headers
from infra.settings import ROOT

WEB = ROOT / "web"
DIST = WEB / "dist"
PORT = 4570
_SOURCES = ("package-lock.json", "index.html", "vite.config.ts", "types.mjs", "src", "public")
_MADE = ("src/api/schema.d.ts", "src/api/labels.ts", "src/api/operations.ts")
_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"}


class ConsoleNotBuilt(RuntimeError):
    """npm is missing or failed; the message is the end of its output."""


def build_console(web: Path = WEB) -> Path:
    """The folder of the built console, rebuilt only if its sources or the API's description have changed."""
    dist = web / "dist"
    stamp = dist / ".stamp"
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "console.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest = _digest(web)
        if stamp.exists() and stamp.read_text() == digest:
            return dist
        install_packages(web)
        for script in ("types", "build"):
            _npm(web, "run", "--silent", script)
        stamp.write_text(digest)
    return dist


def install_packages(web: Path = WEB) -> None:
    """`npm ci`, once per lock file."""
    installed = web / "node_modules" / ".installed"
    wanted = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    if not (installed.exists() and installed.read_text() == wanted):
        _npm(web, "ci", "--no-audit", "--no-fund")
        installed.write_text(wanted)


def _digest(web: Path) -> str:
    digest = hashlib.sha256((ROOT / "docs" / "api" / "openapi.json").read_bytes())
    for source in _SOURCES:
        for path in sorted([web / source, *(web / source).rglob("*")]):
            name = path.relative_to(web).as_posix()
            if path.is_file() and name not in _MADE and ".test." not in name:
                digest.update(f"{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _npm(web: Path, *words: str) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ConsoleNotBuilt("npm não foi encontrado")
    run = subprocess.run([npm, *words], cwd=web, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise ConsoleNotBuilt(f"npm {' '.join(words)}:\n{(run.stdout + run.stderr)[-2000:]}")


@dataclass(frozen=True, slots=True)
class Site:
    """What the origin serves. `files` is path -> media type, content and, if it shrinks, the compressed content."""

    files: dict[str, tuple[str, bytes, bytes | None]]
    config: bytes
    api_url: str
    headers: dict[str, str]
    api: urllib3.PoolManager


def serve_console(cloud: LocalCloud, outputs: Outputs, dist: Path = DIST, port: int = PORT) -> str:
    """Serve until this process ends; returns the address."""
    site = Site(
        read_files(dist),
        json.dumps(_config(cloud, outputs)).encode(),
        cloud.api_url(outputs["MensalApi"]["ApiId"]),
        security_headers(cloud.endpoint),
        urllib3.PoolManager(timeout=120, retries=False, maxsize=16),
    )
    origin = serve(site, port)
    _let_sign_in_return(cloud, outputs, origin)
    return origin


def serve(site: Site, port: int) -> str:
    server = ThreadingHTTPServer((HOST, port), type("Handler", (_Handler,), {"site": site}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://{HOST}:{server.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/api/"):
            self.forward()
        elif path == "/config.json":
            self.answer(200, "application/json", self.site.config, {"Cache-Control": "no-store"})
        elif path in self.site.files or "." not in path.rpartition("/")[2]:
            kind, content, packed = self.site.files.get(path) or self.site.files["/index.html"]
            kept = "public, max-age=31536000, immutable" if path.startswith("/assets/") else "no-cache"
            self.answer(200, kind, content, {"Cache-Control": kept}, packed)
        else:
            self.answer(404, "text/plain", b"", {})

    def forward(self) -> None:
        """Forward to the API, as CloudFront does: the path without /api, and all headers except Host and
        Accept-Encoding."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sent = {k: v for k, v in self.headers.items() if k.lower() not in {"host", "accept-encoding"}}
        url = self.site.api_url + self.path.removeprefix("/api")
        try:
            answer = self.site.api.request(self.command, url, body=body or None, headers=sent)
        except urllib3.exceptions.HTTPError:
            self.answer(502, "text/plain", b"", {})
            return
        kept = {k.lower(): v for k, v in answer.headers.items() if k.lower() not in _HOP_BY_HOP}
        self.answer(answer.status, kept.pop("content-type", "text/plain"), answer.data, kept)

    do_HEAD = do_GET  # noqa: N815  (the base class's names)
    do_POST = do_PUT = do_PATCH = do_DELETE = forward  # noqa: N815

    def answer(
        self, status: int, kind: str, content: bytes, more: dict[str, str], packed: bytes | None = None
    ) -> None:
        if packed is not None and "gzip" in self.headers.get("Accept-Encoding", ""):
            content, more = packed, {**more, "Content-Encoding": "gzip"}
        self.send_response(status)
        for name, value in {"Content-Type": kind, **self.site.headers, **more}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            with suppress(ConnectionError):  # the browser has gone
                self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
        """Log nothing: the terminal is the operator's."""


def _config(cloud: LocalCloud, outputs: Outputs) -> dict[str, str]:
    return {
        "signIn": cloud.endpoint,
        "clientId": outputs["MensalIdentity"]["UserPoolClientId"],
    }


def _let_sign_in_return(cloud: LocalCloud, outputs: Outputs, origin: str) -> None:
    """Tell the pool's client where this console is served."""
    pool = cloud.client("cognito-idp")
    names = {
        "UserPoolId": outputs["MensalIdentity"]["UserPoolId"],
        "ClientId": outputs["MensalIdentity"]["UserPoolClientId"],
    }
    client: dict[str, Any] = pool.describe_user_pool_client(**names)["UserPoolClient"]
    callback, home = f"{origin}/entrar", f"{origin}/"
    if callback in client["CallbackURLs"]:
        return
    read_only = ("CreationDate", "LastModifiedDate", "ClientSecret", *names)
    client = {
        name: value for name, value in client.items() if name not in read_only and value not in ("", None)
    }
    client["CallbackURLs"] = [*client["CallbackURLs"], callback]
    client["LogoutURLs"] = [*client["LogoutURLs"], home]
    pool.update_user_pool_client(**names, **client)


def read_files(dist: Path) -> dict[str, tuple[str, bytes, bytes | None]]:
    files: dict[str, tuple[str, bytes, bytes | None]] = {}
    for path in dist.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            content = path.read_bytes()
            text = kind.startswith("text/") or kind.endswith(("javascript", "xml"))
            name = "/" + path.relative_to(dist).as_posix()
            files[name] = (kind, content, gzip.compress(content, 6) if text else None)
    return files
