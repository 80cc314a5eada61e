"""C6 Bank, CNAB 400: occurrences of the return (D054) and the reasons that its manual gives (D063), both of the manual
in `cnab400`.

The manual leaves the table of reasons to a separate spreadsheet, which is not available; it gives four reasons, for
fields that cannot be read.
"""

from collections.abc import Mapping

from billing.banking.occurrences import OccurrenceCode, OccurrenceKind

OCCURRENCES: Mapping[str, OccurrenceCode] = {
    "02": OccurrenceCode(OccurrenceKind.REGISTERED, "Entrada confirmada"),
    "03": OccurrenceCode(OccurrenceKind.REJECTED, "Entrada rejeitada"),
    "04": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Alteração de dados (entrada)"),
    "05": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Alteração de dados (baixa)"),
    "06": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação normal"),
    "07": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação após baixa"),
    "08": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação em cartório"),
    "09": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa simples"),
    "10": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa comandada do cliente arquivo"),
    "12": OccurrenceCode(OccurrenceKind.REBATE_GRANTED, "Abatimento concedido"),
    "13": OccurrenceCode(OccurrenceKind.REBATE_CANCELLED, "Abatimento cancelado"),
    "14": OccurrenceCode(OccurrenceKind.DUE_DATE_CHANGED, "Vencimento alterado"),
    "15": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Baixa rejeitada"),
    "16": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Instrução rejeitada"),
    "17": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Alterações de dados rejeitadas"),
    "19": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirma instrução de protesto"),
    "20": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirma instrução de sustação de protesto"),
    "21": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirma instrução de não protestar"),
    "23": OccurrenceCode(OccurrenceKind.PROTESTED, "Protesto enviado a cartório"),
    "29": OccurrenceCode(
        OccurrenceKind.OTHER, "Sacado não retirou boleto eletronicamente, enviado para correio"
    ),
    "32": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa por ter sido protestado"),
    "35": OccurrenceCode(OccurrenceKind.OTHER, "Alegações do sacado"),
    "36": OccurrenceCode(OccurrenceKind.TARIFF, "Custas de edital"),
    "37": OccurrenceCode(OccurrenceKind.TARIFF, "Custas de sustação judicial"),
    "38": OccurrenceCode(OccurrenceKind.OTHER, "Título sustado judicialmente"),
    "65": OccurrenceCode(OccurrenceKind.OTHER, "Pagamento com cheque: aguardando compensação"),
    "69": OccurrenceCode(OccurrenceKind.OTHER, "Cancelamento de liquidação por cheque devolvido"),
    "71": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Protesto cancelado pelo cartório"),
    "72": OccurrenceCode(OccurrenceKind.OTHER, "Baixa operacional"),
    "74": OccurrenceCode(OccurrenceKind.OTHER, "Cancelamento da baixa operacional"),
    "75": OccurrenceCode(OccurrenceKind.PARTIALLY_SETTLED, "Pagamento parcial"),
    "90": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Instrução de protesto rejeitada"),
    "95": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Troca uso empresa"),
    "96": OccurrenceCode(OccurrenceKind.TARIFF, "Emissão de extrato de movimentação da carteira"),
    "97": OccurrenceCode(OccurrenceKind.TARIFF, "Tarifa de sustação de protesto"),
    "98": OccurrenceCode(OccurrenceKind.TARIFF, "Tarifa de protesto"),
    "99": OccurrenceCode(OccurrenceKind.TARIFF, "Custas de protesto"),
}

_INVALID = "Caractere ou campo inválido"
_REASONS: Mapping[str, str] = {
    "9005": "Campo numérico inválido",
    "9006": _INVALID,
    "9007": "Campo tipo data inválido",
    "9008": _INVALID,
}
REASONS: Mapping[str, Mapping[str, str]] = dict.fromkeys(("03", "15", "16", "17", "90"), _REASONS)
