"""The customer's panel (CUS-06): the number of things of each kind and their total, in one answer.

Counted from the customer's own rows, not from states, so that it includes what a clerk has just done.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from billing.access.call import Call
from billing.access.model import Permission
from billing.contracts import store as contracts
from billing.contracts.states import ContractState
from billing.core.entity import Entity
from billing.core.money import ZERO, Money
from billing.customers import store as customers
from billing.customers.model import Customer
from billing.dispatch import store as dispatch
from billing.fiscal import lists as fiscal
from billing.invoicing import store as invoicing
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus


class PanelName(StrEnum):
    """Os quatorze painéis, na ordem do manual."""

    CONTRACTS = "contracts"
    INVOICES_RECEIVABLE = "invoices_receivable"
    INVOICES_PAYABLE = "invoices_payable"
    UNBILLED_CHARGES = "unbilled_charges"
    ACCOUNTS_PAYABLE = "accounts_payable"
    DELETED_INVOICES = "deleted_invoices"
    SETTLED_RECEIVABLES = "settled_receivables"
    SETTLED_PAYABLES = "settled_payables"
    FISCAL_DOCUMENTS_ISSUED = "fiscal_documents_issued"
    FISCAL_DOCUMENTS_PENDING = "fiscal_documents_pending"
    MESSAGES = "messages"
    CLEARANCE_CERTIFICATES = "clearance_certificates"
    SCHEDULED_INVOICES = "scheduled_invoices"
    CARDS = "cards"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    PanelName.CONTRACTS: "Contratos",
    PanelName.INVOICES_RECEIVABLE: "Faturas a Receber",
    PanelName.INVOICES_PAYABLE: "Faturas a Pagar",
    PanelName.UNBILLED_CHARGES: "Contas não faturadas",
    PanelName.ACCOUNTS_PAYABLE: "Contas a Pagar",
    PanelName.DELETED_INVOICES: "Faturas Excluídas",
    PanelName.SETTLED_RECEIVABLES: "Contas Recebidas",
    PanelName.SETTLED_PAYABLES: "Contas Pagas",
    PanelName.FISCAL_DOCUMENTS_ISSUED: "Documentos Fiscais Gerados",
    PanelName.FISCAL_DOCUMENTS_PENDING: "Documentos Fiscais Pendentes",
    PanelName.MESSAGES: "Mensagens Enviadas",
    PanelName.CLEARANCE_CERTIFICATES: "Negativas de Débito",
    PanelName.SCHEDULED_INVOICES: "Recorrência Automática",
    PanelName.CARDS: "Cartões Cadastrados",
}


FISCAL = frozenset({PanelName.FISCAL_DOCUMENTS_ISSUED, PanelName.FISCAL_DOCUMENTS_PENDING})
"""Shown only to those who may see fiscal documents."""


class PanelCount(Entity):
    name: PanelName
    label: str
    count: int = 0
    total: Money | None = None
    """Ausente onde o painel não tem valores."""


class ContractsByState(Entity):
    state: ContractState
    state_label: str
    count: int


class CustomerPanel(Entity):
    """O painel do cliente, das empresas de quem pergunta."""

    customer: Customer
    open: Money
    """Em aberto: o que falta receber das faturas em aberto."""
    overdue: Money
    """Vencido: a parte do em aberto cujo vencimento já passou."""
    oldest_due_on: date | None = None
    """O vencimento mais antigo em aberto."""
    credit: Money
    """Crédito do cliente que nenhuma fatura abateu ainda."""
    last_paid_on: date | None = None
    contracts: tuple[ContractsByState, ...]
    panels: tuple[PanelCount, ...]


def panel(call: Call, customer_id: str) -> CustomerPanel:
    """Raises NotFound."""
    tenant = call.tenant_id
    customer = customers.get(tenant, customer_id)
    agreed = contracts.contracts_for(call, customer_id)
    owed = [
        invoice
        for invoice in invoicing.invoices_of(tenant, customer_id)
        if call.works_for(invoice.company_id)
    ]
    charges = [
        charge for charge in invoicing.charges_of(tenant, customer_id) if call.works_for(charge.company_id)
    ]
    messages = [
        message for message in dispatch.messages_of(tenant, customer_id) if call.works_for(message.company_id)
    ]
    open_ = [invoice for invoice in owed if invoice.status is InvoiceStatus.OPEN]
    unbilled = [
        charge
        for charge in charges
        if charge.status in {ChargeStatus.UNBILLED, ChargeStatus.SUSPENDED} and not charge.is_credit
    ]
    counted = {
        PanelName.CONTRACTS: (len(agreed), None),
        PanelName.INVOICES_RECEIVABLE: _invoices(
            invoice for invoice in owed if invoice.status in {InvoiceStatus.OPEN, InvoiceStatus.SUSPENDED}
        ),
        PanelName.UNBILLED_CHARGES: (len(unbilled), Money.sum(charge.amount for charge in unbilled)),
        PanelName.DELETED_INVOICES: _invoices(
            invoice
            for invoice in owed
            if invoice.status in {InvoiceStatus.DELETED, InvoiceStatus.REPLACED, InvoiceStatus.CANCELLED}
        ),
        PanelName.SETTLED_RECEIVABLES: _invoices(
            invoice
            for invoice in owed
            if invoice.status in {InvoiceStatus.SETTLED, InvoiceStatus.RENEGOTIATED}
        ),
        PanelName.MESSAGES: (len(messages), None),
    }
    sees_fiscal = Permission.FISCAL_READ in call.permissions
    if sees_fiscal:
        counted |= _fiscal(call, customer_id, owed)
    return CustomerPanel(
        customer=customer,
        open=Money.sum(invoice.balance for invoice in open_),
        overdue=Money.sum(invoice.balance for invoice in open_ if invoice.due_on < call.today),
        oldest_due_on=min((invoice.due_on for invoice in open_), default=None),
        credit=_credit(charges),
        last_paid_on=max((invoice.settled_on for invoice in owed if invoice.settled_on), default=None),
        contracts=tuple(
            ContractsByState(state=state, state_label=state.label, count=count)
            for state in ContractState
            if (count := sum(contract.state is state for contract in agreed))
        ),
        panels=tuple(
            PanelCount(name=name, label=name.label, count=count, total=total)
            for name in PanelName
            if sees_fiscal or name not in FISCAL
            for count, total in [counted.get(name, (0, None))]
        ),
    )


def _fiscal(call: Call, customer_id: str, owed: list[Invoice]) -> dict[PanelName, tuple[int, Money | None]]:
    """The total of issued documents includes only those that stand."""
    issued = fiscal.issued_to(call, customer_id)
    pending = fiscal.pending_of(call, owed)
    standing = [
        document.amount for document in issued if document.is_standing and document.amount is not None
    ]
    return {
        PanelName.FISCAL_DOCUMENTS_ISSUED: (len(issued), Money.sum(standing)),
        PanelName.FISCAL_DOCUMENTS_PENDING: (len(pending), Money.sum(one.amount for one in pending)),
    }


def _invoices(owed: Iterable[Invoice]) -> tuple[int, Money]:
    amounts = [invoice.amount for invoice in owed]
    return len(amounts), Money.sum(amounts)


def _credit(charges: Iterable[Charge]) -> Money:
    waiting = (
        charge.amount for charge in charges if charge.is_credit and charge.status is ChargeStatus.UNBILLED
    )
    return max(-Money.sum(waiting), ZERO)
