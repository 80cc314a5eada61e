"""Payment profiles, one partition per tenant: few rows, read all at once."""

from collections.abc import Collection

from billing.access.call import Call
from billing.banking.model import PaymentProfile
from billing.core.errors import NotFound
from billing.core.names import Source
from billing.core.table import Table, entity_row, find, find_many, meta, rows_in


class BankingTable(Table):
    Meta = meta("banking")


def profile_row(tenant_id: str, profile: PaymentProfile) -> BankingTable:
    return entity_row(BankingTable, f"{tenant_id}#profiles", f"profile#{profile.id}", profile)


def get_profile(tenant_id: str, profile_id: str) -> PaymentProfile:
    """Raises NotFound."""
    profile = find(BankingTable, f"{tenant_id}#profiles", f"profile#{profile_id}", PaymentProfile)
    if profile is None:
        raise NotFound("profile.missing", "O profile de pagamento não existe.")
    return profile


def find_profiles(tenant_id: str, profile_ids: Collection[str]) -> dict[str, PaymentProfile]:
    """The profiles by id; those that do not exist are left out."""
    keys = [(f"{tenant_id}#profiles", f"profile#{id_}") for id_ in profile_ids]
    return {profile.id: profile for profile in find_many(BankingTable, keys, PaymentProfile).values()}


def get_profile_for(call: Call, profile_id: str) -> PaymentProfile:
    """Raises NotFound, Forbidden for a profile of a company that the caller does not work for."""
    profile = get_profile(call.tenant_id, profile_id)
    call.require_company(profile.company_id)
    return profile


def profiles_for(call: Call) -> list[PaymentProfile]:
    """The profiles of companies that the caller works for."""
    return [profile for profile in profiles(call.tenant_id) if call.works_for(profile.company_id)]


def names(tenant_id: str, profile_ids: Collection[str]) -> dict[str, str]:
    return {profile.id: profile.name for profile in profiles(tenant_id) if profile.id in profile_ids}


NAMES = Source("pro_", names)


def profiles(tenant_id: str) -> list[PaymentProfile]:
    return list(rows_in(BankingTable, f"{tenant_id}#profiles", "profile#", PaymentProfile))
