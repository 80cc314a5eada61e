"""The payment booklet (carnê): three boletos to a page, each with a stub at the left for the payer to keep.

Cut along the dashed lines, each compensation sheet has the measures of Banco Central, Carta-Circular 2.926/2000: 99 by 172 mm (95 to 108
by 170 to 216), the barcode's middle 12 mm above the lower edge and its start 5 mm from the left one, the bank's code 5 mm tall and the
linha digitável 3.5 mm. The same documents are the same bytes.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from billing.banking import boleto_sheet as sheet
from billing.banking.boleto.bank import Bank, of
from billing.banking.boleto.linha_digitavel import formatted
from billing.banking.boleto_document import (
    BoletoDocument,
    box_values,
    document_text,
    payer_lines,
    payment_instructions,
)
from billing.banking.boleto_sheet import Box
from billing.banking.symbols import BARCODE_HEIGHT, draw_barcode, draw_qr

TO_A_PAGE = 3
_PAGE_WIDTH, _PAGE_HEIGHT = A4
_SLIP = _PAGE_HEIGHT / TO_A_PAGE
_CUT = 38 * mm
"""Where the stub ends."""
_TOP = _SLIP - 4.8 * mm
"""Of stub and sheet, above the slip's lower edge: printers leave the paper's edge blank."""
_HEAD, _ROW, _AMOUNT, _STUB_ROW = 8.2 * mm, 6 * mm, 5.4 * mm, 5.9 * mm
_STUB_X, _STUB_WIDTH, _INSTALMENT = 5 * mm, 31 * mm, 11 * mm
_SHEET_X, _SHEET_WIDTH = _CUT + 3 * mm, 164 * mm
_RIGHT = 40 * mm
_LEFT = _SHEET_WIDTH - _RIGHT
_BANK_WIDTH, _CODE_WIDTH = 30 * mm, 16.5 * mm
_QR_SIDE, _QR_QUIET = 22 * mm, 2.5 * mm
_FONT, _BOLD = "Helvetica", "Helvetica-Bold"
_LABEL, _VALUE, _RISE = 5.2, 7.6, 1.1 * mm


def _right_column() -> list[Box]:
    amounts = _HEAD + 3 * _ROW + 8 * mm
    rows = (
        ("due_on", "Vencimento", _HEAD, _ROW),
        ("beneficiary_code", "Agência / Código do beneficiário", _HEAD + _ROW, 8 * mm),
        ("nosso_numero", "Nosso número", _HEAD + _ROW + 8 * mm, _ROW),
        ("amount", "(=) Valor do documento", _HEAD + 2 * _ROW + 8 * mm, _ROW),
        *(
            (name, label, amounts + index * _AMOUNT, _AMOUNT)
            for index, (name, label) in enumerate(sheet.AMOUNTS)
        ),
    )
    return [
        Box(name, label, _LEFT, top, _RIGHT, height, right=True, bold=name in {"due_on", "amount"})
        for name, label, top, height in rows
    ]


def _row(top: float, *cells: tuple[str, str, float]) -> list[Box]:
    """Cells of the left side (name, label, width in mm); the last one takes the rest."""
    boxes, x = [], 0.0
    for index, (name, label, width) in enumerate(cells):
        own = _LEFT - x if index == len(cells) - 1 else width * mm
        boxes.append(Box(name, label, x, top, own, _ROW))
        x += own
    return boxes


_BENEFICIARY = Box("beneficiary", "Beneficiário", 0, _HEAD + _ROW, _LEFT, 8 * mm)
_INSTRUCTIONS = Box(
    "instructions",
    "Instruções (texto de responsabilidade do beneficiário)",
    0,
    _HEAD + 3 * _ROW + 8 * mm,
    _LEFT,
    5 * _AMOUNT,
)
_PAYER = Box("payer", "Pagador", 0, _INSTRUCTIONS.top + _INSTRUCTIONS.height, _SHEET_WIDTH, 12 * mm)
_PAYER_TEXT = Box("payer_text", "", 11 * mm, _PAYER.top - 2.6 * mm, _SHEET_WIDTH - 11 * mm, 13 * mm)
"""At the side of the label, so that the lines above guarantor and write-off code are three."""
_SHEET: Sequence[Box] = (
    *_row(_HEAD, ("place", "Local de pagamento", 0)),
    _BENEFICIARY,
    *_row(
        _HEAD + _ROW + 8 * mm,
        ("issued_on", "Data do documento", 22),
        ("document_number", "Número do documento", 38),
        ("especie", "Espécie doc.", 16),
        ("accepted", "Aceite", 12),
        ("processed_on", "Data do processamento", 0),
    ),
    *_row(
        _HEAD + 2 * _ROW + 8 * mm,
        ("bank_use", "Uso do banco", 22),
        ("carteira", "Carteira", 18),
        ("currency", "Espécie", 20),
        ("quantity", "Quantidade", 28),
        ("unit", "(x) Valor", 0),
    ),
    _INSTRUCTIONS,
    *_right_column(),
    _PAYER,
)


def _stub() -> list[Box]:
    fields = (
        ("plan", "Referente a", _STUB_ROW),
        ("period", "Período", _STUB_ROW),
        ("due_on", "Vencimento", _STUB_ROW),
        ("beneficiary_code", "Agência / Código do beneficiário", _STUB_ROW),
        ("nosso_numero", "Nosso número", _STUB_ROW),
        ("document_number", "Número do documento", _STUB_ROW),
        ("amount", "(=) Valor do documento", _STUB_ROW),
        *((name, label, _AMOUNT) for name, label in sheet.AMOUNTS if name != "deductions"),
        ("stub_beneficiary", "Beneficiário", 9.4 * mm),
        ("stub_payer", "Pagador", 9.4 * mm),
    )
    boxes, top = [], _HEAD
    for name, label, height in fields:
        width = _STUB_WIDTH if name != "due_on" else _STUB_WIDTH - _INSTALMENT
        boxes.append(Box(name, label, 0, top, width, height, bold=name in {"due_on", "amount"}))
        if name == "due_on":
            boxes.append(Box("instalment", "Parcela", width, top, _INSTALMENT, height))
        top += height
    return boxes


_STUB: Sequence[Box] = _stub()
_STUB_BENEFICIARY, _STUB_PAYER = _STUB[-2:]


def render_booklet(documents: Sequence[BoletoDocument]) -> bytes:
    """All documents in one PDF, in order. ValueError for one without a boleto, which cannot be in a booklet."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=1, invariant=1)
    canvas.setTitle("Carnê")
    canvas.setAuthor(documents[0].account.beneficiary_name)
    canvas.setCreator("Mensal")
    canvas.beginForm("slip", 0, 0, _PAGE_WIDTH, _SLIP + mm)
    _draw_frame(canvas)
    canvas.endForm()
    for index, document in enumerate(documents):
        place = index % TO_A_PAGE
        if index and not place:
            canvas.showPage()
        _draw_slip(canvas, document, _PAGE_HEIGHT - (place + 1) * _SLIP)
    canvas.save()
    return buffer.getvalue()


