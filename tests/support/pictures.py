"""What a reader sees on paper: the page as a picture, and the symbols that are found on it."""

from typing import NamedTuple

import pypdfium2
import zxingcpp

DPI = 150
"""That of a cheap office printer; a symbol that can be read at this resolution can be read anywhere."""


class Symbol(NamedTuple):
    kind: str
    """ITF or QR Code."""
    text: str
    left: float
    right: float
    upper: float
    lower: float
    """Edges in mm from the upper left corner of the page."""


def symbols(pdf: bytes, page: int = 0, dpi: int = DPI) -> list[Symbol]:
    """From the top of the page to the bottom."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=dpi / 72).to_pil().convert("L")
    marks = []
    for seen in zxingcpp.read_barcodes(picture):
        corners = seen.position.top_left, seen.position.bottom_right
        across, down = ([getattr(corner, axis) * 25.4 / dpi for corner in corners] for axis in "xy")
        marks.append(Symbol(str(seen.format), seen.text, *across, *down))
    return sorted(marks, key=lambda symbol: symbol.upper)
