// "Títulos rejeitados": why the bank refused each, and the fields to mend before it goes again.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { RejectedTitle } from "../../api/schema";
import { usePaymentProfiles, useToday } from "../../app/me";
import { addMonths, day, firstDay, lastDay } from "../../format/date";
import { money } from "../../format/money";
import { Choice, DayInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { Heading } from "../../parts/show";
import { allPages } from "../../parts/remote";

const COLUMNS: Column<RejectedTitle>[] = [
  { key: "fatura", title: "Fatura", text: (t) => String(t.number), by: (t) => t.number, width: 80, grow: 1 },
  { key: "vencimento", title: "Vencimento", text: (t) => day(t.due_on), by: (t) => t.due_on, width: 104, grow: 1 },
  { key: "valor", title: "Valor (R$)", text: (t) => money(t.amount), amount: (t) => t.amount, align: "right", width: 110, grow: 1 },
  { key: "motivo", title: "O banco disse", text: (t) => t.rejection.map((r) => r.text).join("; "), width: 240, grow: 300, wraps: true },
  { key: "corrigir", title: "O que corrigir", text: (t) => t.rejection.flatMap((r) => r.mends.map((m) => m.advice)).join(" "), width: 240, grow: 300 },
];

export function RejectedTitles() {
  const today = useToday();
  const navigate = useNavigate();
  const profiles = usePaymentProfiles();
  const [chosen, choose] = useWord("profile");
  const profile = chosen || profiles.data?.[0]?.id || "";
  const month = today.slice(0, 7);
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState<string>();
  const range = month ? { due_from: from ?? firstDay(addMonths(month, -2)), due_to: to ?? lastDay(addMonths(month, 2)) } : undefined;
  const list = useQuery({
    queryKey: ["rejected-titles", profile, range],
    enabled: profile !== "" && range !== undefined,
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/payment-profiles/{profile_id}/rejected-titles", { params: { path: { profile_id: profile }, query: { ...range!, cursor } } })))).items,
  });
  return (
    <>
      <Heading title="Títulos rejeitados">
        <Choice label="Profile" required options={(profiles.data ?? []).map((one) => ({ value: one.id, label: one.name }))} value={profile} onChange={(next) => choose(next ?? "")} w={220} />
        <DayInput label="Vencimento de" value={range?.due_from} onChange={setFrom} w={110} />
        <DayInput label="até" value={range?.due_to} onChange={setTo} w={110} />
      </Heading>
      <Grid name="Títulos rejeitados" columns={COLUMNS} rows={list.data} rowKey={(t) => t.invoice_id} error={profiles.error ?? list.error} retry={() => void list.refetch()} order="vencimento" onOpen={(t) => void navigate({ to: `/clientes/${t.customer_id}`, search: { fatura: t.invoice_id } } as never)} empty="Nenhum título rejeitado neste intervalo." />
    </>
  );
}
