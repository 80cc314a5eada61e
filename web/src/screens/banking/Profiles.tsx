// "Profiles de pagamento": how each company is paid (BNK-01).
import { Button, Drawer } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { ProfileView } from "../../api/schema";
import { named, useCompanies, useMoneyAccounts, usePaymentProfiles } from "../../app/me";
import { cpfCnpj } from "../../format/document";
import { decimal } from "../../format/money";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Heading } from "../../parts/show";
import { Tag } from "../../parts/Tag";

const yes = (value: boolean) => (value ? "sim" : "não");

export function Profiles() {
  const list = usePaymentProfiles();
  const companies = named(useCompanies().data);
  const [opened, open] = useWord("profile");
  const columns: Column<ProfileView>[] = [
    { key: "nome", title: "Profile", text: (p) => p.name, width: 200, grow: 300 },
    { key: "empresa", title: "Empresa", text: (p) => companies(p.company_id), width: 160, grow: 200 },
    { key: "banco", title: "Banco", text: (p) => p.terms.bank, width: 70, grow: 1 },
    { key: "agencia", title: "Agência", text: (p) => `${p.terms.agencia}${p.terms.agencia_digit && `-${p.terms.agencia_digit}`}`, width: 90, grow: 1 },
    { key: "conta", title: "Conta", text: (p) => `${p.terms.conta}${p.terms.conta_digit && `-${p.terms.conta_digit}`}`, width: 120, grow: 1 },
    { key: "carteira", title: "Carteira", text: (p) => p.terms.carteira, width: 90, grow: 1 },
    { key: "layout", title: "Layout", text: (p) => labels.Layout[p.terms.layout], width: 110, grow: 1 },
    { key: "situacao", title: "Situação", text: (p) => (p.is_active ? "ativo" : "inativo"), show: (p) => <Tag tone={p.is_active ? "ok" : "warn"}>{p.is_active ? "ativo" : "inativo"}</Tag>, width: 90, grow: 1 },
  ];
  const profile = list.data?.find((one) => one.id === opened);
  return (
    <>
      <Heading title="Profiles de pagamento" />
      <Grid name="Profiles de pagamento" columns={columns} rows={list.data} rowKey={(p) => p.id} error={list.error} retry={() => void list.refetch()} order="nome" onOpen={(p) => open(p.id)} empty="Nenhum profile ainda." />
      {profile && <Details profile={profile} company={companies(profile.company_id)} onClose={() => open("")} />}
    </>
  );
}

function Details({ profile, company, onClose }: { profile: ProfileView; company: string; onClose: () => void }) {
  const accounts = named(useMoneyAccounts().data);
  const [error, setError] = useState<unknown>();
  const { terms } = profile;
  const kit = async () => {
    try {
      location.assign((await answer(api.GET("/payment-profiles/{profile_id}/homologation-kit", { params: { path: { profile_id: profile.id } } }))).url);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Drawer opened onClose={onClose} position="right" size={560} title={profile.name} closeButtonProps={{ "aria-label": "Fechar" }}>
      <Facts
        items={[
          ["Empresa", company], ["Banco", terms.bank], ["Agência", terms.agencia], ["Conta", `${terms.conta}-${terms.conta_digit}`], ["Convênio", terms.convenio], ["Carteira", terms.carteira],
          ["Variação", terms.variacao], ["Layout", labels.Layout[terms.layout]], ["Beneficiário", `${terms.beneficiary_name} · ${cpfCnpj(terms.beneficiary_document)}`], ["Espécie", labels.DocumentKind[terms.especie]],
          ["Aceite", yes(terms.accepted)], ["Multa", `${decimal(terms.fine_percent)} %`], ["Juros ao mês", `${decimal(terms.interest_percent_month)} %`], ["Protesto", terms.protest_days !== undefined ? `${terms.protest_days} dias` : undefined],
          ["Negativação", terms.negativation_days !== undefined ? `${terms.negativation_days} dias` : undefined], ["Baixa", terms.write_off_days !== undefined ? `${terms.write_off_days} dias` : undefined],
          ["Instruções", terms.instructions.join(" ")], ["Chave Pix", terms.pix_key], ["Faixa de nosso número", `${profile.first_nosso_numero} a ${profile.last_nosso_numero}`],
          ["Desconto", profile.discount_days > 0 ? `${decimal(profile.discount_percent)} % até ${profile.discount_days} dias antes` : undefined], ["Espera o registro", yes(profile.wait_for_registration)], ["Envia baixa", yes(profile.sends_write_off)], ["Conta de dinheiro", accounts(profile.money_account_id)],
        ]}
      />
      <ProblemNote error={error} />
      {terms.layout !== "none" && <Button variant="default" mt={12} onClick={() => void kit()}>Baixar kit de homologação</Button>}
    </Drawer>
  );
}
