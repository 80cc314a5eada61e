import { afterAll, expect, it } from "vitest";
import { close, finish, inspect, row, signedIn, userOf } from "./walk";

afterAll(close);

it("makes a receipt with the authoriser's discount, prints it, reverses it, and counts the box", async () => {
  const page = await signedIn("administrador", "/caixas");
  const dialog = page.getByRole("dialog");
  const done = () => dialog.waitFor({ state: "hidden" });

  await page.getByRole("button", { name: "Nova conta" }).click();
  await dialog.getByRole("combobox", { name: "Tipo" }).click();
  await page.getByRole("option", { name: "Caixa", exact: true }).click();
  await dialog.getByLabel("Nome").fill("Caixa do balcão");
  await finish(page);
  await done();

  await page.goto(new URL("/motivos", page.url()).href);
  await page.getByRole("button", { name: "Novo motivo" }).click();
  await dialog.getByLabel("Nome").fill("Bonificação");
  await finish(page);
  await done();
  await row(page, "Bonificação").waitFor();
  await inspect(page, "motivos");

  await page.goto(new URL("/meu-caixa", page.url()).href);
  await page.getByText("Você não tem caixa aberto.").waitFor();
  await page.getByRole("button", { name: "Abrir caixa" }).click();
  await dialog.getByLabel("Dinheiro na gaveta (troco)").fill("100,00");
  await finish(page);
  await done();
  await page.getByText("Dinheiro R$ 100,00").first().waitFor();

  await page.goto(new URL("/faturas", page.url()).href);
  await row(page, "Em aberto").last().getByRole("link").first().click();
  await page.getByRole("button", { name: "Fazer recibo" }).click();
  const table = page.getByRole("table", { name: "Faturas em aberto" });
  await table.getByRole("checkbox").first().check();
  await page.getByRole("button", { name: "Desconto" }).click();
  const { email, password } = userOf("administrador");
  await dialog.getByLabel("Usuário do autorizador (e-mail)").fill(email);
  await dialog.getByRole("textbox", { name: "Senha do autorizador" }).fill("Errada-2026!");
  await dialog.getByRole("button", { name: "Autorizar" }).click();
  await dialog.getByText("Restam 4 tentativas").waitFor();
  await dialog.getByRole("textbox", { name: "Senha do autorizador" }).fill(password);
  await inspect(page, "autorizador");
  await dialog.getByRole("button", { name: "Autorizar" }).click();
  await page.getByText("Usuário Autorizado:").waitFor();
  await page.getByLabel("Valor do desconto").fill("1,50");
  await page.getByRole("combobox", { name: "Tipo de Desconto" }).click();
  await page.getByRole("option", { name: "Bonificação" }).click();
  await page.getByLabel("Motivo do Desconto").fill("Sinal fora do ar");
  await inspect(page, "fazer-recibo");

  await page.getByRole("button", { name: "Fazer recibo" }).click();
  await dialog.getByLabel("Dinheiro").fill("9.000,00");
  await dialog.getByText("Troco").waitFor();
  const paper = page.waitForResponse((response) => response.url().includes(".pdf"));
  await finish(page, "Receber e imprimir");
  expect((await (await paper).body()).subarray(0, 5).toString()).toBe("%PDF-");
  await page.getByRole("button", { name: "Fechar" }).click();
  await page.getByRole("heading", { name: "Recibos feitos" }).waitFor();
  await inspect(page, "recibos");

  await page.getByRole("button", { name: "Estornar" }).click();
  await dialog.getByLabel("Motivo").fill("Pago em duplicidade");
  await finish(page);
  await page.getByText("Estornado em").waitFor();

  await page.getByRole("link", { name: "Painel do cliente" }).click();
  await page.getByRole("tab", { name: "Extrato financeiro" }).click();
  await row(page, /Em aberto/).first().waitFor();
  await inspect(page, "extrato-financeiro");

  await page.goto(new URL("/meu-caixa", page.url()).href);
  await page.getByRole("button", { name: "Conferir e fechar" }).first().click();
  await dialog.getByLabel("Dinheiro contado").fill("99,00");
  await dialog.getByText(/Diferença: Dinheiro R\$ −1,00/).waitFor();
  await dialog.getByLabel("Explicação da diferença").fill("Troco errado");
  await inspect(page, "conferir-caixa");
  await finish(page);
  await page.getByText("Troco errado").waitFor();
  await inspect(page, "meu-caixa");
});
