// Two people change one thing: what the other changed meanwhile, field by field. Pure, so that it is tested without a screen.
import type { Event } from "../api/schema";

export type Field = {
  name: string;
  label: string;
  /** Who changed it, and to what, as the history says it. */
  by: string;
  theirs: string;
  /** Both changed it, and not alike: the person chooses. */
  asks: boolean;
};

const same = (a: unknown, b: unknown) => JSON.stringify(orderly(a)) === JSON.stringify(orderly(b));

/** Nothing, an empty text and an empty list are one; keys have one order. */
function orderly(value: unknown): unknown {
  if (value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)) return null;
  if (Array.isArray(value)) return value.map(orderly);
  if (typeof value !== "object") return value;
  const entries = Object.entries(value).flatMap(([key, inner]) => (orderly(inner) === null ? [] : [[key, orderly(inner)] as const]));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The fields that differ between what the form was opened with and what is kept now. `base`, `mine`, `theirs` have the fields of the form. */
export function fieldsChanged<D extends object>(base: D, mine: D, theirs: D, events: Event[], labels: Record<string, string> = {}): Field[] {
  const names = new Set([...Object.keys(base), ...Object.keys(theirs)]) as Set<keyof D & string>;
  return [...names].filter((name) => !same(base[name], theirs[name])).map((name) => {
    const told = latest(events, name);
    return {
      name,
      label: told?.label ?? labels[name] ?? name,
      by: told?.by ?? "",
      theirs: told?.after ?? plain(theirs[name]),
      asks: !same(mine[name], base[name]) && !same(mine[name], theirs[name]),
    };
  });
}

/** The newest event that changed the field or a part of it. */
function latest(events: Event[], name: string): { label: string; by: string; after: string } | undefined {
  for (const event of [...events].reverse()) {
    const changes = event.changes?.filter((change) => part(change.field)[0] === name) ?? [];
    if (changes.length === 0) continue;
    const after = changes.map((change) => (part(change.label).length > 1 ? `${part(change.label).slice(1).join(" ")}: ` : "") + (change.after ?? "em branco"));
    return { label: part(changes[0]!.label)[0]!, by: event.actor, after: after.join("; ") };
  }
  return undefined;
}

const part = (path: string) => path.split("›").map((word) => word.trim());

/** What was typed, with theirs where only they changed. */
export function merged<D extends object>(mine: D, theirs: D, fields: Field[]): D {
  const taken = fields.filter((field) => !field.asks).map((field) => [field.name, theirs[field.name as keyof D]]);
  return { ...mine, ...Object.fromEntries(taken) };
}

/** A value as text, where no word of the API stands for it. */
export function plain(value: unknown, words: Record<string, string> = {}): string {
  if (value === undefined || value === null || value === "") return "em branco";
  if (typeof value === "boolean") return value ? "sim" : "não";
  if (Array.isArray(value)) return value.length ? value.map((one) => plain(one, words)).join(", ") : "em branco";
  if (typeof value === "object") return Object.values(value).filter((one) => one !== undefined && one !== "").map((one) => plain(one, words)).join(", ");
  return words[String(value)] ?? String(value);
}
