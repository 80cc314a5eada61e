import { afterAll, expect, it } from "vitest";
import { close, inspect, row, signedIn } from "./walk";

afterAll(close);

it("filters the invoices of all customers, with totals of the whole filter, and opens one", async () => {
  const page = await signedIn("financeiro", "/faturas?mostrar=todas");
  const grid = page.getByRole("grid", { name: "Contas a receber" });
  await row(page, /\d{2}\/\d{2}\/\d{4}/).first().waitFor();
  const foot = page.getByRole("status").filter({ hasText: "Faturas:" });
  const all = await foot.innerText();
  await inspect(page, "contas-a-receber");

  const customer = (await row(page, /\d{2}\/\d{2}\/\d{4}/).nth(3).getByRole("link").innerText()).trim();
  await page.getByRole("textbox", { name: "Filtrar Cliente" }).fill(customer.toLocaleUpperCase("pt-BR"));
  await expect.poll(() => foot.innerText(), { timeout: 15_000 }).not.toBe(all);
  await row(page, customer).first().waitFor();
  expect(await row(page, /\d{2}\/\d{2}\/\d{4}/).filter({ hasNotText: customer }).count()).toBe(0);
  expect(decodeURIComponent(page.url()).replaceAll("+", " ")).toContain(customer.toLocaleUpperCase("pt-BR")); // a link shows the same

  await page.getByRole("textbox", { name: "Filtrar Vencimento" }).fill("31/02/2026");
  await page.locator("[aria-invalid=true]").waitFor();
  await page.getByRole("textbox", { name: "Filtrar Vencimento" }).fill("");
  await grid.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("heading", { name: "Por que este valor" }).waitFor();
});

it("says of a tool why it cannot be used", async () => {
  const page = await signedIn("financeiro", "/faturas?mostrar=todas");
  await row(page, /\d{2}\/\d{2}\/\d{4}/).first().waitFor();
  const settle = page.getByRole("button", { name: "Liquidar", exact: true });
  expect(await settle.getAttribute("aria-disabled")).toBe("true");
  await settle.hover();
  await page.getByText("Marque na lista.").waitFor();
  await page.mouse.move(0, 0);
  await row(page, "Liquidada").filter({ hasText: /2026/ }).first().getByRole("checkbox").check();
  await settle.hover();
  await page.getByText(/A Fatura \d+ já está liquidada/).waitFor();
  await inspect(page, "ferramenta-recusada");
});

it("has contracts and messages of all customers", async () => {
  const page = await signedIn("consulta", "/contratos");
  await row(page, "Ativo").first().waitFor();
  await page.getByRole("combobox", { name: "Filtrar Modo" }).selectOption({ label: "Recorrente" });
  await row(page, "Recorrente").first().waitFor();
  await expect.poll(() => row(page, "Por fechamento").filter({ hasNotText: "todas" }).count(), { timeout: 15_000 }).toBe(0); // the choice itself is in the head
  await page.goto(new URL("/mensagens", page.url()).href);
  await row(page, /2026/).first().dblclick();
  await page.getByRole("dialog").getByText("Para").waitFor();
  await inspect(page, "mensagem");
});
