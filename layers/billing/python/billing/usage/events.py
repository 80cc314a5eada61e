"""What producers send, at least once (USE-03, USE-04): only who takes it in loads it, not who bills it."""

from billing.usage.model import Event, NewUsageEntry
from billing.usage.readings import NewReading
from billing.usage.transactions import NewTransaction


class UsageEvent(NewUsageEntry, Event):
    """An event of metering."""


class ReadingEvent(NewReading, Event):
    """A reading as monitoring sends it, at least once."""


class TransactionEvent(NewTransaction, Event):
    """A transaction as its producer sends it, at least once."""
