"""Ailos, CNAB 240: the meaning of its codes where they are not FEBRABAN's: C044 (p. 37-38), C047 (p. 38-42) and the
notaries' rejections (p. 61-62) of the manual in `cnab240`.

The reasons for "liquidação de boleto cooperativa emite e expede" (76, 77) are not in the manual: C047 C is only for 06,
09 and 17.
"""

from collections.abc import Mapping

from billing.banking.layouts import febraban_codes as febraban
from billing.banking.occurrences import OccurrenceCode, OccurrenceKind

OCCURRENCES: Mapping[str, OccurrenceCode] = {
    **febraban.OCCURRENCES,
    "22": OccurrenceCode(OccurrenceKind.OTHER, "Título enviado ao cartório"),
    "36": OccurrenceCode(OccurrenceKind.OTHER, "Confirmação de envio de SMS"),
    "37": OccurrenceCode(OccurrenceKind.OTHER, "Envio de SMS rejeitado"),
    "64": OccurrenceCode(OccurrenceKind.OTHER, "Cancelamento de SMS"),
    "76": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação de boleto que a cooperativa emite e expede"),
    "77": OccurrenceCode(
        OccurrenceKind.SETTLED,
        "Liquidação de boleto que a cooperativa emite e expede, após baixa ou não registrado",
    ),
    "89": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Rejeição cartorária"),
    "90": OccurrenceCode(
        OccurrenceKind.INSTRUCTION_ACCEPTED,
        "Confirmação de alteração do tipo de emissão: cooperativa emite e expede",
    ),
    "91": OccurrenceCode(OccurrenceKind.OTHER, "Título em aberto não enviado ao pagador"),
    "92": OccurrenceCode(OccurrenceKind.INSTRUCTION_REJECTED, "Inconsistência na negativação via Serasa"),
    "93": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Inclusão de negativação via Serasa"),
    "94": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Exclusão de negativação via Serasa"),
    "98": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Exclusão de protesto com carta de anuência"),
}

_REJECTIONS: Mapping[str, str] = {  # C047 A
    **febraban.REASONS["03"],
    "A8": "Título pendente na CIP: há uma instrução em processamento",
    "A9": "Título pendente na CIP: é DDA e não tem número de identificação na CIP",
    "B3": "Tipo de pagamento inválido",
    "B4": "Valor máximo ou percentual inválido",
    "B5": "Valor mínimo ou percentual inválido",
    "B6": "Pagamento de valor divergente não habilitado no convênio de cobrança",
    "H3": "Dias para protesto fora do mínimo e do máximo parametrizados",
    "H4": "Prazo para protesto inválido",
    "H6": "Cooperado não habilitado a protestar",
    "P1": "Enviado à cooperativa que emite e expede",
    "R1": "Registro on-line",
}

_NOT_DELIVERED: Mapping[str, str] = {  # C047 A, occurrence 91
    "01": "Pagador mudou-se",
    "02": "Endereço insuficiente",
    "03": "Não existe o número indicado",
    "04": "Desconhecido",
    "05": "Recusado",
    "06": "Não procurado",
    "07": "Ausente",
    "08": "Falecido",
    "09": "Outros",
}

_MESSAGES: Mapping[str, str] = {  # C047 A, occurrences 36, 37 and 64
    "87": "SMS enviado com sucesso ao pagador",
    "B2": "Saldo insuficiente para envio do SMS",
    "B3": "Pacote de SMS não renovado",
    "B4": "SMS não entregue ao destinatário",
    "B5": "Horário limite excedido para envio de SMS",
    "B6": "Instrução rejeitada para envio de SMS com linha numérica",
    "B7": "Número do celular do pagador não informado",
    "S1": "Serviço de SMS cancelado no sistema",
}

_BUREAU_FAULTS: Mapping[str, str] = {  # C047 A, occurrence 92
    "S1": "Pedido de inclusão no Serasa não permitido para o título",
    "S2": "Pedido de cancelamento de inclusão no Serasa não permitido para o título",
    "S3": "Prazo para negativação no Serasa inválido",
    "S4": "Inclusão para registro já existente",
}

_BUREAU_REPORT: Mapping[str, str] = {  # C047 A, occurrences 93 and 94
    "S1": "Solicitação efetuada com sucesso",
    "S2": "Solicitação integrada na Serasa com sucesso",
    "S3": "Retorno da Serasa por decurso de prazo",
    "S4": "Documento integrado na Serasa com sucesso, quando a UF é São Paulo",
    "S5": "Ação judicial restringe a negativação do boleto",
}

_TARIFFS: Mapping[str, str] = {  # C047 B
    **febraban.REASONS["28"],
    "C2": "Cancelamento de instrução automática",
    "E1": "Envio de cancelamento",
    "H1": "Instrução de protesto confirmada",
    "H2": "Inclusão de instrução de protesto automática",
}

