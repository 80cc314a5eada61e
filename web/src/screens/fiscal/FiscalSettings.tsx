// "Configuração fiscal": who the company is to the tax authority, its certificate, the compositions and their rules (FIS-06).
import { Button, Checkbox, FileInput, PasswordInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { CompositionRuleInput, FiscalCompositionInput, FiscalSettingsData, FiscalSettingsView, NfseCompositionInput } from "../../api/schema";
import { useCompanies, useMay } from "../../app/me";
import { day } from "../../format/date";
import { cpfCnpj } from "../../format/document";
import { Action } from "../../parts/Action";
import { Choice, CountInput, LinesInput, WordsInput } from "../../parts/fields";
import { HistoryButton } from "../../parts/HistoryButton";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Heading, Wait } from "../../parts/show";
import { CompositionForm } from "./CompositionForm";
import { NfseSettingsFields } from "./NfseFields";
import { allPages } from "../../parts/remote";

export function FiscalSettings() {
  const companies = useCompanies();
  const [chosen, choose] = useWord("empresa");
  const company = chosen || companies.data?.[0]?.id;
  return (
    <>
      <Heading title="Configuração fiscal">
        {(companies.data?.length ?? 0) > 1 && <Choice label="" placeholder="Empresa" required options={companies.data!.map((c) => ({ value: c.id, label: c.trade_name }))} value={company} onChange={(value) => choose(value ?? "")} w={220} />}
      </Heading>
      <ProblemNote error={companies.error} retry={() => void companies.refetch()} />
      {company && <SettingsOf key={company} companyId={company} />}
    </>
  );
}

const EMPTY: FiscalSettingsData = { environment: "test", regime: "3", nfcom_series: 1, nfcom_first_number: 1, issue_on: "billing", is_automatic: false, compositions: [], rules: [] };

function dataOf(view: FiscalSettingsView): FiscalSettingsData {
  if (!view.settings) return EMPTY;
  const { version: _v, company_id: _c, ...data } = view.settings;
  return data;
}

type Doing = { form: "settings" | "rules" | "certificate" } | { form: "composition"; of?: FiscalCompositionInput };

