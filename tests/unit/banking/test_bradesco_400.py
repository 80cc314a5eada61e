"""Bradesco, CNAB 400: what is written, and what comes back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import confirmed, paid, respond
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.bradesco import cnab400 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import Money


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_with_the_company_code_and_its_sequence(bradesco, write, make_register):
    assert validate_terms(bradesco) == []
    lines = write(bradesco, make_register())
    assert [line[0] for line in lines] == ["0", "1", "9"]
    head = records.REMITTANCE_HEADER.read(lines[0])
    assert (head["codigo_empresa"], head["sequencial_arquivo"], head["data_geracao"]) == (
        "00000000000004587123",
        7,
        date(2026, 3, 2),
    )
    assert [int(line[394:]) for line in lines] == [1, 2, 3]


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title(bradesco, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    line = write(bradesco, make_register(2, discount=discount))[1]
    assert line[20:37] == "0" + "009" + "01172" + "0403005" + "2"
    read = records.REMITTANCE_TITLE.read(line)
    assert (read["ocorrencia"], read["nosso_numero"], read["especie"]) == ("01", "00000000002", "12")
    assert (read["multa_codigo"], read["multa"].cents, read["juros_dia"]) == ("2", 200, Money("0.04"))
    assert (read["desconto_data"], read["desconto"]) == (date(2026, 3, 15), Money("10.00"))
    assert (read["pagador_tipo"], read["pagador_documento"]) == ("01", "00052998224725")


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(("number", "digit"), [(2, "8"), (1, "P"), (6, "0")])
def test_the_digit_of_the_number_is_the_manuals(bradesco, write, make_register, number, digit):
    """The three examples of p. 18-19, of wallet 19."""
    line = write(bradesco.evolve(carteira="19"), make_register(number))[1]
    assert line[70:82] == f"{number:011d}{digit}"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "0000"),
        ({"protest_days": 5}, "0605"),
        ({"bureau_days": 10}, "0710"),
        ({"write_off_days": 60}, "1860"),
    ],
)
def test_one_automatic_instruction_goes_with_its_days(bradesco, write, make_register, settings, expected):
    assert write(bradesco.evolve(**settings), make_register())[1][156:160] == expected


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    "settings",
    [{"protest_days": 4}, {"write_off_days": 100}, {"protest_days": 5, "write_off_days": 60}],
)
def test_what_one_field_cannot_say_is_refused(bradesco, write, make_register, settings):
    with pytest.raises(Refused, match=r"remittance\.automatic_instruction"):
        write(bradesco.evolve(**settings), make_register())


@pytest.mark.req("BNK-04")
def test_automatic_instructions_go_only_with_the_entry(bradesco, write, make_title):
    lines = write(bradesco.evolve(protest_days=5), Instruction(Movement.CHANGE_DUE_DATE, make_title()))
    assert lines[1][156:160] == "0000"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"convenio": ""}, "remittance.convenio"),
        ({"fine_percent": Decimal("2.005")}, "remittance.percent"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused_by_name(bradesco, write, make_register, changes, code):
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        write(bradesco.evolve(**changes), make_register())


@pytest.fixture
def answer(bradesco, created_at, make_register):
    remittance = write_remittance(
        bradesco, [make_register(1), make_register(2)], sequence=1, created_at=created_at
    )
    return respond(remittance, lambda _: [confirmed()], sequence=1, on=date(2026, 3, 18)).decode()


@pytest.mark.req("BNK-05")
def test_a_trailer_that_counts_other_occurrences_is_refused(answer):
    *lines, trailer, _ = answer.split("\r\n")
    assert trailer[57:62] == "00002"
    broken = "\r\n".join([*lines, f"{trailer[:57]}00003{trailer[62:]}"])
    with pytest.raises(InvalidReturn, match="3 ocorrências 02 e há 2") as caught:
        read_return(broken.encode())
    assert (caught.value.code, caught.value.field) == ("return.count", "quantidade_02")


@pytest.mark.req("BNK-05")
def test_trailer_totals_of_the_portfolio_are_not_those_of_the_file(answer):
    *lines, trailer, _ = answer.split("\r\n")
    portfolio_trailer = f"{trailer[:17]}0000999900000099999999{trailer[39:]}"
    header, _ = read_return("\r\n".join([*lines, portfolio_trailer]).encode())
    assert header.titles == 2


@pytest.mark.req("BNK-05")
def test_costs_of_protest_are_a_tariff(answer):
    first, line, *remaining = answer.split("\r\n")
    line = f"{line[:108]}28{line[110:188]}0000000000450{line[201:318]}08{line[320:]}"
    _, occurrences = read_return(
        "\r\n".join([first, line, *remaining]).replace("00002" + "0" * 12, "0" * 17).encode()
    )
    tariff = next(occurrences)
    assert (tariff.kind, tariff.tariff) == (OccurrenceKind.TARIFF, Money("4.50"))
    assert tariff.reasons[0].text == "Custas de protesto"


@pytest.mark.req("BNK-05", "BNK-06")
def test_a_boleto_paid_by_its_pix_code_is_money_and_its_record_4_is_kept_raw(
    bradesco, created_at, make_register
):
    """Our manual does not show the columns of record 4: nothing is read from it."""
    remittance = write_remittance(bradesco, [make_register()], sequence=1, created_at=created_at)
    payment = replace(paid(Money("129.90")), code="66")
    lines = respond(remittance, lambda _: [payment], sequence=1, on=date(2026, 3, 18)).decode().split("\r\n")
    lines.insert(2, "4".ljust(394) + "000003")
    lines[3] = f"{lines[3][:394]}000004"
    header, [occurrence] = read_return("\r\n".join(lines).encode())
    assert (occurrence.kind, occurrence.paid_amount, occurrence.pix_emv) == (
        OccurrenceKind.SETTLED,
        Money("129.90"),
        "",
    )
    assert [number for number, _ in header.unread] == [3]
