import { describe, expect, it } from "vitest";
import type { PanelPermissions } from "../../api/schema";
import { changeOfProfile } from "./profileChange";

const PANELS: PanelPermissions[] = [
  { panel: "Cadastros", permissions: [{ permission: "customers:read", name: "ver cadastros", profiles: ["financeiro", "operacao", "consulta"] }] },
  {
    panel: "Recebimentos",
    permissions: [
      { permission: "payments:settle", name: "registrar recebimentos", profiles: ["financeiro"] },
      { permission: "payments:reverse", name: "estornar recebimentos", profiles: ["financeiro"] },
    ],
  },
  { panel: "Contratos", permissions: [{ permission: "contracts:write", name: "alterar contratos", profiles: ["operacao"] }] },
];

describe("a change of profile", () => {
  it("names what only the profile before and only the profile after permit", () => {
    expect(changeOfProfile(PANELS, "financeiro", "operacao")).toEqual({ lost: ["registrar recebimentos", "estornar recebimentos"], gained: ["alterar contratos"] });
  });

  it("to the same profile changes nothing", () => {
    expect(changeOfProfile(PANELS, "operacao", "operacao")).toEqual({ lost: [], gained: [] });
  });
});
