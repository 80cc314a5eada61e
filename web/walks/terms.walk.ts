import { afterAll, expect, it } from "vitest";
import { close, finish, inspect, row, signedIn } from "./walk";

afterAll(close);

it("changes a contract's due date after showing what would move and what stays", async () => {
  const page = await signedIn("administrador", "/clientes");
  await row(page, /\d{4}-\d{2}/).nth(12).dblclick(); // below those that other walks register
  await page.getByRole("tab", { name: "Contratos" }).click();
  await row(page, "Ativo").first().dblclick();
  await page.getByRole("button", { name: "Trocar vencimento ou profile" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByRole("button", { name: "Finalizar" }).isDisabled()).toBe(true); // nothing changes yet
  await dialog.getByLabel("Dia do vencimento").fill("27");
  const shown = dialog.getByLabel("Proposta").or(dialog.getByText("a troca vale para as próximas"));
  await shown.waitFor();
  await inspect(page, "troca-de-vencimento");
  await finish(page);
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("tab", { name: "Dados" }).click();
  await page.getByText("dia 27, 1 mês").waitFor();
  await page.getByRole("heading", { name: "Trocas de vencimento e de profile" }).waitFor();
  await inspect(page, "trocas");
});
