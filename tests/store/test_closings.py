"""Closings by a person: frozen early, unfrozen and frozen again, with late usage and with credits."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from billing.closings import charges, ending, freezing, service, unfreezing
from billing.closings.lines import explained
from billing.closings.model import AdjustmentKind, Closing, FreezeRequest, NewAdjustment
from billing.closings.states import ClosingStatus
from billing.closings.store import closings_of, figures
from billing.contracts.model import Contract, Why
from billing.contracts.service import suspend
from billing.contracts.store import contract_row
from billing.contracts.store import get as get_contract
from billing.core.errors import Conflict, PreconditionFailed, Refused
from billing.core.money import Money
from billing.core.period import Month, Period
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus, Lock, LockKind, RemittanceState
from billing.invoicing.store import charge_row, charges_of, invoice_row
from billing.usage.store import finalised_months
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles
from tests.support.closings import (
    at,
    begin,
    close_all,
    closing_of,
    enter_usage,
    on,
    put,
    read,
    sell,
    table_of,
)
from tests.support.contracts import (
    CLOUD,
    FEBRUARY,
    FEBRUARY_1,
    JANUARY,
    MARCH,
    MARCH_1,
    PLAN,
    PRINTER,
    PRINTER_FIXED,
    TENANT,
    brokered,
    contract,
    printing,
)
from tests.support.cutting import Cut, count_writes, cut, meanwhile

JANUARY_11 = date(2026, 1, 11)
JANUARY_16 = date(2026, 1, 16)
APRIL_1 = date(2026, 4, 1)


@pytest.fixture
def files(aws: InProcessAws) -> MemoryFiles:
    return MemoryFiles()


def freeze(closing: Closing, day: date, **request: object) -> Closing:
    wanted = FreezeRequest.model_validate(request)
    return service.freeze(on(day), closing.customer_id, closing.id, closing.version, wanted)


def unfreeze(closing: Closing, day: date) -> Closing:
    return unfreezing.unfreeze(on(day), closing.customer_id, closing.id, closing.version)


def adjust(closing: Closing, amount: str, kind: AdjustmentKind) -> Closing:
    new = NewAdjustment(kind=kind, description="Acordo", amount=Money(amount))
    return service.adjust(on(FEBRUARY_1), closing.customer_id, closing.id, new)


def cancel(made: Contract, last: date = JANUARY_16) -> tuple[str, ...]:
    """Cancelled on the eleventh of January; what the clerk is told."""
    why = Why(on=last, reason="Mudança")
    cancelled = service.cancel(on(JANUARY_11), made.customer_id, made.id, made.version, why)
    return cancelled.instalments_left


def amounts(customer_id: str) -> list[str]:
    return [row[3] for row in table_of(customer_id)]


def billed(charge: Charge, **changes: object) -> Invoice:
    """An invoice for the charge, stored."""
    fields = {
        "id": "inv_0001",
        "number": 7,
        "company_id": "com_alfa",
        "customer_id": charge.customer_id,
        "description": charge.description,
        "amount": charge.amount,
        "due_on": charge.due_on,
        "issued_on": FEBRUARY_1,
        "charge_ids": (charge.id,),
        **changes,
    }
    invoice = Invoice.model_validate(fields)
    put(invoice_row(TENANT, invoice), charge_row(TENANT, charge.billed(invoice.id)))
    return invoice


@pytest.mark.req("CLO-08", "CLO-12")
@pytest.mark.parametrize(
    ("merge", "periods"),
    [(True, ["11/01/2026 a 28/02/2026"]), (False, ["11/01/2026 a 31/01/2026", "01/02/2026 a 28/02/2026"])],
)
def test_parts_of_an_early_freeze_bill_all_days_once(
    files: MemoryFiles, merge: bool, periods: list[str]
) -> None:
    begin(contract())

    freeze(closing_of("cus_0001", JANUARY), JANUARY_11, merge_remaining=merge)
    close_all(MARCH_1, files)

    table = table_of("cus_0001")
    assert [row[0] for row in table] == ["01/01/2026 a 10/01/2026", *periods]
    assert Money.sum(Money(row[3]) for row in table) == Money("180.00")


@pytest.mark.req("CLO-08", "USE-01", "CLO-11")
def test_month_cut_in_three_bills_each_usage_entry_once(files: MemoryFiles) -> None:
    begin(brokered())
    sell(price="1.00")
    enter_usage("cus_0003", JANUARY, "10", "use_0001")
    freeze(closing_of("cus_0003", JANUARY), JANUARY_11, merge_remaining=False)
    second = closings_of(TENANT, "cus_0003")[0]
    freeze(second, date(2026, 1, 21), merge_remaining=False)
    enter_usage("cus_0003", FEBRUARY, "20", "use_0002")

    close_all(MARCH_1, files)

    assert [row[0] for row in table_of("cus_0003")] == ["01/01/2026 a 10/01/2026", "01/02/2026 a 28/02/2026"]
    assert amounts("cus_0003") == ["10.00", "20.00"]


@pytest.mark.req("CLO-11", "PLT-04")
def test_instant_of_a_usage_entry_does_not_decide_which_closing_bills_it(
    aws: InProcessAws, files: MemoryFiles
) -> None:
    begin(brokered())
    sell(price="1.00")
    enter_usage("cus_0003", JANUARY, "10", "use_0001")
    enter_usage("cus_0003", JANUARY, "5", "use_0002", at(FEBRUARY_1, 2))  # the run is at one o'clock

    close_all(FEBRUARY_1, files)
    close_all(MARCH_1, files)

    assert [(row[0], row[3]) for row in table_of("cus_0003")] == [("01/01/2026 a 31/01/2026", "15.00")]


@pytest.mark.req("CLO-11", "PLT-04")
def test_usage_entered_at_the_moment_of_the_freeze_is_billed_by_the_next_closing(
    aws: InProcessAws, files: MemoryFiles
) -> None:
    begin(brokered())
    sell(price="1.00")
    closing = closing_of("cus_0003", JANUARY)

    with meanwhile(aws, 0, lambda: enter_usage("cus_0003", JANUARY, "5", "use_0001")):
        freeze(closing, FEBRUARY_1)
    close_all(MARCH_1, files)

    assert [(row[0], row[3]) for row in table_of("cus_0003")] == [("01/02/2026 a 28/02/2026", "5.00")]


@pytest.mark.req("USE-01", "CLO-01")
def test_usage_of_a_month_is_billed_by_one_contract_only(files: MemoryFiles) -> None:
    begin(brokered())
    begin(brokered("cus_0003", id="con_0009", number=2))
    sell(price="1.00")
    enter_usage("cus_0003", JANUARY, "10", "use_0001")

    close_all(FEBRUARY_1, files)
    enter_usage("cus_0003", FEBRUARY, "20", "use_0002")
    close_all(MARCH_1, files)

    assert sorted(amounts("cus_0003")) == ["10.00", "20.00"]


@pytest.mark.req("CLO-07", "CLO-12")
def test_unfrozen_closing_takes_corrections_and_emits_only_the_difference(files: MemoryFiles) -> None:
    begin(printing())
    read("cus_0002", "7000", FEBRUARY_1)
    close_all(FEBRUARY_1, files)
    successor = adjust(closing_of("cus_0002", FEBRUARY), "12.00", AdjustmentKind.SURCHARGE)

    processed = unfreeze(closing_of("cus_0002", JANUARY), date(2026, 2, 10))

    waiting = closing_of("cus_0002", FEBRUARY)
    assert (processed.status, waiting.status) == (ClosingStatus.PROCESSED, ClosingStatus.WAITING)
    assert waiting.adjustments == successor.adjustments

    corrected = adjust(processed, "30.00", AdjustmentKind.DISCOUNT)
    again = freeze(corrected, date(2026, 2, 10))

    assert again.total == Money("345.00")
    assert sorted(amounts("cus_0002")) == ["-30.00", "325.00", "50.00"]
    resumed = closing_of("cus_0002", FEBRUARY)
    assert (resumed.status, resumed.adjustments, resumed.total) == (
        ClosingStatus.OPEN,
        successor.adjustments,
        Money("12.00"),
    )


@pytest.mark.req("CLO-07")
def test_charge_that_is_no_longer_due_is_taken_back(files: MemoryFiles) -> None:
    begin(contract())
    adjusted = adjust(closing_of("cus_0001", JANUARY), "30.00", AdjustmentKind.SURCHARGE)
    frozen = freeze(adjusted, FEBRUARY_1)
    processed = unfreeze(frozen, FEBRUARY_1)

    without = service.remove_adjustment(
        on(FEBRUARY_1), "cus_0001", processed.id, processed.version, processed.adjustments[0].id
    )
    freeze(without, FEBRUARY_1)

    assert sorted(amounts("cus_0001")) == ["90.00"]


@pytest.mark.req("CLO-07", "USE-01")
def test_unfreezing_reopens_the_month_to_usage_entries(files: MemoryFiles) -> None:
    begin(brokered())
    sell(price="1.00")
    enter_usage("cus_0003", JANUARY, "10", "use_0001")
    close_all(FEBRUARY_1, files)
    january = [("cus_0003", JANUARY)]

    unfreeze(closing_of("cus_0003", JANUARY), FEBRUARY_1)
    assert finalised_months(TENANT, january) == set()

    enter_usage("cus_0003", JANUARY, "5", "use_0002")
    freeze(closing_of("cus_0003", JANUARY), FEBRUARY_1)
    assert finalised_months(TENANT, january) == set(january)
    assert amounts("cus_0003") == ["15.00"]


@pytest.mark.req("CLO-07")
def test_only_the_latest_frozen_closing_is_unfrozen(files: MemoryFiles) -> None:
    begin(contract())
    close_all(MARCH_1, files)

    with pytest.raises(Refused) as refused:
        unfreeze(closing_of("cus_0001", JANUARY), MARCH_1)

    assert [reason.code for reason in refused.value.reasons] == ["closing.not_latest"]


NUMBERED = Lock(
    kind=LockKind.AWAITING_FISCAL_DOCUMENT, cause="fis_0001", at=datetime(2026, 2, 1, 12, tzinfo=UTC)
)
"""A document has taken a number for the charge, and may be at the authority."""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": InvoiceStatus.SETTLED}, "closing.invoice_settled"),
        ({"paid": Money("1.00")}, "closing.invoice_settled"),
        ({"remittance": RemittanceState.AWAITING}, "closing.invoice_remitted"),
        ({"remittance": RemittanceState.REGISTERED}, "closing.invoice_remitted"),
        ({"has_fiscal_document": True}, "closing.invoice_fiscal_document"),
        ({"locks": (NUMBERED,)}, "closing.invoice_fiscal_document"),
    ],
)
@pytest.mark.req("CLO-07")
def test_closing_whose_invoice_somebody_acted_on_stays_frozen(
    files: MemoryFiles, changes: dict[str, object], code: str
) -> None:
    begin(contract())
    close_all(FEBRUARY_1, files)
    (charge,) = charges_of(TENANT, "cus_0001")
    billed(charge, **changes)

    with pytest.raises(Refused) as refused:
        unfreeze(closing_of("cus_0001", JANUARY), FEBRUARY_1)

    assert [reason.code for reason in refused.value.reasons] == [code]
    assert "7" in refused.value.title


@pytest.mark.req("CLO-07")
def test_closing_in_an_open_invoice_is_unfrozen(files: MemoryFiles) -> None:
    begin(contract())
    close_all(FEBRUARY_1, files)
    (charge,) = charges_of(TENANT, "cus_0001")
    billed(charge)

    assert unfreeze(closing_of("cus_0001", JANUARY), FEBRUARY_1).status is ClosingStatus.PROCESSED


@pytest.mark.req("CLO-04", "PAY-08")
def test_credit_of_a_closing_is_a_discount_of_the_next(files: MemoryFiles) -> None:
    begin(contract())
    adjust(closing_of("cus_0001", JANUARY), "100.00", AdjustmentKind.DISCOUNT)

    close_all(FEBRUARY_1, files)
    close_all(MARCH_1, files)

    january, february = closing_of("cus_0001", JANUARY), closing_of("cus_0001", FEBRUARY)
    assert (january.total, january.credit, february.total) == (Money("0.00"), Money("10.00"), Money("80.00"))
    made_by = {charge.closing_id for charge in charges_of(TENANT, "cus_0001")}
    assert made_by == {january.id, february.id}
    assert [(row[2], row[3]) for row in table_of("cus_0001")] == [
        ("1 - Acordo", "-100.00"),
        ("1 - Fibra 500 Mega", "90.00"),
        ("1 - Saldo credor do cliente", "10.00"),
        ("1 - Fibra 500 Mega", "90.00"),
        ("1 - Saldo credor de 01/01/2026 a 31/01/2026", "-10.00"),
    ]


@pytest.mark.req("CON-07", "CLO-12")
def test_booklet_closes_at_nothing_new_and_is_renewed_when_it_ends(files: MemoryFiles) -> None:
    begin(contract(horizon_months=2))

    close_all(FEBRUARY_1, files)
    assert [row[2] for row in table_of("cus_0001")] == [
        "1 - Fibra 500 Mega (1/2)",
        "1 - Fibra 500 Mega (2/2)",
    ]

    close_all(MARCH_1, files)
    assert [(row[0], row[2]) for row in table_of("cus_0001")[2:]] == [
        ("01/03/2026 a 31/03/2026", "1 - Fibra 500 Mega (1/2)"),
        ("01/04/2026 a 30/04/2026", "1 - Fibra 500 Mega (2/2)"),
    ]
    assert set(amounts("cus_0001")) == {"90.00"}


@pytest.mark.req("CTR-03", "CLO-12")
def test_cancelled_contract_has_a_last_closing_pro_rata_and_no_next(files: MemoryFiles) -> None:
    made = begin(contract())
    cancel(made)

    close_all(APRIL_1, files)

    assert [(row[0], row[3]) for row in table_of("cus_0001")] == [("01/01/2026 a 31/01/2026", "43.55")]
    (last,) = closings_of(TENANT, "cus_0001")
    assert last.successor_id is None


@pytest.mark.req("CLO-06")
def test_contract_without_automatic_freeze_and_a_suspended_one_wait_for_a_person(files: MemoryFiles) -> None:
    begin(contract(auto_freeze=False))
    made = begin(contract("cus_0002"))
    suspend(on(JANUARY_11), "cus_0002", made.id, made.version, Why(on=JANUARY_11, reason="Inadimplência"))

    run = close_all(FEBRUARY_1, files)

    assert (run.totals["frozen"], run.totals["pending"]) == ("0", "2")
    by_hand = closing_of("cus_0001", JANUARY)
    assert (by_hand.status, by_hand.pending, by_hand.total) == (
        ClosingStatus.PROCESSED,
        {},
        Money("90.00"),
    )
    assert closing_of("cus_0002", JANUARY).pending == {"closing.contract_suspended": 1}


@pytest.mark.req("CLO-06")
def test_counter_entered_late_lets_the_closing_freeze_by_itself(files: MemoryFiles) -> None:
    begin(printing())
    close_all(FEBRUARY_1, files)
    read("cus_0002", "7000", FEBRUARY_1)

    run = close_all(date(2026, 2, 2), files)

    assert (run.totals["frozen"], closing_of("cus_0002", JANUARY).pending) == ("1", {})
    assert amounts("cus_0002") == ["50.00", "325.00"]


@pytest.mark.req("PLT-02", "CLO-06")
def test_freeze_of_what_somebody_changed_meanwhile_is_refused(aws: InProcessAws) -> None:
    begin(contract())
    closing = closing_of("cus_0001", JANUARY)

    with (
        meanwhile(aws, 0, lambda: adjust(closing, "1.00", AdjustmentKind.SURCHARGE)),
        pytest.raises(Conflict),
    ):
        freeze(closing, FEBRUARY_1)
    with pytest.raises(PreconditionFailed):
        freeze(closing, FEBRUARY_1)

    assert table_of("cus_0001") == []


@pytest.mark.req("CLO-01", "CLO-12")
def test_computing_twice_writes_once(aws: InProcessAws) -> None:
    begin(contract())
    closing = closing_of("cus_0001", JANUARY)

    first = service.refresh(on(JANUARY_11), "cus_0001", closing.id)
    second = service.refresh(on(date(2026, 1, 12)), "cus_0001", closing.id)

    assert first == second
    assert (first.status, first.total) == (ClosingStatus.OPEN, Money("90.00"))


@pytest.mark.req("CLO-12", "CTR-14")
def test_cut_off_day_beyond_the_months_end_is_clamped_and_comes_back(files: MemoryFiles) -> None:
    begin(contract(cut_off_day=31, starts_on="2026-01-31"))

    close_all(APRIL_1, files)

    assert [row[0] for row in table_of("cus_0001")] == [
        "31/01/2026 a 27/02/2026",
        "28/02/2026 a 30/03/2026",
    ]
    assert closing_of("cus_0001", MARCH).period == Period(date(2026, 3, 31), date(2026, 4, 30))
    assert Month.of(closing_of("cus_0001", MARCH).period.end) == "2026-04"


@pytest.mark.req("CLO-06", "PLT-04")
def test_closing_with_the_most_rows_freezes_in_transactions_that_fit(files: MemoryFiles) -> None:
    """Six pages of lines, more charges than one transaction takes, usage entries and items: every kind of row at
    once."""
    rents = [{**PRINTER_FIXED, "definition_id": f"def_rent{n:02d}"} for n in range(95)]
    items = [{**PRINTER, "id": f"eqp_000{n}", "meters": []} for n in range(3)]
    begin(brokered(items=items, definitions=[*rents, CLOUD]))
    sell(price="1.00")
    enter_usage("cus_0003", JANUARY, "10", "use_0001")

    close_all(FEBRUARY_1, files)

    january = closing_of("cus_0003", JANUARY)
    assert (january.status, january.pages, january.charges_left) == (ClosingStatus.FROZEN, 6, False)
    assert sorted(set(amounts("cus_0003"))) == ["10.00", "150.00"]
    assert len(amounts("cus_0003")) == 96


def standing(customer_id: str) -> list[tuple[str, str, str]]:
    """A customer's charges, oldest first: description, amount, and what happened to it."""
    standing_charges = sorted(
        charges_of(TENANT, customer_id), key=lambda c: (c.reference, c.title, c.amount.cents)
    )
    return [(c.title, str(c.amount), "credit" if c.is_credit else str(c.status)) for c in standing_charges]


