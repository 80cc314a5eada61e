// "Meu caixa" (PAY-09): opened with what is in the drawer, emptied into a bank or safe, counted and closed; what each person had.
import { Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import type { ShownSession } from "../../api/schema";
import { named, useCashAccounts, useMay } from "../../app/me";
import { instant } from "../../format/date";
import { brl, cents, fromCents } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice, MoneyInput, WordsInput } from "../../parts/fields";
import { HistoryButton } from "../../parts/HistoryButton";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Totals, Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";
import { full, MeansInputs, meansText, type Typed } from "./means";
import { useOwnSessions } from "./queries";
import { ReceiptTable } from "./Receipts";
import { allPages } from "../../parts/remote";

type Dialog = { tool: "open" } | { tool: "withdraw" | "close"; session: ShownSession };

export function MyCashBox() {
  const own = useOwnSessions();
  const accounts = useCashAccounts();
  const boxes = (accounts.data ?? []).filter((one) => one.kind === "cash_box");
  const [chosen, choose] = useWord("caixa");
  const box = boxes.find((one) => one.id === chosen) ?? boxes[0];
  const maySettle = useMay("payments:settle");
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  return (
    <>
      <Heading title="Meu caixa">
        {maySettle && <Button onClick={() => setDialog({ tool: "open" })}>Abrir caixa</Button>}
      </Heading>
      <ProblemNote error={own.error} retry={() => void own.refetch()} />
      {own.isPending && <Wait />}
      {own.data?.length === 0 && <div className="box soft">Você não tem caixa aberto.</div>}
      {own.data?.map((session) => <Session key={session.id} session={session} onTool={(tool) => setDialog({ tool, session })} />)}
      {box && (
        <section aria-label="Caixas de cada pessoa">
          <div className="bar">
            <h2>Quem teve o caixa</h2>
            <Choice label="" placeholder="Caixa" required options={boxes.map((one) => ({ value: one.id, label: one.name }))} value={box.id} onChange={(next) => choose(next ?? "")} w={240} />
          </div>
          <Sessions accountId={box.id} onClose={(session) => setDialog({ tool: "close", session })} />
        </section>
      )}
      {dialog?.tool === "open" && <OpenBox boxes={boxes} onClose={close} />}
      {dialog?.tool === "withdraw" && <Withdraw session={dialog.session} onClose={close} />}
      {dialog?.tool === "close" && <CloseBox session={dialog.session} onClose={close} />}
    </>
  );
}

function Session({ session, onTool }: { session: ShownSession; onTool: (tool: "withdraw" | "close") => void }) {
  const accounts = named(useCashAccounts().data);
  const path = { account_id: session.account_id, session_id: session.id };
  const receipts = useQuery({
    queryKey: ["cash-sessions", session.id, "receipts", session.version],
    queryFn: () => allPages((cursor) => answer(api.GET("/cash-accounts/{account_id}/sessions/{session_id}/receipts", { params: { path, query: { cursor } } }))),
  });
  return (
    <section className="box" aria-label={accounts(session.account_id)}>
      <div className="bar">
        <b>{accounts(session.account_id)}</b> <span className="soft">aberto em {instant(session.opened_at)}</span>
        <span className="grow" />
        <HistoryButton of={{ id: session.id, title: accounts(session.account_id) }} read={() => allPages((cursor) => answer(api.GET("/cash-accounts/{account_id}/sessions/{session_id}/history", { params: { path, query: { cursor } } })))} />
        <Button variant="default" onClick={() => onTool("withdraw")}>Retirar</Button>
        <Button onClick={() => onTool("close")}>Conferir e fechar</Button>
      </div>
      <Totals items={[["Troco inicial", brl(session.opening_cash)], ["Recebido", meansText(session.received) || "nada"], ["Devolvido", meansText(session.given_back) || "nada"], ["Retirado", meansText(session.withdrawn) || "nada"], ["Deve haver", meansText(session.expected_now) || "nada"]]} />
      <ProblemNote error={receipts.error} />
      {receipts.data && receipts.data.items.length > 0 && <ReceiptTable receipts={receipts.data.items} names={receipts.data.names ?? {}} />}
    </section>
  );
}

