"""Sicredi, CNAB 240: movements of the return (C044, p. 77-78) and their reasons (C047, p. 79-83), of the manual in `cnab240`."""

from collections.abc import Mapping

from billing.banking.occurrences import OccurrenceCode, OccurrenceKind

OCCURRENCES: Mapping[str, OccurrenceCode] = {
    "02": OccurrenceCode(OccurrenceKind.REGISTERED, "Entrada confirmada"),
    "03": OccurrenceCode(OccurrenceKind.REJECTED, "Entrada rejeitada"),
    "06": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação"),
    "07": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do recebimento da instrução de desconto"
    ),
    "08": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do recebimento do cancelamento do desconto"
    ),
    "09": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa"),
    "12": OccurrenceCode(OccurrenceKind.REBATE_GRANTED, "Confirmação do recebimento instrução de abatimento"),
    "13": OccurrenceCode(
        OccurrenceKind.REBATE_CANCELLED, "Confirmação do recebimento instrução de cancelamento abatimento"
    ),
    "14": OccurrenceCode(
        OccurrenceKind.DUE_DATE_CHANGED, "Confirmação do recebimento instrução alteração de vencimento"
    ),
    "17": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação após baixa ou liquidação título não registrado"),
    "19": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do recebimento instrução de protesto"
    ),
    "20": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED,
        "Confirmação do recebimento instrução de sustação/cancelamento de protesto",
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
    "28": OccurrenceCode(OccurrenceKind.TARIFF, "Débito de tarifas custas"),
    "30": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Alteração de dados rejeitada"),
    "36": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Baixa rejeitada"),
    "51": OccurrenceCode(OccurrenceKind.OTHER, "Título DDA reconhecido pelo pagador"),
    "52": OccurrenceCode(OccurrenceKind.OTHER, "Título DDA não reconhecido pelo pagador"),
    "78": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de recebimento de pedido de negativação"
    ),
    "79": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de recebimento de pedido de exclusão de negativação"
    ),
    "80": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de entrada de negativação"),
    "81": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Entrada de negativação rejeitada"),
    "82": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de exclusão de negativação"),
    "83": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Exclusão de negativação rejeitada"),
    "84": OccurrenceCode(OccurrenceKind.OTHER, "Exclusão de negativação por outros motivos"),
    "85": OccurrenceCode(OccurrenceKind.OTHER, "Ocorrência informacional por outros motivos"),
}

_REJECTIONS: Mapping[str, str] = {
    "01": "Código do banco inválido",
    "02": "Código do registro detalhe inválido",
    "03": "Código do segmento inválido",
    "04": "Código de movimento não permitido para carteira",
    "05": "Código de movimento inválido",
    "06": "Tipo/número de inscrição do beneficiário inválidos",
    "07": "Cooperativa crédito/agência/conta/DV inválido",
    "08": "Nosso número inválido",
    "09": "Nosso número duplicado",
    "10": "Carteira inválida",
    "11": "Forma de cadastramento do título inválido",
    "12": "Tipo de documento inválido",
    "13": "Identificação da emissão do boleto inválida",
    "14": "Identificação da distribuição do boleto inválida",
    "15": "Características da cobrança incompatíveis",
    "16": "Data de vencimento inválida",
    "17": "Data de vencimento anterior a data de emissão",
    "18": "Vencimento fora do prazo de operação",
    "20": "Valor do título inválido",
    "21": "Espécie do título inválida",
    "22": "Espécie do título não permitida para a carteira",
    "23": "Aceite inválido",
    "24": "Data da emissão inválida",
    "25": "Data da emissão posterior a data de entrada",
    "26": "Código de juros de mora inválido",
    "27": "Valor/taxa de juros de mora inválido",
    "28": "Código do desconto inválido",
    "29": "Valor do desconto maior ou igual ao valor do título",
    "30": "Desconto a conceder não confere",
    "31": "Concessão de desconto - já existe desconto anterior",
    "33": "Valor do abatimento inválido",
    "34": "Valor do abatimento maior ou igual ao valor do título",
    "35": "Valor a conceder não confere",
    "36": "Concessão de abatimento - já existe abatimento anterior",
    "37": "Código para protesto inválido",
    "38": "Prazo para protesto inválido",
    "39": "Pedido de protesto não permitido para o título",
    "40": "Título com ordem de protesto emitida",
    "41": "Pedido de cancelamento/sustação para títulos sem instrução de protesto/negativação",
    "44": "Código da moeda inválido",
    "45": "Nome do pagador não informado",
    "46": "Tipo/número de inscrição do pagador inválidos",
    "47": "Endereço do pagador não informado",
    "48": "CEP inválido",
    "53": "Tipo/número de inscrição do pagador/avalista inválido",
    "54": "Pagador/avalista não informado",
    "55": "Nosso número no banco correspondente não informado",
    "56": "Código do banco correspondente não informado",
    "57": "Código da multa inválido",
    "58": "Data da multa inválida",
    "59": "Valor/percentual da multa inválido",
    "60": "Movimento para título não cadastrado",
    "61": "Alteração da cooperativa crédito/agência cobradora/DV inválida",
    "62": "Tipo de impressão inválido",
    "63": "Entrada para título já cadastrado",
    "64": "Número da linha inválido",
    "79": "Data juros de mora inválida",
    "80": "Data do desconto inválida",
    "84": "Número autorização inexistente",
    "85": "Título com pagamento vinculado",
    "86": "Seu número inválido",
    "A4": "Pagador DDA",
    "CZ": "Instrução Inválida",
    "L6": "Tipo de comando de instrução inválida para beneficiário pessoa física",
}

