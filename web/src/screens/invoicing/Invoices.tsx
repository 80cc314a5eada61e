// "Faturas a receber" and the other lists of a customer's invoices (INV-04..INV-10, INV-14, INV-15).
import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import type { ShownInvoice } from "../../api/schema";
import { named, usePaymentProfiles, useToday } from "../../app/me";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { InvoiceDrawer } from "./InvoiceDrawer";
import { InvoiceToolbar } from "./InvoiceToolbar";
import { invoiceColumns } from "./invoiceColumns";

type Props = { name: string; query: UseQueryResult<ShownInvoice[]>; rows: ShownInvoice[] | undefined; columns?: typeof invoiceColumns | undefined; actions?: boolean };

export function Invoices({ name, query, rows, columns: columnsOf = invoiceColumns, actions = false }: Props) {
  const [opened, open] = useWord("fatura");
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const columns: Column<ShownInvoice>[] = columnsOf(named(usePaymentProfiles().data), useToday());
  const invoice = query.data?.find((one) => one.id === opened);
  return (
    <>
      <InvoiceToolbar chosen={rows?.filter((row) => ticked.has(row.id)) ?? []} actions={actions} onRefused={(ids) => tick(new Set(ids))} />
      <Grid
        name={name} columns={columns} rows={rows} rowKey={(i) => i.id} error={query.error} retry={() => void query.refetch()} order="vencimento"
        ticked={ticked} onTick={tick} onOpen={(i) => open(i.id)} empty="Nenhuma fatura aqui."
      />
      {invoice && <InvoiceDrawer customerId={invoice.customer_id} invoiceId={opened} onClose={() => open("")} />}
    </>
  );
}
