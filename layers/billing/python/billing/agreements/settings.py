"""The settings of Parcelar Dívida, a company's own: what late payment costs in an agreement, and its limits (PAY-06)."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from billing.access.call import Call
from billing.agreements.actions import AgreementSettingsAction
from billing.audit.changes import Changes
from billing.core.entity import Entity
from billing.core.money import Percent
from billing.core.table import Aggregate, entity_row, find, require_version
from billing.customers.company_store import get_company
from billing.payments.instalments import MOST
from billing.payments.store import PaymentsTable


class AgreementSettingsData(Entity):
    fine_percent: Annotated[Percent, Field(ge=0, le=100)] = Decimal(2)
    """Multa, % do valor de cada fatura vencida, uma vez."""
    monthly_interest_percent: Annotated[Percent, Field(ge=0, le=100)] = Decimal(1)
    """Juros de mora, % ao mês de 30 dias, sobre o valor com a multa."""
    instalment_interest_percent: Annotated[Percent, Field(ge=0, le=100)] = Decimal(0)
    """Juros do parcelamento, % ao mês de 30 dias, simples, do acordo ao vencimento de cada parcela."""
    most_instalments: int = Field(default=12, ge=1, le=MOST)
    """Quantas parcelas um parcelamento tem, no máximo, além da entrada."""
    least_down_payment_percent: Annotated[Percent, Field(ge=0, lt=100)] = Decimal(0)
    """Entrada mínima, % do total; zero dispensa a entrada."""
    breaks_after_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """Com uma parcela vencida há mais dias que estes, o parcelamento se quebra sozinho; ausente, só à mão."""


class AgreementSettings(AgreementSettingsData, Aggregate):
    """Configuração de Parcelar Dívida de uma empresa."""

    company_id: str


def get(call: Call, company_id: str) -> AgreementSettings:
    """The company's settings; the defaults until some are saved. Raises Forbidden, NotFound."""
    call.require_company(company_id)
    get_company(call.tenant_id, company_id)
    return of_company(call.tenant_id, company_id)


def of_company(tenant_id: str, company_id: str) -> AgreementSettings:
    """The company's settings; the defaults until some are saved."""
    kept = find(PaymentsTable, _partition(tenant_id), f"agreement#{company_id}", AgreementSettings)
    return kept or AgreementSettings(company_id=company_id)


def change(call: Call, company_id: str, version: int, data: AgreementSettingsData) -> AgreementSettings:
    """Raises PreconditionFailed; the version of settings that were never saved is 0."""
    before = require_version(get(call, company_id), version)
    after = before.evolve(**dict(data))
    changes = Changes(call)
    row = entity_row(PaymentsTable, _partition(call.tenant_id), f"agreement#{company_id}", after)
    changes.put(row, AgreementSettingsAction.CHANGED, before=before, after=after)
    return changes.commit_answering(after)


def _partition(tenant_id: str) -> str:
    return f"{tenant_id}#settings"
