// One charge definition with all fields of the manual 002, in the order of the arithmetic; beside it, live, what the
// last months would have cost with it.
import { Checkbox, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ReactNode, useMemo, useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels, subcategories } from "../../api/labels";
import type { ChargeDefinition, ChargeDefinitionInput, Contract, SimulationRequest } from "../../api/schema";
import { useToday } from "../../app/me";
import { Confirm } from "../../parts/Confirm";
import { Drawer } from "../../parts/Dialog";
import { Choice, DayInput, DecimalInput, MoneyInput } from "../../parts/fields";
import { contractPath, termsOf } from "./Contract";
import { PricingFields } from "./PricingFields";
import { SimulationOf } from "./SimulationOf";

type Props = { contract: Contract; definition: ChargeDefinition | undefined; may: boolean; onClose: () => void };
/** The operation that made a version; another system's own code is shown as it is. */
const sourceText = (code: string | null | undefined) => (code ? ((labels.SourceCode as Record<string, string>)[code] ?? code) : "");

type Draft = Omit<ChargeDefinitionInput, "valid_from"> & { valid_from: string | undefined };

/** The next version of a definition that is kept, or a new one. */
function draftOf(contract: Contract, definition: ChargeDefinition | undefined, today: string): Draft {
  if (definition) {
    const latest = Math.max(...contract.definitions.filter((one) => one.definition_id === definition.definition_id).map((one) => one.version));
    return { ...definition, version: latest + 1, valid_from: today };
  }
  return { definition_id: `def_${crypto.randomUUID().slice(0, 8)}`, version: 1, valid_from: contract.starts_on, category: "usage", level: "transaction", subcategory: "all", bill: true };
}

