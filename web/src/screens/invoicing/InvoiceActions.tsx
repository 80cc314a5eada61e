// What is done to many invoices at once; each answers per item.
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { answer, api, useOnce } from "../../api/client";
import { labels } from "../../api/labels";
import type { Invoice, PaperForm } from "../../api/schema";
import { useToday } from "../../app/me";
import { day } from "../../format/date";
import { brl } from "../../format/money";
import { Action } from "../../parts/Action";
import { Dialog } from "../../parts/Dialog";
import { Choice, DayInput, MoneyInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { PdfView } from "../../parts/show";
import { byCustomer } from "./byCustomer";
import { InstructionAction } from "./InstructionAction";
import { OutstandingAction } from "./OutstandingAction";
import { useSettlementMeans } from "./SettlementMeans";

export type InvoiceTool = "settle" | "rest" | "suspend" | "unsuspend" | "remove" | "unmark" | "writtenOff" | "instruct";
type Props = { tool: InvoiceTool; invoices: Invoice[]; onClose: () => void; onRefused?: (ids: string[]) => void };

export const invoiceItem = (invoice: Invoice) => ({ id: invoice.id, text: `Fatura ${invoice.number} · ${day(invoice.due_on)} · ${brl(invoice.amount)}` });

export function InvoiceAction(props: Props) {
  switch (props.tool) {
    case "settle":
      return <SettleAction {...props} />;
    case "rest":
      return <OutstandingAction {...props} />;
    case "instruct":
      return <InstructionAction {...props} />;
    default:
      return <ReasonAction {...props} tool={props.tool} />;
  }
}

const TITLES = { suspend: "Suspender faturas", unsuspend: "Cancelar suspensão de faturas", remove: "Remover faturas", unmark: "Remover marca de remessa", writtenOff: "Informar baixa feita no banco" };

/** Those that ask only why. */
function ReasonAction({ tool, invoices, ...rest }: Props & { tool: keyof typeof TITLES }) {
  const [reason, setReason] = useState("");
  const run = (header: { "Idempotency-Key": string }, _confirmed: boolean, dryRun: true | undefined) =>
    byCustomer(invoices, header, dryRun, (params, ids) => {
      const body = { ids, reason };
      switch (tool) {
        case "suspend":
          return answer(api.POST("/customers/{customer_id}/invoices/suspend", { params, body }));
        case "unsuspend":
          return answer(api.POST("/customers/{customer_id}/invoices/unsuspend", { params, body }));
        case "remove":
          return answer(api.POST("/customers/{customer_id}/invoices/remove", { params, body }));
        case "writtenOff":
          return answer(api.POST("/customers/{customer_id}/invoices/report-written-off", { params, body }));
        case "unmark":
          return answer(api.POST("/customers/{customer_id}/invoices/remove-remittance-mark", { params, body }));
      }
    });
  return (
    <Action
      title={TITLES[tool]} items={invoices.map(invoiceItem)} ready={reason.trim() !== ""} triesFirst run={run} {...rest}
      warning={tool === "remove" ? "As contas destas faturas voltam a ser contas não faturadas. Um boleto já entregue deixa de valer: envie o novo ao cliente." : undefined}
    >
      <Textarea label="Motivo" required withAsterisk={false} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
    </Action>
  );
}

/** Liquidação avulsa (INV-08). */
function SettleAction({ invoices, ...rest }: Props) {
  const today = useToday();
  const { means, fields } = useSettlementMeans();
  const [on, setOn] = useState<string | undefined>(today);
  const [amount, setAmount] = useState<string>();
  const ready = on !== undefined && means !== undefined;
  return (
    <Action
      title="Liquidar faturas" items={invoices.map(invoiceItem)} ready={ready} triesFirst {...rest}
      run={(header, confirm, dryRun) =>
        answer(
          api.POST("/settlements", {
            params: { header, query: { dry_run: dryRun } },
            body: {
              invoices: invoices.map((invoice) => ({ customer_id: invoice.customer_id, invoice_id: invoice.id })),
              ...means!, settled_on: on!, confirm,
              ...(amount && invoices.length === 1 ? { amount } : {}),
            },
          }),
        )
      }
    >
      <DayInput label="Data do recebimento" required withAsterisk={false} value={on} onChange={setOn} />
      {invoices.length === 1 && <MoneyInput label="Valor recebido" description="Em branco: o valor em aberto. Diferente: uma conta de desconto ou de acréscimo será feita." value={amount} onChange={setAmount} />}
      {fields}
    </Action>
  );
}

/** One sheet each, or three boletos to a page. */
export function PrintInvoices({ invoices, onClose }: { invoices: Invoice[]; onClose: () => void }) {
  const { header, renew } = useOnce();
  const [form, setForm] = useState<PaperForm>("sheets");
  const [url, setUrl] = useState<string>();
  const [error, setError] = useState<unknown>();
  const print = async () => {
    setError(undefined);
    try {
      const link = await answer(api.POST("/customers/{customer_id}/invoices/print", { params: { path: { customer_id: invoices[0]!.customer_id }, header }, body: { ids: invoices.map((i) => i.id), form } }));
      setUrl(link.url);
      renew();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Dialog onClose={onClose} title="Imprimir faturas" size="xl">
      <div style={{ display: "grid", gap: 10 }}>
        <div className="bar">
          <Choice label="Forma" required options={labels.PaperForm} value={form} onChange={(value) => value && setForm(value)} />
          <Button onClick={() => void print()} style={{ alignSelf: "end" }}>Visualizar</Button>
        </div>
        <ProblemNote error={error} />
        {url && <div style={{ height: 520 }}><PdfView url={url} name={`faturas-${invoices[0]?.number ?? ""}`} /></div>}
      </div>
    </Dialog>
  );
}
