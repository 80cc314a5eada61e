"""CNAB 240, collection ("títulos em cobrança"): the records that every bank starts from and then overlays.

Source: FEBRABAN, "Layout Padrão 240 posições", version 10.6; pages are that document's. Versions, codes and some
columns are the bank's own: an overlay replaces fields by name and gives its source.
"""

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

_MANUAL = "FEBRABAN, Layout Padrão 240 V10.6"


def _control(record_type: str) -> list[Field]:
    return [
        code("banco", 1, 3, "G001"),
        code("lote", 4, 7, "G002"),
        const("registro", 8, 8, record_type, "G003"),
    ]


def _detail(segment: str) -> list[Field]:
    return [
        *_control("3"),
        number("sequencial", 9, 13, "G038"),
        const("segmento", 14, 14, segment, "G039"),
        blanks(15, 15),
        code("movimento", 16, 17, "C004, C044"),
    ]


FILE_HEADER = Record(
    "header de arquivo",
    240,
    f"{_MANUAL}, p. 17",
    [
        code("banco", 1, 3, "G001"),
        const("lote", 4, 7, "0000", "G002"),
        const("registro", 8, 8, "0", "G003"),
        blanks(9, 17),
        code("empresa_tipo", 18, 18, "G005"),
        code("empresa_documento", 19, 32, "G006"),
        text("convenio", 33, 52, "G007"),
        code("agencia", 53, 57, "G008"),
        text("agencia_digito", 58, 58, "G009"),
        code("conta", 59, 70, "G010"),
        text("conta_digito", 71, 71, "G011"),
        text("agencia_conta_digito", 72, 72, "G012"),
        text("empresa_nome", 73, 102, "G013"),
        text("banco_nome", 103, 132, "G014"),
        blanks(133, 142),
        code("remessa_retorno", 143, 143, "G015"),
        day("data_geracao", 144, 151, "G016"),
        number("hora_geracao", 152, 157, "G017"),
        number("sequencial_arquivo", 158, 163, "G018"),
        code("versao_arquivo", 164, 166, "G019"),
        const("densidade", 167, 171, "00000", "G020"),
        blanks(172, 240),
    ],
)

BATCH_HEADER = Record(
    "header de lote",
    240,
    f"{_MANUAL}, p. 54",
    [
        *_control("1"),
        text("operacao", 9, 9, "G028"),
        const("servico", 10, 11, "01", "G025"),
        blanks(12, 13),
        code("versao_lote", 14, 16, "G030"),
        blanks(17, 17),
        code("empresa_tipo", 18, 18, "G005"),
        code("empresa_documento", 19, 33, "G006"),
        text("convenio", 34, 53, "G007"),
        code("agencia", 54, 58, "G008"),
        text("agencia_digito", 59, 59, "G009"),
        code("conta", 60, 71, "G010"),
        text("conta_digito", 72, 72, "G011"),
        text("agencia_conta_digito", 73, 73, "G012"),
        text("empresa_nome", 74, 103, "G013"),
        text("mensagem_1", 104, 143, "C073"),
        text("mensagem_2", 144, 183, "C073"),
        number("numero_remessa", 184, 191, "G079"),
        day("data_gravacao", 192, 199, "G068"),
        day("data_credito", 200, 207, "C003"),
        blanks(208, 240),
    ],
)

SEGMENT_P = Record(
    "segmento P",
    240,
    f"{_MANUAL}, p. 55",
    [
        *_detail("P"),
        code("agencia", 18, 22, "G008"),
        text("agencia_digito", 23, 23, "G009"),
        code("conta", 24, 35, "G010"),
        text("conta_digito", 36, 36, "G011"),
        text("agencia_conta_digito", 37, 37, "G012"),
        text("nosso_numero", 38, 57, "G069"),
        code("carteira", 58, 58, "C006"),
        code("cadastramento", 59, 59, "C007"),
        text("tipo_documento", 60, 60, "C008"),
        code("emissao_boleto", 61, 61, "C009"),
        text("distribuicao_boleto", 62, 62, "C010"),
        text("numero_documento", 63, 77, "C011"),
        day("vencimento", 78, 85, "C012"),
        money("valor_titulo", 86, 100, "G070"),
        code("agencia_cobradora", 101, 105, "C014"),
        text("agencia_cobradora_digito", 106, 106, "G009"),
        code("especie", 107, 108, "C015"),
        text("aceite", 109, 109, "C016"),
        day("emissao", 110, 117, "G071"),
        code("juros_codigo", 118, 118, "C018"),
        day("juros_data", 119, 126, "C019"),
        money("juros", 127, 141, "C020"),
        code("desconto_codigo", 142, 142, "C021"),
        day("desconto_data", 143, 150, "C022"),
        money("desconto", 151, 165, "C023"),
        money("iof", 166, 180, "C024"),
        money("abatimento", 181, 195, "G045"),
        exact("uso_empresa", 196, 220, "G072"),
        code("protesto_codigo", 221, 221, "C026"),
        number("protesto_prazo", 222, 223, "C027"),
        code("baixa_codigo", 224, 224, "C028"),
        text("baixa_prazo", 225, 227, "C029"),
        const("moeda", 228, 229, "09", "G065"),
        zeros(230, 239),
        text("uso_livre", 240, 240, "C077"),
    ],
)

