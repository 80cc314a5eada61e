// Money by means of payment: typed, and shown.
import type { ByMeans, MeansDifference } from "../../api/schema";
import { brl, cents, sum } from "../../format/money";
import { MoneyInput } from "../../parts/fields";

export const MEANS = { cash: "Dinheiro", debit_card: "Cartão de débito", credit_card: "Cartão de crédito", pix: "Pix" } as const;
type Means = keyof typeof MEANS;
const NAMES = Object.keys(MEANS) as Means[];

/** As typed: what is blank is absent. */
export type Typed = { [name in Means]?: string | undefined };

export const full = (typed: Typed): ByMeans => ({ cash: typed.cash ?? "0.00", debit_card: typed.debit_card ?? "0.00", credit_card: typed.credit_card ?? "0.00", pix: typed.pix ?? "0.00" });

export const totalOf = (amounts: Typed) => sum(NAMES.map((name) => amounts[name] ?? "0"));

/** "Dinheiro R$ 50,00, Pix R$ 4,01"; what is zero is left out. */
export const meansText = (amounts: Typed | MeansDifference) =>
  NAMES.filter((name) => amounts[name] && cents(amounts[name]!) !== 0n).map((name) => `${MEANS[name]} ${brl(amounts[name])}`).join(", ");

export function MeansInputs({ value, onChange, words = "" }: { value: Typed; onChange: (value: Typed) => void; words?: string }) {
  return (
    <div className="bar" style={{ alignItems: "end" }}>
      {NAMES.map((name, i) => (
        <MoneyInput key={name} label={`${MEANS[name]}${words}`} value={value[name]} onChange={(next) => onChange({ ...value, [name]: next })} w={130} {...(i === 0 ? { "data-autofocus": true } : {})} />
      ))}
    </div>
  );
}
