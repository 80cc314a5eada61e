// "Parcela n de m"; undefined where both are blank, and not complete where one is.
import { useState } from "react";
import { CountInput } from "../../parts/fields";

type Instalment = [number, number];
type Props = { value: Instalment | undefined; onChange: (instalment: Instalment | undefined, isComplete: boolean) => void };

export function InstalmentInput({ value, onChange }: Props) {
  const [of, setOf] = useState(value?.[0]);
  const [all, setAll] = useState(value?.[1]);
  const change = (one: number | undefined, many: number | undefined) => {
    setOf(one);
    setAll(many);
    onChange(one !== undefined && many !== undefined ? [one, many] : undefined, (one === undefined) === (many === undefined));
  };
  return (
    <>
      <CountInput label="Parcela" min={1} w={80} value={of} onChange={(next) => change(next, all)} />
      <CountInput label="de" min={1} w={80} value={all} onChange={(next) => change(of, next)} />
    </>
  );
}
