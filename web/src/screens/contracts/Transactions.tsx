// The transactions of a contract in a period: work orders, sales, fuel, energy (CHG-10).
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Contract, Transaction } from "../../api/schema";
import { useToday } from "../../app/me";
import { useUnitName } from "../../app/units";
import { addDays, addMonths, day, firstDay } from "../../format/date";
import { decimal } from "../../format/money";
import { DayInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { contractPath } from "./Contract";
import { subcategoryText } from "./Definitions";
import { allPages } from "../../parts/remote";

export function Transactions({ contract }: { contract: Contract }) {
  const today = useToday();
  const unit = useUnitName();
  const [from, setFrom] = useState<string | undefined>(firstDay(addMonths(today.slice(0, 7), -1)));
  const [to, setTo] = useState<string | undefined>(today);
  const list = useQuery({
    queryKey: ["transactions", contract.id, from, to],
    enabled: from !== undefined && to !== undefined,
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/contracts/{contract_id}/transactions", { params: { path: contractPath(contract), query: { cursor, start: from!, end: addDays(to!, 1) } } })))).items,
  });
  const item = (id: string) => contract.items.find((one) => one.id === id)?.description ?? "item retirado";
  const columns: Column<Transaction>[] = [
    { key: "dia", title: "Dia", text: (t) => day(t.on), by: (t) => t.on, width: 92, grow: 1 },
    { key: "cobrada", title: "Cobrada em", text: (t) => day(t.bill_on), by: (t) => t.bill_on, width: 92, grow: 1 },
    { key: "item", title: "Item", text: (t) => item(t.item_id), width: 150, grow: 150 },
    { key: "categoria", title: "Categoria", text: (t) => labels.Category[t.category], width: 130, grow: 40 },
    { key: "sub", title: "Subcategoria", text: subcategoryText, width: 120, grow: 40 },
    { key: "descricao", title: "Descrição", text: (t) => t.description ?? "", width: 120, grow: 250 },
    { key: "quantidade", title: "Quantidade", text: (t) => decimal(t.quantity), by: (t) => Number(t.quantity), align: "right", width: 100, grow: 1 },
    { key: "unidade", title: "Unidade", text: (t) => unit(t.unit), width: 90, grow: 20 },
    { key: "preco", title: "Preço unitário (R$)", text: (t) => (t.unit_price === undefined ? "o do encargo" : decimal(t.unit_price)), align: "right", width: 130, grow: 1 },
  ];
  return (
    <>
      <div className="bar" style={{ alignItems: "end" }}>
        <DayInput label="Cobradas de" value={from} onChange={setFrom} w={130} />
        <DayInput label="até" value={to} onChange={setTo} w={130} />
      </div>
      <Grid name="Transações" columns={columns} rows={list.data} rowKey={(t) => t.id} error={list.error} retry={() => void list.refetch()} order="dia" empty="Nenhuma transação neste período. Elas chegam por arquivo, em Importações, ou da integração." />
    </>
  );
}
