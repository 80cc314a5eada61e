"""The balance of every cash account: the sum of all its movements, and nothing else (PAY-09)."""

from billing.access.call import Call
from billing.core.entity import Entity
from billing.core.files import Files
from billing.core.money import Money
from billing.panels.listing import money
from billing.payments import service
from billing.projections.engine import Engine

_SUMS = """
SELECT account_id, sum(amount_cents) FILTER (NOT is_expected), sum(amount_cents) FILTER (is_expected)
FROM movement GROUP BY account_id
"""


class AccountBalance(Entity):
    """O saldo de uma conta de dinheiro; segue os lançamentos com alguns segundos de atraso."""

    account_id: str
    balance: Money
    """Tudo o que entrou menos tudo o que saiu, até hoje."""
    expected: Money
    """O que ainda aguarda conciliação; não está em `balance`."""


class AccountBalances(Entity):
    items: tuple[AccountBalance, ...]


def balances(call: Call, files: Files) -> AccountBalances:
    """Of the accounts of the caller's companies, by name."""
    with Engine(files, call.tenant_id, ["movement"]) as engine:
        sums = {account: (moved, expected) for account, moved, expected in engine.rows(_SUMS)}
    return AccountBalances(
        items=tuple(
            AccountBalance(account_id=account.id, balance=money(moved), expected=money(expected))
            for account in service.accounts(call)
            for moved, expected in [sums.get(account.id, (None, None))]
        )
    )
