import { afterAll, expect, it } from "vitest";
import { close, finish, finished, inspect, row, signedIn } from "./walk";

afterAll(close);

it("freezes a closing before its end, bills it, and finds its invoice", async () => {
  const page = await signedIn("financeiro", "/fechamentos?mes=2026-04");
  await row(page, "Fibra").first().dblclick();
  const title = page.getByRole("heading", { level: 1, name: / · / }); // the list's own has none
  const customer = (await title.innerText()).split(" · ")[0]!;
  await page.getByRole("button", { name: "Recalcular" }).click();
  await inspect(page, "recalcular");
  await finish(page);
  await finished(page);

  await page.getByRole("tab", { name: /Acréscimos/ }).click();
  await page.getByRole("button", { name: "Adicionar Acréscimo ou Desconto" }).click();
  await page.getByLabel("Descrição").fill("Visita fora do horário");
  await page.getByLabel("Valor", { exact: true }).fill("10,00");
  await page.getByRole("button", { name: "Confirmar ajuste" }).click();
  await page.getByRole("button", { name: "Remover" }).click();
  await inspect(page, "remover-ajuste");
  await finish(page);
  await page.getByText("Nenhum acréscimo ou desconto.").waitFor();
  await page.getByRole("tab", { name: /Observações/ }).click();
  await page.getByRole("button", { name: "Adicionar observação" }).click();
  await page.getByRole("dialog").getByLabel("Observação").fill("Conferido com o cliente");
  await inspect(page, "observacao");
  await finish(page);
  await page.getByText("Conferido com o cliente").waitFor();
  await page.getByRole("tab", { name: /Cálculo/ }).click();
  await page.getByText("Por que este valor").first().click();
  await inspect(page, "fechamento");

  await page.getByRole("button", { name: "Congelar" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Incorporar os dias restantes deste fechamento no próximo período").check();
  await dialog.getByText("O próximo fechamento começa agora").waitFor();
  await inspect(page, "congelar");
  await finish(page, /Congelar/);
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Descongelar" }).click();
  await inspect(page, "descongelar");
  await finish(page);
  await page.getByRole("button", { name: "Congelar", exact: true }).click();
  await finish(page, "Congelar e fechar"); // its last day is behind now
  await page.getByRole("button", { name: "Descongelar" }).waitFor();

  await page.goto(new URL("/faturamento", page.url()).href);
  await page.getByLabel("até").fill("30/06/2026");
  await page.getByText("R$").first().waitFor();
  await page.getByRole("button", { name: "Faturar" }).click();
  await inspect(page, "faturar");
  await finish(page, "Iniciar");
  await page.getByText("Concluída").waitFor({ timeout: 60_000 });
  await inspect(page, "execucao");

  await page.getByRole("link", { name: "Clientes" }).click();
  await page.getByRole("textbox", { name: "Filtrar Cliente" }).fill(customer);
  await row(page, customer).first().dblclick();
  await page.getByRole("tab", { name: "Faturas a receber (1)" }).waitFor();
  await row(page, "Em aberto").first().waitFor();
  expect(await row(page, "Em aberto").count()).toBe(1);
  await inspect(page, "painel");
});
