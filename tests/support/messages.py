"""A customer, a company and an invoice that messages are about; and a post office for the tests."""

from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from io import BytesIO
from pathlib import Path
from typing import Any

from billing.access.call import Call
from billing.adapters.local_mailbox import FAULTS, UNPROVEN, LocalMailbox
from billing.adapters.s3 import S3Files
from billing.banking import store as banking
from billing.banking.model import PaymentProfile
from billing.core.clock import FixedClock
from billing.core.money import Money
from billing.core.pace import Pace
from billing.core.period import Month, Period
from billing.core.table import Writes
from billing.customers import store as customers
from billing.customers.company import Company
from billing.customers.company_store import company_row
from billing.customers.model import Channel, Customer
from billing.customers.senders import Sender, sender_row
from billing.customers.table import CustomersTable
from billing.dispatch import store as dispatch
from billing.dispatch.sending import Postman
from billing.dispatch.templates import Template, demonstration
from billing.invoicing import store as invoicing
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice

BARCODE = "34196166700000123451101234567880057123457000"
LINHA = "34191.10121 34567.880058 71234.570001 6 16670000012345"
PIX = "00020126360014br.gov.bcb.pix0114+55119999999995204000053039865406129.905802BR5904ALFA6009SAO PAULO62070503***6304ABCD"


def company(**changes: object) -> Company:
    return Company.model_validate(
        {
            "id": "com_alfa",
            "legal_name": "Alfa Telecomunicações Ltda.",
            "trade_name": "Alfa & Filhos",
            "cnpj": "11.222.333/0001-81",
            "address": ADDRESS,
            "municipality_code": "3304557",
            "service_phone": "(21) 2555-1234",
            "site": "https://alfa.example",
            "sender_email": "cobranca@alfa.example",
            **changes,
        }
    )


def customer(**changes: object) -> Customer:
    return Customer.model_validate(
        {
            "id": "cus_joana",
            "code": 1042,
            "registered_on": "2026-01-05",
            "kind": "individual",
            "name": "Joana d'Ávila <Gonçalves>",
            "document": "529.982.247-25",
            "emails": ["joana@example.com"],
            "phones": ["(21) 98765-4321"],
            "channels": ["email", "sms"],
            **changes,
        }
    )


def charges() -> tuple[Charge, ...]:
    """The charges that add up to the invoice."""
    return (
        Charge(
            id="chg_one1",
            customer_id="cus_joana",
            company_id="com_alfa",
            description="Plano Fibra 500 Mb",
            amount=Money("129.90"),
            due_on=date(2026, 4, 10),
            reference=Period.of_month(Month("2026-03")),
        ),
    )


def invoice(**changes: object) -> Invoice:
    return Invoice.model_validate(
        {
            "id": "inv_one1",
            "number": 1042,
            "company_id": "com_alfa",
            "customer_id": "cus_joana",
            "description": "Plano Fibra 500 Mb",
            "amount": Money("129.90"),
            "due_on": date(2026, 4, 10),
            "issued_on": date(2026, 3, 10),
            "charge_ids": ("chg_one1",),
            "title_number": 12345678,
            "nosso_numero": "12345678",
            "barcode": BARCODE,
            "pix_payload": PIX,
            **changes,
        }
    )


ADDRESS = {
    "street": "Rua das Laranjeiras",
    "district": "Laranjeiras",
    "city": "Rio de Janeiro",
    "uf": "RJ",
    "cep": "22240-003",
}

PROFILE = {
    "id": "pro_itau",
    "company_id": "com_alfa",
    "name": "Itaú 109",
    "terms": {
        "bank": "341",
        "agencia": "0057",
        "conta": "12345",
        "conta_digit": "7",
        "carteira": "109",
        "layout": "cnab400",
        "beneficiary_name": "Alfa Telecom Ltda",
        "beneficiary_document": "11222333000181",
    },
    "last_nosso_numero": 99999999,
}


