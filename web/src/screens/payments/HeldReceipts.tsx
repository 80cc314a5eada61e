// "Valores retidos": money without an invoice to match, decided one by one (PAY-08).
import { Button, Radio, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { HeldReceipt, InvoiceListed, Resolution } from "../../api/schema";
import { named, useMay, useCashAccounts, usePaymentProfiles, useToday } from "../../app/me";
import { addMonths, day, month as monthText } from "../../format/date";
import { brl, isPositive, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { usePages } from "../../parts/remote";
import { Heading, Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";

const OPEN = "abertos";

export function HeldReceipts() {
  const today = useToday();
  const profiles = named(usePaymentProfiles().data);
  const may = useMay("payments:settle");
  const [month, setMonth] = useWord("mes", OPEN);
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [deciding, setDeciding] = useState(false);
  const list = usePages({
    key: ["held-receipts", month],
    page: (cursor) => answer(month === OPEN ? api.GET("/held-receipts/open", { params: { query: { limit: 200, cursor } } }) : api.GET("/held-receipts", { params: { query: { month, cursor } } })),
    every: 10_000, // what a return has just held follows within seconds
  });
  const rows = list.rows;
  const columns: Column<HeldReceipt>[] = [
    { key: "motivo", title: "Motivo", text: (h) => labels.HeldReason[h.reason], width: 132, grow: 60 },
    { key: "pago", title: "Pago em", text: (h) => day(h.paid_on), by: (h) => h.paid_on, width: 90, grow: 1 },
    { key: "nosso", title: "Nosso número", text: (h) => h.nosso_numero, width: 110, grow: 10 },
    { key: "retido", title: "Retido (R$)", text: (h) => money(h.held), amount: (h) => h.held, align: "right", width: 100, grow: 1 },
    { key: "falta", title: "Falta (R$)", text: (h) => money(h.missing), amount: (h) => h.missing, align: "right", width: 90, grow: 1 },
    { key: "fatura", title: "Fatura", text: (h) => (h.invoice_id ? "abrir" : ""), show: (h) => h.customer_id && h.invoice_id && <Link to={`/clientes/${h.customer_id}`} search={{ fatura: h.invoice_id } as never}>abrir</Link>, width: 66, grow: 1 },
    { key: "profile", title: "Profile", text: (h) => profiles(h.profile_id), width: 110, grow: 80 },
    { key: "mensagem", title: "O que aconteceu", text: (h) => h.message, width: 180, grow: 400, wraps: true },
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
      <Grid name="Valores retidos" columns={columns} rows={rows} more={list.more} rowKey={(h) => h.id} error={list.error} retry={list.retry} ticked={ticked} onTick={tick} empty={month === OPEN ? "Nada aguarda decisão." : "Nada retido neste mês."} />
      {deciding && one && <Decide receipt={one} onClose={() => setDeciding(false)} />}
    </>
  );
}

const resolutions = Object.entries(labels.Resolution) as [Resolution, string][];

function Decide({ receipt, onClose }: { receipt: HeldReceipt; onClose: () => void }) {
  const month = receipt.paid_on!.slice(0, 7);
  const accounts = useCashAccounts().data ?? [];
  const [resolution, setResolution] = useState<Resolution>();
  const [account, setAccount] = useState<string>();
  const [invoice, setInvoice] = useState<InvoiceListed>();
  const chosen = resolution === "invoice" ? invoice && { customer_id: invoice.customer_id, invoice_id: invoice.id } : undefined;
  return (
    <Action
      title="Decidir o valor retido" items={[{ id: receipt.id, text: `${labels.HeldReason[receipt.reason]} · ${isPositive(receipt.held) ? brl(receipt.held) : `falta ${brl(receipt.missing)}`} · ${receipt.message}` }]} onClose={onClose}
      ready={resolution !== undefined && (resolution !== "refund" || account !== undefined) && (resolution !== "invoice" || chosen !== undefined)}
      run={(header) => answer(api.POST("/held-receipts/{month}/{receipt_id}/resolution", { params: { path: { month, receipt_id: receipt.id }, header }, body: { version: receipt.version, resolution: resolution!, account_id: account, invoice: chosen } }))}
    >
      <Radio.Group label="O que fazer" value={resolution ?? ""} onChange={(value) => setResolution(value as Resolution)}>
        <div style={{ display: "grid", gap: 6, marginTop: 6 }}>
          {resolutions.map(([value, label]) => <Radio key={value} value={value} label={label} />)}
        </div>
      </Radio.Group>
      {resolution === "invoice" && <Candidates receipt={receipt} chosen={invoice} choose={setInvoice} />}
      {resolution === "refund" && <Choice label="Conta de onde o dinheiro sai" required options={accounts.map((a) => ({ value: a.id, label: a.name }))} value={account} onChange={setAccount} />}
    </Action>
  );
}

/** The open invoices of the company with this amount; or those with the number that is typed. */
function Candidates({ receipt, chosen, choose }: { receipt: HeldReceipt; chosen: InvoiceListed | undefined; choose: (invoice: InvoiceListed | undefined) => void }) {
  const [typed, setTyped] = useState("");
  const [number] = useDebouncedValue(/^\d{1,9}$/.test(typed.trim()) ? Number(typed) : undefined, 250);
  const list = useQuery({
    queryKey: ["invoices", "candidates", receipt.id, number],
    queryFn: () => answer(api.GET("/invoices", { params: { query: { company_id: receipt.company_id, status: ["open"], limit: 20, ...(number === undefined ? { amount_from: receipt.held, amount_to: receipt.held } : { number }) } } })),
  });
  const said = (one: InvoiceListed) => `Fatura ${one.number} · ${one.customer?.name ?? ""} · vence ${day(one.due_on)} · ${brl(one.owed)}`;
  return (
    <div style={{ display: "grid", gap: 6 }}>
      <TextInput label="Outra fatura, pelo número" description="Sem número: as em aberto com este mesmo valor." value={typed} onChange={(event) => { choose(undefined); setTyped(event.currentTarget.value); }} w={260} />
      <ProblemNote error={list.error} retry={() => void list.refetch()} />
      {list.isPending && <Wait />}
      {list.data?.items.length === 0 && <div className="note">Nenhuma fatura em aberto {number === undefined ? `de ${brl(receipt.held)}` : `com o número ${number}`}.</div>}
      {list.data && list.data.items.length > 0 && (
        <Radio.Group label="Fatura que o valor liquida" value={chosen?.id ?? ""} onChange={(id) => choose(list.data.items.find((one) => one.id === id))}>
          <div style={{ display: "grid", gap: 6, marginTop: 6 }}>
            {list.data.items.map((one) => <Radio key={one.id} value={one.id} label={said(one)} />)}
          </div>
        </Radio.Group>
      )}
    </div>
  );
}
