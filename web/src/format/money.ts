// Money is decimal text ("1234.50") or whole cents in a BigInt, never a number with decimals.

const TEXT = /^(-?)(\d+)(?:\.(\d{1,2}))?$/;

/** "1234.5" -> 123450n. Throws for what is no amount of BRL. */
export function cents(text: string): bigint {
  const match = TEXT.exec(text);
  if (match === null) throw new Error(`no amount: ${text}`);
  const [, sign, whole, decimals = ""] = match;
  const value = BigInt(whole! + decimals.padEnd(2, "0"));
  return sign === "-" ? -value : value;
}

/** 123450n -> "1234.50" */
export function fromCents(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** "1234.5" -> "1.234,50"; below zero with a minus sign (U+2212). */
export function money(text: string | undefined): string {
  if (text === undefined || text === "") return "";
  const value = cents(text);
  const [whole, decimals] = fromCents(value < 0n ? -value : value).split(".");
  return `${value < 0n ? "−" : ""}${thousands(whole!)},${decimals}`;
}

export const brl = (text: string | undefined) => (text === undefined || text === "" ? "" : `R$ ${money(text)}`);

export const sum = (amounts: Iterable<string>): string => {
  let total = 0n;
  for (const amount of amounts) total += cents(amount);
  return fromCents(total);
};

export const less = (a: string, b: string) => fromCents(cents(a) - cents(b));
export const isPositive = (text: string | undefined) => text !== undefined && text !== "" && cents(text) > 0n;

/** What a person typed or pasted ("1234,5", "1.234,50", "R$ 10") as decimal text; undefined where it is no amount. */
export function parseMoney(typed: string): string | undefined {
  const text = parseDecimal(typed.replace(/R\$/i, ""), 2);
  return text === undefined ? undefined : fromCents(cents(text));
}

/** Likewise with up to `places` decimals: quantities, prices, percentages. A lone point groups thousands only as in 1.234 */
export function parseDecimal(typed: string, places = 10): string | undefined {
  const bare = typed.replace(/[\s\u00a0]/g, "").replace("−", "-");
  const match = /^(-?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d*))?$/.exec(bare) ?? /^(-?)(\d+)\.(\d*)$/.exec(bare);
  if (match === null) return undefined;
  const [, sign, whole, decimals = ""] = match;
  if (decimals.replace(/0+$/, "").length > places) return undefined;
  const kept = decimals.slice(0, places);
  const digits = whole!.replace(/\./g, "").replace(/^0+(?=\d)/, "");
  return `${sign}${digits}${kept === "" ? "" : `.${kept}`}`;
}

/** "1234.5678" -> "1.234,5678"; trailing zeros after the point are left out. */
export function decimal(text: string | undefined): string {
  if (text === undefined || text === "") return "";
  const [whole = "", decimals = ""] = text.replace("-", "").split(".");
  const kept = decimals.replace(/0+$/, "");
  return `${text.startsWith("-") ? "−" : ""}${thousands(whole)}${kept === "" ? "" : `,${kept}`}`;
}

const thousands = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, ".");

/** What is typed over a column of amounts: "100", ">100", "<=1.234,50", "100 a 200"; both ends included. */
export function parseAmounts(typed: string): { from?: string; to?: string } | undefined {
  const compared = /^\s*(>=|<=|>|<|=)\s*(.+)$/.exec(typed);
  if (compared) {
    const amount = parseMoney(compared[2]!);
    if (amount === undefined) return undefined;
    switch (compared[1]) {
      case ">=": return { from: amount };
      case "<=": return { to: amount };
      case ">": return { from: fromCents(cents(amount) + 1n) };
      case "<": return { to: fromCents(cents(amount) - 1n) };
      default: return { from: amount, to: amount };
    }
  }
  const [first, last, ...rest] = typed.split(/\s+(?:a|até)\s+/);
  const from = parseMoney(first!);
  const to = last === undefined ? from : parseMoney(last);
  return rest.length > 0 || from === undefined || to === undefined ? undefined : { from, to };
}