function Sessions({ accountId, onClose }: { accountId: string; onClose: (session: ShownSession) => void }) {
  const mayClose = useMay("payments:settle", "banking:configure");
  const list = useQuery({ queryKey: ["cash-sessions", accountId], queryFn: () => allPages((cursor) => answer(api.GET("/cash-accounts/{account_id}/sessions", { params: { path: { account_id: accountId }, query: { cursor } } }))) });
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Wait />;
  if (list.data.items.length === 0) return <p className="soft">Este caixa nunca foi aberto por uma pessoa.</p>;
  return (
    <table className="plain">
      <thead><tr><th>Pessoa</th><th>Aberto em</th><th>Fechado em</th><th>Recebido</th><th>Contado</th><th>Diferença</th><th /></tr></thead>
      <tbody>
        {list.data.items.map((one) => (
          <tr key={one.id}>
            <td>{list.data.names?.[one.opened_by] ?? ""}</td>
            <td>{instant(one.opened_at)}</td>
            <td>{one.count ? instant(one.count.at) : <Tag tone="warn">aberto</Tag>}</td>
            <td>{meansText(one.received)}</td>
            <td>{one.count ? meansText(one.count.counted) : ""}</td>
            <td>{one.count ? meansText(one.count.difference) || "nenhuma" : ""}{one.count?.explanation && <div className="soft">{one.count.explanation}</div>}</td>
            <td>{!one.count && mayClose && <Button variant="default" size="compact-xs" onClick={() => onClose(one)}>Conferir e fechar</Button>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OpenBox({ boxes, onClose }: { boxes: { id: string; name: string }[]; onClose: () => void }) {
  const [chosen, choose] = useState<string>();
  const account = chosen ?? (boxes.length === 1 ? boxes[0]!.id : undefined); // not as the dialog opens: the boxes may come later
  const [cash, setCash] = useState<string | undefined>();
  return (
    <Action
      title="Abrir caixa" onClose={onClose} ready={account !== undefined && cash !== undefined} warning={boxes.length === 0 ? "Nenhuma conta do tipo caixa. Inclua uma em “Caixas e bancos”." : undefined}
      run={(header) => answer(api.POST("/cash-sessions", { params: { header }, body: { account_id: account!, opening_cash: cash! } }))}
    >
      <Choice label="Caixa" required options={boxes.map((one) => ({ value: one.id, label: one.name }))} value={account} onChange={choose} />
      <MoneyInput label="Dinheiro na gaveta (troco)" value={cash} onChange={setCash} data-autofocus />
    </Action>
  );
}

function Withdraw({ session, onClose }: { session: ShownSession; onClose: () => void }) {
  const targets = (useCashAccounts().data ?? []).filter((one) => one.id !== session.account_id && one.company_id === session.company_id).map((one) => ({ value: one.id, label: one.name }));
  const [amounts, setAmounts] = useState<Typed>({});
  const [target, setTarget] = useState<string>();
  const [reason, setReason] = useState<string>();
  return (
    <Action
      title="Retirar do caixa" onClose={onClose} ready={target !== undefined && reason !== undefined && meansText(amounts) !== ""}
      run={() => answer(api.PUT("/cash-accounts/{account_id}/sessions/{session_id}/withdrawal", { params: { path: { account_id: session.account_id, session_id: session.id }, header: ifMatch(session.version) }, body: { amounts: full(amounts), target_account_id: target!, reason: reason! } }))}
    >
      <MeansInputs value={amounts} onChange={setAmounts} />
      <Choice label="Banco ou cofre de destino" required options={targets} value={target} onChange={setTarget} />
      <WordsInput label="Motivo" value={reason} onChange={setReason} maxLength={200} />
    </Action>
  );
}

function CloseBox({ session, onClose }: { session: ShownSession; onClose: () => void }) {
  const [counted, setCounted] = useState<Typed>({});
  const [explanation, setExplanation] = useState("");
  const count = full(counted);
  const expected = session.expected_now;
  const minus = (a: string, b: string | undefined) => fromCents(cents(a) - cents(b ?? "0"));
  const difference = { cash: minus(count.cash, expected.cash), debit_card: minus(count.debit_card, expected.debit_card), credit_card: minus(count.credit_card, expected.credit_card), pix: minus(count.pix, expected.pix) };
  const differs = meansText(difference) !== "";
  return (
    <Action
      title="Conferir e fechar o caixa" onClose={onClose} ready={!differs || explanation.trim() !== ""}
      warning={differs ? `Diferença: ${meansText(difference)}. Explique-a: ela vira um lançamento do caixa.` : undefined}
      run={() => answer(api.PUT("/cash-accounts/{account_id}/sessions/{session_id}/closing", { params: { path: { account_id: session.account_id, session_id: session.id }, header: ifMatch(session.version) }, body: { counted: count, ...(explanation.trim() !== "" && { explanation }) } }))}
    >
      <MeansInputs value={counted} onChange={setCounted} words=" contado" />
      <Totals items={[["Deve haver", meansText(expected) || "nada"], ["Diferença", meansText(difference) || "nenhuma", differs]]} />
      <Textarea label="Explicação da diferença" value={explanation} onChange={(event) => setExplanation(event.currentTarget.value)} maxLength={200} />
    </Action>
  );
}
