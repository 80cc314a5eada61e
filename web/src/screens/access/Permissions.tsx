// "Perfis": what each profile permits, panel by panel; and what a person gains and loses by another profile (SEC-01).
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { ListedPermission, Profile } from "../../api/schema";
import { permissionWords, useMay } from "../../app/me";
import { type Column, Grid } from "../../parts/Grid";
import { ProblemNote } from "../../parts/Problem";
import { Forbidden, Heading, Wait } from "../../parts/show";
import { changeOfProfile } from "./profileChange";

const PROFILES = Object.keys(labels.Profile) as Profile[];

const usePanels = (enabled: boolean) =>
  useQuery({ queryKey: ["permissions"], enabled, staleTime: Infinity, queryFn: async () => (await answer(api.GET("/permissions"))).items });

type Row = ListedPermission & { panel: string };

const COLUMNS: Column<Row>[] = [
  { key: "painel", title: "Painel", text: (row) => row.panel, width: 160, grow: 200 },
  { key: "permissao", title: "Permissão", text: (row) => row.name, width: 240, grow: 400 },
  ...PROFILES.map((profile): Column<Row> => ({ key: profile, title: labels.Profile[profile], text: (row) => (row.profiles.includes(profile) ? "sim" : "não"), width: 110 })),
];

export function Permissions() {
  const may = useMay("access:manage");
  const panels = usePanels(may);
  if (!may) return <><Heading title="Perfis" /><Forbidden words={permissionWords("access:manage")} /></>;
  const rows = panels.data?.flatMap((panel) => panel.permissions.map((listed) => ({ ...listed, panel: panel.panel })));
  return (
    <>
      <Heading title="Perfis" />
      <Grid name="Permissões dos perfis" columns={COLUMNS} rows={rows} rowKey={(row) => row.permission} error={panels.error} retry={() => void panels.refetch()} order="painel" empty="Nenhuma permissão." />
    </>
  );
}

/** What another profile takes away from a person and gives them, before it is changed. */
export function ChangeOfProfile({ before, after }: { before: Profile; after: Profile }) {
  const panels = usePanels(true);
  if (panels.error) return <ProblemNote error={panels.error} retry={() => void panels.refetch()} />;
  if (!panels.data) return <Wait />;
  const { lost, gained } = changeOfProfile(panels.data, before, after);
  return (
    <>
      {lost.length > 0 && <p><b>Deixa de poder:</b> {lost.join("; ")}.</p>}
      {gained.length > 0 && <p><b>Passa a poder:</b> {gained.join("; ")}.</p>}
    </>
  );
}
