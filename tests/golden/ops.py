"""Each golden op as a call of the domain: it reads the input and names the output, and computes nothing."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from billing.catalog.prices import price_in_force
from billing.closings.periods import freeze_early, may_unfreeze
from billing.closings.totals import ClosingTotals, total_charged
from billing.core.money import Money
from billing.core.period import Month, Period, anniversaries, closing_period
from billing.fiscal.withholdings import (
    ContributionRounding,
    WithholdingNature,
    WithholdingSettings,
    WithholdingTerms,
    federal_rules,
    withhold,
)
from billing.payments.discounts import discounted_with_tax, manual_settlement, on_time
from billing.payments.instalments import Interest, instalments
from billing.payments.late_charges import LateTerms, days_between, days_late, late_charges
from billing.rating.carry_over import carry
from billing.rating.definition import Category, ChargeDefinition
from billing.rating.energy import utility_share
from billing.rating.engine import rate
from billing.rating.levels import level_line
from billing.rating.meters import MeterValue, RatedMeter, bill
from billing.rating.pricing.allowance import Allowance
from billing.rating.pricing.blocks import Blocks
from billing.rating.pricing.flat_bands import FlatBands
from billing.rating.pricing.graduated import Graduated
from billing.rating.pricing.minimum_commitment import MinimumCommitment, true_up
from billing.rating.pricing.models import amount_of, percentage_of
from billing.rating.pricing.package import Package
from billing.rating.pricing.partial_passage import Passage, PassageMode
from billing.rating.pricing.per_unit import PerUnit
from billing.rating.pricing.percentage import Percentage
from billing.rating.pricing.shared_allowance import shared
from billing.rating.pricing.volume import Volume
from billing.rating.proration import Basis, prorate, prorate_days
from billing.rating.rounding import Rounding, rounded
from billing.rating.taxes import taxed, taxes_of
from billing.rating.terms import RatingInput, UsageQuantity
from billing.rating.transaction import Parameters, transaction

Case = dict[str, Any]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _money(amounts: list[str]) -> list[Money]:
    return [Money(amount) for amount in amounts]


def _exact(amounts: list[str]) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def _without(case: Case, *names: str) -> Case:
    return {name: value for name, value in case.items() if name not in names}


def per_unit(case: Case) -> Any:
    return amount_of(PerUnit.model_validate(_without(case, "quantity")), Decimal(case["quantity"]))


def graduated(case: Case) -> Any:
    return amount_of(Graduated.model_validate(_without(case, "quantity")), Decimal(case["quantity"]))


def volume(case: Case) -> Any:
    return amount_of(Volume.model_validate(_without(case, "quantity")), Decimal(case["quantity"]))


def package(case: Case) -> Any:
    return amount_of(Package.model_validate(_without(case, "quantity")), Decimal(case["quantity"]))


def blocks(mode: str) -> Callable[[Case], Any]:
    def run(case: Case) -> Any:
        model = Blocks.model_validate({"mode": mode, "blocks": case["blocks"]})
        billed = case.get("already_billed")
        return amount_of(model, Decimal(case["quantity"]), already_billed=Money(billed) if billed else None)

    return run


def percentage(case: Case) -> Any:
    return percentage_of(Percentage.model_validate(_without(case, "events")), _exact(case["events"]))


def allowance(case: Case) -> Any:
    return amount_of(Allowance.model_validate(_without(case, "pages")), Decimal(case["pages"]))


def individual_allowances(case: Case) -> Any:
    model = Allowance.model_validate(_without(case, "pages"))
    return Money.sum(amount_of(model, pages) for pages in _exact(case["pages"]))


def shared_allowance(case: Case) -> Any:
    total, shares = shared(_exact(case["pages"]), Allowance.model_validate(_without(case, "pages")))
    return {"total": total, "shares": shares}


def flat_bands(case: Case) -> Any:
    return amount_of(FlatBands.model_validate(_without(case, "pages")), Decimal(case["pages"]))


def partial_passage(case: Case) -> Any:
    model = Allowance.model_validate(_without(case, "pages", "days", "period_days", "mode"))
    passage = Passage.of(int(case["days"]), int(case["period_days"]), PassageMode(case["mode"]))
    return amount_of(model, Decimal(case["pages"]), passage=passage)


def one_transaction(case: Case) -> Any:
    parameters = Parameters.model_validate(_without(case, "quantity", "unit_price"))
    return transaction(Decimal(case["quantity"]), Decimal(case["unit_price"]), parameters)


def level(case: Case) -> Any:
    return level_line(
        Money(case["base"]),
        Parameters.model_validate(_without(case, "base", "only_if_positive")),
        only_if_positive=case.get("only_if_positive", False),
    )


def three_levels(case: Case) -> Any:
    """The whole engine: a definition for each level, one fuel transaction for each given one."""
    on, period = date(2026, 1, 15), Period.of_month(Month("2026-01"))
    own = {"valid_from": period.start, "category": Category.FUEL, "scope": "contract"}
    definitions = [{"definition_id": "transaction", **own}]
    for name, given in case.get("subcategory", {}).items():
        definitions.append(
            {"definition_id": name, "subcategory": name, "level": "subcategory", **own, **_level(given)}
        )
    if case.get("category"):
        definitions.append(
            {"definition_id": "category", "level": "category", **own, **_level(case["category"])}
        )
    usage = [
        UsageQuantity(
            None,
            None,
            Decimal(entry["quantity"]),
            Decimal(entry["unit_price"]),
            Category.FUEL,
            entry["subcategory"],
            None,
            on,
            usage_id=f"{number:04d}",
        )
        for number, entry in enumerate(case["transactions"])
    ]
    rating = rate(
        RatingInput(
            period,
            definitions=[ChargeDefinition.model_validate(definition) for definition in definitions],
            usage=usage,
        )
    )
    levels = {line.definition_id: line.amount for line in rating.lines if line.kind == "level"}
    return {
        "transactions": [line.amount for line in rating.lines if line.kind == "transaction"],
        "subcategory": {name: amount for name, amount in levels.items() if name != "category"},
        "category": levels.get("category", "0.00"),
        "total": rating.total,
    }


def _level(given: Case) -> Case:
    return {
        "parameters": _without(given, "only_if_positive"),
        "only_if_positive": given.get("only_if_positive", False),
    }


def share_of_bill(case: Case) -> Any:
    given = {name: Decimal(case[name]) for name in ("percent", "item_area", "source_area") if name in case}
    return utility_share(Money(case["amount"]), **given)


def carry_over(case: Case) -> Any:
    store, periods = Decimal(0), []
    for used in case["uses"]:
        outcome = carry(Decimal(used), Decimal(case["minimum"]), store, is_active=case.get("active", True))
        store = outcome.balance
        periods.append({"billed": outcome.billed, "store": outcome.balance})
    return periods


def estimated_usage(case: Case) -> Any:
    readings = tuple(
        MeterValue(_day(on), Decimal(value))
        for period in case["periods"]
        for on, value in period.get("readings", ())
    )
    meter = RatedMeter(
        Decimal(case["initial"]), _day(case["periods"][0]["start"]), readings, Decimal(case["daily"])
    )
    billed_before, periods = Decimal(0), []
    for period in case["periods"]:
        now = bill(meter, _day(period["end"]), billed_before)
        billed_before = now.position.units
        periods.append({"billed": now.units, "days_since_reading": now.position.days_since_reading})
    return periods


def proration_fraction(case: Case) -> Any:
    return prorate_days(Money(case["amount"]), int(case["days"]), int(case["period"]))


def proration_dates(case: Case) -> Any:
    part = Period(_day(case["from"]), _day(case["to"]))
    whole = Period(_day(case["period_from"]), _day(case["period_to"]))
    return prorate(Money(case["amount"]), part, whole, Basis(case.get("basis", "actual")))._asdict()


def fraction_with_tax(case: Case) -> Any:
    base = prorate_days(Money(case["amount"]), int(case["days"]), int(case["period"]))
    line, tax, total = taxed(base, Decimal(case["tax_percent"]))
    return {"base": line, "tax": tax, "total": total}


def minimum_true_up(case: Case) -> Any:
    model = MinimumCommitment.model_validate({"minimum": case["minimum"]})
    return true_up(model, Money(case["used"]), Passage(int(case["days"]), int(case["period"])))


def allocate(case: Case) -> Any:
    return Money(case["total"]).allocate(_exact(case["weights"]))


def days_after_due(case: Case) -> Any:
    holidays = [_day(day) for day in case.get("holidays", ())]
    return days_late(_day(case["due"]), _day(case["paid"]), holidays)


def charges_for_lateness(case: Case) -> Any:
    given = _without(case, "amount", "days", "mode")
    terms = LateTerms.model_validate({**given, "rounding": case.get("mode", "half_up")})
    return late_charges(Money(case["amount"]), int(case["days"]), terms)._asdict()


def plain_instalments(case: Case) -> Any:
    parts = instalments(
        Money(case["total"]),
        int(case["n"]),
        first_due_on=_day(case["first_due"]),
        every_days=int(case["days"]),
    )
    return [part.total for part in parts]


def instalments_with_interest(case: Case) -> Any:
    interest = Interest(_day(case["base"]), Decimal(case["monthly_interest_percent"]))
    parts = instalments(
        Money(case["total"]),
        int(case["n"]),
        first_due_on=_day(case["first_due"]),
        every_days=int(case["days"]),
        interest=interest,
    )
    return [[part.due_on.isoformat(), part.principal, part.interest, part.total] for part in parts]


def on_time_discount(case: Case) -> Any:
    given = on_time(
        Money(case["amount"]),
        Money(case["discount"]),
        deadline=_day(case["deadline"]),
        paid_on=_day(case["paid"]),
    )
    return given._asdict()


def settled_by_hand(case: Case) -> Any:
    amount = case.get("amount")
    return manual_settlement(Money(case["invoice"]), None if amount is None else Money(amount))._asdict()


def withholdings(case: Case) -> Any:
    """The table for those who have these rates: contributions rounded together (Lei 10.833/2003, art. 31)."""
    natures, table = [], [rule for rule in federal_rules() if rule.code == "ISS"]
    for nature, code, tax in (
        (WithholdingNature.PROFESSIONAL, "IRRF_PROFESSIONAL", "irrf"),
        (WithholdingNature.LABOUR_ASSIGNMENT, "INSS", "inss"),
    ):
        if case.get(tax) is not None:
            natures.append(nature)
            table += [rule.evolve(parts={tax: case[tax]}) for rule in federal_rules() if rule.code == code]
    if case.get("pis_cofins_csll", False):
        natures.append(WithholdingNature.CONTRIBUTIONS)
        table += [rule for rule in federal_rules() if rule.natures == (WithholdingNature.CONTRIBUTIONS,)]
    paid_on = _day(case.get("paid_on", "2026-01-15"))
    service = WithholdingTerms.model_validate(
        {"natures": natures, "withholder": "company", "iss_percent": case.get("iss")}
    )
    settings = WithholdingSettings(contributions=ContributionRounding.WHOLE)
    withheld = withhold(
        Money(case["base"]), service, issued_on=paid_on, paid_on=paid_on, settings=settings, table=table
    )
    return {
        **withheld._asdict(),
        "pis_cofins_csll": withheld.contributions,
        "total_withheld": withheld.total,
    }


def tax_per_line(case: Case) -> Any:
    taxes, total = taxes_of(_money(case["lines"]), Decimal(case["tax_percent"]))
    return {"taxes": taxes, "total_tax": total}


def line_with_discount(case: Case) -> Any:
    line = discounted_with_tax(
        Decimal(case["quantity"]),
        Decimal(case["unit_price"]),
        Decimal(case["discount_percent"]),
        Decimal(case["tax_percent"]),
    )
    return line._asdict()


def round_to_cents(case: Case) -> Any:
    return rounded(Decimal(case["amount"]), Rounding(case.get("mode", "half_up")))


def closing_total(case: Case) -> Any:
    totals = ClosingTotals(
        production=Money.sum(_money(case.get("production", []))),
        items_fixed=Money.sum(_money(case.get("printer_fixed", []))),
        contract_fixed=Money.sum(_money(case.get("contract_fixed", []))),
        surcharges=Money.sum(_money(case.get("surcharges", []))),
        discounts=Money.sum(_money(case.get("discounts", []))),
    )
    return {"total": totals.total, "credit": totals.credit}


def early_freeze(case: Case) -> Any:
    start, end = case["period"]
    periods = freeze_early(
        Period(_day(start), _day(end)),
        _day(case["frozen_on"]),
        next_end=_day(case["next_end"]),
        merge_remaining=case["merge_remaining"],
    )
    return [_ends(period) for period in periods]


def _ends(period: Period) -> list[str]:
    return [period.start.isoformat(), period.end.isoformat()]


def price_of_month(case: Case) -> Any:
    prices = [(Month(start), Decimal(price)) for start, price in case["prices"]]
    return price_in_force(prices, Month(case["month"]))


def invoice_items(case: Case) -> Any:
    lines = [
        amount_of(PerUnit.model_validate({"unit_price": price}), Decimal(quantity))
        for quantity, price in case["items"]
    ]
    return {"lines": lines, "total": Money.sum(lines)}


OPS: dict[str, Callable[[Case], Any]] = {
    "allocate": allocate,
    "allowance": allowance,
    "anniversaries": lambda case: anniversaries(_day(case["start"]), int(case["n"])),
    "blocks_all_tiers": blocks("all_tiers"),
    "blocks_delta": blocks("delta"),
    "blocks_top_tier": blocks("top_tier"),
    "carry_over": carry_over,
    "closing_period": lambda case: _ends(closing_period(Month(case["month"]), int(case["day"]))),
    "closing_total": closing_total,
    "days_between": lambda case: days_between(_day(case["from"]), _day(case["to"])),
    "days_late": days_after_due,
    "early_freeze": early_freeze,
    "estimated_usage": estimated_usage,
    "flat_bands": flat_bands,
    "fraction_with_tax": fraction_with_tax,
    "graduated": graduated,
    "individual_allowances": individual_allowances,
    "instalments": plain_instalments,
    "instalments_with_interest": instalments_with_interest,
    "invoice_items": invoice_items,
    "late_charges": charges_for_lateness,
    "level": level,
    "line_with_discount": line_with_discount,
    "manual_settlement": settled_by_hand,
    "may_unfreeze": lambda case: may_unfreeze(_day(case["frozen_on"]), _day(case["today"])),
    "minimum_true_up": minimum_true_up,
    "on_time_discount": on_time_discount,
    "package": package,
    "partial_passage": partial_passage,
    "per_unit": per_unit,
    "percentage": percentage,
    "price_in_force": price_of_month,
    "proration_dates": proration_dates,
    "proration_fraction": proration_fraction,
    "round": round_to_cents,
    "shared_allowance": shared_allowance,
    "tax_per_line": tax_per_line,
    "three_levels": three_levels,
    "total_charged": lambda case: total_charged(Money(case["due_amount"]), Money(case["charged"]))._asdict(),
    "transaction": one_transaction,
    "utility_share": share_of_bill,
    "volume": volume,
    "withholdings": withholdings,
}
