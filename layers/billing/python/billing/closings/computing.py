"""Compute a closing: rate what was gathered, find pending issues, and derive what the next closing starts from. Pure."""

from datetime import date

from billing.closings import terms
from billing.closings.checks import check, out_of_force, stray_items
from billing.closings.figures import Figures
from billing.closings.model import Closing
from billing.closings.terms import Gathered
from billing.contracts.model import Contract
from billing.rating.engine import rate


def compute(contract: Contract, closing: Closing, gathered: Gathered, on: date) -> Figures:
    """The closing's figures as of `on`. A contract that is not in force in the period has no lines, and any usage is
    a pending issue.

    Raises Refused if the data cannot be rated: a meter that ran backwards, for instance.
    """
    given = terms.terms(contract, closing.period, gathered, closing.partial_passages)
    taken = Figures(
        usage_months=tuple(gathered.usage_months),
        usage_ids=tuple(sorted(gathered.usage_ids)),
        usage_before=tuple(sorted(gathered.usage_before)),
        bills=tuple(gathered.bills),
    )
    if given is None:
        return taken._replace(issues=out_of_force(gathered.usage))
    rating = rate(given)
    return taken._replace(
        lines=rating.lines,
        issues=(
            *check(contract, closing.period, rating.issues, gathered.last_seen, on),
            *stray_items(gathered.stray),
        ),
        counters=terms.counters(contract, gathered.opening, rating),
        balances=terms.balances(gathered.opening, rating),
        carried=terms.carried(rating),
        accrued=terms.accrued(contract, gathered.opening, rating),
    )
