// "Contas a receber não faturadas" of a customer (CON-01..CON-05).
import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import type { ShownCharge } from "../../api/schema";
import { useMay } from "../../app/me";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { ChargeDrawer } from "./ChargeDrawer";
import { ChargeToolbar } from "./ChargeToolbar";
import { CHARGE_COLUMNS } from "./chargeColumns";
import { InsertCharge } from "./InsertCharge";

type Props = { customerId: string; query: UseQueryResult<ShownCharge[]>; rows: ShownCharge[] | undefined };

export function Charges({ customerId, query, rows }: Props) {
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [opened, open] = useWord("conta");
  const [inserting, setInserting] = useState(false);
  const change = useMay("invoices:change");
  return (
    <>
      <div className="bar">
        {change && <Button onClick={() => setInserting(true)}>Inserir conta</Button>}
        <ChargeToolbar chosen={rows?.filter((row) => ticked.has(row.id)) ?? []} onRefused={(ids) => tick(new Set(ids))} />
      </div>
      <Grid name="Contas não faturadas" columns={CHARGE_COLUMNS as Column<ShownCharge>[]} rows={rows} rowKey={(c) => c.id} error={query.error} retry={() => void query.refetch()} order="vencimento" ticked={ticked} onTick={tick} onOpen={(c) => open(c.id)} empty="Nenhuma conta a faturar." />
      {opened && <ChargeDrawer customerId={customerId} chargeId={opened} onClose={() => open("")} />}
      {inserting && <InsertCharge customerId={customerId} onClose={() => setInserting(false)} />}
    </>
  );
}
