"""Banco do Nordeste (004), CNAB 400, remittance and return: what differs from the columns that banks share.

Source: Banco do Nordeste, "Cobrança Eletrônica BNB, Padrão FEBRABAN/CNAB, 400 posições", July 2011; notes are those of its section 8.
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import Field, Record, blanks, code, const, day, money, number, text, zeros

_MANUAL = "Banco do Nordeste, Cobrança CNAB 400, julho/2011"
_BANK = shared.bank("004", "B. DO NORDESTE")


def _account(agencia: int, conta: int) -> list[Field]:
    """Agency, two zeros, account and its digit, from the given columns on."""
    return [
        code("agencia", agencia, agencia + 3),
        const("zeros_da_agencia", agencia + 4, conta - 1, "00"),
        code("conta", conta, conta + 6),
        code("conta_digito", conta + 7, conta + 7),
    ]


REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 5",
    shared.REMITTANCE_HEADER,
    [
        *_account(27, 33),
        blanks(41, 46),
        *_BANK,
        code("codigo_usuario", 101, 103, "caixa postal no sistema EDI, fornecida pelo banco"),
        blanks(104, 394),
    ],
)

REMITTANCE_TITLE = shared.overlaid(
    "registro cobrança de títulos",
    f"{_MANUAL}, p. 6-8",
    shared.REMITTANCE_TITLE,
    [
        blanks(2, 17),
        *_account(18, 24),
        number("multa", 32, 33, "percentual inteiro"),
        blanks(34, 37),
        code("nosso_numero", 63, 69),
        code("nosso_numero_digito", 70, 70, "nota 1"),
        zeros(71, 80),
        day("desconto_2_data", 81, 86),
        money("desconto_2", 87, 99),
        blanks(100, 107),
        code("carteira", 108, 108, "nota 2"),
        zeros(140, 142),
        zeros(143, 146),
        blanks(147, 147),
        text("especie", 148, 149, "nota 5"),
        text("instrucao", 157, 160, "nota 7"),
        money("iof", 193, 205),
        text("pagador_tipo", 219, 220),
        text("pagador_documento", 221, 234),
        text("pagador_bairro", 315, 326, "complemento do endereço"),
        const("mensagem", 352, 391, ""),
        text("protesto_dias", 392, 393, "99 não protestar"),
        const("moeda", 394, 394, "0", "nota 6"),
    ],
)

_NOT_CHANGED = (
    "multa", "zeros_71", "desconto_2_data", "desconto_2", "vencimento", "valor_titulo", "zeros_140", "zeros_143", "especie",
    "aceite", "emissao", "instrucao", "juros_dia", "desconto_data", "desconto", "iof", "abatimento", "pagador_tipo",
    "pagador_documento", "protesto_dias", "moeda",
)  # fmt: skip

REMITTANCE_CHANGE = REMITTANCE_TITLE.replacing(
    "registro cobrança de títulos, alteração de outros dados",
    f"{_MANUAL}, nota 3: em branco o que não muda",
    *(const(f.name, f.start, f.end, "") for f in map(REMITTANCE_TITLE.by_name.__getitem__, _NOT_CHANGED)),
)
"""A change of the payer's name and address. Fields of digits that it leaves blank are texts, given at full width."""

REMITTANCE_TRAILER = shared.overlaid(
    "trailer de arquivo remessa", f"{_MANUAL}, p. 8", shared.TRAILER, [blanks(2, 394)]
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 8-9",
    shared.RETURN_HEADER,
    [
        *_account(27, 33),
        blanks(41, 46),
        *_BANK,
        text("densidade", 101, 108),
        code("sequencial_arquivo", 109, 113, "alfanumérico"),
        blanks(114, 119),
        const("data_credito_zeros", 120, 125, "000000", "a data de crédito não vem neste arquivo"),
        blanks(126, 394),
    ],
)

RETURN_TITLE = shared.overlaid(
    "registro cobrança de títulos",
    f"{_MANUAL}, p. 9-10",
    shared.RETURN_TITLE,
    [
        *_account(18, 24),
        blanks(32, 37),
        code("nosso_numero", 63, 69),
        code("nosso_numero_digito", 70, 70),
        code("contrato", 71, 80, "zeros na cobrança simples"),
        blanks(81, 107),
        text("carteira", 108, 108, "nota 2"),
        code("nosso_numero_repetido", 127, 134),
        blanks(135, 146),
        code("agencia_cobradora", 169, 172),
        blanks(173, 173),
        code("especie", 174, 175),
        money("juros_desconto", 202, 214, "juros cobrados em operações de desconto"),
        text("erros", 280, 394, "nota 8: cada coluna com 1 é um erro"),
    ],
)

RETURN_TRAILER = Record(
    "trailer de arquivo retorno",
    400,
    f"{_MANUAL}, p. 10",
    [
        const("tipo_registro", 1, 1, "9"),
        const("codigo_retorno", 2, 2, "2"),
        const("codigo_servico", 3, 4, "01"),
        const("codigo_banco", 5, 7, "004"),
        blanks(8, 17),
        number("titulos_simples", 18, 25, "posição da carteira"),
        money("valor_simples", 26, 39, "posição da carteira"),
        text("aviso", 40, 47),
        blanks(48, 394),
        number("sequencial", 395, 400),
    ],
)

REMITTANCE = {"0": REMITTANCE_HEADER, "1": REMITTANCE_TITLE, "9": REMITTANCE_TRAILER}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "9": RETURN_TRAILER}
