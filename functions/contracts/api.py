"""Contracts over HTTP (CTR-01..CTR-05)."""

from billing.access.model import Permission
from billing.audit.history import History
from billing.banking import store as profiles
from billing.closings import store as closings
from billing.contracts import proposals, service, store, tools
from billing.contracts.items import ContractItem
from billing.contracts.model import Contract, ContractTerms, NewContract, Why
from billing.contracts.offers import ShownContract
from billing.contracts.proposals import Confirmation, EnergyUpdate, Proposal, TaxCodeReset
from billing.core.errors import InvalidInput
from billing.core.names import with_names
from billing.core.page import Page, part_of
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.entry.histories import history_page
from billing.entry.http import Api, ListCursor
from billing.rating.definition import ChargeDefinition
from billing.rating.vocabulary import ChargeCategory, UsageUnit, charge_categories, usage_units

api = Api("contracts")
handler = api.handle
TAGS = ["Contratos"]
CONTRACT = "/customers/<customer_id>/contracts/<contract_id>"


def company_of(tenant_id: str, profile_id: str) -> str:
    return profiles.get_profile(tenant_id, profile_id).company_id


@api.get(
    "/charge-categories",
    summary="Lista as categorias de encargo e suas subcategorias, com os nomes em português",
    tags=["Vocabulário"],
)
def list_charge_categories() -> Page[ChargeCategory]:
    api.call(Permission.CATALOG_READ)
    return Page[ChargeCategory](items=charge_categories())


@api.get("/usage-units", summary="Lista as unidades de uso, com os nomes em português", tags=["Vocabulário"])
def list_usage_units() -> Page[UsageUnit]:
    api.call(Permission.CATALOG_READ)
    return Page[UsageUnit](items=usage_units())


@api.get("/customers/<customer_id>/contracts", summary="Lista os contratos do cliente", tags=TAGS)
def list_customer_contracts(customer_id: str, cursor: ListCursor = None) -> Page[ShownContract]:
    call = api.call(Permission.CONTRACTS_READ)
    this = f"{call.tenant_id}#contracts#{customer_id}"
    part, following = part_of(this, list(service.contracts(call, customer_id)), cursor)
    shown = tuple(ShownContract.of(call.permissions, one) for one in part)
    page = Page[ShownContract](items=shown, next_cursor=following)
    return with_names(call.tenant_id, page, profiles.NAMES, companies.NAMES, customers.NAMES)


@api.post("/customers/<customer_id>/contracts", status_code=201, summary="Cria um contrato", tags=TAGS)
def add_contract(customer_id: str, contract: NewContract) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    return service.add(call, customer_id, contract, company_of)


@api.get(CONTRACT, summary="Lê um contrato", tags=TAGS)
def get_contract(customer_id: str, contract_id: str) -> ShownContract:
    call = api.call(Permission.CONTRACTS_READ)
    return ShownContract.of(call.permissions, store.get_for(call, customer_id, contract_id))


@api.get(f"{CONTRACT}/history", summary="Tudo o que aconteceu com um contrato", tags=TAGS)
def get_contract_history(customer_id: str, contract_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.CONTRACTS_READ)
    return history_page(call, service.history_of(call, customer_id, contract_id), cursor, profiles.NAMES)


@api.put(f"{CONTRACT}/terms", summary="Altera os dados gerais do contrato", tags=TAGS)
def alter_contract(customer_id: str, contract_id: str, terms: ContractTerms) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    return service.alter(call, customer_id, contract_id, api.if_match, terms, company_of)


@api.put(f"{CONTRACT}/items/<item_id>", summary="Inclui ou altera um item do contrato", tags=TAGS)
def put_contract_item(customer_id: str, contract_id: str, item_id: str, item: ContractItem) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    _require_same(item_id, item.id)
    return service.put_item(call, customer_id, contract_id, api.if_match, item)


@api.put(
    f"{CONTRACT}/definitions/<definition_id>",
    summary="Inclui uma definição de encargos, ou sua próxima versão",
    tags=TAGS,
)
def put_charge_definition(
    customer_id: str, contract_id: str, definition_id: str, definition: ChargeDefinition
) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    _require_same(definition_id, definition.definition_id)
    return service.put_definition(call, customer_id, contract_id, api.if_match, definition, _frozen)


