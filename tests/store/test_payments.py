"""Money is received, decided and reversed once, whatever is cut off, repeated or done at the same moment."""

from datetime import date
from typing import Any

import pytest

from billing.access.call import Call, Idempotency
from billing.audit.batches import BatchAnswer, Outcome
from billing.audit.changes import Changes, kept_answer
from billing.bank_files import ending
from billing.core.errors import Conflict, Refused
from billing.core.money import ZERO, Money
from billing.core.period import Month
from billing.core.table import Table, Writes
from billing.invoicing import store as invoices
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.states import InvoiceStatus, RemittanceState
from billing.payments import reversing, service, settling, store
from billing.payments.model import (
    AccountKind,
    CashAccount,
    CashMovement,
    HeldReason,
    HeldReceipt,
    MovementKind,
    Resolution,
    Settlement,
)
from billing.payments.payment_after_end import story_of
from billing.payments.receiving import BankPayment, Received, complete_payment, receive
from billing.payments.reversing import ReversalRequest
from billing.payments.service import ClosingOfAccount, Resolving
from billing.payments.settling import SettlementByHand
from tests.support.aws import InProcessAws
from tests.support.billing import company, customer, keep, profile
from tests.support.cutting import Cut, count_writes, cut, meanwhile
from tests.support.invoices import invoice

MARCH = Month("2026-03")
PAID_ON = date(2026, 3, 5)


@pytest.fixture
def base(aws: InProcessAws, call: Call) -> InProcessAws:
    keep(call, company(), profile(), customer("cus_ana0"))
    account = CashAccount(id="acc_itau", company_id="com_alfa", name="Itaú", kind=AccountKind.BANK)
    put(store.account_row(call.tenant_id, account))
    return aws


def settle(call: Call, request: SettlementByHand) -> BatchAnswer:
    return settling.settle(call, request, ending.let_go)


def reverse(call: Call, request: ReversalRequest) -> Settlement:
    return reversing.reverse(call, request, ending.take_back)


def put(*rows: Table) -> None:
    writes = Writes()
    for row in rows:
        writes.put(row)
    writes.commit()


def owe(call: Call, *invoice_ids: str) -> None:
    put(*(invoices.invoice_row(call.tenant_id, invoice(id=invoice_id)) for invoice_id in invoice_ids))


def keyed(call: Call, key: str) -> Call:
    return call._replace(idempotency=Idempotency(key, "hash"))


def by_profile(*invoice_ids: str, **changes: Any) -> SettlementByHand:
    fields = {
        "invoices": [{"customer_id": "cus_ana0", "invoice_id": invoice_id} for invoice_id in invoice_ids],
        "method": "profile",
        "profile_id": "pro_itau",
        "settled_on": PAID_ON,
        "justification": "Depósito",
        **changes,
    }
    return SettlementByHand.model_validate(fields)


def moved(call: Call) -> list[CashMovement]:
    return list(store.movements(call.tenant_id, "acc_itau", MARCH))


def paid(source: str, **changes: Any) -> BankPayment:
    fields = {
        "source": source,
        "company_id": "com_alfa",
        "profile_id": "pro_itau",
        "account_id": "acc_itau",
        "nosso_numero": "00000007",
        "received": Money("100.00"),
        "interest": Money("0.00"),
        "fine": Money("0.00"),
        "discount": Money("0.00"),
        "tariff": Money("0.00"),
        "paid_on": date(2026, 3, 6),
        "credited_on": date(2026, 3, 7),
        **changes,
    }
    return BankPayment(**fields)


def receive_at_bank(call: Call, payment: BankPayment) -> Received:
    changes = Changes(call)
    received = receive(call, changes, payment, invoices.get_invoice(call.tenant_id, "cus_ana0", "inv_ana0"))
    changes.commit()
    return received


