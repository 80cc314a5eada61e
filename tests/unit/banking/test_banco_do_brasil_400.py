"""Banco do Brasil, CNAB 400: what is written, and what comes back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.adapters.sandbox_bank.bank import (
    RemittanceRefused,
    TitleEvent,
    charged,
    confirmed,
    paid,
    rejected,
    respond,
)
from billing.banking.inspect import inspect_file
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.banco_do_brasil import cnab400 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import RemittanceWriter, write_remittance
from billing.banking.returns import read_return
from billing.banking.terms import DocumentKind
from billing.core.errors import Refused, Severity
from billing.core.money import Money

ON = date(2026, 3, 18)


@pytest.fixture(scope="module")
def terms(banco_do_brasil_400):
    return banco_do_brasil_400


@pytest.mark.req("BNK-04")
def test_a_file_is_opened_with_account_and_agreement(terms, write, make_register):
    assert validate_terms(terms) == []
    head = write(terms, make_register())[0]
    assert head[:46] == "01REMESSA01COBRANCA       " + "12343" + "006543219" + "000000"
    assert head[76:136] == "001BANCODOBRASIL  " + "020326" + "0000007" + " " * 22 + "3128557"


@pytest.mark.req("BNK-04")
def test_a_registration_is_a_record_7_and_its_fine_a_record_5(terms, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    lines = write(terms, make_register(2, discount=discount))
    assert [line[0] for line in lines] == ["0", "7", "5", "9"]
    title = lines[1]
    assert title[1:38] == "02" + "11222333000181" + "12343" + "006543219" + "3128557"
    assert title[38:108] == (
        "inv_00000002".ljust(25) + "31285570000000002" + "0000" + " " * 7 + "019" + "0000000" + " " * 5 + "17"
    )
    assert (
        title[108:160]
        == "01" + "00000002  " + "200326" + "12990".zfill(13) + "0010000 12N" + "010326" + "0700"
    )
    assert title[160:218] == "4".zfill(13) + "150326" + "1000".zfill(13) + "0" * 13 + "0" * 13
    assert title[391:394] == "00 "
    assert lines[2][:23] == "599" + "2" + "210326" + "200".zfill(12) + " "


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("days", "code", "beside"),
    [
        (None, "07", "00"),
        (5, "05", "00"),
        (10, "06", "10"),
        (40, "06", "40"),
        (30, "30", "00"),
        (45, "45", "00"),
    ],
)
def test_protest_has_a_code_or_its_number_of_days(terms, write, make_register, days, code, beside):
    """Note 09."""
    line = write(terms.evolve(protest_days=days), make_register())[1]
    assert (line[156:158], line[391:393]) == (code, beside)


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("movement", "command", "instruction"),
    [
        (Movement.WRITE_OFF, "02", "44"),
        (Movement.CHANGE_DUE_DATE, "06", "00"),
        (Movement.PROTEST, "09", "10"),
        (Movement.STOP_PROTEST, "10", "00"),
        (Movement.CHANGE_DATA, "12", "00"),
    ],
)
def test_an_instruction_is_its_command_alone(terms, write, make_title, movement, command, instruction):
    """Columns 174-192 mean other things for other commands (note 11), and the fine goes only with the entry (note
    14)."""
    title = make_title(discount=Discount(Money("10.00"), date(2026, 3, 15)))
    lines = write(terms.evolve(protest_days=10), Instruction(movement, title))
    assert [line[0] for line in lines] == ["0", "7", "9"]
    assert (lines[1][108:110], lines[1][156:160]) == (command, f"{instruction}00")
    assert lines[1][160:192] == "0" * 32


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"carteira": "11"}, "remittance.wallet_not_registered"),
        ({"convenio": "312855"}, "remittance.wallet_not_registered"),
        ({"protest_days": 31}, "remittance.protest_days"),
        ({"bureau_days": 10}, "remittance.bureau_days"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"especie": DocumentKind.ME}, "remittance.especie"),
        ({"especie": DocumentKind.RC, "protest_days": 5}, "remittance.protest_kind"),
        ({"interest_percent_month": Decimal(0)}, "remittance.interest"),
    ],
)
def test_what_the_manual_does_not_take_is_refused(terms, write, make_register, changes, code):
    with pytest.raises(Refused) as caught:
        write(terms.evolve(**changes), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.mark.req("BNK-04")
def test_interest_of_less_than_a_cent_goes_with_a_warning(terms, created_at, make_register):
    """Note 10: without an amount the bank charges the account's own rate."""
    file = RemittanceWriter(terms, 7, created_at)
    lines = list(file.lines([make_register(amount=Money("1.49"))]))
    assert lines[1][160:173] == "0" * 13
    [warning] = file.warnings
    assert (warning.code, warning.severity) == ("remittance.interest", Severity.WARNS)
    assert "cadastro da conta" in warning.message


