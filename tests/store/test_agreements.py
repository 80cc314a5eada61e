"""Debt agreements: what is shown is what is done, wherever it is cut off, and what remains comes back to the cent
(PAY-06)."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from billing.access.call import Actor, Call
from billing.agreements import store as agreements
from billing.agreements import sweeping
from billing.agreements.model import AgreementStatus, InstalmentAgreement
from billing.agreements.standing import standing_of
from billing.agreements.store import AgreementListing
from billing.bank_files import store as bank_files
from billing.bank_files.ending import let_go, take_back
from billing.bank_files.instruction import InstructionStatus
from billing.banking.instructions import Movement
from billing.core.clock import FixedClock
from billing.core.errors import Refused
from billing.core.money import ZERO, Money
from billing.core.sweep import Sweep
from billing.invoicing import invoices, store
from billing.invoicing.invoices import Removal
from billing.invoicing.states import ChargeStatus, InvoiceStatus, RemittanceState
from billing.payments import reversing, settling
from billing.payments import store as payments
from billing.payments.model import Method
from billing.payments.reversing import ReversalRequest
from tests.support.agreements import (
    CUSTOMER,
    agree,
    base,
    broken,
    charge_of,
    configure,
    confirm,
    invoice_of,
    is_sound,
    kept,
    open_sum,
    owe,
    pay,
    pay_in_part,
    propose_break,
)
from tests.support.aws import InProcessAws
from tests.support.billing import keep, profile
from tests.support.counter import put
from tests.support.cutting import Cut, count_writes, cut
from tests.support.requests import anew

HUNDRED = Money("100.00")


@pytest.fixture
def debt(aws: InProcessAws, call: Call) -> Call:
    """Ana owes invoice 7 of R$ 100.00, 28 days late, and 8 of R$ 60.00, which is due on 20/03."""
    base(call)
    owe(call, id="inv_ana1", number=8, amount=Money("60.00"), due_on=date(2026, 3, 20))
    configure(call)
    return call


def both(call: Call, **changes: Any) -> InstalmentAgreement:
    """Both invoices in three instalments: R$ 160.00, and for the first one 2.00 of fine and 0.95 of interest."""
    return agree(call, invoice_ids=("inv_ana0", "inv_ana1"), **changes)


def later(call: Call, **after: int) -> Call:
    return call._replace(clock=FixedClock(call.now + timedelta(**after)))


def scheduled(call: Call) -> Call:
    return Call.unattended(call.tenant_id, Actor("schedule"), call.now)


def finished(call: Call) -> list[InstalmentAgreement]:
    return list(sweeping.finish_open(scheduled(call), let_go, take_back, Sweep()))


def ended(call: Call) -> list[InstalmentAgreement]:
    return list(sweeping.end_due(scheduled(call), let_go, take_back, Sweep()))


@pytest.mark.req("PAY-06")
def test_agreement_takes_its_invoices_off_the_collection_and_bills_its_instalments(debt: Call) -> None:
    made = both(debt, down_payment=Money("12.95"))

    assert (made.status, made.total) == (AgreementStatus.IN_FORCE, Money("162.95"))
    for invoice_id in ("inv_ana0", "inv_ana1"):
        original = kept(debt, invoice_id)
        assert (original.status, original.agreement_id) == (InvoiceStatus.RENEGOTIATED, made.id)
    due = list(store.invoices_due(debt.tenant_id, "com_alfa", date(2026, 1, 1), date(2026, 12, 31)))
    parts = [invoice_of(debt, made, number) for number in range(4)]
    assert sorted(invoice_id for _, invoice_id in due) == sorted(part.id for part in parts)
    assert Money.sum(part.amount for part in parts) == made.total == open_sum(debt)
    assert [part.due_on for part in parts] == [
        date(2026, 3, 10), date(2026, 4, 10), date(2026, 5, 10), date(2026, 6, 10),
    ]  # fmt: skip
    assert [charge_of(debt, made, number).title for number in range(2)] == [
        f"Parcelamento {made.code} - Entrada",
        f"Parcelamento {made.code} (1/3)",
    ]
    assert all(part.is_documented and part.barcode for part in parts)
    assert is_sound(debt)


def state(call: Call) -> list[tuple[Any, ...]]:
    """Everything that a person could see, by what it is rather than by its id."""
    charges = store.charges_of(call.tenant_id, CUSTOMER)
    kept_invoices = store.invoices_of(call.tenant_id, CUSTOMER)
    settled = payments.settlements_of_customer(call.tenant_id, CUSTOMER)
    made = agreements.agreements_of(call.tenant_id, CUSTOMER)
    listings = [
        len(list(agreements.listed_agreements(call.tenant_id, listing))) for listing in AgreementListing
    ]
    return [
        *sorted((c.status, c.due_on, str(c.amount), c.instalment or ()) for c in charges),
        *sorted(
            (i.status, i.due_on, str(i.amount), str(i.paid), i.agreement_id is None) for i in kept_invoices
        ),
        *sorted((s.method, str(s.principal), str(s.received)) for s in settled),
        *[(a.status, str(a.discharged)) for a in made],
        (listings,),
    ]


@pytest.mark.req("PAY-06", "PLT-04")
def test_agreement_cut_off_at_any_write_is_finished_by_its_repeat_or_by_the_schedule(
    call: Call, aws: InProcessAws
) -> None:
    base(call)
    configure(call)
    writes = count_writes(aws, lambda: confirm(anew(call)))
    expected = state(call)
    assert writes >= 4
    for number, (point, moment) in enumerate(product(range(writes), ("before", "after"))):
        its = call._replace(tenant_id=f"ten_made{number}")
        base(its)
        configure(its)
        attempt = anew(its)
        with pytest.raises(Cut), cut(aws, point, moment):
            confirm(attempt)
        is_begun = bool(agreements.agreements_of(its.tenant_id, CUSTOMER))
        assert open_sum(its) in {HUNDRED, *([ZERO, Money("102.95")] if is_begun else [])}  # never both
        if is_begun and number % 2:
            finished(later(its, minutes=5))
        elif is_begun:
            confirm(attempt, proposal="x" * 32)  # goes on, whatever is proposed now
        else:
            confirm(attempt)
        assert state(its) == expected, (point, moment)
        assert is_sound(its)
        assert finished(later(its, minutes=5)) == []


def half_paid(call: Call) -> InstalmentAgreement:
    """Of four parts the first is paid, the second partly, the third not, and the fourth is no longer billed."""
    base(call)
    configure(call)
    made = agree(call, instalments=4)
    pay(call, invoice_of(call, made, 1))
    pay_in_part(call, invoice_of(call, made, 2), "5.00")
    gone = invoice_of(call, made, 4)
    invoices.remove(anew(call), CUSTOMER, Removal(ids=(gone.id,), reason="Engano"), let_go)
    return made


@pytest.mark.req("PAY-06", "PLT-04")
def test_break_cut_off_at_any_write_is_finished_by_its_repeat_or_by_the_schedule(
    call: Call, aws: InProcessAws
) -> None:
    made = half_paid(call)
    writes = count_writes(aws, lambda: broken(anew(call), made))
    expected = state(call)
    assert writes >= 6
    for number, (point, moment) in enumerate(product(range(writes), ("before", "after"))):
        its = call._replace(tenant_id=f"ten_broken{number}")
        made = half_paid(its)
        proposal, attempt = propose_break(its, made).proposal, anew(its)
        with pytest.raises(Cut), cut(aws, point, moment):
            broken(attempt, made, proposal)
        is_over = agreements.get_agreement(its.tenant_id, CUSTOMER, made.id).status is AgreementStatus.BROKEN
        if not is_over:
            assert kept(its).status is InvoiceStatus.RENEGOTIATED  # never at the same time as its instalments
            is_begun = bool(list(agreements.listed_agreements(its.tenant_id, AgreementListing.UNDER_WAY)))
            _ = (
                finished(later(its, minutes=5))
                if is_begun and number % 2
                else broken(attempt, made, proposal)
            )
        assert state(its) == expected, (point, moment)
        assert is_sound(its)


@pytest.mark.req("PAY-06")
def test_what_remains_comes_back_to_the_oldest_invoices_last(debt: Call) -> None:
    """160.00 of balances: what the instalments paid of them goes to invoice 7 first; its due date stays."""
    before = open_sum(debt)
    made = both(debt)
    pay(debt, invoice_of(debt, made, 1))
    paid = made.instalments[0].principal

    shown = propose_break(debt, made)
    over = broken(anew(debt), made)

    assert [(one.number, one.paid, one.remaining) for one in shown.invoices] == [
        (7, paid, HUNDRED - paid),
        (8, ZERO, Money("60.00")),
    ]
    assert (over.status, shown.remaining) == (AgreementStatus.BROKEN, before - paid)
    assert open_sum(debt) == before - paid
    first, second = kept(debt), kept(debt, "inv_ana1")
    assert (first.status, first.balance, first.due_on) == (
        InvoiceStatus.OPEN,
        HUNDRED - paid,
        date(2026, 2, 10),
    )
    assert (second.status, second.paid, second.agreement_id) == (InvoiceStatus.OPEN, ZERO, None)
    assert invoice_of(debt, made, 1).status is InvoiceStatus.SETTLED
    assert {charge_of(debt, made, n).status for n in (2, 3)} == {ChargeStatus.REMOVED}
    assert is_sound(debt)


@pytest.mark.req("PAY-06")
@pytest.mark.parametrize("payments_made", [(), (1,), (3,), (1, 2), (0, 1, 2), (0, 2, 3)])
def test_open_sum_after_a_break_is_what_it_was_less_what_was_paid(
    debt: Call, payments_made: tuple[int, ...]
) -> None:
    before = open_sum(debt)
    made = both(debt, down_payment=Money("31.07"))
    for number in payments_made:
        pay(debt, invoice_of(debt, made, number))

    broken(anew(debt), made)

    paid = Money.sum(part.principal for part in made.instalments if part.number in payments_made)
    assert open_sum(debt) == before - paid
    settled = payments.settlements_of_customer(debt.tenant_id, CUSTOMER)
    assert Money.sum(one.principal for one in settled if one.method is Method.AGREEMENT) == paid
    assert is_sound(debt)


@pytest.mark.req("PAY-06", "PAY-08")
@pytest.mark.parametrize(("received", "counted"), [("5.00", "5.00"), ("33.33", "33.33"), ("34.00", "33.33")])
def test_instalment_paid_in_part_pays_its_share_of_the_balance_first(
    debt: Call, received: str, counted: str
) -> None:
    made = agree(debt)
    part = invoice_of(debt, made, 1)
    pay_in_part(debt, part, received)

    broken(anew(debt), made)

    assert kept(debt).balance == HUNDRED - Money(counted)
    closed = kept(debt, part.id)
    assert (closed.status, closed.amount, closed.paid) == (
        InvoiceStatus.SETTLED,
        Money(received),
        Money(received),
    )
    assert is_sound(debt)


@pytest.mark.req("PAY-06")
@pytest.mark.parametrize(
    ("rule", "days", "breaks"),
    [(30, 30, False), (30, 31, True), (1, 1, False), (1, 2, True), (None, 400, False)],
)
def test_agreement_is_broken_once_an_instalment_is_overdue_for_more_than_its_days(
    debt: Call, rule: int | None, days: int, *, breaks: bool
) -> None:
    configure(debt, breaks_after_days=rule)
    made = agree(debt, first_due_on=date(2026, 3, 10))  # today
    configure(debt, breaks_after_days=None)  # the agreement keeps its own

    over = ended(later(debt, days=days))

    assert [one.status for one in over] == ([AgreementStatus.BROKEN] if breaks else [])
    assert kept(debt).status is (InvoiceStatus.OPEN if breaks else InvoiceStatus.RENEGOTIATED)
    if breaks:
        ending = over[0].ending
        assert ending is not None
        assert (
            ending.reason
            == f"Parcelamento {made.code} (1/3) venceu em 10/03/2026 e não foi paga em {rule} dias"
        )
    assert ended(later(debt, days=days)) == []


@pytest.mark.req("PAY-06")
def test_agreement_of_which_all_is_paid_settles_its_invoices_and_is_not_reversed(debt: Call) -> None:
    made = both(debt)
    for number in (1, 2, 3):
        assert ended(debt) == []
        pay(debt, invoice_of(debt, made, number))

    (over,) = ended(debt)

    assert over.status is AgreementStatus.FULFILLED
    assert open_sum(debt) == ZERO
    assert {kept(debt, one).status for one in ("inv_ana0", "inv_ana1")} == {InvoiceStatus.SETTLED}
    assert list(agreements.listed_agreements(debt.tenant_id, AgreementListing.IN_FORCE)) == []
    for invoice in (kept(debt), invoice_of(debt, made, 2)):
        (settlement,) = payments.settlements_of(debt.tenant_id, CUSTOMER, invoice.id)
        request = ReversalRequest(
            customer_id=CUSTOMER,
            invoice_id=invoice.id,
            settlement_id=settlement.id,
            on=debt.today,
            reason="Engano",
        )
        with pytest.raises(Refused) as refused:
            reversing.reverse(anew(debt), request, take_back)
        assert "invoice.renegotiated" in {reason.code for reason in refused.value.reasons}
    assert is_sound(debt)


@pytest.mark.req("PAY-06")
def test_payment_of_an_instalment_in_force_can_be_reversed(debt: Call) -> None:
    made = agree(debt)
    part = invoice_of(debt, made, 1)
    pay(debt, part)
    (settlement,) = payments.settlements_of(debt.tenant_id, CUSTOMER, part.id)
    request = ReversalRequest(
        customer_id=CUSTOMER,
        invoice_id=part.id,
        settlement_id=settlement.id,
        on=debt.today,
        reason="Cheque devolvido",
    )

    reversing.reverse(anew(debt), request, take_back)

    assert not standing_of(debt, made)[0].is_paid
    broken(anew(debt), made)
    assert kept(debt).balance == HUNDRED


@pytest.mark.req("PAY-06")
def test_break_that_was_shown_before_a_payment_is_refused(debt: Call) -> None:
    made = agree(debt)
    shown = propose_break(debt, made)
    pay(debt, invoice_of(debt, made, 1))

    with pytest.raises(Refused) as refused:
        broken(anew(debt), made, shown.proposal)

    assert refused.value.code == "agreement.outdated"
    assert kept(debt).status is InvoiceStatus.RENEGOTIATED


@pytest.mark.req("PAY-06")
@pytest.mark.parametrize(
    ("days", "saved"), [(0, "0.35"), (15, "0.18"), (30, "0.01"), (31, "0.00"), (40, "0.00")]
)
def test_paying_early_saves_the_interest_of_the_days_left(debt: Call, days: int, saved: str) -> None:
    """34.31 at 1 % a month for the 31 days to 10/04: 0.35, none of which is owed if paid on 10/03."""
    configure(debt, instalment_interest_percent=1)
    made = agree(debt)
    part = invoice_of(debt, made, 1)
    assert made.instalments[0].instalment_interest == Money("0.35")

    payable = settling.owed_on(part, debt.today + timedelta(days=days)).payable

    assert part.amount - payable == Money(saved)
    pay(debt, part)
    assert kept(debt, part.id).status is InvoiceStatus.SETTLED
    assert standing_of(debt, made)[0].paid_principal == made.instalments[0].principal


@pytest.mark.req("PAY-06", "INV-12")
def test_title_of_a_renegotiated_invoice_is_written_off_unless_the_agreement_breaks_first(debt: Call) -> None:
    keep(debt, profile(id="pro_writes", sends_write_off=True))
    at_bank = kept(debt).evolve(remittance=RemittanceState.REGISTERED, payment_profile_id="pro_writes")
    put(store.invoice_row(debt.tenant_id, at_bank))

    made = agree(debt)

    (instruction,) = bank_files.instructions_of(debt.tenant_id, CUSTOMER, "inv_ana0")
    assert (instruction.movement, instruction.status) == (Movement.WRITE_OFF, InstructionStatus.WAITING)
    assert kept(debt).remittance is RemittanceState.WRITE_OFF_QUEUED
    assert [warning.code for warning in made.warnings] == ["title.write_off_queued"]
    broken(anew(debt), made)
    (instruction,) = bank_files.instructions_of(debt.tenant_id, CUSTOMER, "inv_ana0")
    assert instruction.status is InstructionStatus.CANCELLED
    assert kept(debt).remittance is RemittanceState.REGISTERED