@pytest.mark.req("INV-08", "PLT-04")
def test_settlement_cut_at_every_write_and_sent_again_settles_each_invoice_once(
    base: InProcessAws, call: Call
) -> None:
    owe(call, "inv_a000", "inv_b000")
    attempt = keyed(call, "whole")
    writes = count_writes(base, lambda: settle(attempt, by_profile("inv_a000", "inv_b000")))
    cuts = [(point, moment) for point in range(writes) for moment in ("before", "after")]

    for number, (point, moment) in enumerate(cuts, 1):
        ids = f"inv_a{number:03d}", f"inv_b{number:03d}"
        owe(call, *ids)
        again = keyed(call, f"cut-{number}")
        with pytest.raises(Cut), cut(base, point, moment):
            settle(again, by_profile(*ids))
        kept = kept_answer(again)  # as the edge does
        answer = settle(again, by_profile(*ids)) if kept is None else BatchAnswer.model_validate(kept)

        assert [item.outcome for item in answer.items] == [Outcome.DONE, Outcome.DONE]
        for invoice_id in ids:
            (settlement,) = store.settlements_of(call.tenant_id, "cus_ana0", invoice_id)
            assert [m.amount for m in moved(call) if m.source == settlement.id] == [Money("100.00")]

    assert writes == 3


@pytest.mark.req("INV-08")
def test_only_one_of_two_simultaneous_settlements_succeeds(base: InProcessAws, call: Call) -> None:
    owe(call, "inv_ana0")

    with meanwhile(base, 0, lambda: settle(keyed(call, "first"), by_profile("inv_ana0"))):
        late = settle(keyed(call, "second"), by_profile("inv_ana0"))

    assert [(i.outcome, i.reasons[0].code) for i in late.items] == [(Outcome.REFUSED, "conflict")]
    assert len(store.settlements_of(call.tenant_id, "cus_ana0", "inv_ana0")) == len(moved(call)) == 1


@pytest.mark.req("PAY-09")
def test_no_movement_enters_an_account_that_is_closed_at_the_same_moment(
    base: InProcessAws, call: Call
) -> None:
    owe(call, "inv_ana0")
    closing = ClosingOfAccount(until=PAID_ON)

    with meanwhile(base, 0, lambda: service.close_account(call, "acc_itau", closing)):
        answer = settle(call, by_profile("inv_ana0"))

    assert answer.items[0].outcome is Outcome.REFUSED
    assert moved(call) == []


@pytest.mark.req("INV-09")
def test_only_one_of_two_simultaneous_reversals_succeeds(base: InProcessAws, call: Call) -> None:
    owe(call, "inv_ana0")
    (item,) = settle(call, by_profile("inv_ana0")).items
    request = ReversalRequest(
        customer_id="cus_ana0",
        invoice_id="inv_ana0",
        settlement_id=item.made[0],
        on=call.today,
        reason="Engano",
    )

    with pytest.raises(Conflict), meanwhile(base, 0, lambda: reverse(call, request)):
        reverse(call, request)

    assert [str(m.amount) for m in moved(call)] == ["100.00", "-100.00"]


@pytest.mark.req("PAY-08")
def test_only_one_of_two_simultaneous_resolutions_succeeds(base: InProcessAws, call: Call) -> None:
    held = HeldReceipt(
        id="hel_0001",
        company_id="com_alfa",
        profile_id="pro_itau",
        reason=HeldReason.DUPLICATE,
        nosso_numero="00000007",
        customer_id="cus_ana0",
        held=Money("100.00"),
        paid_on=PAID_ON,
        message="R$ 100,00 retidos.",
        source="occ_0001",
    )
    put(store.held_row(call.tenant_id, MARCH, held))

    def decide(resolution: Resolution) -> HeldReceipt:
        return service.resolve(
            call, MARCH, held.id, Resolving(version=1, resolution=resolution), ending.let_go
        )

    with pytest.raises(Conflict), meanwhile(base, 0, lambda: decide(Resolution.REFUND)):
        decide(Resolution.CREDIT)

    assert store.get_held(call.tenant_id, MARCH, held.id).resolution is Resolution.REFUND
    assert [str(movement.amount) for movement in moved(call)] == ["-100.00"]
    assert not [c for c in invoices.charges_of(call.tenant_id, "cus_ana0") if c.is_credit]


