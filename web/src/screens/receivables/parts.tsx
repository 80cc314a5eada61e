// What the lists over all customers share: the column of the customer, the company and the city that are chosen, the question.
import { TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { CustomerName } from "../../api/schema";
import { useCompanies } from "../../app/me";
import { Choice } from "../../parts/fields";
import type { Column } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { word } from "../../parts/remote";
import type { Query } from "../../parts/rows";

type OfCustomer = { customer_id: string; customer?: CustomerName };

export const customerColumn = <R extends OfCustomer>(): Column<R> => ({
  key: "cliente", title: "Cliente", text: (row) => row.customer?.name ?? "", width: 150, grow: 400, ask: word("customer"), orders: { up: "customer" },
  show: (row) => <Link to={`/clientes/${row.customer_id}`}>{row.customer?.name ?? "Abrir"}</Link>,
});

/** A column of the customer's own list, with what the API filters and sorts it by. */
export const withRemote = <R,>(columns: Column<R>[], asked: Record<string, Partial<Column<R>>>, order: string[]): Column<R>[] =>
  order.map((key) => ({ ...columns.find((column) => column.key === key)!, ...asked[key] }));

/** One company or all, in the address; nothing to choose where there is one. */
export function useCompanyFilter(): { company: string | undefined; field: React.ReactNode } {
  const companies = useCompanies().data ?? [];
  const [company, setCompany] = useWord("empresa");
  return {
    company: company || undefined,
    field: companies.length > 1 && <Choice label="Empresa" placeholder="todas" options={companies.map((one) => ({ value: one.id, label: one.trade_name }))} value={company} onChange={(next) => setCompany(next ?? "")} w={180} />,
  };
}

/** Company and city, in the address. */
export function useScopeFilter(): { fixed: Query; fields: React.ReactNode } {
  const { company, field } = useCompanyFilter();
  const [city, setCity] = useWord("cidade");
  return {
    fixed: { ...(company && { company_id: company }), ...(city && { city }) },
    fields: (
      <>
        {field}
        <TextInput label="Cidade" placeholder="todas" w={130} defaultValue={city} onBlur={(event) => setCity(event.currentTarget.value.trim())} onKeyDown={(event) => event.key === "Enter" && setCity(event.currentTarget.value.trim())} />
      </>
    ),
  };
}
