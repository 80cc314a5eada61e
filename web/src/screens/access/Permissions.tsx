// "Perfis": what each profile permits, panel by panel; and what a person gains and loses by another profile (SEC-01).
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Profile } from "../../api/schema";
import { permissionWords, useMay } from "../../app/me";
import { ProblemNote } from "../../parts/Problem";
import { Forbidden, Heading, Wait } from "../../parts/show";
import { changeOfProfile } from "./profileChange";

const PROFILES = Object.keys(labels.Profile) as Profile[];

const usePanels = (enabled: boolean) =>
  useQuery({ queryKey: ["permissions"], enabled, staleTime: Infinity, queryFn: async () => (await answer(api.GET("/permissions"))).items });

export function Permissions() {
  const may = useMay("access:manage");
  const panels = usePanels(may);
  if (!may) return <><Heading title="Perfis" /><Forbidden words={permissionWords("access:manage")} /></>;
  if (panels.error) return <><Heading title="Perfis" /><ProblemNote error={panels.error} retry={() => void panels.refetch()} /></>;
  if (!panels.data) return <Wait />;
  return (
    <>
      <Heading title="Perfis" />
      {panels.data.map((panel) => (
        <section className="box" key={panel.panel}>
          <h2>{panel.panel}</h2>
          <table className="plain">
            <thead><tr><th>Definição de permissão de acesso às funções desse painel</th>{PROFILES.map((profile) => <th key={profile}>{labels.Profile[profile]}</th>)}</tr></thead>
            <tbody>
              {panel.permissions.map((listed) => (
                <tr key={listed.permission}>
                  <td>{listed.name}</td>
                  {PROFILES.map((profile) => <td key={profile}>{listed.profiles.includes(profile) ? "sim" : "não"}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
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
