// The screens that write: each form is filled, sent and seen again.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { close, finish, inspect, ORIGIN, row, signedIn } from "./walk";

let page: Page;
beforeAll(async () => {
  page = await signedIn("administrador", "/clientes");
  page.on("dialog", (question) => void question.accept()); // "Descartar o que foi preenchido?"
});
afterEach(async (context) => {
  if (context.task.result?.state === "fail") await page.screenshot({ path: `${process.env.PICTURES}/failed.png` });
  await page.keyboard.press("Escape");
});
afterAll(close);

const dialog = () => page.getByRole("dialog").last();
const go = (title: string) => page.getByRole("link", { name: title, exact: true }).click();
const closed = (title: string | RegExp) => page.getByRole("dialog", { name: title }).waitFor({ state: "hidden" });
const choose = async (label: string, option: string | RegExp) => {
  await dialog().getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option }).first().click();
};
const only = (text: string | RegExp) => row(page, text).first().getByRole("checkbox").check();

/** A contract of the print outsourcer: printers with counters. */
async function printContract(): Promise<void> {
  await page.goto(`${ORIGIN}/fechamentos?mes=2026-04`);
  await row(page, "Impress").first().dblclick();
  await page.getByRole("link", { name: /painel/i }).first().click();
  await page.getByRole("tab", { name: "Contratos" }).click();
  await row(page, "Impress").first().dblclick();
}

it("keeps tax codes with their rates", async () => {
  await go("Códigos tributários");
  await page.getByRole("button", { name: "Adicionar" }).click();
  await dialog().getByLabel("Código", { exact: true }).fill("ISS-FLN");
  await dialog().getByLabel("Descrição").fill("ISS de Florianópolis");
  await dialog().getByLabel("Alíquota (%)").fill("2,5");
  await dialog().getByLabel("Início da vigência").fill("01/01/2026");
  await inspect(page, "codigo-tributario");
  await finish(page, "Salvar");
  await closed(/Adicionar/);
  await only("ISS-FLN");
  await page.getByRole("button", { name: "Alíquota", exact: true }).click();
  await dialog().getByLabel("Alíquota (%)").fill("3");
  await dialog().getByLabel("Início da vigência").fill("01/04/2026");
  await inspect(page, "aliquota");
  await finish(page, "Salvar");
  await closed(/Alíquota/);
  await row(page, "ISS-FLN").filter({ hasText: "01/04/2026" }).waitFor();
  await page.getByRole("button", { name: "Excluir alíquota" }).click();
  await inspect(page, "excluir-aliquota");
  await finish(page, "Excluir");
  await closed(/Excluir/);
  await row(page, "ISS-FLN").filter({ hasText: "01/01/2026" }).waitFor();
});

it("changes a company, what it settles by, and asks for its sender to be proven", async () => {
  await go("Empresas");
  await row(page, "Aurora").dblclick();
  await page.getByRole("button", { name: "Editar" }).click();
  await dialog().getByLabel("Respostas para (em branco: o remetente)").fill("atendimento@aurora.example");
  await inspect(page, "empresa");
  await finish(page, "Salvar");
  await closed(/Editar/);
  await page.getByText("atendimento@aurora.example").waitFor();
  await page.getByRole("tab", { name: "Recebimento" }).click();
  await page.getByRole("button", { name: "Alterar", exact: true }).click();
  await dialog().getByLabel("Diferença tolerada na liquidação").fill("0,05");
  await inspect(page, "recebimento");
  await finish(page, "Salvar");
  await closed(/Configuração/);
  await page.getByText("R$ 0,05, a menor ou a maior").waitFor();
  await page.getByRole("tab", { name: "Remetente" }).click();
  await page.getByText("Situação").waitFor();
  await inspect(page, "remetente");
});

