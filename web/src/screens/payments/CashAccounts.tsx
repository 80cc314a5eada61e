// "Caixas e bancos": accounts, their movements by month, closing up to a day (PAY-10).
import { Button, TextInput, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { AccountKind, CashAccount, CashMovement } from "../../api/schema";
import { named, useCashAccounts, useCompanies, useMay, useToday } from "../../app/me";
import { addMonths, day, firstDay, lastDay, month as monthText } from "../../format/date";
import { brl, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { CompanyChoice } from "../../parts/CompanyChoice";
import { Choice, DayInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { HistoryButton } from "../../parts/HistoryButton";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { allPages, usePages } from "../../parts/remote";
import { Heading, Totals, Wait } from "../../parts/show";

const COLUMNS: Column<CashMovement>[] = [
  { key: "em", title: "Data", text: (m) => day(m.on), by: (m) => m.on, width: 96, grow: 1 },
  { key: "tipo", title: "Lançamento", text: (m) => labels.MovementKind[m.kind], width: 160, grow: 60 },
  { key: "previsto", title: "Previsto", text: (m) => (m.is_expected ? "a conciliar" : ""), width: 100, grow: 1 },
  { key: "entrada", title: "Entrada (R$)", text: (m) => (m.amount.startsWith("-") ? "" : money(m.amount)), amount: (m) => (m.amount.startsWith("-") ? "" : m.amount), align: "right", width: 110, grow: 1 },
  { key: "saida", title: "Saída (R$)", text: (m) => (m.amount.startsWith("-") ? money(m.amount) : ""), amount: (m) => (m.amount.startsWith("-") ? m.amount : ""), align: "right", width: 110, grow: 1 },
  { key: "evento", title: "Data do banco", text: (m) => day(m.event_on), by: (m) => m.event_on, width: 110, grow: 1 },
];

export function CashAccounts() {
  const today = useToday();
  const accounts = useCashAccounts();
  const [chosen, choose] = useWord("conta");
  const account = accounts.data?.find((one) => one.id === chosen) ?? accounts.data?.[0];
  const [month, setMonth] = useWord("mes", today.slice(0, 7));
  const may = useMay("banking:configure");
  const [dialog, setDialog] = useState<"new" | "close" | "reopen">();
  const months = today ? Array.from({ length: 13 }, (_, i) => addMonths(today.slice(0, 7), -i)) : [];
  return (
    <>
      <Heading title="Caixas e bancos">
        <Choice label="" placeholder="Mês" required options={months.map((value) => ({ value, label: monthText(value) }))} value={month} onChange={(next) => setMonth(next ?? "")} w={120} />
        <HistoryButton of={account && { id: account.id, title: account.name }} read={(id) => allPages((cursor) => answer(api.GET("/cash-accounts/{account_id}/history", { params: { path: { account_id: id }, query: { cursor } } })))} />
        {may && account && <Button variant="default" onClick={() => setDialog("close")}>Fechar até um dia</Button>}
        {may && account?.closed_until && <Button variant="default" onClick={() => setDialog("reopen")}>Reabrir</Button>}
        {may && <Button onClick={() => setDialog("new")}>Nova conta</Button>}
      </Heading>
      <ProblemNote error={accounts.error} retry={() => void accounts.refetch()} />
      {accounts.isPending && <Wait />}
      {accounts.data?.length === 0 && <div className="box soft">Nenhuma conta ainda. Inclua a primeira em “Nova conta”.</div>}
      {accounts.data && accounts.data.length > 0 && <Accounts accounts={accounts.data} chosen={account?.id} onChoose={choose} />}
      {account && month && <Movements account={account} month={month} />}
      {dialog === "new" && <NewAccount onClose={() => setDialog(undefined)} />}
      {dialog === "reopen" && account && <ReopenAccount account={account} onClose={() => setDialog(undefined)} />}
      {dialog === "close" && account && <CloseAccount account={account} onClose={() => setDialog(undefined)} />}
    </>
  );
}

/** Every account with its balance; the chosen one's movements stand below. */
function Accounts({ accounts, chosen, onChoose }: { accounts: CashAccount[]; chosen: string | undefined; onChoose: (id: string) => void }) {
  const companies = named(useCompanies().data);
  const balances = useQuery({ queryKey: ["balance"], queryFn: async () => (await answer(api.GET("/cash-balances"))).items });
  const of = (id: string) => balances.data?.find((one) => one.account_id === id);
  return (
    <div className="box accounts">
      <ProblemNote error={balances.error} retry={() => void balances.refetch()} />
      <table className="plain">
        <thead><tr><th>Conta</th><th>Tipo</th><th>Empresa</th><th>Fechada até</th><th className="num">A conciliar (R$)</th><th className="num">Saldo (R$)</th></tr></thead>
        <tbody>
          {accounts.map((one) => (
            <tr key={one.id} aria-current={one.id === chosen ? "true" : undefined}>
              <td><UnstyledButton className="link" onClick={() => onChoose(one.id)}>{one.name}</UnstyledButton></td>
              <td>{labels.AccountKind[one.kind]}</td>
              <td>{companies(one.company_id)}</td>
              <td>{one.closed_until ? day(one.closed_until) : "—"}</td>
              <td className="num">{money(of(one.id)?.expected)}</td>
              <td className="num"><b>{money(of(one.id)?.balance)}</b></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Movements({ account, month }: { account: CashAccount; month: string }) {
  const path = { account_id: account.id };
  const balance = useQuery({
    queryKey: ["balance", account.id, month],
    queryFn: () => answer(api.GET("/cash-accounts/{account_id}/balance", { params: { path, query: { from: firstDay(month), to: lastDay(month) } } })),
  });
  const list = usePages({
    key: ["movements", account.id, month],
    page: (cursor) => answer(api.GET("/cash-accounts/{account_id}/movements", { params: { path, query: { month, limit: 100, cursor } } })),
  });
  return (
    <>
      <ProblemNote error={balance.error} />
      <Totals items={[[`${account.name}: movimento do mês`, balance.data ? brl(balance.data.moved) : "…"], ["A conciliar no mês", balance.data ? brl(balance.data.expected) : "…"]]} />
      <Grid name="Movimentos" columns={COLUMNS} rows={list.rows} rowKey={(m) => m.id} error={list.error} retry={list.retry} order="em" more={list.more} empty="Nenhum movimento neste mês." />
    </>
  );
}

function NewAccount({ onClose }: { onClose: () => void }) {
  const [company, setCompany] = useState<string>();
  const [kind, setKind] = useState<AccountKind>("bank");
  const [name, setName] = useState("");
  return (
    <Action title="Nova conta" onClose={onClose} ready={company !== undefined && name.trim() !== ""} run={(header) => answer(api.POST("/cash-accounts", { params: { header }, body: { company_id: company!, kind, name } }))}>
      <CompanyChoice value={company} onChange={setCompany} />
      <Choice label="Tipo" required options={labels.AccountKind} value={kind} onChange={(next) => next && setKind(next)} />
      <TextInput label="Nome" value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
    </Action>
  );
}

function CloseAccount({ account, onClose }: { account: CashAccount; onClose: () => void }) {
  const [until, setUntil] = useState<string>();
  return (
    <Action title={`Fechar ${account.name}`} onClose={onClose} ready={until !== undefined} warning="Nada mais é lançado até este dia: o que o banco disser depois entra no primeiro dia aberto." run={(header) => answer(api.POST("/cash-accounts/{account_id}/closing", { params: { path: { account_id: account.id }, header: { ...header, ...ifMatch(account.version) } }, body: { until: until! } }))}>
      <DayInput label="Até" value={until} onChange={setUntil} data-autofocus />
    </Action>
  );
}

function ReopenAccount({ account, onClose }: { account: CashAccount; onClose: () => void }) {
  const [until, setUntil] = useState<string>();
  const [reason, setReason] = useState("");
  return (
    <Action
      title={`Reabrir ${account.name}`} onClose={onClose} ready={reason.trim() !== ""} warning={`Está fechada até ${day(account.closed_until)}. O motivo fica no histórico.`}
      run={(header) => answer(api.POST("/cash-accounts/{account_id}/reopening", { params: { path: { account_id: account.id }, header: { ...header, ...ifMatch(account.version) } }, body: { until, reason } }))}
    >
      <DayInput label="Segue fechada até (em branco: reabre tudo)" value={until} onChange={setUntil} />
      <TextInput label="Motivo" value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
    </Action>
  );
}
