// "Itens de cobrança": added, updated in price and month alone, excluded value by value (CAT-01..03).
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { BillingItem } from "../../api/schema";
import { inOrder, useMay, useToday } from "../../app/me";
import { month } from "../../format/date";
import { decimal } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice, DecimalInput, MonthInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { HistoryButton } from "../../parts/HistoryButton";
import { Heading } from "../../parts/show";
import { allPages } from "../../parts/remote";

const current = (item: BillingItem, today: string) =>
  [...item.prices].sort((a, b) => b.valid_from.localeCompare(a.valid_from)).find((price) => price.valid_from <= today.slice(0, 7)) ?? item.prices[0];

export const useItems = () => useQuery({ queryKey: ["items"], queryFn: async () => inOrder((await allPages((cursor) => answer(api.GET("/items", { params: { query: { cursor } } })))).items) });

export function Items() {
  const today = useToday();
  const may = useMay("catalog:write");
  const list = useItems();
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"add" | "update" | "exclude">();
  const columns: Column<BillingItem>[] = [
    { key: "item", title: "Item de faturamento", text: (i) => i.name, width: 200, grow: 300 },
    { key: "produto", title: "Produto", text: (i) => i.product, width: 160, grow: 200 },
    { key: "unidade", title: "Unidade de medida", text: (i) => i.unit, width: 130, grow: 60 },
    { key: "valor", title: "Valor unitário (R$)", text: (i) => decimal(current(i, today)?.unit_price), by: (i) => Number(current(i, today)?.unit_price ?? 0), align: "right", width: 130, grow: 1 },
    { key: "inicio", title: "Início da vigência", text: (i) => month(current(i, today)?.valid_from), by: (i) => current(i, today)?.valid_from, width: 120, grow: 1 },
    { key: "valores", title: "Valores", text: (i) => String(i.prices.length), by: (i) => i.prices.length, align: "right", width: 70, grow: 1 },
    { key: "origem", title: "Origem", text: (i) => labels.ItemOrigin[i.origin], width: 100, grow: 1 },
  ];
  const one = ticked.size === 1 ? list.data?.find((item) => ticked.has(item.id)) : undefined;
  return (
    <>
      <Heading title="Itens de cobrança">
        <HistoryButton of={one && { id: one.id, title: one.name }} read={(id) => allPages((cursor) => answer(api.GET("/items/{item_id}/history", { params: { path: { item_id: id }, query: { cursor } } })))} />
        {may && <Button variant="default" disabled={!one} onClick={() => setDialog("update")}>Atualizar</Button>}
        {may && <Button variant="default" disabled={!one || one.origin === "metering"} title={one?.origin === "metering" ? "Não é possível excluir itens de faturamento gerados pela volumetria." : undefined} onClick={() => setDialog("exclude")}>Excluir</Button>}
        {may && <Button onClick={() => setDialog("add")}>Adicionar</Button>}
      </Heading>
      <Grid name="Itens de cobrança" columns={columns} rows={list.data} rowKey={(i) => i.id} error={list.error} retry={() => void list.refetch()} order="item" ticked={ticked} onTick={tick} empty="Nenhum item ainda. Inclua o primeiro em “Adicionar”." />
      {dialog === "add" && <AddItem month={today.slice(0, 7)} onClose={() => setDialog(undefined)} />}
      {dialog === "update" && one && <UpdateItem item={one} onClose={() => setDialog(undefined)} />}
      {dialog === "exclude" && one && <ExcludePrice item={one} onClose={() => setDialog(undefined)} />}
    </>
  );
}

function AddItem({ month: first, onClose }: { month: string; onClose: () => void }) {
  const [name, setName] = useState("");
  const [product, setProduct] = useState("");
  const [unit, setUnit] = useState("");
  const [price, setPrice] = useState<string>();
  const [from, setFrom] = useState<string | undefined>(first);
  return (
    <Action title="Adicionar item de cobrança" button="Salvar" onClose={onClose} ready={[name, product, unit].every((text) => text.trim() !== "") && price !== undefined && from !== undefined} run={(header) => answer(api.POST("/items", { params: { header }, body: { name, product, unit, unit_price: price!, valid_from: from! } }))}>
      <TextInput label="Item de faturamento" description="Serviço que será faturado ao cliente." value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <TextInput label="Produto" value={product} onChange={(event) => setProduct(event.currentTarget.value)} />
      <TextInput label="Unidade de medida" value={unit} onChange={(event) => setUnit(event.currentTarget.value)} />
      <DecimalInput label="Valor Unitário" value={price} onChange={setPrice} />
      <MonthInput label="Início da vigência" value={from} onChange={setFrom} />
    </Action>
  );
}

function UpdateItem({ item, onClose }: { item: BillingItem; onClose: () => void }) {
  const [price, setPrice] = useState<string>();
  const [from, setFrom] = useState<string>();
  return (
    <Action
      title="Atualizar item de cobrança" button="Salvar" onClose={onClose} ready={price !== undefined && from !== undefined}
      run={() => answer(api.PATCH("/items/{item_id}", { params: { path: { item_id: item.id }, header: ifMatch(item.version) }, body: { unit_price: price, valid_from: from } }))}
    >
      <TextInput label="Item de faturamento" value={item.name} disabled description="Somente é possível atualizar os campos “Valor Unitário” e “Início da Vigência”." />
      <TextInput label="Produto" value={item.product} disabled />
      <TextInput label="Unidade de medida" value={item.unit} disabled />
      <DecimalInput label="Valor Unitário" value={price} onChange={setPrice} data-autofocus />
      <MonthInput label="Início da vigência" value={from} onChange={setFrom} />
    </Action>
  );
}

function ExcludePrice({ item, onClose }: { item: BillingItem; onClose: () => void }) {
  const [from, setFrom] = useState(item.prices.at(-1)?.valid_from);
  return (
    <Action
      title={`Excluir valor de ${item.name}`} button="Excluir" onClose={onClose} ready={from !== undefined} warning={item.prices.length === 1 ? "É o último valor: o item será excluído." : undefined}
      run={() => answer(api.DELETE("/items/{item_id}/prices/{month}", { params: { path: { item_id: item.id, month: from! }, header: ifMatch(item.version) } }))}
    >
      <Choice label="Valor" required options={item.prices.map((price) => ({ value: price.valid_from, label: `desde ${month(price.valid_from)}: R$ ${decimal(price.unit_price)}` }))} value={from} onChange={setFrom} />
    </Action>
  );
}
