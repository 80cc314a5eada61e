import type { PanelPermissions } from "../../api/schema";

/** What a person may no longer do, and may do from now on, with the profiles `after` instead of `before`. */
export function changeOfProfiles(panels: PanelPermissions[], before: string[], after: string[]): { lost: string[]; gained: string[] } {
  const all = panels.flatMap((panel) => panel.permissions);
  const permits = (ids: string[], listed: (typeof all)[number]) => listed.profile_ids.some((id) => ids.includes(id));
  const only = (one: string[], other: string[]) => all.filter((listed) => permits(one, listed) && !permits(other, listed)).map((listed) => listed.name);
  return { lost: only(before, after), gained: only(after, before) };
}
