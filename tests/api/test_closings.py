"""Closings over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billing.access.model import Profile
from billing.audit.changes import history
from billing.closings import service, unfreezing
from billing.closings.model import FreezeRequest
from billing.closings.store import ClosingsTable
from billing.contracts.store import contract_row
from billing.core.clock import FixedClock
from billing.core.money import Money
from billing.customers.store import customer_row
from billing.entry import wiring
from billing.invoicing.states import ChargeStatus
from billing.invoicing.store import InvoicingTable, charge_row, charges_of
from billing.reports.annex import annex
from tests.support.aws import InProcessAws
from tests.support.billing import customer
from tests.support.closings import begin, closing_of, enter_usage, on, put, read, sell, table_of
from tests.support.closings_api import handler
from tests.support.contracts import (
    FEBRUARY,
    FEBRUARY_1,
    JANUARY,
    MARCH_1,
    PRINTER,
    TENANT,
    brokered,
    contract,
    printing,
)
from tests.support.http import Answer, Client

_IGNORED = (
    "Pendências ignoradas: Impressora cadastrada manualmente, mas sem lançamento de contadores no período de"
    " faturamento"
)
DISCOUNT = {"kind": "discount", "description": "Atendimento fora do prazo", "amount": "45.50"}


@pytest.fixture
def clerk(aws: InProcessAws, monkeypatch: pytest.MonkeyPatch) -> Client:
    """On the first of February, with the customers of three contracts."""
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(datetime(2026, 2, 1, 15, tzinfo=UTC)))
    for number in (1, 2, 3):
        put(customer_row(TENANT, customer(f"cus_000{number}", number)))
    return Client(handler)


def path(customer_id: str) -> str:
    return f"/customers/{customer_id}/closings/{closing_of(customer_id, JANUARY).id}"


def computed(clerk: Client, customer_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = clerk.post(f"{path(customer_id)}/computations").body
    return answer


def freeze(clerk: Client, customer_id: str, **request: Any) -> Answer:
    closing = closing_of(customer_id, JANUARY)
    return clerk.put(f"{path(customer_id)}/freeze", request, version=closing.version)


@pytest.mark.req("CTR-04", "CLO-01")
def test_activation_starts_the_first_closing(clerk: Client) -> None:
    put(contract_row(TENANT, contract("cus_0001")))

    activation = clerk.put(
        "/customers/cus_0001/contracts/con_0001/activation", {"on": "2026-01-20"}, version=1
    )
    (listed,) = clerk.get("/customers/cus_0001/closings").body["items"]

    assert (activation.status, activation.etag, activation.body["state"]) == (200, '"2"', "active")
    assert listed["period"] == {"start": "2026-01-20", "end": "2026-02-01"}
    assert (listed["status_label"], listed["situation"]) == ("processado", "Cobrar")
    assert (listed["due"], listed["due_label"]) == ("0.00", "ainda não calculado")


@pytest.mark.req("CTR-04", "CON-07", "CTR-10")
def test_activation_of_a_booklet_generates_its_instalments(clerk: Client) -> None:
    put(contract_row(TENANT, contract("cus_0001", horizon_months=3)))

    clerk.put("/customers/cus_0001/contracts/con_0001/activation", {"on": "2026-01-20"}, version=1)

    assert table_of("cus_0001") == [
        ("20/01/2026 a 31/01/2026", "10/02/2026", "1 - Fibra 500 Mega (1/3)", "34.84"),
        ("01/02/2026 a 28/02/2026", "10/03/2026", "1 - Fibra 500 Mega (2/3)", "90.00"),
        ("01/03/2026 a 31/03/2026", "10/04/2026", "1 - Fibra 500 Mega (3/3)", "90.00"),
    ]


@pytest.mark.req("CTR-04", "CON-07")
def test_awaiting_instruction_is_removed_without_generating_and_months_close_one_by_one(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(contract_row(TENANT, contract("cus_0001", horizon_months=3)))
    body = {"on": "2026-01-20", "books_ahead": False}

    activation = clerk.put("/customers/cus_0001/contracts/con_0001/activation", body, version=1)

    assert (activation.body["state"], activation.body["horizon_months"]) == ("active", 0)
    assert table_of("cus_0001") == []
    assert [c["status"] for c in clerk.get("/customers/cus_0001/closings").body["items"]] == ["processed"]

    january = freeze(clerk, "cus_0001")
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(datetime(2026, 3, 1, 15, tzinfo=UTC)))
    following = f"/customers/cus_0001/closings/{january.body['successor_id']}"
    february = clerk.put(f"{following}/freeze", {}, version=1)

    assert (january.status, february.status) == (200, 200)
    assert table_of("cus_0001") == [
        ("20/01/2026 a 31/01/2026", "10/02/2026", "1 - Fibra 500 Mega", "34.84"),
        ("01/02/2026 a 28/02/2026", "10/03/2026", "1 - Fibra 500 Mega", "90.00"),
    ]


@pytest.mark.req("CLO-08", "CON-07")
def test_month_of_a_booklet_is_not_frozen_before_its_end(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(contract("cus_0001", horizon_months=3))
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(datetime(2026, 1, 11, 15, tzinfo=UTC)))

    refused = freeze(clerk, "cus_0001", merge_remaining=False)

    assert (refused.status, refused.code) == (422, "closing.booked_ahead")
    assert len(table_of("cus_0001")) == 3


@pytest.mark.req("CTR-03", "CON-07")
def test_cancellation_removes_later_booklet_instalments_and_says_which_stay(clerk: Client) -> None:
    made = begin(contract("cus_0001", horizon_months=3))
    _, february, _ = sorted(charges_of(TENANT, "cus_0001"), key=lambda charge: charge.due_on)
    put(charge_row(TENANT, february.evolve(paid=Money("1.00"))))
    path = f"/customers/cus_0001/contracts/{made.id}/cancellation"

    cancelled = clerk.put(path, {"on": "2026-01-16", "reason": "Mudança"}, version=2)

    assert (cancelled.status, cancelled.etag, cancelled.body["state"]) == (200, '"3"', "cancelled")
    assert cancelled.body["instalments_left"] == [
        "1 - Fibra 500 Mega (2/3), 01/02/2026 a 28/02/2026, R$ 90,00: Esta Conta possui pagamento parcial."
    ]
    (removed,) = (c for c in charges_of(TENANT, "cus_0001") if c.status is ChargeStatus.REMOVED)
    (entry,) = history(InvoicingTable, f"{TENANT}#cus_0001", f"charge#{removed.id}")
    assert (removed.title, entry.action, entry.note) == (
        "1 - Fibra 500 Mega (3/3)",
        "charge.removed",
        "Parcela depois do fim do contrato 1.",
    )


@pytest.mark.req("CLO-03", "CLO-04", "CHG-09")
def test_detail_shows_counters_costs_adjustments_and_why(clerk: Client) -> None:
    begin(printing())
    read("cus_0002", "7000", FEBRUARY_1)
    clerk.post(f"{path('cus_0002')}/adjustments", DISCOUNT)
    clerk.post(f"{path('cus_0002')}/notes", {"text": "Conferido com o cliente."})
    computed(clerk, "cus_0002")

    detail = clerk.get(path("cus_0002"))
    lines = clerk.get(f"{path('cus_0002')}/lines").body

    assert detail.etag == '"4"'
    assert (detail.body["customer"], detail.body["status_label"]) == ("Cliente 2", "processado")
    assert detail.body["items"] == [
        {
            "item_id": "eqp_0001",
            "description": "Impressora da recepção",
            "location": "Térreo",
            "meters": [{"unit": "páginas mono", "initial": "1000", "final": "7000", "is_estimated": False}],
            "production": [
                {
                    "description": "Páginas mono",
                    "quantity": "6000",
                    "allowance": "5000",
                    "excess": "1000",
                    "unit_price": "0.05",
                    "amount": "325.00",
                }
            ],
            "fixed_cost": "50.00",
        }
    ]
    assert detail.body["totals"] == {
        "production": "325.00",
        "items_fixed": "50.00",
        "contract_fixed": "0.00",
        "surcharges": "0.00",
        "discounts": "45.50",
    }
    assert (detail.body["total"], detail.body["credit"]) == ("329.50", "0.00")
    assert [note["text"] for note in detail.body["notes"]] == ["Conferido com o cliente."]
    excess = next(line for line in lines["items"] if line["line"]["kind"] == "excess")
    assert excess["why"][-1] == "× R$ 0,0500 = R$ 50,00"
    assert "next_cursor" not in lines


@pytest.mark.req("CLO-02")
def test_timeline_counts_what_started_in_each_month_and_the_list_sums_its_filter(clerk: Client) -> None:
    for made in (contract("cus_0001"), printing("cus_0002"), brokered("cus_0003")):
        begin(made)
    computed(clerk, "cus_0001")
    read("cus_0002", "7000", FEBRUARY_1)
    freeze(clerk, "cus_0002")

    timeline = clerk.get("/closings/timeline", first="2025-12", last="2026-02").body["months"]
    month = clerk.get("/closings", month="2026-01").body
    frozen = clerk.get("/closings", month="2026-01", status="frozen").body
    assert clerk.get("/closings", month="2026-01", company_id="com_alfa").body == month

    figures = [(one["month"], one["closings"], one["total"], one["frozen"]) for one in timeline]
    assert figures == [("2025-12", 0, "0.00", 0), ("2026-01", 3, "465.00", 1), ("2026-02", 1, "0.00", 0)]
    assert (month["count"], month["total"], len(month["items"])) == (3, "465.00", 3)
    assert (frozen["count"], frozen["total"]) == (1, "375.00")
    assert [(closing["customer"], closing["situation"]) for closing in frozen["items"]] == [
        ("Cliente 2", "Finalizada")
    ]


@pytest.mark.req("CLO-02")
def test_closings_written_before_the_index_had_pending_issues_and_contract_are_listed(clerk: Client) -> None:
    for made in (contract("cus_0001"), printing("cus_0002")):
        begin(made)
    computed(clerk, "cus_0002")  # without a reading
    before = clerk.get("/closings", month="2026-01").body
    for row in ClosingsTable.scan():
        if row.month_sort:
            row.update([ClosingsTable.month_sort.set("#".join(row.month_sort.split("#")[:3]))])

    assert clerk.get("/closings", month="2026-01").body == before
    pending = clerk.get("/closings", month="2026-01", pending="true").body
    assert [one["customer_id"] for one in pending["items"]] == ["cus_0002"]


@pytest.mark.req("CLO-02")
def test_timeline_and_list_take_customer_contract_and_pending_issues(clerk: Client) -> None:
    for made in (contract("cus_0001"), printing("cus_0002"), brokered("cus_0003")):
        begin(made)
    computed(clerk, "cus_0002")  # without a reading

    def shown(**criteria: str) -> tuple[int, list[str]]:
        (month,) = clerk.get("/closings/timeline", first="2026-01", last="2026-01", **criteria).body["months"]
        listed = clerk.get("/closings", month="2026-01", **criteria).body
        assert (month["closings"], month["total"]) == (listed["count"], listed["total"])
        return month["pending"], sorted(one["customer_id"] for one in listed["items"])

    (of_first,) = clerk.get("/customers/cus_0001/closings").body["items"]
    assert shown() == (1, ["cus_0001", "cus_0002", "cus_0003"])
    assert shown(pending="true") == (1, ["cus_0002"])
    assert shown(pending="false") == (0, ["cus_0001", "cus_0003"])
    assert shown(customer_id="cus_0003") == (0, ["cus_0003"])
    assert shown(contract_id=of_first["contract_id"]) == (0, ["cus_0001"])
    assert shown(contract_id=of_first["contract_id"], pending="true") == (0, [])
    assert shown(company_id="com_other") == (0, [])
    cursor_of_another = clerk.get("/closings", month="2026-01", pending="true", cursor="zzz")
    assert cursor_of_another.status == 400


@pytest.mark.req("INV-04")
def test_invoices_annex_explains_what_a_closing_charged_and_sums_to_its_charges(clerk: Client) -> None:
    begin(printing("cus_0002"))
    read("cus_0002", "7000", FEBRUARY_1)
    freeze(clerk, "cus_0002")
    charges = charges_of(TENANT, "cus_0002")

    annexed = annex(TENANT, "cus_0002", charges)

    headings = [line.description for line in annexed if line.amount is None]
    assert headings == [
        "1 - Outsourcing de impressão – 01/01/2026 a 31/01/2026",
        "Impressora da recepção – Térreo",
    ]
    assert annexed[1].why == ("Contador de páginas mono: de 1.000 a 7.000",)
    sums = [line.amount for line in annexed if line.amount is not None]
    assert Money.sum(sums) == Money.sum(charge.amount for charge in charges) == Money("375.00")
    assert any("páginas" in why for line in annexed for why in line.why)
    assert annex(TENANT, "cus_0002", []) == []
    changed = charges[0].evolve(amount=charges[0].amount - Money("5.00"))
    last_line = annex(TENANT, "cus_0002", [changed, *charges[1:]])[-1]
    assert (last_line.description, last_line.amount) == (
        "Já cobrado, creditado ou ajustado à parte",
        Money("-5.00"),
    )


@pytest.mark.req("CLO-02")
def test_long_month_is_read_page_by_page(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billing.closings.views.PAGE", 2)
    for made in (contract("cus_0001"), printing("cus_0002"), brokered("cus_0003")):
        begin(made)

    first = clerk.get("/closings", month="2026-01").body
    second = clerk.get("/closings", month="2026-01", cursor=first["next_cursor"]).body

    assert (len(first["items"]), len(second["items"]), "next_cursor" in second) == (2, 1, False)
    assert {closing["customer_id"] for closing in (*first["items"], *second["items"])} == {
        "cus_0001",
        "cus_0002",
        "cus_0003",
    }


@pytest.mark.req("CLO-05", "CLO-06")
def test_freeze_with_pending_issues_needs_confirmation_and_records_who_ignored_which(clerk: Client) -> None:
    begin(printing())

    question = freeze(clerk, "cus_0002")
    done = freeze(clerk, "cus_0002", confirm=True)

    assert (question.status, question.body["reasons"]) == (
        422,
        [
            {
                "code": "closing.counter_missing",
                "message": "Impressora cadastrada manualmente, mas sem lançamento de contadores no período de"
                " faturamento: Impressora da recepção",
                "severity": "asks",
            }
        ],
    )
    assert (done.body["status"], done.body["frozen_by"]) == ("frozen", "usr_ana")
    assert done.body["pending"] == {"closing.counter_missing": 1}
    entries = history(ClosingsTable, f"{TENANT}#cus_0002", f"closing#{done.body['id']}")
    assert [(entry.action, entry.actor_id, entry.note) for entry in entries] == [
        (
            "closing.frozen",
            "usr_ana",
            _IGNORED,
        )
    ]


@pytest.mark.req("CLO-09")
def test_charge_for_another_amount_asks_for_the_reason_and_keeps_both(clerk: Client) -> None:
    begin(brokered())
    sell(price="1.00")
    enter_usage("cus_0003", JANUARY, "1000", "use_0001", datetime(2026, 1, 15, tzinfo=UTC))
    charging = {"total": "950.00", "cost_centre": "Nuvem", "ticket": "INC-20451"}
    version = computed(clerk, "cus_0003")["version"]

    refused = clerk.put(f"{path('cus_0003')}/charge", charging, version=version)
    done = clerk.put(
        f"{path('cus_0003')}/charge", {**charging, "reason": "Desconto comercial"}, version=version
    )
    (listed,) = clerk.get("/closings", month="2026-01").body["items"]

    assert refused.code == "closing.reason_missing"
    assert done.body["charging"] == {"due": "1000.00", "cost_centre": "Nuvem", "ticket": "INC-20451"}
    assert [(row[2], row[3]) for row in table_of("cus_0003")] == [
        ("1 - Desconto comercial", "-50.00"),
        ("1 - Serviços de nuvem", "1000.00"),
    ]
    assert {name: listed[name] for name in ("due", "charged", "issued_on", "situation")} == {
        "due": "1000.00",
        "charged": "950.00",
        "issued_on": "2026-02-01",
        "situation": "Finalizada",
    }


@pytest.mark.req("CLO-03", "PLT-02")
def test_adjustment_is_removed_by_its_version_and_refused_once_frozen(clerk: Client) -> None:
    begin(contract())
    added = clerk.post(f"{path('cus_0001')}/adjustments", DISCOUNT).body
    (adjustment,) = added["adjustments"]
    place = f"{path('cus_0001')}/adjustments/{adjustment['id']}"

    old = clerk.delete(place, version=1)
    removed = clerk.delete(place, version=2)
    missing = clerk.delete(place, version=3)
    freeze(clerk, "cus_0001")
    late = clerk.post(f"{path('cus_0001')}/adjustments", DISCOUNT)

    assert (old.status, removed.body["adjustments"]) == (412, [])
    assert (missing.code, late.code) == ("closing.no_such_adjustment", "closing.frozen")


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1,00", "9" * 20])
@pytest.mark.req("PLT-02")
def test_wrong_amount_of_an_adjustment_is_reported_by_field(clerk: Client, amount: str) -> None:
    begin(contract())

    refused = clerk.post(f"{path('cus_0001')}/adjustments", {**DISCOUNT, "amount": amount})

    assert (refused.status, [reason["field"] for reason in refused.body["reasons"]]) == (400, ["amount"])
    assert closing_of("cus_0001", JANUARY).adjustments == ()


@pytest.mark.req("CLO-08")
def test_freeze_before_the_end_asks_how_to_bill_the_remaining_days(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(datetime(2026, 1, 11, 15, tzinfo=UTC)))
    begin(contract())

    question = freeze(clerk, "cus_0001")
    done = freeze(clerk, "cus_0001", merge_remaining=True)
    periods = [closing["period"] for closing in clerk.get("/customers/cus_0001/closings").body["items"]]

    assert (question.code, question.body["reasons"][0]["field"]) == ("closing.before_end", "merge_remaining")
    assert done.body["period"] == {"start": "2026-01-01", "end": "2026-01-11"}
    assert periods == [
        {"start": "2026-01-11", "end": "2026-03-01"},
        {"start": "2026-01-01", "end": "2026-01-11"},
    ]


@pytest.mark.req("SEC-01", "SEC-02")
def test_others_neither_see_nor_freeze(clerk: Client) -> None:
    begin(contract())
    place = path("cus_0001")
    reader = Client(handler, profile=Profile.CONSULTA)
    other_tenant = Client(handler, tenant_id="ten_beta")
    other_company = Client(handler, companies="com_beta")

    assert reader.get(place).body["actions"] == []
    assert reader.put(f"{place}/freeze", {}, version=1).code == "access.denied"
    assert (other_tenant.get(place).status, other_company.get(place).code) == (404, "access.company")
    assert other_company.get("/closings", month="2026-01").body["items"] == []
    assert other_company.get("/closings", month="2026-01", company_id="com_alfa").body["items"] == []
    assert other_company.get("/customers/cus_0001/closings").body["items"] == []
    assert other_tenant.get("/closings", month="2026-01").body["count"] == 0


@pytest.mark.req("CTR-04", "SEC-02")
def test_contract_of_another_company_is_not_activated(clerk: Client) -> None:
    put(contract_row(TENANT, contract("cus_0001")))
    other = Client(handler, companies="com_beta")

    refused = other.put("/customers/cus_0001/contracts/con_0001/activation", {"on": "2026-01-20"}, version=1)

    assert (refused.status, refused.code) == (403, "access.company")


@pytest.mark.req("PLT-02")
def test_timeline_of_unreadable_or_too_many_months_is_refused(clerk: Client) -> None:
    assert clerk.get("/closings/timeline", first="2026-13", last="2026-02").status == 400
    assert clerk.get("/closings/timeline", first="2026-03", last="2026-02").code == "closings.timeline"
    assert clerk.get("/closings/timeline", first="2016-03", last="2026-02").code == "closings.timeline"


@pytest.mark.req("CLO-01", "CLO-02")
@pytest.mark.parametrize(
    ("day", "status", "label"),
    [(31, "open", "em processamento"), (32, "processed", "processado"), (33, "processed", "processado")],
)
def test_state_follows_the_date_before_any_run(
    clerk: Client, monkeypatch: pytest.MonkeyPatch, day: int, status: str, label: str
) -> None:
    begin(contract("cus_0001"))
    now = datetime(2026, 1, 1, 15, tzinfo=UTC) + timedelta(days=day - 1)
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(now))
    other = {"open": "processed", "processed": "open"}[status]

    detail = clerk.get(path("cus_0001")).body
    assert (detail["status"], detail["status_label"], detail["total_label"]) == (
        status,
        label,
        "ainda não calculado",
    )
    months = [clerk.get("/closings", month="2026-01", status=situation).body for situation in (status, other)]
    assert [(page["count"], len(page["items"])) for page in months] == [(1, 1), (0, 0)]
    assert months[0]["items"][0]["status_label"] == label

    computed(clerk, "cus_0001")
    assert clerk.get(path("cus_0001")).body["total_label"] == "R$ 90,00"


STATES = ("open", "processed", "frozen", "waiting")
COMMANDS: dict[str, tuple[str, str, Any]] = {
    "compute": ("post", "computations", {}),
    "adjust": ("post", "adjustments", DISCOUNT),
    "remove adjustment": ("delete", "adjustments/adj_none", None),
    "note": ("post", "notes", {"text": "Visto."}),
    "freeze": ("put", "freeze", {}),
    "freeze, confirmed": ("put", "freeze", {"confirm": True}),
    "freeze, merged": ("put", "freeze", {"merge_remaining": True}),
    "freeze, split": ("put", "freeze", {"merge_remaining": False}),
    "unfreeze": ("delete", "freeze", None),
    "charge": ("put", "charge", {"total": "90.00", "cost_centre": "Nuvem", "ticket": "INC-1"}),
}


@pytest.mark.req("SEC-06", "CLO-06", "CLO-07", "CLO-08")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("state", STATES)
def test_each_command_in_each_state_is_done_or_answered_with_a_problem(
    clerk: Client, monkeypatch: pytest.MonkeyPatch, state: str, command: str
) -> None:
    """Two months, the second of which is in the given state; on a day inside it and on its last day. The reasons that
    the closing's actions give against a command are those that the command answers."""
    begin(contract("cus_0001"))
    assert freeze(clerk, "cus_0001").status == 200
    if state in {"frozen", "waiting"}:
        service.freeze(on(MARCH_1), "cus_0001", *_second(), FreezeRequest())
    if state == "waiting":
        unfreezing.unfreeze(on(MARCH_1), "cus_0001", *_second())
        january = closing_of("cus_0001", JANUARY)
        unfreezing.unfreeze(on(FEBRUARY_1), "cus_0001", january.id, january.version)
    day = 15 if state == "open" else 28
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(datetime(2026, 2, day, 15, tzinfo=UTC)))
    closing_id, version = _second()
    method, name, body = COMMANDS[command]
    where = f"/customers/cus_0001/closings/{closing_id}/{name}"
    shown = clerk.get(f"/customers/cus_0001/closings/{closing_id}").body
    listed = clerk.get("/customers/cus_0001/closings").body["items"]
    offers = {
        offer["action"]: [refusal["code"] for refusal in offer["reasons"]] for offer in shown["actions"]
    }
    assert next(closing["actions"] for closing in listed if closing["id"] == closing_id) == shown["actions"]
    if method == "post":
        answer = clerk.post(where, body)
    elif method == "put":
        answer = clerk.put(where, body, version=version)
    else:
        answer = clerk.delete(where, version=version)

    assert answer.status < 500, answer.body
    if answer.status >= 400:
        assert answer.body["code"].partition(".")[0] in {"closing", "reasons"}, answer.body
        assert all(reason["message"] for reason in answer.body.get("reasons", []))
    if against := offers.get(command.partition(",")[0]):
        codes = [refusal["code"] for refusal in answer.body.get("reasons", [answer.body])]
        assert answer.status == 422
        assert set(against) <= set(codes)
    if state == "waiting" and command != "note":
        assert answer.status == 422


def _second() -> tuple[str, int]:
    closing = closing_of("cus_0001", FEBRUARY)
    return closing.id, closing.version


@pytest.mark.req("CLO-05", "CLO-06")
def test_partial_passage_is_chosen_and_not_just_confirmed(clerk: Client) -> None:
    item = {**PRINTER, "joined_on": "2026-01-20", "monitored": True}
    begin(printing("cus_0002", items=[item]))
    read("cus_0002", "3000", FEBRUARY_1)

    refused = freeze(clerk, "cus_0002", confirm=True)
    assert (refused.status, refused.code) == (422, "closing.partial_passage")
    assert [reason["field"] for reason in refused.body["reasons"]] == ["partial_passages"]
    charging = {
        "total": "1.00",
        "cost_centre": "Nuvem",
        "ticket": "INC-1",
        "reason": "Acordo",
        "confirm": True,
    }
    closing = closing_of("cus_0002", JANUARY)
    charged = clerk.put(f"{path('cus_0002')}/charge", charging, version=closing.version)
    assert charged.code == "closing.partial_passage"

    chosen = freeze(clerk, "cus_0002", partial_passages={"eqp_0001": "full"})
    assert (chosen.status, chosen.body["partial_passages"]) == (200, {"eqp_0001": "full"})
