import { Button } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { ClosingDetail } from "../../api/schema";
import { Timeline } from "../../parts/show";
import { TextAction } from "../../parts/TextAction";
import type { Path } from "./Closing";

export function ClosingNotes({ closing, path, may }: { closing: ClosingDetail; path: Path; may: boolean }) {
  const [writing, setWriting] = useState(false);
  return (
    <>
      {may && <Button variant="default" mb={8} onClick={() => setWriting(true)}>Adicionar observação</Button>}
      {closing.notes.length === 0 ? <p className="soft">Nenhuma observação.</p> : <Timeline items={closing.notes.map((note) => ({ at: note.at, text: note.text }))} />}
      {writing && (
        <TextAction title="Adicionar observação" label="Observação" onClose={() => setWriting(false)} run={(header, text) => answer(api.POST("/customers/{customer_id}/closings/{closing_id}/notes", { params: { path, header }, body: { text } }))} />
      )}
    </>
  );
}