@pytest.mark.req("CLO-04", "PAY-08")
def test_last_closing_below_zero_is_the_customers_credit(files: MemoryFiles) -> None:
    begin(contract(ends_on="2026-02-01"))
    adjust(closing_of("cus_0001", JANUARY), "100.00", AdjustmentKind.DISCOUNT)

    close_all(FEBRUARY_1, files)

    january = closing_of("cus_0001", JANUARY)
    assert (january.total, january.credit, january.successor_id) == (Money("0.00"), Money("10.00"), None)
    assert standing("cus_0001") == [
        ("1 - Acordo", "-90.00", "unbilled"),
        ("1 - Acordo", "-10.00", "credit"),
        ("1 - Fibra 500 Mega", "90.00", "unbilled"),
    ]
    assert {c.credit_of for c in charges_of(TENANT, "cus_0001") if c.is_credit} == {january.id}


@pytest.mark.req("CLO-04", "CLO-07", "PAY-08")
def test_credit_of_the_last_closing_is_given_once_however_often_it_is_frozen(files: MemoryFiles) -> None:
    begin(contract(ends_on="2026-02-01"))
    adjust(closing_of("cus_0001", JANUARY), "100.00", AdjustmentKind.DISCOUNT)
    close_all(FEBRUARY_1, files)
    before = standing("cus_0001")

    again = unfreeze(closing_of("cus_0001", JANUARY), FEBRUARY_1)
    again = freeze(again, FEBRUARY_1)
    assert standing("cus_0001") == before

    again = adjust(unfreeze(again, FEBRUARY_1), "30.00", AdjustmentKind.SURCHARGE)
    freeze(again, FEBRUARY_1)
    assert Money.sum(charge.amount for charge in charges_of(TENANT, "cus_0001")) == Money("20.00")


