"""A utility bill stays as it was in the frozen closings that billed it (USE-07, CHG-06, CLO-11)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest

from billing.access.call import Call
from billing.closings import service as closing_service
from billing.closings import store as closings
from billing.closings import unfreezing
from billing.closings.model import Closing, FreezeRequest
from billing.contracts.model import Contract
from billing.core.errors import Refused
from billing.core.money import Money
from billing.core.period import Month
from billing.usage import bills, utility_bills
from billing.usage.bills import NewUtilityBill, UtilityBill
from infra.local import audit, usage_audit
from tests.support.aws import InProcessAws
from tests.support.closings import begin, closing_of, on
from tests.support.contracts import FEBRUARY, FEBRUARY_1, JANUARY, MARCH, MARCH_1, TENANT, contract
from tests.support.cutting import meanwhile

BUILDING = "Edifício Aurora"
SHOP, OFFICE = "cus_0001", "cus_0002"
pytestmark = pytest.mark.req("USE-07", "CHG-06", "CLO-11")


def sharing(customer_id: str = SHOP, percent: str = "10", **changes: object) -> Contract:
    energy = {
        "definition_id": "def_energy",
        "valid_from": "2025-01-01",
        "category": "energy",
        "scope": "contract",
        "billing_description": "Energia",
        "energy": {"billing_percentage": percent, "utility_bill_source": BUILDING},
    }
    return contract(customer_id, mode="closing", definitions=[energy], **changes)


def billed(amount: str, month: Month = JANUARY) -> NewUtilityBill:
    return NewUtilityBill(source=BUILDING, month=month, amount=Money(amount))


def receive(*new: NewUtilityBill, day: date = FEBRUARY_1) -> list[str]:
    """The reasons for which bills are refused."""
    report = utility_bills.count_bills(on(day), enumerate(new, start=1), pytest.fail).report()
    return [reason.code for line in report.refused for reason in line.reasons]


def correct(amount: str, month: Month = JANUARY, day: date = FEBRUARY_1) -> UtilityBill:
    version = bills.get_bill(TENANT, BUILDING, month).version
    return utility_bills.correct(on(day), version, billed(amount, month))


def freeze(customer_id: str = SHOP, month: Month = JANUARY, day: date = FEBRUARY_1) -> Closing:
    closing = closing_of(customer_id, month)
    return closing_service.freeze(
        on(day), customer_id, closing.id, closing.version, FreezeRequest(confirm=True)
    )


def unfreeze(frozen: Closing) -> Closing:
    return unfreezing.unfreeze(on(FEBRUARY_1), frozen.customer_id, frozen.id, frozen.version)


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as raised:
        act()
    return [reason.code for reason in raised.value.reasons]


def lines(closing: Closing) -> list[str]:
    figures = closings.figures(TENANT, closing.customer_id, closing.id, closing.pages)
    return [str(line.amount) for line in figures.lines]


def audited() -> list[str]:
    return [finding.rule for finding in usage_audit.findings(audit.usage_books(TENANT))]


def test_bill_is_corrected_until_a_closing_is_frozen_with_it(aws: InProcessAws) -> None:
    begin(sharing(SHOP, "10"))
    begin(sharing(OFFICE, "20"))
    assert receive(billed("1000.00")) == []
    correct("900.00")
    first = freeze(SHOP)
    assert refused(lambda: correct("800.00")) == ["utility_bill.billed"]
    freeze(OFFICE)

    assert bills.get_bill(TENANT, BUILDING, JANUARY).amount == Money("900.00")
    assert (lines(closing_of(SHOP, JANUARY)), lines(closing_of(OFFICE, JANUARY))) == (["90.00"], ["180.00"])
    unfreeze(first)
    assert refused(lambda: correct("800.00")) == ["utility_bill.billed"]  # the office's is frozen
    assert audited() == []


def test_bill_is_corrected_once_every_closing_with_it_is_unfrozen(aws: InProcessAws) -> None:
    begin(sharing())
    receive(billed("1000.00"))
    unfreeze(freeze())
    correct("800.00")

    assert lines(freeze()) == ["80.00"]
    assert refused(lambda: correct("700.00")) == ["utility_bill.billed"]
    assert audited() == []


def test_refusal_names_the_closings_that_the_caller_sees(aws: InProcessAws) -> None:
    begin(sharing())
    receive(billed("1000.00"))
    freeze()
    with pytest.raises(Refused) as raised:
        correct("900.00")
    (reason,) = raised.value.reasons
    assert "01/01/2026 a 31/01/2026" in reason.message
    assert "Fibra 500 Mega" in reason.message

    stranger = on(FEBRUARY_1)
    stranger = Call(
        TENANT, stranger.actor, type(stranger.scope).of("com_beta"), stranger.permissions, stranger.clock
    )
    with pytest.raises(Refused) as raised:
        utility_bills.correct(stranger, 1, billed("900.00"))
    assert "Fibra" not in raised.value.reasons[0].message


def test_bills_of_other_months_and_sources_are_corrected_all_the_same(aws: InProcessAws) -> None:
    begin(sharing())
    receive(billed("1000.00"), billed("500.00", FEBRUARY))
    freeze()

    assert correct("600.00", FEBRUARY).amount == Money("600.00")
    assert lines(freeze(SHOP, FEBRUARY, MARCH_1)) == ["60.00"]


def test_bill_that_comes_after_a_person_passed_over_its_absence_is_refused(aws: InProcessAws) -> None:
    begin(sharing())
    frozen = freeze()
    assert frozen.pending == {"rating.utility_bill_missing": 1}
    assert receive(billed("1000.00")) == ["utility_bill.billed"]
    assert bills.find_bill(TENANT, BUILDING, JANUARY) is None

    unfreeze(frozen)
    assert receive(billed("1000.00")) == []
    assert lines(freeze()) == ["100.00"]
    assert audited() == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("arrives", ["correction", "bill"])
def test_bill_that_changes_at_the_moment_of_the_freeze_is_billed_as_it_is_or_refused(
    aws: InProcessAws, arrives: str, moment: str
) -> None:
    begin(sharing())
    if arrives == "correction":
        receive(billed("1000.00"))

    def arrive() -> None:
        if arrives == "bill":
            receive(billed("800.00"))
            return
        with suppress(Refused):
            correct("800.00")

    with meanwhile(aws, 0, arrive, moment=moment), suppress(Exception):
        freeze()
    frozen = freeze() if not closing_of(SHOP, JANUARY).is_frozen else closing_of(SHOP, JANUARY)

    there = bills.find_bill(TENANT, BUILDING, JANUARY)
    assert lines(frozen) == ([] if there is None else [str(Money.from_cents(there.amount.cents // 10))])
    assert audited() == []


@pytest.mark.parametrize("act", ["correct", "receive"])
def test_correction_is_refused_when_a_closing_freezes_while_it_is_written(
    aws: InProcessAws, act: str
) -> None:
    begin(sharing())
    if act == "correct":
        receive(billed("1000.00"))
    with meanwhile(aws, 0, lambda: freeze() and None):
        codes = refused(lambda: correct("800.00")) if act == "correct" else receive(billed("800.00"))

    assert codes == ["utility_bill.billed"]
    assert audited() == []


def test_first_days_before_the_cut_off_take_their_part_of_the_bill_of_their_closing_month(
    aws: InProcessAws,
) -> None:
    """From 10/01 with the cut-off on the 20th: 10 of the 31 days of December's closing month, and then the whole of
    January's."""
    begin(sharing(cut_off_day=20, starts_on=date(2026, 1, 10)))
    receive(billed("3100.00", Month("2025-12")), billed("1000.00", JANUARY))
    first = freeze(SHOP, JANUARY, date(2026, 1, 20))
    second = next(
        closing for closing in closings.closings_of(TENANT, SHOP) if closing.previous_id == first.id
    )
    second = closing_service.freeze(
        on(date(2026, 2, 20)), SHOP, second.id, second.version, FreezeRequest(confirm=True)
    )

    assert (lines(first), lines(second)) == (["100.00"], ["100.00"])
    assert audited() == []


