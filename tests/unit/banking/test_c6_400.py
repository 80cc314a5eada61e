"""C6 Bank, CNAB 400: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import confirmed, paid, rejected, respond
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.c6 import cnab400 as records
from billing.banking.layouts.c6.cnab400_codes import OCCURRENCES
from billing.banking.layouts.c6.cnab400_remittance import digit
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import Money


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_with_the_beneficiary_and_the_account(c6, write, make_register):
    assert validate_terms(c6) == []
    head, _, trailer = write(c6, make_register())
    assert head[:46] == "01REMESSA01COBRANCA       123456789012" + " " * 8
    assert head[76:120] == "336" + " " * 15 + "020326" + " " * 8 + "000001234567"
    assert head[120:] == " " * 266 + "00000007" + "000001"
    assert trailer == "9".ljust(394) + "000003"


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title(c6, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    line = write(c6, make_register(2, discount=discount, rebate=Money("5.00")))[1]
    assert line[:37] == "102" + "11222333000181" + "000001234567" + " " * 8
    assert line[74:110] == " " * 8 + "336" + " " * 21 + "20" + "01"
    read = records.REMITTANCE_TITLE.read(line)
    assert (read["especie"], read["aceite"]) == ("02", "N")
    assert (read["desconto_data"], read["desconto"]) == (date(2026, 3, 15), Money("10.00"))
    assert (read["abatimento"], read["juros_dia"]) == (Money("5.00"), Money("0.04"))
    assert line[192:205] == "210326" + " " * 7
    assert line[381:394] == "202" + " " + "210326" + "00" + " "
    assert (read["pagador_tipo"], read["pagador_uf"]) == ("01", "SP")


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(("number", "expected"), [("0012345678", "2"), ("0087654321", "1")])
def test_the_digit_of_the_number_is_that_of_published_remittances(number, expected):
    assert digit("20", number) == expected


@pytest.mark.req("BNK-04")
def test_the_digit_of_the_number_is_the_manuals(c6, write, make_register):
    """Section 11.4: wallet 43, number 4444444444, digit P."""
    assert digit("43", "4444444444") == "P"
    assert write(c6, make_register(12345678))[1][62:74] == "0" + "0012345678" + "2"


@pytest.mark.req("BNK-04")
def test_title_without_fine_and_interest_has_none_in_the_file(c6, write, make_register):
    free = c6.evolve(fine_percent=Decimal(0), interest_percent_month=Decimal(0), protest_days=10)
    line = write(free, make_register())[1]
    assert (line[160:173], line[192:198], line[381:394]) == ("0" * 13, "0" * 6, "000 " + "0" * 6 + "10 ")


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
        ({"convenio": ""}, "profile.convenio_missing"),
        ({"fine_percent": Decimal("2.5")}, "remittance.fine_percent"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused_by_name(c6, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(c6.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.mark.req("BNK-04")
def test_title_that_the_bank_would_refuse_is_refused_with_every_reason(c6, write, make_register):
    """D022, D035, D036 and D039."""
    payer = make_register().title.payer._replace(name="- Exemplo", street="(Rua) A", city="·Goiás")
    register = make_register(issued_on=date(2026, 3, 20), payer=payer)
    with pytest.raises(Refused) as caught:
        write(c6, register)
    assert [reason.field for reason in caught.value.reasons] == [
        "due_on", "payer.name", "payer.street", "payer.city",
    ]  # fmt: skip
    assert len(write(c6, Instruction(Movement.WRITE_OFF, register.title))) == 3


@pytest.mark.req("BNK-04")
def test_movements_offered_are_those_written(c6):
    assert set(Movement) - movements_of(c6) == {
        Movement.REPORT_TO_BUREAU,
        Movement.WITHDRAW_FROM_BUREAU,
        Movement.GRANT_DISCOUNT,
        Movement.CANCEL_DISCOUNT,
    }


@pytest.fixture
def answer(c6, created_at, make_register):
    def answer(*outcomes):
        content = write_remittance(c6, [make_register()], sequence=1, created_at=created_at)
        return respond(content, lambda _: list(outcomes), sequence=9, on=date(2026, 3, 18)).decode()

    return answer


def changed(content, line, columns):
    lines = content.split("\r\n")
    for start, text in columns.items():
        lines[line] = lines[line][: start - 1] + text + lines[line][start - 1 + len(text) :]
    return "\r\n".join(lines).encode()


@pytest.mark.req("BNK-05")
def test_header_has_the_beneficiary_and_the_movements_day(c6, answer):
    header, _ = read_return(answer(confirmed()).encode())
    assert c6.convenio in header.agreement
    assert (header.sequence, header.created_on) == (9, date(2026, 3, 18))


@pytest.mark.req("BNK-05")
def test_the_number_comes_back_as_the_boletos(answer):
    content = answer(confirmed())
    assert content.split("\r\n")[1][62:74] == "0000000001" + digit("20", "0000000001") + " "
    _, [occurrence] = read_return(content.encode())
    assert (occurrence.nosso_numero, occurrence.carteira) == ("0000000001", "20")


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({3: "00000000012991"}, "return.sum", "valor_total"),
        ({17: "000002"}, "return.count", "quantidade_detalhes"),
        ({23: "00000000012990"}, "return.sum", "valor_liquidacoes"),
        ({37: "000002"}, "return.count", "quantidade_liquidacoes"),
    ],
)
def test_the_trailer_proves_what_was_paid(answer, changes, code, field):
    """If interest were not in column 254, the sum of the payments (D067) would show it."""
    content = answer(paid(Money("131.00"), interest=Money("1.10")))
    _, [occurrence] = read_return(content.encode())
    assert (occurrence.paid_amount, occurrence.interest) == (Money("131.00"), Money("1.10"))
    with pytest.raises(InvalidReturn) as caught:
        read_return(changed(content, 2, changes))
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.req("BNK-05")
def test_other_additions_are_separate_from_interest(answer):
    content = changed(answer(paid(Money("135.00"))), 1, {267: "0000000000110", 280: "0000000000260"})
    _, [occurrence] = read_return(content)
    assert (occurrence.interest, occurrence.fine, occurrence.tariff) == (
        Money("1.10"),
        Money("2.60"),
        Money("2.10"),
    )


@pytest.mark.req("BNK-05")
def test_a_field_that_the_bank_could_not_read_is_named(answer):
    """The example of D063: three numbers, and the date in column 121."""
    content = changed(answer(rejected("9005", "9007", "1234")), 1, {366: "004121000"})
    _, [occurrence] = read_return(content)
    assert [reason.text for reason in occurrence.reasons] == [
        "Campo numérico inválido: empresa_documento, coluna 4",
        "Campo tipo data inválido: vencimento, coluna 121",
        "motivo 1234, que o manual não descreve",
    ]


def test_the_table_is_that_of_the_manual():
    assert len(OCCURRENCES) == 37
    by_kind = {
        kind: {code for code, movement in OCCURRENCES.items() if movement.kind is kind}
        for kind in OccurrenceKind
    }
    assert by_kind[OccurrenceKind.SETTLED] | by_kind[OccurrenceKind.PARTIALLY_SETTLED] == {
        "06",
        "07",
        "08",
        "75",
    }  # D068
    assert by_kind[OccurrenceKind.TARIFF] == {"36", "37", "96", "97", "98", "99"}
