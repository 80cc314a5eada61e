"""Read what a closing is computed from: the closing before, usage and readings, prices.

A closing takes all usage of its days that no earlier closing took. What each took is kept with its figures, so it
does not depend on clocks: a row written while a closing freezes is not among the ids that it took, and the next one
takes it.
"""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from functools import cached_property

from billing.catalog import store as catalog
from billing.catalog.model import BillingItem
from billing.catalog.tax_codes import tax_codes
from billing.closings import store
from billing.closings.figures import Figures, TakenBill
from billing.closings.model import Closing
from billing.closings.schedule import usage_months
from billing.closings.terms import Gathered
from billing.contracts import store as contracts
from billing.contracts.model import BillingMode, Contract
from billing.core.period import Month, Period, closing_period
from billing.rating.definition import ALL, Category
from billing.rating.meters import MeterValue
from billing.rating.terms import CatalogItem, TaxRates, UsageQuantity
from billing.usage import store as usage
from billing.usage.acceptance import Guard, billing_month, unchanged
from billing.usage.bills import bill_key, find_bill
from billing.usage.model import UsageEntry
from billing.usage.readings import StrayItem, last_seen_on
from billing.usage.transactions import BilledUntil

LATE = "@"
"""Separates a billing item from the month of its late use, when both together identify a line."""


