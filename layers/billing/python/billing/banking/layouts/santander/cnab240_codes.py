"""Santander, CNAB 240: occurrences of the return (note 41, p. 22) and their reasons (notes 41-A and 41-C, p. 22-24) of the manual in `cnab240`."""

from collections.abc import Mapping

from billing.banking.occurrences import OccurrenceCode, OccurrenceKind

OCCURRENCES: Mapping[str, OccurrenceCode] = {
    "02": OccurrenceCode(OccurrenceKind.REGISTERED, "Entrada confirmada"),
    "03": OccurrenceCode(OccurrenceKind.REJECTED, "Entrada rejeitada"),
    "04": OccurrenceCode(OccurrenceKind.OTHER, "Transferência de carteira/entrada"),
    "05": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Transferência de carteira/baixa"),
    "06": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação"),
    "09": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa"),
    "11": OccurrenceCode(OccurrenceKind.OTHER, "Títulos em carteira (em ser)"),
    "12": OccurrenceCode(
        OccurrenceKind.REBATE_GRANTED, "Confirmação de recebimento da instrução de abatimento"
    ),
    "13": OccurrenceCode(
        OccurrenceKind.REBATE_CANCELLED,
        "Confirmação de recebimento da instrução de cancelamento de abatimento",
    ),
    "14": OccurrenceCode(
        OccurrenceKind.DUE_DATE_CHANGED, "Confirmação de recebimento da instrução de alteração de vencimento"
    ),
    "17": OccurrenceCode(
        OccurrenceKind.SETTLED, "Liquidação após baixa ou liquidação de título não registrado"
    ),
    "19": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de recebimento da instrução de protesto"
    ),
    "20": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED,
        "Confirmação de recebimento da instrução de sustação ou de não protestar",
    ),
    "23": OccurrenceCode(OccurrenceKind.PROTESTED, "Remessa a cartório (aponte em cartório)"),
    "24": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Retirada de cartório e manutenção em carteira"
    ),
    "25": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Protestado e baixado (baixa por ter sido protestado)"),
    "26": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Instrução rejeitada"),
    "27": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do pedido de alteração de outros dados"
    ),
    "28": OccurrenceCode(OccurrenceKind.TARIFF, "Débito de tarifas/custas"),
    "29": OccurrenceCode(OccurrenceKind.OTHER, "Ocorrências do pagador"),
    "30": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Alteração de dados rejeitada"),
    "32": OccurrenceCode(OccurrenceKind.OTHER, "Código de IOF inválido"),
    "51": OccurrenceCode(OccurrenceKind.OTHER, "Título DDA reconhecido pelo pagador"),
    "52": OccurrenceCode(OccurrenceKind.OTHER, "Título DDA não reconhecido pelo pagador"),
    "53": OccurrenceCode(OccurrenceKind.OTHER, "Título DDA recusado pela CIP"),
    "61": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de alteração do valor nominal do título"
    ),
    "91": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de alteração do valor ou percentual mínimo"
    ),
    "92": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de alteração do valor ou percentual máximo"
    ),
    "93": OccurrenceCode(OccurrenceKind.OTHER, "Baixa operacional: a liquidação vem no arquivo noturno"),
    "94": OccurrenceCode(OccurrenceKind.OTHER, "Cancelamento da baixa operacional"),
    "A4": OccurrenceCode(OccurrenceKind.OTHER, "Pagador DDA"),
}

