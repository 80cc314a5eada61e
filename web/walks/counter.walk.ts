// The counter: a person's cash box, a receipt with the authoriser's discount and its paper, a protest status, the box counted.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { choose, close, finish, finished, inspect, kept, ORIGIN, row, signedIn, stored, userOf } from "./walk";

const CUSTOMER = "Raimunda Sampaio"; // who has nothing before

let page: Page;
let customer: string;
beforeAll(async () => {
  page = await signedIn("administrador", "/clientes");
  await page.getByRole("textbox", { name: "Filtrar Cliente" }).fill(CUSTOMER);
  await row(page, CUSTOMER).dblclick();
  await page.getByRole("tab", { name: /Contas não faturadas/ }).waitFor();
  customer = page.url().split("?")[0]!;
});
afterEach((context) => kept(page, context.task));
afterAll(close);

const dialog = () => page.getByRole("dialog").last();
const tool = (name: string) => page.getByRole("button", { name, exact: true });

async function newReason(list: string, name: string, forbids = false): Promise<void> {
  await tool("Novo motivo").click();
  await choose(page, "Lista", list);
  await dialog().getByLabel("Nome").fill(name);
  if (forbids) await dialog().getByLabel("Não gerar recibo").check();
  await inspect(page, `motivo-${forbids ? "protesto" : "desconto"}`);
  await finish(page);
  await finished(page);
  await row(page, name).waitFor();
}

it("prepares the box, the types of discount and the protest statuses", async () => {
  await page.goto(`${ORIGIN}/caixas`);
  await tool("Nova conta").click();
  await choose(page, "Tipo", "Caixa");
  await dialog().getByLabel("Nome").fill("Caixa do balcão");
  await inspect(page, "conta-nova");
  await finish(page);
  await finished(page);
  await page.goto(`${ORIGIN}/motivos`);
  await newReason("Tipo de desconto", "Bonificação");
  await newReason("Status de protesto", "Em protesto", true);
  await row(page, "Em protesto").getByRole("checkbox").check();
  await tool("Alterar ou encerrar").click();
  await inspect(page, "motivo-alterar");
  await page.keyboard.press("Escape");
  await tool("Histórico").click();
  await dialog().getByText(/por Ana/).first().waitFor();
  await inspect(page, "motivo-historico");
});

it("opens the person's box with what is in the drawer", async () => {
  await page.goto(`${ORIGIN}/meu-caixa`);
  await tool("Abrir caixa").click();
  await dialog().getByLabel("Dinheiro na gaveta (troco)").fill("100,00");
  await inspect(page, "abrir-caixa");
  await finish(page);
  await finished(page);
  await page.getByText("Dinheiro R$ 100,00").first().waitFor();
});

it("finds what is owed, overdue or not, with today's amount of each", async () => {
  await page.goto(`${customer}?aba=contas`);
  await tool("Inserir conta").click();
  await choose(page, "Profile de pagamento", "Itaú carteira 109");
  await dialog().getByLabel("Descrição").fill("Ponto adicional");
  await dialog().getByLabel("Valor", { exact: true }).fill("80,00");
  await dialog().getByLabel("Vencimento").fill("20/04/2026");
  await dialog().getByLabel("Replicações").fill("1");
  await finish(page);
  await finished(page);
  await row(page, "20/05/2026").getByRole("checkbox").check();
  await row(page, "20/04/2026").getByRole("checkbox").check();
  await tool("Faturar").click();
  await finish(page);
  await finished(page);
  await tool("Fazer recibo").click();
  await page.getByRole("table", { name: "Faturas em aberto" }).getByText("20/05/2026").waitFor();
  await inspect(page, "recibo-devido");
});

