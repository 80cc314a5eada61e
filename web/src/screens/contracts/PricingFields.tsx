// The fields of one kind of price, and its rows where it has tiers.
import { Button, Checkbox, NumberInput } from "@mantine/core";
import { labels } from "../../api/labels";
import { Choice, DecimalInput, MoneyInput } from "../../parts/fields";
import { type Kind, PRICINGS, type PricingField, type PricingInput } from "./pricing";

type Values = Record<string, unknown>;

export function PricingFields({ pricing, onChange }: { pricing: PricingInput | undefined; onChange: (pricing: PricingInput | undefined) => void }) {
  const values = (pricing ?? {}) as unknown as Values;
  const kind = values.kind as Kind | undefined;
  const shape = kind && PRICINGS[kind];
  const set = (changes: Values) => onChange({ ...values, ...changes } as unknown as PricingInput);
  const rows = shape?.rows ? ((values[shape.rows.name] as Values[] | undefined) ?? []) : [];
  return (
    <>
      <Choice
        label="Taxa: forma do preço (em branco: o valor de cada transação)" value={kind} options={(Object.entries(PRICINGS) as [Kind, { label: string }][]).map(([value, { label }]) => ({ value, label }))}
        onChange={(next) => onChange(next === undefined ? undefined : ({ kind: next, ...(PRICINGS[next].rows ? { [PRICINGS[next].rows!.name]: [{}] } : {}) } as unknown as PricingInput))}
      />
      {shape && <div className="fields">{shape.fields.map((field) => <Field key={`${kind}${field.name}`} field={field} value={values[field.name]} onChange={(value) => set({ [field.name]: value })} />)}</div>}
      {shape?.rows && (
        <fieldset style={{ border: "1px solid var(--line)", borderRadius: 8, display: "grid", gap: 6 }}>
          <legend>{shape.rows.label}</legend>
          {rows.map((row, i) => (
            <div key={i} className="bar" style={{ alignItems: "end", flexWrap: "nowrap" }}>
              {shape.rows!.columns.map((field) => (
                <Field key={field.name} field={field} value={row[field.name]} onChange={(value) => set({ [shape.rows!.name]: rows.map((one, j) => (j === i ? { ...one, [field.name]: value } : one)) })} />
              ))}
              <Button variant="default" aria-label={`Tirar a faixa ${i + 1}`} onClick={() => set({ [shape.rows!.name]: rows.filter((_, j) => j !== i) })}>✕</Button>
            </div>
          ))}
          <div><Button variant="default" size="compact-xs" onClick={() => set({ [shape.rows!.name]: [...rows, {}] })}>Mais uma faixa</Button></div>
        </fieldset>
      )}
    </>
  );
}

function Field({ field, value, onChange }: { field: PricingField; value: unknown; onChange: (value: unknown) => void }) {
  const text = typeof value === "string" ? value : undefined;
  switch (field.as) {
    case "money":
      return <MoneyInput label={field.label} value={text} onChange={onChange} />;
    case "decimal":
      return <DecimalInput label={field.label} value={text} onChange={onChange} />;
    case "count":
      return <NumberInput size="xs" label={field.label} allowDecimal={false} value={typeof value === "number" ? value : ""} onChange={(next) => onChange(next === "" ? undefined : Number(next))} />;
    case "flag":
      return <Checkbox label={field.label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} style={{ alignSelf: "end" }} />;
    case "basis":
      return <Choice label={field.label} options={labels.Basis} value={text as keyof typeof labels.Basis | undefined} onChange={onChange} />;
    case "mode":
      return <Choice label={field.label} options={labels.Mode} value={text as keyof typeof labels.Mode | undefined} onChange={onChange} />;
  }
}
