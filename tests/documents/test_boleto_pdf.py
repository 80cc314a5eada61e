"""The printed boleto: it can be scanned, it says what it must, and its bytes are the same every time."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.lib.units import mm

from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.boleto.linha_digitavel import formatted
from billing.banking.boleto_booklet import render_booklet
from billing.banking.boleto_document import BoletoDocument, DocumentLine, payment_instructions
from billing.banking.boleto_pdf import render_boletos
from billing.banking.boleto_sheet import CUT_ABOVE, SHEET_HEIGHT
from billing.banking.instructions import Payer
from billing.banking.pix import static_code
from billing.banking.symbols import draw_barcode
from billing.core.money import Money
from tests.support.pictures import symbols

AMOUNT, DUE_ON = Money("1329.90"), date(2026, 3, 20)
EMV = static_code(
    key="123e4567-e12b-12d1-a456-426655440000",
    name="Provedor Exemplo Ltda",
    city="São Paulo",
    amount=AMOUNT,
    txid="inv00000000001",
)
PAYER = Payer(
    "52998224725", "José da Conceição", "Rua das Flores, 100", "Centro", "01310100", "São Paulo", "SP"
)
LINES = (
    DocumentLine("Internet 500 mega", Money("1249.90"), ("de 01/03/2026 a 31/03/2026, 1 mês inteiro",)),
    DocumentLine("IP fixo", Money("80.00")),
)


def document(account, number=1, **changes):
    given = {
        "account": account,
        "boleto": issue_boleto(BoletoTerms(account, number, DUE_ON, AMOUNT)),
        "payer": PAYER,
        "amount": AMOUNT,
        "issued_on": date(2026, 3, 1),
        "due_on": DUE_ON,
        "document_number": "0000000123",
        "title": "Fatura 2026/000123",
        "lines": LINES,
        "pix_emv": EMV,
    }
    return BoletoDocument(**given | changes)


def scanned(content, page=0):
    """What a reader finds on the page, by type of symbol."""
    return {symbol.kind: symbol.text for symbol in symbols(content, page)}


def text_of(content, page=0):
    return PdfReader(BytesIO(content)).pages[page].extract_text()


@pytest.mark.req("BNK-02", "BNK-06")
def test_barcode_and_qr_code_scan_at_150_dpi(itau):
    shown = document(itau)
    assert scanned(render_boletos([shown])) == {"ITF": shown.boleto.barcode, "QR Code": EMV}


@pytest.mark.req("BNK-02")
def test_a_boleto_of_another_bank_scans_too_and_without_pix_has_no_qr_code(sicoob):
    shown = document(sicoob, 12349, pix_emv="")
    content = render_boletos([shown])
    assert scanned(content) == {"ITF": shown.boleto.barcode}
    assert "Pague com Pix" not in text_of(content)


@pytest.mark.req("BNK-02")
def test_boleto_states_what_the_law_and_the_bank_require(itau):
    terms = itau.evolve(beneficiary_address="Av. Paulista, 1578 – São Paulo/SP")
    said = text_of(render_boletos([document(terms)]))
    for expected in (
        "341-7",
        "Recibo do pagador",
        "Ficha de compensação",
        "Provedor Exemplo Ltda – 11.222.333/0001-81 – Av. Paulista, 1578 – São Paulo/SP",
        "0057/12345-7",
        "109/00000001-",
        "20/03/2026",
        "1.329,90",
        "José da Conceição – CPF/CNPJ: 529.982.247-25",
        "Centro – São Paulo/SP – CEP 01310-100",
        "Após 20/03/2026, cobrar multa de R$ 26,60.",
        "Após 20/03/2026, cobrar juros de R$ 0,44 por dia de atraso.",
        "Internet 500 mega",
        "de 01/03/2026 a 31/03/2026, 1 mês inteiro",
    ):
        assert expected in said
    assert said.count("34191.09008") == 2


def test_same_boleto_is_the_same_bytes(itau):
    assert render_boletos([document(itau)]) == render_boletos([document(itau)])


def test_many_documents_are_many_pages_of_one_file(itau):
    content = render_boletos([document(itau, number) for number in (1, 2)])
    assert len(PdfReader(BytesIO(content)).pages) == 2
    barcodes = [scanned(content, page)["ITF"] for page in range(2)]
    assert barcodes == [document(itau, number).boleto.barcode for number in (1, 2)]


def test_lines_that_do_not_fit_continue_on_more_pages_and_none_is_lost(itau):
    lines = [DocumentLine(f"Item {i:03d}", Money("1.00"), ("porque sim",)) for i in range(90)]
    content = render_boletos([document(itau, lines=lines)])
    pages = [text_of(content, page) for page in range(len(PdfReader(BytesIO(content)).pages))]
    assert len(pages) > 2
    assert all(f"Item {i:03d}" in "".join(pages) for i in range(90))
    assert ["Ficha de compensação" in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert "ITF" in scanned(content, len(pages) - 1)


def test_long_names_are_set_smaller_or_cut_never_over_the_next_field(itau):
    name = "Associação dos Moradores e Amigos do Condomínio Residencial das Palmeiras Imperiais do Planalto Central"
    content = render_boletos(
        [
            document(
                itau.evolve(beneficiary_name=name[:100]),
                payer=Payer("52998224725", name, "R", "", "", "C", "SP"),
            )
        ]
    )
    assert "…" in text_of(content)
    assert "ITF" in scanned(content)


def test_instructions_are_in_reais_and_dates(itau):
    terms = itau.evolve(instructions=("Não receber em cheque.",), protest_days=10)
    assert payment_instructions(terms, AMOUNT, DUE_ON) == [
        "Não receber em cheque.",
        "Após 20/03/2026, cobrar multa de R$ 26,60.",
        "Após 20/03/2026, cobrar juros de R$ 0,44 por dia de atraso.",
        "Protestar a partir de 30/03/2026.",
    ]
    plain = itau.evolve(fine_percent="0", interest_percent_month="0", bureau_days=15)
    assert payment_instructions(plain, AMOUNT, DUE_ON) == ["Sujeito a negativação a partir de 04/04/2026."]


def test_an_odd_count_of_digits_has_no_barcode():
    with pytest.raises(ValueError, match="even"):
        draw_barcode(None, "123", 0, 0)


@pytest.mark.req("INV-04", "BNK-02", "BNK-06")
def test_a_booklet_has_three_boletos_to_a_page_and_every_symbol_scans(itau, sicoob):
    codes = [
        static_code(key="11222333000181", name="Provedor", city="Rio", amount=AMOUNT, txid=f"inv{number}")
        for number in range(4)
    ]
    shown = [document(itau, number + 1, pix_emv=code) for number, code in enumerate(codes)]
    shown.append(document(sicoob, 12349, pix_emv=""))
    content = render_booklet(shown)

    assert len(PdfReader(BytesIO(content)).pages) == 2
    for page, on_page in enumerate((shown[:3], shown[3:])):
        marks = symbols(content, page)
        assert [text for kind, text, *_ in marks if kind == "ITF"] == [one.boleto.barcode for one in on_page]
        assert [text for kind, text, *_ in marks if kind == "QR Code"] == [
            one.pix_emv for one in on_page if one.pix_emv
        ]


@pytest.mark.req("BNK-02")
def test_a_slip_of_the_booklet_has_the_measures_of_the_norm(itau):
    """Carta-Circular 2.926/2000: sheet of 95 to 108 by 170 to 216 mm; barcode of 103 mm, starting 5 mm from the left
    edge, its middle 12 mm above the lower one. The cut is at 38 mm and every 99 mm."""
    long = "Associação dos Moradores e Amigos do Condomínio Residencial das Palmeiras Imperiais do Planalto Central"
    payer = Payer("12ABC34501DE35", long, "Rua das Flores, 100", "Jardim", "01310100", "Vila Bela", "MT")
    account = itau.evolve(beneficiary_name=long[:100], instructions=("W" * 90,) * 6, protest_days=10)
    bars = [symbol for symbol in symbols(render_booklet([document(account, payer=payer)] * 3), 0)
            if symbol[0] == "ITF"]  # fmt: skip

    assert len(bars) == 3
    for place, (_, _, left, right, top, bottom) in enumerate(bars):
        assert left == pytest.approx(38 + 5, abs=0.4)
        assert right - left == pytest.approx(103, abs=0.6)
        assert (top + bottom) / 2 == pytest.approx(99 * (place + 1) - 12, abs=1)


@pytest.mark.req("BNK-02")
def test_a_sheet_has_the_measures_of_the_norm(itau):
    """Like a slip of the booklet; the sheet ends where the paper does, 297 mm from its upper edge."""
    (bars,) = (symbol for symbol in symbols(render_boletos([document(itau)]), 0) if symbol[0] == "ITF")
    _, _, left, right, top, bottom = bars

    assert right - left == pytest.approx(103, abs=0.6)
    assert left >= 5
    assert (top + bottom) / 2 == pytest.approx(297 - 12, abs=1)
    assert 95 <= (SHEET_HEIGHT + CUT_ABOVE) / mm <= 108


@pytest.mark.req("BNK-02")
def test_slip_states_what_the_sheet_states_and_the_stub_payer_and_amount(itau):
    terms = itau.evolve(beneficiary_address="Av. Paulista, 1578 – São Paulo/SP", protest_days=10)
    shown = document(terms)
    said = text_of(render_booklet([shown]))
    for expected in (
        "341-7",
        "Recibo do pagador",
        "Ficha de compensação",
        formatted(shown.boleto.linha_digitavel),
        "Provedor Exemplo Ltda – 11.222.333/0001-81 – Av. Paulista, 1578 – São Paulo/SP",
        "José da Conceição – CPF/CNPJ: 529.982.247-25",
        "Centro – São Paulo/SP – CEP 01310-100",
        "Protestar a partir de 30/03/2026.",
        "Pague com Pix",
        "Fatura 2026/000123",
    ):
        assert expected in said
    for on_both in ("0057/12345-7", "109/00000001-", "1.329,90", "0000000123", "529.982.247-25"):
        assert said.count(on_both) == 2
    assert render_booklet([shown]) == render_booklet([shown])


def test_an_invoice_without_boleto_has_no_place_in_a_booklet(itau):
    with pytest.raises(ValueError, match="no boleto"):
        render_booklet([document(itau, boleto=None)])