def test_merged_days_take_the_bills_of_both_months(aws: InProcessAws) -> None:
    """Frozen on 15/01 with the remaining days merged: 14 of 31 days of January's bill, then 17 of 31 and February's."""
    begin(sharing())
    receive(billed("3100.00"), billed("1000.00", FEBRUARY))
    closing = closing_of(SHOP, JANUARY)
    request = FreezeRequest(confirm=True, merge_remaining=True)
    early = closing_service.freeze(on(date(2026, 1, 15)), SHOP, closing.id, closing.version, request)
    merged = next(
        closing for closing in closings.closings_of(TENANT, SHOP) if closing.previous_id == early.id
    )
    merged = closing_service.freeze(on(MARCH_1), SHOP, merged.id, merged.version, FreezeRequest(confirm=True))

    assert (lines(early), lines(merged)) == (["140.00"], ["170.00", "100.00"])
    assert refused(lambda: correct("1.00", FEBRUARY)) == ["utility_bill.billed"]
    assert audited() == []


def test_audit_finds_bills_that_are_lost_changed_in_no_line_or_of_another_month(aws: InProcessAws) -> None:
    begin(sharing())
    receive(billed("1000.00"), billed("400.00", MARCH), billed("500.00", Month("2025-12")))
    freeze()
    assert audited() == ["bill_lost"]  # of a month before the contract
    books = audit.usage_books(TENANT)
    bill = next(bill for bill in books.bills if bill.month == JANUARY)
    (closing_id,) = {closing.id for closing in books.closings if closing.is_frozen}
    figures = books.figures[closing_id]
    (taken,) = figures.bills

    def rules(figures: object = figures, **changes: object) -> list[str]:
        spoilt = books.__class__(
            **{**books.__dict__, "figures": {**books.figures, closing_id: figures}, **changes}
        )
        return [finding.rule for finding in usage_audit.findings(spoilt) if finding.rule != "bill_lost"]

    assert rules() == []
    assert rules(figures._replace(lines=())) == ["bill_line"]
    dearer = bill.evolve(amount=Money("1200.00"))
    assert rules(bills=[dearer]) == ["bill_line"]
    assert rules(bills=[dearer.evolve(version=2)]) == ["bill_line", "bill_changed"]
    moved = taken.evolve(month=FEBRUARY)
    assert "bill_month" in rules(figures._replace(bills=(moved,)))
    assert "bill_lost" in [
        finding.rule
        for finding in usage_audit.findings(
            books.__class__(
                **{
                    **books.__dict__,
                    "figures": {**books.figures, closing_id: figures._replace(bills=())},
                    "bills": [bill],
                }
            )
        )
    ]
