"""Contracts to close: an ISP's plan, a print outsourcer's counters, a cloud broker's usage entries."""

from datetime import date
from typing import Any

from billing.contracts.model import Contract
from billing.core.period import Month

TENANT = "ten_alfa"
JANUARY, FEBRUARY, MARCH = (Month(f"2026-0{number}") for number in (1, 2, 3))
FEBRUARY_1, MARCH_1 = date(2026, 2, 1), date(2026, 3, 1)

PLAN = {
    "definition_id": "def_plan",
    "valid_from": "2025-01-01",
    "category": "usage",
    "subcategory": "monthly",
    "scope": "contract",
    "pricing": {"kind": "flat", "amount": "90.00"},
}
MONO = {
    "definition_id": "def_mono",
    "valid_from": "2025-01-01",
    "category": "usage",
    "subcategory": "mono",
    "usage_unit": "page_mono",
    "billing_description": "Páginas mono",
    "pricing": {"kind": "allowance", "allowance": "5000", "fee": "275.00", "excess_price": "0.05"},
}
PRINTER_FIXED = {
    "definition_id": "def_printer",
    "valid_from": "2025-01-01",
    "category": "usage",
    "subcategory": "monthly",
    "billing_description": "Locação de impressora",
    "pricing": {"kind": "flat", "amount": "50.00", "fixed_cost": True},
}
CLOUD = {
    "definition_id": "def_cloud",
    "valid_from": "2025-01-01",
    "category": "usage",
    "scope": "contract",
    "billing_description": "Serviços de nuvem",
    "pricing": {"kind": "catalog"},
}
PRINTER = {
    "id": "eqp_0001",
    "description": "Impressora da recepção",
    "location": "Térreo",
    "kind": "printer",
    "joined_on": "2026-01-01",
    "meters": [{"unit": "page_mono", "initial": "1000"}],
}


def contract(customer_id: str = "cus_0001", **changes: Any) -> Contract:
    fields = {
        "id": f"con_{customer_id[4:]}",
        "number": 1,
        "customer_id": customer_id,
        "company_id": "com_alfa",
        "description": "Fibra 500 Mega",
        "mode": "recurring",
        "starts_on": "2026-01-01",
        "due": {"day": 10, "months_after": 1},
        "payment_profile_id": "pro_itau",
        "definitions": [PLAN],
        **changes,
    }
    return Contract.model_validate(fields)


def printing(customer_id: str = "cus_0002", **changes: Any) -> Contract:
    fields = {
        "description": "Outsourcing de impressão",
        "mode": "closing",
        "items": [PRINTER],
        "definitions": [MONO, PRINTER_FIXED],
        **changes,
    }
    return contract(customer_id, **fields)


def brokered(customer_id: str = "cus_0003", **changes: Any) -> Contract:
    return contract(
        customer_id, **{"description": "Nuvem", "mode": "usage", "definitions": [CLOUD], **changes}
    )