it("adds an item to a contract, its counter, and takes it out on a day", async () => {
  await printContract();
  await page.getByRole("tab", { name: /Itens e medidores/ }).click();
  await page.getByRole("button", { name: "Adicionar item" }).click();
  await dialog().getByLabel("Descrição").fill("Impressora do balcão");
  await dialog().getByLabel("Primeiro dia no contrato").fill("10/04/2026");
  await dialog().getByRole("button", { name: "Adicionar medidor" }).click();
  await choose("Unidade", /mono/i);
  await dialog().getByLabel("Valor quando entrou no contrato").fill("100");
  await inspect(page, "item-de-contrato");
  await finish(page, "Salvar");
  await closed(/Adicionar item/);
  await row(page, "Impressora do balcão").waitFor();

  await page.getByRole("tab", { name: "Leituras" }).click();
  await page.getByRole("combobox", { name: "Medidor" }).fill("balcão");
  await page.getByRole("option", { name: /Impressora do balcão/ }).click();
  await page.getByRole("button", { name: "Adicionar contador" }).click();
  await dialog().getByLabel("Dia", { exact: true }).fill("15/04/2026");
  await dialog().getByLabel("Contador", { exact: true }).fill("90");
  await finish(page, "Salvar");
  await dialog().getByText(/menor que a inicial/).waitFor();
  await dialog().getByLabel("Contador", { exact: true }).fill("350");
  await inspect(page, "contador");
  await dialog().getByRole("button", { name: "Salvar" }).click();
  await closed(/contador/);
  await row(page, "350").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Corrigir" }).click();
  await dialog().getByLabel("Contador", { exact: true }).fill("360");
  await inspect(page, "corrigir-contador");
  await finish(page, "Salvar");
  await closed(/contador/);
  await row(page, "360").waitFor();

  await page.getByRole("tab", { name: /Itens e medidores/ }).click();
  await row(page, "Impressora do balcão").dblclick();
  await dialog().getByLabel("Local", { exact: true }).fill("Recepção");
  await dialog().getByLabel("As leituras chegam da monitoração").check();
  await inspect(page, "alterar-item");
  await finish(page, "Salvar");
  await closed(/Alterar/);
  await row(page, "Impressora do balcão").getByText("Recepção").waitFor(); // still ticked
  await page.getByRole("button", { name: "Retirar do contrato" }).click();
  await dialog().getByLabel("Último dia no contrato").fill("30/04/2026");
  await inspect(page, "retirar-item");
  await finish(page);
  await closed(/Retirar/);
  await row(page, "Impressora do balcão").filter({ hasText: "01/05/2026" }).waitFor();

  await page.getByRole("tab", { name: "Transações" }).click();
  await page.getByRole("grid", { name: "Transações" }).waitFor();
  await inspect(page, "transacoes");
});

it("shows what a contract's tool would change before it does it", async () => {
  await page.getByRole("tab", { name: /Definições/ }).click();
  await page.getByRole("button", { name: "Adicionar registro" }).click();
  await choose("Categoria de encargo", "Encargos de energia");
  await dialog().getByText("Medição e estimativa").click();
  await dialog().getByLabel("Percentual de faturamento").fill("50");
  await dialog().getByLabel("Origem da conta de serviço público").fill("Celesc Sede");
  await finish(page, "Enviar");
  await dialog().getByText(/a versão pode valer a partir de/).waitFor(); // months that are frozen stay as they are
  await inspect(page, "definicao-recusada");
  await dialog().getByLabel("Vigência a partir de").fill("01/05/2026");
  await dialog().getByRole("button", { name: "Enviar" }).click();
  await closed(/Adicionar registro/);
  await row(page, "Encargos de energia").dblclick();
  await dialog().getByText("Na fatura").click();
  expect(await dialog().getByLabel("Código de origem").inputValue()).toBe("Definição de encargo incluída ou alterada");
  await inspect(page, "definicao-de-energia");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Atualizar preferências de energia" }).click();
  await dialog().getByLabel("A partir de").fill("01/05/2026");
  await dialog().getByLabel("Percentual de faturamento").fill("60");
  await dialog().getByLabel("Origem da conta de serviço público").fill("Celesc Sede");
  await dialog().getByRole("button", { name: "Ver o que muda" }).click();
  await dialog().getByRole("cell", { name: /^60/ }).waitFor();
  await inspect(page, "preferencias-de-energia");
  await finish(page);
  await closed(/preferências/);
  await page.getByRole("button", { name: "Alterações gerais" }).click();
  await dialog().getByLabel("Observações").fill("Cliente pede o aviso por telefone");
  await inspect(page, "alteracoes-gerais");
  await finish(page);
  await closed(/Alterações gerais/);

  await page.getByRole("button", { name: "Associar medidores ausentes" }).click();
  await dialog().getByRole("button", { name: "Ver o que muda" }).click();
  await dialog().getByText(/nada muda|Definição ou item/).first().waitFor();
  await inspect(page, "medidores-ausentes");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Redefinir códigos tributários" }).click();
  await dialog().getByRole("button", { name: "Ver o que muda" }).click();
  await dialog().getByText(/nada muda|Definição ou item|congelados/).first().waitFor();
  await inspect(page, "redefinir-codigos");
});

