// "Pesquisa avançada": registrations by any of their columns at once (CUS-04).
import { Checkbox, SegmentedControl } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Customer, paths } from "../../api/schema";
import { day, parseDays } from "../../format/date";
import { cep, cpfCnpj, digits, phone } from "../../format/document";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { between, useRemoteList, word } from "../../parts/remote";
import type { Query } from "../../parts/rows";
import { Heading } from "../../parts/show";

type Asked = paths["/registrations"]["get"]["parameters"]["query"];

const bare = (name: "cep" | "phone", least: number, most: number) => (typed: string): Query | undefined => {
  const only = digits(typed);
  return only.length >= least && only.length <= most ? { [name]: only } : undefined;
};
const first = (customer: Customer) => customer.addresses[0];

const COLUMNS: Column<Customer>[] = [
  { key: "codigo", title: "Código", text: (c) => String(c.code), width: 56, grow: 1, orders: { up: "code" } },
  { key: "cadastro", title: "Cadastro", text: (c) => day(c.registered_on), width: 88, grow: 1, ask: between("registered", parseDays), hint: "mm/aaaa", orders: { down: "-registered_on" } },
  { key: "nome", title: "Cliente", text: (c) => c.name, width: 150, grow: 300, ask: word("name"), orders: { up: "name" } },
  { key: "fantasia", title: "Nome fantasia", text: (c) => c.trade_name ?? "", width: 100, grow: 200, ask: word("trade_name") },
  { key: "documento", title: "CPF/CNPJ", text: (c) => cpfCnpj(c.document), width: 148, grow: 1 },
  { key: "tipo", title: "Tipo", text: (c) => labels.PersonKind[c.kind], width: 104, grow: 1, aside: true, ask: word("kind"), options: labels.PersonKind },
  { key: "classe", title: "Classificação", text: (c) => labels.Classification[c.classification], width: 92, grow: 1, ask: word("classification"), options: labels.Classification },
  { key: "telefone", title: "Telefone", text: (c) => c.phones.map(phone).join(", "), width: 116, grow: 10, ask: bare("phone", 4, 13) },
  { key: "cidade", title: "Cidade", text: (c) => first(c)?.city ?? "", width: 90, grow: 100, ask: word("city"), hint: "inteira", orders: { up: "city" } },
  { key: "bairro", title: "Bairro", text: (c) => first(c)?.district ?? "", width: 80, grow: 90, ask: word("district"), hint: "inteiro" },
  { key: "logradouro", title: "Logradouro", text: (c) => first(c)?.street ?? "", width: 92, grow: 120, ask: word("street") },
  { key: "cep", title: "CEP", text: (c) => cep(first(c)?.cep), width: 86, grow: 1, aside: true, ask: bare("cep", 8, 8) },
];

export function AdvancedSearch() {
  const navigate = useNavigate();
  const [shown, setShown] = useWord("mostrar", "todos");
  const [reachable, setReachable] = useWord("contato");
  const list = useRemoteList({
    key: "customers", columns: COLUMNS, order: "-cadastro",
    fixed: { ...(shown !== "todos" && { is_active: shown === "ativos" }), ...(reachable && { with_email_and_phone: true }) },
    page: (query, cursor) => answer(api.GET("/registrations", { params: { query: { ...(query as Asked), limit: 100, cursor } } })),
    foot: ({ count }) => [["Cadastros", count.toLocaleString("pt-BR")]],
  });
  return (
    <>
      <Heading title="Pesquisa avançada">
        <Checkbox label="Com e-mail e telefone" checked={reachable !== ""} onChange={(event) => setReachable(event.currentTarget.checked ? "sim" : "")} />
        <SegmentedControl size="xs" aria-label="Situação" value={shown} onChange={setShown} data={[{ value: "todos", label: "Todos" }, { value: "ativos", label: "Ativos" }, { value: "inativos", label: "Inativos" }]} />
      </Heading>
      <Grid name="Cadastros" rowKey={(c) => c.id} onOpen={(c) => void navigate({ to: `/clientes/${c.id}` })} empty="Nenhum cadastro corresponde aos filtros." {...list.grid} />
    </>
  );
}
