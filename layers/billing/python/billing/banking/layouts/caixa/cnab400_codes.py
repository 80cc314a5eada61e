"""Caixa, CNAB 400: what the codes of its return mean (NE032, NE033, NE035 and NE038, p. 41-44 of the manual in `cnab400`).

"Liquidação on-line" (35) is not a settlement here: the manual gives the day of the credit (NE037) and the channel (NE035) with 21, and 35
comes in files of its own during the day (p. 11-12).
"""

from collections.abc import Mapping

from billing.banking.occurrences import OccurrenceCode, OccurrenceKind

OCCURRENCES: Mapping[str, OccurrenceCode] = {  # NE033
    "01": OccurrenceCode(OccurrenceKind.REGISTERED, "Entrada confirmada"),
    "02": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa manual confirmada"),
    "03": OccurrenceCode(OccurrenceKind.REBATE_GRANTED, "Abatimento concedido"),
    "04": OccurrenceCode(OccurrenceKind.REBATE_CANCELLED, "Abatimento cancelado"),
    "05": OccurrenceCode(OccurrenceKind.DUE_DATE_CHANGED, "Vencimento alterado"),
    "06": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Uso da empresa alterado"),
    "07": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Prazo de protesto alterado"),
    "08": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Prazo de devolução alterado"),
    "09": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Alteração confirmada"),
    "10": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Alteração com reemissão de boleto confirmada"),
    "11": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Alteração da opção de protesto para devolução confirmada"
    ),
    "12": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED, "Alteração da opção de devolução para protesto confirmada"
    ),
    "20": OccurrenceCode(OccurrenceKind.OTHER, "Em ser"),
    "21": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação"),
    "22": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação em cartório"),
    "23": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa por devolução"),
    "25": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixa por protesto"),
    "26": OccurrenceCode(OccurrenceKind.PROTESTED, "Título enviado para cartório"),
    "27": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Sustação de protesto"),
    "28": OccurrenceCode(OccurrenceKind.OTHER, "Estorno de protesto"),
    "29": OccurrenceCode(OccurrenceKind.OTHER, "Estorno de sustação de protesto"),
    "30": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Alteração de título"),
    "31": OccurrenceCode(OccurrenceKind.TARIFF, "Tarifa sobre título vencido"),
    "32": OccurrenceCode(OccurrenceKind.TARIFF, "Outras tarifas de alteração"),
    "33": OccurrenceCode(OccurrenceKind.OTHER, "Estorno de baixa/liquidação"),
    "34": OccurrenceCode(OccurrenceKind.TARIFF, "Tarifas diversas"),
    "35": OccurrenceCode(OccurrenceKind.OTHER, "Liquidação on-line"),
    "36": OccurrenceCode(OccurrenceKind.OTHER, "Estorno de liquidação on-line"),
    "37": OccurrenceCode(OccurrenceKind.OTHER, "Transferência para a cobrança simples"),
    "38": OccurrenceCode(OccurrenceKind.OTHER, "Transferência para a cobrança descontada"),
    "51": OccurrenceCode(OccurrenceKind.OTHER, "Reconhecido pelo pagador DDA"),
    "52": OccurrenceCode(OccurrenceKind.OTHER, "Não reconhecido pelo pagador DDA"),
    "53": OccurrenceCode(OccurrenceKind.OTHER, "Recusado no DDA"),
    "99": OccurrenceCode(OccurrenceKind.COMMAND_REFUSED, "Rejeição do título"),
    "A4": OccurrenceCode(OccurrenceKind.OTHER, "Pagador DDA"),
}

_MOVEMENTS: Mapping[str, str] = {  # NE032
    "001": "Movimento sem Beneficiário Correspondente",
    "002": "Movimento sem Título Correspondente",
    "008": "Movimento para título já com movimentação no dia",
    "009": "Nosso Número não pertence ao Beneficiário",
    "010": "Inclusão de título já existente na base",
    "012": "Movimento duplicado",
    "013": "Entrada Inválida para Cobrança Caucionada (Beneficiário não possui conta Caução)",
    "020": "CEP do Pagador não encontrado (não foi possível a determinação da Agência Cobradora para o título)",
    "021": "Agência cobradora não encontrada (agência designada para cobradora não cadastrada no sistema)",
    "022": "Agência Beneficiário não encontrada (Agência do Beneficiário não cadastrada no sistema)",
    "026": "Data de vencimento inválida",
    "044": "CEP do sacado inválido",
    "045": "Data de Vencimento com prazo superior ao limite",
    "049": "Prazo de protesto/devolução inválido",
    "050": "Movimento inválido para título enviado a Cartório",
    "054": "Faixa de CEP da Agência Cobradora não abrange CEP do Pagador",
    "055": "Título já com opção de Devolução",
    "056": "Processo de Protesto em andamento",
    "057": "Título já com opção de Protesto",
    "058": "Processo de devolução em andamento",
    "059": "Novo prazo p/ Protesto/Devolução inválido",
    "076": "Alteração do prazo de protesto inválida",
    "077": "Alteração do prazo de devolução inválida",
    "082": "CNPJ/CPF do Pagador inválido (dígito não confere)",
    "083": "Número do Documento (seu número) inválido",
    "084": "Protesto inválido para título sem Número do documento (seu número)",
}

