"""What people do with closings, and a contract's activation and end: load, decide, save."""

from datetime import date

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.closings import charges as contract_charges
from billing.closings import ending, freezing, store
from billing.closings.actions import ClosingAction
from billing.closings.ending import EndedContract
from billing.closings.freezing import Computed
from billing.closings.gathering import Gatherer
from billing.closings.model import (
    Adjustment,
    ChargeRequest,
    Closing,
    FreezeRequest,
    NewAdjustment,
    NewNote,
    Note,
    start,
)
from billing.closings.periods import early_freeze
from billing.closings.schedule import closing_month, period_from
from billing.contracts import store as contracts
from billing.contracts.actions import ContractAction
from billing.contracts.model import Contract, Why
from billing.core.errors import Refusal, Refused
from billing.core.ids import new_id
from billing.core.period import Period, add_months
from billing.core.table import require_version
from billing.invoicing.actions import ChargeAction
from billing.invoicing.store import charge_row

MONTHS_CLAIMED = 60


def activate(
    call: Call, customer_id: str, contract_id: str, version: int, on: date, *, books_ahead: bool = True
) -> Contract:
    """In force from `on`, with its first closing and, with a horizon, its charges (CTR-04, CON-07). Raises Refused.

    Without `books_ahead`, the pending instruction to book ahead is removed and no instalment is generated: each month
    is billed by its own closing.
    """
    before = contracts.get(call.tenant_id, customer_id, contract_id)
    call.require_company(before.company_id)
    _require_within_limitation(call, on)
    contract = require_version(before, version).activate(on, books_ahead=books_ahead)
    first = start(contract, period_from(on, contract.cut_off_day))
    changes = Changes(call)
    changes.put(
        contracts.contract_row(call.tenant_id, contract),
        ContractAction.ACTIVATED,
        before=before,
        after=contract,
    )
    changes.include(store.closing_row(call.tenant_id, first))
    taxes_of = Gatherer(call.tenant_id).taxes_of
    for charge in contract_charges.booklet(contract, first.period, taxes_of):
        changes.include(charge_row(call.tenant_id, charge.made(call, ChargeAction.BOOKED)))
    return changes.commit_answering(contract)


def _require_within_limitation(call: Call, on: date) -> None:
    """Every month since then would be closed and charged at once. A debt under a written agreement can be claimed for
    five years (Código Civil, art. 206, § 5º, I), so an earlier activation date is a typing mistake."""
    first = add_months(call.today, -MONTHS_CLAIMED)
    if on < first:
        message = (
            f"A ativação em {on:%d/%m/%Y} faria um fechamento e uma cobrança de cada mês desde então, e o que venceu há mais de"
            f" cinco anos já não se cobra. Ative a partir de {first:%d/%m/%Y}, ou confira o ano."
        )
        raise Refused.because([Refusal("contract.activation_too_old", message, field="on")])


def cancel(call: Call, customer_id: str, contract_id: str, version: int, why: Why) -> EndedContract:
    """End the contract on a day and remove later instalments that are not invoiced (CTR-03). Raises Refused; Conflict
    if one of them is being billed.

    The contract and its instalments change in one transaction. Those that do not fit are removed before the last
    freeze.
    """
    before = require_version(contracts.get_for(call, customer_id, contract_id), version)
    after = before.cancel(why)
    changes = Changes(call)
    changes.put(
        contracts.contract_row(call.tenant_id, after), ContractAction.CANCELLED, before=before, after=after
    )
    instalments = ending.past_end(call.tenant_id, after)
    ending.remove(call.tenant_id, changes, after, ending.removable(instalments)[: ending.AT_ONCE])
    left = ending.staying_in_words(call.tenant_id, instalments)
    return changes.commit_answering(EndedContract(**dict(after), instalments_left=left))


def refresh(call: Call, customer_id: str, closing_id: str) -> Closing:
    """Recompute an unfrozen closing with what is known now."""
    before = store.get_for(call, customer_id, closing_id)
    contract = contracts.get(call.tenant_id, customer_id, before.contract_id)
    return freezing.keep(call, before, _computed(call, contract, before))


def adjust(call: Call, customer_id: str, closing_id: str, new: NewAdjustment) -> Closing:
    before = store.get_for(call, customer_id, closing_id)
    adjustment = Adjustment(**dict(new), id=new_id("adj"), author_id=call.actor_id, at=call.now)
    return _keep(call, before, before.adjusted(adjustment), ClosingAction.ADJUSTED)


