"""Debt agreements, in their customer's partition of the payments table.

tenant#cus_...                    agreement#agr_...   an agreement
tenant#agreements#under_way       agreement#agr_...   points to one that is being made or ended
tenant#agreements#in_force        agreement#agr_...   points to one whose instalments are being paid
"""

from collections.abc import Iterator
from enum import StrEnum

from billing.agreements.model import InstalmentAgreement
from billing.core.errors import NotFound
from billing.core.table import Aggregate, entity_row, find, rows_in
from billing.payments.store import PaymentsTable


class AgreementListing(StrEnum):
    """Which agreements a list contains."""

    UNDER_WAY = "under_way"
    IN_FORCE = "in_force"


class ListedAgreement(Aggregate):
    """Where an agreement is."""

    customer_id: str
    agreement_id: str


def agreement_row(tenant_id: str, agreement: InstalmentAgreement) -> PaymentsTable:
    partition = f"{tenant_id}#{agreement.customer_id}"
    return entity_row(PaymentsTable, partition, f"agreement#{agreement.id}", agreement)


def listed_row(
    tenant_id: str, listing: AgreementListing, agreement: InstalmentAgreement, version: int = 0
) -> PaymentsTable:
    """Version 1 is already listed: the row is written once."""
    listed = ListedAgreement(customer_id=agreement.customer_id, agreement_id=agreement.id, version=version)
    return entity_row(PaymentsTable, _listed(tenant_id, listing), f"agreement#{agreement.id}", listed)


def find_agreement(tenant_id: str, customer_id: str, agreement_id: str) -> InstalmentAgreement | None:
    return find(PaymentsTable, f"{tenant_id}#{customer_id}", f"agreement#{agreement_id}", InstalmentAgreement)


def get_agreement(tenant_id: str, customer_id: str, agreement_id: str) -> InstalmentAgreement:
    """Raises NotFound."""
    agreement = find_agreement(tenant_id, customer_id, agreement_id)
    if agreement is None:
        raise NotFound("agreement.missing", "O parcelamento não existe.")
    return agreement


def agreements_of(tenant_id: str, customer_id: str) -> list[InstalmentAgreement]:
    """Newest first."""
    kept = rows_in(PaymentsTable, f"{tenant_id}#{customer_id}", "agreement#", InstalmentAgreement)
    return sorted(kept, key=lambda agreement: agreement.asked_at, reverse=True)


def listed_agreements(tenant_id: str, listing: AgreementListing) -> Iterator[InstalmentAgreement]:
    """As they are now."""
    for listed in rows_in(PaymentsTable, _listed(tenant_id, listing), "agreement#", ListedAgreement):
        yield get_agreement(tenant_id, listed.customer_id, listed.agreement_id)


def _listed(tenant_id: str, listing: AgreementListing) -> str:
    return f"{tenant_id}#agreements#{listing}"
