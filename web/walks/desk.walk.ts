// What else happens at the desk: a customer registered and made inactive, Pix and statements from the bank, accounts closed,
// runs cancelled; and the dialogs that only say what would happen.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { choose, close, drop, finish, finished, inspect, kept, row, signedIn } from "./walk";

let page: Page;
beforeAll(async () => {
  page = await signedIn("administrador", "/clientes");
});
afterEach((context) => kept(page, context.task));
afterAll(close);

const dialog = () => page.getByRole("dialog").last();
const tool = (name: string) => page.getByRole("button", { name, exact: true });
const go = (title: string) => page.getByRole("link", { name: title, exact: true }).click();
const left = async () => {
  await page.keyboard.press("Escape");
  await finished(page);
};

it("shows the keys", async () => {
  await page.getByRole("grid").focus();
  await page.keyboard.press("?");
  await dialog().getByText("g c").waitFor();
  await inspect(page, "teclas");
  await left();
});

it("registers a customer, makes it inactive and active again", async () => {
  await tool("Novo cliente").click();
  await choose(page, "Tipo de pessoa", "Pessoa Física");
  await dialog().getByLabel("Nome", { exact: true }).fill("Iracema Poty");
  await dialog().getByLabel("CPF/CNPJ").fill("935.411.347-80");
  await inspect(page, "cliente-novo");
  await tool("Salvar").click();
  await page.getByRole("heading", { level: 1, name: /Iracema Poty/ }).waitFor();
  await tool("Inativar").click();
  await inspect(page, "inativar-cliente");
  await finish(page);
  await finished(page);
  await tool("Reativar").click();
  await inspect(page, "reativar-cliente");
  await finish(page);
  await finished(page);
  await tool("Inativar").waitFor();
});

it("says what a new company needs", async () => {
  await go("Empresas");
  await tool("Nova empresa").click();
  await inspect(page, "empresa-nova");
  await left();
});

it("looks at the titles that the bank rejected", async () => {
  await go("Remessas");
  await page.getByRole("link", { name: "Títulos rejeitados" }).click();
  await page.getByRole("heading", { level: 1, name: /rejeitados/i }).waitFor();
  await inspect(page, "rejeitados");
});

it("says what closing the month does, simulates the base, and does not cancel what has ended", async () => {
  await go("Fechamentos");
  await tool("Fechar o mês").click();
  await inspect(page, "fechar-o-mes");
  await left();
  await tool("Simular a base").click();
  await inspect(page, "simular-a-base");
  let status = "";
  const run = /\/api\/runs\/[^/?]+$/;
  await page.route(run, async (route) => { // as a screen shows it that was read before the run ended
    const response = await route.fetch();
    const read = (await response.json()) as { status: string };
    status = read.status;
    await route.fulfill({ response, json: { ...read, status: "running" } });
  });
  await finish(page, "Simular");
  await page.getByRole("heading", { level: 1, name: /Simulação da base/ }).waitFor();
  await tool("Cancelar").click();
  await inspect(page, "cancelar-execucao");
  await expect.poll(() => status, { timeout: 60_000 }).toBe("done");
  await finish(page);
  await dialog().getByRole("alert").waitFor(); // what has ended is not cancelled
  await page.unroute(run);
  await left();
  await tool("Começar de novo").click(); // offered once it has ended
  await inspect(page, "comecar-de-novo");
  await left();
});

it("takes a statement dropped on the page, and tells what each line did", async () => {
  await go("Extratos");
  const csv = "data,valor,histórico\n2026-04-20,8.88,Pix recebido de Iracema\n2026-04-20,-5.00,Tarifa\n";
  await drop(page, "Solte aqui o extrato", "extrato.csv", Buffer.from(csv));
  const sent = row(page, "20/04/2026 10").filter({ hasText: /Aplicado|Recusado/ }).first();
  await sent.waitFor({ timeout: 60_000 });
  await sent.dblclick();
  await dialog().getByText(/8,88/).first().waitFor();
  await inspect(page, "extrato");
  await left();
});

it("closes an account up to a day, and opens it again", async () => {
  await go("Caixas e bancos");
  await tool("Nova conta").click();
  await choose(page, "Tipo", "Cofre");
  await dialog().getByLabel("Nome").fill("Cofre da matriz");
  await finish(page);
  await finished(page);
  await page.getByRole("table").getByRole("button", { name: "Cofre da matriz" }).first().click();
  await tool("Fechar até um dia").click();
  await dialog().getByLabel("Até").fill("31/03/2026");
  await inspect(page, "fechar-conta");
  await finish(page);
  await finished(page);
  await page.getByRole("row", { name: /Cofre da matriz/ }).getByText("31/03/2026").waitFor();
  await tool("Reabrir").click();
  await dialog().getByLabel("Motivo").fill("Faltou um lançamento");
  await inspect(page, "reabrir-conta");
  await finish(page);
  await finished(page);
  await page.getByRole("row", { name: /Cofre da matriz/ }).getByText("—").waitFor();
  expect(await tool("Reabrir").count()).toBe(0);
  await inspect(page, "contas-de-dinheiro");
});

it("shows what Pix pasted from the bank would do", async () => {
  await go("Profiles de pagamento");
  await row(page, "Sicoob").first().dblclick();
  await tool("Pix recebidos").click();
  await dialog().getByRole("textbox").fill("E0041696820260420120000000000001; 20/04/2026; 7,77\nsem data");
  await dialog().getByText("Linhas que não puderam ser lidas: sem data").waitFor();
  await dialog().getByRole("textbox").fill("E0041696820260420120000000000001; 20/04/2026; 7,77");
  await dialog().getByLabel("Tem certeza que deseja aplicar as alterações").check();
  const run = dialog().locator("button[type=submit]"); // without its name while it is tried first
  await expect.poll(() => run.isEnabled(), { timeout: 30_000 }).toBe(true); // tried first
  await inspect(page, "pix-recebidos");
});
