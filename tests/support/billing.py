"""A small base to bill: customers, one Itaú profile, charges; and the billing run's tasks in the order of its
machine."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from billing.access.call import Call
from billing.banking import store as banking
from billing.banking.model import PaymentProfile
from billing.banking.terms import BankTerms, Layout
from billing.core.errors import NotFound
from billing.core.files import Files, UploadForm
from billing.core.table import MAX_TRANSACTION_ITEMS, Writes
from billing.customers import store as customers
from billing.customers.company import Company
from billing.customers.company_store import company_row
from billing.customers.model import Address, Customer, PersonKind
from billing.invoicing import billing_run, store
from billing.invoicing.billing_run import BillingRequest
from billing.invoicing.charge import Charge
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.model import Run, RunEvent
from tests.support.invoices import charge
from tests.support.tasks import in_task

REQUEST = BillingRequest(company_id="com_alfa", due_from=date(2026, 4, 1), due_to=date(2026, 4, 30))
ADDRESS = Address(
    street="Rua A", number="1", district="Centro", city="Rio de Janeiro", uf="RJ", cep="20040002"
)


@dataclass
class MemoryFiles:
    """Files in a dictionary."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def put_once(self, key: str, data: bytes) -> bool:
        if key in self.kept:
            return False
        self.kept[key] = data
        return True

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        self.kept[key] = data

    def get(self, key: str, version: str | None = None) -> bytes:
        if key not in self.kept:
            raise NotFound("file.missing", "O arquivo não existe.")
        return self.kept[key]

    def chunks(self, key: str, version: str | None = None) -> Iterator[bytes]:
        data = self.get(key, version)
        return (data[start : start + 1000] for start in range(0, len(data), 1000))

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.kept if key.startswith(prefix))

    def delete(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            self.kept.pop(key, None)

    def download_url(self, key: str, name: str) -> str:
        return f"https://files.example/{key}"

    def upload_form(self, key: str, content_type: str, max_bytes: int) -> UploadForm:
        fields = {"key": key, "Content-Type": content_type}
        return UploadForm(url="https://files.example", fields=fields, max_bytes=max_bytes)


class NoProcesses:
    """The state machines are walked by the test."""

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        """Nothing starts automatically."""


def profile(**changes: Any) -> PaymentProfile:
    terms = BankTerms(
        bank="341",
        agencia="1234",
        conta="56789",
        conta_digit="1",
        carteira="109",
        layout=Layout.CNAB400,
        beneficiary_name="Alfa Telecom Ltda",
        beneficiary_document="11222333000181",
        fine_percent=Decimal("2.00"),
        interest_percent_month=Decimal("1.00"),
        pix_key="11222333000181",
    )
    fields = {
        "id": "pro_itau",
        "company_id": "com_alfa",
        "name": "Itaú cobrança",
        "terms": terms,
        "last_nosso_numero": 99999999,
        "cash_account_id": "acc_itau",
        "imports_pix": True,
        **changes,
    }
    return PaymentProfile(**fields)


def company() -> Company:
    return Company(
        id="com_alfa",
        legal_name="Alfa Telecom Ltda",
        trade_name="Alfa",
        cnpj="11222333000181",
        address=ADDRESS,
        municipality_code="3304557",
        service_phone="21987654321",
        sender_email="financeiro@alfa.example",
    )


def customer(customer_id: str, code: int = 1, **changes: Any) -> Customer:
    fields = {
        "id": customer_id,
        "code": code,
        "kind": PersonKind.INDIVIDUAL,
        "name": f"Cliente {code}",
        "document": "52998224725",
        "addresses": (ADDRESS,),
        "registered_on": date(2026, 1, 2),
        **changes,
    }
    return Customer(**fields)


def keep(call: Call, *things: Customer | Charge | PaymentProfile | Company) -> None:
    """Put each as it is."""
    for thing in things:
        writes = Writes()
        match thing:
            case Customer():
                writes.put(customers.customer_row(call.tenant_id, thing))
            case Charge():
                writes.put(store.charge_row(call.tenant_id, thing))
            case PaymentProfile():
                writes.put(banking.profile_row(call.tenant_id, thing))
            case Company():
                writes.put(company_row(call.tenant_id, thing))
        writes.commit()


def six_customers(call: Call) -> None:
    """Five that can be billed, two of them with two charges, and one whose discounts exceed its charges."""
    keep(call, company(), profile())
    for number in range(1, 7):
        customer_id = f"cus_{number:04d}"
        keep(
            call,
            customer(customer_id, number),
            charge(customer_id=customer_id, contract_id=f"con_{number:04d}"),
        )
    keep(
        call,
        charge(customer_id="cus_0002", contract_id="con_0002", definition_id="def_mail"),
        charge(customer_id="cus_0003", contract_id="con_0003", definition_id="def_off", amount="-100.00"),
        charge(customer_id="cus_0006", contract_id="con_0006", definition_id="def_off", amount="-100.01"),
    )


def many_charges(call: Call, count: int) -> None:
    """A seventh customer, with more charges due on one day than one transaction can move."""
    keep(call, customer("cus_0007", 7))
    parts = [
        charge(
            customer_id="cus_0007", contract_id="con_0007", definition_id=f"def_{number:04d}", amount="1.00"
        )
        for number in range(count)
    ]
    for start in range(0, count, MAX_TRANSACTION_ITEMS):
        writes = Writes()
        for part in parts[start : start + MAX_TRANSACTION_ITEMS]:
            writes.put(store.charge_row(call.tenant_id, part))
        writes.commit()


def bill_all(call: Call, files: Files, request: BillingRequest = REQUEST) -> Run:
    """Start, plan, each chunk, check: what the billing run does."""
    run = billing_run.start(call, NoProcesses(), request)
    walk(RunEvent(tenant_id=call.tenant_id, run_id=run.id), files)
    return run_rows.get(call.tenant_id, run.id)


def walk(event: RunEvent, files: Files) -> None:
    planned = runs.plan(in_task(event, files), billing_run.plan_billing)
    for chunk in planned["chunks"]:  # type: ignore[attr-defined]
        runs.work(in_task(event.evolve(chunk=chunk), files), billing_run.bill_chunk, billing_run.has_begun)
    runs.check(in_task(event, files))
