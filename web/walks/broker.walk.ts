// A cloud broker's month as the manual "Uso e Faturas" tells it: item, usage entry, charge, consult, chart.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { choose, close, finish, finished, inspect, kept, ORIGIN, row, signedIn } from "./walk";

let page: Page;
beforeAll(async () => {
  page = await signedIn("financeiro", "/itens");
});
afterEach((context) => kept(page, context.task));
afterAll(close);

const ITEM = "Banco de dados gerenciado";
const dialog = () => page.getByRole("dialog").last();
const customer = "Zênite Nuvem Ltda."; // whose March nobody has closed

async function chooseCustomer(): Promise<void> {
  await page.getByRole("combobox", { name: "Cliente", exact: true }).fill(customer);
  await page.getByRole("option", { name: customer }).first().click();
}

it("adds a billing item, and updates only its price and month", async () => {
  await page.getByRole("button", { name: "Adicionar" }).click();
  await dialog().getByLabel("Item de faturamento").fill(ITEM);
  await dialog().getByLabel("Produto").fill("Nuvem pública");
  await dialog().getByLabel("Unidade de medida").fill("hora");
  await dialog().getByLabel("Valor Unitário").fill("1,25");
  await dialog().getByLabel("Início da vigência").fill("03/2026");
  await inspect(page, "item-novo");
  await finish(page, "Salvar");
  await finished(page);
  await row(page, ITEM).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Atualizar" }).click();
  expect(await dialog().getByLabel("Produto").isDisabled()).toBe(true);
  await inspect(page, "item-atualizar");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Excluir" }).click();
  await inspect(page, "item-excluir");
  await page.keyboard.press("Escape");
});

it("enters usage of a month that is not finalised", async () => {
  await page.goto(`${ORIGIN}/consumo`);
  await chooseCustomer();
  await choose(page, "Mês", "03/2026");
  await choose(page, "Item de faturamento", new RegExp(ITEM));
  await page.getByLabel("Quantidade", { exact: true }).fill("100");
  await page.keyboard.press("Enter");
  await row(page, ITEM).getByText("100").waitFor();
  await inspect(page, "consumo-lancado");
  await row(page, ITEM).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Excluir" }).click();
  await inspect(page, "consumo-excluir");
  await page.keyboard.press("Escape");
});

it("greys the charge of a month that has not ended, and says why", async () => {
  await page.goto(`${ORIGIN}/cobrancas?mes=2026-04`);
  await row(page, "Cobrar").first().getByRole("checkbox").check();
  await page.getByRole("button", { name: "Cobrar" }).hover();
  await page.getByText("O período termina em 30/04/2026: registre a cobrança depois.").waitFor();
});

it("charges it under a cost centre and a ticket, another total for a reason, and lists it as finalised", async () => {
  await page.goto(`${ORIGIN}/cobrancas?mes=2026-03`);
  await page.getByRole("textbox", { name: "Filtrar Cliente" }).fill(customer); // reads on, past the first page
  await row(page, customer).getByText("ainda não calculado").waitFor();
  await row(page, customer).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Cobrar" }).click();
  await dialog().getByText(ITEM).waitFor();
  await dialog().getByLabel("Centro de Resultado").fill("Tecnologia");
  await dialog().getByLabel("Ticket").fill("4711");
  await dialog().getByLabel("Valor total a ser cobrado").fill("120,00");
  await dialog().getByLabel("Motivo da diferença").fill("Desconto combinado por telefone");
  await inspect(page, "cobrar");
  await finish(page, "Salvar");
  await finished(page);
  await row(page, customer).getByText("Finalizada").waitFor();
  await row(page, customer).getByText("120,00").waitFor();
  await inspect(page, "cobranca-finalizada");
});

it("consults the customer's months and issues the paper of a finalised one", async () => {
  await page.goto(`${ORIGIN}/consultar`);
  await chooseCustomer();
  const month = row(page, "Finalizada").filter({ hasText: "120,00" });
  const issue = page.getByRole("button", { name: "Emitir Fatura" });
  await month.waitFor();
  expect(await issue.getAttribute("aria-disabled")).toBe("true");
  await month.getByRole("checkbox").check();
  await inspect(page, "consultar-cliente");
  const file = page.waitForResponse((response) => response.url().includes(".pdf"));
  await issue.click();
  expect((await (await file).body()).subarray(0, 5).toString()).toBe("%PDF-");
  await page.locator("iframe.pdf").waitFor();
  await inspect(page, "emitir-fatura");
});

it("charts ten items in lines and in bars, and refuses the eleventh", async () => {
  await page.goto(`${ORIGIN}/uso`);
  await chooseCustomer();
  const items = page.getByRole("combobox", { name: "Itens de faturamento" });
  await items.fill(ITEM);
  await page.getByRole("option", { name: ITEM }).click();
  for (let count = 2; count <= 10; count++) await page.getByRole("option").first().click();
  await page.keyboard.press("Escape");
  const table = page.getByRole("table").getByRole("row");
  await expect.poll(() => table.count(), { timeout: 15_000 }).toBe(11); // and its head
  await table.filter({ hasText: ITEM }).getByText("100").waitFor();
  await page.getByRole("img", { name: "Uso por mês" }).waitFor();
  await page.getByText("Barras").click();
  await page.locator("svg rect").first().waitFor();
  await inspect(page, "uso-grafico");

  await items.click();
  await page.getByRole("option").first().click();
  await page.getByRole("alert").getByText("Selecione no máximo 10 itens de faturamento.").waitFor();
  await page.keyboard.press("Escape");
  await inspect(page, "uso-onze");
});
