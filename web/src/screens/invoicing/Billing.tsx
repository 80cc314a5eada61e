// "Faturamento": the filter, what it would bill and what it would refuse, then the run (INV-11).
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { BillingRequest, Run } from "../../api/schema";
import { useCompanies, useMay, usePaymentProfiles, useToday } from "../../app/me";
import { firstDay, lastDay } from "../../format/date";
import { brl } from "../../format/money";
import { counted } from "../../format/text";
import { Action } from "../../parts/Action";
import { Choice, DayInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Totals, Wait } from "../../parts/show";

export function Billing() {
  const today = useToday();
  const companies = useCompanies();
  if (!today || !companies.data) return <><Heading title="Faturamento" />{companies.error ? <ProblemNote error={companies.error} retry={() => void companies.refetch()} /> : <Wait />}</>;
  return <BillingFilter today={today} firstCompany={companies.data[0]?.id} />;
}

function BillingFilter({ today, firstCompany }: { today: string; firstCompany: string | undefined }) {
  const navigate = useNavigate();
  const companies = useCompanies().data ?? [];
  const profiles = usePaymentProfiles().data ?? [];
  const may = useMay("invoices:bill", "runs:start");
  const [company, setCompany] = useState(firstCompany);
  const [from, setFrom] = useState<string | undefined>(firstDay(today.slice(0, 7)));
  const [to, setTo] = useState<string | undefined>(lastDay(today.slice(0, 7)));
  const [profile, setProfile] = useState<string>();
  const [starting, setStarting] = useState(false);
  const filter: BillingRequest | undefined = company && from && to ? { company_id: company, due_from: from, due_to: to, payment_profile_id: profile } : undefined;
  const preview = useQuery({
    queryKey: ["billing-preview", filter],
    enabled: filter !== undefined,
    queryFn: () => {
      const { company_id, ...query } = filter!;
      return answer(api.GET("/companies/{company_id}/billing-preview", { params: { path: { company_id }, query: { due_from: query.due_from, due_to: query.due_to, payment_profile_id: query.payment_profile_id ?? undefined } } }));
    },
  });
  const would = preview.data;
  return (
    <>
      <Heading title="Faturamento" />
      <div className="bar" style={{ alignItems: "end" }}>
        <Choice label="Empresa" required options={companies.map((c) => ({ value: c.id, label: c.trade_name }))} value={company} onChange={setCompany} />
        <DayInput label="Vencimento de" value={from} onChange={setFrom} />
        <DayInput label="até" value={to} onChange={setTo} />
        <Choice label="Profile de pagamento" options={profiles.filter((p) => p.company_id === company).map((p) => ({ value: p.id, label: p.name }))} value={profile} onChange={setProfile} placeholder="todos" />
        {may && <Button disabled={!would || would.invoices === 0} onClick={() => setStarting(true)}>Faturar</Button>}
      </div>
      <ProblemNote error={preview.error} retry={() => void preview.refetch()} />
      {filter && preview.isPending && <Wait />}
      {would && (
        <>
          <Totals items={[["Faturas", would.invoices.toLocaleString("pt-BR")], ["Valor", brl(would.billed)], ["Boletos", would.boletos.toLocaleString("pt-BR")], ["Recusas", would.refused.length + would.not_shown, would.refused.length > 0]]} />
          {!would.is_whole && <div className="note warn">A base é grande: esta prévia é de uma parte dela. O faturamento será de todas as contas do filtro.</div>}
          {would.invoices === 0 && would.refused.length === 0 && <div className="box soft">Não há contas a faturar neste intervalo.</div>}
          {would.refused.length > 0 && (
            <section className="box">
              <h2>Não serão faturadas</h2>
              <table className="plain"><thead><tr><th>Cliente</th><th>Motivo</th></tr></thead><tbody>{would.refused.map((one) => <tr key={one.key}><td><Link to={`/clientes/${one.key}`} search={{ aba: "contas" } as never}>{would.names?.[one.key] ?? "Abrir o cliente"}</Link></td><td>{one.message}</td></tr>)}</tbody></table>
              {would.not_shown > 0 && <p className="soft">e mais {would.not_shown}.</p>}
            </section>
          )}
        </>
      )}
      {starting && filter && would && (
        <Action
          title="Faturar" button="Iniciar" onClose={() => setStarting(false)} items={[{ id: "run", text: `${counted(would.invoices, "fatura")}, ${brl(would.billed)}, ${would.boletos > 0 ? counted(would.boletos, "boleto") : "sem boleto"}` }]}
          run={(header) => answer(api.POST("/runs/billing", { params: { header }, body: filter }))} onDone={(run) => void navigate({ to: `/execucoes/${(run as Run).id}` })}
        />
      )}
    </>
  );
}
