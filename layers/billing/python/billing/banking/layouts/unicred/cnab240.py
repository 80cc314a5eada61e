"""Unicred (136), CNAB 240, remittance and return: what differs from FEBRABAN's records.

Source: Unicred, "Layout Arquivo de Remessas, Padrão CNAB 240", of 15/12/2020 (file layout 085, batch 044), and "Layout de Retorno de
Boletos, CNAB 240 posições", of 08/07/2021.
"""

from billing.banking.layouts import febraban_240 as febraban
from billing.banking.layouts.record import Field, blanks, code, const, exact, number, text, zeros

_REMITTANCE = "Unicred, remessa CNAB 240, 15/12/2020"
_RETURN = "Unicred, retorno CNAB 240, 08/07/2021"

_BANK = const("banco", 1, 3, "136")


def _agency(start: int) -> list[Field]:
    return [code("agencia", start, start + 4), code("agencia_digito", start + 5, start + 5)]


FILE_HEADER = febraban.FILE_HEADER.replacing(
    "header de arquivo remessa",
    f"{_REMITTANCE}, p. 7",
    _BANK,
    blanks(33, 52),
    *_agency(53),
    code("convenio", 59, 72, "código do beneficiário"),
    const("banco_nome", 103, 132, "UNICRED DO BRASIL", "G014"),
    const("remessa_retorno", 143, 143, "1"),
    const("versao_arquivo", 164, 166, "085", "G019"),
    zeros(172, 174),
    blanks(175, 240),
)

BATCH_HEADER = febraban.BATCH_HEADER.replacing(
    "header de lote remessa",
    f"{_REMITTANCE}, p. 9",
    _BANK,
    const("operacao", 9, 9, "R"),
    const("versao_lote", 14, 16, "044", "G030"),
    blanks(34, 53),
    *_agency(54),
    code("conta_corrente", 60, 73, "conta corrente do beneficiário, com o dígito"),
    blanks(104, 183),
    blanks(200, 207),
    zeros(208, 209),
    blanks(210, 240),
)

SEGMENT_P = febraban.SEGMENT_P.replacing(
    "segmento P",
    f"{_REMITTANCE}, p. 10-11",
    _BANK,
    *_agency(18),
    code("conta_digito", 36, 36, "G011"),
    zeros(37, 37),
    code("nosso_numero", 38, 47, "G069"),
    code("nosso_numero_digito", 48, 48, "p. 28: módulo 11"),
    blanks(49, 56),
    code("carteira", 57, 58, "C006: 21 com registro"),
    blanks(59, 62),
    blanks(101, 106),
    const("descontavel", 107, 107, "N", "C005"),
    blanks(108, 108),
    const("aceite", 109, 109, "N", "C016"),
    blanks(119, 126),
    blanks(166, 180),
    const("uso_empresa", 196, 220, "", "G072: não volta no retorno"),
    blanks(224, 227),
    const("uso_livre", 240, 240, ""),
)

SEGMENT_Q = febraban.SEGMENT_Q.replacing("segmento Q", f"{_REMITTANCE}, p. 11", _BANK, blanks(210, 212))

SEGMENT_R = febraban.SEGMENT_R.replacing(
    "segmento R",
    f"{_REMITTANCE}, p. 12",
    _BANK,
    blanks(18, 65),
    code("multa_codigo", 66, 66, "C076: 2 taxa, 3 isento"),
    blanks(67, 74),
    const("mensagem_1", 100, 139, "", "C037"),
    const("mensagem_2", 140, 179, "", "C037"),
    blanks(180, 240),
)

BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote",
    f"{_REMITTANCE}, p. 16-17",
    _BANK,
    const("totais", 24, 115, "0" * 92, "C070 e C071: só no retorno"),
    zeros(116, 123),
    blanks(124, 240),
)
FILE_TRAILER = febraban.FILE_TRAILER.replacing("trailer de arquivo", f"{_REMITTANCE}, p. 8", _BANK)

RETURN_FILE_HEADER = febraban.FILE_HEADER.replacing(
    "header de arquivo retorno",
    f"{_RETURN}, p. 3",
    _BANK,
    blanks(33, 52),
    *_agency(53),
    code("convenio", 59, 72, "código do beneficiário"),
    const("banco_nome", 103, 132, "UNICRED DO BRASIL"),
    const("remessa_retorno", 143, 143, "2"),
    blanks(164, 240),
)

RETURN_BATCH_HEADER = febraban.BATCH_HEADER.replacing(
    "header de lote retorno",
    f"{_RETURN}, p. 4",
    _BANK,
    const("operacao", 9, 9, "T"),
    zeros(12, 13),
    const("versao_lote", 14, 16, "030"),
    blanks(34, 53),
    *_agency(54),
    blanks(60, 73),
    blanks(104, 183),
    const("remessa_tipo", 184, 185, "03"),
    number("numero_remessa", 186, 191),
)

SEGMENT_T = febraban.SEGMENT_T.replacing(
    "segmento T",
    f"{_RETURN}, p. 4-5",
    _BANK,
    blanks(18, 23),
    code("convenio", 24, 37, "código do beneficiário"),
    zeros(38, 46),
    code("nosso_numero", 47, 56, "39-57: à direita, com o dígito"),
    code("nosso_numero_digito", 57, 57),
    const("carteira", 58, 58, "1"),
    exact("uso_empresa", 106, 130, "zeros"),
    zeros(131, 198),
    text("motivos", 214, 221, "p. 8-11"),
    text("instrucao_origem", 222, 223, "p. 12"),
)

SEGMENT_U = febraban.SEGMENT_U.replacing(
    "segmento U",
    f"{_RETURN}, p. 5-6",
    _BANK,
    blanks(108, 137),
    zeros(154, 157),
    code("data_tarifa", 158, 165, "débito da tarifa"),
    blanks(166, 240),
)

RETURN_BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote retorno", f"{_RETURN}, p. 6", _BANK, blanks(24, 240)
)
RETURN_FILE_TRAILER = febraban.FILE_TRAILER.replacing(
    "trailer de arquivo retorno",
    f"{_RETURN}, p. 6",
    _BANK,
    const("fixo", 9, 9, "1"),
    blanks(10, 23),
    blanks(30, 240),
)
"""It does not state how many batches there are."""

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
    "9": RETURN_FILE_TRAILER,
}
