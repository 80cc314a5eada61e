// "Contas de serviço público" of a source, by month: entered and corrected (USE-07).
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api, ifMatch, ProblemError } from "../../api/client";
import type { UtilityBill } from "../../api/schema";
import { useMay, useToday } from "../../app/me";
import { month as monthText } from "../../format/date";
import { decimal, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { DecimalInput, MoneyInput, MonthInput, WordsInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { Heading } from "../../parts/show";
import { allPages } from "../../parts/remote";

const COLUMNS: Column<UtilityBill>[] = [
  { key: "mes", title: "Mês de consumo", text: (b) => monthText(b.month), by: (b) => b.month, width: 130, grow: 1 },
  { key: "valor", title: "Valor (R$)", text: (b) => money(b.amount), amount: (b) => b.amount, align: "right", width: 120, grow: 1 },
  { key: "consumo", title: "Consumo", text: (b) => decimal(b.consumption), by: (b) => Number(b.consumption ?? 0), align: "right", width: 120, grow: 1 },
  { key: "area", title: "Área total (m²)", text: (b) => decimal(b.area), by: (b) => Number(b.area ?? 0), align: "right", width: 120, grow: 1 },
  { key: "origem", title: "De onde veio", text: (b) => b.import_source ? "arquivo" : "lançada", width: 120, grow: 60 },
];

export function UtilityBills() {
  const may = useMay("usage:write");
  const [source, setSource] = useWord("origem");
  const [typed, setTyped] = useState(source);
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [tool, setTool] = useState<"add" | "correct">();
  const list = useQuery({
    queryKey: ["utility-bills", source],
    enabled: source !== "",
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/utility-bills", { params: { query: { cursor, source } } })))).items,
  });
  const one = ticked.size === 1 ? list.data?.find((bill) => ticked.has(bill.month)) : undefined;
  const find = (event: FormEvent) => {
    event.preventDefault();
    setSource(typed.trim());
  };
  return (
    <>
      <Heading title="Contas de serviço público">
        {may && <Button variant="default" disabled={!one} onClick={() => setTool("correct")}>Corrigir</Button>}
        {may && <Button onClick={() => setTool("add")}>Lançar conta</Button>}
      </Heading>
      <form className="bar" style={{ alignItems: "end" }} onSubmit={find}>
        <TextInput label="Origem da conta" description="Como as definições de encargos a chamam." value={typed} onChange={(event) => setTyped(event.currentTarget.value)} w={320} />
        <Button type="submit" variant="default" disabled={typed.trim() === ""}>Ver contas</Button>
      </form>
      <Grid name="Contas de serviço público" columns={COLUMNS} rows={source ? list.data : []} rowKey={(b) => b.month} error={list.error} retry={() => void list.refetch()} order="-mes" ticked={ticked} onTick={tick} empty={source ? "Nenhuma conta desta origem." : "Informe a origem da conta."} />
      {tool === "add" && <BillForm source={source} onClose={() => setTool(undefined)} onKept={setSource} />}
      {tool === "correct" && one && <BillForm source={source} bill={one} onClose={() => setTool(undefined)} onKept={setSource} />}
    </>
  );
}

type FormProps = { source: string; bill?: UtilityBill; onClose: () => void; onKept: (source: string) => void };

function BillForm({ source: known, bill, onClose, onKept }: FormProps) {
  const today = useToday();
  const [source, setSource] = useState<string | undefined>(known || undefined);
  const [month, setMonth] = useState<string | undefined>(bill?.month ?? today.slice(0, 7));
  const [amount, setAmount] = useState(bill?.amount);
  const [consumption, setConsumption] = useState(bill?.consumption);
  const [area, setArea] = useState(bill?.area);
  const body = { source: source!, month: month!, amount: amount!, consumption, area };
  return (
    <Action
      title={bill ? `Corrigir a conta de ${monthText(bill.month)}` : "Lançar conta de serviço público"} button="Salvar" onClose={onClose} ready={[source, month, amount].every(Boolean)} onDone={() => onKept(source!)}
      warning={bill ? "O que já foi congelado com esta conta fica como está." : undefined}
      triesFirst={!bill}
      run={async (header, _confirmed, dryRun) => {
        if (bill) return answer(api.PUT("/utility-bills", { params: { header: ifMatch(bill.version) }, body }));
        const report = await answer(api.POST("/utility-bills/batch", { params: { header, query: { dry_run: dryRun } }, body: { bills: [body] } }));
        const refused = report.items.find((item) => item.outcome === "refused");
        if (refused) throw new ProblemError({ type: "urn:mensal:refused", code: "refused", title: "A conta não foi lançada.", status: 422, reasons: refused.reasons }, null);
        return report;
      }}
    >
      <WordsInput label="Origem da conta" disabled={bill !== undefined} value={source} onChange={setSource} data-autofocus />
      <div className="fields">
        <MonthInput label="Mês de consumo" disabled={bill !== undefined} value={month} onChange={setMonth} />
        <MoneyInput label="Valor" value={amount} onChange={setAmount} />
        <DecimalInput label="Consumo faturado" value={consumption} onChange={setConsumption} />
        <DecimalInput label="Área total da origem (m²)" value={area} onChange={setArea} />
      </div>
    </Action>
  );
}
