"""Payment profiles, a partition a tenant: few rows, read whole."""

from billing.banking.model import PaymentProfile
from billing.core.errors import NotFound
from billing.core.table import Table, entity_row, find, meta, rows_in


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


def profiles(tenant_id: str) -> list[PaymentProfile]:
    return list(rows_in(BankingTable, f"{tenant_id}#profiles", "profile#", PaymentProfile))
