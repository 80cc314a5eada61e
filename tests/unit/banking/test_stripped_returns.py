"""Returns of 240 columns whose lines lost their trailing blanks, for every bank; and letters where a bank writes digits
(BNK-05)."""

from datetime import date

import pytest

from billing.adapters.sandbox_bank import bank
from billing.banking.inspect import inspect_file
from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.pictures import Picture
from billing.banking.layouts.registry import kind_of, records_of
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.banking.terms import LENGTHS
from tests.support.bank_accounts import ACCOUNTS, CREATED_AT, READ_ALONE, as_taken, register

WRITTEN = sorted(ACCOUNTS.keys() - READ_ALONE)
OF_240 = [name for name in WRITTEN if LENGTHS[ACCOUNTS[name].layout] == 240]


def answered(name):
    terms = ACCOUNTS[name]
    titles = [register(number) for number in range(1, 5)]
    titles = [one._replace(title=as_taken(terms, one.title)) for one in titles]
    sent = write_remittance(terms, titles, sequence=7, created_at=CREATED_AT)
    happened = iter(
        [bank.confirmed(), bank.paid(titles[0].title.amount), bank.rejected("48"), bank.charged(bank.TARIFF)]
    )
    return bank.respond(sent, lambda _: [next(happened)], sequence=3, on=date(2026, 3, 20))


def facts(content):
    return [occurrence._replace(raw=()) for occurrence in read_return(content)[1]]


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
@pytest.mark.parametrize("name", OF_240)
def test_a_return_without_its_trailing_blanks_is_read_alike(name, ending):
    whole = answered(name)
    stripped = ending.join(line.rstrip() for line in whole.split(b"\r\n"))
    assert len(stripped.split(ending)[0]) < 240
    assert facts(stripped) == facts(whole)
    assert not [seen for seen in inspect_file(stripped) if seen.faults]


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("name", OF_240)
def test_a_line_that_was_cut_is_reported_by_its_number(name):
    lines = [line.rstrip() for line in answered(name).split(b"\r\n")[:-1]]
    for number, line in enumerate(lines, 1):
        for end in (len(line.rstrip(b"0 ")) // 2, 20, 9):
            cut = [*lines[: number - 1], line[:end], *lines[number:]]
            with pytest.raises(InvalidReturn) as caught:
                read_return(b"\r\n".join(cut))
            if number > 1:
                assert (caught.value.code, caught.value.line) == ("return.line_length", number)
                assert "foi cortada" in caught.value.title


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("name", WRITTEN)
def test_a_letter_in_a_nosso_numero_of_digits_is_a_fault_of_its_line_and_column(name):
    content = answered(name)
    lines = content.decode("latin-1").split("\r\n")
    kind = kind_of(lines[0])
    record = next(
        r for r in records_of(kind).values() if {"nosso_numero", "valor_titulo"} <= r.by_name.keys()
    )
    field = record.by_name["nosso_numero"]
    if (
        field.picture is not Picture.CODE
    ):  # FEBRABAN's is alphanumeric, and Banco do Brasil and Ailos keep it so
        assert kind.bank in {"001", "085"}
        return
    number = next(n for n, line in enumerate(lines) if line[13:14] == "T" or (kind.length == 400 and n == 1))
    line = lines[number]
    lines[number] = line[: field.end - 2] + "A" + line[field.end - 1 :]
    with pytest.raises(InvalidReturn) as caught:
        read_return("\r\n".join(lines).encode("latin-1"))
    error = caught.value
    assert (error.code, error.line, error.column, error.field) == (
        *("return.field", number + 1),
        *(field.start, "nosso_numero"),
    )
