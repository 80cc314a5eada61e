"""How much of a rebate a payment used."""

from datetime import date

import pytest

from billing.bank_files.effects import rebate_taken
from billing.banking.occurrences import Occurrence, OccurrenceKind
from billing.core.money import ZERO, Money
from tests.support.invoices import invoice


def paid(
    amount: str, *, interest: str = "0", fine: str = "0", discount: str = "0", rebate: str = "0"
) -> Occurrence:
    return Occurrence(
        line_number=2,
        bank="341",
        agreement="0057 12345",
        kind=OccurrenceKind.SETTLED,
        movement="06",
        movement_text="Liquidação",
        reasons=(),
        nosso_numero="00000007",
        carteira="109",
        our_reference="",
        document_number="7",
        due_on=date(2026, 4, 10),
        occurred_on=date(2026, 4, 9),
        credited_on=date(2026, 4, 10),
        title_amount=Money("100.00"),
        paid_amount=Money(amount),
        interest=Money(interest),
        fine=Money(fine),
        discount=Money(discount),
        rebate=Money(rebate),
        tariff=ZERO,
        net_credited=Money(amount),
        payment_channel="",
        pix_emv="",
        raw=("",),
    )


@pytest.mark.req("BNK-05", "BNK-06")
@pytest.mark.parametrize(
    ("payment", "taken"),
    [
        (paid("90.00"), "10.00"),
        (paid("90.01"), "9.99"),
        (paid("95.00"), "5.00"),
        (paid("99.99"), "0.01"),
        (paid("100.00"), "0.00"),
        (paid("100.01"), "0.00"),
        (paid("89.99"), "10.00"),
        (paid("103.00", interest="1.00", fine="2.00"), "0.00"),
        (paid("98.00", interest="1.00", fine="2.00"), "5.00"),
        (paid("95.00", discount="5.00"), "0.00"),
        (paid("85.00", discount="5.00"), "10.00"),
        (paid("100.00", rebate="7.00"), "7.00"),
    ],
)
def test_granted_rebate_covers_what_is_missing_and_no_more(payment: Occurrence, taken: str) -> None:
    """For an invoice of R$ 100.00 with a rebate of R$ 10.00; a line that states the rebate is believed."""
    assert rebate_taken(payment, invoice(rebate=Money("10.00"))) == Money(taken)


@pytest.mark.req("BNK-05")
def test_without_a_rebate_or_an_invoice_nothing_is_missing() -> None:
    assert rebate_taken(paid("90.00"), invoice()) == ZERO
    assert rebate_taken(paid("90.00"), None) == ZERO
