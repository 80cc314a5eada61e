"""A printed receipt of settlement: the amount in figures and in words, the company's own text, who paid what and how,
and a line to sign on (INV-10). Pure; the same receipt gives the same bytes."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from billing.banking.boleto_sheet import draw_text
from billing.payments.receipts import Receipt

_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT, _BOTTOM = 20 * mm, _WIDTH - 20 * mm, 20 * mm
_MIDDLE = _WIDTH / 2
_INK, _MUTED, _ACCENT = (0.13, 0.16, 0.2), (0.42, 0.46, 0.52), (0.09, 0.32, 0.55)
_RULE, _TINT = (0.85, 0.87, 0.9), (0.94, 0.96, 0.98)
_FONT, _BOLD, _SIZE, _LEADING = "Helvetica", "Helvetica-Bold", 11, 6.2 * mm
_BOX, _FACT, _SIGNATURE = 21 * mm, 11.5 * mm, 44 * mm
"""Heights of the amount's box, of a row of facts and of the signature with its surroundings."""
_LINE = 4.6 * mm
"""Height of each further line of the amount in words, and of a fact."""
_NARROW, _VALUE = _MIDDLE - _LEFT - 6 * mm, 9.5
"""Width of a column of facts, and the size of their values."""

Fact = tuple[str, str]


def draw_receipt(receipt: Receipt) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(f"{receipt.title} – {receipt.subtitle}")
    canvas.setAuthor(receipt.company_name)
    _Page(canvas, receipt).draw()
    canvas.save()
    return buffer.getvalue()


class _Page:
    """Drawn from the top down; `top` is where the next part begins. A long text continues on further pages."""

    def __init__(self, canvas: Canvas, receipt: Receipt) -> None:
        self.canvas = canvas
        self.receipt = receipt
        self.top = 0.0

    def draw(self) -> None:
        self._begin()
        self._amount()
        self._own_text()
        self._facts()
        self._signature()

    def _begin(self) -> None:
        """The heading of a page: who issues the receipt, and for what."""
        canvas, receipt = self.canvas, self.receipt
        canvas.setFillColorRGB(*_ACCENT)
        canvas.rect(0, _HEIGHT - 3 * mm, _WIDTH, 3 * mm, stroke=0, fill=1)
        top, wide = _HEIGHT - 20 * mm, 118 * mm
        self._write(receipt.company_name, _LEFT, top, _BOLD, 13, _INK, wide)
        self._write(receipt.company_detail, _LEFT, top - 5.5 * mm, _FONT, 8, _MUTED, wide)
        self._write(receipt.title, _RIGHT, top, _BOLD, 15, _ACCENT, 50 * mm, "right")
        self._write(receipt.subtitle, _RIGHT, top - 5.5 * mm, _FONT, 9, _MUTED, 50 * mm, "right")
        self._write(f"Código {receipt.code}", _LEFT, 11 * mm, _FONT, 7, _MUTED, 120 * mm)
        self.top = top - 12 * mm

    def _amount(self) -> None:
        left, wide = _LEFT + 6 * mm, _RIGHT - _LEFT - 12 * mm
        words = simpleSplit(self.receipt.amount_in_words, _FONT, 9, wide)
        bottom = self.top - _BOX - _LINE * (len(words) - 1)
        self.canvas.setFillColorRGB(*_TINT)
        self.canvas.roundRect(_LEFT, bottom, _RIGHT - _LEFT, self.top - bottom, 2 * mm, stroke=0, fill=1)
        self._write(self.receipt.amount_label, left, self.top - 6 * mm, _FONT, 7.5, _MUTED, wide)
        self._write(self.receipt.amount, left, self.top - 13 * mm, _BOLD, 18, _ACCENT, wide)
        for index, line in enumerate(words):
            self._write(line, left, self.top - 18 * mm - _LINE * index, _FONT, 9, _INK, wide)
        self.top = bottom - 12 * mm

    def _own_text(self) -> None:
        for line in _lines(self.receipt.text):
            self._need(_LEADING)
            self._write(line, _LEFT, self.top, _FONT, _SIZE, _INK, _RIGHT - _LEFT)
            self.top -= _LEADING
        self.top -= 4 * mm

    def _facts(self) -> None:
        """In two columns, read row by row; one that is wider than its column has a row of its own, of as many lines as it
        needs, because what is signed is never cut off."""
        self._need(_FACT)
        self._rule(self.top)
        for row in _rows(self.receipt.facts):
            wide = _NARROW if len(row) > 1 or _is_narrow(row[0]) else _RIGHT - _LEFT
            values = [simpleSplit(value, _BOLD, _VALUE, wide) for _, value in row]
            height = _FACT + _LINE * (max(len(lines) for lines in values) - 1)
            self._need(height)
            for x, (label, _), lines in zip((_LEFT, _MIDDLE), row, values, strict=False):
                self._write(label, x, self.top - 4.6 * mm, _FONT, 7.5, _MUTED, wide)
                for index, line in enumerate(lines):
                    self._write(line, x, self.top - 9 * mm - _LINE * index, _BOLD, _VALUE, _INK, wide)
            self.top -= height
            self._rule(self.top)

    def _signature(self) -> None:
        self._need(_SIGNATURE)
        receipt = self.receipt
        self._write(receipt.place_and_date, _LEFT, self.top - 12 * mm, _FONT, 10, _INK, _RIGHT - _LEFT)
        line = self.top - 34 * mm
        self.canvas.setStrokeColorRGB(*_INK)
        self.canvas.setLineWidth(0.6)
        signers = receipt.signers or (receipt.company_name,)
        wide = 90 * mm if len(signers) == 1 else 78 * mm
        for index, signer in enumerate(signers):
            middle = _LEFT + (_RIGHT - _LEFT) * (2 * index + 1) / (2 * len(signers))
            self.canvas.line(middle - wide / 2, line, middle + wide / 2, line)
            self._write(signer, middle, line - 4.6 * mm, _BOLD, 9, _INK, wide, "center")

    def _need(self, height: float) -> None:
        """Make sure that there is room for `height` above the margin, on a new page if necessary."""
        if self.top - height < _BOTTOM:
            self.canvas.showPage()
            self._begin()

    def _rule(self, y: float) -> None:
        self.canvas.setStrokeColorRGB(*_RULE)
        self.canvas.setLineWidth(0.7)
        self.canvas.line(_LEFT, y, _RIGHT, y)

    def _write(
        self, text: str, x: float, y: float, font: str, size: float, color: tuple[float, float, float], width: float,
        align: str = "left",
    ) -> None:  # fmt: skip
        self.canvas.setFillColorRGB(*color)
        draw_text(self.canvas, text, x, y, font, size, width, align)


def _is_narrow(fact: Fact) -> bool:
    label, value = fact
    return bool(max(stringWidth(label, _FONT, 7.5), stringWidth(value, _BOLD, _VALUE)) <= _NARROW)


def _rows(facts: Iterable[Fact]) -> Iterator[tuple[Fact, ...]]:
    """Two that fit in the columns share a row."""
    left: Fact | None = None
    for fact in facts:
        if left is not None and _is_narrow(fact):
            yield left, fact
            left = None
            continue
        if left is not None:
            yield (left,)
            left = None
        if _is_narrow(fact):
            left = fact
        else:
            yield (fact,)
    if left is not None:
        yield (left,)


def _lines(text: str) -> list[str]:
    """The text wrapped to the page's width; empty lines are kept."""
    wrapped: list[str] = []
    for paragraph in text.splitlines():
        wrapped += simpleSplit(paragraph, _FONT, _SIZE, _RIGHT - _LEFT) or [""]
    return wrapped
