// Days are ISO text ("2026-11-30"), as the API sends them; nothing here depends on the browser's clock or zone.

/** "2026-11-30" -> "30/11/2026" */
export function day(iso: string | undefined): string {
  if (!iso) return "";
  const [year, month, date] = iso.split("-");
  return `${date}/${month}/${year}`;
}

/** "2026-11" -> "11/2026" */
export function month(text: string | undefined): string {
  return text ? `${text.slice(5, 7)}/${text.slice(0, 4)}` : "";
}

const ZONE = new Intl.DateTimeFormat("pt-BR", {
  timeZone: "America/Sao_Paulo",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

/** An instant as the clock in São Paulo shows it. */
export const instant = (iso: string | undefined) => (iso ? ZONE.format(new Date(iso)).replace(",", "") : "");

/** The API's periods end before their `end`; people name the last day. */
export const period = ({ start, end }: { start: string; end: string }) => `${day(start)} a ${day(addDays(end, -1))}`;

export function addDays(iso: string, days: number): string {
  const date = new Date(`${iso}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export function addMonths(text: string, months: number): string {
  const count = Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, "0")}-${String((count % 12) + 1).padStart(2, "0")}`;
}

/** "30/11/2026", "30112026", "30/11/26" -> "2026-11-30"; undefined for what is no day. */
export function parseDay(typed: string): string | undefined {
  const match = /^\s*(\d{1,2})\D?(\d{2})\D?(\d{4}|\d{2})\s*$/.exec(typed) ?? /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})$/.exec(typed.trim());
  if (match === null) return undefined;
  const [, date, monthText, yearText] = match as unknown as [string, string, string, string];
  const year = yearText.length === 2 ? `20${yearText}` : yearText;
  const iso = `${year}-${monthText.padStart(2, "0")}-${date.padStart(2, "0")}`;
  const real = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== iso ? undefined : iso;
}

/** "11/2026", "112026" -> "2026-11" */
export function parseMonth(typed: string): string | undefined {
  const match = /^\s*(0?[1-9]|1[0-2])\D?(\d{4})\s*$/.exec(typed);
  return match ? `${match[2]}-${match[1]!.padStart(2, "0")}` : undefined;
}

export const firstDay = (text: string) => `${text}-01`;
export const lastDay = (text: string) => addDays(firstDay(addMonths(text, 1)), -1);

/** Days both included; an end that is not given is open. */
export type Days = { from?: string; to?: string };

/** What is typed over a column of days: "30/11/2026", "11/2026", "11/2026 a 01/2027", ">=01/11/2026", "<12/2026". */
export function parseDays(typed: string): Days | undefined {
  const compared = /^\s*(>=|<=|>|<)\s*(.+)$/.exec(typed);
  if (compared) {
    const days = oneOrMonth(compared[2]!);
    if (days === undefined) return undefined;
    switch (compared[1]) {
      case ">=": return { from: days.from };
      case "<=": return { to: days.to };
      case ">": return { from: addDays(days.to, 1) };
      default: return { to: addDays(days.from, -1) };
    }
  }
  const [first, last, ...rest] = typed.split(/\s+(?:a|até)\s+/);
  if (rest.length > 0) return undefined;
  const from = oneOrMonth(first!);
  const to = last === undefined ? from : oneOrMonth(last);
  return from && to && { from: from.from, to: to.to };
}

function oneOrMonth(typed: string): { from: string; to: string } | undefined {
  const one = parseDay(typed);
  if (one) return { from: one, to: one };
  const whole = parseMonth(typed);
  return whole === undefined ? undefined : { from: firstDay(whole), to: lastDay(whole) };
}
