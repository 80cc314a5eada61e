"""The archive of a certification kit: the printed boletos, the remittances, and a page that says what is inside."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pypdfium2
import pytest

from billing.banking.boleto.linha_digitavel import formatted
from billing.banking.certification import NumberRange, make_kit
from billing.banking.certification_archive import NOT_TO_BE_PAID, zipped
from tests.support.pictures import symbols

ON, RANGE = date(2026, 3, 2), NumberRange(1, 99_999)


@pytest.fixture(scope="module")
def caixa_zip(caixa) -> bytes:
    return zipped(make_kit(caixa, RANGE, ON))


@pytest.mark.req("BEY-14")
def test_kit_of_caixa_is_what_its_manual_asks_for(caixa, caixa_zip):
    """Manual do boleto, item 1.1, p. 6: 10 to 20 boletos, DV geral 1 to 9, DV of the campo livre 0 to 9."""
    samples = make_kit(caixa, RANGE, ON).samples
    assert 10 <= len(samples) <= 20
    assert {sample.boleto.campo_livre[-1] for sample in samples} == set("0123456789")

    archive = ZipFile(BytesIO(caixa_zip))
    assert archive.namelist() == [
        "LEIA-ME.txt",
        "boletos.pdf",
        "remessa01.rem",
        "remessa02.rem",
        "remessa03.rem",
    ]
    assert b"REMESSA-TESTE" in archive.read("remessa01.rem").split(b"\r\n")[0]
    paper = pypdfium2.PdfDocument(archive.read("boletos.pdf"))
    assert len(paper) == len(samples)
    (symbol,) = symbols(archive.read("boletos.pdf"), 9)  # and no QR code, because one could be paid
    assert symbol.text == samples[9].boleto.barcode
    assert NOT_TO_BE_PAID in paper[9].get_textpage().get_text_range()


@pytest.mark.req("BEY-14")
def test_kit_lists_its_contents_the_banks_demands_and_the_next_steps(caixa, caixa_zip):
    page = ZipFile(BytesIO(caixa_zip)).read("LEIA-ME.txt").decode("utf-8-sig")
    for expected in (
        "KIT DE HOMOLOGAÇÃO: Caixa (104-0), 02/03/2026",
        "item 1.1, p. 6",
        "- remessa01.rem: remessa, registro de 10 boletos",
        "- remessa02.rem: remessa, a enviar depois de confirmadas as entradas: alteração de dados (00000001)",
        "concessão de abatimento (00000004)",
        "- remessa03.rem: remessa, a enviar depois de confirmados os movimentos anteriores: cancelamento de desconto (00000003), cancelamento de abatimento (00000004)",
        "- código de barras (DV geral): 1 2 3 4 5 6 7 8 9",
        "- campo livre: 0 1 2 3 4 5 6 7 8 9",
        "nenhum número e nenhum sequencial do profile foi consumido",
    ):
        assert expected in page
    for sample in make_kit(caixa, RANGE, ON).samples:
        assert formatted(sample.boleto.linha_digitavel) in page


@pytest.mark.req("BEY-14")
def test_same_terms_range_and_day_are_the_same_bytes(caixa, caixa_zip):
    assert zipped(make_kit(caixa, RANGE, ON)) == caixa_zip
