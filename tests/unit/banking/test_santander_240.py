"""Santander, CNAB 240: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import TitleEvent, confirmed, paid, rejected, respond, titles_of
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.registry import kind_of, restored
from billing.banking.layouts.santander import cnab240 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import Money

ON = date(2026, 3, 18)
URL = "pix.santander.com.br/qr/v2/cobv/2f5b2c1e-0f62-4a1e-9b7c-6f0f8f6b1a11"


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_with_the_code_of_transmission(santander_240, write, make_register):
    assert validate_terms(santander_240) == []
    lines = write(santander_240, make_register())
    head, batch = lines[:2]
    assert [line[7] + line[13] * (line[7] == "3") for line in lines] == ["0", "1", "3P", "3Q", "3R", "5", "9"]
    assert head[:47] == "03300000" + " " * 8 + "2011222333000181" + "316300007401949"
    assert head[142:166] == "102032026" + " " * 6 + "000007" + "040"
    assert batch[:33] == "03300011R01  030 2011222333000181"
    assert (batch[53:68], batch[183:199]) == ("316300007401949", "0000000702032026")
    assert lines[-2][17:23] == "000005"


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title(santander_240, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    lines = write(santander_240, make_register(3147578, discount=discount, rebate=Money("2.00")))
    p, q, r = (record.read(line) for record, line in zip(SEGMENTS, lines[2:5], strict=True))
    assert lines[2][17:32] == "3163" + "8" + "013002862" + "5"
    assert lines[2][44:62] == "000003147578" + "7" + "512" + "  "  # note 15, example 1
    assert (p["especie"], p["juros_codigo"], p["juros"]) == ("04", "2", 100_000)
    assert (p["juros_data"], r["multa_data"]) == (date(2026, 3, 20), date(2026, 3, 20))
    assert (p["desconto_codigo"], p["desconto_data"], p["desconto"]) == (
        "1",
        date(2026, 3, 15),
        Money("10.00"),
    )
    assert (p["abatimento"], p["uso_empresa"]) == (Money("2.00"), "inv_03147578")
    assert lines[2][220:240] == "0003000" + "00" + " " * 11
    assert (r["multa_codigo"], r["multa"].cents) == ("2", 200)
    assert (q["pagador_tipo"], q["pagador_uf"]) == ("1", "SP")


SEGMENTS = (records.SEGMENT_P, records.SEGMENT_Q, records.SEGMENT_R)


@pytest.mark.req("BNK-04")
def test_without_fine_and_interest_there_is_no_r_and_the_title_is_exempt(santander_240, write, make_register):
    free = make_register(fine_percent=Decimal(0), interest_percent_month=Decimal(0))
    lines = write(santander_240, free)
    assert [line[13] for line in lines[2:-2]] == ["P", "Q"]
    assert lines[2][117:141] == "3" + "0" * 23


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "0003000"),
        ({"protest_days": 10}, "1103000"),
        ({"write_off_days": 60}, "0001060"),
    ],
)
def test_automatic_instructions_have_their_fields(santander_240, write, make_register, settings, expected):
    """Notes 25 and 26: a profile without protest says so; without days to write off, the bank's own number applies."""
    assert write(santander_240.evolve(**settings), make_register())[2][220:227] == expected


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize("movement", [Movement.WRITE_OFF, Movement.CHANGE_DUE_DATE, Movement.GRANT_REBATE])
def test_an_instruction_is_a_segment_p_alone(santander_240, write, make_title, movement):
    lines = write(santander_240, Instruction(movement, make_title(rebate=Money("5.00"))))
    assert [line[13] for line in lines[2:-2]] == ["P"]


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"operacao": "20500006543200123456"}, "remittance.transmission_code"),
        ({"agencia_digit": ""}, "remittance.agencia_digit"),
        ({"conta_digit": ""}, "remittance.conta_digit"),
        ({"convenio": ""}, "profile.convenio_missing"),
        ({"carteira": "102"}, "remittance.wallet_not_registered"),
        ({"variacao": "2"}, "remittance.wallet_variation"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
        ({"write_off_days": 100}, "remittance.write_off_days"),
        ({"especie": "ND"}, "remittance.especie"),
        ({"registers_pix": True, "pix_key": "loja/centro"}, "remittance.pix_key"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused_by_name(santander_240, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(santander_240.evolve(**changes), make_register())
    assert code in {caught.value.code, *(reason.code for reason in caught.value.reasons)}


@pytest.mark.req("BNK-04")
def test_changed_data_is_not_taken(santander_240):
    """Movement 31 changes only the days to protest (note 14)."""
    assert Movement.CHANGE_DATA not in movements_of(santander_240)


@pytest.mark.req("BNK-06")
def test_a_bolepix_is_requested_in_a_segment_y_03(santander_240, write, make_register):
    pix = santander_240.evolve(registers_pix=True, pix_key="Financeiro@exemplo.com.br")
    lines = write(pix, make_register())
    assert [line[13] for line in lines[2:-2]] == ["P", "Q", "R", "Y"]
    y = lines[5]
    assert y[:19] == "0330001300004Y 0103"
    assert (y[19:80], y[80], y[81:158]) == (" " * 61, "4", "Financeiro@exemplo.com.br".ljust(77))
    assert y[158:] == " " * 82


@pytest.fixture
def answer(santander_240, created_at, make_title):
    def answer(*outcomes, terms=santander_240, movement=Movement.REGISTER):
        remittance = write_remittance(
            terms, [Instruction(movement, make_title())], sequence=1, created_at=created_at
        )
        return titles_of(remittance), respond(remittance, lambda _: list(outcomes), sequence=5, on=ON)

    return answer


def occurrences(content):
    return list(read_return(content)[1])


@pytest.mark.req("BNK-05")
def test_a_return_is_of_the_agency_and_account(answer):
    _, content = answer(confirmed())
    header, titles = read_return(content)
    assert (header.agreement, next(titles).nosso_numero) == ("3163013002862", "000000000001")


@pytest.mark.req("BNK-05", "BNK-06")
def test_the_address_of_a_bolepix_comes_in_a_segment_y_03(santander_240, answer):
    [title], content = answer(confirmed(pix_emv=URL), terms=santander_240.evolve(registers_pix=True))
    header, titles = read_return(content)
    [only] = titles
    assert title.with_pix
    assert (only.kind, only.pix_url, header.unread) == (OccurrenceKind.REGISTERED, URL, ())
    assert [line[13] for line in only.raw] == ["T", "U", "Y"]


@pytest.mark.req("BNK-06")
def test_pix_key_in_segment_y_03_of_a_return_is_not_an_address(santander_240, answer):
    pix = santander_240.evolve(registers_pix=True)
    [occurrence] = occurrences(answer(confirmed(pix_emv="financeiro@exemplo.com.br"), terms=pix)[1])
    assert occurrence.pix_url == ""


@pytest.mark.req("BNK-05")
def test_partial_payment_of_a_title_does_not_settle_it(answer):
    """Note 41-C: reason 09 of a settlement; for a write-off it says who requested it."""
    [part] = occurrences(answer(TitleEvent(OccurrenceKind.SETTLED, reasons=("09",), paid=Money("50.00")))[1])
    [gone] = occurrences(answer(TitleEvent(OccurrenceKind.WRITTEN_OFF, reasons=("09",)))[1])
    assert (part.kind, part.paid_amount) == (OccurrenceKind.PARTIALLY_SETTLED, Money("50.00"))
    assert (gone.kind, gone.reasons[0].text) == (OccurrenceKind.WRITTEN_OFF, "Comandada pelo banco")


@pytest.mark.req("BNK-05")
def test_the_tariff_does_not_lessen_what_is_credited(answer):
    [occurrence] = occurrences(answer(paid(Money("129.90"), tariff=Money("2.64")))[1])
    assert (occurrence.paid_amount, occurrence.net_credited, occurrence.tariff) == (
        Money("129.90"),
        Money("129.90"),
        Money("2.64"),
    )


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("movement", ["93", "94"])
def test_a_payment_that_is_only_announced_settles_nothing(answer, movement):
    event = TitleEvent(OccurrenceKind.OTHER, code=movement, reasons=(movement,), paid=Money("129.90"))
    [occurrence] = occurrences(answer(event)[1])
    assert (occurrence.kind, occurrence.paid_amount) == (OccurrenceKind.OTHER, Money("0.00"))
    assert "operacional" in occurrence.reasons[0].text


@pytest.mark.req("BNK-05")
def test_rejected_instruction_is_not_a_rejected_entry(answer):
    [occurrence] = occurrences(answer(rejected("60"), movement=Movement.WRITE_OFF)[1])
    assert (occurrence.kind, occurrence.movement) == (OccurrenceKind.INSTRUCTION_REJECTED, "26")
    assert occurrence.reasons[0].text == "Movimento para título não cadastrado"


WIDTHS = {"0": 166, "1": 199, "3T": 218, "3U": 213, "5": 123, "9": 29}
"""From a published return: each line ends before its reserved blanks."""


def shortened(content):
    lines = content.decode().split("\r\n")[:-1]
    kinds = [line[7] + line[13] * (line[7] == "3") for line in lines]
    return [line[: WIDTHS[kind]] for line, kind in zip(lines, kinds, strict=True)]


@pytest.mark.req("BNK-05")
def test_a_file_without_its_reserved_trailing_blanks_is_read(answer):
    _, content = answer(paid(Money("129.90")))
    short = shortened(content)
    assert {len(line) for line in short} == set(WIDTHS.values())
    assert kind_of(restored(short[0])) == ("033", 240, "retorno", "")
    assert occurrences("\r\n".join(short).encode()) == occurrences(content)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("line", range(6))
def test_a_line_that_lacks_more_than_reserved_blanks_stays_cut(answer, line):
    short = shortened(answer(paid(Money("129.90")))[1])
    short[line] = short[line][:-1] if line else short[line][:163]
    with pytest.raises(InvalidReturn) as caught:
        read_return("\r\n".join(short).encode())
    assert (caught.value.code, caught.value.line) == ("return.line_length", line + 1)


@pytest.mark.req("BNK-05")
def test_characters_lost_inside_a_line_are_not_taken_for_missing_blanks(answer):
    head, batch, t, *remaining = answer(paid(Money("129.90")))[1].decode().split("\r\n")
    with pytest.raises(InvalidReturn) as caught:
        read_return("\r\n".join([head, batch, t[:150] + t[155:], *remaining]).encode())
    assert (caught.value.code, caught.value.line) == ("return.line_length", 3)


@pytest.mark.req("BNK-05")
def test_the_totals_of_a_batch_are_the_portfolio(answer):
    """Note 39."""
    *lines, batch, end, _ = answer(confirmed())[1].decode().split("\r\n")
    portfolio = f"{batch[:23]}000001{'54890'.zfill(17)}{batch[46:]}"
    header, _ = read_return("\r\n".join([*lines, portfolio, end]).encode())
    assert header.titles == 1
