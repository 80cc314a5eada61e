"""Itaú, CNAB 240: its codes and their meaning, where CNAB 400 does not already have the same.

Source: the manual in `cnab240`, of January 2017: occurrences in note 22 (p. 21-22), reasons in note 23, tables 1 to 10
(p. 22-30). Its tables are an older version of those of CNAB 400 (July 2021), which have everything that these have,
except for the entries here.
"""

from collections.abc import Mapping

from billing.banking.layouts.itau import cnab400_codes as cnab400
from billing.banking.occurrences import OccurrenceCode

_LISTED = (
    "02 03 04 05 06 08 09 10 11 12 13 14 15 16 17 18 19 20 21 23 24 25 26 27 28 29 30 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 "
    "47 48 51 52 53 54 55 56 57 60 61 62 63 74 75 77 78 79 80 82 83 85 86 87 88 89 90 91 92 93 94"
)
OCCURRENCES: Mapping[str, OccurrenceCode] = {code: cnab400.OCCURRENCES[code] for code in _LISTED.split()}
"""Those that the manual lists; only 06 and 08 report money."""

_NOTICE = {  # table 8
    "03": "Boleto não liquidado no desconto de duplicatas e transferido para cobrança simples",
}

_CHANGE = {  # table 2
    "12": "Número de inscrição inválido do sacador avalista",
    "67": "Nome inválido do sacador avalista",
    "72": "Endereço inválido – sacador avalista",
    "73": "Bairro inválido – sacador avalista",
    "74": "Cidade inválida – sacador avalista",
    "75": "Sigla do estado inválida – sacador avalista",
    "76": "CEP inválido – sacador avalista",
}

_INSTRUCTION = {  # table 3
    "03": "Conta não tem permissão para protestar (contate seu gerente)",
    "23": "Instrução não aceita",
}

_PROTEST_STOPPED = {  # table 7
    "3103": "Insuficiência de dados para envio ao cartório",
    "3129": "Título não enviado a cartório",
    "3137": "Aguardar um dia útil após o vencimento para protestar",
    "3145": "DM/DMI sem comprovante autenticado ou declaração",
    "3152": "Falta contrato de serviço",
    "3178": "Nome do beneficiário incompleto/incorreto",
    "3194": "Título aceito: identificar assinante do cheque",
    "3202": "Título aceito: rasurado ou rasgado",
    "3210": "Título aceito: falta título",
    "3236": "Não foi possível efetuar o protesto",
    "3251": "Documentação irregular",
    "3277": "Espécie inválida para protesto",
    "3285": "Praça não atendida pela rede bancária",
    "3293": "Centralizadora de protesto não recebeu a documentação",
    "3517": "Data de apresentação menor que a data de vencimento",
    "3525": "Falta comprovante da prestação de serviço",
    "3533": "CNPJ/CPF do pagador incompatível com o tipo de documento",
    "3541": "CNPJ/CPF do sacador incompatível com a espécie",
    "3558": "Título aceito: sem assinatura do pagador",
    "3566": "Falta data de emissão do título",
    "3574": "Saldo maior que o valor do título",
    "3582": "Tipo de endosso inválido",
    "3590": "Devolvido por ordem judicial",
    "3608": "Dados do título não conferem com disquete",
    "3616": "Pagador e sacador avalista são a mesma pessoa",
    "3624": "Comprovante ilegível para conferência e microfilmagem",
    "3632": "Confirmar se são dois emitentes",
    "3640": "Endereço do pagador igual ao do sacador ou do portador",
    "3657": "Endereço do beneficiário incompleto ou não informado",
    "3665": "Endereço do emitente no cheque igual ao do banco pagador",
    "3673": "Falta motivo da devolução no cheque ou ilegível",
    "3681": "Título com direito de regresso vencido",
    "3699": "Título apresentado em duplicidade",
    "3707": "LC emitida manualmente (título do banco/CA)",
    "3715": "Não protestar LC (título do banco/CA)",
    "3723": "Eliminar o protesto da LC (título do banco/CA)",
    "3731": "Título já protestado",
    "3749": "Título - falta tradução por tradutor público",
    "3756": "Falta declaração de saldo assinada no título",
    "3764": "Contrato de câmbio - falta conta gráfica",
    "3772": "Pagador falecido",
    "3780": "Espécie de título que o banco não protesta",
    "3798": "Ausência do documento físico",
    "3806": "Ordem de protesto sustada, motivo",
    "3897": "Envio de títulos para protesto temporariamente paralisado",
    "3905": "Beneficiário com conta em cobrança suspensa",
    "3947": "Corrigir a espécie do título",
    "3954": "Erro de preenchimento do título",
    "3962": "Valor divergente entre título e comprovante",
    "3970": "Condomínio não pode ser protestado para fins falimentares",
    "3988": "Vedada intimação por edital para protesto falimentar",
}

_OWN = {"02": _NOTICE, "16": _INSTRUCTION, "17": _CHANGE}
REASONS: Mapping[str, Mapping[str, str]] = {
    code: {**cnab400.REASONS[code], **_OWN.get(code, {})}
    for code in ("02", "03", "15", "16", "17", "18", "60")
}
"""Occurrence -> reasons of two digits, up to four in columns 214-221 of the segment T."""

DETAILS: Mapping[str, Mapping[str, str]] = {
    "24": {**cnab400.DETAILS["24"], **_PROTEST_STOPPED},
    "25": cnab400.DETAILS["25"],
    "74": cnab400.DETAILS["74"],
    "79": cnab400.DETAILS["79"],
}
"""Occurrence -> one reason of four digits in columns 154-157 of the segment U."""
