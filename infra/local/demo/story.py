"""Two months of three kinds of company, from usage to money received, told through the public API.

`found` creates the tenant's base; `month` lives through one month: usage (one batch comes twice, one reading never),
closings, invoices, remittance, the bank's answers (one title paid twice, one a cent short, one unknown, the file sent
twice), e-mails and SMS. Every total is compared with `expected`; a wrong one raises `Wrong`, and ends the story. Only
the story's own contracts are checked: a person who plays with the demonstration creates others beside them.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.adapters.sandbox_bank import bank
from billing.core.clock import SAO_PAULO
from billing.core.money import Money
from billing.core.period import Month
from infra.local.demo import base, expected
from infra.local.demo.base import Agreed
from infra.local.demo.cloud import query
from infra.local.demo.payers import how_they_pay, paid_at_bank, pix_payers, statement_of
from infra.local.demo.people import Business, DemoCustomer, invent_customers
from infra.local.demo.teller import ADMIN, FINANCE, OPERATION, Teller
from infra.local.people import COMPANY_ID

_HELD_OF_A_MONTH = {"duplicate": 1, "short": 1, "unknown_title": 1}


@dataclass
class Story:
    teller: Teller
    first_month: Month
    agreed: list[Agreed] = field(default_factory=list)
    profiles: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)
    people: list[DemoCustomer] = field(default_factory=lambda: invent_customers(base.SEED))

    # -- the base -----------------------------------------------------------------------------------------------

    def found(self) -> None:
        """Create catalog, payment profiles, templates, customers and contracts, each request with a key of its own: if
        it is interrupted and told again, nothing is created twice."""
        self.teller.cloud.travel(_at(self.first_month.first_day - timedelta(days=5), 9))
        for bank_code, new in (("341", base.ITAU), ("756", base.SICOOB)):
            account = self._made("/cash-accounts", f"account-{bank_code}", _account(str(new["name"])))
            self.accounts[bank_code] = account["id"]
            profile = {**new, "cash_account_id": account["id"]}
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
        self._configure_receipts()
        self.teller.say(f"Catálogo com {len(self.items)} itens, contas Itaú e Sicoob, modelos de mensagem.")
        self.teller.cloud.travel(_at(self.first_month.first_day, 8))
        for n, person in enumerate(self.people):
            self.agreed.append(self._contract(n, person))
        self.teller.totals.customers = self.teller.totals.contracts = len(self.agreed)
        self.teller.say(
            f"{self.teller.totals.customers} clientes e contratos ativos: provedor, outsourcing de impressão e nuvem."
        )

    def _configure_receipts(self) -> None:
        """Set the receipt's text, unless somebody has written one."""
        path = f"/companies/{COMPANY_ID}/payment-settings"
        if not self.teller.get(path)["version"]:
            self.teller.put(ADMIN, path, {"receipt_template": base.RECEIPT}, 0)

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
            self.teller.cloud.travel(_at(joins, 8))
        made = self._made(f"/customers/{customer}/contracts", f"contract-{n}", body)
        contract = self.teller.get(f"/customers/{customer}/contracts/{made['id']}")
        if contract["state"] == "awaiting_activation":
            path = f"/customers/{customer}/contracts/{contract['id']}/activation"
            self.teller.put(OPERATION, path, {"on": joins.isoformat()}, contract["version"])
        if n == 0:
            self.teller.cloud.travel(_at(self.first_month.first_day, 8))
        return Agreed(person.business, customer, contract["id"], printers, price)

    def _made(self, path: str, name: str, body: Any) -> dict[str, Any]:
        return self.teller.made(path, body, key=f"base-{self.first_month}-{name}")

    # -- one month ----------------------------------------------------------------------------------------------

    def month(self, month: Month) -> None:
        """Everything that happens for the usage of `month`, until its invoices are paid."""
        self.teller.say(f"\n{month.format_br()}")
        used = self.use(month)
        owed = self._owed(month, used)
        self._close(month)
        invoices = self._bill(month, owed)
        files = self._remit(month, invoices)
        self._register(month, files)
        self._dispatch(month, len(invoices))
        self._receive(month, files, {str(i["number"]) for i in invoices})
        self._reconcile(month)

    def use(self, month: Month) -> dict[str, list[Any]]:
        """Metering sends the cloud's usage, one batch twice; readings come for every printer but one."""
        dice = random.Random(f"{base.SEED}-{month}")  # noqa: S311  (invention, not secrets)
        used: dict[str, list[Any]] = {}
        self.teller.cloud.travel(_at(month.day(28), 22))
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
        self.teller.batch("/usage/batch", "events", events)
        again = self.teller.batch("/usage/batch", "events", events)
        self.teller.check("lote repetido", again, 0)
        self.teller.totals.usage_entries += len(events)
        self.teller.cloud.travel(_at(month.plus(1).first_day, 0, 30))
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
        self.teller.batch("/readings/batch", "readings", readings)
        self.teller.say(
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
        """The print customer whose first printer sends no reading: only in the first month."""
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
        """Closings of the month freeze by themselves; the one with a pending issue is frozen by a person, who ignores
        the issue."""
        self.teller.cloud.travel(_at(month.plus(1).first_day, 2))
        self.teller.run("/runs/closings", {"on": month.plus(1).first_day.isoformat()})
        closings = self._closings(month)
        waiting = [c for c in closings if c["status"] == "processed"]
        self.teller.check("fechamentos", len(closings), len(self.agreed))
        self.teller.check("fechamentos pendentes", len(waiting), 1 if self._forgetful(month) else 0)
        self.teller.totals.closings += len(closings)
        self.teller.totals.pending += len(waiting)
        for closing in waiting:
            path = f"/customers/{closing['customer_id']}/closings/{closing['id']}"
            detail = self.teller.get(path)
            self.teller.say(f"  Pendência: {'; '.join(issue['title'] for issue in detail['issues'])}")
            version = detail["version"]
            refused = self.teller.cloud.request(FINANCE, "PUT", f"{path}/freeze", {}, version=version)
            self.teller.check("congelar sem confirmar", refused.status, 422)
            self.teller.put(FINANCE, f"{path}/freeze", {"confirm": True}, version)
        frozen = sum(1 for c in self._closings(month) if c["status"] == "frozen")
        self.teller.check("fechamentos congelados", frozen, len(self.agreed))
        self.teller.say(
            f"  Fechamentos: {frozen} congelados, {len(waiting)} por uma pessoa que ignorou a pendência."
        )

    def _closings(self, month: Month) -> list[dict[str, Any]]:
        mine = {a.contract_id for a in self.agreed}
        return [closing for closing in self.teller.closings(month) if closing["contract_id"] in mine]

    def _bill(self, month: Month, owed: dict[str, Decimal]) -> list[dict[str, Any]]:
        self.teller.cloud.travel(_at(month.plus(1).first_day, 4))
        first, last = _window(month)
        run = self.teller.run("/runs/billing", {"company_id": COMPANY_ID, "due_from": first, "due_to": last})
        if self.teller.is_alone:
            self.teller.check("contas que ficaram de fora", run["parked"], 0)
        invoices = [
            invoice
            for a in self.agreed
            for invoice in self.teller.get(f"/customers/{a.customer_id}/invoices")["items"]
            if first <= invoice["due_on"] <= last
        ]
        for a in self.agreed:
            mine = [Decimal(i["amount"]) for i in invoices if i["customer_id"] == a.customer_id]
            self.teller.check(f"fatura de {a.customer_id}", mine, [owed[a.customer_id]])
        numbers = sorted(i["number"] for i in invoices)
        if self.teller.is_alone:
            start = self.teller.totals.invoices + 1
            self.teller.check("números", numbers, list(range(start, start + len(invoices))))
        billed = sum((Decimal(i["amount"]) for i in invoices), Decimal(0))
        self.teller.totals.invoices += len(invoices)
        self.teller.totals.boletos += sum(1 for i in invoices if i.get("barcode"))
        self.teller.totals.billed += billed
        with_pix = sum(1 for i in invoices if i.get("pix_payload"))
        hear_pix = sum(1 for i in invoices if i["payment_profile_id"] == self.profiles["756"])
        self.teller.check("faturas com Pix", with_pix, hear_pix)
        self.teller.say(
            f"  Faturas: {len(invoices)}, de {numbers[0]} a {numbers[-1]}, {_reais(billed)}, com boleto; {with_pix} com Pix."
        )
        return invoices

    def _remit(self, month: Month, invoices: list[dict[str, Any]]) -> dict[str, bytes]:
        self.teller.cloud.travel(_at(month.plus(1).first_day, 6))
        first, last = _window(month)
        files = {}
        for code, profile_id in self.profiles.items():
            run = self.teller.run(
                "/runs/remittances", {"profile_id": profile_id, "due_from": first, "due_to": last}
            )
            mine = {str(i["number"]) for i in invoices if i["payment_profile_id"] == profile_id}
            newest = self.teller.get(f"/payment-profiles/{profile_id}/remittances")["items"][0]
            link = self.teller.get(f"/payment-profiles/{profile_id}/remittances/{newest['sequence']}/file")
            files[code] = self.teller.cloud.download(link["url"])
            sent = {title.document_number.strip() for title in bank.titles_of(files[code])}
            self.teller.check(f"títulos que faltam na remessa {code}", mine - sent, set())
            if self.teller.is_alone:
                self.teller.check(f"títulos na remessa {code}", run["totals"]["titles"], str(len(mine)))
            self.teller.totals.remitted += Decimal(run["totals"].get("remitted", "0"))
            self.teller.say(
                f"  Remessa {newest['sequence']} ao banco {code}: {len(mine)} títulos, {_reais(Decimal(newest['total']))}."
            )
        return files

    def _register(self, month: Month, files: dict[str, bytes]) -> None:
        on = month.plus(1).first_day + timedelta(days=1)
        self.teller.cloud.travel(_at(on, 7))
        for data in files.values():
            answer = bank.respond(data, lambda _: [bank.confirmed()], sequence=self._next(), on=on)
            self.teller.totals.return_occurrences += self.teller.returned(answer)["occurrences"]

    def _dispatch(self, month: Month, invoices: int) -> None:
        self.teller.cloud.travel(_at(month.plus(1).day(2), 9))
        first, last = _window(month)
        body = {"company_id": COMPANY_ID, "due_from": first, "due_to": last, "every_channel": True}
        run = self.teller.run("/runs/dispatches", body)
        sent = int(run["totals"]["messages"])
        self.teller.totals.messages += sent
        self.teller.check("mensagens a menos", max(0, invoices - sent), 0)
        self.teller.say(f"  Mensagens: {sent} e-mails com o PDF e SMS.")

    def _receive(self, month: Month, files: dict[str, bytes], mine: set[str]) -> None:
        """Most pay on the 20th; of Itaú's titles, the first is paid twice, the second a cent short, the last not at
        all."""
        on = month.plus(1).day(20)
        self.teller.cloud.travel(_at(on + timedelta(days=1), 7))
        for code, data in files.items():
            titles = bank.titles_of(data)
            own = [title for title in titles if title.document_number.strip() in mine]
            by_pix = Money.sum(title.amount for title in pix_payers(code, own))
            self._receive_pix(code, own, on)
            decide = how_they_pay(code, own)
            answer = bank.respond(data, decide, sequence=self._next(), on=on)
            returned = self.teller.returned(answer)
            again = self.teller.returned(answer)
            paid = paid_at_bank(titles, decide)
            self.teller.check("retorno repetido", again["totals"], returned["totals"])
            self.teller.check("recebido", returned["totals"]["received"], str(Money.sum(paid)))
            moved = Money.sum(paid) - bank.TARIFF * len(paid) + by_pix
            self.teller.check("saldo", self._moved(code, month), str(moved))
            self.teller.totals.return_occurrences += returned["occurrences"]
            self.teller.totals.received += (Money.sum(paid) + by_pix).decimal
            self.teller.say(
                f"  Retorno do banco {code}: {returned['occurrences']} ocorrências; o mesmo arquivo de novo, sem efeito."
            )

    def _receive_pix(self, code: str, titles: list[bank.TitleSeen], on: date) -> None:
        """Sicoob's first three pay by Pix: the account's statement, sent twice, settles their invoices once."""
        payers = pix_payers(code, titles)
        if not payers:
            return
        path, data = f"/payment-profiles/{self.profiles[code]}/statements", statement_of(payers, on)
        first, again = self.teller.stated(path, data), self.teller.stated(path, data)
        wanted = str(Money.sum(title.amount for title in payers))
        self.teller.check("Pix recebidos", (first["settled"], first["entered"]), (str(len(payers)), wanted))
        self.teller.check(
            "extrato repetido", (again["repeated"], again["entered"]), (str(len(payers)), "0.00")
        )
        self.teller.totals.pix += len(payers)
        self.teller.say(
            f"  Extrato do banco {code}: {len(payers)} faturas pagas por Pix; o mesmo de novo, sem efeito."
        )

    def _moved(self, code: str, month: Month) -> str:
        """How much the bank's credits for the month's invoices moved the account's balance."""
        first, last = month.plus(1).day(10), month.plus(2).day(9)
        path = query(
            f"/cash-accounts/{self.accounts[code]}/balance",
            **{"from": first.isoformat(), "to": last.isoformat()},
        )
        return str(self.teller.get(path)["moved"])

    def _reconcile(self, month: Month) -> None:
        """Settled invoices and held receipts are what the bank paid."""
        first, last = _window(month)
        invoices = [
            i
            for a in self.agreed
            for i in self.teller.get(f"/customers/{a.customer_id}/invoices")["items"]
            if first <= i["due_on"] <= last
        ]
        settled = [i for i in invoices if i["status"] == "settled"]
        self.teller.check("faturas liquidadas", len(settled), len(invoices) - 2)
        self.teller.totals.settled += len(settled)
        held = self.teller.get(query("/held-receipts", month=month.plus(1)))["items"]
        counted: dict[str, int] = {}
        for receipt in held:
            counted[receipt["reason"]] = counted.get(receipt["reason"], 0) + 1
        self.teller.check("recebimentos retidos", counted, _HELD_OF_A_MONTH)
        for receipt in held:
            self.teller.say(f"  Retido: {receipt['message']}")

    def _next(self) -> int:
        """The sequence number of the bank's next file."""
        self._sequence += 1
        return self._sequence

    _sequence: int = 0


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