it("asks for an authoriser's password before a discount, counts wrong ones, and prints the receipt", async () => {
  await page.getByRole("table", { name: "Faturas em aberto" }).getByRole("checkbox").first().check();
  await tool("Desconto").click();
  const { email, password } = userOf("administrador");
  await dialog().getByLabel("Usuário do autorizador (e-mail)").fill(email);
  await dialog().getByRole("textbox", { name: "Senha do autorizador" }).fill("Errada-2026!");
  await tool("Autorizar").click();
  await dialog().getByText("Restam 4 tentativas").waitFor();
  await inspect(page, "autorizador");
  await dialog().getByRole("textbox", { name: "Senha do autorizador" }).fill(password);
  await tool("Autorizar").click();
  await page.getByText("Usuário Autorizado:").waitFor();
  await page.getByLabel("Valor do desconto").fill("1,50");
  await choose(page, "Tipo de Desconto", "Bonificação");
  await page.getByLabel("Motivo do Desconto").fill("Sinal fora do ar");
  await inspect(page, "fazer-recibo");

  await tool("Fazer recibo").click();
  await dialog().getByLabel("Dinheiro").fill("100,00");
  await dialog().getByText("R$ 21,50").waitFor(); // the change
  await inspect(page, "receber");
  const paper = page.waitForResponse((response) => response.url().includes(".pdf"));
  await finish(page, "Receber e imprimir");
  stored("recibo-balcao.pdf", await (await paper).body());
  await page.locator("iframe.pdf").waitFor();
  await inspect(page, "recibo-impresso");
  await tool("Fechar").click();
  await page.getByRole("heading", { name: "Recibos feitos" }).waitFor();
  await inspect(page, "recibos");
});

it("reverses the receipt, which opens its invoice again", async () => {
  await tool("Estornar").click();
  await dialog().getByLabel("Motivo").fill("Pago em duplicidade");
  await inspect(page, "estornar-recibo");
  await finish(page);
  await finished(page);
  await page.getByText("Estornado em").waitFor();
  await page.getByRole("table", { name: "Faturas em aberto" }).getByText("20/04/2026").waitFor();
});

it("warns of a customer under protest, and asks everybody but administrators for a password", async () => {
  await page.goto(`${customer}?aba=cadastro`);
  await tool("Editar").click();
  await choose(page, "Status de protesto", "Em protesto");
  await inspect(page, "cadastro-editar");
  await tool("Salvar").click();
  await finished(page);
  const clerk = await signedIn("financeiro", new URL(`${customer}/recibo`).pathname);
  await clerk.getByText("Status “Em protesto”: não permite fazer o recibo.").waitFor();
  await clerk.getByRole("table", { name: "Faturas em aberto" }).getByRole("checkbox").first().check();
  expect(await clerk.getByRole("button", { name: "Fazer recibo" }).isDisabled()).toBe(true);
  await inspect(clerk, "recibo-sob-protesto");
  await clerk.getByRole("button", { name: "Senha do administrador" }).click();
  const { email, password } = userOf("administrador");
  await clerk.getByRole("dialog").getByLabel("Usuário do autorizador (e-mail)").fill(email);
  await clerk.getByRole("dialog").getByRole("textbox", { name: "Senha do autorizador" }).fill(password);
  await inspect(clerk, "senha-do-administrador");
  await clerk.getByRole("button", { name: "Autorizar" }).click();
  await clerk.getByText("autorizado por Ana").waitFor();
  expect(await clerk.getByRole("button", { name: "Fazer recibo" }).isDisabled()).toBe(false);
  await page.goto(`${customer}?aba=extrato`);
  await row(page, "20/04/2026").waitFor();
  await inspect(page, "extrato-sob-protesto");
});

it("empties the box into the bank, counts it, and explains the difference", async () => {
  await page.goto(`${ORIGIN}/meu-caixa`);
  await tool("Retirar").click();
  await dialog().getByLabel("Dinheiro").fill("40,00");
  await choose(page, "Banco ou cofre de destino", /Itaú/);
  await dialog().getByLabel("Motivo").fill("Depósito");
  await inspect(page, "retirar-do-caixa");
  await finish(page);
  await finished(page);
  await page.getByText("Dinheiro R$ 60,00").first().waitFor();
  await page.getByRole("button", { name: "Conferir e fechar" }).first().click();
  await dialog().getByLabel("Dinheiro contado").fill("59,00");
  await dialog().getByText(/Diferença: Dinheiro R\$ −1,00/).waitFor();
  await dialog().getByLabel("Explicação da diferença").fill("Troco errado");
  await inspect(page, "conferir-caixa");
  await finish(page);
  await finished(page);
  await page.getByText("Troco errado").waitFor();
  await inspect(page, "meu-caixa-fechado");
});
