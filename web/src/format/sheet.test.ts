import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { csv, type Sheet, xlsx } from "./sheet";

const LIST: Sheet = {
  name: "Faturas a receber",
  titles: ["Cliente", "Valor"],
  rows: [
    [{ text: 'Padaria "Pão & Cia"; filial' }, { amount: "1234.50" }],
    [{ text: "=1+1" }, { amount: "-3.00" }],
    [{ text: "" }, { amount: "" }],
  ],
};

describe("a list as CSV", () => {
  it("has semicolons, decimal commas, quotes where needed and the mark of UTF-8", () => {
    expect(csv(LIST)).toBe('\ufeffCliente;Valor\r\n"Padaria ""Pão & Cia""; filial";1234,50\r\n\'=1+1;-3,00\r\n;\r\n');
  });

  it.each(["=A1", "+55 11", "-x", "@soma", "\tx", "\rx"])("has %j as text, not as a formula", (text) => {
    expect(csv({ name: "x", titles: [], rows: [[{ text }]] })).toContain(`'${text}`);
  });

  it("leaves other texts as they are", () => {
    expect(csv({ name: "x", titles: [], rows: [[{ text: "a=b" }, { text: "01/02/2026" }]] })).toContain("\r\na=b;01/02/2026\r\n");
  });
});

describe("a list as XLSX", () => {
  const files = unzipSync(xlsx(LIST));
  const sheet = strFromU8(files["xl/worksheets/sheet1.xml"]!);

  it("has amounts as exact numbers and text as text, formulas too", () => {
    expect(sheet).toContain("<v>1234.50</v>");
    expect(sheet).toContain("<v>-3.00</v>");
    expect(sheet).toContain('<t xml:space="preserve">=1+1</t>');
    expect(sheet).not.toContain("<f>");
  });

  it("escapes what XML reserves and leaves out what it cannot hold", () => {
    expect(sheet).toContain("Padaria &quot;Pão &amp; Cia&quot;; filial");
    expect(strFromU8(unzipSync(xlsx({ name: "x", titles: ["a\u0000b"], rows: [] }))["xl/worksheets/sheet1.xml"]!)).toContain(">ab<");
  });

  it("names the sheet within Excel's limits", () => {
    const named = unzipSync(xlsx({ ...LIST, name: "Contas: de todos os clientes, do mês [2026/10]" }));
    expect(strFromU8(named["xl/workbook.xml"]!)).toContain('<sheet name="Contas  de todos os clientes, d"');
  });
});
