"""Cresol: its boleto; CNAB 400: what is written, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest

from billing.banking.boleto.bank import of
from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.inspect import inspect_file
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.cresol import cnab400 as records
from billing.banking.occurrences import OccurrenceKind
from billing.banking.preflight import preflight
from billing.banking.profile_checks import validate_terms
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import ZERO, Money

TITLE = {
    "empresa_tipo": "02",
    "empresa_documento": "11222333000181",
    "carteira": "009",
    "agencia": "01000",
    "conta": "0010000",
    "conta_digito": "8",
    "uso_empresa": "inv_00000001",
    "nosso_numero": "00000000077",
    "nosso_numero_digito": "P",
    "ocorrencia": "02",
    "data_ocorrencia": "180326",
    "numero_documento": "00000001",
    "vencimento": "200326",
    "valor_titulo": 12990,
    "banco_cobrador": "133",
}


def a_return(*titles, name="PROVEDOR EXEMPLO LTDA"):
    header = records.RETURN_HEADER.write_named(
        {"conta_cooperado": "100008", "nome_empresa": "X" * 30, "data_geracao": "180326", "sequencial": 1}
    )
    lines = [header.replace("X" * 30, name.ljust(30))]
    lines += [
        records.RETURN_TITLE.write_named(TITLE | title | {"sequencial": number})
        for number, title in enumerate(titles, 2)
    ]
    lines.append(records.RETURN_TRAILER.write_named({"sequencial": len(titles) + 2}))
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8")


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize(("number", "digit"), [(2, "P"), (10, "0"), (6362, "5"), (3, "8")])
def test_the_digit_of_the_number_is_the_specification_s(cresol, number, digit):
    """Remainders 1 and 0 of wallet 09, and the digits of its two published boletos."""
    assert validate_terms(cresol) == []
    boleto = issue_boleto(BoletoTerms(cresol, number, date(2026, 3, 20), Money("129.90")))
    assert (boleto.nosso_numero, boleto.nosso_numero_digit) == (f"{number:011d}", digit)


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize("carteira", ["9", "09", "009"])
def test_wallet_is_recognised_in_each_spelling(cresol, carteira):
    boleto = issue_boleto(
        BoletoTerms(cresol.evolve(carteira=carteira), 1, date(2026, 3, 20), Money("129.90"))
    )
    assert boleto.campo_livre == "1000" + "09" + "00000000001" + "0010000" + "0"


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"carteira": "19"}, "profile.wallet_unknown", "carteira"),
        ({"agencia": "12345"}, "profile.field_too_long", "agencia"),
        ({"convenio": "12345678"}, "profile.field_too_long", "convenio"),
    ],
)
def test_what_the_campo_livre_cannot_carry_is_refused(cresol, changes, code, field):
    assert [(reason.code, reason.field) for reason in validate_terms(cresol.evolve(**changes))] == [
        (code, field)
    ]


@pytest.mark.req("BNK-02")
def test_the_account_is_printed_with_the_digit_that_it_has(cresol):
    printed = [
        of("133").beneficiary(terms)
        for terms in (cresol.evolve(convenio="3892"), cresol.evolve(conta_digit=""))
    ]
    assert printed == ["1000 / 10000-8", "1000 / 10000"]


@pytest.mark.req("BNK-04")
def test_header_has_no_name_date_or_number(cresol, write, make_register):
    lines = write(cresol, make_register())
    assert [line[0] for line in lines] == ["0", "1", "9"]
    assert lines[0] == (
        "01REMESSA01COBRANCA".ljust(26)
        + "00000090100000100008"
        + " " * 30
        + "133CRESOL".ljust(18)
        + " " * 300
        + "000001"
    )
    assert lines[2] == "9" + " " * 393 + "000003"


@pytest.mark.req("BNK-04")
def test_a_registration_is_as_published(cresol, write, make_register):
    """The columns that tests/Remessa/CresolCnab400Test.php of eduardokum/laravel-boleto asserts, and the blanks of p. 2-5."""
    terms = cresol.evolve(agencia="1069", conta="28245", conta_digit="6", especie="DM")
    changes = {"issued_on": date(2026, 2, 10), "due_on": date(2026, 3, 10), "amount": Money("150.00")}
    line = write(terms, make_register(1, **changes))[1]
    assert line[1:37] == " " * 19 + "0" + "009" + "01069" + "0028245" + "6"
    assert line[62:82] == "   " + "2" + "0200" + "00000000001" + "1"
    assert line[82:110] == " " * 10 + "2" + " " * 15 + "01"
    assert line[120:160] == "100326" + "0000000015000" + " " * 8 + "02" + " " + "100226" + "    "
    assert line[160:220] == "0000000000005" + "000000" + "0" * 39 + "01"
    assert line[220:234] == "00052998224725"
    assert line[314:400] == " " * 12 + "01310100" + " " * 60 + "000002"


@pytest.mark.req("BNK-04")
def test_a_digit_that_is_a_letter_and_a_discount_go_with_the_title(cresol, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    line = write(cresol.evolve(fine_percent=Decimal(0)), make_register(2, discount=discount))[1]
    assert line[65:82] == "0" + "0000" + "00000000002P"
    assert line[173:192] == "150326" + "0000000001000"


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("movement", "code"),
    [
        (Movement.WRITE_OFF, "02"),
        (Movement.GRANT_REBATE, "04"),
        (Movement.CANCEL_REBATE, "05"),
        (Movement.CHANGE_DUE_DATE, "06"),
        (Movement.PROTEST, "09"),
        (Movement.STOP_PROTEST, "11"),
    ],
)
def test_an_instruction_is_the_code_of_the_manual(cresol, write, make_title, movement, code):
    """P. 4; 11 stops the protest and keeps the title, where 10 would write it off."""
    line = write(cresol, Instruction(movement, make_title(rebate=Money("5.00"))))[1]
    assert (line[108:110], line[205:218]) == (code, "0000000000500")


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("especie", "code"),
    [("DM", "02"), ("DS", "04"), ("NP", "12"), ("RC", "17"), ("ND", "19"), ("OU", "99")],
)
def test_the_kind_of_document_is_of_the_bank_s_table(cresol, write, make_register, especie, code):
    assert write(cresol.evolve(especie=especie), make_register())[1][147:149] == code


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"especie": "ME"}, "remittance.especie"),
        ({"operacao": ""}, "remittance.header_account"),
        ({"operacao": "10000X"}, "remittance.header_account"),
        ({"conta_digit": ""}, "remittance.account_digit"),
        ({"protest_days": 5}, "remittance.protest_days"),
        ({"bureau_days": 5}, "remittance.bureau_days"),
        ({"write_off_days": 60}, "remittance.write_off_days"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"agencia": "12345"}, "profile.field_too_long"),
        ({"fine_percent": Decimal("2.005")}, "remittance.percent"),
    ],
)
def test_what_the_layout_cannot_carry_is_refused_by_name(cresol, write, make_register, changes, code):
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        write(cresol.evolve(**changes), make_register())


@pytest.mark.req("BNK-04")
def test_changed_data_is_refused_for_the_manual_does_not_say_which(cresol, write, make_title):
    with pytest.raises(Refused, match="alteração de dados"):
        write(cresol, Instruction(Movement.CHANGE_DATA, make_title()))


@pytest.mark.req("BEY-13")
def test_a_number_that_does_not_fit_is_said_before_the_file_is_written(cresol, make_register):
    fit, [(_, reasons)] = preflight(cresol, [make_register(1), make_register(10**11)])
    assert len(fit) == 1
    assert [reason.code for reason in reasons] == ["boleto.nosso_numero_range"]


@pytest.mark.req("BNK-05")
def test_entry_has_its_number_and_its_reference(cresol):
    header, [occurrence] = read_return(a_return({}))
    assert (occurrence.kind, occurrence.our_reference, occurrence.nosso_numero) == (
        OccurrenceKind.REGISTERED,
        "inv_00000001",
        "00000000077",
    )
    assert (occurrence.due_on, occurrence.occurred_on, occurrence.title_amount) == (
        date(2026, 3, 20),
        date(2026, 3, 18),
        Money("129.90"),
    )
    assert (header.sequence, header.created_on) == (0, date(2026, 3, 18))
    assert cresol.agencia in header.agreement
    assert cresol.conta in header.agreement


@pytest.mark.req("BNK-05")
def test_paid_amount_is_read_back():
    paid = {"ocorrencia": "06", "valor_pago": 13200, "juros": 210, "tarifa": 180, "data_credito": "190326"}
    _, [occurrence] = read_return(a_return(paid))
    assert (occurrence.kind, occurrence.paid_amount, occurrence.interest, occurrence.tariff) == (
        OccurrenceKind.SETTLED,
        Money("132.00"),
        Money("2.10"),
        Money("1.80"),
    )
    assert occurrence.credited_on == date(2026, 3, 19)


@pytest.mark.req("BNK-05")
def test_reason_without_a_table_is_shown_as_its_code():
    _, [occurrence] = read_return(a_return({"ocorrencia": "03", "motivos": "0848"}))
    assert (occurrence.kind, [reason.code for reason in occurrence.reasons]) == (
        OccurrenceKind.REJECTED,
        ["08", "48"],
    )
    assert "que o manual não descreve" in occurrence.reasons[0].text


@pytest.mark.req("BNK-05")
def test_an_occurrence_that_the_bank_does_not_know_moves_nothing():
    _, [occurrence] = read_return(a_return({"ocorrencia": "00", "valor_pago": 12990}))
    assert (occurrence.kind, occurrence.movement_text, occurrence.paid_amount) == (
        OccurrenceKind.OTHER,
        "Ocorrência desconhecida",
        ZERO,
    )


@pytest.mark.req("BNK-05")
def test_files_are_in_utf_8():
    """The manual, p. 1: the line with an accent has a byte more than its 400 columns."""
    content = a_return({}, name="CONCEIÇÃO & CIA")
    header, [occurrence] = read_return(content)
    assert (header.titles, occurrence.our_reference) == (1, "inv_00000001")
    assert next(inspect_file(content)).record is records.RETURN_HEADER


@pytest.mark.req("BNK-04")
def test_a_remittance_of_another_program_is_shown(cresol):
    line = records.REMITTANCE_TITLE.write_named(
        {"nosso_numero": "77", "nosso_numero_digito": "P", "ocorrencia": "31", "instrucao": "9999"}
    )
    head = records.REMITTANCE_HEADER.write_named({"conta_cooperado": cresol.conta, "sequencial": 1})
    shown = list(inspect_file(f"{head}\r\n{line}\r\n".encode()))
    assert [seen.record for seen in shown] == [records.REMITTANCE_HEADER, records.REMITTANCE_TITLE]
    assert (line[70:82], line[156:160]) == ("00000000077P", "9999")
