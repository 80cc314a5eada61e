"""Which contracts use what all companies of a base share: tax codes, and billing items, through their usage entries.

tenant#uses#tax#<code>    com_...#cus_.../con_...    a contract that cites the code, or once did

Only someone who works for all companies that use such a thing may change it (SEC-02), and a code in use is not removed
(CHG-03).
"""

from collections.abc import Iterable, Iterator

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.contracts import store
from billing.contracts.model import Contract
from billing.contracts.states import ContractState
from billing.core.entity import Entity
from billing.core.errors import Refusal
from billing.core.table import entity_row
from billing.customers.company import Company
from billing.customers.company_store import companies

LOOKED_AT = 200
"""How many contracts of one company are checked: those that no longer cite the code stay listed."""
NOTED = 40
"""How many newly cited codes one change of a contract notes, so that its other rows fit in the transaction."""
NAMED = 3
"""How many contracts a refusal names."""


class TaxCodeUse(Entity):
    customer_id: str
    contract_id: str


def note_tax_codes(changes: Changes, tenant_id: str, before: Contract | None, after: Contract) -> None:
    """Note the codes that a contract newly cites, in the transaction that changes it."""
    known = _tax_codes(before) if before is not None else set()
    for code in sorted(_tax_codes(after) - known)[:NOTED]:
        use = TaxCodeUse(customer_id=after.customer_id, contract_id=after.id)
        row = f"{after.company_id}#{after.customer_id}/{after.id}"
        changes.overwrite(entity_row(store.ContractsTable, _partition(tenant_id, code), row, use))


def reasons_to_leave_tax_code(call: Call, code: str) -> list[Refusal]:
    """Why a caller who does not work for every company that uses the code may not change its rates."""
    others = [company for company in _others(call) if _contracts_with(call.tenant_id, code, company.id)]
    return of_others(others, f"usa o código tributário {code}")


def reasons_to_keep_tax_code(call: Call, code: str) -> list[Refusal]:
    """Why a code is not removed: the companies whose contracts cite it, with contract numbers for the caller's own."""
    reasons = reasons_to_leave_tax_code(call, code)
    mine = [company for company in companies(call.tenant_id) if call.works_for(company.id)]
    users = [one for company in mine for one in _contracts_with(call.tenant_id, code, company.id)]
    if users:
        named = ", ".join(f"{one.number} ({one.description})" for one in users[:NAMED])
        more = f" e mais {len(users) - NAMED}" if len(users) > NAMED else ""
        message = (
            f"O código {code} está em {len(users)} contrato{'s' if len(users) > 1 else ''}: {named}{more}. Troque o código neles"
            " antes de excluí-lo."
        )
        reasons.append(Refusal("tax_code.in_use", message))
    return reasons


def reasons_to_leave_item(call: Call, customers: Iterable[str]) -> list[Refusal]:
    """Why a caller who does not work for every company that bills an item may not change its price; `customers` are
    those that used it."""
    others = {company.id: company for company in _others(call)}
    if not others:
        return []
    agreed = (one for customer in customers for one in store.contracts_of(call.tenant_id, customer))
    others_agreed = {one.company_id: others[one.company_id] for one in agreed if one.company_id in others}
    return of_others(others_agreed.values(), "cobra este item de clientes seus", "item.in_use")


def of_others(owners: Iterable[Company], what: str, code: str = "tax_code.of_others") -> list[Refusal]:
    names = ", ".join(sorted(company.trade_name for company in owners))
    return [Refusal(code, f"{names} {what}. Peça a quem atende todas.")] if names else []


def _others(call: Call) -> list[Company]:
    return [company for company in companies(call.tenant_id) if not call.works_for(company.id)]


def _contracts_with(tenant_id: str, code: str, company_id: str) -> list[Contract]:
    """A company's contracts that currently cite the code and are not cancelled."""
    within = store.ContractsTable.row.startswith(f"{company_id}#")
    rows = store.ContractsTable.query(_partition(tenant_id, code), within, limit=LOOKED_AT)
    uses = [row.load(TaxCodeUse) for row in rows]
    contracts = store.find_contracts(tenant_id, [(use.customer_id, use.contract_id) for use in uses])
    return [
        contracts[use.contract_id]
        for use in uses
        if use.contract_id in contracts and _cites(contracts[use.contract_id], code)
    ]


def _cites(contract: Contract, code: str) -> bool:
    return contract.state is not ContractState.CANCELLED and code in _tax_codes(contract)


def _tax_codes(contract: Contract) -> set[str]:
    return set(_cited(contract))


def _cited(contract: Contract) -> Iterator[str]:
    for item in contract.items:
        if item.tax_code is not None:
            yield item.tax_code
    for definition in contract.definitions:
        if definition.tax_code is not None:
            yield definition.tax_code


def _partition(tenant_id: str, code: str) -> str:
    return f"{tenant_id}#uses#tax#{code}"
