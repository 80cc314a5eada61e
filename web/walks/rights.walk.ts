import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { close, inspect, row, signedIn } from "./walk";

let page: Page;
beforeAll(async () => {
  page = await signedIn("consulta", "/clientes");
});
afterAll(close);

it("lets Consulta see and not change", async () => {
  await row(page, /\d{4}-\d{2}/).first().waitFor();
  expect(await page.getByRole("button", { name: "Novo cliente" }).count()).toBe(0);
  expect(await page.getByRole("link", { name: "Usuários" }).count()).toBe(0);
  await row(page, /\d{4}-\d{2}/).first().dblclick();
  await page.getByRole("tab", { name: /Faturas a Receber/ }).waitFor();
  for (const action of ["Editar", "Inativar", "Liquidar", "Suspender", "Remover", "Instrução ao banco"]) {
    expect(await page.getByRole("button", { name: action, exact: true }).count(), action).toBe(0);
  }
  await page.getByRole("tab", { name: "Contratos" }).click();
  expect(await page.getByRole("button", { name: "Novo contrato" }).count()).toBe(0);
  await page.getByRole("link", { name: "Fechamentos" }).click();
  await row(page, "2026").first().dblclick();
  await page.getByRole("tab", { name: /Pendências/ }).waitFor();
  for (const action of ["Congelar", "Descongelar", "Cobrar", "Recalcular"]) {
    expect(await page.getByRole("button", { name: action, exact: true }).count(), action).toBe(0);
  }
});

it("lets Consulta filter the contracts of all customers", async () => {
  await page.getByRole("link", { name: "Contratos", exact: true }).click();
  await page.getByRole("combobox", { name: "Filtrar Modo" }).selectOption({ label: "Recorrente" });
  await row(page, "Recorrente").first().waitFor();
  await expect.poll(() => row(page, "Por fechamento").filter({ hasNotText: "todas" }).count(), { timeout: 15_000 }).toBe(0); // the choice itself is in the head
});

it("says in words what a profile may not see, and what does not exist", async () => {
  await page.goto(new URL("/usuarios", page.url()).href);
  await page.getByText("Seu perfil não permite gerir empresas e acessos.").waitFor();
  await inspect(page, "sem-permissao");
  await page.goto(new URL("/clientes/cus_de_outra_conta", page.url()).href);
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").innerText()).toContain("não");
  await inspect(page, "nao-existe");
  await page.goto(new URL("/tela-que-nao-ha", page.url()).href);
  await page.getByText("Esta tela não existe.").waitFor();
});
