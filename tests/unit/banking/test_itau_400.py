"""Itaú, CNAB 400: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking.instructions import Discount, Instruction, Movement, Payer
from billing.banking.layouts.itau.cnab400 import (
    REMITTANCE_FINE,
    REMITTANCE_HEADER,
    REMITTANCE_PIX,
    REMITTANCE_TITLE,
    REMITTANCE_TRAILER,
)
from billing.banking.remittance import RemittanceWriter, daily_interest, movements_of, write_remittance
from billing.core.br.text import plain_text
from billing.core.errors import Refused
from billing.core.money import Money


def lines_of(content):
    assert content.endswith(b"\r\n")
    lines = content.decode("ascii").split("\r\n")[:-1]
    assert {len(line) for line in lines} == {400}
    return lines


@pytest.fixture
def write(created_at):
    def write(terms, *instructions):
        return lines_of(write_remittance(terms, instructions, sequence=7, created_at=created_at))

    return write


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title_fine_and_interest(itau, write, make_register):
    header, detail, fine, trailer = write(
        itau, make_register(42, discount=Discount(Money("10.00"), date(2026, 3, 15)))
    )
    assert REMITTANCE_HEADER.read(header) == {
        "agencia": "0057",
        "conta": "12345",
        "conta_digito": "7",
        "nome_empresa": "PROVEDOR EXEMPLO LTDA",
        "data_geracao": date(2026, 3, 2),
        "sequencial": 1,
    }
    read = REMITTANCE_TITLE.read(detail)
    assert read["empresa_documento"] == "11222333000181"
    assert read["uso_empresa"] == "inv_00000042"
    assert (read["nosso_numero"], read["carteira"], read["carteira_codigo"]) == ("00000042", "109", "I")
    assert (read["ocorrencia"], read["especie"], read["aceite"]) == ("01", "08", "N")
    assert (read["vencimento"], read["valor_titulo"]) == (date(2026, 3, 20), Money("129.90"))
    assert (read["juros_dia"], read["data_mora"]) == (Money("0.04"), date(2026, 3, 21))
    assert (read["desconto_data"], read["desconto"]) == (date(2026, 3, 15), Money("10.00"))
    assert (read["pagador_tipo"], read["pagador_documento"]) == ("01", "00052998224725")
    assert (read["pagador_nome"], read["pagador_cidade"]) == ("JOSE DA CONCEICAO", "SAO PAULO")
    assert REMITTANCE_FINE.read(fine) == {
        "multa_codigo": "2",
        "multa_data": date(2026, 3, 20),
        "multa": Money("2.00"),
        "sequencial": 3,
    }
    assert REMITTANCE_TRAILER.read(trailer) == {"sequencial": 4}


@pytest.mark.req("BNK-04")
def test_the_percentage_of_the_fine_is_not_written_as_an_amount(itau, write, make_register):
    """Code 2 says percent: 2 % of R$ 129.90 is 2.00, not 2.60."""
    fine = REMITTANCE_FINE.read(write(itau, make_register())[2])
    assert (fine["multa_codigo"], fine["multa"].cents) == ("2", 200)


@pytest.mark.req("BNK-04")
def test_title_without_fine_has_no_record_of_one(itau, write, make_register):
    assert [line[0] for line in write(itau.evolve(fine_percent=Decimal(0)), make_register())] == [
        "0",
        "1",
        "9",
    ]


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("movement", "code", "filled"),
    [
        (Movement.WRITE_OFF, "02", {"valor_titulo"}),
        (Movement.GRANT_REBATE, "04", {"valor_titulo", "abatimento"}),
        (Movement.CANCEL_REBATE, "05", {"valor_titulo", "abatimento"}),
        (Movement.CHANGE_DUE_DATE, "06", {"valor_titulo", "vencimento"}),
        (Movement.PROTEST, "09", {"valor_titulo", "prazo"}),
        (Movement.STOP_PROTEST, "18", {"valor_titulo"}),
        (Movement.REPORT_TO_BUREAU, "66", {"valor_titulo"}),
        (Movement.WITHDRAW_FROM_BUREAU, "68", {"valor_titulo"}),
    ],
)
def test_a_movement_carries_the_fields_that_the_manual_asks_for(
    itau, write, make_title, movement, code, filled
):
    title = make_title(42, rebate=Money("5.00"))
    _, detail, _ = write(itau.evolve(protest_days=5), Instruction(movement, title))
    read = REMITTANCE_TITLE.read(detail)
    assert (read["ocorrencia"], read["nosso_numero"], read["uso_empresa"]) == (
        code,
        "00000042",
        "inv_00000042",
    )
    amounts = {
        "valor_titulo",
        "abatimento",
        "desconto",
        "juros_dia",
        "vencimento",
        "emissao",
        "prazo",
        "data_mora",
    }
    assert {name for name in amounts if read[name]} == filled
    assert read["pagador_nome"] == ""


@pytest.mark.req("BNK-04")
def test_a_change_of_data_sends_the_payer_and_no_amount(itau, write, make_title):
    _, detail, _ = write(itau, Instruction(Movement.CHANGE_DATA, make_title()))
    read = REMITTANCE_TITLE.read(detail)
    assert (read["ocorrencia"], read["pagador_nome"], read["valor_titulo"].cents) == (
        "31",
        "JOSE DA CONCEICAO",
        0,
    )


@pytest.mark.req("BNK-04")
def test_itau_takes_every_movement(itau):
    assert movements_of(itau) == set(Movement) - {Movement.CANCEL_DISCOUNT}


@pytest.mark.req("BNK-06")
def test_a_bolepix_is_occurrence_71_and_names_its_key_in_record_3(itau, write, make_register):
    """Others wrote Santander's Pix record here: 3, key in 2-78, location in 79-142."""
    terms = itau.evolve(registers_pix=True, pix_key="Financeiro@Exemplo.com.br", fine_percent=Decimal(0))
    _, detail, pix, _ = write(terms, make_register())
    assert REMITTANCE_TITLE.read(detail)["ocorrencia"] == "71"
    assert pix[:78] == "3" + "Financeiro@Exemplo.com.br".ljust(77)
    assert REMITTANCE_PIX.read(pix)["id_location"] == ""


