import { describe, expect, it } from "vitest";
import { addDays, addMonths, day, lastDay, parseDay, parseDays, parseMonth, period } from "./date";
import { cpfCnpj, criterionOf, phone } from "./document";
import { brl, cents, decimal, fromCents, money, parseAmounts, parseDecimal, parseMoney, sum } from "./money";
import { counted, countedAll } from "./text";

describe("money", () => {
  it.each([
    ["0.00", "0,00"],
    ["0.05", "0,05"],
    ["129.9", "129,90"],
    ["1234.50", "1.234,50"],
    ["-1234567.89", "−1.234.567,89"],
    ["9999999999999.99", "9.999.999.999.999,99"],
  ])("%s is read as %s", (text, shown) => expect(money(text)).toBe(shown));

  it.each([
    ["1234,5", "1234.50"],
    ["1.234,50", "1234.50"],
    ["1.234", "1234.00"],
    ["1234.5", "1234.50"],
    ["R$ 10", "10.00"],
    ["-3,10", "-3.10"],
    ["\u00a01.000.000,00 ", "1000000.00"],
  ])("%s typed is %s", (typed, text) => expect(parseMoney(typed)).toBe(text));

  it.each(["", "abc", "1,234,5", "1.23.4", "1,999", "--1"])("%s is no amount", (typed) =>
    expect(parseMoney(typed)).toBeUndefined(),
  );

  it("sums without rounding what a float would round", () => {
    expect(sum(Array.from({ length: 10 }, () => "0.10"))).toBe("1.00");
    expect(sum(["9007199254740993.01", "0.01"])).toBe("9007199254740993.02");
  });

  it("goes to cents and back", () => {
    for (const value of [0n, 1n, -1n, 99n, 100n, -12345n]) expect(cents(fromCents(value))).toBe(value);
  });

  it("keeps absent blank and zero visible", () => {
    expect(brl(undefined)).toBe("");
    expect(brl("0.00")).toBe("R$ 0,00");
  });

  it("shows quantities without trailing zeros", () => {
    expect(decimal("1234.5600")).toBe("1.234,56");
    expect(decimal("1000")).toBe("1.000");
    expect(parseDecimal("0,1990", 4)).toBe("0.1990");
    expect(parseDecimal("0,12345", 4)).toBeUndefined();
  });
});

describe("dates", () => {
  it("names the last day of a period that ends before its end", () =>
    expect(period({ start: "2026-10-01", end: "2026-11-01" })).toBe("01/10/2026 a 31/10/2026"));

  it.each([
    ["30/11/2026", "2026-11-30"],
    ["30112026", "2026-11-30"],
    ["1/1/2027", "2027-01-01"],
    ["29/02/2028", "2028-02-29"],
  ])("%s typed is %s", (typed, iso) => expect(parseDay(typed)).toBe(iso));

  it.each(["31/11/2026", "29/02/2027", "00/01/2026", "x"])("%s is no day", (typed) =>
    expect(parseDay(typed)).toBeUndefined(),
  );

  it("counts across years", () => {
    expect(addMonths("2026-12", 1)).toBe("2027-01");
    expect(addMonths("2026-01", -1)).toBe("2025-12");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(lastDay("2028-02")).toBe("2028-02-29");
    expect(parseMonth("11/2026")).toBe("2026-11");
    expect(parseMonth("13/2026")).toBeUndefined();
    expect(day("2026-01-02")).toBe("02/01/2026");
  });
});

describe("documents", () => {
  it("are written as people know them", () => {
    expect(cpfCnpj("12345678909")).toBe("123.456.789-09");
    expect(cpfCnpj("12ABC34501DE35")).toBe("12.ABC.345/01DE-35");
    expect(phone("48999990000")).toBe("(48) 99999-0000");
    expect(phone("+554832000000")).toBe("(48) 3200-0000");
  });

  it("tell what was typed in the search", () => {
    expect(criterionOf("123.456.789-09")).toEqual({ document: "12345678909" });
    expect(criterionOf("12.abc.345/01de-35")).toEqual({ document: "12ABC34501DE35" });
    expect(criterionOf("a@b.example")).toEqual({ email: "a@b.example" });
    expect(criterionOf("17")).toEqual({ code: 17 });
    expect(criterionOf("Maria")).toEqual({ name: "Maria" });
  });
});

describe("filters of a column", () => {
  it.each([
    ["30/11/2026", { from: "2026-11-30", to: "2026-11-30" }],
    ["02/2028", { from: "2028-02-01", to: "2028-02-29" }],
    ["11/2026 a 01/2027", { from: "2026-11-01", to: "2027-01-31" }],
    [">=01/11/2026", { from: "2026-11-01" }],
    [">11/2026", { from: "2026-12-01" }],
    ["<01/03/2026", { to: "2026-02-28" }],
    ["<=02/2026", { to: "2026-02-28" }],
    ["31/02/2026", undefined],
    ["vencidas", undefined],
    ["11/2026 a ", undefined],
  ])("days: %s", (typed, days) => expect(parseDays(typed)).toEqual(days));
  it.each([
    ["100", { from: "100.00", to: "100.00" }],
    [">100", { from: "100.01" }],
    [">=100", { from: "100.00" }],
    ["<1.234,50", { to: "1234.49" }],
    ["10 a 20,5", { from: "10.00", to: "20.50" }],
    ["muito", undefined],
  ])("amounts: %s", (typed, range) => expect(parseAmounts(typed)).toEqual(range));
});

it("counts things in words, and says nothing of what there is none of", () => {
  expect([counted(1, "fatura"), counted(1234, "fatura"), counted(2, "mês", "meses")]).toEqual(["1 fatura", "1.234 faturas", "2 meses"]);
  expect(countedAll([[2, "e-mail"], [0, "SMS", "SMS"]])).toBe("2 e-mails");
  expect(countedAll([[1, "e-mail"], [3, "SMS", "SMS"]])).toBe("1 e-mail e 3 SMS");
});
