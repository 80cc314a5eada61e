"""Caixa, CNAB 400: its particularities in what is written and in what comes back."""

from dataclasses import replace
from datetime import date

import pytest

from billing.adapters.sandbox_bank.bank import charged, confirmed, paid, rejected, respond
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.caixa import cnab400 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.returns import read_return
from billing.banking.terms import DocumentKind
from billing.core.errors import Refused
from billing.core.money import ZERO, Money

ON = date(2026, 3, 18)


@pytest.fixture(scope="module")
def terms(caixa_400):
    return caixa_400


@pytest.mark.req("BNK-04")
def test_a_code_of_six_digits_begins_where_the_blank_version_has_it(terms, write, make_register):
    """NE004, A1: columns 31-36 of the header and 22-27 of the title, a blank in 37 and 21."""
    assert validate_terms(terms) == []
    head, title, _ = write(terms, make_register())
    assert head[:46] == "01REMESSA01COBRANCA       " + "1234" + "123456" + " " * 10
    assert head[76:103] == "104C ECON FEDERAL " + "020326" + "   "
    assert (head[389:394], head[394:]) == ("00007", "000001")
    assert title[:31] == "102" + "11222333000181" + "000 " + "123456" + "2" + "0" + "00"


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title_and_its_charges(terms, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    line = write(terms, make_register(77, discount=discount))[1]
    assert line[31:110] == (
        "inv_00000077".ljust(25) + "14" + "77".zfill(15) + "  1 " + "210326" + "1" + " " * 22 + "01" + "01"
    )
    assert (
        line[110:160] == "00000077  " + "200326" + "12990".zfill(13) + "10400000" + "03N" + "010326" + "0200"
    )
    assert line[160:218] == "4".zfill(13) + "150326" + "1000".zfill(13) + "0" * 26
    assert line[389:394] == "00" + "60" + "1"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("amount", "expected"),
    [("129.90", "260"), ("100.25", "201"), ("100.24", "200"), ("0.24", "0"), ("0.25", "1")],
)
def test_a_fine_is_an_amount_and_no_percentage(terms, write, make_register, amount, expected):
    """40.1 is the fine's own amount: two percent, half a cent rounded up."""
    line = write(terms, make_register(amount=Money(amount)))[1]
    assert line[351:367] == "210326" + expected.zfill(10)


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [({}, ("02", "60")), ({"protest_days": 5, "write_off_days": None}, ("01", "05"))],
)
def test_an_overdue_title_is_protested_or_returned(terms, write, make_register, changes, expected):
    line = write(terms.evolve(**changes), make_register())[1]
    assert (line[156:158], line[391:393]) == expected


@pytest.mark.req("BNK-04")
def test_instruction_has_the_fields_of_its_note_and_no_others(terms, write, make_title):
    """NE017, obs. 2 to 4."""
    title = make_title(rebate=Money("5.00"))
    off, rebate, later = (
        write(terms, Instruction(movement, title))[1]
        for movement in (Movement.WRITE_OFF, Movement.GRANT_REBATE, Movement.CHANGE_DUE_DATE)
    )
    assert [line[108:110] for line in (off, rebate, later)] == ["02", "03", "05"]
    assert [line[120:126] for line in (off, rebate, later)] == ["000000", "000000", "200326"]
    assert [line[205:218] for line in (off, rebate, later)] == [
        "0".zfill(13),
        "500".zfill(13),
        "0".zfill(13),
    ]
    assert {line[126:139] for line in (off, rebate, later)} == {"12990".zfill(13)}
    assert {line[234:351].strip(" 0") for line in (off, rebate, later)} == {""}


