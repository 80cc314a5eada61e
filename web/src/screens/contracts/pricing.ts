// The kinds of price and their fields, as the editor shows them: one table, no code for each.
import type { ChargeDefinition, ChargeDefinitionInput } from "../../api/schema";
import { decimal, money } from "../../format/money";

export type PricingInput = NonNullable<ChargeDefinitionInput["pricing"]>;
export type Kind = NonNullable<NonNullable<ChargeDefinition["pricing"]>["kind"]>;
export type FieldKind = "money" | "decimal" | "count" | "flag" | "basis" | "mode";
export type PricingField = { name: string; label: string; as: FieldKind; optional?: boolean };
export type PricingShape = { label: string; fields: PricingField[]; rows?: { name: string; label: string; columns: PricingField[] } };

const price = (name: string, label: string, optional = false): PricingField => ({ name, label, as: "decimal", optional });
const TIERS = { name: "tiers", label: "Faixas", columns: [price("up_to", "Até (em branco: sem limite)", true), price("unit_amount", "Preço unitário", true), price("flat", "Valor fixo da faixa", true)] };

export const PRICINGS: Record<Kind, PricingShape> = {
  per_unit: { label: "Preço por unidade", fields: [price("unit_price", "Taxa")] },
  flat: { label: "Valor fixo", fields: [{ name: "amount", label: "Valor", as: "money" }, { name: "basis", label: "Proporção", as: "basis", optional: true }, { name: "fixed_cost", label: "É custo fixo", as: "flag" }] },
  allowance: { label: "Franquia e excedente", fields: [price("allowance", "Franquia"), { name: "fee", label: "Valor da franquia", as: "money" }, price("excess_price", "Preço do excedente", true), { name: "shared", label: "Compartilhada entre os itens", as: "flag" }] },
  graduated: { label: "Faixas, cada uma ao seu preço", fields: [], rows: TIERS },
  volume: { label: "Faixa alcançada vale para tudo", fields: [], rows: TIERS },
  package: { label: "Pacotes", fields: [price("size", "Unidades por pacote"), price("unit_price", "Preço do pacote"), price("free_units", "Unidades gratuitas", true)] },
  percentage: { label: "Percentual", fields: [price("rate_percent", "Percentual"), { name: "flat", label: "Valor fixo por evento", as: "money", optional: true }, { name: "free_events", label: "Eventos gratuitos", as: "count", optional: true }, { name: "free_amount", label: "Valor gratuito", as: "money", optional: true }, { name: "min", label: "Mínimo", as: "money", optional: true }, { name: "max", label: "Máximo", as: "money", optional: true }] },
  catalog: { label: "Preço do item de cobrança", fields: [] },
  flat_bands: { label: "Valor fixo por faixa", fields: [price("excess_price", "Preço acima da última", true)], rows: { name: "tiers", label: "Faixas", columns: [price("up_to", "Até"), { name: "fee", label: "Valor", as: "money" }] } },
  blocks: { label: "Blocos", fields: [{ name: "mode", label: "Modo", as: "mode", optional: true }], rows: { name: "blocks", label: "Blocos", columns: [price("size", "Unidades por bloco"), { name: "max", label: "Blocos na faixa (−1: sem limite)", as: "count" }, price("price", "Preço do bloco")] } },
  minimum_commitment: { label: "Compromisso mínimo", fields: [{ name: "minimum", label: "Mínimo", as: "money" }] },
};

/** "Franquia e excedente: Franquia 1.000, Valor da franquia 150,00" */
export function pricingText(pricing: ChargeDefinition["pricing"]): string {
  if (pricing === undefined) return "o valor de cada transação";
  const shape = PRICINGS[pricing.kind];
  const values = pricing as unknown as Record<string, unknown>;
  const told = shape.fields.flatMap(({ name, label, as }) => {
    const value = values[name];
    if (typeof value !== "string" || as === "basis" || as === "mode") return [];
    return [`${label} ${as === "money" ? money(value) : decimal(value)}`];
  });
  const rows = shape.rows ? values[shape.rows.name] : undefined;
  if (Array.isArray(rows)) told.push(`${rows.length} ${rows.length === 1 ? "faixa" : "faixas"}`);
  return told.length ? `${shape.label}: ${told.join(", ")}` : shape.label;
}
