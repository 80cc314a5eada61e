import { describe, expect, it } from "vitest";
import type { PanelPermissions } from "../../api/schema";
import { changeOfProfiles } from "./profileChange";

const PANELS: PanelPermissions[] = [
  { panel: "Cadastros", permissions: [{ permission: "customers:read", name: "ver cadastros", profile_ids: ["financeiro", "operacao", "consulta", "prf_vendas01"] }] },
  {
    panel: "Recebimentos",
    permissions: [
      { permission: "payments:settle", name: "registrar recebimentos", profile_ids: ["financeiro"] },
      { permission: "payments:reverse", name: "estornar recebimentos", profile_ids: ["financeiro"] },
    ],
  },
  { panel: "Contratos", permissions: [{ permission: "contracts:write", name: "alterar contratos", profile_ids: ["operacao", "prf_vendas01"] }] },
];

describe("a change of profiles", () => {
  it("names what only the profiles before and only those after permit", () => {
    expect(changeOfProfiles(PANELS, ["financeiro"], ["operacao"])).toEqual({ lost: ["registrar recebimentos", "estornar recebimentos"], gained: ["alterar contratos"] });
  });

  it("takes nothing away that another profile still permits", () => {
    expect(changeOfProfiles(PANELS, ["operacao", "financeiro"], ["financeiro", "prf_vendas01"])).toEqual({ lost: [], gained: [] });
    expect(changeOfProfiles(PANELS, ["operacao", "prf_vendas01"], ["consulta"])).toEqual({ lost: ["alterar contratos"], gained: [] });
  });
});
