// "Definições de encargos": the list, "Adicionar registro", and the three tools of the manual 002.
import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, useOnce } from "../../api/client";
import { labels, subcategories } from "../../api/labels";
import type { ChargeDefinition, Contract, Proposal } from "../../api/schema";
import { useToday } from "../../app/me";
import { day } from "../../format/date";
import { Action } from "../../parts/Action";
import { DayInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { ProblemNote } from "../../parts/Problem";
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
        <Tool
          title="Associar medidores ausentes" about="Cada item ganha o medidor da UdM que uma definição de uso cita e que ele não tem." onClose={() => setDialog(undefined)}
          propose={(header) => answer(api.POST("/customers/{customer_id}/contracts/{contract_id}/missing-meters/proposal", { params: { path, header } }))}
          apply={(proposal) => answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/missing-meters", { params: { path, header: ifMatch(contract.version) }, body: { proposal } }))}
        />
      )}
    </>
  );
}

function ResetTaxCodes({ contract, onClose }: { contract: Contract; onClose: () => void }) {
  const today = useToday();
  const [from, setFrom] = useState<string | undefined>(today);
  const path = contractPath(contract);
  return (
    <Tool
      of={from} title="Redefinir códigos tributários" about="Os códigos das definições passam a ser os dos itens de contrato, a partir da data." onClose={onClose} ready={from !== undefined}
      propose={(header) => answer(api.POST("/customers/{customer_id}/contracts/{contract_id}/tax-codes/proposal", { params: { path, header }, body: { valid_from: from! } }))}
      apply={(proposal) => answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/tax-codes", { params: { path, header: ifMatch(contract.version) }, body: { valid_from: from!, proposal } }))}
    >
      <DayInput label="A partir de" value={from} onChange={setFrom} />
    </Tool>
  );
}

type ToolProps = {
  title: string;
  about: string;
  onClose: () => void;
  ready?: boolean;
  /** What was asked for: another asks for another proposal. */
  of?: string | undefined;
  propose: (header: { "Idempotency-Key": string }) => Promise<Proposal>;
  apply: (proposal: string) => Promise<unknown>;
  children?: ReactNode;
};

/** Shows what a tool would change, and then does that and nothing else. */
function Tool({ title, about, onClose, ready = true, of, propose, apply, children }: ToolProps) {
  const { header, renew } = useOnce();
  const [shown, setShown] = useState<{ of: string | undefined; proposal: Proposal }>();
  const [error, setError] = useState<unknown>();
  const proposal = shown?.of === of ? shown?.proposal : undefined;
  const ask = async () => {
    setError(undefined);
    try {
      setShown({ of, proposal: await propose(header) });
    } catch (failure) {
      setError(failure);
    }
    renew();
  };
  const changes = proposal?.items.flatMap((one) => one.changes.map((change) => ({ ...change, title: one.title })));
  return (
    <Action title={title} onClose={onClose} ready={ready && (changes?.length ?? 0) > 0} run={() => apply(proposal!.proposal)} warning={about}>
      {children}
      <div className="bar"><Button variant="default" disabled={!ready} onClick={() => void ask()}>Ver o que muda</Button></div>
      <ProblemNote error={error} />
      {changes?.length === 0 && <div className="box soft">O contrato já está assim: nada muda.</div>}
      {changes && changes.length > 0 && (
        <table className="plain">
          <thead><tr><th>Definição ou item</th><th>Campo</th><th>Antes</th><th>Depois</th></tr></thead>
          <tbody>{changes.map((change, i) => <tr key={i}><td>{change.title}</td><td>{change.label}</td><td>{change.before}</td><td>{change.after}</td></tr>)}</tbody>
        </table>
      )}
    </Action>
  );
}
