"""Contracts made at the same moment."""

import pytest

from billing.access.call import Call
from billing.contracts import service, store
from billing.contracts.model import NewContract
from billing.core.ids import new_id
from billing.customers.company import Company
from billing.customers.company_store import company_row
from billing.customers.model import Customer
from billing.customers.store import customer_row
from tests.support.aws import InProcessAws

COMPANY = Company.model_validate(
    {
        "id": "com_alfa",
        "legal_name": "Vale Fibra Ltda.",
        "trade_name": "Vale Fibra",
        "cnpj": "11222333000181",
        "address": {"street": "Rua A", "district": "Centro", "city": "Rio", "uf": "RJ", "cep": "22240003"},
        "municipality_code": "3304557",
        "service_phone": "(21) 2555-1234",
        "sender_email": "cobranca@example.com",
    }
)
NEW = NewContract.model_validate(
    {
        "company_id": "com_alfa",
        "description": "Fibra 500 Mega",
        "mode": "recurring",
        "starts_on": "2026-01-20",
        "due": {"day": 10},
        "payment_profile_id": "pro_alfa",
    }
)


@pytest.mark.req("CTR-10")
def test_contracts_made_at_the_same_moment_have_numbers_of_their_own(aws: InProcessAws, call: Call) -> None:
    customer = Customer.model_validate(
        {
            "id": new_id("cus"),
            "kind": "individual",
            "name": "Joana Prado",
            "document": "52998224725",
            "code": 1,
            "registered_on": "2026-01-01",
        }
    )
    customer_row(call.tenant_id, customer).save()
    company_row(call.tenant_id, COMPANY).save()

    def add() -> int:
        return service.add(call, customer.id, NEW, lambda *_: "com_alfa").number

    earlier: list[int] = []

    def observe(operation: str, body: bytes, when: str) -> None:
        if operation == "TransactWriteItems" and when == "before":
            aws.observers.remove(observe)
            earlier.append(add())

    aws.observers.append(observe)
    later = add()

    assert (earlier, later) == ([1], 2)
    assert [c.number for c in store.contracts_of(call.tenant_id, customer.id)] == [1, 2]
