// An invoice in full: what it is made of, how to pay it, what was received, what the bank was asked, all that happened.
import { Button, CopyButton, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { ShownInvoice } from "../../api/schema";
import { named, useMay, usePaymentProfiles } from "../../app/me";
import { day, period } from "../../format/date";
import { brl, less, money } from "../../format/money";
import { Drawer } from "../../parts/Dialog";
import { History } from "../../parts/History";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Facts, PdfView, Wait } from "../../parts/show";
import { State } from "../../parts/Tag";
import { TextAction } from "../../parts/TextAction";
import { InvoiceDocuments } from "../fiscal/InvoiceDocuments";
import { InvoiceInstructions } from "./InvoiceInstructions";
import { InvoiceSettlements } from "./InvoiceSettlements";
import { allPages } from "../../parts/remote";

type Props = { customerId: string; invoiceId: string; onClose: () => void };

export function InvoiceDrawer({ customerId, invoiceId, onClose }: Props) {
  const path = { customer_id: customerId, invoice_id: invoiceId };
  const invoice = useQuery({
    queryKey: ["invoices", customerId, invoiceId],
    queryFn: () => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}", { params: { path } })),
  });
  const [tab, setTab] = useWord("ver", "dados");
  const mayFiscal = useMay("fiscal:read");
  const data = invoice.data;
  return (
    <Drawer onClose={onClose} size={760} title={`Fatura ${data?.number ?? ""}`} styles={{ body: { height: "calc(100% - 60px)" } }}>
      <ProblemNote error={invoice.error} retry={() => void invoice.refetch()} />
      {invoice.isPending && <Wait />}
      {data && (
        <Tabs value={tab} onChange={(next) => setTab(next ?? "dados")} keepMounted={false} style={{ height: "100%", display: "flex", flexDirection: "column" }}>
          <Tabs.List aria-label="Fatura">
            <Tabs.Tab value="dados">Dados</Tabs.Tab>
            <Tabs.Tab value="pdf">PDF</Tabs.Tab>
            <Tabs.Tab value="recebimentos">Recebimentos</Tabs.Tab>
            <Tabs.Tab value="banco">Banco</Tabs.Tab>
            {mayFiscal && <Tabs.Tab value="fiscal">Notas</Tabs.Tab>}
            <Tabs.Tab value="historico">Histórico</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value={tab} pt={12} style={{ flex: 1, minHeight: 0, overflow: "auto" }}>
            {tab === "dados" && <InvoiceFacts invoice={data} />}
            {tab === "pdf" && <InvoicePdf invoice={data} />}
            {tab === "recebimentos" && <InvoiceSettlements invoice={data} />}
            {tab === "banco" && <InvoiceInstructions invoice={data} />}
            {tab === "fiscal" && mayFiscal && <InvoiceDocuments invoice={data} />}
            {tab === "historico" && <InvoiceHistory invoice={data} />}
          </Tabs.Panel>
        </Tabs>
      )}
    </Drawer>
  );
}

const Copy = ({ text, children }: { text: string; children: ReactNode }) => (
  <span>
    <span style={{ overflowWrap: "anywhere" }}>{children}</span>{" "}
    <CopyButton value={text}>{({ copied, copy }) => <Button variant="default" size="compact-xs" onClick={copy}>{copied ? "Copiado" : "Copiar"}</Button>}</CopyButton>
  </span>
);

