"""A receipt of settlement on paper: half a page of A4, with the amount in words in the company's own text (INV-10). Pure."""

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from billing.payments.receipts import Receipt

_WIDTH, _HEIGHT = A4
_LEFT = 20 * mm
_RIGHT = _WIDTH - 20 * mm
_FONT, _SIZE, _LEADING = "Helvetica", 11, 6 * mm
_BOTTOM = 20 * mm


def draw_receipt(receipt: Receipt) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(f"Recibo da fatura {receipt.number}")
    canvas.setAuthor(receipt.company_name)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(_LEFT, _HEIGHT - 30 * mm, "RECIBO")
    canvas.drawRightString(_RIGHT, _HEIGHT - 30 * mm, receipt.amount)
    canvas.setFont(_FONT, 9)
    canvas.drawString(_LEFT, _HEIGHT - 36 * mm, f"Fatura {receipt.number}")
    y = _HEIGHT - 50 * mm
    canvas.setFont(_FONT, _SIZE)
    for line in _lines(receipt.text):
        if y < _BOTTOM:
            canvas.showPage()
            canvas.setFont(_FONT, _SIZE)
            y = _HEIGHT - 30 * mm
        canvas.drawString(_LEFT, y, line)
        y -= _LEADING
    if y < _BOTTOM + 45 * mm:
        canvas.showPage()
        y = _HEIGHT - 30 * mm
    canvas.setFont(_FONT, _SIZE)
    canvas.drawString(_LEFT, y - 8 * mm, receipt.place_and_date)
    canvas.line(_LEFT, y - 30 * mm, _LEFT + 80 * mm, y - 30 * mm)
    canvas.drawString(_LEFT, y - 35 * mm, receipt.company_name)
    canvas.drawString(_LEFT, y - 40 * mm, f"CNPJ {receipt.company_cnpj}")
    canvas.save()
    return buffer.getvalue()


def _lines(text: str) -> list[str]:
    """Wrapped to the page's width; an empty line stays."""
    wrapped: list[str] = []
    for paragraph in text.split("\n"):
        wrapped += simpleSplit(paragraph, _FONT, _SIZE, _RIGHT - _LEFT) or [""]
    return wrapped
