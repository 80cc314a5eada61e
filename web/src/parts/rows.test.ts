import { describe, expect, it } from "vitest";
import { between, queryOf } from "./remote";
import { arrange, type Column } from "./rows";

type Row = { name: string; due: string; amount: string };
const rows: Row[] = [
  { name: "Óticas São José", due: "2026-12-05", amount: "100.00" },
  { name: "oficina do Zé", due: "2026-01-31", amount: "99.99" },
  { name: "Padaria 10", due: "2026-11-30", amount: "100.01" },
  { name: "Padaria 9", due: "2026-11-01", amount: "-5.00" },
];
const columns: Column<Row>[] = [
  { key: "name", title: "Cliente", text: (row) => row.name },
  { key: "due", title: "Vencimento", text: (row) => row.due.split("-").reverse().join("/"), by: (row) => row.due },
  { key: "amount", title: "Valor", text: (row) => row.amount.replace(".", ","), amount: (row) => row.amount },
];
const names = (filters: Record<string, string>, sort = "") => arrange(rows, columns, { filters, sort }).map((row) => row.name);

describe("filters", () => {
  it("match part of the text, without accents or case", () => expect(names({ name: "ze" })).toEqual(["oficina do Zé"]));
  it("match all columns at once", () => expect(names({ name: "padaria", due: "/11/" })).toEqual(["Padaria 10", "Padaria 9"]));
  it.each([
    [">100", ["Padaria 10"]],
    [">=100", ["Óticas São José", "Padaria 10"]],
    ["<100", ["oficina do Zé", "Padaria 9"]],
    ["<=100,00", ["Óticas São José", "oficina do Zé", "Padaria 9"]],
    ["=100,01", ["Padaria 10"]],
  ])("compare amounts: %s", (typed, found) => expect(names({ amount: typed })).toEqual(found));
  it("of nothing keep the order given", () => expect(names({ name: " " })).toEqual(rows.map((row) => row.name)));
});

describe("sort", () => {
  it("is as people order names and numbers in them", () =>
    expect(names({}, "name")).toEqual(["oficina do Zé", "Óticas São José", "Padaria 9", "Padaria 10"]));
  it("is by day, not by its text", () => expect(names({}, "-due")[0]).toBe("Óticas São José"));
  it("is by cents", () => expect(names({}, "amount")).toEqual(["Padaria 9", "oficina do Zé", "Óticas São José", "Padaria 10"]));
});

describe("what is asked of the API", () => {
  const asked: Column<Row>[] = [
    { ...columns[0]!, ask: (typed) => ({ customer: typed }), orders: { up: "customer" } },
    { ...columns[1]!, ask: (typed) => (typed === "hoje" ? undefined : { due_from: typed }), orders: { up: "due_on", down: "-due_on" } },
    columns[2]!,
  ];
  it("is each filter that can be asked, and the order", () =>
    expect(queryOf(asked, { filters: { name: " zé ", due: "2026-11-01" }, sort: "-due" })).toEqual({ query: { customer: "zé", due_from: "2026-11-01", sort: "-due_on" }, wrong: new Set() }));
  it("leaves out a filter without a value, and reports which", () =>
    expect(queryOf(asked, { filters: { due: "hoje", amount: "1" }, sort: "-name" })).toEqual({ query: {}, wrong: new Set(["due"]) }));
  it("of an open range is one end alone", () => expect(between("due", () => ({ to: "2026-01-31" }))("")).toEqual({ due_to: "2026-01-31" }));
});
