// "Remessas": pre-flight of what would go and what the bank would refuse, the files made, their fields (BNK-04).
import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { ForeseenTitle, Remittance, RemittanceTitle, Run } from "../../api/schema";
import { useMay, usePaymentProfiles, useToday } from "../../app/me";
import { addMonths, day, firstDay, instant, lastDay } from "../../format/date";
import { brl, money } from "../../format/money";
import { capital } from "../../format/text";
import { Action } from "../../parts/Action";
import { Drawer } from "../../parts/Dialog";
import { Choice, DayInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { allPages, usePages } from "../../parts/remote";
import { Heading, Totals, Wait } from "../../parts/show";
import { State } from "../../parts/Tag";
import { FileRecords } from "./FileRecords";

const COLUMNS: Column<Remittance>[] = [
  { key: "sequencia", title: "Sequência", text: (r) => String(r.sequence), by: (r) => r.sequence, width: 90, grow: 1 },
  { key: "gerada", title: "Gerada em", text: (r) => instant(r.created_at), by: (r) => r.created_at, width: 140, grow: 1 },
  { key: "titulos", title: "Títulos", text: (r) => String(r.titles), by: (r) => r.titles, align: "right", width: 90, grow: 1 },
  { key: "instrucoes", title: "Instruções", text: (r) => String(r.instructions), by: (r) => r.instructions, align: "right", width: 90, grow: 1 },
  { key: "valor", title: "Valor (R$)", text: (r) => money(r.total), amount: (r) => r.total, align: "right", width: 120, grow: 1 },
  { key: "arquivo", title: "Arquivo", text: (r) => r.file_name, width: 200, grow: 300 },
];

export function Remittances() {
  const profiles = usePaymentProfiles();
  const [chosen, choose] = useWord("profile");
  const profile = chosen || profiles.data?.find((one) => one.terms.layout !== "none")?.id || "";
  const may = useMay("banking:remit", "runs:start");
  const [opened, open] = useWord("remessa"); // its own id, or that of the run which made it
  const [making, setMaking] = useState(false);
  const list = useQuery({
    queryKey: ["remittances", profile],
    enabled: profile !== "",
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/payment-profiles/{profile_id}/remittances", { params: { path: { profile_id: profile }, query: { cursor } } })))).items,
  });
  const shown = list.data?.find((one) => one.id === opened || one.run_id === opened);
  return (
    <>
      <Heading title="Remessas">
        <Choice label="" placeholder="Profile de pagamento" required options={(profiles.data ?? []).map((one) => ({ value: one.id, label: one.name }))} value={profile} onChange={(next) => choose(next ?? "")} w={260} />
        <Link to="/rejeitados" search={{ profile } as never}>Títulos rejeitados</Link>
        {may && <Button disabled={!profile} onClick={() => setMaking(true)}>Nova remessa</Button>}
      </Heading>
      <Grid name="Remessas" columns={COLUMNS} rows={profiles.data && !profile ? [] : list.data} rowKey={(r) => r.id} error={profiles.error ?? list.error} retry={() => void list.refetch()} order="-sequencia" onOpen={(r) => open(r.id)} empty="Nenhuma remessa deste profile." />
      {making && <NewRemittance profileId={profile} onClose={() => setMaking(false)} />}
      {shown && <RemittanceFile remittance={shown} onClose={() => open("")} />}
    </>
  );
}

function NewRemittance({ profileId, onClose }: { profileId: string; onClose: () => void }) {
  const today = useToday();
  const navigate = useNavigate();
  const [from, setFrom] = useState<string | undefined>(firstDay(today.slice(0, 7)));
  const [to, setTo] = useState<string | undefined>(lastDay(addMonths(today.slice(0, 7), 1)));
  const preview = useQuery({
    queryKey: ["remittance-preview", profileId, from, to],
    enabled: from !== undefined && to !== undefined,
    queryFn: () => answer(api.GET("/payment-profiles/{profile_id}/remittance-preview", { params: { path: { profile_id: profileId }, query: { due_from: from!, due_to: to! } } })),
  });
  const would = preview.data;
  return (
    <Action
      title="Nova remessa" button="Gerar" size="xl" onClose={onClose} ready={would !== undefined && would.titles + would.instructions > 0}
      run={(header) => answer(api.POST("/runs/remittances", { params: { header }, body: { profile_id: profileId, due_from: from!, due_to: to! } }))}
      onDone={(run) => void navigate({ to: `/execucoes/${(run as Run).id}` })}
    >
      <div className="bar">
        <DayInput label="Vencimento de" value={from} onChange={setFrom} />
        <DayInput label="até" value={to} onChange={setTo} />
      </div>
      <ProblemNote error={preview.error} retry={() => void preview.refetch()} />
      {preview.isLoading && <Wait />}
      {would && <Totals items={[["Títulos", would.titles], ["Instruções", would.instructions], ["Valor", brl(would.total)], ["O banco recusaria", would.refused, would.refused > 0]]} />}
      {would && would.refusals.length > 0 && <Foreseen titles={would.refusals} />}
    </Action>
  );
}

/** What the bank would refuse, and where to mend it. */
export function Foreseen({ titles }: { titles: ForeseenTitle[] }) {
  return (
    <table className="plain">
      <thead><tr><th>Fatura</th><th>Vencimento</th><th className="num">Valor (R$)</th><th>O que impede</th></tr></thead>
      <tbody>
        {titles.map((title) => (
          <tr key={`${title.invoice_id}${title.instruction_id ?? ""}`}>
            <td><Link to={`/clientes/${title.customer_id}`} search={{ fatura: title.invoice_id } as never}>{title.number}</Link></td>
            <td>{day(title.due_on)}</td>
            <td className="num">{money(title.amount)}</td>
            <td>{title.reasons.map((reason, i) => <div key={i}>{reason.message} {reason.advice}</div>)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RemittanceFile({ remittance, onClose }: { remittance: Remittance; onClose: () => void }) {
  const path = { profile_id: remittance.profile_id, sequence: remittance.sequence };
  const [error, setError] = useState<unknown>();
  const download = async () => {
    try {
      location.assign((await answer(api.GET("/payment-profiles/{profile_id}/remittances/{sequence}/file", { params: { path } }))).url);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Drawer onClose={onClose} size="90%" styles={{ body: { height: "calc(100% - 60px)" } }} title={`Remessa ${remittance.sequence} · ${remittance.file_name}`}>
      <Tabs defaultValue="titulos" keepMounted={false} style={{ height: "100%", display: "flex", flexDirection: "column" }}>
        <div className="bar">
          <Tabs.List style={{ flex: 1 }}><Tabs.Tab value="titulos">Títulos</Tabs.Tab><Tabs.Tab value="arquivo">Arquivo</Tabs.Tab></Tabs.List>
          <Button onClick={() => void download()}>Baixar arquivo</Button>
        </div>
        <ProblemNote error={error} />
        <Tabs.Panel value="titulos" pt={8} style={{ flex: 1, minHeight: 0, display: "flex", flexDirection: "column" }}>
          <Titles remittance={remittance} />
        </Tabs.Panel>
        <Tabs.Panel value="arquivo" pt={8} style={{ overflow: "auto" }}>
          <FileRecords
            id={["remittance", remittance.id]}
            read={(first) => answer(api.GET("/payment-profiles/{profile_id}/remittances/{sequence}/records", { params: { path, query: { first, count: 20 } } }))}
          />
        </Tabs.Panel>
      </Tabs>
    </Drawer>
  );
}

/** What went to the bank, as it is now, and what was left out. */
function Titles({ remittance }: { remittance: Remittance }) {
  const navigate = useNavigate();
  const path = { profile_id: remittance.profile_id, sequence: remittance.sequence };
  const list = usePages({
    key: ["remittances", remittance.id, "titles"],
    page: (cursor) => answer(api.GET("/payment-profiles/{profile_id}/remittances/{sequence}/titles", { params: { path, query: { cursor } } })),
  });
  const names = list.names;
  const columns: Column<RemittanceTitle>[] = [
    { key: "fatura", title: "Fatura", text: (t) => String(t.number), by: (t) => t.number, width: 66, grow: 1 },
    { key: "cliente", title: "Cliente", text: (t) => names[t.customer_id] ?? "", width: 160, grow: 300 },
    { key: "pedido", title: "Pedido ao banco", text: (t) => (t.instruction ? capital(t.instruction) : "Registro"), width: 190, grow: 60 },
    { key: "vencimento", title: "Vencimento", text: (t) => day(t.due_on), by: (t) => t.due_on, width: 96, grow: 1 },
    { key: "valor", title: "Valor (R$)", text: (t) => money(t.amount), amount: (t) => t.amount, align: "right", width: 100, grow: 1 },
    { key: "banco", title: "No banco", text: (t) => (t.refusal ? "fora da remessa" : labels.RemittanceState[t.remittance]), width: 150, grow: 10 },
    { key: "situacao", title: "Situação", text: (t) => labels.InvoiceStatus[t.status], show: (t) => <State of="InvoiceStatus" is={t.status} />, width: 96, grow: 1 },
    { key: "motivo", title: "Motivo", text: (t) => t.refusal ?? "", width: 110, grow: 200, wraps: true },
  ];
  return (
    <Grid
      name="Títulos da remessa" columns={columns} rows={list.rows} more={list.more} rowKey={(t) => `${t.invoice_id}${t.instruction ?? ""}`} error={list.error} retry={list.retry}
      onOpen={(t) => void navigate({ to: `/clientes/${t.customer_id}`, search: { aba: "receber", fatura: t.invoice_id } as never })} empty="A remessa não tem títulos."
    />
  );
}
