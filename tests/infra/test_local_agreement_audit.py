"""What the audit finds in debt agreements that do not add up: each fault is put into correct books."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from billing.access.call import Call
from billing.core.money import Money
from billing.invoicing.states import InvoiceStatus
from infra.local.agreement_audit import AgreementBooks, findings
from infra.local.audit import agreement_books
from infra.local.audit import open_books as books_of
from tests.support.agreements import agree, base, broken, charge_of, configure, invoice_of, pay
from tests.support.aws import InProcessAws

Fault = Callable[[AgreementBooks], AgreementBooks]


def of_invoice(books: AgreementBooks, invoice_id: str, **changes: object) -> AgreementBooks:
    changed = books.invoices[invoice_id].evolve(**changes)
    return replace(books, invoices={**books.invoices, invoice_id: changed})


@pytest.fixture
def whole(aws: InProcessAws, call: Call) -> AgreementBooks:
    """One agreement in force, whose first part is paid."""
    base(call)
    configure(call)
    made = agree(call)
    pay(call, invoice_of(call, made, 1))
    return agreement_books(call.tenant_id, books_of(call.tenant_id))


@pytest.mark.req("BEY-10", "PAY-06")
def test_agreement_that_does_not_add_up_is_found(whole: AgreementBooks) -> None:
    assert list(findings(whole)) == []
    (agreement,) = whole.agreements
    first = agreement.charge_id(1)
    part = whole.charges[first]
    faults: dict[str, AgreementBooks] = {
        "sum_of_agreement": replace(whole, agreements=[agreement.evolve(total=Money("102.94"))]),
        "renegotiated_invoice": of_invoice(whole, "inv_ana0", status=InvoiceStatus.OPEN, agreement_id=None),
        "instalment": replace(whole, charges={**whole.charges, first: part.evolve(amount=Money("0.01"))}),
        "settled_by_agreement": replace(
            whole,
            settlements=[
                one.evolve(method="agreement", justification=f"Parcelamento {agreement.code}")
                for one in whole.settlements
            ],
        ),
        "without_agreement": replace(whole, agreements=[]),
    }

    assert {rule: [finding.rule for finding in findings(books)] for rule, books in faults.items()} == {
        rule: [rule] for rule in faults
    }


@pytest.mark.req("BEY-10", "PAY-06")
def test_instalment_still_charged_after_a_break_is_found(aws: InProcessAws, call: Call) -> None:
    base(call)
    configure(call)
    made = agree(call)
    part = charge_of(call, made, 2)
    broken(call, made)
    books = agreement_books(call.tenant_id, books_of(call.tenant_id))
    assert list(findings(books)) == []

    (finding,) = findings(replace(books, charges={**books.charges, part.id: part}))

    assert (finding.rule, finding.subject) == ("instalment_after_end", part.id)
