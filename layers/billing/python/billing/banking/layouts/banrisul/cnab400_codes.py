"""Banrisul, CNAB 400: occurrences of the return (p. 18-19) and their reasons (p. 25-27), of the manual in `cnab400`."""

from collections.abc import Mapping

from billing.banking.occurrences import OccurrenceCode, OccurrenceKind

OCCURRENCES: Mapping[str, OccurrenceCode] = {
    "02": OccurrenceCode(OccurrenceKind.REGISTERED, "Confirmação de entrada"),
    "03": OccurrenceCode(OccurrenceKind.REJECTED, "Entrada rejeitada"),
    "04": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa de título liquidado por edital"),
    "06": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação normal"),
    "07": OccurrenceCode(OccurrenceKind.PARTIALLY_SETTLED, "Liquidação parcial"),
    "08": OccurrenceCode(OccurrenceKind.SETTLED, "Baixa por pagamento, liquidação pelo saldo"),
    "09": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Devolução automática"),
    "10": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixado conforme instruções"),
    "11": OccurrenceCode(OccurrenceKind.OTHER, "Arquivo levantamento: título em carteira"),
    "12": OccurrenceCode(OccurrenceKind.REBATE_GRANTED, "Concessão de abatimento"),
    "13": OccurrenceCode(OccurrenceKind.REBATE_CANCELLED, "Cancelamento de abatimento"),
    "14": OccurrenceCode(OccurrenceKind.DUE_DATE_CHANGED, "Vencimento alterado"),
    "15": OccurrenceCode(OccurrenceKind.SETTLED, "Pagamento em cartório"),
    "16": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Alteração de dados"),
    "18": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Alteração de instruções"),
    "19": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de instrução de protesto"),
    "20": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de instrução para sustar protesto"
    ),
    "21": OccurrenceCode(OccurrenceKind.OTHER, "Aguardando autorização para protesto por edital"),
    "22": OccurrenceCode(
        OccurrenceKind.OTHER, "Protesto sustado por alteração de vencimento e prazo de cartório"
    ),
    "23": OccurrenceCode(OccurrenceKind.PROTESTED, "Confirmação da entrada em cartório"),
    "25": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Devolução, liquidado anteriormente"),
    "26": OccurrenceCode(OccurrenceKind.OTHER, "Devolvido pelo cartório: erro de informação"),
    "30": OccurrenceCode(OccurrenceKind.OTHER, "Cobrança a creditar: liquidação em trânsito"),
    "31": OccurrenceCode(OccurrenceKind.OTHER, "Título em trânsito pago em cartório"),
    "32": OccurrenceCode(
        OccurrenceKind.OTHER, "Reembolso e transferência de desconto e vendor ou carteira em garantia"
    ),
    "33": OccurrenceCode(OccurrenceKind.OTHER, "Reembolso e devolução de desconto e vendor"),
    "34": OccurrenceCode(OccurrenceKind.OTHER, "Reembolso não efetuado por falta de saldo"),
    "40": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa de título protestado"),
    "41": OccurrenceCode(OccurrenceKind.TARIFF, "Despesa de aponte"),
    "42": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Alteração de título"),
    "43": OccurrenceCode(OccurrenceKind.OTHER, "Relação de títulos"),
    "44": OccurrenceCode(OccurrenceKind.TARIFF, "Manutenção mensal"),
    "45": OccurrenceCode(OccurrenceKind.OTHER, "Sustação de cartório e envio de título a cartório"),
    "46": OccurrenceCode(OccurrenceKind.TARIFF, "Fornecimento de formulário pré-impresso"),
    "47": OccurrenceCode(OccurrenceKind.REGISTERED, "Confirmação de entrada: pagador DDA"),
    "68": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Acerto dos dados do rateio de crédito"),
    "69": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Cancelamento dos dados do rateio"),
}

REJECTIONS: Mapping[str, str] = {
    "01": "Código do banco inválido",
    "02": "Agência, conta ou número de controle inválido (cobrança partilhada)",
    "04": "Código do movimento não permitido para a carteira",
    "05": "Código do movimento inválido",
    "08": "Nosso número inválido",
    "09": "Nosso número duplicado",
    "10": "Carteira inválida",
    "15": "Características da cobrança incompatíveis",
    "16": "Data de vencimento inválida",
    "17": "Data de vencimento anterior à data de emissão",
    "18": "Vencimento fora do prazo de operação",
    "20": "Valor do título inválido",
    "21": "Espécie do título inválida",
    "23": "Aceite inválido",
    "24": "Data de emissão inválida",
    "25": "Data de emissão posterior à data de processamento",
    "26": "Código de juros de mora inválido",
    "27": "Valor ou taxa de juros de mora inválido",
    "28": "Código do desconto inválido",
    "29": "Valor do desconto maior ou igual ao valor do título",
    "30": "Desconto a conceder não confere",
    "32": "Valor de IOF inválido",
    "33": "Valor do abatimento inválido",
    "34": "Valor do abatimento maior ou igual ao valor do título",
    "37": "Código para protesto inválido",
    "38": "Prazo para protesto inválido",
    "39": "Pedido de protesto não permitido para o título",
    "40": "Título com ordem de protesto emitida",
    "41": "Pedido de cancelamento ou sustação de protesto inválido",
    "42": "Código para baixa, devolução ou instrução inválido",
    "43": "Prazo para baixa ou devolução inválido",
    "44": "Código da moeda inválido",
    "45": "Nome do pagador inválido, ou alteração do pagador não permitida",
    "46": "Tipo ou número de inscrição do pagador inválido",
    "47": "Endereço não informado, ou alteração de endereço não permitida",
    "48": "CEP inválido, ou alteração de CEP não permitida",
    "49": "CEP sem praça de cobrança, ou alteração de cidade não permitida",
    "50": "CEP referente a um banco correspondente",
    "52": "Unidade da federação inválida, ou alteração de UF não permitida",
    "53": "Tipo ou número de inscrição do sacador ou avalista inválido",
    "54": "Sacador ou avalista não informado",
    "57": "Código da multa inválido",
    "58": "Data da multa inválida",
    "59": "Valor ou percentual da multa inválido",
    "60": "Movimento para título não cadastrado",
    "62": "Tipo de impressão inválido",
    "63": "Entrada para título já cadastrado",
    "79": "Data de juros de mora inválida",
    "80": "Data do desconto inválida",
    "81": "CEP do sacador inválido",
    "83": "Tipo ou número de inscrição do sacador inválido",
    "84": "Sacador não informado",
    "86": "Seu número inválido",
}

CHANGES = frozenset({"16", "18"})
"""Occurrences that have reasons only if the change was not accepted (p. 19: reasons come with 03, 16 and 18)."""

REASONS: Mapping[str, Mapping[str, str]] = dict.fromkeys(("03", *CHANGES), REJECTIONS)

CHANNELS: Mapping[str, str] = {  # p. 21
    "1": "Guichê de caixa",
    "2": "Terminal de autoatendimento",
    "3": "Internet",
    "5": "Correspondente",
    "6": "Telefone",
    "7": "Arquivo eletrônico",
}
