"""Safra (422), CNAB 400, remittance and return: what differs from the columns that banks share.

Source: Safra, "Manual de transferência de arquivos, cobrança, layout padrão Safra 400", version of December 2016; sections are the manual's.
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import Record, blanks, code, const, exact, money, number, text, zeros

_MANUAL = "Safra, Cobrança CNAB 400, dezembro/2016"

_FILE_NUMBER = number("sequencial_arquivo", 392, 394)

REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 6",
    shared.REMITTANCE_HEADER,
    [
        code("codigo_empresa", 27, 40, "agência 5 e conta 9, como o banco a deu"),
        blanks(41, 46),
        *shared.bank("422", "BANCO SAFRA"),
        blanks(101, 391),
        _FILE_NUMBER,
    ],
)

REMITTANCE_TITLE = shared.overlaid(
    "registro transação",
    f"{_MANUAL}, p. 6-7",
    shared.REMITTANCE_TITLE,
    [
        code("empresa_tipo", 2, 3),
        code("empresa_documento", 4, 17, "6.1.1"),
        code("agencia", 18, 22, "as 5 primeiras posições do código da empresa"),
        code("conta", 23, 31, "as outras 9"),
        blanks(32, 37),
        code("nosso_numero", 63, 70, "5 e 7.1"),
        code("nosso_numero_digito", 71, 71, "7.1"),
        blanks(72, 101),
        const("iof", 102, 102, "0"),
        const("moeda", 103, 104, "00"),
        blanks(105, 105),
        code("instrucao_3", 106, 107, "6.1.6: dias para protesto"),
        code("carteira", 108, 108, "6.1.2"),
        const("banco_depositario", 140, 142, "422"),
        code("agencia_depositaria", 143, 147),
        money("abatimento", 206, 218, "6.1.8: com a instrução 16, data e percentual da multa"),
        text("pagador_bairro", 315, 324),
        blanks(325, 326),
        const("sacador_avalista", 352, 381, "", "6.1.9"),
        blanks(382, 388),
        const("banco_emitente", 389, 391, "422"),
        _FILE_NUMBER,
    ],
)

_REMITTANCE_MAIL = Record(
    "e-mail do pagador e sacador avalista",
    400,
    f"{_MANUAL}, p. 8",
    [
        const("tipo_registro", 1, 1, "2"),
        exact("email", 2, 51),
        blanks(52, 151),
        text("sacador_nome", 152, 191),
        code("sacador_tipo", 192, 192),
        code("sacador_documento", 193, 206),
        text("sacador_endereco", 207, 246),
        text("sacador_bairro", 247, 261),
        text("sacador_cidade", 262, 281),
        code("sacador_cep", 282, 289),
        text("sacador_uf", 290, 291),
        blanks(292, 391),
        _FILE_NUMBER,
        number("sequencial", 395, 400),
    ],
)

_REMITTANCE_NFE = Record(
    "nota fiscal eletrônica",
    400,
    f"{_MANUAL}, p. 8",
    [
        const("tipo_registro", 1, 1, "4"),
        text("chave_nfe", 2, 45),
        blanks(46, 391),
        _FILE_NUMBER,
        number("sequencial", 395, 400),
    ],
)

REMITTANCE_TRAILER = shared.overlaid(
    "trailler de arquivo remessa",
    f"{_MANUAL}, p. 9",
    shared.TRAILER,
    [
        blanks(2, 368),
        number("quantidade_titulos", 369, 376),
        money("valor_total", 377, 391),
        _FILE_NUMBER,
    ],
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 12",
    shared.RETURN_HEADER,
    [
        code("codigo_empresa", 27, 40),
        blanks(41, 46),
        *shared.bank("422", "SAFRA"),
        blanks(101, 391),
        _FILE_NUMBER,
    ],
)

RETURN_TITLE = shared.overlaid(
    "registro transação retorno",
    f"{_MANUAL}, p. 12-13",
    shared.RETURN_TITLE,
    [
        code("agencia", 18, 22, "as 5 primeiras posições do código da empresa"),
        code("conta", 23, 31, "as outras 9"),
        blanks(32, 37),
        code("nosso_numero", 63, 70),
        code("nosso_numero_digito", 71, 71),
        blanks(72, 102),
        code("ocorrencia_origem", 103, 104),
        text("motivos", 105, 107, "6.2.1"),
        code("carteira", 108, 108),
        code("nosso_numero_repetido", 127, 135),
        blanks(136, 146),
        code("especie", 174, 175),
        zeros(202, 214),
        money("outros_creditos", 280, 292),
        code("moeda", 293, 295),
        blanks(302, 307),
        code("beneficiario_transferido", 308, 321, "ocorrência 21"),
        text("dda", 322, 322, "6.2.3"),
        text("meio_liquidacao", 323, 324, "6.2.4"),
        blanks(325, 376),
        text("numero_documento_longo", 377, 391),
        _FILE_NUMBER,
    ],
)

RETURN_TRAILER = Record(
    "trailler de arquivo retorno",
    400,
    f"{_MANUAL}, p. 13-14",
    [
        const("tipo_registro", 1, 1, "9"),
        const("codigo_retorno", 2, 2, "2"),
        const("codigo_servico", 3, 4, "01"),
        const("codigo_banco", 5, 7, "422"),
        blanks(8, 17),
        number("titulos_simples", 18, 25, "posição da carteira"),
        money("valor_simples", 26, 39, "posição da carteira"),
        number("aviso_simples", 40, 47),
        blanks(48, 97),
        number("titulos_vinculada", 98, 105, "posição da carteira"),
        money("valor_vinculada", 106, 119, "posição da carteira"),
        number("aviso_vinculada", 120, 127),
        blanks(128, 391),
        _FILE_NUMBER,
        number("sequencial", 395, 400),
    ],
)

REMITTANCE = {
    "0": REMITTANCE_HEADER,
    "1": REMITTANCE_TITLE,
    "2": _REMITTANCE_MAIL,
    "4": _REMITTANCE_NFE,
    "9": REMITTANCE_TRAILER,
}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "9": RETURN_TRAILER}
