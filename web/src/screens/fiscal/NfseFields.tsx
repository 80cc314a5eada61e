// What the NFS-e asks: of the company, and of a composition.
import { Checkbox } from "@mantine/core";
import { labels } from "../../api/labels";
import type { NfseCompositionInput, NfseSettingsInput } from "../../api/schema";
import { Choice, CountInput, DecimalInput, WordsInput } from "../../parts/fields";

type Cst = "01" | "02" | "06" | "07" | "08" | "09" | "49";
export const CSTS: Record<Cst, string> = {
  "01": "01 - Tributável, alíquota básica", "02": "02 - Tributável, alíquota diferenciada", "06": "06 - Alíquota zero", "07": "07 - Isenta",
  "08": "08 - Sem incidência", "09": "09 - Suspensão", "49": "49 - Outras saídas",
};

const NEW_SETTINGS: NfseSettingsInput = { series: 1, first_number: 1, regime: { standing: "1" } };

export const NEW_NFSE: NfseCompositionInput = {
  national_code: "", place: "provider", iss: { treatment: "1", withheld_by: "1", city_has_agreement: true }, contributions_cst: "01", contribution_regime: "cumulative",
  approximate_taxes: {}, ibs_cbs: { cst: "000", class_code: "000001", operation_code: "", is_final: false },
};

export function NfseSettingsFields({ nfse, onChange }: { nfse: NfseSettingsInput | undefined; onChange: (nfse: NfseSettingsInput | undefined) => void }) {
  const regime = nfse?.regime ?? NEW_SETTINGS.regime!;
  return (
    <>
      <Checkbox label="Emite NFS-e nacional" checked={nfse !== undefined} onChange={(event) => onChange(event.currentTarget.checked ? NEW_SETTINGS : undefined)} />
      {nfse && (
        <>
          <CountInput label="Série da NFS-e" min={1} max={49999} value={nfse.series} onChange={(series) => onChange({ ...nfse, series })} />
          <CountInput label="Primeiro número da declaração aqui" description="Os anteriores foram usados em outro sistema." min={1} value={nfse.first_number} onChange={(first_number) => onChange({ ...nfse, first_number })} />
          <WordsInput label="Inscrição municipal" description="Só onde o cadastro da cidade a pede." value={nfse.municipal_registration ?? undefined} onChange={(municipal_registration) => onChange({ ...nfse, municipal_registration })} />
          <Choice label="Situação no Simples Nacional" required options={labels.SimplesStanding} value={regime.standing} onChange={(standing) => standing && onChange({ ...nfse, regime: { standing, ...(standing === "3" ? { assessment: "1" } : {}) } })} />
          {regime.standing === "3" && <Choice label="Apuração dos tributos" required options={labels.SimplesAssessment} value={regime.assessment ?? undefined} onChange={(assessment) => onChange({ ...nfse, regime: { ...regime, assessment } })} />}
        </>
      )}
    </>
  );
}

export function NfseCompositionFields({ nfse, onChange }: { nfse: NfseCompositionInput; onChange: (nfse: NfseCompositionInput) => void }) {
  const set = (changes: Partial<NfseCompositionInput>) => onChange({ ...nfse, ...changes });
  const iss = nfse.iss ?? NEW_NFSE.iss!;
  const ibsCbs = nfse.ibs_cbs ?? undefined;
  const taxes = nfse.approximate_taxes ?? {};
  return (
    <>
      <WordsInput label="Código de tributação nacional (cTribNac, 6 algarismos)" value={nfse.national_code || undefined} onChange={(national_code) => set({ national_code: national_code ?? "" })} />
      <WordsInput label="Código do município (3 algarismos)" description="Só onde o município pede." value={nfse.municipal_code ?? undefined} onChange={(municipal_code) => set({ municipal_code })} />
      <WordsInput label="Código NBS (9 algarismos)" description="Obrigatório com IBS e CBS." value={nfse.nbs ?? undefined} onChange={(nbs) => set({ nbs })} />
      <Choice label="Onde o serviço é prestado" required options={labels.ServicePlace} value={nfse.place} onChange={(place) => set({ place })} />
      <Choice label="Situação no ISS" required options={labels.IssTreatment} value={iss.treatment} onChange={(treatment) => set({ iss: { ...iss, treatment } })} />
      <Choice label="Quem retém o ISS (só pessoa jurídica; o boleto ainda cobra o valor cheio)" required options={labels.IssWithheldBy} value={iss.withheld_by} onChange={(withheld_by) => set({ iss: { ...iss, withheld_by } })} />
      <DecimalInput label="Alíquota do ISS (%)" description="Até 5." value={iss.percent ?? undefined} onChange={(percent) => set({ iss: { ...iss, percent } })} />
      <Checkbox label="O município tem convênio ativo com a NFS-e nacional" checked={iss.city_has_agreement ?? true} onChange={(event) => set({ iss: { ...iss, city_has_agreement: event.currentTarget.checked } })} />
      <Choice label="CST de PIS e COFINS" options={CSTS} value={(nfse.contributions_cst ?? undefined) as Cst | undefined} onChange={(contributions_cst) => set({ contributions_cst })} />
      <Choice label="Regime de PIS e COFINS, dos CST 01 e 02" options={labels.ContributionRegime} value={nfse.contribution_regime ?? undefined} onChange={(contribution_regime) => set({ contribution_regime })} />
      <DecimalInput label="Tributos federais aproximados (%)" value={taxes.federal} onChange={(federal) => set({ approximate_taxes: { ...taxes, federal } })} />
      <DecimalInput label="Tributos municipais aproximados (%)" value={taxes.municipal} onChange={(municipal) => set({ approximate_taxes: { ...taxes, municipal } })} />
      <DecimalInput label="Tributos aproximados do Simples (%), de ME e EPP" value={taxes.simples ?? undefined} onChange={(simples) => set({ approximate_taxes: { ...taxes, simples } })} />
      <Checkbox label="Informa IBS e CBS" checked={ibsCbs !== undefined} onChange={(event) => set({ ibs_cbs: event.currentTarget.checked ? NEW_NFSE.ibs_cbs : undefined })} />
      {ibsCbs && (
        <>
          <WordsInput label="CST do IBS e da CBS" value={ibsCbs.cst || undefined} onChange={(cst) => set({ ibs_cbs: { ...ibsCbs, cst: cst ?? "" } })} />
          <WordsInput label="Classificação (cClassTrib)" value={ibsCbs.class_code || undefined} onChange={(class_code) => set({ ibs_cbs: { ...ibsCbs, class_code: class_code ?? "" } })} />
          <WordsInput label="Indicador da operação (cIndOp, 6 algarismos)" value={ibsCbs.operation_code || undefined} onChange={(operation_code) => set({ ibs_cbs: { ...ibsCbs, operation_code: operation_code ?? "" } })} />
        </>
      )}
    </>
  );
}
