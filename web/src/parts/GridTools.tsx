// What stands at the foot of every list besides its sums: which columns it shows, and the list as a file.
import { Button, Checkbox, Menu, Popover, Stack } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Cell, Sheet } from "../format/sheet";
import type { Column } from "./rows";

/** Rows of one file: beyond, a spreadsheet is no tool, and the API pages through all. */
export const MOST = 50_000;

type Kept = { hidden: ReadonlySet<string>; hide: (key: string, hidden: boolean) => void };

/** Columns without those that the user hid in this list, on this machine, at first those that stand aside; one that filters is always seen. */
export function useColumns<R>(name: string, columns: Column<R>[], filters: Record<string, string>): Kept & { columns: Column<R>[] } {
  const place = `colunas: ${name}`;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => new Set(read(place) ?? columns.filter((column) => column.aside).map((column) => column.key)));
  const hide = (key: string, isHidden: boolean) => {
    const next = new Set(hidden);
    if (isHidden) next.add(key);
    else next.delete(key);
    setHidden(next);
    localStorage.setItem(place, JSON.stringify([...next]));
  };
  const seen = columns.filter((column) => !hidden.has(column.key) || filters[column.key]);
  return { hidden, hide, columns: seen.length > 0 ? seen : columns };
}

function read(place: string): string[] | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? "null");
    return Array.isArray(kept) ? kept.filter((key) => typeof key === "string") : undefined;
  } catch {
    return undefined; // what another version left, or a browser that keeps nothing
  }
}

export function Columns<R>({ columns, hidden, hide }: Kept & { columns: Column<R>[] }) {
  const aside = columns.filter(({ key }) => hidden.has(key)).length;
  return (
    <Popover position="top-end" shadow="sm" trapFocus returnFocus>
      <Popover.Target><Button variant="default" size="compact-xs">Colunas{aside > 0 && ` (${aside} fora da lista)`}</Button></Popover.Target>
      <Popover.Dropdown aria-label="Colunas">
        <Stack gap={8}>
          {columns.map(({ key, title }) => <Checkbox key={key} label={title} checked={!hidden.has(key)} onChange={() => hide(key, !hidden.has(key))} />)}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

const KINDS = { csv: "CSV", xlsx: "Excel (XLSX)" } as const;
type Kind = keyof typeof KINDS;
type ExportProps<R> = { name: string; columns: Column<R>[]; rows: R[]; more: (() => void) | undefined; failed: boolean };

/** The ticked rows, or the whole list as filtered and sorted: what was not read yet is read first. */
export function Export<R>({ name, columns, rows, more, failed }: ExportProps<R>) {
  const [kind, setKind] = useState<Kind>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!kind) return;
    if (failed) setProblem("A lista não pôde ser lida até o fim. Nada foi exportado.");
    else if (rows.length > MOST || (more && rows.length === MOST)) setProblem(`São mais de ${MOST.toLocaleString("pt-BR")} linhas. Filtre a lista.`);
    else if (more) return more();
    else void save(kind, sheetOf(name, columns, rows)).catch(() => setProblem("O arquivo não pôde ser feito."));
    setKind(undefined);
  }, [kind, failed, more, rows, columns, name]);
  const start = (chosen: Kind) => {
    setProblem("");
    setKind(chosen);
  };
  return (
    <>
      {problem && <span className="bad" role="alert">{problem}</span>}
      {kind && <Button variant="default" size="compact-xs" onClick={() => setKind(undefined)}>Lendo {rows.length.toLocaleString("pt-BR")}… Cancelar</Button>}
      {!kind && (
        <Menu position="top-end" shadow="sm">
          <Menu.Target><Button variant="default" size="compact-xs">Exportar</Button></Menu.Target>
          <Menu.Dropdown>
            {(Object.keys(KINDS) as Kind[]).map((one) => <Menu.Item key={one} onClick={() => start(one)}>{KINDS[one]}</Menu.Item>)}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

export function sheetOf<R>(name: string, columns: Column<R>[], rows: R[]): Sheet {
  const cell = (column: Column<R>, row: R): Cell => (column.amount ? { amount: column.amount(row) ?? "" } : { text: column.text(row) });
  return { name, titles: columns.map((column) => column.title), rows: rows.map((row) => columns.map((column) => cell(column, row))) };
}

async function save(kind: Kind, sheet: Sheet): Promise<void> {
  const { csv, xlsx } = await import("../format/sheet");
  const content: BlobPart = kind === "csv" ? csv(sheet) : (xlsx(sheet) as Uint8Array<ArrayBuffer>);
  const url = URL.createObjectURL(new Blob([content], { type: kind === "csv" ? "text/csv" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }));
  Object.assign(document.createElement("a"), { href: url, download: `${sheet.name}.${kind}` }).click();
  URL.revokeObjectURL(url);
}
