// Every line with its arithmetic: "por que este valor".
import { Button } from "@mantine/core";
import { answer, api } from "../../api/client";
import type { Line } from "../../api/schema";
import { decimal, money } from "../../format/money";
import { ProblemNote } from "../../parts/Problem";
import { Wait, Why } from "../../parts/show";
import type { Path } from "./Closing";
import { usePages } from "../../parts/remote";

export function ClosingLines({ path }: { path: Path }) {
  const list = usePages({
    key: ["closings", "one", path.closing_id, "lines"],
    page: (cursor) => answer(api.GET("/customers/{customer_id}/closings/{closing_id}/lines", { params: { path, query: { cursor } } })),
  });
  if (list.error) return <ProblemNote error={list.error} retry={list.retry} />;
  if (!list.rows) return <Wait />;
  return (
    <>
      <LinesTable lines={list.rows} />
      {list.more && <Button mt={8} variant="default" onClick={list.more}>Mostrar mais linhas</Button>}
    </>
  );
}

export function LinesTable({ lines }: { lines: Line[] }) {
  if (lines.length === 0) return <p className="soft">Nenhuma linha: ainda não há o que cobrar neste período.</p>;
  return (
    <table className="plain">
      <thead><tr><th>Linha</th><th className="num">Quantidade</th><th className="num">Imposto (R$)</th><th className="num">Valor (R$)</th></tr></thead>
      <tbody>
        {lines.map(({ line, unit, why }) => (
          <tr key={line.line_id}>
            <td>{line.description}{!line.billed && <span className="soft"> (não entra na fatura)</span>}<Why steps={why} /></td>
            <td className="num">{decimal(line.quantity)} {line.quantity && unit}</td>
            <td className="num">{money(line.tax)}</td>
            <td className="num">{money(line.amount)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
