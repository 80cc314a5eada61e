// Where to see what a run made: its own file where it has one, otherwise the list of what it made on its day.
import type { Run } from "../../api/schema";
import { addMonths, day, month } from "../../format/date";

export type Made = { words: string; to: string; search: Record<string, unknown> };

export function madeBy(run: Pick<Run, "id" | "kind" | "status" | "business_date" | "input" | "company_id">): Made | undefined {
  if (run.status === "running") return undefined;
  const { input, company_id: company } = run;
  const on = day(run.business_date);
  switch (run.kind) {
    case "monthly_closing": {
      const closed = addMonths((input.on ?? run.business_date).slice(0, 7), -1);
      return { words: `Fechamentos de ${month(closed)}`, to: "/fechamentos", search: { mes: closed } };
    }
    case "billing_run":
      return { words: `Faturas emitidas em ${on}`, to: "/faturas", search: { mostrar: "todas", ...(company && { empresa: company }), ...(input.payment_profile_id && { profile: input.payment_profile_id }), f: { emissao: on } } };
    case "fiscal":
      return { words: "Notas emitidas", to: "/notas", search: {} };
    case "remittance":
      return { words: "A remessa e os seus títulos", to: "/remessas", search: { profile: input.profile_id, remessa: run.id } };
    case "bank_return":
      return { words: "O retorno e as suas ocorrências", to: "/retornos", search: { retorno: input.return_id } };
    case "statement_import":
      return { words: "O extrato e as suas linhas", to: "/extratos", search: { extrato: input.statement_id } };
    case "usage_import":
      return { words: "O arquivo e as suas linhas", to: "/importacoes", search: { arquivo: input.import_id } };
    case "dispatch":
      return { words: `Mensagens de ${on}`, to: "/mensagens", search: { f: { quando: on } } };
    case "simulation":
      return undefined; // its result stands on the run's own screen
  }
}
