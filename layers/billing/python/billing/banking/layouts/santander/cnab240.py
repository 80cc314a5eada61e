"""Santander (033), CNAB 240, remittance and return: what differs from FEBRABAN's records.

Source: Santander, "Padrão 240 - Cobrança", H7815, version 2.9 of April 2018 (file layout 040, batch 030; returns 040 and 040). Segment Y-03
came later (version 6 of February 2023); its key types are those of H7800, note 34.
"""

from billing.banking.layouts import febraban_240 as febraban
from billing.banking.layouts.record import (
    Field,
    Record,
    blanks,
    code,
    const,
    day,
    exact,
    money,
    number,
    text,
    zeros,
)

_MANUAL = "Santander, H7815 CNAB 240, versão 2.9, abril/2018"
_WITH_PIX = "Santander, H7815 CNAB 240, versão 6, fevereiro/2023"

_BANK = const("banco", 1, 3, "033")


def _file_header(direction: str, page: str, *account: Field) -> Record:
    return febraban.FILE_HEADER.replacing(
        f"header de arquivo {direction}",
        f"{_MANUAL}, {page}",
        _BANK,
        blanks(9, 16),
        code("empresa_tipo", 17, 17),
        code("empresa_documento", 18, 32),
        *account,
        const("banco_nome", 103, 132, "BANCO SANTANDER"),
        const("remessa_retorno", 143, 143, "1" if direction == "remessa" else "2"),
        blanks(152, 157),
        const("versao_arquivo", 164, 166, "040"),
        blanks(167, 240),
    )


def _batch_header(direction: str, operation: str, version: str, page: str, *account: Field) -> Record:
    return febraban.BATCH_HEADER.replacing(
        f"header de lote {direction}",
        f"{_MANUAL}, {page}",
        _BANK,
        const("operacao", 9, 9, operation),
        const("versao_lote", 14, 16, version),
        *account,
        const("mensagem_1", 104, 143, "", "nota 9"),
        const("mensagem_2", 144, 183, "", "nota 9"),
        blanks(200, 240),
    )


def _account(first: int) -> list[Field]:
    """Agency 4, its digit, account 9, its digit."""
    return [
        code("agencia", first, first + 3),
        code("agencia_digito", first + 4, first + 4),
        code("conta", first + 5, first + 13),
        code("conta_digito", first + 14, first + 14),
    ]


def _number(first: int) -> list[Field]:
    return [
        code("nosso_numero", first, first + 11, "nota 15"),
        code("nosso_numero_digito", first + 12, first + 12, "nota 15"),
    ]


FILE_HEADER = _file_header("remessa", "p. 2", code("codigo_transmissao", 33, 47, "nota 3"), blanks(48, 72))
BATCH_HEADER = _batch_header(
    "remessa",
    "R",
    "030",
    "p. 2",
    blanks(34, 53),
    code("codigo_transmissao", 54, 68, "nota 3"),
    blanks(69, 73),
)

SEGMENT_P = febraban.SEGMENT_P.replacing(
    "segmento P",
    f"{_MANUAL}, p. 3",
    _BANK,
    *_account(18),
    const("conta_fidc", 33, 42, "0" * 10, "nota 45"),
    blanks(43, 44),
    *_number(45),
    code("carteira", 58, 58, "nota 5"),
    const("cadastramento", 59, 59, "1", "nota 6: registrada"),
    const("tipo_documento", 60, 60, "2", "escritural"),
    blanks(61, 62),
    const("agencia_fidc", 101, 105, "00000", "nota 45"),
    blanks(106, 106),
    const("aceite", 109, 109, "N"),
    number("juros", 127, 141, "notas 18 e 21: taxa mensal, cinco casas decimais"),
    const("iof", 166, 180, "0" * 15),
    code("protesto_codigo", 221, 221, "nota 25"),
    code("baixa_codigo", 224, 224, "nota 26"),
    zeros(225, 225),
    code("baixa_prazo", 226, 227),
    const("moeda", 228, 229, "00", "nota 27: real"),
    blanks(230, 240),
)

SEGMENT_Q = febraban.SEGMENT_Q.replacing(
    "segmento Q",
    f"{_MANUAL}, p. 4",
    _BANK,
    const("carne", 210, 221, "0" * 12, "nota 28: sem carnê"),
    blanks(222, 240),
)

SEGMENT_R = febraban.SEGMENT_R.replacing(
    "segmento R",
    f"{_MANUAL}, p. 5",
    _BANK,
    blanks(42, 65),
    const("mensagem_3", 100, 139, "", "nota 34"),
    const("mensagem_4", 140, 179, "", "nota 34"),
    blanks(180, 240),
)


