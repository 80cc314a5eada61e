"""Payment profiles over HTTP (BNK-01), and the kit that their banks approve (BEY-14)."""

from billing.access.model import Permission
from billing.audit.batches import Reason
from billing.audit.history import History
from billing.banking import service, store
from billing.banking.model import NewProfile, PaymentProfile, ProfileData
from billing.core.files import Link
from billing.core.names import with_names
from billing.core.page import Page
from billing.customers import company_store as companies
from billing.entry import wiring
from billing.entry.histories import history_page
from billing.entry.http import Api, ListCursor
from billing.payments import store as payments

api = Api("banking")
handler = api.handle
TAGS = ["Profiles de pagamento"]


class ProfileView(PaymentProfile):
    """Profile de pagamento, com o que saber dele."""

    notices: tuple[Reason, ...] = ()
    """O que funciona e talvez não seja o que se quer."""

    @classmethod
    def of(cls, profile: PaymentProfile) -> "ProfileView":
        notices = (Reason(code=r.code, message=r.message, severity=r.severity) for r in profile.warnings)
        return cls(**profile.__dict__, notices=tuple(notices))


def company_of(tenant_id: str, account_id: str) -> str:
    return payments.get_account(tenant_id, account_id).company_id


@api.get("/payment-profiles", summary="Lista os profiles de pagamento", tags=TAGS)
def list_payment_profiles() -> Page[ProfileView]:
    call = api.call(Permission.BANKING_READ)
    page = Page[ProfileView](items=tuple(map(ProfileView.of, store.profiles_for(call))))
    return with_names(call.tenant_id, page, companies.NAMES, payments.NAMES)


@api.post("/payment-profiles", status_code=201, summary="Cria um profile de pagamento", tags=TAGS)
def add_payment_profile(profile: NewProfile) -> ProfileView:
    call = api.call(Permission.BANKING_CONFIGURE)
    return ProfileView.of(service.add(call, profile, company_of))


@api.get("/payment-profiles/<profile_id>", summary="Lê um profile de pagamento", tags=TAGS)
def get_payment_profile(profile_id: str) -> ProfileView:
    call = api.call(Permission.BANKING_READ)
    return ProfileView.of(store.get_profile_for(call, profile_id))


@api.put("/payment-profiles/<profile_id>", summary="Altera um profile de pagamento", tags=TAGS)
def change_payment_profile(profile_id: str, profile: ProfileData) -> ProfileView:
    call = api.call(Permission.BANKING_CONFIGURE)
    return ProfileView.of(service.change(call, profile_id, api.if_match, profile, company_of))


@api.get(
    "/payment-profiles/<profile_id>/history",
    summary="Tudo o que aconteceu com um profile de pagamento",
    tags=TAGS,
)
def get_payment_profile_history(profile_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.BANKING_READ)
    return history_page(call, service.history_of(call, profile_id), cursor)


@api.get(
    "/payment-profiles/<profile_id>/certification-kit",
    summary="Endereço do kit de homologação: boletos e remessas de teste que o banco pede",
    tags=TAGS,
)
def get_certification_kit(profile_id: str) -> Link:
    call = api.call(Permission.BANKING_CONFIGURE)
    return Link(url=service.certification_link(call, wiring.files(), profile_id))
