// The settings of Parcelar Dívida, this function's own: what lateness costs in an agreement, and how far one may go (PAY-06).
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import type { AgreementSettings as Settings, AgreementSettingsData } from "../../api/schema";
import { useMay } from "../../app/me";
import { decimal } from "../../format/money";
import { Action } from "../../parts/Action";
import { useDraft } from "../../parts/Clash";
import { CountInput, DecimalInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Wait } from "../../parts/show";

const SETTINGS = "/companies/{company_id}/agreement-settings";
const LABELS = {
  fine_percent: "Multa (%)",
  monthly_interest_percent: "Juros ao mês (%)",
  instalment_interest_percent: "Juros do parcelamento ao mês (%)",
  most_instalments: "Máximo de parcelas",
  least_down_payment_percent: "Entrada mínima (%)",
  breaks_after_days: "Dias de atraso que quebram",
};
const read = (companyId: string) => answer(api.GET(SETTINGS, { params: { path: { company_id: companyId } } }));

export function AgreementSettings({ companyId }: { companyId: string }) {
  const may = useMay("banking:configure");
  const [editing, setEditing] = useState(false);
  const settings = useQuery({ queryKey: ["agreement-settings", companyId], queryFn: () => read(companyId) });
  if (settings.error) return <ProblemNote error={settings.error} retry={() => void settings.refetch()} />;
  if (!settings.data) return <Wait />;
  const { data } = settings;
  return (
    <section aria-label="Parcelar Dívida">
      <h2>Parcelar Dívida</h2>
      {data.version === 0 && <div className="note warn">Ainda não configurado: confira as porcentagens e salve para calcular juros e multa.</div>}
      <Facts
        items={[
          [LABELS.fine_percent, decimal(data.fine_percent)],
          [LABELS.monthly_interest_percent, decimal(data.monthly_interest_percent)],
          [LABELS.instalment_interest_percent, decimal(data.instalment_interest_percent)],
          [LABELS.most_instalments, String(data.most_instalments)],
          [LABELS.least_down_payment_percent, decimal(data.least_down_payment_percent)],
          ["Quebra-se sozinho", data.breaks_after_days === undefined ? "não, só à mão" : `com uma parcela vencida há mais de ${data.breaks_after_days} dias`],
        ]}
      />
      {may && <div><Button variant="default" onClick={() => setEditing(true)}>Alterar Parcelar Dívida</Button></div>}
      {editing && <SettingsForm settings={data} onClose={() => setEditing(false)} />}
    </section>
  );
}

function dataOf({ version: _v, company_id: _c, ...data }: Settings): AgreementSettingsData {
  return data;
}

function SettingsForm({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const path = { company_id: settings.company_id };
  const draft = useDraft<AgreementSettingsData>({ data: dataOf(settings), version: settings.version }, {
    read: async () => {
      const now = await read(settings.company_id);
      return { data: dataOf(now), version: now.version };
    },
    labels: LABELS,
  });
  const { data, set } = draft;
  const ready = [data.fine_percent, data.monthly_interest_percent, data.instalment_interest_percent, data.most_instalments, data.least_down_payment_percent].every((one) => one !== undefined);
  return (
    <Action
      title="Parcelar Dívida" button="Salvar" onClose={onClose} ready={ready} draft={draft}
      run={() => answer(api.PUT(SETTINGS, { params: { path, header: ifMatch(draft.version) }, body: data }))}
    >
      <div className="fields three">
        <DecimalInput label={LABELS.fine_percent} description="Do valor, uma vez. De consumidor, até 2 %." value={data.fine_percent} onChange={(fine_percent) => set({ fine_percent })} data-autofocus />
        <DecimalInput label={LABELS.monthly_interest_percent} description="Sobre o valor com a multa, ao dia." value={data.monthly_interest_percent} onChange={(monthly_interest_percent) => set({ monthly_interest_percent })} />
        <DecimalInput label={LABELS.instalment_interest_percent} description="Do acordo ao vencimento de cada parcela." value={data.instalment_interest_percent} onChange={(instalment_interest_percent) => set({ instalment_interest_percent })} />
        <CountInput label={LABELS.most_instalments} min={1} max={360} value={data.most_instalments} onChange={(most_instalments) => set({ most_instalments })} />
        <DecimalInput label={LABELS.least_down_payment_percent} description="Zero dispensa a entrada." value={data.least_down_payment_percent} onChange={(least_down_payment_percent) => set({ least_down_payment_percent })} />
        <CountInput label={LABELS.breaks_after_days} description="Em branco, só à mão." min={1} max={365} value={data.breaks_after_days} onChange={(breaks_after_days) => set({ breaks_after_days })} />
      </div>
    </Action>
  );
}
