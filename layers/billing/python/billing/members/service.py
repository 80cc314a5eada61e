"""Invite people, change what they may do, remove them.

Whoever takes rights away must still have their own when it is written: of two administrators who remove each other,
one remains.
"""

from datetime import datetime

from billing.access.call import Call
from billing.access.tenants import BaseKind, BaseRule, SecondFactorRule, Tenant, TenantRules
from billing.audit import access_log
from billing.audit.access_log import Access, DayRange
from billing.audit.changes import Changes
from billing.audit.history import Recorded
from billing.core.errors import Refusal, Refused
from billing.core.ids import new_id
from billing.core.page import Page
from billing.core.table import require_version
from billing.members import store
from billing.members.actions import MemberAction, TenantAction
from billing.members.administrators import (
    administrator,
    by_an_administrator,
    changes_by,
    refuse_oneself,
    require_held,
)
from billing.members.directory import Directory
from billing.members.model import Base, Me, Member, NewMember, Rights
from billing.members.store import Standing


def invite(call: Call, directory: Directory, new: NewMember) -> Member:
    """Raises Refused for someone who is already a member, and for profiles that do not exist or permit what the caller
    may not; Forbidden for a company that is not the caller's.

    A member of another tenant is invited like anyone else, so that nobody learns who is known elsewhere: they sign in
    to this tenant once they have left the other one.
    """
    call.require_scope(new.scope)
    caller = administrator(call)
    _require_grantable(caller, new)
    user_id = directory.invite(new.email)
    earlier = store.find_member(call.tenant_id, user_id)
    if earlier is not None and not earlier.is_removed:
        raise Refused.because([Refusal("member.exists", "Esta pessoa já tem acesso.", field="email")])
    member = new.member(user_id, call.tenant_id, call.now, 0 if earlier is None else earlier.version)
    changes = changes_by(call, caller, renewing=_has_own(caller.tenant, new.profile_ids))
    changes.put(store.member_row(member), MemberAction.INVITED)
    changes.include(store.listing_row(call.tenant_id, store.Listing(user_id=user_id)))
    return changes.commit_answering(member)


def grant(call: Call, user_id: str, version: int, rights: Rights) -> Member:
    """Raises PreconditionFailed if someone changed the member since `version`; Forbidden if a company that the member
    has, or would have, is not the caller's; Refused as `invite` does, for what the member gains."""
    refuse_oneself(call, user_id)
    call.require_scope(rights.scope)
    before = store.get(call.tenant_id, user_id)
    call.require_scope(before.scope)
    after = require_version(before, version).granted(rights)
    caller = administrator(call)
    _require_grantable(caller, rights, held=before.profile_ids)
    own = _has_own(caller.tenant, (*before.profile_ids, *rights.profile_ids))
    changes = changes_by(call, caller, renewing=own)
    changes.put(store.member_row(after), MemberAction.GRANTED, before=before, after=after)
    return changes.commit_answering(after)


def _require_grantable(caller: Standing, rights: Rights, held: tuple[str, ...] = ()) -> None:
    tenant = caller.tenant
    if unknown := {*rights.profile_ids} - {profile.id for profile in tenant.every_profile}:
        message = f"Este perfil não existe: {', '.join(sorted(unknown))}. Escolha um da lista de perfis."
        raise Refused.because([Refusal("profile.unknown", message, field="profile_ids")])
    require_held(caller, tenant.permitted(rights.profile_ids) - tenant.permitted(held))


def _has_own(tenant: Tenant, profile_ids: tuple[str, ...]) -> bool:
    return any(profile.id in profile_ids for profile in tenant.profiles)


def remove(call: Call, directory: Directory, user_id: str, version: int) -> Member:
    """The person loses all rights within a minute, and is signed out if this is the tenant that they sign in to. Raises
    Forbidden as `grant` does."""
    refuse_oneself(call, user_id)
    listing = store.get_listing(call.tenant_id, user_id)
    before = store.get(call.tenant_id, user_id)
    call.require_scope(before.scope)
    after = require_version(before, version).removed()
    changes = by_an_administrator(call)
    changes.put(store.member_row(after), MemberAction.REMOVED, before=before, after=after)
    changes.drop(store.listing_row(call.tenant_id, listing))
    if store.memberships(user_id)[0] == before:
        directory.sign_out(user_id)  # before it is written: a removal that is cut off here is repeated
    return changes.commit_answering(after)


def history_of(call: Call, user_id: str) -> Recorded:
    """Raises NotFound; Forbidden for a member of a company that the caller does not work for."""
    member = store.get(call.tenant_id, user_id)
    call.require_scope(member.scope)
    return Recorded.of(member, store.member_row(member))


