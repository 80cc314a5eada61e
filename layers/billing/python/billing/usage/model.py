"""Usage of billing items: manual entries and metering events, each counted once (USE-01..USE-03)."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from billing.catalog.model import ItemOrigin
from billing.core.entity import Entity
from billing.core.errors import Refusal
from billing.core.ids import ID_PATTERN
from billing.core.money import Quantity
from billing.core.period import Month
from billing.core.table import Aggregate
from billing.core.text import Line

FINALISED = Refusal(
    "usage.finalised",
    "Não é possível realizar lançamentos após a finalização do faturamento.",
    field="month",
)
FINALISED_KEEPS = Refusal(
    "usage.finalised",
    "Não é possível excluir lançamentos após a finalização do faturamento.",
    field="month",
)
NOT_OF_METERING = "Não é possível excluir os lançamentos realizados pela volumetria."

ItemId = Annotated[str, Field(pattern=ID_PATTERN, examples=["itm_7m3k9x2p4q8r1s5t6v0w"])]
CustomerId = Annotated[str, Field(pattern=ID_PATTERN, examples=["cus_7m3k9x2p4q8r1s5t6v0w"])]
EventKey = Annotated[Line, Field(min_length=1, max_length=120, examples=["vm-0042/2026-03"])]
"""The producer's own key for an event, the same each time it is sent."""


class NewUsageEntry(Entity):
    """Lançamento manual."""

    month: Month
    billing_item_id: ItemId
    quantity: Quantity = Field(ge=0, examples=["720.5"])


class MeteredEvent(Entity):
    """Something that a producer reports, at least once."""

    event_key: EventKey
    customer_id: CustomerId


class CountedEvent(Entity):
    """Records that an event was counted: its content, and the import and line that it came from."""

    content: dict[str, Any]
    source: str | None = None


class UsageEntry(NewUsageEntry, Aggregate):
    """Lançamento: tanto de um item de faturamento, usado por um cliente em um mês."""

    id: str = Field(pattern=ID_PATTERN)
    customer_id: CustomerId
    origin: ItemOrigin = ItemOrigin.BY_HAND
    event_key: EventKey | None = None
    """A chave do evento de volumetria que o gerou."""
    used_in: Month | None = None
    """Mês finalizado em que o consumo ocorreu: chegou depois e é cobrado em `month` (CLO-11)."""
    entered_at: datetime

    def reasons_to_stay(self, *, finalised: bool) -> list[Refusal]:
        """Why the usage entry cannot be removed (USE-02): it is from metering, or its month is finalised."""
        reasons = (
            [Refusal("usage.of_metering", NOT_OF_METERING)] if self.origin is ItemOrigin.METERING else []
        )
        return [*reasons, FINALISED_KEEPS] if finalised else reasons


class OpenMonths(Entity):
    """Os meses em que se pode lançar consumo, do mais novo ao mais antigo."""

    months: tuple[Month, ...]


def future_month(month: Month, today: date) -> Refusal | None:
    """Refuses usage of a month that has not begun: it is a typing mistake."""
    if month <= Month.of(today):
        return None
    return Refusal("usage.future_month", f"O mês {month.format_br()} ainda não começou.", field="month")
