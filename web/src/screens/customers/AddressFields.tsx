import { TextInput } from "@mantine/core";
import type { AddressInput } from "../../api/schema";
import { cep, digits } from "../../format/document";
import { Choice } from "../../parts/fields";

const UFS = "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split(" ") as AddressInput["uf"][];
const EMPTY: AddressInput = { street: "", number: "", district: "", city: "", uf: "SC", cep: "" };

/** An address left wholly blank is none. */
export function AddressFields({ address, onChange }: { address: AddressInput | undefined; onChange: (address: AddressInput | undefined) => void }) {
  const value = address ?? EMPTY;
  const set = (changes: Partial<AddressInput>) => {
    const next = { ...value, ...changes };
    const blank = !next.street && !next.number && !next.district && !next.city && !next.cep && !next.complement;
    onChange(blank ? undefined : next);
  };
  const text = (name: "street" | "number" | "complement" | "district" | "city", label: string) => (
    <TextInput label={label} value={value[name] ?? ""} onChange={(e) => set({ [name]: e.currentTarget.value || (name === "complement" ? undefined : "") })} />
  );
  return (
    <fieldset style={{ display: "grid", gap: 8, gridTemplateColumns: "1fr 1fr", border: "1px solid var(--line)", borderRadius: 8 }}>
      <legend>Endereço</legend>
      <TextInput label="CEP" value={cep(value.cep)} onChange={(e) => set({ cep: digits(e.currentTarget.value).slice(0, 8) })} />
      {text("street", "Logradouro")}
      {text("number", "Número")}
      {text("complement", "Complemento")}
      {text("district", "Bairro")}
      {text("city", "Cidade")}
      <Choice label="UF" required options={UFS.map((uf) => ({ value: uf, label: uf }))} value={value.uf} onChange={(uf) => uf && set({ uf })} />
    </fieldset>
  );
}
