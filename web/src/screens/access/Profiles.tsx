// "Perfis": what each profile permits, panel by panel; the account's own are made and changed here (SEC-01).
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import type { AccessProfileProposal, ListedAccessProfile, ListedPermission, PanelPermissions, Permission } from "../../api/schema";
import { permissionWords, useMay } from "../../app/me";
import { Action } from "../../parts/Action";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { ProblemNote } from "../../parts/Problem";
import { Forbidden, Heading, Wait } from "../../parts/show";
import { changeOfProfiles } from "./profileChange";

const usePanels = (enabled: boolean) =>
  useQuery({ queryKey: ["permissions"], enabled, queryFn: async () => (await answer(api.GET("/permissions"))).items });

/** The four that every account has, and then its own. */
export const useProfiles = (enabled: boolean) =>
  useQuery({ queryKey: ["profiles"], enabled, queryFn: async () => (await answer(api.GET("/profiles"))).items });

type Row = ListedPermission & { panel: string };

export function Profiles() {
  const may = useMay("access:manage");
  const panels = usePanels(may);
  const profiles = useProfiles(may);
  const [chosenId, choose] = useState<string>();
  const [dialog, setDialog] = useState<"new" | "change" | "remove">();
  if (!may) return <><Heading title="Perfis" /><Forbidden words={permissionWords("access:manage")} /></>;
  const own = profiles.data?.filter((profile) => !profile.is_built_in) ?? [];
  const chosen = own.find((profile) => profile.id === chosenId);
  const rows = panels.data?.flatMap((panel) => panel.permissions.map((listed) => ({ ...listed, panel: panel.panel })));
  const columns: Column<Row>[] = [
    { key: "painel", title: "Painel", text: (row) => row.panel, width: 160, grow: 200 },
    { key: "permissao", title: "Permissão", text: (row) => row.name, width: 240, grow: 400 },
    ...(profiles.data ?? []).filter((profile) => profile.is_built_in || profile.id === chosenId).map((profile): Column<Row> => ({ key: profile.id, title: profile.name, text: (row) => (row.profile_ids.includes(profile.id) ? "sim" : "não"), width: 110 })),
  ];
  const close = () => setDialog(undefined);
  return (
    <>
      <Heading title="Perfis">
        {own.length > 0 && <Choice label="Perfil da conta" options={own.map((profile) => ({ value: profile.id, label: profile.name }))} value={chosen?.id} onChange={choose} w={220} />}
        <Button variant="default" disabled={!chosen} onClick={() => setDialog("change")}>Alterar perfil</Button>
        <Button variant="default" disabled={!chosen} onClick={() => setDialog("remove")}>Excluir perfil</Button>
        <Button disabled={!profiles.data || !panels.data} onClick={() => setDialog("new")}>Novo perfil</Button>
      </Heading>
      <Grid name="Permissões dos perfis" columns={columns} rows={profiles.data && rows} rowKey={(row) => row.permission} error={panels.error ?? profiles.error} retry={() => { void panels.refetch(); void profiles.refetch(); }} order="painel" empty="Nenhuma permissão." />
      {dialog === "new" && panels.data && profiles.data && <ProfileForm panels={panels.data} profiles={profiles.data} onClose={close} />}
      {dialog === "change" && chosen && panels.data && profiles.data && <ProfileForm panels={panels.data} profiles={profiles.data} changed={chosen} onClose={close} />}
      {dialog === "remove" && chosen && (
        <Action title="Excluir perfil" items={[{ id: chosen.id, text: chosen.name }]} warning="Só se exclui um perfil que ninguém tem." onClose={close} run={() => answer(api.DELETE("/profiles/{profile_id}", { params: { path: { profile_id: chosen.id }, header: ifMatch(chosen.version) } }))} />
      )}
    </>
  );
}

const ALWAYS: Permission = "access:read";

