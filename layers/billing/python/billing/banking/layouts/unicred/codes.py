"""Unicred: occurrences of the return, in both layouts, and their reasons.

Source: Unicred, "Cobrança Web, Layout de Retorno de Boletos", CNAB 400 (07/08/2020, p. 6-11) and CNAB 240 (08/07/2021,
p. 7-12). The bank says whether an instruction was accepted or not (02, 03), and in another field which one.
"""

from collections.abc import Mapping

from billing.banking.occurrences import Occurrence, OccurrenceCode, OccurrenceKind, OccurrenceReason

OCCURRENCES: Mapping[str, OccurrenceCode] = {
    "01": OccurrenceCode(OccurrenceKind.SETTLED, "Pago em cartório"),
    "02": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Instrução confirmada"),
    "03": OccurrenceCode(OccurrenceKind.COMMAND_REFUSED, "Instrução rejeitada"),
    "04": OccurrenceCode(OccurrenceKind.OTHER, "Sustado judicial"),
    "06": OccurrenceCode(OccurrenceKind.SETTLED, "Liquidação normal"),
    "07": OccurrenceCode(
        OccurrenceKind.OTHER, "Liquidação em condicional: pago em cartório com cheque do devedor"
    ),
    "08": OccurrenceCode(OccurrenceKind.OTHER, "Sustado definitivo"),
    "09": OccurrenceCode(OccurrenceKind.PAID_OUTSIDE, "Liquidação de título descontado"),
    "10": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Protesto solicitado"),
    "11": OccurrenceCode(OccurrenceKind.PROTESTED, "Protesto em cartório"),
    "12": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Sustação solicitada"),
    "13": OccurrenceCode(OccurrenceKind.OTHER, "Título descontado"),
    "14": OccurrenceCode(OccurrenceKind.OTHER, "Título descontável"),
}

_CONFIRMED: Mapping[str, OccurrenceCode] = {
    "01": OccurrenceCode(OccurrenceKind.REGISTERED, "remessa"),
    "02": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "pedido de baixa"),
    "04": OccurrenceCode(OccurrenceKind.REBATE_GRANTED, "concessão de abatimento"),
    "05": OccurrenceCode(OccurrenceKind.REBATE_CANCELLED, "cancelamento de abatimento"),
    "06": OccurrenceCode(OccurrenceKind.DUE_DATE_CHANGED, "alteração de vencimento"),
    "09": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "protestar"),
    "10": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "baixa por decurso de prazo, solicitação da CIP"),
    "11": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "sustar protesto e manter em carteira"),
    "22": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "alteração do seu número"),
    "23": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "alteração de dados do pagador"),
    "25": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "sustar protesto e baixar título"),
    "26": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "protesto automático"),
    "40": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "alteração de status de desconto"),
}
"""The instruction that 02 confirms or 03 rejects (tipo de instrução origem)."""

_ENTRY = "01"