_NOTARY: Mapping[str, str] = {  # p. 61-62, occurrence 89
    "01": "Data da apresentação inferior à data de vencimento",
    "02": "Falta de comprovante da prestação de serviço",
    "03": "Nome do sacado incompleto/incorreto",
    "04": "Nome do cedente incompleto/incorreto",
    "05": "Nome do sacador incompleto/incorreto",
    "06": "Endereço do sacado insuficiente",
    "07": "CNPJ/CPF do sacado inválido/incorreto",
    "08": "CNPJ/CPF incompatível com o nome do sacado/sacador/avalista",
    "09": "CNPJ/CPF do sacado incompatível com o tipo de documento",
    "10": "CNPJ/CPF do sacador incompatível com a espécie",
    "11": "Título aceito sem a assinatura do sacado",
    "12": "Título aceito rasurado ou rasgado",
    "13": "Título aceito: falta título (agência do cedente deve enviar)",
    "14": "CEP incorreto",
    "15": "Praça de pagamento incompatível com endereço",
    "16": "Falta número do título",
    "17": "Título sem endosso do cedente ou irregular",
    "18": "Falta data de emissão do título",
    "19": "Título aceito: valor por extenso diferente do valor por numérico",
    "20": "Data de emissão posterior ao vencimento",
    "21": "Espécie inválida para protesto",
    "22": "CEP do sacado incompatível com a praça de protesto",
    "23": "Falta espécie do título",
    "24": "Saldo maior que o valor do título",
    "25": "Tipo de endosso inválido",
    "26": "Devolvido por ordem judicial",
    "27": "Dados do título não conferem com disquete",
    "28": "Sacado e sacador/avalista são a mesma pessoa",
    "29": "Corrigir a espécie do título",
    "30": "Aguardar um dia útil após o vencimento para protestar",
    "31": "Data do vencimento rasurada",
    "32": "Vencimento: extenso não confere com número",
    "33": "Falta data de vencimento no título",
    "34": "DM/DMI sem comprovante autenticado ou declaração",
    "35": "Comprovante ilegível para conferência e microfilmagem",
    "36": "Nome solicitado não confere com emitente ou sacado",
    "37": "Confirmar se são 2 emitentes; se sim, indicar os dados dos 2",
    "38": "Endereço do sacado igual ao do sacador ou do portador",
    "39": "Endereço do apresentante incompleto ou não informado",
    "40": "Rua/número inexistente no endereço",
    "41": "Informar a qualidade do endosso (M ou T)",
    "42": "Falta endosso do favorecido para o apresentante",
    "43": "Data da emissão rasurada",
    "44": "Protesto de cheque proibido: motivo 20/25/28/30 ou 35",
    "45": "Falta assinatura do emitente no cheque",
    "46": "Endereço do emitente no cheque igual ao do banco sacado",
    "47": "Falta o motivo da devolução no cheque ou motivo ilegível",
    "48": "Falta assinatura do sacador no título",
    "49": "Nome do apresentante não informado/incompleto/incorreto",
    "50": "Erro de preenchimento do título",
    "51": "Título com direito de regresso vencido",
    "52": "Título apresentado em duplicidade",
    "53": "Título já protestado",
    "54": "Letra de câmbio vencida: falta aceite do sacado",
    "55": "Título: falta tradução por tradutor público",
    "56": "Falta declaração de saldo assinada no título",
    "57": "Contrato de câmbio: falta conta gráfica",
    "58": "Ausência do documento físico",
    "59": "Sacado falecido",
    "60": "Sacado apresentou quitação do título",
    "61": "Título de outra jurisdição territorial",
    "62": "Título com emissão anterior à concordata do sacado",
    "63": "Sacado consta na lista de falência",
    "64": "Apresentante não aceita publicação de edital",
    "65": "Dados do sacador em branco ou inválido",
    "66": "Título sem autorização para protesto por edital",
    "67": "Valor divergente entre título e comprovante",
    "68": "Condomínio não pode ser protestado para fins falimentares",
    "99": "Estorno por rejeição cartorária",
}

REASONS: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("02", "03", "26", "30"), _REJECTIONS),
    "28": _TARIFFS,
    **dict.fromkeys(("06", "09", "17"), febraban.REASONS["06"]),
    **dict.fromkeys(("36", "37", "64"), _MESSAGES),
    "89": _NOTARY,
    "91": {**_REJECTIONS, **_NOT_DELIVERED},
    "92": _BUREAU_FAULTS,
    **dict.fromkeys(("93", "94"), _BUREAU_REPORT),
    "98": {"F1": "Envio de carta de anuência ao cartório", "F2": "Impressão da carta de anuência"},
}
