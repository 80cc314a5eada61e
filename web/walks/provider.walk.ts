// An internet provider's new contract, from the CPF of who calls to the receipt of what was paid.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { aid, choose, close, downloaded, drop, finish, finished, inspect, kept, ORIGIN, row, signedIn, stored } from "./walk";

let page: Page;
beforeAll(async () => {
  page = await signedIn("administrador", `/clientes?f=${encodeURIComponent(JSON.stringify({ tipo: "física" }))}`);
});
afterEach((context) => kept(page, context.task));
afterAll(close);

const DUE = "18/05/2026"; // nobody else's
const dialog = () => page.getByRole("dialog").last();
let customer: string;
let nossoNumero: string;

it("finds who calls by the CPF, makes a contract with its charge, and activates it", async () => {
  const cpf = /\d{3}\.\d{3}\.\d{3}-\d{2}/;
  await row(page, cpf).nth(3).waitFor();
  await page.getByRole("grid").focus();
  await page.keyboard.press("/");
  await page.keyboard.type(cpf.exec(await row(page, cpf).nth(3).innerText())![0]);
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Contratos" }).click();
  customer = page.url();

  await page.getByRole("button", { name: "Novo contrato" }).click();
  await dialog().getByLabel("Descrição (plano)").fill("Fibra 700 Mega");
  await choose(page, "Modo de cobrança", "Recorrente");
  await choose(page, "Profile de pagamento", "Itaú carteira 109");
  await dialog().getByLabel("Dia do vencimento").fill("18");
  await inspect(page, "contrato-novo");
  await finish(page);
  await page.getByRole("heading", { level: 1, name: "Fibra 700 Mega" }).waitFor();

  await page.getByRole("button", { name: "Adicionar registro" }).click();
  await choose(page, "Aplica-se a", "O contrato, uma vez");
  await dialog().getByLabel("Subcategoria de encargo").fill("Mensal");
  await choose(page, "Taxa: forma do preço (em branco: o valor de cada transação)", "Valor fixo");
  await dialog().getByLabel("Valor", { exact: true }).fill("150,00");
  await dialog().getByText("Na fatura").click();
  await dialog().getByLabel("Descrição faturamento").fill("Fibra 700 Mega");
  await inspect(page, "definicao-nova");
  await finish(page, "Enviar");
  await finished(page);

  await page.getByRole("link", { name: "painel do cliente" }).click();
  await row(page, "Fibra 700 Mega").last().getByRole("checkbox").check();
  await page.getByRole("button", { name: "Ativar contrato" }).click();
  await inspect(page, "ativar-contrato");
  await finish(page);
  await finished(page);
  await row(page, "Fibra 700 Mega").last().getByText("Ativo").waitFor();
});

it("bills its first charge, whose barcode reads from the picture of the PDF", async () => {
  await page.getByRole("tab", { name: /Contas não faturadas/i }).click();
  await row(page, DUE).getByText("55,00").waitFor(); // 11 of the 30 days of April
  await inspect(page, "contas-nao-faturadas");
  await row(page, DUE).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Faturar" }).click();
  await finish(page);
  await finished(page);

  await page.getByRole("tab", { name: /Faturas a receber/i }).click();
  await row(page, DUE).dblclick();
  const line = dialog().getByText(/^\d{47}$/);
  const printed = await line.innerText();
  const file = page.waitForResponse((response) => response.url().includes(".pdf"));
  await dialog().getByRole("tab", { name: "PDF" }).click();
  const barcode = aid("barcode", stored("fatura.pdf", await (await file).body())).toString();
  // The typed line says the barcode in another order (Febraban, Layout padrão de arrecadação e cobrança).
  expect(barcode).toBe(printed.slice(0, 4) + printed.slice(32) + printed.slice(4, 9) + printed.slice(10, 20) + printed.slice(21, 31));
  await inspect(page, "fatura-pdf");
  nossoNumero = /^\D*(\d+)/.exec(await row(page, DUE).getByRole("gridcell").nth(9).innerText())![1]!;
  await page.keyboard.press("Escape");
});

it("sends it to the bank after a look at what would go, and settles what the bank says was paid", async () => {
  await page.goto(`${ORIGIN}/remessas`);
  await choose(page, "Profile de pagamento", "Itaú carteira 109");
  await page.getByRole("button", { name: "Nova remessa" }).click();
  await dialog().getByLabel("Vencimento de").fill(DUE);
  await dialog().getByLabel("até").fill(DUE);
  await dialog().getByText("R$ 55,00").waitFor();
  await inspect(page, "remessa-nova");
  await finish(page, "Gerar");
  await page.getByText("Concluída").waitFor();

  await page.goto(`${ORIGIN}/remessas`);
  await row(page, "55,00").first().dblclick();
  const remittance = await downloaded(page, () => dialog().getByRole("button", { name: "Baixar arquivo" }).click());

  await page.goto(`${ORIGIN}/retornos`);
  const applied = row(page, "Aplicado");
  await applied.first().waitFor(); // the demonstration's
  const before = await applied.count();
  for (const [i, happens] of ["confirmed", "paid_twice"].entries()) {
    await drop(page, "Solte aqui o arquivo de retorno do banco", `walk${i}.ret`, aid("return", happens, "2026-04-20", String(900 + i), remittance));
    await expect.poll(() => applied.count(), { timeout: 60_000 }).toBe(before + i + 1);
  }
  await inspect(page, "retornos-aplicados");
});

it("decides on what was paid twice, and prints the receipt", async () => {
  await page.goto(`${ORIGIN}/retidos`);
  await row(page, nossoNumero).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Decidir" }).click();
  await dialog().getByLabel(/Crédito/).check();
  await inspect(page, "retido-decidir");
  await finish(page);
  await finished(page);
  await row(page, nossoNumero).waitFor({ state: "hidden" }); // it waits no more
  await page.goto(`${ORIGIN}/retidos?mes=2026-04`);
  await row(page, nossoNumero).getByText(/Crédito/).waitFor();

  await page.goto(customer);
  await page.getByRole("tab", { name: /Contas Recebidas/i }).click();
  await row(page, DUE).dblclick();
  await dialog().getByRole("tab", { name: "Recebimentos" }).click();
  await dialog().getByRole("button", { name: "Recibo" }).first().click();
  await page.locator("iframe.pdf").waitFor();
  await inspect(page, "recibo");
});
