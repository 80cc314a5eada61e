"""What everybody who manages accesses is held to: they still may when it is written, they change nobody's access to what
they do not hold themselves, and never their own.

So of two administrators who take each other's rights away one remains, whether through the person or through a profile:
every such change checks the caller's own rows.
"""

from collections.abc import Collection

from billing.access.call import Call
from billing.access.model import WORDS_OF, Permission
from billing.audit.changes import Changes
from billing.core.errors import Refusal, Refused
from billing.members import store
from billing.members.model import refusals_to_change
from billing.members.store import Standing


def administrator(call: Call) -> Standing:
    """The caller as stored now. Raises NotFound, Forbidden."""
    caller = store.get_standing(call.tenant_id, call.actor_id)
    call._replace(permissions=caller.permissions).require(Permission.ACCESS_MANAGE)
    return caller


def by_an_administrator(call: Call) -> Changes:
    """Changes that are only written if the caller's rights are still as read here. Raises NotFound, Forbidden."""
    return changes_by(call, administrator(call))


def changes_by(call: Call, caller: Standing, *, renewing: bool = False) -> Changes:
    """As `by_an_administrator`. `renewing` writes the tenant's row anew, so that a profile is not removed, nor changed as
    proposed, while somebody is given it."""
    changes = Changes(call)
    changes.require_unchanged(store.member_row(caller.member))
    tenant = store.tenant_row(caller.tenant)
    if renewing:
        changes.include(tenant)
    else:
        changes.require_unchanged(tenant)
    return changes


def require_held(caller: Standing, given: Collection[Permission]) -> None:
    """Nobody grants what they do not hold. Raises Refused."""
    lacking = [
        WORDS_OF[permission] for permission in Permission if permission in {*given} - caller.permissions
    ]
    if lacking:
        message = f"Você não pode dar a outros o que não pode: {'; '.join(lacking)}. Peça a quem pode."
        raise Refused.because([Refusal("profile.not_held", message)])


def refuse_oneself(call: Call, user_id: str) -> None:
    refusals = refusals_to_change(user_id, call.actor_id)
    if refusals:
        raise Refused.because(refusals)
