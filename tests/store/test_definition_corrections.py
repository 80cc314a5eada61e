"""A mistyped price can be corrected while no closing was frozen with it, and never without effect (CHG-03, CLO-12)."""

from contextlib import suppress
from datetime import date

import pytest

from billing.closings.store import frozen
from billing.contracts import service
from billing.contracts.model import Contract
from billing.contracts.store import contract_row, get
from billing.core.errors import Conflict, Refused
from billing.rating.definition import ChargeDefinition
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles
from tests.support.closings import begin, close_all, closing_of, on, put
from tests.support.contracts import FEBRUARY_1, JANUARY, PLAN, TENANT, contract
from tests.support.cutting import meanwhile

pytestmark = pytest.mark.req("CHG-03", "CTR-02", "CLO-12")


def correct(amount: str, valid_from: str, day: date = FEBRUARY_1) -> Contract:
    known = get(TENANT, "cus_0001", "con_0001")
    fields = {**PLAN, "valid_from": valid_from, "pricing": {"kind": "flat", "amount": amount}}
    definition = ChargeDefinition.model_validate(fields)
    return service.put_definition(on(day), "cus_0001", "con_0001", known.version, definition, frozen)


def test_price_is_replaced_before_or_after_activation_until_a_closing_is_frozen(aws: InProcessAws) -> None:
    put(contract_row(TENANT, contract()))
    assert [d.version for d in correct("80.00", "2025-01-01").definitions] == [2]
    put_again = get(TENANT, "cus_0001", "con_0001")
    assert len(put_again.definitions) == 1


def test_closing_bills_the_price_as_corrected(aws: InProcessAws) -> None:
    begin(contract())
    correct("80.00", "2025-01-01")
    close_all(FEBRUARY_1, MemoryFiles())

    assert str(closing_of("cus_0001", JANUARY).total) == "80.00"


@pytest.mark.parametrize(
    ("day", "holds"), [("2026-01-31", False), ("2026-02-01", True), ("2026-02-02", True)]
)
def test_version_never_starts_in_frozen_days(aws: InProcessAws, day: str, holds: bool) -> None:
    begin(contract())
    close_all(FEBRUARY_1, MemoryFiles())
    if holds:
        assert len(correct("80.00", day).definitions) == 2
        return
    with pytest.raises(Refused) as refused:
        correct("80.00", day)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field) == ("definition.frozen", "valid_from")
    assert "a partir de 01/02/2026" in reason.message


def test_correction_during_a_freeze_is_refused(aws: InProcessAws) -> None:
    begin(contract())
    with meanwhile(aws, 0, lambda: close_all(FEBRUARY_1, MemoryFiles())), pytest.raises(Conflict):
        correct("80.00", "2026-01-15")

    assert closing_of("cus_0001", JANUARY).is_frozen
    assert len(get(TENANT, "cus_0001", "con_0001").definitions) == 1


@pytest.mark.parametrize("point", range(4))
def test_correction_in_the_moment_of_a_freeze_is_billed_by_it_or_refused(
    aws: InProcessAws, point: int
) -> None:
    """The freeze requires that the contract is unchanged, and computes again."""
    begin(contract())

    def arrive() -> None:
        with suppress(Refused):
            correct("80.00", "2025-01-01")

    with meanwhile(aws, point, arrive):
        close_all(FEBRUARY_1, MemoryFiles())

    january = closing_of("cus_0001", JANUARY)
    (definition,) = get(TENANT, "cus_0001", "con_0001").definitions
    assert (january.is_frozen, str(january.total)) == (True, "80.00" if definition.version == 2 else "90.00")
