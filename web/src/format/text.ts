/** "1 fatura", "2 faturas" */
export const counted = (count: number, one: string, many = `${one}s`) => `${count.toLocaleString("pt-BR")} ${count === 1 ? one : many}`;

/** "2 e-mails e 1 SMS"; what there is none of is not said. */
export const countedAll = (kinds: [count: number, one: string, many?: string][]) =>
  kinds.filter(([count]) => count > 0).map(([count, one, many]) => counted(count, one, many)).join(" e ");

/** "baixa" -> "Baixa" */
export const capital = (text: string) => text.charAt(0).toLocaleUpperCase("pt-BR") + text.slice(1);
