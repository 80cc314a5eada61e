"""Banrisul (041), CNAB 240, remittance and return: what differs from FEBRABAN's records.

Source: Banrisul, "Cobrança Banrisul, Leiaute CNAB 240 posições padrão FEBRABAN", of October 2013 (file layout 040,
batch 020). Fields that the manual marks as not considered are blank, or zeros if they are numbers (p. 5-6).
"""

from billing.banking.layouts import febraban_240 as febraban
from billing.banking.layouts.record import Field, Record, blanks, code, const, text, zeros

_MANUAL = "Banrisul, CNAB 240, outubro de 2013"

_BANK = const("banco", 1, 3, "041")


def _company(start: int) -> list[Field]:
    """Agreement of 13 digits (agency 4, the beneficiary's code 7 and its check digits), agency and account."""
    return [
        code("cedente", start, start + 12, "07.0 e 11.1: as 13 primeiras posições do campo"),
        blanks(start + 13, start + 19),
        code("agencia", start + 20, start + 24, "08.0: 0AAAA"),
        blanks(start + 25, start + 25),
        code("conta", start + 26, start + 37, "10.0: 000EECCCCCCC"),
        code("conta_digito", start + 38, start + 38, "11.0"),
        blanks(start + 39, start + 39),
    ]


def _file_header(direction: str) -> Record:
    return febraban.FILE_HEADER.replacing(
        f"header de arquivo {direction}",
        f"{_MANUAL}, p. 6-7",
        _BANK,
        *_company(33),
        const("banco_nome", 103, 132, "BANRISUL", "14.0"),
        const("remessa_retorno", 143, 143, "1" if direction == "remessa" else "2"),
        const("versao_arquivo", 164, 166, "040", "20.0"),
        blanks(172, 179),
        const("reservado_banco", 180, 181, "BE" if direction == "remessa" else "", "22.0"),
        blanks(182, 240),
    )


def _batch_header(direction: str, operation: str) -> Record:
    return febraban.BATCH_HEADER.replacing(
        f"header de lote {direction}",
        f"{_MANUAL}, p. 8",
        _BANK,
        const("operacao", 9, 9, operation, "04.1"),
        zeros(12, 13),
        const("versao_lote", 14, 16, "020", "07.1"),
        *_company(34),
        const("mensagem_1", 104, 143, "", "18.1"),
        const("mensagem_2", 144, 183, "", "19.1"),
    )


def _number() -> list[Field]:
    return [
        code("nosso_numero", 38, 45, "13.3: as 10 primeiras posições do campo"),
        code("nosso_numero_digito", 46, 47, "p. 36: módulos 10 e 11"),
        blanks(48, 57),
    ]


FILE_HEADER = _file_header("remessa")
BATCH_HEADER = _batch_header("remessa", "R")

SEGMENT_P = febraban.SEGMENT_P.replacing(
    "segmento P",
    f"{_MANUAL}, p. 9-14",
    _BANK,
    zeros(18, 22),
    blanks(23, 23),
    zeros(24, 35),
    blanks(36, 37),
    *_number(),
    code("carteira", 58, 58, "14.3P: 1 cobrança simples"),
    const("cadastramento", 59, 59, "1", "15.3P: com cadastramento"),
    const("tipo_documento", 60, 60, "", "16.3P"),
    const("emissao_boleto", 61, 61, "2", "17.3P: o cliente emite"),
    const("distribuicao_boleto", 62, 62, "", "18.3P"),
    const("agencia_cobradora", 101, 105, "00000", "22.3P: pelo CEP"),
    const("agencia_cobradora_digito", 106, 106, "", "23.3P"),
    const("iof", 166, 180, "0" * 15, "33.3P"),
    const("uso_livre", 240, 240, "", "42.3P"),
)

SEGMENT_Q = febraban.SEGMENT_Q.replacing("segmento Q", f"{_MANUAL}, p. 14-16", _BANK)

SEGMENT_R = febraban.SEGMENT_R.replacing(
    "segmento R",
    f"{_MANUAL}, p. 16-18",
    _BANK,
    const("mensagem_3", 100, 139, "", "18.3R"),
    const("mensagem_4", 140, 179, "", "19.3R"),
    zeros(180, 207),
    blanks(208, 240),
)

BATCH_TRAILER = febraban.BATCH_TRAILER.replacing("trailer de lote", f"{_MANUAL}, p. 28", _BANK)
FILE_TRAILER = febraban.FILE_TRAILER.replacing("trailer de arquivo", f"{_MANUAL}, p. 28-29", _BANK)

RETURN_FILE_HEADER = _file_header("retorno")
RETURN_BATCH_HEADER = _batch_header("retorno", "T")

SEGMENT_T = febraban.SEGMENT_T.replacing(
    "segmento T",
    f"{_MANUAL}, p. 22-26",
    _BANK,
    *_number(),
    text("carteira", 58, 58, "14.3T"),
    text("moeda", 131, 132, "22.3T"),
)

SEGMENT_U = febraban.SEGMENT_U.replacing(
    "segmento U",
    f"{_MANUAL}, p. 26-28",
    _BANK,
    blanks(154, 180),
    text("contrato_garantia", 181, 202, "21.3U"),
    blanks(203, 240),
)

RETURN_BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote retorno",
    f"{_MANUAL}, p. 28; p. 6: no último lote, os totais da carteira",
    _BANK,
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
