// "Painel do cliente" (CUS-06): who it is, what is open, and the fourteen panels with their counts and totals, in one call.
import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import type { CustomerPanel as Panel, PanelName } from "../../api/schema";
import { useMay } from "../../app/me";
import { day } from "../../format/date";
import { brl, isPositive, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { History } from "../../parts/History";
import { useSetSearch, useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Totals, Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";
import { CustomerClosings } from "../closings/CustomerClosings";
import { Contracts } from "../contracts/Contracts";
import { Agreements } from "../agreements/Agreements";
import { FinancialStatement } from "../counter/FinancialStatement";
import { CustomerMessages } from "../dispatch/CustomerMessages";
import { CustomerDocuments, CustomerPendingDocuments } from "../fiscal/CustomerDocuments";
import { CustomerCharges, CustomerInvoices, type InvoicePanel } from "./CustomerReceivables";
import { CustomerForm } from "./CustomerForm";
import { Registration } from "./Registration";
import { allPages } from "../../parts/remote";

/** A panel's word in the address. */
const TABS: Record<PanelName, string> = {
  contracts: "contratos",
  invoices_receivable: "receber",
  invoices_payable: "pagar",
  unbilled_charges: "contas",
  accounts_payable: "contas-pagar",
  deleted_invoices: "excluidas",
  settled_receivables: "liquidadas",
  settled_payables: "pagas",
  fiscal_documents_issued: "documentos",
  fiscal_documents_pending: "documentos-pendentes",
  messages: "mensagens",
  clearance_certificates: "negativas",
  scheduled_invoices: "recorrencia",
  cards: "cartoes",
};
const MORE = { extrato: "Extrato financeiro", parcelamentos: "Parcelamentos", fechamentos: "Fechamentos", cadastro: "Cadastro", historico: "Histórico" };

export function CustomerPanel() {
  const { customerId } = useParams({ strict: false }) as { customerId: string };
  const panel = useQuery({
    queryKey: ["customers", customerId, "panel"],
    queryFn: () => answer(api.GET("/customers/{customer_id}/panel", { params: { path: { customer_id: customerId } } })),
  });
  const [tab] = useWord("aba", "receber");
  const set = useSetSearch();
  const [dialog, setDialog] = useState<"edit" | "activity">();
  const may = useMay("customers:write");
  const mayReceive = useMay("payments:settle");
  const mayRenegotiate = useMay("payments:renegotiate");
  const navigate = useNavigate();

  if (panel.error) return <><Heading title="Cliente" /><ProblemNote error={panel.error} retry={() => void panel.refetch()} /></>;
  if (!panel.data) return <Wait />;
  const person = panel.data.customer;
  const done = () => setDialog(undefined);
  return (
    <>
      <Heading title={`${person.code} · ${person.name}`}>
        {!person.is_active && <Tag tone="warn">Inativo</Tag>}
        {mayReceive && <Button onClick={() => void navigate({ to: `/clientes/${customerId}/recibo` })}>Fazer recibo</Button>}
        {mayRenegotiate && <Button variant="default" onClick={() => void navigate({ to: `/clientes/${customerId}/parcelar` })}>Parcelar dívida</Button>}
        {may && <Button variant="default" onClick={() => setDialog("activity")}>{person.is_active ? "Inativar" : "Reativar"}</Button>}
        {may && <Button variant="default" onClick={() => setDialog("edit")}>Editar</Button>}
      </Heading>
      <Strip panel={panel.data} />
      <Tabs value={tab} onChange={(next) => set({ aba: next === "receber" ? undefined : next, f: undefined, s: undefined, fatura: undefined, mensagem: undefined })} keepMounted={false} className="panels">
        <Tabs.List aria-label="Painéis do cliente">
          {panel.data.panels.map((one) => (
            <Tabs.Tab key={one.name} value={TABS[one.name]} className={one.count === 0 ? "soft" : ""}>
              {one.label} ({one.count.toLocaleString("pt-BR")}){one.count > 0 && one.total && <span className="soft"> {money(one.total)}</span>}
            </Tabs.Tab>
          ))}
          {Object.entries(MORE).map(([value, label]) => <Tabs.Tab key={value} value={value}>{label}</Tabs.Tab>)}
        </Tabs.List>
        <Tabs.Panel value={tab} className="panel">
          <Content tab={tab} panel={panel.data} />
        </Tabs.Panel>
      </Tabs>
      {dialog === "edit" && <CustomerForm customer={person} onClose={done} onSaved={done} />}
      {dialog === "activity" && (
        <Action
          title={person.is_active ? "Inativar cliente" : "Reativar cliente"} items={[{ id: person.id, text: person.name }]} onClose={done}
          run={() => answer(api.PUT("/customers/{customer_id}/activity", { params: { path: { customer_id: customerId }, header: ifMatch(person.version) }, body: { is_active: !person.is_active } }))}
        />
      )}
    </>
  );
}

const Strip = ({ panel }: { panel: Panel }) => (
  <Totals
    items={[
      ["Em aberto", brl(panel.open)],
      ["Vencido", brl(panel.overdue), isPositive(panel.overdue)],
      ["Vencimento mais antigo", day(panel.oldest_due_on) || "—"],
      ["Crédito", brl(panel.credit)],
      ["Último pagamento", day(panel.last_paid_on) || "—"],
      ["Contratos", panel.contracts.map((one) => `${one.count} ${one.state_label.toLowerCase()}`).join(", ") || "nenhum"],
    ]}
  />
);

const INVOICES: Record<string, InvoicePanel> = { receber: "receivable", liquidadas: "settled", excluidas: "deleted" };

function Content({ tab, panel }: { tab: string; panel: Panel }) {
  const customerId = panel.customer.id;
  const one = panel.panels.find(({ name }) => TABS[name] === tab);
  if (tab in INVOICES) return <CustomerInvoices key={tab} which={INVOICES[tab]!} name={one?.label ?? ""} customerId={customerId} />;
  switch (tab) {
    case "contratos":
      return <Contracts customerId={customerId} />;
    case "contas":
      return <CustomerCharges customerId={customerId} />;
    case "mensagens":
      return <CustomerMessages customerId={customerId} />;
    case "documentos":
      return <CustomerDocuments customerId={customerId} />;
    case "documentos-pendentes":
      return <CustomerPendingDocuments customerId={customerId} />;
    case "extrato":
      return <FinancialStatement customerId={customerId} />;
    case "parcelamentos":
      return <Agreements customerId={customerId} />;
    case "fechamentos":
      return <CustomerClosings customerId={customerId} />;
    case "cadastro":
      return <Registration person={panel.customer} />;
    case "historico":
      return <div className="box" style={{ overflow: "auto" }} tabIndex={0}><History id={customerId} read={() => allPages((cursor) => answer(api.GET("/customers/{customer_id}/history", { params: { path: { customer_id: customerId }, query: { cursor } } })))} /></div>;
    default:
      return <div className="box soft">{one?.count ? "Este painel ainda não tem tela." : "Nada neste painel."}</div>;
  }
}
