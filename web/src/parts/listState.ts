// Filters and sort of the list on the screen, in the address, so that a link shows what a colleague sees.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { ListState } from "./rows";

export type Order = string;
export type Search = Record<string, unknown>;

export function useListState(order: Order = ""): [ListState, (state: ListState) => void] {
  const search = useSearch({ strict: false }) as Search;
  const set = useSetSearch();
  const state = useMemo(
    () => ({
      filters: typeof search.f === "object" && search.f !== null ? (search.f as Record<string, string>) : {},
      sort: typeof search.s === "string" ? search.s : order,
    }),
    [search.f, search.s, order],
  );
  const change = useCallback(
    (next: ListState) => {
      const filters = Object.fromEntries(Object.entries(next.filters).filter(([, text]) => text !== ""));
      set({ f: Object.keys(filters).length ? filters : undefined, s: next.sort === order ? undefined : next.sort });
    },
    [set, order],
  );
  return [state, change];
}

/** One word of the address: a tab, a month, the open row. */
export function useWord(name: string, otherwise = ""): [string, (value: string) => void] {
  const search = useSearch({ strict: false }) as Search;
  const set = useSetSearch();
  const value = search[name];
  return [value === undefined ? otherwise : String(value), useCallback((next) => set({ [name]: next === otherwise || next === "" ? undefined : next }), [set, name, otherwise])];
}

/** Changes some words and leaves the others; the browser's Back goes to another screen, not to another filter. */
export function useSetSearch(): (words: Search) => void {
  const navigate = useNavigate();
  return useCallback(
    (words) => void navigate({ to: ".", replace: true, search: (before: Search) => ({ ...before, ...words }) } as never),
    [navigate],
  );
}
