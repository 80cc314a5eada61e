"""Banco do Nordeste, CNAB 400: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import rejected, respond
from billing.banking.answers import answered_by
from billing.banking.inspect import inspect_file
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.nordeste import cnab400 as records
from billing.banking.layouts.nordeste.cnab400_codes import ERRORS
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import RemittanceWriter, movements_of, write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import ZERO, Money

# The title line of a return published with kivanio/brcobranca (CNAB400BANCONORDESTE.RET), with an invented company and
# number.
PUBLISHED_TITLE = (
    "10211222333000181" + "0016" + "00" + "0001193" + "2" + " " * 31 + "00000116" + "0" * 10 + " " * 27
    + "I" + "06" + "191114" + " " * 10 + "00000116" + " " * 12 + "191114" + "0000000017500" + "004" + "0217" + " " + "01"
    + "0000000000260" + "0" * 13 * 5 + "0000000017500" + "0" * 13 + "0" * 23 + "111" + "0" * 51
).ljust(394)  # fmt: skip


def a_return(*lines):
    head = records.RETURN_HEADER.write_named(
        {"agencia": "0016", "conta": "0001193", "conta_digito": "2", "nome_empresa": "PROVEDOR EXEMPLO LTDA",
         "data_geracao": "191114", "densidade": "01600BPI", "sequencial_arquivo": "3", "sequencial": 1}
    )  # fmt: skip
    end = records.RETURN_TRAILER.write_named(
        {"titulos_simples": 0, "valor_simples": 280, "sequencial": len(lines) + 2}
    )
    numbered = [f"{line[:394]}{number:06d}" for number, line in enumerate(lines, 2)]
    return "\n".join([head, *numbered, end]).encode()


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_with_the_account_and_the_code_of_its_mailbox(nordeste, write, make_register):
    """P. 5 and 8."""
    assert validate_terms(nordeste) == []
    head, _, end = write(nordeste, make_register())
    assert head == (
        "01REMESSA01COBRANCA".ljust(26) + "0016" + "00" + "0001193" + "2" + " " * 6
        + "PROVEDOR EXEMPLO LTDA".ljust(30) + "004" + "B. DO NORDESTE " + "020326" + "123" + " " * 291 + "000001"
    )  # fmt: skip
    assert end == "9" + " " * 393 + "000003"


@pytest.mark.req("BNK-04")
def test_a_header_without_the_code_of_the_mailbox_says_zeros_and_warns(nordeste, make_register, created_at):
    remittance = RemittanceWriter(nordeste.evolve(operacao=""), 1, created_at)
    head = next(remittance.lines([make_register()]))
    assert head[100:103] == "000"
    assert [warning.code for warning in remittance.warnings] == ["remittance.user_code"]


@pytest.mark.req("BNK-04")
def test_a_registration_is_the_manuals_line(nordeste, write, make_register):
    """P. 6-8, column by column."""
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    line = write(nordeste, make_register(53, discount=discount))[1]
    assert line == (
        "1" + " " * 16 + "0016" + "00" + "0001193" + "2" + "02" + " " * 4 + "inv_00000053".ljust(25)
        + "0000053" + "1" + "0" * 10 + "000000" + "0" * 13 + " " * 8 + "4" + "01" + "00000053".ljust(10)
        + "200326" + "0000000012990" + "000" + "0000" + " " + "06" + "N" + "010326" + "0005" + "0000000000004"
        + "150326" + "0000000001000" + "0" * 13 + "0" * 13 + "01" + "00052998224725" + "JOSE DA CONCEICAO".ljust(40)
        + "RUA DAS FLORES, 100".ljust(40) + "CENTRO".ljust(12) + "01310100" + "SAO PAULO".ljust(15) + "SP"
        + " " * 40 + "99" + "0" + "000002"
    )  # fmt: skip


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize(("number", "digit"), [(10, "8"), (1, "9"), (53, "1"), (2720, "0")])
def test_the_digit_of_the_number_is_note_1s(nordeste, write, make_register, number, digit):
    """The manual's example, and the published boletos."""
    assert write(nordeste, make_register(number))[1][62:70] == f"{number:07d}{digit}"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("movement", "code"),
    [
        (Movement.WRITE_OFF, "02"),
        (Movement.GRANT_REBATE, "04"),
        (Movement.CHANGE_DUE_DATE, "06"),
        (Movement.PROTEST, "09"),
        (Movement.STOP_PROTEST, "10"),
    ],
)
def test_an_instruction_is_note_3s_code(nordeste, write, make_title, movement, code):
    line = write(nordeste, Instruction(movement, make_title(rebate=Money("5.00"))))[1]
    assert (line[108:110], line[205:218]) == (code, "0000000000500")


