// "Histórico" of the one thing that is ticked, beside the other tools of its list.
import { Button } from "@mantine/core";
import { useState } from "react";
import type { History as Told } from "../api/schema";
import { Drawer } from "./Dialog";
import { History } from "./History";

type Props = { of: { id: string; title: string } | undefined; read: (id: string) => Promise<Told> };

export function HistoryButton({ of, read }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" disabled={!of} title={of ? undefined : "Marque um"} onClick={() => setOpened(true)}>Histórico</Button>
      {opened && of && (
        <Drawer onClose={() => setOpened(false)} size={620} title={of.title}>
          <History id={of.id} read={() => read(of.id)} />
        </Drawer>
      )}
    </>
  );
}
