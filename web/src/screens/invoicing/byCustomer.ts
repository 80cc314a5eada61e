// Commands on invoices and charges are for one customer each: one request for each customer, under a key of its own, and
// the answers of all together.
import { ProblemError } from "../../api/client";
import type { BatchAnswer, ItemAnswer } from "../../api/schema";

type Header = { "Idempotency-Key": string };
export type Params = { path: { customer_id: string }; header: Header; query: { dry_run: true | undefined } };

export async function byCustomer(
  things: { id: string; customer_id: string }[],
  header: Header,
  dryRun: true | undefined,
  call: (params: Params, ids: string[]) => Promise<BatchAnswer>,
): Promise<BatchAnswer> {
  const query = { dry_run: dryRun };
  const customers = new Set(things.map((thing) => thing.customer_id));
  if (customers.size === 1) return call({ path: { customer_id: things[0]!.customer_id }, header, query }, things.map((thing) => thing.id));
  const items: ItemAnswer[] = [];
  for (const customer_id of customers) {
    const ids = things.filter((thing) => thing.customer_id === customer_id).map((thing) => thing.id);
    const params = { path: { customer_id }, header: { "Idempotency-Key": `${header["Idempotency-Key"]}.${customer_id}` }, query };
    try {
      items.push(...(await call(params, ids)).items);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { code, title, reasons } = error.problem;
      const told = reasons?.map(({ code, message, severity }) => ({ code, message, severity })) ?? [{ code, message: title, severity: "blocks" as const }];
      items.push(...ids.map((id): ItemAnswer => ({ id, outcome: "refused", reasons: told, made: [] })));
    }
  }
  return { items };
}
