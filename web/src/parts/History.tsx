// All that happened to a thing, newest first: a sentence, who, the note, each field before and after.
import { useQuery } from "@tanstack/react-query";
import type { History as Told } from "../api/schema";
import { ProblemNote } from "./Problem";
import { Timeline, Wait } from "./show";

export function History({ id, read }: { id: string; read: () => Promise<Told> }) {
  const history = useQuery({ queryKey: ["history", id], queryFn: read });
  if (history.error) return <ProblemNote error={history.error} retry={() => void history.refetch()} />;
  if (!history.data) return <Wait />;
  return (
    <Timeline
      items={[...history.data.items].reverse().map((event) => ({
        at: event.at,
        by: event.actor,
        text: event.text,
        more: (
          <>
            {event.note && <div className="soft">“{event.note}”</div>}
            {event.changes.length > 0 && (
              <details>
                <summary>O que mudou</summary>
                <table className="plain">
                  <thead><tr><th>Campo</th><th>Antes</th><th>Depois</th></tr></thead>
                  <tbody>{event.changes.map((change) => <tr key={change.field}><td>{change.label}</td><td>{change.before}</td><td>{change.after}</td></tr>)}</tbody>
                </table>
              </details>
            )}
          </>
        ),
      }))}
    />
  );
}
