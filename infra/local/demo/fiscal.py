"""The demonstration's fiscal side: the company's settings and certificate, and the notes of a month."""

import base64
from datetime import UTC, datetime
from typing import Any

from billing.adapters.sandbox_authority.certificate import sandbox_certificate
from billing.core.period import Month, Period
from infra.local.demo.base import CLOUD, PLANS
from infra.local.demo.teller import ADMIN, Teller
from infra.local.people import COMPANY, COMPANY_ID

PASSWORD = "demonstracao"  # noqa: S105  (of a certificate that only the stand-in accepts)
VALID_FROM, VALID_UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)

SETTINGS: dict[str, Any] = {
    "environment": "test",
    "regime": "3",
    "state_registration": "255123456",
    "nfse": {"series": 1, "municipal_registration": "31000"},
    "compositions": [
        {
            "code": "SCM",
            "name": "Internet por fibra (SCM)",
            "nfcom": {
                "class_code": "0400401",
                "cfop": "5307",
                "unit": "4",
                "service": "4",
                "taxation": {
                    "icms": "00",
                    "icms_percent": "17",
                    "contributions_cst": "01",
                    "contribution_regime": "cumulative",
                    "pays_funds": True,
                    "ibs_cbs": {"cst": "000", "class_code": "000001"},
                },
            },
        },
        {
            "code": "NUVEM",
            "name": "Nuvem sob demanda (NFS-e)",
            "nfse": {
                "national_code": "010302",
                "nbs": "115022000",
                "iss": {"percent": "5"},
                "contributions_cst": "01",
                "contribution_regime": "cumulative",
                "approximate_taxes": {"federal": "13.45", "municipal": "3.12"},
                "ibs_cbs": {"cst": "000", "class_code": "000001", "operation_code": "100301"},
            },
        },
        {"code": "FORA", "name": "Sem documento fiscal"},
    ],
    "rules": [
        *({"plan": plan, "composition": "SCM"} for plan in PLANS),
        {"plan": CLOUD, "composition": "NUVEM"},
        {"composition": "FORA"},
    ],
}


def configure(teller: Teller) -> None:
    """Configure the company once; if it is configured already, it stays as it is."""
    path = f"/companies/{COMPANY_ID}"
    if teller.get(f"{path}/fiscal-settings")["version"]:
        return
    teller.made(f"{path}/fiscal-certificate", certificate())
    teller.put(ADMIN, f"{path}/fiscal-settings", SETTINGS, 0)


def certificate() -> dict[str, str]:
    """The certificate as it is sent to the API."""
    holder = str(COMPANY["legal_name"]).upper()
    content = sandbox_certificate(str(COMPANY["cnpj"]), holder, PASSWORD, VALID_FROM, VALID_UNTIL)
    return {"content": base64.b64encode(content).decode(), "password": PASSWORD}


def issue_month(teller: Teller, month: Month) -> dict[str, Any]:
    """Issue the notes of a month's invoices, in a run."""
    days = Period.of_month(month)
    request = {"company_id": COMPANY_ID, "issued_from": f"{days.start}", "issued_to": f"{days.last_day}"}
    run: dict[str, Any] = teller.run("/runs/fiscal", request)
    return run
