// The readings of one meter: "Adicionar contador" (manual Fechamentos mensais), and the correction of one (USE-04).
import { Button, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { Contract, Reading, RestartInput } from "../../api/schema";
import { useMay, useToday } from "../../app/me";
import { useUnitName } from "../../app/units";
import { day } from "../../format/date";
import { decimal } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice, DayInput, DecimalInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { allPages } from "../../parts/remote";

type Meter = { itemId: string; unit: string; text: string };

const COLUMNS: Column<Reading>[] = [
  { key: "dia", title: "Dia", text: (r) => day(r.on), by: (r) => r.on, width: 100, grow: 1 },
  { key: "valor", title: "Contador", text: (r) => decimal(r.value), by: (r) => Number(r.value), align: "right", width: 130, grow: 1 },
  { key: "origem", title: "Origem", text: (r) => labels.ReadingOrigin[r.origin], width: 110, grow: 1 },
  { key: "troca", title: "Medidor trocado ou zerado", text: (r) => (r.restart ? `o anterior parou em ${decimal(r.restart.old_final)}, o novo começou em ${decimal(r.restart.started_at)}` : ""), width: 240, grow: 300 },
];

export function Readings({ contract }: { contract: Contract }) {
  const unit = useUnitName();
  const may = useMay("usage:write");
  const meters: Meter[] = contract.items.flatMap((item) => item.meters.map((meter) => ({ itemId: item.id, unit: meter.unit, text: `${item.description} · ${unit(meter.unit)}` })));
  const [chosen, choose] = useWord("medidor");
  const meter = meters.find((one) => `${one.itemId}.${one.unit}` === chosen) ?? meters[0];
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [tool, setTool] = useState<"add" | "correct">();
  const list = useQuery({
    queryKey: ["readings", contract.customer_id, meter?.itemId, meter?.unit],
    enabled: meter !== undefined,
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/readings", { params: { path: { customer_id: contract.customer_id }, query: { cursor, item_id: meter!.itemId, unit: meter!.unit } } })))).items,
  });
  if (meter === undefined) return <p className="soft">Nenhum item do contrato tem medidor. Inclua-o na aba Itens e medidores.</p>;
  const one = ticked.size === 1 ? list.data?.find((reading) => ticked.has(reading.id)) : undefined;
  return (
    <>
      <div className="bar" style={{ alignItems: "end" }}>
        <Choice label="Medidor" required searchable options={meters.map((known) => ({ value: `${known.itemId}.${known.unit}`, label: known.text }))} value={`${meter.itemId}.${meter.unit}`} onChange={(next) => { tick(new Set()); choose(next ?? ""); }} w={360} />
        {may && <Button onClick={() => setTool("add")}>Adicionar contador</Button>}
        {may && <Button variant="default" disabled={!one} onClick={() => setTool("correct")}>Corrigir</Button>}
      </div>
      <Grid name="Leituras" columns={COLUMNS} rows={list.data} rowKey={(r) => r.id} error={list.error} retry={() => void list.refetch()} order="-dia" ticked={ticked} onTick={tick} empty="Nenhuma leitura deste medidor. Inclua a primeira em “Adicionar contador”." />
      {tool === "add" && <ReadingForm customerId={contract.customer_id} meter={meter} onClose={() => setTool(undefined)} />}
      {tool === "correct" && one && <ReadingForm customerId={contract.customer_id} meter={meter} reading={one} onClose={() => setTool(undefined)} />}
    </>
  );
}

type FormProps = { customerId: string; meter: Meter; reading?: Reading; onClose: () => void };

function ReadingForm({ customerId, meter, reading, onClose }: FormProps) {
  const today = useToday();
  const [on, setOn] = useState<string | undefined>(reading?.on ?? today);
  const [value, setValue] = useState(reading?.value);
  const [restart, setRestart] = useState<Partial<RestartInput> | undefined>(reading?.restart);
  const shown = { value: value!, ...(restart ? { restart: { old_final: restart.old_final!, started_at: restart.started_at ?? "0" } } : {}) };
  return (
    <Action
      title={reading ? `Corrigir contador de ${day(reading.on)}` : "Adicionar contador"} button="Salvar" onClose={onClose} items={[{ id: meter.itemId, text: meter.text }]}
      ready={on !== undefined && value !== undefined && (restart === undefined || restart.old_final !== undefined)}
      run={(header) =>
        reading
          ? answer(api.PUT("/customers/{customer_id}/readings/{item_id}/{unit}/{on}", { params: { path: { customer_id: customerId, item_id: meter.itemId, unit: meter.unit, on: reading.on }, header: ifMatch(reading.version) }, body: shown }))
          : answer(api.POST("/customers/{customer_id}/readings", { params: { path: { customer_id: customerId }, header }, body: { item_id: meter.itemId, unit: meter.unit, on: on!, ...shown } }))
      }
    >
      <div className="fields">
        <DayInput label="Dia" description="O contador é o do início deste dia." disabled={reading !== undefined} value={on} onChange={setOn} />
        <DecimalInput label="Contador" value={value} onChange={setValue} data-autofocus />
      </div>
      <Checkbox label="O medidor foi trocado ou zerou desde a leitura anterior" checked={restart !== undefined} onChange={(event) => setRestart(event.currentTarget.checked ? { started_at: "0" } : undefined)} />
      {restart && (
        <div className="fields">
          <DecimalInput label="Último valor do anterior" description="Do que zerou, o valor em que zera: 100.000 em um de cinco dígitos." value={restart.old_final} onChange={(old_final) => setRestart({ ...restart, old_final })} />
          <DecimalInput label="Primeiro valor do novo" value={restart.started_at} onChange={(started_at) => setRestart({ ...restart, started_at })} />
        </div>
      )}
    </Action>
  );
}
