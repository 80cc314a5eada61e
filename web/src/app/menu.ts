// What is on the left, in the order of the work, and the permission without which it is not shown.
import type { Permission } from "../api/schema";

export type Entry = { path: string; title: string; needs: Permission; key?: string };

export const MENU: { title: string; entries: Entry[] }[] = [
  { title: "", entries: [{ path: "/", title: "Início", needs: "access:read", key: "h" }] },
  {
    title: "Cadastros",
    entries: [
      { path: "/clientes", title: "Clientes", needs: "customers:read", key: "c" },
      { path: "/pesquisa", title: "Pesquisa avançada", needs: "customers:read", key: "d" },
      { path: "/sintetico", title: "Informações sintéticas", needs: "customers:read", key: "y" },
    ],
  },
  {
    title: "A receber",
    entries: [
      { path: "/faturas", title: "Contas a receber", needs: "invoices:read", key: "a" },
      { path: "/contas", title: "Contas não faturadas", needs: "invoices:read", key: "u" },
      { path: "/contratos", title: "Contratos", needs: "contracts:read", key: "k" },
      { path: "/meu-caixa", title: "Meu caixa", needs: "payments:settle" },
    ],
  },
  {
    title: "Uso e Faturas",
    entries: [
      { path: "/itens", title: "Itens de cobrança", needs: "catalog:read", key: "i" },
      { path: "/consumo", title: "Lançar Consumo", needs: "usage:read", key: "l" },
      { path: "/importacoes", title: "Importações", needs: "usage:read", key: "n" },
      { path: "/contas-publicas", title: "Contas de serviço público", needs: "usage:read" },
      { path: "/cobrancas", title: "Registrar Cobrança", needs: "closings:read", key: "b" },
      { path: "/consultar", title: "Consultar", needs: "closings:read", key: "q" },
      { path: "/uso", title: "Uso", needs: "usage:read", key: "w" },
    ],
  },
  {
    title: "Cobrança",
    entries: [
      { path: "/fechamentos", title: "Fechamentos", needs: "closings:read", key: "f" },
      { path: "/faturamento", title: "Faturamento", needs: "invoices:read", key: "t" },
      { path: "/execucoes", title: "Execuções", needs: "runs:read", key: "e" },
    ],
  },
  {
    title: "Fiscal",
    entries: [
      { path: "/notas-pendentes", title: "Notas pendentes", needs: "fiscal:read" },
      { path: "/notas", title: "Notas emitidas", needs: "fiscal:read" },
      { path: "/configuracao-fiscal", title: "Configuração fiscal", needs: "fiscal:read" },
    ],
  },
  {
    title: "Bancos",
    entries: [
      { path: "/profiles", title: "Profiles de pagamento", needs: "banking:read", key: "p" },
      { path: "/remessas", title: "Remessas", needs: "banking:read", key: "r" },
      { path: "/retornos", title: "Retornos", needs: "banking:read", key: "o" },
      { path: "/retidos", title: "Valores retidos", needs: "payments:read", key: "v" },
      { path: "/extratos", title: "Extratos", needs: "payments:read" },
      { path: "/caixas", title: "Caixas e bancos", needs: "payments:read", key: "x" },
    ],
  },
  {
    title: "Comunicação",
    entries: [
      { path: "/mensagens", title: "Mensagens enviadas", needs: "dispatch:read", key: "s" },
      { path: "/envio", title: "Envio em massa", needs: "dispatch:send", key: "j" },
      { path: "/modelos", title: "Modelos de mensagem", needs: "dispatch:read", key: "m" },
    ],
  },
  {
    title: "Configurações",
    entries: [
      { path: "/empresas", title: "Empresas", needs: "customers:read" },
      { path: "/motivos", title: "Listas de motivos", needs: "customers:read" },
      { path: "/impostos", title: "Códigos tributários", needs: "catalog:read" },
      { path: "/dominios", title: "Domínios de remetentes", needs: "access:manage" },
      { path: "/regras", title: "Regras da conta", needs: "access:manage" },
      { path: "/usuarios", title: "Usuários", needs: "access:manage" },
      { path: "/perfis", title: "Perfis", needs: "access:manage" },
      { path: "/acessos", title: "Quem leu", needs: "access:manage" },
    ],
  },
];