_TARIFFS: Mapping[str, str] = {
    "01": "Tarifa de extrato de posição",
    "02": "Tarifa de manutenção de título vencido",
    "03": "Tarifa de sustação",
    "04": "Tarifa de protesto",
    "05": "Tarifa de outras instruções",
    "06": "Tarifa de outras ocorrências",
    "08": "Custas de protesto",
    "09": "Custas de sustação de protesto",
    "10": "Custas de cartório distribuidor",
    "11": "Custas de edital",
    "12": "Tarifa sobre devolução de título vencido",
    "13": "Tarifa sobre registro cobrada na baixa/liquidação",
    "17": "Tarifa sobre prorrogação de vencimento",
    "18": "Tarifa sobre alteração de abatimento/desconto",
    "19": "Tarifa sobre arquivo mensal (em ser)",
    "20": "Tarifa sobre emissão de bloqueto pré-emitido pelo banco",
    "S4": "Tarifa de Inclusão Negativação",
    "S5": "Tarifa de Exclusão Negativação",
}

_SETTLEMENTS_AND_WRITE_OFFS: Mapping[str, str] = {
    "01": "Por saldo",
    "02": "Por conta",
    "03": "Liquidação no banco em dinheiro",
    "04": "Compensação eletrônica",
    "05": "Compensação convencional",
    "06": "Por meio eletrônico",
    "07": "Após feriado local",
    "08": "Em cartório",
    "30": "Liquidação no banco em cheque",
    "31": "Liquidação em banco correspondente",
    "09": "Comandada banco",
    "10": "Comandada cliente arquivo",
    "11": "Comandada cliente on-line",
    "12": "Decurso prazo - cliente",
    "13": "Decurso prazo - banco",
    "14": "Protestado",
    "15": "Título excluído",
}

_CONFIRMATIONS: Mapping[str, str] = {
    "01": "Alteração de carteira",
}

_BUREAU_REPORT: Mapping[str, str] = {
    "N1": "Decurso de prazo",
    "N2": "Determinação judicial",
    "N3": "Solicitação da empresa conveniada",
    "N4": "Devolução de comunicado pelos correios",
    "N5": "Diversos",
}

_BUREAU_REPORT_REJECTED: Mapping[str, str] = {
    "S1": "Rejeitado pela empresa de negativação parceira",
}

REASONS: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("02", "03", "26", "30"), _REJECTIONS),
    "28": _TARIFFS,
    **dict.fromkeys(("06", "09", "17"), _SETTLEMENTS_AND_WRITE_OFFS),
    "27": _CONFIRMATIONS,
    **dict.fromkeys(("84", "85"), _BUREAU_REPORT),
    **dict.fromkeys(("81", "83"), _BUREAU_REPORT_REJECTED),
}
