// A file dropped on the page or chosen, sent by the short-lived link that the API gives.
import { Button } from "@mantine/core";
import { type DragEvent, useRef, useState } from "react";
import { ProblemNote } from "./Problem";

type Link = { url: string; fields?: Record<string, string> };
type Props = {
  /** What to drop, in words. */
  words: string;
  accept?: string;
  /** Asks the API where the file goes. */
  link: (file: File) => Promise<Link>;
  onSent: (file: File) => void;
};

/** By the form that the link carries, or by PUT where there is none. */
async function send(link: Link, file: File): Promise<void> {
  let request: RequestInit = { method: "PUT", body: file };
  if (link.fields) {
    const form = new FormData();
    for (const [name, value] of Object.entries(link.fields)) form.append(name, value);
    form.append("file", file);
    request = { method: "POST", body: form };
  }
  const response = await fetch(link.url, request);
  if (!response.ok) throw new Error(`upload answered ${response.status}`);
}

export function Upload({ words, accept, link, onSent }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<string>();
  const [error, setError] = useState<unknown>();
  const take = async (files: FileList | null) => {
    setError(undefined);
    try {
      for (const file of files ?? []) {
        setSending(file.name);
        await send(await link(file), file);
        onSent(file);
      }
    } catch (failure) {
      setError(failure);
    } finally {
      setSending(undefined);
      if (input.current) input.current.value = "";
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };
  return (
    <div>
      <div className={`drop${over ? " over" : ""}`} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        {sending ? `Enviando ${sending}...` : `${words}, ou `}
        <Button variant="default" size="compact-xs" loading={sending !== undefined} onClick={() => input.current?.click()}>escolha o arquivo</Button>
        <input ref={input} hidden type="file" aria-label={words} accept={accept} multiple onChange={(event) => void take(event.target.files)} />
      </div>
      <ProblemNote error={error} />
    </div>
  );
}
