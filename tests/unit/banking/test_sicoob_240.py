"""Sicoob, CNAB 240: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts import remittance_240
from billing.banking.layouts.sicoob import cnab240 as records
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import RemittanceWriter, movements_of, write_remittance
from billing.core.br.text import plain_text
from billing.core.errors import Refused
from billing.core.money import Money


def lines_of(content):
    assert content.endswith(b"\r\n")
    lines = content.decode("ascii").split("\r\n")[:-1]
    assert {len(line) for line in lines} == {240}
    return lines


@pytest.fixture
def write(created_at):
    def write(terms, *instructions):
        return lines_of(write_remittance(terms, instructions, sequence=7, created_at=created_at))

    return write


def kinds(lines):
    return [line[7] if line[7] != "3" else line[13] for line in lines]


@pytest.mark.req("BNK-04")
def test_a_file_has_its_headers_titles_and_trailers(sicoob, write, make_register):
    lines = write(sicoob, make_register(1), make_register(2, amount=Money("70.10")))
    assert kinds(lines) == ["0", "1", "P", "Q", "R", "P", "Q", "R", "5", "9"]
    head = records.FILE_HEADER.read(lines[0])
    assert (head["agencia"], head["agencia_digito"], head["conta"]) == ("04277", "3", "000000006498")
    assert (head["data_geracao"], head["hora_geracao"], head["sequencial_arquivo"]) == (
        date(2026, 3, 2),
        103000,
        7,
    )
    batch = records.BATCH_HEADER.read(lines[1])
    assert (batch["lote"], batch["numero_remessa"], batch["data_gravacao"]) == ("0001", 7, date(2026, 3, 2))
    assert [int(line[8:13]) for line in lines if line[7] == "3"] == [1, 2, 3, 4, 5, 6]
    tail = records.BATCH_TRAILER.read(lines[-2])
    assert (tail["quantidade_registros"], tail["simples_titulos"], tail["simples_valor"]) == (
        8,
        2,
        Money("200.00"),
    )
    assert records.FILE_TRAILER.read(lines[-1]) == {"quantidade_lotes": 1, "quantidade_registros": 10}


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title(sicoob, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    _, _, p, q, r, _, _ = write(sicoob, make_register(12349, discount=discount))
    assert p[37:57] == "000012349201014     "
    read = records.SEGMENT_P.read(p)
    assert (read["movimento"], read["nosso_numero"], read["parcela"], read["modalidade"]) == (
        "01",
        "000012349",
        "01",
        "01",
    )
    assert (read["vencimento"], read["valor_titulo"], read["especie"]) == (
        date(2026, 3, 20),
        Money("129.90"),
        "04",
    )
    assert (read["desconto_codigo"], read["desconto_data"], read["desconto"]) == (
        "1",
        date(2026, 3, 15),
        Money("10.00"),
    )
    assert (read["uso_empresa"], read["protesto_codigo"]) == ("inv_00012349", "3")
    payer = records.SEGMENT_Q.read(q)
    assert (payer["pagador_documento"], payer["pagador_nome"]) == ("000052998224725", "JOSE DA CONCEICAO")
    assert (payer["pagador_cep"], payer["pagador_uf"]) == ("01310100", "SP")
    fine = records.SEGMENT_R.read(r)
    assert (fine["multa_codigo"], fine["multa"]) == ("2", Money("2.00"))


@pytest.mark.req("BNK-04")
def test_interest_and_fine_begin_the_day_after_the_due_date(sicoob, write, make_register):
    """Sicoob refuses the due date itself."""
    lines = write(sicoob, make_register())
    assert records.SEGMENT_P.read(lines[2])["juros_data"] == date(2026, 3, 21)
    assert records.SEGMENT_R.read(lines[4])["multa_data"] == date(2026, 3, 21)


@pytest.mark.req("BNK-04")
def test_interest_is_a_monthly_rate_by_its_code_not_an_amount(sicoob, write, make_register):
    read = records.SEGMENT_P.read(write(sicoob, make_register())[2])
    assert (read["juros_codigo"], read["juros"].cents) == ("2", 100)


@pytest.mark.req("BNK-04")
def test_no_interest_is_exempt_without_date(sicoob, write, make_register):
    terms = sicoob.evolve(interest_percent_month=Decimal(0), fine_percent=Decimal(0))
    lines = write(terms, make_register())
    read, fine = records.SEGMENT_P.read(lines[2]), records.SEGMENT_R.read(lines[4])
    assert (read["juros_codigo"], read["juros_data"], read["juros"].cents) == ("0", None, 0)
    assert (fine["multa_codigo"], fine["multa_data"], fine["multa"].cents) == ("0", None, 0)


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("movement", "code"),
    [
        (Movement.WRITE_OFF, "02"),
        (Movement.GRANT_REBATE, "04"),
        (Movement.CANCEL_REBATE, "05"),
        (Movement.CHANGE_DUE_DATE, "06"),
        (Movement.PROTEST, "09"),
        (Movement.STOP_PROTEST, "11"),
        (Movement.CHANGE_DATA, "23"),
    ],
)
def test_every_segment_of_a_title_carries_its_movement(sicoob, write, make_title, movement, code):
    lines = write(sicoob, Instruction(movement, make_title(rebate=Money("5.00"))))
    assert [line[15:17] for line in lines if line[7] == "3"] == [code] * 3
    assert records.SEGMENT_P.read(lines[2])["abatimento"] == Money("5.00")


@pytest.mark.req("BNK-04")
def test_a_movement_that_the_bank_has_not_is_refused_by_name(sicoob, write, make_title):
    assert Movement.REPORT_TO_BUREAU not in movements_of(sicoob)
    with pytest.raises(Refused, match="negativação"):
        write(sicoob, Instruction(Movement.REPORT_TO_BUREAU, make_title()))


@pytest.mark.req("BNK-04")
def test_protest_days_go_with_the_title(sicoob, write, make_register):
    read = records.SEGMENT_P.read(write(sicoob.evolve(protest_days=7), make_register())[2])
    assert (read["protesto_codigo"], read["protesto_prazo"]) == ("1", 7)


@pytest.mark.req("BNK-04")
def test_the_total_goes_to_the_wallet_of_the_titles(sicoob, write, make_register):
    tail = records.BATCH_TRAILER.read(write(sicoob.evolve(carteira="3"), make_register())[-2])
    assert (tail["simples_titulos"], tail["caucionada_titulos"], tail["caucionada_valor"]) == (
        0,
        1,
        Money("129.90"),
    )


@pytest.mark.req("BNK-04")
def test_batch_takes_a_limited_number_of_titles_and_the_next_starts_again(
    sicoob, write, make_register, monkeypatch
):
    monkeypatch.setattr(remittance_240, "TITLES_IN_BATCH", 2)
    lines = write(sicoob, *(make_register(i) for i in range(1, 6)))
    assert "".join(kinds(lines)) == "01PQRPQR51PQRPQR51PQR59"
    batches = [line for line in lines if line[7] == "5"]
    assert [line[3:7] for line in batches] == ["0001", "0002", "0003"]
    assert [records.BATCH_TRAILER.read(line)["simples_titulos"] for line in batches] == [2, 2, 1]
    assert [line[8:13] for line in lines if line[13] == "P"] == ["00001", "00004", "00001", "00004", "00001"]
    assert records.FILE_TRAILER.read(lines[-1]) == {"quantidade_lotes": 3, "quantidade_registros": len(lines)}


@pytest.mark.req("BNK-04")
def test_a_file_with_too_many_batches_is_refused(sicoob, write, make_register, monkeypatch):
    assert (remittance_240.BATCHES_IN_FILE, remittance_240.TITLES_IN_BATCH) == (70, 10_000)  # FEBRABAN V10.6
    monkeypatch.setattr(remittance_240, "TITLES_IN_BATCH", 1)
    monkeypatch.setattr(remittance_240, "BATCHES_IN_FILE", 2)
    with pytest.raises(Refused, match=r"remittance\.too_large"):
        write(sicoob, make_register(1), make_register(2), make_register(3))


@pytest.mark.req("BNK-01")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"convenio": ""}, "profile.convenio_missing"),
        ({"convenio": "12345678"}, "profile.field_too_long"),
        ({"variacao": "1A"}, "profile.modality"),
        ({"write_off_days": 30}, "profile.write_off_days"),
        ({"bureau_days": 30}, "profile.bureau_days"),
    ],
)
def test_terms_that_sicoob_cannot_carry_are_refused_early_and_late(
    sicoob, write, make_register, changes, code
):
    terms = sicoob.evolve(**changes)
    assert [r.code for r in validate_terms(terms)] == [code]
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        write(terms, make_register())


@pytest.mark.req("BNK-06")
def test_a_bolepix_that_the_manual_does_not_show_is_refused_not_guessed(sicoob, write, make_register):
    with pytest.raises(Refused, match=r"remittance\.pix_unknown"):
        write(sicoob.evolve(registers_pix=True), make_register())


@pytest.mark.req("BNK-04")
def test_percentages_of_more_than_two_places_are_refused(sicoob, write, make_register):
    with pytest.raises(Refused, match=r"remittance\.percent"):
        write(sicoob.evolve(fine_percent=Decimal("1.005")), make_register())


@pytest.mark.req("BNK-04")
def test_the_nosso_numero_of_the_file_is_that_of_the_boleto(sicoob, write, make_register):
    boleto = issue_boleto(BoletoTerms(sicoob, 12349, date(2026, 3, 20), Money("129.90")))
    read = records.SEGMENT_P.read(write(sicoob, make_register(12349))[2])
    assert read["nosso_numero"] == boleto.nosso_numero.zfill(9)
    assert read["nosso_numero_digito"] == boleto.nosso_numero_digit


@pytest.mark.req("BNK-04")
@given(data=st.data())
def test_what_is_written_is_read_back(data, sicoob, created_at, any_title):
    movement = data.draw(st.sampled_from(sorted(movements_of(sicoob))))
    title = data.draw(any_title)
    remittance = RemittanceWriter(sicoob, 1, created_at)
    lines = list(remittance.lines([Instruction(movement, title)]))
    for record, line in (
        (records.SEGMENT_P, lines[2]),
        (records.SEGMENT_Q, lines[3]),
        (records.SEGMENT_R, lines[4]),
    ):
        assert len(line) == 240
        assert not list(record.faults(line))
    read, payer = records.SEGMENT_P.read(lines[2]), records.SEGMENT_Q.read(lines[3])
    assert read["nosso_numero"] == f"{title.nosso_numero:09d}"
    assert (read["valor_titulo"], read["abatimento"]) == (title.amount, title.rebate)
    assert (read["vencimento"], read["emissao"]) == (title.due_on, title.issued_on)
    assert (read["uso_empresa"], read["numero_documento"]) == (title.our_reference, title.document_number)
    assert read["desconto_data"] == (title.discount.until if title.discount else None)
    assert payer["pagador_documento"] == title.payer.document.zfill(15)
    assert payer["pagador_nome"] == plain_text(title.payer.name)[0].upper().rstrip()
    assert records.BATCH_TRAILER.read(lines[5])["simples_valor"] == title.amount
