"""What the demonstration tenant agreed, and with whom: catalog, payment profiles, contracts. Amounts are text, as the
API takes them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from infra.local.people import COMPANY, COMPANY_ID

SEED = 20260301
PLANS = {"Fibra 300 Mega": "99.90", "Fibra 500 Mega": "129.90", "Fibra 1 Giga": "199.90"}
CLOUD_ITEMS = (
    ("Máquina virtual 4 vCPU", "Nuvem pública", "hora", "0.4375"),
    ("Armazenamento em bloco", "Nuvem pública", "GB", "0.35"),
    ("Licença de e-mail", "Produtividade", "usuário", "41.99"),
)
MONO = {"allowance": "2000", "fee": "180.00", "excess_price": "0.06"}
COLOUR = {"allowance": "500", "fee": "225.00", "excess_price": "0.38"}
PRINTER_FIXED = "35.00"
CONTRACT_FIXED = "60.00"
DUE_DAY = {"isp": 10, "print": 15, "cloud": 20}

_BENEFICIARY = {
    "beneficiary_name": COMPANY["legal_name"],
    "beneficiary_document": COMPANY["cnpj"],
    "beneficiary_address": "Avenida Beira-Mar, 1200 - Florianópolis/SC",
    "fine_percent": "2",
    "interest_percent_month": "1",
    "pix_key": "cobranca@aurora.example",
}
ITAU = {
    "company_id": COMPANY_ID,
    "name": "Itaú carteira 109",
    "last_nosso_numero": 99_999_999,
    "pix_city": "FLORIANOPOLIS",
    "terms": {
        "bank": "341",
        "agencia": "0057",
        "conta": "12345",
        "conta_digit": "7",
        "carteira": "109",
        "layout": "cnab400",
        **_BENEFICIARY,
    },
}
RECEIPT = "Recebemos de #cliente# a quantia de #valor# (#extenso#), da fatura #fatura#, em #data#."
"""The text of the demonstration's receipts."""

SICOOB: dict[str, Any] = {
    "company_id": COMPANY_ID,
    "name": "Sicoob carteira 1",
    "imports_pix": True,
    "last_nosso_numero": 9_999_999,
    "pix_city": "FLORIANOPOLIS",
    "terms": {
        "bank": "756",
        "agencia": "3069",
        "conta": "8529",
        "conta_digit": "0",
        "convenio": "119598",
        "convenio_digit": "0",
        "carteira": "1",
        "variacao": "01",
        "layout": "cnab240",
        **_BENEFICIARY,
    },
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """A customer with its contract, and what the story will see it use."""

    business: str
    customer_id: str
    contract_id: str
    printers: tuple[str, ...] = ()
    price: Decimal = Decimal(0)
    """The monthly price of a plan."""


def plan_contract(name: str, starts_on: date, profile_id: str) -> dict[str, Any]:
    """A recurring plan of the internet provider, billed by the month, prorated if it begins during a month."""
    return {
        **_terms(name, "recurring", starts_on, "isp", profile_id),
        "definitions": [
            _definition(
                "plano", starts_on, scope="contract", subcategory="monthly", flat=PLANS[name], says=name
            )
        ],
    }


def print_contract(
    starts_on: date, profile_id: str, printers: tuple[str, ...], *, by_hand: bool
) -> dict[str, Any]:
    """Printers with mono (individual) and colour (shared) allowances, a fixed cost for each and one for the
    contract."""
    items = [
        {
            "id": printer,
            "description": f"Multifuncional {n}",
            "kind": "printer",
            "location": f"{n}º andar",
            "joined_on": starts_on.isoformat(),
            "monitored": not by_hand,
            "meters": [{"unit": "page_mono", "initial": "1000"}, {"unit": "page_colour", "initial": "500"}],
        }
        for n, printer in enumerate(printers, 1)
    ]
    return {
        **_terms("Outsourcing de impressão", "closing", starts_on, "print", profile_id),
        "items": items,
        "definitions": [
            _allowance("mono", starts_on, MONO, shared=False, says="Páginas preto e branco"),
            _allowance("colour", starts_on, COLOUR, shared=True, says="Páginas coloridas"),
            _definition("equipamento", starts_on, subcategory="monthly", flat=PRINTER_FIXED, fixed=True, says="Locação"),
            _definition(
                "suporte", starts_on, scope="contract", subcategory="monthly", flat=CONTRACT_FIXED, fixed=True, says="Suporte"
            ),
        ],
    }  # fmt: skip


CLOUD = "Nuvem sob demanda"


def cloud_contract(starts_on: date, profile_id: str) -> dict[str, Any]:
    """Catalog items, billed by the month's usage entries at the month's price."""
    return {
        **_terms(CLOUD, "usage", starts_on, "cloud", profile_id),
        "definitions": [
            {
                "definition_id": "def_consumo",
                "valid_from": starts_on.isoformat(),
                "category": "usage",
                "scope": "contract",
                "pricing": {"kind": "catalog"},
                "billing_description": "Consumo de nuvem",
            }
        ],
    }


def _terms(name: str, mode: str, starts_on: date, business: str, profile_id: str) -> dict[str, Any]:
    return {
        "company_id": COMPANY_ID,
        "description": name,
        "mode": mode,
        "starts_on": starts_on.isoformat(),
        "cut_off_day": 1,
        "due": {"day": DUE_DAY[business], "months_after": 1},
        "payment_profile_id": profile_id,
    }


def _definition(
    name: str,
    starts_on: date,
    *,
    subcategory: str,
    flat: str,
    says: str,
    scope: str = "item",
    fixed: bool = False,
) -> dict[str, Any]:
    return {
        "definition_id": f"def_{name}",
        "valid_from": starts_on.isoformat(),
        "category": "usage",
        "scope": scope,
        "subcategory": subcategory,
        "pricing": {"kind": "flat", "amount": flat, "fixed_cost": fixed},
        "billing_description": says,
    }


def _allowance(
    name: str, starts_on: date, terms: dict[str, str], *, shared: bool, says: str
) -> dict[str, Any]:
    return {
        "definition_id": f"def_{name}",
        "valid_from": starts_on.isoformat(),
        "category": "usage",
        "subcategory": name,
        "usage_unit": f"page_{name}",
        "pricing": {"kind": "allowance", **terms, "shared": shared},
        "billing_description": says,
    }
