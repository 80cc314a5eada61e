"""Contract commands: load, decide, store. Activation and cancellation also change charges, so they are in a layer above
(`closings`)."""

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from billing.access.call import Call
from billing.audit.changes import MAX_ANSWER, Changes, trying_again
from billing.audit.history import Recorded
from billing.contracts import store
from billing.contracts.actions import ContractAction
from billing.contracts.items import ContractItem
from billing.contracts.model import (
    Contract,
    ContractTerms,
    NewContract,
    Why,
)
from billing.contracts.states import ContractState
from billing.contracts.uses import note_tax_codes
from billing.core.errors import Refusal, Refused, Severity
from billing.core.ids import new_id
from billing.core.table import Table, require_version
from billing.customers import store as customers
from billing.customers.company_store import get_company
from billing.customers.model import Customer, PersonKind
from billing.customers.table import require_customer
from billing.rating.definition import ChargeDefinition

LARGEST = MAX_ANSWER - 10_000
"""Characters of a contract: its answer is stored whole, and needs room for the reasons that later states add."""

MOST_SOURCES = 10
"""Sources of utility bills: a closing is frozen with all their bills, for one or two months, in one transaction."""

OURS = "contract."
"""The prefix of our own source codes, which are operations as named in the audit."""


VersionedRow = tuple[type[Table], str, str, int]


class Frozen(NamedTuple):
    """How far a contract's closings are frozen, and the row and version of the closing that follows."""

    until: date | None
    """The first day that is not frozen; None if no closing is frozen."""
    next_row: VersionedRow | None


FrozenOf = Callable[[str, Contract], Frozen]
"""For a tenant's contract. Passed in, because closings are a layer above contracts."""
CompanyOfProfile = Callable[[str, str], str]
"""The company of a tenant's payment profile; raises NotFound. Passed in, because profiles are a layer above."""


def contracts(call: Call, customer_id: str) -> list[Contract]:
    """A customer's contracts with the caller's companies. Raises NotFound."""
    require_customer(call.tenant_id, customer_id)
    return store.contracts_for(call, customer_id)


def add(call: Call, customer_id: str, new: NewContract, company_of: CompanyOfProfile) -> Contract:
    """Add a contract with the customer's next number, awaiting activation. Raises NotFound, Forbidden, Refused."""
    call.require_company(new.company_id)
    get_company(call.tenant_id, new.company_id)
    _require_able_to_contract(customers.get(call.tenant_id, customer_id))
    _require_profile_of(call, new.company_id, new.payment_profile_id, company_of)
    return trying_again(call, lambda: _add(call, customer_id, new))


def _add(call: Call, customer_id: str, new: NewContract) -> Contract:
    number = max((c.number for c in store.contracts_of(call.tenant_id, customer_id)), default=0) + 1
    contract = Contract.model_validate(
        {**new.__dict__, "id": new_id("con"), "number": number, "customer_id": customer_id}
    )
    contract = _sourced(contract, ContractAction.ADDED)
    _require_room(contract)
    changes = Changes(call)
    changes.include(store.number_row(call.tenant_id, contract))
    note_tax_codes(changes, call.tenant_id, None, contract)
    changes.put(store.contract_row(call.tenant_id, contract), ContractAction.ADDED)
    return changes.commit_answering(contract)


def alter(
    call: Call,
    customer_id: str,
    contract_id: str,
    version: int,
    terms: ContractTerms,
    company_of: CompanyOfProfile,
) -> Contract:
    before = read(call, customer_id, contract_id, version)
    _require_profile_of(call, before.company_id, terms.payment_profile_id, company_of)
    return keep(call, before, before.alter(terms), ContractAction.ALTERED)


def put_item(call: Call, customer_id: str, contract_id: str, version: int, item: ContractItem) -> Contract:
    before = read(call, customer_id, contract_id, version)
    return keep(call, before, before.with_item(item), ContractAction.ITEM_PUT)


def put_definition(
    call: Call, customer_id: str, contract_id: str, version: int, definition: ChargeDefinition, of: FrozenOf
) -> Contract:
    """A new version, or the correction of one that no closing was frozen with. Raises Refused if it starts in frozen
    days."""
    before = read(call, customer_id, contract_id, version)
    frozen = require_not_frozen(call, before, definition.valid_from, of)
    after = before.with_definition(definition)
    return keep(call, before, after, ContractAction.DEFINITION_PUT, frozen.next_row)


def require_not_frozen(call: Call, contract: Contract, valid_from: date, of: FrozenOf) -> Frozen:
    """Raises Refused for a version that starts in frozen days: it would silently have no effect there."""
    frozen = of(call.tenant_id, contract)
    if frozen.until is not None and valid_from < frozen.until:
        message = (
            f"Os fechamentos até {frozen.until - timedelta(days=1):%d/%m/%Y} já foram congelados: a versão pode valer a partir de"
            f" {frozen.until:%d/%m/%Y}. Para corrigir antes, descongele o fechamento, ou lance um acréscimo ou desconto no"
            " próximo."
        )
        raise Refused.because([Refusal("definition.frozen", message, field="valid_from")])
    return frozen


