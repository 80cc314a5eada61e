"""Histories over HTTP: the audit trail of a thing, with the names of the people in it."""

from billing.access.call import Call
from billing.audit.history import History, Recorded
from billing.core.names import Source, names_of
from billing.core.page import part_of
from billing.members import store as members
from billing.runs import store as runs


def history_page(call: Call, recorded: Recorded, cursor: str | None, *sources: Source) -> History:
    """A page of the history in words; `sources` supply the names of what the thing refers to by id. Raises
    InvalidInput for another history's cursor."""
    entries = recorded.entries
    subject = entries[0].subject if entries else ""
    this = f"{call.tenant_id}#history#{recorded.kind.__name__}#{subject}"
    part, following = part_of(this, entries, cursor, key=lambda entry: entry.at.isoformat())
    shown = recorded._replace(entries=list(part))
    names = names_of(call.tenant_id, shown.ids(), members.NAMES, runs.NAMES, *sources)
    return shown.in_words(names).evolve(next_cursor=following)
