import { expect, it } from "vitest";
import { labels } from "../../api/labels";
import type { RunKind } from "../../api/schema";
import { madeBy } from "./made";

const run = (kind: RunKind, input: Record<string, string> = {}) => ({ id: "run_1", kind, status: "done" as const, business_date: "2026-04-20", input });

it("leads to the very file that a run made or read", () => {
  expect(madeBy(run("remittance", { profile_id: "pro_1" }))?.search).toEqual({ profile: "pro_1", remessa: "run_1" });
  expect(madeBy(run("bank_return", { return_id: "ret_1" }))?.search).toEqual({ retorno: "ret_1" });
  expect(madeBy(run("statement_import", { statement_id: "sta_1" }))?.search).toEqual({ extrato: "sta_1" });
  expect(madeBy(run("usage_import", { import_id: "imp_1" }))?.search).toEqual({ arquivo: "imp_1" });
});

it("leads to what was made on the run's day, with the filters of the run", () => {
  expect(madeBy({ ...run("billing_run", { payment_profile_id: "pro_1" }), company_id: "com_1" })).toEqual({
    words: "Faturas emitidas em 20/04/2026", to: "/faturas", search: { mostrar: "todas", empresa: "com_1", profile: "pro_1", f: { emissao: "20/04/2026" } },
  });
  expect(madeBy(run("monthly_closing", { on: "2026-01-01" }))?.search).toEqual({ mes: "2025-12" });
  expect(madeBy(run("dispatch"))?.search).toEqual({ f: { quando: "20/04/2026" } });
});

it("knows every kind of run, and leads nowhere while one is running", () => {
  for (const kind of Object.keys(labels.RunKind) as RunKind[]) {
    expect(madeBy(run(kind)) === undefined, kind).toBe(kind === "simulation");
    expect(madeBy({ ...run(kind), status: "running" })).toBeUndefined();
  }
});
