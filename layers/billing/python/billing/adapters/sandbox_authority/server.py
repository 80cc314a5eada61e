"""The stand-ins behind HTTP on the loopback interface; what they authorise is kept in a folder.

    POST /<environment>/<service>          a SOAP envelope, as the NFCom's authorities take it
    *    /<environment>/SefinNacional/...  JSON, as the Sefin Nacional takes it
    POST /_control                         {"is_down": true, "loses_answers": 1, "rejects": "432", "delay_seconds": 0.5}

`with AuthorityServer(folder, clock) as server: server.url`.
"""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from billing.adapters.sandbox_authority.nfcom import AnswerLost, AuthorisedNote, NfcomAuthority
from billing.adapters.sandbox_authority.sefin import GeneratedNote, SefinAuthority
from billing.core.clock import Clock
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.authorisers import Service

LARGEST_REQUEST = 4 * 1024 * 1024


class AuthorityServer:
    def __init__(self, clock: Clock, folder: Path | None = None, port: int = 0) -> None:
        """`folder` keeps the notes between starts; without it they are only in memory."""
        self.authorities = {
            environment: NfcomAuthority(clock=clock, environment=environment) for environment in Environment
        }
        self.sefins = {
            environment: SefinAuthority(clock=clock, environment=environment) for environment in Environment
        }
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        """Path, headers and body of each request, as received."""
        self.delay_seconds = 0.0
        self._folder = folder
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True, name="authority")
        if folder is not None:
            self._load(folder)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def respond(self, path: str, headers: dict[str, str], body: bytes | None) -> tuple[int, str, bytes]:
        """HTTP status, type and content; without a body it is a GET. Raises what `answer` raises."""
        _, _, of_sefin = path.partition("/SefinNacional")
        if of_sefin:
            return self._of_sefin(path, headers, body, of_sefin)
        if body is None:
            raise LookupError(path)
        return 200, "application/soap+xml; charset=utf-8", self.answer(path, headers, body)

    def _of_sefin(
        self, path: str, headers: dict[str, str], body: bytes | None, service: str
    ) -> tuple[int, str, bytes]:
        sefin = self.sefins[Environment(path.split("/")[1])]
        time.sleep(self.delay_seconds)
        with self._lock:
            self.requests.append((path, headers, body or b""))
            try:
                status, content = sefin.answer(service, body)
            finally:
                self._keep_sefin(sefin)
        return status, "application/json", content

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> bytes:
        """An NFCom authority's answer. Raises AnswerLost, and LookupError for an unknown path."""
        if path == "/_control":
            return self._control(json.loads(body))
        _, environment, service = path.split("/")
        authority = self.authorities[Environment(environment)]
        time.sleep(self.delay_seconds)
        with self._lock:
            self.requests.append((path, headers, body))
            known = set(authority.notes)
            try:
                return authority.answer(Service(service), body)
            finally:
                self._keep(authority, known)

    def _control(self, orders: dict[str, Any]) -> bytes:
        self.delay_seconds = orders.pop("delay_seconds", self.delay_seconds)
        for authority in (*self.authorities.values(), *self.sefins.values()):
            for name, value in orders.items():
                if name not in {"is_down", "loses_answers", "rejects"}:
                    raise LookupError(name)
                setattr(authority, name, value)
        return b"{}"

    def _keep(self, authority: NfcomAuthority, known: set[str]) -> None:
        """Write new notes, and the state of all."""
        if self._folder is None:
            return
        folder = self._folder / authority.environment
        folder.mkdir(parents=True, exist_ok=True)
        for key in authority.notes.keys() - known:
            (folder / f"{key}.xml").write_bytes(authority.notes[key].content)
        rows = {key: note.row for key, note in authority.notes.items()}
        written = folder / "notes.new"
        written.write_text(json.dumps(rows))
        written.replace(folder / "notes.json")

    def _keep_sefin(self, sefin: SefinAuthority) -> None:
        if self._folder is None:
            return
        folder = self._folder / "sefin" / sefin.environment
        folder.mkdir(parents=True, exist_ok=True)
        for note in sefin.notes.values():
            for kind, content in (("nfse", note.content), ("canc", note.cancellation)):
                path = folder / f"{note.dps_id}-{kind}.xml"
                if content is not None and not path.exists():
                    path.write_bytes(content)

    def _load_sefin(self, folder: Path, sefin: SefinAuthority) -> None:
        for path in sorted(folder.glob("*-nfse.xml")):
            content, cancelled = path.read_bytes(), path.with_name(path.name.replace("-nfse.", "-canc."))
            cancellation = cancelled.read_bytes() if cancelled.exists() else None
            sefin.remember(GeneratedNote.read(content, cancellation))

    def _load(self, folder: Path) -> None:
        for environment, sefin in self.sefins.items():
            self._load_sefin(folder / "sefin" / environment, sefin)
        for environment, authority in self.authorities.items():
            index = folder / environment / "notes.json"
            rows = json.loads(index.read_text()) if index.exists() else {}
            for key, row in rows.items():
                content = (folder / environment / f"{key}.xml").read_bytes()
                authority.remember(AuthorisedNote.read(key, content, row))


def _handler_of(server: AuthorityServer) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._respond(None)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            if not 0 < length <= LARGEST_REQUEST:
                self.send_error(413)
                return
            self._respond(self.rfile.read(length))

        def _respond(self, body: bytes | None) -> None:
            try:
                status, kind, content = server.respond(self.path, dict(self.headers), body)
            except AnswerLost:
                self.close_connection = True  # the caller sees the connection close
                return
            except (LookupError, ValueError):
                self.send_error(404)
                return
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
            """Requests are kept in `requests`; nothing is printed."""

    return Handler
