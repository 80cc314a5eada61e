"""Ailos, CNAB 240: its particularities in what is written and in what comes back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import TitleEvent, confirmed, paid, respond
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.ailos import cnab240 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.returns import read_return
from billing.banking.terms import DocumentKind
from billing.core.errors import Refused
from billing.core.money import ZERO, Money

ON = date(2026, 3, 18)


@pytest.mark.req("BNK-04")
def test_agreement_and_account_are_where_the_bank_expects_them(ailos, write, make_register):
    """The example of "informações importantes para homologação": agency 0101-5 is 001015 in both headers."""
    assert validate_terms(ailos) == []
    head, batch, *_ = write(ailos, make_register())
    assert head[32:72] == "101004".ljust(20) + "001015" + "0000002206658" + " "
    assert (head[102:132], head[163:171]) == ("AILOS".ljust(30), "08700000")
    assert (batch[8:16], batch[33:73]) == ("R01  045", head[32:72])


@pytest.mark.req("BNK-04")
def test_the_number_of_a_title_is_the_manuals(ailos, write, make_register):
    """G069: account 0220665-8, boleto 254."""
    p = write(ailos, make_register(254))[2]
    assert (
        p[17:62]
        == "001015" + "0000002206658" + " " + "02206658000000254" + "   " + "1" + "1" + "1" + "2" + "2"
    )


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_charges(ailos, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 20))
    p, _, r = write(ailos, make_register(discount=discount))[2:5]
    assert p[117:141] == "2" + "21032026" + "100".zfill(15)
    assert p[141:165] == "1" + "20032026" + "1000".zfill(15)
    assert r[65:89] == "2" + "21032026" + "200".zfill(15)


@pytest.mark.req("BNK-04")
def test_without_a_fine_there_is_no_segment_r(ailos, write, make_register):
    lines = write(ailos.evolve(fine_percent=Decimal(0)), make_register())
    assert [line[13] for line in lines if line[7] == "3"] == ["P", "Q"]


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "expected"),
    [({}, "300"), ({"protest_days": 5}, "105"), ({"bureau_days": 15}, "215")],
)
def test_protest_or_bureau_report_goes_with_its_days(ailos, write, make_register, settings, expected):
    """The bank writes off after the account's own number of days: code 2, without days."""
    assert write(ailos.evolve(**settings), make_register())[2][220:227] == f"{expected}2   "


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"protest_days": 4}, "remittance.automatic_instruction"),
        ({"bureau_days": 16}, "remittance.automatic_instruction"),
        ({"protest_days": 5, "bureau_days": 5}, "remittance.automatic_instruction"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"agencia_digit": ""}, "remittance.account_digit"),
        ({"especie": DocumentKind.NP}, "remittance.especie"),
    ],
)
def test_what_the_manual_does_not_take_is_refused(ailos, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(ailos.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.mark.req("BNK-04")
def test_a_discount_that_ends_before_the_due_date_is_refused(ailos, write, make_register):
    early = Discount(Money("10.00"), date(2026, 3, 15))
    with pytest.raises(Refused, match="até o vencimento, 20/03/2026, e não até 15/03/2026") as caught:
        write(ailos, make_register(discount=early))
    assert caught.value.reasons[0].field == "discount"


@pytest.mark.req("BNK-04")
def test_company_itself_is_refused_as_payer(ailos, write, make_register, make_title):
    payer = make_title().payer._replace(document=ailos.beneficiary_document)
    with pytest.raises(Refused, match="próprio beneficiário"):
        write(ailos, make_register(payer=payer))


@pytest.mark.req("BNK-04")
def test_remittance_has_no_totals(ailos, write, make_register):
    """C070 and C071 are only for the return."""
    assert write(ailos, make_register(1), make_register(2))[-2][17:] == "000008" + "0" * 92 + " " * 125


@pytest.mark.req("BNK-04")
def test_every_movement_has_a_code_of_the_manual(ailos, write, make_title):
    lines = write(ailos, *(Instruction(movement, make_title()) for movement in Movement))
    assert movements_of(ailos) == frozenset(Movement)
    assert [line[15:17] for line in lines if line[13] == "P"] == (
        ["01", "02", "04", "05", "07", "08", "06", "09", "11", "93", "94", "31"]
    )


@pytest.fixture
def answer(ailos, created_at, make_register):
    def answer(*outcomes):
        remittance = write_remittance(ailos, [make_register()], sequence=1, created_at=created_at)
        return respond(remittance, lambda _: list(outcomes), sequence=1, on=ON)

    return answer


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("code", "reason", "kind", "text"),
    [
        ("02", "A4", OccurrenceKind.REGISTERED, "Pagador DDA"),
        ("28", "H1", OccurrenceKind.TARIFF, "Instrução de protesto confirmada"),
        ("89", "53", OccurrenceKind.INSTRUCTION_REJECTED, "Título já protestado"),
        ("91", "02", OccurrenceKind.OTHER, "Endereço insuficiente"),
        ("92", "S3", OccurrenceKind.INSTRUCTION_REJECTED, "Prazo para negativação no Serasa inválido"),
        ("93", "S3", OccurrenceKind.INSTRUCTION_ACCEPTED, "Retorno da Serasa por decurso de prazo"),
        ("36", "B7", OccurrenceKind.OTHER, "Número do celular do pagador não informado"),
        ("98", "F1", OccurrenceKind.INSTRUCTION_ACCEPTED, "Envio de carta de anuência ao cartório"),
    ],
)
def test_reason_is_read_by_the_table_of_its_occurrence(answer, code, reason, kind, text):
    _, [occurrence] = read_return(answer(replace(confirmed(), code=code, reasons=(reason,))))
    assert (occurrence.kind, [why.text for why in occurrence.reasons]) == (kind, [text])


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(("code", "received"), [("76", "129.90"), ("77", "129.90"), ("22", "0.00")])
def test_money_comes_with_the_settlements_of_boletos_that_the_bank_sent_too(answer, code, received):
    _, [occurrence] = read_return(answer(replace(paid(Money("129.90"), tariff=ZERO), code=code)))
    assert occurrence.paid_amount == occurrence.net_credited == Money(received)


@pytest.mark.req("BNK-05")
def test_the_totals_of_a_batch_are_the_companys_whole_portfolio(answer):
    """C070: open titles; the same number of titles as in the file may have other amounts."""
    *lines, batch, trailer = answer(TitleEvent(OccurrenceKind.OTHER)).decode().split("\r\n")[:-1]
    batch_trailer = f"{batch[:23]}{1:06d}{999999:017d}{batch[46:]}"
    header, _ = read_return("\r\n".join([*lines, batch_trailer, trailer]).encode())
    assert (header.titles, header.amount) == (1, Money("129.90"))


@pytest.mark.req("BNK-04")
def test_the_limits_of_a_payment_are_shown_as_the_banks_model_has_them():
    """The model file that the bank publishes; we do not write this segment."""
    read = records.SEGMENT_Y53.read("0850001300007Y 0153020120000000000090002000000000009000".ljust(240))
    assert (read["tipo_pagamento"], read["valor_maximo"], read["valor_minimo"]) == (
        "02",
        Money("90.00"),
        Money("90.00"),
    )
