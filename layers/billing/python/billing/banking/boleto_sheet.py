"""The boleto as FEBRABAN draws it: payer's receipt and compensation sheet, boxes and labels (the same for every boleto) apart from
their values, so that a document holds the boxes once.

Sizes and the order of fields, the sheet of 95 to 108 mm with its barcode's middle at 12: Banco Central, Carta-Circular 2.926/2000, and the banks' manuals (Itaú, July 2021, annex 1, p. 69-71).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from billing.banking.symbols import BARCODE_HEIGHT

WIDTH = 180 * mm
_RIGHT = 48 * mm
_LEFT = WIDTH - _RIGHT
_ROW, _AMOUNT = 6.7 * mm, 6.4 * mm
_SMALL, _VALUE = 5.6, 8.4
CODE_SIZE, LINHA_SIZE = 20, 14
"""Points: a digit of Helvetica is 0.71 of its size, hence 5 mm and 3.5 mm."""


@dataclass(frozen=True, slots=True)
class Box:
    """A field: its place from the sheet's upper left corner, in points, its label and how its value stands."""

    name: str
    label: str
    x: float
    top: float
    width: float
    height: float
    right: bool = False
    bold: bool = False


def _row(
    top: float,
    *cells: tuple[str, str, float],
    right: tuple[str, str],
    height: float = _ROW,
    bold: bool = False,
) -> list[Box]:
    """A row of cells (name, label, width in mm; the last takes what is left) and the box of the right column."""
    boxes, x = [], 0.0
    for index, (name, label, width) in enumerate(cells):
        own = _LEFT - x if index == len(cells) - 1 else width * mm
        boxes.append(Box(name, label, x, top, own, height))
        x += own
    boxes.append(Box(right[0], right[1], _LEFT, top, _RIGHT, height, right=True, bold=bold))
    return boxes


AMOUNTS = (
    ("discount", "(-) Desconto / Abatimento"),
    ("deductions", "(-) Outras deduções"),
    ("charges", "(+) Mora / Multa"),
    ("additions", "(+) Outros acréscimos"),
    ("charged", "(=) Valor cobrado"),
)
_HEAD = 9 * mm
_INSTRUCTIONS_TOP = _HEAD + 4 * _ROW + 2 * mm
_INSTRUCTIONS_HEIGHT = len(AMOUNTS) * _AMOUNT
_PAYER_TOP = _INSTRUCTIONS_TOP + _INSTRUCTIONS_HEIGHT
_PAYER_HEIGHT = 13.8 * mm
BARCODE_MIDDLE = 12 * mm
"""Above the lower edge of the paper, where the sheet ends."""
SHEET_HEIGHT = _PAYER_TOP + _PAYER_HEIGHT + BARCODE_MIDDLE + BARCODE_HEIGHT / 2 + 2 * mm
CUT_ABOVE = 3 * mm
"""From the sheet's uppermost line to where it is cut: 107 mm above the paper's edge, where the norm has 95 to 108."""

SHEET: Sequence[Box] = (
    *_row(_HEAD, ("place", "Local de pagamento", 0), right=("due_on", "Vencimento"), bold=True),
    *_row(
        _HEAD + _ROW,
        ("beneficiary", "Beneficiário", 0),
        right=("beneficiary_code", "Agência / Código do beneficiário"),
        height=_ROW + 2 * mm,
    ),
    *_row(
        _HEAD + 2 * _ROW + 2 * mm,
        ("issued_on", "Data do documento", 24),
        ("document_number", "Número do documento", 42),
        ("especie", "Espécie doc.", 20),
        ("accepted", "Aceite", 14),
        ("processed_on", "Data do processamento", 0),
        right=("nosso_numero", "Nosso número"),
    ),
    *_row(
        _HEAD + 3 * _ROW + 2 * mm,
        ("bank_use", "Uso do banco", 24),
        ("carteira", "Carteira", 20),
        ("currency", "Espécie", 22),
        ("quantity", "Quantidade", 34),
        ("unit", "Valor", 0),
        right=("amount", "(=) Valor do documento"),
        bold=True,
    ),
    Box(
        "instructions",
        "Instruções (texto de responsabilidade do beneficiário)",
        0,
        _INSTRUCTIONS_TOP,
        _LEFT,
        _INSTRUCTIONS_HEIGHT,
    ),
    *(
        Box(name, label, _LEFT, _INSTRUCTIONS_TOP + index * _AMOUNT, _RIGHT, _AMOUNT, right=True)
        for index, (name, label) in enumerate(AMOUNTS)
    ),
    Box("payer", "Pagador", 0, _PAYER_TOP, WIDTH, _PAYER_HEIGHT),
)

