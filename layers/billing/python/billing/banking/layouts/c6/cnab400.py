"""C6 Bank (336), CNAB 400, "cobrança direta", remittance and return: what differs from the columns that banks share.

Source: C6 Bank, "Layout de Arquivos, Cobrança Bancária, Padrão CNAB 400 Posições", version 2.2 of June 2022; fields D001 to D091 are
those of its section 6.
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import Record, blanks, code, const, day, money, number, text

_MANUAL = "C6 Bank, CNAB 400, versão 2.2"

REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 6",
    shared.REMITTANCE_HEADER,
    [
        code("convenio", 27, 38, "D007: código do cedente"),
        blanks(39, 46),
        const("codigo_banco", 77, 79, "336"),
        blanks(80, 94),
        blanks(101, 108),
        code("conta_direta", 109, 120, "D011: a que o C6 indica para cobrança direta"),
        blanks(121, 386),
        number("sequencial_arquivo", 387, 394, "D076: só cresce"),
    ],
)

REMITTANCE_TITLE = shared.overlaid(
    "detalhe",
    f"{_MANUAL}, p. 6-8",
    shared.REMITTANCE_TITLE,
    [
        code("empresa_tipo", 2, 3, "D013"),
        code("empresa_documento", 4, 17, "D014"),
        code("conta", 18, 29, "D015: não consistida"),
        blanks(30, 37),
        const("zero", 63, 63, "0", "D017: 0NNNNNNNNNND"),
        code("nosso_numero", 64, 73, "D017"),
        text("nosso_numero_digito", 74, 74, "11.4: módulo 11, base 7; dez é P"),
        blanks(75, 82),
        const("banco_cobranca_direta", 83, 85, "336", "D018: na carteira 20"),
        blanks(86, 106),
        code("carteira", 107, 108, "D019"),
        blanks(140, 147),
        const("instrucao_1", 157, 158, "00", "D027"),
        const("instrucao_2", 159, 160, "00", "D028"),
        day("multa_data", 193, 198, "D081"),
        blanks(199, 205),
        const("sacador_mensagem", 352, 381, "", "D041"),
        code("multa_codigo", 382, 382, "D079: 0 sem multa, 2 percentual"),
        number("multa", 383, 384, "D080: percentual inteiro"),
        blanks(385, 385),
        day("juros_data", 386, 391, "D042"),
        number("protesto_dias", 392, 393, "D043: corridos"),
        blanks(394, 394),
    ],
)

REMITTANCE_MESSAGE = Record(
    "registro opcional",
    400,
    f"{_MANUAL}, p. 8-9",
    [
        const("tipo_registro", 1, 1, "2"),
        *(text(f"mensagem_{n + 1}", 2 + 80 * n, 81 + 80 * n, f"D0{69 + n}") for n in range(4)),
        text("nota_fiscal", 322, 365, "D091"),
        text("numero_documento", 366, 375, "D021"),
        day("vencimento", 376, 381, "D022"),
        money("valor", 382, 394, "D023: o do detalhe"),
        number("sequencial", 395, 400),
    ],
)

REMITTANCE_TRAILER = shared.overlaid(
    "trailer de arquivo remessa", f"{_MANUAL}, p. 9", shared.TRAILER, [blanks(2, 394)]
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 9-10",
    shared.RETURN_HEADER,
    [
        const("literal_servico", 12, 19, "COBRANCA"),
        blanks(20, 21),
        number("sequencial_arquivo", 22, 26, "D075"),
        text("conta", 27, 38, "D015"),
        code("convenio", 39, 50, "D007: código do cedente"),
        blanks(51, 76),
        const("codigo_banco", 77, 79, "336"),
        text("nome_banco", 80, 104, "D051"),
        blanks(105, 108),
        code("conta_direta", 109, 120, "D011"),
        blanks(121, 124),
        day("data_geracao", 125, 130, "D052: data do movimento"),
        blanks(131, 394),
    ],
)

RETURN_TITLE = shared.overlaid(
    "detalhe",
    f"{_MANUAL}, p. 10-11",
    shared.RETURN_TITLE,
    [
        text("conta", 18, 29, "D015"),
        blanks(30, 37),
        code("nosso_numero", 63, 72, "D017"),
        text("nosso_numero_digito", 73, 73, "D017"),
        blanks(74, 74),
        text("nosso_numero_complementar", 75, 86, "D053: gerado pelo C6"),
        blanks(87, 106),
        code("carteira", 107, 108, "D019"),
        blanks(127, 146),
        blanks(174, 175),
        money("tarifa", 176, 188, "D058: tarifa e custas"),
        blanks(189, 227),
        money("valor_pago", 254, 266, "D059 e 9.2.1: valor principal ou valor pago"),
        money("juros", 267, 279, "D060: a mora"),
        money("multa", 280, 292, "D061: outros acréscimos, o que não é mora"),
        blanks(293, 295),
        blanks(302, 365),
        text("campos_invalidos", 366, 377, "D063: até quatro colunas da remessa"),
        text("motivos", 378, 393, "D064: até quatro códigos"),
        blanks(394, 394),
    ],
)

RETURN_TRAILER = Record(
    "trailer de arquivo retorno",
    400,
    f"{_MANUAL}, p. 11",
    [
        const("tipo_registro", 1, 1, "9"),
        blanks(2, 2),
        money("valor_total", 3, 16, "D065: de face"),
        number("quantidade_detalhes", 17, 22, "D066"),
        money("valor_liquidacoes", 23, 36, "D067: efetivamente pago"),
        number("quantidade_liquidacoes", 37, 42, "D068"),
        blanks(43, 394),
        number("sequencial", 395, 400),
    ],
)

COUNTED = {"quantidade_liquidacoes": ("06", "07", "08", "75")}
"""Field of the return's trailer -> the occurrences that it counts (D068)."""

REMITTANCE = {
    "0": REMITTANCE_HEADER,
    "1": REMITTANCE_TITLE,
    "2": REMITTANCE_MESSAGE,
    "9": REMITTANCE_TRAILER,
}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "9": RETURN_TRAILER}
