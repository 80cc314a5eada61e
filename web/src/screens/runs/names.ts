// What a run was asked and what it did: the API's names of counts and amounts, as people call them.
import { day, month } from "../../format/date";
import { decimal, money } from "../../format/money";

const NAMES: Record<string, string> = {
  due_from: "Vencimento de", due_to: "Vencimento até", on: "Na data", month: "Mês", compare_with: "Comparado a", profile_id: "Profile", label: "Identificação",
  company_id: "Empresa", companies: "Empresas", payment_profile_id: "Profile", purpose: "Finalidade", reference: "Referência", grouping: "Agrupamento", contract_ids: "Contratos",
  file_key: "Arquivo", key: "Arquivo", every_channel: "Todos os canais", email_template_id: "Modelo de e-mail", sms_template_id: "Modelo de SMS",
  closings: "Fechamentos", computed: "Calculados", frozen: "Congelados", pending: "Com pendência", total: "Total (R$)", invoices: "Faturas", billed: "Faturado (R$)",
  charges: "Contas", boletos: "Boletos", titles: "Títulos", remitted: "Em remessa (R$)", instructions: "Instruções", refused: "Recusados", applied: "Aplicadas",
  held: "Retidas", recorded: "Registradas", repeated: "Repetidas", occurrences: "Ocorrências", messages: "Mensagens", sent: "Enviadas", failed: "Não enviadas",
  uncertain: "Incertas", received: "Recebido (R$)", payments: "Pagamentos", cancelled: "Canceladas", email: "E-mails", sms: "SMS", accepted: "Aceitas", duplicates: "Repetidas", before: "Antes (R$)", after: "Depois (R$)", difference: "Diferença (R$)",
  issued_from: "Faturas geradas de", issued_to: "Faturas geradas até", documents: "Documentos", amount: "Valor (R$)",
  changed: "Contratos que mudam", by_contract: "Pelo contrato (R$)", by_price: "Pelo preço (R$)", by_quantity: "Pela quantidade (R$)", by_adjustment: "Pelos ajustes (R$)",
  contracts: "Contratos", outliers: "Fora do comum", skipped: "Já feitos", settled: "Liquidadas", lines: "Linhas",
};

export const nameOf = (key: string) => NAMES[key] ?? key.replaceAll("_", " ");

const ID = /^[a-z]{2,5}_[0-9a-z]{4,26}$/;

/** An id by the name it has in `names`; blank where it has none. */
export function valueOf(text: string, names: (id: string) => string = () => ""): string {
  if (text.split(",").every((one) => ID.test(one))) return text.split(",").map(names).filter(Boolean).join(", ");
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return day(text);
  if (/^\d{4}-\d{2}$/.test(text)) return month(text);
  if (/^-?\d+\.\d{2}$/.test(text)) return money(text);
  if (/^-?\d+(\.\d+)?$/.test(text)) return decimal(text);
  return { True: "sim", False: "não", None: "" }[text] ?? text;
}
