"""Caixa (104), CNAB 400 (SIGCB), remittance and return: what differs from the columns that banks share.

Source: Caixa, "Leiaute de arquivo eletrônico padrão CNAB 400", 67.126 version 015, of April 2020; pages and notes (NE) are the manual's
own. Written without a layout version (NE065), which is for beneficiary codes of six digits (NE004, A1).
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import Field, blanks, code, const, day, exact, money, number, text

_MANUAL = "Caixa, CNAB 400 SIGCB, 67.126 v015, abril/2020"


def _title() -> list[Field]:
    """What a title has in both remittance and return, columns 2-73."""
    return [
        code("empresa_tipo", 2, 3, "NE011"),
        code("empresa_documento", 4, 17, "NE012"),
        code("convenio", 22, 27, "NE004"),
        code("emissao_boleto", 28, 28, "NE027: 2 o beneficiário emite"),
        code("entrega_boleto", 29, 29, "NE028: 0 o beneficiário posta"),
        exact("uso_empresa", 32, 56, "NE014"),
        code("nosso_numero", 57, 73, "NE015: modalidade 14 e número"),
    ]


REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 19",
    shared.REMITTANCE_HEADER,
    [
        code("agencia", 27, 30, "NE003"),
        code("convenio", 31, 36, "NE004, A1"),
        blanks(37, 46),
        *shared.bank("104", "C ECON FEDERAL"),
        const("versao", 101, 103, "", "NE065"),
        blanks(104, 389),
        number("sequencial_arquivo", 390, 394, "NE009"),
    ],
)

REMITTANCE_TITLE = shared.overlaid(
    "detalhe",
    f"{_MANUAL}, p. 20-21",
    shared.REMITTANCE_TITLE,
    [
        *_title(),
        const("uso_caixa", 18, 20, "000"),
        blanks(21, 21),
        text("taxa_permanencia", 30, 31, "NE013: 00, valor por dia"),
        blanks(74, 75),
        const("pagamento_parcial", 76, 76, "1", "NE055: não autoriza"),
        blanks(77, 77),
        day("juros_data", 78, 83, "NE063"),
        text("desconto_codigo", 84, 84, "NE061: 1 valor fixo, 0 sem desconto"),
        blanks(85, 106),
        const("carteira", 107, 108, "01", "NE016: registrada"),
        const("banco_cobrador", 140, 142, "104", "NE006"),
        const("agencia_cobradora", 143, 147, "00000", "NE021"),
        text("especie", 148, 149, "NE022"),
        code("instrucao_1", 157, 158, "NE024: 01 protestar, 02 devolver"),
        text("instrucao_2", 159, 160, "00"),
        number("iof", 193, 205),
        text("pagador_tipo", 219, 220, "NE011"),
        text("pagador_documento", 221, 234, "NE012"),
        day("multa_data", 352, 357, "NE059"),
        money("multa", 358, 367, "40.1: valor nominal"),
        blanks(368, 389),
        text("instrucao_3", 390, 391, "NE029, NE030: 00, sem mensagem"),
        number("prazo", 392, 393, "NE025"),
        const("moeda", 394, 394, "1", "NE026"),
    ],
)

NUMBERS_AS_TEXT = frozenset(
    {
        "taxa_permanencia",
        "desconto_codigo",
        "especie",
        "instrucao_2",
        "pagador_tipo",
        "pagador_documento",
        "instrucao_3",
    }
)
"""Fields of digits that a change leaves blank if they stay as they are."""

_NOT_CHANGED = (
    "taxa_permanencia", "juros_data", "desconto_codigo", "vencimento", "especie", "aceite", "emissao", "instrucao_2",
    "juros_dia", "desconto_data", "desconto", "iof", "abatimento", "pagador_tipo", "pagador_documento", "multa_data",
    "multa", "instrucao_3", "prazo",
)  # fmt: skip

REMITTANCE_CHANGE = REMITTANCE_TITLE.replacing(
    "detalhe, alteração de dados",
    f"{_MANUAL}, p. 15-16 e NE017, p. 38: em branco o que não muda, mesmo numérico",
    *(const(f.name, f.start, f.end, "") for f in map(REMITTANCE_TITLE.by_name.__getitem__, _NOT_CHANGED)),
)
"""A change of the payer's name and address: the document of the payer is not one of the fields that change (p. 16)."""

REMITTANCE_TRAILER = shared.overlaid(
    "trailer de arquivo remessa", f"{_MANUAL}, p. 26", shared.TRAILER, [blanks(2, 394)]
)

_COMPANY = [
    code("empresa_tipo", 2, 3, "NE011"),
    code("empresa_documento", 4, 17, "NE012"),
    code("agencia", 18, 21, "NE003"),
    text("convenio", 22, 28, "NE004"),
]

