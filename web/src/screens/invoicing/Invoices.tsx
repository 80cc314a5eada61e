// "Faturas a receber" and the other lists of a customer's invoices, with the panel's tools (INV-04..INV-10).
import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { labels } from "../../api/labels";
import type { Invoice } from "../../api/schema";
import { named, useMay, usePaymentProfiles, useToday } from "../../app/me";
import { day } from "../../format/date";
import { money } from "../../format/money";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { State } from "../../parts/Tag";
import { type InvoiceTool, InvoiceAction, PrintInvoices } from "./InvoiceActions";
import { InvoiceDrawer } from "./InvoiceDrawer";

type Props = { name: string; customerId: string; query: UseQueryResult<Invoice[]>; rows: Invoice[] | undefined; actions?: boolean };

export function Invoices({ name, customerId, query, rows, actions }: Props) {
  const [opened, open] = useWord("fatura");
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [tool, setTool] = useState<InvoiceTool | "print">();
  const profiles = named(usePaymentProfiles().data);
  const today = useToday();
  const change = useMay("invoices:change");
  const settle = useMay("payments:settle");
  const remit = useMay("banking:remit");
  const columns: Column<Invoice>[] = [
    { key: "numero", title: "Fatura", text: (i) => String(i.number), by: (i) => i.number, width: 66, grow: 1 },
    { key: "descricao", title: "Descrição", text: (i) => i.description, width: 150, grow: 400 },
    { key: "emissao", title: "Emissão", text: (i) => day(i.issued_on), by: (i) => i.issued_on, width: 88, grow: 1 },
    { key: "vencimento", title: "Vencimento", text: (i) => day(i.due_on), by: (i) => i.due_on, width: 104, grow: 1, show: (i) => <span className={i.status === "open" && i.due_on < today ? "bad" : ""}>{day(i.due_on)}</span> },
    { key: "valor", title: "Valor (R$)", text: (i) => money(i.amount), amount: (i) => i.amount, align: "right", width: 96, grow: 1 },
    { key: "pago", title: "Pago (R$)", text: (i) => money(i.paid), amount: (i) => i.paid, align: "right", width: 90, grow: 1 },
    { key: "situacao", title: "Situação", text: (i) => labels.InvoiceStatus[i.status], show: (i) => <State of="InvoiceStatus" is={i.status} />, width: 92, grow: 1 },
    { key: "remessa", title: "No banco", text: (i) => labels.RemittanceState[i.remittance], width: 136, grow: 10 },
    { key: "nosso", title: "Nosso número", text: (i) => i.nosso_numero ?? "", width: 112, grow: 10 },
    { key: "bloqueio", title: "Bloqueio", text: (i) => i.locks.map((lock) => labels.LockKind[lock.kind]).join(", "), width: 84, grow: 60 },
    { key: "profile", title: "Profile", text: (i) => profiles(i.payment_profile_id), width: 90, grow: 60 },
  ];
  const chosen = rows?.filter((row) => ticked.has(row.id)) ?? [];
  const able = (words: string, name: InvoiceTool | "print", allowed: boolean) =>
    allowed && <Button key={name} variant="default" disabled={chosen.length === 0} onClick={() => setTool(name)}>{words}</Button>;
  return (
    <>
      <div className="bar">
        {able("Imprimir", "print", true)}
        {actions && able("Liquidar", "settle", settle)}
        {actions && able("Suspender", "suspend", change)}
        {actions && able("Cancelar suspensão", "unsuspend", change)}
        {actions && able("Instrução ao banco", "instruct", remit)}
        {actions && able("Remover marca de remessa", "unmark", change)}
        {actions && able("Remover", "remove", change)}
      </div>
      <Grid
        name={name} columns={columns} rows={rows} rowKey={(i) => i.id} error={query.error} retry={() => void query.refetch()} order="vencimento"
        ticked={ticked} onTick={tick} onOpen={(i) => open(i.id)} empty="Nenhuma fatura aqui."
      />
      {tool === "print" && <PrintInvoices customerId={customerId} invoices={chosen} onClose={() => setTool(undefined)} />}
      {tool && tool !== "print" && <InvoiceAction tool={tool} customerId={customerId} invoices={chosen} onClose={() => setTool(undefined)} onRefused={(ids) => tick(new Set(ids))} />}
      {opened && <InvoiceDrawer customerId={customerId} invoiceId={opened} onClose={() => open("")} />}
    </>
  );
}
