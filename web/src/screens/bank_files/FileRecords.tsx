// A bank file, line by line and field by field, by its layout ("Inspetor").
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { FileRecords as Records } from "../../api/schema";
import { ProblemNote } from "../../parts/Problem";
import { Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";

export function FileRecords({ id, read }: { id: string[]; read: (first: number) => Promise<Records> }) {
  const list = useInfiniteQuery({ queryKey: ["records", ...id], initialPageParam: 1, queryFn: ({ pageParam }) => read(pageParam), getNextPageParam: (page) => page.next_line });
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Wait />;
  return (
    <>
      {list.data.pages.flatMap((page) => page.items).map((record) => (
        <details key={record.line} className="box" style={{ marginBottom: 6 }}>
          <summary>Linha {record.line} · {record.record ?? "registro desconhecido"} {record.has_wrong_length && <Tag tone="bad">tamanho errado</Tag>}</summary>
          <table className="plain">
            <thead><tr><th>Campo</th><th>Posições</th><th>Conteúdo</th></tr></thead>
            <tbody>{record.fields.map((field, i) => <tr key={i}><td>{field.name.replaceAll("_", " ")}</td><td>{field.columns}</td><td><code style={{ whiteSpace: "pre-wrap" }}>{field.value}</code> {field.is_wrong && <Tag tone="bad">fora do layout</Tag>}</td></tr>)}</tbody>
          </table>
        </details>
      ))}
      {list.hasNextPage && <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Mais linhas</Button>}
    </>
  );
}
