"""A request for every route of the API: the ids of a small base after one month, and a plausible body.

The base is the demonstration's story with seven customers. Tests send these very requests as somebody without the
permission, as another tenant, without a header: whatever is refused is refused for that reason alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from billing.access.model import Permission, Profile
from billing.access.profiles import NewAccessProfile
from billing.bank_files.instruction import TitleInstruction, instruction_id
from billing.bank_files.store import instruction_row
from billing.banking.instructions import Movement
from billing.core.period import Month
from billing.core.table import Writes
from billing.customers.sender_domains import SenderDomain, claimed_row, domain_row
from billing.entry import wiring
from billing.members.store import get_tenant, tenant_row
from billing.projections.rebuilding import rebuild
from infra.constructs.routes import Route, gateway_path, routes_of
from infra.functions import API_FUNCTIONS
from infra.local.demo import base, fiscal, story
from infra.local.demo.people import Business, DemoCustomer, invent_customers
from infra.local.demo.teller import Teller
from infra.local.people import COMPANY, COMPANY_ID, TENANT_ID
from tests.support.http import Answer, Client
from tests.support.members import let_in
from tests.support.world import World, world

MONTH = Month("2026-03")
BILL = {"source": "Edifício Aurora", "month": "2026-04", "amount": "1000.00"}
TAX = {"code": "iss-05", "description": "ISS 5 %", "percent": "5", "valid_from": "2026-03-01"}
SIMULATED = {"month": str(MONTH)}
FILE = {"kind": "usage", "format": "csv"}
ADMIN, COLLEAGUE = "usr_administrador", "usr_maria"
PROFILE_ID = "prf_cobranca"

_FUNCTIONS = {route: function for function in API_FUNCTIONS for route in routes_of(function)}
ROUTES = sorted(_FUNCTIONS)
"""Every route of the published description (tests/infra/test_registry.py compares them)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a route: the values of its path's parameters, its query, its body, the version it changes."""

    ids: dict[str, str] = field(default_factory=dict)
    body: Any = None
    query: dict[str, str] | list[tuple[str, str]] = field(default_factory=dict)
    version: int = 1

    def path(self, route: Route) -> str:
        return route.path.format_map(self.ids)


def declared(route: Route) -> Any:
    """The route as its handler's module declared it."""
    resolver = import_module(_FUNCTIONS[route].module).api
    routes = [*resolver._static_routes, *resolver._dynamic_routes]
    (declaration,) = [
        one for one in routes if (gateway_path(one.path), one.method) == (route.path, route.method)
    ]
    return declaration


def takes_body(route: Route) -> bool:
    return bool(declared(route).dependant.body_params)


def handler_of(route: Route) -> Any:
    return import_module(_FUNCTIONS[route].module).handler


def send(client: Client, route: Route, request: Request) -> Answer:
    """As the documentation requires: a new Idempotency-Key with a POST, the version with a change."""
    headers = {"if-match": f'"{request.version}"'}
    if route.method == "POST":
        headers = {"idempotency-key": f"every-route-{next(_keys):08d}"}
    path = request.path(route)
    return client.send(route.method, path, request.body, query=request.query, headers=headers)


_keys = count(1)


@contextmanager
def lived_month(mailbox: Path) -> Iterator["Base"]:
    """A base of seven customers after a month, over an empty in-process AWS."""
    with pytest.MonkeyPatch.context() as patch, world(patch, mailbox) as cloud:
        patch.setattr(story, "invent_customers", _seven)
        demonstration = story.Story(Teller(cloud, lambda _line: None), MONTH)
        demonstration.found()
        demonstration.month(MONTH)
        let_in(ADMIN, TENANT_ID, COMPANY_ID)
        let_in(COLLEAGUE, TENANT_ID, COMPANY_ID, profile=Profile.CONSULTA)
        _own_profile()
        patch.setattr(wiring, "directory", _Directory)
        patch.setattr(wiring, "passwords", _Passwords)
        demonstration.teller.run("/runs/simulations", SIMULATED)
        demonstration.teller.made("/tax-codes", TAX)
        demonstration.teller.made("/utility-bills/batch", {"bills": [BILL]})
        _at_the_counter(demonstration)
        _renegotiated(demonstration)
        cloud.upload(demonstration.teller.made("/usage-imports", FILE), b"")
        fiscal.configure(demonstration.teller)
        observed = {"observation": "Abril de 2026"}
        demonstration.teller.put(
            "administrador", f"/companies/{COMPANY_ID}/fiscal-months/2026-04", observed, 0
        )
        rebuild(wiring.files(), TENANT_ID, wiring.clock().now().date())
        yield Base(cloud, demonstration)


def _own_profile() -> None:
    """A profile of the tenant's own, which nobody has."""
    profile = NewAccessProfile(name="Cobrança", permissions=(Permission.INVOICES_READ,)).profile(PROFILE_ID)
    writes = Writes()
    writes.overwrite(tenant_row(get_tenant(TENANT_ID).evolve(version=0, profiles=(profile,))))
    writes.commit()


class _Directory:
    """Knows everybody."""

    def invite(self, _email: str) -> str:
        return "usr_rui"

    def sign_out(self, user_id: str) -> None:
        """Nobody is signed in here."""

    def has_second_factor(self, _user_id: str) -> bool:
        return True

    def begin_second_factor(self, _access_token: str) -> str:
        return "JBSWY3DPEHPK3PXP"

    def confirm_second_factor(self, access_token: str, code: str) -> None:
        """Every code is right."""

    def remove_second_factor(self, user_id: str) -> None:
        """Keeps nothing."""


