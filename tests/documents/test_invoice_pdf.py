"""The printed invoice, its second copy, its annex and its booklet, as the payer reads them (INV-04, BEY-18)."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from billing.banking.boleto_document import DocumentLine
from billing.banking.pix import read_code
from billing.core.money import Money
from billing.invoicing import issue
from billing.invoicing.issue import Group
from billing.reports.invoice_pdf import Sheet, draw_booklet, draw_invoices
from tests.support.billing import company, customer, profile
from tests.support.invoices import charge
from tests.support.pictures import symbols

ISSUED = date(2026, 4, 1)


def sheet(
    number: int = 7, *, today: date = ISSUED, terms: dict[str, Any] | None = None, **changes: Any
) -> Sheet:
    due_on, instalment = date(2026, 4, 10), changes.pop("instalment", None)
    charges = [
        charge(description="2 - Fibra 500 Mega", due_on=due_on, instalment=instalment),
        charge(
            definition_id="def_mail", description="E-mail", amount=Money("29.90"), due_on=due_on,
            instalment=instalment,
        ),
    ]  # fmt: skip
    owner, payer = profile(), customer("cus_ana0")
    owner = owner.evolve(terms=owner.terms.evolve(**(terms or {})))
    group = Group("cus_ana0", due_on, owner.id, tuple(item.id for item in charges))
    drafted = issue.draft(group, charges, payer, owner, invoice_id="inv_1", issued_on=ISSUED)
    invoice = issue.complete(
        drafted, "inv_1", number=number, series="1", title_number=number, issued_on=ISSUED
    )
    annex = changes.pop("annex", ())
    issuer = company().evolve(site="https://alfa.example")
    return Sheet(invoice.evolve(**changes), charges, payer, owner, issuer, today, annex)


def pages(drawn: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(drawn)).pages]


@pytest.mark.req("INV-04")
def test_invoice_tells_how_to_reach_the_company_where_the_payer_lives_and_where_it_is_paid() -> None:
    (page,) = pages(draw_invoices([sheet()]))

    for part in (
        f"{company().service_phone[3:5]}) ",
        "https://alfa.example",
        "Rua A, 1 – Centro – Rio de Janeiro/RJ – CEP 20040-002",
        "Sacador/avalista",
        "Cód. baixa",
        "Pagável em qualquer banco, mesmo após o vencimento",
    ):
        assert part in page
    assert "A pagar em" not in page


@pytest.mark.req("INV-04", "BNK-02")
@pytest.mark.parametrize(
    ("days", "where"),
    [
        (None, "mesmo após o vencimento "),
        (1, "mesmo após o vencimento, até 11/04/2026"),
        (60, "mesmo após o vencimento, até 09/06/2026"),
    ],
)
def test_boleto_is_payable_after_its_due_date_for_as_long_as_registered(days: int | None, where: str) -> None:
    (page,) = pages(draw_invoices([sheet(terms={"write_off_days": days})]))

    assert where in page


@pytest.mark.req("INV-04", "PAY-02")
@pytest.mark.parametrize(
    ("today", "late"),
    [
        (date(2026, 4, 10), None),  # a Friday: the day itself
        (date(2026, 4, 11), ("2,64", "R$ 132,54")),  # fine of 2.60 and a day of 0.04
        (date(2026, 5, 12), ("3,88", "R$ 133,78")),  # 32 days
    ],
)
def test_second_copy_is_for_todays_amount(today: date, late: tuple[str, str] | None) -> None:
    terms = {"fine_percent": Decimal(2), "interest_percent_month": Decimal(1)}

    (page,) = pages(draw_invoices([sheet(today=today, terms=terms)]))

    assert "Total R$ 129,90" in page
    if late is None:
        assert "A pagar em" not in page
    else:
        charges, payable = late
        assert (
            f"Multa e juros até {today:%d/%m/%Y} R$ {charges} A pagar em {today:%d/%m/%Y} {payable}" in page
        )


@pytest.mark.req("INV-04", "BNK-06")
@pytest.mark.parametrize(
    ("today", "expected"), [(date(2026, 4, 10), "129.90"), (date(2026, 4, 11), "132.54")]
)
def test_pix_of_a_second_copy_is_for_the_amount_on_the_paper(today: date, expected: str) -> None:
    terms = {"fine_percent": Decimal(2), "interest_percent_month": Decimal(1)}

    marks = symbols(draw_invoices([sheet(today=today, terms=terms)]))

    (code,) = [read_code(symbol.text) for symbol in marks if symbol.text.startswith("0002")]
    assert code.amount == Money(expected)


@pytest.mark.req("INV-04", "PAY-08")
def test_partly_paid_invoice_shows_what_was_paid_and_what_is_still_due() -> None:
    (page,) = pages(draw_invoices([sheet(paid=Money("100.00"))]))

    assert "Já pago -R$ 100,00 A pagar R$ 29,90" in page


@pytest.mark.req("INV-04")
def test_annex_has_pages_of_its_own_and_loses_no_line() -> None:
    lines = [DocumentLine("Impressora – Recepção", None, ("Contador de páginas: de 12.000 a 14.800",))]
    lines += [DocumentLine(f"Linha {number}.", Money("1.00"), ("1 × R$ 1,00",)) for number in range(1, 91)]

    first, *annex = pages(draw_invoices([sheet(annex=lines)]))

    assert "Linha 1." not in first
    assert "Contador de páginas: de 12.000 a 14.800" in annex[0]
    assert all(f"Linha {number}. R$ 1,00" in " ".join(annex) for number in range(1, 91))
    assert ["continua na próxima página" in page for page in annex] == [True] * (len(annex) - 1) + [False]


@pytest.mark.req("CTR-10")
def test_booklets_stub_names_plan_period_and_instalment() -> None:
    (page,) = pages(draw_booklet([sheet(instalment=(3, 12))]))

    assert "2 - Fibra 500 Mega (3/12)" in page
    assert "01/03/26 a 31/03/26" in page
    assert "Parcela" in page
    assert "3/12" in page
