"""Banrisul (041), CNAB 400, remittance and return: what differs from the columns that banks share.

Source: Banrisul, "Cobrança Banrisul, Leiaute CNAB 400 posições, com código de agência com 4 dígitos", of July 2015. The
bank's number for a title is 8 digits and their double check digit; numeric fields that are not used are blank (p. 5).
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import Field, blanks, code, const, exact, money, number, text

_MANUAL = "Banrisul, CNAB 400, julho de 2015"


def _company(start: int) -> list[Field]:
    """Código de cedente: agency 4, then the code of 7 with its check digits."""
    return [
        code("agencia", start, start + 3, "AAAA"),
        code("conta", start + 4, start + 12, "CCCCCCCCC: código do beneficiário com seus dois dígitos"),
    ]


_NUMBER = [
    code("nosso_numero", 63, 70, "p. 31"),
    code("nosso_numero_digito", 71, 72, "p. 31: módulos 10 e 11"),
]

REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 5-6",
    shared.REMITTANCE_HEADER,
    [
        blanks(10, 26),
        *_company(27),
        blanks(40, 46),
        *shared.bank("041", "BANRISUL"),
        blanks(101, 394),
    ],
)

REMITTANCE_TITLE = shared.overlaid(
    "detalhe",
    f"{_MANUAL}, p. 6-11",
    shared.REMITTANCE_TITLE,
    [
        blanks(2, 17),
        *_company(18),
        blanks(31, 37),
        *_NUMBER,
        const("mensagem", 73, 104, ""),
        blanks(105, 107),
        code("carteira", 108, 108),
        const("banco_cobrador", 140, 142, "041"),
        blanks(143, 147),
        const("tipo_documento", 148, 149, "08", "p. 9: CCB, o beneficiário emite e expede"),
        text("instrucao_1", 157, 158),
        text("instrucao_2", 159, 160),
        text("juros_codigo", 161, 161, "1: taxa mensal"),
        money("juros", 162, 173),
        blanks(193, 205),
        text("pagador_nome", 235, 269),
        blanks(270, 274),
        blanks(315, 321),
        number("multa", 322, 324, "uma casa decimal"),
        text("multa_dias", 325, 326, "00: após o vencimento"),
        blanks(352, 369),
        text("prazo", 370, 371, "dias para protesto ou devolução"),
        blanks(372, 394),
    ],
)

REMITTANCE_TRAILER = shared.overlaid(
    "trailer de arquivo remessa",
    f"{_MANUAL}, p. 17",
    shared.TRAILER,
    [blanks(2, 27), money("valor_total", 28, 40), blanks(41, 394)],
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 17",
    shared.RETURN_HEADER,
    [
        *_company(27),
        blanks(40, 46),
        *shared.bank("041", "BANRISUL"),
        blanks(101, 385),
        number("sequencial_arquivo", 386, 394, "só se pedido ao banco"),
    ],
)

RETURN_TITLE = shared.overlaid(
    "detalhe",
    f"{_MANUAL}, p. 18-21",
    shared.RETURN_TITLE,
    [
        *_company(18),
        code("especie_cobranca", 31, 36),
        blanks(37, 37),
        exact("uso_empresa", 38, 62),
        *_NUMBER,
        text("nosso_numero_opcional", 73, 82, "títulos em garantia"),
        text("contrato", 83, 104, "títulos em garantia"),
        blanks(105, 107),
        text("carteira", 108, 108),
        text("titulo_no_banco", 127, 146),
        text("tipo_documento", 174, 175),
        blanks(202, 227),
        money("outros_recebimentos", 280, 292),
        blanks(293, 295),
        blanks(302, 313),
        text("partilha", 314, 318, "CC CP: parte de outro beneficiário"),
        blanks(319, 319),
        text("partilha_cedente", 320, 332),
        blanks(333, 342),
        text("forma_pagamento", 343, 343),
        text("canal", 344, 344),
        blanks(345, 382),
        text("motivos", 383, 392, "p. 25-27"),
        blanks(393, 394),
    ],
)

RETURN_TRAILER = shared.overlaid(
    "trailer de arquivo retorno",
    f"{_MANUAL}, p. 24-25",
    shared.TRAILER,
    [
        blanks(2, 17),
        text("titulos_em_carteira", 18, 25),
        text("valor_em_carteira", 26, 39),
        text("sequencial_arquivo", 40, 47, "só se pedido ao banco"),
        blanks(48, 48),
        text("titulos_registrados", 49, 55),
        text("valor_registrado", 56, 70),
        text("titulos_liquidados", 71, 77),
        text("valor_liquidado", 78, 92),
        blanks(93, 361),
        text("quantidade_rateios", 362, 379),
        text("valor_rateios", 380, 394),
    ],
)
"""Its figures are texts, because they prove nothing: the manual does not say which occurrences they count."""

OPTIONAL = {
    "juros": ("juros_codigo", "juros"),
    "desconto": ("desconto_data", "desconto"),
    "abatimento": ("abatimento",),
    "multa": ("multa_dias", "multa"),
    "instrucao_1": ("instrucao_1",),
    "instrucao_2": ("instrucao_2",),
    "prazo": ("prazo",),
}
"""Optional part of a title -> its fields, which are blank if the last of them is empty."""

REMITTANCE = {"0": REMITTANCE_HEADER, "1": REMITTANCE_TITLE, "9": REMITTANCE_TRAILER}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "9": RETURN_TRAILER}
