import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { period } from "../../format/date";
import { decimal } from "../../format/money";
import { ProblemNote } from "../../parts/Problem";
import { Wait } from "../../parts/show";

/** "Retorno a zero": what a minimum billed and nobody used, period by period. */
export function CarryOver({ path }: { path: { customer_id: string; contract_id: string } }) {
  const list = useQuery({
    queryKey: ["carry-over", path.contract_id],
    queryFn: async () => (await answer(api.GET("/customers/{customer_id}/contracts/{contract_id}/carry-over", { params: { path } }))).items,
  });
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Wait />;
  if (list.data.length === 0) return <p className="soft">Nenhum saldo: nenhuma definição usa “Retorno a zero”, ou nada foi guardado ainda.</p>;
  return (
    <table className="plain">
      <thead><tr><th>Período</th><th>Definição</th><th>Item</th><th>Movimento</th><th className="num">Unidades</th><th className="num">Saldo</th></tr></thead>
      <tbody>{list.data.map((row, i) => <tr key={i}><td>{period(row.period)}</td><td>{row.description}</td><td>{row.item}</td><td>{row.kind_label}</td><td className="num">{decimal(row.units)} {row.unit}</td><td className="num">{decimal(row.balance)}</td></tr>)}</tbody>
    </table>
  );
}
