"""The caller's membership as of now. A token only has it as of when it was issued, up to an hour ago (SEC-07).

The token proves who calls; the tenant is the token's, or another one of theirs that the request names. Profile and
companies are read from the rows and kept in the process for half a minute. So removing a person, or changing their rights, takes effect within a minute.
"""

from time import monotonic

from billing.members import store
from billing.members.store import Standing

KEPT_S = 30
"""How old a membership may be, in seconds."""
_MOST_KEPT = 1000


_kept: dict[tuple[str, str], tuple[float, Standing | None]] = {}


def standing(tenant_id: str, user_id: str) -> Standing | None:
    """None for a person who is not, or no longer, a member of the tenant."""
    read_at, kept = _kept.get((tenant_id, user_id), (None, None))
    if read_at is None or monotonic() - read_at >= KEPT_S:
        kept = store.find_standing(tenant_id, user_id)
        keep(tenant_id, user_id, kept)
    return kept


def keep(tenant_id: str, user_id: str, member_standing: Standing | None) -> None:
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[tenant_id, user_id] = monotonic(), member_standing


def forget() -> None:
    _kept.clear()
