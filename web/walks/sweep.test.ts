import { beforeAll, expect, it } from "vitest";
import { dialogs, missed, NOT_YET, routes } from "./sweep";

beforeAll(() => void dialogs(), 60_000); // the source is read once

const titles = () => dialogs().map(({ where }) => where);

it.each([
  ["a text", "screens/counter/MyCashBox.tsx Abrir caixa"],
  ["a template", "screens/counter/Receipts.tsx Estornar o recibo .+"],
  ["the one of two", "screens/customers/CustomerForm.tsx Editar cadastro"],
  ["the other", "screens/customers/CustomerForm.tsx Novo cliente"],
  ["a table", "screens/invoicing/ChargeActions.tsx Remover contas"],
  ["the API's label of a value", "screens/contracts/Contracts.tsx Suspender contrato"],
  ["handed to a component of its file", "screens/contracts/ContractTools.tsx Associar medidores ausentes"],
])("finds a dialog whose title is %s", (_form, where) => expect(titles()).toContain(where));

it("finds every route, those with ids too", () => {
  expect(routes().length).toBeGreaterThan(40);
  expect(routes().some(({ pattern }) => pattern.test("/clientes/cus_1/contratos/con_1"))).toBe(true);
});

it("reports what was not inspected, and nothing else", () => {
  const all = missed([]);
  const some = missed([{ path: "/clientes/cus_1", dialogs: ["Estornar o recibo 7"] }]);
  expect(all.filter((where) => !some.includes(where))).toEqual(["/clientes/$customerId", "screens/counter/Receipts.tsx Estornar o recibo .+"]);
});

it("lists only existing things as not yet inspected", () => {
  const all = missed([]);
  expect(NOT_YET.filter((where) => !all.includes(where))).toEqual([]);
});
