"""A customer, a company and an invoice that messages are about."""

from datetime import date

from billing.core.money import Money
from billing.customers.company import Company
from billing.customers.model import Customer
from billing.invoicing.model import Invoice

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
