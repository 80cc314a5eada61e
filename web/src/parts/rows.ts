// Which rows a list shows and in which order: pure, so that it is tested without a screen.
import type { ReactNode } from "react";
import { cents, parseMoney } from "../format/money";

export type Column<R> = {
  key: string;
  title: string;
  /** What the cell says: shown, filtered and read out. */
  text: (row: R) => string;
  /** Where the cell is more than its text. */
  show?: (row: R) => ReactNode;
  /** What is sorted by, where it is not the text: ISO days, numbers. */
  by?: (row: R) => string | number | undefined;
  /** Decimal text of an amount: sorted and added up by cents. */
  amount?: (row: R) => string | undefined;
  align?: "right";
  /** Least pixels, and share of what is left. */
  width?: number;
  grow?: number;
  /** Shown to its end, over as many lines as it takes: what explains. */
  wraps?: true;
  /** Not shown until it is chosen in "Colunas", or filters. */
  aside?: true;
  /** Where the API filters: what is asked for what was typed; undefined where that is nothing it can be asked. */
  ask?: (typed: string) => Query | undefined;
  /** The choices of the filter, where it is one of a closed list. */
  options?: Record<string, string>;
  /** How the filter is typed. */
  hint?: string;
  /** What the API sorts by, first to last and last to first. */
  orders?: { up?: string; down?: string };
};

/** Query parameters of one list of the API. */
export type Query = Record<string, string | string[] | boolean | number>;

export type ListState = { filters: Record<string, string>; sort: string };

const collator = new Intl.Collator("pt-BR", { numeric: true, sensitivity: "base" });
const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function arrange<R>(rows: R[], columns: Column<R>[], state: ListState): R[] {
  const wanted = columns.flatMap((column) => {
    const typed = state.filters[column.key]?.trim();
    return typed ? [{ column, matches: filterOf(typed) }] : [];
  });
  const kept = rows.filter((row) => wanted.every(({ column, matches }) => matches(column.text(row), column.amount?.(row))));
  const down = state.sort.startsWith("-");
  const column = columns.find((one) => one.key === state.sort.replace("-", ""));
  if (column) kept.sort((a, b) => (down ? -1 : 1) * compare(column, a, b));
  return kept;
}

/** Part of the text, without accents or case; of amounts also ">100", "<=100", "=100,00". */
function filterOf(typed: string): (text: string, amount: string | undefined) => boolean {
  const match = /^(>=|<=|>|<|=)\s*(.+)$/.exec(typed);
  const limit = match ? parseMoney(match[2]!) : undefined;
  if (match && limit !== undefined) {
    const bound = cents(limit);
    return (_text, amount) => {
      if (!amount) return false;
      const value = cents(amount);
      switch (match[1]) {
        case ">": return value > bound;
        case ">=": return value >= bound;
        case "<": return value < bound;
        case "<=": return value <= bound;
        default: return value === bound;
      }
    };
  }
  const part = fold(typed);
  return (text) => fold(text).includes(part);
}

function compare<R>(column: Column<R>, a: R, b: R): number {
  if (column.amount) {
    const difference = cents(column.amount(a) || "0") - cents(column.amount(b) || "0");
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  const [left, right] = column.by ? [column.by(a) ?? "", column.by(b) ?? ""] : [column.text(a), column.text(b)];
  return typeof left === "number" && typeof right === "number" ? left - right : collator.compare(String(left), String(right));
}
