"""DANFSe: its QR code is read back from its picture, all that the note says is on it, and a note that ended says so."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.adapters.sandbox_authority.sefin import SefinAuthority
from billing.core.clock import FixedClock
from billing.core.errors import Refused
from billing.fiscal.document import DocumentState
from billing.fiscal.environment import Environment
from billing.fiscal.nfse.answers import emission, read_answer
from billing.fiscal.nfse.danfse import draw_danfse
from billing.fiscal.nfse.dps import Dps
from billing.fiscal.nfse.identifiers import consultation_url
from billing.fiscal.nfse.xml import signed_dps
from billing.fiscal.schemas import parsed
from tests.support import fiscal
from tests.support.pictures import symbols
from tests.unit.fiscal.test_dps import with_everything

NS = "{http://www.sped.fazenda.gov.br/nfse}"


def note_of(dps: Dps) -> bytes:
    authority = SefinAuthority(FixedClock(fiscal.ISSUED_AT), environment=dps.environment)
    content = signed_dps(dps, fiscal.dps_number(), fiscal.certificate())
    note = read_answer(*authority.answer("/nfse", emission(content))).note
    assert note is not None
    return note


@cache
def note(environment: Environment = Environment.PRODUCTION) -> bytes:
    return note_of(with_everything().evolve(environment=environment))


def pages(drawn: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(drawn)).pages]


@pytest.mark.req("FIS-05")
def test_qr_code_that_leads_to_the_consultation_is_read_from_the_picture() -> None:
    key = parsed(note()).find(f"{NS}infNFSe").get("Id").removeprefix("NFS")
    drawn = draw_danfse(note(), DocumentState.AUTHORISED)
    assert [symbol.text for symbol in symbols(drawn, 0, 300)] == [consultation_url(key)]
    assert key in pages(drawn)[0]


@pytest.mark.req("FIS-05")
def test_what_the_note_says_is_printed() -> None:
    (page,) = pages(draw_danfse(note(), DocumentState.AUTHORISED))
    for text in (
        "11.222.333/0001-81",
        "33.113.009/0001-68",
        "Padaria Pão Quente Ltda. & Filhos",
        "São Paulo/SP",
        "010701",
        "Suporte técnico em novembro",
        "R$ 1.000,00",
        "R$ 10,00",
        "R$ 985,00",
        "Tributável",
        "Ninguém",
        "30/11/2026 11:30:15",
        "Cliente desde 2025 | Contrato CT-0042",
    ):
        assert text in page, text
    assert "VALIDADE" not in page


@pytest.mark.req("FIS-05")
@pytest.mark.parametrize(
    ("state", "environment", "across"),
    [
        (DocumentState.CANCELLED, Environment.PRODUCTION, "CANCELADA"),
        (DocumentState.SUBSTITUTED, Environment.PRODUCTION, "SUBSTITUÍDA"),
        (DocumentState.AUTHORISED, Environment.TEST, "SEM VALIDADE JURÍDICA"),
    ],
)
def test_note_without_value_says_so(state: DocumentState, environment: Environment, across: str) -> None:
    (page,) = pages(draw_danfse(note(environment), state))
    assert across in page


@pytest.mark.req("FIS-05")
def test_long_texts_go_on_over_more_pages_and_nothing_is_lost() -> None:
    words = [f"palavra{number}" for number in range(170)]
    service = fiscal.dps().service.evolve(description=" ".join(words))
    given = fiscal.dps(service=service, observations=tuple(" ".join(words) for _ in range(1)))
    whole = " ".join(pages(draw_danfse(note_of(given), DocumentState.AUTHORISED)))
    assert all(whole.count(word + " ") >= 2 for word in words[:-1])


@pytest.mark.req("FIS-05")
def test_same_note_is_the_same_bytes() -> None:
    first, second = (draw_danfse(note(), DocumentState.AUTHORISED) for _ in range(2))
    assert first == second


@pytest.mark.req("FIS-05")
def test_declaration_without_a_note_has_no_print() -> None:
    declaration = signed_dps(fiscal.dps(), fiscal.dps_number(), fiscal.certificate())
    with pytest.raises(Refused, match=r"nfse\.not_made"):
        draw_danfse(declaration, DocumentState.REJECTED)