REMITTANCE_MESSAGES = shared.overlaid(
    "detalhe opcional, mensagens",
    f"{_MANUAL}, p. 22: só onde o banco emite o boleto",
    (number("sequencial", 395, 400),),
    [
        const("tipo_registro", 1, 1, "2"),
        *_COMPANY,
        blanks(29, 56),
        code("nosso_numero", 57, 73, "NE015"),
        blanks(74, 106),
        code("carteira", 107, 108, "NE016"),
        code("ocorrencia", 109, 110, "NE017"),
        blanks(111, 139),
        const("banco_cobrador", 140, 142, "104"),
        text("mensagens", 143, 382, "NE030: seis de 40"),
        blanks(383, 394),
    ],
)
REMITTANCE_CONTACT = shared.overlaid(
    "detalhe opcional, e-mail e SMS",
    f"{_MANUAL}, p. 23",
    (number("sequencial", 395, 400),),
    [
        const("tipo_registro", 1, 1, "3"),
        *_COMPANY,
        blanks(29, 53),
        exact("pagador_email", 54, 103),
        text("pagador_ddd", 104, 105),
        text("pagador_celular", 106, 114),
        text("sms", 115, 115, "NE060"),
        blanks(116, 394),
    ],
)
REMITTANCE_PAYMENT = shared.overlaid(
    "detalhe opcional, tipo de pagamento",
    f"{_MANUAL}, p. 24-25",
    (number("sequencial", 395, 400),),
    [
        const("tipo_registro", 1, 1, "4"),
        *_COMPANY,
        blanks(29, 56),
        text("registro_opcional", 57, 58, "NE042"),
        text("tipo_pagamento", 59, 60, "NE043"),
        number("quantidade_pagamentos", 61, 62, "NE044"),
        money("valor_nominal", 63, 77, "NE020"),
        text("valor_maximo_tipo", 78, 78, "NE045"),
        money("valor_maximo", 79, 93, "NE046"),
        number("percentual_maximo", 94, 108),
        text("valor_minimo_tipo", 109, 109, "NE045"),
        money("valor_minimo", 110, 124, "NE047"),
        number("percentual_minimo", 125, 139),
        text("rateio", 140, 394, "NE048 a NE054"),
    ],
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 27",
    shared.RETURN_HEADER,
    [
        code("agencia", 27, 30, "NE003"),
        text("convenio", 31, 37, "NE004: até 6 dígitos começam na 31 ou, na versão 007, na 32"),
        blanks(38, 46),
        *shared.bank("104", "C ECON FEDERAL"),
        text("mensagem", 101, 158),
        text("versao", 159, 161, "NE065"),
        blanks(162, 389),
        number("sequencial_arquivo", 390, 394, "NE009"),
    ],
)

RETURN_TITLE = shared.overlaid(
    "detalhe",
    f"{_MANUAL}, p. 28-29",
    shared.RETURN_TITLE,
    [
        *_title(),
        text("uso_caixa", 18, 21, "04.1: antes, a agência"),
        blanks(30, 31),
        blanks(74, 79),
        code("motivos", 80, 82, "NE032 e NE038: um só"),
        text("dda", 83, 84, "13.1: A4"),
        blanks(85, 106),
        code("carteira", 107, 108, "NE016"),
        blanks(127, 146),
        text("especie", 174, 175, "NE022"),
        money("tarifa", 176, 188),
        code("canal", 189, 191, "NE035"),
        code("forma_pagamento", 192, 192, "NE036"),
        code("float", 193, 194, "NE034"),
        day("data_tarifa", 195, 200, "NE034"),
        blanks(201, 214),
        money("valor_pago", 254, 266, "29.1: valor principal"),
        money("juros", 267, 279, "30.1"),
        money("multa", 280, 292, "31.1"),
        code("moeda", 293, 293, "NE026"),
        day("data_credito", 294, 299, "NE037"),
        blanks(300, 394),
    ],
)

RETURN_TRAILER = shared.overlaid(
    "trailer de arquivo retorno",
    f"{_MANUAL}, p. 30",
    shared.TRAILER,
    [
        const("codigo_retorno", 2, 2, "2"),
        const("codigo_servico", 3, 4, "01"),
        const("codigo_banco", 5, 7, "104"),
        blanks(8, 394),
    ],
)

REMITTANCE = {
    "0": REMITTANCE_HEADER,
    "1": REMITTANCE_TITLE,
    "2": REMITTANCE_MESSAGES,
    "3": REMITTANCE_CONTACT,
    "4": REMITTANCE_PAYMENT,
    "9": REMITTANCE_TRAILER,
}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "9": RETURN_TRAILER}
