// "Recebimentos" of an invoice: receipt, and Estorno (INV-09).
import { Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Invoice, Settlement } from "../../api/schema";
import { named, useMay, useCashAccounts, useToday } from "../../app/me";
import { day } from "../../format/date";
import { brl, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { Dialog } from "../../parts/Dialog";
import { Choice, DayInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { PdfView, Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";
import { allPages } from "../../parts/remote";

export function InvoiceSettlements({ invoice }: { invoice: Invoice }) {
  const path = { customer_id: invoice.customer_id, invoice_id: invoice.id };
  const accounts = named(useCashAccounts().data);
  const reverse = useMay("payments:reverse");
  const [reversing, setReversing] = useState<Settlement>();
  const settle = useMay("payments:settle");
  const [reconciling, setReconciling] = useState<Settlement>();
  const [receipt, setReceipt] = useState<string>();
  const list = useQuery({
    queryKey: ["settlements", invoice.id],
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/settlements", { params: { path, query: { cursor } } })))).items,
  });
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Wait />;
  if (list.data.length === 0) return <p className="soft">Nada recebido ainda.</p>;
  return (
    <>
      <table className="plain">
        <thead><tr><th>Em</th><th>Forma</th><th>Conta</th><th className="num">Principal</th><th className="num">Multa e juros</th><th className="num">Desconto</th><th className="num">Recebido</th><th /></tr></thead>
        <tbody>
          {list.data.map((one) => (
            <tr key={one.id}>
              <td>{day(one.settled_on)}</td>
              <td>{labels.Method[one.method]}{one.justification && <div className="soft">{one.justification}</div>}{one.reversal && <div><Tag tone="warn">Estornada em {day(one.reversal.on)}: {one.reversal.reason}</Tag></div>}</td>
              <td>{accounts(one.account_id)}</td>
              <td className="num">{money(one.principal)}</td>
              <td className="num">{money(one.fine)} + {money(one.interest)}</td>
              <td className="num">{money(one.discount)}</td>
              <td className="num">{money(one.received)}</td>
              <td>
                <Button variant="default" size="compact-xs" onClick={() => setReceipt(one.id)}>Recibo</Button>{" "}
                {settle && one.method === "profile" && !one.reconciled && !one.reversal && <Button variant="default" size="compact-xs" onClick={() => setReconciling(one)}>Conciliar</Button>}{" "}
                {reverse && !one.reversal && <Button variant="default" size="compact-xs" onClick={() => setReversing(one)}>Estornar</Button>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {reconciling && <Reconcile settlement={reconciling} onClose={() => setReconciling(undefined)} />}
      {reversing && <Reverse settlement={reversing} onClose={() => setReversing(undefined)} />}
      {receipt && <Receipt path={{ ...path, settlement_id: receipt }} onClose={() => setReceipt(undefined)} />}
    </>
  );
}

function Reverse({ settlement, onClose }: { settlement: Settlement; onClose: () => void }) {
  const today = useToday();
  const accounts = (useCashAccounts().data ?? []).map((account) => ({ value: account.id, label: account.name }));
  const [on, setOn] = useState<string | undefined>(today);
  const [reason, setReason] = useState("");
  const [account, setAccount] = useState(settlement.account_id);
  const [target, setTarget] = useState<string>();
  return (
    <Action
      title="Estornar recebimento" items={[{ id: settlement.id, text: `${day(settlement.settled_on)} · ${brl(settlement.received)}` }]} onClose={onClose} ready={on !== undefined && reason.trim() !== ""}
      run={(header, confirm) =>
        answer(
          api.POST("/settlements/reversals", {
            params: { header },
            body: { customer_id: settlement.customer_id, invoice_id: settlement.invoice_id, settlement_id: settlement.id, on: on!, reason, account_id: account, target_account_id: target, confirm },
          }),
        )
      }
    >
      <DayInput label="Data do estorno" value={on} onChange={setOn} />
      <Textarea label="Motivo" value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
      {settlement.method !== "other" && <Choice label="Conta de onde o dinheiro sai" options={accounts} value={account} onChange={setAccount} />}
      {settlement.method !== "other" && <Choice label="Conta para onde vai (em branco: volta ao pagador)" options={accounts} value={target} onChange={setTarget} />}
    </Action>
  );
}

/** The bank's credit was found on the statement: only now does the account's balance move. */
function Reconcile({ settlement, onClose }: { settlement: Settlement; onClose: () => void }) {
  const [on, setOn] = useState<string | undefined>(settlement.settled_on);
  return (
    <Action
      title="Conciliar com o crédito do banco" items={[{ id: settlement.id, text: `${day(settlement.settled_on)} · ${brl(settlement.received)}` }]} onClose={onClose} ready={on !== undefined}
      run={(header) => answer(api.POST("/settlements/reconciliation", { params: { header }, body: { customer_id: settlement.customer_id, invoice_id: settlement.invoice_id, settlement_id: settlement.id, credited_on: on! } }))}
    >
      <DayInput label="Data do crédito no extrato" value={on} onChange={setOn} data-autofocus />
    </Action>
  );
}

function Receipt({ path, onClose }: { path: { customer_id: string; invoice_id: string; settlement_id: string }; onClose: () => void }) {
  const link = useQuery({
    queryKey: ["receipt", path.settlement_id],
    gcTime: 0,
    queryFn: () => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/settlements/{settlement_id}/receipt", { params: { path } })),
  });
  return (
    <Dialog onClose={onClose} title="Recibo" size="xl">
      <ProblemNote error={link.error} retry={() => void link.refetch()} />
      {link.isPending && <Wait />}
      {link.data && <div style={{ height: 520 }}><PdfView url={link.data.url} name="recibo" /></div>}
    </Dialog>
  );
}
