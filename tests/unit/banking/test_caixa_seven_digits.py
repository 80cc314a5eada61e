"""Caixa's beneficiary codes from 1100000 on: seven columns in barcode and files, in both directions (67.119 v010, p.
39-40; 67.126 v015, NE004 B)."""

from datetime import date

import pytest

from billing.adapters.sandbox_bank import bank
from billing.banking.certification import NumberRange, make_kit
from billing.banking.inspect import inspect_file
from billing.banking.occurrences import OccurrenceKind
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from tests.support.bank_accounts import ACCOUNTS, CREATED_AT, register

SEVEN, SEVEN_400 = ACCOUNTS["caixa_seven"], ACCOUNTS["caixa_seven_400"]
BOTH = [SEVEN, SEVEN_400]


def remittance(terms):
    return write_remittance(terms, [register(40), register(41)], sequence=7, created_at=CREATED_AT)


@pytest.mark.req("BNK-04")
def test_the_code_stands_in_seven_columns_of_cnab_240():
    head, batch, p, *_ = remittance(SEVEN).decode().split("\r\n")
    assert (head[58:72], head[163:166]) == ("1100001" + "0" * 7, "107")
    assert (batch[13:16], batch[33:53], batch[59:73]) == ("067", "1100001" + "0" * 13, "0" * 14)
    assert p[23:39] == "1100001" + "0" * 9
    assert p[39:57] == "0" + "14000000000000040"


@pytest.mark.req("BNK-04")
def test_the_code_stands_in_seven_columns_of_cnab_400():
    head, title, *_ = remittance(SEVEN_400).decode().split("\r\n")
    assert (head[26:37], head[100:103]) == ("1234" + "1100001", "007")
    assert title[17:27] == "000" + "1100001"


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("terms", BOTH, ids=["240", "400"])
def test_answers_of_the_bank_belong_to_the_account_only(terms):
    data = bank.respond(remittance(terms), lambda t: [bank.paid(t.amount)], sequence=3, on=date(2026, 3, 20))
    header, occurrences = read_return(data)
    titles = list(occurrences)
    assert [(t.kind, t.agreement, t.nosso_numero) for t in titles] == [
        (OccurrenceKind.SETTLED, "1100001", "14000000000000040"),
        (OccurrenceKind.SETTLED, "1100001", "14000000000000041"),
    ]
    assert header.is_of(terms)
    for other in ("110000", "100001", "1100002", "11000010", "001100"):
        assert not header.is_of(terms.evolve(convenio=other)), other


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("name", ["caixa", "caixa_400"])
def test_a_code_of_six_digits_is_not_read_as_one_of_seven(name):
    terms = ACCOUNTS[name]
    data = bank.respond(remittance(terms), lambda _: [bank.confirmed()], sequence=3, on=date(2026, 3, 20))
    header, occurrences = read_return(data)
    assert {t.agreement for t in occurrences} == {"123456"}
    assert header.is_of(terms)
    assert not header.is_of(terms.evolve(convenio="1234560"))


@pytest.mark.req("BNK-05")
def test_version_007_of_a_code_of_six_digits_leaves_the_first_column_blank():
    """NE004, A2."""
    terms = ACCOUNTS["caixa_400"]
    data = bank.respond(remittance(terms), lambda _: [bank.confirmed()], sequence=3, on=date(2026, 3, 20))
    head, *titles, end, _ = data.decode().split("\r\n")
    head = head[:30] + " 123456" + head[37:158] + "007" + head[161:]
    titles = [title[:20] + " 123456" + title[27:] for title in titles]
    header, occurrences = read_return("\r\n".join([head, *titles, end, ""]).encode())
    assert {t.agreement for t in occurrences} == {"123456"}
    assert header.is_of(terms)


@pytest.mark.req("BEY-14")
@pytest.mark.parametrize("terms", BOTH, ids=["240", "400"])
def test_every_field_of_the_files_and_of_the_kit_is_described(terms):
    answer = bank.respond(
        remittance(terms), lambda t: [bank.paid(t.amount)], sequence=3, on=date(2026, 3, 20)
    )
    kit = make_kit(terms, NumberRange(1, 100_000), date(2026, 3, 2))
    files = [remittance(terms), answer, *(file.content for file in kit.files)]
    for seen in (line for content in files for line in inspect_file(content)):
        assert seen.record is not None
        assert not seen.faults
        if "convenio" in seen.record.by_name:
            assert seen.record.read(seen.line)["convenio"] == "1100001"
