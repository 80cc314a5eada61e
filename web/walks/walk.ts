// What every walk uses: a browser, people who sign in, axe, pictures.
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { textsOnPage, wrongWords } from "./words";

export const ORIGIN = process.env.CONSOLE!;
const PICTURES = process.env.PICTURES!;
const INSPECTED = `${PICTURES}/inspected.jsonl`;
const USERS = JSON.parse(process.env.USERS!) as { profile: string; email: string; password: string }[];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export type Profile = "administrador" | "financeiro" | "operacao" | "consulta";
export const userOf = (profile: Profile) => USERS.find((user) => user.profile === profile)!;

/** One for all walks, which share this module: a start takes longer than many a walk. */
let browser: Browser | undefined;

export async function open(): Promise<BrowserContext> {
  browser ??= await chromium.launch({ executablePath: process.env.CHROME!, args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: "pt-BR", reducedMotion: "reduce" });
  context.setDefaultTimeout(Number(process.env.PATIENCE ?? 30_000));
  return context;
}

/** The walk's contexts; the browser goes on. */
export async function close(): Promise<void> {
  await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
}

/** A page signed in by the button of the profile, at the address. Whatever the page says went wrong fails the walk. */
export async function signedIn(profile: Profile, path: string, context?: BrowserContext): Promise<Page> {
  const page = await (context ?? (await open())).newPage();
  page.on("pageerror", (error) => {
    throw error;
  });
  await page.goto(ORIGIN + path);
  const button = page.getByRole("button", { name: new RegExp(userOf(profile).email) });
  const shell = page.getByRole("navigation", { name: "Telas" });
  await button.or(shell).first().waitFor();
  if (await button.isVisible()) await button.click();
  await shell.waitFor();
  return page;
}

/** Screens and dialogs whose colours were looked at, which is half of axe's work and does not depend on what is in a list. */
const coloured = new Set<string>();

/** No violation of WCAG 2.2 AA, no id, key or English word, no page wider than the window, no list wider than its place; kept as a picture, and told to the
 *  sweep that asks whether every screen and every dialog was looked at (tests of the whole, `sweep.ts`). */
export async function inspect(page: Page, name: string): Promise<void> {
  await page.locator("[aria-busy=true]").first().waitFor({ state: "hidden" }).catch(() => undefined);
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.jpg`, type: "jpeg", quality: 90 });
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE); // until the next address is opened
  const dialogs = await page.getByRole("dialog").getByRole("heading", { level: 2 }).allInnerTexts();
  const path = new URL(page.url()).pathname;
  const view = [path.replace(/\/[a-z]{3}_\w+/g, "/*"), ...dialogs].join(" ");
  const violations = await page.evaluate(async (contrast) => {
    const { axe } = window as unknown as { axe: { run: (where: Element | Document, options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
    const uppermost = [...document.querySelectorAll("[role=dialog]")].at(-1);
    const result = await axe.run(uppermost ?? document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], rules: { "color-contrast": { enabled: contrast } }, resultTypes: ["violations"], selectors: false, preload: false });
    return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
  }, !coloured.has(view));
  expect(violations, name).toEqual([]);
  coloured.add(view);
  expect(wrongWords(await page.evaluate(textsOnPage)), name).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${name} is wider than the window`).toBeLessThanOrEqual(0);
  expect(await page.evaluate(tooWide), `${name} has a list that scrolls sideways`).toEqual([]);
  appendFileSync(INSPECTED, `${JSON.stringify({ path, dialogs })}\n`);
}

/** The lists whose narrowest columns, with a scrollbar beside them, do not fit into their place; runs in the page. */
function tooWide(): string[] {
  const SCROLLBAR = 15;
  return [...document.querySelectorAll<HTMLElement>(".grid .scroll")].flatMap((list) => {
    const least = parseFloat(list.querySelector<HTMLElement>(".head [role=row]")!.style.minWidth) + SCROLLBAR;
    return least > list.clientWidth ? [`${list.getAttribute("aria-label")}: ${least} px of ${list.clientWidth}`] : [];
  });
}

/** Ticks "Tem certeza" and finishes the dialog that is open. */
export async function finish(page: Page, button: string | RegExp = "Finalizar"): Promise<void> {
  const dialog = page.getByRole("dialog").last(); // over a drawer, which is one too
  await dialog.getByLabel("Tem certeza que deseja aplicar as alterações").check();
  await dialog.getByRole("button", { name: button }).click();
}

/** Where the file is kept that a click gives. */
export async function downloaded(page: Page, click: () => Promise<void>): Promise<string> {
  const download = page.waitForEvent("download");
  await click();
  return (await download).path();
}

export const row = (page: Page, text: string | RegExp) => page.getByRole("grid").getByRole("row").filter({ hasText: text });

/** The dialog has done what it was asked. */
export const finished = (page: Page) => page.getByRole("dialog").waitFor({ state: "hidden" });

/** One of a closed list, in the dialog that is open, or on the page. */
export async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  const place = (await page.getByRole("dialog").count()) ? page.getByRole("dialog").last() : page;
  await place.getByRole("combobox", { name: label, exact: true }).or(place.getByRole("textbox", { name: label, exact: true })).first().click();
  await page.getByRole("option", { name: option }).first().click();
}

/** A file let fall on the page. */
export async function drop(page: Page, words: string, name: string, content: Buffer): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([named, encoded]) => {
      const moved = new DataTransfer();
      moved.items.add(new File([Uint8Array.from(atob(encoded!), (letter) => letter.charCodeAt(0))], named!));
      return moved;
    },
    [name, content.toString("base64")],
  );
  await page.locator(".drop").filter({ hasText: words }).dispatchEvent("drop", { dataTransfer });
}

/** What Python does for walks: see tests/web/aid.py. */
export const aid = (...words: string[]): Buffer => execFileSync(process.env.PYTHON!, ["-m", "tests.web.aid", ...words], { cwd: ".." });

/** Beside the pictures: what a walk was given, for who looks after it. */
export function stored(name: string, content: Buffer): string {
  mkdirSync(PICTURES, { recursive: true });
  const path = `${PICTURES}/${name}`;
  writeFileSync(path, content);
  return path;
}

/** Where a test has failed, what the page showed. */
export async function kept(page: Page, task: { name: string; result?: { state: string } | undefined }): Promise<void> {
  if (task.result?.state === "fail") await page.screenshot({ path: `${PICTURES}/failed-${task.name.slice(0, 40).replace(/\W+/g, "-")}.png` });
  await page.keyboard.press("Escape");
}
