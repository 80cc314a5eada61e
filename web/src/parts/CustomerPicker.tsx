// A customer by name, CPF/CNPJ, code or e-mail, found while it is typed.
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { cpfCnpj, criterionOf } from "../format/document";

type Props = { label: string; value: string | undefined; onChange: (id: string | undefined) => void; w?: number };

export function CustomerPicker({ label, value, onChange, w }: Props) {
  const [typed, setTyped] = useState("");
  const [wanted] = useDebouncedValue(typed, 200);
  const chosen = useQuery({
    queryKey: ["customers", value],
    enabled: value !== undefined && value !== "",
    queryFn: () => answer(api.GET("/customers/{customer_id}", { params: { path: { customer_id: value! } } })),
  });
  const found = useQuery({
    queryKey: ["customers", "picker", wanted],
    placeholderData: keepPreviousData,
    queryFn: async () => (await answer(api.GET("/customers", { params: { query: { ...(wanted.trim() ? criterionOf(wanted) : { is_active: true }), limit: 20 } } }))).items,
  });
  const people = new Map([...(chosen.data ? [chosen.data] : []), ...(found.data ?? [])].map((one) => [one.id, one]));
  return (
    <Select
      label={label} aria-label={label || "Cliente"} placeholder="Nome, CPF/CNPJ, código ou e-mail" searchable clearable clearButtonProps={{ "aria-label": "Limpar cliente" }} w={w ?? 320} value={value || null}
      data={[...people.values()].map((one) => ({ value: one.id, label: `${one.code} · ${one.name}${one.document ? ` · ${cpfCnpj(one.document)}` : ""}` }))}
      filter={({ options }) => options} onSearchChange={setTyped} onChange={(id) => onChange(id ?? undefined)} nothingFoundMessage="Nenhum cliente encontrado"
    />
  );
}
