// A note from its pending invoice to its cancellation, and the configuration that it is made by.
import { afterAll, expect, it } from "vitest";
import { close, finish, inspect, row, signedIn, stored } from "./walk";

afterAll(close);

it("issues a pending invoice's note, prints it, cancels it", async () => {
  const page = await signedIn("financeiro", "/notas-pendentes");
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
  await page.getByRole("dialog").waitFor({ state: "hidden" });

  await page.getByRole("link", { name: "Notas emitidas", exact: true }).click();
  const issued = row(page, "Autorizado").first();
  await issued.waitFor();
  await inspect(page, "notas-emitidas");
  await issued.dblclick();
  const note = page.getByRole("dialog");
  await note.getByText("Chave de acesso").waitFor();
  await inspect(page, "nota");
  await note.getByRole("tab", { name: "Impressão" }).click();
  await note.getByTitle(/^nfcom-/).waitFor();
  await note.getByRole("tab", { name: "Histórico" }).click();
  await note.getByText(/Documento fiscal autorizado/).waitFor();
  await note.getByRole("tab", { name: "Dados" }).click();
  await note.getByRole("button", { name: "Consultar" }).click();
  const consulting = page.getByRole("dialog", { name: "Consultar no autorizador" });
  await inspect(page, "consultar-nota");
  await consulting.getByLabel("Tem certeza que deseja aplicar as alterações").check();
  await consulting.getByRole("button", { name: "Consultar" }).click();
  await consulting.waitFor({ state: "hidden" });
  await note.getByRole("button", { name: "Cancelar a nota" }).click();
  const cancelling = page.getByRole("dialog", { name: /Cancelar a nota \d/ });
  await cancelling.getByLabel("Motivo").fill("Serviço não prestado ao cliente");
  await inspect(page, "cancelar-nota");
  await cancelling.getByLabel("Tem certeza que deseja aplicar as alterações").check();
  await cancelling.getByRole("button", { name: "Cancelar a nota" }).click();
  await cancelling.waitFor({ state: "hidden" });
  await note.getByText("Cancelado", { exact: true }).waitFor();
  await note.getByRole("button", { name: "Emitir de novo" }).click();
  await page.getByRole("dialog", { name: "Emitir de novo" }).waitFor();
  await inspect(page, "emitir-de-novo");
});

it("declares a service to the Sefin Nacional, and prints the note that it makes", async () => {
  const page = await signedIn("financeiro", "/notas-pendentes");
  await page.getByRole("textbox", { name: "Filtrar Descrição" }).fill("Consumo de nuvem"); // below those that fit
  const pending = row(page, /Consumo de nuvem/).first();
  await pending.waitFor();
  await pending.dblclick();
  await page.getByRole("dialog", { name: /Emitir a nota da fatura/ }).waitFor();
  await finish(page, "Emitir");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("link", { name: "Notas emitidas", exact: true }).click();
  await row(page, "NFS-e").first().dblclick();
  const note = page.getByRole("dialog");
  await note.getByText("Chave da NFS-e").waitFor();
  await inspect(page, "nota-de-servico");
  const paper = page.waitForResponse((response) => response.url().includes(".pdf"));
  await note.getByRole("tab", { name: "Impressão" }).click();
  stored("danfse.pdf", await (await paper).body());
});

it("shows what the company is to the tax authority", async () => {
  const page = await signedIn("administrador", "/configuracao-fiscal");
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
