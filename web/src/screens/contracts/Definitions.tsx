// "Definições de encargos": the list, "Adicionar registro", and the three tools of the manual 002.
import { Button } from "@mantine/core";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels, subcategories } from "../../api/labels";
import type { ChargeDefinition, Contract } from "../../api/schema";
import { useToday } from "../../app/me";
import { day } from "../../format/date";
import { Action } from "../../parts/Action";
import { DayInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { contractPath } from "./Contract";
import { DefinitionEditor } from "./DefinitionEditor";
import { pricingText } from "./pricing";

export const subcategoryText = (definition: { category: ChargeDefinition["category"]; subcategory: string }) =>
  subcategories[definition.category]?.[definition.subcategory] ?? (definition.subcategory === "all" ? "Todos" : definition.subcategory);

type Dialog = "editor" | "tax" | "meters";

export function Definitions({ contract, may }: { contract: Contract; may: boolean }) {
  const [opened, open] = useState<ChargeDefinition>();
  const [dialog, setDialog] = useState<Dialog>();
  const item = (id: string | undefined) => contract.items.find((one) => one.id === id)?.description;
  const columns: Column<ChargeDefinition>[] = [
    { key: "item", title: "Item de contrato", text: (d) => item(d.item_id) ?? (d.scope === "contract" ? "contrato inteiro" : "todos os itens"), width: 150, grow: 150 },
    { key: "categoria", title: "Categoria de encargo", text: (d) => labels.Category[d.category], width: 150, grow: 60 },
    { key: "subcategoria", title: "Subcategoria", text: subcategoryText, width: 120, grow: 60 },
    { key: "nivel", title: "Nível", text: (d) => labels.Level[d.level], width: 140, grow: 40 },
    { key: "taxa", title: "Taxa / preço", text: (d) => pricingText(d.pricing), width: 180, grow: 250 },
    { key: "descricao", title: "Descrição faturamento", text: (d) => d.billing_description ?? "", width: 150, grow: 150 },
    { key: "fatura", title: "Fatura", text: (d) => (d.bill ? "sim" : "não"), width: 60, grow: 1 },
    { key: "vigencia", title: "Vigência", text: (d) => `desde ${day(d.valid_from)}${d.valid_until ? ` até ${day(d.valid_until)}` : ""}`, by: (d) => d.valid_from, width: 130, grow: 20 },
  ];
  const path = contractPath(contract);
  return (
    <>
      {may && (
        <div className="bar">
          <Button onClick={() => { open(undefined); setDialog("editor"); }}>Adicionar registro</Button>
          <Button variant="default" onClick={() => setDialog("tax")}>Redefinir códigos tributários</Button>
          <Button variant="default" onClick={() => setDialog("meters")}>Associar medidores ausentes</Button>
        </div>
      )}
      <Grid name="Definições de encargos" columns={columns} rows={contract.definitions} rowKey={(d) => `${d.definition_id}-${d.version}`} onOpen={(d) => { open(d); setDialog("editor"); }} empty="Nenhuma definição ainda. Inclua a primeira em “Adicionar registro”." />
      {dialog === "editor" && <DefinitionEditor contract={contract} definition={opened} may={may} onClose={() => setDialog(undefined)} />}
      {dialog === "tax" && <ResetTaxCodes contract={contract} onClose={() => setDialog(undefined)} />}
      {dialog === "meters" && (
        <Action
          title="Associar medidores ausentes" onClose={() => setDialog(undefined)} warning="Cada item ganha o medidor da UdM que uma definição de uso cita e que ele não tem."
          run={() => answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/missing-meters", { params: { path, header: ifMatch(contract.version) } }))}
        />
      )}
    </>
  );
}

function ResetTaxCodes({ contract, onClose }: { contract: Contract; onClose: () => void }) {
  const today = useToday();
  const [from, setFrom] = useState<string | undefined>(today);
  return (
    <Action
      title="Redefinir códigos tributários" onClose={onClose} ready={from !== undefined} warning="Os códigos das definições passam a ser os dos itens de contrato, a partir da data."
      run={() => answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/tax-codes", { params: { path: contractPath(contract), header: ifMatch(contract.version) }, body: { valid_from: from! } }))}
    >
      <DayInput label="A partir de" value={from} onChange={setFrom} />
    </Action>
  );
}
