// "Registrar Cobrança": the customers of a month with what is due, "Cobrar" or "Finalizada" (CLO-09).
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { ClosingSummary } from "../../api/schema";
import { useMay, useToday } from "../../app/me";
import { addMonths, day, month as monthText } from "../../format/date";
import { brl, money } from "../../format/money";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { Heading, Totals } from "../../parts/show";
import { Tag } from "../../parts/Tag";
import { Tool, whyNot } from "../../parts/Tool";
import { usePages } from "../../parts/remote";
import { ChargeClosing } from "./ChargeClosing";
import { dueText } from "./columns";

const COLUMNS: Column<ClosingSummary>[] = [
  { key: "cliente", title: "Cliente", text: (c) => c.customer, width: 220, grow: 400 },
  { key: "contrato", title: "Contrato", text: (c) => c.contract_title, width: 180, grow: 300 },
  { key: "emissao", title: "Data de emissão", text: (c) => day(c.issued_on), by: (c) => c.issued_on, width: 110, grow: 1 },
  { key: "devido", title: "Valor total devido (R$)", text: dueText, amount: (c) => c.due, align: "right", width: 150, grow: 1 },
  { key: "cobrado", title: "Valor total cobrado (R$)", text: (c) => money(c.charged), amount: (c) => c.charged, align: "right", width: 156, grow: 1 },
  { key: "situacao", title: "Situação", text: (c) => c.situation, show: (c) => <Tag tone={c.situation === "Finalizada" ? "ok" : "live"}>{c.situation}</Tag>, width: 96, grow: 1 },
];

export function RegisterCharge() {
  const today = useToday();
  const navigate = useNavigate();
  const may = useMay("closings:freeze");
  const [month, setMonth] = useWord("mes", today && addMonths(today.slice(0, 7), -1));
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [charging, setCharging] = useState<ClosingSummary>();
  const list = usePages({
    key: ["closings", month, ""],
    enabled: month !== "",
    page: (cursor) => answer(api.GET("/closings", { params: { query: { month, cursor } } })),
  });
  const rows = list.rows;
  const chosen = rows?.filter((closing) => ticked.has(closing.id)) ?? [];
  const months = today ? Array.from({ length: 13 }, (_, i) => addMonths(today.slice(0, 7), -i)) : [];
  return (
    <>
      <Heading title="Registrar Cobrança">
        <Choice label="" placeholder="Mês" required options={months.map((value) => ({ value, label: monthText(value) }))} value={month} onChange={(next) => setMonth(next ?? "")} w={120} />
        {may && <Tool words="Cobrar" variant="filled" chosen={chosen} why={whyNot("charge", chosen)} one onClick={() => setCharging(chosen[0])} />}
      </Heading>
      <Totals items={[["Cobranças do mês", list.first?.count ?? "…"], ["Total devido", list.first ? brl(list.first.total) : "…"]]} />
      <Grid name="Cobranças" columns={COLUMNS} rows={rows} rowKey={(c) => c.id} error={list.error} retry={list.retry} order="cliente" ticked={ticked} onTick={tick} more={list.more} onOpen={(c) => void navigate({ to: `/fechamentos/${c.customer_id}/${c.id}` })} empty="Nenhuma cobrança neste mês." />
      {charging && <ChargeClosing path={{ customer_id: charging.customer_id, closing_id: charging.id }} customer={charging.customer} onClose={() => setCharging(undefined)} />}
    </>
  );
}
