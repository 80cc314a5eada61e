"""The printed receipt of a settlement."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from billing.core.money import Money
from billing.core.words import in_words
from billing.payments.receipts import Receipt
from billing.reports.receipt_pdf import draw_receipt


def receipt(**changes: Any) -> Receipt:
    fields = {
        "title": "Recibo",
        "subtitle": "Fatura 7",
        "amount": "R$ 1.234,56",
        "amount_in_words": "mil duzentos e trinta e quatro reais e cinquenta e seis centavos",
        "text": "Recebemos de Joana Prado a quantia acima.\n\nDamos plena quitação.",
        "facts": (
            ("Recebido de", "Joana Prado"),
            ("CPF/CNPJ", "529.982.247-25"),
            ("Vencimento", "10/04/2026"),
        ),
        "place_and_date": "Rio de Janeiro, 9 de março de 2026",
        "company_name": "Alfa Telecom Ltda",
        "company_detail": "CNPJ 11.222.333/0001-81",
        "code": "set_0001",
        **changes,
    }
    return Receipt(**fields)


def pages(drawn: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(drawn)).pages]


@pytest.mark.req("INV-10")
def test_receipt_states_amount_in_words_and_figures_with_its_text_on_one_page() -> None:
    (page,) = pages(draw_receipt(receipt()))

    for said in (
        "R$ 1.234,56",
        "mil duzentos e trinta e quatro reais e cinquenta e seis centavos",
        "Recebemos de Joana Prado a quantia acima.",
        "529.982.247-25",
        "10/04/2026",
        "Rio de Janeiro, 9 de março de 2026",
        "Fatura 7",
        "set_0001",
    ):
        assert said in page
    assert page.count("Alfa Telecom Ltda") == 2  # heading and signature


@pytest.mark.req("INV-10")
def test_long_text_continues_over_pages_and_loses_no_line() -> None:
    lines = [f"Linha {number} do texto." for number in range(1, 101)]

    texts = pages(draw_receipt(receipt(text="\n".join(lines))))

    whole = " ".join(texts)
    assert len(texts) > 1
    assert [line for line in lines if whole.count(line) != 1] == []
    assert all("Fatura 7" in page for page in texts)


@pytest.mark.req("INV-10")
def test_same_receipt_is_the_same_bytes() -> None:
    assert draw_receipt(receipt()) == draw_receipt(receipt())
    assert draw_receipt(receipt()) != draw_receipt(receipt(amount="R$ 1.234,57"))


@pytest.mark.req("INV-10", "PAY-06")
def test_nothing_that_is_signed_is_cut_off() -> None:
    """A fact wider than its column, one wider than the page, and the longest amount in words."""
    wide = "R$ 33.333,33 (saldo R$ 32.370,00, multa R$ 650,00, juros R$ 313,33)"
    widest = f"{wide} e mais {wide}, juros do parcelamento R$ 1.111,11"
    words = in_words(Money("777777777.77"))
    facts = (("Parcela 1/3", "R$ 1,00"), ("Parcela 2/3", wide), ("Parcela 3/3", widest), ("Local", "Rio"))

    (page,) = pages(draw_receipt(receipt(facts=facts, amount_in_words=words)))

    assert "…" not in page
    for said in (words, wide, widest, "R$ 1,00", "Rio"):
        assert said in page
