"""Scheduled work on debt agreements: finish what was cut off, and end those that are paid, or broken by their rule (PAY-06)."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from billing.access.call import Call
from billing.agreements import carrying_out, ending, store
from billing.agreements.model import AgreementStatus, InstalmentAgreement
from billing.agreements.standing import first_overdue, standing_of
from billing.agreements.store import AgreementListing
from billing.core.sweep import Sweep
from billing.invoicing.letting_go import LetTitleGo, TakeTitleBack

LEFT_ALONE = timedelta(minutes=2)
"""A command that began less than this ago may still be running."""

PAID = "Todas as parcelas foram pagas"


def finish_open(
    call: Call, let_title_go: LetTitleGo, take_title_back: TakeTitleBack, sweep: Sweep
) -> Iterator[InstalmentAgreement]:
    """Finish the tenant's agreements whose command was cut off, one by one, each read anew."""

    def finish(agreement: InstalmentAgreement) -> InstalmentAgreement:
        if agreement.status is AgreementStatus.STARTING:
            return carrying_out.carry_out(call, agreement)
        return ending.finish(call, agreement, let_title_go, take_title_back)

    for agreement in store.listed_agreements(call.tenant_id, AgreementListing.UNDER_WAY):
        began_at = agreement.asked_at if agreement.ending is None else agreement.ending.at
        if call.now - began_at < LEFT_ALONE:
            continue
        finished = sweep.attempt(agreement.id, partial(finish, agreement))
        if finished is not None:
            yield finished


def end_due(
    call: Call, let_title_go: LetTitleGo, take_title_back: TakeTitleBack, sweep: Sweep
) -> Iterator[InstalmentAgreement]:
    """End the tenant's agreements that are paid, or broken by their rule today, one by one, each read anew."""

    def end(agreement: InstalmentAgreement) -> InstalmentAgreement | None:
        reason = _reason_to_end(call, agreement)
        if reason is None:
            return None
        begun = ending.begin(call, agreement, reason)
        return ending.finish(call, begun, let_title_go, take_title_back)

    for agreement in store.listed_agreements(call.tenant_id, AgreementListing.IN_FORCE):
        ended = sweep.attempt(agreement.id, partial(end, agreement))
        if ended is not None:
            yield ended


def _reason_to_end(call: Call, agreement: InstalmentAgreement) -> str | None:
    standing = standing_of(call, agreement)
    if all(part.is_paid for part in standing):
        return PAID
    overdue = first_overdue(agreement, standing, call.today)
    if overdue is None:
        return None
    return f"{overdue.title} venceu em {overdue.due_on:%d/%m/%Y} e não foi paga em {agreement.breaks_after_days} dias"