@pytest.mark.req("BNK-06")
def test_without_a_key_of_its_own_a_bolepix_needs_no_record_3(itau, write, make_register):
    assert [line[0] for line in write(itau.evolve(registers_pix=True), make_register())] == [
        "0",
        "1",
        "2",
        "9",
    ]


@pytest.mark.req("BNK-01")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"carteira": "175"}, "remittance.wallet_not_registered"),
        ({"carteira": "112", "registers_pix": True}, "remittance.pix_wallet"),
        ({"protest_days": 5, "write_off_days": 33}, "remittance.write_off_days"),
        ({"fine_percent": Decimal("1.005")}, "remittance.percent"),
        ({"layout": "none"}, "remittance.layout_unknown"),
    ],
)
def test_terms_that_the_layout_cannot_carry_are_refused(itau, write, make_register, changes, code):
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        write(itau.evolve(**changes), make_register())


@pytest.mark.req("BNK-01")
@pytest.mark.parametrize(
    ("changes", "instructions"),
    [
        ({}, ("00", "00", 0)),
        ({"protest_days": 7}, ("09", "00", 7)),
        ({"bureau_days": 10}, ("66", "00", 10)),
        ({"protest_days": 7, "write_off_days": 60}, ("09", "17", 7)),
        ({"write_off_days": 60}, ("00", "17", 0)),
        ({"write_off_days": 33}, ("00", "92", 33)),
    ],
)
def test_protest_bureau_report_and_write_off_become_instructions(
    itau, write, make_register, changes, instructions
):
    read = REMITTANCE_TITLE.read(write(itau.evolve(**changes), make_register())[1])
    assert (read["instrucao_1"], read["instrucao_2"], read["prazo"]) == instructions


@pytest.mark.req("BNK-04")
def test_an_empty_remittance_is_refused(itau, write):
    with pytest.raises(Refused, match=r"remittance\.empty"):
        write(itau)


@pytest.mark.req("BNK-04")
def test_truncated_text_is_reported(itau, created_at, make_register):
    payer = Payer(
        "11222333000181", "Associação dos Moradores do Edifício Exemplo", "R", "B", "01310100", "C", "SP"
    )
    remittance = RemittanceWriter(itau, 1, created_at)
    list(remittance.lines([make_register(1, payer=payer)]))
    assert [(w.code, w.field) for w in remittance.warnings] == [("remittance.truncated", "pagador_nome")]
    assert remittance.titles == 1


@pytest.mark.req("BNK-04")
def test_an_amount_that_does_not_fit_names_title_and_field(itau, write, make_register):
    with pytest.raises(Refused, match=r"00000001: .* valor_titulo "):
        write(itau, make_register(1, amount=Money("100000000000.00")))


@pytest.mark.req("BNK-04")
def test_an_alphanumeric_cnpj_keeps_its_letters(itau, write, make_register):
    payer = Payer("12ABC34501DE35", "Empresa", "R", "B", "01310100", "C", "SP")
    read = REMITTANCE_TITLE.read(write(itau, make_register(1, payer=payer))[1])
    assert (read["pagador_tipo"], read["pagador_documento"]) == ("02", "12ABC34501DE35")


def test_daily_interest_is_rounded_once_to_the_cent():
    assert daily_interest(12990, Decimal(1)) == 4  # 0.0433
    assert daily_interest(13500, Decimal(1)) == 4  # 0.045: never more than agreed
    assert daily_interest(10**11, Decimal("0.033")) == 1100000


@pytest.mark.req("BNK-04")
@given(data=st.data())
def test_what_is_written_is_read_back(data, itau, created_at, any_title):
    movement = data.draw(st.sampled_from(sorted(movements_of(itau))))
    title = data.draw(any_title)
    content = write_remittance(itau, [Instruction(movement, title)], sequence=1, created_at=created_at)
    lines = lines_of(content)
    assert [int(line[394:]) for line in lines] == list(range(1, len(lines) + 1))
    assert not list(REMITTANCE_TITLE.faults(lines[1]))
    read = REMITTANCE_TITLE.read(lines[1])
    assert read["nosso_numero"] == f"{title.nosso_numero:08d}"
    assert read["uso_empresa"] == title.our_reference
    if movement is Movement.REGISTER:
        assert read["valor_titulo"] == title.amount
        assert read["abatimento"] == title.rebate
        assert (read["vencimento"], read["emissao"]) == (title.due_on, title.issued_on)
        assert read["pagador_documento"] == title.payer.document.zfill(14)
        assert read["pagador_nome"] == plain_text(title.payer.name)[0].upper()[:30].rstrip()
        assert read["desconto"] == (title.discount.amount if title.discount else Money("0.00"))