@pytest.mark.req("CTR-03", "CON-07", "PAY-08")
def test_pro_rata_of_an_invoiced_instalment_is_credit_and_of_another_a_charge(files: MemoryFiles) -> None:
    for customer_id in ("cus_0001", "cus_0002"):
        made = begin(contract(customer_id, horizon_months=1))
        if customer_id == "cus_0001":
            billed(charges_of(TENANT, customer_id)[0])
        cancel(made)

    close_all(FEBRUARY_1, files)

    assert standing("cus_0001") == [
        ("1 - Fibra 500 Mega (1/1)", "90.00", "billed"),
        ("Ajuste: 1 - Fibra 500 Mega", "-46.45", "credit"),
    ]
    assert standing("cus_0002") == [
        ("1 - Fibra 500 Mega (1/1)", "90.00", "unbilled"),
        ("Ajuste: 1 - Fibra 500 Mega", "-46.45", "unbilled"),
    ]


@pytest.mark.req("CTR-03", "CON-07", "CON-04")
def test_cancellation_removes_the_instalments_past_it_and_tells_those_that_stay(files: MemoryFiles) -> None:
    made = begin(contract(horizon_months=5))
    _, february, march, april, _ = by_due("cus_0001")
    billed(february)
    billed(march, id="inv_0002", number=8, status=InvoiceStatus.SETTLED, settled_on=JANUARY_11)
    put(charge_row(TENANT, april.evolve(paid=Money("5.00"))))

    messages = cancel(made)

    assert messages == (
        "1 - Fibra 500 Mega (2/5), 01/02/2026 a 28/02/2026, R$ 90,00: está na fatura 7",
        "1 - Fibra 500 Mega (3/5), 01/03/2026 a 31/03/2026, R$ 90,00: já paga na fatura 8",
        "1 - Fibra 500 Mega (4/5), 01/04/2026 a 30/04/2026, R$ 90,00: Esta Conta possui pagamento parcial.",
    )
    assert [charge.status for charge in by_due("cus_0001")] == [
        "unbilled",
        "billed",
        "billed",
        "unbilled",
        "removed",
    ]