def _draw_frame(canvas: Any) -> None:
    """What is the same on every slip: boxes, labels and cutting lines, from the slip's lower left corner."""
    canvas.setLineWidth(0.5)
    canvas.setFillGray(0.2)
    canvas.setFont(_FONT, _LABEL)
    for left, boxes in ((_STUB_X, _STUB), (_SHEET_X, _SHEET)):
        for box in boxes:
            canvas.rect(left + box.x, _TOP - box.top - box.height, box.width, box.height)
            canvas.drawString(left + box.x + 1.2 * mm, _TOP - box.top - 2 * mm, box.label)
    below = _TOP - _PAYER.top - _PAYER.height - 2.4 * mm
    canvas.drawString(_SHEET_X + 1.2 * mm, below + 3 * mm, "Sacador/avalista")
    canvas.drawRightString(_SHEET_X + _SHEET_WIDTH - 22 * mm, below + 3 * mm, "Cód. baixa")
    canvas.drawRightString(_SHEET_X + _SHEET_WIDTH, below, "Autenticação mecânica – Ficha de compensação")
    last = _STUB[-1]
    canvas.drawString(_STUB_X, _TOP - last.top - last.height - 2.4 * mm, "Recibo do pagador")
    canvas.setLineWidth(1)
    for x in (_BANK_WIDTH, _BANK_WIDTH + _CODE_WIDTH):
        canvas.line(_SHEET_X + x, _TOP - _HEAD, _SHEET_X + x, _TOP - 0.8 * mm)
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(0.55)
    canvas.setDash(2, 2)
    canvas.line(_CUT, 0, _CUT, _SLIP)
    canvas.line(0, 0, _PAGE_WIDTH, 0)
    canvas.setDash()


