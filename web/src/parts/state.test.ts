import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Names of a file that are empty until an answer has come. */
const readNames = (source: string) => [...source.matchAll(/const (\w+) = .*\(use\w+\(.*\.data\b|const (\w+) = use\w+\(.*\.data\b/g)].map((match) => (match[1] ?? match[2])!);

it("starts no state from data that may not have loaded yet", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tsx"));
  const wrong = files.flatMap((file) => {
    const source = readFileSync(`src/${file}`, "utf8");
    const late = new RegExp([...readNames(source).map((name) => `\\b${name}\\b`), "\\.length === 1", "\\)\\.data"].join("|"));
    return [...source.matchAll(/useState(?:<[^()]*>)?\((.*)\);/g)].filter((match) => late.test(match[1]!)).map(([line]) => `${file}: ${line}`);
  });
  expect(files.length).toBeGreaterThan(80);
  expect(wrong).toEqual([]);
});