_ENTRIES: Mapping[str, str] = {  # NE038
    "001": "Remessa sem registro tipo 0",
    "002": "Identificação inválida da Empresa na CAIXA",
    "003": "Número Inválido da Remessa",
    "004": "Beneficiário não pertence a Cobrança Eletrônica",
    "005": "Código da Remessa Inválido",
    "006": "Literal da Remessa Inválido",
    "007": "Código de Serviço Inválido",
    "008": "Literal de Serviço Inválido",
    "009": "Código do Banco Inválido",
    "010": "Nome do Banco Inválido",
    "011": "Data de gravação Inválida",
    "012": "Número de Remessa já Processada",
    "013": "Tipo de registro esperado Inválido",
    "014": "Tipo de Ocorrência Inválido",
    "015": "Literal Remessa Inválida para fase de Testes",
    "016": "Identificação da empresa no Registro tipo 0 difere da identificação no Registro Tipo 1",
    "017": "Identificação na CAIXA inválida (Nosso Número)",
    "018": "Código da Carteira inválido",
    "019": "Número sequencial do Registro Inválido",
    "020": "Tipo de Inscrição da empresa Inválido",
    "021": "Número de Inscrição da empresa Inválido",
    "023": "Taxa de Comissão de Permanência Inválida",
    "026": "Data de vencimento inválida",
    "027": "Valor do título inválido",
    "028": "Espécie de título Inválida",
    "029": "Código de Aceite Inválido",
    "030": "Data de emissão do título inválida",
    "031": "Instrução de Cobrança 1 Inválida",
    "032": "Instrução de Cobrança 2 Inválida",
    "033": "Instrução de Cobrança 3 Inválida",
    "034": "Valor de Juros Inválido",
    "035": "Data do Desconto Inválida",
    "036": "Valor do Desconto Inválido",
    "037": "Valor do IOF Inválido",
    "038": "Valor do Abatimento Inválido",
    "039": "Tipo de Inscrição do Pagador Inválido",
    "040": "Número de Inscrição do Pagador Inválido",
    "042": "Nome do Pagador obrigatório",
    "043": "Endereço do Pagador obrigatório",
    "044": "CEP do Pagador Inválido",
    "045": "Cidade do Pagador obrigatório",
    "046": "Estado do Pagador obrigatório",
    "047": "Data da multa inválida",
    "048": "Valor da multa inválido",
    "049": "Prazo de protesto/devolução inválido",
    "050": "Prazo do protesto inválido",
    "051": "Prazo de devolução inválido",
    "052": "Moeda inválida",
    "053": "USO DA EMPRESA obrigatório",
    "054": "Remessa sem registro tipo 9",
    "055": "Solicitação não permitida para título incluído somente para protesto",
    "060": "Identificação da emissão do boleto inválida",
    "061": "Tipo de entrega inválido",
    "062": "Modalidade do título inválida",
    "063": "Forma de entrega de bloq.inválida para emis. banco",
    "064": "Forma de entrega de bloq.inválida para emis.beneficiário",
    "065": "Forma de emissão de boleto inválida",
    "066": "E-mail inválido",
    "067": "Número do DDD do celular do sacado inválido",
    "068": "Número do celular do sacado inválido",
    "069": "Tipo de mensagem de envio SMS inválido",
    "070": "Envio de sms do beneficiário inválido",
    "072": "Movimento sem título correspondente",
    "073": "Movimento inválido para título descontado",
    "074": "Movimento inválido para título enviado",
    "075": "Movimento inválido para título baixado",
    "076": "Movimento inválido para título em garantia de crédito",
    "077": "Processo de protesto em andamento",
    "078": "Processo de devolução em andamento",
    "079": "Título com endereço do pagador inconsistente",
    "080": "Valor do abatimento maior que o valor total de rateio",
    "081": "Bairro do pagador obrigatório",
    "083": "Número do Documento de Cobrança (Seu Número) inválido",
    "084": "Identificação do tipo de pagamento inválida",
    "085": "Quantidade de pagamentos possíveis inválida",
    "086": "Tipo de valor máximo inválido",
    "087": "Valor máximo inválido",
    "088": "Percentual máximo inválido",
    "089": "Tipo de valor mínimo inválido",
    "090": "Valor mínimo inválido",
    "091": "Percentual mínimo inválido",
    "092": "Tipos de valor máximo e mínimo divergentes",
    "093": "Título autorizado para pagamentos parciais não pode ser alterado",
    "094": "Quantidade de pagamentos possíveis menor que a quantidade de pagamentos realizados",
    "095": "Autorização de pagamento parcial inválida",
}


def _refusal(code: str) -> str:
    """The manual has two tables for the columns of a refusal: where they disagree, both texts are given."""
    movement, entry = _MOVEMENTS.get(code), _ENTRIES.get(code)
    if movement and entry and movement.lower() != entry.lower():
        return f"{movement}; ou: {entry}"
    return movement or entry or ""


_REFUSALS = {code: _refusal(code) for code in sorted({*_MOVEMENTS, *_ENTRIES})}

REASONS: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(OCCURRENCES, _ENTRIES),
    "99": _REFUSALS,
}
"""Movement -> the meaning of its one reason (columns 80-82): for a refusal, or for a fault that did not prevent it."""

CHANNELS: Mapping[str, str] = {  # NE035
    "002": "Unidade lotérica",
    "003": "Agências Caixa",
    "004": "Compensação eletrônica",
    "006": "Internet Banking",
    "007": "Correspondente Caixa Aqui",
    "008": "Em cartório",
    "009": "Comandada banco",
    "010": "Comandada cliente via arquivo",
    "011": "Comandada cliente on-line",
}
"""Channel of a settlement, or who wrote the title off (columns 189-191)."""
