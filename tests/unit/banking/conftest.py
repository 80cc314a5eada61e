"""Accounts, titles and instructions that the banking tests share."""

from datetime import date

import pytest
from hypothesis import strategies as st

from billing.banking.instructions import Discount, Payer, Title
from billing.banking.remittance import write_remittance
from billing.core.money import Money
from tests.support.bank_accounts import ACCOUNTS, CREATED_AT, register, title


@pytest.fixture(scope="session")
def created_at():
    return CREATED_AT


@pytest.fixture(scope="session")
def write():
    def write(terms, *instructions):
        """The lines of a remittance, without their ends."""
        content = write_remittance(terms, instructions, sequence=7, created_at=CREATED_AT)
        return content.decode("ascii").split("\r\n")[:-1]

    return write


def _account(name):
    @pytest.fixture(scope="session", name=name)
    def account():
        return ACCOUNTS[name]

    return account


globals().update({f"{name}_account": _account(name) for name in ACCOUNTS})


@pytest.fixture(scope="session")
def make_title():
    return title


@pytest.fixture(scope="session")
def make_register():
    return register


words = st.text("ABCDEFGHIJ áéíçãõ&.-,0123456789", min_size=1, max_size=30).map(str.strip).filter(bool)
days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
cents = st.integers(1, 10**9).map(Money.from_cents)

payers = st.builds(
    Payer,
    document=st.sampled_from(["52998224725", "11222333000181", "12ABC34501DE35"]),
    name=words,
    street=words,
    district=words.map(lambda w: w[:12].strip() or "X"),
    postcode=st.integers(0, 99999999).map("{:08d}".format),
    city=words.map(lambda w: w[:15].strip() or "X"),
    state=st.sampled_from(["SP", "MG", "DF"]),
    email=st.just(""),
)

titles = st.builds(
    Title,
    nosso_numero=st.integers(0, 99_999),
    our_reference=st.integers(0, 10**9).map("inv_{}".format),
    document_number=st.integers(0, 10**9).map(str),
    issued_on=days,
    due_on=days,
    amount=cents,
    payer=payers,
    discount=st.none() | st.builds(Discount, amount=cents, until=days),
    rebate=st.just(Money("0.00")) | cents,
    fine_percent=st.none(),
    interest_percent_month=st.none(),
    especie=st.none(),
)


@pytest.fixture(scope="session")
def any_title():
    return titles