def _at_the_counter(demonstration: story.Story) -> None:
    """Lists of reasons, an open cash box, and a receipt in it."""
    made = demonstration.teller.made
    for kind, name in (("discount_type", "Bonificação"), ("protest_status", "Serasa")):
        made("/listed-reasons", {"kind": kind, "name": name})
    box = made("/cash-accounts", {"company_id": COMPANY_ID, "name": "Caixa 1", "kind": "cash_box"})
    made("/cash-sessions", {"account_id": box["id"], "opening_cash": "100.00"})
    customer_id, due = _owing(demonstration)
    receipt = {
        "customer_id": customer_id,
        "invoice_ids": [due["invoice_id"]],
        "total": due["total"],
        "paid": {"pix": due["total"]},
    }
    made("/counter-receipts", receipt)


def _renegotiated(demonstration: story.Story) -> None:
    """A debt agreement in force."""
    demonstration.teller.put("administrador", f"/companies/{COMPANY_ID}/agreement-settings", {}, 0)
    owner = f"/customers/{demonstration.agreed[-1].customer_id}"
    (charge,) = demonstration.teller.made(f"{owner}/charges", _new_charge(demonstration))["items"]
    (billed,) = demonstration.teller.made(f"{owner}/charges/bill", {"ids": [charge["id"]]})["items"]
    agreements, request = f"{owner}/agreements", _agreement_of(demonstration, billed["made"][0])
    proposal = demonstration.teller.made(f"{agreements}/proposal", request)["proposal"]
    demonstration.teller.made(agreements, {**request, "proposal": proposal})


def _new_charge(demonstration: story.Story) -> dict[str, Any]:
    return {
        "description": "Mensalidade",
        "amount": "50.00",
        "due_on": "2026-05-10",
        "reference": {"start": "2026-04-01", "end": "2026-05-01"},
        "company_id": COMPANY_ID,
        "payment_profile_id": demonstration.profiles["341"],
    }


def _agreement_of(demonstration: story.Story, invoice_id: str) -> dict[str, Any]:
    return {
        "invoice_ids": [invoice_id],
        "instalments": 2,
        "first_due_on": "2026-06-10",
        "payment_profile_id": demonstration.profiles["341"],
    }


def _owing(demonstration: story.Story) -> tuple[str, Any]:
    """A customer with an invoice for which a receipt can be made."""
    for agreed in demonstration.agreed:
        for due in demonstration.teller.get(f"/customers/{agreed.customer_id}/amounts-due")["items"]:
            if not due.get("reasons"):
                return agreed.customer_id, due
    raise AssertionError("nobody owes anything")


class _Passwords:
    """Everybody's password is the administrator's."""

    def owner_of(self, _email: str, _password: str) -> str | None:
        return ADMIN


def _seven(seed: int) -> list[DemoCustomer]:
    people = invent_customers(seed)
    isp = [person for person in people if person.business is Business.ISP][:5]
    others = [next(p for p in people if p.business is b) for b in (Business.PRINT, Business.CLOUD)]
    return [*isp, *others]


