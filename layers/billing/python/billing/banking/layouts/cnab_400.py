"""CNAB 400, collection: the columns that banks share, which each bank's file overlays with its own.

There is no common manual: these are the columns on which the manuals of Bradesco (4008.524.0121, p. 9-11, 38-41) and
Itaú (July 2021, p. 9-11, 19-22) agree; a bank's overlay says where its own columns are.
"""

from collections.abc import Sequence

from billing.banking.layouts.record import Field, Record, code, const, day, exact, money, number, text, zeros

LENGTH = 400

REMITTANCE_HEADER = (
    const("tipo_registro", 1, 1, "0"),
    const("operacao", 2, 2, "1"),
    const("literal_remessa", 3, 9, "REMESSA"),
    const("codigo_servico", 10, 11, "01"),
    const("literal_servico", 12, 26, "COBRANCA"),
    text("nome_empresa", 47, 76),
    day("data_geracao", 95, 100),
    number("sequencial", 395, 400),
)

REMITTANCE_TITLE = (
    const("tipo_registro", 1, 1, "1"),
    exact("uso_empresa", 38, 62),
    code("ocorrencia", 109, 110),
    text("numero_documento", 111, 120),
    day("vencimento", 121, 126),
    money("valor_titulo", 127, 139),
    code("especie", 148, 149),
    text("aceite", 150, 150),
    day("emissao", 151, 156),
    code("instrucao_1", 157, 158),
    code("instrucao_2", 159, 160),
    money("juros_dia", 161, 173),
    day("desconto_data", 174, 179),
    money("desconto", 180, 192),
    zeros(193, 205),
    money("abatimento", 206, 218),
    code("pagador_tipo", 219, 220),
    code("pagador_documento", 221, 234),
    text("pagador_nome", 235, 274),
    text("pagador_endereco", 275, 314),
    text("pagador_bairro", 315, 326),
    code("pagador_cep", 327, 334),
    text("pagador_cidade", 335, 349),
    text("pagador_uf", 350, 351),
    number("sequencial", 395, 400),
)

TRAILER = (const("tipo_registro", 1, 1, "9"), number("sequencial", 395, 400))

RETURN_HEADER = (
    const("tipo_registro", 1, 1, "0"),
    const("codigo_retorno", 2, 2, "2"),
    const("literal_retorno", 3, 9, "RETORNO"),
    const("codigo_servico", 10, 11, "01"),
    const("literal_servico", 12, 26, "COBRANCA"),
    text("nome_empresa", 47, 76),
    day("data_geracao", 95, 100),
    number("sequencial", 395, 400),
)

RETURN_TITLE = (
    const("tipo_registro", 1, 1, "1"),
    code("empresa_tipo", 2, 3),
    code("empresa_documento", 4, 17),
    exact("uso_empresa", 38, 62),
    text("carteira_codigo", 108, 108),
    code("ocorrencia", 109, 110),
    day("data_ocorrencia", 111, 116),
    text("numero_documento", 117, 126),
    day("vencimento", 147, 152),
    money("valor_titulo", 153, 165),
    code("banco_cobrador", 166, 168),
    code("agencia_cobradora", 169, 173),
    money("tarifa", 176, 188),
    money("outras_despesas", 189, 201),
    money("iof", 215, 227),
    money("abatimento", 228, 240),
    money("desconto", 241, 253),
    money("valor_pago", 254, 266),
    money("juros", 267, 279),
    day("data_credito", 296, 301),
    number("sequencial", 395, 400),
)


def overlaid(name: str, source: str, shared: Sequence[Field], own: Sequence[Field]) -> Record:
    """A bank's record: its own fields, and the shared ones in the remaining columns."""
    taken = {column for field in own for column in range(field.start, field.end + 1)}
    left = [field for field in shared if taken.isdisjoint(range(field.start, field.end + 1))]
    return Record(name, LENGTH, source, [*left, *own])


def bank(code_of_bank: str, name: str) -> list[Field]:
    """The bank's own code and name, in both headers."""
    return [const("codigo_banco", 77, 79, code_of_bank), const("nome_banco", 80, 94, name)]
