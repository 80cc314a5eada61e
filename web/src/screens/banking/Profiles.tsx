// "Profiles de pagamento": how each company is paid (BNK-01).
import { Button, Tabs } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { ProfileView } from "../../api/schema";
import { named, useCompanies, useMay, useCashAccounts, usePaymentProfiles } from "../../app/me";
import { cpfCnpj } from "../../format/document";
import { decimal } from "../../format/money";
import { counted } from "../../format/text";
import { Drawer } from "../../parts/Dialog";
import { type Column, Grid } from "../../parts/Grid";
import { History } from "../../parts/History";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Heading } from "../../parts/show";
import { Tag } from "../../parts/Tag";
import { PixReceipts } from "./PixReceipts";
import { ProfileForm } from "./ProfileForm";
import { allPages } from "../../parts/remote";

const yes = (value: boolean) => (value ? "sim" : "não");

export function Profiles() {
  const list = usePaymentProfiles();
  const companies = named(useCompanies().data);
  const may = useMay("banking:configure");
  const [adding, setAdding] = useState(false);
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
      <Heading title="Profiles de pagamento">{may && <Button onClick={() => setAdding(true)}>Novo profile</Button>}</Heading>
      <Grid name="Profiles de pagamento" columns={columns} rows={list.data} rowKey={(p) => p.id} error={list.error} retry={() => void list.refetch()} order="nome" onOpen={(p) => open(p.id)} empty="Nenhum profile ainda." />
      {profile && <Details profile={profile} company={companies(profile.company_id)} may={may} onClose={() => open("")} />}
      {adding && <ProfileForm onClose={() => setAdding(false)} />}
    </>
  );
}

type DetailsProps = { profile: ProfileView; company: string; may: boolean; onClose: () => void };

function Details({ profile, company, may, onClose }: DetailsProps) {
  const [tab, setTab] = useState<string | null>("dados");
  const [dialog, setDialog] = useState<"edit" | "pix">();
  const settle = useMay("payments:settle");
  const [error, setError] = useState<unknown>();
  const path = { profile_id: profile.id };
  const kit = async () => {
    try {
      location.assign((await answer(api.GET("/payment-profiles/{profile_id}/certification-kit", { params: { path } }))).url);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Drawer onClose={onClose} size={620} title={profile.name}>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List aria-label="Profile"><Tabs.Tab value="dados">Dados</Tabs.Tab><Tabs.Tab value="historico">Histórico</Tabs.Tab></Tabs.List>
        <Tabs.Panel value="dados" pt={10} style={{ display: "grid", gap: 10 }}>
          {profile.notices.length > 0 && <div className="note warn">{profile.notices.map((notice, i) => <div key={i}>{notice.message}</div>)}</div>}
          <ProfileFacts profile={profile} company={company} />
          <ProblemNote error={error} />
          <div className="bar">
            {may && <Button variant="default" onClick={() => setDialog("edit")}>Editar</Button>}
            {settle && profile.imports_pix && <Button variant="default" onClick={() => setDialog("pix")}>Pix recebidos</Button>}
            {profile.terms.layout !== "none" && <Button variant="default" onClick={() => void kit()}>Baixar kit de homologação</Button>}
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="historico" pt={10}><History id={profile.id} read={() => allPages((cursor) => answer(api.GET("/payment-profiles/{profile_id}/history", { params: { path, query: { cursor } } })))} /></Tabs.Panel>
      </Tabs>
      {dialog === "edit" && <ProfileForm profile={profile} onClose={() => setDialog(undefined)} />}
      {dialog === "pix" && <PixReceipts profile={profile} onClose={() => setDialog(undefined)} />}
    </Drawer>
  );
}

function ProfileFacts({ profile, company }: { profile: ProfileView; company: string }) {
  const accounts = named(useCashAccounts().data);
  const { terms } = profile;
  return (
    <Facts
      items={[
        ["Empresa", company], ["Banco", terms.bank], ["Agência", terms.agencia], ["Conta", `${terms.conta}-${terms.conta_digit}`], ["Convênio", terms.convenio], ["Carteira", terms.carteira],
        ["Variação", terms.variacao], ["Layout", labels.Layout[terms.layout]], ["Beneficiário", `${terms.beneficiary_name} · ${cpfCnpj(terms.beneficiary_document)}`], ["Espécie", labels.DocumentKind[terms.especie]],
        ["Aceite", yes(terms.accepted)], ["Multa", `${decimal(terms.fine_percent)} %`], ["Juros ao mês", `${decimal(terms.interest_percent_month)} %`], ["Protesto", terms.protest_days !== undefined ? `${terms.protest_days} dias` : undefined],
        ["Negativação", terms.bureau_days !== undefined ? `${terms.bureau_days} dias` : undefined], ["Baixa", terms.write_off_days !== undefined ? `${terms.write_off_days} dias` : undefined],
        ["Instruções", terms.instructions.join(" ")], ["Chave Pix", terms.pix_key], ["Faixa de nosso número", `${profile.first_nosso_numero} a ${profile.last_nosso_numero}`],
        ["Desconto", profile.discount_days > 0 ? `${decimal(profile.discount_percent)} % até ${counted(profile.discount_days, "dia")} antes` : undefined], ["Espera o registro", yes(profile.wait_for_registration)], ["Envia baixa", yes(profile.sends_write_off)], ["Conta de dinheiro", accounts(profile.cash_account_id)],
      ]}
    />
  );
}
