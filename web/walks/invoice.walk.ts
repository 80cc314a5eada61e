import { afterAll, expect, it } from "vitest";
import { close, inspect, open, row, signedIn } from "./walk";

afterAll(close);

it("finds a customer by its document with the keyboard, and opens an invoice and its PDF", async () => {
  const page = await signedIn("financeiro", "/clientes");
  const first = row(page, /\.\d{3}\/\d{4}-\d{2}/).filter({ hasNotText: /Padaria do Zé|Zênite/ }).first(); // whom other walks register or charge
  const document = /\d{2}\.\d{3}\.\d{3}\/\d{4}-\d{2}/.exec(await first.innerText())![0];
  await page.keyboard.press("Escape");
  await page.locator("body").press("/");
  await page.keyboard.type(document);
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: /Contas Recebidas/ }).first().waitFor();

  await page.getByRole("tab", { name: /Contas Recebidas \([1-9]/ }).click();
  await row(page, "Liquidada").first().dblclick();
  await page.getByRole("heading", { name: "Por que este valor" }).waitFor();
  await inspect(page, "fatura");
  const file = page.waitForResponse((response) => response.url().includes(".pdf"));
  await page.getByRole("tab", { name: "PDF" }).click();
  expect((await (await file).body()).subarray(0, 5).toString()).toBe("%PDF-");
  const address = await page.locator("iframe.pdf").getAttribute("src");
  expect(address).toMatch(/^blob:/);
  await page.getByRole("tab", { name: "Recebimentos" }).click();
  await page.getByRole("button", { name: "Recibo" }).first().waitFor();
  await page.getByRole("dialog").getByRole("tab", { name: "Histórico" }).click();
  await page.getByText("Fabio").first().waitFor();
  await inspect(page, "fatura-historico");
  await page.getByRole("button", { name: "Comentar" }).click();
  await page.getByRole("dialog").last().getByLabel("Comentário").fill("Cliente confirmou o pagamento por telefone");
  await inspect(page, "comentar");
  await page.getByRole("dialog").last().getByLabel("Tem certeza que deseja aplicar as alterações").check();
  await page.getByRole("dialog").last().getByRole("button", { name: "Finalizar" }).click();
  await page.getByText("Cliente confirmou o pagamento por telefone").waitFor();
});

it("tells the second of two who change one customer what happened, and changes nothing", async () => {
  const context = await open();
  const [one, two] = [await signedIn("administrador", "/clientes", context), await signedIn("administrador", "/clientes", context)];
  for (const page of [one, two]) {
    await row(page, /\d{4}-\d{2}/).first().dblclick();
    await page.getByRole("button", { name: "Editar" }).click();
  }
  await one.getByRole("dialog").getByLabel("Nome fantasia").fill("Primeira");
  await one.getByRole("dialog").getByRole("button", { name: "Salvar" }).click();
  await one.getByRole("dialog").waitFor({ state: "hidden" });
  await two.getByRole("dialog").getByLabel("Nome fantasia").fill("Segunda");
  await two.getByRole("dialog").getByRole("button", { name: "Salvar" }).click();
  await two.getByRole("dialog").getByRole("alert").waitFor();
  expect(await two.getByRole("dialog").getByRole("textbox", { name: "Nome fantasia" }).inputValue()).toBe("Segunda");
  await two.getByRole("dialog").getByRole("radio", { name: "Seu: Segunda" }).check();
  await inspect(two, "conflito");
});
