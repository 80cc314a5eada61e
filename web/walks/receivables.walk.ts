import { readFileSync } from "node:fs";
import { strFromU8, unzipSync } from "fflate";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { close, downloaded, inspect, row, signedIn } from "./walk";

let page: Page;
beforeAll(async () => {
  page = await signedIn("financeiro", "/faturas?mostrar=todas");
});
afterAll(close);

it("filters the invoices of all customers, with totals of the whole filter, and opens one", async () => {
  const grid = page.getByRole("grid", { name: "Contas a receber" });
  await row(page, /\d{2}\/\d{2}\/\d{4}/).first().waitFor();
  const foot = page.getByRole("status").filter({ hasText: "Faturas:" });
  const all = await foot.innerText();
  await inspect(page, "contas-a-receber");

  const customer = (await row(page, /\d{2}\/\d{2}\/\d{4}/).nth(3).getByRole("link").innerText()).trim();
  await page.getByRole("textbox", { name: "Filtrar Cliente" }).fill(customer.toLocaleUpperCase("pt-BR"));
  await expect.poll(() => foot.innerText(), { timeout: 15_000 }).not.toBe(all);
  await row(page, customer).first().waitFor();
  expect(await row(page, /\d{2}\/\d{2}\/\d{4}/).filter({ hasNotText: customer }).count()).toBe(0);
  expect(decodeURIComponent(page.url()).replaceAll("+", " ")).toContain(customer.toLocaleUpperCase("pt-BR")); // a link shows the same

  await page.getByRole("textbox", { name: "Filtrar Vencimento" }).fill("31/02/2026");
  await page.locator("[aria-invalid=true]").waitFor();
  await page.getByRole("textbox", { name: "Filtrar Vencimento" }).fill("");
  await grid.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("heading", { name: "Por que este valor" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("textbox", { name: "Filtrar Cliente" }).fill("");
  await expect.poll(() => foot.innerText(), { timeout: 15_000 }).toBe(all);
});

it("says of a tool why it cannot be used", async () => {
  await row(page, /\d{2}\/\d{2}\/\d{4}/).first().waitFor();
  const settle = page.getByRole("button", { name: "Liquidar", exact: true });
  expect(await settle.getAttribute("aria-disabled")).toBe("true");
  await settle.hover();
  await page.getByText("Marque na lista.").waitFor();
  await page.mouse.move(0, 0);
  const settled = row(page, "Liquidada").filter({ hasText: /2026/ }).first().getByRole("checkbox");
  await settled.check();
  await settle.hover();
  await page.getByText(/A Fatura \d+ já está liquidada/).waitFor();
  await inspect(page, "ferramenta-recusada");
  await settled.uncheck();
});

it("gives the whole list as filtered as a file, with the columns that are shown, and remembers them", async () => {
  await row(page, /\d{2}\/\d{2}\/\d{4}/).first().waitFor();
  const foot = await page.getByRole("status").filter({ hasText: "Faturas:" }).innerText();
  const count = Number(/Faturas: (\d+)/.exec(foot)![1]);
  const titles = async () => (await page.getByRole("columnheader").allInnerTexts()).map((title) => title.replace(/ [↑↓]$/, "")).filter(Boolean);
  const all = await titles();

  const lines = readFileSync(await exported(page, "CSV"), "utf8").slice(1).trimEnd().split("\r\n");
  expect(lines[0]!.split(";")).toEqual(all);
  expect(lines.length).toBe(count + 1);
  expect(lines[1]).toMatch(/;\d+,\d{2};/);

  await page.getByRole("button", { name: "Colunas" }).click();
  await page.getByRole("dialog", { name: "Colunas" }).getByRole("checkbox", { name: "Emissão" }).uncheck();
  await inspect(page, "colunas");
  await page.keyboard.press("Escape");
  expect(await titles()).toEqual(all.filter((title) => title !== "Emissão"));
  const sheet = strFromU8(unzipSync(readFileSync(await exported(page, "Excel (XLSX)")))["xl/worksheets/sheet1.xml"]!);
  expect(sheet.match(/<row /g)!.length).toBe(count + 1);
  expect(sheet).not.toContain(">Emissão<");

  await page.reload();
  await row(page, /\d{2}\/\d{2}\/\d{4}/).first().waitFor();
  expect(await titles()).toEqual(all.filter((title) => title !== "Emissão"));
});

const exported = (page: Page, kind: string) =>
  downloaded(page, async () => {
    await page.getByRole("button", { name: "Exportar" }).click();
    await page.getByRole("menuitem", { name: kind }).click();
  });
