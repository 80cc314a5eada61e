"""Inter (077), CNAB 400, registered collection, remittance and return.

Source: Inter, "Conta Digital PJ, Manual CNAB 400", v1.1 of 30/08/2021. Only the headers are like those of other banks.
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import Record, blanks, code, const, day, exact, money, number, text, zeros

_MANUAL = "Inter, Manual CNAB 400, v1.1"

REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 6",
    shared.REMITTANCE_HEADER,
    [
        blanks(27, 46),
        *shared.bank("077", "INTER"),
        blanks(101, 110),
        number("sequencial_arquivo", 111, 117, "o mesmo do nome do arquivo"),
        blanks(118, 394),
    ],
)

REMITTANCE_TITLE = Record(
    "detalhe",
    400,
    f"{_MANUAL}, p. 7-9",
    [
        const("tipo_registro", 1, 1, "1"),
        blanks(2, 20),
        code("carteira", 21, 23, "112"),
        code("agencia", 24, 27, "0001"),
        code("conta", 28, 37),
        exact("uso_empresa", 38, 62),
        blanks(63, 65),
        code("multa_codigo", 66, 66, "0 sem, 1 valor, 2 percentual"),
        money("multa_valor", 67, 79),
        money("multa", 80, 83, "percentual"),
        day("multa_data", 84, 89),
        code("nosso_numero", 90, 100, "zeros: o Inter o dá no retorno"),
        blanks(101, 108),
        code("ocorrencia", 109, 110, "só 01"),
        text("numero_documento", 111, 120),
        day("vencimento", 121, 126),
        money("valor_titulo", 127, 139),
        number("dias_para_pagar", 140, 141, "0, 30 ou 60, depois do vencimento"),
        blanks(142, 147),
        code("especie", 148, 149, "99: outros"),
        text("aceite", 150, 150, "N"),
        text("emissao", 151, 156, "em branco"),
        blanks(157, 159),
        code("juros_codigo", 160, 160, "0 sem, 1 valor, 2 percentual"),
        money("juros_dia", 161, 173),
        money("juros_percentual", 174, 177, "por dia"),
        day("juros_data", 178, 183),
        code("desconto_codigo", 184, 184, "p. 24"),
        money("desconto", 185, 197),
        money("desconto_percentual", 198, 201),
        day("desconto_data", 202, 207),
        money("abatimento", 208, 220),
        code("pagador_tipo", 221, 222),
        code("pagador_documento", 223, 236),
        text("pagador_nome", 237, 276),
        text("pagador_endereco", 277, 316),
        code("pagador_cep", 317, 324),
        text("mensagem_1", 325, 394),
        number("sequencial", 395, 400),
    ],
)

REMITTANCE_MESSAGE = Record(
    "mensagens e descontos",
    400,
    f"{_MANUAL}, p. 10",
    [
        const("tipo_registro", 1, 1, "2"),
        *(text(f"mensagem_{n + 2}", 2 + 78 * n, 79 + 78 * n) for n in range(4)),
        day("desconto_data_2", 314, 319),
        money("desconto_2", 320, 332),
        money("desconto_percentual_2", 333, 336),
        blanks(337, 346),
        day("desconto_data_3", 347, 352),
        money("desconto_3", 353, 365),
        money("desconto_percentual_3", 366, 369),
        blanks(370, 379),
        code("nosso_numero", 380, 390),
        blanks(391, 394),
        number("sequencial", 395, 400),
    ],
)

REMITTANCE_TRAILER = shared.overlaid(
    "trailer de arquivo remessa",
    f"{_MANUAL}, p. 11",
    shared.TRAILER,
    [number("quantidade_titulos", 2, 7), blanks(8, 394)],
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 12",
    shared.RETURN_HEADER,
    [blanks(27, 46), *shared.bank("077", "INTER"), blanks(101, 394)],
)

RETURN_TITLE = Record(
    "detalhe",
    400,
    f"{_MANUAL}, p. 13-14",
    [
        const("tipo_registro", 1, 1, "1"),
        code("empresa_tipo", 2, 3),
        code("empresa_documento", 4, 17),
        zeros(18, 20),
        code("carteira", 21, 23, "112"),
        code("agencia", 24, 27, "0001"),
        code("conta", 28, 37),
        exact("uso_empresa", 38, 62),
        zeros(63, 70),
        code("nosso_numero", 71, 80, "dado pelo Inter"),
        code("nosso_numero_digito", 81, 81),
        blanks(82, 86),
        code("carteira_titulo", 87, 89, "112"),
        code("ocorrencia", 90, 91),
        day("data_ocorrencia", 92, 97),
        text("numero_documento", 98, 107),
        code("titulo_no_banco", 108, 118, "o mesmo nosso número"),
        day("vencimento", 119, 124),
        money("valor_titulo", 125, 137),
        code("banco_cobrador", 138, 140),
        code("agencia_cobradora", 141, 144),
        code("especie", 145, 146),
        blanks(147, 159),
        money("valor_pago", 160, 172),
        day("data_credito", 173, 178),
        blanks(179, 181),
        text("pagador_nome", 182, 221),
        blanks(222, 226),
        code("pagador_documento", 227, 240),
        text("motivo", 241, 380, "por extenso, na ocorrência 03"),
        blanks(381, 394),
        number("sequencial", 395, 400),
    ],
)

RETURN_TRAILER = Record(
    "trailer de arquivo retorno",
    400,
    f"{_MANUAL}, p. 15",
    [
        const("tipo_registro", 1, 1, "9"),
        const("codigo_retorno", 2, 2, "2"),
        const("codigo_servico", 3, 4, "01"),
        const("codigo_banco", 5, 7, "077"),
        blanks(8, 17),
        number("quantidade_detalhes", 18, 25),
        blanks(26, 57),
        number("quantidade_02", 58, 62, "entradas confirmadas"),
        money("valor_02", 63, 74, "entradas confirmadas"),
        blanks(75, 86),
        number("quantidade_03", 87, 91, "entradas rejeitadas"),
        blanks(92, 115),
        number("quantidade_06", 116, 120, "boletos pagos, ali chamados ocorrência 04"),
        money("valor_06", 121, 132, "boletos pagos"),
        blanks(133, 394),
        number("sequencial", 395, 400),
    ],
)

COUNTED = {"quantidade_02": ("02",), "quantidade_03": ("03",), "quantidade_06": ("06",)}
"""Field of the return's trailer -> the occurrences that it counts."""

REMITTANCE = {
    "0": REMITTANCE_HEADER,
    "1": REMITTANCE_TITLE,
    "2": REMITTANCE_MESSAGE,
    "9": REMITTANCE_TRAILER,
}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "9": RETURN_TRAILER}
