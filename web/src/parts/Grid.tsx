// The one table for lists: virtual rows, a filter under each heading, sort, totals, ticks, keyboard. Its state (filters,
// sort, current row) is in the address.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { money, sum } from "../format/money";
import { Columns, Export, useColumns } from "./GridTools";
import { type Order, useListState } from "./listState";
import { ProblemNote } from "./Problem";
import { type Column, arrange } from "./rows";

export type { Column } from "./rows";

type Props<R> = {
  /** What the list is, for screen readers: "Faturas a receber". */
  name: string;
  columns: Column<R>[];
  rows: R[] | undefined;
  rowKey: (row: R) => string;
  onOpen?: (row: R) => void;
  error?: Error | null;
  retry?: () => void;
  /** Said when there is nothing at all. */
  empty: ReactNode;
  /** Ticks: kept by the screen, for its actions. */
  ticked?: ReadonlySet<string>;
  onTick?: (keys: ReadonlySet<string>) => void;
  /** Called near the end of what was read, while there is more. */
  more?: (() => void) | undefined;
  order?: Order;
  /** Filtered, sorted and added up by the API: what stands at the foot, and the filters that could not be asked. */
  remote?: Remote | undefined;
};

export type Remote = { foot: [string, string][] | undefined; wrong: ReadonlySet<string> };

const ROW = 30;

