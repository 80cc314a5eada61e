"""Who may do what: permissions and the four profiles that every tenant has (SEC-01). Denied unless granted."""

from enum import StrEnum


class Permission(StrEnum):
    """Cada função que se pode permitir a uma pessoa; os valores são públicos."""

    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    CATALOG_READ = "catalog:read"
    CATALOG_WRITE = "catalog:write"
    CONTRACTS_READ = "contracts:read"
    CONTRACTS_WRITE = "contracts:write"
    USAGE_READ = "usage:read"
    USAGE_WRITE = "usage:write"
    CLOSINGS_READ = "closings:read"
    CLOSINGS_FREEZE = "closings:freeze"
    INVOICES_READ = "invoices:read"
    INVOICES_BILL = "invoices:bill"
    INVOICES_CHANGE = "invoices:change"
    PAYMENTS_READ = "payments:read"
    PAYMENTS_SETTLE = "payments:settle"
    PAYMENTS_REVERSE = "payments:reverse"
    PAYMENTS_FORGIVE = "payments:forgive"
    PAYMENTS_DISCOUNT = "payments:discount"
    PAYMENTS_WAIVE_INTEREST = "payments:waive_interest"
    PAYMENTS_UNDER_PROTEST = "payments:under_protest"
    PAYMENTS_RENEGOTIATE = "payments:renegotiate"
    BANKING_READ = "banking:read"
    BANKING_CONFIGURE = "banking:configure"
    BANKING_REMIT = "banking:remit"
    BANKING_RETURN = "banking:return"
    DISPATCH_READ = "dispatch:read"
    DISPATCH_SEND = "dispatch:send"
    DISPATCH_CONFIGURE = "dispatch:configure"
    FISCAL_READ = "fiscal:read"
    FISCAL_ISSUE = "fiscal:issue"
    FISCAL_CONFIGURE = "fiscal:configure"
    RUNS_READ = "runs:read"
    RUNS_START = "runs:start"
    ACCESS_READ = "access:read"
    ACCESS_MANAGE = "access:manage"

    @property
    def label(self) -> str:
        return WORDS_OF[self]

    @property
    def panel(self) -> str:
        """The title of the panel whose function it is."""
        return _PANELS[self.partition(":")[0]]


WORDS_OF: dict[Permission, str] = {
    Permission.CUSTOMERS_READ: "ver cadastros",
    Permission.CUSTOMERS_WRITE: "incluir e alterar cadastros",
    Permission.CATALOG_READ: "ver itens de cobrança e códigos tributários",
    Permission.CATALOG_WRITE: "alterar itens de cobrança e códigos tributários",
    Permission.CONTRACTS_READ: "ver contratos",
    Permission.CONTRACTS_WRITE: "incluir e alterar contratos",
    Permission.USAGE_READ: "ver consumo e leituras",
    Permission.USAGE_WRITE: "lançar consumo e leituras",
    Permission.CLOSINGS_READ: "ver fechamentos",
    Permission.CLOSINGS_FREEZE: "ajustar e congelar fechamentos",
    Permission.INVOICES_READ: "ver contas e faturas",
    Permission.INVOICES_BILL: "faturar",
    Permission.INVOICES_CHANGE: "alterar contas e faturas",
    Permission.PAYMENTS_READ: "ver recebimentos",
    Permission.PAYMENTS_SETTLE: "registrar recebimentos",
    Permission.PAYMENTS_REVERSE: "estornar recebimentos",
    Permission.PAYMENTS_FORGIVE: "perdoar saldos",
    Permission.PAYMENTS_DISCOUNT: "autorizar desconto no recibo",
    Permission.PAYMENTS_WAIVE_INTEREST: "fazer recibo sem juros",
    Permission.PAYMENTS_UNDER_PROTEST: "gerar recibo para contas a receber - SERASA",
    Permission.PAYMENTS_RENEGOTIATE: "parcelar dívidas e quebrar parcelamentos",
    Permission.BANKING_READ: "ver profiles de pagamento, remessas e retornos",
    Permission.BANKING_CONFIGURE: "configurar profiles de pagamento",
    Permission.BANKING_REMIT: "gerar remessas e pedir instruções ao banco",
    Permission.BANKING_RETURN: "enviar arquivos de retorno",
    Permission.DISPATCH_READ: "ver mensagens",
    Permission.DISPATCH_SEND: "enviar mensagens",
    Permission.DISPATCH_CONFIGURE: "alterar modelos de mensagem",
    Permission.FISCAL_READ: "ver documentos fiscais",
    Permission.FISCAL_ISSUE: "emitir e cancelar documentos fiscais",
    Permission.FISCAL_CONFIGURE: "configurar documentos fiscais e o certificado",
    Permission.RUNS_READ: "acompanhar execuções",
    Permission.RUNS_START: "iniciar e cancelar execuções",
    Permission.ACCESS_READ: "ver o próprio acesso",
    Permission.ACCESS_MANAGE: "gerir empresas e acessos",
}
"""A permission in words: what a person's profile allows them to do."""

_PANELS = {
    "customers": "Cadastros",
    "catalog": "Itens de cobrança",
    "contracts": "Contratos",
    "usage": "Consumo",
    "closings": "Fechamentos",
    "invoices": "Contas e faturas",
    "payments": "Recebimentos",
    "banking": "Bancos",
    "dispatch": "Mensagens",
    "fiscal": "Documentos fiscais",
    "runs": "Execuções",
    "access": "Empresas e acessos",
}


class Profile(StrEnum):
    """Os perfis que toda conta tem, e dos quais faz os seus."""

    FINANCEIRO = "financeiro"
    OPERACAO = "operacao"
    ADMINISTRADOR = "administrador"
    CONSULTA = "consulta"


_READ = frozenset(permission for permission in Permission if permission.endswith(":read"))

# SEC-01: Financeiro and Operação both hold the functions of CAT, USE, CLO-09 and CLO-10.
_SHARED = _READ | {
    Permission.CUSTOMERS_WRITE,
    Permission.CATALOG_WRITE,
    Permission.USAGE_WRITE,
    Permission.CLOSINGS_FREEZE,
    Permission.RUNS_START,
}

PERMISSIONS_OF: dict[str, frozenset[Permission]] = {
    Profile.CONSULTA: _READ,
    Profile.OPERACAO: _SHARED | {Permission.CONTRACTS_WRITE},
    Profile.FINANCEIRO: _SHARED
    | {
        Permission.INVOICES_BILL,
        Permission.INVOICES_CHANGE,
        Permission.PAYMENTS_SETTLE,
        Permission.PAYMENTS_REVERSE,
        Permission.PAYMENTS_RENEGOTIATE,
        Permission.BANKING_REMIT,
        Permission.BANKING_RETURN,
        Permission.DISPATCH_SEND,
        Permission.FISCAL_ISSUE,
    },
    Profile.ADMINISTRADOR: frozenset(Permission),
}

MOVES_MONEY = frozenset(
    {
        Permission.INVOICES_BILL,
        Permission.INVOICES_CHANGE,
        Permission.PAYMENTS_SETTLE,
        Permission.PAYMENTS_REVERSE,
        Permission.PAYMENTS_RENEGOTIATE,
        Permission.BANKING_CONFIGURE,
        Permission.BANKING_REMIT,
        Permission.BANKING_RETURN,
        Permission.FISCAL_ISSUE,
        Permission.FISCAL_CONFIGURE,
        Permission.ACCESS_MANAGE,
    }
)
"""Permissions to make, change or move money, or to let others do so: people whose profile has any of them sign in
with a second factor (SEC-07)."""
