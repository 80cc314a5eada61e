"""Caixa, CNAB 240: its particularities in what is written and in what comes back."""

from dataclasses import replace
from datetime import date

import pytest

from billing.adapters.sandbox_bank.bank import paid, respond
from billing.banking.instructions import Instruction, Movement
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import Money

ON = date(2026, 3, 18)


@pytest.mark.req("BNK-04")
def test_the_beneficiary_code_stands_where_others_have_the_account(caixa, write, make_register):
    assert validate_terms(caixa) == []
    head, batch, p, *_ = write(caixa, make_register())
    assert (head[32:72], head[163:166], head[191:207]) == (
        "0" * 20 + "01234" + "3" + "123456" + "0" * 8,
        "101",
        "REMESSA-PRODUCAO",
    )
    assert (batch[33:53], batch[53:73], batch[13:16]) == (
        "123456" + "0" * 14,
        "01234" + "3" + "123456" + "0" * 8,
        "060",
    )
    assert p[17:39] == "01234" + "3" + "123456" + "0" * 10


@pytest.mark.req("BNK-04")
def test_the_number_is_modality_and_fifteen_digits(caixa, write, make_register):
    p = write(caixa, make_register(77))[2]
    assert p[39:62] == "0" + "14" + "77".zfill(15) + "1" + "1" + "2" + "2" + "0"


@pytest.mark.req("BNK-04")
def test_the_document_number_is_the_reference_too(caixa, write, make_register):
    p = write(caixa, make_register(77))[2]
    assert (p[62:77], p[195:220]) == ("00000077".ljust(15), "00000077".ljust(25))


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [({}, "3001060"), ({"protest_days": 5, "write_off_days": None}, "1052000")],
)
def test_an_overdue_title_is_protested_or_written_off(caixa, write, make_register, changes, expected):
    assert write(caixa.evolve(**changes), make_register())[2][220:227] == expected


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"write_off_days": None}, "remittance.write_off_days"),
        ({"protest_days": 5}, "remittance.write_off_days"),
        ({"protest_days": 91, "write_off_days": None}, "remittance.protest_days"),
        ({"carteira": "24"}, "remittance.wallet_not_registered"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
    ],
)
def test_what_the_manual_does_not_take_is_refused(caixa, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(caixa.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.mark.req("BNK-04")
def test_a_change_of_data_says_that_the_boleto_is_not_issued_again(caixa, write, make_title):
    lines = write(caixa, Instruction(Movement.CHANGE_DATA, make_title()))
    assert lines[2][60] == "5"
    assert [line[13:17] for line in lines if line[7] == "3"] == ["P 31", "Q 31", "R 31"]


@pytest.mark.req("BNK-04")
def test_batch_totals_are_of_simple_titles_only(caixa, write, make_register):
    trailer = write(caixa, make_register(1), make_register(2))[-2]
    assert trailer[17:] == "000008" + "000002" + "25980".zfill(17) + "0" * 46 + " " * 148


@pytest.mark.req("BNK-05")
def test_after_the_channel_come_cash_and_float_that_are_no_reasons(caixa, created_at, make_register):
    remittance = write_remittance(caixa, [make_register()], sequence=1, created_at=created_at)
    payment = replace(paid(Money("129.90")), reasons=("02", "01", "03"))
    header, [occurrence] = read_return(respond(remittance, lambda _: [payment], sequence=1, on=ON))
    assert header.agreement == occurrence.agreement == "123456"
    assert [reason.text for reason in occurrence.reasons] == ["Casa Lotérica"]
