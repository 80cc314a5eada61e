// "Lançar Consumo": Cliente, Mês, Item de faturamento, Quantidade, "Adicionar"; months finalised are not offered (USE-01..03).
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { answer, api, ifMatch, useOnce } from "../../api/client";
import { labels } from "../../api/labels";
import type { UsageEntry } from "../../api/schema";
import { useMay } from "../../app/me";
import { queries } from "../../app/queries";
import { instant, month as monthText } from "../../format/date";
import { decimal } from "../../format/money";
import { Action } from "../../parts/Action";
import { CustomerPicker } from "../../parts/CustomerPicker";
import { Choice, DecimalInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useSetSearch, useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Heading } from "../../parts/show";
import { Tag } from "../../parts/Tag";
import { usePages } from "../../parts/remote";
import { useItems } from "../catalog/Items";

export function EnterUsage() {
  const [customer] = useWord("cliente");
  const [chosen] = useWord("mes");
  const set = useSetSearch();
  const may = useMay("usage:write");
  const items = useItems();
  const names = new Map(items.data?.map((item) => [item.id, item]));
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [removing, setRemoving] = useState(false);
  const months = useQuery({
    queryKey: ["usage-months", customer],
    enabled: customer !== "",
    queryFn: async () => (await answer(api.GET("/customers/{customer_id}/usage/months", { params: { path: { customer_id: customer } } }))).months,
  });
  const month = chosen || months.data?.at(-1) || "";
  const list = usePages({
    key: ["usage", customer, month],
    enabled: customer !== "" && month !== "",
    page: (cursor) => answer(api.GET("/customers/{customer_id}/usage", { params: { path: { customer_id: customer }, query: { month, limit: 100, cursor } } })),
  });
  const columns: Column<UsageEntry>[] = [
    { key: "mes", title: "Mês", text: (u) => monthText(u.month), by: (u) => u.month, width: 80, grow: 1 },
    { key: "item", title: "Item de faturamento", text: (u) => names.get(u.billing_item_id)?.name ?? "", width: 240, grow: 300 },
    { key: "quantidade", title: "Quantidade", text: (u) => decimal(u.quantity), by: (u) => Number(u.quantity), align: "right", width: 110, grow: 1 },
    { key: "unidade", title: "Unidade", text: (u) => names.get(u.billing_item_id)?.unit ?? "", width: 100, grow: 60 },
    { key: "origem", title: "Origem", text: (u) => labels.ItemOrigin[u.origin], width: 100, grow: 1 },
    { key: "lancado", title: "Lançado em", text: (u) => instant(u.entered_at), by: (u) => u.entered_at, width: 140, grow: 1 },
    { key: "fechamento", title: "Fechamento", text: (u) => (u.used_in ? "usado" : ""), show: (u) => u.used_in && <Tag tone="ok">usado</Tag>, width: 96, grow: 1 },
  ];
  const rows = list.rows;
  const one = ticked.size === 1 ? rows?.find((entry) => ticked.has(entry.id)) : undefined;
  return (
    <>
      <Heading title="Lançar Consumo">
        {may && <Button variant="default" disabled={!one || one.origin === "metering"} title={one?.origin === "metering" ? "Não é possível excluir os lançamentos realizados pela volumetria." : undefined} onClick={() => setRemoving(true)}>Excluir</Button>}
      </Heading>
      <div className="bar" style={{ alignItems: "end" }}>
        <CustomerPicker label="Cliente" value={customer || undefined} onChange={(id) => set({ cliente: id, mes: undefined, f: undefined })} />
        <Choice label="Mês" required options={(months.data ?? []).map((value) => ({ value, label: monthText(value) }))} value={month} onChange={(next) => set({ mes: next })} w={110} />
        {may && customer && month && <Entry key={`${customer}${month}`} customer={customer} month={month} items={(items.data ?? []).map((item) => ({ value: item.id, label: `${item.name} (${item.unit})` }))} />}
      </div>
      <div className="soft">Se o mês desejado não estiver visível, o faturamento desse mês já foi concluído.</div>
      <Grid name="Lançamentos" columns={columns} rows={customer ? rows : []} rowKey={(u) => u.id} error={months.error ?? list.error} retry={list.retry} order="item" ticked={ticked} onTick={tick} more={list.more} empty={customer ? "Nada lançado neste mês." : "Escolha um cliente."} />
      {removing && one && (
        <Action title="Excluir lançamento" items={[{ id: one.id, text: `${names.get(one.billing_item_id)?.name} · ${decimal(one.quantity)}` }]} onClose={() => setRemoving(false)} run={() => answer(api.DELETE("/customers/{customer_id}/usage/{month}/{usage_id}", { params: { path: { customer_id: customer, month: one.month, usage_id: one.id }, header: ifMatch(one.version) } }))} />
      )}
    </>
  );
}

/** By keyboard alone: item, quantity, Enter, and again. */
function Entry({ customer, month, items }: { customer: string; month: string; items: { value: string; label: string }[] }) {
  const { header, renew } = useOnce();
  const [item, setItem] = useState<string>();
  const [quantity, setQuantity] = useState<string>();
  const [error, setError] = useState<unknown>();
  const form = useRef<HTMLFormElement>(null);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    try {
      await answer(api.POST("/customers/{customer_id}/usage", { params: { path: { customer_id: customer }, header }, body: { month, billing_item_id: item!, quantity: quantity! } }));
      renew();
      setQuantity(undefined);
      await queries.invalidateQueries({ queryKey: ["usage", customer] });
      form.current?.querySelector("input")?.focus();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <>
      <form ref={form} className="bar" style={{ alignItems: "end" }} onSubmit={(event) => void add(event)}>
        <Choice label="Item de faturamento" searchable required options={items} value={item} onChange={setItem} w={260} />
        <DecimalInput label="Quantidade" value={quantity} onChange={setQuantity} w={120} />
        <Button type="submit" disabled={!item || quantity === undefined}>Adicionar</Button>
      </form>
      {error !== undefined && <div style={{ width: "100%" }}><ProblemNote error={error} /></div>}
    </>
  );
}
