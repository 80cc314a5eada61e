"""CNAB 240: FEBRABAN's codes for collection and what they mean, in Portuguese. A bank's overlay adds its own.

Source: FEBRABAN, "Layout Padrão 240 posições", version 10.6: return movements C044, reasons C047 (which mean different things per
movement: rejection, tariff or settlement), document kinds C015.
"""

from collections.abc import Mapping

from billing.banking.occurrences import OccurrenceCode, OccurrenceKind
from billing.banking.terms import DocumentKind

ESPECIES: Mapping[DocumentKind, str] = {  # C015
    DocumentKind.DM: "02",
    DocumentKind.DS: "04",
    DocumentKind.NP: "12",
    DocumentKind.RC: "17",
    DocumentKind.ND: "19",
    DocumentKind.ME: "21",
    DocumentKind.OUTROS: "99",
}

OCCURRENCES: Mapping[str, OccurrenceCode] = {  # C044
    "02": OccurrenceCode(OccurrenceKind.REGISTERED, "Entrada confirmada"),
    "03": OccurrenceCode(OccurrenceKind.REJECTED, "Entrada rejeitada"),
    "04": OccurrenceCode(OccurrenceKind.OTHER, "Transferência de carteira/entrada"),
    "05": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Transferência de carteira/baixa"),
    "06": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação"),
    "07": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do recebimento da instrução de desconto"
    ),
    "08": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do recebimento do cancelamento do desconto"
    ),
    "09": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa"),
    "11": OccurrenceCode(OccurrenceKind.OTHER, "Títulos em carteira (em ser)"),
    "12": OccurrenceCode(OccurrenceKind.REBATE_GRANTED, "Confirmação recebimento instrução de abatimento"),
    "13": OccurrenceCode(
        OccurrenceKind.REBATE_CANCELLED, "Confirmação recebimento instrução de cancelamento abatimento"
    ),
    "14": OccurrenceCode(
        OccurrenceKind.DUE_DATE_CHANGED, "Confirmação recebimento instrução alteração de vencimento"
    ),
    "15": OccurrenceCode(OccurrenceKind.OTHER, "Franco de pagamento"),
    "17": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação após baixa ou liquidação título não registrado"),
    "19": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação recebimento instrução de protesto"
    ),
    "20": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED,
        "Confirmação recebimento instrução de sustação/cancelamento de protesto",
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
    "33": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação da alteração dos dados do rateio de crédito"
    ),
    "34": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do cancelamento dos dados do rateio de crédito"
    ),
    "35": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do desagendamento do débito automático"
    ),
    "36": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de envio de e-mail/SMS"),
    "37": OccurrenceCode(OccurrenceKind.OTHER, "Envio de e-mail/SMS rejeitado"),
    "38": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de alteração do prazo limite de recebimento"
    ),
    "39": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de dispensa de prazo limite de recebimento"
    ),
    "40": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED,
        "Confirmação da alteração do número do título dado pelo beneficiário",
    ),
    "41": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação da alteração do número controle do participante"
    ),
    "42": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação da alteração dos dados do pagador"
    ),
    "43": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação da alteração dos dados do sacador/avalista"
    ),
    "44": OccurrenceCode(OccurrenceKind.OTHER, "Título pago com cheque devolvido"),
    "45": OccurrenceCode(OccurrenceKind.OTHER, "Título pago com cheque compensado"),
    "46": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Instrução para cancelar protesto confirmada"),
    "47": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Instrução para protesto para fins falimentares confirmada"
    ),
    "48": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED,
        "Confirmação de instrução de transferência de carteira/modalidade de cobrança",
    ),
    "49": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Alteração de contrato de cobrança"),
    "50": OccurrenceCode(OccurrenceKind.OTHER, "Título pago com cheque pendente de liquidação"),
    "51": OccurrenceCode(OccurrenceKind.OTHER, "Título DDA reconhecido pelo pagador"),
    "52": OccurrenceCode(OccurrenceKind.OTHER, "Título DDA não reconhecido pelo pagador"),
    "53": OccurrenceCode(OccurrenceKind.OTHER, "Título DDA recusado pela CIP"),
    "54": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED,
        "Confirmação da instrução de baixa de título negativado sem protesto",
    ),
    "55": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de pedido de dispensa de multa"),
    "56": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do pedido de cobrança de multa"),
    "57": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do pedido de alteração de cobrança de juros"
    ),
    "58": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do pedido de alteração do valor/data de desconto"
    ),
    "59": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do pedido de alteração do beneficiário do título"
    ),
    "60": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação do pedido de dispensa de juros de mora"
    ),
    "61": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de alteração do valor nominal do título"
    ),
    "63": OccurrenceCode(OccurrenceKind.OTHER, "Título sustado judicialmente"),
    "64": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de alteração do valor mínimo/percentual"
    ),
    "65": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de alteração do valor máximo/percentual"
    ),
}

