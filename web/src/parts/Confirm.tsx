// The foot of a form that is no dialog: "Tem certeza", what was refused, the button.
import { Button, Checkbox } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { queries } from "../app/queries";
import { ProblemNote } from "./Problem";
import { inSight } from "./show";

type Props = { may: boolean; ready: boolean; onClose: () => void; run: () => Promise<unknown>; children: ReactNode };

export function Confirm({ may, ready, onClose, run, children }: Props) {
  const [sure, setSure] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await run();
      await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "me" });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void save(event)} style={{ display: "grid", gap: 8 }}>
      {children}
      {error !== undefined && <div ref={inSight}><ProblemNote error={error} /></div>}
      {may && <div className="deed"><Checkbox checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} label="Tem certeza que deseja aplicar as alterações" /><span className="grow" /><Button variant="default" onClick={onClose}>Cancelar</Button><Button type="submit" loading={busy} disabled={!sure || !ready}>Enviar</Button></div>}
    </form>
  );
}
