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
  await dialog().getByLabel("Gerar as parcelas do carnê").uncheck();
  await dialog().getByText("Só remove a instrução de aguardando ativação").waitFor();
  await dialog().getByLabel("Gerar as parcelas do carnê").check();
  await inspect(page, "ativar-contrato");
  await finish(page);
  await finished(page);
  await row(page, "Fibra 700 Mega").last().getByText("Ativo").waitFor();
});

const tool = (name: string) => page.getByRole("button", { name, exact: true });
const tick = () => row(page, DUE).getByRole("checkbox").check();

async function withReason(name: string, reason: string): Promise<void> {
  await tick();
  await tool(name).click();
  await dialog().getByLabel("Motivo").fill(reason);
}

it("bills its first charge, prints the invoice, suspends it, takes it up again, and removes it", async () => {
  await page.getByRole("tab", { name: /Contas não faturadas/i }).click();
  await row(page, DUE).getByText("55,00").waitFor(); // 11 of the 30 days of April
  await inspect(page, "contas-nao-faturadas");
  await row(page, DUE).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Faturar" }).click();
  await finish(page);
  await finished(page);

  await page.getByRole("tab", { name: /Faturas a receber/i }).click();
  await tick();
  await tool("Imprimir").click();
  await tool("Visualizar").click();
  await page.locator("iframe.pdf").waitFor();
  await inspect(page, "imprimir-faturas");
  await page.keyboard.press("Escape");
  await finished(page);
  await withReason("Suspender", "Cliente pediu a revisão do plano");
  await inspect(page, "suspender-faturas");
  await finish(page);
  await finished(page);
  await row(page, DUE).getByText("Suspensa").waitFor();
  await withReason("Cancelar suspensão", "Plano revisto");
  await inspect(page, "cancelar-suspensao-de-faturas");
  await finish(page);
  await finished(page);
  await row(page, DUE).getByText("Em aberto").waitFor();
  await withReason("Remover", "Vencimento combinado de novo");
  await inspect(page, "remover-faturas");
  await finish(page);
  await dialog().getByText(/^feita com aviso/i).waitFor(); // its charge is there still
  await page.keyboard.press("Escape");
  await finished(page);
  await page.getByRole("tab", { name: /Faturas Excluídas/i }).click();
  await row(page, DUE).getByText("Vencimento combinado de novo").waitFor();
  await inspect(page, "faturas-excluidas");
});

it("bills the charge that is free again, whose barcode reads from the picture of the PDF", async () => {
  await page.getByRole("tab", { name: /Contas não faturadas/i }).click();
  await tick();
  await tool("Faturar").click();
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

async function askForRebate(): Promise<void> {
  await choose(page, "Instrução", "Concessão de abatimento");
  await dialog().getByLabel("Abatimento").fill("1,00");
  await dialog().getByLabel("Justificativa").fill("Cliente ficou um dia sem sinal");
}

it("asks the bank for something about an invoice that it has, withdraws it, and asks again", async () => {
  await page.getByRole("link", { name: "Contas a receber", exact: true }).click();
  await choose(page, "Profile", "Itaú carteira 109");
  await page.getByRole("combobox", { name: "Filtrar No banco" }).selectOption({ label: "Registrada no banco" });
  const registered = page.getByRole("grid").locator(".rows").getByRole("row").first();
  await registered.getByText("Registrada no banco").waitFor();
  await registered.getByRole("checkbox").check();
  for (const [name, picture] of [["Baixada no banco", "baixada-no-banco"], ["Remover marca de remessa", "remover-marca-de-remessa"]] as const) {
    await tool(name).click();
    await dialog().getByLabel("Motivo").fill("O gerente do banco telefonou");
    await dialog().getByLabel("Tem certeza que deseja aplicar as alterações").check();
    await dialog().locator("button[data-loading]").waitFor({ state: "hidden" }); // tried first
    await inspect(page, picture);
    page.once("dialog", (question) => void question.accept()); // "Descartar o que foi preenchido?"
    await page.keyboard.press("Escape");
    await finished(page);
  }
  await tool("Instrução ao banco").click();
  await askForRebate();
  await inspect(page, "instrucao-ao-banco");
  await finish(page);
  await finished(page);
  await registered.dblclick();
  await dialog().getByRole("tab", { name: "Banco" }).click();
  await dialog().getByText("Cliente ficou um dia sem sinal").waitFor();
  await dialog().getByRole("button", { name: "Cancelar" }).click();
  await dialog().getByLabel("Motivo").fill("Era de outra fatura");
  await inspect(page, "cancelar-instrucao");
  await finish(page);
  await page.getByRole("dialog", { name: "Cancelar instrução" }).waitFor({ state: "hidden" });
  await dialog().getByRole("button", { name: "Nova instrução" }).click();
  await askForRebate();
  await finish(page);
  await page.getByRole("dialog", { name: "Instrução ao banco" }).waitFor({ state: "hidden" });
  await dialog().getByRole("button", { name: "Cancelar" }).waitFor();
  await page.keyboard.press("Escape");
  await finished(page);
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
  await row(page, "Concessão de abatimento").waitFor();
  await inspect(page, "remessa-titulos");
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
  await page.keyboard.press("Escape");
  await page.locator("iframe.pdf").waitFor({ state: "hidden" });
  await dialog().getByRole("button", { name: "Estornar" }).first().click();
  await dialog().getByLabel("Motivo").fill("O cliente pediu o dinheiro de volta");
  await inspect(page, "estornar");
  await finish(page);
  await dialog().getByText(/Estornada em 20\/04\/2026/).waitFor();
});

it("suspends the contract and takes it up again, keeps a customer who wants to leave, and lets them go", async () => {
  await page.goto(customer);
  const contract = row(page, "Fibra 700 Mega").last();
  await contract.getByRole("checkbox").check();
  for (const [step, reason, state] of [
    ["Suspender contrato", "Cliente em viagem", "Suspenso"],
    ["Cancelar suspensão", "", "Ativo"],
    ["Solicitar cancelamento", "Mudou de cidade", "Cancelamento solicitado"],
    ["Retirar pedido de cancelamento", "", "Ativo"],
  ] as const) {
    await tool(step).click();
    if (reason) await dialog().getByLabel("Motivo").fill(reason);
    await inspect(page, step.toLowerCase().replaceAll(" ", "-"));
    await finish(page);
    await finished(page);
    await contract.getByText(state).waitFor();
  }
  await tool("Cancelar contrato").click();
  await dialog().getByLabel("Motivo").fill("Mudou de cidade");
  await finish(page);
  await dialog().getByText("Informe uma data posterior").waitFor(); // its first day is today
  await inspect(page, "cancelar-contrato");
  await dialog().getByLabel("Data", { exact: true }).fill("21/04/2026");
  await dialog().getByRole("button", { name: "Finalizar" }).click();
  await finished(page);
  await contract.getByText("Cancelado").waitFor();
});
