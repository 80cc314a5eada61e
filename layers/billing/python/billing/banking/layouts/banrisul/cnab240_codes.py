"""Banrisul, CNAB 240: occurrences of the return (p. 22-23) and their reasons (p. 25-26, 34-36), of the manual in `cnab240`."""

from collections.abc import Mapping

from billing.banking.layouts.banrisul.cnab400_codes import REJECTIONS
from billing.banking.occurrences import OccurrenceCode, OccurrenceKind

OCCURRENCES: Mapping[str, OccurrenceCode] = {
    "02": OccurrenceCode(OccurrenceKind.REGISTERED, "Entrada confirmada"),
    "03": OccurrenceCode(OccurrenceKind.REJECTED, "Entrada rejeitada"),
    "04": OccurrenceCode(
        OccurrenceKind.OTHER, "Reembolso e transferência de desconto e vendor, ou transferência de carteira"
    ),
    "05": OccurrenceCode(OccurrenceKind.OTHER, "Reembolso e devolução de desconto e vendor"),
    "06": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação"),
    "09": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa"),
    "11": OccurrenceCode(OccurrenceKind.OTHER, "Título em carteira (em ser)"),
    "12": OccurrenceCode(
        OccurrenceKind.REBATE_GRANTED, "Confirmação de recebimento da instrução de abatimento"
    ),
    "13": OccurrenceCode(
        OccurrenceKind.REBATE_CANCELLED,
        "Confirmação de recebimento da instrução de cancelamento de abatimento",
    ),
    "14": OccurrenceCode(
        OccurrenceKind.DUE_DATE_CHANGED, "Confirmação da instrução de alteração de vencimento"
    ),
    "15": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de protesto imediato por falência"
    ),
    "17": OccurrenceCode(
        OccurrenceKind.SETTLED, "Liquidação após baixa ou liquidação de título não registrado"
    ),
    "19": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de recebimento da instrução de protesto"
    ),
    "20": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED,
        "Confirmação de recebimento da instrução de sustação ou cancelamento de protesto",
    ),
    "23": OccurrenceCode(OccurrenceKind.PROTESTED, "Remessa a cartório (aponte em cartório)"),
    "25": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Protestado e baixado (baixa por ter sido protestado)"),
    "26": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Instrução rejeitada"),
    "27": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do pedido de alteração de outros dados"
    ),
    "28": OccurrenceCode(OccurrenceKind.TARIFF, "Débito de tarifas e custas"),
    "30": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Alteração de dados rejeitada"),
    "AA": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Devolução, liquidado anteriormente (CCB)"),
    "AB": OccurrenceCode(OccurrenceKind.OTHER, "Cobrança a creditar (em trânsito)"),
    "AC": OccurrenceCode(OccurrenceKind.OTHER, "Situação do título: cartório"),
}

_REJECTIONS = {  # p. 34-36
    **REJECTIONS,
    "02": "Código de registro detalhe inválido",
    "03": "Código do segmento inválido",
    "06": "Tipo ou número de inscrição do beneficiário inválido",
    "07": "Agência, conta ou dígito inválido",
    "11": "Forma de cadastramento do título inválida",
    "12": "Tipo de documento inválido",
    "13": "Identificação da emissão do boleto inválida",
    "14": "Identificação da distribuição do boleto inválida",
    "19": "Título a cargo de bancos correspondentes com vencimento próximo demais",
    "22": "Espécie não permitida para a carteira",
    "35": "Abatimento a conceder não confere",
    "36": "Concessão de abatimento: já existe abatimento anterior",
    "51": "CEP incompatível com a unidade da federação",
}

_SETTLEMENTS = {
    "01": "Por saldo",
    "02": "Por conta (parcial)",
    "03": "No próprio banco",
    "04": "Compensação eletrônica",
    "05": "Compensação convencional",
    "06": "Por meio eletrônico",
    "08": "Em cartório",
}

_WRITE_OFFS = {
    "09": "Comandada pelo banco",
    "10": "Comandada pelo cliente, por arquivo",
    "11": "Comandada pelo cliente, on-line",
    "12": "Decurso de prazo: cliente",
    "AA": "Baixa por pagamento",
}

_PROTESTS = {
    "70": "Título não selecionado por erro no CNPJ/CPF ou endereço",
    "76": "Banco aguarda cópia autenticada do documento",
    "77": "Título selecionado: falta seu número",
    "78": "Título rejeitado pelo cartório por estar irregular",
    "79": "Título não selecionado: praça não atendida",
    "80": "Cartório aguarda autorização para protestar por edital",
    "90": "Protesto sustado por solicitação do beneficiário",
    "91": "Protesto sustado por alteração no vencimento",
    "92": "Aponte cobrado de título sustado",
    "93": "Protesto sustado por alteração no prazo do protesto",
    "95": "Entidade pública",
    "97": "Título em cartório",
}

_TARIFFS = {
    "01": "Tarifa de extrato de posição",
    "02": "Tarifa de manutenção de título vencido",
    "03": "Tarifa de sustação e envio para cartório",
    "04": "Tarifa de protesto",
    "05": "Tarifa de outras instruções",
    "06": "Tarifa de outras ocorrências (registro ou liquidação)",
    "07": "Tarifa de envio de duplicata ao pagador",
    "08": "Custas de protesto",
    "09": "Custas de sustação de protesto",
    "10": "Custas do cartório distribuidor",
    "AA": "Tarifa de formulário pré-impresso",
}

REASONS: Mapping[str, Mapping[str, str]] = {
    "02": {"A4": "Pagador DDA"},
    **dict.fromkeys(("03", "26", "30"), _REJECTIONS),
    **dict.fromkeys(("06", "17", "AB"), _SETTLEMENTS),
    "09": _WRITE_OFFS,
    **dict.fromkeys(("11", "AC"), _PROTESTS),
    "28": _TARIFFS,
}

IN_PART = "02"
"""The reason for a settlement of only part of the title."""
