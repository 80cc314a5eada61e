"""A taxable contract month by month: without a rate it waits for a clerk, then its charges include the tax of its
lines."""

from datetime import date

import pytest

from billing.catalog import tax_codes
from billing.closings import store, views
from billing.closings.service import activate
from billing.closings.starting import ClosingsRequest, start_closings
from billing.closings.states import ClosingStatus
from billing.closings.store import frozen as closings_frozen
from billing.contracts import proposals
from billing.contracts import store as kept
from billing.contracts.tools import NextVersions
from billing.core.errors import Refused
from billing.customers.store import customer_row
from tests.support.aws import InProcessAws
from tests.support.billing import customer
from tests.support.closings import begin, closing_of, on, put, read, table_of
from tests.support.contracts import (
    FEBRUARY,
    FEBRUARY_1,
    JANUARY,
    MARCH_1,
    MONO,
    PLAN,
    PRINTER,
    PRINTER_FIXED,
    TENANT,
    contract,
    printing,
)
from tests.support.machine import Walker
from tests.support.rating import told_again

CUSTOMER, CONTRACT = "cus_0002", "con_0002"
TAXED = {**MONO, "item_id": PRINTER["id"], "taxable": True, "tax_code": "antigo"}
ISS = {"description": "ISS", "valid_from": "2026-01-01"}


def rate(code: str, percent: str) -> None:
    new = tax_codes.NewTaxCode.model_validate({**ISS, "code": code, "percent": percent})
    tax_codes.add(on(FEBRUARY_1), new)


@pytest.mark.req("CHG-03", "CHG-07", "CHG-09", "CLO-04", "CLO-06")
def test_tax_of_a_closing_waits_for_its_rate_and_follows_the_items_code(aws: InProcessAws) -> None:
    put(customer_row(TENANT, customer(CUSTOMER)))
    begin(printing(CUSTOMER, items=[{**PRINTER, "tax_code": "iss-05"}], definitions=[TAXED, PRINTER_FIXED]))
    read(CUSTOMER, "7000", FEBRUARY_1)

    start_closings(on(FEBRUARY_1), Walker(), ClosingsRequest())

    waiting = closing_of(CUSTOMER, JANUARY)
    assert (waiting.status, waiting.pending) == (ClosingStatus.PROCESSED, {"rating.tax_code_unknown": 1})
    (issue,) = views.detail(on(FEBRUARY_1), CUSTOMER, waiting.id).issues
    assert issue.title == "Código tributário antigo sem alíquota em 01/01/2026"
    assert issue.remedy.startswith("Cadastre a alíquota do código tributário")
    assert table_of(CUSTOMER) == []

    rate("antigo", "2")
    start_closings(on(FEBRUARY_1), Walker(), ClosingsRequest())

    frozen = closing_of(CUSTOMER, JANUARY)
    assert (frozen.status, frozen.pending, str(frozen.total)) == (ClosingStatus.FROZEN, {}, "381.50")
    assert table_of(CUSTOMER) == [
        ("01/01/2026 a 31/01/2026", "10/02/2026", "1 - Locação de impressora", "50.00"),
        ("01/01/2026 a 31/01/2026", "10/02/2026", "1 - Páginas mono", "331.50"),  # 275.00 + 50.00 and 2 %
    ]
    lines = store.figures(TENANT, CUSTOMER, frozen.id, frozen.pages).lines
    assert [str(line.tax) for line in lines if line.tax is not None] == ["5.50", "1.00"]
    assert told_again(lines)
    shown = views.lines(on(FEBRUARY_1), CUSTOMER, frozen.id, None).items
    assert [row.why[-1] for row in shown if row.line.tax is not None] == [
        "imposto antigo de 2 % = R$ 5,50",
        "imposto antigo de 2 % = R$ 1,00",
    ]

    # the items' own codes from February on; the frozen January keeps what it was billed with
    rate("iss-05", "5")
    version = kept.get(TENANT, CUSTOMER, CONTRACT).version
    tool = proposals.tax_codes(NextVersions(valid_from=FEBRUARY_1))
    proposed = proposals.propose(on(FEBRUARY_1), CUSTOMER, CONTRACT, tool, closings_frozen)
    confirmed = proposals.Confirmation(proposal=proposed.proposal)
    proposals.carry_out(on(FEBRUARY_1), CUSTOMER, CONTRACT, version, tool, confirmed, closings_frozen)
    read(CUSTOMER, "9000", MARCH_1)
    start_closings(on(MARCH_1), Walker(), ClosingsRequest())

    assert closing_of(CUSTOMER, FEBRUARY).status is ClosingStatus.FROZEN
    assert table_of(CUSTOMER)[3:] == [
        ("01/02/2026 a 28/02/2026", "10/03/2026", "1 - Páginas mono", "288.75"),  # 275.00 and 5 %
    ]
    assert table_of(CUSTOMER)[:2] == [
        ("01/01/2026 a 31/01/2026", "10/02/2026", "1 - Locação de impressora", "50.00"),
        ("01/01/2026 a 31/01/2026", "10/02/2026", "1 - Páginas mono", "331.50"),
    ]


@pytest.mark.req("CHG-03", "CON-07")
def test_booklet_has_its_tax_from_the_activation_and_is_renewed_with_it(aws: InProcessAws) -> None:
    plan = {**PLAN, "taxable": True, "tax_code": "iss-05"}
    put(customer_row(TENANT, customer("cus_0001")))
    with pytest.raises(Refused, match="Código tributário iss-05 sem alíquota"):
        begin(contract("cus_0001", horizon_months=2, definitions=[plan]))
    rate("iss-05", "5")
    activate(on(date(2026, 1, 1)), "cus_0001", "con_0001", 1, date(2026, 1, 1))

    for day in (FEBRUARY_1, MARCH_1):
        start_closings(on(day), Walker(), ClosingsRequest())

    assert [row[2:] for row in table_of("cus_0001")] == [
        (f"1 - Fibra 500 Mega ({number}/2)", "94.50") for number in (1, 2, 1, 2)
    ]
