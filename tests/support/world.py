"""A whole cloud in this process: every API function, the machines walked from their ASL, DynamoDB and S3 in process.

The same `Cloud` that the story uses when it is deployed, minus sockets and workers: a month in seconds.
"""

import re
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from billing.access.model import Profile
from billing.access.tenants import Tenant
from billing.core.files import Folder
from billing.core.table import Writes
from billing.customers.company import Company
from billing.customers.company_store import company_row
from billing.entry import postroom, wiring
from billing.members.store import tenant_row
from infra.local.demo.cloud import Answer
from infra.local.people import COMPANY, COMPANY_ID, TENANT_ID
from tests.support.fiscal_office import open_office
from tests.support.http import Client
from tests.support.machine import Walker
from tests.support.messages import proven_sender

FUNCTIONS = Path(__file__).parent.parent.parent / "functions"


def every_handler() -> list[Any]:
    """Of the API's functions."""
    modules = sorted(FUNCTIONS.glob("*/api.py"))
    return [import_module(f"functions.{module.parent.name}.api").handler for module in modules]


class World:
    """An in-process cloud with the demonstration's tenant and company."""

    def __init__(self) -> None:
        self._handlers = every_handler()
        self._of_prefix: dict[str, Any] = {}
        self._keys = count(1)

    def request(
        self,
        who: str,
        method: str,
        path: str,
        body: object = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Answer:
        path, _, text = path.partition("?")
        query = dict(urllib.parse.parse_qsl(text))
        headers = {"idempotency-key": key or f"world-{next(self._keys):08d}"} if method == "POST" else {}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        shape = f"{method} {re.sub(r'/[a-z]+_[0-9a-z]+', '/*', path)}"
        tried = [self._of_prefix[shape]] if shape in self._of_prefix else self._handlers
        for handler in tried:
            client = Client(handler, TENANT_ID, Profile(who), companies=COMPANY_ID, user_id=f"usr_{who}")
            answer = client.send(method, path, body, query=query, headers=headers)
            if answer.status == 404 and answer.code == "route.missing":
                continue
            self._of_prefix[shape] = handler
            return Answer(answer.status, answer.body)
        return Answer(404, {"code": "route.missing"})

    def travel(self, at: datetime) -> None:
        writes = Writes()
        writes.overwrite(wiring.clock_row(at))
        writes.commit()

    def upload(self, link: dict[str, Any], data: bytes) -> None:
        from functions.bank_files.events import return_uploaded
        from functions.payments.events import statement_uploaded
        from functions.usage.events import import_uploaded

        key = link["fields"]["key"]
        wiring.files().put(key, data)
        wakes = {
            Folder.UPLOADED_USAGE: import_uploaded,
            Folder.UPLOADED_STATEMENTS: statement_uploaded,
            Folder.UPLOADED_RETURNS: return_uploaded,
        }[next(folder for folder in Folder if key.startswith(folder.prefix))]
        wakes({"detail": {"object": {"key": key, "size": len(data)}}}, None)

    def download(self, url: str) -> bytes:
        return wiring.files().get(urllib.parse.urlsplit(url).path.removeprefix("/mensal-files").lstrip("/"))

    def breathe(self) -> None:
        raise AssertionError("in this process everything is done when it is started")


@contextmanager
def world(monkeypatch: pytest.MonkeyPatch, mailbox: Path) -> Iterator[World]:
    """A world over an empty in-process AWS (`aws`), with its messages in `mailbox`."""
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    monkeypatch.setenv("MAILBOX_DIR", str(mailbox))
    monkeypatch.setenv("SENDS_PER_SECOND", "10000")
    postroom.messengers.cache_clear()
    wiring.files.cache_clear()
    open_office(monkeypatch)
    walker = Walker()
    monkeypatch.setattr(wiring, "processes", lambda: walker)
    writes = Writes()
    writes.overwrite(tenant_row(Tenant(id=TENANT_ID, name="Aurora Digital", company_ids=(COMPANY_ID,))))
    company = Company.model_validate(COMPANY)
    writes.overwrite(company_row(TENANT_ID, company))
    writes.overwrite(proven_sender(TENANT_ID, company))
    writes.commit()
    yield World()
    wiring.files.cache_clear()
    postroom.messengers.cache_clear()