_REJECTIONS = {  # C047, A
    "01": "Código do banco inválido",
    "02": "Código do registro detalhe inválido",
    "03": "Código do segmento inválido",
    "04": "Código de movimento não permitido para carteira",
    "05": "Código de movimento inválido",
    "06": "Tipo/Número de inscrição do beneficiário inválidos",
    "07": "Agência/Conta/DV inválido",
    "08": "Nosso número inválido",
    "09": "Nosso número duplicado",
    "10": "Carteira inválida",
    "11": "Forma de cadastramento do título inválido",
    "12": "Tipo de documento inválido",
    "13": "Identificação da emissão do boleto de pagamento inválida",
    "14": "Identificação da distribuição do boleto de pagamento inválida",
    "15": "Características da cobrança incompatíveis",
    "16": "Data de vencimento inválida",
    "17": "Data de vencimento anterior a data de emissão",
    "18": "Vencimento fora do prazo de operação",
    "19": "Título a cargo de bancos correspondentes com vencimento inferior a XX dias",
    "20": "Valor do título inválido",
    "21": "Espécie do título inválida",
    "22": "Espécie do título não permitida para a carteira",
    "23": "Aceite inválido",
    "24": "Data da emissão inválida",
    "25": "Data da emissão posterior a data de entrada",
    "26": "Código de juros de mora inválido",
    "27": "Valor/Taxa de juros de mora inválido",
    "28": "Código do desconto inválido",
    "29": "Valor do desconto maior ou igual ao valor do título",
    "30": "Desconto a conceder não confere",
    "31": "Concessão de desconto - já existe desconto anterior",
    "32": "Valor do IOF inválido",
    "33": "Valor do abatimento inválido",
    "34": "Valor do abatimento maior ou igual ao valor do título",
    "35": "Valor a conceder não confere",
    "36": "Concessão de abatimento - já existe abatimento anterior",
    "37": "Código para protesto inválido",
    "38": "Prazo para protesto inválido",
    "39": "Pedido de protesto não permitido para o título",
    "40": "Título com ordem de protesto emitida",
    "41": "Pedido de cancelamento/sustação para títulos sem instrução de protesto",
    "42": "Código para baixa/devolução inválido",
    "43": "Prazo para baixa/devolução inválido",
    "44": "Código da moeda inválido",
    "45": "Nome do pagador não informado",
    "46": "Tipo/Número de inscrição do pagador inválidos",
    "47": "Endereço do pagador não informado",
    "48": "CEP inválido",
    "49": "CEP sem praça de cobrança (não localizado)",
    "50": "CEP referente a um banco correspondente",
    "51": "CEP incompatível com a unidade da federação",
    "52": "Unidade da federação inválida",
    "53": "Tipo/Número de inscrição do sacador/avalista inválidos",
    "54": "Sacador/Avalista não informado",
    "55": "Nosso número no banco correspondente não informado",
    "56": "Código do banco correspondente não informado",
    "57": "Código da multa inválido",
    "58": "Data da multa inválida",
    "59": "Valor/Percentual da multa inválido",
    "60": "Movimento para título não cadastrado",
    "61": "Alteração da agência Cobradora/DV inválida",
    "62": "Tipo de impressão inválido",
    "63": "Entrada para título já cadastrado",
    "64": "Número da linha inválido",
    "65": "Código do banco para débito inválido",
    "66": "Agência/Conta/DV para débito inválido",
    "67": "Dados para débito incompatíveis com a identificação da emissão do boleto de pagamento",
    "68": "Débito automático agendado",
    "69": "Débito não agendado - erro nos dados da remessa",
    "70": "Débito não agendado - pagador não consta do cadastro de autorizante",
    "71": "Débito não agendado - beneficiário não autorizado pelo pagador",
    "72": "Débito não agendado - beneficiário não participa da modalidade débito automático",
    "73": "Débito não agendado - código de moeda diferente de real (R$)",
    "74": "Débito não agendado - data vencimento inválida",
    "75": "Débito não agendado, conforme seu pedido, título não registrado",
    "76": "Débito não agendado, tipo/num. inscrição do debitado, inválido",
    "77": "Transferência para desconto não permitida para a carteira do título",
    "78": "Data inferior ou igual ao vencimento para débito automático",
    "79": "Data juros de mora inválido",
    "80": "Data do desconto inválida",
    "81": "Tentativas de débito esgotadas - baixado",
    "82": "Tentativas de débito esgotadas - pendente",
    "83": "Limite excedido",
    "84": "Número autorização inexistente",
    "85": "Título com pagamento vinculado",
    "86": "Seu número inválido",
    "87": "e-mail/SMS enviado",
    "88": "e-mail lido",
    "89": "e-mail/SMS devolvido - endereço de e-mail ou número do celular incorreto",
    "90": "e-mail devolvido - caixa postal cheia",
    "91": "e-mail/número do celular do pagador não informado",
    "92": "Pagador optante por boleto de pagamento eletrônico - e-mail não enviado",
    "93": "Código para emissão de boleto de pagamento não permite envio de e-mail",
    "94": "Código da carteira inválido para envio e-mail",
    "95": "Contrato não permite o envio de e-mail",
    "96": "Número de contrato inválido",
    "97": "Rejeição da alteração do prazo limite de recebimento",
    "98": "Rejeição de dispensa de prazo limite de recebimento",
    "99": "Rejeição da alteração do número do título dado pelo beneficiário",
    "A1": "Rejeição da alteração do número controle do participante",
    "A2": "Rejeição da alteração dos dados do pagador",
    "A3": "Rejeição da alteração dos dados do sacador/avalista",
    "A4": "Pagador DDA",
    "A5": "Registro rejeitado – título já liquidado",
    "A6": "Código do convenente inválido ou encerrado",
    "A7": "Título já se encontra na situação pretendida",
    "A8": "Valor do abatimento inválido para cancelamento",
    "A9": "Não autoriza pagamento parcial",
    "B1": "Autoriza recebimento parcial",
    "B2": "Valor nominal do título conflitante",
    "B3": "Tipo de pagamento inválido",
    "B4": "Valor máximo/percentual inválido",
    "B5": "Valor mínimo/percentual inválido",
}