def _draw_slip(canvas: Any, document: BoletoDocument, bottom: float) -> None:
    """One boleto with its lower left corner at (0, bottom)."""
    boleto = document.boleto
    if boleto is None:
        raise ValueError(f"{document.title} has no boleto to go into a booklet")
    bank = of(document.account.bank)
    canvas.saveState()
    canvas.translate(0, bottom)
    canvas.doForm("slip")
    canvas.setFillGray(0)
    _head(canvas, bank, formatted(boleto.linha_digitavel))
    values = box_values(document, boleto, bank) | {
        "plan": document.plan or document.title,
        "period": document.period,
        "instalment": document.instalment,
    }
    beneficiary = values.pop("beneficiary")
    sheet.draw_values(canvas, _SHEET, values, _SHEET_X, _TOP, _VALUE, _RISE)
    sheet.draw_values(canvas, _STUB, values, _STUB_X, _TOP, _VALUE, _RISE)
    sheet.draw_paragraph(canvas, [beneficiary], _SHEET_X, _TOP, _BENEFICIARY, _VALUE)
    sheet.draw_paragraph(canvas, payer_lines(document.payer), _SHEET_X, _TOP, _PAYER_TEXT, _VALUE)
    _stub_people(canvas, document)
    _instructions(canvas, document)
    draw_barcode(canvas, boleto.barcode, _CUT + 5 * mm, 12 * mm - BARCODE_HEIGHT / 2)
    canvas.restoreState()


def _head(canvas: Any, bank: Bank, linha: str) -> None:
    baseline = _TOP - _HEAD + 1.6 * mm
    code, end = f"{bank.code}-{bank.digit}", _SHEET_X + _SHEET_WIDTH
    sheet.draw_text(canvas, bank.name, _SHEET_X, baseline, _BOLD, 11, _BANK_WIDTH - mm)
    middle = _SHEET_X + _BANK_WIDTH + _CODE_WIDTH / 2
    sheet.draw_narrow(canvas, code, middle, baseline, _BOLD, sheet.CODE_SIZE, _CODE_WIDTH - 2 * mm, "center")
    left = _BANK_WIDTH + _CODE_WIDTH + 2 * mm
    sheet.draw_narrow(canvas, linha, end, baseline, _BOLD, sheet.LINHA_SIZE, _SHEET_WIDTH - left, "right")
    sheet.draw_text(canvas, f"{bank.name} {code}", _STUB_X, baseline, _BOLD, 8.5, _STUB_WIDTH)


def _stub_people(canvas: Any, document: BoletoDocument) -> None:
    account, payer = document.account, document.payer
    for box, number, name in (
        (_STUB_BENEFICIARY, account.beneficiary_document, account.beneficiary_name),
        (_STUB_PAYER, payer.document, payer.name),
    ):
        sheet.draw_paragraph(canvas, (document_text(number), name), _STUB_X, _TOP, box, _VALUE)


def _instructions(canvas: Any, document: BoletoDocument) -> None:
    said = payment_instructions(document.account, document.amount, document.due_on)
    beside = _QR_SIDE + 8.5 * mm if document.pix_emv else 0
    sheet.draw_paragraph(canvas, said, _SHEET_X, _TOP, _INSTRUCTIONS, _VALUE, beside)
    if not document.pix_emv:
        return
    left, bottom = _SHEET_X + _LEFT - _QR_SIDE - _QR_QUIET, _TOP - _INSTRUCTIONS.top - _INSTRUCTIONS.height
    draw_qr(canvas, document.pix_emv, left, bottom + _QR_QUIET, _QR_SIDE)
    canvas.saveState()
    canvas.translate(left - 2.6 * mm, bottom + _INSTRUCTIONS.height / 2)
    canvas.rotate(90)
    sheet.draw_text(canvas, "Pague com Pix", 0, 0, _BOLD, 7.6, _QR_SIDE, "center")
    canvas.restoreState()
