// One customer's charges and invoices at the desk: inserted with replications, suspended, removed, settled now, billed; what the bank
// received short is received, forgiven, or taken to another charge; what was received by a profile is reconciled.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { aid, choose, close, downloaded, drop, finish, finished, inspect, kept, ORIGIN, row, signedIn } from "./walk";

const CUSTOMER = "Lourdes Sampaio"; // who has nothing before
const DUE = ["13/07/2026", "14/07/2026", "15/07/2026", "16/07/2026"] as const; // nobody else's

let page: Page;
let customer: string;
beforeAll(async () => {
  page = await signedIn("administrador", "/clientes");
  await page.getByRole("textbox", { name: "Filtrar Cliente" }).fill(CUSTOMER);
  await row(page, CUSTOMER).dblclick();
  await page.getByRole("tab", { name: /Contas não faturadas/ }).click();
  customer = page.url().split("?")[0]!;
});
afterEach((context) => kept(page, context.task));
afterAll(close);

const dialog = () => page.getByRole("dialog").last();
const tool = (name: string) => page.getByRole("button", { name, exact: true });
async function tick(...texts: string[]): Promise<void> {
  for (const text of texts) await row(page, text).getByRole("checkbox").check();
}
const tab = (name: RegExp) => page.getByRole("tab", { name }).click();

async function insert(description: string, amount: string, due: string): Promise<void> {
  await tool("Inserir conta").click();
  await choose(page, "Empresa", /Aurora/);
  await choose(page, "Profile de pagamento", "Itaú carteira 109");
  await dialog().getByLabel("Descrição").fill(description);
  await dialog().getByLabel("Valor", { exact: true }).fill(amount);
  await dialog().getByLabel("Vencimento").fill(due);
}

it("inserts a charge and its replications, every so many days", async () => {
  await insert("Instalação da rede", "90,00", DUE[0]);
  await dialog().getByLabel("Replicações").fill("3");
  await choose(page, "Intervalo em", "Dias");
  await dialog().getByText(`4 contas, a última com vencimento em ${DUE[3]}.`).waitFor();
  await inspect(page, "inserir-conta");
  await finish(page);
  await finished(page);
  for (const due of DUE) await row(page, due).getByText("90,00").waitFor();
  await inspect(page, "contas-inseridas");
});

it("suspends a charge, takes it up again, and removes it", async () => {
  await tick(DUE[3]);
  await tool("Suspender").click();
  await dialog().getByLabel("Motivo").fill("Cliente contesta o valor");
  await inspect(page, "suspender-conta");
  await finish(page);
  await finished(page);
  await row(page, DUE[3]).getByText("Suspensa").waitFor();
  await tick(DUE[3]);
  await tool("Suspender").hover();
  await page.getByRole("tooltip").waitFor();
  await inspect(page, "conta-suspensa");
  await tool("Cancelar suspensão").click();
  await dialog().getByLabel("Motivo").fill("Valor conferido");
  await inspect(page, "cancelar-suspensao-de-conta");
  await finish(page);
  await finished(page);
  await row(page, DUE[3]).getByText("Não faturada").waitFor();
  await row(page, DUE[3]).dblclick();
  await dialog().getByRole("button", { name: "Editar" }).click();
  await dialog().getByLabel("Descrição").fill("Instalação da rede, última parte");
  await dialog().getByLabel("Referência final").fill("31/03/2026"); // before its first day
  await finish(page, "Salvar");
  await dialog().getByRole("alert").waitFor();
  await inspect(page, "editar-conta");
  await dialog().getByLabel("Referência final").fill("03/05/2026");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("dialog", { name: "Editar conta" }).waitFor({ state: "hidden" });
  await dialog().getByText("Instalação da rede, última parte").waitFor();
  await dialog().getByRole("tab", { name: "Histórico" }).click();
  await dialog().getByText("Valor conferido").waitFor();
  await inspect(page, "conta-historico");
  await page.keyboard.press("Escape");
  await tick(DUE[3]);
  await tool("Remover").click();
  await dialog().getByLabel("Observações").fill("Lançada em duplicidade");
  await inspect(page, "remover-conta");
  await finish(page);
  await finished(page);
  await row(page, DUE[3]).waitFor({ state: "hidden" });
});