_REASONS: Mapping[str, str] = {
    "01": "Código do banco inválido",
    "04": "Código de movimento não permitido para a carteira",
    "05": "Código de movimento inválido",
    "06": "Número de inscrição do beneficiário inválido",
    "07": "Agência ou conta inválida",
    "08": "Nosso número inválido",
    "09": "Nosso número duplicado",
    "10": "Carteira inválida",
    "12": "Tipo de documento inválido",
    "15": "Data de vencimento inferior a 5 dias úteis para remessa gráfica",
    "16": "Data de vencimento inválida",
    "17": "Data de vencimento anterior à data de emissão",
    "18": "Vencimento fora do prazo de operação",
    "20": "Valor do título inválido",
    "24": "Data de emissão inválida",
    "25": "Data de emissão posterior à data de entrega",
    "26": "Código de juros inválido",
    "27": "Valor de juros inválido",
    "28": "Código de desconto inválido",
    "29": "Valor de desconto inválido",
    "30": "Alteração de dados rejeitada",
    "33": "Valor de abatimento inválido",
    "34": "Valor do abatimento maior ou igual ao valor do título",
    "37": "Código para protesto inválido (protesto via SGR, não é CRA)",
    "38": "Prazo para protesto inválido (protesto via SGR, não é CRA)",
    "39": "Pedido de protesto não permitido para o título",
    "40": "Título com ordem de protesto emitida",
    "41": "Pedido de cancelamento/sustação para títulos sem instrução de protesto ou instrução de protesto não confirmada pelo cartório",
    "45": "Nome do pagador não informado",
    "46": "Número de inscrição do pagador inválido",
    "47": "Endereço do pagador não informado",
    "48": "CEP inválido",
    "49": "Título em processo de protesto, não pode ser baixado por decurso de prazo",
    "52": "Unidade federativa inválida",
    "57": "Código de multa inválido",
    "58": "Data de multa inválida",
    "59": "Valor ou percentual de multa inválido",
    "60": "Movimento para título não cadastrado",
    "63": "Entrada para título já cadastrado",
    "79": "Data de juros inválida",
    "80": "Data de desconto inválida",
    "86": "Seu número inválido",
    "A5": "Título liquidado",
    "A8": "Valor do abatimento inválido para cancelamento",
    "C0": "Sistema intermitente: entre em contato com sua cooperativa",
    "C1": "Situação do título aberto",
    "C3": "Status do borderô inválido",
    "C4": "Nome do beneficiário inválido",
    "C5": "Documento inválido",
    "C6": "Instrução não atualiza cadastro do título",
    "C7": "Título não registrado na CIP",
    "C8": "Situação do borderô inválida",
    "C9": "Título inválido conforme situação CIP",
    "C10": "Protesto: título precisa estar em aberto",
    "D0": "Beneficiário não autorizado a operar com produto desconto",
    "D1": "Alteração de status de desconto não permitido para título",
    "D2": "Operação de desconto não permitida para título vencido",
    "D3": "Alteração de status de desconto não permitido para situação do título",
    "E0": "CEP indicado para o endereço do pagador não compatível com os Correios",
    "E1": "Logradouro para o endereço do pagador não compatível com os Correios, para o CEP indicado",
    "E2": "Tipo de logradouro para o endereço do pagador não compatível com os Correios, para o CEP indicado",
    "E3": "Bairro para o endereço do pagador não compatível com os Correios, para o CEP indicado",
    "E4": "Cidade para o endereço do pagador não compatível com os Correios, para o CEP indicado",
    "E5": "UF para o endereço do pagador não compatível com os Correios, para o CEP indicado",
    "E6": "Dados do segmento/registro opcional de endereço do pagador, incompletos no arquivo remessa",
    "E7": "Beneficiário não autorizado a enviar boleto por e-mail",
    "E8": "Indicativo para pagador receber boleto por e-mail sinalizado, porém sem o endereço do e-mail",
    "E9": "Beneficiário não autorizado a enviar títulos para protesto",
    "E10": "Instrução “09 - protestar”, usada erroneamente para título a vencer ou ainda dentro do período de carência de “1 dia” do vencimento, referente a liquidação por compensação",
    "E11": "Instrução “26 - protesto automático”, usada erroneamente para título vencido",
    "E12": "Cancelamento de protesto automático não permitido, título não possui configuração de protesto automático",
    "E13": "Configuração de número de dias para protesto, foi informado para cancelamento de protesto automático",
    "E14": "Configuração de número de dias para protesto, não foi informado para protesto automático",
    "E15": "Cancelamento de protesto automático não permitido, para protesto já enviado a cartório",
    "E16": "Código para protesto inválido",
    "E17": "Instrução não permitida para título descontado",
    "E18": "Configuração de número de dias para protesto, foi informado para opção de não protestar",
    "E19": "Baixa por decurso de prazo foi encaminhada em duplicidade pela CIP",
    "E20": "Títulos com múltiplos pagamentos devem ter permissão para receber qualquer valor de pagamento",
    "E21": "Instrução não permitida para títulos com múltiplos pagamentos",
    "E22": "Funcionalidade para títulos com múltiplos pagamentos não está habilitada",
    "E23": "Quantidade de pagamentos parciais, deve ser 99",
    "E24": "Quantidade de pagamentos parciais não deve ser informado",
    "E25": "Modelo de cálculo inválido para título com pagamentos parciais",
    "I0": "Título possui baixa operacional ativa na CIP",
    "PX": "Não foi possível registrar o título com QR Code, por favor, tente novamente",
    "101": "Data da apresentação inferior à data de vencimento",
    "102": "Falta de comprovante da prestação de serviço",
    "103": "Nome do sacado incompleto/incorreto",
    "104": "Nome do cedente incompleto/incorreto",
    "105": "Nome do sacador incompleto/incorreto",
    "106": "Endereço do sacado insuficiente",
    "107": "CNPJ/CPF do sacado inválido/incorreto",
    "108": "CNPJ/CPF incompatível com o nome do sacado/sacador/avalista",
    "109": "CNPJ/CPF do sacado incompatível com o tipo de documento",
    "110": "CNPJ/CPF do sacador incompatível com a espécie",
    "111": "Título aceito sem a assinatura do sacado",
    "112": "Título aceito rasurado ou rasgado",
    "113": "Título aceito: falta título (agência cedente: enviar)",
    "114": "CEP incorreto",
    "115": "Praça de pagamento incompatível com endereço",
    "116": "Falta número do título",
    "117": "Título sem endosso do cedente ou irregular",
    "118": "Falta data de emissão do título",
    "119": "Título aceito: valor por extenso diferente do valor por numérico",
    "120": "Data de emissão posterior ao vencimento",
    "121": "Espécie inválida para protesto",
    "122": "CEP do sacado incompatível com a praça de protesto",
    "123": "Falta espécie do título",
    "124": "Saldo maior que o valor do título",
    "125": "Tipo de endosso inválido",
    "126": "Devolvido por ordem judicial",
    "127": "Dados do título não conferem com disquete",
    "128": "Sacado e sacador/avalista são a mesma pessoa",
    "129": "Corrigir a espécie do título",
    "130": "Aguardar um dia útil após o vencimento para protestar",
    "131": "Data do vencimento rasurada",
    "132": "Vencimento: extenso não confere com número",
    "133": "Falta data de vencimento no título",
    "134": "DM/DMI sem comprovante autenticado ou declaração",
    "135": "Comprovante ilegível para conferência e microfilmagem",
    "136": "Nome solicitado não confere com emitente ou sacado",
    "137": "Confirmar se são 2 emitentes. Se sim, indicar os dados dos 2",
    "138": "Endereço do sacado igual ao do sacador ou do portador",
    "139": "Endereço do apresentante incompleto ou não informado",
    "140": "Rua ou número inexistente no endereço",
    "141": "Informar a qualidade do endosso (M ou T)",
    "142": "Falta endosso do favorecido para o apresentante",
    "143": "Data da emissão rasurada",
    "144": "Protesto de cheque proibido: motivo 20/25/28/30 ou 35",
    "145": "Falta assinatura do emitente no cheque",
    "146": "Endereço do emitente no cheque igual ao do banco sacado",
    "147": "Falta o motivo da devolução no cheque ou motivo ilegível",
    "148": "Falta assinatura do sacador no título",
    "149": "Nome do apresentante não informado/incompleto/incorreto",
    "150": "Erro de preenchimento do título",
    "151": "Título com direito de regresso vencido",
    "152": "Título apresentado em duplicidade",
    "153": "Título já protestado",
    "154": "Letra de câmbio vencida: falta aceite do sacado",
    "155": "Título: falta tradução por tradutor público",
    "156": "Falta declaração de saldo assinada no título",
    "157": "Contrato de câmbio: falta conta gráfica",
    "158": "Ausência do documento físico",
    "159": "Sacado falecido",
    "160": "Sacado apresentou quitação do título",
    "161": "Título de outra jurisdição territorial",
    "162": "Título com emissão anterior à concordata do sacado",
    "163": "Sacado consta na lista de falência",
    "164": "Apresentante não aceita publicação de edital",
    "165": "Dados do sacador em branco ou inválido",
    "166": "Título sem autorização para protesto por edital",
    "167": "Valor divergente entre título e comprovante",
    "168": "Condomínio não pode ser protestado para fins falimentares",
    "169": "Vedada a intimação por edital para protesto falimentar",
    "170": "Dados do cedente em branco ou inválido",
}


