"""The end of a contract with a booklet (carnê): the instalments past its end (CTR-03, CON-07).

Those that CON-04 allows to be removed are removed: with the cancellation, so that no billing takes them meanwhile,
and again before the last freeze, for any that were left or came back since. The others are reported to a person.
"""

from collections.abc import Iterable

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.closings.figures import PendingIssue
from billing.closings.model import Closing
from billing.contracts.model import Contract
from billing.invoicing.actions import ChargeAction
from billing.invoicing.charge import Charge, to_remove_charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.invoicing.store import charge_row, charges_of, find_invoices

AT_ONCE = 40
"""Instalments removed in one transaction, each with its audit entry."""

INSTALMENT_PAST_END = "closing.instalment_past_end"

_TITLE = "Parcela do carnê depois do fim do contrato"
_REMEDY = (
    "Remova a fatura, e a parcela sai com o congelamento. Se já foi paga, lance o valor como desconto neste fechamento: ele"
    " vira crédito do cliente."
)


class EndedContract(Contract):
    """O contrato cancelado, e o que uma pessoa ainda tem de ver."""

    instalments_left: tuple[str, ...] = ()
    """Parcelas do carnê, depois do fim do contrato, que não puderam ser removidas, cada uma com o motivo."""


def past_end(tenant_id: str, contract: Contract) -> list[Charge]:
    """Instalments that begin on the contract's end or later and were not removed, earliest due date first; only a
    booklet has them."""
    if contract.ends_on is None or not contract.horizon_months:
        return []
    charges = [
        charge
        for charge in charges_of(tenant_id, contract.customer_id)
        if charge.contract_id == contract.id
        and charge.closing_id is None
        and charge.status is not ChargeStatus.REMOVED
        and charge.reference.start >= contract.ends_on
    ]
    return sorted(charges, key=lambda charge: (charge.due_on, charge.id))


def removable(instalments: Iterable[Charge]) -> list[Charge]:
    """Those that CON-04 allows to be removed with the contract."""
    return [charge for charge in instalments if not to_remove_charge(charge, None)]


def remove(tenant_id: str, changes: Changes, contract: Contract, instalments: Iterable[Charge]) -> None:
    """Add their removal to `changes`, each with its audit entry."""
    note = f"Parcela depois do fim do contrato {contract.number}."
    for before in instalments:
        after = before.removed(None)
        changes.put(charge_row(tenant_id, after), ChargeAction.REMOVED, before=before, after=after, note=note)


def remove_all(call: Call, contract: Contract) -> None:
    """A repeat continues with what is left. Raises Conflict if somebody changes one meanwhile."""
    going = removable(past_end(call.tenant_id, contract))
    for first in range(0, len(going), AT_ONCE):
        changes = Changes(call)
        remove(call.tenant_id, changes, contract, going[first : first + AT_ONCE])
        changes.commit()


def staying_in_words(tenant_id: str, instalments: Iterable[Charge]) -> tuple[str, ...]:
    """The instalments that stay, in words for a clerk."""
    staying = [charge for charge in instalments if to_remove_charge(charge, None)]
    keys = {(c.customer_id, c.invoice_id) for c in staying if c.invoice_id is not None}
    invoices = find_invoices(tenant_id, sorted(keys))
    return tuple(_in_words(charge, invoices.get(charge.invoice_id or "")) for charge in staying)


def issues(tenant_id: str, contract: Contract, closing: Closing) -> tuple[PendingIssue, ...]:
    """The pending issues that the contract's last closing has because of them; an instalment of its own period it
    gives back itself."""
    if contract.ends_on is None or contract.ends_on > closing.period.end:
        return ()
    left = [
        charge for charge in past_end(tenant_id, contract) if charge.reference.start >= closing.period.end
    ]
    return tuple(
        PendingIssue(code=INSTALMENT_PAST_END, title=_TITLE, remedy=_REMEDY, item=charge)
        for charge in staying_in_words(tenant_id, left)
    )


def _in_words(charge: Charge, invoice: Invoice | None) -> str:
    what = f"{charge.title}, {charge.reference.format_br()}, {charge.amount.format_br()}"
    if invoice is None:
        return f"{what}: {to_remove_charge(charge, None)[0].message}"
    paid = "já paga na" if invoice.status is InvoiceStatus.SETTLED else "está na"
    return f"{what}: {paid} fatura {invoice.number}"