PAYER_TEXT = Box("payer_text", "", 12 * mm, _PAYER_TOP - 2.6 * mm, WIDTH - 12 * mm, _PAYER_HEIGHT)
"""Beside its label, so that guarantor and write-off code have a line below."""

RECEIPT_HEIGHT = _HEAD + 3 * _ROW + 2 * mm
RECEIPT: Sequence[Box] = (
    *_row(
        _HEAD,
        ("beneficiary", "Beneficiário", 0),
        right=("beneficiary_code", "Agência / Código do beneficiário"),
        height=_ROW + 2 * mm,
    ),
    *_row(
        _HEAD + _ROW + 2 * mm,
        ("payer_name", "Pagador", 78),
        ("document_number", "Número do documento", 0),
        right=("nosso_numero", "Nosso número"),
    ),
    *_row(
        _HEAD + 2 * _ROW + 2 * mm,
        ("payer_document", "CPF / CNPJ do pagador", 42),
        ("due_on", "Vencimento", 36),
        ("carteira", "Carteira", 0),
        right=("amount", "Valor do documento"),
        bold=True,
    ),
)


def draw_frame(canvas: Any, boxes: Sequence[Box], height: float, title: str) -> None:
    """Boxes and labels, with the upper left corner at (0, height)."""
    canvas.setLineWidth(0.5)
    canvas.setStrokeGray(0)
    canvas.setFillGray(0.25)
    canvas.setFont("Helvetica", _SMALL)
    for box in boxes:
        canvas.rect(box.x, height - box.top - box.height, box.width, box.height)
        canvas.drawString(box.x + 1.4 * mm, height - box.top - 2.3 * mm, box.label)
    canvas.drawRightString(WIDTH, height - boxes[-1].top - boxes[-1].height - 3 * mm, title)
    canvas.setLineWidth(1)
    canvas.line(38 * mm, height - _HEAD + 0.5, 38 * mm, height - 1 * mm)
    canvas.line(54 * mm, height - _HEAD + 0.5, 54 * mm, height - 1 * mm)
    canvas.line(0, height - _HEAD, WIDTH, height - _HEAD)


def draw_guarantor(canvas: Any, height: float) -> None:
    """Labels at the foot of the payer's box; nobody guarantees a title, and the bank fills in the code."""
    baseline = height - _PAYER_TOP - _PAYER_HEIGHT + 0.9 * mm
    canvas.setFont("Helvetica", _SMALL)
    canvas.drawString(1.4 * mm, baseline, "Sacador/avalista")
    canvas.drawString(_LEFT + 1.4 * mm, baseline, "Cód. baixa")


def draw_head(canvas: Any, bank: str, code: str, linha: str, x: float, top: float) -> None:
    """Bank, its code and the linha digitável, over the frame."""
    baseline = top - _HEAD + 1.8 * mm
    canvas.setFillGray(0)
    draw_text(canvas, bank, x + 1 * mm, baseline, "Helvetica-Bold", 12, 36 * mm)
    draw_narrow(canvas, code, x + 46 * mm, baseline, "Helvetica-Bold", CODE_SIZE, 14 * mm, "center")
    draw_narrow(canvas, linha, x + WIDTH, baseline, "Helvetica-Bold", LINHA_SIZE, 124 * mm, "right")


