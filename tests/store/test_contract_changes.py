"""Changes of due date and payment profile: what is shown is what is done, wherever it is cut off (CTR-06, CTR-07,
CTR-03)."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from billing.access.call import Call
from billing.bank_files.ending import let_go
from billing.banking import store as banking
from billing.closings.service import activate
from billing.contract_changes import service
from billing.contract_changes.model import (
    ChangeStatus,
    ConfirmedChange,
    ContractTermsChange,
    TermsChange,
    TermsProposal,
)
from billing.contracts import store as contracts
from billing.contracts.model import Contract, DueRule
from billing.core.clock import FixedClock
from billing.core.errors import Conflict, Refused
from billing.core.money import Money
from billing.core.sweep import Sweep
from billing.core.table import Writes
from billing.invoicing import invariants, store
from billing.invoicing import manual_billing as by_hand
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.manual_billing import BillByHand
from billing.invoicing.states import ChargeStatus, InvoiceStatus, RemittanceState
from billing.payments import settings
from billing.payments.settings import SettingsData
from tests.support.aws import InProcessAws
from tests.support.billing import company, customer, keep, profile
from tests.support.contracts import contract
from tests.support.cutting import Cut, count_writes, cut, meanwhile
from tests.support.requests import anew

CUSTOMER = "cus_ana0"
TWENTIETH = TermsChange(due=DueRule(day=20, months_after=1))
DISCOUNT = {"amount": "10.00", "days_before_due": 5}


@pytest.fixture
def booklet(aws: InProcessAws, call: Call) -> Contract:
    """Six instalments due on the 10th from April on, with a discount until the 5th; the first two are invoiced."""
    return keep_booklet(call)


def keep_booklet(call: Call, billed: int = 2, **changes: Any) -> Contract:
    keep(call, company(), profile(), profile(id="pro_other", name="Outro"), customer(CUSTOMER))
    fields = {"starts_on": "2026-03-01", "horizon_months": 6, "promotional_discount": DISCOUNT, **changes}
    new = contract(CUSTOMER, **fields)
    writes = Writes()
    writes.put(contracts.contract_row(call.tenant_id, new))
    writes.commit()
    activated = activate(anew(call), CUSTOMER, new.id, 1, date(2026, 3, 1))
    bill(call, *charges(call)[:billed])
    return activated


def bill(call: Call, *chosen: Charge, **changes: Any) -> None:
    if chosen:
        request = BillByHand.model_validate({"ids": [charge.id for charge in chosen], **changes})
        by_hand.bill(anew(call), CUSTOMER, request)


def charges(call: Call) -> list[Charge]:
    return sorted(store.charges_of(call.tenant_id, CUSTOMER), key=lambda charge: charge.reference.start)


def invoices(call: Call) -> list[Invoice]:
    return sorted(store.invoices_of(call.tenant_id, CUSTOMER), key=lambda invoice: invoice.number)


def propose(call: Call, contract: Contract, change: TermsChange = TWENTIETH) -> TermsProposal:
    return service.propose(call, CUSTOMER, contract.id, change)


def confirm(
    call: Call, contract: Contract, proposal: TermsProposal, change: TermsChange = TWENTIETH
) -> ContractTermsChange:
    request = ConfirmedChange(**dict(change), proposal=proposal.proposal)
    return service.confirm(call, CUSTOMER, contract.id, request, let_go)


def change(call: Call, contract: Contract, terms: TermsChange = TWENTIETH) -> ContractTermsChange:
    return confirm(anew(call), contract, propose(call, contract, terms), terms)


def configure(call: Call, **variables: Any) -> None:
    settings.change(anew(call), "com_alfa", 0, SettingsData(**variables))


def state(call: Call) -> list[tuple[Any, ...]]:
    """Everything that a person could see of charges and invoices, by what they are rather than by their ids."""
    by_id = {invoice.id: invoice for invoice in invoices(call)}
    shown: list[tuple[Any, ...]] = [
        (c.title, c.status, c.due_on, c.discount and c.discount.until, c.payment_profile_id,
         by_id[c.invoice_id].due_on if c.invoice_id else None)
        for c in charges(call)
    ]  # fmt: skip
    return [
        *shown,
        *sorted((i.status, i.due_on, str(i.amount), i.nosso_numero is None) for i in invoices(call)),
    ]


def sound(call: Call) -> bool:
    return invariants.findings(call.tenant_id, "com_alfa", "1") == []


@pytest.mark.req("CTR-06", "CTR-03", "INV-14")
def test_unbilled_charges_move_and_open_invoices_give_way_to_new_ones(call: Call, booklet: Contract) -> None:
    first, second = invoices(call)
    proposal = propose(call, booklet)
    assert [(invoice.number, invoice.due_on, invoice.new_due_on) for invoice in proposal.invoices] == [
        (1, date(2026, 4, 10), date(2026, 4, 20)),
        (2, date(2026, 5, 10), date(2026, 5, 20)),
    ]
    assert [moved.new_due_on for moved in proposal.charges] == [
        date(2026, month, 20) for month in range(6, 10)
    ]
    assert [warning.code for warning in proposal.warnings] == ["change.send_again"]
    assert invoices(call) == [first, second]  # nothing has happened yet

    done = confirm(anew(call), booklet, proposal)

    assert done.status is ChangeStatus.DONE
    assert done.stays == ()
    old, _, new, _ = invoices(call)
    assert (old.status, old.replaced_by) == (InvoiceStatus.REPLACED, new.id)
    assert done.made == (new.id, invoices(call)[3].id)
    assert (new.number, new.due_on, new.amount, new.status) == (
        3,
        date(2026, 4, 20),
        first.amount,
        InvoiceStatus.OPEN,
    )
    assert new.nosso_numero not in {first.nosso_numero, second.nosso_numero}
    assert new.discount is not None
    assert new.discount.until == date(2026, 4, 15)
    assert [charge.due_on.day for charge in charges(call)] == [20] * 6
    assert contracts.get(call.tenant_id, CUSTOMER, booklet.id).due.day == 20
    assert sound(call)


@pytest.mark.req("CTR-06", "PLT-04")
def test_change_cut_off_at_any_write_is_finished_by_its_repeat_or_by_the_schedule(
    call: Call, aws: InProcessAws
) -> None:
    contract = keep_booklet(call)
    proposal = propose(call, contract)
    writes = count_writes(aws, lambda: confirm(anew(call), contract, proposal))
    expected = state(call)
    assert writes > 5
    for number, (point, moment) in enumerate(product(range(writes), ("before", "after")), start=1):
        repeats = (point + number) % 2 == 0  # of each write, one of its two moments
        its = call._replace(tenant_id=f"ten_cut{number}")
        contract = keep_booklet(its)
        proposal, attempt = propose(its, contract), anew(its)
        with pytest.raises(Cut), cut(aws, point, moment):
            confirm(attempt, contract, proposal)
        later = its._replace(clock=FixedClock(its.now + timedelta(minutes=5)))
        if repeats or not service.changes_of(its, CUSTOMER, contract.id):
            confirm(attempt, contract, proposal)
        else:
            list(service.finish_open(later, let_go, Sweep()))
        assert state(its) == expected, (point, moment, repeats)
        assert sound(its)
        assert list(service.finish_open(later, let_go, Sweep())) == []


@pytest.mark.req("CTR-06", "PLT-04")
def test_schedule_at_any_write_of_the_command_does_nothing_twice(call: Call, aws: InProcessAws) -> None:
    contract = keep_booklet(call)
    proposal = propose(call, contract)
    writes = count_writes(aws, lambda: confirm(anew(call), contract, proposal))
    expected = state(call)
    for point in range(writes):
        its = call._replace(tenant_id=f"ten_beside{point}")
        contract = keep_booklet(its)
        proposal, attempt = propose(its, contract), anew(its)
        later = its._replace(clock=FixedClock(its.now + timedelta(minutes=5)))
        with (
            meanwhile(aws, point, lambda: list(service.finish_open(later, let_go, Sweep()))),  # noqa: B023
            suppress(Conflict),
        ):
            confirm(attempt, contract, proposal)
        done = confirm(attempt, contract, proposal)
        assert done.status is ChangeStatus.DONE
        assert state(its) == expected, point
        assert sound(its)


@pytest.mark.req("CTR-06")
def test_what_cannot_be_replaced_stays_with_its_reason(call: Call, booklet: Contract) -> None:
    first, _ = invoices(call)
    keep_changed(call, first, status=InvoiceStatus.SUSPENDED)
    by_person = charges(call)[4]
    keep_charge(call, by_person.evolve(due_on=date(2026, 8, 12)))

    proposal = propose(call, booklet)

    assert [(stay.title, [r.code for r in stay.reasons]) for stay in proposal.stays] == [
        (by_person.title, ["change.off_rule"]),
        ("Fatura 1", ["change.suspended"]),
    ]
    done = confirm(anew(call), booklet, proposal)
    assert done.stays == proposal.stays
    assert [charge.due_on.day for charge in charges(call)] == [10, 20, 20, 20, 12, 20]
    assert sound(call)


@pytest.mark.req("CTR-06")
@pytest.mark.parametrize(
    ("today", "moves"), [(date(2026, 4, 9), True), (date(2026, 4, 10), True), (date(2026, 4, 11), False)]
)
def test_invoice_moves_until_its_due_date_and_not_once_it_is_overdue(
    call: Call, booklet: Contract, today: date, *, moves: bool
) -> None:
    days = (today - call.today).days
    proposal = propose(call._replace(clock=FixedClock(call.now + timedelta(days=days))), booklet)
    assert (1 in {invoice.number for invoice in proposal.invoices}) is moves
    if not moves:
        assert [r.code for r in proposal.stays[0].reasons] == ["change.overdue"]


@pytest.mark.req("CTR-06")
@pytest.mark.parametrize(("today", "moves"), [(date(2026, 4, 5), True), (date(2026, 4, 6), False)])
def test_no_charge_moves_to_a_past_day(call: Call, aws: InProcessAws, today: date, *, moves: bool) -> None:
    contract = keep_booklet(call, billed=0)
    at = call._replace(clock=FixedClock(call.now + (today - call.today)))
    proposal = propose(at, contract, TermsChange(due=DueRule(day=5, months_after=1)))
    assert (charges(call)[0].id in {move.id for move in proposal.charges}) is moves


@pytest.mark.req("CTR-06")
def test_booklet_stays_and_discounts_stay_where_so_configured(call: Call, booklet: Contract) -> None:
    configure(call, replaces_booklet=False, moves_promotional_discount=False)

    done = change(call, booklet)

    assert [[r.code for r in stay.reasons] for stay in done.stays] == [["change.booklet_stays"]] * 2
    assert [i.status for i in invoices(call)] == [InvoiceStatus.OPEN] * 2
    assert [c.due_on.day for c in charges(call)] == [10, 10, 20, 20, 20, 20]
    assert {c.discount.until.day for c in charges(call) if c.discount} == {5}


@pytest.mark.req("CTR-06")
def test_earlier_due_date_never_leaves_a_discount_after_it(call: Call, aws: InProcessAws) -> None:
    contract = keep_booklet(call, billed=0)
    configure(call, moves_promotional_discount=False)
    change(call, contract, TermsChange(due=DueRule(day=2, months_after=1)))
    assert {c.discount.until.day for c in charges(call) if c.discount} == {2}


@pytest.mark.req("CTR-06")
@pytest.mark.parametrize(
    ("billed", "day", "amount"), [(2, 20, "30.00"), (0, 20, "30.00"), (2, 4, "-18.00"), (0, 4, "-18.00")]
)
def test_days_between_both_due_dates_are_charged_once_where_configured(
    call: Call, aws: InProcessAws, billed: int, day: int, amount: str
) -> None:
    contract = keep_booklet(call, billed=billed)
    configure(call, prorates_due_change=True)

    done = change(call, contract, TermsChange(due=DueRule(day=day, months_after=1)))

    assert done.pro_rata is not None
    assert (done.pro_rata.days, done.pro_rata.amount) == (day - 10, Money(amount))
    (settled,) = [c for c in charges(call) if c.definition_id is None]
    assert settled.amount == Money(amount)
    assert settled.due_on == date(2026, 4, day)
    if billed:
        assert invoices(call)[2].amount == Money("90.00") + Money(amount)
        assert settled.status is ChargeStatus.BILLED
    else:
        assert settled.status is ChargeStatus.UNBILLED
    assert sound(call)


@pytest.mark.req("CTR-07")
def test_profile_is_changed_by_the_same_rules(call: Call, booklet: Contract) -> None:
    change(call, booklet, TermsChange(payment_profile_id="pro_other"))

    assert {charge.payment_profile_id for charge in charges(call)} == {"pro_other"}
    assert [(i.status, i.payment_profile_id, i.due_on.day) for i in invoices(call)] == [
        (InvoiceStatus.REPLACED, "pro_itau", 10),
        (InvoiceStatus.REPLACED, "pro_itau", 10),
        (InvoiceStatus.OPEN, "pro_other", 10),
        (InvoiceStatus.OPEN, "pro_other", 10),
    ]
    assert sound(call)


@pytest.mark.req("CTR-06")
def test_invoice_with_charges_of_others_stays(call: Call, booklet: Contract) -> None:
    third, fourth = charges(call)[2:4]
    bill(call, third, fourth, together=True, due_on=date(2026, 6, 10))

    proposal = propose(call, booklet)

    assert [[r.code for r in stay.reasons] for stay in proposal.stays] == [["change.several_due_dates"]]


@pytest.mark.req("CTR-06", "PLT-06")
def test_what_changed_since_it_was_shown_is_shown_again(call: Call, booklet: Contract) -> None:
    proposal = propose(call, booklet)
    bill(call, charges(call)[2])

    with pytest.raises(Refused) as refused:
        confirm(anew(call), booklet, proposal)

    assert refused.value.code == "change.outdated"
    assert contracts.get(call.tenant_id, CUSTOMER, booklet.id).due.day == 10


@pytest.mark.req("CTR-06")
def test_contract_has_one_change_at_a_time(call: Call, aws: InProcessAws, booklet: Contract) -> None:
    proposal = propose(call, booklet)
    with pytest.raises(Cut), cut(aws, 0, "after"):
        confirm(anew(call), booklet, proposal)

    again = TermsChange(due=DueRule(day=25, months_after=1))
    with pytest.raises(Refused) as refused:
        change(call, booklet, again)

    assert refused.value.code == "change.under_way"


@pytest.mark.req("CTR-06", "CTR-07")
@pytest.mark.parametrize(
    ("terms_change", "code"),
    [
        (TermsChange(due=DueRule(day=10, months_after=1)), "change.nothing"),
        (TermsChange(payment_profile_id="pro_none"), "change.profile"),
        (TermsChange(payment_profile_id="pro_asleep"), "change.profile_inactive"),
    ],
)
def test_impossible_change_is_refused(
    call: Call, booklet: Contract, terms_change: TermsChange, code: str
) -> None:
    keep(call, profile(id="pro_asleep", name="Antigo", is_active=False))
    with pytest.raises(Refused) as refused:
        propose(call, booklet, terms_change)
    assert refused.value.code == code


@pytest.mark.req("CTR-06", "INV-17")
def test_charges_are_unbilled_again_where_the_new_invoice_cannot_be_made_after_all(
    call: Call, aws: InProcessAws, booklet: Contract
) -> None:
    proposal = propose(call, booklet)
    with pytest.raises(Cut), cut(aws, 0, "after"):
        confirm(anew(call), booklet, proposal)
    asleep = banking.get_profile(call.tenant_id, "pro_itau").evolve(is_active=False)
    writes = Writes()
    writes.put(banking.profile_row(call.tenant_id, asleep))
    writes.commit()

    later = call._replace(clock=FixedClock(call.now + timedelta(minutes=5)))
    (done,) = service.finish_open(later, let_go, Sweep())

    assert [reason.code for stay in done.stays for reason in stay.reasons] == ["billing.profile_inactive"] * 2
    assert {charge.status for charge in charges(call)} == {ChargeStatus.UNBILLED}
    assert [(i.status, i.replaced_by) for i in invoices(call)] == [(InvoiceStatus.REPLACED, None)] * 2
    assert sound(call)


def keep_changed(call: Call, invoice: Invoice, **changes: Any) -> None:
    writes = Writes()
    writes.put(store.invoice_row(call.tenant_id, invoice.evolve(**changes)))
    writes.commit()


def keep_charge(call: Call, charge: Charge) -> None:
    writes = Writes()
    writes.put(store.charge_row(call.tenant_id, charge))
    writes.commit()


def test_schedule_leaves_a_change_with_the_person_who_requested_it(
    call: Call, aws: InProcessAws, booklet: Contract
) -> None:
    proposal = propose(call, booklet)
    with pytest.raises(Cut), cut(aws, 0, "after"):
        confirm(anew(call), booklet, proposal)
    (open_change,) = service.changes_of(call, CUSTOMER, booklet.id)
    assert open_change.status is ChangeStatus.OPEN
    assert list(service.finish_open(call, let_go, Sweep())) == []  # the person who asked is given two minutes


@pytest.mark.req("CTR-06", "PLT-04")
def test_change_that_fails_does_not_stop_the_others_of_the_schedule(
    call: Call, aws: InProcessAws, booklet: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two that were cut off, the first of which is not there."""
    proposal = propose(call, booklet)
    with pytest.raises(Cut), cut(aws, 0, "after"):
        confirm(anew(call), booklet, proposal)
    (opened,) = service.store.open_changes(call.tenant_id)
    lost = opened.evolve(change_id="chg_lost")
    monkeypatch.setattr(service.store, "open_changes", lambda _tenant_id: [lost, opened])
    later = call._replace(clock=FixedClock(call.now + timedelta(minutes=5)))
    sweep = Sweep()

    (done,) = service.finish_open(later, let_go, sweep)

    assert (done.id, done.status) == (opened.change_id, ChangeStatus.DONE)
    assert sweep.faults == {"chg_lost": "NotFound"}


@pytest.mark.req("INV-01", "CTR-07")
def test_invoice_that_replaces_one_at_the_bank_waits_for_its_write_off(call: Call, booklet: Contract) -> None:
    """Two boletos for one instalment, of two profiles, are never payable at the same time."""
    first, second = invoices(call)
    for invoice, changes in (
        (first, {"is_unmarked": True, "remittance": RemittanceState.REGISTERED}),
        (second, {}),
    ):
        writes = Writes()
        writes.put(store.invoice_row(call.tenant_id, invoice.evolve(**changes)))
        writes.commit()

    change(call, booklet, TermsChange(payment_profile_id="pro_other"))

    replaces = {i.due_on: i.replaces for i in invoices(call) if i.payment_profile_id == "pro_other"}
    assert replaces == {first.due_on: (first.id,), second.due_on: None}
