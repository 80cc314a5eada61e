"""A tenant's own profiles: made from the list of permissions, changed as proposed, removed when nobody has them (SEC-01).

They are kept in the tenant's row, so whoever is given one at the same time meets a conflict (ADR 19).
"""

import json
from collections.abc import Collection

from billing.access.call import Call
from billing.access.model import PERMISSIONS_OF, WORDS_OF, Permission
from billing.access.profiles import AccessProfile, NewAccessProfile
from billing.access.tenants import Tenant
from billing.audit.changes import Changes
from billing.core.errors import Refusal, Refused
from billing.core.ids import content_hash, new_id
from billing.core.table import require_version
from billing.members import store
from billing.members.actions import TenantAction
from billing.members.administrators import administrator, require_held
from billing.members.model import (
    AccessProfileChange,
    AccessProfileProposal,
    AffectedMember,
    ListedAccessProfile,
    Member,
    PanelPermissions,
    permissions_by_panel,
)
from billing.members.store import Standing

_CHARACTERS = 32


def profiles(call: Call) -> list[ListedAccessProfile]:
    """The four, then the tenant's own by name."""
    tenant = store.get_tenant(call.tenant_id)
    return [_listed(tenant, profile) for profile in tenant.every_profile]


def permissions(call: Call) -> tuple[PanelPermissions, ...]:
    return permissions_by_panel(store.get_tenant(call.tenant_id))


def add(call: Call, new: NewAccessProfile) -> ListedAccessProfile:
    """Only for those who work for every company of the tenant. Raises Forbidden; Refused for a name that is taken, one
    profile too many, and permissions that the caller does not hold."""
    caller = _administrator_of_all(call)
    profile = new.profile(new_id("prf"))
    after = caller.tenant.with_profile(profile)
    require_held(caller, profile.permissions)
    changes = _changes_by(call, caller)
    changes.put(store.tenant_row(after), TenantAction.PROFILE_ADDED, after=profile)
    return changes.commit_answering(_listed(after, profile))


def propose(call: Call, profile_id: str, change: NewAccessProfile) -> AccessProfileProposal:
    """Raises NotFound; Forbidden and Refused as `change` does."""
    return _proposal(*_decided(_administrator_of_all(call), profile_id, change))


def change(call: Call, profile_id: str, version: int, confirmed: AccessProfileChange) -> ListedAccessProfile:
    """Raises NotFound, PreconditionFailed; Forbidden as `add`; Refused as `add` for what the profile gains, for one of the
    four, if it would change what the caller may do, or anything other than what was proposed."""
    caller = _administrator_of_all(call)
    earlier = caller.tenant.profile(profile_id)
    require_version(caller.tenant, version)
    _, after, profile = decided = _decided(caller, profile_id, confirmed)
    if _proposal(*decided).proposal != confirmed.proposal:
        message = "O que se faria agora não é o que foi proposto. Peça a proposta de novo e confira."
        raise Refused.because([Refusal("profile.proposal_changed", message, field="proposal")])
    changes = _changes_by(call, caller)
    action = TenantAction.PROFILE_CHANGED
    changes.put(store.tenant_row(after), action, before=earlier, after=profile, note=profile.name)
    return changes.commit_answering(_listed(after, profile))


def remove(call: Call, profile_id: str, version: int) -> ListedAccessProfile:
    """Raises NotFound, PreconditionFailed; Forbidden as `add`; Refused for one of the four, and while somebody has it."""
    caller = _administrator_of_all(call)
    profile = caller.tenant.profile(profile_id)
    before = require_version(caller.tenant, version)
    if holders := _holders(before, profile_id):
        names = ", ".join(member.name for member in holders)
        message = f"Ainda têm este perfil: {names}. Dê-lhes outro antes de excluir."
        raise Refused.because([Refusal("profile.in_use", message)])
    after = before.without_profile(profile)
    changes = _changes_by(call, caller)
    changes.put(store.tenant_row(after), TenantAction.PROFILE_REMOVED, before=profile, note=profile.name)
    return changes.commit_answering(_listed(after, profile))


def _administrator_of_all(call: Call) -> Standing:
    caller = administrator(call)
    call.require_scope(caller.tenant.scope)
    return caller


def _changes_by(call: Call, caller: Standing) -> Changes:
    """The tenant's row, which is written, is checked by that."""
    changes = Changes(call)
    changes.require_unchanged(store.member_row(caller.member))
    return changes


def _decided(
    caller: Standing, profile_id: str, changed: NewAccessProfile
) -> tuple[Tenant, Tenant, AccessProfile]:
    """The tenant before and after the change, and the changed profile."""
    before = caller.tenant
    earlier, profile = before.profile(profile_id), changed.profile(profile_id)
    after = before.with_profile(profile)
    if after.permitted(caller.member.profile_ids) != caller.permissions:
        message = "Peça a outro administrador: este perfil é seu, e ninguém muda o próprio acesso."
        raise Refused.because([Refusal("profile.oneself", message)])
    require_held(caller, {*profile.permissions} - {*earlier.permissions})
    return before, after, profile


def _proposal(before: Tenant, after: Tenant, profile: AccessProfile) -> AccessProfileProposal:
    """For one version of the tenant's row, which is also written when somebody is given one of its profiles."""
    affected = tuple(_affected(member, before, after) for member in _holders(before, profile.id))
    content = [before.id, before.version, profile.to_map(), [one.to_map() for one in affected]]
    confirmation = content_hash(json.dumps(content, sort_keys=True).encode())[:_CHARACTERS]
    return AccessProfileProposal(proposal=confirmation, members=affected)


def _affected(member: Member, before: Tenant, after: Tenant) -> AffectedMember:
    may, will = before.permitted(member.profile_ids), after.permitted(member.profile_ids)
    return AffectedMember(
        user_id=member.user_id, name=member.name, lost=_words(may - will), gained=_words(will - may)
    )


def _words(some: Collection[Permission]) -> tuple[str, ...]:
    return tuple(WORDS_OF[permission] for permission in Permission if permission in some)


def _holders(tenant: Tenant, profile_id: str) -> list[Member]:
    return [member for member in store.members(tenant.id) if profile_id in member.profile_ids]


def _listed(tenant: Tenant, profile: AccessProfile) -> ListedAccessProfile:
    return ListedAccessProfile(
        id=profile.id,
        name=profile.name,
        permissions=profile.permissions,
        is_built_in=profile.id in PERMISSIONS_OF,
        version=tenant.version,
    )
