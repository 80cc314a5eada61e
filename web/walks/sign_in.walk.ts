import { afterAll, expect, it } from "vitest";
import { close, inspect, open, ORIGIN, signedIn, userOf } from "./walk";

afterAll(close);

it("asks for e-mail and password in Portuguese, and comes back to the address asked for", async () => {
  const page = await (await open()).newPage();
  await page.goto(`${ORIGIN}/fechamentos?mes=2026-03`);
  await page.getByLabel("E-mail").fill(userOf("financeiro").email);
  await page.getByLabel("Senha").fill("errada");
  await page.getByRole("button", { name: "Entrar" }).click();
  await page.getByText("E-mail ou senha não conferem.").waitFor();
  await inspect(page, "entrar");

  await page.getByLabel("E-mail").fill(userOf("financeiro").email);
  await page.getByLabel("Senha").fill(userOf("financeiro").password);
  await page.getByRole("button", { name: "Entrar" }).click();
  await page.getByRole("heading", { name: "Fechamentos" }).waitFor();
  expect(page.url()).toBe(`${ORIGIN}/fechamentos?mes=2026-03`);
});

it("keeps people in when they reload, and no token where a script could read it", async () => {
  const page = await signedIn("financeiro", "/clientes");
  await page.reload();
  await page.getByRole("heading", { name: "Clientes" }).waitFor();
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie);
  expect(kept).not.toContain("eyJ");
});

it("lets people out, and asks again", async () => {
  const page = await signedIn("financeiro", "/clientes");
  await page.getByRole("button", { name: /Fabio/ }).click();
  await page.getByRole("menuitem", { name: "Sair" }).click();
  await page.getByLabel("Senha").waitFor();
});

it("keeps what was typed when the session ends, and goes on after signing in again", async () => {
  const page = await signedIn("administrador", "/clientes");
  await page.getByRole("button", { name: "Novo cliente" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Nome", { exact: true }).fill("Padaria do Zé Ltda.");
  await form.getByLabel("CPF/CNPJ").fill("11.444.777/0001-61");
  await page.route("**/api/customers", (route) => (route.request().method() === "POST" ? route.fulfill({ status: 401, json: { message: "Unauthorized" } }) : route.continue()));
  await form.getByRole("button", { name: "Salvar" }).click();
  await form.getByText("Sua sessão terminou.").waitFor();
  await page.unroute("**/api/customers");

  await form.getByRole("button", { name: "Entrar de novo" }).click();
  await form.getByText("Sua sessão terminou.").waitFor({ state: "hidden" });
  expect(await form.getByLabel("Nome", { exact: true }).inputValue()).toBe("Padaria do Zé Ltda.");
  await form.getByRole("button", { name: "Salvar" }).click();
  await page.getByRole("heading", { name: /Padaria do Zé/ }).waitFor();
});