_TARIFFS = {  # C047, B
    "01": "Tarifa de extrato de posição",
    "02": "Tarifa de manutenção de título vencido",
    "03": "Tarifa de sustação",
    "04": "Tarifa de protesto",
    "05": "Tarifa de outras instruções",
    "06": "Tarifa de outras ocorrências",
    "07": "Tarifa de envio de duplicata ao pagador",
    "08": "Custas de protesto",
    "09": "Custas de sustação de protesto",
    "10": "Custas de cartório distribuidor",
    "11": "Custas de edital",
    "12": "Tarifa sobre devolução de título vencido",
    "13": "Tarifa sobre registro cobrada na baixa/liquidação",
    "14": "Tarifa sobre reapresentação automática",
    "15": "Tarifa sobre rateio de crédito",
    "16": "Tarifa sobre informações via fax",
    "17": "Tarifa sobre prorrogação de vencimento",
    "18": "Tarifa sobre alteração de abatimento/desconto",
    "19": "Tarifa sobre arquivo mensal (em ser)",
    "20": "Tarifa sobre emissão de boleto de pagamento pré-emitido pelo banco",
}

_SETTLEMENTS = {  # C047, C
    "01": "Por saldo",
    "02": "Por conta",
    "03": "Liquidação no guichê de caixa em dinheiro",
    "04": "Compensação eletrônica",
    "05": "Compensação convencional",
    "06": "Por meio eletrônico",
    "07": "Após feriado local",
    "08": "Em cartório",
    "09": "Comandada banco",
    "10": "Comandada cliente arquivo",
    "11": "Comandada cliente on-line",
    "12": "Decurso prazo - cliente",
    "13": "Decurso prazo - banco",
    "14": "Protestado",
    "15": "Título excluído",
    "30": "Liquidação no guichê de caixa em cheque",
    "31": "Liquidação em banco correspondente",
    "32": "Liquidação terminal de auto-atendimento",
    "33": "Liquidação na Internet (home banking)",
    "34": "Liquidado office banking",
    "35": "Liquidado correspondente em dinheiro",
    "36": "Liquidado correspondente em cheque",
    "37": "Liquidado por meio de central de atendimento (telefone)",
}

REASONS: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("02", "03", "26", "30"), _REJECTIONS),
    "28": _TARIFFS,
    **dict.fromkeys(("06", "09", "17"), _SETTLEMENTS),
}
"""Movement -> what its reasons mean: up to five codes of two characters."""
