// One charge not yet invoiced: its data, changed with its reason where the API asks, and its history (CON-02).
import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { Charge, ChargeEdit } from "../../api/schema";
import { useMay } from "../../app/me";
import { day, period } from "../../format/date";
import { brl } from "../../format/money";
import { Action } from "../../parts/Action";
import { useDraft } from "../../parts/Clash";
import { Drawer } from "../../parts/Dialog";
import { DayInput, MoneyInput, PeriodInput, WordsInput } from "../../parts/fields";
import { History } from "../../parts/History";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Wait } from "../../parts/show";
import { State } from "../../parts/Tag";
import { allPages } from "../../parts/remote";
import { InstalmentInput } from "./InstalmentInput";

type Path = { customer_id: string; charge_id: string };
const read = (path: Path) => answer(api.GET("/customers/{customer_id}/charges/{charge_id}", { params: { path } }));
const historyOf = (path: Path) => allPages((cursor) => answer(api.GET("/customers/{customer_id}/charges/{charge_id}/history", { params: { path, query: { cursor } } })));

export function ChargeDrawer({ customerId, chargeId, onClose }: { customerId: string; chargeId: string; onClose: () => void }) {
  const path = { customer_id: customerId, charge_id: chargeId };
  const [tab, setTab] = useState<string | null>("dados");
  const [editing, setEditing] = useState(false);
  const may = useMay("invoices:change");
  const charge = useQuery({ queryKey: ["charges", customerId, chargeId], queryFn: () => read(path) });
  return (
    <Drawer onClose={onClose} size={560} title="Conta">
      <ProblemNote error={charge.error} retry={() => void charge.refetch()} />
      {charge.isPending && <Wait />}
      {charge.data && (
        <Tabs value={tab} onChange={setTab} keepMounted={false}>
          <Tabs.List aria-label="Conta"><Tabs.Tab value="dados">Dados</Tabs.Tab><Tabs.Tab value="historico">Histórico</Tabs.Tab></Tabs.List>
          <Tabs.Panel value="dados" pt={10} style={{ display: "grid", gap: 10 }}>
            <ChargeFacts charge={charge.data} />
            {may && <div><Button variant="default" onClick={() => setEditing(true)}>Editar</Button></div>}
          </Tabs.Panel>
          <Tabs.Panel value="historico" pt={10}><History id={chargeId} read={() => historyOf(path)} /></Tabs.Panel>
        </Tabs>
      )}
      {editing && charge.data && <EditCharge charge={charge.data} onClose={() => setEditing(false)} />}
    </Drawer>
  );
}

const ChargeFacts = ({ charge }: { charge: Charge }) => (
  <Facts
    items={[
      ["Descrição", charge.description], ["Valor", brl(charge.amount)], ["Vencimento", day(charge.due_on)], ["Referência", period(charge.reference)],
      ["Situação", <State of="ChargeStatus" is={charge.status} />], ["Parcela", charge.instalment?.join("/")], ["Conta do plano de contas", charge.ledger_account],
      ["Composição fiscal", charge.fiscal_composition], ["Agrupamento", charge.grouping], ["Bloqueio", charge.locks.map((lock) => labels.LockKind[lock.kind]).join(", ")],
    ]}
  />
);

type Form = Partial<ChargeEdit>;

function dataOf(charge: Charge): Form {
  const { description, amount, due_on, reference, instalment, ledger_account, fiscal_composition } = charge;
  return { description, amount, due_on, reference, instalment, ledger_account, fiscal_composition };
}

function EditCharge({ charge, onClose }: { charge: Charge; onClose: () => void }) {
  const path = { customer_id: charge.customer_id, charge_id: charge.id };
  const draft = useDraft<Form>({ data: dataOf(charge), version: charge.version }, {
    read: async () => {
      const now = await read(path);
      return { data: dataOf(now), version: now.version };
    },
    history: () => historyOf(path),
  });
  const { data, set } = draft;
  const [isNumbered, setIsNumbered] = useState(true);
  return (
    <Action
      title="Editar conta" button="Salvar" onClose={onClose} draft={draft} ready={[data.description, data.amount, data.due_on, data.reference].every(Boolean) && isNumbered}
      run={(_header, confirm) => answer(api.PUT("/customers/{customer_id}/charges/{charge_id}", { params: { path, query: { confirm }, header: ifMatch(draft.version) }, body: data as ChargeEdit }))}
    >
      <WordsInput label="Descrição" value={data.description} onChange={(description) => set({ description })} data-autofocus />
      <div className="fields">
        <MoneyInput label="Valor (negativo: desconto)" value={data.amount} onChange={(amount) => set({ amount })} />
        <DayInput label="Vencimento" value={data.due_on} onChange={(due_on) => set({ due_on })} />
        <PeriodInput label="Referência" value={data.reference} onChange={(reference) => set({ reference })} />
        <WordsInput label="Conta do plano de contas" value={data.ledger_account ?? undefined} onChange={(ledger_account) => set({ ledger_account })} />
        {charge.contract_id === undefined && <WordsInput label="Composição fiscal" value={data.fiscal_composition ?? undefined} onChange={(fiscal_composition) => set({ fiscal_composition })} />}
      </div>
      <div className="bar">
        <InstalmentInput
          value={data.instalment as [number, number] | undefined}
          onChange={(instalment, isComplete) => {
            set({ instalment });
            setIsNumbered(isComplete);
          }}
        />
      </div>
    </Action>
  );
}
