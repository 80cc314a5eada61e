import { afterAll, expect, it } from "vitest";
import { close, inspect, row, signedIn } from "./walk";

afterAll(close);

it("counts the fourteen panels in one call, and each tab shows what it counts", async () => {
  const page = await signedIn("financeiro", "/clientes");
  await row(page, /\.\d{3}\/\d{4}-\d{2}/).filter({ hasNotText: "Padaria do Zé" }).first().dblclick();
  const tabs = page.getByRole("tablist", { name: "Painéis do cliente" }).getByRole("tab");
  await tabs.first().waitFor();
  const names = (await tabs.allInnerTexts()).filter((name) => /\(\d+\)/.test(name));
  expect(names.length).toBe(14);
  await inspect(page, "painel-do-cliente");
  for (const [panel, grid] of [["Contratos", "Contratos"], ["Contas Recebidas", "Contas Recebidas"], ["Mensagens Enviadas", "Mensagens"]] as const) {
    const tab = tabs.filter({ hasText: panel });
    const count = Number(/\((\d+)\)/.exec(await tab.innerText())![1]);
    await tab.click();
    await page.getByRole("grid", { name: grid }).waitFor();
    await expect.poll(() => page.getByRole("grid", { name: grid }).locator(".rows [role=row]").count(), { timeout: 15_000 }).toBe(count);
  }
  await tabs.filter({ hasText: "Cartões" }).click();
  await page.getByText("Nada neste painel.").waitFor();
});
