"""Walks of the console in a real browser over the local cloud: `python -m tests.web.walks FOLDER KEPT [WALK ...]`.

KEPT has the demonstration's base or its first month (`tests.stories.kept`, `tests.stories.killed`); if the month has
not been run yet, it is run. It runs in a process of its own, because the stores read their tables' names from the
environment only once. The clock is at ten in the morning of the twentieth of the next month, so that no walk depends on
the day on which it is walked.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from billing.adapters.sandbox_bank import bank
from billing.fiscal.environment import Environment
from infra.local.cloud import LocalCloud
from infra.local.console import WEB, build_console, serve_console
from infra.local.demo import fiscal
from infra.local.demo.base import SEED, cloud_contract
from infra.local.demo.cloud import DeployedCloud
from infra.local.demo.people import invent_customers
from infra.local.demo.story import Story
from infra.local.demo.teller import OPERATION, Teller
from infra.local.deploy import Outputs
from infra.local.people import (
    COMPANY,
    COMPANY_ID,
    FOUNDED_AT,
    TENANT_ID,
    User,
    make_user,
    settle_people,
)
from tests.stories import kept
from tests.stories.kept import MONTH

NOW = datetime(2026, 4, 20, 10, tzinfo=ZoneInfo("America/Sao_Paulo"))
OWED = datetime(2026, 2, 19, 10, tzinfo=ZoneInfo("America/Sao_Paulo"))
LATE = "Zênite Nuvem Ltda."
NEW_PEOPLE = {"52998224725": "Lourdes Sampaio", "15350946056": "Raimunda Sampaio"}
"""By CPF."""
DEBTOR = "Amélia Devedora"
REGISTERED, REGISTERED_DUE = 4, "2026-04-27"
REJECTION = "432"
"""What the tax authority says to the first note that is sent to it."""
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def find_browser() -> str | None:
    """$CHROME, or the first of these on the PATH."""
    return os.environ.get("CHROME") or next(filter(None, map(shutil.which, BROWSERS)), None)


def _prepare(teller: Teller, story: Story) -> None:
    """What walks need in addition to the story: with its items and the one that a walk adds there are eleven, and a
    chart takes ten (USE-06); a broker's customer whose last month nobody has closed yet, which the list shows last;
    people who owe nothing."""
    for n in range(1, 8):
        item = {"name": f"Serviço de rede {n}", "product": "Rede", "unit": "GB", "unit_price": "0.10"}
        teller.made("/items", {**item, "valid_from": MONTH}, key=f"walks-item-{n}")
    for document, name in NEW_PEOPLE.items():
        individual = {"kind": "individual", "name": name, "document": document, "channels": ["email"]}
        teller.made("/customers", {**individual, "addresses": [COMPANY["address"]]}, key=f"walks-{document}")
    person = {"kind": "company", "name": LATE, "document": "19131243000197", "channels": ["email"]}
    customer = teller.made("/customers", person, key="walks-customer")["id"]
    begun = MONTH.first_day
    body = cloud_contract(begun, story.profiles["756"])
    contract = teller.made(f"/customers/{customer}/contracts", body, key="walks-contract")
    path = f"/customers/{customer}/contracts/{contract['id']}/activation"
    teller.put(OPERATION, path, {"on": begun.isoformat()}, contract["version"])


def _owe(teller: Teller, story: Story) -> None:
    """The manual's debt: R$ 100.00, 59 days late on the walks' day."""
    person = {"kind": "individual", "name": DEBTOR, "document": "11144477735", "channels": ["email"]}
    body = {**person, "addresses": [COMPANY["address"]]}
    _billed(teller, story, body, "debt", "Fibra 500 Mega", "100.00", "2026-02-20")


def _billed(
    teller: Teller, story: Story, person: dict[str, Any], key: str, description: str, amount: str, due_on: str
) -> None:
    """A new customer's charge, and its invoice."""
    customer = teller.made("/customers", person, key=f"walks-{key}-customer")["id"]
    charge = {
        "company_id": COMPANY_ID,
        "payment_profile_id": story.profiles["341"],
        "description": description,
        "amount": amount,
        "due_on": due_on,
        "reference": {"start": "2026-01-01", "end": "2026-02-01"},
    }
    root = f"/customers/{customer}/charges"
    (owed,) = teller.made(root, charge, key=f"walks-{key}")["items"]
    teller.made(f"{root}/bill", {"ids": [owed["id"]]}, key=f"walks-{key}-billed")