@pytest.mark.req("CTR-03", "CON-07", "CLO-06")
def test_last_closing_waits_for_a_person_with_instalments_invoiced_past_the_end(files: MemoryFiles) -> None:
    made = begin(contract(horizon_months=3))
    _, february, _ = by_due("cus_0001")
    invoice = billed(february)
    cancel(made)

    close_all(FEBRUARY_1, files)

    waiting = closing_of("cus_0001", JANUARY)
    assert (waiting.status, waiting.pending) == (ClosingStatus.PROCESSED, {ending.INSTALMENT_PAST_END: 1})
    with pytest.raises(Refused) as refused:
        freeze(waiting, FEBRUARY_1)
    (reason,) = refused.value.reasons
    assert reason.message == (
        "Parcela do carnê depois do fim do contrato:"
        " 1 - Fibra 500 Mega (2/3), 01/02/2026 a 28/02/2026, R$ 90,00: está na fatura 7"
    )

    # the invoice is removed, and its charge is unbilled again
    _, february, _ = by_due("cus_0001")
    put(
        invoice_row(TENANT, invoice.evolve(version=1).removed()),
        charge_row(TENANT, february.freed()),
    )
    close_all(MARCH_1, files)

    assert closing_of("cus_0001", JANUARY).is_frozen
    assert standing("cus_0001") == [
        ("1 - Fibra 500 Mega (1/3)", "90.00", "unbilled"),
        ("Ajuste: 1 - Fibra 500 Mega", "-46.45", "unbilled"),
        ("1 - Fibra 500 Mega (2/3)", "90.00", "removed"),
        ("1 - Fibra 500 Mega (3/3)", "90.00", "removed"),
    ]