function InvoiceFacts({ invoice }: { invoice: ShownInvoice }) {
  const profiles = named(usePaymentProfiles().data);
  const charges = useQuery({
    queryKey: ["charges", invoice.customer_id],
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/charges", { params: { path: { customer_id: invoice.customer_id }, query: { cursor } } })))).items,
  });
  const lines = charges.data?.filter((charge) => invoice.charge_ids.includes(charge.id)) ?? [];
  return (
    <div style={{ display: "grid", gap: 12 }}>
      {invoice.locks.length > 0 && <div className="note warn">Bloqueada: {invoice.locks.map((lock) => labels.LockKind[lock.kind]).join(", ")}.</div>}
      {invoice.rejection && <div className="note bad"><b>Rejeitada pelo banco</b><ul>{invoice.rejection.map((reason) => <li key={reason.code}>{reason.text} {reason.mends.map((mend) => mend.advice).join(" ")}</li>)}</ul></div>}
      <Facts
        items={[
          ["Situação", <State key="s" of="InvoiceStatus" is={invoice.status} />],
          ["Descrição", invoice.description],
          ["Vencimento", day(invoice.due_on)],
          ["Emissão", day(invoice.issued_on)],
          ["Valor", brl(invoice.amount)],
          ["Pago", brl(invoice.paid)],
          ["Em aberto", invoice.status === "open" ? brl(less(invoice.amount, invoice.paid)) : undefined],
          ["Desconto até o vencimento", invoice.discount ? `${brl(invoice.discount.amount)} até ${day(invoice.discount.until)}` : undefined],
          ["Abatimento", brl(invoice.rebate)],
          ["Profile de pagamento", profiles(invoice.payment_profile_id)],
          ["No banco", labels.RemittanceState[invoice.remittance]],
          ["Nosso número", invoice.nosso_numero],
          ["Linha digitável", invoice.linha_digitavel && <Copy text={invoice.linha_digitavel}>{invoice.linha_digitavel}</Copy>],
          ["Pix copia e cola", invoice.pix_payload && <Copy text={invoice.pix_payload}>{invoice.pix_payload.slice(0, 44)}…</Copy>],
        ]}
      />
      <h2>Por que este valor</h2>
      <ProblemNote error={charges.error} />
      {charges.isPending ? <Wait /> : (
        <table className="plain">
          <thead><tr><th>Conta</th><th>Referência</th><th>Parcela</th><th className="num">Valor (R$)</th></tr></thead>
          <tbody>
            {lines.map((charge) => (
              <tr key={charge.id}>
                <td>{charge.closing_id ? <Link to={`/fechamentos/${invoice.customer_id}/${charge.closing_id}`}>{charge.description}</Link> : charge.description}</td>
                <td>{period(charge.reference)}</td>
                <td>{charge.instalment?.join("/")}</td>
                <td className="num">{money(charge.amount)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot><tr><td colSpan={3}>Total da fatura</td><td className="num">{money(invoice.amount)}</td></tr></tfoot>
        </table>
      )}
    </div>
  );
}

function InvoicePdf({ invoice }: { invoice: ShownInvoice }) {
  const link = useQuery({
    queryKey: ["invoice-pdf", invoice.id, invoice.version],
    gcTime: 0,
    queryFn: () => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/pdf", { params: { path: { customer_id: invoice.customer_id, invoice_id: invoice.id } } })),
  });
  if (link.error) return <ProblemNote error={link.error} retry={() => void link.refetch()} />;
  return link.data ? <div style={{ height: "100%", display: "flex", flexDirection: "column" }}><PdfView url={link.data.url} name={`fatura-${invoice.number}`} /></div> : <Wait />;
}

function InvoiceHistory({ invoice }: { invoice: ShownInvoice }) {
  const path = { customer_id: invoice.customer_id, invoice_id: invoice.id };
  const [commenting, setCommenting] = useState(false);
  const may = useMay("invoices:change");
  return (
    <>
      {may && <Button variant="default" mb={10} onClick={() => setCommenting(true)}>Comentar</Button>}
      <History id={invoice.id} read={() => allPages((cursor) => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/history", { params: { path, query: { cursor } } })))} />
      {commenting && (
        <TextAction title="Comentar a fatura" label="Comentário" onClose={() => setCommenting(false)} run={(header, text) => answer(api.POST("/customers/{customer_id}/invoices/{invoice_id}/comments", { params: { path, header }, body: { text } }))} />
      )}
    </>
  );
}
