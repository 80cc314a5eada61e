// The dialog of every command: its fields, what it will be done to, "Tem certeza", and what became of each item.
import { Button, Checkbox } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from "react";
import { ProblemError, useOnce } from "../api/client";
import { labels } from "../api/labels";
import type { BatchAnswer, ItemAnswer } from "../api/schema";
import { queries } from "../app/queries";
import { Clash, type Draft } from "./Clash";
import { Dialog } from "./Dialog";
import { ProblemNote } from "./Problem";
import { inSight } from "./show";
import { Tag } from "./Tag";

export type Item = { id: string; text: string };

type Props = {
  title: string;
  onClose: () => void;
  /** What it is done to. */
  items?: Item[];
  /** Said above the button, when there is something to know first. */
  warning?: ReactNode;
  /** Fields are complete. */
  ready?: boolean;
  button?: string;
  /** Does it, under the key of this dialog; a batch's answer is shown item by item. `confirmed`: after the API asked. `dryRun`: only tells. */
  run: (header: { "Idempotency-Key": string }, confirmed: boolean, dryRun: true | undefined) => Promise<unknown>;
  /** The API can tell first what it would refuse: asked when "Tem certeza" is ticked, and shown before the deed. */
  triesFirst?: boolean;
  onDone?: (answer: unknown) => void;
  /** Ids of the refused items, which stay ticked. */
  onRefused?: (ids: string[]) => void;
  /** What became of the refused ones, where they are not what was ticked. */
  refusedAre?: string;
  size?: string;
  children?: ReactNode;
  /** What is being changed, where another person may change it meanwhile; what the values of its fields are called. */
  draft?: Draft<any>;
  words?: Record<string, Record<string, string>>;
};

/** Refused until the person says that it is meant. */
const onlyAsks = (item: ItemAnswer) => item.outcome === "refused" && item.reasons.length > 0 && item.reasons.every((reason) => reason.severity === "asks");

const isBatch = (answer: unknown): answer is BatchAnswer =>
  Array.isArray((answer as BatchAnswer | undefined)?.items) && (answer as BatchAnswer).items.every((item) => "outcome" in item);