SEGMENT_Q = Record(
    "segmento Q",
    240,
    f"{_MANUAL}, p. 56",
    [
        *_detail("Q"),
        code("pagador_tipo", 18, 18, "G005"),
        code("pagador_documento", 19, 33, "G006"),
        text("pagador_nome", 34, 73, "G013"),
        text("pagador_endereco", 74, 113, "G032"),
        text("pagador_bairro", 114, 128, "G032"),
        code("pagador_cep", 129, 136, "G034 e G035"),
        text("pagador_cidade", 137, 151, "G033"),
        text("pagador_uf", 152, 153, "G036"),
        const("sacador_tipo", 154, 154, "0", "G005"),
        const("sacador_documento", 155, 169, "0" * 15, "G006"),
        blanks(170, 209),
        const("banco_correspondente", 210, 212, "000", "C031"),
        blanks(213, 240),
    ],
)

SEGMENT_R = Record(
    "segmento R",
    240,
    f"{_MANUAL}, p. 57",
    [
        *_detail("R"),
        const("desconto_2", 18, 41, "0" * 24, "C021 a C023"),
        const("desconto_3", 42, 65, "0" * 24, "C021 a C023"),
        code("multa_codigo", 66, 66, "G073"),
        day("multa_data", 67, 74, "G074"),
        money("multa", 75, 89, "G075"),
        blanks(90, 99),
        text("mensagem_3", 100, 139, "C037"),
        text("mensagem_4", 140, 179, "C037"),
        blanks(180, 199),
        zeros(200, 215),
        blanks(216, 216),
        zeros(217, 228),
        blanks(229, 230),
        zeros(231, 231),
        blanks(232, 240),
    ],
)

SEGMENT_T = Record(
    "segmento T",
    240,
    f"{_MANUAL}, p. 66",
    [
        *_detail("T"),
        code("agencia", 18, 22, "G008"),
        text("agencia_digito", 23, 23, "G009"),
        code("conta", 24, 35, "G010"),
        text("conta_digito", 36, 36, "G011"),
        text("agencia_conta_digito", 37, 37, "G012"),
        text("nosso_numero", 38, 57, "G069"),
        code("carteira", 58, 58, "C006"),
        text("numero_documento", 59, 73, "C011"),
        day("vencimento", 74, 81, "C012"),
        money("valor_titulo", 82, 96, "G070"),
        code("banco_recebedor", 97, 99, "C045"),
        code("agencia_recebedora", 100, 105, "G008 e G009"),
        exact("uso_empresa", 106, 130, "G072"),
        code("moeda", 131, 132, "G065"),
        code("pagador_tipo", 133, 133, "G005"),
        code("pagador_documento", 134, 148, "G006"),
        text("pagador_nome", 149, 188, "G013"),
        code("contrato", 189, 198, "C030"),
        money("tarifa", 199, 213, "G076"),
        text("motivos", 214, 223, "C047"),
        blanks(224, 240),
    ],
)

SEGMENT_U = Record(
    "segmento U",
    240,
    f"{_MANUAL}, p. 67",
    [
        *_detail("U"),
        money("acrescimos", 18, 32, "C048"),
        money("desconto", 33, 47, "C049"),
        money("abatimento", 48, 62, "C050"),
        money("iof", 63, 77, "G077"),
        money("valor_pago", 78, 92, "C052"),
        money("valor_liquido", 93, 107, "G078"),
        money("outras_despesas", 108, 122, "C054"),
        money("outros_creditos", 123, 137, "C055"),
        day("data_ocorrencia", 138, 145, "C056"),
        day("data_credito", 146, 153, "C057"),
        text("pagador_ocorrencia", 154, 157, "A001"),
        day("pagador_data", 158, 165, "C058"),
        money("pagador_valor", 166, 180, "C059"),
        text("pagador_complemento", 181, 210, "A002"),
        code("banco_correspondente", 211, 213, "C031"),
        code("nosso_numero_correspondente", 214, 233, "C032"),
        blanks(234, 240),
    ],
)

BATCH_TRAILER = Record(
    "trailer de lote",
    240,
    f"{_MANUAL}, p. 68",
    [
        *_control("5"),
        blanks(9, 17),
        number("quantidade_registros", 18, 23, "G057"),
        number("simples_titulos", 24, 29, "C070"),
        money("simples_valor", 30, 46, "C071"),
        number("vinculada_titulos", 47, 52, "C070"),
        money("vinculada_valor", 53, 69, "C071"),
        number("caucionada_titulos", 70, 75, "C070"),
        money("caucionada_valor", 76, 92, "C071"),
        number("descontada_titulos", 93, 98, "C070"),
        money("descontada_valor", 99, 115, "C071"),
        blanks(116, 240),
    ],
)

FILE_TRAILER = Record(
    "trailer de arquivo",
    240,
    f"{_MANUAL}, p. 18",
    [
        code("banco", 1, 3, "G001"),
        const("lote", 4, 7, "9999", "G002"),
        const("registro", 8, 8, "9", "G003"),
        blanks(9, 17),
        number("quantidade_lotes", 18, 23, "G049"),
        number("quantidade_registros", 24, 29, "G056"),
        const("quantidade_contas", 30, 35, "000000", "G037"),
        blanks(36, 240),
    ],
)
