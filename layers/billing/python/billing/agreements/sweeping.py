"""What the schedules do with debt agreements: finish what was cut off, and end what is paid or broken by its rule (PAY-06)."""

from collections.abc import Iterator
from datetime import timedelta

from billing.access.call import Call
from billing.agreements import carrying_out, ending, store
from billing.agreements.model import AgreementStatus, InstalmentAgreement
from billing.agreements.standing import first_overdue, standing_of
from billing.agreements.store import AgreementListing
from billing.core.errors import Conflict
from billing.invoicing.letting_go import LetTitleGo, TakeTitleBack

LEFT_ALONE = timedelta(minutes=2)
"""What began less than this ago is still with whoever asked for it."""

PAID = "Todas as parcelas foram pagas"


def finish_open(
    call: Call, let_title_go: LetTitleGo, take_title_back: TakeTitleBack
) -> Iterator[InstalmentAgreement]:
    """Those of the tenant whose command was cut off, as they are then."""
    for agreement in store.listed_agreements(call.tenant_id, AgreementListing.UNDER_WAY):
        began_at = agreement.asked_at if agreement.ending is None else agreement.ending.at
        if call.now - began_at < LEFT_ALONE:
            continue
        try:
            if agreement.status is AgreementStatus.STARTING:
                yield carrying_out.carry_out(call, agreement)
            else:
                yield ending.finish(call, agreement, let_title_go, take_title_back)
        except Conflict:
            continue  # whoever asked for it goes on, or a later round does


def end_due(
    call: Call, let_title_go: LetTitleGo, take_title_back: TakeTitleBack
) -> Iterator[InstalmentAgreement]:
    """Those of the tenant that are paid, or are broken by their rule today, as they are then."""
    for agreement in store.listed_agreements(call.tenant_id, AgreementListing.IN_FORCE):
        reason = _reason_to_end(call, agreement)
        if reason is None:
            continue
        try:
            begun = ending.begin(call, agreement, reason)
            yield ending.finish(call, begun, let_title_go, take_title_back)
        except Conflict:
            continue  # a payment came in between, or somebody ends it: a later round finishes it


def _reason_to_end(call: Call, agreement: InstalmentAgreement) -> str | None:
    standing = standing_of(call, agreement)
    if all(part.is_paid for part in standing):
        return PAID
    overdue = first_overdue(agreement, standing, call.today)
    if overdue is None:
        return None
    return f"{overdue.title} venceu em {overdue.due_on:%d/%m/%Y} e não foi paga em {agreement.breaks_after_days} dias"