def remove_adjustment(
    call: Call, customer_id: str, closing_id: str, version: int, adjustment_id: str
) -> Closing:
    before = require_version(store.get_for(call, customer_id, closing_id), version)
    return _keep(call, before, before.without_adjustment(adjustment_id), ClosingAction.ADJUSTMENT_REMOVED)


def note(call: Call, customer_id: str, closing_id: str, new: NewNote) -> Closing:
    before = store.get_for(call, customer_id, closing_id)
    added = before.noted(Note(text=new.text, author_id=call.actor_id, at=call.now))
    return _keep(call, before, added, ClosingAction.NOTED)


def freeze(call: Call, customer_id: str, closing_id: str, version: int, request: FreezeRequest) -> Closing:
    """Freeze by a person: also with pending issues, if confirmed (CLO-06), and before the period's end (CLO-08).

    Raises Refused with every reason; Conflict if somebody changes it meanwhile.
    """
    before = require_version(store.get_for(call, customer_id, closing_id), version)
    contract = contracts.get(call.tenant_id, customer_id, before.contract_id)
    if before.charges_left:
        return freezing.complete(call, contract, before)
    before.require_changeable()
    part, following_period = before, None
    if before.period.end > call.today:
        if request.merge_remaining is None:
            raise Refused.because([_before_end(before)])
        part, following_period = before.cut(call.today, contract, merge_remaining=request.merge_remaining)
    elif request.merge_remaining is not None:
        following_period = _rest_of_cut(before, contract, merge_remaining=request.merge_remaining)
    if request.partial_passages:
        part = part.choosing(request.partial_passages)
    new = _computed(call, contract, part)
    _require_freezable(new, confirmed=request.confirm)
    return freezing.freeze(call, contract, before, new, following_period)


def charge(call: Call, customer_id: str, closing_id: str, version: int, request: ChargeRequest) -> Closing:
    """Freeze for the amount entered by a person (CLO-09). Raises Refused; Conflict as `freeze`."""
    before = require_version(store.get_for(call, customer_id, closing_id), version)
    contract = contracts.get(call.tenant_id, customer_id, before.contract_id)
    reasons = before.reasons_against_charging(call.today)
    if reasons:
        raise Refused.because(reasons)
    part = before.choosing(request.partial_passages) if request.partial_passages else before
    new = _computed(call, contract, part)
    _require_freezable(new, confirmed=request.confirm)
    charged = new.closing.charged(request, call.actor_id, call.now)
    return freezing.freeze(call, contract, before, new._replace(closing=charged))


def _computed(call: Call, contract: Contract, closing: Closing) -> Computed:
    return freezing.computed(call, Gatherer(call.tenant_id), contract, closing, call.today)


def _require_freezable(new: Computed, *, confirmed: bool) -> None:
    reasons = new.closing.reasons_against_freezing(new.figures.issues, confirmed=confirmed)
    if reasons:
        raise Refused.because(reasons)


def _keep(call: Call, before: Closing, after: Closing, action: ClosingAction) -> Closing:
    changes = Changes(call)
    changes.put(store.closing_row(call.tenant_id, after), action, before=before, after=after)
    return changes.commit_answering(after)


def _rest_of_cut(closing: Closing, contract: Contract, *, merge_remaining: bool) -> Period:
    """The next period, chosen again for a closing that an early freeze had cut. Raises Refused if no days remain."""
    month = closing_month(closing.period.last_day, contract.cut_off_day)
    if closing.period.end == month.end:
        message = f"O período terminou em {closing.period.last_day:%d/%m/%Y}: não restam dias a incorporar. Congele sem a opção."
        raise Refused.because([Refusal("closing.nothing_remains", message, field="merge_remaining")])
    whole = Period(closing.period.start, month.end)
    return early_freeze(whole, closing.period.end, contract.cut_off_day, merge_remaining=merge_remaining)[1]


def _before_end(closing: Closing) -> Refusal:
    return Refusal(
        "closing.before_end",
        f"O período termina em {closing.period.last_day:%d/%m/%Y}. Informe se os dias restantes são incorporados"
        " ao próximo período.",
        field="merge_remaining",
    )
