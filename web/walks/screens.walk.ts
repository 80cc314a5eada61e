import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { MENU } from "../src/app/menu";
import { close, inspect, row, signedIn } from "./walk";

let page: Page;
beforeAll(async () => {
  page = await signedIn("administrador", "/clientes");
});
afterEach(() => page.keyboard.press("Escape"));
afterAll(close);

describe("every screen of the menu has a title, no violation of WCAG and no sideways scroll", () => {
  it.each(MENU.flatMap((group) => group.entries))("$title", async ({ path, title }) => {
    await page.getByRole("link", { name: title, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    expect(await page.title()).toBe(`${title} · Mensal`);
    await inspect(page, path.slice(1) || "inicio");
  });
});

it("shows a contract's definitions with a simulation beside the editor", async () => {
  await page.getByRole("link", { name: "Clientes", exact: true }).click();
  await row(page, /\d{4}-\d{2}/).nth(8).dblclick(); // below those that other walks register
  await page.getByRole("tab", { name: "Contratos" }).click();
  await row(page, "Ativo").first().dblclick();
  await page.getByRole("grid", { name: "Definições de encargos" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("Passo a passo, no último período").waitFor();
  await inspect(page, "definicao");
});

it("opens the remittance's file field by field, and the return's lines", async () => {
  await page.getByRole("link", { name: "Remessas", exact: true }).click();
  await row(page, "1").last().dblclick();
  await page.getByRole("dialog").getByRole("grid", { name: "Títulos da remessa" }).waitFor();
  await page.getByRole("dialog").getByRole("tab", { name: "Arquivo" }).click();
  await page.getByRole("dialog").getByText(/Linha 1 ·/).click();
  await inspect(page, "remessa-arquivo");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Retornos", exact: true }).click();
  await row(page, "Aplicado").first().dblclick();
  await page.getByRole("dialog").getByRole("grid", { name: "Ocorrências" }).waitFor();
  await inspect(page, "retorno-linhas");
});
