// After all the walks: is there a screen or a dialog that none of them inspected?
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Inspected, missed, NOT_YET } from "./sweep";

it("has seen every route and every dialog", () => {
  const lines = readFileSync(`${process.env.PICTURES!}/inspected.jsonl`, "utf8").trim().split("\n");
  expect(missed(lines.map((line) => JSON.parse(line) as Inspected)).filter((where) => !NOT_YET.includes(where))).toEqual([]);
});
