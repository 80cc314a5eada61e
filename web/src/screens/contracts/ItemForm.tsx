// An item of a contract: what it is, where, its meters with the value that they had when it came.
import { Button, Checkbox } from "@mantine/core";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { Contract, ContractItem, ContractItemInput } from "../../api/schema";
import { useToday } from "../../app/me";
import { useUnits } from "../../app/units";
import { Action } from "../../parts/Action";
import { useDraft } from "../../parts/Clash";
import { Choice, DayInput, DecimalInput, WordsInput } from "../../parts/fields";
import { useTaxCodes } from "../catalog/TaxCodes";
import { contractPath } from "./Contract";

type Form = Partial<Omit<ContractItemInput, "id">>;
type Meters = { unit?: string | undefined; initial?: string | undefined }[];

const newId = () => `eqp_${crypto.randomUUID().replaceAll("-", "").slice(0, 22)}`;

function dataOf(item: ContractItem | undefined, today: string): Form {
  if (item === undefined) return { kind: "printer", joined_on: today, monitored: false, meters: [] };
  const { id: _i, ...data } = item;
  return data;
}

export function ItemForm({ contract, item, onClose }: { contract: Contract; item?: ContractItem; onClose: () => void }) {
  const today = useToday();
  const path = contractPath(contract);
  const draft = useDraft<Form>({ data: dataOf(item, today), version: contract.version }, {
    read: async () => {
      const now = await answer(api.GET("/customers/{customer_id}/contracts/{contract_id}", { params: { path } }));
      return { data: dataOf(item && (now.items.find((one) => one.id === item.id) ?? item), today), version: now.version };
    },
    labels: { description: "Descrição", kind: "Tipo", organisation: "Organização", location: "Local", serial: "Série", joined_on: "Primeiro dia", left_on: "Fora desde", monitored: "Monitorado", meters: "Medidores", area: "Área", tax_code: "Código tributário" },
  });
  const { data, set } = draft;
  const meters = (data.meters ?? []) as Meters;
  const complete = !!data.description && data.kind !== undefined && data.joined_on !== undefined && meters.every((meter) => meter.unit && meter.initial !== undefined);
  return (
    <Action
      title={item ? `Alterar ${item.description}` : "Adicionar item"} button="Salvar" onClose={onClose} ready={complete} size="xl" draft={draft} words={{ kind: labels.ItemKind }}
      run={() => {
        const id = item?.id ?? newId();
        return answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/items/{item_id}", { params: { path: { ...path, item_id: id }, header: ifMatch(draft.version) }, body: { ...data, id } as ContractItemInput }));
      }}
    >
      <div className="fields">
        <WordsInput label="Descrição" value={data.description} onChange={(description) => set({ description })} data-autofocus />
        <Choice label="Tipo" required options={labels.ItemKind} value={data.kind} onChange={(kind) => kind && set({ kind })} />
        <WordsInput label="Organização" value={data.organisation ?? undefined} onChange={(organisation) => set({ organisation })} />
        <WordsInput label="Local" value={data.location ?? undefined} onChange={(location) => set({ location })} />
        <WordsInput label="Número de série, placa ou identificação" value={data.serial ?? undefined} onChange={(serial) => set({ serial })} />
        <TaxCodeChoice value={data.tax_code ?? undefined} onChange={(tax_code) => set({ tax_code })} />
        <DayInput label="Primeiro dia no contrato" value={data.joined_on} onChange={(joined_on) => set({ joined_on })} />
        <DecimalInput label="Área ocupada (m²)" value={data.area ?? undefined} onChange={(area) => set({ area })} />
      </div>
      <Checkbox label="As leituras chegam da monitoração" checked={data.monitored ?? false} onChange={(event) => set({ monitored: event.currentTarget.checked })} />
      <MeterRows meters={meters} onChange={(next) => set({ meters: next as NonNullable<Form["meters"]> })} />
    </Action>
  );
}

function TaxCodeChoice({ value, onChange }: { value: string | undefined; onChange: (code: string | undefined) => void }) {
  const codes = useTaxCodes().data ?? [];
  return <Choice label="Código tributário" searchable options={codes.map((one) => ({ value: one.code, label: `${one.code} · ${one.description}` }))} value={value} onChange={onChange} />;
}

function MeterRows({ meters, onChange }: { meters: Meters; onChange: (meters: Meters) => void }) {
  const units = useUnits().data ?? [];
  const change = (index: number, changes: Meters[number]) => onChange(meters.map((meter, i) => (i === index ? { ...meter, ...changes } : meter)));
  return (
    <fieldset className="box" style={{ display: "grid", gap: 8 }}>
      <legend>Medidores</legend>
      {meters.map((meter, index) => (
        <div className="bar" key={index} style={{ alignItems: "end" }}>
          <Choice label="Unidade" required searchable options={units.map((unit) => ({ value: unit.code, label: unit.plural }))} value={meter.unit} onChange={(unit) => change(index, { unit })} w={260} />
          <DecimalInput label="Valor quando entrou no contrato" value={meter.initial} onChange={(initial) => change(index, { initial })} w={220} />
          <Button variant="default" onClick={() => onChange(meters.filter((_, i) => i !== index))}>Tirar</Button>
        </div>
      ))}
      <div><Button variant="default" onClick={() => onChange([...meters, {}])}>Adicionar medidor</Button></div>
    </fieldset>
  );
}
