"""Safra, CNAB 400: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import TitleEvent, confirmed, rejected, respond
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.safra import cnab400 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import Money


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_with_the_company_code_and_its_number(safra, write, make_register):
    assert validate_terms(safra) == []
    head, line, end = write(safra, make_register())
    assert head[26:46] == "12345001234567" + " " * 6
    assert head[76:100] == "422BANCO SAFRA    020326"
    assert [text[391:] for text in (head, line, end)] == ["007000001", "007000002", "007000003"]
    assert end[:391] == "9" + " " * 367 + "00000001" + "000000000012990"


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title(safra, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    line = write(safra, make_register(2, discount=discount))[1]
    assert line[1:31] == "02" + "11222333000181" + "12345001234567"
    read = records.REMITTANCE_TITLE.read(line)
    assert (read["carteira"], read["ocorrencia"], read["especie"], read["aceite"]) == ("1", "01", "09", "N")
    assert (line[139:147], line[388:391]) == ("42212345", "422")
    assert read["juros_dia"] == Money("0.04")
    assert (read["desconto_data"], read["desconto"]) == (date(2026, 3, 15), Money("10.00"))
    assert (line[314:326], read["pagador_cep"]) == ("CENTRO".ljust(12), "01310100")


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(("number", "digit"), [(94550200, "1"), (93199999, "5"), (26173001, "1")])
def test_the_digit_of_the_number_is_the_manuals(safra, write, make_register, number, digit):
    """The three examples of 7.1."""
    assert write(safra, make_register(number))[1][62:71] == f"{number}{digit}"


@pytest.mark.req("BNK-04")
def test_a_fine_goes_in_the_field_of_the_rebate(safra, write, make_register):
    """6.1.8: instruction 16; the day from which the fine is charged, the percentage, zeros."""
    line = write(safra, make_register(fine_percent=Decimal("2.5")))[1]
    assert (line[156:158], line[205:218]) == ("16", "210326" + "0250" + "000")


@pytest.mark.req("BNK-04")
def test_a_rebate_beside_a_fine_is_refused_in_an_entry_alone(safra, write, make_register, make_title):
    with pytest.raises(Refused, match="mesmo campo"):
        write(safra, make_register(rebate=Money("2.00")))
    without = make_register(rebate=Money("2.00"), fine_percent=Decimal(0))
    granted = Instruction(Movement.GRANT_REBATE, make_title(rebate=Money("2.00")))
    for instruction in (without, granted):
        assert write(safra, instruction)[1][205:218] == "0000000000200"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "fine", "instructions", "days"),
    [
        ({}, 2, "1607", "00"),
        ({}, 0, "0700", "00"),
        ({"protest_days": 5}, 2, "1610", "05"),
        ({"protest_days": 5}, 0, "0010", "05"),
        ({"write_off_days": 15}, 2, "1602", "00"),
        ({"write_off_days": 30}, 0, "0307", "00"),
        ({"protest_days": 5, "write_off_days": 30}, 0, "0310", "05"),
        ({"carteira": "2"}, 0, "0000", "00"),
    ],
)
def test_two_instruction_fields_hold_the_automatic_actions(
    safra, write, make_register, settings, fine, instructions, days
):
    line = write(safra.evolve(**settings), make_register(fine_percent=Decimal(fine)))[1]
    assert (line[156:160], line[105:107]) == (instructions, days)


@pytest.mark.req("BNK-04")
def test_an_instruction_carries_neither_fine_nor_what_is_automatic(safra, write, make_title):
    line = write(safra.evolve(protest_days=5), Instruction(Movement.CHANGE_DUE_DATE, make_title()))[1]
    assert (line[108:110], line[156:160], line[105:107], line[205:218]) == ("06", "0000", "00", "0" * 13)


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"convenio": ""}, "remittance.convenio"),
        ({"convenio": "12345009999999"}, "remittance.convenio"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
        ({"protest_days": 5, "carteira": "2"}, "remittance.protest_days"),
        ({"protest_days": 5, "write_off_days": 15}, "remittance.automatic_instruction"),
        ({"especie": "ND"}, "remittance.especie"),
        ({"fine_percent": Decimal("2.005")}, "remittance.percent"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused_by_name(safra, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(safra.evolve(**changes), make_register())
    assert code in {caught.value.code, *(reason.code for reason in caught.value.reasons)}


@pytest.mark.req("BNK-04")
def test_only_the_simple_wallet_takes_a_bureau_report(safra, write, make_title):
    instruction = Instruction(Movement.REPORT_TO_BUREAU, make_title())
    assert write(safra, instruction)[1][108:110] == "90"
    with pytest.raises(Refused, match="cobrança simples"):
        write(safra.evolve(carteira="2"), instruction)


@pytest.mark.req("BNK-04")
def test_what_the_manual_does_not_offer_is_not_taken(safra):
    assert Movement.CHANGE_DATA not in movements_of(safra)


@pytest.mark.req("BNK-04")
def test_the_thousandth_file_is_refused_by_name(safra, make_register, created_at):
    """The file's number has three columns, and the manual does not say what comes after 999."""
    with pytest.raises(Refused, match="999"):
        write_remittance(safra, [make_register()], sequence=1000, created_at=created_at)