class Base:
    """The ids of what the story made, and the requests that name them."""

    def __init__(self, cloud: World, demonstration: story.Story) -> None:
        self._cloud = cloud
        self.story = demonstration
        self.payer = next(agreed.customer_id for agreed in demonstration.agreed if self._has_paid(agreed))
        self.requests: dict[str, Request] = dict(self._requests())

    def request(self, route: Route) -> Request:
        name = f"{route.method} {route.path}"
        assert name in self.requests, f"{name} is new: write its request in tests/support/every_route.py"
        return self.requests[name]

    def get(self, path: str) -> Any:
        answer = self._cloud.request("administrador", "GET", path)
        assert answer.status == 200, (path, answer.body)
        return answer.body

    def first(self, path: str) -> Any:
        return self.get(path)["items"][0]

    @cached_property
    def private(self) -> list[str]:
        """What no other tenant may read: the ids that requests name, and the customers' identities."""
        ids = {value for request in self.requests.values() for value in request.ids.values() if "_" in value}
        return sorted(ids - {"page_mono"}) + self.people

    @cached_property
    def people(self) -> list[str]:
        """Names and documents of the customers."""
        people = [person.data for person in _seven(base.SEED)]
        return [str(p[name]) for p in people for name in ("name", "document")]

    def _requests(self) -> Iterator[tuple[str, Request]]:
        yield from self._of_the_tenant()
        yield from self._of_banks()
        yield from self._of_instructions()
        yield from self._of_runs()
        yield from self._of_customers()
        yield from self._of_contracts()
        yield from self._of_usage()
        yield from self._of_work()
        yield from self._of_closings()
        yield from self._of_invoicing()
        yield from self._of_payments()
        yield from self._of_the_counter()
        yield from self._of_agreements()
        yield from self._of_messages()
        yield from self._of_all_customers()
        yield from self._of_fiscal()

    def _of_fiscal(self) -> Iterator[tuple[str, Request]]:
        """An invoice of the internet provider, whose document is authorised."""
        company = {"company_id": COMPANY_ID}
        month = {**company, "month": "2026-05"}
        settings = self.get(f"/companies/{COMPANY_ID}/fiscal-settings")
        yield "GET /companies/{company_id}/fiscal-settings", Request(company)
        yield "GET /companies/{company_id}/fiscal-settings/history", Request(company)
        yield (
            "PUT /companies/{company_id}/fiscal-settings",
            Request(company, fiscal.SETTINGS, version=settings["version"]),
        )
        yield "POST /companies/{company_id}/fiscal-certificate", Request(company, fiscal.certificate())
        yield "GET /companies/{company_id}/fiscal-months/{month}", Request(month)
        yield (
            "PUT /companies/{company_id}/fiscal-months/{month}",
            Request(month, {"observation": "Maio de 2026"}, version=0),
        )
        of_month = {**company, "month": "2026-04"}
        yield "GET /companies/{company_id}/fiscal-months/{month}/history", Request(of_month)
        yield "GET /companies/{company_id}/fiscal-months/{month}/archive", Request(of_month)
        yield "GET /companies/{company_id}/fiscal-pending", Request(company, query={"month": "2026-04"})
        yield "GET /companies/{company_id}/fiscal-documents", Request(company, query={"month": "2026-04"})
        issued = {"issued_from": "2026-04-01", "issued_to": "2026-04-30"}
        yield "POST /runs/fiscal", Request(body={**company, **issued})
        invoice, document = self.documented()
        root = "/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents"
        yield f"GET {root}", Request(invoice)
        yield f"POST {root}", Request(invoice, {})
        one = f"{root}/{{document_id}}"
        of_customer = {"customer_id": invoice["customer_id"]}
        yield "GET /customers/{customer_id}/fiscal-documents", Request(of_customer)
        yield "GET /customers/{customer_id}/fiscal-pending", Request(of_customer)
        for name in ("", "/history", "/xml", "/pdf"):
            yield f"GET {one}{name}", Request(document)
        yield f"POST {one}/consultation", Request(document)
        yield f"POST {one}/cancellation", Request(document, {"reason": "Serviço não prestado ao cliente"})
        yield f"POST {one}/giving-up", Request(document)

    def documented(self) -> tuple[dict[str, str], dict[str, str]]:
        """Ids of an invoice and of its document, issued now."""
        others = [agreed for agreed in self.story.agreed if agreed.customer_id != self.payer]
        customer = next(agreed.customer_id for agreed in others if agreed.business == Business.ISP)
        invoice = {
            "customer_id": customer,
            "invoice_id": self.first(f"/customers/{customer}/invoices")["id"],
        }
        path = "/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents".format_map(invoice)
        [document] = self.story.teller.made(path, {})["items"]
        return invoice, {**invoice, "document_id": document["id"]}

    def _of_all_customers(self) -> Iterator[tuple[str, Request]]:
        yield "GET /customers/{customer_id}/panel", Request({"customer_id": self.payer})
        yield "GET /registrations", Request(query={"city": "Resende"})
        yield "GET /registrations/pivot", Request(query={"rows": "city", "columns": "plan"})
        yield "GET /invoices", Request(query={"status": "settled", "sort": "-due_on"})
        yield "GET /charges", Request()
        yield "GET /contracts", Request(query={"state": "active"})
        yield "GET /messages", Request()
        yield "GET /search", Request(query={"text": "a"})
        yield "GET /waiting", Request()
        yield "GET /cash-balances", Request()
        yield "GET /held-receipts/open", Request()

    def _of_the_tenant(self) -> Iterator[tuple[str, Request]]:
        company = {"company_id": COMPANY_ID}
        data = {name: value for name, value in COMPANY.items() if name != "id"}
        yield "GET /companies", Request()
        yield "POST /companies", Request(body={**data, "cnpj": "45.543.915/0001-81"})
        yield "GET /companies/{company_id}", Request(company)
        yield "GET /companies/{company_id}/history", Request(company)
        yield "PUT /companies/{company_id}", Request(company, data)
        yield "GET /companies/{company_id}/sender", Request(company)
        yield "POST /companies/{company_id}/sender", Request(company)
        domain = {"domain": self._sender_domain()}
        yield "GET /sender-domains", Request()
        yield "POST /sender-domains", Request(body={"domain": "outro.example"})
        yield "GET /sender-domains/{domain}", Request(domain)
        yield "POST /sender-domains/{domain}/proof", Request(domain)
        yield "GET /companies/{company_id}/payment-settings", Request(company)
        yield (
            "PUT /companies/{company_id}/payment-settings",
            Request(company, {"receipt_template": "Recebemos."}, version=1),
        )
        yield (
            "GET /companies/{company_id}/billing-preview",
            Request(company, query={"due_from": "2026-05-01", "due_to": "2026-05-31"}),
        )
        yield (
            "GET /companies/{company_id}/dispatch-preview",
            Request(company, query={"due_from": "2026-05-01", "due_to": "2026-05-31"}),
        )
        rights = {"profile_ids": ["consulta"], "company_ids": [COMPANY_ID]}
        member = {"user_id": COLLEAGUE}
        yield "GET /me", Request()
        yield "GET /me/second-factor", Request()
        yield "POST /me/second-factor", Request()
        yield "POST /me/second-factor/confirmation", Request(body={"code": "123456"})
        yield "POST /me/sign-out", Request()
        yield "GET /members", Request()
        yield "GET /permissions", Request()
        profile, own = {"name": "Atendimento", "permissions": ["usage:read"]}, {"profile_id": PROFILE_ID}
        yield "GET /profiles", Request()
        yield "POST /profiles", Request(body=profile)
        yield "POST /profiles/{profile_id}/proposal", Request(own, profile)
        yield "PUT /profiles/{profile_id}", Request(own, {**profile, "proposal": "0" * 32})
        yield "DELETE /profiles/{profile_id}", Request(own)
        yield "POST /members/{user_id}/sign-out", Request(member)
        yield "DELETE /members/{user_id}/second-factor", Request(member)
        yield "GET /members/{user_id}/history", Request({"user_id": COLLEAGUE})
        looked = {"subject_id": self.payer, "from": "2026-04-01", "to": "2026-04-30"}
        yield "GET /access-log", Request(query=looked)
        yield "POST /members", Request(body={**rights, "name": "Rui Sá", "email": "rui.sa@aurora.example"})
        yield "PUT /members/{user_id}", Request(member, rights)
        yield "DELETE /members/{user_id}", Request(member)
        yield "GET /tenant/rules", Request()
        yield "GET /bases", Request()
        yield "PUT /tenant/rules/base", Request(body={"base": "per_company"})
        yield "PUT /tenant/rules/second-factor", Request(body={"is_required": True})
        item = {"item_id": self.story.items[0]}
        new_item = {
            "name": "Backup",
            "product": "Nuvem",
            "unit": "GB",
            "unit_price": "0.10",
            "valid_from": "2026-03",
        }
        yield "GET /charge-categories", Request()
        yield "GET /usage-units", Request()
        yield "GET /items", Request()
        yield "POST /items", Request(body=new_item)
        yield "GET /items/{item_id}", Request(item)
        yield "GET /items/{item_id}/history", Request(item)
        yield "PATCH /items/{item_id}", Request(item, {"unit_price": "0.50", "valid_from": "2026-06"})
        yield "DELETE /items/{item_id}/prices/{month}", Request({**item, "month": "2026-03"})
        tax = {"code": "iss-05"}
        new_tax = {"code": "iss-02", "description": "ISS 2 %", "percent": "2", "valid_from": "2026-03-01"}
        yield "GET /tax-codes", Request()
        yield "POST /tax-codes", Request(body=new_tax)
        yield "GET /tax-codes/{code}", Request(tax)
        yield "GET /tax-codes/{code}/history", Request(tax)
        yield "PATCH /tax-codes/{code}", Request(tax, {"percent": "3", "valid_from": "2026-06-01"})
        yield "DELETE /tax-codes/{code}/rates/{valid_from}", Request({**tax, "valid_from": "2026-03-01"})

    def _of_banks(self) -> Iterator[tuple[str, Request]]:
        profile = {"profile_id": self.story.profiles["341"]}
        account = {"account_id": self.story.accounts["341"]}
        returned = {"return_id": self.first("/bank-returns")["id"]}
        data = {name: value for name, value in base.ITAU.items() if name != "company_id"}
        data |= {"cash_account_id": account["account_id"]}
        days = {"from": "2026-04-01", "to": "2026-04-30"}
        yield "GET /payment-profiles", Request()
        yield "POST /payment-profiles", Request(body={**data, "company_id": COMPANY_ID})
        yield "GET /payment-profiles/{profile_id}", Request(profile)
        yield "PUT /payment-profiles/{profile_id}", Request(profile, data)
        yield "GET /payment-profiles/{profile_id}/history", Request(profile)
        yield "GET /payment-profiles/{profile_id}/certification-kit", Request(profile)
        yield "GET /payment-profiles/{profile_id}/remittances", Request(profile)
        yield (
            "GET /payment-profiles/{profile_id}/remittances/{sequence}/file",
            Request({**profile, "sequence": "1"}),
        )
        yield (
            "GET /payment-profiles/{profile_id}/remittances/{sequence}/titles",
            Request({**profile, "sequence": "1"}),
        )
        due = {"due_from": "2026-04-01", "due_to": "2026-04-30"}
        yield (
            "GET /payment-profiles/{profile_id}/remittances/{sequence}/records",
            Request({**profile, "sequence": "1"}, query={"first": "1", "count": "5"}),
        )
        yield "GET /payment-profiles/{profile_id}/remittance-preview", Request(profile, query=due)
        yield "GET /payment-profiles/{profile_id}/rejected-titles", Request(profile, query=due)
        yield "GET /bank-returns/{return_id}/records", Request(returned, query={"first": "1", "count": "5"})
        yield "GET /bank-returns", Request()
        yield "POST /bank-returns", Request()
        yield "GET /bank-returns/{return_id}", Request(returned)
        yield "GET /bank-returns/{return_id}/lines", Request(returned)
        yield "GET /cash-accounts", Request()
        yield (
            "POST /cash-accounts",
            Request(body={"company_id": COMPANY_ID, "name": "Cofre", "kind": "safe"}),
        )
        yield "GET /cash-accounts/{account_id}", Request(account)
        yield "GET /cash-accounts/{account_id}/history", Request(account)
        yield "GET /cash-accounts/{account_id}/balance", Request(account, query=days)
        yield "GET /cash-accounts/{account_id}/movements", Request(account, query={"month": "2026-04"})
        yield "POST /cash-accounts/{account_id}/closing", Request(account, {"until": "2026-03-31"})
        yield "POST /cash-accounts/{account_id}/reopening", Request(account, {"reason": "Dia errado"})
        statement = {"statement_id": self.first("/statements")["id"]}
        yield "GET /statements", Request()
        yield "GET /statements/{statement_id}", Request(statement)
        yield "GET /statements/{statement_id}/lines", Request(statement)
        yield (
            "POST /payment-profiles/{profile_id}/statements",
            Request({"profile_id": self.story.profiles["756"]}, {"format": "ofx"}),
        )
        received = {
            "end_to_end_id": "E00000000202604101205AbCdEfGh123",
            "amount": "10.00",
            "received_on": "2026-04-10",
        }
        yield (
            "POST /payment-profiles/{profile_id}/pix-receipts",
            Request({"profile_id": self.story.profiles["341"]}, {"receipts": [received]}),
        )

    def _of_instructions(self) -> Iterator[tuple[str, Request]]:
        invoice = self.first(f"/customers/{self.payer}/invoices")["id"]
        ids = {"customer_id": self.payer, "invoice_id": invoice}
        waiting = self._instruction_that_waits(invoice)
        body = {"invoices": [ids], "movement": "protest", "justification": "Sem resposta do cliente"}
        one = "/customers/{customer_id}/invoices/{invoice_id}"
        yield "POST /bank-instructions", Request(body=body)
        yield f"GET {one}/instructions", Request(ids)
        yield f"GET {one}/offered-instructions", Request(ids)
        yield (
            f"POST {one}/instructions/{{instruction_id}}/cancel",
            Request({**ids, "instruction_id": waiting}, {"reason": "Engano"}),
        )
        yield (
            f"POST {one}/instructions/{{instruction_id}}/send-again",
            Request({**ids, "instruction_id": waiting}, {"reason": "O arquivo não foi enviado"}),
        )
        yield (
            "POST /customers/{customer_id}/invoices/report-written-off",
            Request({"customer_id": self.payer}, {"ids": [invoice], "reason": "Pedida ao gerente"}),
        )

    def _sender_domain(self) -> str:
        now = wiring.clock().now()
        domain = SenderDomain(domain="remetentes.example", tenant_id=TENANT_ID, claimed_at=now, proven_at=now)
        writes = Writes()
        writes.overwrite(domain_row(domain))
        writes.overwrite(claimed_row(TENANT_ID, domain.domain))
        writes.commit()
        return domain.domain

    def _instruction_that_waits(self, invoice_id: str) -> str:
        instruction = TitleInstruction(
            id=instruction_id(invoice_id, Movement.CHANGE_DATA, 1),
            movement=Movement.CHANGE_DATA,
            customer_id=self.payer,
            invoice_id=invoice_id,
            number=1,
            company_id=COMPANY_ID,
            profile_id=self.story.profiles["341"],
            justification="Mudou de endereço",
            asked_by=ADMIN,
            asked_at=wiring.clock().now(),
        )
        writes = Writes()
        writes.put(instruction_row(TENANT_ID, instruction))
        writes.commit()
        return instruction.id

    def _of_runs(self) -> Iterator[tuple[str, Request]]:
        run = {"run_id": self.first("/runs")["id"]}
        simulated = {"run_id": next(r["id"] for r in self.get("/runs")["items"] if "simulation" in r["kind"])}
        due = {"due_from": "2026-05-01", "due_to": "2026-05-31"}
        yield "GET /runs", Request()
        yield "POST /runs/billing", Request(body={"company_id": COMPANY_ID, **due})
        yield "POST /runs/closings", Request(body={"on": "2026-04-21"})
        yield "POST /runs/dispatches", Request(body={"company_id": COMPANY_ID, **due})
        yield "POST /runs/remittances", Request(body={"profile_id": self.story.profiles["341"], **due})
        yield "POST /runs/simulations", Request(body={"month": "2026-04"})
        yield "GET /runs/{run_id}", Request(run)
        yield "GET /runs/{run_id}/simulation", Request(simulated)
        yield "GET /runs/{run_id}/parked", Request(run)
        yield "POST /runs/{run_id}/cancel", Request(run)
        yield "POST /runs/{run_id}/start-again", Request(run)

    def _of_customers(self) -> Iterator[tuple[str, Request]]:
        person = _seven(base.SEED)[3].data
        customer = {"customer_id": self.payer}
        stranger = {**person, "document": "111.444.777-35"}
        yield "GET /customers", Request(query={"document": str(person["document"])})
        yield "POST /customers", Request(body=stranger)
        yield "GET /customers/{customer_id}", Request(customer)
        yield "GET /customers/{customer_id}/history", Request(customer)
        yield "PUT /customers/{customer_id}", Request(customer, {**person, "trade_name": "Novo nome"})
        yield "PUT /customers/{customer_id}/activity", Request(customer, {"is_active": False})

    def _of_contracts(self) -> Iterator[tuple[str, Request]]:
        agreed = self._agreed(Business.PRINT)
        customer, contract = {"customer_id": agreed.customer_id}, {"contract_id": agreed.contract_id}
        ids = customer | contract
        kept = self.get("/customers/{customer_id}/contracts/{contract_id}".format_map(ids))
        version = kept["version"]
        printers = ("eqp_novo0001",)
        new = base.print_contract(MONTH.first_day, self.story.profiles["756"], printers, by_hand=True)
        terms = {
            name: value for name, value in new.items() if name not in {"company_id", "items", "definitions"}
        }
        item = {**new["items"][0], "joined_on": "2026-04-01"}
        definition = {**new["definitions"][3], "valid_from": "2026-06-01"}
        start, why = {"on": "2026-04-21"}, {"on": "2026-04-21", "reason": "Pedido do cliente"}
        root = "/customers/{customer_id}/contracts"
        one = f"{root}/{{contract_id}}"
        yield f"GET {root}", Request(customer)
        yield f"POST {root}", Request(customer, new)
        yield f"GET {one}", Request(ids)
        yield f"GET {one}/history", Request(ids)
        yield f"PUT {one}/activation", Request(ids, start, version=version)
        yield f"PUT {one}/cancellation", Request(ids, why, version=version)
        yield f"PUT {one}/cancellation-request", Request(ids, why, version=version)
        yield f"DELETE {one}/cancellation-request", Request(ids, version=version)
        yield f"PUT {one}/suspension", Request(ids, why, version=version)
        yield f"DELETE {one}/suspension", Request(ids, version=version)
        yield f"PUT {one}/terms", Request(ids, {**terms, "notes": "Renegociado."}, version=version)
        since = {"valid_from": str(MONTH.plus(3).first_day)}
        confirmed = {"proposal": "0" * 32}
        for tool, body in (
            ("tax-codes", since),
            ("missing-meters", {}),
            ("energy-preferences", {**since, "energy": {}}),
        ):
            yield f"POST {one}/{tool}/proposal", Request(ids, body or None)
            yield f"PUT {one}/{tool}", Request(ids, {**body, **confirmed}, version=version)
        change = {"due": {"day": 22, "months_after": 1}}
        yield f"POST {one}/changes/proposal", Request(ids, change)
        yield f"GET {one}/changes", Request(ids)
        yield f"POST {one}/changes", Request(ids, {**change, **confirmed})
        yield f"PUT {one}/items/{{item_id}}", Request({**ids, "item_id": item["id"]}, item, version=version)
        of_definition = {**ids, "definition_id": definition["definition_id"]}
        yield f"PUT {one}/definitions/{{definition_id}}", Request(of_definition, definition, version=version)

    def _of_usage(self) -> Iterator[tuple[str, Request]]:
        cloud, printing = self._agreed(Business.CLOUD), self._agreed(Business.PRINT)
        user, reader = {"customer_id": cloud.customer_id}, {"customer_id": printing.customer_id}
        entry = self.first(f"/customers/{cloud.customer_id}/usage?month={MONTH}")
        entered = {**user, "month": str(MONTH), "usage_id": entry["id"]}
        meter = {"item_id": printing.printers[1], "unit": "page_mono"}
        query = f"item_id={meter['item_id']}&unit={meter['unit']}"
        reading = self.get(f"/customers/{printing.customer_id}/readings?{query}")["items"][-1]
        new = {"month": "2026-04", "billing_item_id": self.story.items[0], "quantity": "12.5"}
        shown = {**meter, "on": "2026-04-20", "value": "99000"}
        taken = {**reader, **meter, "on": reading["on"]}
        yield "GET /customers/{customer_id}/usage", Request(user, query={"month": str(MONTH)})
        yield "GET /customers/{customer_id}/usage/months", Request(user)
        yield "GET /customers/{customer_id}/usage/chart", Request(user)
        yield "POST /customers/{customer_id}/usage", Request(user, new)
        yield (
            "DELETE /customers/{customer_id}/usage/{month}/{usage_id}",
            Request(entered, version=entry["version"]),
        )
        yield "POST /usage/batch", Request(body={"events": [{**new, **user, "event_key": "evento-0001"}]})
        yield "GET /customers/{customer_id}/readings", Request(reader, query=meter)
        yield "POST /customers/{customer_id}/readings", Request(reader, shown)
        yield (
            "PUT /customers/{customer_id}/readings/{item_id}/{unit}/{on}",
            Request(taken, {"value": "99000"}, version=reading["version"]),
        )
        yield (
            "POST /readings/batch",
            Request(body={"readings": [{**shown, **reader, "event_key": "leitura-0001"}]}),
        )

    def _of_work(self) -> Iterator[tuple[str, Request]]:
        agreed = self._agreed(Business.PRINT)
        contract = {"customer_id": agreed.customer_id, "contract_id": agreed.contract_id}
        done = {
            "event_key": "os-0001",
            "customer_id": agreed.customer_id,
            "item_id": agreed.printers[0],
            "on": "2026-04-10",
            "category": "work_order",
            "subcategory": "labour",
            "quantity": "2.5",
        }
        imported = {"import_id": self.first("/usage-imports")["id"]}
        days = {"start": "2026-04-01", "end": "2026-05-01"}
        yield (
            "GET /customers/{customer_id}/contracts/{contract_id}/transactions",
            Request(contract, query=days),
        )
        yield "GET /customers/{customer_id}/contracts/{contract_id}/carry-over", Request(contract)
        yield "POST /transactions/batch", Request(body={"transactions": [done]})
        yield "POST /simulations/contracts", Request(body={**contract, "month": str(MONTH)})
        yield "GET /utility-bills", Request(query={"source": BILL["source"]})
        yield "POST /utility-bills/batch", Request(body={"bills": [{**BILL, "month": "2026-05"}]})
        yield "PUT /utility-bills", Request(body={**BILL, "amount": "900.00"})
        yield "GET /usage-imports", Request()
        yield "POST /usage-imports", Request(body=FILE)
        yield "GET /usage-imports/{import_id}", Request(imported)
        yield "GET /usage-imports/{import_id}/lines", Request(imported)

    def _of_closings(self) -> Iterator[tuple[str, Request]]:
        owner = {"customer_id": self._agreed(Business.PRINT).customer_id}
        summaries = self.get("/customers/{customer_id}/closings".format_map(owner))["items"]
        (frozen,) = [closing["id"] for closing in summaries if closing["status"] == "frozen"]
        version = self.get(f"/customers/{owner['customer_id']}/closings/{frozen}")["version"]
        ids = {**owner, "closing_id": frozen}
        one = "/customers/{customer_id}/closings/{closing_id}"
        adjustment = {"kind": "discount", "description": "Cortesia", "amount": "5.00"}
        charged = {"total": "100.00", "cost_centre": "CC-1", "ticket": "CH-1", "confirm": True}
        yield "GET /closings", Request(query={"month": str(MONTH)})
        yield "GET /closings/timeline", Request(query={"first": "2026-01", "last": "2026-06"})
        yield "GET /customers/{customer_id}/closings", Request(owner)
        yield f"GET {one}", Request(ids)
        yield f"GET {one}/lines", Request(ids)
        yield f"GET {one}/history", Request(ids)
        yield f"GET {one}/pdf", Request(ids)
        yield f"POST {one}/computations", Request(ids)
        yield f"POST {one}/adjustments", Request(ids, adjustment)
        removed = {**ids, "adjustment_id": "adj_00000001"}
        yield f"DELETE {one}/adjustments/{{adjustment_id}}", Request(removed, version=version)
        yield f"POST {one}/notes", Request(ids, {"text": "Conferido com o cliente."})
        yield f"PUT {one}/freeze", Request(ids, {"confirm": True}, version=version)
        yield f"DELETE {one}/freeze", Request(ids, version=version)
        yield f"PUT {one}/charge", Request(ids, charged, version=version)

    def new_charge(self) -> dict[str, Any]:
        return _new_charge(self.story)

    def _of_invoicing(self) -> Iterator[tuple[str, Request]]:
        owner = {"customer_id": self.payer}
        charge = self.first(f"/customers/{self.payer}/charges")
        invoice = self.first(f"/customers/{self.payer}/invoices")
        of_charge, of_invoice = {**owner, "charge_id": charge["id"]}, {**owner, "invoice_id": invoice["id"]}
        inserted = self.new_charge()
        edited = {name: inserted[name] for name in ("description", "amount", "due_on", "reference")}
        charges, invoices = {"ids": [charge["id"]]}, {"ids": [invoice["id"]]}
        why = {"reason": "Pedido do cliente"}
        suspension = {**why, "reason": "complaint"}
        root = "/customers/{customer_id}"
        yield f"GET {root}/charges", Request(owner)
        yield f"POST {root}/charges", Request(owner, inserted)
        yield f"POST {root}/charges/bill", Request(owner, charges)
        yield f"POST {root}/charges/remove", Request(owner, {**charges, "notes": "Engano"})
        yield f"POST {root}/charges/suspend", Request(owner, charges | suspension)
        yield f"POST {root}/charges/unsuspend", Request(owner, charges | suspension)
        yield f"GET {root}/charges/{{charge_id}}", Request(of_charge)
        yield f"GET {root}/charges/{{charge_id}}/history", Request(of_charge)
        yield f"PUT {root}/charges/{{charge_id}}", Request(of_charge, edited, version=charge["version"])
        yield f"GET {root}/invoices", Request(owner)
        yield f"POST {root}/invoices/print", Request(owner, invoices)
        yield f"POST {root}/invoices/remove", Request(owner, invoices | why)
        yield f"POST {root}/invoices/remove-remittance-mark", Request(owner, invoices | why)
        yield f"POST {root}/invoices/suspend", Request(owner, invoices | suspension)
        yield f"POST {root}/invoices/unsuspend", Request(owner, invoices | suspension)
        yield f"GET {root}/invoices/{{invoice_id}}", Request(of_invoice)
        yield f"POST {root}/invoices/{{invoice_id}}/comments", Request(of_invoice, {"text": "Ligar amanhã."})
        yield f"GET {root}/invoices/{{invoice_id}}/history", Request(of_invoice)
        yield f"GET {root}/invoices/{{invoice_id}}/pdf", Request(of_invoice)

    def _of_payments(self) -> Iterator[tuple[str, Request]]:
        owner = {"customer_id": self.payer}
        invoice = self.first(f"/customers/{self.payer}/invoices")["id"]
        of_invoice = {**owner, "invoice_id": invoice}
        settlement = self.first(f"/customers/{self.payer}/invoices/{invoice}/settlements")["id"]
        settled = {**of_invoice, "settlement_id": settlement}
        held = self.first("/held-receipts?month=2026-04")
        receipt = {"month": "2026-04", "receipt_id": held["id"]}
        one = "/customers/{customer_id}/invoices/{invoice_id}/settlements"
        by_hand = {
            "invoices": [of_invoice],
            "method": "other",
            "settled_on": "2026-04-20",
            "justification": "Pago no balcão",
        }
        resolving = {
            "version": held["version"],
            "resolution": "refund",
            "account_id": self.story.accounts["341"],
        }
        yield "GET /customers/{customer_id}/credit", Request(owner)
        yield f"GET {one}", Request(of_invoice)
        yield f"GET {one}/{{settlement_id}}/receipt", Request(settled)
        yield "POST /settlements", Request(body=by_hand)
        paid = {**self.new_charge(), "settlement": {"method": "other", "justification": "Pago no balcão"}}
        yield "POST /customers/{customer_id}/settled-charges", Request(owner, paid)
        closing = {"invoices": [of_invoice], "justification": "Diferença de centavos"}
        yield "POST /outstanding-balances/settlement", Request(body=by_hand)
        yield "POST /outstanding-balances/forgiveness", Request(body=closing)
        yield "POST /outstanding-balances/rebilling", Request(body={**closing, "due_on": "2026-12-10"})
        yield "POST /settlements/reconciliation", Request(body={**settled, "credited_on": "2026-04-21"})
        yield "POST /settlements/reversals", Request(body={**settled, "on": "2026-04-21", "reason": "Engano"})
        yield "GET /held-receipts", Request(query={"month": "2026-04"})
        yield "POST /held-receipts/{month}/{receipt_id}/resolution", Request(receipt, resolving)

    def _of_the_counter(self) -> Iterator[tuple[str, Request]]:
        reason = {"reason_id": self.first("/listed-reasons")["id"]}
        session = self.first("/cash-sessions/mine")
        of_session = {"account_id": session["account_id"], "session_id": session["id"]}
        (listed,) = self.get(
            "/cash-accounts/{account_id}/sessions/{session_id}/receipts".format_map(of_session)
        )["items"]
        owner = {"customer_id": listed["customer_id"]}
        of_receipt = {**owner, "receipt_id": listed["id"]}
        again = {**owner, "invoice_ids": [listed["lines"][0]["invoice_id"]], "total": "1.00", "paid": {}}
        word = {**owner, "purpose": "discount", "email": "ana@aurora.example", "password": "Correta-2026!"}
        other = self.get("/cash-accounts")["items"][0]["id"]
        withdrawal = {"amounts": {"pix": "0.01"}, "target_account_id": other, "reason": "Sangria"}
        sessions = "/cash-accounts/{account_id}/sessions"
        one = "/customers/{customer_id}/counter-receipts"
        yield "GET /listed-reasons", Request()
        yield "POST /listed-reasons", Request(body={"kind": "discount_type", "name": "Cortesia"})
        yield "PUT /listed-reasons/{reason_id}", Request(reason, {"is_ended": True})
        yield "GET /listed-reasons/{reason_id}/history", Request(reason)
        yield "GET /customers/{customer_id}/amounts-due", Request(owner)
        yield "GET /customers/{customer_id}/financial-statement", Request(owner)
        yield "POST /authorisations", Request(body=word)
        yield "POST /counter-receipts", Request(body=again)
        yield "POST /counter-receipts/reversals", Request(body={**of_receipt, "reason": "Engano"})
        yield f"GET {one}", Request(owner)
        yield f"GET {one}/{{receipt_id}}/paper", Request(of_receipt)
        yield f"GET {one}/{{receipt_id}}/history", Request(of_receipt)
        yield "GET /cash-sessions/mine", Request()
        free = {"account_id": session["account_id"], "opening_cash": "10.00"}
        yield "POST /cash-sessions", Request(body=free)
        yield f"GET {sessions}", Request({"account_id": session["account_id"]})
        yield f"GET {sessions}/{{session_id}}/receipts", Request(of_session)
        yield f"GET {sessions}/{{session_id}}/history", Request(of_session)
        yield (
            f"PUT {sessions}/{{session_id}}/withdrawal",
            Request(of_session, withdrawal, version=session["version"]),
        )
        yield (
            f"PUT {sessions}/{{session_id}}/closing",
            Request(
                of_session,
                {"counted": {"cash": "100.00"}, "explanation": "Contado"},
                version=session["version"],
            ),
        )

    def _of_agreements(self) -> Iterator[tuple[str, Request]]:
        company = {"company_id": COMPANY_ID}
        yield "GET /companies/{company_id}/agreement-settings", Request(company)
        yield "PUT /companies/{company_id}/agreement-settings", Request(company, {"most_instalments": 10})
        customer_id, made = next(
            (agreed.customer_id, items[0])
            for agreed in self.story.agreed
            if (items := self.get(f"/customers/{agreed.customer_id}/agreements")["items"])
        )
        owner = {"customer_id": customer_id}
        part = made["standing"][0]["invoice_id"]  # refused: it is an instalment
        again = _agreement_of(self.story, part)
        of_agreement = {**owner, "agreement_id": made["id"]}
        confirmation = {"proposal": "5f0c2a9b7d3e4f61a8b0c2d4e6f80a1b"}
        root = "/customers/{customer_id}/agreements"
        one = f"{root}/{{agreement_id}}"
        yield f"GET {root}", Request(owner)
        yield f"POST {root}/proposal", Request(owner, again)
        yield f"POST {root}", Request(owner, {**again, **confirmation})
        for name in ("paper", "history"):
            yield f"GET {one}/{name}", Request(of_agreement)
        yield f"POST {one}/break/proposal", Request(of_agreement)
        yield f"POST {one}/break", Request(of_agreement, {"reason": "Não pagou", **confirmation})

    def _of_messages(self) -> Iterator[tuple[str, Request]]:
        owner = {"customer_id": self.payer}
        invoice = self.first(f"/customers/{self.payer}/invoices")["id"]
        sent = {**owner, "message_id": self.first(f"/customers/{self.payer}/messages")["id"]}
        kept = next(one for one in self.get("/message-templates")["items"] if "purpose" in one)
        template = {"template_id": kept["id"]}
        new = {"name": "Aviso", "kind": "single", "channel": "email", "subject": "Aviso", "body": "Bom dia."}
        message = {"company_id": COMPANY_ID, "subject": "Aviso", "body": "Bom dia."}
        root = "/customers/{customer_id}/messages"
        yield "GET /message-wildcards", Request()
        yield "GET /message-templates", Request()
        yield "POST /message-templates", Request(body=new)
        yield "GET /message-templates/{template_id}", Request(template)
        yield "GET /message-templates/{template_id}/history", Request(template)
        yield "PUT /message-templates/{template_id}", Request(template, new)
        yield "DELETE /message-templates/{template_id}", Request(template)
        yield f"GET {root}", Request(owner)
        yield f"POST {root}", Request(owner, {**message, "invoice_ids": [invoice]})
        yield f"POST {root}/preview", Request(owner, {**message, "invoice_id": invoice})
        yield f"GET {root}/{{message_id}}", Request(sent)
        yield f"GET {root}/{{message_id}}/content", Request(sent)

    def _has_paid(self, agreed: base.Agreed) -> bool:
        is_paid = self.first(f"/customers/{agreed.customer_id}/invoices")["status"] == "settled"
        return agreed.business == Business.ISP and bool(is_paid)

    def _agreed(self, business: Business) -> base.Agreed:
        return next(agreed for agreed in self.story.agreed if agreed.business == business)