def join(call: Call, changes: Changes, company_id: str, name: str) -> str:
    """Give the caller and the schedules access to a company that the caller registers, in the transaction that creates
    it (SEC-02): in the base of the tenant's other companies, or as a tenant of its own called `name`. Returns the
    company's tenant.

    Raises NotFound if the caller was removed in the meantime, Refused for one company too many.
    """
    member, tenant = store.get(call.tenant_id, call.actor_id), store.get_tenant(call.tenant_id)
    if tenant.base is BaseKind.PER_COMPANY:
        return _found(changes, Standing(member, tenant), company_id, name, call.now)
    joined, wider = member.joined(company_id), tenant.joined(company_id)
    changes.put(store.member_row(joined), MemberAction.GRANTED, before=member, after=joined)
    changes.put(store.tenant_row(wider), TenantAction.COMPANY_ADDED, before=tenant, after=wider)
    return tenant.id


def _found(changes: Changes, founding: Standing, company_id: str, name: str, at: datetime) -> str:
    """Create a tenant with one company, whose first member has the founder's profiles."""
    founder = founding.member
    tenant = Tenant(
        id=new_id("ten"),
        name=name,
        company_ids=(company_id,),
        base=BaseKind.PER_COMPANY,
        profiles=tuple(own for own in founding.tenant.profiles if own.id in founder.profile_ids),
    )
    member = founder.evolve(tenant_id=tenant.id, company_ids=(company_id,), since=at, version=0)
    changes.require_unchanged(store.member_row(founder))
    changes.put(store.tenant_row(tenant), TenantAction.FOUNDED)
    changes.put(store.member_row(member), MemberAction.INVITED)
    changes.include(store.listing_row(tenant.id, store.Listing(user_id=member.user_id)))
    return tenant.id


def bases(call: Call) -> list[Base]:
    """The bases that the caller works in, starting with the one they sign in to."""
    return [
        Base(
            id=tenant.id,
            name=tenant.name,
            profile_names=tenant.profile_names(member.profile_ids),
            company_ids=member.company_ids,
        )
        for member, tenant in store.standings(call.actor_id)
    ]


def rule_base(call: Call, version: int, rule: BaseRule) -> TenantRules:
    """Only for those who work for every company of the tenant. Raises Forbidden, PreconditionFailed, Refused."""
    before = _whole_tenant(call, version)
    after = before.based(rule.base)
    changes = Changes(call)
    changes.put(store.tenant_row(after), TenantAction.BASE_RULED, before=before, after=after)
    return changes.commit_answering(_rules_of(after))


def me(call: Call, *, second_factor_missing: bool) -> Me:
    """Raises NotFound if the caller was removed after the token was issued."""
    member, tenant = store.get_standing(call.tenant_id, call.actor_id)
    return Me(
        **{name: getattr(member, name) for name in Member.model_fields},
        tenant_name=tenant.name,
        profile_names=tenant.profile_names(member.profile_ids),
        permissions=tuple(sorted(call.permissions)),
        second_factor_missing=second_factor_missing,
        today=call.today,
    )


def members(call: Call) -> list[Member]:
    """Members of the caller's companies, by name."""
    colleagues = store.members(call.tenant_id)
    return [member for member in colleagues if call.scope.meets(member.scope)]


def rules(call: Call) -> TenantRules:
    return _rules_of(store.get_tenant(call.tenant_id))


def rule_second_factor(call: Call, version: int, rule: SecondFactorRule) -> TenantRules:
    """Only for those who work for every company of the tenant. Raises Forbidden, PreconditionFailed, Refused."""
    before = _whole_tenant(call, version)
    after = before.ruled(rule, call.actor_id, call.now)
    changes = Changes(call)
    action = TenantAction.SECOND_FACTOR_RULED
    changes.put(store.tenant_row(after), action, before=before, after=after, note=rule.reason)
    return changes.commit_answering(_rules_of(after))


def accesses(
    call: Call,
    subject_id: str | None,
    person_id: str | None,
    period: DayRange,
    *,
    limit: int,
    cursor: str | None,
) -> Page[Access]:
    """Only for those who work for every company of the tenant (SEC-03). Raises Forbidden; Refused unless exactly one of
    registration and person is given."""
    call.require_scope(store.get_tenant(call.tenant_id).scope)
    key = subject_id or person_id
    if key is None or (subject_id is not None and person_id is not None):
        message = "Informe o cadastro (subject_id) ou a pessoa (person_id), um dos dois."
        raise Refused.because([Refusal("access_log.of_whom", message, field="subject_id")])
    return access_log.accesses(call, key, period, limit=limit, cursor=cursor)


def _whole_tenant(call: Call, version: int) -> Tenant:
    """The caller's tenant, to change what applies to all of it. Raises Forbidden, PreconditionFailed."""
    tenant = store.get_tenant(call.tenant_id)
    call.require_scope(tenant.scope)
    return require_version(tenant, version)


def _rules_of(tenant: Tenant) -> TenantRules:
    return TenantRules(
        name=tenant.name,
        base=tenant.base,
        second_factor_waiver=tenant.second_factor_waiver,
        version=tenant.version,
    )
