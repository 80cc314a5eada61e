// "Remessas": pre-flight of what would go and what the bank would refuse, the files made, their fields (BNK-04).
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { ForeseenTitle, Remittance, Run } from "../../api/schema";
import { useMay, usePaymentProfiles, useToday } from "../../app/me";
import { addMonths, day, firstDay, instant, lastDay } from "../../format/date";
import { brl, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { Drawer } from "../../parts/Dialog";
import { Choice, DayInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Totals, Wait } from "../../parts/show";
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
  const [opened, open] = useState<Remittance>();
  const [making, setMaking] = useState(false);
  const list = useQuery({
    queryKey: ["remittances", profile],
    enabled: profile !== "",
    queryFn: async () => (await answer(api.GET("/payment-profiles/{profile_id}/remittances", { params: { path: { profile_id: profile } } }))).items,
  });
  return (
    <>
      <Heading title="Remessas">
        <Choice label="" placeholder="Profile de pagamento" required options={(profiles.data ?? []).map((one) => ({ value: one.id, label: one.name }))} value={profile} onChange={(next) => choose(next ?? "")} w={260} />
        <Link to="/rejeitados" search={{ profile } as never}>Títulos rejeitados</Link>
        {may && <Button disabled={!profile} onClick={() => setMaking(true)}>Nova remessa</Button>}
      </Heading>
      <Grid name="Remessas" columns={COLUMNS} rows={profiles.data && !profile ? [] : list.data} rowKey={(r) => r.id} error={profiles.error ?? list.error} retry={() => void list.refetch()} order="-sequencia" onOpen={open} empty="Nenhuma remessa deste profile." />
      {making && <NewRemittance profileId={profile} onClose={() => setMaking(false)} />}
      {opened && <RemittanceFile remittance={opened} onClose={() => open(undefined)} />}
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
    <Drawer onClose={onClose} size="70%" title={`Remessa ${remittance.sequence} · ${remittance.file_name}`}>
      <Button mb={10} onClick={() => void download()}>Baixar arquivo</Button>
      <ProblemNote error={error} />
      <FileRecords
        id={["remittance", remittance.id]}
        read={(first) => answer(api.GET("/payment-profiles/{profile_id}/remittances/{sequence}/records", { params: { path, query: { first, count: 20 } } }))}
      />
    </Drawer>
  );
}
