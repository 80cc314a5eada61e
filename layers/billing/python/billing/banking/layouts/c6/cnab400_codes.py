"""C6 Bank, CNAB 400: occurrences of the return (D054) and the reasons that its manual shows (D063), that of `cnab400`.

The manual leaves the table of reasons to a spreadsheet apart, which is not here; it shows four, those of a field that cannot be read.
"""

from collections.abc import Mapping

from billing.banking.occurrences import Kind, Movement

OCCURRENCES: Mapping[str, Movement] = {
    "02": Movement(Kind.REGISTERED, "Entrada confirmada"),
    "03": Movement(Kind.REJECTED, "Entrada rejeitada"),
    "04": Movement(Kind.INSTRUCTION_ACCEPTED, "Alteração de dados (entrada)"),
    "05": Movement(Kind.WRITTEN_OFF, "Alteração de dados (baixa)"),
    "06": Movement(Kind.SETTLED, "Liquidação normal"),
    "07": Movement(Kind.SETTLED, "Liquidação após baixa"),
    "08": Movement(Kind.SETTLED, "Liquidação em cartório"),
    "09": Movement(Kind.WRITTEN_OFF, "Baixa simples"),
    "10": Movement(Kind.WRITTEN_OFF, "Baixa comandada do cliente arquivo"),
    "12": Movement(Kind.REBATE_GRANTED, "Abatimento concedido"),
    "13": Movement(Kind.REBATE_CANCELLED, "Abatimento cancelado"),
    "14": Movement(Kind.DUE_DATE_CHANGED, "Vencimento alterado"),
    "15": Movement(Kind.INSTRUCTION_REJECTED, "Baixa rejeitada"),
    "16": Movement(Kind.INSTRUCTION_REJECTED, "Instrução rejeitada"),
    "17": Movement(Kind.INSTRUCTION_REJECTED, "Alterações de dados rejeitadas"),
    "19": Movement(Kind.INSTRUCTION_ACCEPTED, "Confirma instrução de protesto"),
    "20": Movement(Kind.INSTRUCTION_ACCEPTED, "Confirma instrução de sustação de protesto"),
    "21": Movement(Kind.INSTRUCTION_ACCEPTED, "Confirma instrução de não protestar"),
    "23": Movement(Kind.PROTESTED, "Protesto enviado a cartório"),
    "29": Movement(Kind.OTHER, "Sacado não retirou boleto eletronicamente, enviado para correio"),
    "32": Movement(Kind.WRITTEN_OFF, "Baixa por ter sido protestado"),
    "35": Movement(Kind.OTHER, "Alegações do sacado"),
    "36": Movement(Kind.TARIFF, "Custas de edital"),
    "37": Movement(Kind.TARIFF, "Custas de sustação judicial"),
    "38": Movement(Kind.OTHER, "Título sustado judicialmente"),
    "65": Movement(Kind.OTHER, "Pagamento com cheque: aguardando compensação"),
    "69": Movement(Kind.OTHER, "Cancelamento de liquidação por cheque devolvido"),
    "71": Movement(Kind.INSTRUCTION_ACCEPTED, "Protesto cancelado pelo cartório"),
    "72": Movement(Kind.OTHER, "Baixa operacional"),
    "74": Movement(Kind.OTHER, "Cancelamento da baixa operacional"),
    "75": Movement(Kind.PARTIALLY_SETTLED, "Pagamento parcial"),
    "90": Movement(Kind.INSTRUCTION_REJECTED, "Instrução de protesto rejeitada"),
    "95": Movement(Kind.INSTRUCTION_ACCEPTED, "Troca uso empresa"),
    "96": Movement(Kind.TARIFF, "Emissão de extrato de movimentação da carteira"),
    "97": Movement(Kind.TARIFF, "Tarifa de sustação de protesto"),
    "98": Movement(Kind.TARIFF, "Tarifa de protesto"),
    "99": Movement(Kind.TARIFF, "Custas de protesto"),
}

_INVALID = "Caractere ou campo inválido"
_REASONS: Mapping[str, str] = {
    "9005": "Campo numérico inválido",
    "9006": _INVALID,
    "9007": "Campo tipo data inválido",
    "9008": _INVALID,
}
REASONS: Mapping[str, Mapping[str, str]] = dict.fromkeys(("03", "15", "16", "17", "90"), _REASONS)
