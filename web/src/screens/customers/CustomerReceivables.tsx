// The customer's invoices and charges, read once for its panels: what was just done is in them.
import type { Charge, Invoice } from "../../api/schema";
import { Charges } from "../invoicing/Charges";
import { deletedColumns } from "../invoicing/invoiceColumns";
import { Invoices } from "../invoicing/Invoices";
import { useCharges, useInvoices } from "./queries";

export type InvoicePanel = "receivable" | "settled" | "deleted";

const STATES: Record<InvoicePanel, Invoice["status"][]> = {
  receivable: ["open", "suspended"],
  settled: ["settled", "renegotiated"],
  deleted: ["deleted", "replaced", "cancelled"],
};
const unbilled = (charge: Charge) => charge.status === "unbilled" || charge.status === "suspended";

export function CustomerInvoices({ which, name, customerId }: { which: InvoicePanel; name: string; customerId: string }) {
  const query = useInvoices(customerId);
  return <Invoices name={name} query={query} rows={query.data?.filter((invoice) => STATES[which].includes(invoice.status))} columns={which === "deleted" ? deletedColumns : undefined} actions={which === "receivable"} />;
}

export function CustomerCharges({ customerId }: { customerId: string }) {
  const query = useCharges(customerId);
  return <Charges customerId={customerId} query={query} rows={query.data?.filter(unbilled)} />;
}
