import { expect, it } from "vitest";
import { MENU } from "./menu";

it("gives no key to two screens", () => {
  const keys = MENU.flatMap((group) => group.entries).flatMap((entry) => entry.key ?? []);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  expect(keys).not.toContain("g");
});
