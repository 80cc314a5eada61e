"""Histories over HTTP: the audit trail of a thing, with the names of the people in it."""

from billing.access.call import Call
from billing.audit.history import History, Recorded
from billing.core.names import Source, names_of
from billing.members import store as members
from billing.runs import store as runs


def history_page(call: Call, recorded: Recorded, *sources: Source) -> History:
    """The history in words; `sources` supply the names of what the thing refers to by id."""
    return recorded.in_words(names_of(call.tenant_id, recorded.ids(), members.NAMES, runs.NAMES, *sources))
