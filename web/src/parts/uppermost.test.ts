import { readdirSync, readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { closeUppermost, lay } from "./uppermost";

const escape = (target: object = {}) => closeUppermost({ key: "Escape", isComposing: false, target: target as EventTarget });

it("closes a dialog that lies over a drawer, and only then the drawer", () => {
  const drawer = vi.fn();
  const dialog = vi.fn();
  const off = lay({ close: drawer });
  const away = lay({ close: dialog });
  escape();
  expect([dialog.mock.calls.length, drawer.mock.calls.length]).toEqual([1, 0]);
  away();
  escape();
  expect([dialog.mock.calls.length, drawer.mock.calls.length]).toEqual([1, 1]);
  off();
  escape();
  expect([dialog.mock.calls.length, drawer.mock.calls.length]).toEqual([1, 1]);
});

it("keeps the order when a drawer goes before the dialog over it", () => {
  const dialog = vi.fn();
  const off = lay({ close: vi.fn() });
  const away = lay({ close: dialog });
  off();
  escape();
  expect(dialog).toHaveBeenCalledOnce();
  away();
});

it("leaves the key to an open list of choices, to an input method, and other keys alone", () => {
  const close = vi.fn();
  const off = lay({ close });
  escape({ getAttribute: (name: string) => (name === "data-mantine-stop-propagation" ? "true" : null) });
  closeUppermost({ key: "Escape", isComposing: true, target: null });
  closeUppermost({ key: "Enter", isComposing: false, target: null });
  expect(close).not.toHaveBeenCalled();
  escape({ getAttribute: () => null });
  expect(close).toHaveBeenCalledOnce();
  off();
});

it("is how every dialog and drawer closes", () => {
  const own = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tsx") && file !== "parts/Dialog.tsx");
  const others = own.filter((file) => /import \{[^}]*\b(Modal|Drawer|Dialog)\b[^}]*\} from "@mantine\/core"/.test(readFileSync(`src/${file}`, "utf8")));
  expect(own.length).toBeGreaterThan(80);
  expect(others).toEqual([]);
});