@pytest.mark.req("BNK-04")
def test_changed_data_leaves_blank_what_stays(nordeste, write, make_title):
    """Note 3: "os demais campos devem ficar com espaços"."""
    line = write(nordeste, Instruction(Movement.CHANGE_DATA, make_title(53)))[1]
    assert (line[17:31], line[62:70], line[107:120]) == (
        "0016" + "00" + "0001193" + "2",
        "00000531",
        "4" + "31" + "00000053  ",
    )
    assert line[31:37] + line[70:107] + line[120:234] + line[351:394] == " " * (6 + 37 + 114 + 43)
    assert line[234:251] == "JOSE DA CONCEICAO"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("fine", "interest", "expected"),
    [
        (2, "1", "02" + "0005" + "0000000000004"),
        (0, "1", "00" + "0005" + "0000000000004"),
        (0, "0", "00" + "0008" + "0000000000000"),
    ],
)
def test_late_charges_are_those_of_the_title(nordeste, write, make_register, fine, interest, expected):
    """Zeros alone would be the bank's "comissão de permanência" (p. 7)."""
    terms = nordeste.evolve(fine_percent=Decimal(fine), interest_percent_month=Decimal(interest))
    line = write(terms, make_register())[1]
    assert line[31:33] + line[156:173] == expected


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"interest_percent_month": Decimal(0)}, "remittance.interest"),
        ({"fine_percent": Decimal("2.5")}, "remittance.fine_percent"),
        ({"especie": "ND"}, "remittance.especie"),
        ({"especie": "ME"}, "remittance.especie"),
        ({"operacao": "1234"}, "remittance.user_code"),
        ({"operacao": "12A"}, "remittance.user_code"),
        ({"carteira": "41"}, "remittance.wallet_not_registered"),
        ({"protest_days": 99}, "remittance.protest_days"),
        ({"bureau_days": 5}, "remittance.bureau_days"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"conta_digit": ""}, "profile.account_digit"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused_by_name(nordeste, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(nordeste.evolve(**changes), make_register())
    assert code in {caught.value.code, *(reason.code for reason in caught.value.reasons)}


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(("days", "expected"), [(None, "99"), (1, "01"), (98, "98")])
def test_days_to_protest_or_none(nordeste, write, make_register, days, expected):
    assert write(nordeste.evolve(protest_days=days), make_register())[1][391:393] == expected


@pytest.mark.req("BNK-04")
def test_a_rebate_cannot_be_cancelled_by_file(nordeste):
    assert Movement.CANCEL_REBATE not in movements_of(nordeste)


@pytest.mark.req("BNK-05")
def test_a_published_settlement_is_read_with_its_money_and_without_its_marks(nordeste):
    header, [occurrence] = read_return(a_return(PUBLISHED_TITLE))
    assert (header.bank, header.sequence, header.created_on) == ("004", 3, date(2014, 11, 19))
    assert header.is_of(nordeste)
    assert (occurrence.kind, occurrence.nosso_numero, occurrence.carteira) == (
        OccurrenceKind.SETTLED,
        "0000011",
        "I",
    )
    assert (occurrence.paid_amount, occurrence.title_amount, occurrence.tariff) == (
        Money("175.00"),
        Money("175.00"),
        Money("2.60"),
    )
    assert (occurrence.occurred_on, occurrence.credited_on, occurrence.reasons) == (
        date(2014, 11, 19),
        None,
        (),
    )


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_error_of_note_8_is_reported_by_its_column(code):
    column = 279 + int(code)
    line = f"{PUBLISHED_TITLE[:108]}51{PUBLISHED_TITLE[110:279]}{'0' * 115}"
    line = f"{line[: column - 1]}1{line[column:]}"
    _, [occurrence] = read_return(a_return(line))
    assert (occurrence.kind, occurrence.reasons) == (OccurrenceKind.REJECTED, ((code, ERRORS[code]),))


@pytest.mark.req("BNK-05")
def test_mark_without_meaning_in_the_manual_is_shown_as_its_number():
    line = f"{PUBLISHED_TITLE[:108]}51{PUBLISHED_TITLE[110:279]}{'0' * 114}1"
    _, [occurrence] = read_return(a_return(line))
    assert [reason.code for reason in occurrence.reasons] == ["115"]
    assert "não descreve" in occurrence.reasons[0].text


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("movement", [Movement.WRITE_OFF, Movement.GRANT_REBATE, Movement.CHANGE_DUE_DATE,
                                      Movement.PROTEST, Movement.STOP_PROTEST, Movement.CHANGE_DATA])  # fmt: skip
def test_a_rejection_tells_which_instruction_it_was(nordeste, make_title, created_at, movement):
    """Note 4: the code that was sent plus 50."""
    sent = write_remittance(
        nordeste, [Instruction(movement, make_title())], sequence=1, created_at=created_at
    )
    _, occurrences = read_return(respond(sent, lambda _: [rejected("51")], sequence=1, on=date(2026, 3, 18)))
    assert answered_by(next(iter(occurrences))) == {movement}


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("code", "kind", "paid"),
    [
        ("07", OccurrenceKind.PARTIALLY_SETTLED, Money("175.00")),
        ("08", OccurrenceKind.SETTLED, Money("175.00")),
        ("09", OccurrenceKind.WRITTEN_OFF, ZERO),
        ("15", OccurrenceKind.WRITTEN_OFF, ZERO),
        ("11", OccurrenceKind.OTHER, ZERO),
        ("99", OccurrenceKind.OTHER, ZERO),
    ],
)
def test_only_payments_bring_money(code, kind, paid):
    _, [occurrence] = read_return(a_return(f"{PUBLISHED_TITLE[:108]}{code}{PUBLISHED_TITLE[110:]}"))
    assert (occurrence.kind, occurrence.paid_amount) == (kind, paid)


@pytest.mark.req("BNK-04")
def test_a_remittance_is_shown_by_its_own_columns(nordeste, make_register, created_at):
    content = write_remittance(nordeste, [make_register()], sequence=1, created_at=created_at)
    assert [line.record for line in inspect_file(content)] == [
        records.REMITTANCE_HEADER,
        records.REMITTANCE_TITLE,
        records.REMITTANCE_TRAILER,
    ]
