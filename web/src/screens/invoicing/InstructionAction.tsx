// "Instruções ao banco" about boletos that it has (BNK-07): what the bank's own rules offer for the first of them.
import { Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { InstructionRequest, Invoice } from "../../api/schema";
import { capital } from "../../format/text";
import { Action } from "../../parts/Action";
import { Choice, DayInput, MoneyInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { Wait } from "../../parts/show";
import { invoiceItem } from "./InvoiceActions";

type Props = { invoices: Invoice[]; onClose: () => void; onRefused?: (ids: string[]) => void };

export function InstructionAction({ invoices, ...rest }: Props) {
  const path = { customer_id: invoices[0]!.customer_id, invoice_id: invoices[0]!.id };
  const offered = useQuery({
    queryKey: ["offered-instructions", path.invoice_id],
    queryFn: () => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/offered-instructions", { params: { path } })),
  });
  const [movement, setMovement] = useState<InstructionRequest["movement"]>();
  const [due, setDue] = useState<string>();
  const [rebate, setRebate] = useState<string>();
  const [until, setUntil] = useState<string>();
  const [discount, setDiscount] = useState<string>();
  const [why, setWhy] = useState("");
  const chosen = offered.data?.items.find((one) => one.movement === movement);
  const complete =
    movement === "change_due_date" ? due !== undefined : movement === "grant_rebate" ? rebate !== undefined : movement === "grant_discount" ? discount !== undefined && until !== undefined : movement !== undefined;
  return (
    <Action
      title="Instrução ao banco" items={invoices.map(invoiceItem)} ready={complete && why.trim() !== ""} triesFirst {...rest}
      warning={chosen && chosen.refusals.length > 0 ? <ul>{chosen.refusals.map((text) => <li key={text}>{text}</li>)}</ul> : undefined}
      run={(header, _confirmed, dryRun) =>
        answer(
          api.POST("/bank-instructions", {
            params: { header, query: { dry_run: dryRun } },
            body: {
              movement: movement!, justification: why, invoices: invoices.map((invoice) => ({ customer_id: invoice.customer_id, invoice_id: invoice.id })),
              ...(movement === "change_due_date" ? { due_on: due } : {}),
              ...(movement === "grant_rebate" ? { rebate } : {}),
              ...(movement === "grant_discount" ? { discount: { amount: discount!, until: until! } } : {}),
            },
          }),
        )
      }
    >
      <ProblemNote error={offered.error} />
      {offered.isPending ? <Wait /> : (
        <Choice label="Instrução" required value={movement} onChange={setMovement} options={(offered.data?.items ?? []).map((one) => ({ value: one.movement, label: capital(one.name) }))} />
      )}
      {movement === "change_due_date" && <DayInput label="Novo vencimento" value={due} onChange={setDue} />}
      {movement === "grant_rebate" && <MoneyInput label="Abatimento" value={rebate} onChange={setRebate} />}
      {movement === "grant_discount" && <><MoneyInput label="Desconto" value={discount} onChange={setDiscount} /><DayInput label="Até" value={until} onChange={setUntil} /></>}
      <Textarea label="Justificativa" value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
    </Action>
  );
}