class Gatherer:
    """Reads for the closings of one tenant; catalogue and tax codes are read once for all of them."""

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id
        self.work_of: Sequence[str] = ()
        """Contracts whose transactions are used to simulate a draft that has their items."""

    def gather(self, contract: Contract, closing: Closing) -> Gathered:
        """What the closing is computed from, with the conditions under which it may freeze."""
        conditions = [unchanged(self.tenant_id, contract)]
        if _must_look_again(contract, closing.period):
            key = usage.arrivals_key(self.tenant_id, contract.customer_id, contract.id)
            conditions.append(Guard(usage.UsageTable, *key, usage.arrivals_version(*key)))
        opening = Figures()
        if closing.previous_id is not None:
            opening = store.figures(
                self.tenant_id, closing.customer_id, closing.previous_id, closing.opening_pages
            )
        gathered = self.gather_from(opening, contract, closing)
        return gathered._replace(
            conditions=(*conditions, *gathered.conditions), stray=self._stray(contract, closing)
        )

    def _stray(self, contract: Contract, closing: Closing) -> list[StrayItem]:
        """Only a contract with equipment looks for equipment that is in no contract."""
        if not contract.items and contract.mode is not BillingMode.CLOSING:
            return []
        stray_items = usage.stray_items(self.tenant_id, contract.customer_id)
        stray_items = [stray for stray in stray_items if stray.read_on >= closing.period.start]
        if not stray_items:
            return []
        agreed = contracts.contracts_of(self.tenant_id, contract.customer_id)
        return [
            stray
            for stray in stray_items
            if all(agreement.item(stray.item_id) is None for agreement in agreed)
        ]

    def gather_from(
        self, opening: Figures, contract: Contract, closing: Closing, mine: Container[Month] = ()
    ) -> Gathered:
        """What the closing is computed from, after `opening`; months in `mine` are the contract's own even though
        finalised."""
        readings, last_seen = self._readings(contract, closing.period)
        gathered = Gathered(
            opening=opening,
            readings=readings,
            last_seen=last_seen,
            taxes=self.taxes_of(contract, closing.period),
        )
        gathered = self._with_utility_bills(contract, closing.period, gathered)
        if contract.items:
            gathered = self._with_transactions(contract, closing, gathered)
        return (
            self._with_usage(contract, closing, gathered, mine)
            if contract.mode is BillingMode.USAGE
            else gathered
        )

    def _readings(
        self, contract: Contract, period: Period
    ) -> tuple[Mapping[tuple[str, str], list[MeterValue]], Mapping[str, date]]:
        by_meter: dict[tuple[str, str], list[MeterValue]] = {}
        last_seen: dict[str, date] = {}
        for item in contract.items:
            if item.in_contract(period) is None:
                continue
            of_item = []
            for meter in item.meters:
                known = usage.readings(self.tenant_id, contract.customer_id, item.id, meter.unit)
                until_end = [reading for reading in known if reading.on <= period.end]
                by_meter[item.id, meter.unit] = [reading.for_rating() for reading in until_end]
                of_item += until_end
            seen = last_seen_on(item, of_item)
            if seen is not None:
                last_seen[item.id] = seen
        return by_meter, last_seen

    def _with_transactions(self, contract: Contract, closing: Closing, known: Gathered) -> Gathered:
        """Transactions billed on the closing's days; those of the previous closing that arrived while it was frozen;
        for the last closing, all there are."""
        own = closing.period
        frozen = usage.find_billed_until(self.tenant_id, contract.customer_id, contract.id)
        since = self._since(contract, closing, frozen)
        until = date.max if _is_last(contract, own) and not self.work_of else own.end
        billed = set(known.opening.usage_ids)
        transactions = [
            transaction
            for source in self.work_of or (contract.id,)
            for transaction in usage.transactions(self.tenant_id, contract.customer_id, source, since, until)
            if transaction.id not in billed and (not self.work_of or contract.item(transaction.item_id))
        ]
        return known._replace(
            usage=[
                transaction.for_rating(is_late=transaction.on < own.start) for transaction in transactions
            ],
            usage_ids=[transaction.id for transaction in transactions],
            billed_until=frozen,
        )

    def _since(self, contract: Contract, closing: Closing, frozen: BilledUntil | None) -> date:
        """The first day that may have transactions not taken by any closing."""
        if closing.previous_id is None:
            return closing.period.start
        if frozen is None or closing.period.start <= frozen.first:
            return contract.activated_on or closing.period.start  # no earlier closing knew of items
        return store.get(self.tenant_id, closing.customer_id, closing.previous_id).period.start

    def _with_utility_bills(self, contract: Contract, period: Period, known: Gathered) -> Gathered:
        """The utility bills that the contract's energy charges need, of the period's closing months."""
        needed = sorted(
            (source, month)
            for month in usage_months(period, contract.cut_off_day)
            for source in contract.bill_sources(period, month)
        )
        bills = {key: find_bill(self.tenant_id, *key) for key in needed}
        versions = {key: 0 if bill is None else bill.version for key, bill in bills.items()}
        return known._replace(
            utility_bills={key: bill.for_rating() for key, bill in bills.items() if bill is not None},
            bills=[
                TakenBill(source=key[0], month=key[1], version=version) for key, version in versions.items()
            ],
            conditions=[
                Guard(usage.UsageTable, *bill_key(self.tenant_id, *key), version)
                for key, version in versions.items()
            ],
        )

    def taxes_of(self, contract: Contract, period: Period) -> TaxRates:
        """The rates of the tax codes in the contract's taxable definitions."""
        codes = {definition.tax_code for definition in contract.definitions_in(period) if definition.taxable}
        return {code: self._taxes[code] for code in sorted(self._taxes.keys() & codes)} if codes else {}

    def _with_usage(
        self, contract: Contract, closing: Closing, known: Gathered, mine: Container[Month]
    ) -> Gathered:
        """Usage entries of the closing's months, unless another contract has billed the month, and late ones of
        earlier months; for the last closing, also those of later months that no other contract bills."""
        begun = known.opening.usage_months
        own = [
            month
            for month in self._months(contract, closing)
            if month in begun or month in mine or not self._is_taken(closing.customer_id, month)
        ]
        late = [month for month in begun if month not in own]
        billed = {*known.opening.usage_ids, *known.opening.usage_before}
        active = contract.in_force(closing.period) or closing.period
        quantities: list[UsageQuantity] = []
        before: list[str] = []
        for month in (*late, *own):
            for entry in usage.entries(self.tenant_id, closing.customer_id, month):
                if entry.id in billed:
                    before += [entry.id] if month in own else []
                else:
                    used_in = entry.used_in or (month if month in late else None)
                    quantities.append(self._quantity(entry, contract, active, used_in))
        return known._replace(
            usage=[*known.usage, *quantities],
            usage_months=own,
            usage_ids=[*known.usage_ids, *(quantity.usage_id for quantity in quantities)],
            usage_before=before,
            prices=self._prices_of(quantities),
        )

    def _months(self, contract: Contract, closing: Closing) -> list[Month]:
        """The months of the closing; for the contract's last closing, also later months with usage entries that no
        other contract bills. Of a period in which the contract is not in force, only months that no other contract
        bills."""
        own = list(usage_months(closing.period, contract.cut_off_day))
        if not _is_last(contract, closing.period):
            return own
        left = usage.entries_from(self.tenant_id, closing.customer_id, own[-1].plus(1))
        later = sorted({entry.month for entry in left})
        is_in_force = contract.in_force(closing.period) is not None
        doubtful = later if is_in_force else [*own, *later]
        if not doubtful:
            return own
        agreed = contracts.contracts_of(self.tenant_id, closing.customer_id)
        others = [other for other in agreed if other.id != contract.id]
        unbilled = [month for month in doubtful if not billing_month(others, month)]
        return [*own, *unbilled] if is_in_force else unbilled

    def _is_taken(self, customer_id: str, month: Month) -> bool:
        """Whether another contract's closing has billed the month."""
        return bool(usage.finalised_months(self.tenant_id, [(customer_id, month)]))

    def _quantity(
        self, entry: UsageEntry, contract: Contract, active: Period, used_in: Month | None
    ) -> UsageQuantity:
        """`used_in` is the month of a late usage entry, which is billed in a line of its own (CLO-11)."""
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
        """The catalogue, plus an entry for each item used in a closed month: the same prices, with the month in its
        name."""
        late = {
            quantity.billing_item_id
            for quantity in used
            if quantity.is_late and quantity.billing_item_id is not None
        }
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
        """What a definition can refer to: one product of the catalogue."""
        return self._products.get(billing_item_id, ALL)

    @cached_property
    def _items(self) -> list[BillingItem]:
        return catalog.items(self.tenant_id)

    @cached_property
    def _taxes(self) -> TaxRates:
        return {code.code: code.history for code in tax_codes(self.tenant_id)}

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


def _is_last(contract: Contract, period: Period) -> bool:
    """Whether no closing of the contract comes after the period."""
    return contract.ends_on is not None and contract.ends_on <= period.end


def _must_look_again(contract: Contract, period: Period) -> bool:
    """Where usage that arrives or is removed while the closing freezes would be missed by all closings: after the
    contract's or an item's end; and always for usage entries, since they can be removed."""
    return (
        contract.mode is BillingMode.USAGE
        or _is_last(contract, period)
        or any(
            (item.left_on is not None and item.left_on in period) or item.left_on == period.end
            for item in contract.items
        )
    )
