"""Sicredi (748), CNAB 240, registered collection, remittance and return: what differs from FEBRABAN's records.

Source: Banco Cooperativo Sicredi, "Manual do beneficiário, CNAB 240", version 1.4 of August 2019 (file layout 081, batch 040); pages are
those printed in it.
"""

from billing.banking.layouts import febraban_240 as febraban
from billing.banking.layouts.record import Field, Record, blanks, code, const, exact, text

_MANUAL = "Sicredi, manual CNAB 240, versão 1.4"

_BANK = const("banco", 1, 3, "748")
_VERSION = const("versao_arquivo", 164, 166, "081", "20.0")
_BATCH_VERSION = const("versao_lote", 14, 16, "040", "07.1")
_DENSITY = const("densidade", 167, 171, "01600", "21.0")


def _nosso_numero() -> list[Field]:
    """Columns 38-57: year, byte, sequence and digit, aligned to the left."""
    return [
        code("nosso_numero", 38, 45, "13.3P, 13.3T"),
        code("nosso_numero_digito", 46, 46, "13.3P, 13.3T"),
        blanks(47, 57),
    ]


FILE_HEADER = febraban.FILE_HEADER.replacing(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 33-35",
    _BANK,
    const("convenio", 33, 52, "", "07.0: brancos"),
    const("agencia_digito", 58, 58, "", "09.0: brancos"),
    const("agencia_conta_digito", 72, 72, "", "12.0: não utilizado"),
    const("banco_nome", 103, 132, "SICREDI"),
    const("remessa_retorno", 143, 143, "1"),
    _VERSION,
    _DENSITY,
)

BATCH_HEADER = febraban.BATCH_HEADER.replacing(
    "header de lote remessa",
    f"{_MANUAL}, p. 36-39",
    _BANK,
    const("operacao", 9, 9, "R"),
    _BATCH_VERSION,
    const("convenio", 34, 53, "", "12.1: não utilizado"),
    const("agencia_digito", 59, 59, "", "14.1: brancos"),
    const("agencia_conta_digito", 73, 73, "", "17.1: não utilizado"),
    const("mensagem_1", 104, 143, "", "19.1: não utilizado"),
    const("mensagem_2", 144, 183, "", "19.1: não utilizado"),
)

SEGMENT_P = febraban.SEGMENT_P.replacing(
    "segmento P",
    f"{_MANUAL}, p. 39-47",
    _BANK,
    const("agencia_digito", 23, 23, "", "09.3P: brancos"),
    const("agencia_conta_digito", 37, 37, "", "12.3P: não utilizado"),
    *_nosso_numero(),
    const("cadastramento", 59, 59, "1", "15.3P: com registro"),
    const("tipo_documento", 60, 60, "1", "16.3P: tradicional ou escritural, sem diferença"),
    const("emissao_boleto", 61, 61, "2", "17.3P: o beneficiário emite"),
    const("distribuicao_boleto", 62, 62, "2", "18.3P: o beneficiário distribui"),
    text("numero_documento", 63, 72, "19.3P: só 10 posições são validadas"),
    blanks(73, 77),
    const("agencia_cobradora", 101, 105, "00000", "22.3P: não utilizado"),
    const("agencia_cobradora_digito", 106, 106, "", "23.3P: brancos"),
    const(
        "desconto_codigo", 142, 142, "1", "30.3P e 08.3R: valor até a data; também sem desconto, com zeros"
    ),
    const("iof", 166, 180, "0" * 15, "33.3P: não utilizado"),
    exact("uso_empresa", 196, 220, "35.3P: não utilizado; o retorno traz o número do documento"),
    const("baixa_codigo", 224, 224, "1", "38.3P: sempre 1"),
    const("baixa_prazo", 225, 227, "060", "39.3P: sempre 60 dias"),
    const("uso_livre", 240, 240, "", "42.3P"),
)

SEGMENT_Q = febraban.SEGMENT_Q.replacing("segmento Q", f"{_MANUAL}, p. 48-51", _BANK)

SEGMENT_R = febraban.SEGMENT_R.replacing(
    "segmento R",
    f"{_MANUAL}, p. 51-56",
    _BANK,
    const("mensagem_3", 100, 139, "", "18.3R: brancos"),
    const("mensagem_4", 140, 179, "", "19.3R: brancos"),
)

SEGMENT_S = Record(
    "segmento S",
    240,
    f"{_MANUAL}, p. 57-60",
    [
        _BANK,
        *SEGMENT_R.fields[1:4],
        const("segmento", 14, 14, "S"),
        blanks(15, 15),
        code("movimento", 16, 17, "07.3S"),
        code("tipo_impressao", 18, 18, "08.3S: 1 frente, 2 verso, 3 instruções"),
        text("texto", 19, 240, "09.3S a 14.3S: linha e texto, ou cinco mensagens de 40"),
    ],
)

SEGMENT_Y01 = Record(
    "segmento Y-01",
    240,
    f"{_MANUAL}, p. 61-63",
    [
        _BANK,
        *SEGMENT_R.fields[1:4],
        const("segmento", 14, 14, "Y"),
        blanks(15, 15),
        code("movimento", 16, 17, "07.3Y"),
        const("registro_opcional", 18, 19, "01", "08.3Y"),
        code("sacador_tipo", 20, 20, "09.3Y"),
        code("sacador_documento", 21, 35, "10.3Y"),
        text("sacador_nome", 36, 75, "11.3Y"),
        text("sacador_endereco", 76, 115, "12.3Y"),
        text("sacador_bairro", 116, 130, "13.3Y"),
        code("sacador_cep", 131, 138, "14.3Y e 15.3Y"),
        text("sacador_cidade", 139, 153, "16.3Y"),
        text("sacador_uf", 154, 155, "17.3Y"),
        blanks(156, 240),
    ],
)

BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote remessa",
    f"{_MANUAL}, p. 71-72",
    _BANK,
    *(
        const(name, start, end, "0" * (end - start + 1), "só no retorno")
        for name, start, end in (
            ("simples", 24, 46), ("vinculada", 47, 69), ("caucionada", 70, 92), ("descontada", 93, 115),
        )
    ),
)  # fmt: skip
FILE_TRAILER = febraban.FILE_TRAILER.replacing("trailer de arquivo", f"{_MANUAL}, p. 73", _BANK)

RETURN_FILE_HEADER = febraban.FILE_HEADER.replacing(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 33-35",
    _BANK,
    const("banco_nome", 103, 132, "SICREDI"),
    const("remessa_retorno", 143, 143, "2"),
    _VERSION,
    _DENSITY,
)

RETURN_BATCH_HEADER = febraban.BATCH_HEADER.replacing(
    "header de lote retorno",
    f"{_MANUAL}, p. 36-39",
    _BANK,
    const("operacao", 9, 9, "T"),
    _BATCH_VERSION,
)

SEGMENT_T = febraban.SEGMENT_T.replacing(
    "segmento T",
    f"{_MANUAL}, p. 64-68",
    _BANK,
    *_nosso_numero(),
    exact("uso_empresa", 106, 130, "21.3T: o número do documento e a parcela"),
)
SEGMENT_U = febraban.SEGMENT_U.replacing("segmento U", f"{_MANUAL}, p. 69-70", _BANK)
RETURN_BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote retorno", f"{_MANUAL}, p. 71-72", _BANK
)

REMITTANCE = {
    "0": FILE_HEADER,
    "1": BATCH_HEADER,
    "3P": SEGMENT_P,
    "3Q": SEGMENT_Q,
    "3R": SEGMENT_R,
    "3S": SEGMENT_S,
    "3Y01": SEGMENT_Y01,
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
