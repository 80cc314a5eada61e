"""Settlements, reversals, cash accounts and held receipts over HTTP."""

from datetime import date

import pytest

from billing.access.call import Call
from billing.access.model import Profile
from billing.core.money import Money
from billing.core.period import Month
from billing.core.table import Writes
from billing.entry.wiring import clock_row
from billing.payments import store
from billing.payments.model import CashMovement, HeldReason, HeldReceipt, MovementKind
from functions.payments.api import handler
from tests.support.aws import InProcessAws
from tests.support.billing import company, customer, keep, profile
from tests.support.http import Client

CASH = {"company_id": "com_alfa", "name": "Caixa da loja", "kind": "cash_box"}
MARCH = Month("2026-03")


@pytest.fixture
def client(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> Client:
    """In front of the API, at the `call`'s own time."""
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    clock_row(call.now).save()
    keep(call, company(), profile())
    return Client(handler)


def an_account(client: Client) -> str:
    return str(client.post("/cash-accounts", CASH).body["id"])


def put_movement(
    call: Call, account_id: str, number: int, amount: str, on: date, *, expected: bool = False
) -> None:
    writes = Writes()
    movement = CashMovement(
        id=f"mov_{number:04d}",
        account_id=account_id,
        on=on,
        amount=Money(amount),
        kind=MovementKind.RECEIPT,
        source="set_0001",
        is_expected=expected,
    )
    writes.put(store.movement_row(call.tenant_id, movement))
    writes.commit()


def put_held(call: Call, **changes: object) -> HeldReceipt:
    fields = {
        "id": "hel_0001",
        "company_id": "com_alfa",
        "profile_id": "pro_itau",
        "reason": HeldReason.DUPLICATE,
        "nosso_numero": "00000007",
        "customer_id": "cus_ana0",
        "invoice_id": "inv_ana0",
        "held": Money("100.00"),
        "paid_on": date(2026, 3, 9),
        "message": "R$ 100,00 retidos: a Fatura 7 já estava liquidada.",
        "source": "occ_0001",
        **changes,
    }
    receipt = HeldReceipt.model_validate(fields)
    writes = Writes()
    writes.put(store.held_row(call.tenant_id, MARCH, receipt))
    writes.commit()
    return receipt


@pytest.mark.req("PAY-09")
def test_account_is_added_and_read(client: Client) -> None:
    added = client.post("/cash-accounts", CASH)

    assert (added.status, added.etag) == (201, '"1"')
    assert client.get(f"/cash-accounts/{added.body['id']}").body == added.body
    assert client.get("/cash-accounts").body["items"] == [added.body]


@pytest.mark.req("PAY-09")
def test_balance_is_the_sum_of_the_movements_with_expected_ones_apart(client: Client, call: Call) -> None:
    account = an_account(client)
    put_movement(call, account, 1, "100.00", date(2026, 2, 28))
    put_movement(call, account, 2, "-30.00", date(2026, 3, 10))
    put_movement(call, account, 3, "5.00", date(2026, 3, 11))
    put_movement(call, account, 4, "80.00", date(2026, 3, 10), expected=True)

    answer = client.send(
        "GET", f"/cash-accounts/{account}/balance", query={"from": "2026-02-28", "to": "2026-03-10"}
    )

    assert (answer.body["moved"], answer.body["expected"]) == ("70.00", "80.00")


@pytest.mark.req("PAY-09")
def test_movements_of_a_month_come_by_date_page_by_page(client: Client, call: Call) -> None:
    account = an_account(client)
    put_movement(call, account, 3, "1.00", date(2026, 3, 2))
    put_movement(call, account, 1, "2.00", date(2026, 3, 31))
    put_movement(call, account, 2, "3.00", date(2026, 4, 1))
    path = f"/cash-accounts/{account}/movements"

    first = client.get(path, month="2026-03", limit="1").body
    second = client.get(path, month="2026-03", limit="1", cursor=first["next_cursor"]).body

    assert [m["amount"] for m in (*first["items"], *second["items"])] == ["1.00", "2.00"]
    assert client.get(path, month="2026-04", cursor=first["next_cursor"]).code == "page.cursor"


@pytest.mark.req("PAY-09")
def test_cash_box_is_closed_up_to_a_day_and_never_earlier_again(client: Client) -> None:
    path = f"/cash-accounts/{an_account(client)}/closing"

    closed = client.post(path, {"until": "2026-02-28"})

    assert (closed.status, closed.body["closed_until"]) == (200, "2026-02-28")
    assert client.post(path, {"until": "2026-02-27"}).code == "account.closed_later"
    assert client.post(path, {"until": "2126-01-01"}).code == "account.closed_ahead"


@pytest.mark.req("PAY-08")
def test_held_receipt_becomes_the_customers_credit_once(client: Client, call: Call) -> None:
    put_held(call)
    (held,) = client.get("/held-receipts", month="2026-03").body["items"]
    path = f"/held-receipts/2026-03/{held['id']}/resolution"
    decision = {"version": held["version"], "resolution": "credit"}

    resolved = client.post(path, decision, key="decide-01")
    again = client.post(path, decision, key="decide-01")

    assert (resolved.status, resolved.body["resolved_by"]) == (200, "usr_ana")
    assert again.body == resolved.body
    assert client.post(path, decision).status == 412
    assert client.post(path, {**decision, "version": 2}).code == "held.resolved"
    keep(call, customer("cus_ana0"))
    credit = client.get("/customers/cus_ana0/credit").body
    assert (credit["balance"], [item["amount"] for item in credit["items"]]) == ("100.00", ["-100.00"])


@pytest.mark.req("PAY-08")
def test_refund_leaves_the_chosen_account(client: Client, call: Call) -> None:
    put_held(call)
    account = an_account(client)

    client.post(
        "/held-receipts/2026-03/hel_0001/resolution",
        {"version": 1, "resolution": "refund", "account_id": account},
    )

    (movement,) = store.movements("ten_alfa", account, MARCH)
    assert (movement.on, movement.amount, movement.kind, movement.source) == (
        call.today,
        Money("-100.00"),
        MovementKind.REFUND,
        "hel_0001",
    )


@pytest.mark.req("PAY-09")
def test_refund_is_refused_on_a_closed_day_and_changes_nothing(client: Client, call: Call) -> None:
    put_held(call)
    account = an_account(client)
    client.post(f"/cash-accounts/{account}/closing", {"until": "2026-03-10"})
    refund = {"version": 1, "resolution": "refund", "account_id": account}

    refused = client.post("/held-receipts/2026-03/hel_0001/resolution", refund)

    assert (refused.code, refused.body["title"]) == (
        "account.closed",
        "A conta Caixa da loja está fechada até 10/03/2026: escolha uma data posterior.",
    )
    assert store.get_held("ten_alfa", MARCH, "hel_0001").resolution is None
    assert list(store.movements("ten_alfa", account, MARCH)) == []


@pytest.mark.req("PAY-08")
def test_credit_of_an_unknown_title_is_refused(client: Client, call: Call) -> None:
    put_held(call, reason=HeldReason.UNKNOWN_TITLE, customer_id=None, invoice_id=None)
    decision = {"version": 1, "resolution": "credit"}

    refused = client.post("/held-receipts/2026-03/hel_0001/resolution", decision)

    assert (refused.status, refused.code) == (422, "held.no_customer")


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("kind", "carteira"), ("company_id", None), ("cor", "azul")]
)
@pytest.mark.req("PLT-02")
def test_wrong_account_is_reported_by_field_and_not_kept(client: Client, field: str, value: object) -> None:
    refused = client.post("/cash-accounts", {**CASH, field: value})

    assert (refused.status, [reason["field"] for reason in refused.body["reasons"]]) == (400, [field])
    assert client.get("/cash-accounts").body["items"] == []


