import type { PanelPermissions, Profile } from "../../api/schema";

/** What a person may no longer do, and may do from now on, with the profile `after` instead of `before`. */
export function changeOfProfile(panels: PanelPermissions[], before: Profile, after: Profile): { lost: string[]; gained: string[] } {
  const all = panels.flatMap((panel) => panel.permissions);
  const only = (one: Profile, other: Profile) => all.filter((listed) => listed.profiles.includes(one) && !listed.profiles.includes(other)).map((listed) => listed.name);
  return { lost: only(before, after), gained: only(after, before) };
}
