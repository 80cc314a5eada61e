// "Empresas": who issues invoices.
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Company } from "../../api/schema";
import { useCompanies, useMay } from "../../app/me";
import { cpfCnpj, phone } from "../../format/document";
import { type Column, Grid } from "../../parts/Grid";
import { useSetSearch, useWord } from "../../parts/listState";
import { Heading } from "../../parts/show";
import { CompanyDrawer } from "./CompanyDrawer";
import { CompanyForm } from "./CompanyForm";

const COLUMNS: Column<Company>[] = [
  { key: "nome", title: "Nome fantasia", text: (c) => c.trade_name, width: 200, grow: 300 },
  { key: "razao", title: "Razão social", text: (c) => c.legal_name, width: 220, grow: 300 },
  { key: "cnpj", title: "CNPJ", text: (c) => cpfCnpj(c.cnpj), width: 150, grow: 1 },
  { key: "cidade", title: "Cidade", text: (c) => `${c.address.city}/${c.address.uf}`, width: 140, grow: 60 },
  { key: "fone", title: "Atendimento", text: (c) => phone(c.service_phone), width: 130, grow: 1 },
  { key: "serie", title: "Série", text: (c) => c.series, width: 60, grow: 1 },
];

export function Companies() {
  const list = useCompanies();
  const may = useMay("access:manage");
  const [adding, setAdding] = useState(false);
  const set = useSetSearch();
  const [opened, open] = useWord("empresa");
  const company = list.data?.find((one) => one.id === opened);
  return (
    <>
      <Heading title="Empresas">{may && <Button onClick={() => setAdding(true)}>Nova empresa</Button>}</Heading>
      <Grid name="Empresas" columns={COLUMNS} rows={list.data} rowKey={(c) => c.id} error={list.error} retry={() => void list.refetch()} order="nome" onOpen={(c) => open(c.id)} empty="Nenhuma empresa." />
      {company && <CompanyDrawer company={company} onClose={() => set({ empresa: undefined, aba: undefined })} />}
      {adding && <CompanyForm onClose={() => setAdding(false)} />}
    </>
  );
}
