"""The two symbols of a boleto, drawn as vectors: the interleaved 2 of 5 barcode and the Pix QR code.

Barcode: FEBRABAN requires 103 mm by 13 mm, with wide bars three times as wide as the narrow ones (Itaú manual of July
2021, annex B, p. 66). Both are filled rectangles on whole units of a scaled coordinate system, so that no rounding
moves an edge.
"""

import re
from typing import Any

from reportlab.lib.units import mm

from billing.core.qr_code import dark_rows

BARCODE_WIDTH, BARCODE_HEIGHT = 103 * mm, 13 * mm

_WIDE_BARS = ("00110", "10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010")
_START, _STOP = "0000", "100"
_WIDTHS = {"0": 1, "1": 3}
_PAIRS = {
    f"{i}{j}": tuple(_WIDTHS[w] for both in zip(_WIDE_BARS[i], _WIDE_BARS[j], strict=True) for w in both)
    for i in range(10)
    for j in range(10)
}


def draw_barcode(canvas: Any, code: str, x: float, y: float) -> None:
    """Draw the barcode of the digits with its lower left corner at (x, y). An odd number of digits has no barcode:
    ValueError."""
    if len(code) % 2:
        raise ValueError("interleaved 2 of 5 takes an even count of digits")
    widths = [_WIDTHS[w] for w in _START]
    for i in range(0, len(code), 2):
        widths.extend(_PAIRS[code[i : i + 2]])
    widths.extend(_WIDTHS[w] for w in _STOP)
    bars = []
    position = 0
    for index, width in enumerate(widths):
        if not index % 2:
            bars.append((position, 0, width, 1))
        position += width
    _fill(canvas, bars, x, y, BARCODE_WIDTH / position, BARCODE_HEIGHT)


def draw_qr(canvas: Any, text: str, x: float, y: float, side: float) -> None:
    """Draw the QR code, `side` wide, with its lower left corner at (x, y); the caller leaves the quiet zone white."""
    rows = dark_rows(text)
    count = len(rows)
    runs = [
        (dark.start(), count - 1 - row, len(dark[0]), 1)
        for row, modules in enumerate(rows)
        for dark in re.finditer("1+", modules)
    ]
    _fill(canvas, runs, x, y, side / count, side / count)


def _fill(
    canvas: Any, boxes: list[tuple[int, int, int, int]], x: float, y: float, width: float, height: float
) -> None:
    """Fill black rectangles on a grid of `width` by `height` points."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(width, height)
    canvas.setFillGray(0)
    canvas.addLiteral(
        " ".join([f"{left} {bottom} {wide} {high} re" for left, bottom, wide, high in boxes]) + " f"
    )
    canvas.restoreState()
