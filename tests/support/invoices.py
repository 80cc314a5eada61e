"""Valid charges and invoices for tests; a test only states what matters to it."""

from datetime import date
from typing import Any

from billing.core.money import Money
from billing.core.period import Month, Period
from billing.invoicing.charge import Charge, charge_id
from billing.invoicing.credits import credit
from billing.invoicing.invoice import Invoice

MARCH = Period.of_month(Month("2026-03"))


def charge(**changes: Any) -> Charge:
    """A plan's charge of March, R$ 100.00, due on 10/04."""
    fields: dict[str, Any] = {
        "customer_id": "cus_ana0",
        "company_id": "com_alfa",
        "contract_id": "con_ana0",
        "definition_id": "def_plan",
        "description": "Plano Fibra 500 Mb",
        "amount": Money("100.00"),
        "due_on": date(2026, 4, 10),
        "reference": MARCH,
        "payment_profile_id": "pro_itau",
        **changes,
    }
    contract, definition = fields["contract_id"] or "none", fields["definition_id"] or "none"
    derived = charge_id(contract, definition, fields["reference"], fields.get("revision", 0))
    return Charge(**{"id": derived, **fields})


def invoice(**changes: Any) -> Invoice:
    """Open invoice number 7 of R$ 100.00, due on 10/04."""
    fields: dict[str, Any] = {
        "id": "inv_ana0",
        "number": 7,
        "company_id": "com_alfa",
        "customer_id": "cus_ana0",
        "description": "Plano Fibra 500 Mb",
        "amount": Money("100.00"),
        "due_on": date(2026, 4, 10),
        "issued_on": date(2026, 3, 1),
        "charge_ids": ("chg_ana0",),
        "payment_profile_id": "pro_itau",
        **changes,
    }
    return Invoice(**fields)


def a_credit(amount: str, source: str = "hel_1") -> Charge:
    """Unbilled credit of the same customer, from a held receipt."""
    return credit(
        customer_id="cus_ana0",
        company_id="com_alfa",
        amount=Money(amount),
        source=source,
        description="Pago em duplicidade",
        on=date(2026, 3, 5),
    )
