// "Na aba Impressoras": where each is, its counters, what it produced and what that costs.
import type { ClosingDetail, ItemOfClosing, Production } from "../../api/schema";
import { decimal, money } from "../../format/money";
import { Tag } from "../../parts/Tag";

export function ClosingItems({ closing }: { closing: ClosingDetail }) {
  return (
    <>
      {closing.items.length === 0 && <p className="soft">Nenhum item teve produção no período.</p>}
      {closing.items.length > 0 && (
        <table className="plain">
          <thead>
            <tr><th>Item</th><th>Local</th><th>Contadores</th><th>Produção</th><th className="num">Quantidade</th><th className="num">Franquia</th><th className="num">Excedente</th><th className="num">Preço (R$)</th><th className="num">Valor (R$)</th><th className="num">Custo fixo (R$)</th></tr>
          </thead>
          <tbody>{closing.items.map((item) => <ItemRows key={item.item_id} item={item} />)}</tbody>
        </table>
      )}
      {closing.contract_production.length > 0 && (
        <>
          <h2 style={{ margin: "14px 0 4px" }}>Do contrato como um todo</h2>
          <table className="plain">
            <thead><tr><th>Produção</th><th className="num">Quantidade</th><th className="num">Franquia</th><th className="num">Excedente</th><th className="num">Preço (R$)</th><th className="num">Valor (R$)</th></tr></thead>
            <tbody>{closing.contract_production.map((one, i) => <tr key={i}><td>{one.description}</td><Amounts of={one} /></tr>)}</tbody>
          </table>
        </>
      )}
      {closing.carry_over.length > 0 && (
        <>
          <h2 style={{ margin: "14px 0 4px" }}>Saldo de franquia (Retorno a zero)</h2>
          <table className="plain">
            <thead><tr><th>Definição</th><th>Item</th><th>Movimento</th><th className="num">Unidades</th><th className="num">Saldo</th></tr></thead>
            <tbody>{closing.carry_over.map((row, i) => <tr key={i}><td>{row.description}</td><td>{row.item}</td><td>{row.kind_label}</td><td className="num">{decimal(row.units)} {row.unit}</td><td className="num">{decimal(row.balance)}</td></tr>)}</tbody>
          </table>
        </>
      )}
    </>
  );
}

function ItemRows({ item }: { item: ItemOfClosing }) {
  const rows: (Production | undefined)[] = item.production.length > 0 ? item.production : [undefined];
  return rows.map((one, i) => (
    <tr key={i}>
      {i === 0 && (
        <>
          <td rowSpan={rows.length}>{item.description}</td>
          <td rowSpan={rows.length}>{item.location}</td>
          <td rowSpan={rows.length}>
            {item.meters.map((meter) => <div key={meter.unit}>{meter.unit}: {decimal(meter.initial)} → {decimal(meter.final)} {meter.is_estimated && <Tag tone="warn">estimado</Tag>}</div>)}
          </td>
        </>
      )}
      <td>{one?.description}</td>
      {one ? <Amounts of={one} /> : <td colSpan={5} />}
      {i === 0 && <td rowSpan={rows.length} className="num">{money(item.fixed_cost)}</td>}
    </tr>
  ));
}

const Amounts = ({ of }: { of: Production }) => (
  <>
    <td className="num">{decimal(of.quantity)}</td><td className="num">{decimal(of.allowance)}</td><td className="num">{decimal(of.excess)}</td><td className="num">{decimal(of.unit_price)}</td><td className="num">{money(of.amount)}</td>
  </>
);
