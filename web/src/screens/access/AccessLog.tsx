// "Quem leu": the accesses of a person, or to a thing, in a period (SEC-07, REP-03).
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { filters, operations } from "../../api/operations";
import type { Access } from "../../api/schema";
import { permissionWords, useMay, useToday } from "../../app/me";
import { instant } from "../../format/date";
import { CustomerPicker } from "../../parts/CustomerPicker";
import { Choice, DayInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { allPages, usePages } from "../../parts/remote";
import { Forbidden, Heading } from "../../parts/show";

/** The route as the log keeps it, in the words of the API's description; an operation that is no more keeps none. */
const words = (route: string) => operations[route.replace(/<(\w+)>/g, "{$1}")] ?? "Operação que não existe mais";
const filterWords = (names: string[]) => [...new Set(names.flatMap((name) => filters[name] ?? []))].join(", ");

type Asked = { person?: string; subject?: string; from: string; to: string };

export function AccessLog() {
  const may = useMay("access:manage");
  const today = useToday();
  const [person, setPerson] = useState<string>();
  const [subject, setSubject] = useState<string>();
  const [from, setFrom] = useState<string | undefined>(today);
  const [to, setTo] = useState<string | undefined>(today);
  const [asked, ask] = useState<Asked>();
  const people = useQuery({ queryKey: ["members"], enabled: may, queryFn: async () => (await allPages((cursor) => answer(api.GET("/members", { params: { query: { cursor } } })))).items });
  const list = usePages({
    key: ["access-log", asked],
    enabled: may && asked !== undefined,
    page: (cursor) => answer(api.GET("/access-log", { params: { query: { from: asked!.from, to: asked!.to, person_id: asked!.person, subject_id: asked!.subject, cursor } } })),
  });
  if (!may) return <><Heading title="Quem leu" /><Forbidden words={permissionWords("access:manage")} /></>;
  const names = list.names;
  const columns: Column<Access>[] = [
    { key: "em", title: "Em", text: (a) => instant(a.at), by: (a) => a.at, width: 140, grow: 1 },
    { key: "quem", title: "Quem", text: (a) => names[a.actor_id] ?? "—", width: 160, grow: 100 },
    { key: "oque", title: "O que pediu", text: (a) => words(a.route), width: 300, grow: 400, wraps: true },
    { key: "de", title: "De quem, ou do quê", text: (a) => Object.values(a.subjects).map((id) => names[id] ?? "").filter(Boolean).join(" · "), width: 200, grow: 200, wraps: true },
    { key: "filtros", title: "Filtros usados", text: (a) => filterWords(a.filters), width: 130, grow: 60, wraps: true },
  ];
  const ready = from !== undefined && to !== undefined && (person === undefined) !== (subject === undefined);
  return (
    <>
      <Heading title="Quem leu" />
      <form className="bar" style={{ alignItems: "end" }} onSubmit={(event) => { event.preventDefault(); if (ready) ask({ person, subject, from, to }); }}>
        <Choice label="Pessoa" options={(people.data ?? []).map((one) => ({ value: one.user_id, label: one.name }))} value={person} onChange={setPerson} w={200} />
        <CustomerPicker label="ou cliente" value={subject} onChange={setSubject} />
        <DayInput label="De" value={from} onChange={setFrom} />
        <DayInput label="Até" value={to} onChange={setTo} />
        <Button type="submit" disabled={!ready}>Consultar</Button>
      </form>
      <Grid name="Acessos" columns={columns} rows={asked ? list.rows : []} rowKey={(a) => `${a.at} ${a.actor_id} ${a.route}`} error={list.error} retry={list.retry} order="-em" more={list.more} empty={asked ? "Nenhum acesso no período." : "Escolha uma pessoa, ou o cliente de quem se leu, e o período."} />
    </>
  );
}