@pytest.mark.req("CTR-03", "CON-07")
def test_instalments_past_an_end_that_was_brought_forward_go_with_the_last_freeze(files: MemoryFiles) -> None:
    made = begin(contract(horizon_months=3))
    put(contract_row(TENANT, made.evolve(ends_on=FEBRUARY_1)))

    close_all(FEBRUARY_1, files)

    assert [(c.amount, c.status) for c in by_due("cus_0001")] == [
        (Money("90.00"), "unbilled"),
        (Money("90.00"), "removed"),
        (Money("90.00"), "removed"),
    ]


@pytest.mark.req("CTR-03", "CON-07")
def test_instalment_removed_with_the_cancellation_is_not_given_back_too(files: MemoryFiles) -> None:
    made = begin(contract(horizon_months=3))
    close_all(FEBRUARY_1, files)

    cancel(made, JANUARY_16)
    close_all(MARCH_1, files)

    assert closing_of("cus_0001", FEBRUARY).is_frozen
    assert [str(c.status) for c in by_due("cus_0001")] == ["unbilled", "removed", "removed"]


@pytest.mark.req("CTR-03", "CON-07")
def test_booklet_longer_than_a_transaction_is_removed_in_parts(
    files: MemoryFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "AT_ONCE", 2)
    made = begin(contract(horizon_months=8))

    cancel(made)
    assert [str(c.status) for c in by_due("cus_0001")] == ["unbilled", *["removed"] * 2, *["unbilled"] * 5]

    close_all(FEBRUARY_1, files)
    assert [c.status for c in by_due("cus_0001") if not c.closing_id] == ["unbilled", *["removed"] * 7]


