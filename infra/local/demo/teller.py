"""How a story is told to a cloud: requests that must succeed, runs followed to their end, totals compared."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from billing.core.period import Month
from infra.local.demo.cloud import Answer, Cloud, RequestFailed, query

ADMIN, FINANCE, OPERATION = "administrador", "financeiro", "operacao"
POLLS = 2400


class Wrong(AssertionError):
    """A total is not what it should be."""


@dataclass
class Totals:
    """What the demonstration prints as its last line."""

    customers: int = 0
    contracts: int = 0
    usage_entries: int = 0
    closings: int = 0
    pending: int = 0
    invoices: int = 0
    billed: Decimal = Decimal("0.00")
    boletos: int = 0
    remitted: Decimal = Decimal("0.00")
    return_occurrences: int = 0
    settled: int = 0
    received: Decimal = Decimal("0.00")
    pix: int = 0
    messages: int = 0


@dataclass
class Teller:
    cloud: Cloud
    say: Callable[[str], None]
    is_alone: bool = True
    """Nobody else changes the cloud: any difference is a fault, and ends the story. If people play with the cloud, the
    difference is reported, and the story goes on."""
    totals: Totals = field(default_factory=Totals)

    def get(self, path: str) -> Any:
        return self._ok(self.cloud.request(ADMIN, "GET", path)).body

    def put(self, who: str, path: str, body: dict[str, Any], version: int) -> Any:
        return self._ok(self.cloud.request(who, "PUT", path, body, version=version)).body

    def made(
        self, path: str, body: Any = None, *, key: str | None = None, who: str = ADMIN
    ) -> dict[str, Any]:
        """POST; with a `key`, a repetition creates nothing twice."""
        answered: dict[str, Any] = self._ok(self.cloud.request(who, "POST", path, body, key=key)).body
        return answered

    def batch(self, path: str, name: str, events: list[dict[str, Any]]) -> int:
        """Every event is counted now, or was before; returns how many were counted now."""
        items = self._ok(self.cloud.request(OPERATION, "POST", path, {name: events})).body["items"]
        self.check(f"lote {path}", [item for item in items if item["outcome"] == "refused"], [])
        self.check(f"lote {path}", len(items), len(events))
        return sum(item["outcome"] == "done" for item in items)

    def closings(self, month: Month) -> list[dict[str, Any]]:
        """Every closing that started in the month, page after page."""
        page = self.get(query("/closings", month=month))
        closings: list[dict[str, Any]] = page["items"]
        while page.get("next_cursor"):
            page = self.get(query("/closings", month=month, cursor=page["next_cursor"]))
            closings += page["items"]
        return closings

    def run(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Start a run and follow it to its end, which must be successful."""
        run = self.made(path, body)
        for _ in range(POLLS):
            run = self.get(f"/runs/{run['id']}")
            if run["status"] != "running":
                self.check(f"execução {path}", (run["status"], run.get("failure")), ("done", None))
                return dict(run)
            self.cloud.breathe()
        raise Wrong(f"a execução {path} não terminou")

    def returned(self, data: bytes) -> dict[str, Any]:
        """Put a return file in the bucket and follow it to its end; it may have been sent before."""
        before = {r["id"]: r["repeats"] for r in self.get("/bank-returns")["items"]}
        self.cloud.upload(self.made("/bank-returns", who=FINANCE), data)
        for _ in range(POLLS):
            for returned in self.get("/bank-returns")["items"]:
                if returned["status"] != "received" and returned["repeats"] > before.get(returned["id"], -1):
                    self.check("retorno", returned["status"], "applied")
                    return dict(returned)
            self.cloud.breathe()
        raise Wrong("o retorno não foi processado")

    def stated(self, path: str, data: bytes) -> dict[str, str]:
        """Put a bank statement in the bucket and follow it to its end; returns its totals."""
        offered = self.made(path, {"format": "ofx"}, who=FINANCE)
        self.cloud.upload(offered, data)
        for _ in range(POLLS):
            statements = [one for one in self.get("/statements")["items"] if one["id"] == offered["id"]]
            if statements and statements[0]["status"] != "received":
                self.check(
                    "extrato", (statements[0]["status"], statements[0].get("problem")), ("applied", None)
                )
                return dict(statements[0]["totals"])
            self.cloud.breathe()
        raise Wrong("o extrato não foi processado")

    def check(self, what: str, actual: object, wanted: object) -> None:
        """Raises Wrong if the story is alone."""
        if actual == wanted:
            return
        message = f"{what}: {actual!r}, e devia ser {wanted!r}"
        if self.is_alone:
            raise Wrong(message)
        self.say(f"  Diferente da história ({message}): algo foi mudado por fora dela.")

    def _ok(self, answer: Answer) -> Answer:
        if answer.status >= 300:
            raise RequestFailed(f"{answer.status}: {answer.body}")
        return answer
