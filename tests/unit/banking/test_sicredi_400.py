"""Sicredi, CNAB 400: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import RemittanceRefused, confirmed, paid, respond, titles_of
from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.sicredi import cnab400 as records
from billing.banking.layouts.sicredi.cnab400_codes import OCCURRENCES, REASONS
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import RemittanceWriter, movements_of, write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import Money


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_and_closed_with_the_beneficiary(sicredi_400, write, make_register):
    assert validate_terms(sicredi_400) == []
    head, _, trailer = write(sicredi_400, make_register())
    assert head[:45].rstrip() == "01REMESSA01COBRANCA       00623" + "11222333000181"
    assert head[76:117] == "748SICREDI        20260302        0000007"
    assert head[390:] == "2.00000001"
    assert trailer == "9174800623".ljust(394) + "000003"


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title(sicredi_400, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    line = write(sicredi_400, make_register(2, discount=discount, rebate=Money("5.00")))[1]
    assert line[:19] == "1AAA" + " " * 12 + "AAA"
    assert line[62:82] == "20260302" + " N B" + " " * 8
    read = records.REMITTANCE_TITLE.read(line)
    assert (read["ocorrencia"], read["especie"], read["aceite"]) == ("01", "J", "N")
    assert (read["multa"].cents, read["juros_dia"]) == (200, Money("0.04"))
    assert (read["desconto_data"], read["desconto"]) == (date(2026, 3, 15), Money("10.00"))
    assert (read["vencimento"], read["emissao"]) == (date(2026, 3, 20), date(2026, 3, 1))
    assert read["abatimento"] == Money("5.00")
    assert line[218:234] == "10" + "00052998224725"
    assert line[314:394] == "0" * 5 + "0" * 6 + " " + "01310100" + "0" * 5 + " " * 55


@pytest.mark.req("BNK-04", "BNK-05")
def test_the_number_is_that_of_the_boleto_out_and_back(sicredi_400, write, make_register, created_at):
    """The manual's example (p. 8 and 66): agency 0165, post 02, beneficiary 00623, year 07, number 3."""
    register = make_register(3, issued_on=date(2007, 1, 2))
    assert write(sicredi_400, register)[1][47:62] == "072000031" + " " * 6
    title = register.title
    boleto = issue_boleto(
        BoletoTerms(sicredi_400, title.nosso_numero, title.due_on, title.amount, title.issued_on)
    )
    assert boleto.nosso_numero_formatted == "07/200003-1"
    remittance = write_remittance(sicredi_400, [register], sequence=1, created_at=created_at)
    content = respond(remittance, lambda _: [confirmed()], sequence=1, on=date(2026, 3, 18))
    _, occurrences = read_return(content)
    assert [o.nosso_numero for o in occurrences] == [boleto.nosso_numero] == ["07200003"]


