// "Definições de encargos": the list, "Adicionar registro", and the three tools of the manual 002.
import { Button } from "@mantine/core";
import { useState } from "react";
import { labels, subcategories } from "../../api/labels";
import type { ChargeDefinition, Contract } from "../../api/schema";
import { day } from "../../format/date";
import { type Column, Grid } from "../../parts/Grid";
import { AssociateMissingMeters, EnergyPreferences, ResetTaxCodes } from "./ContractTools";
import { DefinitionEditor } from "./DefinitionEditor";
import { pricingText } from "./pricing";

export const subcategoryText = (definition: { category: ChargeDefinition["category"]; subcategory: string }) =>
  subcategories[definition.category]?.[definition.subcategory] ?? (definition.subcategory === "all" ? "Todos" : definition.subcategory);

type Dialog = "editor" | "tax" | "meters" | "energy";

export function Definitions({ contract, may }: { contract: Contract; may: boolean }) {
  const [opened, open] = useState<ChargeDefinition>();
  const [dialog, setDialog] = useState<Dialog>();
  const item = (id: string | undefined) => contract.items.find((one) => one.id === id)?.description;
  const columns: Column<ChargeDefinition>[] = [
    { key: "item", title: "Item de contrato", text: (d) => item(d.item_id) ?? (d.scope === "contract" ? "contrato inteiro" : "todos os itens"), width: 130, grow: 150 },
    { key: "categoria", title: "Categoria de encargo", text: (d) => labels.Category[d.category], width: 148, grow: 60 },
    { key: "subcategoria", title: "Subcategoria", text: subcategoryText, width: 120, grow: 60 },
    { key: "nivel", title: "Nível", text: (d) => labels.Level[d.level], width: 140, grow: 40 },
    { key: "taxa", title: "Taxa / preço", text: (d) => pricingText(d.pricing), width: 144, grow: 250 },
    { key: "descricao", title: "Descrição faturamento", text: (d) => d.billing_description ?? "", width: 160, grow: 150 },
    { key: "fatura", title: "Fatura", text: (d) => (d.bill ? "sim" : "não"), width: 60, grow: 1 },
    { key: "vigencia", title: "Vigência", text: (d) => `desde ${day(d.valid_from)}${d.valid_until ? ` até ${day(d.valid_until)}` : ""}`, by: (d) => d.valid_from, width: 130, grow: 20 },
  ];
  return (
    <>
      {may && (
        <div className="bar">
          <Button onClick={() => { open(undefined); setDialog("editor"); }}>Adicionar registro</Button>
          <Button variant="default" onClick={() => setDialog("tax")}>Redefinir códigos tributários</Button>
          <Button variant="default" onClick={() => setDialog("meters")}>Associar medidores ausentes</Button>
          <Button variant="default" disabled={!contract.definitions.some((definition) => definition.category === "energy")} title="Submedição, área ocupada, percentual e origem da conta, de todas as definições de energia" onClick={() => setDialog("energy")}>Atualizar preferências de energia</Button>
        </div>
      )}
      <Grid name="Definições de encargos" columns={columns} rows={contract.definitions} rowKey={(d) => `${d.definition_id}-${d.version}`} onOpen={(d) => { open(d); setDialog("editor"); }} empty="Nenhuma definição ainda. Inclua a primeira em “Adicionar registro”." />
      {dialog === "editor" && <DefinitionEditor contract={contract} definition={opened} may={may} onClose={() => setDialog(undefined)} />}
      {dialog === "tax" && <ResetTaxCodes contract={contract} onClose={() => setDialog(undefined)} />}
      {dialog === "meters" && <AssociateMissingMeters contract={contract} onClose={() => setDialog(undefined)} />}
      {dialog === "energy" && <EnergyPreferences contract={contract} onClose={() => setDialog(undefined)} />}
    </>
  );
}
