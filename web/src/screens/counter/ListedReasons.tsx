// "Listas de motivos": types of discount and protest statuses, which a clerk chooses from (PAY-02, PAY-04).
import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { ListedReason, ReasonKind } from "../../api/schema";
import { useMay } from "../../app/me";
import { day } from "../../format/date";
import { Action } from "../../parts/Action";
import { Choice, WordsInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { HistoryButton } from "../../parts/HistoryButton";
import { Heading } from "../../parts/show";
import { useListedReasons } from "./queries";
import { allPages } from "../../parts/remote";

const COLUMNS: Column<ListedReason>[] = [
  { key: "lista", title: "Lista", text: (one) => labels.ReasonKind[one.kind], width: 160, grow: 1 },
  { key: "nome", title: "Nome", text: (one) => one.name, width: 240, grow: 60 },
  { key: "recibo", title: "Não gerar recibo", text: (one) => (one.forbids_receipt ? "sim" : ""), width: 130, grow: 1 },
  { key: "fim", title: "Encerrado em", text: (one) => day(one.ended_on), width: 120, grow: 1 },
];

export function ListedReasons() {
  const list = useListedReasons();
  const may = useMay("banking:configure");
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"new" | "change">();
  const one = list.data?.find((reason) => ticked.size === 1 && ticked.has(reason.id));
  return (
    <>
      <Heading title="Listas de motivos">
        <HistoryButton of={one && { id: one.id, title: one.name }} read={(id) => allPages((cursor) => answer(api.GET("/listed-reasons/{reason_id}/history", { params: { path: { reason_id: id }, query: { cursor } } })))} />
        {may && <Button variant="default" disabled={!one} onClick={() => setDialog("change")}>Alterar ou encerrar</Button>}
        {may && <Button onClick={() => setDialog("new")}>Novo motivo</Button>}
      </Heading>
      <Grid name="Motivos" columns={COLUMNS} rows={list.data} rowKey={(reason) => reason.id} error={list.error} retry={() => void list.refetch()} order="nome" ticked={ticked} onTick={tick} empty="Nenhum motivo ainda. Inclua o primeiro em “Novo motivo”." />
      {dialog === "new" && <NewReason onClose={() => setDialog(undefined)} />}
      {dialog === "change" && one && <ChangeReason reason={one} onClose={() => setDialog(undefined)} />}
    </>
  );
}

const ForbidsReceipt = ({ value, onChange }: { value: boolean; onChange: (value: boolean) => void }) => (
  <Checkbox label="Não gerar recibo" description="A quem está neste status não se faz recibo sem a senha de um administrador." checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
);

function NewReason({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<ReasonKind>("discount_type");
  const [name, setName] = useState<string>();
  const [forbids, setForbids] = useState(false);
  const isProtest = kind === "protest_status";
  return (
    <Action title="Novo motivo" onClose={onClose} ready={name !== undefined} run={(header) => answer(api.POST("/listed-reasons", { params: { header }, body: { kind, name: name!, forbids_receipt: isProtest && forbids } }))}>
      <Choice label="Lista" required options={labels.ReasonKind} value={kind} onChange={(next) => next && setKind(next)} />
      <WordsInput label="Nome" value={name} onChange={setName} maxLength={40} data-autofocus />
      {isProtest && <ForbidsReceipt value={forbids} onChange={setForbids} />}
    </Action>
  );
}

function ChangeReason({ reason, onClose }: { reason: ListedReason; onClose: () => void }) {
  const [forbids, setForbids] = useState(reason.forbids_receipt ?? false);
  const [ended, setEnded] = useState(reason.ended_on !== undefined);
  return (
    <Action
      title={`Alterar ${reason.name}`} onClose={onClose}
      run={() => answer(api.PUT("/listed-reasons/{reason_id}", { params: { path: { reason_id: reason.id }, header: ifMatch(reason.version) }, body: { forbids_receipt: forbids, is_ended: ended } }))}
    >
      {reason.kind === "protest_status" && <ForbidsReceipt value={forbids} onChange={setForbids} />}
      <Checkbox label="Encerrado" description="Não se escolhe mais; o que já foi escolhido fica." checked={ended} onChange={(event) => setEnded(event.currentTarget.checked)} />
    </Action>
  );
}
