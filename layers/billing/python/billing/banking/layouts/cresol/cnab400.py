"""Cresol (133), CNAB 400, remittance and return: what differs from the columns that banks share.

Source: Cresol, "Cobrança Integrada Com Registro, Layout Remessa" and "Layout Retorno", CNAB 400 (without date or version).
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import Field, blanks, code, const, day, exact, money, text

_REMITTANCE = "Cresol, Cobrança Integrada, Layout Remessa CNAB 400"
_RETURN = "Cresol, Cobrança Integrada, Layout Retorno CNAB 400"


def _account() -> list[Field]:
    """Columns 21-37: wallet, cooperative and account."""
    return [
        const("zero", 21, 21, "0"),
        code("carteira", 22, 24, "009"),
        code("agencia", 25, 29, "código da cooperativa"),
        code("conta", 30, 36),
        code("conta_digito", 37, 37, "fornecido pela cooperativa"),
    ]


REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_REMITTANCE}, p. 1-2",
    shared.REMITTANCE_HEADER,
    [
        code("conta_cooperado", 27, 46),
        blanks(47, 76),
        *shared.bank("133", "CRESOL"),
        blanks(95, 394),
    ],
)

REMITTANCE_TITLE = shared.overlaid(
    "detalhe",
    f"{_REMITTANCE}, p. 2-5",
    shared.REMITTANCE_TITLE,
    [
        blanks(2, 20),
        *_account(),
        blanks(63, 65),
        code("multa_codigo", 66, 66, "2 percentual, 0 sem multa"),
        money("multa", 67, 70),
        code("nosso_numero", 71, 81),
        text("nosso_numero_digito", 82, 82, "o cálculo está em boleto/banks/cresol.py"),
        blanks(83, 92),
        code("emissao_boleto", 93, 93, "1 o banco emite, 2 o cliente"),
        blanks(94, 108),
        blanks(140, 147),
        blanks(150, 150),
        text("instrucao", 157, 160, "em branco; 9999 com a ocorrência 31 cancela o protesto automático"),
        money("iof", 193, 205),
        exact("primeira_mensagem", 315, 326),
        exact("sacador_avalista", 335, 394),
    ],
)

REMITTANCE_TRAILER = shared.overlaid(
    "trailer de arquivo remessa", f"{_REMITTANCE}, p. 5", shared.TRAILER, [blanks(2, 394)]
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_RETURN}, p. 1-2",
    shared.RETURN_HEADER,
    [
        code("conta_cooperado", 27, 46),
        *shared.bank("133", "CRESOL"),
        const("densidade", 101, 108, "00000000"),
        const("aviso", 109, 113, "00000", "sempre zeros: o arquivo não tem número"),
        blanks(114, 379),
        day("data_credito", 380, 385),
        blanks(386, 394),
    ],
)

RETURN_TITLE = shared.overlaid(
    "detalhe",
    f"{_RETURN}, p. 2-7",
    shared.RETURN_TITLE,
    [
        blanks(18, 20),
        *_account(),
        blanks(63, 70),
        code("nosso_numero", 71, 81),
        text("nosso_numero_digito", 82, 82),
        blanks(83, 108),
        blanks(127, 146),
        blanks(174, 175),
        money("juros_atraso", 202, 214, "juros operação em atraso"),
        money("outros_creditos", 280, 292),
        blanks(293, 295),
        blanks(302, 314),
        text("cheque", 315, 318, "0133 quando cheque Cresol"),
        text("motivos", 319, 328, "sem tabela no manual"),
        blanks(329, 394),
    ],
)

RETURN_TRAILER = shared.overlaid(
    "trailer de arquivo retorno",
    f"{_RETURN}, p. 8",
    shared.TRAILER,
    [
        const("codigo_retorno", 2, 2, "2"),
        const("codigo_servico", 3, 4, "01"),
        const("codigo_banco", 5, 7, "133"),
        blanks(8, 394),
    ],
)

REMITTANCE = {"0": REMITTANCE_HEADER, "1": REMITTANCE_TITLE, "9": REMITTANCE_TRAILER}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "9": RETURN_TRAILER}
