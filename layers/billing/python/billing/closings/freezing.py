"""Compute a closing, keep its figures, and freeze it: the closing, the next one, the charges and the months of its
usage in one transaction (CLO-06, CLO-12).

Figures or charges that do not fit in one transaction are written around it: pages before, bound to the version that
was read; charges after, for a closing that records what is left, so that the next run or command completes it
(`complete`).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.closings import charges as closing_charges
from billing.closings import ending, store
from billing.closings.actions import ClosingAction
from billing.closings.computing import compute
from billing.closings.figures import Figures, TakenBill
from billing.closings.gathering import Gatherer
from billing.closings.model import Adjustment, AdjustmentKind, Closing, carried_credit_id, start
from billing.closings.schedule import period_from
from billing.closings.terms import Gathered
from billing.contracts.model import Contract
from billing.core.money import ZERO
from billing.core.period import Period
from billing.invoicing.actions import ChargeAction
from billing.invoicing.charge import Charge, to_remove_charge
from billing.invoicing.credits import crediting
from billing.invoicing.difference import proposed_minus_existing
from billing.invoicing.states import ChargeStatus
from billing.invoicing.store import charge_row, existing_charges, find_charges
from billing.usage.acceptance import Stamp, hold
from billing.usage.bills import BillTaker, taker_row, takers_key
from billing.usage.store import UsageTable, billed_until_row, finalised_months, finalised_row
from billing.usage.transactions import BilledUntil

T = TypeVar("T")

_AGAIN = "O fechamento foi congelado de novo com outro valor."

PAGES_INSIDE = 6
"""Pages that go in the closing's own transaction."""
ROWS_A_BILL = 3
"""The check that the bill is unchanged, the record that it was taken, and the stamp."""
WITHDRAWN_INSIDE = 20
"""Charges of an earlier freeze that are withdrawn in the closing's own transaction, each with its audit entry; more
are withdrawn before it."""
WITHDRAWN_AT_ONCE = 48
"""Withdrawn in a transaction of their own, on condition that the closing is unchanged."""
PAGES_AT_ONCE = 20
"""A page is below 200 KB and a transaction below 4 MB."""


class Computed(NamedTuple):
    closing: Closing
    figures: Figures
    gathered: Gathered


def computed(call: Call, gatherer: Gatherer, contract: Contract, closing: Closing, on: date) -> Computed:
    """The closing as of `on`, with its figures. Raises Refused if the data cannot be rated."""
    closing.require_changeable()
    gathered = gatherer.gather(contract, closing)
    figures = compute(contract, closing, gathered, on)
    figures = figures._replace(issues=(*figures.issues, *ending.issues(call.tenant_id, contract, closing)))
    return Computed(closing.computed(figures, on=on, at=call.now), figures, gathered)


def keep(call: Call, before: Closing, new: Computed) -> Closing:
    """Keep a closing with its computed figures. Nothing is written if they come out the same."""
    after, figures, _ = new
    if after.evolve(computed_at=before.computed_at) == before:
        return before
    changes = Changes(call)
    after = after.evolve(version=_put_pages(call, changes, before, after, figures))
    changes.put(store.closing_row(call.tenant_id, after), ClosingAction.COMPUTED, before=before, after=after)
    return changes.commit_answering(after)


