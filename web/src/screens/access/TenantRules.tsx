// "Regras da conta": which base the next company enters, and the second factor of who moves money.
import { Button, Radio, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { Base, BaseKind, TenantRules as Rules } from "../../api/schema";
import { named, permissionWords, useCompanies, useMay } from "../../app/me";
import { instant } from "../../format/date";
import { Action } from "../../parts/Action";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Forbidden, Heading, Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";

export function TenantRules() {
  const may = useMay("access:manage");
  const [dialog, setDialog] = useState<"base" | "factor">();
  const rules = useQuery({ queryKey: ["tenant-rules"], enabled: may, queryFn: () => answer(api.GET("/tenant/rules")) });
  const bases = useQuery({ queryKey: ["bases"], enabled: may, queryFn: async () => (await answer(api.GET("/bases"))).items });
  if (!may) return <><Heading title="Regras da conta" /><Forbidden words={permissionWords("access:manage")} /></>;
  if (rules.error) return <><Heading title="Regras da conta" /><ProblemNote error={rules.error} retry={() => void rules.refetch()} /></>;
  if (!rules.data) return <Wait />;
  const waiver = rules.data.second_factor_waiver;
  return (
    <>
      <Heading title="Regras da conta" />
      <section className="box">
        <div className="bar"><h2>Segundo fator</h2><span className="grow" /><Button variant="default" onClick={() => setDialog("factor")}>{waiver ? "Exigir" : "Dispensar"}</Button></div>
        <Facts items={[["Quem movimenta dinheiro", waiver ? <Tag tone="warn">entra sem o segundo fator</Tag> : <Tag tone="ok">entra com o segundo fator</Tag>], ["Motivo da dispensa", waiver?.reason], ["Dispensado em", waiver && instant(waiver.decided_at)]]} />
      </section>
      <section className="box">
        <div className="bar"><h2>Base das empresas</h2><span className="grow" /><Button variant="default" onClick={() => setDialog("base")}>Alterar</Button></div>
        <Facts items={[["A próxima empresa entra em uma base", labels.BaseKind[rules.data.base].toLowerCase()]]} />
        <ProblemNote error={bases.error} />
        {bases.data && <Bases bases={bases.data} />}
      </section>
      {dialog === "base" && <ChangeBase rules={rules.data} onClose={() => setDialog(undefined)} />}
      {dialog === "factor" && <ChangeFactor rules={rules.data} onClose={() => setDialog(undefined)} />}
    </>
  );
}

function Bases({ bases }: { bases: Base[] }) {
  const companies = named(useCompanies().data);
  return (
    <table className="plain">
      <thead><tr><th>Base em que você trabalha</th><th>Perfil</th><th>Empresas</th></tr></thead>
      <tbody>{bases.map((base) => <tr key={base.id}><td>{base.name}</td><td>{base.profile_names.join(", ")}</td><td>{base.company_ids.map(companies).join(", ")}</td></tr>)}</tbody>
    </table>
  );
}

const MEANS: Record<BaseKind, string> = {
  shared: "A empresa usa os clientes, itens e códigos das outras.",
  per_company: "A empresa começa a sua base, com clientes, itens e códigos próprios.",
};

function ChangeBase({ rules, onClose }: { rules: Rules; onClose: () => void }) {
  const [base, setBase] = useState(rules.base);
  return (
    <Action title="Base da próxima empresa" button="Salvar" onClose={onClose} warning="Vale para as empresas cadastradas daqui em diante; as de hoje ficam onde estão." run={() => answer(api.PUT("/tenant/rules/base", { params: { header: ifMatch(rules.version) }, body: { base } }))}>
      <Radio.Group label="A próxima empresa entra em uma base" value={base} onChange={(next) => setBase(next as BaseKind)}>
        {(Object.keys(MEANS) as BaseKind[]).map((kind) => <Radio key={kind} mt={6} value={kind} label={labels.BaseKind[kind]} description={MEANS[kind]} />)}
      </Radio.Group>
    </Action>
  );
}

function ChangeFactor({ rules, onClose }: { rules: Rules; onClose: () => void }) {
  const required = rules.second_factor_waiver !== undefined;
  const [reason, setReason] = useState("");
  return (
    <Action
      title={required ? "Exigir o segundo fator" : "Dispensar o segundo fator"} onClose={onClose} ready={required || reason.trim() !== ""}
      warning={required ? "Quem movimenta dinheiro sem ter o segundo fator deixa de movimentar até configurá-lo." : "Uma senha roubada passa a bastar para movimentar dinheiro. O motivo fica no histórico da conta."}
      run={() => answer(api.PUT("/tenant/rules/second-factor", { params: { header: ifMatch(rules.version) }, body: { is_required: required, ...(required ? {} : { reason }) } }))}
    >
      {!required && <Textarea label="Motivo" value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />}
    </Action>
  );
}
