"""Bank statements, from the upload to the invoices that their Pix settle: each once, whatever is cut off or comes
again."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.access.call import Call
from billing.adapters.s3 import S3Files
from billing.core.files import Folder
from billing.core.money import Money
from billing.core.period import Month
from billing.customers.store import owner_row
from billing.entry import wiring
from billing.entry.wiring import clock_row
from billing.invoicing import store as invoices
from billing.invoicing.invariants import of_customer
from billing.invoicing.states import InvoiceStatus
from billing.invoicing.store import InvoicingTable
from billing.payments import store
from billing.payments.model import AccountKind, CashAccount
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.model import RunStatus
from functions.payments.api import handler
from functions.payments.events import statement_uploaded
from tests.api.test_settlements import owe, put
from tests.support.aws import InProcessAws
from tests.support.billing import company, customer, keep, profile
from tests.support.cutting import Cut, count_writes, cut
from tests.support.http import Client
from tests.support.invoices import invoice
from tests.support.machine import Walker
from tests.support.uploads import sent, upload_event

pytestmark = pytest.mark.req("PAY-08", "BNK-06", "BNK-08")

TENANT = "ten_alfa"
MARCH = Month("2026-03")
E2E = "E00000000202603101205AbCdEfGh12{}"
BY_NUMBER = "billing.payments.pix_receipts.numbering.find_by_nosso_numero"


@pytest.fixture
def files(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> S3Files:
    """Ana owes invoice 7 of R$ 100,00."""
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    clock_row(call.now).save()
    monkeypatch.setattr(wiring, "processes", Walker)
    keep(call, company(), profile(), customer("cus_ana0"))
    owe(invoice())
    account = CashAccount(id="acc_itau", company_id="com_alfa", name="Itaú", kind=AccountKind.BANK)
    put(store.account_row(TENANT, account))
    return S3Files("mensal-files")


@pytest.fixture
def client(files: S3Files) -> Client:
    return Client(handler)


Row = tuple[str, str]


def ofx(
    *rows: Row,
    day: str = "20260310",
    fitid: str = "F",
    account: str = "56789-1",
    bank: str = "0341",
    more: str = "",
) -> bytes:
    transactions = "".join(
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{day}120000[-3:BRT]<TRNAMT>{amount}<FITID>{fitid}{n}<MEMO>{memo}</STMTTRN>"
        for n, (amount, memo) in enumerate(rows)
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>BRL"
        f"<BANKACCTFROM><BANKID>{bank}<BRANCHID>1234<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>20260301<DTEND>20260331{transactions}</BANKTRANLIST></STMTRS></STMTTRNRS>{more}</BANKMSGSRSV1></OFX>"
    ).encode()


def offered(client: Client, file_format: str = "ofx") -> str:
    answer = client.post("/payment-profiles/pro_itau/statements", {"format": file_format})
    assert answer.status == 201, answer.body
    key: str = answer.body["fields"]["key"]
    return key


def send(client: Client, data: bytes, file_format: str = "ofx") -> dict[str, Any]:
    """The import, as reported once its run is over."""
    key = offered(client, file_format)
    statement_uploaded(upload_event(sent(key, data)), None)
    statement: dict[str, Any] = client.get(f"/statements/{key.rpartition('/')[2]}").body
    return statement


def lines(client: Client, imported: dict[str, Any]) -> list[tuple[int, str]]:
    return [(line["line"], line["outcome"]) for line in whole(client, imported)]


def whole(client: Client, imported: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"/statements/{imported['id']}/lines"
    page = client.get(path).body
    items: list[dict[str, Any]] = list(page["items"])
    while page.get("next_cursor"):
        page = client.get(path, cursor=page["next_cursor"]).body
        items += page["items"]
    return items


def outcome(client: Client, data: bytes, file_format: str = "ofx") -> list[str]:
    return [result for _, result in lines(client, send(client, data, file_format))]


def settled(customer_id: str = "cus_ana0", invoice_id: str = "inv_ana0") -> bool:
    return invoices.get_invoice(TENANT, customer_id, invoice_id).status is InvoiceStatus.SETTLED


def entered() -> list[str]:
    return sorted(str(movement.amount) for movement in store.movements(TENANT, "acc_itau", MARCH))


def held() -> list[str]:
    return sorted(str(receipt.held) for receipt in store.held_in(TENANT, MARCH))


def test_pix_of_a_statement_settles_the_invoice_of_its_amount_once(client: Client) -> None:
    data = ofx(
        ("100.00", "PIX RECEBIDO ANA"), ("-30.00", "PIX ENVIADO"), ("55.00", "TED"), ("0.00", "SALDO DO DIA")
    )
    first = send(client, data)

    assert (first["status"], first["starts_on"], first["ends_on"]) == ("applied", "2026-03-01", "2026-03-31")
    assert lines(client, first) == [
        (1, "settled"),
        (2, "passed_over"),
        (3, "passed_over"),
        (4, "passed_over"),
    ]
    assert (first["totals"]["settled"], first["totals"]["entered"]) == ("1", "100.00")
    assert (settled(), entered(), held()) == (True, ["100.00"], [])
    records = invoices.charges_of(TENANT, "cus_ana0"), invoices.invoices_of(TENANT, "cus_ana0")
    assert list(of_customer(*records)) == []

    again = send(client, data)
    assert lines(client, again)[0] == (1, "repeated")
    assert (again["totals"]["entered"], entered(), held()) == ("0.00", ["100.00"], [])


def test_csv_is_read_as_well(client: Client) -> None:
    assert outcome(
        client, "Data;Valor;Histórico\n10/03/2026;100,00;Pix recebido\n".encode("cp1252"), "csv"
    ) == ["settled"]


def test_two_equal_rows_of_one_day_are_two_pix(client: Client) -> None:
    owe(invoice(id="inv_ana1", number=8, amount=Money("100.00")))
    data = ofx(("40.00", "PIX BIA"), ("40.00", "PIX BIA"))

    assert outcome(client, data) == ["held", "held"]
    assert outcome(client, data) == ["repeated", "repeated"]
    assert outcome(client, ofx(("40.00", "PIX BIA"), ("40.00", "PIX BIA"), ("40.00", "PIX BIA"))) == [
        "repeated",
        "repeated",
        "held",
    ]
    assert entered() == ["40.00"] * 3


def test_row_whose_bank_id_changed_is_reported_as_probable_repeat_and_not_received_again(
    client: Client,
) -> None:
    send(client, ofx(("100.00", "PIX ANA")))
    again = send(client, ofx(("100.00", "PIX ANA"), fitid="G"))

    [line] = whole(client, again)
    assert (line["outcome"], "Provável repetição" in line["message"]) == ("repeated", True)
    assert entered() == ["100.00"]


def by_api(client: Client, n: int, amount: str = "40.00", day: str = "2026-03-10") -> list[str]:
    receipt = {"end_to_end_id": E2E.format(n), "amount": amount, "received_on": day}
    (item,) = client.post("/payment-profiles/pro_itau/pix-receipts", {"receipts": [receipt]}).body["items"]
    return [reason["code"] for reason in item["reasons"]]


@pytest.mark.parametrize("statement_first", [True, False])
def test_pix_of_the_list_and_of_a_statement_without_ids_is_one(client: Client, statement_first: bool) -> None:
    """For one day and amount there are as many as in the source that reports most of them."""
    data = ofx(("40.00", "PIX BIA"), ("40.00", "PIX CAIO"))
    if statement_first:
        assert outcome(client, data) == ["held", "held"]
        assert [by_api(client, n) for n in (1, 2, 3)] == [["pix.known"], ["pix.known"], ["pix.held"]]
    else:
        assert [by_api(client, n) for n in (1, 2, 3)] == [["pix.held"]] * 3
        assert outcome(client, data) == ["repeated", "repeated"]
    assert entered() == ["40.00"] * 3
    assert by_api(client, 4, "40.01") == ["pix.held"]
    assert by_api(client, 5, day="2026-03-09") == ["pix.held"]


def test_end_to_end_id_in_the_text_names_the_pix(client: Client) -> None:
    assert by_api(client, 1) == ["pix.held"]
    data = ofx(("40.00", f"PIX {E2E.format(1)} BIA"), ("40.00", f"PIX {E2E.format(2)} BIA"))

    assert outcome(client, data) == ["repeated", "held"]
    assert entered() == ["40.00", "40.00"]
    assert outcome(client, ofx(("41.00", f"PIX {E2E.format(1)}"))) == ["refused"]


def test_payers_document_distinguishes_two_invoices_of_one_amount(client: Client) -> None:
    put(owner_row(f"{TENANT}#document#52998224725", "of#active", "cus_ana0"))
    owe(invoice(id="inv_bia0", number=8, customer_id="cus_bia0"))

    assert outcome(client, ofx(("100.00", "PIX RECEBIDO"))) == ["held"]
    assert outcome(client, ofx(("100.00", "PIX REM 529.982.247-25 ANA"))) == ["settled"]
    assert settled()


@pytest.mark.parametrize(
    ("memo", "amount", "expected"),
    [
        ("PIX TXID 00000007", "60.00", "held"),  # a part: it belongs to the invoice all the same
        ("PIX FATURA 00000007", "100.00", "settled"),
        ("PIX FATURA 00000007", "60.00", "held"),  # a number alone, with another amount, says nothing
    ],
)
def test_number_of_the_title_in_the_text_names_its_invoice(
    client: Client, monkeypatch: pytest.MonkeyPatch, memo: str, amount: str, expected: str
) -> None:
    owe(invoice(id="inv_bia0", number=8, customer_id="cus_bia0"))
    mine = ("cus_ana0", "inv_ana0")
    monkeypatch.setattr(BY_NUMBER, lambda _tenant, _profile, number: mine if number == "00000007" else None)

    assert outcome(client, ofx((amount, memo))) == [expected]
    paid = invoices.get_invoice(TENANT, *mine).paid
    assert paid == (Money("0.00") if memo == "PIX FATURA 00000007" and amount == "60.00" else Money(amount))


@pytest.mark.req("PAY-02")
@pytest.mark.parametrize(
    ("due_on", "amount", "of_lateness", "kept_back"),
    [
        (date(2026, 3, 9), "102.03", ("2.00", "0.03"), []),  # as on that day's second copy
        (date(2026, 3, 9), "102.04", ("2.00", "0.03"), ["0.01"]),
        (date(2026, 3, 9), "102.02", ("2.00", "0.02"), []),  # an earlier copy of some days
        (date(2026, 3, 9), "100.00", ("0.00", "0.00"), []),
        (date(2026, 3, 10), "102.03", ("0.00", "0.00"), ["2.03"]),  # on the due date nothing is late
    ],
)
def test_pix_of_a_second_copy_pays_fine_and_interest(
    client: Client,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
    due_on: date,
    amount: str,
    of_lateness: tuple[str, str],
    kept_back: list[str],
) -> None:
    late = profile(id="pro_late")
    terms = late.terms.evolve(fine_percent=Decimal(2), interest_percent_month=Decimal(1))
    keep(call, late.evolve(terms=terms))
    owe(invoice(id="inv_late", number=9, due_on=due_on, payment_profile_id="pro_late"))
    monkeypatch.setattr(BY_NUMBER, lambda *_: ("cus_ana0", "inv_late"))
    pix = {"end_to_end_id": E2E.format(1), "amount": amount, "received_on": "2026-03-10", "txid": "00000009"}

    answer = client.post("/payment-profiles/pro_late/pix-receipts", {"receipts": [pix]})

    assert answer.status == 200, answer.body
    (settlement,) = store.settlements_of(TENANT, "cus_ana0", "inv_late")
    assert (str(settlement.fine), str(settlement.interest)) == of_lateness
    assert (settled("cus_ana0", "inv_late"), held()) == (True, kept_back)


@pytest.mark.parametrize(
    ("row", "day", "expected"),
    [
        (("100.00", "DEVOLUCAO PIX ANA"), "20260310", "passed_over"),
        (("100.00", "PIX ANA"), "20260311", "refused"),  # tomorrow
        (("100.00", "PIX ANA"), "20260310", "settled"),
        (("100.00", "PIX ANA"), "00000000", "refused"),
        (("1.500", "PIX ANA"), "20260310", "refused"),
        (("100.00", "PIXEL COMERCIO"), "20260310", "passed_over"),
    ],
)
def test_each_line_says_what_was_done_with_it(client: Client, row: Row, day: str, expected: str) -> None:
    [line] = whole(client, send(client, ofx(row, day=day)))
    assert (line["outcome"], bool(line["message"])) == (expected, True)


def test_row_whose_type_says_the_contrary_of_its_sign_is_left_to_a_person(client: Client) -> None:
    assert outcome(client, ofx(("100.00", "PIX ANA")).replace(b"CREDIT", b"DEBIT")) == ["passed_over"]
    assert entered() == []


@pytest.mark.req("SEC-02")
@pytest.mark.parametrize(
    "data",
    [
        ofx(("100.00", "PIX"), account="99999-9"),
        ofx(("100.00", "PIX"), account="156789-1"),
        ofx(("100.00", "PIX"), account="4321/56789-1"),
        ofx(("100.00", "PIX"), bank="0237"),
        ofx(("100.00", "PIX")).replace(b"STMTRS", b"CCSTMTRS"),
        ofx(("100.00", "PIX")).replace(b"BRL", b"USD"),
        ofx(
            ("100.00", "PIX"),
            more="<STMTTRNRS><STMTRS><BANKACCTFROM><ACCTID>1</BANKACCTFROM></STMTRS></STMTTRNRS>",
        ),
        ofx(),
        ofx(("100.00", "PIX"))[:-6],
        b"PK\x03\x04",
    ],
)
def test_file_of_another_account_or_of_none_is_refused_whole(client: Client, data: bytes) -> None:
    imported = send(client, data)

    assert (imported["status"], bool(imported["problem"])) == ("refused", True)
    assert (entered(), settled()) == ([], False)
    assert run_rows.get(TENANT, imported["run_id"]).status is RunStatus.FAILED


@pytest.mark.parametrize("account", ["56789-1", "56789", "1234/56789-1", "12340000567891", "0056789-1"])
def test_account_is_recognised_in_the_forms_that_banks_write(client: Client, account: str) -> None:
    assert outcome(client, ofx(("100.00", "PIX"), account=account)) == ["settled"]


@pytest.mark.req("SEC-02", "SEC-04")
def test_statement_acts_for_its_sender_and_is_seen_by_people_of_the_company(
    client: Client, call: Call
) -> None:
    mine = send(client, ofx(("100.00", "PIX")))
    other = Client(handler, companies="com_beta")

    assert mine["sent_by"] == client.get(f"/statements/{mine['id']}").body["sent_by"] == call.actor_id
    assert other.get(f"/statements/{mine['id']}").code == "access.company"
    assert other.get(f"/statements/{mine['id']}/lines").code == "access.company"
    assert other.get("/statements").body["items"] == []
    assert other.post("/payment-profiles/pro_itau/statements", {"format": "ofx"}).code == "access.company"
    assert [one["id"] for one in client.get("/statements").body["items"]] == [mine["id"]]


def test_profile_whose_pix_are_not_imported_takes_no_statement(client: Client, call: Call) -> None:
    keep(call, profile(id="pro_mudo", imports_pix=False))
    assert client.post("/payment-profiles/pro_mudo/statements", {"format": "ofx"}).code == "pix.not_imported"


def test_address_has_the_limit_of_a_statement(client: Client) -> None:
    answer = client.post("/payment-profiles/pro_itau/statements", {"format": "ofx"})
    assert answer.body["max_bytes"] == 10_000_000
    assert answer.body["fields"]["key"] == Folder.UPLOADED_STATEMENTS.key(TENANT, answer.body["id"])


CUT = ofx(("100.00", "PIX ANA"), ("40.00", "PIX BIA"), ("7.00", f"PIX {E2E.format(1)}"), ("1.00", "TED"))


def _stands(client: Client, imported: dict[str, Any]) -> None:
    assert lines(client, imported) == [(1, "settled"), (2, "held"), (3, "held"), (4, "passed_over")]
    assert (imported["status"], imported["totals"]["entered"]) == ("applied", "147.00")
    assert (settled(), entered(), held()) == (True, ["100.00", "40.00", "7.00"], ["40.00", "7.00"])


def _import(client: Client, key: str) -> Callable[[], None]:
    event = upload_event(sent(key, CUT))
    return lambda: statement_uploaded(event, None) and None


WRITES = 14
"""In the whole import at present; the last test here says when the number changes."""


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("point", range(WRITES))
def test_import_cut_off_at_any_write_has_the_same_result(
    client: Client, aws: InProcessAws, call: Call, point: int, moment: str
) -> None:
    key = offered(client)
    act = _import(client, key)
    with pytest.raises(Cut), cut(aws, point, moment):
        act()

    act()
    statement_id = key.rpartition("/")[2]
    imported = client.get(f"/statements/{statement_id}").body
    if (
        imported["status"] == "received"
    ):  # the first attempt's execution was lost: the schedule starts the run again
        runs.start_again(call, Walker(), imported["run_id"])
        imported = client.get(f"/statements/{statement_id}").body
    _stands(client, imported)


def test_every_write_of_an_import_is_cut_at(client: Client, aws: InProcessAws) -> None:
    act = _import(client, offered(client))
    assert count_writes(aws, act) == WRITES


RECEIPTS = [
    {"end_to_end_id": E2E.format(n), "amount": amount, "received_on": "2026-03-10"}
    for n, amount in enumerate(["100.00", "40.00", "40.00"])
]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("point", range(4))
def test_list_of_pix_cut_off_at_any_write_has_the_same_result(
    client: Client, aws: InProcessAws, point: int, moment: str
) -> None:
    def post() -> list[str]:
        path = "/payment-profiles/pro_itau/pix-receipts"
        answer = client.post(path, {"receipts": RECEIPTS}, key="pix-00000001")
        return [item["outcome"] for item in answer.body["items"]]

    with pytest.raises(Cut), cut(aws, point, moment):
        post()
    assert post() == ["done", "warned", "warned"]
    assert (settled(), entered(), held()) == (True, ["100.00", "40.00", "40.00"], ["40.00", "40.00"])


@pytest.mark.req("PLT-04")
def test_row_whose_invoice_cannot_be_read_is_refused_and_the_others_are_received(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(invoice(id="inv_bia0", number=8, customer_id="cus_bia0"))
    titles = {"00000007": ("cus_ana0", "inv_ana0"), "00000008": ("cus_bia0", "inv_bia0")}
    monkeypatch.setattr(BY_NUMBER, lambda _tenant, _profile, number: titles.get(number))
    row = InvoicingTable.get(f"{TENANT}#cus_bia0", "invoice#inv_bia0")
    row.entity = {"former": "shape"}
    row.save()

    imported = send(client, ofx(("100.00", "PIX TXID 00000007"), ("100.00", "PIX TXID 00000008")))

    first, second = whole(client, imported)
    assert (first["outcome"], second["outcome"], "não podem ser lidos" in second["message"]) == (
        "settled",
        "refused",
        True,
    )
    assert entered() == ["100.00"]