function SettingsOf({ companyId }: { companyId: string }) {
  const path = { company_id: companyId };
  const may = useMay("fiscal:configure");
  const [doing, setDoing] = useState<Doing>();
  const view = useQuery({ queryKey: ["fiscal-settings", companyId], queryFn: () => answer(api.GET("/companies/{company_id}/fiscal-settings", { params: { path } })) });
  if (view.error) return <ProblemNote error={view.error} retry={() => void view.refetch()} />;
  if (!view.data) return <Wait />;
  const { settings, certificate, notices } = view.data;
  const data = dataOf(view.data);
  const close = () => setDoing(undefined);
  const keep = (changed: FiscalSettingsData) => answer(api.PUT("/companies/{company_id}/fiscal-settings", { params: { path, header: ifMatch(view.data.version) }, body: changed }));
  return (
    <div style={{ display: "grid", gap: 12 }}>
      {notices?.map((notice) => <div key={notice.code} className={notice.severity === "blocks" ? "note bad" : "note warn"}>{notice.message}</div>)}
      <section className="box">
        <h2>Empresa perante o fisco</h2>
        {settings ? (
          <Facts
            items={[
              ["Ambiente", settings.environment === "test" ? `${labels.Environment.test}: sem valor fiscal` : labels.Environment[settings.environment]],
              ["Regime tributário", labels.TaxRegime[settings.regime]],
              ["Inscrição estadual", settings.state_registration ?? "não informada"],
              ["Série da NFCom", `${settings.nfcom_series}, a partir do número ${settings.nfcom_first_number}`],
              ["NFS-e nacional", settings.nfse ? `série ${settings.nfse.series}, a partir do número ${settings.nfse.first_number}; ${labels.SimplesStanding[settings.nfse.regime.standing].toLowerCase()}${settings.nfse.municipal_registration ? `; inscrição municipal ${settings.nfse.municipal_registration}` : ""}` : "não emite"],
              ["Emissão", `${labels.IssueMoment[settings.issue_on]}, ${settings.is_automatic ? "todo dia" : "quando alguém pede"}`],
            ]}
          />
        ) : <p className="soft">Ainda não configurada.</p>}
        <div className="bar">
          {may && <Button variant="default" onClick={() => setDoing({ form: "settings" })}>{settings ? "Alterar" : "Configurar"}</Button>}
          <HistoryButton of={settings ? { id: companyId, title: "Configuração fiscal" } : undefined} read={() => allPages((cursor) => answer(api.GET("/companies/{company_id}/fiscal-settings/history", { params: { path, query: { cursor } } })))} />
        </div>
      </section>
      <section className="box">
        <h2>Certificado digital (A1)</h2>
        {certificate ? <Facts items={[["CNPJ", cpfCnpj(certificate.cnpj)], ["Vence em", day(certificate.expires_at.slice(0, 10))], ["Guardado em", day(certificate.kept_at.slice(0, 10))]]} /> : <p className="soft">Nenhum. Sem ele nada é emitido.</p>}
        {may && <div className="bar"><Button variant="default" onClick={() => setDoing({ form: "certificate" })}>{certificate ? "Trocar" : "Enviar"}</Button></div>}
      </section>
      {settings && (
        <section className="box">
          <h2>Composições fiscais</h2>
          <table className="plain">
            <thead><tr><th>Código</th><th>Nome</th><th>Documento</th><th>Classificação</th><th>CFOP</th><th>ICMS ou ISS</th></tr></thead>
            <tbody>
              {data.compositions?.map((one) => (
                <tr key={one.code}>
                  <td>{may ? <Button variant="subtle" size="compact-xs" onClick={() => setDoing({ form: "composition", of: one })}>{one.code}</Button> : one.code}</td>
                  <td>{one.name}</td>
                  <td>{one.nfcom ? "NFCom" : one.nfse ? "NFS-e" : "nenhum"}</td>
                  <td>{one.nfcom?.class_code ?? one.nfse?.national_code}</td>
                  <td>{one.nfcom?.cfop}</td>
                  <td>{one.nfcom && `${labels.IcmsSituation[one.nfcom.taxation.icms]}${one.nfcom.taxation.icms_percent ? `, ${one.nfcom.taxation.icms_percent.replace(".", ",")} %` : ""}`}{one.nfse && issOf(one.nfse)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {may && <div className="bar"><Button variant="default" onClick={() => setDoing({ form: "composition" })}>Adicionar composição</Button></div>}
          <h2>Regras</h2>
          <p className="soft">Vale a primeira que serve à conta do contrato. Conta avulsa cita a sua composição.</p>
          <table className="plain">
            <thead><tr><th>Plano</th><th>Definição</th><th>Composição</th></tr></thead>
            <tbody>{data.rules?.map((rule, i) => <tr key={i}><td>{rule.plan ?? "qualquer"}</td><td>{rule.definition_id ?? "qualquer"}</td><td>{rule.composition}</td></tr>)}</tbody>
          </table>
          {may && <div className="bar"><Button variant="default" onClick={() => setDoing({ form: "rules" })}>Alterar as regras</Button></div>}
        </section>
      )}
      {doing?.form === "settings" && <GeneralForm data={data} keep={keep} onClose={close} />}
      {doing?.form === "rules" && <RulesForm data={data} keep={keep} onClose={close} />}
      {doing?.form === "composition" && <CompositionForm data={data} of={doing.of} keep={keep} onClose={close} />}
      {doing?.form === "certificate" && <CertificateForm companyId={companyId} onClose={close} />}
    </div>
  );
}

function issOf({ iss }: NfseCompositionInput): string {
  const rate = iss?.percent ? `, ${iss.percent.replace(".", ",")} %` : "";
  return `${labels.IssTreatment[iss?.treatment ?? "1"]}${rate}${iss?.withheld_by === "2" ? ", retido por empresas" : ""}`;
}

export type Form = { data: FiscalSettingsData; keep: (changed: FiscalSettingsData) => Promise<unknown>; onClose: () => void };

function GeneralForm({ data: start, keep, onClose }: Form) {
  const [data, setData] = useState(start);
  const set = (changes: Partial<FiscalSettingsData>) => setData({ ...data, ...changes });
  return (
    <Action title="Configuração fiscal" button="Salvar" onClose={onClose} run={() => keep(data)}>
      <Choice label="Ambiente" required options={labels.Environment} value={data.environment} onChange={(environment) => set({ environment })} />
      <Choice label="Regime tributário" required options={labels.TaxRegime} value={data.regime} onChange={(regime) => regime && set({ regime })} />
      <WordsInput label="Inscrição estadual, só algarismos" value={data.state_registration ?? undefined} onChange={(state_registration) => set({ state_registration })} />
      <CountInput label="Série da NFCom" max={999} value={data.nfcom_series} onChange={(nfcom_series) => set({ nfcom_series })} />
      <CountInput label="Primeiro número da série aqui" description="Os anteriores foram usados em outro sistema." min={1} value={data.nfcom_first_number} onChange={(nfcom_first_number) => set({ nfcom_first_number })} />
      <NfseSettingsFields nfse={data.nfse ?? undefined} onChange={(nfse) => set({ nfse })} />
      <Choice label="Quando emitir" required options={labels.IssueMoment} value={data.issue_on} onChange={(issue_on) => set({ issue_on })} />
      <Checkbox label="Emitir todo dia o que estiver pendente" checked={data.is_automatic ?? false} onChange={(event) => set({ is_automatic: event.currentTarget.checked })} />
    </Action>
  );
}

const written = (rule: CompositionRuleInput) => [rule.plan ?? "", rule.definition_id ?? "", rule.composition].join("; ");

/** "plano; definição; composição", the first two blank for any. */
export function rulesIn(lines: readonly string[]): CompositionRuleInput[] | undefined {
  const rules = lines.map((line) => line.split(";").map((cell) => cell.trim()));
  if (rules.some((cells) => cells.length !== 3 || !cells[2])) return undefined;
  return rules.map(([plan, definition_id, composition]) => ({ ...(plan ? { plan } : {}), ...(definition_id ? { definition_id } : {}), composition: composition! }));
}

function RulesForm({ data, keep, onClose }: Form) {
  const [lines, setLines] = useState<readonly string[]>((data.rules ?? []).map(written));
  const rules = rulesIn(lines);
  return (
    <Action title="Regras de composição" button="Salvar" onClose={onClose} ready={rules !== undefined} run={() => keep({ ...data, rules })}>
      <LinesInput label="Uma regra por linha: plano; definição; composição" description="Plano e definição em branco valem para qualquer um." minRows={4} value={lines} onChange={setLines} data-autofocus />
    </Action>
  );
}

async function base64(file: File): Promise<string> {
  let text = "";
  for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}

function CertificateForm({ companyId, onClose }: { companyId: string; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [password, setPassword] = useState("");
  return (
    <Action
      title="Certificado digital (A1)" button="Guardar" onClose={onClose} ready={file !== null} warning="A senha e o arquivo não são guardados. A chave fica cifrada, só assina, e ninguém a lê de novo."
      run={async (header) => answer(api.POST("/companies/{company_id}/fiscal-certificate", { params: { path: { company_id: companyId }, header }, body: { content: await base64(file!), password } }))}
    >
      <FileInput label="Arquivo .pfx ou .p12" accept=".pfx,.p12" value={file} onChange={setFile} data-autofocus />
      <PasswordInput label="Senha do certificado" autoComplete="off" value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
    </Action>
  );
}
