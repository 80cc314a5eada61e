// A note from its pending invoice to its cancellation, and the configuration that it is made by.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { close, finish, finished, inspect, kept, row, signedIn, stored } from "./walk";

let page: Page;
beforeAll(async () => {
  page = await signedIn("administrador", "/notas-pendentes");
});
afterEach((context) => kept(page, context.task));
afterAll(close);

const go = (title: string) => page.getByRole("link", { name: title, exact: true }).click();
const note = () => page.getByRole("dialog").last();

it("issues a pending invoice's note, gives up the one that is rejected, prints the next, cancels it", async () => {
  const pending = row(page, /Fibra/).first();
  await pending.waitFor();
  await inspect(page, "notas-pendentes");
  const number = (await pending.getByRole("gridcell").allInnerTexts()).find((text) => /^\d+$/.test(text))!;
  await page.getByRole("button", { name: "Emitir todas" }).click();
  await inspect(page, "emitir-todas");
  await page.keyboard.press("Escape");
  await pending.dblclick();
  await page.getByRole("dialog", { name: `Emitir a nota da fatura ${number}` }).waitFor();
  await inspect(page, "emitir-nota");
  await finish(page, "Emitir");
  await finished(page);

  await go("Notas emitidas"); // the authority rejects the first one, whatever it says
  await row(page, "Rejeitado").dblclick();
  await note().getByText("A UF não aceita cliente isento de inscrição").first().waitFor();
  await note().getByRole("button", { name: "Desistir" }).click();
  await inspect(page, "desistir-da-nota");
  await finish(page, "Desistir");
  await note().getByText("Pendente").waitFor(); // without its number
  await page.keyboard.press("Escape");
  await go("Notas pendentes");
  await page.getByRole("row", { name: new RegExp(`^${number} `) }).dblclick();
  await finish(page, "Emitir");
  await finished(page);

  await go("Notas emitidas");
  const issued = row(page, "Autorizado").first();
  await issued.waitFor();
  await inspect(page, "notas-emitidas");
  await issued.dblclick();
  await note().getByText("Chave de acesso").waitFor();
  await inspect(page, "nota");
  await note().getByRole("tab", { name: "Impressão" }).click();
  await note().getByTitle(/^nfcom-/).waitFor();
  await note().getByRole("tab", { name: "Histórico" }).click();
  await note().getByText(/Documento fiscal autorizado/).waitFor();
  await note().getByRole("tab", { name: "Dados" }).click();
  await note().getByRole("button", { name: "Consultar" }).click();
  await inspect(page, "consultar-nota");
  await finish(page, "Consultar");
  await page.getByRole("dialog", { name: "Consultar no autorizador" }).waitFor({ state: "hidden" });
  await note().getByRole("button", { name: "Cancelar a nota" }).click();
  await note().getByLabel("Motivo").fill("Serviço não prestado ao cliente");
  await inspect(page, "cancelar-nota");
  await finish(page, "Cancelar a nota");
  await note().getByText("Cancelado", { exact: true }).waitFor();
  await note().getByRole("button", { name: "Emitir de novo" }).click();
  await inspect(page, "emitir-de-novo");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Emitir de novo" }).waitFor({ state: "hidden" });
  await page.keyboard.press("Escape");
  await finished(page);
});

it("declares a service to the Sefin Nacional, and prints the note that it makes", async () => {
  await go("Notas pendentes");
  await page.getByRole("textbox", { name: "Filtrar Descrição" }).fill("Consumo de nuvem"); // below those that fit
  const pending = row(page, /Consumo de nuvem/).first();
  await pending.waitFor();
  await pending.dblclick();
  await page.getByRole("dialog", { name: /Emitir a nota da fatura/ }).waitFor();
  await finish(page, "Emitir");
  await finished(page);
  await go("Notas emitidas");
  await row(page, "NFS-e").first().dblclick();
  await note().getByText("Chave da NFS-e").waitFor();
  await inspect(page, "nota-de-servico");
  const paper = page.waitForResponse((response) => response.url().includes(".pdf"));
  await note().getByRole("tab", { name: "Impressão" }).click();
  stored("danfse.pdf", await (await paper).body());
});

it("shows what the company is to the tax authority", async () => {
  await go("Configuração fiscal");
  await page.getByText("Internet por fibra (SCM)").waitFor();
  await inspect(page, "configuracao-fiscal");
  await page.getByRole("button", { name: "SCM" }).click();
  await page.getByRole("dialog").getByLabel("CFOP dentro do estado").waitFor();
  await inspect(page, "composicao-fiscal");
  expect(await page.getByRole("dialog").getByLabel("CFOP dentro do estado").inputValue()).toBe("5307");
  await page.keyboard.press("Escape");
  for (const [button, name] of [["Alterar", "fiscal-alterar"], ["Trocar", "certificado"], ["Adicionar composição", "composicao-nova"], ["Alterar as regras", "regras-de-composicao"]] as const) {
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByRole("dialog").waitFor();
    await inspect(page, name);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  }
  await page.getByRole("link", { name: "Notas emitidas", exact: true }).click();
  await page.getByRole("button", { name: /^Competência (aberta|fechada)/ }).click();
  await inspect(page, "competencia");
});
