"""What producers send, at least once (USE-03, USE-04): only who takes it in loads it, not who bills it."""

from billing.usage.model import MeteredEvent, NewUsageEntry
from billing.usage.readings import NewReading
from billing.usage.transactions import NewTransaction


class UsageEvent(NewUsageEntry, MeteredEvent):
    """Um evento de volumetria."""


class ReadingEvent(NewReading, MeteredEvent):
    """Leitura enviada pelo monitoramento, ao menos uma vez."""


class TransactionEvent(NewTransaction, MeteredEvent):
    """Transação como quem a produz a envia, ao menos uma vez."""
