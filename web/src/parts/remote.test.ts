import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allPages } from "./remote";

const PAGES: Record<string, { items: number[]; next_cursor?: string; names: Record<string, string> }> = {
  "": { items: [1, 2], next_cursor: "b", names: { a: "Ana" } },
  b: { items: [3], next_cursor: "c", names: { b: "Bia" } },
  c: { items: [], names: {} },
};

test("all pages are read, each once, with the names of all", async () => {
  const asked: (string | undefined)[] = [];
  const whole = await allPages(async (cursor) => {
    asked.push(cursor);
    return PAGES[cursor ?? ""]!;
  });
  expect(asked).toEqual([undefined, "b", "c"]);
  expect(whole).toEqual({ items: [1, 2, 3], names: { a: "Ana", b: "Bia" } });
  expect(PAGES[""]!.items).toEqual([1, 2]);
});

test("a page that cannot be read fails the whole, not a part of it", async () => {
  const read = allPages(async (cursor) => {
    if (cursor === "b") throw new Error("503");
    return PAGES[cursor ?? ""]!;
  });
  await expect(read).rejects.toThrow("503");
});

test("screens join no pages by themselves", () => {
  const screens = join(import.meta.dirname, "../screens");
  const files = readdirSync(screens, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tsx"));
  const own = files.filter((file) => readFileSync(join(screens, file), "utf8").includes("useInfiniteQuery"));
  expect(own).toEqual(["bank_files/FileRecords.tsx"]); // continued by a line's number, in a list that is no Grid
});