@pytest.mark.req("BNK-04")
def test_a_change_of_data_leaves_blank_what_stays(terms, write, make_title):
    """NE017: a zero would clear the field, and the payer's document does not change (p. 16)."""
    line = write(terms, Instruction(Movement.CHANGE_DATA, make_title()))[1]
    assert (line[108:110], line[126:139]) == ("09", "12990".zfill(13))
    assert {line[77:84], line[120:126], line[158:218], line[218:234], line[351:367], line[389:393]} == {
        " " * 7,
        " " * 6,
        " " * 60,
        " " * 16,
        " " * 4,
    }
    assert line[234:351].split() == [
        "JOSE",
        "DA",
        "CONCEICAO",
        "RUA",
        "DAS",
        "FLORES,",
        "100",
        "CENTRO",
        "01310100SAO",
        "PAULO",
        "SP",
    ]


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"write_off_days": None}, "remittance.write_off_days"),
        ({"write_off_days": 100}, "remittance.write_off_days"),
        ({"protest_days": 5}, "remittance.write_off_days"),
        ({"protest_days": 91, "write_off_days": None}, "remittance.protest_days"),
        ({"carteira": "24"}, "remittance.wallet_not_registered"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
    ],
)
def test_what_the_manual_does_not_take_is_refused(terms, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(terms.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.mark.req("BNK-04")
def test_separate_request_for_protest_is_not_taken_by_file(terms, write, make_title):
    """The file only changes what happens to an overdue title, with a number of days (NE017, 11 and 12)."""
    assert {Movement.PROTEST, Movement.STOP_PROTEST}.isdisjoint(movements_of(terms))
    with pytest.raises(Refused, match="não aceita protesto"):
        write(terms, Instruction(Movement.PROTEST, make_title()))


@pytest.mark.req("BNK-04")
def test_a_rebate_is_cancelled_by_its_amount(terms, write, make_title):
    with pytest.raises(Refused, match="valor do abatimento"):
        write(terms, Instruction(Movement.CANCEL_REBATE, make_title()))


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_kind_of_document_has_a_code(terms, write, make_register, kind):
    assert write(terms.evolve(especie=kind), make_register())[1][147:149] in (
        {"01", "02", "03", "09", "17", "19", "21"}
    )


@pytest.fixture
def answer(terms, created_at, make_register):
    def answer(*outcomes):
        remittance = write_remittance(terms, [make_register()], sequence=1, created_at=created_at)
        return respond(remittance, lambda _: list(outcomes), sequence=1, on=ON)

    return answer


def altered(content, **fields):
    """The file with other values in these fields of its title."""
    head, title, *remaining = content.decode().split("\r\n")
    for name, text in fields.items():
        field = records.RETURN_TITLE.by_name[name]
        title = f"{title[: field.start - 1]}{text.zfill(field.width)}{title[field.end :]}"
    return "\r\n".join([head, title, *remaining]).encode()


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("principal", "paid_amount"), [("12990", "134.60"), ("13460", "134.60"), ("10000", "104.70")]
)
def test_what_was_paid_is_principal_interest_and_fine(answer, principal, paid_amount):
    """Or the principal alone, if it already includes them."""
    content = altered(answer(paid(Money("129.90"))), valor_pago=principal, juros="210", multa="260")
    _, [occurrence] = read_return(content)
    assert (occurrence.interest, occurrence.fine) == (Money("2.10"), Money("2.60"))
    assert occurrence.paid_amount == occurrence.net_credited == Money(paid_amount)


@pytest.mark.req("BNK-05")
def test_a_settlement_tells_its_channel_and_whose_title_it_is(answer):
    header, [occurrence] = read_return(answer(paid(Money("129.90"))))
    assert header.agreement.strip() == occurrence.agreement == "123456"
    assert (occurrence.payment_channel, occurrence.reasons) == ("Compensação eletrônica", ())


@pytest.mark.req("BNK-05")
def test_an_entry_tells_that_the_payer_is_in_dda(answer):
    _, [occurrence] = read_return(altered(answer(confirmed()), dda="A4"))
    assert (occurrence.kind, occurrence.reasons) == (OccurrenceKind.REGISTERED, (("A4", "Pagador DDA"),))


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("042", "Nome do Pagador obrigatório"),
        ("008", "Movimento para título já com movimentação no dia; ou: Literal de Serviço Inválido"),
        ("026", "Data de vencimento inválida"),
        ("082", "CNPJ/CPF do Pagador inválido (dígito não confere)"),
    ],
)
def test_a_refusal_means_what_either_table_says(answer, reason, text):
    _, [occurrence] = read_return(answer(rejected(reason)))
    assert (occurrence.kind, [why.text for why in occurrence.reasons]) == (
        OccurrenceKind.COMMAND_REFUSED,
        [text],
    )


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("code", ["33", "35", "36"])
def test_same_day_notice_and_reversal_bring_no_money(answer, code):
    _, [occurrence] = read_return(answer(replace(paid(Money("129.90")), code=code)))
    assert (occurrence.kind, occurrence.paid_amount) == (OccurrenceKind.OTHER, ZERO)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("code", ["31", "32", "34"])
def test_three_occurrences_are_tariffs(answer, code):
    _, [occurrence] = read_return(answer(replace(charged(Money("1.50")), code=code)))
    assert (occurrence.kind, occurrence.tariff) == (OccurrenceKind.TARIFF, Money("1.50"))
