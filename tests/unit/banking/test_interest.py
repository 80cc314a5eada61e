"""Interest for late payment: what any bank's file says, what its printed boleto says, and never more than was
agreed."""

import re
from datetime import date
from decimal import Decimal

import pytest

from billing.banking.boleto_document import payment_instructions
from billing.banking.layouts.registry import DESCRIBED, kind_of, record_of
from billing.banking.remittance import RemittanceWriter, daily_interest, warning_of
from billing.banking.terms import LENGTHS, BankTerms
from billing.core.money import Money
from tests.support.bank_accounts import ACCOUNTS, CREATED_AT, READ_ALONE, as_taken, register

WRITERS = sorted(ACCOUNTS.keys() - READ_ALONE)
AMOUNTS = ("10.00", "25.00", "30.00", "59.99", "60.00", "100.00", "1234.56")


def in_file(terms: BankTerms, amount: str) -> Decimal:
    """What the title's line charges for a delay of thirty days, in percent of the amount."""
    instruction = register(amount=Money(amount), due_on=date(2026, 3, 31))
    instruction = instruction._replace(title=as_taken(terms, instruction.title))
    lines = list(RemittanceWriter(terms, 1, CREATED_AT).lines([instruction]))
    kind = kind_of(lines[0])
    for line in lines:
        record = record_of(kind, line)
        if "juros_dia" in record.by_name:
            return record.read(line)["juros_dia"].decimal * 3000 / Decimal(amount)
        if "juros" in record.by_name:
            read = record.read(line)
            if read.get("juros_codigo", "1") == "1" and terms.bank != "041":
                return read["juros"].decimal * 3000 / Decimal(amount)
            rate = read["juros"]
            return rate.decimal if isinstance(rate, Money) else Decimal(rate).scaleb(-5)
    raise AssertionError("no line has interest")


def on_paper(terms: BankTerms, amount: str) -> Decimal:
    said = [line for line in payment_instructions(terms, Money(amount), date(2026, 3, 31)) if "juros" in line]
    if not said:
        return Decimal(0)
    [line] = said
    if rate := re.search(r"juros de ([0-9,]+)% ao mês", line):
        return Decimal(rate[1].replace(",", "."))
    cents = re.search(r"juros de R\$ ([0-9.,]+) por dia", line)
    return Decimal(cents[1].replace(".", "").replace(",", ".")) * 3000 / Decimal(amount)


def test_every_layout_that_is_written_is_here():
    written = {(ACCOUNTS[name].bank, LENGTHS[ACCOUNTS[name].layout]) for name in WRITERS}
    assert written == DESCRIBED - {("077", 400)}


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("name", WRITERS)
def test_file_and_boleto_charge_the_same_interest_and_no_more_than_agreed(name, amount):
    terms = ACCOUNTS[name].evolve(interest_percent_month=Decimal(1))
    interest = in_file(terms, amount)
    assert interest == on_paper(terms, amount) <= 1
    instruction = register(amount=Money(amount), due_on=date(2026, 3, 31))
    warned = {
        w.code for w in warning_of(terms)(instruction._replace(title=as_taken(terms, instruction.title)))
    }
    assert (interest == 0) == ("remittance.interest" in warned)
    written = RemittanceWriter(terms, 1, CREATED_AT)
    list(written.lines([instruction._replace(title=as_taken(terms, instruction.title))]))
    assert (interest == 0) == ("remittance.interest" in {warning.code for warning in written.warnings})


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize("layout", ["none", "cnab400"])
def test_boleto_has_no_line_for_zero_interest(layout):
    terms = ACCOUNTS["itau"].evolve(layout=layout)
    said = "".join(payment_instructions(terms, Money("10.00"), date(2026, 3, 31)))
    assert "R$ 0,00" not in said
    assert ("juros de 1% ao mês" in said) == (layout == "none")


@pytest.mark.parametrize(("cents", "daily"), [(2999, 0), (3000, 1), (5999, 1), (6000, 2)])
def test_cents_a_day_are_rounded_down(cents, daily):
    assert daily_interest(cents, Decimal(1)) == daily
