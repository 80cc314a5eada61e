// "Itens e medidores" of a contract: added, changed, taken out on a day (CTR-02, CTR-14).
import { Button } from "@mantine/core";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { Contract, ContractItem } from "../../api/schema";
import { useToday } from "../../app/me";
import { useUnitName } from "../../app/units";
import { addDays, day } from "../../format/date";
import { decimal } from "../../format/money";
import { Action } from "../../parts/Action";
import { DayInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { contractPath } from "./Contract";
import { ItemForm } from "./ItemForm";

type Tool = "add" | "change" | "close";

export function Items({ contract, may }: { contract: Contract; may: boolean }) {
  const unit = useUnitName();
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [tool, setTool] = useState<Tool>();
  const columns: Column<ContractItem>[] = [
    { key: "item", title: "Item", text: (i) => i.description, width: 150, grow: 250 },
    { key: "tipo", title: "Tipo", text: (i) => labels.ItemKind[i.kind], width: 96, grow: 1 },
    { key: "local", title: "Local", text: (i) => [i.organisation, i.location].filter(Boolean).join(" · "), width: 100, grow: 120 },
    { key: "serie", title: "Série", text: (i) => i.serial ?? "", width: 84, grow: 60 },
    { key: "desde", title: "Desde", text: (i) => day(i.joined_on), by: (i) => i.joined_on, width: 88, grow: 1 },
    { key: "saiu", title: "Fora desde", text: (i) => day(i.left_on), by: (i) => i.left_on, width: 88, grow: 1 },
    { key: "medidores", title: "Medidores (valor inicial)", text: (i) => i.meters.map((meter) => `${unit(meter.unit)}: ${decimal(meter.initial)}`).join(" · "), width: 166, grow: 250 },
    { key: "leituras", title: "Leituras", text: (i) => (i.monitored ? `monitoradas${i.last_seen_on ? `, visto em ${day(i.last_seen_on)}` : ""}` : "lançadas"), width: 100, grow: 60 },
    { key: "codigo", title: "Código tributário", text: (i) => i.tax_code ?? "", width: 122, grow: 20 },
  ];
  const one = ticked.size === 1 ? contract.items.find((item) => ticked.has(item.id)) : undefined;
  const close = () => setTool(undefined);
  return (
    <>
      {may && (
        <div className="bar">
          <Button onClick={() => setTool("add")}>Adicionar item</Button>
          <Button variant="default" disabled={!one} onClick={() => setTool("change")}>Alterar</Button>
          <Button variant="default" disabled={!one} onClick={() => setTool("close")}>Retirar do contrato</Button>
        </div>
      )}
      <Grid name="Itens do contrato" columns={columns} rows={contract.items} rowKey={(i) => i.id} order="item" ticked={ticked} onTick={tick} onOpen={(item) => { tick(new Set([item.id])); if (may) setTool("change"); }} empty="O contrato não tem itens. Inclua o primeiro em “Adicionar item”." />
      {tool === "add" && <ItemForm contract={contract} onClose={close} />}
      {tool === "change" && one && <ItemForm contract={contract} item={one} onClose={close} />}
      {tool === "close" && one && <CloseItem contract={contract} item={one} onClose={close} />}
    </>
  );
}

function CloseItem({ contract, item, onClose }: { contract: Contract; item: ContractItem; onClose: () => void }) {
  const today = useToday();
  const [last, setLast] = useState<string | undefined>(today);
  return (
    <Action
      title="Retirar item do contrato" items={[{ id: item.id, text: `${item.description} · no contrato desde ${day(item.joined_on)}` }]} onClose={onClose} ready={last !== undefined}
      warning="O item é cobrado até o seu último dia no contrato, e o que já foi cobrado não muda. Para levá-lo a outro contrato, adicione-o lá a partir do dia seguinte, com o valor do medidor nesse dia."
      run={() => answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/items/{item_id}", { params: { path: { ...contractPath(contract), item_id: item.id }, header: ifMatch(contract.version) }, body: { ...item, left_on: addDays(last!, 1) } }))}
    >
      <DayInput label="Último dia no contrato" value={last} onChange={setLast} data-autofocus />
    </Action>
  );
}
