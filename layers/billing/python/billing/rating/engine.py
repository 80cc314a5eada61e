"""Rating: definitions, prices and what happened in a period become explained lines. Pure: the same input, the same lines.

gather        usage and meters under the definition that rates each (matching.py, gathering.py)
rate          transactions, period charges, one-time charges, use, catalogued items, energy
adjust        subcategory level, then category level, over the lines below
carry over    the ledger's movements; what is left at the contract's end is lost
"""

from decimal import localcontext

from billing.rating import carry_over
from billing.rating.by_bill import rate_energy
from billing.rating.by_catalog import rate_catalog
from billing.rating.by_level import rate_level
from billing.rating.by_period import rate_one_time, rate_periods
from billing.rating.by_quantity import rate_usage
from billing.rating.by_transaction import rate_transactions
from billing.rating.definition import Level
from billing.rating.exact import EXACT
from billing.rating.gathering import Chooser, Groups, gather
from billing.rating.lines import Rating
from billing.rating.matching import ENERGY, ONE_TIME, TRANSACTION, USAGE, Series
from billing.rating.pricing.catalog import Catalog
from billing.rating.pricing.flat import Flat
from billing.rating.run import RatingRun
from billing.rating.terms import RatingInput


def rate(terms: RatingInput) -> Rating:
    """Every line of one contract and period, with its explanation, and the issues that a person must resolve.

    Raises Refused if the data cannot be rated at all: a meter that ran backwards, an amount beyond 13 digits.
    """
    with localcontext(EXACT):
        run = RatingRun(terms)
        chooser = Chooser(run)
        groups, transactions = gather(run, chooser)
        rate_transactions(run, chooser, transactions)
        for series in run.directory.all:
            if series.level is TRANSACTION:
                _rate_series(run, series, groups)
        rate_level(run, Level.SUBCATEGORY)
        rate_level(run, Level.CATEGORY)
        _lose_what_is_left(run)
    return Rating(
        tuple(run.lines),
        tuple(run.all_issues()),
        tuple(run.movements),
        tuple(run.positions),
    )


def _rate_series(run: RatingRun, series: Series, groups: Groups) -> None:
    if series.category is USAGE:
        model = type(series.first.pricing)
        if model is Flat:
            rate_periods(run, series)
        elif model is Catalog:
            rate_catalog(run, series, groups)
        else:
            rate_usage(run, series, groups)
    elif series.category is ENERGY:
        rate_energy(run, series, groups)
    elif series.category is ONE_TIME:
        rate_one_time(run, series)


def _lose_what_is_left(run: RatingRun) -> None:
    """Carry-over ends with the contract."""
    end = run.terms.contract_end
    if end is None or end > run.active.end:
        return
    for (definition_id, item_id), store in sorted(
        run.store.items(), key=lambda stored: (stored[0][0], stored[0][1] or "")
    ):
        lost = carry_over.loss(definition_id, item_id, run.period, store)
        if lost is not None:
            run.movements.append(lost)
