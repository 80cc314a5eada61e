// What is said to customers, and who has read about them: messages, templates, a mass dispatch, senders' domains, "Quem leu".
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { choose, close, finish, finished, inspect, kept, row, signedIn } from "./walk";

let page: Page;
beforeAll(async () => {
  page = await signedIn("administrador", "/modelos");
  page.on("dialog", (question) => void question.accept()); // "Descartar o que foi preenchido?"
});
afterEach((context) => kept(page, context.task));
afterAll(close);

const dialog = () => page.getByRole("dialog").last();
const go = (title: string) => page.getByRole("link", { name: title, exact: true }).click();
const button = (name: string) => page.getByRole("button", { name, exact: true }).click();

it("keeps templates with their wildcards: new, changed, with history, removed", async () => {
  await button("Novo modelo");
  await dialog().getByLabel("Nome", { exact: true }).fill("Aviso de manutenção");
  await dialog().getByLabel("Título").fill("Manutenção na sua rua");
  await dialog().getByLabel("Corpo da mensagem").fill("Olá, #primeiro_nome#!");
  await dialog().getByText("Coringas deste tipo de envio").click();
  await inspect(page, "modelo-novo");
  await finish(page);
  await dialog().getByText(/primeiro_nome/).last().waitFor();
  await inspect(page, "modelo-coringa-errado");
  await dialog().getByLabel("Corpo da mensagem").fill("Olá, #cliente#! Amanhã há manutenção na sua rua, das 8h às 10h.");
  await dialog().getByRole("button", { name: "Finalizar" }).click();
  await finished(page);
  await row(page, "Aviso de manutenção").getByRole("checkbox").check();
  await button("Editar");
  await dialog().getByLabel("Título").fill("Manutenção programada");
  await inspect(page, "modelo-editar");
  await finish(page);
  await finished(page);
  await button("Histórico");
  await dialog().getByText(/por Ana/).first().waitFor();
  await inspect(page, "modelo-historico");
  await page.keyboard.press("Escape");
  await inspect(page, "modelos");
});

it("writes to one customer, after showing what they will receive", async () => {
  await go("Mensagens enviadas");
  await row(page, "Enviada").first().dblclick();
  await dialog().getByText(/Aurora Digital/).first().waitFor(); // what it said
  await inspect(page, "mensagem");
  await page.keyboard.press("Escape");
  await row(page, "Enviada").first().getByRole("link").first().click();
  await page.getByRole("tab", { name: /Mensagens/ }).click();
  await button("Nova mensagem");
  await choose(page, "Modelo", "Aviso de manutenção");
  await dialog().getByRole("button", { name: "Ver como o cliente recebe" }).click();
  await dialog().getByText(/Para \S+@/).waitFor();
  await inspect(page, "mensagem-nova");
  await finish(page, "Enviar");
  await finished(page);
  await row(page, "Manutenção programada").filter({ hasText: "Enviada" }).waitFor();
  await inspect(page, "mensagens-do-cliente");
  await row(page, "Manutenção programada").dblclick();
  await dialog().getByText("Amanhã há manutenção na sua rua").waitFor();
  await page.keyboard.press("Escape");
});

it("removes a template, and leaves the messages that it made", async () => {
  await go("Modelos de mensagem");
  await row(page, "Aviso de manutenção").getByRole("checkbox").check();
  await button("Remover");
  await inspect(page, "modelo-remover");
  await finish(page);
  await finished(page);
  await row(page, "Aviso de manutenção").waitFor({ state: "hidden" });
});

it("sends to many what they have not received, and says who goes without, and why", async () => {
  await go("Envio em massa");
  await choose(page, "Finalidade", "Lembrete de vencimento");
  await page.getByText(/Escolha um modelo de e-mail/).waitFor();
  await choose(page, "Modelo de e-mail", "Aviso de fatura");
  await page.getByRole("button", { name: "Enviar", exact: true }).and(page.locator(":enabled")).waitFor();
  await inspect(page, "envio-em-massa");
  await button("Enviar");
  await inspect(page, "envio-em-massa-confirmar");
  await finish(page, "Enviar");
  await page.getByText("Concluída").first().waitFor({ timeout: 60_000 });
  await inspect(page, "envio-em-massa-execucao");
});

it("claims a sender's domain, and shows what to publish", async () => {
  await go("Domínios de remetentes");
  await button("Informar domínio");
  await dialog().getByLabel("Domínio").fill("boletos.aurora.example");
  await inspect(page, "dominio-informar");
  await finish(page, "Salvar");
  await dialog().getByText(/estes registros/).waitFor();
  await dialog().getByText("Comprovado", { exact: true }).waitFor(); // the local cloud proves at once
  await inspect(page, "dominio");
  await page.keyboard.press("Escape");
  await inspect(page, "dominios");
});

it("tells in words who has read what", async () => {
  await go("Quem leu");
  await choose(page, "Pessoa", "Ana");
  await button("Consultar");
  await row(page, /Lista|Lê/).first().waitFor(); // which come first is open: the clock stands still
  await inspect(page, "quem-leu");
  expect(await page.getByRole("grid").innerText()).not.toMatch(/GET|POST|\/customers|_/);
});
