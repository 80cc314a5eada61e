"""Santander, CNAB 400: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import TitleEvent, confirmed, paid, rejected, respond, titles_of
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.santander import cnab400 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.pix import dynamic_code, read_code
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import Money

URL = "pix.santander.com.br/qr/v2/cobv/2f5b2c1e-0f62-4a1e-9b7c-6f0f8f6b1a11"


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_with_the_code_of_transmission(santander, write, make_register):
    assert validate_terms(santander) == []
    lines = write(santander, make_register())
    assert [line[0] for line in lines] == ["0", "1", "9"]
    assert lines[0][:46] == "01REMESSA01COBRANCA".ljust(26) + "20500006543200123456"
    assert lines[0][76:116] == "033SANTANDER".ljust(18) + "020326" + "0" * 16
    assert lines[0][391:] == "000000001"


@pytest.mark.req("BNK-04")
def test_account_of_ten_positions_is_written_in_two_fields(santander, write, make_register):
    """Note 2: agency 2050, movement account 000654321-0, collection account 001234567-8."""
    line = write(santander, make_register())[1]
    assert (line[17:21], line[21:29], line[29:37]) == ("2050", "00065432", "00123456")
    assert line[382:385] == "I78"


@pytest.mark.req("BNK-04")
def test_an_account_of_eight_positions_has_no_complement(santander, write, make_register):
    """Note 2: "agência, conta movimento e conta cobrança velhas"."""
    old = santander.evolve(conta="123456", conta_digit="7", operacao="20500006543201234567")
    line = write(old, make_register())[1]
    assert (line[29:37], line[382:385]) == ("01234567", "   ")


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title(santander, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    line = write(santander, make_register(4870184, discount=discount, rebate=Money("2.00")))[1]
    read = records.REMITTANCE_TITLE.read(line)
    assert (read["carteira"], read["ocorrencia"], read["especie"]) == ("5", "01", "06")
    assert (read["agencia_cobradora"], read["prazo_protesto"]) == ("02050", "00")
    assert (read["multa_codigo"], read["multa"].cents, line[101:107]) == ("4", 200, "000000")
    assert read["juros_dia"] == Money("0.04")
    assert (read["desconto_data"], read["desconto"]) == (date(2026, 3, 15), Money("10.00"))
    assert read["abatimento"] == Money("2.00")
    assert (line[139:142], line[149]) == ("033", "N")


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize("number", [(3147578, "7"), (4870184, "0")])
def test_the_digit_of_the_number_is_the_manuals(santander, write, make_register, number):
    """The two examples of H7815, note 15: the same calculation as note 3 here."""
    own, digit = number
    assert write(santander, make_register(own))[1][62:70] == f"{own}{digit}"


@pytest.mark.req("BNK-04")
def test_without_a_fine_the_code_of_the_fine_is_zero(santander, write, make_register):
    assert write(santander, make_register(fine_percent=Decimal(0)))[1][77:82] == "00000"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "instructions", "days"),
    [
        ({}, "0700", "00"),
        ({"protest_days": 10}, "0600", "10"),
        ({"write_off_days": 15}, "0702", "00"),
        ({"protest_days": 5, "write_off_days": 30}, "0603", "05"),
    ],
)
def test_actions_of_the_bank_itself_are_reported_even_without_effect(
    santander, write, make_register, settings, instructions, days
):
    line = write(santander.evolve(**settings), make_register())[1]
    assert (line[156:160], line[391:393]) == (instructions, days)


@pytest.mark.req("BNK-04")
def test_automatic_instructions_go_only_with_the_entry(santander, write, make_title):
    line = write(santander.evolve(protest_days=5), Instruction(Movement.CHANGE_DUE_DATE, make_title()))[1]
    assert (line[108:110], line[156:160], line[391:393]) == ("06", "0000", "00")


@pytest.mark.req("BNK-04")
def test_the_trailer_counts_every_record_and_sums_the_titles(santander, write, make_register):
    trailer = write(santander, make_register(1), make_register(2))[-1]
    assert trailer == "9" + "000004" + "0000000025980" + "0" * 374 + "000004"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"operacao": ""}, "remittance.transmission_code"),
        ({"operacao": "123456789012345"}, "remittance.transmission_code"),
        ({"conta": "7654321"}, "remittance.transmission_code"),
        ({"convenio": ""}, "profile.convenio_missing"),
        ({"carteira": "102"}, "remittance.wallet_not_registered"),
        ({"variacao": "2"}, "remittance.wallet_variation"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
        ({"especie": "ME"}, "remittance.especie"),
        ({"fine_percent": Decimal("2.005")}, "remittance.percent"),
        ({"registers_pix": True, "pix_key": "11 98888-7777"}, "remittance.pix_key"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused_by_name(santander, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(santander.evolve(**changes), make_register())
    assert code in {caught.value.code, *(reason.code for reason in caught.value.reasons)}


@pytest.mark.req("BNK-04")
def test_a_number_of_more_than_seven_digits_is_refused(santander, write, make_register):
    with pytest.raises(Refused, match="até 7 dígitos"):
        write(santander, make_register(10_000_000))


@pytest.mark.req("BNK-04")
def test_what_the_manual_does_not_offer_is_not_taken(santander):
    assert {Movement.CHANGE_DATA, Movement.REPORT_TO_BUREAU, Movement.WITHDRAW_FROM_BUREAU}.isdisjoint(
        movements_of(santander)
    )


@pytest.mark.req("BNK-06")
@pytest.mark.parametrize(
    ("key", "kind", "written"),
    [
        (None, "2", "11222333000181"),
        ("52998224725", "1", "52998224725"),
        ("+5511988887777", "3", "+5511988887777"),
        ("Financeiro@exemplo.com.br", "4", "Financeiro@exemplo.com.br"),
        ("123e4567-e12b-12d1-a456-426655440000", "5", "123e4567-e12b-12d1-a456-426655440000"),
    ],
)
def test_a_bolepix_is_requested_in_a_record_8(santander, write, make_register, key, kind, written):
    lines = write(santander.evolve(registers_pix=True, pix_key=key), make_register())
    assert [line[0] for line in lines] == ["0", "1", "8", "9"]
    pix = lines[2]
    assert pix[:42] == "8" + "00" + "01" + "2" + "0000000012990" + "00000" + "0000000012990" + "00000"
    assert (pix[42], pix[43:120], pix[120:155]) == (kind, written.ljust(77), " " * 35)
    assert pix[155:] == " " * 239 + "000003"


@pytest.mark.req("BNK-06")
def test_only_an_entry_asks_for_a_pix(santander, write, make_title):
    lines = write(santander.evolve(registers_pix=True), Instruction(Movement.WRITE_OFF, make_title()))
    assert [line[0] for line in lines] == ["0", "1", "9"]


@pytest.fixture
def answer(santander, created_at, make_register, make_title):
    def answer(*outcomes, terms=santander, movement=Movement.REGISTER):
        remittance = write_remittance(
            terms, [Instruction(movement, make_title())], sequence=1, created_at=created_at
        )
        content = respond(remittance, lambda _: list(outcomes), sequence=1, on=date(2026, 3, 18))
        return titles_of(remittance), list(read_return(content)[1])

    return answer


@pytest.mark.req("BNK-05", "BNK-06")
def test_the_address_of_a_bolepix_comes_in_a_record_2(santander, answer):
    [title], [occurrence] = answer(confirmed(pix_emv=URL), terms=santander.evolve(registers_pix=True))
    assert title.with_pix
    assert (occurrence.kind, occurrence.pix_url, occurrence.pix_emv) == (OccurrenceKind.REGISTERED, URL, "")
    assert [line[0] for line in occurrence.raw] == ["1", "2"]
    code = dynamic_code(
        url=occurrence.pix_url, name="Provedor", city="SAO PAULO", amount=occurrence.title_amount
    )
    assert (read_code(code).url, read_code(code).amount) == (URL, Money("129.90"))


@pytest.mark.req("BNK-05")
def test_the_number_is_read_as_the_boleto_has_it(answer):
    _, [occurrence] = answer(confirmed())
    assert (occurrence.nosso_numero, occurrence.agreement) == ("000000000001", "205000123456")


@pytest.mark.req("BNK-05")
def test_a_return_is_of_the_account_that_has_its_code_of_transmission(santander, created_at, make_register):
    """The header gives the account without its last two positions."""
    remittance = write_remittance(santander, [make_register()], sequence=1, created_at=created_at)
    header, _ = read_return(respond(remittance, lambda _: [], sequence=1, on=date(2026, 3, 18)))
    assert header.agreement == "20500006543200123456"
    assert header.is_of(santander)
    assert not header.is_of(santander.evolve(operacao="20500006543200999999", convenio="7654321"))
    assert not header.is_of(santander.evolve(bank="237"))


@pytest.mark.req("BNK-05")
def test_kind_of_a_rejection_is_next_to_the_occurrence(answer):
    """Occurrence 03 rejects entries and instructions alike (version 2.36, notes 29 and 30)."""
    _, [entry] = answer(rejected("092"))
    _, [change] = answer(rejected("051"), movement=Movement.WRITE_OFF)
    assert (entry.kind, entry.movement) == (OccurrenceKind.REJECTED, "03")
    assert (change.kind, change.movement) == (OccurrenceKind.INSTRUCTION_REJECTED, "03")
    assert change.reasons[0].text == "Título não encontrado"


@pytest.mark.req("BNK-05")
def test_rejection_without_a_kind_may_be_of_entry_or_instruction(santander, created_at, make_register):
    """Version 2.17 had other codes there (note 19)."""
    remittance = write_remittance(santander, [make_register()], sequence=1, created_at=created_at)
    content = respond(remittance, lambda _: [rejected("051")], sequence=1, on=date(2026, 3, 18))
    head, line, *remaining = content.decode().split("\r\n")
    [occurrence] = read_return("\r\n".join([head, f"{line[:134]}28{line[136:]}", *remaining]).encode())[1]
    assert occurrence.kind is OccurrenceKind.COMMAND_REFUSED


@pytest.mark.req("BNK-05")
def test_partial_settlement_is_marked_next_to_the_occurrence(answer):
    _, [occurrence] = answer(TitleEvent(OccurrenceKind.PARTIALLY_SETTLED, paid=Money("50.00")))
    assert (occurrence.kind, occurrence.movement, occurrence.paid_amount) == (
        OccurrenceKind.PARTIALLY_SETTLED,
        "06",
        Money("50.00"),
    )


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("reasons", [("510",), ()], ids=["reason 510", "code 95"])
def test_a_write_off_that_pix_paid_brings_no_money(answer, reasons):
    _, [occurrence] = answer(TitleEvent(OccurrenceKind.PAID_OUTSIDE, reasons=reasons, paid=Money("129.90")))
    assert (occurrence.kind, occurrence.movement, occurrence.paid_amount) == (
        OccurrenceKind.PAID_OUTSIDE,
        "09",
        Money("0.00"),
    )


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("movement", ["16", "93", "94"])
def test_amount_not_marked_as_received_settles_nothing(answer, movement):
    """93 brings the amount paid, and is a settlement only in the night's file (note 14)."""
    _, [occurrence] = answer(TitleEvent(OccurrenceKind.OTHER, code=movement, paid=Money("129.90")))
    assert (occurrence.kind, occurrence.paid_amount, occurrence.net_credited) == (
        OccurrenceKind.OTHER,
        Money("0.00"),
        Money("0.00"),
    )


@pytest.mark.req("BNK-05")
def test_interest_of_both_fields_is_interest(santander, created_at, make_register):
    remittance = write_remittance(santander, [make_register()], sequence=1, created_at=created_at)
    whole = paid(Money("131.00"), interest=Money("1.00"))
    head, line, *remaining = (
        respond(remittance, lambda _: [whole], sequence=1, on=date(2026, 3, 18)).decode().split("\r\n")
    )
    content = "\r\n".join([head, line[:201] + "0000000000010" + line[214:], *remaining]).encode()
    [occurrence] = read_return(content)[1]
    assert (occurrence.interest, occurrence.paid_amount) == (Money("1.10"), Money("131.00"))
