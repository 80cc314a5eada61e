import { afterAll, expect, it } from "vitest";
import { close, inspect, row, signedIn } from "./walk";

afterAll(close);

it("starts with what waits, and each leads to its place", async () => {
  const page = await signedIn("financeiro", "/");
  await page.getByRole("heading", { level: 1, name: "Início" }).waitFor();
  const held = page.getByRole("region", { name: "Recebimentos retidos" });
  const count = Number(await held.locator(".count").innerText());
  expect(await held.getByRole("row").count()).toBe(Math.min(count, 5));
  await inspect(page, "inicio");

  await held.getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: "Valores retidos" }).waitFor();
  await row(page, "em aberto").first().waitFor();
  await page.goBack();
  const charges = page.getByRole("region", { name: "Contas vencidas e não faturadas" });
  if (await charges.isVisible()) {
    const waiting = await charges.locator(".count").innerText();
    await charges.getByRole("link", { name: /^Ver/ }).click();
    await page.getByRole("status").filter({ hasText: `Contas: ${waiting}` }).waitFor();
  }
});