@pytest.mark.req("PLT-02")
def test_unreadable_months_dates_and_intervals_are_refused(client: Client) -> None:
    path = f"/cash-accounts/{an_account(client)}"
    backwards = {"from": "2026-03-10", "to": "2026-03-09"}
    too_long = {"from": "2025-01-01", "to": "2026-03-10"}

    assert client.get(f"{path}/movements", month="2026-13").status == 400
    assert client.get(f"{path}/movements", month="2026-03", limit="0").status == 400
    assert client.get("/held-receipts", month="março").status == 400
    assert client.send("GET", f"{path}/balance", query={"from": "2026-03-10"}).status == 400
    for interval in (backwards, too_long):
        assert client.send("GET", f"{path}/balance", query=interval).code == "balance.interval"
    assert client.post(f"{path}/closing", {"until": "ontem"}).status == 400


@pytest.mark.req("SEC-01")
def test_reading_settling_and_configuring_have_separate_permissions(client: Client, call: Call) -> None:
    put_held(call)
    path = f"/cash-accounts/{an_account(client)}"
    reader = Client(handler, profile=Profile.CONSULTA)
    clerk = Client(handler, profile=Profile.FINANCEIRO)
    decision = {"version": 1, "resolution": "credit"}
    resolution = "/held-receipts/2026-03/hel_0001/resolution"

    assert clerk.post("/cash-accounts", CASH).code == "access.denied"
    assert reader.post(f"{path}/closing", {"until": "2026-03-01"}).code == "access.denied"
    assert reader.post(resolution, decision).code == "access.denied"
    assert reader.get(path).status == reader.get("/held-receipts", month="2026-03").status == 200
    assert clerk.post(f"{path}/closing", {"until": "2026-03-01"}).status == 200
    assert clerk.post(resolution, decision).status == 200


