"""Keep payment profiles."""

from collections.abc import Callable

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.audit.history import Recorded
from billing.banking import store
from billing.banking.actions import ProfileAction
from billing.banking.model import NewProfile, PaymentProfile, ProfileData
from billing.core.errors import Refusal, Refused
from billing.core.files import Files, Folder
from billing.core.ids import content_hash, new_id
from billing.core.table import require_version

CompanyOfAccount = Callable[[str, str], str]
"""The company of a tenant's cash account; raises NotFound. Passed in, because accounts are a layer above profiles."""


def add(call: Call, new: NewProfile, company_of: CompanyOfAccount) -> PaymentProfile:
    """Raises Refused if the bank cannot work with the profile, Forbidden for a company that is not the caller's,
    NotFound."""
    call.require_company(new.company_id)
    _require_account_of(call, new.company_id, new.cash_account_id, company_of)
    profile = PaymentProfile.model_validate({**new.__dict__, "id": new_id("pro")}).checked()
    changes = Changes(call)
    changes.put(store.profile_row(call.tenant_id, profile), ProfileAction.ADDED)
    return changes.commit_answering(profile)


def change(
    call: Call, profile_id: str, version: int, data: ProfileData, company_of: CompanyOfAccount
) -> PaymentProfile:
    before = require_version(store.get_profile_for(call, profile_id), version)
    _require_account_of(call, before.company_id, data.cash_account_id, company_of)
    profile = before.evolve(**data.__dict__).checked()
    changes = Changes(call)
    changes.put(
        store.profile_row(call.tenant_id, profile), ProfileAction.CHANGED, before=before, after=profile
    )
    return changes.commit_answering(profile)


def history_of(call: Call, profile_id: str) -> Recorded:
    """Raises NotFound, Forbidden."""
    profile = store.get_profile_for(call, profile_id)
    return Recorded.of(profile, store.profile_row(call.tenant_id, profile))


def certification_link(call: Call, files: Files, profile_id: str) -> str:
    """The address of the kit that the profile's bank requires (BEY-14); no number and no sequence is used up.

    Raises NotFound, Forbidden, and Refused with the reasons why the bank would not accept the kit.
    """
    from billing.banking.certification import NumberRange, make_kit
    from billing.banking.certification_archive import zipped

    profile = store.get_profile_for(call, profile_id)
    numbers = NumberRange(profile.first_nosso_numero, profile.last_nosso_numero)
    data = zipped(make_kit(profile.terms, numbers, call.today))
    key = Folder.KITS.key(call.tenant_id, profile_id, f"{content_hash(data)[:32]}.zip")
    files.put(key, data, "application/zip")
    return files.download_url(key, f"homologacao-{profile.terms.bank}.zip")


def _require_account_of(
    call: Call, company_id: str, account_id: str | None, company_of: CompanyOfAccount
) -> None:
    if account_id is not None and company_of(call.tenant_id, account_id) != company_id:
        message = "A conta de dinheiro é de outra empresa."
        raise Refused.because([Refusal("profile.account_company", message, field="cash_account_id")])
