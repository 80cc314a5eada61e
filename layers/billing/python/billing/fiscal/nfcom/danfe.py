"""DANFE-COM: the printed NFCom that the customer gets, with QR code, key, the boleto's barcode and Pix (FIS-05).

MOC NFCom 1.00a, items 2.1.2, 9 and 11, and Anexo II as two public programs read it: eight divisions, placed freely. A note
of the test environment states that it has no fiscal value; a cancelled or substituted one says so across the page. Pure: the
same note gives the same bytes.
"""

from enum import StrEnum
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from billing.banking.boleto import linha_digitavel
from billing.banking.boleto_sheet import draw_text
from billing.banking.symbols import draw_barcode, draw_qr
from billing.core.errors import InvalidInput
from billing.fiscal.nfcom.access_key import in_blocks
from billing.fiscal.nfcom.printed import PrintedLine, PrintedNote, printed_note

rl_config.useA85 = 0  # binary streams, as the boletos'

_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT, _BOTTOM = 12 * mm, _WIDTH - 12 * mm, 12 * mm
_FULL = _RIGHT - _LEFT
_INK, _MUTED, _ACCENT = (0.13, 0.16, 0.2), (0.42, 0.46, 0.52), (0.09, 0.32, 0.55)
_RULE, _TINT = (0.85, 0.87, 0.9), (0.94, 0.96, 0.98)
_FONT, _BOLD = "Helvetica", "Helvetica-Bold"
_TITLE = (
    "DANFE-COM",
    "Documento Auxiliar da Nota Fiscal Fatura",
    "de Serviços de Comunicação Eletrônica",
)
_QR = 34 * mm
_ROW = 5.2 * mm
_PIX_PAYLOAD = "000201"
"""How a Pix "copia e cola" begins; an address is printed as text."""

_COLUMNS = (
    ("Código", "code", 0, 20, "left"),
    ("Descrição", "description", 21, 60, "left"),
    ("Un.", "unit", 82, 8, "left"),
    ("Quant.", "quantity", 103, 14, "right"),
    ("Unitário", "unit_price", 120, 16, "right"),
    ("Valor", "amount", 135, 14, "right"),
    ("PIS/COFINS", "contributions", 150, 13, "right"),
    ("Base ICMS", "icms_base", 165, 14, "right"),
    ("%", "icms_percent", 174, 8, "right"),
    ("ICMS", "icms", 186, 11, "right"),
)
"""Label, field, edge from the left margin and width in mm, alignment."""


class DanfeOverlay(StrEnum):
    """O que se escreve por cima da página de uma nota que não vale mais."""

    CANCELLED = "CANCELADA"
    SUBSTITUTED = "SUBSTITUÍDA"


def draw_danfe(note: bytes, overlay: DanfeOverlay | None = None) -> bytes:
    """The PDF of a signed NFCom, or of the kept file with its protocol."""
    printed = printed_note(note)
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1, invariant=1)
    canvas.setTitle(f"NFCom {printed.number} – {printed.issuer[0]}")
    canvas.setAuthor(printed.issuer[0])
    _Page(canvas, printed, overlay).draw()
    canvas.save()
    return buffer.getvalue()


