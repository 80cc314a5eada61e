"""Banrisul, CNAB 240: its particularities in what is written and in what comes back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import TitleEvent, paid, rejected, respond
from billing.banking.instructions import Instruction, Movement
from billing.banking.layouts.banrisul import cnab240 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.banking.terms import DocumentKind
from billing.core.errors import Refused
from billing.core.money import ZERO, Money

ON = date(2026, 3, 18)


@pytest.mark.req("BNK-04")
def test_the_agreement_is_agency_and_beneficiary(banrisul_240, write, make_register):
    assert validate_terms(banrisul_240) == []
    head, batch, p, *_ = write(banrisul_240, make_register())
    own = "1102900015046".ljust(20) + "01102" + " " + "000350123456" + "3" + " "
    assert (head[32:72], head[163:166], head[171:]) == (own, "040", "BE".rjust(10).ljust(69))
    assert (batch[8:16], batch[33:73]) == ("R0100020", own)
    assert p[17:37] == "00000" + " " + "0" * 12 + "  "  # p. 10: not considered


@pytest.mark.req("BNK-04")
def test_a_title_is_numbered_and_issued_by_the_company(banrisul_240, write, make_register):
    p = write(banrisul_240, make_register(9274))[2]
    assert p[37:62] == "0000927422".ljust(20) + "1" + "1" + " " + "2" + " "
    assert p[106:109] == "AA" + "N"


@pytest.mark.req("BNK-04")
def test_a_fine_is_an_amount_and_interest_a_monthly_rate(banrisul_240, write, make_register):
    p, _, r = write(banrisul_240, make_register(amount=Money("129.25")))[2:5]
    assert p[117:141] == "2" + "21032026" + "100".zfill(15)
    assert r[65:89] == "1" + "21032026" + "259".zfill(15)  # 2% of 129.25, half a cent rounded up
    assert r[89:] == " " * 90 + "0" * 28 + " " * 33


@pytest.mark.req("BNK-04")
def test_without_a_fine_there_is_no_segment_r(banrisul_240, write, make_register):
    lines = write(banrisul_240.evolve(fine_percent=Decimal(0)), make_register())
    assert [line[13] for line in lines if line[7] == "3"] == ["P", "Q"]


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "300" + "0000"),
        ({"protest_days": 3, "write_off_days": 60}, "103" + "1060"),
    ],
)
def test_protest_and_write_off_go_with_their_days(banrisul_240, write, make_register, settings, expected):
    assert write(banrisul_240.evolve(**settings), make_register())[2][220:227] == expected


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("movement", "expected"),
    [
        (Movement.WRITE_OFF, ["P 02"]),
        (Movement.CHANGE_DUE_DATE, ["P 06"]),
        (Movement.STOP_PROTEST, ["P 10"]),
        (Movement.CHANGE_DATA, ["P 31", "Q 31"]),
    ],
)
def test_an_instruction_carries_the_segments_that_are_asked_for(
    banrisul_240, write, make_title, movement, expected
):
    """P. 6: Q only with 01 and 31."""
    lines = write(banrisul_240, Instruction(movement, make_title()))
    assert [line[13:17] for line in lines if line[7] == "3"] == expected


@pytest.mark.req("BNK-04")
def test_a_rebate_is_cancelled_by_its_amount(banrisul_240, write, make_title):
    """P. 9: the bank subtracts it from what is registered."""
    lines = write(banrisul_240, Instruction(Movement.CANCEL_REBATE, make_title(rebate=Money("5.00"))))
    assert lines[2][180:195] == "500".zfill(15)
    with pytest.raises(Refused, match="subtrai"):
        write(banrisul_240, Instruction(Movement.CANCEL_REBATE, make_title()))


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"convenio_digit": ""}, "remittance.convenio_digit"),
        ({"conta_digit": ""}, "remittance.account_digit"),
        ({"carteira": "2"}, "remittance.wallet_not_registered"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
        ({"protest_days": 2}, "remittance.protest_days"),
        ({"write_off_days": 100}, "remittance.write_off_days"),
        ({"especie": DocumentKind.DS}, "remittance.especie"),
    ],
)
def test_what_the_manual_does_not_take_is_refused(banrisul_240, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(banrisul_240.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.fixture
def answer(banrisul_240, created_at, make_register):
    def answer(*outcomes):
        remittance = write_remittance(banrisul_240, [make_register()], sequence=1, created_at=created_at)
        return respond(remittance, lambda _: list(outcomes), sequence=1, on=ON)

    return answer


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("paid_field", ["12990", "13100", "12880"])
def test_amount_paid_is_distinguished_from_the_amount_credited(answer, paid_field):
    """P. 29: six contents of "valor pago", and one of "valor líquido"."""
    lines = answer(paid(Money("131.00"), interest=Money("1.10"))).decode().split("\r\n")
    u = records.SEGMENT_U.by_name
    assert lines[3][u["valor_pago"].start - 1 : u["valor_pago"].end] == "12990".zfill(15)
    lines[3] = lines[3][:77] + paid_field.zfill(15) + "12860".zfill(15) + "30".zfill(15) + lines[3][122:]
    _, [occurrence] = read_return("\r\n".join(lines).encode())
    assert (occurrence.paid_amount, occurrence.net_credited) == (Money("131.00"), Money("128.60"))
    assert (occurrence.interest, occurrence.tariff) == (Money("1.10"), Money("2.40"))


@pytest.mark.req("BNK-05")
def test_a_settlement_on_account_is_a_part_of_the_title(answer):
    _, [occurrence] = read_return(answer(replace(paid(Money("50.00")), reasons=("02",))))
    assert (occurrence.kind, occurrence.paid_amount) == (OccurrenceKind.PARTIALLY_SETTLED, Money("50.00"))


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("code", "reason", "text"),
    [
        ("AB", "04", "Compensação eletrônica"),
        ("AC", "97", "Título em cartório"),
        ("09", "AA", "Baixa por pagamento"),
    ],
)
def test_informative_occurrence_moves_no_money(answer, code, reason, text):
    event = TitleEvent(OccurrenceKind.OTHER, reasons=(reason,), code=code)
    _, [occurrence] = read_return(answer(replace(event, paid=Money("129.90"))))
    assert (occurrence.paid_amount, occurrence.net_credited, occurrence.reasons[0].text) == (ZERO, ZERO, text)


@pytest.mark.req("BNK-05")
def test_totals_of_the_last_batch_are_of_the_portfolio(answer):
    """P. 6, note 7."""
    lines = answer(rejected("08")).decode().split("\r\n")
    lines[4] = lines[4][:23] + "000001" + "99999".zfill(17) + lines[4][46:]
    header, _ = read_return("\r\n".join(lines).encode())
    assert header.titles == 1
