"""What screens ask about all customers, compared with the rows of a base after one month."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from billing.core.money import ZERO, Money
from billing.core.period import Month
from billing.entry import wiring
from billing.fiscal.certificates import KeptCertificate
from billing.fiscal.store import certificate_row
from billing.panels.waiting import hangs
from billing.payments.model import CashMovement, HeldReason, HeldReceipt, MovementKind, Resolution
from billing.payments.store import held_row, movement_row
from billing.projections import follower, rebuilding
from billing.projections.engine import Engine
from billing.projections.kinds import KINDS
from billing.runs.model import Run, RunKind, RunStatus
from billing.runs.store import run_row
from functions.invoicing.api import handler as invoicing
from functions.panels.api import handler
from functions.projections.events import catch_up_states, fold_states
from infra.local.people import COMPANY_ID, TENANT_ID
from tests.support.aws import in_process_aws
from tests.support.billing import MemoryFiles
from tests.support.every_route import Base, lived_month
from tests.support.http import Answer, Client
from tests.support.streams import recorded
from tests.support.tables import create_tables

CLERK = Client(handler, tenant_id=TENANT_ID, companies=COMPANY_ID)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    """The month, followed by the tables' streams and by nothing else."""
    with in_process_aws():
        create_tables()
        with recorded() as records, lived_month(Path(tmp_path_factory.mktemp("mailbox"))) as lived:
            follower.follow(wiring.files(), records)
            yield lived


def get(path: str, **query: str) -> Any:
    answer = CLERK.get(path, **query)
    assert answer.status == 200, answer.body
    return answer.body


def all_of(base: Base, what: str) -> list[Any]:
    customers = base.get("/customers?is_active=true&limit=100")["items"]
    return [row for one in customers for row in base.get(f"/customers/{one['id']}/{what}")["items"]]


def total(rows: list[Any], field: str = "amount") -> str:
    return str(Money.sum(Money(row[field]) for row in rows))


@pytest.mark.req("REP-02", "PLT-07")
def test_projections_from_the_stream_equal_the_rows(base: Base) -> None:
    def states(files: Any) -> dict[str, list[tuple[Any, ...]]]:
        with Engine(files, TENANT_ID, KINDS) as engine:
            return {name: engine.rows(f"SELECT * FROM {name} ORDER BY id") for name in KINDS}

    followed, anew = states(wiring.files()), MemoryFiles()
    rebuilding.rebuild(anew, TENANT_ID, date(2026, 4, 30))

    assert followed == states(anew)
    assert {name for name, rows in followed.items() if not rows} == set()


@pytest.mark.req("WEB-05", "INV-14", "INV-15")
def test_invoices_of_all_customers_have_the_totals_of_the_whole_filter(base: Base) -> None:
    rows = all_of(base, "invoices")

    page = get("/invoices", limit="2")
    everything, cursor = list(page["items"]), page["next_cursor"]
    while cursor:
        following = get("/invoices", limit="2", cursor=cursor)
        everything, cursor = everything + following["items"], following.get("next_cursor")

    assert sorted(row["id"] for row in everything) == sorted(row["id"] for row in rows)
    assert [row["due_on"] for row in everything] == sorted(row["due_on"] for row in rows)
    open_ = [row for row in rows if row["status"] == "open"]
    totals = page["totals"]
    assert (totals["count"], totals["amount"]) == (len(rows), total(rows))
    assert totals["open"] == str(Money(total(open_)) - Money(total(open_, "paid")))
    assert {row["customer"]["name"] for row in everything} == {
        one["name"]
        for one in base.get("/customers")["items"]
        if one["id"] in {r["customer_id"] for r in rows}
    }


