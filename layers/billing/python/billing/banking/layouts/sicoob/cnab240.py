"""Sicoob (756), CNAB 240, remittance and return: what differs from FEBRABAN's records.

Source: Sicoob, "Layouts para troca de informações" (spreadsheet, 26/06/2019; file layout 081, batch 040 and 044), sheets "Remessa -
Opção CNAB240" and "Retorno - Opção CNAB240".
"""

from billing.banking.layouts import febraban_240 as febraban
from billing.banking.layouts.record import Field, blanks, code, const

_MANUAL = "Sicoob, Layouts para troca de informações, 26/06/2019"
_REMITTANCE = f"{_MANUAL}, Remessa CNAB240"
_RETURN = f"{_MANUAL}, Retorno CNAB240"

_BANK = const("banco", 1, 3, "756")


def _nosso_numero() -> list[Field]:
    """Columns 38-57: number with its digit, instalment, modality, form."""
    return [
        code("nosso_numero", 38, 46, "13.3P"),
        code("nosso_numero_digito", 47, 47, "13.3P"),
        code("parcela", 48, 49, "13.3P"),
        code("modalidade", 50, 51, "13.3P"),
        const("tipo_formulario", 52, 52, "4", "13.3P: A4 sem envelopamento"),
        blanks(53, 57),
    ]


FILE_HEADER = febraban.FILE_HEADER.replacing(
    "header de arquivo remessa",
    _REMITTANCE,
    _BANK,
    const("convenio", 33, 52, "", "07.0: brancos"),
    const("agencia_conta_digito", 72, 72, "0", "12.0"),
    const("banco_nome", 103, 132, "SICOOB"),
    const("remessa_retorno", 143, 143, "1"),
    const("versao_arquivo", 164, 166, "081", "20.0"),
)

BATCH_HEADER = febraban.BATCH_HEADER.replacing(
    "header de lote remessa",
    _REMITTANCE,
    _BANK,
    const("operacao", 9, 9, "R"),
    const("versao_lote", 14, 16, "040", "07.1"),
    const("convenio", 34, 53, "", "11.1: brancos"),
    const("agencia_conta_digito", 73, 73, "", "16.1: brancos"),
    const("mensagem_1", 104, 143, "", "18.1: brancos"),
    const("mensagem_2", 144, 183, "", "19.1: brancos"),
)

SEGMENT_P = febraban.SEGMENT_P.replacing(
    "segmento P",
    _REMITTANCE,
    _BANK,
    *_nosso_numero(),
    const("agencia_conta_digito", 37, 37, "", "12.3P: brancos"),
    const("cadastramento", 59, 59, "0", "15.3P"),
    const("tipo_documento", 60, 60, "", "16.3P: brancos"),
    const("emissao_boleto", 61, 61, "2", "17.3P: o beneficiário emite"),
    const("distribuicao_boleto", 62, 62, "2", "18.3P: o beneficiário distribui"),
    const("agencia_cobradora", 101, 105, "00000", "22.3P"),
    const("agencia_cobradora_digito", 106, 106, "", "23.3P: brancos"),
    const("iof", 166, 180, "0" * 15),
    const("baixa_codigo", 224, 224, "0", "38.3P"),
    const("baixa_prazo", 225, 227, "", "39.3P: brancos"),
    const("uso_livre", 240, 240, "", "42.3P: brancos"),
)

SEGMENT_Q = febraban.SEGMENT_Q.replacing("segmento Q", _REMITTANCE, _BANK)

SEGMENT_R = febraban.SEGMENT_R.replacing(
    "segmento R",
    _REMITTANCE,
    _BANK,
    const("mensagem_3", 100, 139, "", "18.3R: brancos"),
    const("mensagem_4", 140, 179, "", "19.3R: brancos"),
)

BATCH_TRAILER = febraban.BATCH_TRAILER.replacing("trailer de lote", _REMITTANCE, _BANK)
RETURN_BATCH_TRAILER = BATCH_TRAILER
FILE_TRAILER = febraban.FILE_TRAILER.replacing("trailer de arquivo", _REMITTANCE, _BANK)

RETURN_FILE_HEADER = febraban.FILE_HEADER.replacing(
    "header de arquivo retorno",
    _RETURN,
    _BANK,
    const("banco_nome", 103, 132, "SICOOB"),
    const("remessa_retorno", 143, 143, "2"),
    const("versao_arquivo", 164, 166, "081", "20.0"),
)

RETURN_BATCH_HEADER = febraban.BATCH_HEADER.replacing(
    "header de lote retorno",
    _RETURN,
    _BANK,
    const("operacao", 9, 9, "T"),
    const("versao_lote", 14, 16, "044", "07.1"),
)

SEGMENT_T = febraban.SEGMENT_T.replacing(
    "segmento T",
    _RETURN,
    _BANK,
    *_nosso_numero(),
)

SEGMENT_U = febraban.SEGMENT_U.replacing("segmento U", _RETURN, _BANK)

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
