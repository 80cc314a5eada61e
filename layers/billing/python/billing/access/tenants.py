"""Tenants: whose data it is. The only list that no tenant owns; schedules walk it."""

from billing.core.entity import Entity


class Tenant(Entity):
    """One customer base, one or more companies. Its rows' keys begin with `id`."""

    id: str
    name: str
    company_ids: tuple[str, ...]