def put_unknown(call: Call, amount: str) -> HeldReceipt:
    held = HeldReceipt(
        id="hel_0001",
        company_id="com_alfa",
        profile_id="pro_itau",
        reason=HeldReason.UNKNOWN_TITLE,
        nosso_numero="99999999",
        held=Money(amount),
        paid_on=PAID_ON,
        message=f"R$ {amount} retidos.",
        source="occ_0001",
    )
    put(store.held_row(call.tenant_id, MARCH, held))
    return held


def use_for_invoice(call: Call, invoice_id: str | None = "inv_ana0") -> HeldReceipt:
    choice = None if invoice_id is None else {"customer_id": "cus_ana0", "invoice_id": invoice_id}
    request = Resolving.model_validate({"version": 1, "resolution": "invoice", "invoice": choice})
    return service.resolve(call, MARCH, "hel_0001", request, ending.let_go)


@pytest.mark.req("PAY-08")
@pytest.mark.parametrize(
    ("amount", "balance", "remaining"),
    [
        ("100.00", "0.00", []),
        ("100.01", "0.00", [(HeldReason.OVERPAID, "0.01", "0.00")]),
        ("99.99", "0.01", [(HeldReason.SHORT, "0.00", "0.01")]),
    ],
)
def test_held_money_settles_an_invoice_and_no_cent_is_lost(
    base: InProcessAws, call: Call, amount: str, balance: str, remaining: list[tuple[HeldReason, str, str]]
) -> None:
    """It is in the account since the bank credited it: nothing moves again."""
    owe(call, "inv_ana0")
    put_unknown(call, amount)

    decided = use_for_invoice(call)

    after = invoices.get_invoice(call.tenant_id, "cus_ana0", "inv_ana0")
    (settlement,) = store.settlements_of(call.tenant_id, "cus_ana0", "inv_ana0")
    others = [h for h in store.held_in(call.tenant_id, MARCH) if h.id != "hel_0001"]
    assert (decided.resolution, decided.customer_id, decided.invoice_id) == (
        Resolution.INVOICE,
        "cus_ana0",
        "inv_ana0",
    )
    assert (str(after.balance), after.status) == (
        balance,
        InvoiceStatus.SETTLED if balance == "0.00" else InvoiceStatus.OPEN,
    )
    assert [(h.reason, str(h.held), str(h.missing)) for h in others] == remaining
    assert settlement.received + Money.sum(h.held for h in others) == Money(amount)
    assert (settlement.account_id, settlement.settled_on, settlement.source) == (
        "acc_itau",
        PAID_ON,
        "hel_0001",
    )
    assert moved(call) == []


@pytest.mark.req("PAY-08", "SEC-02")
@pytest.mark.parametrize(
    ("changes", "chosen", "code"),
    [
        ({}, None, "held.no_invoice"),
        ({"status": InvoiceStatus.SUSPENDED}, "inv_ana0", "held.invoice"),
        ({"company_id": "com_beta"}, "inv_ana0", "held.other_company"),
    ],
)
def test_held_money_does_not_settle_what_is_not_an_open_invoice_of_its_company(
    base: InProcessAws, call: Call, changes: dict[str, Any], chosen: str | None, code: str
) -> None:
    put(invoices.invoice_row(call.tenant_id, invoice(**changes)))
    held = put_unknown(call, "100.00")

    with pytest.raises(Refused) as refused:
        use_for_invoice(call, chosen)

    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [(code, "invoice")]
    assert store.get_held(call.tenant_id, MARCH, held.id).resolution is None
    assert store.settlements_of(call.tenant_id, "cus_ana0", "inv_ana0") == []