@pytest.mark.req("WEB-05")
@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ({"status": "settled"}, lambda row: row["status"] == "settled"),
        ({"status": "open"}, lambda row: row["status"] == "open"),
        ({"due_from": "2026-04-10", "due_to": "2026-04-10"}, lambda row: row["due_on"] == "2026-04-10"),
        ({"overdue": "true"}, lambda row: row["status"] == "open" and row["due_on"] < "2026-04-21"),
        ({"amount_from": "199.90", "amount_to": "199.90"}, lambda row: row["amount"] == "199.90"),
        ({"number": "3"}, lambda row: row["number"] == 3),
        ({"company_id": "com_other000"}, lambda _row: False),
    ],
)
def test_filters_select_as_documented(base: Base, query: dict[str, str], holds: Any) -> None:
    kept = [row for row in all_of(base, "invoices") if holds(row)]

    answer = get("/invoices", **query)

    assert sorted(row["id"] for row in answer["items"]) == sorted(row["id"] for row in kept)
    assert (answer["totals"]["count"], answer["totals"]["amount"]) == (len(kept), total(kept))


@pytest.mark.req("WEB-05")
def test_cursor_works_only_in_its_own_list(base: Base) -> None:
    cursor = get("/invoices", limit="2")["next_cursor"]

    for other in ({"status": "open"}, {"sort": "number"}):
        answer = CLERK.get("/invoices", limit="2", cursor=cursor, **other)
        assert (answer.status, answer.code) == (400, "page.cursor")


@pytest.mark.req("CON-01", "WEB-05")
def test_charges_contracts_and_messages_of_all_customers(base: Base) -> None:
    for what, amounts in (("charges", True), ("contracts", False), ("messages", False)):
        rows = all_of(base, what)
        answer = get(f"/{what}", limit="200")
        assert sorted(row["id"] for row in answer["items"]) == sorted(row["id"] for row in rows), what
        assert answer["totals"]["count"] if amounts else answer["count"] == len(rows)
        assert all(row["customer"]["name"] for row in answer["items"])
        if amounts:
            assert answer["totals"]["amount"] == total(rows)


@pytest.mark.req("CUS-06")
def test_panel_counts_what_its_lists_hold(base: Base) -> None:
    answer = get(f"/customers/{base.payer}/panel")

    counts = {one["name"]: (one["count"], one.get("total")) for one in answer["panels"]}
    invoices = base.get(f"/customers/{base.payer}/invoices")["items"]
    settled = [row for row in invoices if row["status"] == "settled"]
    assert len(counts) == 14
    assert counts["settled_receivables"] == (len(settled), total(settled))
    assert counts["contracts"][0] == len(base.get(f"/customers/{base.payer}/contracts")["items"])
    assert counts["messages"][0] == len(base.get(f"/customers/{base.payer}/messages")["items"])
    assert counts["cards"] == (0, None)
    assert answer["customer"]["id"] == base.payer
    assert answer["last_paid_on"] == max(row["settled_on"] for row in settled)


@pytest.mark.req("CUS-06", "FIS-01")
def test_panel_counts_fiscal_documents_as_their_lists_do(base: Base) -> None:
    """For one customer a document was issued, for another nothing yet; those who may not see them are told nothing
    about them."""
    _, document = base.documented()
    customer = document["customer_id"]
    for id_ in (customer, base.payer):
        counts = {
            one["name"]: (one["count"], one.get("total")) for one in get(f"/customers/{id_}/panel")["panels"]
        }
        pending = base.get(f"/customers/{id_}/fiscal-pending")["items"]
        issued = base.get(f"/customers/{id_}/fiscal-documents")["items"]
        assert counts["fiscal_documents_pending"] == (len(pending), total(pending))
        standing = [one for one in issued if one["state"] == "authorised"]
        assert counts["fiscal_documents_issued"] == (len(issued), total(standing))
        of_month = base.get(f"/companies/{COMPANY_ID}/fiscal-pending?month=2026-04")["items"]
        assert {one["invoice_id"] for one in pending} == {
            one["invoice_id"] for one in of_month if one["customer_id"] == id_
        }
    assert counts["fiscal_documents_pending"][0] > 0
    assert document["document_id"] in {
        one["id"] for one in base.get(f"/customers/{customer}/fiscal-documents")["items"]
    }
    assert all(
        one["customer_id"] == customer for one in base.get(f"/customers/{customer}/fiscal-documents")["items"]
    )


