"""Bradesco (237), CNAB 240, remittance and return: what differs from FEBRABAN's records.

Source: Bradesco, "Manual de Procedimentos Operacionais para Troca de Arquivos 240 posições", 4008.524.0339, version 06, July 2017 (file
layout 084, batch 042); pages are the manual's own.
"""

from billing.banking.layouts import febraban_240 as febraban
from billing.banking.layouts.record import Field, Record, blanks, code, const, text, zeros

_MANUAL = "Bradesco, Cobrança 240 posições 4008.524.0339, versão 06"

_BANK = const("banco", 1, 3, "237")


def _number() -> list[Field]:
    """Columns 38-57: wallet ("identificação do produto"), number, digit."""
    return [
        code("carteira", 38, 40, "13.3P, G069"),
        zeros(41, 45),
        code("nosso_numero", 46, 56, "13.3P, G069"),
        text("nosso_numero_digito", 57, 57, "13.3P, G069"),
        const("carteira_codigo", 58, 58, "1", "C006: não tratado"),
    ]


def _file_header(direction: str, mark: str) -> Record:
    return febraban.FILE_HEADER.replacing(
        f"header de arquivo {direction}",
        f"{_MANUAL}, p. 8",
        _BANK,
        const("agencia_conta_digito", 72, 72, "", "G012: só de bancos com dois dígitos"),
        const("banco_nome", 103, 132, "BRADESCO"),
        const("remessa_retorno", 143, 143, mark),
        const("versao_arquivo", 164, 166, "084"),
    )


def _batch_header(direction: str, operation: str) -> Record:
    return febraban.BATCH_HEADER.replacing(
        f"header de lote {direction}",
        f"{_MANUAL}, p. 12",
        _BANK,
        const("operacao", 9, 9, operation),
        const("versao_lote", 14, 16, "042"),
        const("agencia_conta_digito", 73, 73, "", "G012"),
        const("mensagem_1", 104, 143, "", "C073"),
        const("mensagem_2", 144, 183, "", "C073"),
    )


FILE_HEADER = _file_header("remessa", "1")
BATCH_HEADER = _batch_header("remessa", "R")

SEGMENT_P = febraban.SEGMENT_P.replacing(
    "segmento P",
    f"{_MANUAL}, p. 13",
    _BANK,
    const("agencia_conta_digito", 37, 37, "", "G012"),
    *_number(),
    const("cadastramento", 59, 59, "1", "C007: registrada"),
    const("tipo_documento", 60, 60, "2", "C008: escritural; não tratado"),
    const("emissao_boleto", 61, 61, "2", "17.3P: o cliente emite (FEBRABAN, C009)"),
    const("distribuicao_boleto", 62, 62, "2", "C010: o cliente distribui"),
    const("agencia_cobradora", 101, 105, "00000", "C014: pelo CEP"),
    const("agencia_cobradora_digito", 106, 106, "", "C014"),
    const("iof", 166, 180, "0" * 15, "C024: só de seguros"),
    code("baixa_prazo", 225, 227, "C029"),
    const("uso_livre", 240, 240, "", "42.3P"),
)

SEGMENT_Q = febraban.SEGMENT_Q.replacing("segmento Q", f"{_MANUAL}, p. 14", _BANK)

SEGMENT_R = febraban.SEGMENT_R.replacing(
    "segmento R",
    f"{_MANUAL}, p. 15",
    _BANK,
    const("mensagem_3", 100, 139, "", "C037"),
    const("mensagem_4", 140, 179, "", "C037"),
)

BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote remessa",
    f"{_MANUAL}, p. 20",
    _BANK,
    const("totais", 24, 115, "0" * 92, "C070 e C071: só no retorno"),
)
FILE_TRAILER = febraban.FILE_TRAILER.replacing("trailer de arquivo", f"{_MANUAL}, p. 8", _BANK)

RETURN_FILE_HEADER = _file_header("retorno", "2")
RETURN_BATCH_HEADER = _batch_header("retorno", "T")

SEGMENT_T = febraban.SEGMENT_T.replacing(
    "segmento T",
    f"{_MANUAL}, p. 18; nosso número como no segmento Y-50 do retorno, p. 17",
    _BANK,
    *_number(),
)
SEGMENT_U = febraban.SEGMENT_U.replacing("segmento U", f"{_MANUAL}, p. 19", _BANK)

RETURN_BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote retorno",
    f"{_MANUAL}, p. 20",
    _BANK,
    text("aviso_lancamento", 116, 123, "C072"),
    blanks(124, 240),
)

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
