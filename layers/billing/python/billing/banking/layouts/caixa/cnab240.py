"""Caixa (104), CNAB 240 (SIGCB), remittance and return: what differs from FEBRABAN's records.

Source: Caixa, "Manual de leiaute de arquivo eletrônico CNAB 240", 67.118 version 010, of 29/06/2018 (file layout 101, batch 060; returns
040 and 030); pages are the manual's own.
"""

from billing.banking.layouts import febraban_240 as febraban
from billing.banking.layouts.record import Field, Record, blanks, code, const, exact, text, zeros

_MANUAL = "Caixa, CNAB 240 SIGCB, 67.118 v010, 29/06/2018"

_BANK = const("banco", 1, 3, "104")


def _file_header(direction: str, version: str, bank: str, situation: str, page: str) -> Record:
    return febraban.FILE_HEADER.replacing(
        f"header de arquivo {direction}",
        f"{_MANUAL}, {page}",
        _BANK,
        zeros(33, 52),
        code("convenio", 59, 64, "G007: código do beneficiário"),
        zeros(65, 72),
        const("banco_nome", 103, 132, bank, "G014"),
        const("remessa_retorno", 143, 143, "1" if direction == "remessa" else "2"),
        const("versao_arquivo", 164, 166, version, "20.0"),
        blanks(172, 191),
        const("situacao", 192, 211, situation, "G022"),
        blanks(212, 240),
    )


def _batch_header(direction: str, operation: str, version: str, page: str) -> Record:
    return febraban.BATCH_HEADER.replacing(
        f"header de lote {direction}",
        f"{_MANUAL}, {page}",
        _BANK,
        const("operacao", 9, 9, operation),
        zeros(12, 13),
        const("versao_lote", 14, 16, version, "07.1"),
        code("convenio_lote", 34, 39, "G007"),
        zeros(40, 53),
        code("convenio", 60, 65, "14.1: o mesmo código"),
        zeros(66, 73),
        const("mensagem_1", 104, 143, "", "C073"),
        const("mensagem_2", 144, 183, "", "C073"),
    )


def _number(first: int) -> list[Field]:
    """SINCO's digit, then the 17 of the nosso número: modality 2 and number 15."""
    return [zeros(first, first), code("nosso_numero", first + 1, first + 17, "G069")]


FILE_HEADER = _file_header("remessa", "101", "CAIXA ECONOMICA FEDERAL", "REMESSA-PRODUCAO", "p. 23")
BATCH_HEADER = _batch_header("remessa", "R", "060", "p. 24")

SEGMENT_P = febraban.SEGMENT_P.replacing(
    "segmento P",
    f"{_MANUAL}, p. 25-26",
    _BANK,
    code("convenio", 24, 29, "10.3P: código do beneficiário"),
    zeros(30, 39),
    *_number(40),
    code("carteira", 58, 58, "C006"),
    const("cadastramento", 59, 59, "1", "C007: registrada"),
    const("tipo_documento", 60, 60, "2", "C008: escritural"),
    code("emissao_boleto", 61, 61, "C009: 2 o beneficiário emite; 5 em alteração"),
    const("distribuicao_boleto", 62, 62, "0", "C010: o beneficiário posta"),
    text("numero_documento", 63, 73, "C011"),
    blanks(74, 77),
    const("agencia_cobradora", 101, 105, "00000", "C014"),
    const("agencia_cobradora_digito", 106, 106, "0", "C014"),
    const("iof", 166, 180, "0" * 15, "C024"),
    exact("uso_empresa", 196, 220, "G072: o mesmo número do documento"),
    const("uso_livre", 240, 240, "", "C092"),
)

SEGMENT_Q = febraban.SEGMENT_Q.replacing(
    "segmento Q", f"{_MANUAL}, p. 28", _BANK, const("banco_correspondente", 210, 212, "", "C031: branco")
)

SEGMENT_R = febraban.SEGMENT_R.replacing(
    "segmento R",
    f"{_MANUAL}, p. 30",
    _BANK,
    const("mensagem_3", 100, 139, "", "C037"),
    const("mensagem_4", 140, 179, "", "C037"),
    blanks(180, 240),
)

BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote",
    f"{_MANUAL}, p. 50",
    _BANK,
    const("caucionada", 47, 69, "0" * 23, "08.5 e 09.5"),
    const("descontada", 70, 92, "0" * 23, "10.5 e 11.5"),
    blanks(93, 240),
)
FILE_TRAILER = febraban.FILE_TRAILER.replacing(
    "trailer de arquivo", f"{_MANUAL}, p. 51", _BANK, blanks(30, 240)
)

RETURN_FILE_HEADER = _file_header("retorno", "040", "C ECON FEDERAL", "RETORNO-PRODUCAO", "p. 52")
RETURN_BATCH_HEADER = _batch_header("retorno", "T", "030", "p. 53")

SEGMENT_T = febraban.SEGMENT_T.replacing(
    "segmento T",
    f"{_MANUAL}, p. 54-56",
    _BANK,
    zeros(18, 23),
    code("convenio", 24, 29, "10.3T: código do beneficiário"),
    zeros(30, 36),
    blanks(37, 38),
    *_number(39),
    text("nosso_numero_digito", 57, 57, "13.3T"),
    text("numero_documento", 59, 69, "15.3T"),
    blanks(70, 73),
    blanks(189, 198),
)

SEGMENT_U = febraban.SEGMENT_U.replacing(
    "segmento U",
    f"{_MANUAL}, p. 57-58",
    _BANK,
    zeros(154, 157),
    code("data_tarifa", 158, 165, "19.3U: débito da tarifa"),
    code("pagador_codigo", 166, 180, "20.3U"),
    zeros(181, 233),
)

RETURN_BATCH_TRAILER = febraban.BATCH_TRAILER.replacing("trailer de lote retorno", f"{_MANUAL}, p. 62", _BANK)

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