_REJECTIONS: Mapping[str, str] = {  # 41-A
    "01": "Código do banco inválido",
    "02": "Código do registro detalhe inválido",
    "03": "Código do segmento inválido",
    "04": "Código do movimento não permitido para a carteira",
    "05": "Código do movimento inválido",
    "06": "Tipo ou número de inscrição do beneficiário inválidos",
    "07": "Agência, conta ou dígito inválido",
    "08": "Nosso número inválido",
    "09": "Nosso número duplicado",
    "10": "Carteira inválida",
    "11": "Forma de cadastramento do título inválida; de desconto, operação ou horário limite recusado",
    "12": "Tipo de documento inválido",
    "13": "Identificação da emissão do boleto inválida",
    "14": "Identificação da distribuição do boleto inválida",
    "15": "Características da cobrança incompatíveis",
    "16": "Data de vencimento inválida",
    "17": "Data de vencimento anterior à data de emissão",
    "18": "Vencimento fora do prazo de operação",
    "19": "Título a cargo de bancos correspondentes com vencimento próximo demais",
    "20": "Valor do título inválido",
    "21": "Espécie do título inválida",
    "22": "Espécie não permitida para a carteira",
    "23": "Aceite inválido",
    "24": "Data de emissão inválida",
    "25": "Data de emissão posterior à data de entrada",
    "26": "Código de juros de mora inválido",
    "27": "Valor ou taxa de juros de mora inválido",
    "28": "Código de desconto inválido",
    "29": "Valor do desconto maior ou igual ao valor do título",
    "30": "Desconto a conceder não confere",
    "31": "Concessão de desconto: já existe desconto anterior",
    "32": "Valor do IOF",
    "33": "Valor do abatimento inválido",
    "34": "Valor do abatimento maior ou igual ao valor do título",
    "35": "Abatimento a conceder não confere",
    "36": "Concessão de abatimento: já existe abatimento anterior",
    "37": "Código para protesto inválido",
    "38": "Prazo para protesto inválido",
    "39": "Pedido de protesto não permitido para o título",
    "40": "Título com ordem de protesto emitida",
    "41": "Pedido de cancelamento ou sustação para título sem instrução de protesto",
    "42": "Código para baixa ou devolução inválido",
    "43": "Prazo para baixa ou devolução inválido",
    "44": "Código de moeda inválido",
    "45": "Nome do pagador não informado",
    "46": "Tipo ou número de inscrição do pagador inválidos",
    "47": "Endereço do pagador não informado",
    "48": "CEP inválido",
    "49": "CEP sem praça de cobrança (não localizado)",
    "50": "CEP referente a um banco correspondente",
    "51": "CEP incompatível com a unidade da federação",
    "52": "Unidade da federação inválida",
    "53": "Tipo ou número de inscrição do sacador avalista inválidos",
    "54": "Sacador avalista não informado",
    "55": "Nosso número no banco correspondente não informado",
    "56": "Código do banco correspondente não informado",
    "57": "Código da multa inválido",
    "58": "Data da multa inválida",
    "59": "Valor ou percentual da multa inválido",
    "60": "Movimento para título não cadastrado",
    "61": "Alteração de agência cobradora ou dígito inválida",
    "62": "Tipo de impressão inválido",
    "63": "Entrada para título já cadastrado",
    "64": "Número da linha inválido",
    "65": "A espécie de título não permite a instrução",
    "72": "Entrada de título sem registro",
    "90": "Identificador ou quantidade de parcelas de carnê inválido",
    "91": "Título descontado: instrução não permitida",
    "92": "Data de desconto inválida",
    "93": "Número do lote da remessa inválido",
    "B2": "Valor nominal do título conflitante",
    "B3": "Tipo de pagamento inválido",
    "B4": "Valor máximo ou percentual máximo inválido",
    "B5": "Valor mínimo ou percentual mínimo inválido",
    "Z1": "Quantidade de pagamentos possíveis inválida",
    "Z5": "Título com reserva: instrução não permitida",
    "Z6": "Segmento inválido para o tipo de carteira de cobrança",
    "Z7": "Instrução exige segmento Y-53",
}

PARTIAL = "09"
"""The reason for a settlement of only part of the title."""

_SETTLEMENTS: Mapping[str, str] = {  # 41-C
    "01": "Por saldo",
    "02": "Por conta",
    "03": "No próprio banco",
    "04": "Compensação eletrônica",
    "05": "Compensação convencional",
    "06": "Arquivo magnético",
    "07": "Após feriado local",
    "08": "Em cartório",
    PARTIAL: "Pagamento parcial",
}
_WRITE_OFFS: Mapping[str, str] = {  # 41-C
    "09": "Comandada pelo banco",
    "10": "Comandada pelo cliente, por arquivo",
    "11": "Comandada pelo cliente, on-line",
    "12": "Decurso de prazo: cliente",
    "13": "Decurso de prazo: banco",
}
_OPERATIONAL: Mapping[str, str] = {  # 41-C
    **_SETTLEMENTS,
    "93": "Baixa operacional enviada pela CIP",
    "94": "Cancelamento da baixa operacional enviado pela CIP",
}

REASONS: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("03", "26", "30"), _REJECTIONS),
    **dict.fromkeys(("06", "17"), _SETTLEMENTS),
    "09": _WRITE_OFFS,
    **dict.fromkeys(("93", "94"), _OPERATIONAL),
}