@pytest.mark.req("SEC-02")
def test_another_tenant_sees_and_moves_nothing(client: Client, call: Call) -> None:
    put_held(call)
    path = f"/cash-accounts/{an_account(client)}"
    other = Client(handler, tenant_id="ten_beta")
    interval = {"from": "2026-03-01", "to": "2026-03-10"}

    assert other.get("/cash-accounts").body["items"] == []
    assert other.get("/held-receipts", month="2026-03").body["items"] == []
    for answer in (
        other.get(path),
        other.get(f"{path}/movements", month="2026-03"),
        other.send("GET", f"{path}/balance", query=interval),
        other.post(f"{path}/closing", {"until": "2026-03-01"}),
        other.post("/held-receipts/2026-03/hel_0001/resolution", {"version": 1, "resolution": "credit"}),
        other.post("/cash-accounts", CASH),
    ):
        assert answer.status == 404


@pytest.mark.req("SEC-02")
def test_another_companys_clerk_is_kept_out(client: Client, call: Call) -> None:
    put_held(call)
    path = f"/cash-accounts/{an_account(client)}"
    other = Client(handler, companies="com_beta")
    decision = {"version": 1, "resolution": "credit"}

    assert other.get("/cash-accounts").body["items"] == []
    assert other.get("/held-receipts", month="2026-03").body["items"] == []
    assert other.get(path).code == "access.company"
    assert other.post("/cash-accounts", CASH).code == "access.company"
    assert other.post("/held-receipts/2026-03/hel_0001/resolution", decision).code == "access.company"


@pytest.mark.req("PAY-09", "SEC-02")
def test_refund_from_another_companys_account_is_refused(client: Client, call: Call) -> None:
    put_held(call)
    keep(call, company().evolve(id="com_beta", cnpj="11444777000161"))
    both = Client(handler, companies="com_alfa com_beta")
    account = both.post("/cash-accounts", {**CASH, "company_id": "com_beta"}).body["id"]
    refund = {"version": 1, "resolution": "refund", "account_id": account}

    assert both.post("/held-receipts/2026-03/hel_0001/resolution", refund).code == "account.company"
    assert store.get_held("ten_alfa", MARCH, "hel_0001").resolution is None


@pytest.mark.req("PAY-08")
def test_refund_without_an_account_asks_for_one(client: Client, call: Call) -> None:
    keep(call, profile(id="pro_nova", cash_account_id=None))
    put_held(call, profile_id="pro_nova")

    refused = client.post(
        "/held-receipts/2026-03/hel_0001/resolution", {"version": 1, "resolution": "refund"}
    )

    assert [(r["code"], r["field"]) for r in refused.body["reasons"]] == [("held.no_account", "account_id")]
