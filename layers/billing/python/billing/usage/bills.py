"""Utility bills (contas de serviço público): what a utility charged a source in a month, shared by area or percentage
(CHG-06, USE-07). One bill per source and month; several customers share it.

A closing that freezes writes a row next to each bill that its charges need, and stamps the month; a bill that it
used, or whose absence it accepted, cannot change until it is unfrozen. Through the stamp, a correction and a freeze
notice each other.
"""

from typing import Annotated

from pydantic import Field, field_validator

from billing.core.entity import Entity
from billing.core.errors import NotFound
from billing.core.money import ZERO, Money, Quantity
from billing.core.period import Month, Period
from billing.core.table import Aggregate, entity_row, find, rows_in
from billing.rating import terms
from billing.usage.store import UsageTable

SOURCE = r"^[^#/\s][^#/]*$"


class NewUtilityBill(Entity):
    """O que a conta de consumo diz."""

    source: str = Field(max_length=60, pattern=SOURCE, examples=["Edifício Aurora - energia"])
    """Origem da conta, como as definições de encargos a chamam."""
    month: Month
    """Mês de consumo."""
    amount: Money = Field(examples=["1830.40"])
    consumption: Annotated[Quantity, Field(ge=0)] | None = Field(default=None, examples=["2450"])
    """Consumo faturado, na unidade da conta."""
    area: Annotated[Quantity, Field(gt=0)] | None = Field(default=None, examples=["3200"])
    """Área total da origem, em m², para o rateio por área."""

    @field_validator("amount")
    @classmethod
    def _is_not_negative(cls, amount: Money) -> Money:
        if amount < ZERO:
            raise ValueError("o valor da conta não é negativo")
        return amount


class UtilityBill(NewUtilityBill, Aggregate):
    """Conta de serviço público."""

    import_source: str | None = None
    """Importação e linha de onde veio."""

    def for_rating(self) -> terms.RatedBill:
        return terms.RatedBill(self.amount, self.consumption, self.area)


def bill_row(tenant_id: str, bill: UtilityBill) -> UsageTable:
    return entity_row(UsageTable, _partition(tenant_id, bill.source), f"bill#{bill.month}", bill)


def bill_key(tenant_id: str, source: str, month: Month) -> tuple[str, str]:
    return _partition(tenant_id, source), f"bill#{month}"


def find_bill(tenant_id: str, source: str, month: Month) -> UtilityBill | None:
    return find(UsageTable, _partition(tenant_id, source), f"bill#{month}", UtilityBill)


def get_bill(tenant_id: str, source: str, month: Month) -> UtilityBill:
    """Raises NotFound."""
    bill = find_bill(tenant_id, source, month)
    if bill is None:
        raise NotFound("utility_bill.missing", "A conta de serviço público não existe.")
    return bill


class BillTaker(Aggregate):
    """A frozen closing that used the bill as it is, or was billed without it."""

    customer_id: str
    closing_id: str
    company_id: str
    contract_title: str
    period: Period


def taker_row(tenant_id: str, source: str, month: Month, taker: BillTaker) -> UsageTable:
    """Written in the transaction that freezes, deleted (version 1) in the one that unfreezes."""
    partition, stamp = takers_key(tenant_id, source, month)
    return entity_row(UsageTable, partition, f"{stamp}#{taker.closing_id}", taker)


def takers(tenant_id: str, source: str, month: Month) -> list[BillTaker]:
    partition, stamp = takers_key(tenant_id, source, month)
    return list(rows_in(UsageTable, partition, f"{stamp}#", BillTaker))


def takers_key(tenant_id: str, source: str, month: Month) -> tuple[str, str]:
    """The key of the row that is stamped by each freeze with the bill."""
    return _partition(tenant_id, source), f"taken#{month}"


def bills_of(tenant_id: str, source: str) -> list[UtilityBill]:
    """A source's bills, the newest first."""
    return list(rows_in(UsageTable, _partition(tenant_id, source), "bill#", UtilityBill, newest_first=True))


def _partition(tenant_id: str, source: str) -> str:
    return f"{tenant_id}#bills#{source}"
