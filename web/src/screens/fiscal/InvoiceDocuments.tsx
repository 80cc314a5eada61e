// The fiscal documents of one invoice, and the button that issues them.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { FiscalDocument, ShownInvoice } from "../../api/schema";
import { useMay } from "../../app/me";
import { instant } from "../../format/date";
import { brl, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { ProblemNote } from "../../parts/Problem";
import { Wait } from "../../parts/show";
import { FiscalDocumentDrawer } from "./FiscalDocumentDrawer";
import { allPages } from "../../parts/remote";

export function InvoiceDocuments({ invoice }: { invoice: ShownInvoice }) {
  const path = { customer_id: invoice.customer_id, invoice_id: invoice.id };
  const may = useMay("fiscal:issue");
  const [opened, open] = useState<FiscalDocument>();
  const [issuing, setIssuing] = useState(false);
  const list = useQuery({
    queryKey: ["invoice-documents", invoice.id],
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents", { params: { path, query: { cursor } } })))).items,
  });
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Wait />;
  return (
    <>
      {may && !invoice.is_documented && ["open", "settled"].includes(invoice.status) && <Button variant="default" mb={10} onClick={() => setIssuing(true)}>Emitir</Button>}
      {list.data.length === 0 ? <div className="box soft">{invoice.is_documented ? "Esta fatura não precisa de documento fiscal." : "Nenhum documento fiscal ainda."}</div> : (
        <table className="plain">
          <thead><tr><th>Documento</th><th>Emitido em</th><th className="num">Valor (R$)</th><th>Situação</th></tr></thead>
          <tbody>
            {list.data.map((document) => (
              <tr key={document.id}>
                <td><Button variant="subtle" size="compact-xs" onClick={() => open(document)}>{labels.FiscalModel[document.model]} {document.number ?? "sem número"}</Button></td>
                <td>{document.issued_at && instant(document.issued_at)}</td>
                <td className="num">{document.amount && money(document.amount)}</td>
                <td>{labels.DocumentState[document.state]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {issuing && (
        <Action
          title={`Emitir a nota da fatura ${invoice.number}`} button="Emitir" onClose={() => setIssuing(false)} items={[{ id: invoice.id, text: `${invoice.description} · ${brl(invoice.amount)}` }]}
          run={(header) => answer(api.POST("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents", { params: { path, header }, body: {} }))}
        />
      )}
      {opened && <FiscalDocumentDrawer document={opened} onClose={() => open(undefined)} />}
    </>
  );
}
