// The map: path -> screen, in menu order. A screen is loaded when it is opened.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Shell } from "./app/Shell";
import { ProblemNote } from "./parts/Problem";

type Loads = () => Promise<Record<string, unknown>>;

const root = createRootRoute({
  component: Shell,
  errorComponent: ({ error, reset }) => <ProblemNote error={error} retry={reset} />,
  notFoundComponent: () => <div className="note warn" role="alert"><b>Esta tela não existe.</b> Escolha outra no menu.</div>,
});

const screen = (path: string, load: Loads, name: string) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load as never, name as never),
    validateSearch: (search: Record<string, unknown>) => search,
  });

const SCREENS: [path: string, load: Loads, name: string][] = [
  ["/", () => import("./screens/start/Start"), "Start"],
  ["/clientes", () => import("./screens/customers/Customers"), "Customers"],
  ["/pesquisa", () => import("./screens/customers/AdvancedSearch"), "AdvancedSearch"],
  ["/sintetico", () => import("./screens/customers/Synthetic"), "Synthetic"],
  ["/clientes/$customerId", () => import("./screens/customers/CustomerPanel"), "CustomerPanel"],
  ["/clientes/$customerId/recibo", () => import("./screens/counter/MakeReceipt"), "MakeReceipt"],
  ["/clientes/$customerId/parcelar", () => import("./screens/agreements/MakeAgreement"), "MakeAgreement"],
  ["/clientes/$customerId/contratos/$contractId", () => import("./screens/contracts/Contract"), "Contract"],
  ["/impostos", () => import("./screens/catalog/TaxCodes"), "TaxCodes"],
  ["/faturas", () => import("./screens/receivables/Receivables"), "Receivables"],
  ["/contas", () => import("./screens/receivables/AllCharges"), "AllCharges"],
  ["/contratos", () => import("./screens/receivables/AllContracts"), "AllContracts"],
  ["/itens", () => import("./screens/catalog/Items"), "Items"],
  ["/consumo", () => import("./screens/usage/EnterUsage"), "EnterUsage"],
  ["/importacoes", () => import("./screens/usage/Imports"), "Imports"],
  ["/contas-publicas", () => import("./screens/usage/UtilityBills"), "UtilityBills"],
  ["/cobrancas", () => import("./screens/closings/RegisterCharge"), "RegisterCharge"],
  ["/consultar", () => import("./screens/closings/Consult"), "Consult"],
  ["/uso", () => import("./screens/usage/UsageChart"), "UsageChart"],
  ["/fechamentos", () => import("./screens/closings/Closings"), "Closings"],
  ["/fechamentos/$customerId/$closingId", () => import("./screens/closings/Closing"), "Closing"],
  ["/faturamento", () => import("./screens/invoicing/Billing"), "Billing"],
  ["/notas-pendentes", () => import("./screens/fiscal/FiscalPending"), "FiscalPending"],
  ["/notas", () => import("./screens/fiscal/FiscalDocuments"), "FiscalDocuments"],
  ["/configuracao-fiscal", () => import("./screens/fiscal/FiscalSettings"), "FiscalSettings"],
  ["/execucoes", () => import("./screens/runs/Runs"), "Runs"],
  ["/execucoes/$runId", () => import("./screens/runs/RunScreen"), "RunScreen"],
  ["/profiles", () => import("./screens/banking/Profiles"), "Profiles"],
  ["/remessas", () => import("./screens/bank_files/Remittances"), "Remittances"],
  ["/rejeitados", () => import("./screens/bank_files/RejectedTitles"), "RejectedTitles"],
  ["/retornos", () => import("./screens/bank_files/Returns"), "Returns"],
  ["/retidos", () => import("./screens/payments/HeldReceipts"), "HeldReceipts"],
  ["/extratos", () => import("./screens/payments/Statements"), "Statements"],
  ["/meu-caixa", () => import("./screens/counter/MyCashBox"), "MyCashBox"],
  ["/motivos", () => import("./screens/counter/ListedReasons"), "ListedReasons"],
  ["/caixas", () => import("./screens/payments/CashAccounts"), "CashAccounts"],
  ["/mensagens", () => import("./screens/receivables/AllMessages"), "AllMessages"],
  ["/envio", () => import("./screens/dispatch/MassDispatch"), "MassDispatch"],
  ["/modelos", () => import("./screens/dispatch/Templates"), "Templates"],
  ["/empresas", () => import("./screens/customers/Companies"), "Companies"],
  ["/dominios", () => import("./screens/customers/SenderDomains"), "SenderDomains"],
  ["/regras", () => import("./screens/access/TenantRules"), "TenantRules"],
  ["/acessos", () => import("./screens/access/AccessLog"), "AccessLog"],
  ["/minha-conta", () => import("./screens/access/MyAccount"), "MyAccount"],
  ["/perfis", () => import("./screens/access/Profiles"), "Profiles"],
  ["/usuarios", () => import("./screens/access/Members"), "Members"],
];

export const router = createRouter({
  routeTree: root.addChildren(SCREENS.map(([path, load, name]) => screen(path, load, name))),
  defaultPreload: false,
});
