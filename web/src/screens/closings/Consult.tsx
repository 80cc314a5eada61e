// "Consultar": a customer's months, what was due and charged (CLO-10).
import { CustomerPicker } from "../../parts/CustomerPicker";
import { useWord } from "../../parts/listState";
import { Heading } from "../../parts/show";
import { CustomerClosings } from "./CustomerClosings";

export function Consult() {
  const [customer, choose] = useWord("cliente");
  return (
    <>
      <Heading title="Consultar" />
      <div><CustomerPicker label="Cliente" value={customer || undefined} onChange={(id) => choose(id ?? "")} /></div>
      {customer ? <CustomerClosings customerId={customer} /> : <div className="box soft">Escolha um cliente para ver os seus meses.</div>}
    </>
  );
}