def suspend(call: Call, customer_id: str, contract_id: str, version: int, why: Why) -> Contract:
    before = read(call, customer_id, contract_id, version)
    return keep(call, before, before.suspend(why), ContractAction.SUSPENDED)


def resume(call: Call, customer_id: str, contract_id: str, version: int) -> Contract:
    before = read(call, customer_id, contract_id, version)
    return keep(call, before, before.resume(), ContractAction.RESUMED)


def request_cancellation(call: Call, customer_id: str, contract_id: str, version: int, why: Why) -> Contract:
    before = read(call, customer_id, contract_id, version)
    return keep(call, before, before.request_cancellation(why), ContractAction.CANCELLATION_REQUESTED)


def retain(call: Call, customer_id: str, contract_id: str, version: int) -> Contract:
    before = read(call, customer_id, contract_id, version)
    return keep(call, before, before.retain(), ContractAction.RETAINED)


def keeping_active(tenant_id: str, customer_id: str) -> list[Refusal]:
    """Why a customer should stay active: contracts, because an inactive customer cannot be billed for them."""
    return [
        Refusal(
            "customer.in_contract",
            f"O contrato {contract.number} está com a situação {contract.state.label}: com o cadastro inativo, nada mais"
            " é faturado dele. Cancele o contrato antes, ou confirme.",
            Severity.ASKS,
        )
        for contract in store.contracts_of(tenant_id, customer_id)
        if contract.state is not ContractState.CANCELLED
    ]


def history_of(call: Call, customer_id: str, contract_id: str) -> Recorded:
    """Raises NotFound; Forbidden for a contract of a company that the caller does not work for."""
    contract = store.get_for(call, customer_id, contract_id)
    return Recorded.of(contract, store.contract_row(call.tenant_id, contract))


def read(call: Call, customer_id: str, contract_id: str, version: int) -> Contract:
    return require_version(store.get_for(call, customer_id, contract_id), version)


def keep(
    call: Call,
    before: Contract,
    after: Contract,
    action: ContractAction,
    unchanged: VersionedRow | None = None,
) -> Contract:
    """Store the contract, provided that the row `unchanged` is still as it was read."""
    after = _sourced(after, action, before.definitions)
    if (after.items, after.definitions) != (before.items, before.definitions):
        _require_room(after)
    changes = Changes(call)
    changes.put(store.contract_row(call.tenant_id, after), action, before=before, after=after)
    note_tax_codes(changes, call.tenant_id, before, after)
    if unchanged is not None:
        table, partition, row, version = unchanged
        changes.require_unchanged(table(partition, row, version=version))
    return changes.commit_answering(after)


def _require_room(contract: Contract) -> None:
    """A contract must fit in one row with its items and all versions of its definitions, and its closing in one
    transaction. Raises Refused."""
    size = len(json.dumps(contract.to_map()))
    if size > LARGEST:
        message = (
            f"O contrato ocuparia {size // 1000} KB, e o máximo é {LARGEST // 1000} KB. Use definições de encargos que valem"
            " para todos os itens, ou divida os itens em dois contratos."
        )
        raise Refused.because([Refusal("contract.too_large", message, field="definitions")])
    sources = {definition.needed_bill for definition in contract.definitions if definition.needed_bill}
    if len(sources) > MOST_SOURCES:
        message = (
            f"O contrato usaria contas de serviço público de {len(sources)} origens, e o máximo é {MOST_SOURCES}. Divida os"
            " encargos de energia em dois contratos."
        )
        raise Refused.because([Refusal("contract.too_many_sources", message, field="definitions")])


def _sourced(contract: Contract, action: ContractAction, known: Sequence[ChargeDefinition] = ()) -> Contract:
    """New versions of definitions name the operation that made them, or keep the code of another system (CHG-03)."""
    there = {(definition.definition_id, definition.version) for definition in known}
    definitions = tuple(
        definition.evolve(source_code=action)
        if (definition.definition_id, definition.version) not in there
        and (definition.source_code or OURS).startswith(OURS)
        else definition
        for definition in contract.definitions
    )
    return contract if definitions == contract.definitions else contract.evolve(definitions=definitions)


def _require_able_to_contract(customer: Customer) -> None:
    reasons = []
    if not customer.is_active:
        reasons.append(
            Refusal("contract.customer_inactive", "O cadastro está inativo. Reative-o antes de contratar.")
        )
    if customer.kind is PersonKind.LEAD:
        reasons.append(
            Refusal("contract.customer_lead", "Complete o pré-cadastro com CPF ou CNPJ antes de contratar.")
        )
    if reasons:
        raise Refused.because(reasons)


def _require_profile_of(call: Call, company_id: str, profile_id: str, company_of: CompanyOfProfile) -> None:
    if company_of(call.tenant_id, profile_id) != company_id:
        other = "O profile de pagamento é de outra empresa."
        raise Refused.because([Refusal("contract.profile_company", other, field="payment_profile_id")])
