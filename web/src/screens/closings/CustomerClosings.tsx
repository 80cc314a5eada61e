import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { ClosingSummary } from "../../api/schema";
import { Grid } from "../../parts/Grid";
import { closingColumns } from "./columns";
import { allPages } from "../../parts/remote";

const COLUMNS = closingColumns(false);

export function CustomerClosings({ customerId, onChoose }: { customerId: string; onChoose?: (chosen: ClosingSummary[]) => void }) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const navigate = useNavigate();
  const list = useQuery({
    queryKey: ["closings", "customer", customerId],
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/closings", { params: { path: { customer_id: customerId }, query: { cursor } } })))).items,
  });
  const tick = (keys: ReadonlySet<string>) => {
    setTicked(keys);
    onChoose?.(list.data?.filter((closing) => keys.has(closing.id)) ?? []);
  };
  return <Grid {...(onChoose && { ticked, onTick: tick })} name="Fechamentos do cliente" columns={COLUMNS} rows={list.data} rowKey={(c) => c.id} error={list.error} retry={() => void list.refetch()} order="-periodo" onOpen={(c) => void navigate({ to: `/fechamentos/${customerId}/${c.id}` })} empty="Nenhum fechamento ainda." />;
}
