"""Bradesco, CNAB 240: its particularities in what is written and in what comes back."""

from dataclasses import replace
from datetime import date

import pytest

from billing.adapters.sandbox_bank.bank import confirmed, paid, respond
from billing.banking.instructions import Instruction, Movement
from billing.banking.layouts.bradesco import cnab240 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import Money

ON = date(2026, 3, 18)


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_with_the_company_code(bradesco_240, write, make_register):
    assert validate_terms(bradesco_240) == []
    head, batch, *_ = write(bradesco_240, make_register())
    account = "4587123".ljust(20) + "01172" + "P" + "000000403005" + "2" + " "
    assert (head[32:72], head[102:110], head[163:166]) == (account, "BRADESCO", "084")
    assert (batch[33:73], batch[13:16]) == (account, "042")


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(("number", "digit"), [(2, "8"), (1, "P"), (6, "0")])
def test_the_number_goes_with_wallet_and_digit(bradesco_240, write, make_register, number, digit):
    """The digits of the three examples in the manual of CNAB 400, p. 18-19, of wallet 19."""
    p = write(bradesco_240.evolve(carteira="19"), make_register(number))[2]
    assert p[37:62] == "019" + "00000" + f"{number:011d}{digit}" + "1" + "1" + "2" + "2" + "2"


@pytest.mark.req("BNK-04")
def test_interest_and_fine_begin_after_the_due_date(bradesco_240, write, make_register):
    _, _, p, _, r, tail, _ = write(bradesco_240, make_register())
    read, fine = records.SEGMENT_P.read(p), records.SEGMENT_R.read(r)
    assert (read["juros_codigo"], read["juros"], read["juros_data"]) == (
        "2",
        Money("1.00"),
        date(2026, 3, 21),
    )
    assert (fine["multa_codigo"], fine["multa"], fine["multa_data"]) == (
        "2",
        Money("2.00"),
        date(2026, 3, 21),
    )
    assert tail[17:115] == "000005" + "0" * 92


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "300" + "2000"),
        ({"protest_days": 5}, "105" + "2000"),
        ({"bureau_days": 10}, "810" + "2000"),
        ({"protest_days": 5, "write_off_days": 60}, "105" + "1060"),
    ],
)
def test_what_the_bank_does_by_itself_goes_with_its_days(
    bradesco_240, write, make_register, settings, expected
):
    """C026 to C029."""
    assert write(bradesco_240.evolve(**settings), make_register())[2][220:227] == expected


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"protest_days": 30, "write_off_days": 29}, "remittance.write_off_days"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"convenio": ""}, "remittance.convenio"),
    ],
)
def test_what_the_manual_does_not_take_is_refused(bradesco_240, write, make_register, settings, code):
    with pytest.raises(Refused) as caught:
        write(bradesco_240.evolve(**settings), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("movement", "segments"),
    [
        (Movement.WRITE_OFF, ["P 02"]),
        (Movement.CHANGE_DUE_DATE, ["P 06"]),
        (Movement.STOP_PROTEST, ["P 11"]),
        (Movement.REPORT_TO_BUREAU, ["P 45"]),
        (Movement.WITHDRAW_FROM_BUREAU, ["P 47"]),
        (Movement.CHANGE_DATA, ["P 23", "Q 23"]),
    ],
)
def test_only_a_change_of_the_payer_names_the_payer_again(
    bradesco_240, write, make_title, movement, segments
):
    lines = write(bradesco_240, Instruction(movement, make_title()))
    assert [line[13:17] for line in lines if line[7] == "3"] == segments


def answer(terms, created_at, registered, *outcomes):
    remittance = write_remittance(terms, [registered], sequence=1, created_at=created_at)
    header, occurrences = read_return(respond(remittance, lambda _: list(outcomes), sequence=5, on=ON))
    return header, list(occurrences)


@pytest.mark.req("BNK-05")
def test_a_return_tells_wallet_and_number_apart(bradesco_240, created_at, make_register):
    header, [occurrence] = answer(bradesco_240, created_at, make_register(77), confirmed())
    assert header.agreement == occurrence.agreement == "01172000000403005"
    assert (occurrence.carteira, occurrence.nosso_numero) == ("009", "00000000077")


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("reason", "kind", "text"),
    [
        ("18", OccurrenceKind.PARTIALLY_SETTLED, "Pagamento parcial"),
        ("04", OccurrenceKind.SETTLED, "Compensação eletrônica"),
    ],
)
def test_partial_payment_does_not_settle_the_title(
    bradesco_240, created_at, make_register, reason, kind, text
):
    payment = replace(paid(Money("50.00")), reasons=(reason,))
    _, [occurrence] = answer(bradesco_240, created_at, make_register(), payment)
    assert (occurrence.kind, occurrence.paid_amount) == (kind, Money("50.00"))
    assert [one.text for one in occurrence.reasons] == [text]


@pytest.mark.req("BNK-05")
def test_reasons_name_the_bureau_report_too(bradesco_240, created_at, make_register):
    payment = replace(paid(Money("0.00")), kind=OccurrenceKind.TARIFF, tariff=Money("3.00"), reasons=("04",))
    _, [occurrence] = answer(bradesco_240, created_at, make_register(), payment)
    assert occurrence.reasons[0].text == "Tarifa de protesto/inclusão de negativação"
