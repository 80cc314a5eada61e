// CPF, CNPJ (letters too, since July 2026: IN RFB 2.229/2024), telephone and CEP as people write them.

export function cpfCnpj(bare: string | undefined): string {
  if (!bare) return "";
  if (bare.length === 11) return bare.replace(/(.{3})(.{3})(.{3})(.{2})/, "$1.$2.$3-$4");
  if (bare.length === 14) return bare.replace(/(.{2})(.{3})(.{3})(.{4})(.{2})/, "$1.$2.$3/$4-$5");
  return bare;
}

export const bareDocument = (typed: string) => typed.toUpperCase().replace(/[^0-9A-Z]/g, "");

export function phone(bare: string | undefined): string {
  if (!bare) return "";
  const local = bare.replace(/^\+?55(?=\d{10,11}$)/, "");
  return local.replace(/^(\d{2})(\d{4,5})(\d{4})$/, "($1) $2-$3");
}

export const cep = (bare: string | undefined) => (bare ?? "").replace(/^(\d{5})(\d{3})$/, "$1-$2");
export const digits = (typed: string) => typed.replace(/\D/g, "");

/** What a customer's search box holds, as the API's criteria. */
export function criterionOf(typed: string): { document?: string; email?: string; code?: number; name?: string } {
  const text = typed.trim();
  if (text.includes("@")) return { email: text };
  const bare = bareDocument(text);
  if (/^\d{1,9}$/.test(text)) return { code: Number(text) };
  if (/^(\d{11}|[0-9A-Z]{12}\d{2})$/.test(bare) && /\d/.test(text)) return { document: bare };
  return { name: text };
}
