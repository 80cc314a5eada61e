"""DANFSe: the page of a NFS-e that the customer gets, drawn from the note's XML alone (FIS-05).

NT 008/2026, as a public reader describes it: A4 portrait; blocks in its order, labels of 6 and values of 7 points, a QR
code of 15.2 mm that leads to the public consultation, a dash where the XML has nothing. Only the blocks that one of our
notes can fill. A note of the test environment says that it has no legal value; a cancelled or substituted one says so
across the page. Pure; the same note gives the same bytes.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, NamedTuple

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from billing.banking.boleto_sheet import draw_text
from billing.banking.symbols import draw_qr
from billing.core.br import cep, cnpj, cpf
from billing.core.errors import Refused
from billing.core.labels import VALUES
from billing.core.money import Money
from billing.fiscal.document import DocumentState
from billing.fiscal.municipalities import municipality_name
from billing.fiscal.nfse.identifiers import consultation_url
from billing.fiscal.schemas import parsed

rl_config.useA85 = 0  # binary streams, as the boletos'

NS = "{http://www.sped.fazenda.gov.br/nfse}"
_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT, _BOTTOM = 6 * mm, _WIDTH - 6 * mm, 10 * mm
_COLUMNS = 4
_CELL = (_RIGHT - _LEFT) / _COLUMNS
_ROW, _LINE, _HEADING = 7.4 * mm, 3 * mm, 4.6 * mm
_FONT, _BOLD = "Helvetica", "Helvetica-Bold"
_QR = 15.2 * mm
_TEST = "NFS-e SEM VALIDADE JURÍDICA"
_ACROSS = {DocumentState.CANCELLED: "CANCELADA", DocumentState.SUBSTITUTED: "SUBSTITUÍDA"}
_WITHHELD = (
    ("INSS retido", "vRetCP"),
    ("IRRF retido", "vRetIRRF"),
    ("PIS, COFINS e CSLL retidos", "vRetCSLL"),
)


class PrintedFact(NamedTuple):
    label: str
    value: str
    columns: int = 1


class PrintedBlock(NamedTuple):
    heading: str
    facts: Sequence[PrintedFact]


def draw_danfse(note: bytes, state: DocumentState) -> bytes:
    """The PDF of a note. Raises Refused for a declaration from which no note was made yet."""
    info = parsed(note).find(f"{NS}infNFSe")
    if info is None:
        raise Refused("nfse.not_made", "A Sefin Nacional ainda não gerou a nota desta declaração.")
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1, invariant=1)
    canvas.setTitle(f"NFS-e {_at(info, 'nNFSe')} – {_at(info, 'emit/xNome')}")
    canvas.setAuthor(_at(info, "emit/xNome"))
    is_test = _at(info, "DPS/infDPS/tpAmb") == "2"
    _Page(canvas, info, _ACROSS.get(state), is_test=is_test).draw()
    canvas.save()
    return buffer.getvalue()


def blocks_of(info: Any) -> Iterator[PrintedBlock]:
    """What is printed, in order."""
    dps = info.find(f"{NS}DPS/{NS}infDPS")
    key = info.get("Id").removeprefix("NFS")
    number = (
        PrintedFact("Chave de acesso da NFS-e", key, 4),
        PrintedFact("Número da NFS-e", _at(info, "nNFSe")),
        PrintedFact("Competência", _day(_at(dps, "dCompet"))),
        PrintedFact("Emissão da NFS-e", _instant(_at(info, "dhProc"))),
        PrintedFact("Situação", "Gerada" if _at(info, "cStat") == "100" else _at(info, "cStat")),
        PrintedFact("Número da DPS", _at(dps, "nDPS")),
        PrintedFact("Série da DPS", _at(dps, "serie")),
        PrintedFact("Emissão da DPS", _instant(_at(dps, "dhEmi"))),
        PrintedFact("Município emissor", _at(info, "xLocEmi")),
    )
    yield PrintedBlock("Dados da NFS-e", number)
    yield PrintedBlock("Prestador do serviço", _provider(info, dps))
    if dps.find(f"{NS}toma") is not None:
        yield PrintedBlock("Tomador do serviço", _taker(dps))
    yield PrintedBlock("Serviço prestado", _service(info, dps))
    yield PrintedBlock("Tributação municipal (ISS)", _municipal(info, dps))
    yield PrintedBlock("Tributação federal", _federal(dps))
    if dps.find(f"{NS}IBSCBS") is not None:
        situation = "IBSCBS/valores/trib/gIBSCBS"
        declared = (
            PrintedFact("CST", _at(dps, f"{situation}/CST")),
            PrintedFact("Classificação (cClassTrib)", _at(dps, f"{situation}/cClassTrib")),
            PrintedFact("Indicador da operação", _at(dps, "IBSCBS/cIndOp")),
            PrintedFact("Consumo pessoal", "Sim" if _at(dps, "IBSCBS/indFinal") == "1" else "Não"),
        )
        yield PrintedBlock("IBS e CBS", declared)
    yield PrintedBlock("Valores", _totals(info, dps))
    further = _at(dps, "serv/infoCompl/xInfComp"), _at(info, "xOutInf")
    yield PrintedBlock(
        "Informações complementares", (PrintedFact("", " | ".join(text for text in further if text), 4),)
    )


def _provider(info: Any, dps: Any) -> Sequence[PrintedFact]:
    standing = _at(dps, "prest/regTrib/opSimpNac")
    return (
        PrintedFact("CNPJ", cnpj.format(_at(info, "emit/CNPJ"))),
        PrintedFact("Inscrição municipal", _at(dps, "prest/IM")),
        PrintedFact("Simples Nacional", VALUES["SimplesStanding"].get(standing, standing), 2),
        PrintedFact("Nome", _at(info, "emit/xNome"), 4),
        PrintedFact("Endereço", _address(info, "emit/enderNac", "emit/enderNac"), 4),
    )


def _taker(dps: Any) -> Sequence[PrintedFact]:
    person, company = _at(dps, "toma/CPF"), _at(dps, "toma/CNPJ")
    document = (
        PrintedFact("CPF", cpf.format(person))
        if person
        else PrintedFact("CNPJ", cnpj.format(company) if company else "")
    )
    return (
        document,
        PrintedFact("Nome", _at(dps, "toma/xNome"), 3),
        PrintedFact("Endereço", _address(dps, "toma/end", "toma/end/endNac"), 4),
    )


def _service(info: Any, dps: Any) -> Sequence[PrintedFact]:
    return (
        PrintedFact("Código de tributação nacional", _at(dps, "serv/cServ/cTribNac")),
        PrintedFact("Código do município", _at(dps, "serv/cServ/cTribMun")),
        PrintedFact("NBS", _at(dps, "serv/cServ/cNBS")),
        PrintedFact("Local da prestação", _at(info, "xLocPrestacao")),
        PrintedFact("Descrição da tributação", _at(info, "xTribNac"), 4),
        PrintedFact("Descrição do serviço", _at(dps, "serv/cServ/xDescServ"), 4),
    )


def _municipal(info: Any, dps: Any) -> Sequence[PrintedFact]:
    taxes = "valores/trib/tribMun"
    treatment, withheld_by = _at(dps, f"{taxes}/tribISSQN"), _at(dps, f"{taxes}/tpRetISSQN")
    return (
        PrintedFact("Tributação", VALUES["IssTreatment"].get(treatment, treatment)),
        PrintedFact("Município da incidência", _at(info, "xLocIncid")),
        PrintedFact("Retido por", VALUES["IssWithheldBy"].get(withheld_by, withheld_by)),
        PrintedFact("Base de cálculo", _money(_at(info, "valores/vBC"))),
        PrintedFact("Alíquota aplicada (%)", _at(info, "valores/pAliqAplic").replace(".", ",")),
        PrintedFact("ISS apurado", _money(_at(info, "valores/vISSQN"))),
    )


def _federal(dps: Any) -> Sequence[PrintedFact]:
    taxes = "valores/trib/tribFed"
    withheld = [PrintedFact(label, _money(_at(dps, f"{taxes}/{name}"))) for label, name in _WITHHELD]
    return (
        PrintedFact("PIS (apuração própria)", _money(_at(dps, f"{taxes}/piscofins/vPis"))),
        PrintedFact("COFINS (apuração própria)", _money(_at(dps, f"{taxes}/piscofins/vCofins"))),
        *withheld,
    )


def _totals(info: Any, dps: Any) -> Sequence[PrintedFact]:
    discounts = "valores/vDescCondIncond"
    return (
        PrintedFact("Valor do serviço", _money(_at(dps, "valores/vServPrest/vServ"))),
        PrintedFact("Desconto incondicionado", _money(_at(dps, f"{discounts}/vDescIncond"))),
        PrintedFact("Desconto condicionado", _money(_at(dps, f"{discounts}/vDescCond"))),
        PrintedFact("Total retido", _money(_at(info, "valores/vTotalRet"))),
        PrintedFact("Valor líquido da NFS-e", _money(_at(info, "valores/vLiq"))),
    )


class _Page:
    """Drawn from the top; `top` is where the next row begins. What does not fit goes on over more pages."""

    def __init__(self, canvas: Canvas, info: Any, across: str | None, *, is_test: bool) -> None:
        self._canvas, self._info = canvas, info
        self._across, self._is_test = across, is_test
        self._top = 0.0

    def draw(self) -> None:
        self._begin()
        for block in blocks_of(self._info):
            self._heading(block.heading)
            self._grid(block.facts)

    def _begin(self) -> None:
        canvas, top = self._canvas, _HEIGHT - 10 * mm
        for position, text in enumerate(filter(None, (self._across, _TEST if self._is_test else None))):
            self._watermark(text, position * 30 * mm)
        draw_qr(
            canvas, consultation_url(self._info.get("Id").removeprefix("NFS")), _RIGHT - _QR, top - _QR, _QR
        )
        canvas.setFillColorRGB(0, 0, 0)
        draw_text(canvas, "DANFSe – Documento Auxiliar da NFS-e", _LEFT, top - 5 * mm, _BOLD, 12, 150 * mm)
        city = f"{_at(self._info, 'xLocEmi')}{' – ' + _TEST if self._is_test else ''}"
        draw_text(canvas, city, _LEFT, top - 10 * mm, _FONT, 8, 150 * mm)
        draw_text(
            canvas,
            "Confira a nota pelo QR code ou em www.nfse.gov.br/ConsultaPublica",
            _LEFT,
            top - 14 * mm,
            _FONT,
            7,
            150 * mm,
        )
        draw_text(canvas, f"Página {canvas.getPageNumber()}", _RIGHT, 5 * mm, _FONT, 6, 30 * mm, "right")
        self._top = top - _QR - 2 * mm

    def _watermark(self, text: str, lower: float) -> None:
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(_WIDTH / 2, _HEIGHT / 2 - lower)
        canvas.rotate(45)
        canvas.setFillColorRGB(0.88, 0.88, 0.9)
        canvas.setFont(_BOLD, 34)
        canvas.drawCentredString(0, 0, text)
        canvas.restoreState()

    def _heading(self, text: str) -> None:
        self._need(_HEADING + _ROW)
        canvas = self._canvas
        canvas.setFillColorRGB(0.949, 0.949, 0.949)
        canvas.rect(_LEFT, self._top - _HEADING, _RIGHT - _LEFT, _HEADING, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        draw_text(canvas, text.upper(), _LEFT + mm, self._top - 3.3 * mm, _BOLD, 7, _RIGHT - _LEFT)
        self._top -= _HEADING

    def _grid(self, facts: Sequence[PrintedFact]) -> None:
        column = 0
        for fact in facts:
            if fact.columns == _COLUMNS or column + fact.columns > _COLUMNS:
                self._top -= _ROW if column else 0
                column = 0
            if fact.columns == _COLUMNS:
                self._text(fact)
                continue
            if column == 0:
                self._need(_ROW)
            x, wide = _LEFT + mm + column * _CELL, fact.columns * _CELL - 2 * mm
            draw_text(self._canvas, fact.label, x, self._top - 2.6 * mm, _BOLD, 6, wide)
            draw_text(self._canvas, fact.value or "-", x, self._top - 5.8 * mm, _FONT, 7, wide)
            column += fact.columns
        self._top -= (_ROW if column else 0) + mm

    def _text(self, fact: PrintedFact) -> None:
        """A whole row, of as many lines as it needs."""
        if fact.label:
            self._need(_ROW)
            draw_text(self._canvas, fact.label, _LEFT + mm, self._top - 2.6 * mm, _BOLD, 6, _RIGHT - _LEFT)
            self._top -= 2.8 * mm
        for line in simpleSplit(fact.value or "-", _FONT, 7, _RIGHT - _LEFT - 2 * mm):
            self._need(_LINE)
            draw_text(self._canvas, line, _LEFT + mm, self._top - _LINE, _FONT, 7, _RIGHT - _LEFT)
            self._top -= _LINE
        self._top -= 1.2 * mm

    def _need(self, height: float) -> None:
        if self._top - height < _BOTTOM:
            self._canvas.showPage()
            self._begin()


def _at(element: Any, path: str) -> str:
    """The text at a path of names; empty where there is none."""
    return element.findtext("/".join(NS + step for step in path.split("/"))) or ""


def _address(element: Any, street: str, place: str) -> str:
    complement, code = _at(element, f"{street}/xCpl"), _at(element, f"{place}/cMun")
    if not code:
        return ""
    first = f"{_at(element, f'{street}/xLgr')}, {_at(element, f'{street}/nro')}"
    parts = (first, complement, _at(element, f"{street}/xBairro"), municipality_name(code))
    return f"{', '.join(part for part in parts if part)}, CEP {cep.format(_at(element, f'{place}/CEP'))}"


def _money(amount: str) -> str:
    return Money(amount).format_br() if amount else ""


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else ""


def _instant(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d/%m/%Y %H:%M:%S}" if text else ""
