"""Banco do Brasil (001), CNAB 400, remittance (CBR641) and return (CBR643): what differs from the columns that banks
share.

Sources: Banco do Brasil, "Layout de Arquivo Remessa CNAB400", April 2012, for agreements of seven digits; "Layout de
Arquivo Retorno CNAB400/CBR643", January 2014. A title's record is of type 7; records of type 5 are distinguished by
columns 2-3. Record 3 of the return (Vendor) has no number of its own and is not described.
"""

from billing.banking.layouts import cnab_400 as shared
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

_REMITTANCE = "Banco do Brasil, remessa CNAB400, abril/2012"
_RETURN = "Banco do Brasil, retorno CNAB400/CBR643, janeiro/2014"

_SEQUENCE = number("sequencial", 395, 400)


def _account(first: int) -> list[Field]:
    """Agency and account, each with its digit: 14 columns."""
    return [
        code("agencia", first, first + 3),
        text("agencia_digito", first + 4, first + 4),
        code("conta", first + 5, first + 12),
        text("conta_digito", first + 13, first + 13),
    ]


def _optional(name: str, source: str, kind: str, *fields: Field) -> Record:
    """A record 5, which adds to the title before it."""
    return Record(
        name,
        400,
        source,
        [const("tipo_registro", 1, 1, "5"), const("tipo_servico", 2, 3, kind), *fields, _SEQUENCE],
    )


_HEADER = [
    const("literal_servico", 12, 19, "COBRANCA"),
    blanks(20, 26),
    *_account(27),
    const("complemento", 41, 46, "000000"),
    const("codigo_banco", 77, 79, "001"),
    const("nome_banco", 80, 94, "BANCODOBRASIL"),
    number("sequencial_arquivo", 101, 107, "nota 03; retorno, nota 01"),
]

REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_REMITTANCE}, p. 4",
    shared.REMITTANCE_HEADER,
    [*_HEADER, blanks(108, 129), code("convenio", 130, 136, "nota 04"), blanks(137, 394)],
)

REMITTANCE_TITLE = shared.overlaid(
    "detalhe",
    f"{_REMITTANCE}, p. 5-6",
    shared.REMITTANCE_TITLE,
    [
        const("tipo_registro", 1, 1, "7"),
        code("empresa_tipo", 2, 3, "nota 22"),
        code("empresa_documento", 4, 17),
        *_account(18),
        code("convenio", 32, 38, "nota 02"),
        exact("uso_empresa", 39, 63, "nota 23"),
        code("nosso_numero", 64, 80, "nota 06: convênio e número, sem dígito"),
        const("prestacao", 81, 82, "00"),
        const("grupo_de_valor", 83, 84, "00"),
        blanks(85, 87),
        const("indicativo_mensagem", 88, 88, "", "nota 13: sem mensagem nem sacador"),
        blanks(89, 91),
        code("variacao", 92, 94, "nota 02"),
        const("conta_caucao", 95, 95, "0"),
        const("bordero", 96, 101, "000000"),
        const("tipo_cobranca", 102, 106, "", "nota 24: simples"),
        code("carteira", 107, 108, "nota 25"),
        const("banco_cobrador", 140, 142, "001"),
        const("agencia_cobradora", 143, 146, "0000", "nota 26"),
        blanks(147, 147),
        code("especie", 148, 149, "nota 07"),
        text("pagador_nome", 235, 271),
        blanks(272, 274),
        const("mensagem", 352, 391, "", "nota 13"),
        number("protesto_dias", 392, 393, "nota 34"),
        blanks(394, 394),
    ],
)

REMITTANCE_FINE = _optional(
    "detalhe opcional, multa",
    f"{_REMITTANCE}, p. 7",
    "99",
    code("multa_codigo", 4, 4, "nota 15: 2 percentual"),
    day("multa_data", 5, 10, "nota 16"),
    money("multa", 11, 22, "nota 17"),
    blanks(23, 394),
)
REMITTANCE_EMAIL = _optional(
    "detalhe opcional, e-mail",
    f"{_REMITTANCE}, p. 7: só onde o banco emite o boleto",
    "01",
    exact("pagador_email", 4, 139, "nota 18"),
    blanks(140, 394),
)
REMITTANCE_DOCUMENT = _optional(
    "detalhe opcional, número do título",
    f"{_REMITTANCE}, p. 8",
    "03",
    text("numero_documento", 4, 18, "nota 36"),
    blanks(19, 394),
)

REMITTANCE_TRAILER = shared.overlaid(
    "trailer de arquivo remessa", f"{_REMITTANCE}, p. 8", shared.TRAILER, [blanks(2, 394)]
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_RETURN}, p. 3",
    shared.RETURN_HEADER,
    [*_HEADER, blanks(108, 149), code("convenio", 150, 156), blanks(157, 394)],
)

