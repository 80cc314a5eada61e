// What was asked of the bank about an invoice's boleto, and what it answered.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { Invoice, TitleInstruction } from "../../api/schema";
import { useMay } from "../../app/me";
import { day, instant } from "../../format/date";
import { brl } from "../../format/money";
import { ProblemNote } from "../../parts/Problem";
import { Wait } from "../../parts/show";
import { State } from "../../parts/Tag";
import { TextAction } from "../../parts/TextAction";
import { InstructionAction } from "./InstructionAction";
import { allPages } from "../../parts/remote";

const MOVEMENTS: Record<TitleInstruction["movement"], string> = {
  write_off: "Baixa", change_due_date: "Alteração de vencimento", grant_rebate: "Concessão de abatimento", cancel_rebate: "Cancelamento de abatimento",
  grant_discount: "Concessão de desconto", cancel_discount: "Cancelamento de desconto", protest: "Protesto", stop_protest: "Sustação de protesto",
  report_to_bureau: "Negativação", withdraw_from_bureau: "Exclusão de negativação", change_data: "Alteração de dados",
};

export function InvoiceInstructions({ invoice }: { invoice: Invoice }) {
  const path = { customer_id: invoice.customer_id, invoice_id: invoice.id };
  const may = useMay("banking:remit");
  const [asking, setAsking] = useState(false);
  const [withdrawing, setWithdrawing] = useState<TitleInstruction>();
  const [resending, setResending] = useState<TitleInstruction>();
  const list = useQuery({
    queryKey: ["instructions", invoice.id],
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/instructions", { params: { path, query: { cursor } } })))).items,
  });
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Wait />;
  return (
    <>
      {may && <Button variant="default" mb={10} onClick={() => setAsking(true)}>Nova instrução</Button>}
      {list.data.length === 0 ? <p className="soft">Nenhuma instrução foi pedida.</p> : (
        <table className="plain">
          <thead><tr><th>Pedida em</th><th>Instrução</th><th>Situação</th><th>Justificativa</th><th /></tr></thead>
          <tbody>
            {list.data.map((one) => (
              <tr key={one.id}>
                <td>{instant(one.asked_at)}</td>
                <td>{MOVEMENTS[one.movement]} {one.due_on && day(one.due_on)} {brl(one.rebate)}</td>
                <td><State of="InstructionStatus" is={one.status} />{one.rejection?.map((r) => <div key={r.code} className="bad">{r.text}</div>)}{one.ended_because && <div className="soft">{one.ended_because}</div>}</td>
                <td>{one.justification}</td>
                <td>{may && one.status === "waiting" && <Button variant="default" size="compact-xs" onClick={() => setWithdrawing(one)}>Cancelar</Button>}{may && one.status === "sent" && <Button variant="default" size="compact-xs" onClick={() => setResending(one)}>Enviar de novo</Button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {asking && <InstructionAction invoices={[invoice]} onClose={() => setAsking(false)} />}
      {resending && (
        <TextAction
          title="Enviar instrução de novo" label="Motivo" items={[{ id: resending.id, text: MOVEMENTS[resending.movement] }]} warning="Só se o arquivo não chegou ao banco: ela volta à fila da próxima remessa." onClose={() => setResending(undefined)}
          run={(header, reason) => answer(api.POST("/customers/{customer_id}/invoices/{invoice_id}/instructions/{instruction_id}/send-again", { params: { path: { ...path, instruction_id: resending.id }, header }, body: { reason } }))}
        />
      )}
      {withdrawing && (
        <TextAction
          title="Cancelar instrução" label="Motivo" items={[{ id: withdrawing.id, text: MOVEMENTS[withdrawing.movement] }]} onClose={() => setWithdrawing(undefined)}
          run={(header, reason) => answer(api.POST("/customers/{customer_id}/invoices/{invoice_id}/instructions/{instruction_id}/cancel", { params: { path: { ...path, instruction_id: withdrawing.id }, header }, body: { reason } }))}
        />
      )}
    </>
  );
}
