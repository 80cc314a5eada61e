"""Sicredi, CNAB 240: its particularities in what is written and in what comes back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import charged, confirmed, paid, respond
from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.sicredi import cnab240 as records
from billing.banking.layouts.sicredi.cnab240_codes import OCCURRENCES, REASONS
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import RemittanceWriter, movements_of, write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import Money

ON = date(2026, 3, 18)


@pytest.mark.req("BNK-04")
def test_headers_are_those_of_the_manual(sicredi_240, write, make_register):
    assert validate_terms(sicredi_240) == []
    head, batch, *_ = write(sicredi_240, make_register())
    assert head[:72] == "74800000" + " " * 9 + "2" + "11222333000181" + " " * 20 + "00165 0000000006238" + " "
    assert head[102:142].rstrip() == "SICREDI"
    assert (head[142], head[163:171], head[171:]) == ("1", "08101600", " " * 69)
    assert batch[:17] == "74800011R01  040 "
    assert batch[53:73] == "00165 0000000006238" + " "
    assert batch[103:183] == " " * 80


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title(sicredi_240, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    p, q, r = write(sicredi_240, make_register(2, discount=discount, rebate=Money("5.00")))[2:5]
    assert p[37:77] == "262000024" + " " * 11 + "11122" + "00000002".ljust(15)
    read = records.SEGMENT_P.read(p)
    assert (read["especie"], read["aceite"]) == ("05", "N")
    assert p[117:165] == "2" + "21032026" + "100".zfill(15) + "1" + "15032026" + "1000".zfill(15)
    assert (read["abatimento"], p[220:229]) == (Money("5.00"), "3001" + "060" + "09")
    assert q[17:73].rstrip() == "1000052998224725JOSE DA CONCEICAO"
    assert r[17:89] == "0" * 48 + "2" + "21032026" + "200".zfill(15)


@pytest.mark.req("BNK-04", "BNK-05")
def test_the_number_is_that_of_the_boleto_out_and_back(sicredi_240, write, make_register, created_at):
    """Section 3.4 and a published remittance: 07200003-1."""
    register = make_register(3, issued_on=date(2007, 1, 2))
    assert write(sicredi_240, register)[2][37:57] == "072000031".ljust(20)
    title = register.title
    boleto = issue_boleto(
        BoletoTerms(sicredi_240, title.nosso_numero, title.due_on, title.amount, title.issued_on)
    )
    remittance = write_remittance(sicredi_240, [register], sequence=1, created_at=created_at)
    header, [occurrence] = read_return(respond(remittance, lambda _: [confirmed()], sequence=1, on=ON))
    assert occurrence.nosso_numero == boleto.nosso_numero == "07200003"
    assert header.agreement == occurrence.agreement == "00165" + "000000000623"


@pytest.mark.req("BNK-04")
def test_a_title_without_discount_says_code_1_and_zeros(sicredi_240, write, make_register):
    assert write(sicredi_240, make_register())[2][141:165] == "1" + "0" * 23


@pytest.mark.req("BNK-04")
def test_segment_r_is_written_only_for_the_fine_of_an_entry(sicredi_240, write, make_register, make_title):
    def segments(terms, instruction):
        return [line[13:17] for line in write(terms, instruction) if line[7] == "3"]

    assert segments(sicredi_240, make_register()) == ["P 01", "Q 01", "R 01"]
    assert segments(sicredi_240.evolve(fine_percent=Decimal(0)), make_register()) == ["P 01", "Q 01"]
    assert segments(sicredi_240, Instruction(Movement.STOP_PROTEST, make_title())) == ["P 11", "Q 11"]


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"protest_days": 3}, "103"),
        ({"bureau_days": 10}, "810"),
        ({"write_off_days": 60}, "300"),
    ],
)
def test_an_overdue_title_is_protested_or_reported_and_written_off_after_60_days(
    sicredi_240, write, make_register, settings, expected
):
    assert write(sicredi_240.evolve(**settings), make_register())[2][220:227] == expected + "1060"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"write_off_days": 30}, "remittance.write_off_days"),
        ({"protest_days": 2}, "remittance.protest_days"),
        ({"bureau_days": 1}, "remittance.bureau_days"),
        ({"carteira": "3"}, "remittance.wallet_not_registered"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"operacao": ""}, "profile.operacao_missing"),
    ],
)
def test_what_the_manual_does_not_take_is_refused(sicredi_240, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(sicredi_240.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.mark.req("BNK-04")
def test_changed_data_is_refused(sicredi_240):
    """The manual does not say what movement 31 changes (07.3P)."""
    assert Movement.CHANGE_DATA not in movements_of(sicredi_240)


@pytest.mark.req("BNK-04")
def test_characters_that_it_does_not_take_become_blanks_with_a_warning(
    sicredi_240, created_at, make_register
):
    register = make_register(payer=make_register().title.payer._replace(city="Olho d'Água"))
    remittance = RemittanceWriter(sicredi_240, 1, created_at)
    lines = list(remittance.lines([register]))
    assert lines[3][136:151].rstrip() == "OLHO D AGUA"
    assert [(warning.code, warning.field) for warning in remittance.warnings] == [
        ("remittance.character", "pagador_cidade")
    ]


@pytest.mark.req("BNK-04")
def test_the_batch_counts_its_lines_and_leaves_the_totals_to_the_return(sicredi_240, write, make_register):
    trailer = write(sicredi_240, make_register(1), make_register(2))[-2]
    assert trailer[17:] == "000008" + "0" * 92 + " " * 125


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("outcome", "kind", "text"),
    [
        (replace(confirmed(), reasons=("A4",)), OccurrenceKind.REGISTERED, "Pagador DDA"),
        (
            replace(charged(Money("3.80")), reasons=("05",)),
            OccurrenceKind.TARIFF,
            "Tarifa de outras instruções",
        ),
        (
            replace(paid(Money("129.90")), reasons=("31",)),
            OccurrenceKind.SETTLED,
            "Liquidação em banco correspondente",
        ),
        (replace(confirmed(), code="84", reasons=("N1",)), OccurrenceKind.OTHER, "Decurso de prazo"),
        (
            replace(confirmed(), code="81", reasons=("S1",)),
            OccurrenceKind.INSTRUCTION_REJECTED,
            "Rejeitado pela empresa de negativação parceira",
        ),
    ],
)
def test_reason_is_read_by_the_table_of_its_movement(
    sicredi_240, created_at, make_register, outcome, kind, text
):
    remittance = write_remittance(sicredi_240, [make_register()], sequence=1, created_at=created_at)
    _, [occurrence] = read_return(respond(remittance, lambda _: [outcome], sequence=1, on=ON))
    assert (occurrence.kind, [reason.text for reason in occurrence.reasons]) == (kind, [text])


def test_the_tables_are_those_of_the_manual():
    assert len(OCCURRENCES) == 30
    sizes = [len(REASONS[code]) for code in ("03", "28", "06", "27", "84", "81")]
    assert sizes == [64, 18, 17, 1, 5, 1]
    assert {code for code, movement in OCCURRENCES.items() if movement.kind is OccurrenceKind.SETTLED} == {
        "06",
        "17",
    }