def told(read: Occurrence, origin: str, complement: str) -> Occurrence:
    """The occurrence with the instruction that it answers, and its reasons."""
    occurrence = read._replace(reasons=reasons_in(complement))
    if occurrence.movement not in {"02", "03"} or not origin.strip(" 0"):
        return occurrence
    kind, what = _CONFIRMED.get(origin, OccurrenceCode(occurrence.kind, f"instrução {origin}"))
    if occurrence.movement == "03":
        kind = OccurrenceKind.REJECTED if origin == _ENTRY else OccurrenceKind.INSTRUCTION_REJECTED
    return occurrence._replace(kind=kind, movement_text=f"{occurrence.movement_text}: {what}")


def reasons_in(complement: str) -> tuple[OccurrenceReason, ...]:
    """The reasons in a field of 8 columns: codes of two characters side by side, or of three.

    >>> [reason.code for reason in reasons_in("084600  ") + reasons_in("E10E11  ") + reasons_in("00000000")]
    ['08', '46', 'E10', 'E11']
    """
    codes = complement.strip()
    for width in (2, 3):
        pieces = [codes[i : i + width] for i in range(0, len(codes), width)]
        if all(piece in _REASONS or piece == "0" * width for piece in pieces):
            return tuple(OccurrenceReason(piece, _REASONS[piece]) for piece in pieces if piece.strip("0"))
    return (OccurrenceReason(codes, f"motivo {codes}, que o manual não descreve"),)
