"""The tenant, its company and the four users of the local cloud: created once, kept with its state.

Passwords are generated when the users are created and kept in the state folder, readable only by its owner.
"""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.local.cloud import ACCOUNT, REGION, LocalCloud
from infra.local.deploy import Outputs

if TYPE_CHECKING:
    from billing.access.tenants import Tenant

FOUNDED_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
TENANT_ID = "ten_aurora"
COMPANY_ID = "com_aurora0001"
USERS = {
    "administrador": "ana.admin@aurora.example",
    "financeiro": "fabio.financeiro@aurora.example",
    "operacao": "olivia.operacao@aurora.example",
    "consulta": "caio.consulta@aurora.example",
}
COMPANY: dict[str, Any] = {
    "id": COMPANY_ID,
    "legal_name": "Aurora Serviços Digitais Ltda.",
    "trade_name": "Aurora Digital",
    "cnpj": "11222333000181",
    "address": {
        "street": "Avenida Beira-Mar",
        "number": "1200",
        "district": "Centro",
        "city": "Florianópolis",
        "uf": "SC",
        "cep": "88015200",
    },
    "municipality_code": "4205407",
    "service_phone": "4832000000",
    "site": "https://aurora.example",
    "sender_email": "cobranca@aurora.example",
}


@dataclass(frozen=True, slots=True)
class User:
    profile: str
    email: str
    password: str


def point_at(cloud: LocalCloud, outputs: Outputs) -> None:
    """Let this process use the cloud's tables and bucket as its functions do. To be called before the stores are
    imported."""
    data = outputs["MensalData"]
    for name, value in data.items():
        if name.endswith("TableName") and not name.startswith("Exports"):
            os.environ[f"{_snake(name.removesuffix('TableName')).upper()}_TABLE"] = value
    os.environ.update(
        FILES_BUCKET=data["FilesBucketName"],
        AWS_ENDPOINT_URL=cloud.endpoint,
        AWS_REGION=REGION,
        AWS_DEFAULT_REGION=REGION,
        AWS_ACCESS_KEY_ID=ACCOUNT,
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106  (the emulator asks for one and checks none)
    )


def settle_people(cloud: LocalCloud, outputs: Outputs) -> list[User]:
    """Create tenant, company and users if they do not exist; returns the users with their passwords."""
    kept = cloud.state_dir / "users.json"
    if kept.exists():
        return [User(**user) for user in json.loads(kept.read_text())]
    point_at(cloud, outputs)
    users = [User(profile, email, f"{secrets.token_urlsafe(9)}aA1!") for profile, email in USERS.items()]
    _put_rows({user.profile: make_user(cloud, outputs, user) for user in users})
    _keep_private(kept, json.dumps([asdict(user) for user in users], indent=1))
    return users


def make_user(cloud: LocalCloud, outputs: Outputs, user: User) -> str:
    """Create the user in the pool; returns its subject."""
    pool = outputs["MensalIdentity"]["UserPoolId"]
    cognito = cloud.client("cognito-idp")
    with suppress(cognito.exceptions.UsernameExistsException):  # an earlier start was interrupted here
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=user.email,
            UserAttributes=[
                {"Name": "email", "Value": user.email},
                {"Name": "email_verified", "Value": "true"},
            ],
            MessageAction="SUPPRESS",
        )
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=user.email, Password=user.password, Permanent=True
    )
    account = cognito.admin_get_user(UserPoolId=pool, Username=user.email)
    return next(str(a["Value"]) for a in account["UserAttributes"] if a["Name"] == "sub")


def _put_rows(subjects: dict[str, str]) -> None:
    from billing.access.model import Profile
    from billing.core.table import Writes
    from billing.customers.company import Company
    from billing.customers.company_store import company_row
    from billing.customers.senders import Sender, sender_row
    from billing.members.model import Member
    from billing.members.store import Listing, listing_row, member_row, tenant_row

    writes = Writes()
    writes.overwrite(tenant_row(_demonstration_tenant()))
    company = Company.model_validate(COMPANY)
    sender = Sender(
        address=company.sender_email, tenant_id=TENANT_ID, claimed_at=FOUNDED_AT, proven_at=FOUNDED_AT
    )
    writes.overwrite(company_row(TENANT_ID, company))
    writes.overwrite(sender_row(sender))
    for profile, subject in subjects.items():
        email = USERS[profile]
        member = Member(
            user_id=subject,
            tenant_id=TENANT_ID,
            name=email.partition(".")[0].title(),
            email=email,
            profile_ids=(Profile(profile),),
            company_ids=(COMPANY_ID,),
            since=FOUNDED_AT,
        )
        writes.overwrite(member_row(member))
        writes.overwrite(listing_row(TENANT_ID, Listing(user_id=subject)))
    writes.commit()


def _demonstration_tenant() -> "Tenant":
    from billing.access.tenants import SecondFactorWaiver, Tenant
    from billing.members.store import find_tenant

    reason = "Demonstração local: as quatro pessoas entram só com a senha."
    waiver = SecondFactorWaiver(reason=reason, decided_by="usr_local", decided_at=FOUNDED_AT)
    kept = find_tenant(TENANT_ID)
    return Tenant(
        id=TENANT_ID,
        name="Aurora Digital",
        company_ids=(COMPANY_ID,),
        second_factor_waiver=waiver,
        profiles=() if kept is None else kept.profiles,
    )


def _keep_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)


def _snake(words: str) -> str:
    return "".join(f"_{c}" if c.isupper() and i else c for i, c in enumerate(words))