def by_due(customer_id: str) -> list[Charge]:
    return sorted(charges_of(TENANT, customer_id), key=lambda charge: charge.due_on)


def early(merge: bool) -> tuple[Closing, Closing]:
    """January frozen on the sixteenth, and the closing after it."""
    begin(contract())
    frozen = freeze(closing_of("cus_0001", JANUARY), JANUARY_16, merge_remaining=merge)
    return frozen, closings_of(TENANT, "cus_0001")[0]


@pytest.mark.req("CLO-07", "CLO-08")
@pytest.mark.parametrize("merge", [True, False])
def test_other_choice_for_the_remaining_days_is_honoured_when_frozen_again(
    files: MemoryFiles, merge: bool
) -> None:
    ends = {True: MARCH_1, False: FEBRUARY_1}
    frozen, following = early(merge)
    assert following.period == Period(JANUARY_16, ends[merge])
    adjust(following, "5.00", AdjustmentKind.SURCHARGE)

    again = freeze(unfreeze(frozen, JANUARY_16), JANUARY_16, merge_remaining=not merge)
    changed = closings_of(TENANT, "cus_0001")[0]
    assert (changed.id, changed.period) == (following.id, Period(JANUARY_16, ends[not merge]))
    assert [str(adjustment.amount) for adjustment in changed.adjustments] == ["5.00"]

    freeze(unfreeze(again, JANUARY_16), JANUARY_16)
    assert closings_of(TENANT, "cus_0001")[0].period == changed.period


