// "Consultar": a customer's complete invoices by month, and "Emitir Fatura" (CLO-10).
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { ClosingSummary } from "../../api/schema";
import { month, period } from "../../format/date";
import { brl } from "../../format/money";
import { CustomerPicker } from "../../parts/CustomerPicker";
import { Dialog } from "../../parts/Dialog";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Heading, PdfView, Wait } from "../../parts/show";
import { Tool } from "../../parts/Tool";
import { CustomerClosings } from "./CustomerClosings";

export function Consult() {
  const [customer, choose] = useWord("cliente");
  const [chosen, setChosen] = useState<ClosingSummary[]>([]);
  const [issuing, setIssuing] = useState<ClosingSummary>();
  const one = chosen.length === 1 ? chosen[0] : undefined;
  const why = one === undefined ? "Marque um mês." : one.situation === "Finalizada" ? undefined : "A cobrança deste mês ainda não foi finalizada.";
  return (
    <>
      <Heading title="Consultar"><Tool words="Emitir Fatura" chosen={chosen} why={why} onClick={() => setIssuing(one)} /></Heading>
      <div><CustomerPicker label="Cliente" value={customer || undefined} onChange={(id) => choose(id ?? "")} /></div>
      {customer ? <CustomerClosings key={customer} customerId={customer} onChoose={setChosen} /> : <div className="box soft">Escolha um cliente para ver os seus meses.</div>}
      {issuing && <Paper closing={issuing} onClose={() => setIssuing(undefined)} />}
    </>
  );
}

function Paper({ closing, onClose }: { closing: ClosingSummary; onClose: () => void }) {
  const link = useQuery({
    queryKey: ["closing-pdf", closing.id],
    gcTime: 0,
    queryFn: () => answer(api.GET("/customers/{customer_id}/closings/{closing_id}/pdf", { params: { path: { customer_id: closing.customer_id, closing_id: closing.id } } })),
  });
  return (
    <Dialog onClose={onClose} size="xl" title={`${closing.contract_title} · ${period(closing.period)} · ${brl(closing.charged)}`}>
      <ProblemNote error={link.error} retry={() => void link.refetch()} />
      {link.isPending && <Wait />}
      {link.data && <div style={{ height: 520 }}><PdfView url={link.data.url} name={`fatura-${month(closing.period.start.slice(0, 7)).replace("/", "-")}`} /></div>}
    </Dialog>
  );
}
