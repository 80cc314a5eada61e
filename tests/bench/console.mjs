// What tests/bench/bench_console.py measures in a browser: `node ../tests/bench/console.mjs ORIGIN` in web/, whose packages it
// uses; the last line is JSON.
import { createRequire } from "node:module";

const { chromium } = createRequire(`${process.cwd()}/`)("playwright-core");

const [origin] = process.argv.slice(2);
const REPEATS = 5;
const GRID = "Cadastros";
const browser = await chromium.launch({ executablePath: process.env.CHROME, args: ["--no-sandbox"] });

async function opened(path) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: "pt-BR" });
  const page = await context.newPage();
  await page.goto(origin + path);
  await page.getByRole("navigation", { name: "Telas" }).waitFor();
  return page;
}

/** From the navigation to the first content, each time with an empty cache; sign-in has been through by then. */
async function firstPaint() {
  const page = await opened("/clientes");
  const at = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  await page.context().close();
  return at;
}

/** Milliseconds from a letter in the filter of the name to the frame that shows other rows. */
async function keystrokes() {
  const page = await opened("/pesquisa");
  await page.getByRole("grid", { name: GRID }).getByRole("row").nth(3).waitFor();
  const taken = [];
  for (const letter of ["g", "d", "h", "b", "f", "j", "v", "c", "t"]) {
    await page.evaluate(() => {
      const rows = document.querySelector(".rows");
      const before = rows.textContent;
      window.taken = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error("no other rows within 20 s")), 20_000);
        addEventListener("input", () => {
          const pressed = performance.now();
          new MutationObserver((_, observer) => {
            if (rows.textContent === before || !rows.textContent) return;
            observer.disconnect();
            requestAnimationFrame(() => resolve(performance.now() - pressed));
          }).observe(rows, { childList: true, subtree: true, characterData: true });
        }, { once: true, capture: true });
      });
    });
    const name = page.getByLabel("Filtrar Cliente");
    await name.selectText();
    await page.keyboard.press(letter);
    taken.push(await page.evaluate(() => window.taken));
  }
  await page.context().close();
  return taken;
}

/** Requests to the API of each screen of the menu, the first time that it is opened, with what all screens share already there. */
async function calls() {
  const page = await opened("/");
  await page.waitForLoadState("networkidle");
  const counted = {};
  let screen;
  page.on("request", (request) => {
    if (screen && request.url().startsWith(`${origin}/api/`)) counted[screen] += 1;
  });
  const titles = await page.getByRole("navigation", { name: "Telas" }).getByRole("link").evaluateAll((links) => links.map((link) => link.textContent.trim()));
  for (const title of titles.slice(1)) {
    screen = title;
    counted[title] = 0;
    await page.getByRole("navigation", { name: "Telas" }).getByRole("link", { name: title, exact: true }).click();
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(600); // "networkidle" has been reached already where nothing was asked yet
  }
  return counted;
}

const paints = [];
for (let i = 0; i < REPEATS; i++) paints.push(await firstPaint());
const told = { paints, keystrokes: await keystrokes(), calls: await calls() };
await browser.close();
console.log(JSON.stringify(told));