def keep(tenant_id: str, *things: Customer | Company | Invoice | Charge | PaymentProfile | Template) -> None:
    """In their tables, as their services would have put them."""
    for thing in things:
        writes = Writes()
        writes.put(_ROWS[type(thing)](tenant_id, thing))
        if isinstance(thing, Company):
            writes.overwrite(proven_sender(tenant_id, thing))
        writes.commit()


def proven_sender(tenant_id: str, of: Company) -> CustomersTable:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return sender_row(Sender(address=of.sender_email, tenant_id=tenant_id, claimed_at=at, proven_at=at))


_ROWS: dict[type, Any] = {
    Customer: customers.customer_row,
    Company: company_row,
    Invoice: invoicing.invoice_row,
    Charge: invoicing.charge_row,
    PaymentProfile: banking.profile_row,
    Template: dispatch.template_row,
}


def keep_base(tenant_id: str) -> None:
    """Six customers of one company, each with an invoice due on 10/04, and the templates of the demonstration.

    Joana accepts e-mail, then SMS; Bruno SMS; the bakery e-mail at two addresses; Davi only WhatsApp; Elza's boleto is
    not registered yet; Fábio's invoice is suspended.
    """
    bakery = {"kind": "company", "name": "Padaria São João Ltda.", "document": "11.444.777/0001-61"}
    keep(
        tenant_id,
        company(),
        PaymentProfile.model_validate(PROFILE),
        customer(id="cus_joana", code=1),
        customer(id="cus_bruno", code=2, name="Bruno Conceição", channels=["sms"]),
        customer(
            id="cus_padaria",
            code=3,
            **bakery,
            channels=["email"],
            emails=["nfe@padaria.example", "ze@padaria.example"],
        ),
        customer(id="cus_davi", code=4, name="Davi Araújo", channels=["whatsapp"]),
        customer(id="cus_elza", code=5, name="Elza Simões", emails=["elza@example.com"]),
        customer(id="cus_fabio", code=6, name="Fábio Leão", emails=["fabio@example.com"]),
    )
    for number, name in enumerate(["joana", "bruno", "padaria", "davi", "elza", "fabio"], start=1):
        state = {"remittance": "transmitted" if name == "elza" else "registered"}
        if name == "fabio":
            state["status"] = "suspended"
        keep(
            tenant_id,
            invoice(
                id=f"inv_{name}",
                number=number,
                customer_id=f"cus_{name}",
                payment_profile_id="pro_itau",
                **state,
            ),
        )
    for order, new in enumerate(demonstration()):
        keep(tenant_id, Template.model_validate({**new.__dict__, "id": f"tpl_{order:04d}"}))


def pdf_of(_call: Call, customer_id: str, invoice_id: str) -> bytes:
    """A real one-page PDF that says which invoice it is."""
    from reportlab.pdfgen.canvas import Canvas

    page = BytesIO()
    canvas = Canvas(page, invariant=True)
    canvas.drawString(72, 720, f"{customer_id} {invoice_id}")
    canvas.save()
    return page.getvalue()


def no_pause(_seconds: float) -> None:
    """Tests do not sleep."""


def postman(folder: Path, **changes: Any) -> Postman:
    """A postman whose messages land in `folder`, at noon of 2026-03-10 in São Paulo."""
    fields: dict[str, Any] = {
        "messengers": {
            Channel.EMAIL: LocalMailbox(folder, "eml"),
            Channel.SMS: LocalMailbox(folder, "txt"),
        },
        "files": S3Files("mensal-files"),
        "clock": FixedClock(datetime(2026, 3, 10, 15, 0, tzinfo=UTC)),
        "pdf_of": pdf_of,
        "pace": Pace(1000, sleep=no_pause),
        **changes,
    }
    return Postman(**fields)


def received(folder: Path) -> list[str]:
    """The recipients of each message in the mailbox, in order, once for each message."""
    people = [parse_email(file)["To"] for file in folder.glob("*.eml")]
    people += [
        file.read_text().splitlines()[0].removeprefix("Para: ")
        for file in folder.glob("*.txt")
        if file.name not in {FAULTS, UNPROVEN}
    ]
    return sorted(people)


def parse_email(file: Path) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(file.read_bytes())
