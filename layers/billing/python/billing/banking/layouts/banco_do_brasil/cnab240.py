"""Banco do Brasil (001), CNAB 240, remittance and return: what differs from FEBRABAN's records.

Source: Banco do Brasil, "Particularidades BB, Leiaute CNAB 240", August 2017 (file layout 083, batch 042); pages are the manual's own.
"""

from billing.banking.layouts import febraban_240 as febraban
from billing.banking.layouts.record import blanks, code, const, text, zeros

_MANUAL = "Banco do Brasil, Particularidades BB, CNAB 240, agosto/2017"

_BANK = const("banco", 1, 3, "001")
_VERSION = const("versao_arquivo", 164, 166, "083", "20.0")
_BATCH_VERSION = const("versao_lote", 14, 16, "042", "07.1")

FILE_HEADER = febraban.FILE_HEADER.replacing(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 5",
    _BANK,
    const("agencia_conta_digito", 72, 72, "", "12.0: não tratado"),
    const("banco_nome", 103, 132, "BANCO DO BRASIL S.A."),
    const("remessa_retorno", 143, 143, "1"),
    _VERSION,
)

BATCH_HEADER = febraban.BATCH_HEADER.replacing(
    "header de lote remessa",
    f"{_MANUAL}, p. 6-7",
    _BANK,
    const("operacao", 9, 9, "R"),
    _BATCH_VERSION,
    const("agencia_conta_digito", 73, 73, "", "16.1: não tratado"),
    const("mensagem_1", 104, 143, "", "18.1: brancos"),
    const("mensagem_2", 144, 183, "", "19.1: brancos"),
)

SEGMENT_P = febraban.SEGMENT_P.replacing(
    "segmento P",
    f"{_MANUAL}, p. 8-10",
    _BANK,
    const("agencia_conta_digito", 37, 37, "", "12.3P: não tratado"),
    code("carteira", 58, 58, "14.3P"),
    const("cadastramento", 59, 59, "1", "15.3P"),
    const("tipo_documento", 60, 60, "", "16.3P: não tratado"),
    const("emissao_boleto", 61, 61, "2", "17.3P: o cliente emite"),
    const("distribuicao_boleto", 62, 62, "2", "18.3P: o cliente distribui"),
    const("agencia_cobradora", 101, 105, "00000", "22.3P"),
    const("agencia_cobradora_digito", 106, 106, "", "23.3P"),
    const("iof", 166, 180, "0" * 15, "33.3P"),
    const("baixa_codigo", 224, 224, "0", "38.3P: não tratado"),
    const("baixa_prazo", 225, 227, "000", "39.3P: não tratado"),
    const("uso_livre", 240, 240, "", "42.3P"),
)

SEGMENT_Q = febraban.SEGMENT_Q.replacing("segmento Q", f"{_MANUAL}, p. 11-12", _BANK)

SEGMENT_R = febraban.SEGMENT_R.replacing(
    "segmento R",
    f"{_MANUAL}, p. 13-14",
    _BANK,
    const("mensagem_3", 100, 139, "", "18.3R: brancos"),
    const("mensagem_4", 140, 179, "", "19.3R: não tratado"),
)

BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote remessa", f"{_MANUAL}, p. 24", _BANK, zeros(24, 115), blanks(116, 240)
)
FILE_TRAILER = febraban.FILE_TRAILER.replacing("trailer de arquivo", f"{_MANUAL}, p. 25", _BANK)

RETURN_FILE_HEADER = febraban.FILE_HEADER.replacing(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 5",
    _BANK,
    const("banco_nome", 103, 132, "BANCO DO BRASIL S.A."),
    const("remessa_retorno", 143, 143, "2"),
    _VERSION,
)

RETURN_BATCH_HEADER = febraban.BATCH_HEADER.replacing(
    "header de lote retorno",
    f"{_MANUAL}, p. 6-7",
    _BANK,
    const("operacao", 9, 9, "T"),
    _BATCH_VERSION,
    text("controle", 184, 207, "20.1 a 22.1: não criticado; um retorno publicado o traz uma coluna adiante"),
)

SEGMENT_T = febraban.SEGMENT_T.replacing("segmento T", f"{_MANUAL}, p. 21-22", _BANK)
SEGMENT_U = febraban.SEGMENT_U.replacing("segmento U", f"{_MANUAL}, p. 23", _BANK)
RETURN_BATCH_TRAILER = febraban.BATCH_TRAILER.replacing("trailer de lote retorno", f"{_MANUAL}, p. 24", _BANK)

REMITTANCE = {
    "0": FILE_HEADER,
    "1": BATCH_HEADER,
    "3P": SEGMENT_P,
    "3Q": SEGMENT_Q,
    "3R": SEGMENT_R,
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
