// Without a mouse: from the search to the receipt of what was received at the counter.
import { afterAll, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { close, inspect, row, signedIn } from "./walk";

afterAll(close);

/** What a person hears of where the focus is. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement | null;
    return element?.getAttribute("aria-label") ?? element?.labels?.[0]?.innerText ?? element?.innerText ?? "";
  });

/** Tab, or another key, until the focus is on it. */
async function reach(page: Page, name: RegExp, key = "Tab"): Promise<void> {
  for (let count = 0; count < 80; count++) {
    if (name.test(await focused(page))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${name} was not reached by ${key}; the focus is on ${await focused(page)}`);
}

/** Arrow down in the list until the row with the text is the current one. */
async function walkTo(page: Page, text: string): Promise<void> {
  await row(page, text).first().waitFor();
  await page.keyboard.press("Home");
  for (let count = 0; count < 40 && !(await page.locator(".rows .current").innerText()).includes(text); count++) await page.keyboard.press("ArrowDown");
}

const isSomewhere = (page: Page) => expect.poll(() => page.evaluate(() => document.activeElement !== document.body), { timeout: 5_000 });

it("finds an invoice, receives it, and prints its receipt by keyboard alone", async () => {
  const page = await signedIn("financeiro", "/faturas");
  const unpaid = row(page, "Registrada").filter({ hasText: /2026/ }).first();
  const number = (await unpaid.getByRole("gridcell").nth(2).innerText()).trim();
  const dialog = page.getByRole("dialog");

  await page.keyboard.press("/");
  await page.keyboard.type(number);
  const hit = page.getByRole("option", { name: new RegExp(`Fatura ${number}\\b`) });
  await hit.waitFor();
  while ((await hit.getAttribute("aria-selected")) !== "true") await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await dialog.getByRole("heading", { name: `Fatura ${number}` }).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await isSomewhere(page).toBe(true);

  await reach(page, /^Faturas a Receber$/i);
  await walkTo(page, number);
  await page.keyboard.press("Space");
  await reach(page, /^Liquidar$/, "Shift+Tab");
  await page.keyboard.press("Enter");
  await dialog.getByText(`Fatura ${number}`).waitFor();
  await reach(page, /^Justificativa/);
  await page.keyboard.type("Recebido no balcão");
  await reach(page, /^Tem certeza/);
  await page.keyboard.press("Space");
  await expect.poll(() => dialog.getByRole("button", { name: /Finalizar|Confirmar/ }).isEnabled(), { timeout: 15_000 }).toBe(true);
  await inspect(page, "teclado-liquidar");
  await page.keyboard.press("Control+Enter");
  await dialog.getByText("com aviso").waitFor(); // the bank has the boleto
  await expect.poll(() => focused(page), { timeout: 5_000 }).toBe("Fechar");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await isSomewhere(page).toBe(true);

  await reach(page, /^Faturas a Receber \(/i, "Shift+Tab");
  await reach(page, /^Contas Recebidas \(/i, "ArrowRight");
  await reach(page, /^Contas Recebidas$/i);
  await walkTo(page, number);
  await page.keyboard.press("Enter");
  await dialog.getByRole("heading", { name: `Fatura ${number}` }).waitFor();
  await reach(page, /^Dados$/);
  await reach(page, /^Recebimentos$/, "ArrowRight");
  await dialog.getByRole("button", { name: "Recibo" }).waitFor();
  await reach(page, /^Recibo$/);
  await page.keyboard.press("Enter");
  await page.locator("iframe.pdf").waitFor();
  await inspect(page, "teclado-recibo");
  await page.keyboard.press("Escape");
  await page.locator("iframe.pdf").waitFor({ state: "hidden" });
  await isSomewhere(page).toBe(true);
});
