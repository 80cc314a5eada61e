"""Boletos in PDF: the invoice's lines on top, the payer's receipt, and the sheet with barcode and Pix QR code.

Bytes are the same for the same documents. Everything a reader sees is pt-BR; the fonts are the PDF's own Helvetica, whose encoding has
every letter of Portuguese.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from billing.banking import boleto_sheet as sheet
from billing.banking.boleto.bank import Bank, of
from billing.banking.boleto.issue import Boleto
from billing.banking.boleto.linha_digitavel import formatted
from billing.banking.boleto_document import (
    BoletoDocument,
    DocumentLine,
    box_values,
    document_text,
    payer_lines,
    payment_instructions,
)
from billing.banking.symbols import BARCODE_HEIGHT, draw_barcode, draw_qr
from billing.core.money import Money

rl_config.useA85 = 0  # binary streams: a quarter smaller, and twice as fast to write

_MARGIN = 15 * mm
_PAGE_WIDTH, _PAGE_HEIGHT = A4
_INK, _MUTED, _ACCENT, _RULE = (0.13, 0.16, 0.2), (0.42, 0.46, 0.52), (0.09, 0.32, 0.55), (0.85, 0.87, 0.9)
_LINE_HEIGHT, _WHY_HEIGHT = 5.4 * mm, 3.6 * mm
_QR_SIDE = 25 * mm
_FLOOR = 22 * mm
"""The lowest position of a line on a page without a slip."""


def render_boletos(documents: Sequence[BoletoDocument]) -> bytes:
    """All the documents in one PDF, each beginning on a new page."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1, invariant=1)
    canvas.setTitle(documents[0].title if len(documents) == 1 else "Boletos")
    canvas.setAuthor(documents[0].account.beneficiary_name)
    canvas.setCreator("Mensal")
    _define_frames(canvas)
    for document in documents:
        _Page(canvas, document).draw()
    canvas.save()
    return buffer.getvalue()


def _define_frames(canvas: Any) -> None:
    for name, boxes, height, title in (
        ("receipt", sheet.RECEIPT, sheet.RECEIPT_HEIGHT, "Recibo do pagador"),
        ("sheet", sheet.SHEET, sheet.SHEET_HEIGHT, "Autenticação mecânica – Ficha de compensação"),
    ):
        canvas.beginForm(name, -mm, -5 * mm, sheet.WIDTH + mm, height)
        sheet.draw_frame(canvas, boxes, height, title)
        if name == "sheet":
            sheet.draw_guarantor(canvas, height)
        canvas.endForm()


