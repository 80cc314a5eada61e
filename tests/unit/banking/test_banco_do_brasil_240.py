"""Banco do Brasil, CNAB 240: its particularities in what is written and in what comes back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import confirmed, paid, respond
from billing.banking.instructions import Instruction, Movement
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.banking.terms import DocumentKind
from billing.core.errors import Refused
from billing.core.money import Money

ON = date(2026, 3, 18)


@pytest.mark.req("BNK-04")
def test_both_headers_carry_convenio_wallet_and_variation(banco_do_brasil, write, make_register):
    assert validate_terms(banco_do_brasil) == []
    head, batch, *_ = write(banco_do_brasil, make_register())
    assert head[32:52] == batch[33:53] == "003128557" + "0014" + "17" + "019" + "  "
    assert (head[163:166], batch[13:16]) == ("083", "042")


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("convenio", "expected"),
    [("3128557", "31285570000000005"), ("123456", "123456000055"), ("1234", "12340000005")],
)
def test_the_number_is_to_the_left_and_only_short_convenios_have_a_digit(
    banco_do_brasil, write, make_register, convenio, expected
):
    line = write(banco_do_brasil.evolve(convenio=convenio), make_register(5))[2]
    number = line[37:57].rstrip()
    assert number[: len(expected) - 1] == expected[:-1]
    assert len(number) == (17 if len(convenio) == 7 else 12)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("convenio", ["3128557", "123456", "1234"])
def test_the_number_comes_back_without_its_digit(banco_do_brasil, created_at, make_register, convenio):
    terms = banco_do_brasil.evolve(convenio=convenio)
    remittance = write_remittance(terms, [make_register(5)], sequence=1, created_at=created_at)
    _, [occurrence] = read_return(respond(remittance, lambda _: [confirmed()], sequence=1, on=ON))
    assert occurrence.nosso_numero == convenio + "5".zfill((17 if len(convenio) == 7 else 11) - len(convenio))


@pytest.mark.req("BNK-04")
def test_a_change_carries_no_segment_r(banco_do_brasil, write, make_title):
    lines = write(banco_do_brasil, Instruction(Movement.CHANGE_DUE_DATE, make_title()))
    assert [line[13] for line in lines if line[7] == "3"] == ["P", "Q"]


@pytest.mark.req("BNK-04")
def test_a_registration_without_fine_carries_no_empty_segment_r(banco_do_brasil, write, make_register):
    lines = write(banco_do_brasil.evolve(fine_percent=Decimal(0)), make_register())
    assert [line[13] for line in lines if line[7] == "3"] == ["P", "Q"]


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(("days", "expected"), [(None, "300"), (3, "203"), (6, "106"), (40, "140")])
def test_protest_is_by_working_days_or_by_days(banco_do_brasil, write, make_register, days, expected):
    assert write(banco_do_brasil.evolve(protest_days=days), make_register())[2][220:223] == expected


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"protest_days": 30}, "remittance.protest_days"),
        ({"carteira": "11"}, "remittance.wallet_not_registered"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"especie": DocumentKind.ME}, "remittance.especie"),
    ],
)
def test_what_the_manual_does_not_take_is_refused(banco_do_brasil, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(banco_do_brasil.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.mark.req("BNK-04")
def test_the_batch_is_closed_by_its_count_alone(banco_do_brasil, write, make_register):
    lines = write(banco_do_brasil, make_register(1), make_register(2))
    assert lines[-2][17:240] == "000008" + "0" * 92 + " " * 125


@pytest.mark.req("BNK-05")
def test_amount_credited_excludes_the_tariff(banco_do_brasil, created_at, make_register):
    remittance = write_remittance(banco_do_brasil, [make_register()], sequence=1, created_at=created_at)
    payment = paid(Money("131.00"), interest=Money("1.10"), tariff=Money("2.10"))
    _, [occurrence] = read_return(respond(remittance, lambda _: [payment], sequence=1, on=ON))
    assert (occurrence.paid_amount, occurrence.tariff, occurrence.net_credited) == (
        Money("131.00"),
        Money("2.10"),
        Money("128.90"),
    )


@pytest.mark.req("BNK-05")
def test_reason_52_is_read_by_the_banks_own_table(banco_do_brasil, created_at, make_register):
    remittance = write_remittance(banco_do_brasil, [make_register()], sequence=1, created_at=created_at)
    rejection = replace(confirmed(), code="03", reasons=("52",))
    _, [occurrence] = read_return(respond(remittance, lambda _: [rejection], sequence=1, on=ON))
    assert occurrence.reasons[0].text == "Registro de título já liquidado, carteira 17"


@pytest.mark.req("BNK-05")
def test_blank_after_the_last_column_is_not_a_fault(banco_do_brasil, created_at, make_register):
    """Seen in a published return of this bank."""
    remittance = write_remittance(banco_do_brasil, [make_register()], sequence=1, created_at=created_at)
    content = respond(remittance, lambda _: [confirmed()], sequence=1, on=ON)
    first, second, *remaining = content.split(b"\r\n")
    header, _ = read_return(b"\r\n".join([first, second + b" ", *remaining]))
    assert header.titles == 1
