// "Histórico" of the one thing that is ticked, beside the other tools of its list.
import { Button, Drawer } from "@mantine/core";
import { useState } from "react";
import type { History as Told } from "../api/schema";
import { History } from "./History";

type Props = { of: { id: string; title: string } | undefined; read: (id: string) => Promise<Told> };

export function HistoryButton({ of, read }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" disabled={!of} title={of ? undefined : "Marque um"} onClick={() => setOpened(true)}>Histórico</Button>
      {opened && of && (
        <Drawer opened onClose={() => setOpened(false)} position="right" size={620} title={of.title} closeButtonProps={{ "aria-label": "Fechar" }}>
          <History id={of.id} read={() => read(of.id)} />
        </Drawer>
      )}
    </>
  );
}
