"""Banrisul, CNAB 400: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import confirmed, paid, rejected, respond
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.banrisul import cnab400 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import write_remittance
from billing.banking.returns import check_return, read_return
from billing.banking.terms import DocumentKind
from billing.core.errors import Refused
from billing.core.money import ZERO, Money

ON = date(2026, 3, 18)


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_with_agency_and_beneficiary_and_closed_with_the_sum(banrisul, write, make_register):
    assert validate_terms(banrisul) == []
    lines = write(banrisul, make_register(1), make_register(2))
    assert [line[0] for line in lines] == ["0", "1", "1", "9"]
    assert lines[0][:39] == "01REMESSA".ljust(26) + "1102" + "900015046"
    assert lines[0][76:100] == "041BANRISUL".ljust(18) + "020326"
    assert lines[0][100:] == "000001".rjust(300)
    assert lines[-1] == "9".ljust(27) + "25980".zfill(13) + "000004".rjust(360)


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("number", "digits"), [(9274, "22"), (22832563, "51")], ids=["p. 31-32", "p. 34 and published files"]
)
def test_the_number_carries_its_double_digit(banrisul, write, make_register, number, digits):
    line = write(banrisul, make_register(number))[1]
    assert line[62:72] == f"{number:08d}{digits}"
    assert line[17:37] == "1102900015046".ljust(20)


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_charges(banrisul, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    line = write(banrisul, make_register(discount=discount, rebate=Money("5.00")))[1]
    assert line[107:110] + line[139:150] == "1" + "01" + "041" + " " * 5 + "08" + "N"
    assert line[156:173] == "18" + "  " + "1" + "100".zfill(12)  # fine; 1% a month
    assert line[173:192] == "150326" + "1000".zfill(13)
    assert line[192:218] == " " * 13 + "500".zfill(13)
    assert line[321:326] == "020" + "00"  # 2.0%, after the due date
    assert line[369:371] == "  "
    read = records.REMITTANCE_TITLE.read(line)
    assert (read["pagador_nome"], read["pagador_uf"]) == ("JOSE DA CONCEICAO", "SP")


@pytest.mark.req("BNK-04")
def test_fields_that_are_not_used_are_blank(banrisul, write, make_register):
    """P. 5: in numeric fields too."""
    bare = banrisul.evolve(fine_percent=Decimal(0), interest_percent_month=Decimal(0))
    line = write(bare, make_register())[1]
    assert line[156:218].strip() == line[314:326].strip() == line[351:394].strip() == ""


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "orders", "days", "later"),
    [
        ({"protest_days": 3}, "1809", "03", "18  "),
        ({"write_off_days": 60}, "1815", "60", "18  "),
        ({"write_off_days": 60, "fine_percent": Decimal(0)}, "15  ", "60", "    "),
    ],
)
def test_what_the_bank_does_by_itself_goes_with_the_entry(
    banrisul, write, make_register, make_title, settings, orders, days, later
):
    terms = banrisul.evolve(**settings)
    entry = write(terms, make_register())[1]
    assert (entry[156:160], entry[369:371]) == (orders, days)
    change = write(terms, Instruction(Movement.CHANGE_DUE_DATE, make_title()))[1]
    assert (change[156:160], change[369:371]) == (later, "  ")


@pytest.mark.req("BNK-04")
def test_each_of_the_payers_data_is_changed_by_a_line_of_its_own(banrisul, write, make_title):
    """P. 8: name, address, city, postcode; the trailer sums the titles of all lines."""
    lines = write(banrisul, Instruction(Movement.CHANGE_DATA, make_title()))
    assert [line[108:110] for line in lines[1:-1]] == ["18", "19", "20", "21"]
    assert lines[-1][27:40] == f"{4 * 12990:013d}"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"convenio_digit": ""}, "remittance.convenio_digit"),
        ({"convenio": ""}, "profile.convenio_missing"),
        ({"carteira": "2"}, "remittance.wallet_not_registered"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
        ({"protest_days": 2}, "remittance.protest_days"),
        ({"write_off_days": 100}, "remittance.write_off_days"),
        ({"protest_days": 5, "write_off_days": 60}, "remittance.automatic_instruction"),
        ({"especie": DocumentKind.DS}, "remittance.especie"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused_by_name(banrisul, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(banrisul.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.mark.req("BNK-04")
def test_a_fine_has_one_decimal(banrisul, write, make_register):
    assert write(banrisul.evolve(fine_percent=Decimal("1.5")), make_register())[1][321:324] == "015"
    with pytest.raises(Refused, match=r"remittance\.percent"):
        write(banrisul.evolve(fine_percent=Decimal("2.25")), make_register())


@pytest.fixture
def answer(banrisul, created_at, make_register):
    def answer(*outcomes):
        remittance = write_remittance(banrisul, [make_register()], sequence=1, created_at=created_at)
        return respond(remittance, lambda _: list(outcomes), sequence=1, on=ON)

    return answer


def retold(content, **changed):
    """The return with other values in fields of its first title."""
    first, line, *remaining = content.decode().split("\r\n")
    for name, value in changed.items():
        field = records.RETURN_TITLE.by_name[name]
        line = line[: field.start - 1] + value.zfill(field.width) + line[field.end :]
    _, occurrences = read_return("\r\n".join([first, line, *remaining]).encode())
    return next(occurrences)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    "paid_field",
    ["12790", "12590", "13090", "12880", "12670", "13000"],
    ids=[f"type {kind}" for kind in range(1, 7)],
)
def test_amount_paid_does_not_depend_on_the_agreed_content_of_the_field(answer, paid_field):
    """Note 1, p. 21: title 130.00, discount 4.00, rebate 1.00, other receipts 2.90, interest 0.90, tariff 2.10."""
    parts = {"valor_titulo": "13000", "desconto": "400", "abatimento": "100", "outros_recebimentos": "290"}
    occurrence = retold(answer(paid(Money("128.80"))), **parts, juros="90", valor_pago=paid_field)
    assert (occurrence.paid_amount, occurrence.net_credited) == (Money("128.80"), Money("128.80"))
    assert (occurrence.interest, occurrence.discount, occurrence.rebate, occurrence.tariff) == (
        Money("0.90"),
        Money("4.00"),
        Money("1.00"),
        Money("2.10"),
    )


@pytest.mark.req("BNK-05")
def test_excess_equal_to_the_interest_is_not_taken_for_the_interest(answer):
    """The field then holds 131.00: title and interest, or title and what exceeds it."""
    _, [occurrence] = read_return(answer(paid(Money("132.10"), interest=Money("1.10"))))
    assert occurrence.paid_amount == Money("132.10")


@pytest.mark.req("BNK-05")
def test_partial_payment_is_reported_without_its_interest(answer):
    occurrence = retold(answer(paid(Money("50.00"))), ocorrencia="07", valor_pago="5000", juros="40")
    assert (occurrence.kind, occurrence.paid_amount) == (OccurrenceKind.PARTIALLY_SETTLED, Money("50.40"))


@pytest.mark.req("BNK-05")
def test_part_of_another_beneficiary_brings_no_money(answer):
    """P. 21: cobrança distribuída repeats the title for each beneficiary."""
    occurrence = retold(answer(paid(Money("129.90"))), partilha="CC CP")
    assert (occurrence.kind, occurrence.paid_amount, occurrence.net_credited) == (
        OccurrenceKind.OTHER,
        ZERO,
        ZERO,
    )
    assert occurrence.movement_text == "Liquidação normal: parte de outro beneficiário"


@pytest.mark.req("BNK-05")
def test_a_title_without_registration_has_no_due_date(answer):
    occurrence = retold(answer(paid(Money("129.90"))), vencimento="SEMREG")
    assert (occurrence.due_on, occurrence.paid_amount) == (None, Money("129.90"))
    assert "SEMREG" in occurrence.raw[0]


@pytest.mark.req("BNK-05")
def test_a_change_with_a_reason_was_not_taken(answer):
    taken = retold(answer(confirmed()), ocorrencia="16")
    refused = retold(answer(rejected("45")), ocorrencia="16")
    assert (taken.kind, refused.kind) == (
        OccurrenceKind.INSTRUCTION_ACCEPTED,
        OccurrenceKind.INSTRUCTION_REJECTED,
    )


@pytest.mark.req("BNK-05")
def test_where_it_was_paid_is_explained_in_words(answer):
    assert retold(answer(paid(Money("129.90"))), canal="3").payment_channel == "Internet"


@pytest.mark.req("BNK-05")
def test_a_trailer_that_another_bank_would_write_proves_nothing(answer):
    """As in a published return: Bradesco's counts, in the columns of Banrisul's."""
    *lines, trailer, _ = answer(confirmed()).decode().split("\r\n")
    foreign_trailer = (
        f"{trailer[:17]}{'13':0>8}{'364500':0>14}{'405':0>8}{'':10}{'500000':0>17}{trailer[74:]}"
    )
    assert check_return("\r\n".join([*lines, foreign_trailer]).encode()).titles == 1