@pytest.mark.req("WEB-02")
def test_search_finds_by_whatever_the_clerk_has_in_hand(base: Base) -> None:
    person = base.get(f"/customers/{base.payer}")
    invoice = next(
        row for row in base.get(f"/customers/{base.payer}/invoices")["items"] if row.get("barcode")
    )
    typed = base.get(f"/customers/{base.payer}/invoices/{invoice['id']}")

    def hits(text: str) -> set[tuple[str, str]]:
        return {(hit["kind"], hit["id"]) for hit in get("/search", text=text)["items"]}

    me, it = ("customer", base.payer), ("invoice", invoice["id"])
    assert me in hits(person["document"])
    assert me in hits(person["name"].split()[0].upper())
    assert me in hits(str(person["code"]))
    assert me in hits(person["emails"][0])
    assert me in hits(person["phones"][0])
    assert it in hits(str(invoice["number"]))
    assert it in hits(invoice["nosso_numero"])
    assert it in hits(typed["barcode"])
    assert hits("nada disso existe") == set()
    assert ("contract", base.get(f"/customers/{base.payer}/contracts")["items"][0]["id"]) in hits("fibra")


@pytest.mark.req("WEB-03")
def test_waiting_counts_what_its_lists_hold(base: Base) -> None:
    waiting = {one["work"]: (one["count"], one.get("total")) for one in get("/waiting")["items"]}

    held = base.get("/held-receipts?month=2026-04")["items"]
    unresolved = [row for row in held if "resolution" not in row]
    assert waiting["held_receipts"] == (len(unresolved), total(unresolved, "held"))
    closings = base.get("/closings?month=2026-03")["items"]
    assert waiting["pending_closings"][0] == sum(
        1 for row in closings if row["pending"] and row["situation"] == "Cobrar"
    )


@pytest.mark.req("PAY-08", "WEB-05")
def test_held_receipts_of_all_months_are_listed_oldest_first_and_page_by_page(base: Base) -> None:
    of_month = base.get("/held-receipts?month=2026-04")["items"]
    waiting = {row["id"] for row in of_month if "resolution" not in row}
    of_january = HeldReceipt.model_validate(of_month[0]).evolve(
        id="hel_january", paid_on=date(2026, 1, 31), resolution=None
    )
    with recorded() as records:
        held_row(TENANT_ID, Month("2026-01"), of_january).save()
        follower.follow(wiring.files(), records)
    try:
        first = get("/held-receipts/open", limit="1")
        others = get("/held-receipts/open", cursor=first["next_cursor"])
    finally:
        decided = of_january.evolve(resolution=Resolution.REFUND, version=of_january.version + 1)
        with recorded() as records:
            held_row(TENANT_ID, Month("2026-01"), decided).save()
            follower.follow(wiring.files(), records)

    assert [row["id"] for row in first["items"]] == ["hel_january"]
    assert {row["id"] for row in others["items"]} == waiting != set()
    assert others["items"] == sorted(others["items"], key=lambda row: (row["paid_on"], row["id"]))
    assert others["names"][others["items"][0]["profile_id"]]


@pytest.mark.req("WEB-03", "PAY-08")
def test_short_payment_waits_with_what_is_missing(base: Base) -> None:
    (held, *_) = base.get("/held-receipts?month=2026-04")["items"]
    before = {one["work"]: one for one in get("/waiting")["items"]}["held_receipts"]
    short = HeldReceipt.model_validate(held).evolve(
        id="hel_short",
        reason=HeldReason.SHORT,
        paid_on=date(2026, 1, 31),
        held=ZERO,
        missing=Money("9.90"),
        resolution=None,
    )
    with recorded() as records:
        held_row(TENANT_ID, Month("2026-01"), short).save()
        follower.follow(wiring.files(), records)
    try:
        waiting = {one["work"]: one for one in get("/waiting")["items"]}["held_receipts"]
    finally:
        decided = short.evolve(resolution=Resolution.ACCEPTED, version=short.version + 1)
        with recorded() as records:
            held_row(TENANT_ID, Month("2026-01"), decided).save()
            follower.follow(wiring.files(), records)

    row = next(row for row in waiting["rows"] if row["id"] == "hel_short")
    assert (row["text"], row["amount"]) == ("Pago a menor: falta", "9.90")
    assert waiting["total"] == before["total"]  # of money that is here


