"""The console in a browser: `python -m tests.bench bench_console`. Without Chromium it says so and measures only what
needs none.

Its API works in this process behind a socket of its own, with a month of the demonstration and CUSTOMERS registrations;
sign-in always succeeds. So the times are those of the console and of our handlers, without the emulated cloud in
between. The browser's clock runs from the letter appearing to the frame after the rows are there; a quarter of a second
of it is the wait for the next key.
"""

import gzip
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import urllib3

from billing.customers.store import customer_row
from billing.customers.table import CustomersTable
from billing.entry import wiring
from billing.projections import states
from billing.projections.engine import fold
from billing.projections.kinds import CUSTOMER
from infra.local.console import WEB, Site, build_console, read_files, serve
from infra.local.people import COMPANY_ID, TENANT_ID
from infra.security_headers import security_headers
from tests.support.aws import in_process_aws
from tests.support.billing import customer
from tests.support.every_route import ADMIN, lived_month
from tests.support.http import Client
from tests.support.tables import create_tables
from tests.support.world import every_handler
from tests.web.walks import find_browser

CUSTOMERS = 100_000
HOST = "127.0.0.1"
FIRST_NAMES = ("Ana", "Bruno", "Célia", "Davi", "Elisa", "Fábio", "Gilda", "Hugo", "Inês", "João")
LAST_NAMES = ("Almeida", "Barros", "Cardoso", "Duarte", "Esteves", "Farias", "Gouveia", "Horta")


def measure() -> dict[str, dict[str, Any]]:
    dist = build_console()
    figures = {"console_first_load_gzip_kb": {"median": round(_first_load(dist) / 1000, 1), "unit": "kB"}}
    browser = find_browser()
    if browser is None:
        print("no browser: the console's times are not measured (apt-get install chromium, or set CHROME)")
        return figures
    with _console(dist) as origin:
        command = ["node", str(Path(__file__).parent / "console.mjs"), origin]
        run = subprocess.run(
            command,
            cwd=WEB,
            env={**os.environ, "CHROME": browser},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
    report = json.loads(run.stdout.splitlines()[-1])
    calls = report["calls"]
    most = max(calls, key=lambda title: int(calls[title]))
    return {
        **figures,
        "console_first_paint_ms": {"median": round(median(report["paints"])), "unit": "ms"},
        "console_keystroke_to_rows_ms": {"median": round(median(report["keystrokes"])), "unit": "ms"},
        "console_calls_per_screen": {"median": median(calls.values()), "unit": "calls"},
        "console_calls_most": {"median": calls[most], "unit": f"calls ({most})"},
    }


def _first_load(dist: Path) -> int:
    """Bytes of the page and of the files that it names itself, as transferred."""
    page = (dist / "index.html").read_text()
    named = [path for path in (dist / "assets").iterdir() if path.name in page]
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in [dist / "index.html", *named])


@contextmanager
def _console(dist: Path) -> Iterator[str]:
    """Its address, while it is served."""
    with in_process_aws(), TemporaryDirectory() as mailbox:
        create_tables()
        with lived_month(Path(mailbox)):
            _register()
            api = ThreadingHTTPServer((HOST, 0), type("Handler", (_Api,), {"handlers": every_handler()}))
            threading.Thread(target=api.serve_forever, daemon=True).start()
            address = f"http://{HOST}:{api.server_address[1]}"
            config = json.dumps({"signIn": address, "clientId": "bench"}).encode()
            pool = urllib3.PoolManager(timeout=120, retries=False, maxsize=16)
            yield serve(Site(read_files(dist), config, address, security_headers(address), pool), port=0)
            api.shutdown()


def _register() -> None:
    """CUSTOMERS more, in the table and in the states that lists are read from; the rows bypass the API, which would
    take an hour."""
    from ministack.services import dynamodb

    rows = [_row(number) for number in range(CUSTOMERS)]
    stored = dynamodb._tables[CustomersTable.Meta.table_name]["items"]
    for row in rows:
        item = row.serialize()
        stored[row.partition][row.row] = item
    states.put(
        wiring.files(),
        (states.RowState(row.partition, row.row, 1, row.entity) for row in rows),
    )
    fold(wiring.files(), TENANT_ID, CUSTOMER, above=0)


def _row(number: int) -> CustomersTable:
    first, last = FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[number // 10 % len(LAST_NAMES)]
    registered = customer(
        f"cus_{number:08d}",
        1000 + number,
        name=f"{first} {last} {number}",
        registered_on=date(2020 + number % 6, 1 + number % 12, 1 + number % 28),
    )
    row = customer_row(TENANT_ID, registered)
    row.version = 1
    return row


class _Api(BaseHTTPRequestHandler):
    """The gateway: every request is the administrator's. One at a time, because the emulated tables cannot handle
    concurrent requests."""

    protocol_version = "HTTP/1.1"
    handlers: list[Any]
    turn = threading.Lock()

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/oauth2/authorize":
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            back = urlencode({"code": "open", "state": query["state"]})
            self._answer(302, b"", {"Location": f"{query['redirect_uri']}?{back}"})
            return
        self._handle()

    def do_POST(self) -> None:
        if self.path == "/oauth2/token":
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            token = {"access_token": "bench", "refresh_token": "bench", "expires_in": 3600}
            self._answer(200, json.dumps(token).encode(), {"Access-Control-Allow-Origin": "*"})
            return
        self._handle()

    def _handle(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode() or None
        query = [(name, value) for name, values in parse_qs(url.query).items() for value in values]
        for handler in self.handlers:
            client = Client(handler, tenant_id=TENANT_ID, companies=COMPANY_ID, user_id=ADMIN)
            with self.turn:
                answer = client.send(self.command, url.path, body, query=query)
            if answer.status != 404 or answer.code != "route.missing":
                self._answer(answer.status, json.dumps(answer.body).encode(), {})
                return
        self._answer(404, b"{}", {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            **headers,
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
        """People read the table."""
