"""Two months of three kinds of company, from usage to money received, told through the public API.

`found` makes the tenant's base; `month` lives one month: usage arrives (one batch twice, one reading never), closings,
invoices, remittance, the bank's answers (one title paid twice, one a cent short, one unknown, the file sent twice),
e-mails and SMS. Every total is compared with `expected`; a wrong one is a `Wrong`, and ends the story.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.adapters import bank_simulator as bank
from billing.core.clock import SAO_PAULO
from billing.core.money import Money
from billing.core.period import Month
from infra.local.demo import base, expected
from infra.local.demo.base import Agreed
from infra.local.demo.cloud import Answer, Cloud, RequestFailed, query
from infra.local.demo.people import Business, DemoCustomer, invent_customers
from infra.local.people import COMPANY_ID

ADMIN, FINANCE, OPERATION = "administrador", "financeiro", "operacao"
UNKNOWN_TITLE = "09876543"
UNKNOWN_AMOUNT = Money("77.77")
PATIENCE_S = 240
_HELD_OF_A_MONTH = {"duplicate": 1, "short": 1, "unknown_title": 1}


class Wrong(AssertionError):
    """A total is not what it must be."""


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
    messages: int = 0


@dataclass
class Story:
    cloud: Cloud
    say: Callable[[str], None]
    first_month: Month
    totals: Totals = field(default_factory=Totals)
    agreed: list[Agreed] = field(default_factory=list)
    profiles: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)

    # -- the base -----------------------------------------------------------------------------------------------

    def found(self) -> None:
        """Catalog, payment profiles, templates, customers and contracts, each request with a key of its own: cut
        off and told again, it makes nothing twice."""
        self.cloud.travel(_at(self.first_month.first_day - timedelta(days=5), 9))
        for bank_code, new in (("341", base.ITAU), ("756", base.SICOOB)):
            account = self._made("/money-accounts", f"account-{bank_code}", _account(str(new["name"])))
            self.accounts[bank_code] = account["id"]
            profile = {**new, "money_account_id": account["id"]}
            self.profiles[bank_code] = self._made("/payment-profiles", f"profile-{bank_code}", profile)["id"]
        for n, (name, product, unit, price) in enumerate(base.CLOUD_ITEMS):
            body = {
                "name": name,
                "product": product,
                "unit": unit,
                "unit_price": price,
                "valid_from": self.first_month,
            }
            self.items.append(self._made("/items", f"item-{n}", body)["id"])
        for n, template in enumerate(_templates()):
            self._made("/message-templates", f"template-{n}", template)
        self.say(f"Catálogo com {len(self.items)} itens, contas Itaú e Sicoob, modelos de mensagem.")
        self.cloud.travel(_at(self.first_month.first_day, 8))
        for n, person in enumerate(invent_customers(base.SEED)):
            self.agreed.append(self._contract(n, person))
        self.totals.customers = self.totals.contracts = len(self.agreed)
        self.say(
            f"{self.totals.customers} clientes e contratos ativos: provedor, outsourcing de impressão e nuvem."
        )

    def _contract(self, n: int, person: DemoCustomer) -> Agreed:
        customer = self._made("/customers", f"customer-{n}", person.data)["id"]
        joins = self.first_month.day(20) if n == 0 else self.first_month.first_day
        printers: tuple[str, ...] = ()
        price = Decimal(0)
        match person.business:
            case Business.ISP:
                name = list(base.PLANS)[n % len(base.PLANS)]
                price = Decimal(base.PLANS[name])
                body = base.plan_contract(name, joins, self.profiles["341"])
            case Business.PRINT:
                printers = tuple(f"eqp_{n:03d}{p:02d}" for p in range(1, 3 + n % 2))
                body = base.print_contract(joins, self.profiles["756"], printers, by_hand=True)
            case Business.CLOUD:
                body = base.cloud_contract(joins, self.profiles["756"])
        if n == 0:
            self.cloud.travel(_at(joins, 8))
        made = self._made(f"/customers/{customer}/contracts", f"contract-{n}", body)
        contract = self._get(f"/customers/{customer}/contracts/{made['id']}")
        if contract["state"] == "awaiting_activation":
            path = f"/customers/{customer}/contracts/{contract['id']}/activation"
            self._put(OPERATION, path, {"on": joins.isoformat()}, contract["version"])
        if n == 0:
            self.cloud.travel(_at(self.first_month.first_day, 8))
        return Agreed(person.business, customer, contract["id"], printers, price)

    # -- one month ----------------------------------------------------------------------------------------------

    def month(self, month: Month) -> None:
        """Everything that happens for the usage of `month`, until its invoices are paid."""
        self.say(f"\n{month.format_br()}")
        used = self.use(month)
        owed = self._owed(month, used)
        self._close(month)
        invoices = self._bill(month, owed)
        files = self._remit(month, invoices)
        self._register(month, files)
        self._dispatch(month, len(invoices))
        self._receive(month, files)
        self._reconcile(month)

    def use(self, month: Month) -> dict[str, list[Any]]:
        """Metering sends the cloud's usage, one batch twice; readings come of every printer but one."""
        dice = random.Random(f"{base.SEED}-{month}")  # noqa: S311  (invention, not secrets)
        used: dict[str, list[Any]] = {}
        self.cloud.travel(_at(month.day(28), 22))
        clouds = [a for a in self.agreed if a.business == Business.CLOUD]
        events = []
        for a in clouds:
            used[a.customer_id] = [
                Decimal(dice.randrange(100, 3000)) / 4,
                Decimal(dice.randrange(50, 900)),
                Decimal(dice.randrange(1, 40)),
            ]
            events += [
                {
                    "event_key": f"{a.customer_id}/{item}/{month}",
                    "customer_id": a.customer_id,
                    "month": month,
                    "billing_item_id": item,
                    "quantity": str(quantity),
                }
                for item, quantity in zip(self.items, used[a.customer_id], strict=True)
            ]  # fmt: skip
        self._batch("/usage/batch", "events", events)
        again = self._batch("/usage/batch", "events", events)
        self._check("lote repetido", again["accepted"], 0)
        self.totals.usage_entries += len(events)
        self.cloud.travel(_at(month.plus(1).first_day, 0, 30))
        readings = []
        for a in (a for a in self.agreed if a.business == Business.PRINT):
            used[a.customer_id] = []
            for n, printer in enumerate(a.printers):
                pages = (dice.randrange(800, 4000), dice.randrange(50, 700))
                if a is self._forgetful(month) and n == 0:
                    used[a.customer_id].append((0, 0))
                    continue
                used[a.customer_id].append(pages)
                readings += self._readings(a, printer, month, pages)
        self._batch("/readings/batch", "readings", readings)
        self.say(
            f"  Uso: {len(events)} lançamentos (um lote chegou duas vezes) e {len(readings)} leituras; falta uma impressora."
        )
        return used

    def _readings(
        self, a: Agreed, printer: str, month: Month, pages: tuple[int, int]
    ) -> list[dict[str, Any]]:
        readings = []
        for unit, count in zip(("page_mono", "page_colour"), pages, strict=True):
            counter = self._counters.get((printer, unit), 1000 if unit == "page_mono" else 500) + count
            self._counters[printer, unit] = counter
            readings.append(
                {
                    "event_key": f"{printer}/{unit}/{month}",
                    "customer_id": a.customer_id,
                    "item_id": printer,
                    "unit": unit,
                    "on": month.plus(1).first_day.isoformat(),
                    "value": str(counter),
                }
            )
        return readings

    _counters: dict[tuple[str, str], int] = field(default_factory=dict)

    def _forgetful(self, month: Month) -> Agreed | None:
        """The print customer whose first printer sends no reading: in the first month only."""
        if month != self.first_month:
            return None
        return next(a for a in self.agreed if a.business == Business.PRINT)

    def _owed(self, month: Month, used: dict[str, list[Any]]) -> dict[str, Decimal]:
        owed: dict[str, Decimal] = {}
        whole = (month.plus(1).first_day - month.first_day).days
        for n, a in enumerate(self.agreed):
            match a.business:
                case Business.ISP:
                    days = whole - 19 if n == 0 and month == self.first_month else whole
                    owed[a.customer_id] = expected.plan(a.price, days, whole)
                case Business.PRINT:
                    owed[a.customer_id] = expected.printing(used[a.customer_id])
                case _:
                    owed[a.customer_id] = expected.cloud(used[a.customer_id])
        return owed

    def _close(self, month: Month) -> None:
        """Closings of the month freeze by themselves; the one with a pending issue by a person, who ignores it."""
        self.cloud.travel(_at(month.plus(1).first_day, 2))
        self._run("/runs/closings", {"on": month.plus(1).first_day.isoformat()})
        closings = self._closings(month)
        waiting = [c for c in closings if c["status"] == "processed"]
        self._check("fechamentos", len(closings), len(self.agreed))
        self._check("fechamentos pendentes", len(waiting), 1 if self._forgetful(month) else 0)
        self.totals.closings += len(closings)
        self.totals.pending += len(waiting)
        for closing in waiting:
            path = f"/customers/{closing['customer_id']}/closings/{closing['id']}"
            detail = self._get(path)
            self.say(f"  Pendência: {'; '.join(issue['title'] for issue in detail['issues'])}")
            version = detail["version"]
            refused = self.cloud.request(FINANCE, "PUT", f"{path}/freeze", {}, version=version)
            self._check("congelar sem confirmar", refused.status, 422)
            self._put(FINANCE, f"{path}/freeze", {"confirm": True}, version)
        frozen = sum(1 for c in self._closings(month) if c["status"] == "frozen")
        self._check("fechamentos congelados", frozen, len(self.agreed))
        self.say(
            f"  Fechamentos: {frozen} congelados, {len(waiting)} por uma pessoa que ignorou a pendência."
        )

    def _bill(self, month: Month, owed: dict[str, Decimal]) -> list[dict[str, Any]]:
        self.cloud.travel(_at(month.plus(1).first_day, 4))
        first, last = _window(month)
        run = self._run("/runs/billing", {"company_id": COMPANY_ID, "due_from": first, "due_to": last})
        self._check("contas que ficaram de fora", run["parked"], 0)
        invoices = [
            invoice
            for a in self.agreed
            for invoice in self._get(f"/customers/{a.customer_id}/invoices")["items"]
            if first <= invoice["due_on"] <= last
        ]
        for a in self.agreed:
            mine = [Decimal(i["amount"]) for i in invoices if i["customer_id"] == a.customer_id]
            self._check(f"fatura de {a.customer_id}", mine, [owed[a.customer_id]])
        numbers = sorted(i["number"] for i in invoices)
        start = self.totals.invoices + 1
        self._check("números", numbers, list(range(start, start + len(invoices))))
        billed = sum((Decimal(i["amount"]) for i in invoices), Decimal(0))
        self.totals.invoices += len(invoices)
        self.totals.boletos += sum(1 for i in invoices if i.get("barcode"))
        self.totals.billed += billed
        self.say(
            f"  Faturas: {len(invoices)}, de {numbers[0]} a {numbers[-1]}, {_reais(billed)}, com boleto e Pix."
        )
        return invoices

    def _remit(self, month: Month, invoices: list[dict[str, Any]]) -> dict[str, bytes]:
        self.cloud.travel(_at(month.plus(1).first_day, 6))
        first, last = _window(month)
        files = {}
        for code, profile_id in self.profiles.items():
            run = self._run(
                "/runs/remittances", {"profile_id": profile_id, "due_from": first, "due_to": last}
            )
            mine = [i for i in invoices if i["payment_profile_id"] == profile_id]
            self._check(f"títulos na remessa {code}", run["totals"]["titles"], str(len(mine)))
            newest = self._get(f"/payment-profiles/{profile_id}/remittances")["items"][0]
            link = self._get(f"/payment-profiles/{profile_id}/remittances/{newest['sequence']}/file")
            files[code] = self.cloud.download(link["url"])
            self.totals.remitted += Decimal(run["totals"]["remitted"])
            self.say(
                f"  Remessa {newest['sequence']} ao banco {code}: {len(mine)} títulos, {_reais(Decimal(newest['total']))}."
            )
        return files

    def _register(self, month: Month, files: dict[str, bytes]) -> None:
        on = month.plus(1).first_day + timedelta(days=1)
        self.cloud.travel(_at(on, 7))
        for data in files.values():
            answer = bank.respond(data, lambda _: [bank.confirmed()], sequence=self._next(), on=on)
            self._return(answer)

    def _dispatch(self, month: Month, invoices: int) -> None:
        self.cloud.travel(_at(month.plus(1).day(2), 9))
        first, last = _window(month)
        body = {"company_id": COMPANY_ID, "due_from": first, "due_to": last, "every_channel": True}
        run = self._run("/runs/dispatches", body)
        sent = int(run["totals"]["messages"])
        self.totals.messages += sent
        if sent < invoices:
            raise Wrong(f"mensagens: {sent} para {invoices} faturas")
        self.say(f"  Mensagens: {sent} e-mails com o PDF e SMS.")

    def _receive(self, month: Month, files: dict[str, bytes]) -> None:
        """Most pay on the 20th; of Itaú's, the first pays twice, the second a cent short, the last not at all."""
        on = month.plus(1).day(20)
        self.cloud.travel(_at(on + timedelta(days=1), 7))
        for code, data in files.items():
            titles = bank.titles_of(data)
            answer = bank.respond(data, _payers(code, titles), sequence=self._next(), on=on)
            returned = self._return(answer)
            again = self._return(answer, repeats=1)
            self._check("retorno repetido", again["totals"], returned["totals"])
            self.say(
                f"  Retorno do banco {code}: {returned['occurrences']} ocorrências; o mesmo arquivo de novo, sem efeito."
            )

    def _reconcile(self, month: Month) -> None:
        """Settled invoices, held receipts and balances are what the bank paid."""
        first, last = _window(month)
        invoices = [
            i
            for a in self.agreed
            for i in self._get(f"/customers/{a.customer_id}/invoices")["items"]
            if first <= i["due_on"] <= last
        ]
        settled = [i for i in invoices if i["status"] == "settled"]
        self._check("faturas liquidadas", len(settled), len(invoices) - 2)
        self.totals.settled += len(settled)
        held = self._get(query("/held-receipts", month=month.plus(1)))["items"]
        counted: dict[str, int] = {}
        for receipt in held:
            counted[receipt["reason"]] = counted.get(receipt["reason"], 0) + 1
        self._check("recebimentos retidos", counted, _HELD_OF_A_MONTH)
        for receipt in held:
            self.say(f"  Retido: {receipt['message']}")

    # -- how it is told -----------------------------------------------------------------------------------------

    def _return(self, data: bytes, *, repeats: int = 0) -> dict[str, Any]:
        """Put a return file in the bucket and follow it to its end."""
        before = {r["id"]: r["repeats"] for r in self._get("/bank-returns")["items"]}
        self.cloud.upload(self._made("/bank-returns", None, None, who=FINANCE), data)
        for _ in range(PATIENCE_S * 10):
            for returned in self._get("/bank-returns")["items"]:
                is_new = returned["id"] not in before
                came_again = not is_new and returned["repeats"] > before[returned["id"]]
                if returned["status"] != "received" and (came_again if repeats else is_new):
                    self._check("retorno", returned["status"], "applied")
                    if not repeats:
                        self.totals.return_occurrences += returned["occurrences"]
                        self.totals.received += Decimal(returned["totals"].get("received", "0"))
                    return dict(returned)
            self.cloud.breathe()
        raise Wrong("o retorno não foi processado")

    def _run(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Start a run and follow it to its end."""
        run = self._ok(self.cloud.request(ADMIN, "POST", path, body)).body
        for _ in range(PATIENCE_S * 10):
            run = self._get(f"/runs/{run['id']}")
            if run["status"] != "running":
                self._check(f"execução {path}", (run["status"], run.get("failure")), ("done", None))
                return dict(run)
            self.cloud.breathe()
        raise Wrong(f"a execução {path} não terminou")

    def _closings(self, month: Month) -> list[dict[str, Any]]:
        """Every closing that started in the month, page after page."""
        page = self._get(query("/closings", month=month))
        found: list[dict[str, Any]] = page["items"]
        while page.get("next_cursor"):
            page = self._get(query("/closings", month=month, cursor=page["next_cursor"]))
            found += page["items"]
        return found

    def _batch(self, path: str, name: str, events: list[dict[str, Any]]) -> dict[str, Any]:
        """Every event is accepted, or was before."""
        report: dict[str, Any] = self._ok(self.cloud.request(OPERATION, "POST", path, {name: events})).body
        self._check(f"lote {path}", report["refused"], [])
        self._check(f"lote {path}", report["accepted"] + len(report["duplicates"]), len(events))
        return report

    def _put(self, who: str, path: str, body: dict[str, Any], version: int) -> Any:
        return self._ok(self.cloud.request(who, "PUT", path, body, version=version)).body

    def _get(self, path: str) -> Any:
        return self._ok(self.cloud.request(ADMIN, "GET", path)).body

    def _made(self, path: str, key: str | None, body: Any, *, who: str = ADMIN) -> dict[str, Any]:
        made: dict[str, Any] = self._ok(
            self.cloud.request(who, "POST", path, body, key=f"base-{self.first_month}-{key}" if key else None)
        ).body
        return made

    def _ok(self, answer: Answer) -> Answer:
        if answer.status >= 300:
            raise RequestFailed(f"{answer.status}: {answer.body}")
        return answer

    def _check(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            raise Wrong(f"{what}: {found!r}, e devia ser {wanted!r}")

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    _sequence: int = 0


def _payers(code: str, titles: list[bank.TitleSeen]) -> Callable[[bank.TitleSeen], list[bank.Outcome]]:
    order = {title.nosso_numero: n for n, title in enumerate(titles)}

    def decide(title: bank.TitleSeen) -> list[bank.Outcome]:
        n = order[title.nosso_numero]
        if code == "341" and n == 0:
            return [bank.paid(title.amount), bank.paid(title.amount)]
        if code == "341" and n == 1:
            return [bank.paid(title.amount - Money("0.01"))]
        if code == "341" and n == 2:
            return [bank.paid(title.amount), bank.of_unknown_title(bank.paid(UNKNOWN_AMOUNT), UNKNOWN_TITLE)]
        if code == "341" and n == len(titles) - 1:
            return []
        return [bank.paid(title.amount)]

    return decide


def _templates() -> list[dict[str, Any]]:
    from billing.dispatch.templates import demonstration

    return [template.to_map() for template in demonstration()]


def _account(name: str) -> dict[str, str]:
    return {"company_id": COMPANY_ID, "name": name, "kind": "bank"}


def _window(month: Month) -> tuple[str, str]:
    """The due dates of the month's invoices: the whole next month."""
    first = month.plus(1).first_day
    return first.isoformat(), (month.plus(2).first_day - timedelta(days=1)).isoformat()


def _at(day: Any, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SAO_PAULO)


def _reais(amount: Decimal) -> str:
    return Money.rounded(amount).format_br()
