"""Unicred (136), CNAB 400, remittance and return: what differs from the columns that banks share.

Source: Unicred, "Cobrança Web, Layout de Remessa de Boletos, CNAB 400 posições", of 17/11/2021, and "Layout de Retorno de Boletos, CNAB 400
posições", of 07/08/2020.
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import blanks, code, const, day, money, number, text, zeros

_REMITTANCE = "Unicred, remessa CNAB 400, 17/11/2021"
_RETURN = "Unicred, retorno CNAB 400, 07/08/2020"

REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_REMITTANCE}, p. 7-8",
    shared.REMITTANCE_HEADER,
    [
        code("convenio", 27, 46, "código do beneficiário"),
        *shared.bank("136", "UNICRED"),
        blanks(101, 107),
        const("variacao", 108, 110, "000"),
        number("sequencial_arquivo", 111, 117, "só cresce, de um em um"),
        blanks(118, 394),
    ],
)

REMITTANCE_TITLE = shared.overlaid(
    "detalhe",
    f"{_REMITTANCE}, p. 8-15",
    shared.REMITTANCE_TITLE,
    [
        code("agencia", 2, 6),
        code("agencia_digito", 7, 7),
        code("conta", 8, 19),
        code("conta_digito", 20, 20),
        zeros(21, 21),
        code("carteira", 22, 24, "21: com registro"),
        zeros(25, 37),
        const("uso_empresa", 38, 62, "", "desativado: não volta no retorno"),
        const("banco", 63, 65, "136"),
        zeros(66, 67),
        blanks(68, 92),
        zeros(93, 93),
        code("multa_codigo", 94, 94, "2 taxa, 3 isento"),
        money("multa", 95, 104),
        code("juros_codigo", 105, 105, "2 taxa mensal, 5 isento"),
        const("descontavel", 106, 106, "N"),
        blanks(107, 108),
        zeros(140, 149),
        code("desconto_codigo", 150, 150, "0 isento, 1 valor fixo"),
        zeros(157, 157),
        code("protesto_codigo", 158, 158, "1 dias corridos, 3 não protestar"),
        code("protesto_prazo", 159, 160),
        money("juros", 161, 173),
        code("nosso_numero", 193, 202, "p. 14"),
        code("nosso_numero_digito", 203, 203, "p. 19: módulo 11"),
        zeros(204, 205),
        text("pagador_cidade", 335, 354),
        text("pagador_uf", 355, 356),
        blanks(357, 394),
    ],
)

REMITTANCE_TRAILER = shared.overlaid(
    "trailer de arquivo remessa", f"{_REMITTANCE}, p. 19", shared.TRAILER, [blanks(2, 394)]
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_RETURN}, p. 3",
    shared.RETURN_HEADER,
    [
        code("agencia", 27, 30),
        text("agencia_digito", 31, 31),
        text("conta", 32, 39, "brancos à esquerda"),
        text("conta_digito", 40, 40),
        zeros(41, 46),
        *shared.bank("136", "UNICREDDOBRASIL"),
        number("sequencial_arquivo", 101, 107),
        code("convenio", 108, 121, "código do beneficiário"),
        blanks(122, 394),
    ],
)

RETURN_TITLE = shared.overlaid(
    "detalhe",
    f"{_RETURN}, p. 4-5",
    shared.RETURN_TITLE,
    [
        code("agencia", 18, 21),
        text("agencia_digito", 22, 22),
        text("conta", 23, 30, "brancos à esquerda"),
        text("conta_digito", 31, 31),
        code("convenio", 32, 45, "código do beneficiário"),
        zeros(46, 51),
        code("nosso_numero", 52, 61, "46-62: à direita, com o dígito"),
        code("nosso_numero_digito", 62, 62),
        blanks(63, 73),
        zeros(74, 74),
        const("carteira_simples", 75, 75, "1"),
        blanks(76, 85),
        const("variacao", 86, 88, "019"),
        zeros(89, 106),
        const("carteira_tipo", 107, 108, "18"),
        blanks(117, 146),
        blanks(174, 175),
        day("data_credito", 176, 181, "data programada para repasse"),
        money("tarifa", 182, 188),
        blanks(189, 227),
        text("numero_documento", 280, 305, "as 10 primeiras posições"),
        money("valor_liquido", 306, 318, "valor pago menos a tarifa; o manual o diz alfanumérico"),
        text("complemento", 319, 326, "p. 6-10"),
        text("instrucao_origem", 327, 328, "p. 10-11"),
        blanks(329, 394),
    ],
)

RETURN_TRAILER = shared.overlaid(
    "trailer de arquivo retorno", f"{_RETURN}, p. 5", shared.TRAILER, [blanks(2, 394)]
)

REMITTANCE = {"0": REMITTANCE_HEADER, "1": REMITTANCE_TITLE, "9": REMITTANCE_TRAILER}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "9": RETURN_TRAILER}