@pytest.mark.req("BNK-08")
def test_settlement_by_the_bank_is_reconciled_and_a_partial_one_is_not(
    base: InProcessAws, call: Call
) -> None:
    owe(call, "inv_ana0")
    receive_at_bank(call, paid("occ_0001", received=Money("40.00")))
    partly = invoices.get_invoice(call.tenant_id, "cus_ana0", "inv_ana0")
    receive_at_bank(call, paid("occ_0002", received=Money("60.00")))

    settled = invoices.get_invoice(call.tenant_id, "cus_ana0", "inv_ana0")

    assert (partly.status, partly.reconciled) == (InvoiceStatus.OPEN, False)
    assert (settled.status, settled.reconciled) == (InvoiceStatus.SETTLED, True)
    assert all(one.reconciled for one in store.settlements_of(call.tenant_id, "cus_ana0", "inv_ana0"))


@pytest.mark.req("BNK-08")
def test_return_finds_the_credit_that_a_settlement_by_hand_waits_for(base: InProcessAws, call: Call) -> None:
    owe(call, "inv_ana0")
    settle(call, by_profile("inv_ana0"))

    received = receive_at_bank(call, paid("occ_0001"))

    balance = store.balance(call.tenant_id, "acc_itau", date(2026, 3, 1), date(2026, 3, 31))
    settled = invoices.get_invoice(call.tenant_id, "cus_ana0", "inv_ana0")
    (settlement,) = store.settlements_of(call.tenant_id, "cus_ana0", "inv_ana0")
    assert received.held is None
    assert (str(balance.moved), str(balance.expected)) == ("100.00", "0.00")
    assert (settled.status, settled.reconciled, settled.locks) == (InvoiceStatus.SETTLED, True, ())
    assert (settlement.reconciled, settlement.credited_on) == (True, date(2026, 3, 7))


@pytest.mark.parametrize(
    "changes",
    [
        {"received": Money("99.99")},
        {"profile_id": "pro_nova"},
        {"paid_on": date(2026, 3, 1), "credited_on": date(2026, 3, 4)},
    ],
)
@pytest.mark.req("BNK-08", "PAY-08")
def test_credit_that_is_not_the_one_waited_for_is_a_second_payment_and_is_held(
    base: InProcessAws, call: Call, changes: dict[str, Any]
) -> None:
    owe(call, "inv_ana0")
    settle(call, by_profile("inv_ana0"))

    received = receive_at_bank(call, paid("occ_0001", **changes))

    assert received.held is not None
    assert received.held.reason is HeldReason.DUPLICATE
    assert not invoices.get_invoice(call.tenant_id, "cus_ana0", "inv_ana0").reconciled


@pytest.mark.req("BNK-08", "PAY-08")
def test_second_credit_after_the_awaited_one_is_held(base: InProcessAws, call: Call) -> None:
    owe(call, "inv_ana0")
    settle(call, by_profile("inv_ana0"))
    receive_at_bank(call, paid("occ_0001"))

    again = receive_at_bank(call, paid("occ_0002"))

    assert again.held is not None
    assert again.held.reason is HeldReason.DUPLICATE


@pytest.mark.req("INV-09", "PAY-08")
def test_reversal_of_an_overpaid_boleto_takes_the_invoices_money_out_and_leaves_what_is_held(
    base: InProcessAws, call: Call
) -> None:
    owe(call, "inv_ana0")
    before = invoices.get_invoice(call.tenant_id, "cus_ana0", "inv_ana0")
    received = receive_at_bank(call, paid("occ_0001", received=Money("108.00"), interest=Money("2.00")))
    (settlement,) = store.settlements_of(call.tenant_id, "cus_ana0", "inv_ana0")

    reverse(
        call,
        ReversalRequest(
            customer_id="cus_ana0",
            invoice_id="inv_ana0",
            settlement_id=settlement.id,
            on=call.today,
            reason="Devolvido pelo banco",
        ),
    )

    assert received.held is not None
    assert received.held.held == Money("6.00")
    assert [(m.on.day, str(m.amount)) for m in moved(call)] == [(7, "108.00"), (10, "-102.00")]
    assert invoices.get_invoice(call.tenant_id, "cus_ana0", "inv_ana0") == before.evolve(
        version=3, remittance=RemittanceState.PAID
    )