export function DefinitionEditor({ contract, definition, may, onClose }: Props) {
  const today = useToday();
  const [draft, setDraft] = useState(() => draftOf(contract, definition, today));
  const [settled] = useDebouncedValue(draft, 500);
  const request = useMemo((): SimulationRequest | undefined => {
    if (settled.valid_from === undefined) return undefined;
    const others = contract.definitions.filter((one) => one.definition_id !== settled.definition_id);
    const tried = { ...settled, version: 1, valid_from: contract.starts_on, valid_until: undefined };
    return { customer_id: contract.customer_id, months: 3, draft: { ...termsOf(contract), company_id: contract.company_id, items: contract.items, definitions: [...others, tried] } };
  }, [settled, contract]);
  return (
    <Drawer onClose={onClose} size="min(1180px, 96%)" title={definition ? "Definição de encargo: nova versão" : "Adicionar registro"}>
      <div style={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)", gap: 18, alignItems: "start" }}>
        <Confirm
          may={may} onClose={onClose} ready={draft.valid_from !== undefined}
          run={() => answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/definitions/{definition_id}", { params: { path: { ...contractPath(contract), definition_id: draft.definition_id }, header: ifMatch(contract.version) }, body: draft as ChargeDefinitionInput }))}
        >
          <DefinitionFields contract={contract} draft={draft} onChange={(changes) => setDraft((before) => ({ ...before, ...changes }))} />
        </Confirm>
        <section aria-label="Simulação">
          <h2 style={{ marginBottom: 8 }}>O que os últimos meses teriam custado</h2>
          {request && <SimulationOf request={request} />}
        </section>
      </div>
    </Drawer>
  );
}

const Group = ({ title, open = false, children }: { title: string; open?: boolean; children: ReactNode }) => (
  <details open={open} className="box"><summary><b>{title}</b></summary><div style={{ display: "grid", gap: 8, marginTop: 8 }}>{children}</div></details>
);

function DefinitionFields({ contract, draft, onChange: set }: { contract: Contract; draft: Draft; onChange: (changes: Partial<Draft>) => void }) {
  const known = subcategories[draft.category] ?? {};
  const words: Record<string, string> = { all: "Todos", ...known };
  const named = (code: string) => words[code] ?? code;
  const coded = (typed: string) => Object.keys(words).find((code) => words[code]!.toLowerCase() === typed.toLowerCase()) ?? typed;
  const parameters = draft.parameters ?? {};
  const parameter = (name: keyof typeof parameters, label: string, Input: typeof MoneyInput) => (
    <Input key={name} label={label} value={parameters[name] ?? undefined} onChange={(value) => set({ parameters: { ...parameters, [name]: value } })} />
  );
  const flag = (name: "bill" | "only_if_positive" | "carry_over" | "estimated_usage" | "taxable", label: string) => (
    <Checkbox label={label} checked={draft[name] ?? false} onChange={(event) => set({ [name]: event.currentTarget.checked })} />
  );
  const text = (name: "billing_description" | "billing_organisation" | "tax_code" | "usage_unit" | "labour_level" | "occupation_type" | "part_class", label: string) => (
    <TextInput label={label} value={draft[name] ?? ""} onChange={(event) => set({ [name]: event.currentTarget.value || undefined })} />
  );
  const energy = draft.energy ?? {};
  return (
    <>
      <Group title="O que se cobra" open>
        <Choice label="Item de contrato (em branco: todos)" options={contract.items.map((item) => ({ value: item.id, label: item.description }))} value={draft.item_id ?? undefined} onChange={(item_id) => set({ item_id })} />
        {!draft.item_id && <Choice label="Aplica-se a" options={labels.DefinitionScope} value={draft.scope ?? "item"} required onChange={(scope) => scope && set({ scope })} />}
        <Choice label="Categoria de encargo" required options={labels.Category} value={draft.category} onChange={(category) => category && set({ category, subcategory: "all" })} />
        <Choice label="Nível de encargo" required options={labels.Level} value={draft.level} onChange={(level) => level && set({ level })} />
        {draft.category === "fuel" || draft.category === "energy" || draft.category === "usage" ? (
          <TextInput label="Subcategoria de encargo" description={draft.category === "usage" ? "Um período (Mensal, Diário…), um tipo de uso, ou Todos." : undefined} list="subcategorias" value={named(draft.subcategory ?? "")} onChange={(event) => set({ subcategory: coded(event.currentTarget.value) })} />
        ) : (
          <Choice label="Subcategoria de encargo" required options={known} value={draft.subcategory ?? "all"} onChange={(subcategory) => set({ subcategory })} />
        )}
        <datalist id="subcategorias">{Object.values(words).map((label) => <option key={label} value={label} />)}</datalist>
        {text("usage_unit", "UdM de uso")}
        <DayInput label="Vigência a partir de" value={draft.valid_from} onChange={(valid_from) => set({ valid_from })} />
      </Group>
      <Group title="Preço" open><PricingFields pricing={draft.pricing ?? undefined} onChange={(pricing) => set({ pricing })} /></Group>
      <Group title="Ajustes, na ordem do cálculo">
        <div className="fields">
          {parameter("pre_adjust_percent", "% de ajuste anterior", DecimalInput)}
          {parameter("unit_price_adjustment", "Preço unitário do ajuste", DecimalInput)}
          {parameter("transaction_adjustment", "Transação do ajuste", MoneyInput)}
          {parameter("post_adjust_percent", "% de ajuste posterior", DecimalInput)}
          {parameter("minimum_quantity", "Quantidade mínima", DecimalInput)}
          {parameter("free_up_to", "Gratuito até", MoneyInput)}
          {parameter("minimum_charge", "Encargo mínimo", MoneyInput)}
          {parameter("maximum_charge", "Encargo máximo", MoneyInput)}
        </div>
        {flag("carry_over", "Retorno a zero")}
      </Group>
      <Group title="Na fatura">
        {text("billing_description", "Descrição faturamento")}
        {text("billing_organisation", "Org. faturamento")}
        <TextInput label="Código de origem" readOnly value={sourceText(draft.source_code)} placeholder="preenchido ao enviar" />
        {flag("bill", "Fatura")}
        {draft.level !== "transaction" && flag("only_if_positive", "Condições da fatura: só se o nível de baixo for maior que zero")}
        {flag("taxable", "Tributável")}
        {draft.taxable && text("tax_code", "Código tributário")}
      </Group>
      {(draft.category === "usage" || draft.category === "energy") && (
        <Group title="Medição e estimativa">
          {flag("estimated_usage", "Encargo de uso estimado")}
          {draft.estimated_usage && <DecimalInput label="Uso diário estimado" value={draft.daily_estimate ?? undefined} onChange={(daily_estimate) => set({ daily_estimate })} />}
          <DecimalInput label="Valor inicial do medidor" value={draft.initial_meter_value ?? undefined} onChange={(initial_meter_value) => set({ initial_meter_value })} />
          {draft.category === "energy" && (
            <>
              <Checkbox label="Submedição" checked={energy.sub_metering ?? false} onChange={(event) => set({ energy: { ...energy, sub_metering: event.currentTarget.checked } })} />
              <Checkbox label="Usar área ocupada" checked={energy.use_occupied_area ?? false} onChange={(event) => set({ energy: { ...energy, use_occupied_area: event.currentTarget.checked } })} />
              {!energy.use_occupied_area && <DecimalInput label="Percentual de faturamento" value={energy.billing_percentage ?? undefined} onChange={(billing_percentage) => set({ energy: { ...energy, billing_percentage } })} />}
              <TextInput label="Origem da conta de serviço público" value={energy.utility_bill_source ?? ""} onChange={(event) => set({ energy: { ...energy, utility_bill_source: event.currentTarget.value || undefined } })} />
            </>
          )}
        </Group>
      )}
      {draft.category === "work_order" && <Group title="Exceções de ordem de serviço">{text("labour_level", "Nível")}{text("occupation_type", "Tipo de ocupação")}{text("part_class", "Classe da peça")}</Group>}
    </>
  );
}
