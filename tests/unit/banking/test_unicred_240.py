"""Unicred, CNAB 240: its particularities in what is written and in what comes back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import TitleEvent, confirmed, paid, respond
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.invalid_return import InvalidReturn
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import write_remittance
from billing.banking.returns import check_return, read_return
from billing.core.errors import Refused
from billing.core.money import ZERO, Money

ON = date(2026, 3, 18)


@pytest.mark.req("BNK-04")
def test_beneficiary_and_account_stand_apart(unicred_240, write, make_register):
    assert validate_terms(unicred_240) == []
    head, batch, p, *_ = write(unicred_240, make_register())
    assert head[32:72] == " " * 20 + "01234" + "3" + "1234567890".zfill(14)
    assert (head[102:132].strip(), head[163:166], head[171:]) == (
        "UNICRED DO BRASIL",
        "085",
        "000" + " " * 66,
    )
    assert (batch[8:16], batch[33:73]) == ("R01  044", " " * 20 + "01234" + "3" + "123451".zfill(14))
    assert batch[199:] == " " * 8 + "00" + " " * 31
    assert p[17:37] == "01234" + "3" + "12345".zfill(12) + "1" + "0"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(("number", "digit"), [(299621, "9"), (2, "7")])
def test_the_number_carries_the_digit_of_the_manual(unicred_240, write, make_register, number, digit):
    """P. 28-29, examples 1 and 2."""
    p = write(unicred_240, make_register(number))[2]
    assert p[37:62] == f"{number:010d}{digit}" + " " * 8 + "21" + " " * 4


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_charges(unicred_240, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    p, q, r = write(unicred_240, make_register(discount=discount))[2:5]
    assert p[100:109] == " " * 6 + "N" + " " + "N"
    assert p[117:141] == "2" + " " * 8 + "100".zfill(15)
    assert p[141:195] == "1" + "15032026" + "1000".zfill(15) + " " * 15 + "0" * 15
    assert p[195:229] == " " * 25 + "3" + "00" + " " * 4 + "09"
    assert q[209:] == " " * 31
    assert r[17:99] == " " * 48 + "2" + " " * 8 + "200".zfill(15) + " " * 10


@pytest.mark.req("BNK-04")
def test_without_charges_a_title_is_exempt_and_has_no_r(unicred_240, write, make_register):
    bare = unicred_240.evolve(fine_percent=Decimal(0), interest_percent_month=Decimal(0))
    lines = write(bare, make_register())
    assert [line[13] for line in lines if line[7] == "3"] == ["P", "Q"]
    assert lines[2][117:141] == "5" + " " * 8 + "0" * 15


@pytest.mark.req("BNK-04")
def test_totals_are_of_returns_alone(unicred_240, write, make_register):
    """C070 and C071."""
    assert write(unicred_240, make_register())[-2][17:] == "000005" + "0" * 100 + " " * 117


@pytest.mark.req("BNK-04")
def test_protest_and_rebate_go_only_where_they_are_asked_for(unicred_240, write, make_register, make_title):
    """C026 and p. 11."""
    terms, title = unicred_240.evolve(protest_days=5), make_title(rebate=Money("5.00"))
    entry = write(terms, make_register())
    granted = write(terms, Instruction(Movement.GRANT_REBATE, title))
    changed = write(terms, Instruction(Movement.CHANGE_DUE_DATE, title))
    assert [lines[2][220:223] for lines in (entry, granted, changed)] == ["105", "300", "300"]
    assert [lines[2][180:195] for lines in (granted, changed)] == ["500".zfill(15), "0" * 15]
    assert [line[13:17] for line in changed if line[7] == "3"] == ["P 06", "Q 06"]
    with pytest.raises(Refused, match="peça depois a concessão"):
        write(terms, make_register(rebate=Money("5.00")))


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"carteira": "51"}, "remittance.wallet_not_registered"),
        ({"convenio": ""}, "remittance.convenio"),
        ({"accepted": True}, "remittance.accepted"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
    ],
)
def test_what_the_manual_does_not_take_is_refused(unicred_240, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(unicred_240.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.fixture
def answer(unicred_240, created_at, make_register):
    def answer(*outcomes):
        remittance = write_remittance(unicred_240, [make_register()], sequence=1, created_at=created_at)
        return respond(remittance, lambda _: list(outcomes), sequence=1, on=ON)

    return answer


@pytest.mark.req("BNK-05")
def test_a_return_is_of_the_beneficiary_that_it_names(answer):
    header, occurrences = read_return(answer(confirmed()))
    assert header.agreement == "1234567890".zfill(14)
    assert [(o.agreement, o.our_reference) for o in occurrences] == [(header.agreement, "")]


@pytest.mark.req("BNK-05")
def test_zeros_in_the_reference_are_no_reference(answer):
    lines = answer(confirmed()).decode().split("\r\n")
    lines[2] = lines[2][:105] + "0" * 25 + lines[2][130:]
    _, [occurrence] = read_return("\r\n".join(lines).encode())
    assert occurrence.our_reference == ""


@pytest.mark.req("BNK-05")
def test_trailer_of_a_return_counts_lines_and_no_batches(answer):
    """P. 6: the lines are still checked."""
    content = answer(confirmed())
    trailer = content.decode().split("\r\n")[-2]
    assert trailer[:29] == "136999991" + " " * 14 + "000006"
    assert check_return(content).titles == 1
    with pytest.raises(InvalidReturn, match="diz 7 e há 6"):
        check_return(content.replace(trailer[:29].encode(), trailer[:28].encode() + b"7"))


@pytest.mark.req("BNK-05")
def test_amount_credited_is_given_without_the_tariff(answer):
    _, [occurrence] = read_return(answer(paid(Money("131.00"), interest=Money("1.10"), tariff=Money("1.60"))))
    assert (occurrence.kind, occurrence.movement_text) == (OccurrenceKind.SETTLED, "Liquidação normal")
    assert (occurrence.paid_amount, occurrence.net_credited) == (Money("131.00"), Money("129.40"))
    assert (occurrence.tariff, occurrence.interest) == (Money("1.60"), Money("1.10"))


@pytest.mark.req("BNK-05")
def test_write_off_requested_by_the_clearing_house_is_named_as_such(answer):
    _, [occurrence] = read_return(answer(TitleEvent(OccurrenceKind.WRITTEN_OFF)))
    assert (occurrence.kind, occurrence.movement) == (OccurrenceKind.WRITTEN_OFF, "02")
    assert "decurso de prazo" in occurrence.movement_text


@pytest.mark.req("BNK-05")
def test_a_discounted_title_that_is_paid_moves_no_money(answer):
    _, [occurrence] = read_return(answer(replace(paid(Money("129.90")), code="09")))
    assert (occurrence.kind, occurrence.paid_amount, occurrence.net_credited) == (
        OccurrenceKind.PAID_OUTSIDE,
        ZERO,
        ZERO,
    )


@pytest.mark.req("BNK-05")
def test_trailer_columns_where_other_banks_count_batches_are_not_read(answer):
    content = answer(confirmed())
    trailer = content.decode().split("\r\n")[-2].encode()
    assert check_return(content.replace(trailer, trailer[:17] + b"  3   " + trailer[23:])).titles == 1
