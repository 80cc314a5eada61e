"""How people prove who they are, and how long that holds: the second factor, and signing out everywhere.

The user pool keeps the second factor and ends refresh tokens. Access tokens live on for up to an hour, so the time of
the sign-out is also kept in the member's row, which the API reads at most half a minute late.
"""

from datetime import datetime
from urllib.parse import quote, urlencode

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.errors import Refusal, Refused
from billing.core.qr_code import dark_rows
from billing.core.table import require_version
from billing.members import store
from billing.members.actions import MemberAction
from billing.members.administrators import by_an_administrator, refuse_oneself
from billing.members.directory import Directory
from billing.members.model import Member, NewSecondFactor, SecondFactor

ISSUER = "Mensal"
"""What an authenticator app shows above the code."""


def second_factor(call: Call, directory: Directory) -> SecondFactor:
    """Raises NotFound if the caller was removed after the token was issued."""
    caller = store.get_standing(call.tenant_id, call.actor_id)
    return SecondFactor(
        is_registered=directory.has_second_factor(call.actor_id),
        is_required=caller.moves_money and caller.tenant.second_factor_waiver is None,
    )


def begin_second_factor(call: Call, directory: Directory, access_token: str) -> NewSecondFactor:
    """The secret is kept nowhere but in the user pool: a repeated request begins anew. Raises NotFound, Forbidden."""
    member = store.get(call.tenant_id, call.actor_id)
    secret = directory.begin_second_factor(access_token)
    changes = Changes(call._replace(idempotency=None))
    changes.put(store.member_row(member), MemberAction.SECOND_FACTOR_BEGUN)
    changes.commit()
    label = quote(f"{ISSUER}:{member.email}", safe=":")
    uri = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"
    return NewSecondFactor(secret=secret, uri=uri, qr_code=dark_rows(uri))


def confirm_second_factor(
    call: Call, directory: Directory, access_token: str, code: str, at: datetime
) -> Member:
    """Ends all of the caller's sessions: whoever signed in with the password alone does not stay. Cut off before that is
    written, it is finished by the next code. Raises NotFound, Forbidden; Refused for a wrong code."""
    directory.confirm_second_factor(access_token, code)
    member = _end_own(call, MemberAction.SECOND_FACTOR_REGISTERED, at)
    directory.sign_out(call.actor_id)
    return member


def sign_out(call: Call, directory: Directory, at: datetime) -> Member:
    """End all of the caller's sessions, in every tenant. Raises NotFound."""
    directory.sign_out(call.actor_id)  # before it is written: a sign-out that is cut off here is repeated
    return _end_own(call, MemberAction.SIGNED_OUT, at)


def sign_out_member(call: Call, directory: Directory, user_id: str, at: datetime) -> Member:
    """End a person's sessions in the caller's tenant; all of them if this is the tenant that they sign in to. Raises
    NotFound; Forbidden as `service.grant` does."""
    if user_id == call.actor_id:
        return sign_out(call, directory, at)
    before = store.get(call.tenant_id, user_id)
    call.require_scope(before.scope)
    if _signs_in_to(before):
        directory.sign_out(user_id)
    after = before.signed_out(at)
    changes = by_an_administrator(call)
    changes.put(store.member_row(after), MemberAction.SIGNED_OUT, before=before, after=after)
    return changes.commit_answering(after)


def remove_second_factor(
    call: Call, directory: Directory, user_id: str, version: int, at: datetime
) -> Member:
    """For a lost telephone: the person signs in with the password alone and registers another, and all their sessions
    end. Raises PreconditionFailed; Forbidden as `service.grant` does; Refused for someone who has none, and for whom
    another tenant signs in: nobody learns who is known elsewhere."""
    refuse_oneself(call, user_id)
    before = store.get(call.tenant_id, user_id)
    call.require_scope(before.scope)
    after = require_version(before, version).signed_out(at)
    if not (_signs_in_to(before) and directory.has_second_factor(user_id)):
        message = "Esta pessoa não tem segundo fator cadastrado."
        raise Refused.because([Refusal("second_factor.none", message)])
    changes = by_an_administrator(call)
    changes.put(store.member_row(after), MemberAction.SECOND_FACTOR_REMOVED, before=before, after=after)
    directory.sign_out(user_id)
    answer = changes.commit_answering(after)
    directory.remove_second_factor(user_id)  # last: what is removed has its trace
    return answer


def _signs_in_to(member: Member) -> bool:
    return store.memberships(member.user_id)[0] == member


def _end_own(call: Call, action: MemberAction, at: datetime) -> Member:
    """The trace stands in the tenant of the call; other tenants of the person learn only that the sessions ended."""
    before = store.get(call.tenant_id, call.actor_id)
    after = before.signed_out(at)
    changes = Changes(call)
    changes.put(store.member_row(after), action, before=before, after=after)
    for other in store.memberships(call.actor_id):
        if other.tenant_id != call.tenant_id:
            changes.include(store.member_row(other.signed_out(at)))
    return changes.commit_answering(after)
