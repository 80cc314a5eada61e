// "Empresas": who issues invoices.
import { Drawer } from "@mantine/core";
import type { Company } from "../../api/schema";
import { useCompanies } from "../../app/me";
import { cep, cpfCnpj, phone } from "../../format/document";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { Facts, Heading } from "../../parts/show";

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
  const [opened, open] = useWord("empresa");
  const company = list.data?.find((one) => one.id === opened);
  return (
    <>
      <Heading title="Empresas" />
      <Grid name="Empresas" columns={COLUMNS} rows={list.data} rowKey={(c) => c.id} error={list.error} retry={() => void list.refetch()} order="nome" onOpen={(c) => open(c.id)} empty="Nenhuma empresa." />
      {company && (
        <Drawer opened onClose={() => open("")} position="right" size={480} title={company.trade_name} closeButtonProps={{ "aria-label": "Fechar" }}>
          <Facts items={[["Razão social", company.legal_name], ["CNPJ", cpfCnpj(company.cnpj)], ["Endereço", `${company.address.street}, ${company.address.number} · ${company.address.district} · ${company.address.city}/${company.address.uf} · ${cep(company.address.cep)}`], ["Código IBGE", company.municipality_code], ["Atendimento", phone(company.service_phone)], ["Site", company.site], ["Remetente dos e-mails", company.sender_email], ["Série", company.series]]} />
        </Drawer>
      )}
    </>
  );
}
