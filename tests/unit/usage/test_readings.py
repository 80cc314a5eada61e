"""The rules of meter readings."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.contracts.items import ContractItem
from billing.rating import meters
from billing.usage.readings import NewReading, Reading, ReadingOrigin, last_seen_on, reasons_against

TODAY = date(2026, 3, 31)
ITEM = ContractItem.model_validate(
    {
        "id": "eqp_print001",
        "description": "Impressora da recepção",
        "kind": "printer",
        "joined_on": "2026-01-01",
        "left_on": "2026-03-20",
        "meters": [{"unit": "page_mono", "initial": "1500"}],
    }
)


def new(on: str, value: str, old_final: str | None = None, started_at: str = "0") -> NewReading:
    restart = None if old_final is None else {"old_final": old_final, "started_at": started_at}
    return NewReading.model_validate(
        {"item_id": "eqp_print001", "unit": "page_mono", "on": on, "value": value, "restart": restart}
    )


def kept(reading: NewReading, origin: str = "monitored") -> Reading:
    return Reading.model_validate(
        {**reading.__dict__, "id": "rea_0001", "customer_id": "cus_joana", "origin": origin}
    )


KNOWN = [kept(new("2026-01-31", "2000")), kept(new("2026-02-28", "100", "2500", "50"))]


@pytest.mark.req("USE-04")
@pytest.mark.parametrize(
    ("reading", "codes"),
    [
        (new("2026-03-15", "100"), []),
        (new("2026-03-15", "99"), ["reading.lower"]),
        (new("2026-03-15", "0", "100"), []),
        (new("2026-03-15", "7", "99999", "5"), []),
        (new("2026-03-15", "0", "99"), ["reading.lower"]),
        (new("2026-01-15", "1500"), []),
        (new("2026-01-15", "1499"), ["reading.lower"]),
        (new("2026-01-15", "2000"), []),
        (new("2026-01-15", "2001"), ["reading.higher"]),
        (new("2026-02-10", "2500"), []),
        (new("2026-02-10", "2501"), ["reading.higher"]),
        (new("2026-02-28", "100"), ["reading.same_day", "reading.lower"]),
        (new("2026-03-20", "200"), []),
        (new("2026-03-21", "200"), ["reading.outside"]),
        (new("2025-12-31", "1500"), ["reading.outside"]),
        (new("2026-04-01", "200"), ["reading.future", "reading.outside"]),
    ],
)
def test_reading_lies_between_its_neighbours(reading: NewReading, codes: list[str]) -> None:
    reasons = reasons_against(reading, ITEM, ITEM.meters[0], KNOWN, TODAY)

    assert [reason.code for reason in reasons] == codes


@pytest.mark.req("USE-04")
def test_lower_reading_is_refused_naming_the_previous_one() -> None:
    (lower,) = reasons_against(new("2026-02-10", "1999"), ITEM, ITEM.meters[0], KNOWN[:1], TODAY)

    assert lower.message == (
        "A leitura é menor que a de 31/01/2026 (2000). "
        "Confira o valor, ou informe que o medidor foi trocado ou zerou."
    )


@pytest.mark.req("USE-04")
def test_new_meter_counts_from_its_first_value() -> None:
    with pytest.raises(ValidationError, match="menor que o primeiro valor"):
        new("2026-03-01", "4", "2500", "5")


@pytest.mark.req("USE-04")
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 3000), st.none() | st.integers(0, 3000)),
        max_size=8,
        unique_by=lambda reading: reading[0],
    )
)
def test_accepted_readings_are_those_that_rating_counts(
    drawn: list[tuple[int, int, int | None]],
) -> None:
    known: list[Reading] = []
    for day, value, old_final in drawn:
        on = date.fromordinal(date(2026, 1, 1).toordinal() + day).isoformat()
        reading = new(on, str(value), None if old_final is None else str(old_final))
        if not reasons_against(reading, ITEM, ITEM.meters[0], known, TODAY):
            known.append(kept(reading))
    counter = meters.RatedMeter(
        Decimal(1500), ITEM.joined_on, tuple(reading.for_rating() for reading in known)
    )

    assert counter.position(TODAY).counted >= 0


@pytest.mark.req("CLO-05")
def test_item_was_last_seen_when_monitoring_last_heard_of_it() -> None:
    by_hand = kept(new("2026-03-10", "300"), origin=ReadingOrigin.BY_HAND)

    assert last_seen_on(ITEM, [by_hand]) is None
    assert last_seen_on(ITEM, [*KNOWN, by_hand]) == date(2026, 2, 28)
    assert last_seen_on(ITEM.evolve(last_seen_on=date(2026, 3, 5)), KNOWN) == date(2026, 3, 5)
    other = ITEM.evolve(id="eqp_print002", last_seen_on=date(2026, 1, 5))
    assert last_seen_on(other, KNOWN) == date(2026, 1, 5)


@pytest.mark.req("USE-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": "-1"}, "greater_than_equal"),
        ({"value": "12,5"}, "value_error"),
        ({"value": 12.5}, "value_error"),
        ({"value": "9" * 40}, "decimal_max_digits"),
        ({"on": "31/03/2026"}, "date.form"),
    ],
)
def test_impossible_meter_value_is_refused(changes: dict[str, Any], code: str) -> None:
    right = {"item_id": "eqp_print001", "unit": "page_mono", "on": "2026-03-01", "value": "1"}
    with pytest.raises(ValidationError) as refused:
        NewReading.model_validate({**right, **changes})

    assert [error["type"] for error in refused.value.errors()] == [code]
