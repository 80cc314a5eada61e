"""Registrations made at the same moment."""

import pytest

from billing.access.call import Call, Idempotency
from billing.audit.changes import kept_answer
from billing.core.errors import Conflict, Refused
from billing.customers import lookups, service, store
from billing.customers.model import Customer, CustomerData
from tests.support.aws import InProcessAws

LEAD = CustomerData.model_validate({"kind": "lead", "name": "João Ávila"})
JOANA = CustomerData.model_validate(
    {"kind": "individual", "name": "Joana Prado", "document": "529.982.247-25"}
)


def just_before(aws: InProcessAws, happens: object) -> None:
    """Runs `happens` once, between what the next transaction has read and its write."""
    assert callable(happens)

    def observe(operation: str, body: bytes, when: str) -> None:
        if operation == "TransactWriteItems" and when == "before" and observe in aws.observers:
            aws.observers.remove(observe)
            happens()

    aws.observers.append(observe)


@pytest.mark.req("CUS-01")
def test_people_registered_at_the_same_moment_get_codes_of_their_own(aws: InProcessAws, call: Call) -> None:
    others: list[Customer] = []
    just_before(aws, lambda: others.append(service.add(call, LEAD)))
    later = service.add(call, LEAD)

    assert [others[0].code, later.code] == [1, 2]
    assert [customer.id for customer in lookups.by_code(call.tenant_id, 2)] == [later.id]


@pytest.mark.req("CUS-01")
def test_document_registered_at_the_same_moment_is_one_persons(aws: InProcessAws, call: Call) -> None:
    just_before(aws, lambda: service.add(call, JOANA))

    with pytest.raises(Refused) as refused:
        service.add(call, JOANA)
    assert refused.value.code == "customer.document_taken"
    assert len(lookups.by_document(call.tenant_id, "52998224725")) == 1


@pytest.mark.req("PLT-02")
def test_same_request_at_the_same_moment_registers_once(aws: InProcessAws, call: Call) -> None:
    same = call._replace(idempotency=Idempotency("same-key-1", "hash"))
    just_before(aws, lambda: service.add(same, JOANA))

    with pytest.raises(Conflict):  # the edge then answers with the twin's answer
        service.add(same, JOANA)
    assert (kept_answer(same) or {})["code"] == 1
    assert len(lookups.by_document(call.tenant_id, "52998224725")) == 1


@pytest.mark.req("CUS-01")
def test_document_taken_between_two_corrections_is_refused_by_its_guard(
    aws: InProcessAws, call: Call
) -> None:
    lead = service.add(call, LEAD)
    just_before(aws, lambda: service.add(call, JOANA))

    with pytest.raises(Conflict):
        service.correct(call, lead.id, lead.version, JOANA)
    assert store.get(call.tenant_id, lead.id) == lead