@pytest.mark.req("WEB-02")
def test_search_finds_a_run_by_its_id_with_the_permission_to_see_it(base: Base) -> None:
    run_row(TENANT_ID, a_run("run_searched", status=RunStatus.DONE)).save()
    run_row(TENANT_ID, a_run("run_of_others", company_id="com_other")).save()

    (hit,) = get("/search", text="run_searched")["items"]

    assert (hit["kind"], hit["id"]) == ("run", "run_searched")
    assert hit["detail"] == "20/04/2026, concluída"
    assert get("/search", text="run_of_others")["items"] == []
    assert get("/search", text="run_that_is_not")["items"] == []


@pytest.mark.req("WEB-05")
def test_list_of_several_states_holds_the_rows_of_each(base: Base) -> None:
    answer = CLERK.send("GET", "/invoices", query=[("status", "open"), ("status", "settled")])

    assert answer.status == 200, answer.body
    of_each = [get("/invoices", status=status)["totals"]["count"] for status in ("open", "settled")]
    assert min(of_each) > 0
    assert answer.body["totals"]["count"] == sum(of_each)


@pytest.mark.req("WEB-03")
def test_waiting_names_the_first_rows_of_each_kind(base: Base) -> None:
    waiting = {one["work"]: one for one in get("/waiting")["items"]}

    for one in waiting.values():
        assert len(one["rows"]) == min(one["count"], 5), one["work"]
        assert one["label"]
        assert [row["on"] for row in one["rows"]] == sorted(row["on"] for row in one["rows"])
    held = [row for row in base.get("/held-receipts?month=2026-04")["items"] if "resolution" not in row]
    shown = {row["id"]: row["amount"] for row in waiting["held_receipts"]["rows"]}
    amounts = {row["id"]: row["held"] if row["held"] != "0.00" else row["missing"] for row in held}
    assert shown == {id_: amount for id_, amount in amounts.items() if id_ in shown}
    people = {one["id"]: one["name"] for one in base.get("/customers")["items"]}
    for row in waiting["overdue_charges"]["rows"]:
        assert row["customer"] == people[row["customer_id"]]


@pytest.mark.req("WEB-03", "FIS-02")
def test_certificate_waits_for_its_successor_thirty_days_before_its_end(base: Base) -> None:
    def ending() -> Any:
        return next(one for one in get("/waiting")["items"] if one["work"] == "ending_certificates")

    def kept(company_id: str, days: int) -> None:
        certificate = KeptCertificate(
            cnpj="11444777000161",
            expires_at=wiring.clock().now() + timedelta(days=days),
            kept_at=wiring.clock().now(),
            company_id=company_id,
            certificate="",
            sealed_key="",
        )
        certificate_row(TENANT_ID, certificate).save()

    kept("com_of_others", 1)
    kept(COMPANY_ID, 31)
    assert (ending()["count"], ending()["rows"]) == (0, [])
    name = base.get(f"/companies/{COMPANY_ID}")["trade_name"]
    for days, says in ((30, "a vencer"), (1, "a vencer"), (0, "vencido"), (-9, "vencido")):
        kept(COMPANY_ID, days)
        assert [(row["id"], row["text"]) for row in ending()["rows"]] == [(COMPANY_ID, f"{name}: {says}")]


