import { afterAll, expect, it } from "vitest";
import { close, inspect, row, signedIn } from "./walk";

afterAll(close);

it("finds whatever the clerk has in hand, by keyboard alone", async () => {
  const page = await signedIn("financeiro", "/faturas?mostrar=todas");
  const first = row(page, /\d{8}/).first();
  await first.waitFor();
  const cells = await first.getByRole("gridcell").allInnerTexts();
  const [, customer, number, , , , , , ourNumber] = cells as string[];
  const field = page.getByRole("combobox", { name: "Procurar" });
  const find = async (typed: string) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(typed);
  };

  await find(number!);
  await page.getByRole("option", { name: new RegExp(`Fatura ${number}\\b`) }).waitFor();
  await inspect(page, "procurar");
  await page.keyboard.press("Escape");
  await field.fill("");

  await find(ourNumber!);
  const option = page.getByRole("option", { name: new RegExp(`Fatura ${number}\\b.*${customer}`) });
  await option.waitFor();
  while ((await option.getAttribute("aria-selected")) !== "true") await page.keyboard.press("ArrowDown"); // a customer's code may come first
  await page.keyboard.press("Enter");
  const invoice = page.getByRole("dialog");
  await invoice.getByRole("heading", { name: `Fatura ${number}` }).waitFor();
  const line = /\d{47}/.exec(await invoice.innerText());
  await page.keyboard.press("Escape");

  if (line) {
    await find(line[0]); // and Enter at once, as a scanner does
    await page.keyboard.press("Enter");
    await invoice.getByRole("heading", { name: `Fatura ${number}` }).waitFor();
    await page.keyboard.press("Escape");
  }
  await find(customer!.toLocaleLowerCase("pt-BR"));
  await page.getByRole("option", { name: new RegExp(customer!) }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: customer! }).waitFor();

  await find("ninguém com este nome");
  await page.getByRole("option", { name: /Nada encontrado/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Nenhum cliente corresponde ao que foi procurado.").waitFor();
  expect(page.url()).toContain("/clientes?q=");
});
