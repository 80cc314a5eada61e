// Small things that show: a strip of totals, a list of facts, an explanation, a history, the page's heading.
import { Skeleton } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { instant } from "../format/date";

export function Heading({ title, children }: { title: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Mensal`;
  }, [title]);
  return (
    <div className="bar">
      <h1>{title}</h1>
      <span className="grow" />
      {children}
    </div>
  );
}

/** For `ref`: what has just appeared is scrolled to. */
export const inSight = (element: Element | null) => element?.scrollIntoView({ block: "nearest", inline: "center" });

export const Totals = ({ items }: { items: [string, ReactNode, boolean?][] }) => (
  <dl className="totals">
    {items.map(([name, value, bad]) => <div key={name}><dt>{name}</dt><dd className={bad ? "bad" : ""}>{value}</dd></div>)}
  </dl>
);

/** Facts that are absent are left out. */
export const Facts = ({ items }: { items: [string, ReactNode][] }) => (
  <dl className="facts">
    {items.filter(([, value]) => value !== undefined && value !== "" && value !== null).map(([name, value]) => (
      <div key={name} style={{ display: "contents" }}><dt>{name}</dt><dd>{value}</dd></div>
    ))}
  </dl>
);

/** "Por que este valor": the arithmetic, step by step. */
export function Why({ steps, open = false }: { steps: string[]; open?: boolean }) {
  if (steps.length === 0) return null;
  return (
    <details open={open}>
      <summary>Por que este valor</summary>
      <ol className="why">{steps.map((step, i) => <li key={i}>{step}</li>)}</ol>
    </details>
  );
}

export type Happened = { at: string; text: ReactNode; by?: string | undefined; more?: ReactNode };

export const Timeline = ({ items }: { items: Happened[] }) => (
  <ul className="steps">
    {items.map((item, i) => (
      <li key={i}>
        <div className="soft">{instant(item.at)}{item.by ? ` · ${item.by}` : ""}</div>
        <div>{item.text}</div>
        {item.more}
      </li>
    ))}
  </ul>
);

export const Wait = () => <div aria-busy="true" aria-label="Carregando" role="status">{[0, 1, 2].map((i) => <Skeleton key={i} height={12} mt={8} width={`${90 - i * 20}%`} />)}</div>;

/** What the profile may not see, in words. */
export const Forbidden = ({ words }: { words: string }) => (
  <div className="note warn" role="alert"><b>Seu perfil não permite {words}.</b> Peça ao administrador.</div>
);

/** A PDF in the page, fetched by its short-lived link. */
export function PdfView({ url, name }: { url: string; name: string }) {
  const [blob, setBlob] = useState<string>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let made: string | undefined;
    fetch(url)
      .then(async (response) => {
        if (!response.ok) throw new Error(String(response.status));
        made = URL.createObjectURL(new Blob([await response.arrayBuffer()], { type: "application/pdf" }));
        setBlob(made);
      })
      .catch(() => setFailed(true));
    return () => void (made && URL.revokeObjectURL(made));
  }, [url]);
  if (failed) return <div className="note bad" role="alert">O arquivo não pôde ser lido. <a href={url} target="_blank" rel="noreferrer">Baixar</a></div>;
  if (!blob) return <Wait />;
  return (
    <>
      <div className="bar"><a href={blob} download={`${name}.pdf`}>Baixar</a><a href={blob} target="_blank" rel="noreferrer">Abrir em outra aba</a></div>
      <iframe className="pdf" title={name} src={`${blob}#navpanes=0&view=FitH`} />
    </>
  );
}