@pytest.fixture
def answer(safra, created_at, make_title):
    def answer(*outcomes, movement=Movement.REGISTER):
        remittance = write_remittance(
            safra, [Instruction(movement, make_title())], sequence=1, created_at=created_at
        )
        content = respond(remittance, lambda _: list(outcomes), sequence=1, on=date(2026, 3, 18))
        header, occurrences = read_return(content)
        return header, list(occurrences)

    return answer


@pytest.mark.req("BNK-05")
def test_a_return_tells_the_company_code_and_the_number_without_its_digit(answer):
    header, [occurrence] = answer(confirmed())
    assert (header.agreement, occurrence.agreement) == ("12345001234567", "12345001234567")
    assert occurrence.nosso_numero == "00000001"


@pytest.mark.req("BNK-05")
def test_kind_of_rejection_is_read_from_the_movement_sent(answer):
    _, [entry] = answer(rejected("029"))
    _, [change] = answer(rejected("080"), movement=Movement.WRITE_OFF)
    assert (entry.kind, entry.movement) == (OccurrenceKind.REJECTED, "03")
    assert (change.kind, change.movement) == (OccurrenceKind.INSTRUCTION_REJECTED, "03")
    assert change.reasons[0].text == "Título já baixado"


@pytest.mark.req("BNK-05")
def test_a_rejection_without_the_code_that_was_sent_may_be_of_either(safra, created_at, make_register):
    remittance = write_remittance(safra, [make_register()], sequence=1, created_at=created_at)
    content = respond(remittance, lambda _: [rejected("029")], sequence=1, on=date(2026, 3, 18))
    head, line, *remaining = content.decode().split("\r\n")
    [occurrence] = read_return("\r\n".join([head, f"{line[:102]}00{line[104:]}", *remaining]).encode())[1]
    assert occurrence.kind is OccurrenceKind.COMMAND_REFUSED


@pytest.mark.req("BNK-05")
def test_an_instruction_that_waits_for_the_agency_is_not_rejected(answer):
    """The note to reason 061 (p. 15)."""
    _, [occurrence] = answer(rejected("061"), movement=Movement.PROTEST)
    assert (occurrence.kind, occurrence.reasons[0].text) == (
        OccurrenceKind.OTHER,
        "Instrução agendada para a agência",
    )


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("movement", ["06", "15", "41"])
def test_every_settlement_brings_its_money(answer, movement):
    _, [occurrence] = answer(TitleEvent(OccurrenceKind.SETTLED, code=movement, paid=Money("129.90")))
    assert (occurrence.kind, occurrence.paid_amount) == (OccurrenceKind.SETTLED, Money("129.90"))


@pytest.mark.req("BNK-05")
def test_a_settlement_that_the_manual_does_not_describe_brings_none(answer):
    """About 07 it says only that there is a day of credit (p. 13)."""
    _, [occurrence] = answer(TitleEvent(OccurrenceKind.OTHER, code="07", paid=Money("129.90")))
    assert (occurrence.kind, occurrence.paid_amount) == (OccurrenceKind.OTHER, Money("0.00"))
    assert "não descreve" in occurrence.movement_text