it("settles at once a charge that was paid already, and reconciles it with the bank's credit", async () => {
  await insert("Visita técnica", "45,00", "20/04/2026");
  await dialog().getByLabel("Liquidar agora: já foi paga").check();
  await dialog().getByRole("radio").last().check();
  await choose(page, "Profile de pagamento creditado", "Itaú carteira 109");
  await dialog().getByLabel("Justificativa").fill("Depósito na conta");
  await inspect(page, "liquidar-agora");
  await finish(page);
  await finished(page);
  await tab(/Contas Recebidas/);
  await row(page, "Visita técnica").dblclick();
  await dialog().getByRole("tab", { name: "Recebimentos" }).click();
  await dialog().getByText("Depósito na conta").waitFor();
  await inspect(page, "recebimentos");
  await dialog().getByRole("button", { name: "Conciliar" }).click();
  await inspect(page, "conciliar");
  await finish(page);
  await dialog().getByRole("button", { name: "Conciliar" }).waitFor({ state: "hidden" });
});

it("bills the others, and the bank receives half of each", async () => {
  await page.goto(`${customer}?aba=contas`);
  await tick(DUE[0], DUE[1], DUE[2]);
  await tool("Faturar").click();
  await inspect(page, "faturar-contas");
  await finish(page);
  await finished(page);
  await page.goto(`${ORIGIN}/remessas`);
  await choose(page, "Profile de pagamento", "Itaú carteira 109");
  await tool("Nova remessa").click();
  await dialog().getByLabel("Vencimento de").fill(DUE[0]);
  await dialog().getByLabel("até").fill(DUE[2]);
  await dialog().getByText("R$ 270,00").waitFor();
  await finish(page, "Gerar");
  await page.getByText("Concluída").waitFor();
  await page.goto(`${ORIGIN}/remessas`);
  await row(page, "270,00").first().dblclick();
  const remittance = await downloaded(page, () => dialog().getByRole("button", { name: "Baixar arquivo" }).click());
  await page.goto(`${ORIGIN}/retornos`);
  const applied = row(page, "Aplicado");
  await applied.first().waitFor();
  const before = await applied.count();
  for (const [i, happens] of ["confirmed", "short"].entries()) {
    await drop(page, "Solte aqui o arquivo de retorno do banco", `short${i}.ret`, aid("return", happens, "2026-04-20", String(880 + i), remittance));
    await expect.poll(() => applied.count(), { timeout: 60_000 }).toBe(before + i + 1);
  }
  await page.goto(customer);
  for (const due of DUE.slice(0, 3)) await row(page, due).getByText("45,00").waitFor();
  await inspect(page, "faturas-pagas-a-menor");
});

async function outstanding(due: string, way: string): Promise<void> {
  await tick(due);
  await tool("Saldo em aberto").click();
  await dialog().getByRole("radio", { name: way }).check();
  await dialog().getByLabel("Justificativa").fill("Combinado por telefone");
}

it("receives what is left, forgives it, or takes it to another charge", async () => {
  await page.goto(customer);
  await outstanding(DUE[0], "Foi recebido");
  await inspect(page, "saldo-recebido");
  await finish(page);
  await finished(page);
  await row(page, DUE[0]).waitFor({ state: "hidden" });
  await outstanding(DUE[1], "Perdoar");
  await inspect(page, "saldo-perdoado");
  await finish(page);
  await finished(page);
  await row(page, DUE[1]).waitFor({ state: "hidden" });
  await outstanding(DUE[2], "Levar a uma conta nova");
  await dialog().getByLabel("Vencimento da conta nova").fill("17/07/2026");
  await inspect(page, "saldo-em-conta-nova");
  await finish(page);
  await finished(page);
  await row(page, DUE[2]).waitFor({ state: "hidden" });
  await tab(/Contas não faturadas/);
  await row(page, "17/07/2026").getByText("45,00").waitFor();
  await tab(/Contas Recebidas/);
  await row(page, DUE[1]).dblclick();
  await dialog().getByRole("tab", { name: "Recebimentos" }).click();
  await inspect(page, "saldo-perdoado-recebimentos");
});

it("shows on the financial statement what was paid, discounted and remains, and opens the invoice", async () => {
  await page.goto(`${customer}?aba=extrato`);
  await row(page, DUE[1]).waitFor();
  await inspect(page, "extrato-financeiro");
  await row(page, DUE[1]).dblclick();
  await dialog().getByRole("heading", { name: /^Fatura \d/ }).waitFor();
  await inspect(page, "extrato-fatura");
});
