"""PDFs that are drawn, scanned and read: this takes seconds, so they are not among the unit tests."""

import pytest

from tests.support.bank_accounts import ACCOUNTS


@pytest.fixture(scope="session")
def itau():
    return ACCOUNTS["itau"]


@pytest.fixture(scope="session")
def sicoob():
    return ACCOUNTS["sicoob"]


@pytest.fixture(scope="session")
def caixa():
    return ACCOUNTS["caixa"]