@pytest.mark.req("WEB-03")
def test_runs_that_failed_or_parked_something_are_listed_as_waiting(base: Base) -> None:
    before = {one["work"]: one["count"] for one in get("/waiting")["items"]}
    for run in (
        a_run("run_failed", status=RunStatus.FAILED, failure="Transient"),
        a_run("run_parked", status=RunStatus.DONE, parked=2),
        a_run("run_well", status=RunStatus.DONE),
        a_run("run_of_another_company", status=RunStatus.FAILED, company_id="com_other"),
    ):
        run_row(TENANT_ID, run).save()

    after = {one["work"]: one for one in get("/waiting")["items"]}

    assert after["failed_runs"]["count"] - before["failed_runs"] == 1
    shown = {row["id"]: row["text"] for row in after["failed_runs"]["rows"]}
    assert shown["run_failed"] == "Faturamento"
    assert after["parked_runs"]["count"] - before["parked_runs"] == 1


@pytest.mark.parametrize(("minutes", "is_long"), [(59, False), (60, True), (61, True)])
def test_run_in_progress_for_an_hour_is_listed_as_waiting(minutes: int, is_long: bool) -> None:
    run = a_run("run_long")

    assert hangs(run, run.at + timedelta(minutes=minutes)) is is_long
    assert not hangs(run.cancelled(run.at), run.at + timedelta(minutes=minutes))


def a_run(run_id: str, **changes: Any) -> Run:
    at = datetime(2026, 4, 20, 13, tzinfo=UTC)
    fields = {"company_id": COMPANY_ID, "started_by": "usr_ana", **changes}
    return Run(id=run_id, kind=RunKind.BILLING_RUN, at=at, business_date=at.date(), version=1, **fields)


@pytest.mark.req("CLO-10")
def test_printed_closing_shows_what_it_charged(base: Base) -> None:
    months = base.get("/closings?month=2026-03")["items"]
    frozen = max((one for one in months if one["status"] == "frozen"), key=lambda one: Money(one["charged"]))
    path = f"/customers/{frozen['customer_id']}/closings/{frozen['id']}"

    text = paper(base.get(f"{path}/pdf")["url"])

    assert Money(frozen["charged"]).format_br() in text
    assert frozen["customer"] in text
    lines = [one["line"] for one in base.get(f"{path}/lines")["items"] if one["line"]["billed"]]
    assert lines
    assert [line["description"] for line in lines if line["description"] not in text] == []
    open_one = next(one for one in base.get("/closings?month=2026-04")["items"] if one["status"] != "frozen")
    clerk = replace(CLERK, handler=invoicing)
    refused = clerk.get(f"/customers/{open_one['customer_id']}/closings/{open_one['id']}/pdf")
    assert (refused.status, refused.code) == (422, "closing.not_finalised")


def paper(url: str) -> str:
    parts = urlsplit(url)
    bucket = parts.netloc.split(".")[0]
    key = parts.path.lstrip("/").removeprefix(f"{bucket}/")
    data = wiring.files().get(key)
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages)


@pytest.mark.req("CUS-04")
@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ({"kind": "company"}, lambda one: one["kind"] == "company"),
        ({"city": "Resende"}, lambda one: one["addresses"][0]["city"] == "Resende"),
        ({"is_active": "false"}, lambda one: not one["is_active"]),
        ({"with_email_and_phone": "true"}, lambda one: one["emails"] and one["phones"]),
        ({"registered_from": "2030-01-01"}, lambda _one: False),
    ],
)
def test_registrations_by_any_column(base: Base, query: dict[str, str], holds: Any) -> None:
    people = base.get("/customers")["items"]

    answer = get("/registrations", **query)

    wanted = sorted(one["id"] for one in people if holds(one))
    assert sorted(one["id"] for one in answer["items"]) == wanted
    assert answer["count"] == len(wanted)


