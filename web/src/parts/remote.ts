// A list of which the API keeps filters, order and totals: the whole of it may be millions of rows.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { queries } from "../app/queries";
import type { Remote } from "./Grid";
import { useListState } from "./listState";
import type { Column, ListState, Query } from "./rows";

type Page<R> = { items: R[]; next_cursor?: string };

type Wanted<R, P extends Page<R>> = {
  key: string;
  columns: Column<R>[];
  /** A column's key, "-" before it for last to first. */
  order: string;
  /** What is asked besides the filters of the columns. */
  fixed?: Query;
  page: (query: Query, cursor: string | undefined) => Promise<P>;
  foot: (first: P) => [string, string][];
};

type Whole<R> = Page<R> & { names?: Record<string, string> };

/** All of a list that one screen shows, sorts and adds up by itself: what one customer, account or tenant has. */
export async function allPages<P extends Whole<unknown>>(read: (cursor: string | undefined) => Promise<P>): Promise<P> {
  let page = await read(undefined);
  const whole = { ...page, items: [...page.items], ...(page.names && { names: { ...page.names } }) };
  while (page.next_cursor !== undefined) {
    page = await read(page.next_cursor);
    whole.items.push(...page.items);
    if (whole.names) Object.assign(whole.names, page.names);
  }
  delete whole.next_cursor;
  return whole;
}

type Reading<P> = {
  key: QueryKey;
  page: (cursor: string | undefined) => Promise<P>;
  enabled?: boolean;
  /** Milliseconds until it is read again; false, while nothing is expected. */
  every?: number | ((pages: P[]) => number | false);
};

/** A list that is read page by page, as far as a person goes down. */
export function usePages<P extends Whole<unknown>>({ key, page, enabled = true, every }: Reading<P>) {
  const list = useInfiniteQuery({
    queryKey: key,
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => page(pageParam),
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: every === undefined ? false : ({ state }) => (typeof every === "number" ? every : every(state.data?.pages ?? [])),
  });
  const pages = list.data?.pages;
  const rows = useMemo(() => pages?.flatMap((one) => one.items) as P["items"] | undefined, [pages]);
  const names = useMemo(() => Object.assign({}, ...(pages?.map((one) => one.names) ?? [])) as Record<string, string>, [pages]);
  const more = moreOf(list);
  const retry = () => void list.refetch();
  return { first: pages?.[0], rows, names, error: list.error, retry, more };
}

/** Files that arrive are read again every 3 s while one is being processed, and for half a minute after one was sent. */
export function useArrivals<P extends Whole<{ status: string }>>(reading: Omit<Reading<P>, "every" | "enabled">) {
  const [waiting, setWaiting] = useState(0);
  const every = (pages: P[]) => (waiting > Date.now() || pages.some((page) => page.items.some((one) => one.status === "received")) ? 3_000 : false);
  const sent = () => {
    setWaiting(Date.now() + 30_000);
    void queries.invalidateQueries({ queryKey: reading.key });
  };
  return { ...usePages<P>({ ...reading, every }), sent };
}

type Pages = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };

/** Reads the next page, unless it is being read; undefined where there is none. */
const moreOf = (list: Pages): (() => void) | undefined => (list.hasNextPage ? () => void (list.isFetchingNextPage || list.fetchNextPage()) : undefined);

/** What is asked of the API for these filters and this order, and the filters that nothing can be asked for. */
export function queryOf<R>(columns: Column<R>[], state: ListState): { query: Query; wrong: Set<string> } {
  const query: Query = {};
  const wrong = new Set<string>();
  for (const column of columns) {
    const typed = state.filters[column.key]?.trim();
    if (!typed || !column.ask) continue;
    const asked = column.ask(typed);
    if (asked === undefined) wrong.add(column.key);
    else Object.assign(query, asked);
  }
  const down = state.sort.startsWith("-");
  const orders = columns.find((column) => column.key === state.sort.replace("-", ""))?.orders;
  const sort = down ? orders?.down : orders?.up;
  return { query: sort === undefined ? query : { ...query, sort }, wrong };
}

/** The grid's properties, and the first page, which has the totals of the whole filter. */
export function useRemoteList<R, P extends Page<R>>({ key, columns, order, fixed, page, foot }: Wanted<R, P>) {
  const [state] = useListState(order);
  const [settled] = useDebouncedValue(state, 250);
  const { query, wrong } = queryOf(columns, settled);
  const asked = { ...fixed, ...query };
  const list = useInfiniteQuery({
    queryKey: [key, "all", asked],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => page(asked, pageParam),
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    retry: 1,
  });
  const first = list.data?.pages[0];
  const rows = useMemo(() => list.data?.pages.flatMap((one) => one.items), [list.data]);
  const remote: Remote = { foot: first && foot(first), wrong };
  return {
    first,
    rows,
    grid: {
      columns, rows, order, remote, error: list.error, retry: () => void list.refetch(),
      more: moreOf(list),
    },
  };
}

/** A closed list's filter: the parameter takes several values, one is chosen. */
export const choice = (name: string) => (typed: string): Query => ({ [name]: [typed] });
export const word = (name: string) => (typed: string): Query => ({ [name]: typed });

/** Between two parameters, both included, as `parse` reads what was typed. */
export const between = (name: string, parse: (typed: string) => { from?: string; to?: string } | undefined) => (typed: string): Query | undefined => {
  const range = parse(typed);
  if (range === undefined) return undefined;
  return { ...(range.from !== undefined && { [`${name}_from`]: range.from }), ...(range.to !== undefined && { [`${name}_to`]: range.to }) };
};
