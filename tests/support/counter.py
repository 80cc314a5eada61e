"""A counter for tests: an operator with an open cash box, an authoriser with a password, a customer who owes money."""

from collections.abc import Callable
from typing import Any

from billing.access.model import Profile
from billing.core.table import Table, Writes
from billing.payments import store as payments
from billing.payments.model import AccountKind, CashAccount
from tests.support.http import Answer, Client

TENANT = "ten_alfa"
BOX = "acc_caixa"
OPERATOR, MANAGER = "usr_rita", "usr_ana"
PASSWORD = "Correta-2026!"


class PaperPasswords:
    """Knows one password for each address, and counts how often it was asked."""

    def __init__(self, **owners: str) -> None:
        self.owners = owners
        """The user whose address is `<name>@alfa.example`."""
        self.calls = 0
        self.meanwhile: Callable[[], object] = lambda: None
        """Called while the pool checks a password."""

    def owner_of(self, email: str, password: str) -> str | None:
        self.calls += 1
        self.meanwhile()
        return self.owners.get(email.partition("@")[0]) if password == PASSWORD else None


def put(*rows: Table) -> None:
    writes = Writes()
    for row in rows:
        writes.overwrite(row)
    writes.commit()


def boxes(*ids: str, kind: AccountKind = AccountKind.CASH_BOX, company_id: str = "com_alfa") -> None:
    for account_id in ids:
        account = CashAccount(id=account_id, company_id=company_id, name=f"Conta {account_id}", kind=kind)
        put(payments.account_row(TENANT, account))


def opened(client: Client, cash: str = "50.00", account_id: str = BOX) -> dict[str, Any]:
    answer = client.post("/cash-sessions", {"account_id": account_id, "opening_cash": cash})
    assert answer.status == 201, answer.body
    session: dict[str, Any] = answer.body
    return session


def operator(handler: Any, profile: Profile = Profile.FINANCEIRO) -> Client:
    """Rita, who may receive payments, but neither give discounts nor waive interest."""
    return Client(handler, profile=profile, user_id=OPERATOR)


def receipt_of(total: str, *invoices: str, **changes: Any) -> dict[str, Any]:
    """A request for the customer Ana, paid in cash to the cent."""
    return {
        "customer_id": "cus_ana0",
        "invoice_ids": list(invoices or ("inv_ana0",)),
        "total": total,
        "paid": {"cash": total},
        **changes,
    }


def authorised(client: Client, purpose: str = "discount", **changes: Any) -> Answer:
    request = {
        "purpose": purpose,
        "customer_id": "cus_ana0",
        "email": "ana@alfa.example",
        "password": PASSWORD,
        **changes,
    }
    return client.post("/authorisations", request)
