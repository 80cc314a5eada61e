"""Cresol: its boleto; CNAB 400: what comes back, and why nothing is written."""

from datetime import date

import pytest

from billing.banking.boleto.bank import of
from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.inspect import inspect_file
from billing.banking.layouts.cresol import cnab400 as records
from billing.banking.occurrences import Kind
from billing.banking.remittance import movements_of
from billing.banking.returns import read_return
from billing.banking.terms import validate_terms
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
def test_the_wallet_is_one_however_it_is_written(cresol, carteira):
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
def test_a_remittance_is_refused(cresol, write, make_register):
    assert movements_of(cresol) == frozenset()
    with pytest.raises(Refused, match=r"ainda não é escrita") as caught:
        write(cresol, make_register())
    assert caught.value.code == "remittance.unwritten"


@pytest.mark.req("BNK-05")
def test_an_entry_is_told_with_its_number_and_whose_it_is(cresol):
    header, [found] = read_return(a_return({}))
    assert (found.kind, found.our_reference, found.nosso_numero) == (
        Kind.REGISTERED,
        "inv_00000001",
        "00000000077",
    )
    assert (found.due_on, found.occurred_on, found.title_amount) == (
        date(2026, 3, 20),
        date(2026, 3, 18),
        Money("129.90"),
    )
    assert (header.sequence, header.created_on) == (0, date(2026, 3, 18))
    assert cresol.agencia in header.agreement
    assert cresol.conta in header.agreement


@pytest.mark.req("BNK-05")
def test_what_is_paid_is_what_was_paid():
    paid = {"ocorrencia": "06", "valor_pago": 13200, "juros": 210, "tarifa": 180, "data_credito": "190326"}
    _, [found] = read_return(a_return(paid))
    assert (found.kind, found.paid_amount, found.interest, found.tariff) == (
        Kind.SETTLED,
        Money("132.00"),
        Money("2.10"),
        Money("1.80"),
    )
    assert found.credited_on == date(2026, 3, 19)


@pytest.mark.req("BNK-05")
def test_a_reason_without_a_table_is_told_as_its_code():
    _, [found] = read_return(a_return({"ocorrencia": "03", "motivos": "0848"}))
    assert (found.kind, [reason.code for reason in found.reasons]) == (Kind.REJECTED, ["08", "48"])
    assert "que o manual não descreve" in found.reasons[0].text


@pytest.mark.req("BNK-05")
def test_an_occurrence_that_the_bank_does_not_know_moves_nothing():
    _, [found] = read_return(a_return({"ocorrencia": "00", "valor_pago": 12990}))
    assert (found.kind, found.movement_text, found.paid_amount) == (
        Kind.OTHER,
        "Ocorrência desconhecida",
        ZERO,
    )


@pytest.mark.req("BNK-05")
def test_its_files_are_in_utf_8():
    """The manual, p. 1: the line with an accent has a byte more than its 400 columns."""
    content = a_return({}, name="CONCEIÇÃO & CIA")
    header, [found] = read_return(content)
    assert (header.titles, found.our_reference) == (1, "inv_00000001")
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
