// "Valores retidos": money without an invoice to match, decided one by one (PAY-08).
import { Button, Radio } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { HeldReceipt, Resolution } from "../../api/schema";
import { named, useMay, useCashAccounts, usePaymentProfiles, useToday } from "../../app/me";
import { addMonths, day, month as monthText } from "../../format/date";
import { brl, isPositive, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { moreOf } from "../../parts/remote";
import { Heading } from "../../parts/show";
import { Tag } from "../../parts/Tag";

const OPEN = "abertos";

export function HeldReceipts() {
  const today = useToday();
  const profiles = named(usePaymentProfiles().data);
  const may = useMay("payments:settle");
  const [month, setMonth] = useWord("mes", OPEN);
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [deciding, setDeciding] = useState(false);
  const list = useInfiniteQuery({
    queryKey: ["held-receipts", month],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => answer(month === OPEN ? api.GET("/held-receipts/open", { params: { query: { limit: 200, cursor: pageParam } } }) : api.GET("/held-receipts", { params: { query: { month } } })),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 10_000, // what a return has just held follows within seconds
  });
  const rows = list.data?.pages.flatMap((page) => page.items);
  const columns: Column<HeldReceipt>[] = [
    { key: "motivo", title: "Motivo", text: (h) => labels.HeldReason[h.reason], width: 132, grow: 60 },
    { key: "pago", title: "Pago em", text: (h) => day(h.paid_on), by: (h) => h.paid_on, width: 90, grow: 1 },
    { key: "nosso", title: "Nosso número", text: (h) => h.nosso_numero, width: 110, grow: 10 },
    { key: "retido", title: "Retido (R$)", text: (h) => money(h.held), amount: (h) => h.held, align: "right", width: 100, grow: 1 },
    { key: "falta", title: "Falta (R$)", text: (h) => money(h.missing), amount: (h) => h.missing, align: "right", width: 90, grow: 1 },
    { key: "fatura", title: "Fatura", text: (h) => (h.invoice_id ? "abrir" : ""), show: (h) => h.customer_id && h.invoice_id && <Link to={`/clientes/${h.customer_id}`} search={{ fatura: h.invoice_id } as never}>abrir</Link>, width: 66, grow: 1 },
    { key: "profile", title: "Profile", text: (h) => profiles(h.profile_id), width: 110, grow: 80 },
    { key: "mensagem", title: "O que aconteceu", text: (h) => h.message, width: 180, grow: 400 },
    { key: "decisao", title: "Decisão", text: (h) => (h.resolution ? labels.Resolution[h.resolution] : "em aberto"), show: (h) => (h.resolution ? <Tag tone="ok">{labels.Resolution[h.resolution]}</Tag> : <Tag tone="warn">em aberto</Tag>), width: 104, grow: 1 },
  ];
  const one = ticked.size === 1 ? rows?.find((receipt) => ticked.has(receipt.id)) : undefined;
  const months = today ? Array.from({ length: 13 }, (_, i) => addMonths(today.slice(0, 7), -i)) : [];
  return (
    <>
      <Heading title="Valores retidos">
        <Choice label="" placeholder="Mês" required options={[{ value: OPEN, label: "Em aberto" }, ...months.map((value) => ({ value, label: monthText(value) }))]} value={month} onChange={(next) => setMonth(next ?? OPEN)} w={120} />
        {may && <Button disabled={!one || one.resolution !== undefined} onClick={() => setDeciding(true)}>Decidir</Button>}
      </Heading>
      <Grid name="Valores retidos" columns={columns} rows={rows} more={moreOf(list)} rowKey={(h) => h.id} error={list.error} retry={() => void list.refetch()} ticked={ticked} onTick={tick} empty={month === OPEN ? "Nada aguarda decisão." : "Nada retido neste mês."} />
      {deciding && one && <Decide receipt={one} onClose={() => setDeciding(false)} />}
    </>
  );
}

function Decide({ receipt, onClose }: { receipt: HeldReceipt; onClose: () => void }) {
  const month = receipt.paid_on!.slice(0, 7);
  const accounts = useCashAccounts().data ?? [];
  const [resolution, setResolution] = useState<Resolution>();
  const [account, setAccount] = useState<string>();
  return (
    <Action
      title="Decidir o valor retido" items={[{ id: receipt.id, text: `${labels.HeldReason[receipt.reason]} · ${isPositive(receipt.held) ? brl(receipt.held) : `falta ${brl(receipt.missing)}`} · ${receipt.message}` }]} onClose={onClose}
      ready={resolution !== undefined && (resolution !== "refund" || account !== undefined)}
      run={(header) => answer(api.POST("/held-receipts/{month}/{receipt_id}/resolution", { params: { path: { month, receipt_id: receipt.id }, header }, body: { version: receipt.version, resolution: resolution!, account_id: account } }))}
    >
      <Radio.Group label="O que fazer" value={resolution ?? ""} onChange={(value) => setResolution(value as Resolution)}>
        <div style={{ display: "grid", gap: 6, marginTop: 6 }}>
          {(Object.entries(labels.Resolution) as [Resolution, string][]).map(([value, label]) => <Radio key={value} value={value} label={label} />)}
        </div>
      </Radio.Group>
      {resolution === "refund" && <Choice label="Conta de onde o dinheiro sai" required options={accounts.map((a) => ({ value: a.id, label: a.name }))} value={account} onChange={setAccount} />}
    </Action>
  );
}
