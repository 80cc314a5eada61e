// Pix received on a profile's key, pasted from the bank's statement: each settles the invoice of its txid or amount (PAY-03).
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { PixReceipt, ProfileView } from "../../api/schema";
import { day, parseDay } from "../../format/date";
import { brl, parseMoney } from "../../format/money";
import { Action } from "../../parts/Action";

/** "identificador; data; valor; txid", from a file or from a spreadsheet's cells. */
export function receiptsIn(text: string): { receipts: PixReceipt[]; unread: string[] } {
  const receipts: PixReceipt[] = [];
  const unread: string[] = [];
  for (const line of text.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const [id, on, paid, txid] = line.split(/[;\t]/).map((cell) => cell.trim());
    const receivedOn = parseDay(on ?? "");
    const amount = parseMoney(paid ?? "");
    if (id && receivedOn !== undefined && amount !== undefined) receipts.push({ end_to_end_id: id, received_on: receivedOn, amount, ...(txid ? { txid } : {}) });
    else unread.push(line);
  }
  return { receipts, unread };
}

export function PixReceipts({ profile, onClose }: { profile: ProfileView; onClose: () => void }) {
  const [text, setText] = useState("");
  const { receipts, unread } = receiptsIn(text);
  return (
    <Action
      title={`Pix recebidos em ${profile.name}`} button="Importar" size="xl" onClose={onClose} ready={receipts.length > 0 && unread.length === 0}
      items={receipts.map((receipt) => ({ id: receipt.end_to_end_id, text: `${day(receipt.received_on)} · ${brl(receipt.amount)} · ${receipt.end_to_end_id}` }))}
      warning={unread.length > 0 ? <>Linhas que não puderam ser lidas: {unread.join(" | ")}</> : undefined}
      triesFirst
      run={(header, _confirmed, dryRun) => answer(api.POST("/payment-profiles/{profile_id}/pix-receipts", { params: { path: { profile_id: profile.id }, header, query: { dry_run: dryRun } }, body: { receipts } }))}
    >
      <Textarea label="Um Pix por linha: identificador fim a fim; data; valor; txid, se houver" description="Colado do extrato do banco, separado por ponto e vírgula ou por colunas. O mesmo Pix só entra uma vez." autosize minRows={4} maxRows={12} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus />
    </Action>
  );
}
