// Receipts that were made: printed again, read, reversed as a whole (PAY-02, INV-09).
import { Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { CounterReceipt } from "../../api/schema";
import { useMay } from "../../app/me";
import { day } from "../../format/date";
import { brl, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { Dialog } from "../../parts/Dialog";
import { HistoryButton } from "../../parts/HistoryButton";
import { ProblemNote } from "../../parts/Problem";
import { PdfView, Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";
import { meansText } from "./means";
import { allPages } from "../../parts/remote";

export function CustomerReceipts({ customerId }: { customerId: string }) {
  const list = useQuery({
    queryKey: ["customers", customerId, "counter-receipts"],
    queryFn: () => allPages((cursor) => answer(api.GET("/customers/{customer_id}/counter-receipts", { params: { path: { customer_id: customerId }, query: { cursor } } }))),
  });
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (!list.data?.items.length) return null;
  return (
    <section aria-label="Recibos feitos">
      <h2>Recibos feitos</h2>
      <ReceiptTable receipts={list.data.items} names={list.data.names ?? {}} />
    </section>
  );
}

export function ReceiptTable({ receipts, names }: { receipts: CounterReceipt[]; names: Record<string, string> }) {
  const mayReverse = useMay("payments:reverse");
  const [printing, setPrinting] = useState<CounterReceipt>();
  const [reversing, setReversing] = useState<CounterReceipt>();
  return (
    <>
      <table className="plain">
        <thead><tr><th>Recibo</th><th>Em</th><th>Faturas</th><th>Pago com</th><th className="num">Desconto</th><th className="num">Total</th><th>Recebido por</th><th /></tr></thead>
        <tbody>
          {receipts.map((one) => (
            <tr key={one.id}>
              <td>{one.number}</td>
              <td>{day(one.made_on)}{one.reversal && <div><Tag tone="warn">Estornado em {day(one.reversal.on)}: {one.reversal.reason}</Tag></div>}</td>
              <td>{one.lines.map((line) => line.number).join(", ")}{one.warnings?.map((warning, i) => <div key={i} className="soft">{warning.message}</div>)}</td>
              <td>{meansText(one.paid)}{one.change !== "0.00" && <div className="soft">troco {brl(one.change)}</div>}</td>
              <td className="num">{one.discount ? money(one.discount.amount) : ""}{one.discount && <div className="soft">{one.discount.authoriser_name}</div>}</td>
              <td className="num">{money(one.total)}</td>
              <td>{names[one.operator_id] ?? ""}</td>
              <td><div className="bar" style={{ flexWrap: "nowrap" }}>
                {!one.reversal && <Button variant="default" onClick={() => setPrinting(one)}>Imprimir</Button>}
                {!one.reversal && mayReverse && <Button variant="default" onClick={() => setReversing(one)}>Estornar</Button>}
                <HistoryButton of={{ id: one.id, title: `Recibo ${one.number}` }} read={() => allPages((cursor) => answer(api.GET("/customers/{customer_id}/counter-receipts/{receipt_id}/history", { params: { path: { customer_id: one.customer_id, receipt_id: one.id }, query: { cursor } } })))} />
              </div></td>
            </tr>
          ))}
        </tbody>
      </table>
      {printing && <ReceiptPaper customerId={printing.customer_id} receiptId={printing.id} onClose={() => setPrinting(undefined)} />}
      {reversing && <ReverseReceipt receipt={reversing} onClose={() => setReversing(undefined)} />}
    </>
  );
}

function ReverseReceipt({ receipt, onClose }: { receipt: CounterReceipt; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <Action
      title={`Estornar o recibo ${receipt.number}`} onClose={onClose} ready={reason.trim() !== ""} items={receipt.lines.map((line) => ({ id: line.invoice_id, text: `Fatura ${line.number} · ${brl(line.received)}` }))}
      warning={`Todas as faturas do recibo ficam em aberto de novo, e ${brl(receipt.total)} saem do seu caixa.`}
      run={(header) => answer(api.POST("/counter-receipts/reversals", { params: { header }, body: { customer_id: receipt.customer_id, receipt_id: receipt.id, reason } }))}
    >
      <Textarea label="Motivo" value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
    </Action>
  );
}

export function ReceiptPaper({ customerId, receiptId, onClose }: { customerId: string; receiptId: string; onClose: () => void }) {
  const link = useQuery({
    queryKey: ["counter-receipt-paper", receiptId],
    gcTime: 0,
    queryFn: () => answer(api.GET("/customers/{customer_id}/counter-receipts/{receipt_id}/paper", { params: { path: { customer_id: customerId, receipt_id: receiptId } } })),
  });
  return (
    <Dialog onClose={onClose} title="Recibo" size="xl">
      <ProblemNote error={link.error} retry={() => void link.refetch()} />
      {link.isPending && <Wait />}
      {link.data && <div style={{ height: 520 }}><PdfView url={link.data.url} name="recibo" /></div>}
    </Dialog>
  );
}
