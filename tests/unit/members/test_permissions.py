"""Permissions by panel, as people read them (SEC-01)."""

import pytest

from billing.access.model import PERMISSIONS_OF, Permission, Profile
from billing.members.model import permissions_by_panel

pytestmark = pytest.mark.req("SEC-01")


def test_every_permission_is_named_in_one_panel() -> None:
    panels = permissions_by_panel()
    listed = [entry for panel in panels for entry in panel.permissions]

    assert sorted(entry.permission for entry in listed) == sorted(Permission)
    assert len({panel.panel for panel in panels}) == len(panels)
    assert len({entry.name for entry in listed}) == len(listed)
    assert all(panel.permissions for panel in panels)


@pytest.mark.parametrize("profile", Profile)
def test_each_profile_is_listed_at_what_it_permits(profile: Profile) -> None:
    listed = (entry for panel in permissions_by_panel() for entry in panel.permissions)

    assert {entry.permission for entry in listed if profile in entry.profiles} == PERMISSIONS_OF[profile]
