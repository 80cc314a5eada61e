"""DANFE-COM: read back from its picture (QR code, key, barcode, Pix), nothing lost between pages, and nothing that is
not in the note."""

import re
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.access_key import in_blocks
from billing.fiscal.nfcom.danfe import DanfeOverlay, draw_danfe
from billing.fiscal.nfcom.note import Contingency, key_of
from billing.fiscal.nfcom.requests import processed
from billing.fiscal.nfcom.xml import NAMESPACE, signed_nfcom
from tests.support.fiscal import ISSUED_AT, certificate, line, note, number
from tests.support.pictures import DPI, symbols

PIX = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
BARCODE = "34196166700000123451101234567880057123457000"
PROTOCOL = (
    f'<protNFCom xmlns="{NAMESPACE}" versao="1.00"><infProt><tpAmb>1</tpAmb><verAplic>SVRS1</verAplic><chNFCom>{{key}}</chNFCom>'
    "<dhRecbto>2026-11-30T11:31:00-03:00</dhRecbto><nProt>3352600000000123</nProt><cStat>100</cStat><xMotivo>Texto</xMotivo>"
    "</infProt></protNFCom>"
)


def made(**changes):
    given = {"environment": Environment.PRODUCTION, "billing": note().billing.evolve(pix_url=PIX), **changes}
    return note(**given)


def signed(given=None) -> bytes:
    return signed_nfcom(given or made(), number(), certificate())


def kept(given=None) -> bytes:
    content = signed(given)
    return processed(content, PROTOCOL.format(key=key_of(given or made(), number()).text))


def scanned(drawn: bytes, page: int = 0, dpi: int = DPI) -> list[tuple[str, str]]:
    return sorted((symbol.kind, symbol.text) for symbol in symbols(drawn, page, dpi))


def pages(drawn: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(drawn)).pages]


def qr_of(content: bytes) -> str:
    [url] = re.findall(rb"<qrCodNFCom>(.*)</qrCodNFCom>", content)
    return url.decode().replace("&amp;", "&")


@pytest.mark.req("FIS-05")
def test_qr_code_barcode_and_pix_are_read_from_the_picture():
    content = kept()
    assert scanned(draw_danfe(content)) == sorted(
        [("ITF", BARCODE), ("QR Code", PIX), ("QR Code", qr_of(content))]
    )


@pytest.mark.req("FIS-05")
def test_qr_code_with_its_signature_is_read_too():
    content = signed(made(contingency=Contingency(since=ISSUED_AT, reason="Autorizador fora do ar")))
    drawn = draw_danfe(content)
    assert ("QR Code", qr_of(content)) in scanned(drawn, dpi=200)
    assert "&sign=" in qr_of(content)
    assert "EMITIDA EM CONTINGÊNCIA" in pages(drawn)[0]


@pytest.mark.req("FIS-03", "FIS-05")
def test_page_states_parties_service_amount_and_due_date():
    [page] = pages(draw_danfe(kept()))
    for text in (
        "Vale Fibra Telecomunicações Ltda.",
        "CNPJ 11.222.333/0001-81   IE 110042490114",
        "Joana d'Ávila Gonçalves",
        "CPF 529.982.247-25",
        "Código do assinante 88123   Contrato CT-0042",
        in_blocks(key_of(made(), number()).text),
        "Protocolo de autorização 3352600000000123 – 30/11/2026 11:31:00",
        "https://dfe-portal.svrs.rs.gov.br/NFCom/consulta",
        "R$ 101,00",
        "10/12/2026",
        "11/2026",
        "01/11/2026 a 30/11/2026",
        "Internet fibra - 500 Mega",
        "FUST",
        "FUNTTEL",
        "IBS",
        "34191.10121 34567.880058 71234.570001 6 16670000012345",
        "Cliente desde 2025. Obrigado!",
        "Reservado ao fisco",
    ):
        assert text in page, text
    assert "SEM VALOR FISCAL" not in page


@pytest.mark.req("FIS-05")
@pytest.mark.parametrize("overlay", DanfeOverlay)
def test_invalid_note_is_marked_across_the_page(overlay):
    assert overlay.value in pages(draw_danfe(kept(), overlay))[0]


def test_note_of_the_test_environment_has_no_fiscal_value_and_no_protocol_before_its_time():
    [page] = pages(draw_danfe(signed(note())))
    assert "SEM VALOR FISCAL" in page
    assert "Protocolo" not in page
    assert f"Pix: {note().billing.pix_url}" in page, "an address is text: no bank reads it as a QR code"


def test_digits_that_are_not_a_boleto_are_printed_without_barcode():
    drawn = draw_danfe(signed(made(billing=note().billing.evolve(typed_line="826500000012", pix_url=None))))
    assert "826500000012" in pages(drawn)[0]
    assert [kind for kind, _ in scanned(drawn)] == ["QR Code"]


@pytest.mark.req("FIS-05")
@pytest.mark.parametrize("count", [1, 20, 21, 22, 23, 24, 25, 60, 200])
def test_items_continue_over_pages_and_none_is_lost(count):
    lines = tuple(line(code=f"C{position:03d}") for position in range(count))
    drawn = draw_danfe(kept(made(lines=lines)))
    everything = "\n".join(pages(drawn))
    assert re.findall(r"^C[0-9]{3}", everything, re.MULTILINE) == [
        f"C{position:03d}" for position in range(count)
    ]
    assert all("DANFE-COM" in page for page in pages(drawn))
    assert ("QR Code", PIX) in [
        symbol for page in range(len(pages(drawn))) for symbol in scanned(drawn, page)
    ]


def test_same_note_is_the_same_bytes():
    assert draw_danfe(kept()) == draw_danfe(kept())


@given(st.lists(st.text(max_size=3000), max_size=5), st.text(min_size=1, max_size=120))
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_any_note_is_drawn(observations, description):
    try:
        given = made(lines=(line(description=description),), observations=tuple(observations))
        content = signed(given)
    except ValueError:
        return
    assert pages(draw_danfe(content))