@pytest.mark.req("PAY-05")
@pytest.mark.parametrize(
    ("credited_on", "tariff", "day", "credit", "tariffs"),
    [
        (date(2026, 3, 9), Money("1.20"), date(2026, 3, 9), date(2026, 3, 9), ["-1.20"]),
        (date(2026, 3, 9), ZERO, date(2026, 3, 9), date(2026, 3, 9), []),
        (None, Money("1.20"), date(2026, 3, 6), None, ["-1.20"]),
        (None, Money("1.20"), None, None, []),
    ],
)
def test_later_line_of_a_payment_adds_the_date_of_credit_and_the_tariff(
    base: InProcessAws,
    call: Call,
    credited_on: date | None,
    tariff: Money,
    day: date | None,
    credit: date | None,
    tariffs: list[str],
) -> None:
    owe(call, "inv_ana0")
    receive_at_bank(call, paid("occ_0001", credited_on=None))
    changes = Changes(call)

    complete_payment(
        call,
        changes,
        source="occ_0001",
        company_id="com_alfa",
        account_id="acc_itau",
        invoice="cus_ana0/inv_ana0",
        tariff=tariff,
        credited_on=credited_on,
        day=day,
    )
    changes.commit()

    (settlement,) = store.settlements_of(call.tenant_id, "cus_ana0", "inv_ana0")
    assert (settlement.credited_on, settlement.received) == (credit, Money("100.00"))
    assert [str(m.amount) for m in moved(call) if m.kind is MovementKind.TARIFF] == tariffs


def test_date_of_credit_once_known_stays(base: InProcessAws, call: Call) -> None:
    owe(call, "inv_ana0")
    receive_at_bank(call, paid("occ_0001", credited_on=date(2026, 3, 7)))
    changes = Changes(call)

    complete_payment(
        call,
        changes,
        source="occ_0001",
        company_id="com_alfa",
        account_id="acc_itau",
        invoice="cus_ana0/inv_ana0",
        tariff=ZERO,
        credited_on=date(2026, 3, 9),
        day=None,
    )

    assert len(changes) == 0


@pytest.mark.req("PAY-05")
def test_payment_of_a_settled_invoice_says_when_and_how_it_was_settled(
    base: InProcessAws, call: Call
) -> None:
    owe(call, "inv_ana0")
    settle(call, by_profile("inv_ana0", method="other", profile_id=None))
    settled = invoices.get_invoice(call.tenant_id, "cus_ana0", "inv_ana0")

    bare = story_of(call, settled)
    registered = story_of(call, settled.evolve(remittance=RemittanceState.REGISTERED))

    assert bare == "a Fatura 7 já estava liquidada desde 05/03/2026, manualmente (Depósito)"
    assert registered == f"{bare}; o banco tinha o boleto, sem baixa pedida"
    (settlement,) = store.settlements_of(call.tenant_id, "cus_ana0", "inv_ana0")
    reverse(
        call,
        ReversalRequest(
            customer_id="cus_ana0",
            invoice_id="inv_ana0",
            settlement_id=settlement.id,
            on=call.today,
            reason="Engano",
        ),
    )
    assert story_of(call, settled) == "a Fatura 7 já estava liquidada"


@pytest.mark.req("PAY-05")
@pytest.mark.parametrize(
    ("note", "story"),
    [
        ("Contrato cancelado", "a Fatura 7 está excluída desde 10/03/2026 (Contrato cancelado)"),
        (None, "a Fatura 7 está excluída desde 10/03/2026"),
    ],
)
def test_payment_of_a_deleted_invoice_says_since_when_and_why(
    base: InProcessAws, call: Call, note: str | None, story: str
) -> None:
    deleted = invoice(status=InvoiceStatus.DELETED)
    row = invoices.invoice_row(call.tenant_id, deleted)
    changes = Changes(call)
    changes.put(row, InvoiceAction.REMOVED, note=note)
    changes.commit()

    assert story_of(call, deleted) == story
    other = deleted.evolve(id="inv_b000")
    assert story_of(call, other) == "a Fatura 7 está excluída"  # it is not known how


