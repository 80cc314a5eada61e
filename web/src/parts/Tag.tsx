import type { ReactNode } from "react";
import { labels } from "../api/labels";

export type Tone = "ok" | "bad" | "warn" | "live" | "";

/** A state: always a word, never colour alone. */
export const Tag = ({ tone = "", children }: { tone?: Tone; children: ReactNode }) => <span className={`tag ${tone}`}>{children}</span>;

const TONES: Record<string, Tone> = {
  settled: "ok", done: "ok", frozen: "ok", active: "ok", registered: "ok", applied: "ok", sent: "ok", delivered: "ok", read: "ok",
  confirmed: "ok", open: "live", running: "live", processed: "live", unbilled: "live", transmitted: "live", awaiting: "live",
  suspended: "warn", waiting: "warn", awaiting_activation: "warn", cancellation_requested: "warn", uncertain: "warn", queued: "warn",
  held: "warn", rejected: "bad", failed: "bad", refused: "bad", bounced: "bad",
};

/** A value of an enum as people call it: <State of="InvoiceStatus" is={invoice.status} /> */
export function State<K extends keyof typeof labels>({ of, is }: { of: K; is: keyof (typeof labels)[K] & string }) {
  return <Tag tone={TONES[is] ?? ""}>{String(labels[of][is])}</Tag>;
}