export function Grid<R>(props: Props<R>) {
  const { rows, rowKey, ticked, onTick } = props;
  const [state, setState] = useListState(props.order);
  const all = useColumns(props.name, props.columns, state.filters);
  const { columns } = all;
  const { remote } = props;
  const shown = useMemo(() => (remote ? (rows ?? []) : arrange(rows ?? [], props.columns, state)), [remote, rows, props.columns, state]);
  const [current, setCurrent] = useState(0);
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => scroll.current, estimateSize: () => ROW, overscan: 12 });
  const items = virtual.getVirtualItems();
  const measured = columns.some((column) => column.wraps);
  const { more } = props;
  const reached = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && rows && reached >= shown.length - 15) more();
  }, [more, rows, reached, shown.length]);

  const widths = columns.map((column) => column.width ?? 90);
  const across = {
    gridTemplateColumns: `${onTick ? "28px " : ""}${columns.map((column, i) => `minmax(${widths[i]}px, ${column.grow ?? widths[i]}fr)`).join(" ")}`,
    minWidth: widths.reduce((all, one) => all + one, onTick ? 28 : 0),
  };
  const tick = (key: string) => {
    const next = new Set(ticked);
    if (!next.delete(key)) next.add(key);
    onTick?.(next);
  };
  const move = (index: number) => {
    const to = Math.max(0, Math.min(shown.length - 1, index));
    setCurrent(to);
    virtual.scrollToIndex(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.floor((scroll.current?.clientHeight ?? 300) / ROW) - 3;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 };
    const row = shown[current];
    if (event.key in steps) move(current + steps[event.key]!);
    else if (event.key === "Enter" && row) props.onOpen?.(row);
    else if (event.key === " " && row && onTick) tick(rowKey(row));
    else if (event.key === "a" && event.ctrlKey && onTick) onTick(new Set(shown.map(rowKey)));
    else if (event.key === "f") scroll.current?.querySelector<HTMLInputElement>(".filters input")?.focus();
    else if (event.key === "Escape") setState({ ...state, filters: {} });
    else return;
    event.preventDefault();
  };

  const filtered = Object.values(state.filters).some(Boolean);
  const there = ticked?.size ? shown.filter((row) => ticked.has(rowKey(row))) : [];
  const chosen = there.length > 0 ? there : undefined; // what was ticked may have left the list
  return (
    <div className="grid">
      <div
        className="scroll" ref={scroll} role="grid" aria-label={props.name} aria-rowcount={shown.length + 2} tabIndex={0}
        aria-multiselectable={onTick ? true : undefined} aria-busy={rows === undefined && !props.error}
        aria-activedescendant={shown[current] ? `row-${rowKey(shown[current])}` : undefined}
        onKeyDown={(event) => event.target === scroll.current && onKeyDown(event)}
      >
        <div className="head" role="rowgroup">
          <div role="row" style={across}>
            {onTick && <span role="columnheader" aria-label="Marcada" />}
            {columns.map((column) => {
              const by = state.sort === column.key ? "ascending" : state.sort === `-${column.key}` ? "descending" : undefined;
              return (
                <div key={column.key} role="columnheader" className={column.align === "right" ? "num" : ""} aria-sort={by ?? "none"}>
                  <button type="button" tabIndex={-1} title={column.title} disabled={remote && !column.orders} onClick={() => setState({ ...state, sort: nextSort(column, by === "ascending", remote !== undefined) })}>
                    {column.title}{by === "ascending" ? " ↑" : by === "descending" ? " ↓" : ""}
                  </button>
                </div>
              );
            })}
          </div>
          <div role="row" className="filters" style={across}>
            {onTick && <div role="gridcell" />}
            {columns.map((column) => (
              <div key={column.key} role="gridcell" style={{ lineHeight: "normal" }}>
                {(!remote || column.ask) && (
                  <Filter
                    column={column} value={state.filters[column.key] ?? ""} wrong={remote?.wrong.has(column.key) ?? false}
                    onChange={(value) => setState({ ...state, filters: { ...state.filters, [column.key]: value } })}
                    onLeave={() => scroll.current?.focus()} onClear={() => setState({ ...state, filters: {} })}
                  />
                )}
              </div>
            ))}
          </div>
        </div>
        {rows === undefined && !props.error && <div role="row"><div role="gridcell" aria-label="Carregando">{Array.from({ length: 8 }, (_, i) => <div key={i} className="skeleton" style={{ width: 760 - (i % 3) * 90 }} />)}</div></div>}
        {props.error && <div role="row"><div role="gridcell" className="message" style={{ whiteSpace: "normal" }}><ProblemNote error={props.error} retry={props.retry} /></div></div>}
        {rows !== undefined && shown.length === 0 && (
          <div role="row"><div role="gridcell" className="message" style={{ whiteSpace: "normal" }}>{filtered && rows.length > 0 ? "Nada corresponde aos filtros. Esc limpa." : props.empty}</div></div>
        )}
        <div className="rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = shown[item.index]!;
            const key = rowKey(row);
            return (
              <div
                key={key} id={`row-${key}`} role="row" aria-rowindex={item.index + 3} className={`${item.index === current ? "current" : ""} ${measured ? "measured" : ""}`}
                ref={measured ? virtual.measureElement : undefined} data-index={item.index}
                aria-selected={onTick ? (ticked?.has(key) ?? false) : undefined}
                style={{ ...across, transform: `translateY(${item.start}px)` }}
                onClick={() => setCurrent(item.index)} onDoubleClick={() => props.onOpen?.(row)}
              >
                {onTick && (
                  <div role="gridcell" style={{ padding: "0 0 0 8px" }}>
                    <input type="checkbox" tabIndex={-1} aria-label="Marcar" checked={ticked?.has(key) ?? false} onChange={() => tick(key)} />
                  </div>
                )}
                {columns.map((column) => {
                  const text = column.text(row);
                  return (
                    <div key={column.key} role="gridcell" title={text} className={column.align === "right" ? "num" : column.wraps ? "wraps" : ""}>
                      {column.show ? column.show(row) : text}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      {rows && (
        <Foot columns={columns} rows={shown} chosen={chosen} partial={more !== undefined} whole={remote?.foot}>
          <Columns {...all} columns={props.columns} />
          <Export name={props.name} columns={columns} rows={chosen ?? shown} more={chosen ? undefined : more} failed={props.error != null} />
        </Foot>
      )}
    </div>
  );
}

/** The other way round, or as the API sorts by this column at all. */
function nextSort<R>(column: Column<R>, isUp: boolean, remote: boolean): string {
  if (!remote) return isUp ? `-${column.key}` : column.key;
  const { up, down } = column.orders!;
  return (up !== undefined && !isUp) || down === undefined ? column.key : `-${column.key}`;
}

type FilterProps<R> = { column: Column<R>; value: string; wrong: boolean; onChange: (value: string) => void; onLeave: () => void; onClear: () => void };

function Filter<R>({ column, value, wrong, onChange, onLeave, onClear }: FilterProps<R>) {
  const name = `Filtrar ${column.title}`;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" || (event.key === "ArrowDown" && !column.options)) onLeave();
    if (event.key === "Escape") onClear();
  };
  if (column.options) {
    return (
      <select aria-label={name} value={value} onChange={(event) => onChange(event.target.value)} onKeyDown={onKeyDown}>
        <option value="">todas</option>
        {Object.entries(column.options).map(([key, label]) => <option key={key} value={key}>{label}</option>)}
      </select>
    );
  }
  return <input aria-label={name} aria-invalid={wrong} title={wrong ? (column.hint ?? "") : undefined} placeholder={column.hint} value={value} onChange={(event) => onChange(event.target.value)} onKeyDown={onKeyDown} />;
}

/** Honest about what it adds up: all that was read, or only a part. */
function Foot<R>({ columns, rows, chosen, partial, whole, children }: { columns: Column<R>[]; rows: R[]; chosen: R[] | undefined; partial: boolean; whole: Remote["foot"]; children: ReactNode }) {
  const totals = columns.filter((column) => column.amount);
  const add = (of: R[], column: Column<R>) => money(sum(of.map((row) => column.amount!(row) || "0")));
  return (
    <div className="foot">
      <div className="sums" role="status">
      {whole?.map(([name, value]) => <span key={name}>{name}: <b>{value}</b></span>)}
      {!whole && <span><b>{rows.length.toLocaleString("pt-BR")}</b> {rows.length === 1 ? "linha" : "linhas"}{partial ? " lidas, há mais" : ""}</span>}
      {!whole && totals.map((column) => <span key={column.key}>{column.title}: <b>{add(rows, column)}</b></span>)}
      {chosen && <span>Marcadas: <b>{chosen.length}</b>{totals.map((column) => <span key={column.key}> · {column.title} <b>{add(chosen, column)}</b></span>)}</span>}
      </div>
      <div className="tools">{children}</div>
    </div>
  );
}
