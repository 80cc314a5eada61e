// "Informações sintéticas": registrations counted by any two fields (CUS-05).
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Pivot, PivotField } from "../../api/schema";
import { month } from "../../format/date";
import { Choice } from "../../parts/fields";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Totals, Wait } from "../../parts/show";

const VALUES: Partial<Record<PivotField, Record<string, string>>> = {
  kind: labels.PersonKind,
  classification: labels.Classification,
  activity: { active: "Ativo", inactive: "Inativo" },
  contract_state: labels.ContractState,
};

/** A value as people call it; absent, the registrations that have none. */
function named(field: PivotField, value: string | undefined): string {
  if (value === undefined) return "(sem)";
  return VALUES[field]?.[value] ?? (field === "month" && /^\d{4}-\d{2}$/.test(value) ? month(value) : value);
}

export function Synthetic() {
  const [rows, setRows] = useWord("linhas", "city");
  const [columns, setColumns] = useWord("colunas", "kind");
  const pivot = useQuery({
    queryKey: ["customers", "pivot", rows, columns],
    queryFn: () => answer(api.GET("/registrations/pivot", { params: { query: { rows: rows as PivotField, columns: columns as PivotField } } })),
  });
  return (
    <>
      <Heading title="Informações sintéticas">
        <Choice label="Linhas" required options={labels.PivotField} value={rows as PivotField} onChange={(next) => next && setRows(next)} w={190} />
        <Choice label="Colunas" required options={labels.PivotField} value={columns as PivotField} onChange={(next) => next && setColumns(next)} w={190} />
      </Heading>
      <ProblemNote error={pivot.error} retry={() => void pivot.refetch()} />
      {pivot.isPending && <Wait />}
      {pivot.data && <Totals items={[["Cadastros ao todo", pivot.data.count.toLocaleString("pt-BR")]]} />}
      {pivot.data && <Table pivot={pivot.data} />}
    </>
  );
}

function Table({ pivot }: { pivot: Pivot }) {
  const across = [...new Set(pivot.cells.map((cell) => cell.column))];
  const down = [...new Set(pivot.cells.map((cell) => cell.row))];
  const counts = new Map(pivot.cells.map((cell) => [`${cell.row}\n${cell.column}`, cell.count]));
  return (
    <div className="box" style={{ overflow: "auto", flex: 1, minHeight: 0 }} tabIndex={0} role="region" aria-label="Cadastros por dois campos">
      <table className="plain">
        <thead><tr><th>{labels.PivotField[pivot.rows]}</th>{across.map((column) => <th key={String(column)} className="num">{named(pivot.columns, column)}</th>)}</tr></thead>
        <tbody>
          {down.map((row) => (
            <tr key={String(row)}>
              <th scope="row">{named(pivot.rows, row)}</th>
              {across.map((column) => <td key={String(column)} className="num">{counts.get(`${row}\n${column}`)?.toLocaleString("pt-BR") ?? ""}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