@pytest.fixture
def answer(terms, created_at, make_register):
    def answer(*outcomes):
        remittance = write_remittance(terms, [make_register()], sequence=1, created_at=created_at)
        return respond(remittance, lambda _: list(outcomes), sequence=1, on=ON)

    return answer


@pytest.mark.req("BNK-05")
def test_amount_credited_excludes_the_tariff(answer):
    _, [occurrence] = read_return(answer(paid(Money("129.90"), tariff=Money("9.00"))))
    assert (occurrence.paid_amount, occurrence.tariff, occurrence.net_credited) == (
        Money("129.90"),
        Money("9.00"),
        Money("120.90"),
    )
    assert [reason.text for reason in occurrence.reasons] == ["Liquidação normal"]


@pytest.mark.req("BNK-05")
def test_a_bank_that_credited_nothing_says_so_by_its_indicator(answer):
    """Note 11: without the mark of a credit, the amount next to it is not one."""
    content = answer(paid(Money("129.90"), tariff=Money("9.00")))
    returned = content.replace(b"000000001209020", b"000000001209000")
    assert returned != content
    _, [occurrence] = read_return(returned)
    assert (occurrence.paid_amount, occurrence.net_credited) == (Money("129.90"), Money("129.90"))


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("outcome", "kind", "text"),
    [
        (replace(confirmed(), code="09", reasons=("90",)), OccurrenceKind.WRITTEN_OFF, "Baixa automática"),
        (
            replace(confirmed(), code="02", reasons=("18",)),
            OccurrenceKind.REGISTERED,
            "Por alteração da carteira",
        ),
        (
            replace(paid(Money("50.00")), code="07", reasons=("02",)),
            OccurrenceKind.PARTIALLY_SETTLED,
            "Liquidação parcial",
        ),
        (
            replace(paid(Money("50.00")), code="15", reasons=("09",)),
            OccurrenceKind.SETTLED,
            "Liquidação em cartório",
        ),
        (rejected("18"), OccurrenceKind.COMMAND_REFUSED, "Endereço do sacado não localizado ou incompleto"),
    ],
)
def test_shared_reason_code_is_read_by_its_command(answer, outcome, kind, text):
    _, [occurrence] = read_return(answer(outcome))
    assert (occurrence.kind, [reason.text for reason in occurrence.reasons]) == (kind, [text])


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("code", ["28", "96", "97", "98"])
def test_costs_of_the_notary_are_a_tariff(answer, code):
    _, [occurrence] = read_return(answer(replace(charged(Money("12.34")), code=code)))
    assert (occurrence.kind, occurrence.tariff, occurrence.paid_amount) == (
        OccurrenceKind.TARIFF,
        Money("12.34"),
        Money("0.00"),
    )


@pytest.mark.req("BNK-05")
def test_uncleared_cheque_brings_no_money(answer):
    _, [occurrence] = read_return(answer(replace(paid(Money("129.90")), code="46", reasons=("04",))))
    assert (occurrence.kind, occurrence.paid_amount, occurrence.net_credited) == (
        OccurrenceKind.OTHER,
        Money("0.00"),
        Money("0.00"),
    )


@pytest.mark.req("BNK-05")
def test_records_that_follow_a_title_are_kept_raw_and_shown(answer):
    head, title, trailer, _ = answer(TitleEvent(OccurrenceKind.OTHER)).decode().split("\r\n")
    document = records.RETURN_DOCUMENT.write_named({"numero_documento": "FAT-2026-000123", "sequencial": 3})
    content = "\r\n".join([head, title, document, f"{trailer[:394]}000004"]).encode()
    header, [occurrence] = read_return(content)
    assert (header.titles, [number for number, _ in header.unread]) == (1, [3])
    assert occurrence.document_number == "00000001"
    shown = list(inspect_file(content))[2]
    assert shown.record is records.RETURN_DOCUMENT


@pytest.mark.req("BNK-04")
def test_the_bank_refuses_a_fine_that_follows_no_entry(terms, created_at, make_register):
    lines = (
        write_remittance(terms, [make_register()], sequence=1, created_at=created_at).decode().split("\r\n")
    )
    lines[1] = f"{lines[1][:108]}02{lines[1][110:]}"
    with pytest.raises(RemittanceRefused, match="multa que não segue"):
        respond("\r\n".join(lines).encode(), lambda _: [confirmed()], sequence=1, on=ON)
