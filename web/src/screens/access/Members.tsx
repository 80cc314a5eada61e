// "Usuários": who works here, with which profile and companies (SEC-01).
import { Button, MultiSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import type { Member } from "../../api/schema";
import { named, permissionWords, useCompanies, useMay } from "../../app/me";
import { Action } from "../../parts/Action";
import { type Column, Grid } from "../../parts/Grid";
import { HistoryButton } from "../../parts/HistoryButton";
import { Forbidden, Heading } from "../../parts/show";
import { allPages } from "../../parts/remote";
import { ChangeOfProfiles, useProfiles } from "./Profiles";

export function Members() {
  const may = useMay("access:manage");
  const companies = named(useCompanies().data);
  const profiles = named(useProfiles(may).data);
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"invite" | "change" | "remove" | "signOut" | "factor">();
  const list = useQuery({ queryKey: ["members"], enabled: may, queryFn: async () => (await allPages((cursor) => answer(api.GET("/members", { params: { query: { cursor } } })))).items });
  const columns: Column<Member>[] = [
    { key: "nome", title: "Nome", text: (m) => m.name, width: 200, grow: 300 },
    { key: "email", title: "E-mail", text: (m) => m.email, width: 220, grow: 300 },
    { key: "perfil", title: "Perfis", text: (m) => m.profile_ids.map(profiles).join(", "), width: 130, grow: 1 },
    { key: "empresas", title: "Empresas", text: (m) => m.company_ids.map(companies).join(", "), width: 220, grow: 300 },
  ];
  if (!may) return <><Heading title="Usuários" /><Forbidden words={permissionWords("access:manage")} /></>;
  const one = ticked.size === 1 ? list.data?.find((member) => ticked.has(member.user_id)) : undefined;
  return (
    <>
      <Heading title="Usuários">
        <Button variant="default" disabled={!one} onClick={() => setDialog("change")}>Alterar acesso</Button>
        <HistoryButton of={one && { id: one.user_id, title: one.name }} read={(id) => allPages((cursor) => answer(api.GET("/members/{user_id}/history", { params: { path: { user_id: id }, query: { cursor } } })))} />
        <Button variant="default" disabled={!one} onClick={() => setDialog("signOut")}>Encerrar sessões</Button>
        <Button variant="default" disabled={!one} onClick={() => setDialog("factor")}>Retirar segundo fator</Button>
        <Button variant="default" disabled={!one} onClick={() => setDialog("remove")}>Tirar acesso</Button>
        <Button onClick={() => setDialog("invite")}>Convidar</Button>
      </Heading>
      <Grid name="Usuários" columns={columns} rows={list.data} rowKey={(m) => m.user_id} error={list.error} retry={() => void list.refetch()} order="nome" ticked={ticked} onTick={tick} empty="Ninguém ainda." />
      {(dialog === "invite" || (dialog === "change" && one)) && <RightsForm member={dialog === "change" ? one : undefined} onClose={() => setDialog(undefined)} />}
      {dialog === "signOut" && one && (
        <Action title="Encerrar sessões" items={[itemOf(one)]} warning="Em até meio minuto, todas as janelas em que esta pessoa entrou pedem a senha de novo." onClose={() => setDialog(undefined)} run={(header) => answer(api.POST("/members/{user_id}/sign-out", { params: { path: { user_id: one.user_id }, header } }))} />
      )}
      {dialog === "factor" && one && (
        <Action title="Retirar segundo fator" items={[itemOf(one)]} warning="Só para quem perdeu ou trocou de aparelho, e depois de confirmar que é a própria pessoa quem pede. Ela passa a entrar só com a senha, e cadastra outro aplicativo em Minha conta." onClose={() => setDialog(undefined)} run={() => answer(api.DELETE("/members/{user_id}/second-factor", { params: { path: { user_id: one.user_id }, header: ifMatch(one.version) } }))} />
      )}
      {dialog === "remove" && one && (
        <Action title="Tirar acesso" items={[itemOf(one)]} warning="Em até meio minuto a pessoa deixa de ver e de fazer qualquer coisa, também onde já está com o sistema aberto. O que ela fez fica no histórico." onClose={() => setDialog(undefined)} run={() => answer(api.DELETE("/members/{user_id}", { params: { path: { user_id: one.user_id }, header: ifMatch(one.version) } }))} />
      )}
    </>
  );
}

const itemOf = (member: Member) => ({ id: member.user_id, text: `${member.name} · ${member.email}` });

function RightsForm({ member, onClose }: { member: Member | undefined; onClose: () => void }) {
  const companies = useCompanies().data ?? [];
  const [name, setName] = useState(member?.name ?? "");
  const [email, setEmail] = useState(member?.email ?? "");
  const profiles = useProfiles(true).data ?? [];
  const [has, give] = useState(member?.profile_ids ?? ["consulta"]);
  const [chosen, choose] = useState(member?.company_ids);
  const serves = chosen ?? companies.map((company) => company.id);
  return (
    <Action
      title={member ? `Alterar acesso de ${member.name}` : "Convidar pessoa"} onClose={onClose} ready={has.length > 0 && serves.length > 0 && (member !== undefined || (name.trim() !== "" && email.includes("@")))}
      warning={member ? "Vale em até meio minuto, também onde a pessoa já está com o sistema aberto; o menu dela se atualiza quando ela recarrega a página." : "A pessoa recebe um e-mail com a senha provisória."}
      run={(header) =>
        member
          ? answer(api.PUT("/members/{user_id}", { params: { path: { user_id: member.user_id }, header: ifMatch(member.version) }, body: { profile_ids: has, company_ids: serves } }))
          : answer(api.POST("/members", { params: { header }, body: { name, email, profile_ids: has, company_ids: serves } }))
      }
    >
      {!member && <TextInput label="Nome" value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />}
      {!member && <TextInput label="E-mail" type="email" value={email} onChange={(event) => setEmail(event.currentTarget.value)} />}
      <MultiSelect size="xs" label="Perfis" data={profiles.map((profile) => ({ value: profile.id, label: profile.name }))} value={has} onChange={give} />
      {member && <ChangeOfProfiles before={member.profile_ids} after={has} />}
      <MultiSelect size="xs" label="Empresas" data={companies.map((company) => ({ value: company.id, label: company.trade_name }))} value={serves} onChange={choose} />
    </Action>
  );
}