@pytest.mark.req("CUS-05")
def test_pivot_counts_each_registration_once_in_its_cell(base: Base) -> None:
    people = base.get("/customers")["items"]

    answer = get("/registrations/pivot", rows="city", columns="kind")

    cells = {(cell.get("row"), cell.get("column")): cell["count"] for cell in answer["cells"]}
    for one in people:
        cells[one["addresses"][0]["city"], one["kind"]] -= 1
    assert set(cells.values()) == {0}
    assert answer["count"] == len(people)
    plans = get("/registrations/pivot", rows="plan", columns="contract_state")["cells"]
    assert sum(cell["count"] for cell in plans) >= len(people)


@pytest.mark.req("SEC-02")
def test_another_companys_clerk_sees_no_row_and_no_amount(base: Base) -> None:
    other = replace(CLERK, companies="com_other000")

    def body_of(answer: Answer) -> Any:
        assert answer.status == 200
        return answer.body

    assert body_of(other.get("/invoices"))["totals"]["count"] == 0
    assert body_of(other.get("/charges"))["totals"]["amount"] == "0.00"
    assert body_of(other.get("/contracts"))["count"] == body_of(other.get("/messages"))["count"] == 0
    assert {one["count"] for one in body_of(other.get("/waiting"))["items"]} == {0}
    panel = body_of(other.get(f"/customers/{base.payer}/panel"))
    assert {one["count"] for one in panel["panels"]} == {0}
    assert [hit["kind"] for hit in body_of(other.get("/search", text="3"))["items"]] != ["invoice"]
    plans = body_of(other.get("/registrations/pivot", rows="plan", columns="contract_state"))["cells"]
    assert [cell for cell in plans if "row" in cell] == []


@pytest.mark.req("PLT-07")
def test_folding_and_catching_up_change_no_answer(base: Base) -> None:
    before = get("/invoices", limit="200")

    for _ in range(2):
        caught = catch_up_states({"time": "2026-04-21T03:00:00Z"}, None)
        fold_states({}, None)

    assert get("/invoices", limit="200") == before
    assert set(caught["states"]) == {TENANT_ID}


@pytest.mark.req("PAY-09", "WEB-05")
def test_balance_of_every_cash_account_is_the_sum_of_its_movements(base: Base) -> None:
    accounts = [one["id"] for one in base.get("/cash-accounts")["items"]]
    balances = {one["account_id"]: one for one in get("/cash-balances")["items"]}

    assert list(balances) == accounts
    assert any(one["balance"] != "0.00" for one in balances.values())
    for account, balance in balances.items():
        of_year = base.get(f"/cash-accounts/{account}/balance?from=2025-12-01&to=2026-11-30")
        assert (balance["balance"], balance["expected"]) == (of_year["moved"], of_year["expected"]), account


@pytest.mark.req("PAY-09", "PLT-07")
def test_operator_adds_what_was_written_before_its_kind_was_kept(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete, only_new = get("/cash-balances"), MemoryFiles()
    monkeypatch.setattr(wiring, "files", lambda: only_new)
    assert {one["balance"] for one in get("/cash-balances")["items"]} == {"0.00"}

    catch_up_states({"time": "2026-11-30T03:00:00Z", "everything": True}, None)

    assert get("/cash-balances") == complete


@pytest.mark.req("PAY-09")
def test_movement_that_the_stream_lost_is_found_for_a_week(base: Base) -> None:
    account = base.get("/cash-accounts")["items"][0]["id"]
    movement = CashMovement(
        id="mov_lost",
        account_id=account,
        on=date(2026, 4, 10),
        amount=Money("7.00"),
        kind=MovementKind.RECEIPT,
        source="set_lost",
    )

    def balance() -> Money:
        return Money(next(o["balance"] for o in get("/cash-balances")["items"] if o["account_id"] == account))

    before = balance()
    movement_row(TENANT_ID, movement).save()
    rebuilding.catch_up(wiring.files(), TENANT_ID, date(2026, 4, 18))
    assert balance() == before
    rebuilding.catch_up(wiring.files(), TENANT_ID, date(2026, 4, 17))
    assert balance() == before + Money("7.00")
