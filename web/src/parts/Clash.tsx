// A form over a thing that another person may change meanwhile: what it was opened with, what was typed, and, when the
// API answers that the version is old, what the other changed, field by field, for the person to choose.
import { Radio } from "@mantine/core";
import { useState } from "react";
import { ProblemError } from "../api/client";
import type { History } from "../api/schema";
import { type Field, fieldsChanged, merged, plain } from "./clash";

export type Kept<D> = { data: D; version: number };
type Choice = Record<string, "mine" | "theirs">;
type Clashing<D> = { fields: Field[]; typed: D; theirs: D; chosen: Choice };

export type Draft<D extends object> = {
  data: D;
  set: (changes: Partial<D>) => void;
  version: number;
  /** Changes when fields were filled by a choice: a key for inputs that keep what was typed. */
  round: number;
  clash: (Clashing<D> & { choose: (name: string, whose: "mine" | "theirs") => void }) | undefined;
  /** Every question has been answered. */
  settled: boolean;
  /** Whether the error was an old version, which is now being asked about. */
  met: (error: unknown) => Promise<boolean>;
};

/** `labels`: what the fields are called, where the thing has no history that says it. */
type Reads<D> = { read: () => Promise<Kept<D>>; history?: () => Promise<History>; labels?: Partial<Record<keyof D, string>> };

/** `reads`: absent for what is new, which nobody else can change. */
export function useDraft<D extends object>(start: Kept<D>, reads: Reads<D> | undefined): Draft<D> {
  const [base, setBase] = useState(start);
  const [data, setData] = useState(start.data);
  const [clashing, setClashing] = useState<Clashing<D>>();
  const [round, setRound] = useState(0);
  const choose = (name: string, whose: "mine" | "theirs") => {
    if (clashing === undefined) return;
    const from = whose === "mine" ? clashing.typed : clashing.theirs;
    setData((before) => ({ ...before, [name]: from[name as keyof D] }));
    setClashing({ ...clashing, chosen: { ...clashing.chosen, [name]: whose } });
    setRound((count) => count + 1);
  };
  return {
    data,
    set: (changes) => setData((before) => ({ ...before, ...changes })),
    version: base.version,
    round,
    settled: clashing === undefined || clashing.fields.every((field) => !field.asks || clashing.chosen[field.name] !== undefined),
    clash: clashing && { ...clashing, choose },
    met: async (error) => {
      if (reads === undefined || !(error instanceof ProblemError) || error.problem.status !== 412) return false;
      const now = await Promise.all([reads.read(), reads.history?.()]).catch(() => undefined);
      if (now === undefined) return false;
      const [kept, history] = now;
      const fields = fieldsChanged(base.data, data, kept.data, history?.items ?? [], reads.labels as Record<string, string>);
      setData(merged(data, kept.data, fields));
      setBase(kept);
      setClashing({ fields, typed: data, theirs: kept.data, chosen: {} });
      setRound((count) => count + 1);
      return true;
    },
  };
}

/** `words`: what the values of a field are called, where they are not text. */
export function Clash<D extends object>({ draft, words = {} }: { draft: Draft<D>; words?: Record<string, Record<string, string>> }) {
  const { clash } = draft;
  if (clash === undefined) return null;
  const asked = clash.fields.filter((field) => field.asks);
  const taken = clash.fields.filter((field) => !field.asks);
  const by = [...new Set(clash.fields.map((field) => field.by).filter(Boolean))].join(", ");
  return (
    <div className="note warn" role="alert">
      <b>{by || "Outra pessoa"} alterou este registro enquanto você o editava.</b>
      {asked.length > 0 && <p>Escolha com o que fica cada campo que os dois mudaram, e envie de novo.</p>}
      {asked.map((field) => (
        <Radio.Group key={field.name} label={field.label} value={clash.chosen[field.name] ?? ""} onChange={(whose) => clash.choose(field.name, whose as "mine" | "theirs")}>
          <Radio mt={4} value="mine" label={`Seu: ${plain(clash.typed[field.name as keyof D], words[field.name])}`} />
          <Radio mt={4} value="theirs" label={`${field.by || "Da outra pessoa"}: ${field.theirs}`} />
        </Radio.Group>
      ))}
      {taken.length > 0 && <p>{asked.length > 0 ? "Também mudou, e vale como está agora" : "Mudou, e vale como está agora"}: {taken.map((field) => `${field.label} (${field.theirs})`).join("; ")}.{asked.length === 0 && " Confira e envie de novo."}</p>}
    </div>
  );
}
