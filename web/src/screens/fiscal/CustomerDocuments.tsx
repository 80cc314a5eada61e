// "Documentos Fiscais Gerados" and "Documentos Fiscais Pendentes" of one customer (CUS-06, FIS-01).
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { FiscalDocument, PendingInvoice } from "../../api/schema";
import { useMay } from "../../app/me";
import { Grid } from "../../parts/Grid";
import { useSetSearch } from "../../parts/listState";
import { FiscalDocumentDrawer } from "./FiscalDocumentDrawer";
import { documentColumns, IssueNote, pendingColumns } from "./parts";
import { allPages } from "../../parts/remote";

export function CustomerDocuments({ customerId }: { customerId: string }) {
  const [opened, open] = useState<FiscalDocument>();
  const list = useQuery({
    queryKey: ["fiscal-documents", "customer", customerId],
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/fiscal-documents", { params: { path: { customer_id: customerId }, query: { cursor } } })))).items,
  });
  return (
    <>
      <Grid name="Documentos fiscais gerados" columns={documentColumns()} rows={list.data} rowKey={(d) => d.id} error={list.error} retry={() => void list.refetch()} order="-emissao" onOpen={open} empty="Nenhum documento fiscal deste cliente." />
      {opened && <FiscalDocumentDrawer document={opened} onClose={() => open(undefined)} />}
    </>
  );
}

/** Opened, an invoice asks for its document; who may not issue sees the invoice. */
export function CustomerPendingDocuments({ customerId }: { customerId: string }) {
  const [issuing, issue] = useState<PendingInvoice>();
  const may = useMay("fiscal:issue");
  const set = useSetSearch();
  const list = useQuery({
    queryKey: ["fiscal-pending", "customer", customerId],
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/fiscal-pending", { params: { path: { customer_id: customerId }, query: { cursor } } })))).items,
  });
  const show = (one: PendingInvoice) => set({ aba: one.status === "settled" ? "liquidadas" : undefined, fatura: one.invoice_id });
  return (
    <>
      <Grid name="Documentos fiscais pendentes" columns={pendingColumns()} rows={list.data} rowKey={(i) => i.invoice_id} error={list.error} retry={() => void list.refetch()} order="emissao" onOpen={(one) => (may ? issue(one) : show(one))} empty="Nenhuma fatura deste cliente precisa de documento fiscal." />
      {issuing && <IssueNote invoice={issuing} onClose={() => issue(undefined)} />}
    </>
  );
}
