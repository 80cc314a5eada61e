// Parcelar dívida: the manual's debt in instalments, printed, and broken so that what remains comes back (PAY-06).
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { choose, close, finish, finished, inspect, kept, row, signedIn } from "./walk";

let page: Page;
beforeAll(async () => {
  page = await signedIn("administrador", "/empresas");
});
afterEach((context) => kept(page, context.task));
afterAll(close);

const DEBTOR = "Amélia Devedora"; // owes R$ 100.00, 59 days late
const dialog = () => page.getByRole("dialog").last();

it("sets what lateness costs in an agreement, and when it is broken", async () => {
  await row(page, /\d{2}\.\d{3}\.\d{3}/).first().dblclick();
  await dialog().getByRole("tab", { name: "Recebimento" }).click();
  await dialog().getByRole("button", { name: "Alterar Parcelar Dívida" }).click();
  await dialog().getByLabel("Dias de atraso que quebram").fill("30");
  await inspect(page, "parcelar-divida-configuracao");
  await finish(page, "Salvar");
  await page.getByText("com uma parcela vencida há mais de 30 dias").waitFor();
});

it("shows the manual's figures before anything is done, and then does that", async () => {
  await page.goto(new URL("/clientes", page.url()).href);
  await page.getByRole("textbox", { name: "Filtrar Cliente" }).fill(DEBTOR);
  await row(page, DEBTOR).dblclick();
  await page.getByRole("button", { name: "Parcelar dívida" }).click();
  await page.getByRole("checkbox", { name: /^Fatura/ }).check();
  await page.getByRole("button", { name: "Parcelar dívida" }).click();
  await dialog().getByLabel("Vencimento da primeira").fill("20/05/2026");
  await dialog().getByLabel("Entrada").fill("14,01");
  await choose(page, "Profile de pagamento", /Itaú/);
  const debt = dialog().getByRole("table", { name: "Faturas do parcelamento" });
  await debt.getByText("104,01").waitFor(); // 100.00, 59 days, 2 % and 1 %: the manual's page Parcelar Dívida
  expect((await debt.getByRole("row").nth(1).innerText()).split("\t").slice(2)).toEqual(["59", "100,00", "2,00", "2,01", "104,01"]);
  expect(await dialog().getByRole("table", { name: "Parcelas do parcelamento" }).getByText("30,00").count()).toBe(3);
  await inspect(page, "parcelar-divida");
  await finish(page, "Parcelar e imprimir");
  await page.getByRole("dialog", { name: "Termo de parcelamento" }).waitFor();
  await inspect(page, "parcelar-divida-termo");
  await page.keyboard.press("Escape");
  await page.getByText("Em vigor").waitFor();
});

it("charges the instalments instead of the invoice", async () => {
  await page.getByRole("link", { name: "Painel do cliente" }).click();
  await row(page, "Entrada").getByText("14,01").waitFor();
  expect(await row(page, "Parcelamento").count()).toBe(4);
  expect(await row(page, "Fibra 500 Mega").count()).toBe(0);
});

it("shows what is restored when the agreement is broken, and restores it", async () => {
  await page.getByRole("tab", { name: "Parcelamentos" }).click();
  await page.getByRole("button", { name: "Quebrar" }).click();
  await dialog().getByLabel("Motivo").fill("Não pagou a entrada");
  await dialog().getByRole("table", { name: "Faturas que voltam" }).getByText("100,00").first().waitFor();
  await inspect(page, "parcelar-divida-quebra");
  await finish(page);
  await finished(page);
  await page.getByText("Quebrado").waitFor();
  await page.getByRole("tab", { name: /Faturas a receber/i }).click();
  await row(page, "Fibra 500 Mega").getByText("100,00").waitFor();
  expect(await row(page, "Parcelamento").count()).toBe(0);
});