def draw_values(
    canvas: Any, boxes: Sequence[Box], values: Mapping[str, str], x: float, top: float,
    plain: float = _VALUE, rise: float = 1.3 * mm,
) -> None:  # fmt: skip
    """One line of value in each box, of `plain` points and `rise` above the box's lower edge."""
    for box in boxes:
        value = values.get(box.name)
        if value:
            baseline = top - box.top - box.height + rise
            font, size = ("Helvetica-Bold", plain + 1) if box.bold else ("Helvetica", plain)
            width = box.width - 2.8 * mm
            if box.right:
                draw_text(
                    canvas, value, x + box.x + box.width - 1.4 * mm, baseline, font, size, width, "right"
                )
            else:
                draw_text(canvas, value, x + box.x + 1.4 * mm, baseline, font, size, width)


def draw_text(
    canvas: Any, text: str, x: float, y: float, font: str, size: float, width: float, align: str = "left"
) -> None:  # fmt: skip
    """One line at (x, y), aligned left, center or right; wider than `width`, it is set smaller (down to two thirds), then cut."""
    natural = _width(text, font) * size
    if natural > width:
        size = max(size * width / natural, size * 2 / 3)
        while len(text) > 1 and _width(text, font) * size > width:
            text = text[:-2].rstrip() + "…"
        natural = _width(text, font) * size
    canvas.setFont(font, size)
    canvas.drawString(x - natural * _SHIFT[align], y, text)


def draw_narrow(
    canvas: Any, text: str, x: float, y: float, font: str, size: float, width: float, align: str
) -> None:  # fmt: skip
    """As `draw_text`, but a text that is too wide keeps its height: its letters are narrowed."""
    natural = _width(text, font) * size
    scale = min(1, width / natural)
    drawn = canvas.beginText(x - natural * scale * _SHIFT[align], y)
    drawn.setFont(font, size)
    drawn.setHorizScale(100 * scale)
    drawn.textOut(text)
    drawn.setHorizScale(100)
    canvas.drawText(drawn)


def draw_paragraph(
    canvas: Any, texts: Iterable[str], x: float, top: float, box: Box, size: float, beside: float = 0
) -> None:  # fmt: skip
    """Lines under the box's label, as many as there are, set smaller where they are many; `beside` is kept free at the right."""
    width, height = box.width - 2.4 * mm - beside, box.height - 3.2 * mm
    lines, size = _fitted([text for text in texts if text], width, size, height)
    baseline = top - box.top - 2.8 * mm - size
    for line in lines:
        draw_text(canvas, line, x + box.x + 1.4 * mm, baseline, "Helvetica", size, width)
        baseline -= size * _LEADING


def _fitted(texts: Sequence[str], width: float, size: float, height: float) -> tuple[list[str], float]:
    """The texts in lines no wider than `width`, and the size at which they stand in `height`: down to 5 points, then the rest is cut."""
    while True:
        lines = [line for text in texts for line in _wrapped(text, width / size)]
        room = max(1, int((height + 0.2 * size) / (size * _LEADING)))
        if len(lines) <= room:
            return lines, size
        if size <= _SMALLEST:
            return [*lines[: room - 1], f"{lines[room - 1].rstrip('.')}…"], size
        size = max(_SMALLEST, size - 0.4)


def _wrapped(text: str, width: float) -> list[str]:
    """At size 1, broken between words."""
    if _width(text, "Helvetica") <= width:
        return [text]
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer, "Helvetica") > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


_LEADING = 1.2
"""From a line to the next, in sizes."""
_SMALLEST = 5
_SHIFT = {"left": 0.0, "center": 0.5, "right": 1.0}


@lru_cache(maxsize=8192)
def _width(text: str, font: str) -> float:
    """At size 1."""
    return float(stringWidth(text, font, 1))


def box(name: str) -> Box:
    return next(candidate for candidate in SHEET if candidate.name == name)
