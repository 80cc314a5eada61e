// The tools of invoices (INV-04..INV-13): what the profile permits, for those that are ticked.
import { useState } from "react";
import type { Invoice, Permission, ShownInvoice } from "../../api/schema";
import { useMe } from "../../app/me";
import { Tool, whyNot } from "../../parts/Tool";
import { type InvoiceTool, InvoiceAction, PrintInvoices } from "./InvoiceActions";

export type OfferedInvoice = Invoice & Pick<ShownInvoice, "actions">;

const TOOLS: [tool: InvoiceTool, words: string, needs: Permission][] = [
  ["settle", "Liquidar", "payments:settle"],
  ["rest", "Saldo em aberto", "payments:settle"],
  ["suspend", "Suspender", "invoices:change"],
  ["unsuspend", "Cancelar suspensão", "invoices:change"],
  ["instruct", "Instrução ao banco", "banking:remit"],
  ["unmark", "Remover marca de remessa", "invoices:change"],
  ["writtenOff", "Baixada no banco", "banking:remit"],
  ["remove", "Remover", "invoices:change"],
];

type Props = { chosen: OfferedInvoice[]; actions?: boolean; onRefused: (ids: string[]) => void };

export function InvoiceToolbar({ chosen, actions = true, onRefused }: Props) {
  const permissions = useMe().data?.permissions ?? [];
  const [tool, setTool] = useState<InvoiceTool | "print">();
  const close = () => setTool(undefined);
  const several = new Set(chosen.map((invoice) => invoice.customer_id)).size > 1;
  return (
    <div className="bar">
      <Tool words="Imprimir" chosen={chosen} why={several ? "Imprima as faturas de um cliente por vez." : undefined} onClick={() => setTool("print")} />
      {actions && TOOLS.filter(([, , needs]) => permissions.includes(needs)).map(([name, words]) => <Tool key={name} words={words} chosen={chosen} why={whyNot(name, chosen)} onClick={() => setTool(name)} />)}
      {tool === "print" && <PrintInvoices invoices={chosen} onClose={close} />}
      {tool && tool !== "print" && <InvoiceAction tool={tool} invoices={chosen} onClose={close} onRefused={onRefused} />}
    </div>
  );
}