export function Action(props: Props) {
  const { header } = useOnce();
  const [sure, setSure] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [touched, setTouched] = useState(false);
  const [answers, setAnswers] = useState<ItemAnswer[]>();
  const [named] = useState(props.items ?? []); // as the dialog opened: what was done has left the list
  const [foreseen, setForeseen] = useState<ItemAnswer[]>();
  const asks = error instanceof ProblemError && (error.problem.reasons ?? []).some((r) => r.severity === "asks") && !(error.problem.reasons ?? []).some((r) => r.severity === "blocks");
  const able = sure && props.ready !== false && props.draft?.settled !== false && !busy && (foreseen === undefined || foreseen.some((item) => item.outcome !== "refused" || onlyAsks(item)));

  const close = () => {
    if (touched && !answers && !window.confirm("Descartar o que foi preenchido?")) return;
    props.onClose();
  };
  const finish = async (confirmed: boolean) => {
    if (!able) return;
    setBusy(true);
    setError(undefined);
    try {
      const answer = await props.run(header, confirmed || foreseen?.some(onlyAsks) === true, undefined);
      await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "me" });
      const items = isBatch(answer) ? answer.items : [];
      props.onDone?.(answer);
      props.onRefused?.(items.filter((item) => item.outcome === "refused").map((item) => item.id));
      if (items.some((item) => item.outcome !== "done")) setAnswers(items);
      else props.onClose();
    } catch (failure) {
      if (await props.draft?.met(failure)) setSure(false);
      else setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const beSure = async (checked: boolean) => {
    setSure(checked);
    setForeseen(undefined);
    if (!checked || !props.triesFirst || props.ready === false) return;
    setBusy(true);
    setError(undefined);
    try {
      const told = await props.run(header, asks, true);
      if (isBatch(told)) setForeseen(told.items);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const change = () => {
    setTouched(true);
    if (foreseen) void beSure(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void finish(asks);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && event.ctrlKey) void finish(asks);
  };

  return (
    <Dialog onClose={close} title={props.title} size={props.size ?? "lg"}>
      {answers ? (
        <Outcomes answers={answers} items={named} refusedAre={props.refusedAre} onClose={props.onClose} />
      ) : (
        <form onSubmit={submit} onKeyDown={onKeyDown} onChange={change} style={{ display: "grid", gap: 10 }}>
          {props.items && <ItemList items={props.items} />}
          <div key={props.draft?.round} style={{ display: "grid", gap: 10 }}>{props.children}</div>
          {props.warning && <div className="note warn">{props.warning}</div>}
          {props.draft && <Clash draft={props.draft} words={props.words} />}
          {error !== undefined && <div ref={inSight}><ProblemNote error={error} /></div>}
          {foreseen?.some((item) => item.outcome !== "done") && (
            <section aria-label="O que será recusado" ref={inSight}>
              <b>{foreseen.every((item) => item.outcome === "refused" && !onlyAsks(item)) ? "Tudo seria recusado" : "Antes de finalizar"}</b>
              <OutcomeTable answers={foreseen.filter((item) => item.outcome !== "done")} items={props.items ?? []} would />
            </section>
          )}
          <div className="deed">
            <Checkbox checked={sure} onChange={(event) => { event.stopPropagation(); void beSure(event.currentTarget.checked); }} label="Tem certeza que deseja aplicar as alterações" />
            <span className="grow" />
            <Button variant="default" onClick={close}>Cancelar</Button>
            <Button type="submit" disabled={!able} loading={busy} title="Ctrl+Enter">{asks ? "Confirmar assim mesmo" : (props.button ?? "Finalizar")}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function ItemList({ items }: { items: Item[] }) {
  return (
    <div className="box" style={{ maxHeight: 160, overflow: "auto" }} tabIndex={0} aria-label="Itens">
      {items.length === 1 ? items[0]!.text : (
        <>
          <b>{items.length} itens</b>
          <ul style={{ margin: "4px 0 0", paddingLeft: 18 }}>{items.map((item) => <li key={item.id}>{item.text}</li>)}</ul>
        </>
      )}
    </div>
  );
}

const TONE = { done: "ok", warned: "warn", refused: "bad" } as const;

function Outcomes({ answers, items, refusedAre, onClose }: { answers: ItemAnswer[]; items: Item[]; refusedAre?: string | undefined; onClose: () => void }) {
  const refused = answers.some((answer) => answer.outcome === "refused");
  return (
    <div role="status">
      <OutcomeTable answers={answers} items={items} />
      <div className="bar" style={{ marginTop: 10 }}>
        <span className="grow soft">{refused ? (refusedAre ?? "Só as recusadas ficam marcadas.") : ""}</span>
        <Button onClick={onClose} autoFocus>Fechar</Button>
      </div>
    </div>
  );
}

const WOULD = { done: "será feita", warned: "será feita, com aviso", refused: "será recusada" };

function OutcomeTable({ answers, items, would = false }: { answers: ItemAnswer[]; items: Item[]; would?: boolean }) {
  return (
    <table className="plain">
      <thead><tr><th>Item</th><th>Resultado</th><th>Motivos</th></tr></thead>
      <tbody>
        {answers.map((answer, i) => (
          <tr key={answer.id}>
            <td>{items.find((item) => item.id === answer.id)?.text ?? `Item ${i + 1}`}</td>
            <td><Tag tone={TONE[answer.outcome]}>{would ? (onlyAsks(answer) ? "pede confirmação" : WOULD[answer.outcome]) : labels.Outcome[answer.outcome]}</Tag></td>
            <td>{answer.reasons.map((reason, i) => <div key={i}>{reason.message}</div>)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
