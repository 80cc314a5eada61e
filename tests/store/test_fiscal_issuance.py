"""Fiscal documents of invoices: issued once, each number used, whatever is cut off and whenever (FIS-01..04,
INV-19)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing.access.call import Call
from billing.core.clock import FixedClock
from billing.core.errors import Refused
from billing.core.money import Money
from billing.fiscal import store
from billing.fiscal.cancellation import cancel, give_up
from billing.fiscal.desk import NotTaken
from billing.fiscal.document import DocumentState, Observations
from billing.fiscal.issuance import issue
from billing.fiscal.nfcom.authorisers import Service
from billing.fiscal.nfcom.printed import printed_note
from billing.fiscal.schemas import Schema, faults
from billing.fiscal.settings import IssueMoment
from billing.invoicing import refusals
from billing.invoicing import store as invoicing
from billing.invoicing.states import LockKind
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles
from tests.support.fiscal_office import (
    authority_of,
    billed,
    changed,
    desk_of,
    office,
)
from tests.support.invoices import charge


@pytest.fixture
def files(aws: InProcessAws) -> MemoryFiles:
    return MemoryFiles()


def documents(call: Call, invoice) -> list:
    return store.documents_of(call.tenant_id, invoice.customer_id, invoice.id)


def now(call: Call, invoice):
    return invoicing.get_invoice(call.tenant_id, invoice.customer_id, invoice.id)


@pytest.mark.req("FIS-01", "FIS-02", "INV-01", "INV-19")
def test_invoice_gets_its_authorised_document(call: Call, files: MemoryFiles) -> None:
    (invoice,) = billed(call, files)
    at = office(call, files)

    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert (document.state, document.number, document.series) == (DocumentState.AUTHORISED, 1, "1")
    assert documents(call, invoice) == [document]
    after = now(call, invoice)
    assert (after.has_fiscal_document, after.is_documented, after.locks) == (True, True, ())
    reasons = [refusal.code for refusal in refusals.to_remove(after)]
    assert reasons == ["invoice.fiscal_document"]
    [kept] = [key for key in files.kept if key.endswith("-proc.xml")]
    assert not faults(files.kept[kept], Schema.NFCOM_PROCESSED)
    note = printed_note(files.kept[kept])
    assert note.net == "R$ 100,00"
    assert note.protocol
    assert "Contrato 1 - Fibra 500 Mega" in note.observations


@pytest.mark.req("FIS-01", "PLT-04")
def test_second_issue_changes_and_sends_nothing(call: Call, files: MemoryFiles) -> None:
    (invoice,) = billed(call, files)
    at = office(call, files)
    first = issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert issue(desk_of(call, at), invoice.customer_id, invoice.id) == first
    assert at.authorities.calls == [Service.RECEPTION]


@pytest.mark.req("FIS-02")
def test_each_contract_has_its_note_and_a_rental_has_none(call: Call, files: MemoryFiles) -> None:
    extra = {"customer_id": "cus_0001", "contract_id": "con_0001"}
    rent = charge(**extra, definition_id="def_rent", amount="35.00", description="Locação de roteador")
    by_hand = charge(
        **extra | {"contract_id": None}, definition_id=None, amount="20.00", fiscal_composition="SCM"
    )
    (invoice,) = billed(call, files, 1, rent, by_hand)
    at = office(call, files)

    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert invoice.amount == Money("155.00")
    assert document.amount == Money("120.00")
    assert rent.id not in document.line_ids
    assert by_hand.id in document.line_ids
    assert now(call, invoice).is_documented


@pytest.mark.req("FIS-01")
def test_invoice_of_rentals_alone_needs_no_document(call: Call, files: MemoryFiles) -> None:
    (invoice,) = billed(call, files)
    changed(call, rules=({"composition": "LOC"},))
    at = office(call, files)

    assert issue(desk_of(call, at), invoice.customer_id, invoice.id) == []
    assert (now(call, invoice).is_documented, now(call, invoice).has_fiscal_document) == (True, False)
    assert at.authorities.calls == []


@pytest.mark.req("FIS-02", "FIS-06")
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"state_registration": None}, "nfcom.issuer_registration", "issuer.state_registration"),
        ({"rules": ()}, "fiscal.no_composition", "fiscal_composition"),
        ({"regime": "1"}, "nfcom.regime", "lines.0.taxes.icms"),
    ],
)
def test_invalid_document_takes_no_number(
    call: Call, files: MemoryFiles, changes: dict, code: str, field: str
) -> None:
    (invoice,) = billed(call, files)
    changed(call, **changes)
    at = office(call, files)

    with pytest.raises(Refused) as refused:
        issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert (refused.value.reasons[0].code, refused.value.reasons[0].field) == (code, field)
    assert documents(call, invoice) == []
    assert now(call, invoice) == invoice
    assert at.authorities.calls == []


@pytest.mark.req("FIS-04", "INV-19")
def test_rejected_document_is_corrected_with_its_own_number(call: Call, files: MemoryFiles) -> None:
    first, second = billed(call, files, 2)
    at = office(call, files)
    authority_of(at).rejects = "432"

    (rejected,) = issue(desk_of(call, at), first.customer_id, first.id)

    assert (rejected.state, rejected.number) == (DocumentState.REJECTED, 1)
    assert rejected.reason
    assert rejected.reason.startswith("432 ")
    locked = now(call, first)
    assert [(lock.kind, lock.cause) for lock in locked.locks] == [
        (LockKind.AWAITING_FISCAL_DOCUMENT, rejected.id)
    ]
    assert "invoice.awaiting_fiscal_document" in {refusal.code for refusal in refusals.to_remove(locked)}
    (other,) = issue(desk_of(call, at), second.customer_id, second.id)
    (again,) = issue(desk_of(call, at), first.customer_id, first.id)
    assert (other.number, again.number, again.state) == (2, 1, DocumentState.AUTHORISED)
    assert (again.random_code, again.attempts) == (rejected.random_code, 2)
    assert now(call, first).locks == ()


@pytest.mark.req("FIS-04", "INV-19")
def test_number_of_a_document_given_up_is_taken_by_the_next(call: Call, files: MemoryFiles) -> None:
    first, second = billed(call, files, 2)
    at = office(call, files)
    authority_of(at).rejects = "432"
    (rejected,) = issue(desk_of(call, at), first.customer_id, first.id)

    pending = give_up(desk_of(call, at), rejected)

    assert (pending.state, pending.number) == (DocumentState.PENDING, None)
    assert (now(call, first).locks, refusals.to_remove(now(call, first))) == ((), [])
    (document,) = issue(desk_of(call, at), second.customer_id, second.id)
    (late,) = issue(desk_of(call, at), first.customer_id, first.id)
    assert (document.number, late.number, late.id) == (1, 2, rejected.id)
    with pytest.raises(Refused, match=r"fiscal\.give_up_state"):
        give_up(desk_of(call, at), document)


@pytest.mark.req("FIS-04", "INV-19")
def test_cancelled_document_keeps_its_number_and_frees_the_invoice(call: Call, files: MemoryFiles) -> None:
    (invoice,) = billed(call, files)
    at = office(call, files)
    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)

    cancelled = cancel(desk_of(call, at), document, "Serviço não prestado ao cliente")

    assert (cancelled.state, cancelled.number) == (DocumentState.CANCELLED, 1)
    assert authority_of(at).notes[document.key].situation == "101"
    free = now(call, invoice)
    assert (free.has_fiscal_document, free.is_documented, refusals.to_remove(free)) == (False, False, [])
    with pytest.raises(Refused, match=r"fiscal\.ended_before"):
        issue(desk_of(call, at), invoice.customer_id, invoice.id)
    (anew,) = issue(desk_of(call, at), invoice.customer_id, invoice.id, replaces_cancelled=True)
    assert (anew.number, anew.state) == (2, DocumentState.AUTHORISED)
    assert cancel(desk_of(call, at), cancelled, "De novo, por engano") == cancelled


@pytest.mark.req("FIS-04")
@pytest.mark.parametrize(
    ("after", "is_cancelled"),
    [
        (timedelta(days=26, hours=11, minutes=59), True),
        (timedelta(days=26, hours=12), True),
        (timedelta(days=26, hours=12, seconds=1), False),
    ],
)
def test_document_is_cancelled_until_120_hours_after_its_month(
    call: Call, files: MemoryFiles, after: timedelta, is_cancelled: bool
) -> None:
    """Issued on 10/03 at noon in São Paulo: until 06/04 at midnight."""
    (invoice,) = billed(call, files)
    at = office(call, files)
    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)
    late = call._replace(clock=FixedClock(call.now + after))
    authority_of(at).clock = late.clock
    desk = desk_of(late, office(late, files))._replace(office=at_clock(at, late))

    if is_cancelled:
        assert cancel(desk, document, "Serviço não prestado ao cliente").state is DocumentState.CANCELLED
    else:
        with pytest.raises(Refused, match=r"nfcom\.cancellation_term"):
            cancel(desk, document, "Serviço não prestado ao cliente")
        assert documents(call, invoice) == [document]


def at_clock(at, call: Call):
    from dataclasses import replace

    return replace(at, clock=call.clock)


@pytest.mark.req("FIS-02")
def test_authority_that_is_down_leaves_the_signed_document_for_later(call: Call, files: MemoryFiles) -> None:
    (invoice,) = billed(call, files)
    at = office(call, files)
    authority_of(at).is_down = True
    with pytest.raises(NotTaken):
        issue(desk_of(call, at), invoice.customer_id, invoice.id)
    (waiting,) = documents(call, invoice)
    assert (waiting.state, waiting.number) == (DocumentState.SIGNED, 1)

    authority_of(at).is_down = False
    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert (document.state, document.key) == (DocumentState.AUTHORISED, waiting.key)
    assert authority_of(at).received == {document.key: 1}


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("lost", [1, 2])
def test_lost_answer_is_found_out_by_the_key(call: Call, files: MemoryFiles, lost: int) -> None:
    """Of the reception; of that and the consultation after it."""
    (invoice,) = billed(call, files)
    at = office(call, files)
    authority_of(at).loses_answers = lost

    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)
    if lost == 2:
        assert document.state is DocumentState.UNKNOWN
        (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert document.state is DocumentState.AUTHORISED
    assert authority_of(at).received == {document.key: 1}
    assert Service.CONSULTATION in at.authorities.calls


@pytest.mark.req("FIS-03")
def test_observations_are_the_registers_unless_others_are_given(call: Call, files: MemoryFiles) -> None:
    first, second = billed(call, files, 2)
    at = office(call, files)
    given = Observations(customer_first="Pedido 77", contract="Contrato especial")

    issue(desk_of(call, at), first.customer_id, first.id)
    issue(desk_of(call, at), second.customer_id, second.id, observations=given)

    notes = sorted(key for key in files.kept if key.endswith("-proc.xml"))
    own, other = (printed_note(files.kept[key]).observations for key in notes)
    assert list(own) == ["Contrato 1 - Fibra 500 Mega"]
    assert list(other) == ["Pedido 77", "Contrato especial"]


@pytest.mark.req("FIS-06", "INV-09")
def test_company_that_issues_on_settlement_waits_for_the_payment(call: Call, files: MemoryFiles) -> None:
    (invoice,) = billed(call, files)
    changed(call, issue_on=IssueMoment.SETTLEMENT)
    at = office(call, files)
    with pytest.raises(Refused, match=r"fiscal\.not_settled"):
        issue(desk_of(call, at), invoice.customer_id, invoice.id)

    settle(call, invoice)
    issue(desk_of(call, at), invoice.customer_id, invoice.id)

    after = now(call, invoice)
    assert after.has_settlement_document
    (reason,) = refusals.to_reverse(
        after, is_reversed=False, is_bank_period_closed=False, is_cash_box_closed=False
    )
    assert reason.code == "invoice.settlement_document"


def settle(call: Call, invoice) -> None:
    from billing.audit.changes import Changes
    from billing.invoicing.actions import InvoiceAction

    changes = Changes(call)
    settled = invoice.received(invoice.amount, call.today)
    invoicing.put_invoice(call.tenant_id, changes, invoice, settled, InvoiceAction.SETTLED)
    changes.commit()


@pytest.mark.req("FIS-02")
def test_numbers_continue_from_another_system(call: Call, files: MemoryFiles) -> None:
    (invoice,) = billed(call, files)
    changed(call, nfcom_first_number=501)

    (document,) = issue(desk_of(call, office(call, files)), invoice.customer_id, invoice.id)

    assert document.number == 501


@pytest.mark.req("FIS-06")
def test_closed_month_takes_no_document(call: Call, files: MemoryFiles) -> None:
    (invoice,) = billed(call, files)
    from billing.core.period import Month
    from billing.core.table import Writes

    month = store.get_month(call.tenant_id, "com_alfa", Month("2026-03"))
    writes = Writes()
    writes.put(store.month_row(call.tenant_id, month.evolve(is_open=False)))
    writes.commit()

    with pytest.raises(Refused, match=r"fiscal\.month_closed"):
        issue(desk_of(call, office(call, files)), invoice.customer_id, invoice.id)
