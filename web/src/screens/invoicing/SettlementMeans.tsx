// How the money of a settlement by hand came, and why it is settled so (INV-08, CON-01).
import { Radio, TextInput } from "@mantine/core";
import { useState } from "react";
import { labels } from "../../api/labels";
import type { SettlementMeans } from "../../api/schema";
import { usePaymentProfiles } from "../../app/me";
import { Choice } from "../../parts/fields";

/** `means` is undefined while a field is missing. */
export function useSettlementMeans(companyId?: string) {
  const profiles = (usePaymentProfiles().data ?? []).filter((profile) => companyId === undefined || profile.company_id === companyId);
  const [method, setMethod] = useState<SettlementMeans["method"]>("other");
  const [profile, setProfile] = useState<string>();
  const [why, setWhy] = useState("");
  const ready = why.trim() !== "" && (method === "other" || profile !== undefined);
  const means: SettlementMeans | undefined = ready ? { method, justification: why, ...(method === "profile" ? { profile_id: profile } : {}) } : undefined;
  return {
    means,
    fields: (
      <>
        <Radio.Group label="Como foi recebido" value={method} onChange={(value) => setMethod(value as typeof method)}>
          <div className="bar" style={{ marginTop: 6 }}>
            <Radio value="other" label={labels.Method.other} />
            <Radio value="profile" label={labels.Method.profile} />
          </div>
        </Radio.Group>
        {method === "profile" && <Choice label="Profile de pagamento creditado" required value={profile} onChange={setProfile} options={profiles.map((p) => ({ value: p.id, label: p.name }))} />}
        <TextInput label="Justificativa" required withAsterisk={false} value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
      </>
    ),
  };
}
