"""The rules of a closing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.closings.computing import compute
from billing.closings.figures import Figures, PendingIssue
from billing.closings.model import (
    MAX_NOTES,
    Adjustment,
    AdjustmentKind,
    ChargeRequest,
    Closing,
    Note,
    carried_credit_id,
    closing_id,
    start,
)
from billing.closings.states import MOVES, ClosingStatus
from billing.closings.terms import Gathered
from billing.core.errors import Refusal, Refused
from billing.core.money import Money
from billing.core.period import Period
from billing.rating.pricing.partial_passage import PassageMode
from tests.support.contracts import FEBRUARY_1, JANUARY, contract

PERIOD = Period.of_month(JANUARY)
NOON = datetime(2026, 2, 1, 15, tzinfo=UTC)
CONTRACT = contract().activate(date(2026, 1, 1))
ISSUE = PendingIssue(code="closing.counter_missing", title="Sem contador", remedy="Adicione", item="Térreo")


def adjustment(amount: str, kind: AdjustmentKind = AdjustmentKind.SURCHARGE, **changes: Any) -> Adjustment:
    fields = {"id": f"adj_{amount}", "description": "Visita", "author_id": "usr_ana", "at": NOON, **changes}
    return Adjustment(kind=kind, amount=Money(amount), **fields)


def discount(amount: str, **changes: Any) -> Adjustment:
    return adjustment(amount, AdjustmentKind.DISCOUNT, **changes)


def opened(**changes: Any) -> Closing:
    return start(CONTRACT, PERIOD).evolve(**changes)


def computed(closing: Closing | None = None, on: date = FEBRUARY_1) -> Closing:
    closing = closing or opened()
    return closing.computed(compute(CONTRACT, closing, Gathered(), on), on=on, at=NOON)


def frozen(closing: Closing | None = None) -> Closing:
    return (closing or computed()).frozen("usr_ana", NOON, ["chg_0001"], "clo_next")


def refused(action: Any) -> list[str]:
    with pytest.raises(Refused) as stopped:
        action()
    return [reason.code for reason in stopped.value.reasons]


@pytest.mark.req("CLO-01")
def test_contract_and_period_have_one_closing_whoever_starts_it() -> None:
    assert opened().id == closing_id("con_0001", PERIOD) == start(CONTRACT, PERIOD).id
    assert closing_id("con_0001", Period.of_month(JANUARY.plus(1))) != opened().id


@pytest.mark.req("CLO-01")
def test_states_have_their_names_in_portuguese() -> None:
    assert [status.label for status in ClosingStatus][:3] == ["em processamento", "processado", "congelado"]


@pytest.mark.req("CLO-01")
def test_every_state_can_be_left_and_reached() -> None:
    assert set(MOVES) == set(ClosingStatus)
    assert set.union(*(set(targets) for targets in MOVES.values())) == set(ClosingStatus)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2026, 1, 15), ClosingStatus.OPEN),
        (date(2026, 1, 31), ClosingStatus.OPEN),
        (FEBRUARY_1, ClosingStatus.PROCESSED),
        (date(2026, 3, 15), ClosingStatus.PROCESSED),
    ],
)
@pytest.mark.req("CLO-01")
def test_closing_is_processed_when_its_end_is_reached(day: date, status: ClosingStatus) -> None:
    assert computed(on=day).status is status


@pytest.mark.req("CLO-04")
def test_total_is_what_was_rated_and_adjusted() -> None:
    closing = computed(opened().adjusted(adjustment("30.00")).adjusted(discount("45.50")))

    assert (closing.totals.production, closing.total) == (Money("90.00"), Money("74.50"))
    assert computed(closing).total == closing.total


@pytest.mark.req("CLO-04")
def test_total_below_zero_is_zero_and_the_rest_is_credit() -> None:
    closing = computed().adjusted(discount("100.00"))

    assert (closing.total, closing.credit) == (Money("0.00"), Money("10.00"))


@pytest.mark.req("CLO-03")
def test_adjustment_taken_out_leaves_the_total_as_it_was() -> None:
    before = computed()
    closing = before.adjusted(adjustment("30.00"))

    assert closing.without_adjustment("adj_30.00") == before
    assert refused(lambda: before.without_adjustment("adj_30.00")) == ["closing.no_such_adjustment"]


@pytest.mark.req("CLO-01")
def test_frozen_closing_refuses_every_change_of_figures_and_takes_notes() -> None:
    closing = frozen(computed().adjusted(adjustment("30.00")))

    for change in (
        lambda: closing.adjusted(adjustment("1.00")),
        lambda: closing.without_adjustment("adj_30.00"),
        lambda: closing.choosing({"eqp_0001": PassageMode.FULL}),
        lambda: closing.cut(date(2026, 1, 10), CONTRACT, merge_remaining=True),
        lambda: closing.computed(Figures(), on=FEBRUARY_1, at=NOON),
    ):
        assert refused(change) == ["closing.frozen"]
    noted = closing.noted(Note(text="Conferido.", author_id="usr_ana", at=NOON))
    assert [note.text for note in noted.notes] == ["Conferido."]


@pytest.mark.req("CLO-03")
def test_notes_have_a_limit() -> None:
    note = Note(text="Conferido.", author_id="usr_ana", at=NOON)

    assert refused(lambda: opened(notes=(note,) * MAX_NOTES).noted(note)) == ["closing.notes_full"]


@pytest.mark.req("CLO-06")
def test_pending_issues_ask_for_confirmation_and_freeze_once_confirmed() -> None:
    closing = computed()

    reasons = closing.reasons_against_freezing([ISSUE], confirmed=False)

    assert [(reason.code, reason.message, reason.severity) for reason in reasons] == [
        ("closing.counter_missing", "Sem contador: Térreo", "asks")
    ]
    assert closing.reasons_against_freezing([ISSUE], confirmed=True) == []
    assert [reason.code for reason in frozen().reasons_against_freezing([], confirmed=True)] == [
        "closing.frozen"
    ]


@pytest.mark.req("CLO-07")
@pytest.mark.parametrize(
    ("day", "reasons"), [(date(2026, 3, 3), []), (date(2026, 3, 4), ["closing.unfreeze_late"])]
)
def test_closing_is_unfrozen_until_day_30_included(day: date, reasons: list[str]) -> None:
    if reasons:
        assert refused(lambda: frozen().unfrozen(day, [])) == reasons
    else:
        closing = frozen().unfrozen(day, [])
        assert (closing.status, closing.frozen_by, closing.charge_ids) == (
            ClosingStatus.PROCESSED,
            None,
            ("chg_0001",),
        )


@pytest.mark.req("CLO-07")
def test_unfreezing_is_refused_with_every_reason() -> None:
    settled = Refusal("closing.invoice_settled", "A Fatura 7 já está liquidada")

    assert refused(lambda: frozen().unfrozen(date(2026, 4, 1), [settled])) == [
        "closing.unfreeze_late",
        "closing.invoice_settled",
    ]
    assert refused(lambda: computed().unfrozen(FEBRUARY_1, [])) == ["closing.not_frozen"]


@pytest.mark.req("CLO-07")
def test_successor_waits_without_carried_values_and_resumes_with_its_own_entries() -> None:
    carried = discount("10.00", id=carried_credit_id("clo_before"))
    successor = opened(previous_id="clo_before").adjusted(carried).adjusted(adjustment("30.00"))

    waiting = successor.waiting()
    again = discount("15.00", id=carried_credit_id("clo_before"))
    resumed = waiting.resumed(
        start(CONTRACT, PERIOD, opening_pages=2, adjustments=(again,)), period=waiting.period
    )

    assert (waiting.status, [a.id for a in waiting.adjustments]) == (ClosingStatus.WAITING, ["adj_30.00"])
    assert refused(lambda: waiting.adjusted(adjustment("1.00"))) == ["closing.waiting"]
    assert (resumed.status, resumed.opening_pages, resumed.total) == (
        ClosingStatus.OPEN,
        2,
        Money("15.00"),
    )


CHARGE = ChargeRequest(total=Money("950.00"), cost_centre="Nuvem", ticket="INC-1")


@pytest.mark.req("CLO-09")
def test_amount_charged_otherwise_is_an_adjustment_with_its_reason() -> None:
    closing = computed()

    assert refused(lambda: closing.charged(CHARGE, "usr_ana", NOON)) == ["closing.reason_missing"]
    charged = closing.charged(CHARGE.evolve(reason="Retroativo"), "usr_ana", NOON)
    assert (charged.total, charged.due, charged.adjustments[0].signed) == (
        Money("950.00"),
        Money("90.00"),
        Money("860.00"),
    )


@pytest.mark.req("CLO-09")
def test_amount_charged_as_due_needs_no_reason() -> None:
    charged = computed().charged(CHARGE.evolve(total=Money("90.00")), "usr_ana", NOON)

    assert (charged.adjustments, charged.total, charged.due) == ((), Money("90.00"), Money("90.00"))


@pytest.mark.req("CLO-09")
@pytest.mark.parametrize("total", ["0.00", "40.00"])
def test_amount_charged_instead_of_a_credit_is_exactly_that(total: str) -> None:
    closing = computed().adjusted(discount("100.00"))

    charged = closing.charged(CHARGE.evolve(total=Money(total), reason="Acordo"), "usr_ana", NOON)

    assert charged.total == Money(total)
    assert charged.credit == (Money("10.00") if total == "0.00" else Money("0.00"))


@pytest.mark.req("CLO-07", "CLO-09")
def test_unfreezing_returns_it_to_be_charged() -> None:
    charged = computed().charged(CHARGE.evolve(reason="Retroativo"), "usr_ana", NOON)

    closing = frozen(charged).unfrozen(FEBRUARY_1, [])

    assert (closing.charging, closing.adjustments, closing.total) == (None, (), Money("90.00"))


@pytest.mark.req("CLO-08")
@pytest.mark.parametrize(
    ("merge", "following"),
    [(True, (date(2026, 1, 11), date(2026, 3, 1))), (False, (date(2026, 1, 11), FEBRUARY_1))],
)
def test_early_freeze_cuts_the_period_and_says_the_next(merge: bool, following: tuple[date, date]) -> None:
    part, remainder = opened().cut(date(2026, 1, 11), CONTRACT, merge_remaining=merge)

    assert part.period == Period(date(2026, 1, 1), date(2026, 1, 11))
    assert remainder == Period(*following)
    assert part.id == opened().id


@pytest.mark.req("CLO-08")
@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2025, 12, 31), FEBRUARY_1])
def test_early_freeze_is_inside_the_period(day: date) -> None:
    with pytest.raises(Refused, match=r"closing\.freeze_day"):
        opened().cut(day, CONTRACT, merge_remaining=True)


@pytest.mark.req("CLO-08", "CON-07")
def test_month_of_a_booklet_is_not_cut() -> None:
    booked = CONTRACT.evolve(horizon_months=3)

    with pytest.raises(Refused) as refused:
        opened().cut(date(2026, 1, 11), booked, merge_remaining=False)

    (reason,) = refused.value.reasons
    assert (reason.code, reason.message) == (
        "closing.booked_ahead",
        "O mês já está no carnê: congele o fechamento a partir de 01/02/2026.",
    )


@pytest.mark.req("PLT-02", "CLO-04")
def test_total_that_no_amount_can_hold_is_refused() -> None:
    largest = adjustment("9999999999999.00")

    assert refused(lambda: computed().adjusted(largest).adjusted(largest)) == ["closing.amount_too_large"]
    assert computed(opened().adjusted(largest).without_adjustment(largest.id)).total == Money("90.00")
