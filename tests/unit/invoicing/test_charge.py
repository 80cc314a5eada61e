"""What may be done with a charge, every reason why not, and the one origin of a contract's charges."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.core.errors import Refused, Severity
from billing.core.money import ZERO, Money
from billing.core.period import Month, Period
from billing.invoicing.charge import Charge, ChargeEdit, charge_id, to_unsuspend_charge
from billing.invoicing.difference import proposed_minus_existing
from billing.invoicing.states import (
    CHARGE_MOVES,
    ChargeStatus,
    InvoiceStatus,
    Lock,
    LockKind,
    RemittanceState,
    move,
)
from billing.payments.outstanding import Rebilling, rebilled_charge
from tests.support.invoices import MARCH, a_credit, charge, invoice

BILLED = {"status": ChargeStatus.BILLED, "invoice_id": "inv_ana0"}
SETTLED_INVOICE = {
    "status": InvoiceStatus.SETTLED,
    "paid": Money("100.00"),
    "settled_on": date(2026, 4, 9),
}


def _locks(kind: LockKind) -> tuple[Lock, ...]:
    return (Lock(kind=kind, cause="run_9", at=datetime(2026, 4, 1, tzinfo=UTC)),)


def _edit(of: Charge, **changes: Any) -> ChargeEdit:
    return ChargeEdit(**{name: getattr(of, name) for name in ChargeEdit.model_fields}).evolve(**changes)


@pytest.mark.req("CON-02")
@pytest.mark.parametrize(
    ("state", "changes", "code", "message"),
    [
        (
            {"status": ChargeStatus.SETTLED},
            {},
            "charge.settled",
            "ERRO! Você não pode efetuar alterações em contas liquidadas.",
        ),
        (
            {"locks": _locks(LockKind.LOCKED_CHARGE)},
            {},
            "charge.locked",
            "ERRO! Essa conta não pode mais sofrer nenhum tipo de alteração.",
        ),
        (
            {"status": ChargeStatus.REMOVED},
            {},
            "charge.locked",
            "ERRO! Essa conta não pode mais sofrer nenhum tipo de alteração.",
        ),
        (
            {"locks": _locks(LockKind.PENDING_BILLING)},
            {},
            "charge.pending_billing",
            "ERRO! Esta conta está vinculada a um faturamento pendente cód. run_9 e não pode ser alterada.",
        ),
        (
            {},
            {"fiscal_composition": "5.1"},
            "charge.fiscal_composition",
            "ERRO! Contas de contrato, não podem utilizar nenhuma plano de composição avulso.",
        ),
    ],
)
def test_edit_is_refused(state: dict[str, Any], changes: dict[str, Any], code: str, message: str) -> None:
    before = charge(**state)

    with pytest.raises(Refused) as refused:
        before.edited(_edit(before, **changes), None, confirmed=True)

    assert [(r.code, r.message) for r in refused.value.reasons] == [(code, message)]


@pytest.mark.req("CON-02")
def test_edit_of_a_billed_charge_is_refused_by_what_its_invoice_is() -> None:
    before = charge(**BILLED)
    paid = invoice(**SETTLED_INVOICE, reconciled=True)

    with pytest.raises(Refused) as refused:
        before.edited(_edit(before, description="Plano"), paid, confirmed=True)

    assert [r.message for r in refused.value.reasons] == [
        "ERRO! Você não pode efetuar alterações em contas liquidadas.",
        "ERRO! Essa conta está associada a movimento bancário já conciliado.",
    ]


@pytest.mark.req("CON-02", "PLT-06")
def test_edit_of_a_billed_charge_asks_for_confirmation_and_is_then_made() -> None:
    before = charge(**BILLED)
    edit = _edit(before, description="Plano Fibra 1 Gb")

    with pytest.raises(Refused) as question:
        before.edited(edit, invoice(), confirmed=False)

    assert [(r.severity, r.message) for r in question.value.reasons] == [
        (Severity.ASKS, "ERRO! Essa conta participa de uma fatura. Confirme seu interesse.")
    ]
    assert before.edited(edit, invoice(), confirmed=True).description == "Plano Fibra 1 Gb"


@pytest.mark.req("CON-02", "INV-18")
def test_edit_never_parts_an_invoice_from_the_sum_of_its_charges() -> None:
    before = charge(**BILLED)

    for change in ({"amount": Money("99.00")}, {"due_on": date(2026, 4, 11)}):
        with pytest.raises(Refused) as refused:
            before.edited(_edit(before, **change), invoice(), confirmed=True)
        assert refused.value.code == "charge.invoice_total"


@pytest.mark.req("CON-03")
@pytest.mark.parametrize(
    ("state", "code", "message"),
    [
        (
            {"status": ChargeStatus.SETTLED},
            "charge.settled",
            "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 já está liquidada",
        ),
        (
            {"locks": _locks(LockKind.PENDING_BILLING)},
            "charge.pending_billing",
            "Esta conta aguarda efetivação de faturamento",
        ),
        (
            {"status": ChargeStatus.SUSPENDED},
            "charge.suspended",
            "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 já está com o status de suspenso.",
        ),
        (BILLED, "charge.in_invoice", "Esta conta já faz parte de uma fatura"),
        (
            {"status": ChargeStatus.REMOVED},
            "charge.removed",
            "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 já foi removida",
        ),
    ],
)
def test_suspension_is_refused(state: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        charge(id="chg_7m3k9x2p4q8r1s5t6v0w", **state).suspended(None)

    assert [(r.code, r.message) for r in refused.value.reasons] == [(code, message)]


@pytest.mark.req("CON-03")
def test_suspension_is_cancelled_once() -> None:
    suspended = charge(id="chg_7m3k9x2p4q8r1s5t6v0w").suspended(None)
    back = suspended.unsuspended(None)

    with pytest.raises(Refused) as refused:
        back.unsuspended(None)

    assert (suspended.status, back.status) == (ChargeStatus.SUSPENDED, ChargeStatus.UNBILLED)
    assert [r.message for r in refused.value.reasons] == [
        "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 não está mais suspensa"
    ]


@pytest.mark.req("CON-03")
def test_settled_charge_is_not_unsuspended() -> None:
    settled = charge(id="chg_7m3k9x2p4q8r1s5t6v0w", **BILLED)

    assert [r.message for r in to_unsuspend_charge(settled, invoice(**SETTLED_INVOICE))] == [
        "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 já está liquidada",
        "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 não está mais suspensa",
    ]


@pytest.mark.req("CON-04")
@pytest.mark.parametrize(
    ("state", "message"),
    [
        (
            {"status": ChargeStatus.SETTLED},
            "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 já está liquidada",
        ),
        (BILLED, "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 faz parte de uma fatura"),
        (
            {"locks": _locks(LockKind.PENDING_BILLING)},
            "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 aguarda efetivação de faturamento.",
        ),
        ({"paid": Money("0.01")}, "Esta Conta possui pagamento parcial."),
        (
            {"status": ChargeStatus.REMOVED},
            "A Conta “Plano Fibra 500 Mb” com vencimento em 10/04/2026 já foi removida",
        ),
    ],
)
def test_removal_is_refused(state: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        charge(id="chg_7m3k9x2p4q8r1s5t6v0w", **state).removed(None)

    assert [r.message for r in refused.value.reasons] == [message]


@pytest.mark.req("CON-04")
@pytest.mark.parametrize("status", [ChargeStatus.UNBILLED, ChargeStatus.SUSPENDED])
def test_charge_that_is_not_billed_is_removed(status: ChargeStatus) -> None:
    assert charge(status=status).removed(None).status is ChargeStatus.REMOVED


@pytest.mark.req("PAY-08")
@pytest.mark.parametrize("amount", [Money("-30.00"), Money("-29.99"), Money("30.00")])
def test_money_received_is_not_edited_whatever_the_edit(amount: Money) -> None:
    credit = a_credit("30.00")

    with pytest.raises(Refused) as refused:
        credit.edited(_edit(credit, amount=amount, description="Crédito"), None, confirmed=True)

    assert [r.code for r in refused.value.reasons] == ["charge.credit"]
    assert refused.value.title == (
        f"A Conta {credit.called} é crédito do cliente e abate a próxima fatura. Não pode ser alterada."
    )


@pytest.mark.req("PAY-08")
@pytest.mark.parametrize(("change", "said"), [(Charge.suspended, "suspensa"), (Charge.removed, "removida")])
def test_money_received_stays_out_of_no_invoice(change: Callable[[Charge, None], Charge], said: str) -> None:
    with pytest.raises(Refused) as refused:
        change(a_credit("30.00"), None)

    assert [r.code for r in refused.value.reasons] == ["charge.credit"]
    assert refused.value.reasons[0].message.endswith(f"Não pode ser {said}.")


@pytest.mark.req("PAY-08")
def test_money_received_that_was_suspended_comes_back() -> None:
    assert a_credit("30.00").evolve(status=ChargeStatus.SUSPENDED).unsuspended(None).amount == Money("-30.00")


def test_only_the_moves_of_the_table_are_legal() -> None:
    for present in ChargeStatus:
        for target in set(ChargeStatus) - CHARGE_MOVES[present]:
            with pytest.raises(ValueError, match="not a legal move"):
                move(CHARGE_MOVES, present, target)


@pytest.mark.req("CTR-10")
def test_instalment_is_printed_behind_the_description() -> None:
    assert charge(instalment=(1, 3)).title == "Plano Fibra 500 Mb (1/3)"
    assert charge().title == "Plano Fibra 500 Mb"


@pytest.mark.req("CON-07", "CLO-12")
def test_month_already_in_a_booklet_closes_at_nothing_new() -> None:
    booklet = [charge(reference=Period.of_month(Month("2026-03").plus(i))) for i in range(12)]

    assert proposed_minus_existing([], booklet) == booklet
    assert proposed_minus_existing(booklet[:1], booklet[:1]) == []


@pytest.mark.req("CLO-12")
def test_difference_is_a_charge_of_its_own() -> None:
    kept = charge(**BILLED)

    (more,) = proposed_minus_existing([kept], [charge(amount=Money("130.00"))])

    assert (more.amount, more.revision, more.status) == (Money("30.00"), 1, ChargeStatus.UNBILLED)
    assert (more.description, more.invoice_id) == ("Ajuste: Plano Fibra 500 Mb", None)
    assert more.id == charge_id("con_ana0", "def_plan", MARCH, 1)
    assert proposed_minus_existing([kept, more], [charge(amount=Money("130.00"))]) == []


@pytest.mark.req("CLO-12")
def test_what_is_no_longer_proposed_is_taken_back() -> None:
    (back,) = proposed_minus_existing([charge()], [])

    assert (back.amount, back.revision) == (Money("-100.00"), 1)


@pytest.mark.req("CLO-07")
def test_removed_charge_is_made_again_under_the_next_revision() -> None:
    (again,) = proposed_minus_existing(
        [charge(status=ChargeStatus.REMOVED, closing_id="clo_ana0")], [charge(closing_id="clo_ana0")]
    )

    assert (again.amount, again.revision, again.description) == (
        Money("100.00"),
        1,
        "Plano Fibra 500 Mb",
    )


def test_manually_inserted_charges_are_left_alone_and_a_double_proposal_is_a_mistake() -> None:
    assert proposed_minus_existing([charge(definition_id=None)], []) == []
    with pytest.raises(ValueError, match="only one"):
        proposed_minus_existing([], [charge(), charge()])


@given(st.lists(st.dictionaries(st.sampled_from(["def_a", "def_b"]), st.integers(-500, 5000)), max_size=4))
def test_any_history_of_proposals_ends_with_the_last_one(history: list[dict[str, int]]) -> None:
    existing: list[Charge] = []
    for amounts in history:
        proposed = [charge(definition_id=d, amount=Money.from_cents(c)) for d, c in amounts.items()]
        existing += proposed_minus_existing(existing, proposed)

    last = history[-1] if history else {}
    assert len({c.id for c in existing}) == len(existing)
    for definition in ("def_a", "def_b"):
        total = Money.sum(c.amount for c in existing if c.definition_id == definition)
        assert total == Money.from_cents(last.get(definition, 0))
    assert all(c.amount != ZERO for c in existing)


@pytest.mark.req("CON-02", "CON-07")
def test_closing_does_not_undo_what_a_person_changed_in_an_instalment() -> None:
    instalment = charge(closing_id=None)
    edit = _edit(instalment, amount=Money("80.00"), reference=Period(date(2026, 3, 5), date(2026, 4, 1)))
    edited = instalment.edited(edit, None, confirmed=False)

    assert edited.origin == instalment.origin
    assert proposed_minus_existing([edited], [instalment.evolve(closing_id="clo_0001")]) == []


@pytest.mark.req("CON-04", "CON-07")
def test_closing_does_not_make_again_an_instalment_that_a_person_removed() -> None:
    instalment = charge(closing_id=None)

    assert proposed_minus_existing([instalment.removed(None)], [instalment]) == []


@pytest.mark.req("CON-04", "CLO-07")
def test_closing_frozen_again_makes_its_removed_charge_again() -> None:
    of_closing = charge(closing_id="clo_0001")
    (anew,) = proposed_minus_existing([of_closing.removed(None)], [of_closing])

    assert (anew.revision, anew.amount) == (of_closing.revision + 1, of_closing.amount)


@pytest.mark.req("CLO-07", "INV-01")
def test_charge_made_again_for_an_origin_remembers_the_boletos_of_those_before_it() -> None:
    """Removed from an invoice that the bank has, withdrawn by a freeze, and made again: both boletos may be paid."""
    freed = charge(closing_id="clo_1").billed("inv_1").freed(still_payable="inv_1")
    unsent = charge(closing_id="clo_1").billed("inv_2").freed()

    (again,) = proposed_minus_existing([freed.removed(None)], [charge(amount=Money("130.00"))])
    (other,) = proposed_minus_existing([unsent.removed(None)], [charge(amount=Money("130.00"))])

    assert (again.replaces, other.replaces) == (("inv_1",), None)


@pytest.mark.req("PAY-08", "INV-01")
@pytest.mark.parametrize(
    ("remittance", "replaces"), [(RemittanceState.REGISTERED, ("inv_ana0",)), (RemittanceState.NONE, None)]
)
def test_rest_billed_again_remembers_the_boleto_that_the_bank_has(
    remittance: RemittanceState, replaces: tuple[str, ...] | None
) -> None:
    partly = invoice(id="inv_ana0", remittance=remittance, paid=Money("60.00"))
    request = Rebilling.model_validate(
        {
            "invoices": [{"customer_id": "cus_ana0", "invoice_id": "inv_ana0"}],
            "justification": "Acordo",
            "due_on": "2026-04-20",
        }
    )

    assert rebilled_charge(partly, request).replaces == replaces
