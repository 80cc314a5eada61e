// The tools of charges (CON-03..CON-05): what the profile permits, for those that are ticked.
import { useState } from "react";
import type { Permission, ShownCharge } from "../../api/schema";
import { useMe } from "../../app/me";
import { Tool, whyNot } from "../../parts/Tool";
import { BillCharges, ChargesWithReason } from "./ChargeActions";

export type ChargeTool = "bill" | "suspend" | "unsuspend" | "remove";
const TOOLS: [tool: ChargeTool, words: string, needs: Permission][] = [
  ["bill", "Faturar", "invoices:bill"],
  ["suspend", "Suspender", "invoices:change"],
  ["unsuspend", "Cancelar suspensão", "invoices:change"],
  ["remove", "Remover", "invoices:change"],
];

export function ChargeToolbar({ chosen, onRefused }: { chosen: ShownCharge[]; onRefused: (ids: string[]) => void }) {
  const permissions = useMe().data?.permissions ?? [];
  const [tool, setTool] = useState<ChargeTool>();
  const props = { charges: chosen, onClose: () => setTool(undefined), onRefused };
  return (
    <>
      {TOOLS.filter(([, , needs]) => permissions.includes(needs)).map(([name, words]) => <Tool key={name} words={words} chosen={chosen} why={whyNot(name, chosen)} onClick={() => setTool(name)} />)}
      {tool === "bill" && <BillCharges {...props} />}
      {tool && tool !== "bill" && <ChargesWithReason tool={tool} {...props} />}
    </>
  );
}
