import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { ClosingDetail } from "../../api/schema";
import { Action } from "../../parts/Action";
import { Timeline } from "../../parts/show";
import type { Path } from "./Closing";

export function ClosingNotes({ closing, path, may }: { closing: ClosingDetail; path: Path; may: boolean }) {
  const [writing, setWriting] = useState(false);
  const [text, setText] = useState("");
  return (
    <>
      {may && <Button variant="default" mb={8} onClick={() => setWriting(true)}>Adicionar observação</Button>}
      {closing.notes.length === 0 ? <p className="soft">Nenhuma observação.</p> : <Timeline items={closing.notes.map((note) => ({ at: note.at, text: note.text }))} />}
      {writing && (
        <Action title="Adicionar observação" onClose={() => setWriting(false)} ready={text.trim() !== ""} run={(header) => answer(api.POST("/customers/{customer_id}/closings/{closing_id}/notes", { params: { path, header }, body: { text } }))}>
          <Textarea label="Observação" value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus />
        </Action>
      )}
    </>
  );
}