@pytest.mark.req("CLO-08")
def test_choice_for_remaining_days_is_refused_where_none_remain(files: MemoryFiles) -> None:
    begin(contract())
    with pytest.raises(Refused) as refused:
        freeze(closing_of("cus_0001", JANUARY), FEBRUARY_1, merge_remaining=True)

    assert [reason.code for reason in refused.value.reasons] == ["closing.nothing_remains"]


@pytest.mark.req("CLO-08")
def test_other_choice_is_refused_once_the_next_closing_had_a_successor(files: MemoryFiles) -> None:
    frozen, following = early(merge=False)
    later = freeze(following, FEBRUARY_1)
    unfreeze(later, FEBRUARY_1)
    with pytest.raises(Refused) as refused:
        freeze(unfreeze(frozen, FEBRUARY_1), FEBRUARY_1, merge_remaining=True)

    assert [reason.code for reason in refused.value.reasons] == ["closing.successor_begun"]


@pytest.mark.req("CHG-09", "CLO-08")
def test_merged_period_is_explained_in_months_and_days(files: MemoryFiles) -> None:
    early(merge=True)
    close_all(MARCH_1, files)
    merged = closings_of(TENANT, "cus_0001")[1]
    (line,) = figures(TENANT, "cus_0001", merged.id, merged.pages).lines

    assert "1 mês e 16 de 31 dias" in " ".join(explained(line).why)


@pytest.mark.req("CLO-07")
def test_freezing_again_and_again_leaves_one_charge_of_each(files: MemoryFiles) -> None:
    begin(contract())
    closing = closing_of("cus_0001", JANUARY)
    for amount in ("5.00", "7.00"):
        adjusted = adjust(closing, amount, AdjustmentKind.SURCHARGE)
        processed = unfreeze(freeze(adjusted, FEBRUARY_1), FEBRUARY_1)
        closing = service.remove_adjustment(
            on(FEBRUARY_1), "cus_0001", processed.id, processed.version, processed.adjustments[0].id
        )
        closing = unfreeze(freeze(closing, FEBRUARY_1), FEBRUARY_1)
    freeze(closing, FEBRUARY_1)

    live = [c for c in charges_of(TENANT, "cus_0001") if c.status is not ChargeStatus.REMOVED]
    assert [(str(c.amount), c.title) for c in live] == [("90.00", "1 - Fibra 500 Mega")]


@pytest.mark.req("CLO-07")
def test_charge_that_a_person_edited_stays_when_the_closing_is_frozen_again(files: MemoryFiles) -> None:
    begin(contract())
    adjusted = adjust(closing_of("cus_0001", JANUARY), "5.00", AdjustmentKind.SURCHARGE)
    processed = unfreeze(freeze(adjusted, FEBRUARY_1), FEBRUARY_1)
    (extra,) = [c for c in charges_of(TENANT, "cus_0001") if str(c.amount) == "5.00"]
    put(charge_row(TENANT, extra.evolve(amount=Money("4.00"), agreed=extra._as_agreed)))
    closing = service.remove_adjustment(
        on(FEBRUARY_1), "cus_0001", processed.id, processed.version, processed.adjustments[0].id
    )
    freeze(closing, FEBRUARY_1)

    assert sorted(amounts("cus_0001")) == ["-5.00", "4.00", "90.00"]


def plans(count: int, amount: str) -> list[dict[str, object]]:
    price = {"kind": "flat", "amount": amount}
    return [
        {**PLAN, "definition_id": f"def_{n:03}", "billing_description": f"Plano {n}", "pricing": price}
        for n in range(count)
    ]


