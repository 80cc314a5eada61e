// "Domínios de remetentes": claimed by the account, proven by the records that it publishes in its DNS.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, useOnce } from "../../api/client";
import type { SenderDomain } from "../../api/schema";
import { permissionWords, useMay } from "../../app/me";
import { queries } from "../../app/queries";
import { instant } from "../../format/date";
import { Action } from "../../parts/Action";
import { Drawer } from "../../parts/Dialog";
import { WordsInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Forbidden, Heading } from "../../parts/show";
import { Tag } from "../../parts/Tag";

const State = ({ domain }: { domain: SenderDomain }) => (domain.proven_at ? <Tag tone="ok">Comprovado</Tag> : <Tag tone="warn">Aguarda os registros</Tag>);

const COLUMNS: Column<SenderDomain>[] = [
  { key: "dominio", title: "Domínio", text: (d) => d.domain, width: 240, grow: 300 },
  { key: "situacao", title: "Situação", text: (d) => (d.proven_at ? "Comprovado" : "Aguarda os registros"), show: (d) => <State domain={d} />, width: 170, grow: 1 },
  { key: "informado", title: "Informado em", text: (d) => instant(d.claimed_at), by: (d) => d.claimed_at, width: 140, grow: 1 },
  { key: "comprovado", title: "Comprovado em", text: (d) => instant(d.proven_at), by: (d) => d.proven_at, width: 140, grow: 1 },
];

export function SenderDomains() {
  const may = useMay("access:manage");
  const [adding, setAdding] = useState(false);
  const [domain, setDomain] = useState<string>();
  const [opened, open] = useWord("dominio");
  const list = useQuery({ queryKey: ["sender-domains"], enabled: may, queryFn: async () => (await answer(api.GET("/sender-domains"))).items });
  if (!may) return <><Heading title="Domínios de remetentes" /><Forbidden words={permissionWords("access:manage")} /></>;
  const one = list.data?.find((known) => known.domain === opened);
  return (
    <>
      <Heading title="Domínios de remetentes"><Button onClick={() => setAdding(true)}>Informar domínio</Button></Heading>
      <Grid name="Domínios de remetentes" columns={COLUMNS} rows={list.data} rowKey={(d) => d.domain} error={list.error} retry={() => void list.refetch()} order="dominio" onOpen={(d) => open(d.domain)} empty="Nenhum domínio. Sem um, cada remetente é comprovado por si, em Empresas." />
      {adding && (
        <Action
          title="Informar domínio" button="Salvar" onClose={() => setAdding(false)} ready={domain !== undefined} onDone={(made) => open((made as SenderDomain).domain)}
          warning="Comprovado, qualquer endereço do domínio envia mensagens, e nenhuma outra conta usa um endereço novo dele."
          run={(header) => answer(api.POST("/sender-domains", { params: { header }, body: { domain: domain! } }))}
        >
          <WordsInput label="Domínio" placeholder="empresa.com.br" value={domain} onChange={setDomain} data-autofocus />
        </Action>
      )}
      {one && <DomainDrawer domain={one} onClose={() => open("")} />}
    </>
  );
}

function DomainDrawer({ domain, onClose }: { domain: SenderDomain; onClose: () => void }) {
  const { header, renew } = useOnce();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const prove = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await answer(api.POST("/sender-domains/{domain}/proof", { params: { path: { domain: domain.domain }, header } }));
      await queries.invalidateQueries({ queryKey: ["sender-domains"] });
    } catch (failure) {
      setError(failure);
    } finally {
      renew();
      setBusy(false);
    }
  };
  return (
    <Drawer onClose={onClose} size={720} title={domain.domain}>
      <Facts items={[["Situação", <State domain={domain} />], ["Informado em", instant(domain.claimed_at)], ["Comprovado em", instant(domain.proven_at)]]} />
      {domain.records.length > 0 && (
        <>
          <p>{domain.proven_at ? "Mantenha no DNS do domínio estes registros:" : "Publique no DNS do domínio todos estes registros, e confira:"}</p>
          <table className="plain">
            <thead><tr><th>Nome</th><th>Tipo</th><th>Valor</th></tr></thead>
            <tbody>{domain.records.map((record) => <tr key={record.name}><td><code>{record.name}</code></td><td>{record.type}</td><td style={{ overflowWrap: "anywhere" }}><code>{record.value}</code></td></tr>)}</tbody>
          </table>
        </>
      )}
      <ProblemNote error={error} />
      {!domain.proven_at && <Button mt={10} loading={busy} onClick={() => void prove()}>Conferir os registros</Button>}
    </Drawer>
  );
}
