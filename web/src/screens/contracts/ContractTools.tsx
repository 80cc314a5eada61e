// The three tools of a contract's charge definitions: what each would change is shown first, then done, and only that (CHG-07).
import { Button, Checkbox } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, useOnce } from "../../api/client";
import type { Contract, EnergyTermsInput, Proposal } from "../../api/schema";
import { useToday } from "../../app/me";
import { Action } from "../../parts/Action";
import { DayInput, DecimalInput, WordsInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { contractPath } from "./Contract";

type Props = { contract: Contract; onClose: () => void };

export function ResetTaxCodes({ contract, onClose }: Props) {
  const today = useToday();
  const [from, setFrom] = useState<string | undefined>(today);
  const path = contractPath(contract);
  return (
    <Tool
      of={from} title="Redefinir códigos tributários" about="Os códigos das definições passam a ser os dos itens de contrato, a partir da data." onClose={onClose} ready={from !== undefined}
      propose={(header) => answer(api.POST("/customers/{customer_id}/contracts/{contract_id}/tax-codes/proposal", { params: { path, header }, body: { valid_from: from! } }))}
      apply={(proposal) => answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/tax-codes", { params: { path, header: ifMatch(contract.version) }, body: { valid_from: from!, proposal } }))}
    >
      <DayInput label="A partir de" value={from} onChange={setFrom} data-autofocus />
    </Tool>
  );
}

export function AssociateMissingMeters({ contract, onClose }: Props) {
  const path = contractPath(contract);
  return (
    <Tool
      title="Associar medidores ausentes" about="Cada item ganha o medidor da UdM que uma definição de uso cita e que ele não tem." onClose={onClose}
      propose={(header) => answer(api.POST("/customers/{customer_id}/contracts/{contract_id}/missing-meters/proposal", { params: { path, header } }))}
      apply={(proposal) => answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/missing-meters", { params: { path, header: ifMatch(contract.version) }, body: { proposal } }))}
    />
  );
}

/** "Atualizar preferências de energia": the four options, for all commodities and equipment. */
export function EnergyPreferences({ contract, onClose }: Props) {
  const today = useToday();
  const [from, setFrom] = useState<string | undefined>(today);
  const [energy, setEnergy] = useState<EnergyTermsInput>({});
  const set = (changes: EnergyTermsInput) => setEnergy((before) => ({ ...before, ...changes }));
  const path = contractPath(contract);
  return (
    <Tool
      of={JSON.stringify([from, energy])} title="Atualizar preferências de energia" about="Todas as definições de energia do contrato, de todas as commodities e equipamentos, passam a ter estas preferências." onClose={onClose} ready={from !== undefined}
      propose={(header) => answer(api.POST("/customers/{customer_id}/contracts/{contract_id}/energy-preferences/proposal", { params: { path, header }, body: { valid_from: from!, energy } }))}
      apply={(proposal) => answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/energy-preferences", { params: { path, header: ifMatch(contract.version) }, body: { valid_from: from!, energy, proposal } }))}
    >
      <DayInput label="A partir de" value={from} onChange={setFrom} data-autofocus />
      <Checkbox label="Submedição" description="O consumo é o do medidor do próprio item." checked={energy.sub_metering ?? false} onChange={(event) => set({ sub_metering: event.currentTarget.checked })} />
      <Checkbox label="Usar área ocupada" description="A parte é a área do item sobre a da fonte." checked={energy.use_occupied_area ?? false} onChange={(event) => set({ use_occupied_area: event.currentTarget.checked })} />
      <DecimalInput label="Percentual de faturamento" value={energy.billing_percentage ?? undefined} onChange={(billing_percentage) => set({ billing_percentage })} />
      <WordsInput label="Origem da conta de serviço público" value={energy.utility_bill_source ?? undefined} onChange={(utility_bill_source) => set({ utility_bill_source })} />
    </Tool>
  );
}

type ToolProps = {
  title: string;
  about: string;
  onClose: () => void;
  ready?: boolean;
  /** What was asked for: another asks for another proposal. */
  of?: string | undefined;
  propose: (header: { "Idempotency-Key": string }) => Promise<Proposal>;
  apply: (proposal: string) => Promise<unknown>;
  children?: ReactNode;
};

/** Shows what a tool would change, and then does that and nothing else. */
function Tool({ title, about, onClose, ready = true, of, propose, apply, children }: ToolProps) {
  const { header, renew } = useOnce();
  const [shown, setShown] = useState<{ of: string | undefined; proposal: Proposal }>();
  const [error, setError] = useState<unknown>();
  const proposal = shown?.of === of ? shown?.proposal : undefined;
  const ask = async () => {
    setError(undefined);
    try {
      setShown({ of, proposal: await propose(header) });
    } catch (failure) {
      setError(failure);
    }
    renew();
  };
  const changes = proposal?.items.flatMap((one) => one.changes.map((change) => ({ ...change, title: one.title })));
  return (
    <Action title={title} onClose={onClose} ready={ready && (changes?.length ?? 0) > 0} run={() => apply(proposal!.proposal)} warning={about}>
      {children}
      <div className="bar"><Button variant="default" disabled={!ready} onClick={() => void ask()}>Ver o que muda</Button></div>
      <ProblemNote error={error} />
      {changes?.length === 0 && <div className="box soft">O contrato já está assim: nada muda.</div>}
      {changes && changes.length > 0 && (
        <table className="plain">
          <thead><tr><th>Definição ou item</th><th>Campo</th><th>Antes</th><th>Depois</th></tr></thead>
          <tbody>{changes.map((change, i) => <tr key={i}><td>{change.title}</td><td>{change.label}</td><td>{change.before}</td><td>{change.after}</td></tr>)}</tbody>
        </table>
      )}
    </Action>
  );
}
