"""Unicred, CNAB 400: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import confirmed, paid, rejected, respond
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.unicred import cnab400 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import ZERO, Money

ON = date(2026, 3, 18)


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_with_the_beneficiary_and_its_sequence(unicred, write, make_register):
    assert validate_terms(unicred) == []
    lines = write(unicred, make_register())
    assert [line[0] for line in lines] == ["0", "1", "9"]
    assert lines[0][:46] == "01REMESSA01COBRANCA".ljust(26) + "1234567890".zfill(20)
    assert lines[0][76:117] == "136UNICRED".ljust(18) + "020326" + " " * 7 + "000" + "0000007"
    assert lines[1][:24] == "1" + "01234" + "3" + "000000012345" + "1" + "0" + "021"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(("number", "digit"), [(299621, "9"), (2, "7")])
def test_the_number_carries_the_digit_of_the_manual(unicred, write, make_register, number, digit):
    """P. 20, examples 1 and 2."""
    assert write(unicred, make_register(number))[1][192:205] == f"{number:010d}{digit}00"


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_charges(unicred, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    line = write(unicred, make_register(discount=discount))[1]
    assert line[62:67] + line[92:106] == "136" + "00" + "0" + "2" + "200".zfill(10) + "2" + "N"
    assert line[149:173] == "1" + "010326" + "0" + "3" + "00" + "100".zfill(13)
    assert line[173:192] == "150326" + "1000".zfill(13)
    read = records.REMITTANCE_TITLE.read(line)
    assert (read["pagador_cidade"], read["pagador_uf"]) == ("SAO PAULO", "SP")


@pytest.mark.req("BNK-04")
def test_without_charges_a_title_is_exempt(unicred, write, make_register):
    bare = unicred.evolve(fine_percent=Decimal(0), interest_percent_month=Decimal(0))
    line = write(bare, make_register())[1]
    assert (line[93:105], line[149], line[160:192]) == ("3" + "0" * 10 + "5", "0", "0" * 32)


@pytest.mark.req("BNK-04")
def test_protest_days_go_only_with_the_entry(unicred, write, make_register, make_title):
    """P. 14."""
    terms = unicred.evolve(protest_days=5)
    assert write(terms, make_register())[1][157:160] == "105"
    assert write(terms, Instruction(Movement.CHANGE_DUE_DATE, make_title()))[1][157:160] == "300"


@pytest.mark.req("BNK-04")
def test_a_rebate_goes_only_with_the_instruction_that_grants_it(unicred, write, make_register, make_title):
    """P. 15."""
    title = make_title(rebate=Money("5.00"))
    granted = write(unicred, Instruction(Movement.GRANT_REBATE, title))[1]
    cancelled = write(unicred, Instruction(Movement.CANCEL_REBATE, title))[1]
    assert (granted[108:110], granted[205:218]) == ("04", "500".zfill(13))
    assert (cancelled[108:110], cancelled[205:218]) == ("05", "0" * 13)
    with pytest.raises(Refused, match="peça depois a concessão"):
        write(unicred, make_register(rebate=Money("5.00")))


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"carteira": "51"}, "remittance.wallet_not_registered"),
        ({"convenio": ""}, "remittance.convenio"),
        ({"agencia_digit": ""}, "remittance.agency_digit"),
        ({"conta_digit": ""}, "profile.account_digit"),
        ({"accepted": True}, "remittance.accepted"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused_by_name(unicred, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(unicred.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.fixture
def answer(unicred, created_at, make_register):
    def answer(*outcomes):
        remittance = write_remittance(unicred, [make_register()], sequence=1, created_at=created_at)
        return respond(remittance, lambda _: list(outcomes), sequence=1, on=ON)

    return answer


def retold(content, **changed):
    """The return with other values in fields of its first title."""
    first, line, *remaining = content.decode().split("\r\n")
    for name, value in changed.items():
        field = records.RETURN_TITLE.by_name[name]
        line = line[: field.start - 1] + value.ljust(field.width) + line[field.end :]
    header, occurrences = read_return("\r\n".join([first, line, *remaining]).encode())
    assert header.agreement == "1234" + "12345".rjust(8) + "1234567890".zfill(14)
    return next(occurrences)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("origin", "taken", "refused"),
    [
        ("01", OccurrenceKind.REGISTERED, OccurrenceKind.REJECTED),
        ("02", OccurrenceKind.WRITTEN_OFF, OccurrenceKind.INSTRUCTION_REJECTED),
        ("10", OccurrenceKind.WRITTEN_OFF, OccurrenceKind.INSTRUCTION_REJECTED),
        ("25", OccurrenceKind.WRITTEN_OFF, OccurrenceKind.INSTRUCTION_REJECTED),
        ("26", OccurrenceKind.INSTRUCTION_ACCEPTED, OccurrenceKind.INSTRUCTION_REJECTED),
        ("00", OccurrenceKind.INSTRUCTION_ACCEPTED, OccurrenceKind.COMMAND_REFUSED),
    ],
)
def test_an_answer_is_of_the_instruction_that_it_names(answer, origin, taken, refused):
    """P. 10-11: the bank only says whether an instruction was accepted (02) or not (03)."""
    content = answer(confirmed())
    assert retold(content, instrucao_origem=origin).kind is taken
    assert retold(content, instrucao_origem=origin, ocorrencia="03").kind is refused


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("complement", "codes"),
    [("00000000", []), ("0846", ["08", "46"]), ("E10", ["E10"]), ("101108", ["101", "108"]), ("ZZ", ["ZZ"])],
)
def test_reasons_of_two_and_of_three_characters_are_read(answer, complement, codes):
    occurrence = retold(answer(rejected("08")), complemento=complement)
    assert [reason.code for reason in occurrence.reasons] == codes
    assert ["não descreve" in reason.text for reason in occurrence.reasons] == [
        code == "ZZ" for code in codes
    ]


@pytest.mark.req("BNK-05")
def test_amount_credited_is_given_without_the_tariff(answer):
    occurrence = retold(answer(paid(Money("131.00"), interest=Money("1.10"), tariff=Money("1.60"))))
    assert (occurrence.kind, occurrence.paid_amount, occurrence.net_credited) == (
        OccurrenceKind.SETTLED,
        Money("131.00"),
        Money("129.40"),
    )
    assert (occurrence.tariff, occurrence.interest, occurrence.credited_on) == (
        Money("1.60"),
        Money("1.10"),
        ON,
    )


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("code", "kind"),
    [("07", OccurrenceKind.OTHER), ("09", OccurrenceKind.PAID_OUTSIDE), ("11", OccurrenceKind.PROTESTED)],
)
def test_money_that_does_not_come_with_the_file_is_not_counted(answer, code, kind):
    """A cheque of the debtor's own is a condition; a discounted title was credited when it was discounted."""
    occurrence = retold(answer(paid(Money("129.90"))), ocorrencia=code)
    assert (occurrence.kind, occurrence.paid_amount, occurrence.net_credited) == (kind, ZERO, ZERO)


@pytest.mark.req("BNK-05")
def test_lines_ended_as_unicred_does_are_read(answer):
    """P. 5: a name with accents makes a file "Unix" and "ANSI"."""
    content = answer(paid(Money("129.90"))).decode().replace("\r\n", "\n")
    named = content.replace("PROVEDOR EXEMPLO LTDA", "PROVEDOR SÃO JOÃO LTDA".ljust(21)[:21])
    assert named != content
    header, _ = read_return(named.encode("latin-1"))
    assert header.titles == 1
