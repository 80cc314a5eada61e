// One fiscal composition: whether a charge has an NFCom, an NFS-e or no document, and with which taxes.
import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { labels } from "../../api/labels";
import type { FiscalCompositionInput, NfcomCompositionInput } from "../../api/schema";
import { Action } from "../../parts/Action";
import { Choice, DecimalInput, WordsInput } from "../../parts/fields";
import type { Form } from "./FiscalSettings";
import { CSTS, NEW_NFSE, NfseCompositionFields } from "./NfseFields";

const DOCUMENTS = { nfcom: "NFCom", nfse: "NFS-e nacional", none: "Nenhum documento fiscal" };

const NEW: NfcomCompositionInput = {
  class_code: "", unit: "4", service: "4",
  taxation: { icms: "00", contributions_cst: "01", contribution_regime: "cumulative", pays_funds: true, icms_in_contributions_base: false, ibs_cbs: { cst: "000", class_code: "000001" } },
};

export function CompositionForm({ data, of, keep, onClose }: Form & { of: FiscalCompositionInput | undefined }) {
  const [one, setOne] = useState<FiscalCompositionInput>(of ?? { code: "", name: "", nfcom: NEW });
  const nfcom = one.nfcom ?? undefined;
  const nfse = one.nfse ?? undefined;
  const document = nfcom ? "nfcom" : nfse ? "nfse" : "none";
  const set = (changes: Partial<NfcomCompositionInput>) => nfcom && setOne({ ...one, nfcom: { ...nfcom, ...changes } });
  const tax = (changes: Partial<NfcomCompositionInput["taxation"]>) => nfcom && set({ taxation: { ...nfcom.taxation, ...changes } });
  const others = (data.compositions ?? []).filter((known) => known.code !== of?.code);
  const ready = one.code !== "" && one.name !== "" && (nfcom === undefined || nfcom.class_code !== "") && (nfse === undefined || nfse.national_code !== "");
  const taxation = nfcom?.taxation;
  return (
    <Action title={of ? `Composição ${of.code}` : "Adicionar composição"} button="Salvar" onClose={onClose} ready={ready} run={() => keep({ ...data, compositions: [...others, one] })}>
      <WordsInput label="Código" value={one.code || undefined} disabled={of !== undefined} onChange={(code) => setOne({ ...one, code: code ?? "" })} data-autofocus />
      <WordsInput label="Nome" value={one.name || undefined} onChange={(name) => setOne({ ...one, name: name ?? "" })} />
      <Choice label="Documento" required options={DOCUMENTS} value={document} onChange={(chosen) => setOne({ code: one.code, name: one.name, ...(chosen === "nfcom" ? { nfcom: NEW } : chosen === "nfse" ? { nfse: NEW_NFSE } : {}) })} />
      {nfse && <NfseCompositionFields nfse={nfse} onChange={(changed) => setOne({ ...one, nfse: changed })} />}
      {nfcom && taxation && (
        <>
          <WordsInput label="Classificação do item (cClass, 7 algarismos)" value={nfcom.class_code || undefined} onChange={(class_code) => set({ class_code: class_code ?? "" })} />
          <WordsInput label="CFOP dentro do estado" value={nfcom.cfop ?? undefined} onChange={(cfop) => set({ cfop })} />
          <Choice label="Serviço" required options={labels.ServiceKind} value={nfcom.service} onChange={(service) => set({ service })} />
          <Choice label="Unidade" required options={labels.Unit} value={nfcom.unit} onChange={(unit) => set({ unit })} />
          <Choice label="Situação no ICMS" required options={labels.IcmsSituation} value={taxation.icms} onChange={(icms) => icms && tax({ icms })} />
          <DecimalInput label="Alíquota do ICMS (%)" value={taxation.icms_percent ?? undefined} onChange={(icms_percent) => tax({ icms_percent })} />
          <DecimalInput label="Redução da base do ICMS (%), só da situação 20" value={taxation.icms_base_reduction_percent ?? undefined} onChange={(icms_base_reduction_percent) => tax({ icms_base_reduction_percent })} />
          <DecimalInput label="FCP (%)" value={taxation.fcp_percent ?? undefined} onChange={(fcp_percent) => tax({ fcp_percent })} />
          <Choice label="CST de PIS e COFINS" required options={CSTS} value={taxation.contributions_cst} onChange={(contributions_cst) => contributions_cst && tax({ contributions_cst })} />
          <Choice label="Regime de PIS e COFINS, dos CST 01 e 02" options={labels.ContributionRegime} value={taxation.contribution_regime ?? undefined} onChange={(contribution_regime) => tax({ contribution_regime })} />
          <Checkbox label="Destaca FUST e FUNTTEL" checked={taxation.pays_funds ?? false} onChange={(event) => tax({ pays_funds: event.currentTarget.checked })} />
          <WordsInput label="CST do IBS e da CBS" value={taxation.ibs_cbs?.cst} onChange={(cst) => tax({ ibs_cbs: cst ? { ...taxation.ibs_cbs, cst, class_code: taxation.ibs_cbs?.class_code ?? "" } : undefined })} />
          <WordsInput label="Classificação (cClassTrib)" value={taxation.ibs_cbs?.class_code} onChange={(class_code) => tax({ ibs_cbs: taxation.ibs_cbs && class_code ? { ...taxation.ibs_cbs, class_code } : taxation.ibs_cbs })} />
        </>
      )}
    </Action>
  );
}