RETURN_TITLE = shared.overlaid(
    "detalhe",
    f"{_RETURN}, p. 4-6",
    shared.RETURN_TITLE,
    [
        const("tipo_registro", 1, 1, "7"),
        zeros(2, 17),
        *_account(18),
        code("convenio", 32, 38),
        exact("uso_empresa", 39, 63),
        code("nosso_numero", 64, 80),
        code("tipo_cobranca", 81, 81, "nota 02"),
        code("tipo_cobranca_novo", 82, 82, "nota 03"),
        number("dias_calculo", 83, 86, "nota 04"),
        code("motivos", 87, 88, "nota 05: natureza do recebimento, um só"),
        text("prefixo_titulo", 89, 91, "nota 06"),
        code("variacao", 92, 94),
        code("conta_caucao", 95, 95, "nota 06"),
        number("taxa_desconto", 96, 100),
        number("taxa_iof", 101, 105),
        blanks(106, 106),
        code("carteira", 107, 108),
        blanks(127, 146),
        code("agencia_cobradora", 169, 172, "nota 08"),
        text("agencia_cobradora_digito", 173, 173),
        code("especie", 174, 175, "nota 09"),
        day("data_credito", 176, 181, "nota 10"),
        money("tarifa", 182, 188, "nota 06"),
        money("juros_desconto", 202, 214),
        money("outros_recebimentos", 280, 292),
        money("abatimento_nao_aproveitado", 293, 305),
        money("valor_lancamento", 306, 318),
        code("lancamento_indicativo", 319, 319, "nota 11: 1 débito, 2 crédito"),
        code("valor_indicador", 320, 320, "nota 12"),
        money("valor_ajuste", 321, 332, "nota 13"),
        text("compartilhada", 333, 390, "nota 14"),
        code("liquidacao_parcial", 391, 391, "nota 24"),
        blanks(392, 392),
        text("canal", 393, 394, "nota 15"),
    ],
)

RETURN_SHARED = Record(
    "detalhe auxiliar, cobrança partilhada",
    400,
    f"{_RETURN}, p. 6-8",
    [
        const("tipo_registro", 1, 1, "2"),
        code("nosso_numero", 2, 18),
        text("favorecidos", 19, 394, "nota 16"),
        _SEQUENCE,
    ],
)
RETURN_EMAIL = _optional(
    "detalhe auxiliar, e-mail",
    f"{_RETURN}, p. 13",
    "01",
    zeros(4, 5),
    exact("pagador_email", 6, 142),
    blanks(143, 394),
)
RETURN_CHEQUE = _optional(
    "detalhe auxiliar, cheque",
    f"{_RETURN}, p. 13",
    "04",
    zeros(4, 5),
    code("nosso_numero", 6, 22),
    day("data_pagamento", 23, 30),
    zeros(31, 44),
    money("valor_cheque", 45, 59),
    number("prazo_bloqueio", 60, 62),
    zeros(63, 65),
    code("motivo_devolucao", 66, 68),
    blanks(69, 69),
    text("trilha", 70, 103),
    code("captura", 104, 104, "nota 21"),
    zeros(105, 115),
    blanks(116, 394),
)
RETURN_DOCUMENT = _optional(
    "detalhe auxiliar, número do título",
    f"{_RETURN}, p. 14",
    "06",
    zeros(4, 5),
    text("numero_documento", 6, 20, "nota 23"),
    blanks(21, 394),
)

_PORTFOLIO = (("simples", 18), ("vinculada", 58), ("caucionada", 98), ("descontada", 138), ("vendor", 218))

RETURN_TRAILER = Record(
    "trailer de arquivo retorno",
    400,
    f"{_RETURN}, p. 15",
    [
        const("tipo_registro", 1, 1, "9"),
        const("codigo_retorno", 2, 2, "2"),
        const("codigo_servico", 3, 4, "01"),
        const("codigo_banco", 5, 7, "001"),
        blanks(8, 17),
        *(
            field
            for name, first in _PORTFOLIO
            for field in (
                number(f"{name}_titulos", first, first + 7),
                money(f"{name}_valor", first + 8, first + 21),
                number(f"{name}_aviso", first + 22, first + 29),
            )
        ),
        *(blanks(first, first + 9) for first in (48, 88, 128)),
        blanks(168, 217),
        blanks(248, 394),
        _SEQUENCE,
    ],
)

REMITTANCE = {
    "0": REMITTANCE_HEADER,
    "7": REMITTANCE_TITLE,
    "599": REMITTANCE_FINE,
    "501": REMITTANCE_EMAIL,
    "503": REMITTANCE_DOCUMENT,
    "9": REMITTANCE_TRAILER,
}
RETURN = {
    "0": RETURN_HEADER,
    "7": RETURN_TITLE,
    "2": RETURN_SHARED,
    "501": RETURN_EMAIL,
    "504": RETURN_CHEQUE,
    "506": RETURN_DOCUMENT,
    "9": RETURN_TRAILER,
}
