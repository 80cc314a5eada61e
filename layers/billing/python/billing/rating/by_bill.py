"""Energy lines (CHG-06): an item's own consumption, or its share of a utility bill, at the definition's or the bill's rate."""

from collections.abc import Sequence
from decimal import Decimal

from billing.core.money import Money
from billing.core.period import Month
from billing.rating import energy, transaction
from billing.rating.charge import ChargeRating
from billing.rating.definition import OWN_METER, EnergyTerms
from billing.rating.explanation import Trail
from billing.rating.gathering import Gathering, Groups
from billing.rating.matching import Series
from billing.rating.pricing.partial_passage import PRORATED_FEE
from billing.rating.pricing.per_unit import PerUnit
from billing.rating.ruling import Ruling
from billing.rating.run import RatingRun
from billing.rating.terms import RatedBill
from billing.rating.transaction import UNIT_PRICE


def rate_energy(run: RatingRun, series: Series, groups: Groups) -> None:
    used = groups.get(series.definition_id, {})
    for item_id in sorted(
        {*run.targets(series), *(target for target, _ in used)}, key=lambda name: name or ""
    ):
        active = run.active_part(item_id)
        if active is None:
            continue
        for ruling, parts in run.directory.by_version(series, item_id, active):
            gathering = used.get((item_id, ruling.version))
            by_month = run.by_month(parts)
            if not _terms(ruling).sub_metering:
                for month, days in by_month.items():
                    _rate(ChargeRating(run, ruling, item_id, days, Gathering()), [month])
            elif gathering is not None:
                _rate(ChargeRating(run, ruling, item_id, parts, gathering), list(by_month))


def _terms(ruling: Ruling) -> EnergyTerms:
    return ruling.definition.energy or OWN_METER


def _rate(charge: ChargeRating, months: Sequence[Month]) -> None:
    """One line: a share of one month's bill, or a sub-meter's consumption in all the months."""
    terms = _terms(charge.ruling)
    bill = _bill(charge.run, terms.utility_bill_source or "", months)
    if bill is None and charge.ruling.definition.needed_bill is not None:
        charge.run.issue(
            "rating.utility_bill_missing",
            "Conta de serviço público do período não lançada: lance a conta da origem indicada no encargo.",
            charge.item_id,
        )
        return
    share = _share(charge, terms, bill)
    if share is None:
        return
    trail = Trail()
    if _take(charge, trail, terms, bill, share):
        charge.close(trail, "energy")


def _bill(run: RatingRun, source: str, months: Sequence[Month]) -> RatedBill | None:
    """The sum of several months' bills, with the newest area; None if one is missing."""
    bills = [run.terms.utility_bills.get((source, month)) for month in months]
    present = [bill for bill in bills if bill is not None]
    if len(present) < len(bills):
        return None
    if len(present) == 1:
        return present[0]
    consumed = [bill.consumption for bill in present if bill.consumption is not None]
    return RatedBill(
        Money.sum(bill.amount for bill in present),
        sum(consumed, Decimal(0)) if len(consumed) == len(present) else None,
        present[-1].area,
    )


def _share(charge: ChargeRating, terms: EnergyTerms, bill: RatedBill | None) -> tuple[Decimal, ...] | None:
    """(), (percent,) or (item area, source area); None, with an issue, if an area is missing."""
    if not terms.use_occupied_area:
        return () if terms.billing_percentage is None else (terms.billing_percentage,)
    item = charge.run.items.get(charge.item_id or "")
    if item is None or item.area is None or bill is None or not bill.area:
        charge.run.issue(
            "rating.area_missing",
            "Área ocupada não informada no item ou na origem da conta: informe as duas áreas.",
            charge.item_id,
        )
        return None
    return (item.area, bill.area)


def _take(
    charge: ChargeRating, trail: Trail, terms: EnergyTerms, bill: RatedBill | None, share: tuple[Decimal, ...]
) -> bool:
    """Consumption, share, then rate; False, with an issue, if the bill has no consumption and it is needed."""
    source = f"bill {terms.utility_bill_source}"
    rate = charge.ruling.pricing.unit_price if isinstance(charge.ruling.pricing, PerUnit) else None
    if terms.sub_metering:
        charge.gathering.take(trail)
    elif bill is not None and bill.consumption is not None:
        energy.bill_consumption(trail, bill.consumption, source)
    elif rate is not None:
        _no_consumption(charge)
        return False
    if trail.rows:
        _share_consumption(trail, share)
    transaction.at_least(trail, charge.ruling.minimum_quantity)
    if rate is not None:
        trail.set_amount(UNIT_PRICE, ("unit_price", rate, "definition"))
    elif bill is not None and terms.sub_metering:
        if not bill.consumption:
            _no_consumption(charge)
            return False
        energy.bill_rate(trail, bill.amount, bill.consumption, source)
    elif bill is not None:
        energy.bill_amount(trail, bill.amount, source)
        _share_amount(trail, share)
    if not terms.sub_metering and not charge.passage.is_whole:
        trail.set_amount(PRORATED_FEE, *charge.passage.inputs())
    return True


def _no_consumption(charge: ChargeRating) -> None:
    charge.run.issue(
        "rating.consumption_missing",
        "A conta de serviço público não tem consumo: informe o consumo ou deixe a taxa em branco.",
        charge.item_id,
    )


def _share_consumption(trail: Trail, share: tuple[Decimal, ...]) -> None:
    if len(share) == 1:
        energy.share_of_consumption_by_percent(trail, share[0])
    elif share:
        energy.share_of_consumption_by_area(trail, share[0], share[1])


def _share_amount(trail: Trail, share: tuple[Decimal, ...]) -> None:
    if len(share) == 1:
        energy.share_of_amount_by_percent(trail, share[0])
    elif share:
        energy.share_of_amount_by_area(trail, share[0], share[1])