def _optional(name: str, source: str, segment: str, fields: list[Field]) -> Record:
    """A detail that has columns of its own from 18 on."""
    control = [field for field in SEGMENT_R.fields if field.end < 18 and field.name != "segmento"]
    return Record(name, 240, source, [*control, const("segmento", 14, 14, segment), *fields])


SEGMENT_Y = _optional(
    "segmento Y-03",
    f"{_WITH_PIX}, segmento Y-03",
    "Y",
    [
        const("registro_opcional", 18, 19, "03", "nota 43"),
        blanks(20, 80),
        text("chave_tipo", 81, 81),
        exact("chave_pix", 82, 158, "na remessa a chave; no retorno o endereço da cobrança"),
        exact("txid", 159, 193),
        blanks(194, 240),
    ],
)
_SEGMENT_Y53 = _optional(
    "segmento Y-53",
    f"{_MANUAL}, p. 6",
    "Y",
    [
        const("registro_opcional", 18, 19, "53", "nota 43"),
        code("tipo_pagamento", 20, 21, "nota 47"),
        number("quantidade_pagamentos", 22, 23, "nota 48"),
        code("tipo_valor_maximo", 24, 24, "nota 49"),
        number("maximo", 25, 39, "valor com 2 decimais ou percentual com 5"),
        code("tipo_valor_minimo", 40, 40, "nota 49"),
        number("minimo", 41, 55, "valor com 2 decimais ou percentual com 5"),
        blanks(56, 240),
    ],
)
_SEGMENT_S = _optional(
    "segmento S", f"{_MANUAL}, p. 7", "S", [code("impressao", 18, 18, "nota 35"), text("mensagens", 19, 240)]
)
_SEGMENT_Y04 = _optional(
    "segmento Y-04",
    f"{_MANUAL}, p. 12",
    "Y",
    [
        const("registro_opcional", 18, 19, "04", "nota 43"),
        *(text(f"cheque_{n}", 20 + 34 * n, 53 + 34 * n, "nota 44") for n in range(6)),
        blanks(224, 240),
    ],
)

BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote", f"{_MANUAL}, p. 8", _BANK, blanks(24, 240)
)
FILE_TRAILER = febraban.FILE_TRAILER.replacing(
    "trailer de arquivo", f"{_MANUAL}, p. 8 e 14", _BANK, blanks(30, 240)
)

RETURN_FILE_HEADER = _file_header(
    "retorno", "p. 9", *_account(33), blanks(48, 52), code("convenio", 53, 61), blanks(62, 72)
)
RETURN_BATCH_HEADER = _batch_header(
    "retorno",
    "T",
    "040",
    "p. 9",
    code("convenio", 34, 42),
    blanks(43, 53),
    *_account(54),
    blanks(69, 73),
)

SEGMENT_T = febraban.SEGMENT_T.replacing(
    "segmento T",
    f"{_MANUAL}, p. 10",
    _BANK,
    *_account(18),
    blanks(33, 40),
    *_number(41),
    code("carteira", 54, 54, "nota 5"),
    text("numero_documento", 55, 69, "nota 16"),
    day("vencimento", 70, 77),
    money("valor_titulo", 78, 92, "nota 18"),
    code("banco_recebedor", 93, 95),
    code("agencia_recebedora", 96, 100),
    exact("uso_empresa", 101, 125, "nota 24"),
    code("moeda", 126, 127, "nota 27"),
    code("pagador_tipo", 128, 128, "nota 30"),
    code("pagador_documento", 129, 143, "nota 30"),
    text("pagador_nome", 144, 183),
    text("conta_cobranca", 184, 193),
    money("tarifa", 194, 208),
    text("motivos", 209, 218, "notas 41-A e 41-C"),
    blanks(219, 240),
)

SEGMENT_U = febraban.SEGMENT_U.replacing("segmento U", f"{_MANUAL}, p. 11", _BANK, blanks(214, 240))

RETURN_BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote retorno",
    f"{_MANUAL}, p. 13",
    _BANK,
    text("aviso", 116, 123, "nota 40"),
    blanks(124, 240),
)

REMITTANCE = {
    "0": FILE_HEADER,
    "1": BATCH_HEADER,
    "3P": SEGMENT_P,
    "3Q": SEGMENT_Q,
    "3R": SEGMENT_R,
    "3S": _SEGMENT_S,
    "3Y03": SEGMENT_Y,
    "3Y53": _SEGMENT_Y53,
    "5": BATCH_TRAILER,
    "9": FILE_TRAILER,
}
RETURN = {
    "0": RETURN_FILE_HEADER,
    "1": RETURN_BATCH_HEADER,
    "3T": SEGMENT_T,
    "3U": SEGMENT_U,
    "3Y03": SEGMENT_Y,
    "3Y04": _SEGMENT_Y04,
    "5": RETURN_BATCH_TRAILER,
    "9": FILE_TRAILER,
}
