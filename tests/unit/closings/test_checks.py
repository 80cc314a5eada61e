"""Pending issues: what is found, and the words that users read."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.closings.checks import check
from billing.closings.computing import compute
from billing.closings.figures import PendingIssue
from billing.closings.model import start
from billing.closings.terms import Gathered
from billing.contracts.model import Contract, Why
from billing.core.period import Period
from billing.rating.lines import RatingIssue
from billing.rating.meters import MeterValue
from billing.rating.pricing.partial_passage import PassageMode
from tests.support.contracts import FEBRUARY_1, JANUARY, MONO, PLAN, PRINTER, PRINTER_FIXED, printing

PERIOD = Period.of_month(JANUARY)
JANUARY_1 = date(2026, 1, 1)
NOTHING_SEEN: dict[str, date] = {}


def active(**changes: Any) -> Contract:
    return printing(**changes).activate(JANUARY_1)


def issues(
    contract: Contract, gathered: Gathered | None = None, **passages: PassageMode
) -> list[PendingIssue]:
    """What is pending in a closing of January on the first of February."""
    closing = start(contract, PERIOD)
    if passages:
        closing = closing.choosing(passages)
    return list(compute(contract, closing, gathered or Gathered(), FEBRUARY_1).issues)


def read_on(day: date, value: int = 7000) -> Gathered:
    return Gathered(readings={("eqp_0001", "page_mono"): [MeterValue(day, Decimal(value))]})


@pytest.mark.req("CLO-05")
def test_item_without_any_cost_is_pending() -> None:
    (issue,) = issues(active(definitions=[{**PLAN, "scope": "contract"}]), read_on(FEBRUARY_1))

    assert issue.code == "closing.item_without_cost"
    assert issue.title == ("Impressora associada a este contrato, mas sem configurações de custo vinculadas")
    assert "pelo menos um custo" in issue.remedy
    assert (issue.item_id, issue.item) == ("eqp_0001", "Impressora da recepção")


@pytest.mark.req("CLO-05")
@pytest.mark.parametrize("scope", ["item", "contract"])
def test_item_whose_meter_a_definition_takes_has_a_cost(scope: str) -> None:
    assert issues(active(definitions=[{**MONO, "scope": scope}]), read_on(FEBRUARY_1)) == []


@pytest.mark.req("CLO-05")
def test_counter_that_nobody_entered_is_pending_for_an_item_read_by_hand() -> None:
    (issue,) = issues(active(), read_on(JANUARY_1))

    assert issue.code == "closing.counter_missing"
    assert issue.title == (
        "Impressora cadastrada manualmente, mas sem lançamento de contadores no período de faturamento"
    )
    assert issue.remedy == "Adicione um contador do item no período."


@pytest.mark.req("CLO-05")
@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 1, 15), FEBRUARY_1])
def test_reading_within_the_period_or_on_its_end_is_enough(day: date) -> None:
    assert issues(active(), read_on(day)) == []


@pytest.mark.req("CLO-05", "USE-05")
def test_item_whose_use_is_estimated_needs_no_counter() -> None:
    estimated = {**MONO, "estimated_usage": True, "daily_estimate": "60"}

    assert issues(active(definitions=[estimated])) == []


@pytest.mark.req("CLO-05")
def test_title_names_equipment_other_than_printers() -> None:
    vehicle = {**PRINTER, "kind": "vehicle", "meters": [{"unit": "km", "initial": "0"}]}
    by_km = {**MONO, "usage_unit": "km", "subcategory": "km"}
    (issue,) = issues(active(items=[vehicle], definitions=[by_km]))

    assert issue.title == (
        "Veículo cadastrado manualmente, mas sem lançamento de contadores no período de faturamento"
    )


@pytest.mark.parametrize(
    ("last_seen", "pending"),
    [
        (date(2026, 1, 22), []),  # ten days at the period's end: tolerated
        (date(2026, 1, 21), ["closing.item_silent"]),
        (None, ["closing.item_silent"]),  # no reading since it joined
    ],
)
@pytest.mark.req("CLO-05")
def test_monitored_item_silent_for_longer_than_tolerated_is_pending(
    last_seen: date | None, pending: list[str]
) -> None:
    contract = active(items=[{**PRINTER, "monitored": True}], max_silence_days=10)
    seen = {} if last_seen is None else {"eqp_0001": last_seen}

    pending_issues = check(contract, PERIOD, [], seen, on=date(2026, 2, 20))

    assert [issue.code for issue in pending_issues] == pending
    assert all("falha de comunicação" in issue.title for issue in pending_issues)


@pytest.mark.req("CLO-05")
def test_silence_is_counted_until_today_while_the_period_lasts() -> None:
    contract = active(items=[{**PRINTER, "monitored": True}], max_silence_days=10)

    assert check(contract, PERIOD, [], {"eqp_0001": date(2026, 1, 5)}, on=date(2026, 1, 15)) == ()
    assert check(contract, PERIOD, [], {"eqp_0001": date(2026, 1, 5)}, on=date(2026, 1, 16)) != ()


@pytest.mark.req("CLO-05")
def test_silence_of_an_item_read_by_hand_or_without_a_limit_is_not_pending() -> None:
    by_hand = active(max_silence_days=10)
    without_limit = active(items=[{**PRINTER, "monitored": True}])

    assert check(by_hand, PERIOD, [], NOTHING_SEEN, FEBRUARY_1) == ()
    assert check(without_limit, PERIOD, [], NOTHING_SEEN, FEBRUARY_1) == ()


@pytest.mark.req("CLO-05")
def test_silent_item_is_settled_by_what_its_remedy_says() -> None:
    silent = active(items=[{**PRINTER, "monitored": True}], max_silence_days=10)
    (issue,) = check(silent, PERIOD, [], NOTHING_SEEN, FEBRUARY_1)

    assert issue.remedy == (
        "Restabeleça a comunicação com o equipamento, para que a monitoração envie uma leitura; ou marque o item como não"
        " monitorado no contrato e adicione um contador no período. Depois recalcule o fechamento."
    )
    assert [issue.code for issue in issues(silent, read_on(FEBRUARY_1))] == ["closing.item_silent"]
    assert issues(active(max_silence_days=10), read_on(FEBRUARY_1)) == []


@pytest.mark.req("CLO-05")
def test_monitored_item_without_a_reading_is_pending_unless_its_silence_is_tolerated() -> None:
    missing = RatingIssue("rating.reading_missing", "Medidor sem leitura no período.", "eqp_0001")
    monitored = {**PRINTER, "monitored": True}
    seen = {"eqp_0001": date(2026, 1, 30)}

    pending = check(active(items=[monitored]), PERIOD, [missing], seen, FEBRUARY_1)
    tolerated = check(active(items=[monitored], max_silence_days=10), PERIOD, [missing], seen, FEBRUARY_1)

    assert [issue.code for issue in pending] == ["rating.reading_missing"]
    assert tolerated == ()


JOINED = {**PRINTER, "joined_on": "2026-01-16"}


@pytest.mark.req("CLO-05")
def test_partial_passage_of_a_monitored_item_waits_for_a_choice() -> None:
    contract = active(items=[{**JOINED, "monitored": True}], definitions=[MONO])

    (issue,) = issues(contract, read_on(FEBRUARY_1))

    assert issue.title == "Impressora com passagem parcial no período do fechamento"
    assert issues(contract, read_on(FEBRUARY_1), eqp_0001=PassageMode.FULL) == []


@pytest.mark.req("CLO-05")
def test_partial_passage_of_an_item_read_by_hand_is_pro_rata_without_asking() -> None:
    contract = active(items=[JOINED], definitions=[MONO])
    figures = compute(contract, start(contract, PERIOD), read_on(FEBRUARY_1, 1000), FEBRUARY_1)

    assert figures.issues == ()
    assert [str(line.amount) for line in figures.lines] == ["141.94"]  # 275.00 x 16/31


@pytest.mark.req("CLO-05")
def test_quantity_above_the_last_band_is_pending() -> None:
    bands = {
        "kind": "flat_bands",
        "tiers": [{"up_to": "1000", "fee": "100.00"}, {"up_to": "5000", "fee": "400.00"}],
    }
    (issue,) = issues(active(definitions=[{**MONO, "pricing": bands}]), read_on(FEBRUARY_1))

    assert issue.code == "closing.above_last_band"
    assert issue.title == "Impressora com quantidade acima da última faixa, sem preço do excedente"


@pytest.mark.req("CLO-06")
def test_suspended_contract_waits_for_a_person() -> None:
    contract = active().suspend(Why(on=date(2026, 1, 20), reason="Inadimplência"))

    assert [issue.title for issue in issues(contract, read_on(FEBRUARY_1))] == ["Contrato 1 suspenso"]


@pytest.mark.req("CLO-05")
def test_item_that_left_before_the_period_is_not_checked() -> None:
    gone = {**PRINTER, "joined_on": "2025-01-01", "left_on": "2026-01-01"}

    assert issues(active(items=[gone], definitions=[PRINTER_FIXED])) == []


@pytest.mark.req("CLO-05")
def test_other_issues_of_rating_keep_their_own_words() -> None:
    unknown = RatingIssue("rating.price_missing", "Item sem preço em 01/2026.", None)

    (issue,) = check(active(), PERIOD, [unknown], NOTHING_SEEN, FEBRUARY_1)

    assert (issue.code, issue.title) == ("rating.price_missing", "Item sem preço em 01/2026.")
