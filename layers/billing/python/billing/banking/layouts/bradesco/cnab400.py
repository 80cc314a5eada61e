"""Bradesco (237), CNAB 400, remittance and return: what differs from the columns that banks share.

Source: Bradesco, "Manual de Procedimentos Operacionais para Troca de Arquivos - Cobrança Bradesco", 4008.524.0121, version 11.
"""

from billing.banking.layouts import cnab_400 as shared
from billing.banking.layouts.record import Record, blanks, code, const, day, money, number, text, zeros

_MANUAL = "Bradesco, Cobrança 4008.524.0121, versão 11"

REMITTANCE_HEADER = shared.overlaid(
    "header de arquivo remessa",
    f"{_MANUAL}, p. 9",
    shared.REMITTANCE_HEADER,
    [
        code("codigo_empresa", 27, 46, "p. 16"),
        *shared.bank("237", "BRADESCO"),
        blanks(101, 108),
        const("sistema", 109, 110, "MX"),
        number("sequencial_arquivo", 111, 117, "p. 16: só cresce"),
        blanks(118, 394),
    ],
)

REMITTANCE_TITLE = shared.overlaid(
    "detalhe",
    f"{_MANUAL}, p. 10-11",
    shared.REMITTANCE_TITLE,
    [
        const("debito_em_conta", 2, 20, "0" * 19, "p. 17: sem débito automático"),
        const("zero", 21, 21, "0"),
        code("carteira", 22, 24, "p. 17"),
        code("agencia", 25, 29, "p. 17: sem o dígito"),
        code("conta", 30, 36, "p. 17"),
        code("conta_digito", 37, 37, "p. 17"),
        const("banco_debito", 63, 65, "000", "p. 17: sem débito automático"),
        code("multa_codigo", 66, 66, "p. 17: 2 percentual, 0 sem multa"),
        money("multa", 67, 70, "p. 17"),
        code("nosso_numero", 71, 81, "p. 17-19"),
        text("nosso_numero_digito", 82, 82, "p. 17-19"),
        const("desconto_dia", 83, 92, "0" * 10),
        const("emissao_boleto", 93, 93, "2", "p. 19: o cliente emite"),
        const("debito_sem_registro", 94, 94, "N", "p. 19"),
        blanks(95, 104),
        const("rateio", 105, 105, "", "p. 19: sem rateio"),
        const("aviso_debito", 106, 106, "2", "p. 19: não emite aviso"),
        const("pagamentos_parciais", 107, 108, "", "p. 20: sem pagamento parcial"),
        const("banco_cobrador", 140, 142, "000"),
        const("agencia_depositaria", 143, 147, "00000"),
        const("aceite", 150, 150, "N", "sempre N"),
        const("mensagem_1", 315, 326, "", "p. 22"),
        const("sacador_avalista", 335, 394, "", "p. 22: sem sacador nem 2ª mensagem"),
    ],
)

REMITTANCE_TRAILER = shared.overlaid(
    "trailer de arquivo remessa", f"{_MANUAL}, p. 16", shared.TRAILER, [blanks(2, 394)]
)

RETURN_HEADER = shared.overlaid(
    "header de arquivo retorno",
    f"{_MANUAL}, p. 38-39",
    shared.RETURN_HEADER,
    [
        code("codigo_empresa", 27, 46),
        *shared.bank("237", "BRADESCO"),
        const("densidade", 101, 108, "01600000"),
        number("sequencial_arquivo", 109, 113, "número do aviso bancário"),
        blanks(114, 379),
        day("data_credito", 380, 385),
        blanks(386, 394),
    ],
)

RETURN_TITLE = shared.overlaid(
    "detalhe",
    f"{_MANUAL}, p. 39-41 e 44-47",
    shared.RETURN_TITLE,
    [
        zeros(18, 20),
        const("zero", 21, 21, "0"),
        code("carteira", 22, 24, "p. 45"),
        code("agencia", 25, 29, "p. 45"),
        code("conta", 30, 36, "p. 45"),
        code("conta_digito", 37, 37, "p. 45"),
        zeros(63, 70),
        code("nosso_numero", 71, 81, "p. 45"),
        text("nosso_numero_digito", 82, 82, "p. 45"),
        zeros(83, 104),
        text("rateio", 105, 105, "p. 45"),
        code("pagamentos_parciais", 106, 107, "p. 45"),
        code("titulo_no_banco", 127, 146, "p. 46: o mesmo nosso número"),
        blanks(174, 175),
        zeros(202, 214),
        zeros(280, 292),
        blanks(293, 294),
        text("motivo_protesto", 295, 295, "p. 46"),
        text("canal", 302, 304, "p. 47"),
        blanks(305, 314),
        text("cheque", 315, 318),
        text("motivos", 319, 328, "p. 47-54"),
        blanks(329, 368),
        text("cartorio", 369, 370, "p. 54"),
        text("protocolo", 371, 380, "p. 54"),
        blanks(381, 394),
    ],
)

RETURN_TRAILER = Record(
    "trailer de arquivo retorno",
    400,
    f"{_MANUAL}, p. 43-44",
    [
        const("tipo_registro", 1, 1, "9"),
        const("codigo_retorno", 2, 2, "2"),
        const("codigo_servico", 3, 4, "01"),
        const("codigo_banco", 5, 7, "237"),
        blanks(8, 17),
        number("titulos_em_cobranca", 18, 25, "toda a carteira"),
        money("valor_em_cobranca", 26, 39, "toda a carteira"),
        number("aviso", 40, 47),
        blanks(48, 57),
        number("quantidade_02", 58, 62, "entradas confirmadas"),
        money("valor_02", 63, 74, "entradas confirmadas"),
        money("valor_06_pago", 75, 86, "liquidações"),
        number("quantidade_06", 87, 91, "liquidações"),
        money("valor_06", 92, 103, "liquidações"),
        number("quantidade_09_10", 104, 108, "baixas"),
        money("valor_09_10", 109, 120, "baixas"),
        number("quantidade_13", 121, 125, "abatimentos cancelados"),
        money("valor_13", 126, 137, "abatimentos cancelados"),
        number("quantidade_14", 138, 142, "vencimentos alterados"),
        money("valor_14", 143, 154, "vencimentos alterados"),
        number("quantidade_12", 155, 159, "abatimentos concedidos"),
        money("valor_12", 160, 171, "abatimentos concedidos"),
        number("quantidade_19", 172, 176, "protestos confirmados"),
        money("valor_19", 177, 188, "protestos confirmados"),
        blanks(189, 362),
        money("valor_rateios", 363, 377),
        number("quantidade_rateios", 378, 385),
        blanks(386, 394),
        number("sequencial", 395, 400),
    ],
)

COUNTED = {
    "quantidade_02": ("02",),
    "quantidade_06": ("06",),
    "quantidade_09_10": ("09", "10"),
    "quantidade_12": ("12",),
    "quantidade_13": ("13",),
    "quantidade_14": ("14",),
    "quantidade_19": ("19",),
}
"""Field of the return's trailer -> the occurrences that it counts."""

REMITTANCE = {"0": REMITTANCE_HEADER, "1": REMITTANCE_TITLE, "9": REMITTANCE_TRAILER}
RETURN = {"0": RETURN_HEADER, "1": RETURN_TITLE, "9": RETURN_TRAILER}
