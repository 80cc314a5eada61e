"""Commands of the register of people and companies: load, decide, store."""

from collections.abc import Callable

from billing.access.call import Call
from billing.audit.changes import Changes, trying_again
from billing.audit.history import Recorded
from billing.core.errors import Refusal, Refused, standing
from billing.core.ids import new_id
from billing.core.table import require_version
from billing.customers import company_store, listed_reasons, lookups, senders, store
from billing.customers.actions import CompanyAction, CustomerAction
from billing.customers.company import Company, CompanyData
from billing.customers.listed_reasons import ReasonKind
from billing.customers.model import Customer, CustomerData
from billing.customers.senders import Sender, SenderProofs
from billing.members import service as members


def add(call: Call, data: CustomerData) -> Customer:
    """Register a person with the tenant's next code. Raises Refused if an active registration has the document, or if
    the protest status is not on the list."""
    _require_listed_status(call, None, data)
    return trying_again(call, lambda: _add(call, data))


def _add(call: Call, data: CustomerData) -> Customer:
    last = lookups.last_code(call.tenant_id)
    customer = Customer.model_validate(
        {**data.__dict__, "id": new_id("cus"), "code": last.code + 1, "registered_on": call.today}
    )
    _require_free_document(call, customer)
    changes = Changes(call)
    changes.include(lookups.last_code_row(call.tenant_id, last.evolve(code=customer.code)))
    lookups.move_lookups(changes, call.tenant_id, None, customer)
    changes.put(store.customer_row(call.tenant_id, customer), CustomerAction.ADDED)
    return changes.commit_answering(customer)


def correct(call: Call, customer_id: str, version: int, data: CustomerData) -> Customer:
    """Raises PreconditionFailed if someone changed the registration since `version`, Refused as `add` does."""
    before = require_version(store.get(call.tenant_id, customer_id), version)
    _require_listed_status(call, before, data)
    return _keep(call, before, before.correct(**data.__dict__), CustomerAction.CORRECTED)


def reactivate(call: Call, customer_id: str, version: int) -> Customer:
    """Raises Refused if it is already active, or if another active registration now has the document."""
    before = require_version(store.get(call.tenant_id, customer_id), version)
    return _keep(call, before, before.reactivate(), CustomerAction.REACTIVATED)


def deactivate(
    call: Call,
    customer_id: str,
    version: int,
    in_use: Callable[[str, str], list[Refusal]],
    *,
    confirmed: bool,
) -> Customer:
    """Raises Refused if it is already inactive, and, unless confirmed, for the reasons to keep it active that `in_use`
    finds.

    `in_use` takes the tenant and the customer. It is passed in, because contracts are a layer above the register.
    """
    before = require_version(store.get(call.tenant_id, customer_id), version)
    after = before.deactivate()
    reasons = standing(in_use(call.tenant_id, customer_id), confirmed=confirmed)
    if reasons:
        raise Refused.because(reasons)
    return _keep(call, before, after, CustomerAction.DEACTIVATED)


def history_of(call: Call, customer_id: str) -> Recorded:
    """Raises NotFound."""
    customer = store.get(call.tenant_id, customer_id)
    return Recorded.of(customer, store.customer_row(call.tenant_id, customer))


def _keep(call: Call, before: Customer, after: Customer, action: CustomerAction) -> Customer:
    _require_free_document(call, after)
    changes = Changes(call)
    lookups.move_lookups(changes, call.tenant_id, before, after)
    changes.put(store.customer_row(call.tenant_id, after), action, before=before, after=after)
    return changes.commit_answering(after)


def _require_listed_status(call: Call, before: CustomerData | None, data: CustomerData) -> None:
    """Raises Refused for a new status that is not on the list; the present one may stay in any case (PAY-04)."""
    status = data.protest_status
    if status is not None and (before is None or status != before.protest_status):
        kind = ReasonKind.PROTEST_STATUS
        listed_reasons.require_offered(call.tenant_id, kind, status, "protest_status")


def _require_free_document(call: Call, customer: Customer) -> None:
    """The guard row in the transaction decides; this gives a readable refusal, with the owner of the document."""
    if customer.document is None or not customer.is_active:
        return
    owner_id = lookups.document_owner(call.tenant_id, customer.document)
    if owner_id is not None and owner_id != customer.id:
        owner = store.get(call.tenant_id, owner_id)
        raise Refused.because(
            [
                Refusal(
                    "customer.document_taken",
                    f"O documento {customer.formatted_document} já está no cadastro ativo de código {owner.code}.",
                    field="document",
                )
            ]
        )


def companies(call: Call) -> list[Company]:
    """The companies that the caller works for."""
    return [company for company in company_store.companies(call.tenant_id) if call.works_for(company.id)]


def company(call: Call, company_id: str) -> Company:
    """Raises NotFound; Forbidden for a company that the caller does not work for."""
    one = company_store.get_company(call.tenant_id, company_id)
    call.require_company(company_id)
    return one


def history_of_company(call: Call, company_id: str) -> Recorded:
    """Raises NotFound, Forbidden."""
    one = company(call, company_id)
    return Recorded.of(one, company_store.company_row(call.tenant_id, one))


def sender_of(call: Call, company_id: str) -> Sender:
    """Raises as `company` does."""
    return senders.get_for(call, company(call, company_id).sender_email)


def prove_sender(call: Call, proofs: SenderProofs, company_id: str) -> Sender:
    """Raises as `company` does."""
    return senders.proven(call, proofs, company(call, company_id).sender_email)


def add_company(call: Call, data: CompanyData) -> Company:
    """The caller gets access to the company, in the tenant's base or in one of its own (SEC-02). Raises Refused if
    another company of that base has the CNPJ."""
    new = Company.model_validate({**data.__dict__, "id": new_id("com")})
    changes = Changes(call)
    tenant_id = members.join(call, changes, new.id, new.trade_name)
    return _keep_company(call._replace(tenant_id=tenant_id), changes, None, new, CompanyAction.ADDED)


def change_company(call: Call, company_id: str, version: int, data: CompanyData) -> Company:
    """Raises NotFound; Forbidden for a company that the caller does not work for; Refused as `add_company` does."""
    before = require_version(company(call, company_id), version)
    return _keep_company(call, Changes(call), before, before.evolve(**data.__dict__), CompanyAction.CHANGED)


def _keep_company(
    call: Call, changes: Changes, before: Company | None, after: Company, action: CompanyAction
) -> Company:
    if company_store.cnpj_owner(call.tenant_id, after.cnpj) not in {None, after.id}:
        taken = "Outra empresa já tem este CNPJ."
        raise Refused.because([Refusal("company.cnpj_taken", taken, field="cnpj")])
    company_store.move_cnpj(changes, call.tenant_id, before, after)
    senders.claim(call, changes, after.sender_email)
    changes.put(
        company_store.company_row(call.tenant_id, after),
        action,
        before=before,
        after=after if before else None,
    )
    return changes.commit_answering(after)
