"""Sicredi (748), CNAB 400, registered collection, remittance and return: what differs from the columns that banks
share.

Source: Banco Cooperativo Sicredi, "Manual do beneficiário, CNAB 400", version 1.4 of August 2019. The title carries
neither our own reference nor the payer's district, city and state: it is identified by its nosso número, with the year.
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import (
    Record,
    blanks,
    code,
    const,
    day,
    day_year_first,
    money,
    number,
    text,
    zeros,
)

_MANUAL = "Sicredi, manual CNAB 400, versão 1.4"

REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 31-32",
    shared.REMITTANCE_HEADER,
    [
        code("convenio", 27, 31, "código do beneficiário"),
        code("empresa_documento", 32, 45),
        blanks(46, 76),
        *shared.bank("748", "SICREDI"),
        day_year_first("data_geracao", 95, 102),
        blanks(103, 110),
        number("sequencial_arquivo", 111, 117, "o do último arquivo mais um"),
        blanks(118, 390),
        const("versao", 391, 394, "2.00"),
    ],
)

REMITTANCE_TITLE = shared.overlaid(
    "detalhe",
    f"{_MANUAL}, p. 32-38",
    shared.REMITTANCE_TITLE,
    [
        const("tipo_cobranca", 2, 2, "A", "com registro"),
        const("carteira_codigo", 3, 3, "A", "simples"),
        const("tipo_impressao", 4, 4, "A", "normal, sem carnê"),
        blanks(5, 16),
        const("moeda", 17, 17, "A", "real"),
        const("desconto_tipo", 18, 18, "A", "valor"),
        const("juros_tipo", 19, 19, "A", "valor por dia"),
        blanks(20, 47),
        code("nosso_numero", 48, 55, "p. 7: ano, byte e sequencial"),
        code("nosso_numero_digito", 56, 56, "p. 7"),
        blanks(57, 62),
        day_year_first("data_instrucao", 63, 70),
        const("campo_alterado", 71, 71, "", "só na instrução 31"),
        const("postagem", 72, 72, "N", "não posta"),
        blanks(73, 73),
        const("emissao_boleto", 74, 74, "B", "o beneficiário imprime"),
        const("parcelas_carne", 75, 78, ""),
        blanks(79, 82),
        const("desconto_dia", 83, 92, "0" * 10),
        money("multa", 93, 96, "percentual"),
        blanks(97, 108),
        blanks(140, 148),
        code("especie", 149, 149, "p. 35"),
        code("aceite", 150, 150, "S ou N"),
        code("protesto_codigo", 157, 158, "00 não, 06 sim"),
        number("protesto_dias", 159, 160, "ao menos 3"),
        code("negativacao_codigo", 193, 194, "00 não, 06 sim"),
        number("negativacao_dias", 195, 196, "ao menos 3"),
        zeros(197, 205),
        code("pagador_tipo", 219, 219, "1 física, 2 jurídica"),
        const("zero", 220, 220, "0"),
        const("pagador_na_cooperativa", 315, 319, "00000", "zeros quando não se usa"),
        zeros(320, 325),
        blanks(326, 326),
        const("pagador_no_cliente", 335, 339, "00000"),
        const("sacador_avalista", 340, 394, "", "sem sacador avalista"),
    ],
)

REMITTANCE_TRAILER = shared.overlaid(
    "trailer de arquivo remessa",
    f"{_MANUAL}, p. 51",
    shared.TRAILER,
    [
        const("operacao", 2, 2, "1"),
        const("codigo_banco", 3, 5, "748"),
        code("convenio", 6, 10, "código do beneficiário"),
        blanks(11, 394),
    ],
)

REMITTANCE_MESSAGE = Record(
    "mensagem",
    400,
    f"{_MANUAL}, p. 43-44",
    [
        const("tipo_registro", 1, 1, "2"),
        blanks(2, 12),
        code("nosso_numero", 13, 21),
        *(text(f"mensagem_{n + 1}", 22 + 80 * n, 101 + 80 * n) for n in range(4)),
        text("numero_documento", 342, 351),
        blanks(352, 394),
        number("sequencial", 395, 400),
    ],
)

REMITTANCE_INFORMATION = Record(
    "informativo",
    400,
    f"{_MANUAL}, p. 46-47",
    [
        const("tipo_registro", 1, 1, "5"),
        const("tipo_informativo", 2, 2, "E", "de um título"),
        code("convenio", 3, 7),
        text("numero_documento", 8, 17),
        blanks(18, 18),
        const("tipo_cobranca", 19, 19, "A", "com registro"),
        *(number(f"linha_{n + 1}", 20 + 82 * n, 21 + 82 * n) for n in range(4)),
        *(text(f"texto_{n + 1}", 22 + 82 * n, 101 + 82 * n) for n in range(4)),
        blanks(348, 394),
        number("sequencial", 395, 400),
    ],
)

REMITTANCE_GUARANTOR = Record(
    "sacador avalista",
    400,
    f"{_MANUAL}, p. 48-49",
    [
        const("tipo_registro", 1, 1, "6"),
        code("nosso_numero", 2, 16),
        text("numero_documento", 17, 26),
        code("pagador_no_cliente", 27, 31),
        code("sacador_documento", 32, 45),
        text("sacador_nome", 46, 86),
        text("sacador_endereco", 87, 131),
        text("sacador_cidade", 132, 151),
        code("sacador_cep", 152, 159),
        text("sacador_uf", 160, 161),
        blanks(162, 394),
        number("sequencial", 395, 400),
    ],
)

REMITTANCE_DISCOUNTS = Record(
    "descontos 2 e 3",
    400,
    f"{_MANUAL}, p. 49-51",
    [
        const("tipo_registro", 1, 1, "7"),
        code("nosso_numero", 2, 16),
        text("numero_documento", 17, 26),
        code("pagador_documento", 27, 40),
        code("sacador_documento", 41, 54),
        day("desconto_data_2", 55, 60),
        money("desconto_2", 61, 73),
        day("desconto_data_3", 74, 79),
        money("desconto_3", 80, 92),
        blanks(93, 394),
        number("sequencial", 395, 400),
    ],
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 51-52",
    shared.RETURN_HEADER,
    [
        code("convenio", 27, 31, "código do beneficiário"),
        code("empresa_documento", 32, 45),
        blanks(46, 76),
        *shared.bank("748", "BANSICREDI"),
        day_year_first("data_geracao", 95, 102),
        blanks(103, 110),
        number("sequencial_arquivo", 111, 117),
        blanks(118, 389),
        text("versao", 390, 394),
    ],
)

RETURN_TITLE = shared.overlaid(
    "detalhe",
    f"{_MANUAL}, p. 52-54",
    shared.RETURN_TITLE,
    [
        blanks(2, 13),
        text("carteira", 14, 14, "A com registro, C sem"),
        text("pagador_na_cooperativa", 15, 19),
        text("pagador_no_cliente", 20, 24),
        text("boleto_dda", 25, 25, "p. 55: 1 enviado ao DDA, 2 normal"),
        blanks(26, 47),
        code("nosso_numero", 48, 55, "ano, byte e sequencial"),
        text("nosso_numero_digito", 56, 56),
        blanks(57, 108),
        text("recebido_em", 127, 146, "COMPE, ou a cooperativa e o posto que receberam"),
        blanks(166, 174),
        text("especie", 175, 175),
        zeros(202, 227),
        money("multa", 280, 292),
        blanks(293, 294),
        text("protesto", 295, 295, "na ocorrência 19: A aceito, D desprezado"),
        blanks(296, 318),
        text("motivos", 319, 328, "p. 12-18"),
        day_year_first("data_credito", 329, 336),
        blanks(337, 394),
    ],
)

RETURN_TRAILER = shared.overlaid(
    "trailer de arquivo retorno",
    f"{_MANUAL}, p. 57",
    shared.TRAILER,
    [
        const("codigo_retorno", 2, 2, "2"),
        const("codigo_banco", 3, 5, "748"),
        code("convenio", 6, 10, "código do beneficiário"),
        blanks(11, 394),
    ],
)

REMITTANCE = {
    "0": REMITTANCE_HEADER,
    "1": REMITTANCE_TITLE,
    "2": REMITTANCE_MESSAGE,
    "5": REMITTANCE_INFORMATION,
    "6": REMITTANCE_GUARANTOR,
    "7": REMITTANCE_DISCOUNTS,
    "9": REMITTANCE_TRAILER,
}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "9": RETURN_TRAILER}
