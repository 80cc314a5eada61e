// "Configuração básica": the tolerance of a settlement, the ledger accounts of discount and surcharge, the receipt's text.
import { Button, Checkbox, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import type { Settings, SettingsData } from "../../api/schema";
import { useMay } from "../../app/me";
import { brl } from "../../format/money";
import { Action } from "../../parts/Action";
import { useDraft } from "../../parts/Clash";
import { MoneyInput, WordsInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Wait } from "../../parts/show";

const read = (companyId: string) => answer(api.GET("/companies/{company_id}/payment-settings", { params: { path: { company_id: companyId } } }));

export function PaymentSettings({ companyId }: { companyId: string }) {
  const may = useMay("banking:configure");
  const [editing, setEditing] = useState(false);
  const settings = useQuery({ queryKey: ["payment-settings", companyId], queryFn: () => read(companyId) });
  if (settings.error) return <ProblemNote error={settings.error} retry={() => void settings.refetch()} />;
  if (!settings.data) return <Wait />;
  return (
    <>
      <Facts
        items={[
          ["Diferença tolerada", `${brl(settings.data.settlement_tolerance)}, a menor ou a maior`],
          ["Conta do desconto", settings.data.discount_ledger_account ?? "a da fatura"],
          ["Conta do acréscimo", settings.data.surcharge_ledger_account ?? "a da fatura"],
          ["Apagar Fatura Carnê ao Mudar de Vencimento", settings.data.replaces_booklet ? "sim" : "não"],
          ["Altera Automaticamente Data Desconto Promocional", settings.data.moves_promotional_discount ? "sim" : "não"],
          ["Cobra os dias da troca de vencimento", settings.data.prorates_due_change ? "sim" : "não"],
          ["Texto do recibo", settings.data.receipt_template ?? "não preenchido: nenhum recibo é impresso"],
        ]}
      />
      {may && <div><Button variant="default" onClick={() => setEditing(true)}>Alterar</Button></div>}
      {editing && <SettingsForm settings={settings.data} onClose={() => setEditing(false)} />}
    </>
  );
}

function dataOf({ version: _v, company_id: _c, ...data }: Settings): SettingsData {
  return data;
}

function SettingsForm({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const path = { company_id: settings.company_id };
  const draft = useDraft<SettingsData>({ data: dataOf(settings), version: settings.version }, {
    read: async () => {
      const now = await read(settings.company_id);
      return { data: dataOf(now), version: now.version };
    },
    labels: { settlement_tolerance: "Diferença tolerada", discount_ledger_account: "Conta do desconto", surcharge_ledger_account: "Conta do acréscimo", receipt_template: "Texto do recibo", replaces_booklet: "Apagar Fatura Carnê ao Mudar de Vencimento", moves_promotional_discount: "Altera Automaticamente Data Desconto Promocional", prorates_due_change: "Dias da troca de vencimento" },
  });
  const { data, set } = draft;
  return (
    <Action
      title="Configuração básica" button="Salvar" onClose={onClose} ready={data.settlement_tolerance !== undefined} draft={draft}
      run={() => answer(api.PUT("/companies/{company_id}/payment-settings", { params: { path, header: ifMatch(draft.version) }, body: data }))}
    >
      <MoneyInput label="Diferença tolerada na liquidação" description="Não se cobra nem se retém: vira desconto ou acréscimo, e a fatura fica liquidada." value={data.settlement_tolerance} onChange={(settlement_tolerance) => set({ settlement_tolerance })} data-autofocus />
      <WordsInput label="Conta do plano de contas do desconto" value={data.discount_ledger_account ?? undefined} onChange={(discount_ledger_account) => set({ discount_ledger_account })} />
      <WordsInput label="Conta do plano de contas do acréscimo" value={data.surcharge_ledger_account ?? undefined} onChange={(surcharge_ledger_account) => set({ surcharge_ledger_account })} />
      <Checkbox label="Apagar Fatura Carnê ao Mudar de Vencimento" checked={data.replaces_booklet ?? true} onChange={(event) => set({ replaces_booklet: event.currentTarget.checked })} />
      <Checkbox label="Altera Automaticamente Data Desconto Promocional" checked={data.moves_promotional_discount ?? true} onChange={(event) => set({ moves_promotional_discount: event.currentTarget.checked })} />
      <Checkbox label="Na troca de vencimento, cobra ou devolve os dias entre as duas datas" checked={data.prorates_due_change ?? false} onChange={(event) => set({ prorates_due_change: event.currentTarget.checked })} />
      <Textarea label="Texto do recibo" autosize minRows={3} value={data.receipt_template ?? ""} onChange={(event) => set({ receipt_template: event.currentTarget.value || undefined })} />
    </Action>
  );
}
