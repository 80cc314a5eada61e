"""Ailos (085), CNAB 240, remittance and return: what differs from FEBRABAN's records.

Source: Ailos, "Manual Técnico de Cobrança Bancária, padrão CNAB 240 posições", version 07 of September 2019 (file
layout 087, batch 045); pages are the manual's own. "Informações importantes para homologação" says how agency,
agreement and number are written.
"""

from billing.banking.layouts import febraban_240 as febraban
from billing.banking.layouts.record import Record, blanks, code, const, exact, money, number, text, zeros

_MANUAL = "Ailos, CNAB 240, versão 07, setembro/2019"

_BANK = const("banco", 1, 3, "085")
_NO_PAIR_DIGIT = "12.0: branco"


def _file_header(direction: str) -> Record:
    return febraban.FILE_HEADER.replacing(
        f"header de arquivo {direction}",
        f"{_MANUAL}, p. 15",
        _BANK,
        const("agencia_conta_digito", 72, 72, "", _NO_PAIR_DIGIT),
        const("banco_nome", 103, 132, "AILOS", "G014: nome da cooperativa"),
        const("remessa_retorno", 143, 143, "1" if direction == "remessa" else "2", "G015"),
        const("versao_arquivo", 164, 166, "087", "20.0"),
    )


def _batch_header(direction: str, operation: str) -> Record:
    return febraban.BATCH_HEADER.replacing(
        f"header de lote {direction}",
        f"{_MANUAL}, p. 19",
        _BANK,
        const("operacao", 9, 9, operation, "G028"),
        const("versao_lote", 14, 16, "045", "07.1"),
        const("agencia_conta_digito", 73, 73, "", "16.1: branco"),
        const("mensagem_1", 104, 143, "", "18.1: brancos"),
        const("mensagem_2", 144, 183, "", "19.1: brancos"),
    )


FILE_HEADER = _file_header("remessa")
BATCH_HEADER = _batch_header("remessa", "R")

SEGMENT_P = febraban.SEGMENT_P.replacing(
    "segmento P",
    f"{_MANUAL}, p. 21-22",
    _BANK,
    const("agencia_conta_digito", 37, 37, "", "12.3P: branco"),
    code("carteira", 58, 58, "C006: 1, simples com registro, a única"),
    const("cadastramento", 59, 59, "1", "C007: registrada"),
    const("tipo_documento", 60, 60, "1", "C008: tradicional"),
    const("emissao_boleto", 61, 61, "2", "C009: o cooperado emite"),
    const("distribuicao_boleto", 62, 62, "2", "C010: o cooperado distribui"),
    const("agencia_cobradora", 101, 105, "00000", "C014"),
    const("agencia_cobradora_digito", 106, 106, "", "G009"),
    const("iof", 166, 180, "0" * 15, "C024"),
    const("baixa_codigo", 224, 224, "2", "C028 e homologação: vale o prazo da conta"),
    const("baixa_prazo", 225, 227, "", "39.3P: brancos"),
    const("uso_livre", 240, 240, "", "C077: sem pagamento parcial"),
)

SEGMENT_Q = febraban.SEGMENT_Q.replacing("segmento Q", f"{_MANUAL}, p. 23", _BANK)

SEGMENT_R = febraban.SEGMENT_R.replacing(
    "segmento R",
    f"{_MANUAL}, p. 24",
    _BANK,
    const("mensagem_3", 100, 139, "", "C037"),
    const("mensagem_4", 140, 179, "", "C037"),
)

_CONTROL = [
    _BANK,
    *(field for field in SEGMENT_P.fields if 3 < field.start < 18 and field.name != "segmento"),
]

SEGMENT_S = Record(
    "segmento S",
    240,
    f"{_MANUAL}, p. 25",
    [
        *_CONTROL,
        const("segmento", 14, 14, "S", "G039"),
        code("tipo_impressao", 18, 18, "C040"),
        text("mensagens", 19, 218, "C041 a C043, ou cinco mensagens (C037)"),
        blanks(219, 240),
    ],
)
"""What the bank prints: not written here, because the company issues the boleto."""

SEGMENT_Y03 = Record(
    "segmento Y-03",
    240,
    f"{_MANUAL}, p. 26",
    [
        *_CONTROL,
        const("segmento", 14, 14, "Y", "G039"),
        const("registro_opcional", 18, 19, "03", "G067"),
        exact("pagador_email", 20, 69, "G032"),
        code("pagador_ddd", 70, 71, "G032"),
        code("pagador_celular", 72, 80, "G032"),
        code("sms", 81, 81, "G100"),
        code("sms_antes", 82, 82, "G101"),
        code("sms_no_vencimento", 83, 83, "G102"),
        code("sms_depois", 84, 84, "G103"),
        blanks(85, 240),
    ],
)
"""Messages that the bank sends to the payer: not written here."""

SEGMENT_Y53 = Record(
    "segmento Y-53",
    240,
    f"{_MANUAL}, p. 27",
    [
        *_CONTROL,
        const("segmento", 14, 14, "Y", "G039"),
        const("registro_opcional", 18, 19, "53", "G067"),
        code("tipo_pagamento", 20, 21, "C078"),
        number("quantidade_pagamentos", 22, 23, "C079"),
        code("valor_maximo_tipo", 24, 24, "C080"),
        money("valor_maximo", 25, 39, "C081"),
        code("valor_minimo_tipo", 40, 40, "C080"),
        money("valor_minimo", 41, 55, "C082"),
        blanks(56, 240),
    ],
)
"""Payments of a different amount: not written here."""

BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote remessa",
    f"{_MANUAL}, p. 20 e 44-45 (C070 e C071: só no retorno)",
    _BANK,
    zeros(24, 115),
)
FILE_TRAILER = febraban.FILE_TRAILER.replacing("trailer de arquivo", f"{_MANUAL}, p. 16", _BANK)

RETURN_FILE_HEADER = _file_header("retorno")
RETURN_BATCH_HEADER = _batch_header("retorno", "T")

SEGMENT_T = febraban.SEGMENT_T.replacing("segmento T", f"{_MANUAL}, p. 28", _BANK)
SEGMENT_U = febraban.SEGMENT_U.replacing("segmento U", f"{_MANUAL}, p. 29", _BANK)
RETURN_BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote retorno",
    f"{_MANUAL}, p. 20",
    _BANK,
    text("aviso", 116, 123, "C072"),
    blanks(124, 240),
)

REMITTANCE = {
    "0": FILE_HEADER,
    "1": BATCH_HEADER,
    "3P": SEGMENT_P,
    "3Q": SEGMENT_Q,
    "3R": SEGMENT_R,
    "3S": SEGMENT_S,
    "3Y03": SEGMENT_Y03,
    "3Y53": SEGMENT_Y53,
    "5": BATCH_TRAILER,
    "9": FILE_TRAILER,
}
RETURN = {
    "0": RETURN_FILE_HEADER,
    "1": RETURN_BATCH_HEADER,
    "3T": SEGMENT_T,
    "3U": SEGMENT_U,
    "5": RETURN_BATCH_TRAILER,
    "9": FILE_TRAILER,
}