@pytest.mark.req("BNK-04")
def test_byte_of_the_number_is_the_profiles(sicredi_400, write, make_register):
    assert write(sicredi_400.evolve(variacao="3"), make_register())[1][47:55] == "26300001"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "protest", "bureau_report"),
    [
        ({}, "0000", "0000"),
        ({"protest_days": 3, "especie": "DM"}, "0603", "0000"),
        ({"bureau_days": 10}, "0000", "0610"),
    ],
)
def test_what_the_bank_does_by_itself_goes_with_the_entry(
    sicredi_400, write, make_register, make_title, settings, protest, bureau_report
):
    terms = sicredi_400.evolve(**settings)
    line = write(terms, make_register())[1]
    assert (line[156:160], line[192:196]) == (protest, bureau_report)
    change = write(terms, Instruction(Movement.CHANGE_DUE_DATE, make_title()))[1]
    assert (change[156:160], change[192:196]) == ("0000", "0000")


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"carteira": "3"}, "remittance.wallet_not_registered"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
        ({"protest_days": 2, "especie": "DM"}, "remittance.protest_days"),
        ({"bureau_days": 2}, "remittance.bureau_days"),
        ({"protest_days": 5}, "remittance.protest_especie"),
        ({"convenio": ""}, "profile.convenio_missing"),
        ({"variacao": "1"}, "remittance.byte"),
        ({"variacao": "23"}, "remittance.byte"),
        ({"fine_percent": Decimal("2.005")}, "remittance.percent"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused_by_name(sicredi_400, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(sicredi_400.evolve(**changes), make_register())
    assert code in {caught.value.code, *(reason.code for reason in caught.value.reasons)}


@pytest.mark.req("BNK-04")
def test_instruction_31_does_not_change_the_payers_data(sicredi_400, write, make_title):
    """Column 71: discount, interest and the automatic actions (p. 33)."""
    assert Movement.CHANGE_DATA not in movements_of(sicredi_400)
    with pytest.raises(Refused, match="não aceita alteração de dados"):
        write(sicredi_400, Instruction(Movement.CHANGE_DATA, make_title()))


def warned(terms, created_at, register):
    remittance = RemittanceWriter(terms, 1, created_at)
    lines = list(remittance.lines([register]))
    return lines, [(warning.code, warning.field) for warning in remittance.warnings]


@pytest.mark.req("BNK-04")
def test_a_due_date_within_a_week_goes_with_a_warning(sicredi_400, created_at, make_register):
    """Required on p. 34-35, but no reason of rejection mentions it."""
    register = make_register(issued_on=date(2026, 3, 14))
    assert warned(sicredi_400, created_at, register)[1] == [("remittance.due_on", "due_on")]
    assert warned(sicredi_400, created_at, make_register(issued_on=date(2026, 3, 13)))[1] == []


@pytest.mark.req("BNK-04")
def test_characters_that_it_does_not_take_become_blanks_with_a_warning(
    sicredi_400, created_at, make_register
):
    """The list of p. 30 has no apostrophe."""
    register = make_register(payer=make_register().title.payer._replace(name="Sant’Ana"))
    lines, warnings = warned(sicredi_400, created_at, register)
    assert lines[1][234:274].rstrip() == "SANT ANA"
    assert warnings == [("remittance.character", "pagador_nome")]


@pytest.mark.req("BNK-04")
def test_the_bank_refuses_a_file_with_characters_that_it_does_not_take(
    sicredi_400, created_at, make_register
):
    content = write_remittance(sicredi_400, [make_register()], sequence=1, created_at=created_at)
    with pytest.raises(RemittanceRefused, match="não aceita '"):
        respond(
            content.replace(b"JOSE ", b"JOSE'"), lambda _: [confirmed()], sequence=1, on=date(2026, 3, 18)
        )
    assert titles_of(content)[0].our_reference == ""


@pytest.fixture
def answer(sicredi_400, created_at, make_register):
    def answer(*outcomes):
        content = write_remittance(sicredi_400, [make_register()], sequence=1, created_at=created_at)
        return respond(content, lambda _: list(outcomes), sequence=9, on=date(2026, 3, 18)).decode()

    return answer


def altered(content, columns):
    """The first title of a return with other values in these columns."""
    first, line, *remaining = content.split("\r\n")
    for start, text in columns.items():
        line = line[: start - 1] + text + line[start - 1 + len(text) :]
    _, occurrences = read_return("\r\n".join([first, line, *remaining]).encode())
    return next(occurrences)


@pytest.mark.req("BNK-05")
def test_header_has_the_beneficiary_and_the_day(answer):
    header, _ = read_return(answer(confirmed()).encode())
    assert (header.agreement, header.sequence, header.created_on) == ("00623", 9, date(2026, 3, 18))


@pytest.mark.req("BNK-05")
def test_interest_fine_and_tariff_are_distinguished(answer):
    """As in a published return: title 538.03, interest 3.06, fine 10.76, paid 551.85."""
    occurrence = altered(
        answer(paid(Money("551.85"), interest=Money("3.06"), tariff=Money("2.10"))),
        {127: "081206", 153: "0000000053803", 189: "0000000000100", 280: "0000000001076"},
    )
    assert (occurrence.kind, occurrence.payment_channel) == (OccurrenceKind.SETTLED, "081206")
    assert (
        occurrence.title_amount + occurrence.interest + occurrence.fine
        == occurrence.paid_amount
        == Money("551.85")
    )
    assert (occurrence.interest, occurrence.fine) == (Money("3.06"), Money("10.76"))
    assert (occurrence.tariff, occurrence.net_credited) == (Money("3.10"), Money("551.85"))
    assert (occurrence.occurred_on, occurrence.credited_on) == (date(2026, 3, 18), date(2026, 3, 18))


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("answered", "kind"),
    [("A", OccurrenceKind.INSTRUCTION_ACCEPTED), ("D", OccurrenceKind.INSTRUCTION_REJECTED)],
)
def test_a_protest_is_accepted_or_refused_in_its_own_column(answer, answered, kind):
    assert altered(answer(confirmed()), {109: "19", 295: answered}).kind is kind


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("occurrence", "reason", "text"),
    [
        ("03", "D2", "Espécie de documento não permite protesto / negativação de título"),
        ("06", "H5", "Recebimento de liquidação fora da rede Sicredi - VLB Inferior - Via Compensação"),
        ("28", "08", "Tarifa de custas de protesto"),
        ("28", "B3", "Tarifa de registro de entrada do título"),
        ("84", "N1", "Decurso de prazo"),
    ],
)
def test_reason_is_read_by_its_occurrences_table(answer, occurrence, reason, text):
    title = altered(answer(confirmed()), {109: occurrence, 319: reason.ljust(10, "0")})
    assert [(why.code, why.text) for why in title.reasons] == [(reason, text)]


def test_the_tables_are_those_of_the_manual():
    assert len(OCCURRENCES) == 30
    assert (len(REASONS["03"]), len(REASONS["28"])) == (157, 9)
    settling = {code for code, movement in OCCURRENCES.items() if movement.kind is OccurrenceKind.SETTLED}
    assert settling == {"06", "15", "17"}


@pytest.mark.req("BNK-05")
def test_a_date_that_does_not_begin_with_its_year_is_refused(answer):
    """A published file of another project has 11111600 there."""
    content = answer(confirmed()).replace("20260318", "11111600", 1)
    with pytest.raises(InvalidReturn) as caught:
        read_return(content.encode())
    assert (caught.value.field, caught.value.column) == ("data_geracao", 95)
