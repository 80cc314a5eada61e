"""What may be done with an invoice, and every reason why not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.banking.bank_reason import BankReason
from billing.core.errors import Refusal, Refused, Severity
from billing.core.money import ZERO, Money
from billing.invoicing import refusals
from billing.invoicing.charge import Charge, to_remove_unbilled
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import (
    INVOICE_MOVES,
    REMITTANCE_MOVES,
    InvoiceStatus,
    Lock,
    LockKind,
    RemittanceState,
    move,
)
from infra.settings import ROOT
from tests.support.invoices import charge, invoice

AT = datetime(2026, 4, 2, 12, 0, tzinfo=UTC)


def _lock(kind: LockKind) -> tuple[Lock, ...]:
    return (Lock(kind=kind, cause="run_1", at=AT),)


def _said(reasons: list[Refusal]) -> list[tuple[str, str]]:
    return [(reason.code, reason.message) for reason in reasons]


SETTLED = {"status": InvoiceStatus.SETTLED, "paid": Money("100.00"), "settled_on": date(2026, 4, 9)}

REMOVAL = [
    (SETTLED, "invoice.settled", "A Fatura 7 já está liquidada"),
    ({"status": InvoiceStatus.DELETED}, "invoice.deleted", "A fatura 7 está com status de excluída"),
    ({"status": InvoiceStatus.REPLACED}, "invoice.deleted", "A fatura 7 está com status de excluída"),
    ({"status": InvoiceStatus.CANCELLED}, "invoice.deleted", "A fatura 7 está com status de excluída"),
    (
        {"remittance": RemittanceState.TRANSMITTED},
        "invoice.transmitted",
        "A fatura 7 está com remessa transmitida",
    ),
    (
        {"remittance": RemittanceState.REGISTERED},
        "invoice.transmitted",
        "A fatura 7 está com remessa transmitida",
    ),
    (
        {"has_fiscal_document": True},
        "invoice.fiscal_document",
        "A fatura 7 já possui documentos fiscais gerados.",
    ),
    (
        {"locks": _lock(LockKind.AWAITING_RECONCILIATION)},
        "invoice.awaiting_reconciliation",
        "Fatura aguarda conciliação na profile",
    ),
    (
        {"locks": _lock(LockKind.SCHEDULE_SUSPENDED)},
        "invoice.schedule_suspended",
        "Fatura com programação suspensa na profile",
    ),
    ({"reconciled": True}, "invoice.reconciled", "Fatura já conciliada"),
    ({"paid": Money("0.01")}, "invoice.partially_settled", "Esta fatura possui liquidações parciais"),
    (
        {"locks": _lock(LockKind.AWAITING_FISCAL_DOCUMENT)},
        "invoice.awaiting_fiscal_document",
        "Esta fatura aguarda efetivação de geração de documentos fiscais",
    ),
    (
        {"locks": _lock(LockKind.AWAITING_REMITTANCE), "remittance": RemittanceState.AWAITING},
        "invoice.awaiting_remittance",
        "Esta fatura aguarda efetivação de remessa",
    ),
]


@pytest.mark.req("INV-01", "INV-19")
@pytest.mark.parametrize(("state", "code", "message"), REMOVAL)
def test_removal_is_refused(state: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        invoice(**state).removed()

    assert _said(list(refused.value.reasons))[:1] == [(code, message)]


@pytest.mark.req("INV-01")
def test_removal_is_refused_for_all_reasons_at_once() -> None:
    barred = invoice(
        remittance=RemittanceState.REGISTERED,
        has_fiscal_document=True,
        reconciled=True,
        paid=Money("10.00"),
        locks=(*_lock(LockKind.SCHEDULE_SUSPENDED), *_lock(LockKind.AWAITING_RECONCILIATION)),
    )

    assert [reason.code for reason in refusals.to_remove(barred)] == [
        "invoice.transmitted",
        "invoice.fiscal_document",
        "invoice.awaiting_reconciliation",
        "invoice.reconciled",
        "invoice.schedule_suspended",
        "invoice.partially_settled",
        "invoice.outstanding_ways",
    ]


@pytest.mark.req("INV-01")
def test_charge_in_no_invoice_has_no_invoice_to_remove() -> None:
    conta = charge(id="chg_7m3k9x2p4q8r1s5t6v0w")

    assert _said(to_remove_unbilled(conta)) == [
        (
            "charge.not_billed",
            "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 ainda não foi faturada",
        )
    ]


@pytest.mark.req("INV-01")
@pytest.mark.parametrize("status", [InvoiceStatus.OPEN, InvoiceStatus.SUSPENDED])
def test_open_or_suspended_invoice_is_removed(status: InvoiceStatus) -> None:
    assert invoice(status=status).removed().status is InvoiceStatus.DELETED


@pytest.mark.req("INV-02")
@pytest.mark.parametrize(
    ("state", "code", "message"),
    [
        (SETTLED, "invoice.settled", "A Fatura 7 já está liquidada"),
        ({"status": InvoiceStatus.DELETED}, "invoice.deleted", "A fatura 7 está com status de excluída"),
        (
            {"status": InvoiceStatus.SUSPENDED},
            "invoice.suspended",
            "A fatura 7 já está com o status de suspenso.",
        ),
        ({"reconciled": True}, "invoice.reconciled", "Fatura já conciliada"),
        (
            {"locks": _lock(LockKind.AWAITING_RECONCILIATION)},
            "invoice.awaiting_reconciliation",
            "Fatura aguarda conciliação na profile",
        ),
    ],
)
def test_suspension_is_refused(state: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        invoice(**state).suspended()

    assert _said(list(refused.value.reasons)) == [(code, message)]


@pytest.mark.req("INV-02")
def test_suspension_of_a_remitted_invoice_is_done_with_a_warning() -> None:
    remitted = invoice(remittance=RemittanceState.TRANSMITTED)

    assert remitted.suspended().status is InvoiceStatus.SUSPENDED
    assert [(r.severity, r.message) for r in refusals.to_suspend(remitted)] == [
        (
            Severity.WARNS,
            "ATENÇÃO: Suspensão autorizada, porém essa fatura já tem remessa gerada.",
        )
    ]


@pytest.mark.req("INV-02")
def test_suspension_is_cancelled_once() -> None:
    back = invoice(status=InvoiceStatus.SUSPENDED).unsuspended()

    with pytest.raises(Refused) as refused:
        back.unsuspended()

    assert back.status is InvoiceStatus.OPEN
    assert _said(list(refused.value.reasons)) == [
        ("invoice.not_suspended", "A Fatura 7 não está mais suspensa")
    ]


@pytest.mark.req("INV-08")
@pytest.mark.parametrize(
    ("state", "code", "message"),
    [
        (SETTLED, "invoice.settled", "A Fatura 7 já está liquidada"),
        ({"status": InvoiceStatus.DELETED}, "invoice.deleted", "A fatura 7 está com status de excluída"),
        (
            {"status": InvoiceStatus.SUSPENDED},
            "invoice.suspended",
            "A fatura 7 já está com o status de suspenso.",
        ),
        ({"paid": Money("1.00")}, "invoice.partially_settled", "Esta fatura possui liquidações parciais"),
    ],
)
def test_manual_settlement_is_refused(state: dict[str, Any], code: str, message: str) -> None:
    assert _said(refusals.to_settle(invoice(**state)))[:1] == [(code, message)]


@pytest.mark.req("INV-08", "PAY-08")
def test_refusal_of_a_partly_paid_invoice_says_what_can_be_done() -> None:
    partly = invoice(paid=Money("99.99"))

    ways = (
        "invoice.outstanding_ways",
        "Faltam R$ 0,01 da Fatura 7: receba o saldo, perdoe-o ou leve-o a outra conta.",
    )
    assert _said(refusals.to_settle(partly))[1:] == [ways]
    assert _said(refusals.to_remove(partly))[1:] == [ways]
    assert refusals.to_close_outstanding(partly) == []
    assert [r.code for r in refusals.to_close_outstanding(invoice())] == ["invoice.not_partly_settled"]


@pytest.mark.req("INV-04", "PAY-08")
def test_boleto_is_for_the_full_amount_or_cannot_be_paid() -> None:
    open_invoice = invoice(barcode="1" * 44)

    assert open_invoice.has_boleto_to_pay
    assert not open_invoice.evolve(paid=Money("0.01")).has_boleto_to_pay
    assert not open_invoice.evolve(remittance=RemittanceState.WRITTEN_OFF).has_boleto_to_pay
    assert not open_invoice.evolve(status=InvoiceStatus.SUSPENDED).has_boleto_to_pay


@pytest.mark.req("INV-09")
@pytest.mark.parametrize(
    ("state", "facts", "code", "message"),
    [
        (
            {"status": InvoiceStatus.OPEN, "paid": ZERO},
            {},
            "invoice.not_settled",
            "A Fatura 7 não está liquidada",
        ),
        (
            {"reconciled": True},
            {"is_bank_period_closed": True},
            "invoice.reconciled",
            "Fatura já conciliada",
        ),
        ({}, {"is_reversed": True}, "settlement.reversed", "A liquidação da fatura 7 já foi estornada"),
        (
            {"agreement_id": "agr_1"},
            {},
            "invoice.renegotiated",
            "A Fatura 7 faz parte de um parcelamento",
        ),
        (
            {"has_settlement_document": True},
            {},
            "invoice.settlement_document",
            "A fatura 7 possui documento fiscal emitido pelo valor liquidado",
        ),
        (
            {},
            {"is_cash_box_closed": True},
            "cash_box.closed",
            "O caixa da data da liquidação está fechado",
        ),
    ],
)
def test_reversal_is_refused(state: dict[str, Any], facts: dict[str, bool], code: str, message: str) -> None:
    facts = {"is_reversed": False, "is_bank_period_closed": False, "is_cash_box_closed": False, **facts}

    assert _said(refusals.to_reverse(invoice(**{**SETTLED, **state}), **facts)) == [(code, message)]


@pytest.mark.req("PAY-08")
def test_parts_settle_the_invoice_when_nothing_is_left() -> None:
    part = invoice().received(Money("99.99"), date(2026, 4, 8))
    whole = part.received(Money("0.01"), date(2026, 4, 9))

    assert (part.status, part.balance, part.settled_on) == (InvoiceStatus.OPEN, Money("0.01"), None)
    assert (whole.status, whole.balance, whole.settled_on) == (
        InvoiceStatus.SETTLED,
        ZERO,
        date(2026, 4, 9),
    )


@pytest.mark.req("PAY-08")
@pytest.mark.parametrize("principal", ["100.01", "-0.01"])
def test_principal_stays_within_the_balance(principal: str) -> None:
    with pytest.raises(ValueError, match="within the invoice's balance"):
        invoice().received(Money(principal), date(2026, 4, 9))


@pytest.mark.req("INV-09")
def test_reversal_restores_the_invoice() -> None:
    before = invoice()

    assert before.received(Money("100.00"), date(2026, 4, 9)).reversed(Money("100.00")) == before
    assert before.received(Money("40.00"), date(2026, 4, 9)).reversed(Money("40.00")) == before


@pytest.mark.req("INV-19")
def test_lock_is_cleared_only_by_its_own_cause() -> None:
    claimed = invoice().claimed("run_1", AT)

    assert claimed.locks == _lock(LockKind.AWAITING_REMITTANCE)
    assert claimed.unlocked(LockKind.AWAITING_REMITTANCE, "run_2").locks == claimed.locks
    assert claimed.released("run_1") == invoice()
    sent = claimed.transmitted("run_1", "abc")
    assert sent == invoice(remittance=RemittanceState.TRANSMITTED, entries_sent=1, entry_hash="abc")
    assert claimed.registered() == invoice(remittance=RemittanceState.REGISTERED)


@pytest.mark.req("INV-19")
def test_rejected_title_may_be_sent_again() -> None:
    rejected = invoice(remittance=RemittanceState.TRANSMITTED).rejected(())

    assert rejected.claimed("run_2", AT).remittance is RemittanceState.AWAITING
    assert refusals.to_remove(rejected) == []


@pytest.mark.req("INV-19", "BEY-13")
def test_rejected_title_that_a_remittance_gave_up_is_still_rejected() -> None:
    reasons = (BankReason(code="03", text="CEP inválido"),)
    rejected = invoice(remittance=RemittanceState.TRANSMITTED).rejected(reasons)

    assert rejected.claimed("run_2", AT).released("run_2") == rejected
    assert rejected.claimed("run_2", AT).transmitted("run_2").rejection is None


@pytest.mark.req("INV-13")
@pytest.mark.parametrize("state", [RemittanceState.TRANSMITTED, RemittanceState.REGISTERED])
def test_mark_of_remittance_is_removed(state: RemittanceState) -> None:
    unmarked = invoice(remittance=state).unmarked()

    assert unmarked == invoice(remittance=state, is_unmarked=True)
    assert refusals.to_remove(unmarked) == []


@pytest.mark.req("INV-13", "BEY-13")
def test_rejected_title_is_unmarked_to_go_again_as_it_is() -> None:
    rejected = invoice(remittance=RemittanceState.TRANSMITTED, entry_hash="abc").rejected(())

    assert rejected.unmarked() == invoice()


@pytest.mark.req("INV-13", "INV-19")
def test_title_that_was_sent_and_is_claimed_again_goes_back_to_sent() -> None:
    sent = invoice(remittance=RemittanceState.TRANSMITTED, entries_sent=1).unmarked()

    assert sent.claimed("run_2", AT).released("run_2") == sent
    again = sent.claimed("run_2", AT).transmitted("run_2")
    assert (again.entries_sent, again.is_unmarked) == (2, False)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("state", [s for s in RemittanceState if s is not RemittanceState.PAID])
def test_boleto_paid_at_the_bank_is_paid_in_any_state(state: RemittanceState) -> None:
    paid = invoice(remittance=state, barcode="1" * 44).paid_at_bank()

    assert (paid.remittance, paid.has_live_boleto, paid.locks) == (RemittanceState.PAID, False, ())
    assert paid.paid_at_bank() == paid


@pytest.mark.req("INV-13")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ["invoice.not_remitted"]),
        ({"remittance": RemittanceState.AWAITING}, ["invoice.not_remitted"]),
        ({"remittance": RemittanceState.PAID}, ["invoice.not_remitted"]),
        ({"remittance": RemittanceState.REGISTERED, "is_unmarked": True}, ["invoice.not_remitted"]),
        ({"remittance": RemittanceState.WRITE_OFF_QUEUED}, ["invoice.write_off_queued"]),
        (
            {"status": InvoiceStatus.SETTLED, "settled_on": date(2026, 4, 9)},
            ["invoice.settled", "invoice.not_remitted"],
        ),
        (
            {"status": InvoiceStatus.DELETED, "remittance": RemittanceState.TRANSMITTED},
            ["invoice.deleted"],
        ),
    ],
)
def test_missing_or_required_mark_is_not_removed(changes: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        invoice(**changes).unmarked()

    assert [reason.code for reason in refused.value.reasons] == codes


@pytest.mark.req("INV-12")
def test_write_off_is_queued_given_up_and_done() -> None:
    queued = invoice(remittance=RemittanceState.REGISTERED).with_write_off_queued()

    assert queued.without_write_off().remittance is RemittanceState.REGISTERED
    assert refusals.to_remove(queued) != []
    assert refusals.to_remove(queued.written_off()) == []


@pytest.mark.req("INV-01", "INV-02")
def test_only_the_moves_of_the_table_are_legal() -> None:
    for moves in (INVOICE_MOVES, REMITTANCE_MOVES):
        for present in moves:
            for target in moves:
                if target in moves[present]:
                    assert move(moves, present, target) is target
                else:
                    with pytest.raises(ValueError, match="not a legal move"):
                        move(moves, present, target)


@pytest.mark.req("INV-14")
def test_deleted_invoice_stays_deleted() -> None:
    gone = (InvoiceStatus.DELETED, InvoiceStatus.REPLACED, InvoiceStatus.CANCELLED)

    assert [INVOICE_MOVES[status] for status in gone] == [frozenset()] * 3


@pytest.mark.req("INV-18")
def test_amount_is_never_negative() -> None:
    with pytest.raises(ValidationError):
        invoice(amount=Money("-0.01"))


WITHOUT_BOLETO = "A fatura 7 não tem boleto a pagar e fica fora do carnê. Imprima-a como folha."


@pytest.mark.req("INV-02", "INV-04")
@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        (SETTLED, "invoice.settled", "A Fatura 7 já está liquidada"),
        ({"status": InvoiceStatus.REPLACED}, "invoice.deleted", "A fatura 7 está com status de excluída"),
        (
            {"status": InvoiceStatus.SUSPENDED},
            "invoice.suspended",
            "A fatura 7 está com o status de suspenso e fica fora do carnê.",
        ),
        ({"barcode": None}, "invoice.without_boleto", WITHOUT_BOLETO),
        ({"amount": ZERO}, "invoice.without_boleto", WITHOUT_BOLETO),
    ],
)
def test_booklet_takes_only_boletos_that_are_to_be_paid(
    changes: dict[str, Any], code: str, message: str
) -> None:
    payable = invoice(barcode="3" * 44)
    assert refusals.to_print_in_booklet(payable) == []
    assert _said(refusals.to_print_in_booklet(payable.evolve(**changes))) == [(code, message)]


CENTS = st.lists(st.integers(-500_00, 500_00), min_size=1, max_size=6)


@given(
    kept=CENTS, moved=st.lists(st.integers(-500_00, 500_00), max_size=3), off=st.sampled_from([-1, 0, 0, 1])
)
@pytest.mark.req("INV-18")
def test_invoice_is_stored_only_as_the_sum_of_its_charges(
    kept: list[int], moved: list[int], off: int
) -> None:
    """As first written, as charges are added, as they are removed, and with nothing changed."""
    stays = [charge(id=f"chg_{n}", amount=Money.from_cents(cents)) for n, cents in enumerate(kept)]
    moves = [charge(id=f"chg_m{n}", amount=Money.from_cents(cents)) for n, cents in enumerate(moved)]
    low, high = min(sum(kept), sum(kept) + sum(moved)), abs(sum(kept)) + abs(sum(moved)) + 1
    lift = charge(id="chg_lift", amount=Money.from_cents(high + max(0, -low)))  # no amount is negative

    def of(charges: list[Charge], cents: int = 0) -> Invoice:
        amount = Money.sum(part.amount for part in charges) + Money.from_cents(cents)
        return invoice(charge_ids=tuple(part.id for part in charges), amount=amount)

    without, whole = [*stays, lift], [*stays, lift, *moves]
    for before, after, known in (
        (None, of(whole, off), whole),
        (of(without), of(whole, off), moves),
        (of(whole), of(without, off), moves),
        (of(whole), of(whole, off), []),
    ):
        if off:
            with pytest.raises(ValueError, match="not the sum of its charges"):
                after.following(before, known)
        else:
            assert after.following(before, known) is after


@pytest.mark.req("INV-18")
def test_invoice_is_not_stored_with_a_repeated_or_unnamed_charge() -> None:
    one, other = charge(id="chg_1", amount=Money("60.00")), charge(id="chg_2", amount=Money("40.00"))
    before = invoice(charge_ids=(one.id,), amount=one.amount)

    for after, known in (
        (before.adjusted(other), []),
        (before.adjusted(one), [one]),
        (before.without_adjustment(one), [other]),
        (before.evolve(charge_ids=(other.id,)), [one, other]),
    ):
        with pytest.raises(ValueError, match="not the sum of its charges"):
            after.following(before, known)

    assert before.adjusted(other).following(before, [one, other]).amount == Money("100.00")


@pytest.mark.req("INV-18")
def test_only_the_store_makes_an_invoices_row() -> None:
    """So that no invoice is stored without its sum being checked: see `put_invoice`."""
    product = (ROOT / "layers" / "billing" / "python" / "billing").rglob("*.py")
    assert [file.name for file in product if "invoice_row(" in file.read_text()] == ["store.py"]


@pytest.mark.req("INV-08")
def test_payment_of_zero_leaves_the_invoice_unchanged() -> None:
    assert invoice().received(ZERO, date(2026, 4, 9)) == invoice()
