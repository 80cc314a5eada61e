"""Profiles and permissions by panel, as people read them (SEC-01)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.access.model import PERMISSIONS_OF, Permission, Profile
from billing.access.profiles import MOST_PROFILES, AccessProfile, NewAccessProfile
from billing.access.tenants import Tenant
from billing.core.errors import Refused
from billing.members.model import Member, permissions_by_panel
from billing.members.store import Standing

pytestmark = pytest.mark.req("SEC-01")

SELLS = AccessProfile(id="prf_00000001", name="Vendas", permissions=(Permission.CONTRACTS_WRITE,))
TENANT = Tenant(id="ten_alfa", name="Alfa", company_ids=("com_alfa",), profiles=(SELLS,))
STORED: dict[str, Any] = {
    "user_id": "usr_bia",
    "tenant_id": "ten_alfa",
    "name": "Bia",
    "email": "bia@example.com",
    "company_ids": ["com_alfa"],
    "since": datetime(2026, 1, 1, tzinfo=UTC),
}


def test_every_permission_is_named_in_one_panel() -> None:
    panels = permissions_by_panel(TENANT)
    listed = [entry for panel in panels for entry in panel.permissions]

    assert sorted(entry.permission for entry in listed) == sorted(Permission)
    assert len({panel.panel for panel in panels}) == len(panels)
    assert len({entry.name for entry in listed}) == len(listed)
    assert all(panel.permissions for panel in panels)


@pytest.mark.parametrize("profile_id", [*Profile, SELLS.id])
def test_each_profile_is_listed_at_what_it_permits(profile_id: str) -> None:
    listed = (entry for panel in permissions_by_panel(TENANT) for entry in panel.permissions)

    permitted = {entry.permission for entry in listed if profile_id in entry.profile_ids}
    assert permitted == TENANT.permitted([profile_id]) != frozenset()


@given(st.lists(st.sampled_from([*Profile, SELLS.id, "prf_gone0001"])))
def test_person_may_do_what_any_of_their_profiles_permits(profile_ids: list[str]) -> None:
    of_each = [TENANT.permitted([one]) for one in profile_ids]

    assert TENANT.permitted(profile_ids) == frozenset().union(*of_each)
    assert TENANT.permitted(["prf_gone0001"]) == frozenset()


@pytest.mark.parametrize("profile", Profile)
def test_row_from_before_a_person_could_have_several_profiles_is_read(profile: Profile) -> None:
    member = Member.model_validate({**STORED, "profile": profile.value})

    assert member == Member.model_validate({**STORED, "profile_ids": [profile.value]})
    assert Standing(member, TENANT).permissions == PERMISSIONS_OF[profile]
    assert "profile" not in member.to_map()


@given(st.lists(st.sampled_from(list(Permission)), min_size=1))
def test_own_profile_permits_what_was_chosen_and_reading_ones_own_access(chosen: list[Permission]) -> None:
    profile = NewAccessProfile(name="Vendas", permissions=tuple(chosen)).profile("prf_00000002")

    assert {*profile.permissions} == {*chosen, Permission.ACCESS_READ}
    assert len({*profile.permissions}) == len(profile.permissions)


def test_tenant_has_at_most_twenty_profiles_of_its_own() -> None:
    tenant = TENANT
    for n in range(1, MOST_PROFILES):
        tenant = tenant.with_profile(SELLS.evolve(id=f"prf_1000{n:04}", name=f"Perfil {n}"))

    assert len(tenant.profiles) == MOST_PROFILES
    with pytest.raises(Refused) as refused:
        tenant.with_profile(SELLS.evolve(id="prf_20000000", name="Mais um"))
    assert [reason.code for reason in refused.value.reasons] == ["profile.too_many"]
    assert tenant.with_profile(SELLS.evolve(permissions=(Permission.USAGE_READ,))) != tenant


@pytest.mark.parametrize("name", ["FINANCEIRO", "operação", "vendas"])
def test_no_two_profiles_have_one_name(name: str) -> None:
    with pytest.raises(Refused) as refused:
        TENANT.with_profile(SELLS.evolve(id="prf_20000000", name=name))

    assert [reason.code for reason in refused.value.reasons] == ["profile.name_taken"]
