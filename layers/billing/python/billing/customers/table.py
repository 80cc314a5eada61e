"""The table of customers, and whether someone is on the register, for modules that need no more of a customer."""

from collections.abc import Iterable

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from billing.core.errors import NotFound
from billing.core.table import Table, existing, meta


class ByName(GlobalSecondaryIndex["CustomersTable"]):
    """All registrations of a tenant by name, without case and accents."""

    class Meta:
        index_name = "by_name"
        projection = KeysOnlyProjection()

    name_key = UnicodeAttribute(hash_key=True)
    name_sort = UnicodeAttribute(range_key=True)


class ByRegistration(GlobalSecondaryIndex["CustomersTable"]):
    """A tenant's active and its inactive registrations, by day of registration and code."""

    class Meta:
        index_name = "by_registration"
        projection = KeysOnlyProjection()

    registration_key = UnicodeAttribute(hash_key=True)
    registration_sort = UnicodeAttribute(range_key=True)


class CustomersTable(Table):
    Meta = meta("customers")

    name_key = UnicodeAttribute(null=True)
    name_sort = UnicodeAttribute(null=True)
    registration_key = UnicodeAttribute(null=True)
    registration_sort = UnicodeAttribute(null=True)
    by_name = ByName()
    by_registration = ByRegistration()


def require_customer(tenant_id: str, customer_id: str) -> None:
    """Raises NotFound."""
    if not registered(tenant_id, [customer_id]):
        raise missing()


def registered(tenant_id: str, customer_ids: Iterable[str]) -> set[str]:
    """The ids that are on the tenant's register."""
    keys = {(f"{tenant_id}#{customer_id}", "customer"): customer_id for customer_id in customer_ids}
    return {keys[key] for key in existing(CustomersTable, keys)}


def missing() -> NotFound:
    return NotFound("customer.missing", "O cadastro não existe.")
