"""What a closing gives back: deducted from the charges of the same invoice, or the customer's credit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.core.money import ZERO, Money
from billing.invoicing.charge import Charge
from billing.invoicing.credits import crediting
from billing.invoicing.difference import proposed_minus_existing
from billing.invoicing.states import ChargeStatus
from tests.support.invoices import charge


def of(amount: str, definition_id: str = "def_plan", **changes: object) -> Charge:
    return charge(amount=Money(amount), definition_id=definition_id, closing_id="clo_1", **changes)


def amounts(charges: list[Charge]) -> list[tuple[str, bool]]:
    return [(str(part.amount), part.is_credit) for part in charges]


@pytest.mark.req("CLO-04", "PAY-08")
def test_what_the_charges_of_the_same_invoice_absorb_stays_a_charge() -> None:
    assert amounts(crediting([of("-40.00")], [of("90.00", "def_tv")], "clo_1")) == [("-40.00", False)]
    assert amounts(crediting([of("-40.00"), of("90.00", "def_tv")], [], "clo_1")) == [
        ("-40.00", False),
        ("90.00", False),
    ]


@pytest.mark.req("CLO-04", "PAY-08")
def test_what_no_charge_absorbs_is_credit_of_its_source() -> None:
    elsewhere = of("90.00", "def_tv", due_on=date(2026, 4, 20))

    (given_back,) = crediting([of("-40.00")], [elsewhere], "clo_1")

    assert (given_back.amount, given_back.credit_of, given_back.id) == (
        Money("-40.00"),
        "clo_1",
        of("-40.00").id,
    )


@pytest.mark.req("CLO-04", "PAY-08")
def test_part_that_no_charge_absorbs_is_credit_and_the_other_accounts_for_all_that_was_proposed() -> None:
    credited = crediting([of("-40.00")], [of("15.00", "def_tv")], "clo_1")

    assert amounts(credited) == [("-15.00", False), ("-25.00", True)]
    assert proposed_minus_existing(credited[:1], [of("-40.00")]) == []
    assert credited[1].origin is None


@pytest.mark.req("CLO-07", "PAY-08")
def test_credit_used_in_part_still_accounts_for_all_that_was_proposed() -> None:
    (credit,) = crediting([of("-40.00")], [], "clo_1")

    used, left = credit.split(Money("5.00"), "inv_1")
    again, _ = used.split(Money("2.00"), "inv_2")

    assert left is not None
    assert (used.amount, left.amount, left.is_credit) == (Money("-5.00"), Money("-35.00"), True)
    assert proposed_minus_existing([used, left], [of("-40.00")]) == []
    assert proposed_minus_existing([again], [of("-40.00")]) == []


@pytest.mark.req("CLO-04", "PAY-08", "INV-18")
@given(
    st.lists(st.integers(-9_000, 9_000).filter(bool), max_size=6),
    st.lists(st.integers(1, 9_000), max_size=3),
)
def test_nothing_given_back_is_lost_and_no_invoice_is_below_zero(made: list[int], there: list[int]) -> None:
    charges = [of(str(Money.from_cents(cents)), f"def_{n}") for n, cents in enumerate(made)]
    unbilled = [of(str(Money.from_cents(cents)), f"old_{n}") for n, cents in enumerate(there)]

    credited = crediting(charges, unbilled, "clo_1")

    in_invoice = Money.sum(part.amount for part in (*credited, *unbilled) if not part.is_credit)
    assert Money.sum(part.amount for part in credited) == Money.from_cents(sum(made))
    assert in_invoice >= ZERO
    assert all(part.amount < ZERO for part in credited if part.is_credit)
    assert in_invoice == ZERO or not any(part.is_credit for part in credited)
    assert proposed_minus_existing(credited, charges) == []
    assert len({part.id for part in credited}) == len(credited)


@pytest.mark.parametrize(
    ("target", "made"),
    [("100.00", []), ("40.00", []), ("0.00", []), ("130.00", ["30.00"]), ("-10.00", ["-10.00"])],
)
@pytest.mark.req("CON-04", "CTR-03")
def test_removed_instalment_is_neither_billed_again_nor_credited(target: str, made: list[str]) -> None:
    removed = charge(status=ChargeStatus.REMOVED)

    credited = proposed_minus_existing([removed], [charge(amount=Money(target))])

    assert [str(part.amount) for part in credited] == made


@pytest.mark.req("CLO-07", "PAY-08")
def test_credit_that_is_no_longer_given_is_taken_back_by_a_charge() -> None:
    (credit,) = crediting([of("-40.00")], [], "clo_1")

    (back,) = proposed_minus_existing([credit], [])

    assert (back.amount, back.is_credit) == (Money("40.00"), False)


@pytest.mark.req("CLO-04", "PAY-08")
def test_each_charge_that_is_credit_in_part_is_split() -> None:
    later = date(2026, 5, 20)
    parted = crediting(
        [of("-40.00"), of("-30.00", due_on=later)],
        [of("15.00", "def_tv"), of("10.00", "def_tv", due_on=later)],
        "clo_1",
    )

    assert amounts(parted) == [("-15.00", False), ("-25.00", True), ("-10.00", False), ("-20.00", True)]
