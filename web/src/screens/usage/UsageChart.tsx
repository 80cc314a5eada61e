// "Uso": a customer and up to 10 billing items, in lines and bars, of the months with finalised invoices (USE-06).
import { MultiSelect, SegmentedControl } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { month } from "../../format/date";
import { Chart, ChartTable, type Series } from "../../parts/Chart";
import { CustomerPicker } from "../../parts/CustomerPicker";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Wait } from "../../parts/show";
import { useItems } from "../catalog/Items";

export function UsageChart() {
  const [customer, choose] = useWord("cliente");
  const [chosen, setChosen] = useWord("itens");
  const [kind, setKind] = useWord("grafico", "line");
  const catalog = useItems();
  const items = chosen === "" ? [] : chosen.split(",");
  const chart = useQuery({
    queryKey: ["usage-chart", customer, chosen],
    enabled: customer !== "" && items.length > 0,
    placeholderData: keepPreviousData,
    queryFn: () => answer(api.GET("/customers/{customer_id}/usage/chart", { params: { path: { customer_id: customer }, query: { items } } })),
  });
  const labels = chart.data?.months.map(month) ?? [];
  const series: Series[] = chart.data?.series.map((one) => ({ name: one.name, unit: one.unit, values: one.quantities })) ?? [];
  return (
    <>
      <Heading title="Uso">
        <SegmentedControl size="xs" aria-label="Gráfico" value={kind} onChange={setKind} data={[{ value: "line", label: "Linhas" }, { value: "bar", label: "Barras" }]} />
      </Heading>
      <div className="bar" style={{ alignItems: "start" }}>
        <CustomerPicker label="Cliente" value={customer || undefined} onChange={(id) => choose(id ?? "")} />
        <MultiSelect
          label="Itens de faturamento" placeholder={items.length ? "" : "até 10 itens"} size="xs" searchable w={520} value={items} hidePickedOptions
          data={(catalog.data ?? []).map((item) => ({ value: item.id, label: item.name }))} onChange={(next) => setChosen(next.join(","))} nothingFoundMessage="Nenhum item"
        />
      </div>
      <ProblemNote error={catalog.error ?? chart.error} retry={() => void chart.refetch()} />
      {(customer === "" || items.length === 0) && <div className="box soft">Escolha o cliente e até 10 itens de faturamento.</div>}
      {chart.isFetching && !chart.data && <Wait />}
      {!chart.error && chart.data && labels.length === 0 && <div className="box soft">Os gráficos são gerados apenas para clientes com faturas finalizadas.</div>}
      {!chart.error && labels.length > 0 && series.length > 0 && (
        <section className="box" style={{ display: "grid", gap: 10, overflow: "auto" }} tabIndex={0} aria-label="Gráfico de uso">
          <Chart title="Uso por mês" kind={kind === "bar" ? "bar" : "line"} labels={labels} series={series} />
          <ChartTable labels={labels} series={series} />
        </section>
      )}
    </>
  );
}