def freeze(
    call: Call,
    contract: Contract,
    before: Closing,
    new: Computed,
    following_period: Period | None = None,
) -> Closing:
    """Freeze what was computed from `before` as it was loaded; `following_period` is the next one where the freeze is early.

    Raises Conflict if somebody changed the closing, its contract or anything it was computed from in the meantime.
    """
    after, figures, gathered = new
    following = _successor(call, contract, after, figures, following_period)
    if following is None:
        ending.remove_all(call, contract)
    made, withdrawn = _missing(call.tenant_id, contract, after, figures, is_last=following is None)
    if following is not None and not _is_booked(call.tenant_id, contract, following):
        made += _renewed(call, contract, following)
    frozen = after.frozen(
        call.actor_id, call.now, [charge.id for charge in made], None if following is None else following.id
    )
    room = max(closing_charges.ROOM - ROWS_A_BILL * len(figures.bills), 0)
    most = min(WITHDRAWN_INSIDE, room // 2)
    inside = withdrawn[:most]
    _withdraw_before(call, before, withdrawn[most:])
    changes = Changes(call)
    version = _put_pages(call, changes, before, after, figures)
    room -= 2 * len(inside)
    frozen = frozen.evolve(version=version, charges_left=len(made) > room)
    changes.put(
        store.closing_row(call.tenant_id, frozen),
        ClosingAction.FROZEN,
        note=_ignored(figures),
    )
    if following is not None:
        changes.include(store.closing_row(call.tenant_id, following))
    _withdraw(call, changes, inside)
    for charge in made[:room]:
        changes.include(charge_row(call.tenant_id, charge.made(call, ChargeAction.CHARGED)))
    _finalise_usage(call.tenant_id, changes, after, figures)
    if contract.items:
        until = BilledUntil.after(gathered.billed_until, after.period.end, after.period.start)
        changes.include(billed_until_row(call.tenant_id, contract.customer_id, contract.id, until))
    hold(changes, [*gathered.conditions, *_take_bills(call.tenant_id, changes, after, figures)])
    frozen = changes.commit_answering(frozen)
    return complete(call, contract, frozen) if frozen.charges_left else frozen


def _withdraw_before(call: Call, before: Closing, charges: Sequence[Charge]) -> None:
    """On condition that the closing is unchanged. A removed charge of a closing accounts for nothing, so a freeze
    that is cut off after this makes it again when repeated."""
    for part in _parts(charges, WITHDRAWN_AT_ONCE):
        changes = Changes(call)
        changes.require_unchanged(store.closing_row(call.tenant_id, before))
        _withdraw(call, changes, part)
        changes.commit()


def _withdraw(call: Call, changes: Changes, charges: Sequence[Charge]) -> None:
    for charge in charges:
        without = charge.removed(None)
        row = charge_row(call.tenant_id, without)
        changes.put(row, ChargeAction.REMOVED, before=charge, after=without, note=_AGAIN)


def _ignored(figures: Figures) -> str | None:
    titles = dict.fromkeys(issue.title for issue in figures.issues)
    return f"Pendências ignoradas: {'; '.join(titles)}" if titles else None


def complete(call: Call, contract: Contract, frozen: Closing) -> Closing:
    """Make those charges of a frozen closing that did not fit in its own transaction."""
    tenant_id, customer_id = call.tenant_id, frozen.customer_id
    figures = store.figures(tenant_id, customer_id, frozen.id, frozen.pages)
    possible, _ = _missing(tenant_id, contract, frozen, figures, is_last=frozen.successor_id is None)
    if frozen.successor_id is not None:
        following = store.get(tenant_id, customer_id, frozen.successor_id)
        possible += _renewed(call, contract, following)
    there = find_charges(tenant_id, [(customer_id, charge) for charge in frozen.charge_ids])
    left = [charge for charge in possible if charge.id in frozen.charge_ids and charge.id not in there]
    for part in _parts(left, closing_charges.ROOM):
        changes = Changes(call)
        for charge in part:
            changes.include(charge_row(tenant_id, charge.made(call, ChargeAction.CHARGED)))
        changes.commit()
    changes = Changes(call)
    done = frozen.evolve(charges_left=False)
    changes.put(store.closing_row(call.tenant_id, done), ClosingAction.CHARGES_COMPLETED)
    changes.commit()
    return done.evolve(version=done.version + 1)


def _renewed(call: Call, contract: Contract, following: Closing) -> list[Charge]:
    """The contract's next booklet, starting with the next closing."""
    return closing_charges.booklet(contract, following.period, Gatherer(call.tenant_id).taxes_of)


def _put_pages(call: Call, changes: Changes, before: Closing, after: Closing, figures: Figures) -> int:
    """Write the pages in the closing's own transaction or, if there are many, before it, on condition that the
    closing is unchanged. Returns the closing's version after that."""
    if after.content_hash == before.content_hash:
        return before.version
    rows = store.page_rows(call.tenant_id, after, figures)
    if len(rows) <= PAGES_INSIDE:
        for row in rows:
            changes.overwrite(row)
        return before.version
    if before.content_hash is not None:
        before = _without_figures(call, before)
    for part in _parts(rows, PAGES_AT_ONCE):
        pages = Changes(call)
        pages.require_unchanged(store.closing_row(call.tenant_id, before))
        for row in part:
            pages.overwrite(row)
        pages.commit()
    return before.version


def _without_figures(call: Call, before: Closing) -> Closing:
    """Marks the pages that are about to be overwritten as invalid, in case the writing is cut off."""
    changes = Changes(call)
    emptied = before.evolve(pages=0, content_hash=None)
    changes.include(store.closing_row(call.tenant_id, emptied))
    changes.commit()
    return emptied.evolve(version=emptied.version + 1)


def _successor(
    call: Call, contract: Contract, closing: Closing, figures: Figures, following_period: Period | None
) -> Closing | None:
    """The next closing, which starts where this one ends; None if the contract ends with this one."""
    period = following_period or period_from(closing.period.end, contract.cut_off_day)
    if contract.in_force(period) is None:
        return None
    fresh = start(
        contract,
        period,
        closing,
        opening_pages=closing.pages if figures.carries else 0,
        adjustments=_carried_credit(call, closing),
    )
    if closing.successor_id is None:
        return fresh
    known = store.get(call.tenant_id, closing.customer_id, closing.successor_id)
    return known.resumed(fresh, period=following_period or known.period)


def _carried_credit(call: Call, closing: Closing) -> tuple[Adjustment, ...]:
    if closing.credit == ZERO:
        return ()
    return (
        Adjustment(
            id=carried_credit_id(closing.id),
            kind=AdjustmentKind.DISCOUNT,
            description=f"Saldo credor de {closing.period.format_br()}",
            amount=closing.credit,
            author_id=call.actor_id,
            at=call.now,
        ),
    )


def _missing(
    tenant_id: str, contract: Contract, closing: Closing, figures: Figures, *, is_last: bool
) -> tuple[list[Charge], list[Charge]]:
    """The closing's charges, less those that a booklet or an earlier freeze made. What is given back of a charge that
    was already invoiced, or is below zero when the contract ends, becomes the customer's credit. Also the charges of
    an earlier freeze that are withdrawn because their amount changed and nobody has touched them."""
    wanted = closing_charges.proposed(contract, closing, figures.lines, is_last=is_last)
    earlier = find_charges(tenant_id, [(closing.customer_id, charge) for charge in closing.charge_ids])
    origins = [charge.origin for charge in (*wanted, *earlier.values()) if charge.reference == closing.period]
    asked_for = [
        *closing_charges.origins(contract, closing.period),
        *(origin for origin in origins if origin is not None),
    ]
    existing = existing_charges(tenant_id, closing.customer_id, asked_for)
    withdrawn = _withdrawn(existing, proposed_minus_existing(existing, wanted))
    gone = {charge.id for charge in withdrawn}
    existing = [charge.removed(None) if charge.id in gone else charge for charge in existing]
    made = [c.evolve(closing_id=closing.id) for c in proposed_minus_existing(existing, wanted)]
    unbilled = [c for c in existing if c.status is ChargeStatus.UNBILLED and not c.is_credit]
    return crediting(made, unbilled, closing.id), withdrawn


def _withdrawn(existing: Sequence[Charge], differences: Sequence[Charge]) -> list[Charge]:
    """Unbilled charges of earlier freezes whose origin has another amount now; withdrawing them avoids a pile of
    charges and counter-charges. Those that a person edited, suspended or locked stay."""
    origins = {charge.origin for charge in differences}
    return [
        charge
        for charge in existing
        if charge.origin in origins
        and charge.closing_id is not None
        and charge.status is ChargeStatus.UNBILLED
        and charge.agreed is None
        and not to_remove_charge(charge, None)
    ]


def _is_booked(tenant_id: str, contract: Contract, following: Closing) -> bool:
    """Whether there is no booklet or it covers the next period; if it does not, it is renewed (CON-07)."""
    if not contract.horizon_months:
        return True
    origins = closing_charges.origins(contract, following.period)
    return bool(existing_charges(tenant_id, contract.customer_id, origins))


def _finalise_usage(tenant_id: str, changes: Changes, closing: Closing, figures: Figures) -> None:
    """From now on no usage can be entered in the months that were billed (USE-01)."""
    billed = [(closing.customer_id, month) for month in figures.usage_months]
    done = finalised_months(tenant_id, billed) if billed else set()
    for customer_id, month in billed:
        if (customer_id, month) not in done:
            changes.include(finalised_row(tenant_id, customer_id, month))


def _take_bills(tenant_id: str, changes: Changes, closing: Closing, figures: Figures) -> Iterator[Stamp]:
    """From now on the utility bills that were billed here, or whose absence was accepted, cannot change (USE-07)."""
    for bill in figures.bills:
        changes.include(bill_taker(tenant_id, closing, bill))
        yield Stamp(*takers_key(tenant_id, bill.source, bill.month))


def bill_taker(tenant_id: str, closing: Closing, bill: TakenBill, *, version: int = 0) -> UsageTable:
    taker = BillTaker(
        customer_id=closing.customer_id,
        closing_id=closing.id,
        company_id=closing.company_id,
        contract_title=closing.contract_title,
        period=closing.period,
        version=version,
    )
    return taker_row(tenant_id, bill.source, bill.month, taker)


def _parts(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (things[start : start + size] for start in range(0, len(things), size))