class _Page:
    """One document, drawn from the bottom up: sheet and receipt have fixed places, the lines get the rest."""

    def __init__(self, canvas: Any, document: BoletoDocument) -> None:
        self.canvas, self.document = canvas, document
        self.bank: Bank = of(document.account.bank)
        self.sheet_top = sheet.SHEET_HEIGHT
        self.receipt_top = self.sheet_top + 9 * mm + sheet.RECEIPT_HEIGHT

    def draw(self) -> None:
        """The lines fill whole pages until the rest fits above the slip, which is on the last page only; the annex
        follows on pages of its own."""
        boleto = self.document.boleto
        above_slip = _FLOOR if boleto is None else self.receipt_top + 12 * mm
        remaining = list(self.document.lines)
        top = self._heading()
        while remaining and top - self._height(remaining) < above_slip:
            top, remaining = self._lines(top, _FLOOR, remaining)
            self._footnote("continua na próxima página")
            self.canvas.showPage()
            top = self._heading()
        top, _ = self._lines(top, above_slip, remaining)
        if self.document.lines:
            self._total(top)
        if boleto is not None:
            self._slip(boleto)
        self.canvas.showPage()
        self._annex()

    def _annex(self) -> None:
        remaining = list(self.document.annex)
        while remaining:
            _, remaining = self._lines(self._heading(), _FLOOR, remaining)
            self._footnote("Detalhamento dos valores" + (", continua na próxima página" if remaining else ""))
            self.canvas.showPage()

    def _height(self, lines: Sequence[DocumentLine]) -> float:
        """The height of the lines, their total and the sums below it."""
        reasons = sum(len(line.why) for line in lines)
        rows = len(lines) + 1 + len(self.document.sums)
        height: float = _LINE_HEIGHT * rows + _WHY_HEIGHT * reasons
        return height

    def _heading(self) -> float:
        """Issuer, with contact, and payer; due date and amount."""
        canvas, document, account = self.canvas, self.document, self.document.account
        top: float = _PAGE_HEIGHT - 16 * mm
        canvas.setFillColorRGB(*_ACCENT)
        canvas.rect(0, _PAGE_HEIGHT - 3 * mm, _PAGE_WIDTH, 3 * mm, stroke=0, fill=1)
        self._text(account.beneficiary_name, _MARGIN, top, "Helvetica-Bold", 13, _INK, 110 * mm)
        detail = filter(None, (document_text(account.beneficiary_document), account.beneficiary_address))
        self._text(" · ".join(detail), _MARGIN, top - 5 * mm, "Helvetica", 8, _MUTED, 118 * mm)
        self._text(document.contact, _MARGIN, top - 9 * mm, "Helvetica", 8, _MUTED, 118 * mm)
        right = _PAGE_WIDTH - _MARGIN
        self._text(document.title, right, top, "Helvetica-Bold", 13, _ACCENT, 58 * mm, right=True)
        self._text(document.subtitle, right, top - 5 * mm, "Helvetica", 8, _MUTED, 58 * mm, right=True)
        payer = f"{document.payer.name} · {document_text(document.payer.document)}"
        _, street, place = payer_lines(document.payer)
        self._text("Para", _MARGIN, top - 15 * mm, "Helvetica", 7.5, _MUTED, 30 * mm)
        self._text(payer, _MARGIN, top - 19 * mm, "Helvetica-Bold", 9, _INK, 108 * mm)
        address = " – ".join(filter(None, (street, place)))
        self._text(address, _MARGIN, top - 23 * mm, "Helvetica", 8, _MUTED, 108 * mm)
        self._fact("Vencimento", f"{document.due_on:%d/%m/%Y}", right - 42 * mm, top - 15 * mm)
        late = document.late
        if late is None:
            self._fact("Total", document.amount.format_br(), right, top - 15 * mm)
        else:
            self._fact(f"A pagar em {late.on:%d/%m/%Y}", late.payable.format_br(), right, top - 15 * mm)
        self._rule(top - 26 * mm)
        below: float = top - 31.5 * mm
        return below

    def _fact(self, label: str, value: str, right: float, top: float) -> None:
        self._text(label, right, top, "Helvetica", 7.5, _MUTED, 40 * mm, right=True)
        self._text(value, right, top - 4 * mm, "Helvetica-Bold", 10, _INK, 40 * mm, right=True)

    def _lines(self, top: float, floor: float, lines: list[DocumentLine]) -> tuple[float, list[DocumentLine]]:
        """Draw as many lines as fit above the floor (at least one); returns where they end, and the remaining ones."""
        right = _PAGE_WIDTH - _MARGIN
        for index, line in enumerate(lines):
            height = _LINE_HEIGHT + _WHY_HEIGHT * len(line.why)
            if top - height < floor and index:
                return top, lines[index:]
            if line.amount is None:
                self._text(line.description, _MARGIN, top, "Helvetica-Bold", 9, _ACCENT, 180 * mm)
            else:
                self._text(line.description, _MARGIN, top, "Helvetica", 9, _INK, 140 * mm)
                self._text(line.amount.format_br(), right, top, "Helvetica", 9, _INK, 38 * mm, right=True)
            for reason in line.why:
                top -= _WHY_HEIGHT
                self._text(reason, _MARGIN + 3 * mm, top, "Helvetica", 7, _MUTED, 172 * mm)
            top -= _LINE_HEIGHT
        return top, []

    def _total(self, top: float) -> None:
        self._rule(top + 3.4 * mm)
        self._sum("Total", self.document.amount, top - 1.4 * mm)
        for row, line in enumerate(self.document.sums, start=1):
            if line.amount is not None:
                self._sum(line.description, line.amount, top - 1.4 * mm - row * _LINE_HEIGHT)

    def _sum(self, label: str, amount: Money, top: float) -> None:
        right = _PAGE_WIDTH - _MARGIN
        self._text(label, right - 42 * mm, top, "Helvetica-Bold", 9.5, _INK, 110 * mm, right=True)
        self._text(amount.format_br(), right, top, "Helvetica-Bold", 9.5, _INK, 40 * mm, right=True)

    def _slip(self, boleto: Boleto) -> None:
        values, x = box_values(self.document, boleto, self.bank), _MARGIN
        linha, beneficiary = formatted(boleto.linha_digitavel), values.pop("beneficiary")
        for name, boxes, top, height in (
            ("receipt", sheet.RECEIPT, self.receipt_top, sheet.RECEIPT_HEIGHT),
            ("sheet", sheet.SHEET, self.sheet_top, sheet.SHEET_HEIGHT),
        ):
            self._cut_here(top + sheet.CUT_ABOVE)
            self.canvas.saveState()
            self.canvas.translate(x, top - height)
            self.canvas.doForm(name)
            self.canvas.restoreState()
            sheet.draw_head(self.canvas, self.bank.name, f"{self.bank.code}-{self.bank.digit}", linha, x, top)
            sheet.draw_values(self.canvas, boxes, values, x, top)
            box = next(candidate for candidate in boxes if candidate.name == "beneficiary")
            sheet.draw_paragraph(self.canvas, [beneficiary], x, top, box, 8.4)
        self._instructions(x)
        self._payer(x)
        draw_barcode(self.canvas, boleto.barcode, x + 5 * mm, sheet.BARCODE_MIDDLE - BARCODE_HEIGHT / 2)

    def _instructions(self, x: float) -> None:
        box, document = sheet.box("instructions"), self.document
        said = payment_instructions(document.account, document.amount, document.due_on)
        beside = _QR_SIDE + 8 * mm if document.pix_emv else 0
        self.canvas.setFillGray(0)
        sheet.draw_paragraph(self.canvas, said, x, self.sheet_top, box, 8, beside)
        if document.pix_emv:
            left = x + box.width - _QR_SIDE - 4 * mm
            bottom = self.sheet_top - box.top - box.height + 5 * mm
            draw_qr(self.canvas, document.pix_emv, left, bottom, _QR_SIDE)
            middle = left + _QR_SIDE / 2
            sheet.draw_text(
                self.canvas,
                "Pague com Pix",
                middle,
                bottom - 3.4 * mm,
                "Helvetica-Bold",
                8,
                _QR_SIDE,
                "center",
            )

    def _payer(self, x: float) -> None:
        self.canvas.setFillGray(0)
        sheet.draw_paragraph(
            self.canvas, payer_lines(self.document.payer), x, self.sheet_top, sheet.PAYER_TEXT, 8
        )

    def _cut_here(self, y: float) -> None:
        self.canvas.setStrokeGray(0.55)
        self.canvas.setLineWidth(0.4)
        self.canvas.setDash(2, 2)
        self.canvas.line(_MARGIN, y, _PAGE_WIDTH - _MARGIN, y)
        self.canvas.setDash()

    def _rule(self, y: float) -> None:
        self.canvas.setStrokeColorRGB(*_RULE)
        self.canvas.setLineWidth(0.7)
        self.canvas.line(_MARGIN, y, _PAGE_WIDTH - _MARGIN, y)

    def _footnote(self, text: str) -> None:
        self._text(text, _PAGE_WIDTH - _MARGIN, 12 * mm, "Helvetica", 7.5, _MUTED, 80 * mm, right=True)

    def _text(
        self, text: str, x: float, y: float, font: str, size: float, color: tuple[float, float, float], width: float,
        *, right: bool = False,
    ) -> None:  # fmt: skip
        if not text:
            return
        self.canvas.setFillColorRGB(*color)
        sheet.draw_text(self.canvas, text, x, y, font, size, width, "right" if right else "left")