@api.post(
    f"{CONTRACT}/tax-codes/proposal",
    summary="Propõe redefinir os códigos tributários das definições a partir dos itens: o que mudaria",
    tags=TAGS,
)
def propose_tax_codes(customer_id: str, contract_id: str, since: tools.NextVersions) -> Proposal:
    call = api.call(Permission.CONTRACTS_WRITE)
    return proposals.propose(call, customer_id, contract_id, proposals.tax_codes(since), _frozen)


@api.put(
    f"{CONTRACT}/tax-codes",
    summary="Redefine os códigos tributários das definições, como foi proposto",
    tags=TAGS,
)
def reset_tax_codes(customer_id: str, contract_id: str, reset: TaxCodeReset) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    tool = proposals.tax_codes(reset)
    return proposals.carry_out(call, customer_id, contract_id, api.if_match, tool, reset, _frozen)


@api.post(
    f"{CONTRACT}/missing-meters/proposal",
    summary="Propõe associar medidores que faltam aos equipamentos: o que mudaria",
    tags=TAGS,
)
def propose_missing_meters(customer_id: str, contract_id: str) -> Proposal:
    call = api.call(Permission.CONTRACTS_WRITE)
    return proposals.propose(call, customer_id, contract_id, proposals.MISSING_METERS, _frozen)


@api.put(
    f"{CONTRACT}/missing-meters",
    summary="Associa medidores que faltam aos equipamentos, pelas definições de uso, como foi proposto",
    tags=TAGS,
)
def associate_missing_meters(customer_id: str, contract_id: str, confirmed: Confirmation) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    tool = proposals.MISSING_METERS
    return proposals.carry_out(call, customer_id, contract_id, api.if_match, tool, confirmed, _frozen)


@api.post(
    f"{CONTRACT}/energy-preferences/proposal",
    summary="Propõe as preferências de energia de todas as commodities e equipamentos: o que mudaria",
    tags=TAGS,
)
def propose_energy_preferences(
    customer_id: str, contract_id: str, preferences: tools.EnergyPreferences
) -> Proposal:
    call = api.call(Permission.CONTRACTS_WRITE)
    tool = proposals.energy_preferences(preferences)
    return proposals.propose(call, customer_id, contract_id, tool, _frozen)


@api.put(
    f"{CONTRACT}/energy-preferences",
    summary="Atualiza as preferências de energia de todas as commodities e equipamentos, como foi proposto",
    tags=TAGS,
)
def update_energy_preferences(customer_id: str, contract_id: str, update: EnergyUpdate) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    tool = proposals.energy_preferences(update)
    return proposals.carry_out(call, customer_id, contract_id, api.if_match, tool, update, _frozen)


@api.put(f"{CONTRACT}/suspension", summary="Suspende o contrato", tags=TAGS)
def suspend_contract(customer_id: str, contract_id: str, why: Why) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    return service.suspend(call, customer_id, contract_id, api.if_match, why)


@api.delete(f"{CONTRACT}/suspension", summary="Cancela a suspensão do contrato", tags=TAGS)
def resume_contract(customer_id: str, contract_id: str) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    return service.resume(call, customer_id, contract_id, api.if_match)


@api.put(f"{CONTRACT}/cancellation-request", summary="Solicita o cancelamento do contrato", tags=TAGS)
def request_cancellation(customer_id: str, contract_id: str, why: Why) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    return service.request_cancellation(call, customer_id, contract_id, api.if_match, why)


@api.delete(f"{CONTRACT}/cancellation-request", summary="Retém o cliente: o contrato continua", tags=TAGS)
def retain_customer(customer_id: str, contract_id: str) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    return service.retain(call, customer_id, contract_id, api.if_match)


def _require_same(in_path: str, in_body: str) -> None:
    if in_path != in_body:
        raise InvalidInput("request.id", "O id do corpo não é o do endereço.")


def _frozen(tenant_id: str, contract: Contract) -> service.Frozen:
    return closings.frozen(tenant_id, contract)
