"""Reads returns of Bradesco, CNAB 240. Notes are those of the manual named in `cnab240`."""

from collections.abc import Mapping

from billing.banking.layouts.bradesco import cnab240 as records
from billing.banking.layouts.febraban_240_return import completed, layout_of
from billing.banking.layouts.febraban_codes import OCCURRENCES, REASONS
from billing.banking.occurrences import SETTLEMENTS, Occurrence, OccurrenceCode, OccurrenceKind

_OWN = {
    "73": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de recebimento do pedido de negativação"
    )
}  # C044
_REJECTIONS = {  # C047 A
    "18": "Vencimento fora do prazo da operação",
    "38": "Prazo para protesto/negativação inválido",
    "39": "Pedido de protesto/negativação não permitido para o título",
    "40": "Título com ordem/pedido de protesto/negativação emitida(o)",
    "41": "Pedido de sustação/exclusão para título sem instrução de protesto/negativação",
}
_TARIFFS = {  # C047 B
    "03": "Tarifa de sustação/exclusão de negativação",
    "04": "Tarifa de protesto/inclusão de negativação",
}
_PARTIAL = "18"
_SETTLEMENTS = {_PARTIAL: "Pagamento parcial"}  # C047 C
_REASONS: Mapping[str, Mapping[str, str]] = {
    **{code: {**REASONS[code], **_REJECTIONS} for code in ("02", "03", "26", "30")},
    "28": {**REASONS["28"], **_TARIFFS},
    **{code: {**REASONS[code], **_SETTLEMENTS} for code in ("06", "09", "17")},
}
_SHARED = layout_of("237", records, {**OCCURRENCES, **_OWN}, _REASONS, number=str.strip)


def _completed(occurrence: Occurrence, _t: str, _u: str, _raw: tuple[str, ...]) -> Occurrence:
    if occurrence.kind in SETTLEMENTS and any(reason.code == _PARTIAL for reason in occurrence.reasons):
        return occurrence._replace(kind=OccurrenceKind.PARTIALLY_SETTLED)
    return occurrence


LAYOUT = completed(_SHARED, _completed)