def reprice(count: int, amount: str) -> None:
    kept = get_contract(TENANT, "cus_0001", "con_0001")
    put(contract_row(TENANT, kept.evolve(definitions=plans(count, amount))))


def unbilled() -> list[Charge]:
    return [c for c in charges_of(TENANT, "cus_0001") if c.status is ChargeStatus.UNBILLED]


@pytest.mark.req("CLO-07", "CLO-12")
@pytest.mark.parametrize("count", [20, 21, 45])
def test_freezes_again_and_again_leave_one_charge_for_each_definition(aws: InProcessAws, count: int) -> None:
    """However many charges of the previous freeze turn out differently: none stays together with its opposite."""
    begin(contract(definitions=plans(count, "10.00")))
    frozen = freeze(closing_of("cus_0001", JANUARY), FEBRUARY_1)
    for amount in ("15.00", "12.00"):
        processed = unfreeze(frozen, FEBRUARY_1)
        reprice(count, amount)
        frozen = freeze(processed, FEBRUARY_1)

        assert [str(charge.amount) for charge in unbilled()] == [amount] * count
    assert frozen.total == Money("12.00") * count


@pytest.mark.req("CLO-07", "PLT-04")
def test_freeze_cut_off_while_withdrawing_charges_has_the_same_result_when_repeated(
    aws: InProcessAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "WITHDRAWN_INSIDE", 2)
    monkeypatch.setattr(freezing, "WITHDRAWN_AT_ONCE", 3)
    monkeypatch.setattr(charges, "ROOM", 9)
    count = 7
    begin(contract(definitions=plans(count, "10.00")))
    processed = unfreeze(freeze(closing_of("cus_0001", JANUARY), FEBRUARY_1), FEBRUARY_1)
    reprice(count, "11.00")
    points = count_writes(aws, lambda: freeze(processed, FEBRUARY_1))
    unfreeze(closing_of("cus_0001", JANUARY), FEBRUARY_1)
    assert points >= 5  # two that withdraw, the closing, the charges for which it had no room, its end

    for place, (point, moment) in enumerate(product(range(points), ("before", "after"))):
        amount = f"{20 + place}.00"
        reprice(count, amount)
        with cut(aws, point, moment), pytest.raises(Cut):
            freeze(closing_of("cus_0001", JANUARY), FEBRUARY_1)

        left = closing_of("cus_0001", JANUARY)
        if left.charges_left or left.status is not ClosingStatus.FROZEN:
            freeze(left, FEBRUARY_1)
        assert [str(charge.amount) for charge in unbilled()] == [amount] * count, (point, moment)
        unfreeze(closing_of("cus_0001", JANUARY), FEBRUARY_1)


@pytest.mark.req("CTR-04", "CLO-01")
@pytest.mark.parametrize(
    ("day", "is_refused"),
    [(date(1900, 1, 1), True), (date(2021, 1, 31), True), (date(2021, 2, 1), False), (FEBRUARY_1, False)],
)
def test_activation_does_not_reach_back_beyond_what_can_be_claimed(
    aws: InProcessAws, day: date, is_refused: bool
) -> None:
    """Five years before 01/02/2026; each month since then would be closed and charged at once."""
    made = contract(starts_on="1900-01-01")
    put(contract_row(TENANT, made))

    if is_refused:
        with pytest.raises(Refused) as refused:
            service.activate(on(FEBRUARY_1), made.customer_id, made.id, 1, day)
        assert [(r.code, r.field) for r in refused.value.reasons] == [("contract.activation_too_old", "on")]
        assert closings_of(TENANT, made.customer_id) == []
    else:
        service.activate(on(FEBRUARY_1), made.customer_id, made.id, 1, day)
        (first,) = closings_of(TENANT, made.customer_id)
        assert first.period.start == day


@pytest.mark.req("CTR-04", "CLO-01", "PLT-04")
def test_contract_activated_five_years_back_closes_each_month_once(files: MemoryFiles) -> None:
    made = contract(starts_on="2021-02-01", definitions=[{**PLAN, "valid_from": "2021-02-01"}])
    put(contract_row(TENANT, made))
    service.activate(on(FEBRUARY_1), made.customer_id, made.id, 1, date(2021, 2, 1))

    close_all(FEBRUARY_1, files)

    frozen = [c for c in closings_of(TENANT, made.customer_id) if c.status is ClosingStatus.FROZEN]
    assert (len(frozen), len(unbilled())) == (60, 60)
