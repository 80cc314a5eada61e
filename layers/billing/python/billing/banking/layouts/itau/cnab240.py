"""Itaú (341), CNAB 240, remittance and return: what differs from FEBRABAN's records.

Source: Itaú, "Cobrança Bancária, Intercâmbio Eletrônico de Arquivos, Layout de Arquivos FEBRABAN 240", January 2017 (file layout 040,
batch 030); pages and notes are the manual's own.
"""

from collections.abc import Callable

from billing.banking.layouts import febraban_240 as febraban
from billing.banking.layouts.record import Field, Record, blanks, code, const, day, money, text, zeros

_MANUAL = "Itaú, Cobrança FEBRABAN 240, janeiro/2017"

_BANK = const("banco", 1, 3, "341")


def _account(first: int, gap: Callable[[int, int], Field] = blanks) -> list[Field]:
    """Agência, conta and their single digit, in the 20 columns that FEBRABAN has for the account, with `gap` between
    them."""
    return [
        zeros(first, first),
        code("agencia", first + 1, first + 4),
        gap(first + 5, first + 5),
        zeros(first + 6, first + 12),
        code("conta", first + 13, first + 17),
        gap(first + 18, first + 18),
        code("conta_digito", first + 19, first + 19, "DAC de agência e conta"),
    ]


def _number(first: int) -> list[Field]:
    """Twenty columns: wallet, number, digit."""
    return [
        code("carteira", first, first + 2, "nota 5"),
        code("nosso_numero", first + 3, first + 10, "nota 6"),
        code("nosso_numero_digito", first + 11, first + 11, "nota 27"),
        blanks(first + 12, first + 19),
    ]


def _file_header(direction: str, mark: str) -> Record:
    return febraban.FILE_HEADER.replacing(
        f"header de arquivo {direction}",
        f"{_MANUAL}, p. 7",
        _BANK,
        blanks(33, 52),
        *_account(53),
        const("banco_nome", 103, 132, "BANCO ITAU SA"),
        const("remessa_retorno", 143, 143, mark),
        const("versao_arquivo", 164, 166, "040"),
        blanks(172, 225),
        zeros(226, 228),
        blanks(229, 240),
    )


def _batch_header(direction: str, operation: str) -> Record:
    return febraban.BATCH_HEADER.replacing(
        f"header de lote {direction}",
        f"{_MANUAL}, p. 8",
        _BANK,
        const("operacao", 9, 9, operation),
        zeros(12, 13),
        const("versao_lote", 14, 16, "030"),
        blanks(34, 53),
        *_account(54),
        blanks(104, 183),
    )


FILE_HEADER = _file_header("remessa", "1")
BATCH_HEADER = _batch_header("remessa", "R")

SEGMENT_P = febraban.SEGMENT_P.replacing(
    "segmento P",
    f"{_MANUAL}, p. 9",
    _BANK,
    *_account(18),
    *_number(38),
    zeros(58, 62),
    text("numero_documento", 63, 72, "nota 7"),
    blanks(73, 77),
    const("agencia_cobradora", 101, 105, "00000", "nota 10: zeros"),
    zeros(106, 106),
    code("especie", 107, 108, "nota 11"),
    zeros(118, 118),
    day("juros_data", 119, 126, "nota 12"),
    money("juros", 127, 141, "nota 13: por dia"),
    zeros(142, 142),
    const("iof", 166, 180, "0" * 15, "nota 15: só de seguradoras"),
    code("protesto_codigo", 221, 221, "nota 18: negativação ou protesto"),
    code("protesto_prazo", 222, 223, "nota 18"),
    code("baixa_codigo", 224, 224, "nota 19"),
    code("baixa_prazo", 225, 226, "nota 19"),
    zeros(227, 239),
    blanks(240, 240),
)

SEGMENT_Q = febraban.SEGMENT_Q.replacing(
    "segmento Q",
    f"{_MANUAL}, p. 10",
    _BANK,
    text("pagador_nome", 34, 63),
    blanks(64, 73),
)

SEGMENT_R = febraban.SEGMENT_R.replacing(
    "segmento R",
    f"{_MANUAL}, p. 11",
    _BANK,
    const("mensagem_3", 100, 139, "", "nota 21: só impressa pelo banco"),
    blanks(140, 199),
)

BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote remessa",
    f"{_MANUAL}, p. 16",
    _BANK,
    const("totais", 24, 115, "0" * 92, "nota 24: os títulos já registrados, só no retorno"),
)
RETURN_BATCH_TRAILER = febraban.BATCH_TRAILER.replacing(
    "trailer de lote retorno",
    f"{_MANUAL}, p. 16",
    _BANK,
    zeros(70, 115),
    text("aviso_bancario", 116, 123, "nota 25"),
    blanks(124, 240),
)
FILE_TRAILER = febraban.FILE_TRAILER.replacing("trailer de arquivo", f"{_MANUAL}, p. 16", _BANK)

RETURN_FILE_HEADER = _file_header("retorno", "2")
RETURN_BATCH_HEADER = _batch_header("retorno", "T")

SEGMENT_T = febraban.SEGMENT_T.replacing(
    "segmento T",
    f"{_MANUAL}, p. 14",
    _BANK,
    text("dda", 15, 15, "nota 30"),
    *_account(18, zeros),
    *_number(38),
    zeros(58, 58),
    text("numero_documento", 59, 68, "nota 7"),
    blanks(69, 73),
    zeros(97, 99),
    code("agencia_recebedora", 100, 105, "nota 10, com o seu dígito"),
    zeros(131, 132),
    text("pagador_nome", 149, 178),
    blanks(179, 188),
    zeros(189, 198),
    text("motivos", 214, 221, "nota 23"),
    text("codigo_liquidacao", 222, 223, "nota 29"),
)

SEGMENT_U = febraban.SEGMENT_U.replacing(
    "segmento U",
    f"{_MANUAL}, p. 15",
    _BANK,
    money("valor_pago", 78, 92, "valor creditado: o que entra na conta"),
    money("valor_liquido", 93, 107, "o mesmo valor creditado"),
    zeros(108, 137),
    code("pagador_ocorrencia", 154, 157, "nota 23"),
    blanks(181, 210),
    zeros(211, 233),
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
