// "Códigos tributários" and their rates in force from a day on; items and charge definitions name them.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import type { TaxCode } from "../../api/schema";
import { useMay, useToday } from "../../app/me";
import { day } from "../../format/date";
import { decimal } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice, DayInput, DecimalInput, WordsInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { HistoryButton } from "../../parts/HistoryButton";
import { Heading } from "../../parts/show";
import { allPages } from "../../parts/remote";

export const useTaxCodes = () => useQuery({ queryKey: ["tax-codes"], queryFn: async () => (await allPages((cursor) => answer(api.GET("/tax-codes", { params: { query: { cursor } } })))).items });

const inForce = (code: TaxCode, today: string) => code.rates.filter((rate) => rate.valid_from <= today).sort((a, b) => b.valid_from.localeCompare(a.valid_from))[0];

type Tool = "add" | "rate" | "remove";

export function TaxCodes() {
  const today = useToday();
  const may = useMay("catalog:write");
  const list = useTaxCodes();
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [tool, setTool] = useState<Tool>();
  const columns: Column<TaxCode>[] = [
    { key: "codigo", title: "Código", text: (t) => t.code, width: 140, grow: 60 },
    { key: "descricao", title: "Descrição", text: (t) => t.description, width: 260, grow: 400 },
    { key: "aliquota", title: "Alíquota (%)", text: (t) => decimal(inForce(t, today)?.percent), by: (t) => Number(inForce(t, today)?.percent ?? 0), align: "right", width: 110, grow: 1 },
    { key: "desde", title: "Desde", text: (t) => day(inForce(t, today)?.valid_from), by: (t) => inForce(t, today)?.valid_from, width: 100, grow: 1 },
    { key: "vigencias", title: "Vigências", text: (t) => String(t.rates.length), by: (t) => t.rates.length, align: "right", width: 90, grow: 1 },
  ];
  const one = ticked.size === 1 ? list.data?.find((code) => ticked.has(code.code)) : undefined;
  const close = () => setTool(undefined);
  return (
    <>
      <Heading title="Códigos tributários">
        <HistoryButton of={one && { id: one.code, title: one.code }} read={(id) => allPages((cursor) => answer(api.GET("/tax-codes/{code}/history", { params: { path: { code: id }, query: { cursor } } })))} />
        {may && <Button variant="default" disabled={!one} onClick={() => setTool("rate")}>Alíquota</Button>}
        {may && <Button variant="default" disabled={!one} onClick={() => setTool("remove")}>Excluir alíquota</Button>}
        {may && <Button onClick={() => setTool("add")}>Adicionar</Button>}
      </Heading>
      <Grid name="Códigos tributários" columns={columns} rows={list.data} rowKey={(t) => t.code} error={list.error} retry={() => void list.refetch()} order="codigo" ticked={ticked} onTick={tick} empty="Nenhum código ainda. Inclua o primeiro em “Adicionar”." />
      {tool === "add" && <AddCode from={today} onClose={close} />}
      {tool === "rate" && one && <Rate code={one} from={today} onClose={close} />}
      {tool === "remove" && one && <RemoveRate code={one} onClose={close} />}
    </>
  );
}

function AddCode({ from: first, onClose }: { from: string; onClose: () => void }) {
  const [code, setCode] = useState<string>();
  const [description, setDescription] = useState<string>();
  const [percent, setPercent] = useState<string>();
  const [from, setFrom] = useState<string | undefined>(first);
  return (
    <Action
      title="Adicionar código tributário" button="Salvar" onClose={onClose} ready={[code, description, percent, from].every(Boolean)}
      run={(header) => answer(api.POST("/tax-codes", { params: { header }, body: { code: code!, description: description!, percent: percent!, valid_from: from! } }))}
    >
      <WordsInput label="Código" description="Maiúsculas e minúsculas são diferentes." value={code} onChange={setCode} data-autofocus />
      <WordsInput label="Descrição" value={description} onChange={setDescription} />
      <div className="fields">
        <DecimalInput label="Alíquota (%)" value={percent} onChange={setPercent} />
        <DayInput label="Início da vigência" value={from} onChange={setFrom} />
      </div>
    </Action>
  );
}

function Rate({ code, from: first, onClose }: { code: TaxCode; from: string; onClose: () => void }) {
  const [percent, setPercent] = useState<string>();
  const [from, setFrom] = useState<string | undefined>(first);
  const before = code.rates.find((rate) => rate.valid_from === from);
  return (
    <Action
      title={`Alíquota de ${code.code}`} button="Salvar" onClose={onClose} ready={percent !== undefined && from !== undefined}
      warning={before && `Troca a alíquota de ${decimal(before.percent)} % desta mesma vigência.`}
      run={() => answer(api.PATCH("/tax-codes/{code}", { params: { path: { code: code.code }, header: ifMatch(code.version) }, body: { percent: percent!, valid_from: from! } }))}
    >
      <Rates code={code} />
      <div className="fields">
        <DecimalInput label="Alíquota (%)" value={percent} onChange={setPercent} data-autofocus />
        <DayInput label="Início da vigência" value={from} onChange={setFrom} />
      </div>
    </Action>
  );
}

const Rates = ({ code }: { code: TaxCode }) => (
  <table className="plain">
    <thead><tr><th>Vigência</th><th className="num">Alíquota (%)</th></tr></thead>
    <tbody>{code.rates.map((rate) => <tr key={rate.valid_from}><td>desde {day(rate.valid_from)}</td><td className="num">{decimal(rate.percent)}</td></tr>)}</tbody>
  </table>
);

function RemoveRate({ code, onClose }: { code: TaxCode; onClose: () => void }) {
  const [from, setFrom] = useState(code.rates.at(-1)?.valid_from);
  return (
    <Action
      title={`Excluir alíquota de ${code.code}`} button="Excluir" onClose={onClose} ready={from !== undefined} warning={code.rates.length === 1 ? "É a última: o código será excluído." : undefined}
      run={() => answer(api.DELETE("/tax-codes/{code}/rates/{valid_from}", { params: { path: { code: code.code, valid_from: from! }, header: ifMatch(code.version) } }))}
    >
      <Choice label="Alíquota" required options={code.rates.map((rate) => ({ value: rate.valid_from, label: `desde ${day(rate.valid_from)}: ${decimal(rate.percent)} %` }))} value={from} onChange={setFrom} />
    </Action>
  );
}
