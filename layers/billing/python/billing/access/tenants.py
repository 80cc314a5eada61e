"""Tenants: whose data it is. The only list that no tenant owns; schedules walk it."""

from billing.core.table import Aggregate


class Tenant(Aggregate):
    """One customer base, one or more companies. Its rows' keys begin with `id`."""

    id: str
    name: str
    company_ids: tuple[str, ...]
    """Those whose billing and dispatch are scheduled."""

    def joined(self, company_id: str) -> "Tenant":
        return self.evolve(company_ids=(*self.company_ids, company_id))
