// A list as a file: CSV and XLSX, as spreadsheets in Brazil open them.
import { strToU8, zipSync } from "fflate";

/** Text, or an amount as decimal text ("1234.50"); an absent amount is "". */
export type Cell = { text: string } | { amount: string };
export type Sheet = { name: string; titles: string[]; rows: Cell[][] };

/** Semicolons, decimal commas, CRLF (RFC 4180), and the mark by which Excel knows UTF-8. */
export function csv({ titles, rows }: Sheet): string {
  const lines = [titles.map((text) => ({ text })), ...rows].map((row) => row.map(csvCell).join(";"));
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

function csvCell(cell: Cell): string {
  if ("amount" in cell) return cell.amount.replace(".", ",");
  const text = inert(cell.text);
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A spreadsheet computes a cell that begins like a formula, whoever typed it; the apostrophe makes it text. */
const inert = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** One sheet, its titles in bold and kept in sight; amounts are numbers with two decimals, text is never a formula (ECMA-376). */
export function xlsx({ name, titles, rows }: Sheet): Uint8Array {
  const row = (cells: string[], i: number) => `<row r="${i + 1}">${cells.join("")}</row>`;
  const body = [titles.map((title) => textCell(title, 1)), ...rows.map((cells) => cells.map(xlsxCell))].map(row).join("");
  const relation = (id: string, type: string, target: string) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const relations = (items: string) => `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${items}</Relationships>`;
  const part = (path: string, type: string) => `<Override PartName="/${path}" ContentType="${TYPE}.${type}+xml"/>`;
  const files = {
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part("xl/workbook.xml", "sheet.main")}${part("xl/worksheets/sheet1.xml", "worksheet")}${part("xl/styles.xml", "styles")}</Types>`,
    "_rels/.rels": relations(relation("r1", "officeDocument", "xl/workbook.xml")),
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escaped(name.replace(/[\\/?*[\]:]/g, " ").slice(0, 31))}" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(relation("r1", "worksheet", "worksheets/sheet1.xml") + relation("r2", "styles", "styles.xml")),
    "xl/styles.xml": `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="4" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
    "xl/worksheets/sheet1.xml": `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>${body}</sheetData></worksheet>`,
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
}

function xlsxCell(cell: Cell): string {
  if ("text" in cell) return textCell(cell.text, 0);
  return cell.amount === "" ? "<c/>" : `<c s="2"><v>${cell.amount}</v></c>`;
}

const textCell = (text: string, style: number) => (text === "" ? "<c/>" : `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`);

const escaped = (text: string) =>
  // What XML cannot hold is left out.
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
