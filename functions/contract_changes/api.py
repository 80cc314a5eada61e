"""Changes to a contract's due date and payment profile over HTTP (CTR-06, CTR-07)."""

from billing.access.model import Permission
from billing.bank_files.ending import let_go
from billing.banking import store as profiles
from billing.contract_changes import service
from billing.contract_changes.model import ConfirmedChange, ContractTermsChange, TermsChange, TermsProposal
from billing.core.names import with_names
from billing.core.page import Page, part_of
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.entry.http import Api, ListCursor
from billing.members import store as members

api = Api("contract_changes")
handler = api.handle
TAGS = ["Contratos"]
CHANGES = "/customers/<customer_id>/contracts/<contract_id>/changes"


@api.post(
    f"{CHANGES}/proposal",
    summary="Mostra o que a troca de vencimento ou de profile faria, sem efeito",
    tags=TAGS,
)
def propose_change(customer_id: str, contract_id: str, change: TermsChange) -> TermsProposal:
    call = api.call(Permission.CONTRACTS_WRITE, Permission.INVOICES_CHANGE)
    return service.propose(call, customer_id, contract_id, change)


@api.post(
    CHANGES,
    status_code=201,
    summary="Troca o vencimento ou o profile do contrato, como a proposta mostrou",
    tags=TAGS,
)
def confirm_change(customer_id: str, contract_id: str, change: ConfirmedChange) -> ContractTermsChange:
    call = api.call(Permission.CONTRACTS_WRITE, Permission.INVOICES_CHANGE)
    return service.confirm(call, customer_id, contract_id, change, let_go)


@api.get(CHANGES, summary="Lista as trocas de vencimento e de profile do contrato", tags=TAGS)
def list_changes(customer_id: str, contract_id: str, cursor: ListCursor = None) -> Page[ContractTermsChange]:
    call = api.call(Permission.CONTRACTS_READ)
    this = f"{call.tenant_id}#changes#{contract_id}"
    part, following = part_of(this, service.changes_of(call, customer_id, contract_id), cursor)
    page = Page[ContractTermsChange](items=part, next_cursor=following)
    sources = profiles.NAMES, companies.NAMES, customers.NAMES, members.NAMES
    return with_names(call.tenant_id, page, *sources)