class _Page:
    """Drawn from the top down; `top` is where the next division begins. Items that do not fit continue on more pages."""

    def __init__(self, canvas: Canvas, note: PrintedNote, overlay: DanfeOverlay | None) -> None:
        self.canvas = canvas
        self.note = note
        self.overlay = overlay
        self.top = 0.0

    def draw(self) -> None:
        self._begin()
        self._customer()
        self._identification()
        self._items()
        self._totals()
        self._payment()
        self._notes()

    def _begin(self) -> None:
        """Issuer and title on each page, with the overlay."""
        note, canvas = self.note, self.canvas
        across = self.overlay.value if self.overlay else "SEM VALOR FISCAL" if note.is_test else None
        if across:
            self._across(across)
        canvas.setFillColorRGB(*_ACCENT)
        canvas.rect(0, _HEIGHT - 3 * mm, _WIDTH, 3 * mm, stroke=0, fill=1)
        top, wide = _HEIGHT - 13 * mm, 112 * mm
        self._write(note.issuer[0], _LEFT, top, _BOLD, 13, _INK, wide)
        for row, text in enumerate(note.issuer[1:], start=1):
            self._write(text, _LEFT, top - row * 4.2 * mm, _FONT, 8, _MUTED, wide)
        self._write(_TITLE[0], _RIGHT, top, _BOLD, 14, _ACCENT, 70 * mm, "right")
        for row, text in enumerate(_TITLE[1:], start=1):
            self._write(text, _RIGHT, top - row * 4.2 * mm, _FONT, 8, _MUTED, 70 * mm, "right")
        self._write(f"Página {canvas.getPageNumber()}", _RIGHT, 7 * mm, _FONT, 7, _MUTED, 30 * mm, "right")
        self._write(f"NFCom {note.number}, série {note.series}", _LEFT, 7 * mm, _FONT, 7, _MUTED, 90 * mm)
        self.top = top - max(len(note.issuer), 4) * 4.2 * mm - 2 * mm

    def _across(self, text: str) -> None:
        canvas = self.canvas
        canvas.saveState()
        canvas.translate(_WIDTH / 2, _HEIGHT / 2)
        canvas.rotate(52)
        canvas.setFillColorRGB(0.9, 0.9, 0.92)
        canvas.setFont(_BOLD, 58)
        canvas.drawCentredString(0, 0, text)
        canvas.restoreState()

    def _customer(self) -> None:
        note, height = self.note, 28.5 * mm
        self._box(height)
        self._write("Cliente", _LEFT + 3 * mm, self.top - 4 * mm, _FONT, 7, _MUTED, 40 * mm)
        for row, text in enumerate(note.customer):
            font, size = (_BOLD, 10) if row == 0 else (_FONT, 8)
            self._write(text, _LEFT + 3 * mm, self.top - (8.6 + row * 4.2) * mm, font, size, _INK, 106 * mm)
        facts = (
            ("Referência", note.month, 9),
            ("Vencimento", note.due_on, 9),
            ("Total a pagar", note.net, 9),
        )
        for position, (label, value, size) in enumerate(facts):
            x = _RIGHT - 72 * mm + position * 23 * mm
            self._write(label, x, self.top - 8 * mm, _FONT, 7, _MUTED, 22 * mm)
            strong = size + 2 if position == 2 else size
            self._write(
                value, x, self.top - 13.5 * mm, _BOLD, strong, _ACCENT if position == 2 else _INK, 23 * mm
            )
        if note.used:
            self._write(
                f"Período de uso: {note.used}", _RIGHT - 72 * mm, self.top - 21 * mm, _FONT, 8, _INK, 70 * mm
            )
        self.top -= height + 4 * mm

    def _identification(self) -> None:
        note, x = self.note, _LEFT + _QR + 5 * mm
        draw_qr(self.canvas, note.qr_url, _LEFT, self.top - _QR, _QR)
        wide = _RIGHT - x
        heading = f"NFCom nº {note.number}   Série {note.series}   Emissão {note.issued_at}"
        self._write(heading, x, self.top - 5 * mm, _BOLD, 10, _INK, wide)
        self._write("Chave de acesso", x, self.top - 10.5 * mm, _FONT, 7, _MUTED, wide)
        self._write(in_blocks(note.key), x, self.top - 15 * mm, _BOLD, 9.5, _INK, wide)
        self._write("Consulte pela chave de acesso em", x, self.top - 20.5 * mm, _FONT, 7, _MUTED, wide)
        self._write(note.consultation, x, self.top - 24.5 * mm, _FONT, 8.5, _INK, wide)
        if note.is_contingency and note.protocol is None:
            self._write("EMITIDA EM CONTINGÊNCIA", x, self.top - 31 * mm, _BOLD, 10, _ACCENT, wide)
        elif note.protocol is not None:
            protocol = f"Protocolo de autorização {note.protocol}"
            self._write(protocol, x, self.top - 31 * mm, _FONT, 8.5, _INK, wide)
        self.top -= _QR + 5 * mm

    def _items(self) -> None:
        self._columns()
        for line in self.note.lines:
            if self._need(_ROW):
                self._columns()
            self._item(line)
        self.top -= 3 * mm

    def _columns(self) -> None:
        self.canvas.setFillColorRGB(*_TINT)
        self.canvas.rect(_LEFT, self.top - _ROW, _FULL, _ROW, stroke=0, fill=1)
        for label, _, edge, width, align in _COLUMNS:
            self._write(label, _LEFT + edge * mm, self.top - 3.6 * mm, _BOLD, 7, _MUTED, width * mm, align)
        self.top -= _ROW

    def _item(self, line: PrintedLine) -> None:
        for _, field, edge, width, align in _COLUMNS:
            text = getattr(line, field)
            self._write(text, _LEFT + edge * mm, self.top - 3.7 * mm, _FONT, 7.5, _INK, width * mm, align)
        self.top -= _ROW
        self._rule()

    def _totals(self) -> None:
        amounts, share = self.note.totals, 6
        rows = -(-len(amounts) // share)
        self._need(rows * 9 * mm + 12 * mm)
        self._heading("Totais e tributos")
        for position, (label, amount) in enumerate(amounts):
            x = _LEFT + position % share * _FULL / share
            y = self.top - position // share * 9 * mm
            self._write(label, x, y - 3 * mm, _FONT, 7, _MUTED, _FULL / share - 2 * mm)
            self._write(amount, x, y - 6.8 * mm, _BOLD, 8.5, _INK, _FULL / share - 2 * mm)
        self.top -= rows * 9 * mm + 3 * mm

    def _payment(self) -> None:
        note = self.note
        if note.typed_line is None:
            return
        payload = note.pix if note.pix and note.pix.startswith(_PIX_PAYLOAD) else None
        height = 36 * mm if payload else 26 * mm
        self._need(height + 8 * mm)
        self._heading("Pagamento")
        try:
            barcode = linha_digitavel.to_barcode(note.typed_line)
        except InvalidInput:  # not a bank's boleto: digits only
            self._write(note.typed_line, _LEFT, self.top - 5 * mm, _BOLD, 10, _INK, _FULL)
        else:
            typed = linha_digitavel.formatted(note.typed_line)
            self._write(typed, _LEFT, self.top - 5 * mm, _BOLD, 10, _INK, 130 * mm)
            draw_barcode(self.canvas, barcode, _LEFT, self.top - 21 * mm)
        if payload:
            draw_qr(self.canvas, payload, _RIGHT - 32 * mm, self.top - 33 * mm, 32 * mm)
            self._write(
                "Pague com Pix", _RIGHT - 36 * mm, self.top - 5 * mm, _BOLD, 9, _ACCENT, 30 * mm, "right"
            )
        elif note.pix:
            self._write(f"Pix: {note.pix}", _LEFT, self.top - 25.5 * mm, _FONT, 7.5, _INK, _FULL)
        self.top -= height

    def _notes(self) -> None:
        for heading, texts in (
            ("Informações do contribuinte", self.note.observations),
            ("Reservado ao fisco", [self.note.for_tax_office]),
        ):
            self._need(14 * mm)
            self._heading(heading)
            for text in texts:
                for line in simpleSplit(text, _FONT, 8, _FULL):
                    self._need(4 * mm)
                    self._write(line, _LEFT, self.top - 3 * mm, _FONT, 8, _INK, _FULL)
                    self.top -= 4 * mm
            self.top -= 3 * mm

    def _heading(self, text: str) -> None:
        self._write(text, _LEFT, self.top - 3 * mm, _BOLD, 8.5, _ACCENT, _FULL)
        self.top -= 4.5 * mm
        self._rule()

    def _need(self, height: float) -> bool:
        """Make room for `height` above the margin, on a new page if this one has too little. Returns whether it is new."""
        if self.top - height >= _BOTTOM:
            return False
        self.canvas.showPage()
        self._begin()
        return True

    def _box(self, height: float) -> None:
        self.canvas.setFillColorRGB(*_TINT)
        self.canvas.roundRect(_LEFT, self.top - height, _FULL, height, 2 * mm, stroke=0, fill=1)

    def _rule(self) -> None:
        self.canvas.setStrokeColorRGB(*_RULE)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(_LEFT, self.top, _RIGHT, self.top)

    def _write(
        self, text: str, x: float, y: float, font: str, size: float, color: tuple[float, float, float], width: float,
        align: str = "left",
    ) -> None:  # fmt: skip
        self.canvas.setFillColorRGB(*color)
        draw_text(self.canvas, text, x, y, font, size, width, align)
