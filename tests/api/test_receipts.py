"""Receipts of settlement and the company's basic configuration over HTTP."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.access.call import Call
from billing.access.model import Profile
from billing.adapters.s3 import S3Files
from billing.core.money import Money
from billing.core.table import Writes
from billing.entry import wiring
from billing.invoicing import store as invoices
from billing.payments import store
from billing.payments.model import Method, Reversal, Settlement
from functions.payments.api import handler
from tests.support.aws import InProcessAws
from tests.support.billing import company, customer, keep
from tests.support.http import Client
from tests.support.invoices import charge, invoice
from tests.support.members import let_in

SETTINGS = "/companies/com_alfa/payment-settings"
RECEIPT = "/customers/cus_ana0/invoices/inv_ana0/settlements/set_0001/receipt"
TEMPLATE = "Recebemos de #cliente#, CPF #documento#, #valor# (#extenso#), da fatura #fatura#, em #data#, por #forma#."
PAID = Settlement(
    id="set_0001",
    customer_id="cus_ana0",
    company_id="com_alfa",
    invoice_id="inv_ana0",
    method=Method.OTHER,
    principal=Money("1.10"),
    received=Money("1.10"),
    settled_on=date(2026, 3, 9),
    source="usr_ana",
)


@pytest.fixture
def client(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(wiring, "files", lambda: S3Files("mensal-files"))
    keep(call, company(), customer("cus_ana0"))
    writes = Writes()
    writes.put(invoices.invoice_row(call.tenant_id, invoice()))
    writes.put(store.settlement_row(call.tenant_id, PAID))
    writes.commit()
    return Client(handler)


def text_of(url: str) -> str:
    key = url.split("mensal-files.s3")[1].partition("/")[2].partition("?")[0]
    return PdfReader(BytesIO(S3Files("mensal-files").get(key))).pages[0].extract_text()


@pytest.mark.req("INV-10")
def test_receipt_is_printed_from_the_companys_text_with_the_amount_in_words(client: Client) -> None:
    client.put(SETTINGS, {"receipt_template": TEMPLATE}, version=0)

    said = " ".join(text_of(client.get(RECEIPT).body["url"]).split())

    assert (
        "Recebemos de Cliente 1, CPF 529.982.247-25, R$ 1,10 (um real e dez centavos), da fatura 7, em 09/03/2026, por pagamento à empresa."
        in said
    )
    assert "Rio de Janeiro, 9 de março de 2026 Alfa Telecom Ltda" in said


@pytest.mark.req("INV-10")
def test_receipt_has_a_number_a_recipient_and_the_parts_of_its_amount(client: Client, call: Call) -> None:
    let_in("usr_ana", "ten_alfa", "com_alfa")
    client.put(SETTINGS, {"receipt_template": TEMPLATE}, version=0)
    with_discount = PAID.evolve(
        version=1,
        principal=Money("100.00"),
        discount=Money("10.00"),
        fine=Money("2.00"),
        received=Money("92.00"),
    )
    earlier = PAID.evolve(id="set_0002", settled_on=date(2026, 3, 8))
    writes = Writes()
    writes.put(store.settlement_row(call.tenant_id, with_discount))
    writes.put(store.settlement_row(call.tenant_id, earlier))
    writes.commit()

    said = " ".join(text_of(client.get(RECEIPT).body["url"]).split())

    for part in (
        "Recibo nº 7/2",
        "Recebido por Maria Prado",
        "Valor da fatura R$ 100,00",
        "Desconto R$ 10,00",
        "Juros, multa e acréscimos R$ 2,00",
    ):
        assert part in said


@pytest.mark.req("INV-10")
@pytest.mark.parametrize(
    ("amount", "wording", "untold"),
    [
        ("-10.00", "Desconto R$ 10,00", "acréscimos"),
        ("5.00", "Juros, multa e acréscimos R$ 5,00", "Desconto"),
    ],
)
def test_receipt_shows_a_difference_settled_as_discount_or_surcharge(
    client: Client, call: Call, amount: str, wording: str, untold: str
) -> None:
    """The invoice of R$ 100.00 already includes the difference: without it, the amount was R$ 110.00 or R$ 95.00."""
    client.put(SETTINGS, {"receipt_template": TEMPLATE}, version=0)
    difference = charge(amount=Money(amount), definition_id=None)
    keep(call, difference)
    writes = Writes()
    writes.put(
        store.settlement_row(call.tenant_id, PAID.evolve(version=1, adjustment_charge_id=difference.id))
    )
    writes.commit()

    said = " ".join(text_of(client.get(RECEIPT).body["url"]).split())

    assert f"Valor da fatura {(Money('100.00') - Money(amount)).format_br()} {wording}" in said
    assert untold not in said


@pytest.mark.req("INV-10")
def test_receipt_without_a_text_says_how_to_configure_one(client: Client) -> None:
    refused = client.get(RECEIPT)

    assert (refused.status, refused.code) == (422, "receipt.no_template")
    assert refused.body["title"] == (
        "Não há texto de recibo configurado. Preencha “Texto do recibo” na configuração básica da empresa."
    )


@pytest.mark.req("INV-10")
def test_reversed_settlement_has_no_receipt(client: Client, call: Call) -> None:
    client.put(SETTINGS, {"receipt_template": TEMPLATE}, version=0)
    reversal = Reversal(
        on=date(2026, 3, 10), reason="Engano", actor_id="usr_ana", at=datetime(2026, 3, 10, tzinfo=UTC)
    )
    writes = Writes()
    writes.put(store.settlement_row(call.tenant_id, PAID.evolve(reversal=reversal, version=1)))
    writes.commit()

    assert client.get(RECEIPT).code == "settlement.reversed"


@pytest.mark.req("INV-10", "MSG-01")
def test_unknown_wildcard_is_refused_by_name_and_nothing_is_kept(client: Client) -> None:
    refused = client.put(SETTINGS, {"receipt_template": "Recebemos de #clinte#"}, version=0)

    assert refused.status == 400
    assert client.get(SETTINGS).body.get("receipt_template") is None


@pytest.mark.req("PLT-02", "SEC-01", "SEC-02")
def test_settings_are_changed_at_the_version_read_with_the_permission(client: Client) -> None:
    changed = client.put(SETTINGS, {"discount_ledger_account": "3.1.09"}, version=0)

    assert (changed.status, changed.etag) == (200, '"1"')
    assert client.put(SETTINGS, {}, version=0).status == 412
    assert Client(handler, profile=Profile.FINANCEIRO).put(SETTINGS, {}, version=1).code == "access.denied"
    assert Client(handler, companies="com_beta").get(SETTINGS).status == 403
    assert Client(handler, tenant_id="ten_beta").get(SETTINGS).status == 404
    assert Client(handler, tenant_id="ten_beta").get(RECEIPT).status == 404
