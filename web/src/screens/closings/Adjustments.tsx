// "Adicionar Acréscimo ou Desconto, selecionar o tipo de ajuste, informar a descrição, valor e clicar em ✔".
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { answer, api, ifMatch, useOnce } from "../../api/client";
import { labels } from "../../api/labels";
import type { Adjustment, ClosingDetail } from "../../api/schema";
import { queries } from "../../app/queries";
import { instant } from "../../format/date";
import { brl, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice, MoneyInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import type { Path } from "./Closing";

export function Adjustments({ closing, path, may }: { closing: ClosingDetail; path: Path; may: boolean }) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Adjustment>();
  return (
    <>
      {may && !adding && <Button variant="default" mb={8} onClick={() => setAdding(true)}>Adicionar Acréscimo ou Desconto</Button>}
      {adding && <NewAdjustment path={path} onClose={() => setAdding(false)} />}
      {closing.adjustments.length === 0 ? <p className="soft">Nenhum acréscimo ou desconto.</p> : (
        <table className="plain">
          <thead><tr><th>Tipo</th><th>Descrição</th><th>Em</th><th className="num">Valor (R$)</th><th /></tr></thead>
          <tbody>
            {closing.adjustments.map((one) => (
              <tr key={one.id}>
                <td>{labels.AdjustmentKind[one.kind]}</td><td>{one.description}</td><td>{instant(one.at)}</td><td className="num">{money(one.amount)}</td>
                <td>{may && <Button size="compact-xs" variant="default" onClick={() => setRemoving(one)}>Remover</Button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {removing && (
        <Action
          title="Remover ajuste" items={[{ id: removing.id, text: `${removing.description} · ${brl(removing.amount)}` }]} onClose={() => setRemoving(undefined)}
          run={() => answer(api.DELETE("/customers/{customer_id}/closings/{closing_id}/adjustments/{adjustment_id}", { params: { path: { ...path, adjustment_id: removing.id }, header: ifMatch(closing.version) } }))}
        />
      )}
    </>
  );
}

function NewAdjustment({ path, onClose }: { path: Path; onClose: () => void }) {
  const { header } = useOnce();
  const [kind, setKind] = useState<Adjustment["kind"]>("surcharge");
  const [description, setDescription] = useState("");
  const [amount, setAmount] = useState<string>();
  const [error, setError] = useState<unknown>();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (amount === undefined) return;
    try {
      await answer(api.POST("/customers/{customer_id}/closings/{closing_id}/adjustments", { params: { path, header }, body: { kind, description, amount } }));
      await queries.invalidateQueries({ queryKey: ["closings"] });
      onClose();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <form onSubmit={(event) => void add(event)} style={{ display: "grid", gap: 8, marginBottom: 8 }}>
      <div className="bar" style={{ alignItems: "end" }}>
        <Choice label="Tipo de ajuste" required options={labels.AdjustmentKind} value={kind} onChange={(value) => value && setKind(value)} w={140} />
        <TextInput label="Descrição" value={description} onChange={(event) => setDescription(event.currentTarget.value)} w={320} autoFocus />
        <MoneyInput label="Valor" value={amount} onChange={setAmount} w={120} />
        <Button type="submit" aria-label="Confirmar ajuste" disabled={amount === undefined || description.trim() === ""}>✔</Button>
        <Button variant="default" onClick={onClose}>Cancelar</Button>
      </div>
      <ProblemNote error={error} />
    </form>
  );
}