def _register(teller: Teller, story: Story) -> None:
    """Open invoices that the bank has registered: each walk that takes one finds one."""
    for n, person in enumerate(invent_customers(SEED)[1::3][:REGISTERED]):
        _billed(teller, story, person.data, f"registered-{n}", "Instalação", "64.90", REGISTERED_DUE)
    profile = story.profiles["341"]
    days = {"due_from": REGISTERED_DUE, "due_to": REGISTERED_DUE}
    teller.run("/runs/remittances", {"profile_id": profile, **days})
    newest = teller.get(f"/payment-profiles/{profile}/remittances")["items"][0]
    link = teller.get(f"/payment-profiles/{profile}/remittances/{newest['sequence']}/file")
    data = teller.cloud.download(link["url"])
    teller.returned(bank.respond(data, lambda _: [bank.confirmed()], sequence=800, on=NOW.date()))


def _second_tenant(cloud: LocalCloud, outputs: Outputs) -> User:
    """An account that does not waive the second factor, with its administrator. The first one's people all go without."""
    from billing.access.model import Profile
    from billing.access.tenants import Tenant
    from billing.core.table import Writes
    from billing.customers.company import Company
    from billing.customers.company_store import company_row
    from billing.members.model import Member
    from billing.members.store import Listing, listing_row, member_row, tenant_row

    rui = User("administrador", "rui.reis@boreal.example", f"{secrets.token_urlsafe(9)}aA1!")
    tenant_id, company_id = "ten_boreal", "com_boreal0001"
    boreal = {**COMPANY, "id": company_id, "trade_name": "Boreal Redes", "cnpj": "19131243000197"}
    user_id = make_user(cloud, outputs, rui)
    member = Member(
        user_id=user_id,
        tenant_id=tenant_id,
        name="Rui Reis",
        email=rui.email,
        profile_ids=(Profile(rui.profile),),
        company_ids=(company_id,),
        since=FOUNDED_AT,
    )
    writes = Writes()
    writes.put(tenant_row(Tenant(id=tenant_id, name="Boreal Redes", company_ids=(company_id,))))
    writes.put(company_row(tenant_id, Company.model_validate(boreal)))
    writes.put(member_row(member))
    writes.put(listing_row(tenant_id, Listing(user_id=user_id)))
    writes.commit()
    return rui


def _catch_up() -> None:
    """What streams lost when the power was cut, which the next day's schedule would report."""
    from billing.core.clock import business_date  # the stores read the tables' names when they are imported
    from billing.entry import wiring
    from billing.projections import rebuilding

    rebuilding.rebuild(wiring.files(), TENANT_ID, business_date(NOW))


def main(folder: Path, base: Path, *patterns: str) -> int:
    browser = find_browser()
    assert browser is not None, "install Chromium (apt-get install chromium-headless-shell)"
    dist = build_console()
    cloud = LocalCloud(folder, enforce_grants=True)
    begun = kept.take_up(base, cloud)
    with cloud:
        users = settle_people(cloud, begun.outputs)
        deployed = DeployedCloud(cloud, begun.outputs, users)
        teller = Teller(deployed, print)
        story = begun.told_by(teller)
        if not teller.totals.invoices:
            story.month(MONTH)
        fiscal.configure(teller)
        deployed.travel(OWED)
        _owe(teller, story)
        deployed.travel(NOW)
        _register(teller, story)
        _prepare(teller, story)
        _catch_up()
        assert cloud.authority is not None
        cloud.authority.authorities[Environment.TEST].rejects = REJECTION
        rui = _second_tenant(cloud, begun.outputs)
        origin = serve_console(cloud, begun.outputs, dist, port=0)
        environment = {
            **os.environ,
            "CHROME": browser,
            "PYTHON": sys.executable,
            "CONSOLE": origin,
            "USERS": json.dumps([asdict(user) for user in users]),
            "SECURED": json.dumps(asdict(rui)),
            "MAILBOX": str(cloud.mailbox_dir),
            "PICTURES": str(WEB.parent / "build" / "walks"),
        }
        (WEB.parent / "build" / "walks" / "inspected.jsonl").unlink(missing_ok=True)
        walked = _vitest(environment, "walks/vitest.config.ts", *patterns)
        if walked or patterns:
            return walked
        return _vitest(environment, "walks/sweep.config.ts")  # did all walks together see every screen?


def _vitest(environment: dict[str, str], config: str, *patterns: str) -> int:
    command = ["npx", "vitest", "run", "--config", config, *patterns]
    return subprocess.run(command, cwd=WEB, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