@pytest.mark.req("PAY-05")
def test_payment_of_a_suspended_invoice_says_that_it_is_not_open(base: InProcessAws, call: Call) -> None:
    suspended = invoice(status=InvoiceStatus.SUSPENDED, remittance=RemittanceState.TRANSMITTED)

    assert story_of(call, suspended) == (
        "a Fatura 7 não está em aberto (suspensa); o banco tinha o boleto, sem baixa confirmada"
    )


def close(call: Call, until: date) -> CashAccount:
    return service.close_account(call, "acc_itau", ClosingOfAccount(until=until))


@pytest.mark.req("PAY-09")
def test_bank_movement_of_a_closed_day_is_dated_on_the_first_open_one(base: InProcessAws, call: Call) -> None:
    owe(call, "inv_ana0")
    close(call, date(2026, 3, 8))

    receive_at_bank(call, paid("occ_0001", tariff=Money("1.20")))
    receive_at_bank(call, paid("occ_0002", credited_on=date(2026, 3, 9)))

    entries = {(m.source, m.kind, m.on.day, m.event_on, str(m.amount)) for m in moved(call)}
    assert entries == {
        ("occ_0001", MovementKind.RECEIPT, 9, date(2026, 3, 7), "100.00"),
        ("occ_0001", MovementKind.TARIFF, 9, date(2026, 3, 7), "-1.20"),
        ("occ_0002", MovementKind.RECEIPT, 9, None, "100.00"),
    }
    (settlement,) = store.settlements_of(call.tenant_id, "cus_ana0", "inv_ana0")
    assert (settlement.credited_on, settlement.moved_on) == (date(2026, 3, 7), date(2026, 3, 9))
    assert store.balance(call.tenant_id, "acc_itau", date(2026, 3, 1), date(2026, 3, 8)).moved == ZERO


@pytest.mark.req("PAY-09", "BNK-08")
def test_credit_of_a_closed_day_leaves_what_was_expected_in_it_as_it_was(
    base: InProcessAws, call: Call
) -> None:
    owe(call, "inv_ana0")
    settle(call, by_profile("inv_ana0"))
    close(call, date(2026, 3, 8))

    receive_at_bank(call, paid("occ_0001"))

    closed = store.balance(call.tenant_id, "acc_itau", date(2026, 3, 1), date(2026, 3, 8))
    whole = store.balance(call.tenant_id, "acc_itau", date(2026, 3, 1), date(2026, 3, 31))
    assert (str(closed.moved), str(closed.expected)) == ("0.00", "100.00")
    assert (str(whole.moved), str(whole.expected)) == ("100.00", "0.00")
    (settlement,) = store.settlements_of(call.tenant_id, "cus_ana0", "inv_ana0")
    assert (settlement.reconciled, settlement.moved_on) == (True, date(2026, 3, 9))


@pytest.mark.parametrize("earlier", [None, date(2026, 3, 1)])
@pytest.mark.req("PAY-09")
def test_credit_does_not_enter_an_account_that_is_closed_at_the_same_moment(
    base: InProcessAws, call: Call, earlier: date | None
) -> None:
    """The first closing of an account, and a later one."""
    owe(call, "inv_ana0")
    if earlier is not None:
        close(call, earlier)

    with pytest.raises(Conflict), meanwhile(base, 0, lambda: close(call, date(2026, 3, 8))):
        receive_at_bank(call, paid("occ_0001"))
    assert moved(call) == []

    receive_at_bank(call, paid("occ_0001"))
    assert [m.on for m in moved(call)] == [date(2026, 3, 9)]


@pytest.mark.req("PAY-09", "SEC-02")
def test_bank_moves_no_account_of_another_company(base: InProcessAws, call: Call) -> None:
    owe(call, "inv_ana0")

    with pytest.raises(Refused, match=r"account\.company"):
        receive_at_bank(call, paid("occ_0001", company_id="com_beta"))

    assert moved(call) == []
