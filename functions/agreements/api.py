"""Debt agreements over HTTP: proposed, made, printed, broken (PAY-06)."""

from billing.access.model import Permission
from billing.agreements import ending, service, settings
from billing.agreements.model import (
    AgreementProposal,
    AgreementRequest,
    BreakProposal,
    ConfirmedAgreement,
    ConfirmedBreak,
    InstalmentAgreement,
    ShownAgreement,
)
from billing.agreements.settings import AgreementSettings, AgreementSettingsData
from billing.agreements.standing import shown
from billing.audit.history import History
from billing.bank_files.ending import let_go, take_back
from billing.banking import store as profiles
from billing.core.files import Link
from billing.core.names import with_names
from billing.core.page import Page, part_of
from billing.customers import company_store as companies
from billing.entry import wiring
from billing.entry.histories import history_page
from billing.entry.http import Api, ListCursor
from billing.members import store as members
from billing.reports import agreements as printing

api = Api("agreements")
handler = api.handle
TAGS = ["Parcelamentos de dívida"]
AGREEMENTS = "/customers/<customer_id>/agreements"
ONE = f"{AGREEMENTS}/<agreement_id>"


@api.get(
    "/companies/<company_id>/agreement-settings",
    summary="Configuração de Parcelar Dívida",
    tags=TAGS,
)
def get_agreement_settings(company_id: str) -> AgreementSettings:
    call = api.call(Permission.PAYMENTS_READ)
    return settings.get(call, company_id)


@api.put(
    "/companies/<company_id>/agreement-settings",
    summary="Altera a configuração de Parcelar Dívida",
    tags=TAGS,
)
def change_agreement_settings(company_id: str, data: AgreementSettingsData) -> AgreementSettings:
    call = api.call(Permission.BANKING_CONFIGURE)
    return settings.change(call, company_id, api.if_match, data)


@api.post(
    f"{AGREEMENTS}/proposal",
    summary="Mostra o que um parcelamento faria hoje: multa, juros, entrada e parcelas, sem efeito",
    tags=TAGS,
)
def propose_agreement(customer_id: str, agreement: AgreementRequest) -> AgreementProposal:
    call = api.call(Permission.PAYMENTS_RENEGOTIATE)
    return service.propose(call, customer_id, agreement)


@api.post(
    AGREEMENTS,
    status_code=201,
    summary="Parcela a dívida, como a proposta mostrou",
    description="As faturas ficam renegociadas, e a entrada e as parcelas são faturadas, cada uma por si.",
    tags=TAGS,
)
def make_agreement(customer_id: str, agreement: ConfirmedAgreement) -> InstalmentAgreement:
    call = api.call(Permission.PAYMENTS_RENEGOTIATE)
    return service.confirm(call, customer_id, agreement, let_go)


@api.get(AGREEMENTS, summary="Parcelamentos de um cliente, do mais novo ao mais antigo", tags=TAGS)
def list_agreements(customer_id: str, cursor: ListCursor = None) -> Page[ShownAgreement]:
    call = api.call(Permission.PAYMENTS_READ)
    this = f"{call.tenant_id}#agreements#{customer_id}"
    part, following = part_of(this, list(service.of_customer(call, customer_id)), cursor)
    page = Page[ShownAgreement](items=tuple(shown(call, part)), next_cursor=following)
    return with_names(call.tenant_id, page, companies.NAMES, profiles.NAMES, members.NAMES)


@api.get(
    f"{ONE}/paper",
    summary="Endereço do termo do parcelamento, para imprimir e assinar",
    tags=TAGS,
)
def get_agreement_paper(customer_id: str, agreement_id: str) -> Link:
    call = api.call(Permission.PAYMENTS_READ)
    return Link(url=printing.agreement_link(call, wiring.files(), customer_id, agreement_id))


@api.get(f"{ONE}/history", summary="Tudo o que aconteceu com um parcelamento", tags=TAGS)
def get_agreement_history(customer_id: str, agreement_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.PAYMENTS_READ)
    return history_page(call, service.history_of(call, customer_id, agreement_id), cursor)


@api.post(
    f"{ONE}/break/proposal",
    summary="Mostra o que a quebra do parcelamento faria agora, sem efeito",
    tags=TAGS,
)
def propose_break(customer_id: str, agreement_id: str) -> BreakProposal:
    call = api.call(Permission.PAYMENTS_RENEGOTIATE)
    return ending.propose_break(call, customer_id, agreement_id)


@api.post(
    f"{ONE}/break",
    summary="Quebra o parcelamento: o que resta das faturas volta a estar em aberto",
    tags=TAGS,
)
def break_agreement(customer_id: str, agreement_id: str, breaking: ConfirmedBreak) -> InstalmentAgreement:
    call = api.call(Permission.PAYMENTS_RENEGOTIATE)
    return ending.break_agreement(call, customer_id, agreement_id, breaking, let_go, take_back)
