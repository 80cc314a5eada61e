"""The rules of contracts."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.access.model import Permission
from billing.contracts.items import ContractItem
from billing.contracts.model import (
    BillingMode,
    Contract,
    ContractTerms,
    DueRule,
    NewContract,
    Why,
)
from billing.contracts.offers import of_contract
from billing.contracts.states import MOVES, ContractState, ContractTool
from billing.core.errors import Refused
from billing.core.period import Month, Period, closing_period
from billing.rating.definition import ChargeDefinition

PRINTER = {
    "id": "eqp_print001",
    "description": "Impressora da recepção",
    "kind": "printer",
    "joined_on": "2026-01-01",
    "monitored": True,
    "meters": [{"unit": "page_mono", "initial": "1500"}, {"unit": "page_colour", "initial": "0"}],
}
MONTHLY = {
    "definition_id": "def_mensal",
    "valid_from": "2026-01-01",
    "category": "usage",
    "subcategory": "monthly",
    "scope": "contract",
    "pricing": {"kind": "flat", "amount": "90.00"},
}
PAGES = {
    "definition_id": "def_pages",
    "subcategory": "mono",
    "scope": "item",
    "usage_unit": "page_mono",
    "pricing": {"kind": "per_unit", "unit_price": "0.05"},
}
TERMS: dict[str, Any] = {
    "description": "Fibra 500 Mega",
    "mode": "recurring",
    "starts_on": "2026-01-20",
    "due": {"day": 10, "months_after": 0},
    "payment_profile_id": "pro_alfa",
}
NEW = {**TERMS, "company_id": "com_alfa"}
MAY = Why(on=date(2026, 5, 1), reason="Mudança de cidade")


def definition(**changes: Any) -> ChargeDefinition:
    return ChargeDefinition.model_validate({**MONTHLY, **changes})


def contract(**changes: Any) -> Contract:
    made = {"id": "con_fibra", "number": 2, "customer_id": "cus_joana", **NEW, **changes}
    return Contract.model_validate(made)


def active(**changes: Any) -> Contract:
    return contract(**changes).activate(date(2026, 1, 20))


IN_STATE = {
    ContractState.AWAITING_ACTIVATION: contract(),
    ContractState.ACTIVE: active(),
    ContractState.SUSPENDED: active().suspend(MAY),
    ContractState.CANCELLATION_REQUESTED: active().request_cancellation(MAY),
    ContractState.CANCELLED: active().cancel(MAY),
}
VERBS = {
    "activate": (lambda c: c.activate(date(2026, 2, 1)), ContractState.ACTIVE),
    "suspend": (lambda c: c.suspend(MAY), ContractState.SUSPENDED),
    "resume": (lambda c: c.resume(), ContractState.ACTIVE),
    "request_cancellation": (lambda c: c.request_cancellation(MAY), ContractState.CANCELLATION_REQUESTED),
    "retain": (lambda c: c.retain(), ContractState.ACTIVE),
    "cancel": (lambda c: c.cancel(MAY), ContractState.CANCELLED),
}
ALLOWED = {
    ("awaiting_activation", "activate"),
    ("active", "suspend"),
    ("suspended", "resume"),
    ("active", "request_cancellation"),
    ("suspended", "request_cancellation"),
    ("cancellation_requested", "retain"),
    ("awaiting_activation", "cancel"),
    ("active", "cancel"),
    ("suspended", "cancel"),
    ("cancellation_requested", "cancel"),
}


@pytest.mark.req("CTR-01")
@pytest.mark.parametrize("state", ContractState)
@pytest.mark.parametrize("verb", VERBS)
def test_contract_moves_only_as_allowed(state: ContractState, verb: str) -> None:
    move, target = VERBS[verb]
    if (state.value, verb) in ALLOWED:
        assert move(IN_STATE[state]).state is target
        assert target in MOVES[state]
    else:
        with pytest.raises(Refused) as refused:
            move(IN_STATE[state])
        assert refused.value.code == f"contract.{state}"


@pytest.mark.req("WEB-01")
@pytest.mark.parametrize("state", ContractState)
def test_offers_say_what_the_moves_would_refuse(state: ContractState) -> None:
    offered = {
        offer.action: [reason.code for reason in offer.reasons]
        for offer in of_contract([Permission.CONTRACTS_WRITE], IN_STATE[state])
    }

    assert set(offered) == {*VERBS, ContractTool.ALTER}
    for verb in VERBS:
        assert offered[ContractTool(verb)] == (
            [] if (state.value, verb) in ALLOWED else [f"contract.{state}"]
        )
    assert (offered[ContractTool.ALTER] != []) == (state is ContractState.CANCELLED)


def test_who_may_only_read_contracts_is_offered_nothing() -> None:
    assert of_contract([Permission.CONTRACTS_READ], active()) == ()


@pytest.mark.req("CTR-01")
def test_refused_move_says_which_state_the_contract_is_in() -> None:
    with pytest.raises(Refused) as refused:
        IN_STATE[ContractState.CANCELLED].suspend(MAY)
    assert refused.value.title == "O contrato 2 está com a situação cancelado e não pode ser suspenso."


@pytest.mark.req("CTR-03")
def test_suspension_keeps_its_reason_while_it_lasts() -> None:
    suspended = active().suspend(MAY)

    assert suspended.suspension == MAY
    assert suspended.resume() == active()


@pytest.mark.req("CTR-03")
def test_cancellation_ends_the_contract_on_its_day() -> None:
    assert active().cancel(MAY).ends_on == date(2026, 5, 1)
    assert active(ends_on="2026-03-01").cancel(MAY).ends_on == date(2026, 3, 1)
    assert contract().cancel(MAY).ends_on is None
    with pytest.raises(Refused, match=r"contract\.cancelled_before_start"):
        active().cancel(Why(on=date(2026, 1, 20), reason="Engano"))


@pytest.mark.req("CTR-04")
def test_activation_stays_within_the_agreed_dates() -> None:
    assert contract().activate(date(2026, 2, 3)).activated_on == date(2026, 2, 3)
    with pytest.raises(Refused, match=r"contract\.not_begun"):
        contract().activate(date(2026, 1, 19))
    with pytest.raises(Refused, match=r"contract\.ended"):
        contract(ends_on="2026-02-01").activate(date(2026, 2, 1))


@pytest.mark.req("CTR-13")
@pytest.mark.parametrize(
    ("month", "ends_on", "in_force"),
    [
        ("2025-12", None, None),
        ("2026-01", None, ("2026-01-20", "2026-02-01")),
        ("2026-02", None, ("2026-02-01", "2026-03-01")),
        ("2026-02", "2026-02-11", ("2026-02-01", "2026-02-11")),
        ("2026-02", "2026-02-01", None),
        ("2026-01", "2026-01-20", None),
    ],
)
def test_contract_is_in_force_from_its_activation_to_its_end(
    month: str, ends_on: str | None, in_force: tuple[str, str] | None
) -> None:
    running = active(starts_on="2026-01-01").evolve(ends_on=ends_on)
    expected = in_force and Period(*(date.fromisoformat(day) for day in in_force))

    assert running.in_force(Period.of_month(Month(month))) == expected


def test_contract_that_awaits_activation_is_not_in_force() -> None:
    assert contract().in_force(Period.of_month(Month("2026-03"))) is None


@pytest.mark.req("CTR-01")
@pytest.mark.parametrize(
    ("day", "months_after", "cut_off_day", "month", "due_on"),
    [
        (10, 0, 1, "2026-03", "2026-03-10"),
        (10, 1, 1, "2026-03", "2026-04-10"),
        (31, 1, 1, "2026-01", "2026-02-28"),
        (5, 0, 16, "2026-03", "2026-04-05"),
        (5, 1, 16, "2026-12", "2027-02-05"),
    ],
)
def test_due_date_counts_from_the_month_in_which_the_period_ends(
    day: int, months_after: int, cut_off_day: int, month: str, due_on: str
) -> None:
    rule = DueRule(day=day, months_after=months_after)

    assert rule.due_on(closing_period(Month(month), cut_off_day)) == date.fromisoformat(due_on)


@given(st.integers(1, 31), st.integers(0, 12), st.integers(1, 31), st.integers(0, 60))
def test_due_dates_of_following_periods_are_a_month_apart(
    day: int, months_after: int, cut_off_day: int, offset: int
) -> None:
    month, rule = Month("2026-01").plus(offset), DueRule(day=day, months_after=months_after)
    this = rule.due_on(closing_period(month, cut_off_day))
    following = rule.due_on(closing_period(month.plus(1), cut_off_day))

    assert Month.of(following) == Month.of(this).plus(1)


@pytest.mark.req("CTR-10")
def test_number_stands_ahead_of_the_plan() -> None:
    assert contract().title == "2 - Fibra 500 Mega"


@pytest.mark.req("CTR-01", "CTR-02", "CTR-12", "CTR-14")
def test_contract_has_all_agreed_terms() -> None:
    made = contract(
        mode="closing",
        cut_off_day=16,
        auto_freeze=False,
        max_silence_days=5,
        grouping="Matriz",
        promotional_discount={"amount": "10.00", "days_before_due": 2},
        items=[{**PRINTER, "location": "2º andar", "organisation": "Matriz", "left_on": "2026-06-01"}],
        definitions=[MONTHLY],
        notes="Negociado com a diretoria",
    )

    assert Contract.model_validate(made.to_map()) == made
    assert made.item("eqp_print001") == made.items[0]
    assert made.item("eqp_outra001") is None
    assert made.items[0].in_contract(Period.of_month(Month("2026-05"))) == Period.of_month(Month("2026-05"))
    assert made.items[0].in_contract(Period.of_month(Month("2026-06"))) is None


@pytest.mark.req("CTR-01", "CTR-02")
@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"ends_on": "2026-01-20"}, "ends_on", "contract.ends_first"),
        ({"mode": "usage", "horizon_months": 12}, "horizon_months", "contract.booklet"),
        ({"due": {"day": 32}}, "due.day", "less_than_equal"),
        ({"due": {"day": 0}}, "due.day", "greater_than_equal"),
        ({"cut_off_day": 0}, "cut_off_day", "greater_than_equal"),
        ({"promotional_discount": {"amount": "0.00"}}, "promotional_discount.amount", "value_error"),
        ({"promotional_discount": {"amount": "10,00"}}, "promotional_discount.amount", "value_error"),
        ({"items": [PRINTER, PRINTER]}, "items", "contract.item_twice"),
        ({"items": [{**PRINTER, "left_on": "2026-01-01"}]}, "items.0.left_on", "item.leaves_first"),
        ({"items": [{**PRINTER, "id": "sala 1"}]}, "items.0.id", "string_pattern_mismatch"),
        (
            {"items": [{**PRINTER, "meters": [{"unit": "folha", "initial": "0"}]}]},
            "items.0.meters.0.unit",
            "meter.unit",
        ),
        (
            {"items": [{**PRINTER, "meters": [{"unit": "km", "initial": "-1"}]}]},
            "items.0.meters.0.initial",
            "greater_than_equal",
        ),
        (
            {"items": [{**PRINTER, "meters": [{"unit": "km", "initial": "1"}] * 2}]},
            "items.0.meters",
            "item.meter_twice",
        ),
        (
            {"definitions": [{**MONTHLY, "item_id": "eqp_outra001", "scope": "item"}]},
            "definitions",
            "contract.definition_item",
        ),
        (
            {"definitions": [MONTHLY, {**MONTHLY, "version": 2, "valid_from": "2026-03-01"}]},
            "definitions",
            "contract.definition_overlap",
        ),
        ({"definitions": [MONTHLY, MONTHLY]}, "definitions", "contract.definition_overlap"),
        (
            {"items": [PRINTER], "definitions": [{**MONTHLY, **PAGES, "initial_meter_value": "1499"}]},
            "definitions",
            "contract.initial_meter_value",
        ),
    ],
)
def test_agreement_that_cannot_work_is_refused_at_its_field(
    changes: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        NewContract.model_validate({**NEW, **changes})

    (error,) = refused.value.errors()
    assert (".".join(str(part) for part in error["loc"]), error["type"]) == (field, code)


@pytest.mark.req("CTR-03")
def test_general_data_of_an_active_contract_change_but_not_its_terms_in_use() -> None:
    altered = active().alter(
        ContractTerms.model_validate({**TERMS, "description": "Fibra", "grouping": "Casa"})
    )

    assert (altered.description, altered.grouping, altered.state) == ("Fibra", "Casa", ContractState.ACTIVE)
    other = {"due": {"day": 15}, "cut_off_day": 5, "payment_profile_id": "pro_beta", "horizon_months": 3}
    with pytest.raises(Refused) as refused:
        active().alter(ContractTerms.model_validate({**TERMS, **other}))
    assert [reason.field for reason in refused.value.reasons] == [
        "cut_off_day",
        "due",
        "payment_profile_id",
        "horizon_months",
    ]
    assert contract().alter(ContractTerms.model_validate({**TERMS, **other})).due.day == 15


@pytest.mark.req("CTR-03")
def test_cancelled_contract_is_not_altered() -> None:
    cancelled = IN_STATE[ContractState.CANCELLED]
    for change in (
        lambda: cancelled.alter(ContractTerms.model_validate(TERMS)),
        lambda: cancelled.with_item(ContractItem.model_validate(PRINTER)),
        lambda: cancelled.with_definition(definition()),
    ):
        with pytest.raises(Refused, match=r"contract\.cancelled"):
            change()


@pytest.mark.req("CTR-02")
def test_item_is_added_and_replaced_in_its_place() -> None:
    second = ContractItem.model_validate({**PRINTER, "id": "eqp_print002"})
    both = contract(items=[PRINTER]).with_item(second)
    moved = both.with_item(both.items[0].evolve(location="Térreo"))

    assert [item.id for item in moved.items] == ["eqp_print001", "eqp_print002"]
    assert [item.location for item in moved.items] == ["Térreo", None]
    assert both.items[0].meter("page_mono") is not None
    assert both.items[0].meter("km") is None


@pytest.mark.req("CHG-03")
def test_initial_value_of_a_definition_is_the_one_of_its_meters() -> None:
    pages = definition(**PAGES, initial_meter_value="1500")
    agreed = contract(items=[PRINTER]).with_definition(pages)
    other = ContractItem.model_validate({**PRINTER, "meters": [{"unit": "page_mono", "initial": "7"}]})

    for change in (
        lambda: agreed.with_item(other),
        lambda: agreed.with_definition(pages.evolve(initial_meter_value=7, valid_from=date(2026, 5, 1))),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert [reason.code for reason in refused.value.reasons] == ["contract.initial_meter_value"]
        assert "já tem o valor inicial" in refused.value.title
    km = ContractItem.model_validate({**PRINTER, "meters": [{"unit": "km", "initial": "7"}]})
    assert agreed.with_item(km).items == (km,)


@pytest.mark.req("CTR-02")
def test_definition_of_an_item_that_is_not_in_the_contract_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        contract(items=[PRINTER]).with_definition(definition(item_id="eqp_outra001", scope="item"))

    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [
        ("contract.definition_item", "item_id")
    ]


@pytest.mark.req("CTR-02")
def test_another_version_of_a_definition_ends_the_one_before() -> None:
    agreed = contract(definitions=[MONTHLY]).with_definition(definition(valid_from="2026-03-15", version=9))

    assert [(d.version, str(d.valid_from), str(d.valid_until)) for d in agreed.definitions] == [
        (1, "2026-01-01", "2026-03-15"),
        (2, "2026-03-15", "None"),
    ]
    assert [d.version for d in agreed.definitions_in(Period.of_month(Month("2026-02")))] == [1]
    assert [d.version for d in agreed.definitions_in(Period.of_month(Month("2026-03")))] == [1, 2]
    assert [d.version for d in agreed.definitions_in(Period.of_month(Month("2026-04")))] == [2]
    again = agreed.with_definition(definition(valid_from="2026-03-15"))
    assert [(d.version, str(d.valid_from)) for d in again.definitions] == [
        (1, "2026-01-01"),
        (3, "2026-03-15"),
    ]
    first = again.with_definition(definition(valid_from="2025-12-01"))
    assert [(d.version, str(d.valid_from)) for d in first.definitions] == [(4, "2025-12-01")]


@pytest.mark.req("CTR-02")
def test_another_definition_is_kept_next_to_the_others() -> None:
    router = definition(definition_id="def_roteador", version=4)

    assert [
        (d.definition_id, d.version)
        for d in contract(definitions=[MONTHLY]).with_definition(router).definitions
    ] == [
        ("def_mensal", 1),
        ("def_roteador", 1),
    ]


@pytest.mark.req("CTR-01")
def test_states_and_modes_are_read_in_portuguese() -> None:
    assert [state.label for state in ContractState] == [
        "aguardando ativação",
        "ativo",
        "suspenso",
        "cancelamento solicitado",
        "cancelado",
    ]
    assert [mode.label for mode in BillingMode] == ["Recorrente", "Por fechamento", "Por consumo"]