it("charges a printer that joined within the period for its days, as a person chooses at the freeze", async () => {
  await page.getByRole("link", { name: "fechamentos", exact: true }).click();
  await page.getByRole("button", { name: /^04\/2026/ }).click();
  await row(page, "Impress").first().dblclick();
  await page.getByRole("button", { name: "Recalcular" }).click();
  await finish(page);
  await closed(/Recalcular/);
  await page.getByRole("button", { name: "Congelar", exact: true }).click();
  await dialog().getByRole("radiogroup", { name: /Impressora do balcão: passagem parcial/ }).getByRole("radio", { name: /Proporcional/i }).check();
  await dialog().getByText("Um novo fechamento é criado no período atual").waitFor(); // the other option is in month.walk
  await inspect(page, "passagem-parcial");
  await finish(page, "Congelar");
  await page.getByRole("button", { name: "Descongelar" }).waitFor();
});

it("takes a file of usage dropped on the page, and says line by line what it did not accept", async () => {
  await page.goto(`${ORIGIN}/consumo`);
  await page.getByRole("combobox", { name: "Cliente" }).waitFor();
  await go("Importações");
  const csv = "event_key;customer_id;month;billing_item_id;quantity\nwalk-1;cus_naoexiste00000000000;2026-04;itm_naoexiste0000000000000;10\nwalk-2;;2026-04;;x\n";
  await page.locator("input[type=file]").setInputFiles({ name: "consumo.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await row(page, /Aplicado|Recusado/).first().waitFor({ timeout: 60_000 });
  await inspect(page, "importacoes");
  await row(page, /Aplicado|Recusado/).first().dblclick();
  await dialog().getByRole("grid", { name: "Linhas que não foram aceitas" }).getByRole("row").filter({ hasText: "recusada" }).first().waitFor();
  await inspect(page, "importacao-linhas");
});

it("enters a utility bill once, and corrects it", async () => {
  await go("Contas de serviço público");
  await page.getByRole("button", { name: "Lançar conta" }).click();
  await dialog().getByLabel("Origem da conta").fill("Celesc Sede");
  await dialog().getByLabel("Mês de consumo").fill("03/2026");
  await dialog().getByLabel("Valor", { exact: true }).fill("1.234,50");
  await inspect(page, "conta-publica");
  await finish(page, "Salvar");
  await closed(/Lançar/);
  await row(page, "1.234,50").waitFor();
  await page.getByRole("button", { name: "Lançar conta" }).click();
  await dialog().getByLabel("Mês de consumo").fill("03/2026");
  await dialog().getByLabel("Valor", { exact: true }).fill("99,00");
  await finish(page, "Salvar");
  await dialog().getByText("Já há uma conta desta origem e mês com outros valores. Corrija a que existe.").waitFor();
  await page.keyboard.press("Escape");
  await closed(/Lançar/);
  await only("1.234,50");
  await page.getByRole("button", { name: "Corrigir" }).click();
  await dialog().getByLabel("Valor", { exact: true }).fill("1.200,00");
  await inspect(page, "corrigir-conta-publica");
  await finish(page, "Salvar");
  await closed(/Corrigir/);
  await row(page, "1.200,00").waitFor();
});

it("makes a payment profile, refuses what the bank would not take, and keeps its history", async () => {
  await go("Profiles de pagamento");
  await page.getByRole("button", { name: "Novo profile" }).click();
  for (const [label, value] of [["Nome", "Itaú da filial"], ["Agência", "1234"], ["Conta", "12345"], ["Dígito da conta", "1"], ["Carteira", "109"], ["Beneficiário", "Aurora Serviços Digitais Ltda."], ["CPF/CNPJ do beneficiário", "11.222.333/0001-80"], ["Último nosso número", "99999"]] as const) {
    await dialog().getByLabel(label, { exact: true }).fill(value);
  }
  await choose("Banco", /^341/);
  await inspect(page, "profile");
  await finish(page, "Salvar");
  await dialog().getByText(/CPF ou CNPJ do beneficiário não confere/).waitFor();
  await dialog().getByLabel("CPF/CNPJ do beneficiário").fill("11.222.333/0001-81");
  await dialog().getByRole("button", { name: "Salvar" }).click();
  await closed(/Novo profile/);
  await row(page, "Itaú da filial").dblclick();
  await page.getByRole("button", { name: "Editar" }).click();
  await dialog().getByLabel("Multa (%)").fill("2");
  await inspect(page, "profile-editar");
  await finish(page, "Salvar");
  await closed(/^Editar/);
  await dialog().getByText("2 %").waitFor();
  await page.getByRole("tab", { name: "Histórico" }).click();
  await page.getByText(/por Ana/).first().waitFor();
  await inspect(page, "profile-historico");
});

it("says what the rules of the account mean before they change", async () => {
  await go("Regras da conta");
  await page.getByRole("button", { name: /Dispensar|Exigir/ }).click();
  await inspect(page, "segundo-fator");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Alterar" }).click();
  await dialog().getByText("A empresa começa a sua base").waitFor();
  expect(await dialog().getByRole("radio").count()).toBe(2);
  await inspect(page, "base-das-empresas");
});
