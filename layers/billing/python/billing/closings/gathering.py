"""Read what a closing is computed from: the closing before, usage and readings, prices.

A closing takes whatever usage of its days no closing before took. What each took is kept with its figures, so no clock
decides it: a row that is written while a closing freezes is not among the ids that it took, and the next takes it.
"""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from functools import cached_property

from billing.catalog import store as catalog
from billing.catalog.model import BillingItem
from billing.catalog.tax_codes import tax_codes
from billing.closings import store
from billing.closings.figures import Figures
from billing.closings.model import Closing
from billing.closings.schedule import usage_months
from billing.closings.terms import Gathered
from billing.contracts.model import BillingMode, Contract
from billing.core.period import Month, Period, closing_period
from billing.rating.definition import ALL, Category
from billing.rating.meters import Reading
from billing.rating.terms import CatalogItem, TaxRates, UsageQuantity, UtilityBill
from billing.usage import store as usage
from billing.usage.bills import find_bill
from billing.usage.model import UsageEntry
from billing.usage.readings import last_seen_on

LATE = "@"
"""Between a billing item and the month of its late use, where both together name a line."""


class Gatherer:
    """Reads for the closings of one tenant; the catalog and the tax codes are read once for all of them."""

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id
        self.work_of: Sequence[str] = ()
        """Contracts whose transactions a draft is simulated with, where it has their items."""

    def gather(self, contract: Contract, closing: Closing) -> Gathered:
        opening = Figures()
        if closing.previous_id is not None:
            opening = store.figures(
                self.tenant_id, closing.customer_id, closing.previous_id, closing.opening_pages
            )
        return self.gather_from(opening, contract, closing)

    def gather_from(
        self, opening: Figures, contract: Contract, closing: Closing, mine: Container[Month] = ()
    ) -> Gathered:
        """What the closing is computed from, after `opening`; months in `mine` are the contract's though finalised."""
        readings, last_seen = self._readings(contract, closing.period)
        gathered = Gathered(
            opening=opening,
            readings=readings,
            last_seen=last_seen,
            utility_bills=self._utility_bills(contract, closing.period),
            taxes=self.taxes_of(contract, closing.period),
        )
        if contract.items:
            gathered = self._with_transactions(contract, closing, gathered)
        return (
            self._with_usage(contract, closing, gathered, mine)
            if contract.mode is BillingMode.USAGE
            else gathered
        )

    def _readings(
        self, contract: Contract, period: Period
    ) -> tuple[Mapping[tuple[str, str], list[Reading]], Mapping[str, date]]:
        found: dict[tuple[str, str], list[Reading]] = {}
        last_seen: dict[str, date] = {}
        for item in contract.items:
            if item.in_contract(period) is None:
                continue
            of_item = []
            for meter in item.meters:
                known = usage.readings(self.tenant_id, contract.customer_id, item.id, meter.unit)
                until_end = [reading for reading in known if reading.on <= period.end]
                found[item.id, meter.unit] = [reading.for_rating() for reading in until_end]
                of_item += until_end
            seen = last_seen_on(item, of_item)
            if seen is not None:
                last_seen[item.id] = seen
        return found, last_seen

    def _with_transactions(self, contract: Contract, closing: Closing, known: Gathered) -> Gathered:
        """Transactions billed on the closing's days; and those of the closing before that came as it was frozen."""
        own = closing.period
        since = own.start
        if closing.previous_id is not None:
            since = store.get(self.tenant_id, closing.customer_id, closing.previous_id).period.start
        billed = set(known.opening.usage_ids)
        found = [
            each
            for source in self.work_of or (contract.id,)
            for each in usage.transactions(self.tenant_id, contract.customer_id, source, since, own.end)
            if each.id not in billed and contract.item(each.item_id)
        ]
        return known._replace(
            usage=[each.for_rating(is_late=each.on < own.start) for each in found],
            billed_usage_ids=[each.id for each in found if each.bill_on >= own.start],
        )

    def _utility_bills(self, contract: Contract, period: Period) -> Mapping[str, UtilityBill]:
        """The bills that the contract's energy charges name, of the month in which the period starts."""
        sources = {
            definition.energy.utility_bill_source
            for definition in contract.definitions_in(period)
            if definition.energy is not None and definition.energy.utility_bill_source is not None
        }
        month = Month.of(period.start)
        bills = {source: find_bill(self.tenant_id, source, month) for source in sorted(sources)}
        return {source: bill.for_rating() for source, bill in bills.items() if bill is not None}

    def taxes_of(self, contract: Contract, period: Period) -> TaxRates:
        """The rates of the codes that the contract's taxable definitions name."""
        codes = {each.tax_code for each in contract.definitions_in(period) if each.taxable}
        return {code: self._taxes[code] for code in sorted(self._taxes.keys() & codes)} if codes else {}

    def _with_usage(
        self, contract: Contract, closing: Closing, known: Gathered, mine: Container[Month]
    ) -> Gathered:
        """Launches of the closing's months, unless another contract has billed the month, and late ones of before."""
        own = list(usage_months(closing.period, contract.cut_off_day))
        begun = known.opening.usage_months
        finalised = usage.finalised_months(self.tenant_id, [(closing.customer_id, month) for month in own])
        own = [
            month
            for month in own
            if month in begun or month in mine or (closing.customer_id, month) not in finalised
        ]
        late = [month for month in begun if month not in own]
        billed = set(known.opening.usage_ids)
        active = contract.in_force(closing.period) or closing.period
        found: list[UsageQuantity] = []
        billed_with: list[str] = []
        for month in (*late, *own):
            for entry in usage.entries(self.tenant_id, closing.customer_id, month):
                if entry.id in billed:
                    billed_with += [entry.id] if month in own else []
                else:
                    used_in = entry.used_in or (month if month in late else None)
                    found.append(self._quantity(entry, contract, active, used_in))
                    billed_with.append(entry.id)
        return known._replace(
            usage=[*known.usage, *found],
            usage_months=own,
            billed_usage_ids=[*known.billed_usage_ids, *billed_with],
            prices=self._prices_of(found),
        )

    def _quantity(
        self, entry: UsageEntry, contract: Contract, active: Period, used_in: Month | None
    ) -> UsageQuantity:
        """`used_in` is the month of a late launch, which is billed in a line of its own (CLO-11)."""
        begins = closing_period(used_in or entry.month, contract.cut_off_day).start
        is_late = used_in is not None
        return UsageQuantity(
            item_id=None,
            unit=None,
            quantity=entry.quantity,
            unit_price=None,
            category=Category.USAGE,
            subcategory=self._product(entry.billing_item_id),
            billing_item_id=f"{entry.billing_item_id}{LATE}{used_in}" if is_late else entry.billing_item_id,
            on=begins if is_late else max(begins, active.start),
            usage_id=entry.id,
            is_late=is_late,
        )

    def _prices_of(self, used: Sequence[UsageQuantity]) -> Mapping[str, CatalogItem]:
        """The catalog, and beside it each item as used in a month that was closed: the same prices, named with it."""
        late = {each.billing_item_id for each in used if each.is_late and each.billing_item_id is not None}
        if not late:
            return self._prices if used else {}
        named = dict(self._prices)
        for key in late:
            item_id, _, month = key.partition(LATE)
            if item_id in named:
                item = named[item_id]
                named[key] = item._replace(
                    description=f"{item.description} (uso de {Month(month).format_br()})"
                )
        return named

    def _product(self, billing_item_id: str) -> str:
        """What a definition may be for: one product of the catalog."""
        return self._products.get(billing_item_id, ALL)

    @cached_property
    def _items(self) -> list[BillingItem]:
        return catalog.items(self.tenant_id)

    @cached_property
    def _taxes(self) -> TaxRates:
        return {each.code: each.history for each in tax_codes(self.tenant_id)}

    @cached_property
    def _products(self) -> dict[str, str]:
        return {item.id: item.product for item in self._items}

    @cached_property
    def _prices(self) -> dict[str, CatalogItem]:
        return {
            item.id: CatalogItem(
                item.name, item.unit, [(price.valid_from, price.unit_price) for price in item.prices]
            )
            for item in self._items
        }
