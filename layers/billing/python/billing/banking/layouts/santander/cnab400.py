"""Santander (033), CNAB 400, remittance and return: what differs from the columns that banks share.

Source: Santander, "CNAB 400 (padrão Santander), com registro", H7800, version 2.17 of April 2018. The records of the boleto with Pix, 8
and 2, are those of version 2.36 of July 2025, which leaves the columns of the others as they were.
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import (
    Field,
    Record,
    blanks,
    code,
    const,
    exact,
    money,
    number,
    text,
    zeros,
)

_MANUAL = "Santander, H7800 CNAB 400, versão 2.17, abril/2018"
_WITH_PIX = "Santander, H7800 CNAB 400, versão 2.36, julho/2025"


def _account() -> list[Field]:
    """Columns 18-37: the content of the code of transmission, in its order."""
    return [
        code("agencia", 18, 21, "nota 2"),
        code("conta_movimento", 22, 29, "nota 2"),
        code("conta", 30, 37, "nota 2: conta cobrança, as 8 primeiras posições"),
    ]


REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 6",
    shared.REMITTANCE_HEADER,
    [
        code("codigo_transmissao", 27, 46, "nota 1"),
        *shared.bank("033", "SANTANDER"),
        zeros(101, 116),
        const("mensagens", 117, 351, ""),
        blanks(352, 391),
        const("versao", 392, 394, "000", "opcional: não informada"),
    ],
)

REMITTANCE_TITLE = shared.overlaid(
    "registro movimento",
    f"{_MANUAL}, p. 7-9",
    shared.REMITTANCE_TITLE,
    [
        code("empresa_tipo", 2, 3),
        code("empresa_documento", 4, 17),
        *_account(),
        code("nosso_numero", 63, 69, "nota 3"),
        code("nosso_numero_digito", 70, 70, "nota 3"),
        const("desconto_2_data", 71, 76, "000000", "nota 11: um só desconto"),
        blanks(77, 77),
        code("multa_codigo", 78, 78, "nota 4: 4 com multa, 0 sem"),
        money("multa", 79, 82, "nota 4: percentual"),
        const("moeda", 83, 84, "00"),
        zeros(85, 97),
        blanks(98, 101),
        const("multa_data", 102, 107, "000000", "nota 4: zeros, depois do vencimento"),
        code("carteira", 108, 108),
        const("banco_cobrador", 140, 142, "033"),
        code("agencia_cobradora", 143, 147, "só na carteira 5"),
        const("aceite", 150, 150, "N"),
        blanks(352, 382),
        text("conta_identificador", 383, 383, "nota 2"),
        text("conta_complemento", 384, 385, "nota 2"),
        blanks(386, 391),
        code("prazo_protesto", 392, 393, "quando a instrução é 06"),
        blanks(394, 394),
    ],
)

REMITTANCE_PIX = Record(
    "tipo de pagamento e dados do QR Code",
    400,
    f"{_WITH_PIX}, p. 11",
    [
        const("tipo_registro", 1, 1, "8"),
        code("tipo_pagamento", 2, 3, "nota 16"),
        number("quantidade_pagamentos", 4, 5, "nota 17"),
        code("tipo_valor", 6, 6, "nota 18"),
        money("valor_maximo", 7, 19),
        number("percentual_maximo", 20, 24),
        money("valor_minimo", 25, 37),
        number("percentual_minimo", 38, 42),
        text("chave_tipo", 43, 43, "nota 34"),
        exact("chave_pix", 44, 120, "nota 35"),
        exact("txid", 121, 155, "nota 37: em branco, o banco o atribui"),
        blanks(156, 394),
        number("sequencial", 395, 400),
    ],
)


def _message(record_type: str) -> Record:
    return Record(
        "mensagem variável por título",
        400,
        f"{_MANUAL}, p. 9",
        [
            const("tipo_registro", 1, 1, record_type),
            blanks(2, 17),
            *_account(),
            blanks(38, 47),
            number("ordem_1", 48, 49),
            text("mensagem_1", 50, 99),
            number("ordem_2", 100, 101),
            text("mensagem_2", 102, 151),
            number("ordem_3", 152, 153),
            text("mensagem_3", 154, 203),
            blanks(204, 382),
            text("conta_identificador", 383, 383, "nota 2"),
            text("conta_complemento", 384, 385, "nota 2"),
            blanks(386, 394),
            number("sequencial", 395, 400),
        ],
    )


REMITTANCE_TRAILER = shared.overlaid(
    "trailler de arquivo remessa",
    f"{_MANUAL}, p. 10",
    shared.TRAILER,
    [
        number("quantidade_registros", 2, 7, "todos os do arquivo: versão 2.36, p. 13"),
        money("valor_total", 8, 20),
        zeros(21, 394),
    ],
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 11",
    shared.RETURN_HEADER,
    [
        code("agencia", 27, 30, "nota 2"),
        code("conta_movimento", 31, 38, "nota 2"),
        code("conta", 39, 46, "nota 2"),
        *shared.bank("033", "SANTANDER"),
        const("densidade", 101, 108, "00000000"),
        text("codigo_beneficiario", 109, 117, "versão 2.36, p. 14; antes, brancos"),
        blanks(118, 385),
        text("sigla_empresa", 386, 389),
        blanks(390, 391),
        number("sequencial_arquivo", 392, 394, "número da versão"),
    ],
)

RETURN_TITLE = shared.overlaid(
    "registro movimento retorno",
    f"{_MANUAL}, p. 12-14",
    shared.RETURN_TITLE,
    [
        *_account(),
        code("nosso_numero", 63, 69),
        code("nosso_numero_digito", 70, 70),
        blanks(71, 107),
        code("carteira", 108, 108),
        code("nosso_numero_repetido", 127, 134),
        code("codigo_original", 135, 136, "nota 19; versão 2.36, nota 30"),
        text("motivos", 137, 145, "nota 19; versão 2.36, nota 31"),
        blanks(146, 146),
        code("especie", 174, 175),
        money("juros_atraso", 202, 214),
        money("outros_creditos", 280, 292),
        blanks(293, 293),
        const("aceite", 294, 294, "N"),
        blanks(295, 295),
        text("pagador_nome", 302, 337),
        text("conta_identificador", 338, 338, "nota 2"),
        const("moeda", 339, 340, "00"),
        zeros(341, 366),
        money("valor_lancamento", 367, 379),
        text("lancamento", 380, 380, "D débito, C crédito"),
        blanks(381, 383),
        text("conta_complemento", 384, 385, "nota 2"),
        text("sigla_empresa", 386, 389),
        blanks(390, 391),
        number("sequencial_arquivo", 392, 394, "número da versão"),
    ],
)

RETURN_PIX = Record(
    "dados do QR Code",
    400,
    f"{_WITH_PIX}, p. 17",
    [
        const("tipo_registro", 1, 1, "2"),
        text("chave_tipo", 2, 2, "nota 34, ou branco"),
        exact("pix_url", 3, 79, "notas 35 e 36: endereço da cobrança"),
        exact("txid", 80, 114, "nota 37"),
        blanks(115, 391),
        number("sequencial_arquivo", 392, 394, "nota 32"),
        number("sequencial", 395, 400),
    ],
)

RETURN_TRAILER = Record(
    "trailler de arquivo retorno",
    400,
    f"{_MANUAL}, p. 14",
    [
        const("tipo_registro", 1, 1, "9"),
        const("codigo_retorno", 2, 2, "2"),
        const("codigo_servico", 3, 4, "01"),
        const("codigo_banco", 5, 7, "033"),
        blanks(8, 17),
        number("titulos_simples", 18, 25, "toda a carteira"),
        money("valor_simples", 26, 39, "toda a carteira"),
        number("aviso_simples", 40, 47),
        blanks(48, 57),
        zeros(58, 87),
        blanks(88, 97),
        number("titulos_caucionada", 98, 105),
        money("valor_caucionada", 106, 119),
        number("aviso_caucionada", 120, 127),
        blanks(128, 137),
        number("titulos_descontada", 138, 145),
        money("valor_descontada", 146, 159),
        number("aviso_descontada", 160, 167),
        blanks(168, 391),
        number("sequencial_arquivo", 392, 394, "número da versão"),
        number("sequencial", 395, 400),
    ],
)

REMITTANCE = {
    "0": REMITTANCE_HEADER,
    "1": REMITTANCE_TITLE,
    "8": REMITTANCE_PIX,
    **{kind: _message(kind) for kind in "24567"},
    "9": REMITTANCE_TRAILER,
}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "2": RETURN_PIX, "9": RETURN_TRAILER}