/** A new profile starts from another one; a change is proposed before it is done. */
function ProfileForm({ panels, profiles, changed, onClose }: { panels: PanelPermissions[]; profiles: ListedAccessProfile[]; changed?: ListedAccessProfile; onClose: () => void }) {
  const [model, setModel] = useState<string>();
  const [name, setName] = useState(changed?.name ?? "");
  const [permissions, permit] = useState<Permission[]>(changed?.permissions ?? [ALWAYS]);
  const body = { name: name.trim(), permissions };
  const proposal = useQuery({
    queryKey: ["profiles", "proposal", changed?.id, changed?.version, body],
    enabled: changed !== undefined && body.name !== "",
    retry: false,
    queryFn: () => answer(api.POST("/profiles/{profile_id}/proposal", { params: { path: { profile_id: changed!.id }, header: { "Idempotency-Key": crypto.randomUUID() } }, body })),
  });
  const startFrom = (id: string | undefined) => {
    setModel(id);
    permit(profiles.find((profile) => profile.id === id)?.permissions ?? [ALWAYS]);
  };
  const toggle = (permission: Permission, on: boolean) => permit(on ? [...permissions, permission] : permissions.filter((one) => one !== permission));
  return (
    <Action
      title={changed ? `Alterar perfil ${changed.name}` : "Novo perfil"} size="xl" onClose={onClose} ready={body.name !== "" && (changed === undefined || proposal.data !== undefined)}
      warning={changed && "Vale em até meio minuto para todas as pessoas que têm este perfil, também onde já estão com o sistema aberto."}
      run={(header) =>
        changed
          ? answer(api.PUT("/profiles/{profile_id}", { params: { path: { profile_id: changed.id }, header: ifMatch(changed.version) }, body: { ...body, proposal: proposal.data!.proposal } }))
          : answer(api.POST("/profiles", { params: { header }, body }))
      }
    >
      <TextInput label="Nome do perfil" value={name} maxLength={60} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      {!changed && <Choice label="A partir de (em branco: nenhuma permissão)" options={profiles.map((profile) => ({ value: profile.id, label: profile.name }))} value={model} onChange={startFrom} />}
      <div style={{ maxHeight: 320, overflow: "auto", display: "grid", gap: 8 }} tabIndex={0} aria-label="Permissões">
        {panels.map((panel) => (
          <fieldset key={panel.panel} className="box" style={{ display: "grid", gap: 10 }}>
            <legend><b>{panel.panel}</b></legend>
            {panel.permissions.map((listed) => (
              <Checkbox key={listed.permission} size="xs" label={listed.name} disabled={listed.permission === ALWAYS} checked={listed.permission === ALWAYS || permissions.includes(listed.permission)} onChange={(event) => toggle(listed.permission, event.currentTarget.checked)} />
            ))}
          </fieldset>
        ))}
      </div>
      {changed && proposal.isFetching && <Wait />}
      <ProblemNote error={proposal.error} />
      {proposal.data && <Affected proposal={proposal.data} />}
    </Action>
  );
}

/** What the change takes from and gives to each person who has the profile. */
function Affected({ proposal }: { proposal: AccessProfileProposal }) {
  if (proposal.members.length === 0) return <p className="soft">Ninguém tem este perfil.</p>;
  return (
    <section aria-label="O que muda para quem tem o perfil" tabIndex={0} style={{ maxHeight: 200, overflow: "auto" }}>
      <table className="plain">
        <thead><tr><th>Pessoa</th><th>Deixa de poder</th><th>Passa a poder</th></tr></thead>
        <tbody>{proposal.members.map((member) => <tr key={member.user_id}><td>{member.name}</td><td>{member.lost.join("; ") || "—"}</td><td>{member.gained.join("; ") || "—"}</td></tr>)}</tbody>
      </table>
    </section>
  );
}

/** What other profiles take away from a person and give them, before it is changed. */
export function ChangeOfProfiles({ before, after }: { before: string[]; after: string[] }) {
  const panels = usePanels(true);
  if (panels.error) return <ProblemNote error={panels.error} retry={() => void panels.refetch()} />;
  if (!panels.data) return <Wait />;
  const { lost, gained } = changeOfProfiles(panels.data, before, after);
  return (
    <>
      {lost.length > 0 && <p><b>Deixa de poder:</b> {lost.join("; ")}.</p>}
      {gained.length > 0 && <p><b>Passa a poder:</b> {gained.join("; ")}.</p>}
    </>
  );
}
