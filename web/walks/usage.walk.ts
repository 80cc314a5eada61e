// A cloud broker consults a finalised month, issues its paper, and charts its items.
import { afterAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { close, inspect, row, signedIn } from "./walk";

afterAll(close);

async function choose(page: Page, label: string, typed: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).or(page.getByRole("textbox", { name: label })).first().fill(typed);
  await page.getByRole("option", { name: typed }).first().click();
}

it("consults a broker's months, issues the paper of a finalised one, and charts up to ten items", async () => {
  const page = await signedIn("financeiro", "/cobrancas?mes=2026-04");
  const cloud = row(page, "Nuvem sob demanda").filter({ hasText: "Cobrar" }).first();
  await cloud.waitFor();
  const customer = (await cloud.getByRole("gridcell").nth(1).innerText()).trim();

  await page.goto(new URL("/consultar", page.url()).href);
  await choose(page, "Cliente", customer);
  const frozen = row(page, "Finalizada").first();
  await frozen.waitFor();
  const issue = page.getByRole("button", { name: "Emitir Fatura" });
  expect(await issue.getAttribute("aria-disabled")).toBe("true");
  await frozen.getByRole("checkbox").check();
  await inspect(page, "consultar-cliente");
  const file = page.waitForResponse((response) => response.url().includes(".pdf"));
  await issue.click();
  expect((await (await file).body()).subarray(0, 5).toString()).toBe("%PDF-");
  await page.locator("iframe.pdf").waitFor();
  await inspect(page, "emitir-fatura");
  await page.keyboard.press("Escape");

  await page.goto(new URL("/uso", page.url()).href);
  await choose(page, "Cliente", customer);
  const items = page.getByRole("textbox", { name: "Itens de faturamento" }).or(page.getByRole("combobox", { name: "Itens de faturamento" })).first();
  await items.click();
  await page.getByRole("option").first().click();
  await page.keyboard.press("Escape");
  await page.getByRole("img", { name: "Uso por mês" }).waitFor();
  await page.getByRole("table").getByText("03/2026").waitFor();
  await page.getByText("Barras").click();
  await page.locator("svg rect").first().waitFor();
  await inspect(page, "uso-grafico");

  const eleven = Array.from({ length: 11 }, (_, i) => `itm_00000000${String(i).padStart(2, "0")}`).join(",");
  await page.goto(new URL(`/uso?cliente=${new URL(page.url()).searchParams.get("cliente")}&itens=${eleven}`, page.url()).href);
  await page.getByRole("alert").getByText("Selecione no máximo 10 itens de faturamento.").waitFor();
});
