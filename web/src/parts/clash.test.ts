import { describe, expect, it } from "vitest";
import type { Event } from "../api/schema";
import { fieldsChanged, merged, plain } from "./clash";

const base = { name: "Padaria", trade_name: undefined as string | undefined, emails: ["a@b.c"], address: { city: "Itajaí", uf: "SC" } };
const event = (changes: Event["changes"]): Event => ({ text: "", action: "", at: "", actor_id: "", actor: "Ana", changes });

describe("fieldsChanged", () => {
  it("asks only about what both changed, and differently", () => {
    const mine = { ...base, name: "Padaria do Zé", trade_name: "Zé", emails: ["x@y.z"] };
    const theirs = { ...base, name: "Padaria da Ana", trade_name: "Zé", address: { uf: "SC", city: "Blumenau" } };
    const told = fieldsChanged(base, mine, theirs, [event([{ field: "name", label: "Nome", before: "Padaria", after: "Padaria da Ana" }]), event([{ field: "address › city", label: "Endereço › Cidade", after: "Blumenau" }])]);
    expect(told).toEqual([
      { name: "name", label: "Nome", by: "Ana", theirs: "Padaria da Ana", asks: true },
      { name: "trade_name", label: "trade_name", by: "", theirs: "Zé", asks: false },
      { name: "address", label: "Endereço", by: "Ana", theirs: "Cidade: Blumenau", asks: false },
    ]);
  });

  it("does not tell absent, blank and empty apart, nor the order of keys", () => {
    const theirs = { ...base, trade_name: "", address: { uf: "SC", city: "Itajaí" } };
    expect(fieldsChanged(base, base, theirs, [])).toEqual([]);
  });
});

it("keeps what I typed and takes what only they changed", () => {
  const mine = { ...base, name: "Minha", emails: ["x@y.z"] };
  const theirs = { ...base, name: "Dela", trade_name: "T" };
  expect(merged(mine, theirs, fieldsChanged(base, mine, theirs, []))).toEqual({ ...mine, trade_name: "T" });
});

it("says values in words", () => {
  expect([plain(undefined), plain(true), plain(["a", "b"]), plain("company", { company: "Pessoa jurídica" }), plain({ a: "1", b: undefined })]).toEqual(["em branco", "sim", "a, b", "Pessoa jurídica", "1"]);
});
