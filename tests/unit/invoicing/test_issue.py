"""From charges to invoices: grouping, credit, the keys of a manifest."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking import preflight
from billing.banking.instructions import Discount, Instruction, Movement, Payer, Title
from billing.banking.pix import read_code
from billing.core.errors import Refused
from billing.core.money import ZERO, Money
from billing.customers.model import PersonKind
from billing.invoicing import issue
from billing.invoicing.charge import Charge, OnTimeDiscount
from billing.invoicing.issue import Draft, Group
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.invoicing.store import Unbilled
from tests.support.billing import customer, profile
from tests.support.invoices import a_credit, charge

TENTH = date(2026, 4, 10)
PAYER = Payer("52998224725", "Ana", "Rua A 1", "Centro", "20040002", "Rio de Janeiro", "RJ")
GROUP = Group("cus_ana0", TENTH, "pro_itau", ("chg_1",))


def unbilled(charge_id: str, **changes: object) -> Unbilled:
    return Unbilled("cus_ana0", charge_id, TENTH, "pro_itau", None)._replace(**changes)  # type: ignore[arg-type]


def drafted(*charges: Charge, **of_profile: object) -> Draft:
    paid_by = profile(**of_profile)
    return issue.draft(
        GROUP, charges, customer("cus_ana0"), paid_by, invoice_id="inv_1", issued_on=date(2026, 4, 1)
    )


@pytest.mark.req("CTR-09", "CON-06")
def test_charges_of_one_customer_day_profile_and_grouping_go_together() -> None:
    groups = issue.group(
        [
            unbilled("chg_2"),
            unbilled("chg_1"),
            unbilled("chg_3", grouping="tv"),
            unbilled("chg_4", payment_profile_id="pro_sicoob"),
            unbilled("chg_5", due_on=date(2026, 4, 20)),
            unbilled("chg_6", customer_id="cus_bia0"),
        ]
    )

    assert [group.charge_ids for group in groups] == [
        ("chg_1", "chg_2"),
        ("chg_3",),
        ("chg_4",),
        ("chg_5",),
        ("chg_6",),
    ]


@pytest.mark.req("PAY-08")
def test_credit_goes_with_the_first_invoice_only() -> None:
    groups = issue.group(
        [
            unbilled("chg_1"),
            unbilled("chg_2", due_on=date(2026, 4, 20)),
            unbilled("chg_3", customer_id="cus_bia0"),
        ],
        [unbilled("chg_9"), unbilled("chg_8", customer_id="cus_none")],
    )

    assert [group.charge_ids for group in groups] == [("chg_1", "chg_9"), ("chg_2",), ("chg_3",)]


@pytest.mark.req("PAY-08")
def test_credit_stays_out_of_an_invoice_that_takes_several_transactions() -> None:
    (many,) = issue.group([unbilled(f"chg_{n}") for n in range(90)], [unbilled("chg_credit")])

    assert len(many.charge_ids) == 90


@pytest.mark.parametrize("profile_id", ["pro_itau", None])
@pytest.mark.parametrize("description", ["Março e abril", None])
def test_key_of_a_manifest_is_read_back(profile_id: str | None, description: str | None) -> None:
    group = Group("cus_ana0", TENTH, profile_id, ("chg_1", "chg_2"), description)

    assert Group.read(group.key) == group


@pytest.mark.req("INV-17")
def test_invoice_id_is_of_the_run_and_the_charges() -> None:
    other = Group("cus_ana0", date(2026, 5, 1), None, ("chg_1",))

    assert GROUP.invoice_id("run_1") == other.invoice_id("run_1")
    assert GROUP.invoice_id("run_1") != GROUP.invoice_id("run_2")


@pytest.mark.req("PAY-08")
def test_credit_beyond_the_charges_is_left_for_the_next_invoice() -> None:
    draft = drafted(charge(), a_credit("150.00"))

    assert (draft.amount, [str(c.amount) for c in draft.charges]) == (ZERO, ["100.00", "-100.00"])
    (left,) = draft.left
    assert (left.amount, left.status, left.credit_of) == (Money("-50.00"), ChargeStatus.UNBILLED, "hel_1")
    assert left.id not in {c.id for c in draft.charges}


@pytest.mark.req("PAY-08")
def test_credit_alone_makes_no_invoice() -> None:
    kept = a_credit("10.00")

    assert issue.still_unbilled(Group("cus_ana0", TENTH, None, (kept.id,)), "inv_1", {kept.id: kept}) == []


@pytest.mark.req("INV-17", "INV-18")
@pytest.mark.parametrize(
    ("issued_on", "code"),
    [(date(2026, 4, 9), None), (TENTH, None), (date(2026, 4, 11), "billing.due_date_past")],
)
def test_charge_that_falls_due_today_is_billed_and_one_of_yesterday_is_not(
    issued_on: date, code: str | None
) -> None:
    def made() -> Draft:
        payer = customer("cus_ana0")
        return issue.draft(GROUP, [charge()], payer, profile(), invoice_id="inv_1", issued_on=issued_on)

    if code is None:
        assert made().amount == Money("100.00")
        return
    with pytest.raises(Refused) as refused:
        made()
    assert refused.value.code == code


@pytest.mark.req("PAY-08")
@pytest.mark.parametrize(("charges", "with_credit"), [(-3, True), (-2, True), (-1, False)])
def test_credit_goes_along_where_both_fit_in_one_transaction(charges: int, with_credit: bool) -> None:
    """A credit becomes two rows: the part used, and what is left of it."""
    ids = [unbilled(f"chg_{n:03d}") for n in range(issue.MOST_WITH_CREDIT + charges)]
    (only,) = issue.group(ids, [unbilled("chg_credit")])
    assert ("chg_credit" in only.charge_ids) is with_credit


@pytest.mark.req("INV-18")
def test_discount_that_rounds_to_zero_is_no_discount() -> None:
    assert drafted(charge(amount=Money("0.04")), discount_percent="10").discount is None
    assert drafted(charge(amount=Money("0.05")), discount_percent="10").discount == OnTimeDiscount(
        amount=Money("0.01"), until=TENTH
    )


@pytest.mark.req("INV-17")
def test_description_counts_the_charges_after_the_first() -> None:
    one, two = charge(), charge(definition_id="def_other", description="1 - Aluguel")
    assert issue._description([one]) == one.title
    assert issue._description([one, two]) == f"{one.title} e mais 1"


@pytest.mark.req("CLO-04", "INV-18")
def test_credit_does_not_hide_discounts_beyond_the_charges() -> None:
    with pytest.raises(Refused) as refused:
        drafted(charge(amount=Money("-1.00")), a_credit("5.00"))

    assert refused.value.code == "billing.negative"


@pytest.mark.req("PAY-08", "INV-18")
@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=4), st.lists(st.integers(1, 10_000), max_size=3))
def test_nothing_of_a_credit_is_lost(due: list[int], kept: list[int]) -> None:
    charges = [charge(definition_id=f"def_{n}", amount=Money.from_cents(c)) for n, c in enumerate(due)]
    given_credits = [a_credit(str(Money.from_cents(c)), f"hel_{n}") for n, c in enumerate(kept)]

    draft = drafted(*charges, *given_credits)

    used = [c for c in draft.charges if c.is_credit]
    untouched = [c for c in given_credits if c.id not in {u.id for u in used}]
    assert draft.amount == max(ZERO, Money.from_cents(sum(due) - sum(kept)))
    assert Money.sum(c.amount for c in [*used, *draft.left, *untouched]) == Money.from_cents(-sum(kept))
    assert len(draft.left) <= 1


@pytest.mark.req("CTR-13")
def test_invoice_of_nothing_is_settled_when_it_is_issued() -> None:
    draft = drafted(charge(), charge(definition_id="def_off", amount=Money("-100.00")))

    made = issue.complete(draft, "inv_1", number=1, series="1", title_number=None, issued_on=date(2026, 4, 1))

    assert (made.status, made.barcode, made.pix_payload) == (InvoiceStatus.SETTLED, None, None)


def discounted(amount: str, discount: str, until: date, definition_id: str = "def_plan") -> Charge:
    given = OnTimeDiscount(amount=Money(discount), until=until)
    return charge(amount=Money(amount), definition_id=definition_id, discount=given)


@pytest.mark.req("CTR-12")
def test_discounts_for_payment_on_time_add_up_until_the_latest_day() -> None:
    draft = drafted(
        discounted("100.00", "10.00", date(2026, 4, 8)), discounted("50.00", "5.00", TENTH, "def_mail")
    )

    assert draft.discount == OnTimeDiscount(amount=Money("15.00"), until=TENTH)
    assert draft.amount == Money("150.00")


@pytest.mark.req("CTR-13")
def test_discount_beyond_the_amount_leaves_zero_and_no_boleto() -> None:
    draft = drafted(discounted("34.84", "40.00", TENTH))

    made = issue.complete(draft, "inv_1", number=1, series="1", title_number=None, issued_on=date(2026, 4, 1))

    assert (made.amount, made.discount) == (
        Money("34.84"),
        OnTimeDiscount(amount=Money("34.84"), until=TENTH),
    )
    assert (made.status, made.barcode, made.pix_payload) == (InvoiceStatus.OPEN, None, None)


@pytest.mark.req("CTR-12", "CTR-13", "BEY-13")
@pytest.mark.parametrize(("discount", "has_boleto"), [("90.00", True), ("90.01", False), ("100.00", False)])
def test_boleto_is_made_as_long_as_the_bank_accepts_the_discount(discount: str, has_boleto: bool) -> None:
    draft = drafted(discounted("100.00", discount, TENTH))
    title = Title(
        1, "inv_1", "1", draft.issued_on, TENTH, draft.amount, PAYER, Discount(Money(discount), TENTH)
    )

    assert draft.has_boleto is has_boleto
    assert [r.code for r in preflight.refusals(profile().terms, Instruction(Movement.REGISTER, title))] == (
        [] if has_boleto else ["remittance.discount"]
    )


@pytest.mark.req("CTR-12")
@pytest.mark.parametrize(
    ("until", "others", "expected"),
    [
        (date(2026, 4, 1), None, ("10.00", date(2026, 4, 1))),
        (date(2026, 3, 31), None, None),
        (date(2026, 3, 31), date(2026, 4, 8), ("5.00", date(2026, 4, 8))),
        (date(2026, 4, 11), None, ("10.00", TENTH)),
    ],
)
def test_discount_whose_day_is_over_is_not_given_and_none_ends_after_the_due_date(
    until: date, others: date | None, expected: tuple[str, date] | None
) -> None:
    more = (
        charge(definition_id="def_mail")
        if others is None
        else discounted("50.00", "5.00", others, "def_mail")
    )

    draft = drafted(discounted("100.00", "10.00", until), more)

    given = None if expected is None else OnTimeDiscount(amount=Money(expected[0]), until=expected[1])
    assert (draft.discount, draft.has_boleto) == (given, True)


@pytest.mark.req("CTR-12", "CTR-13")
def test_boleto_is_for_the_full_amount_once_the_discount_has_ended() -> None:
    draft = drafted(discounted("34.84", "40.00", date(2026, 3, 31)))

    made = issue.complete(draft, "inv_1", number=1, series="1", title_number=42, issued_on=date(2026, 4, 1))

    assert (made.amount, made.discount) == (Money("34.84"), None)
    assert made.barcode is not None
    assert made.pix_payload is not None


@pytest.mark.req("BNK-01", "CTR-12")
def test_charges_own_discount_that_is_over_is_not_replaced_by_the_profile_s() -> None:
    own = OnTimeDiscount(amount=Money("10.00"), until=date(2026, 3, 31))
    made = drafted(charge(discount=own), discount_percent="2.5")

    assert made.discount is None


@pytest.mark.req("BNK-06", "BNK-02")
def test_open_invoice_has_boleto_and_pix_that_names_it() -> None:
    made = issue.complete(
        drafted(charge()),
        "inv_7m3k9x2p4q8r1s5t6v0w",
        number=1,
        series="1",
        title_number=42,
        issued_on=date(2026, 4, 1),
    )

    assert (made.nosso_numero, made.title_number) == ("00000042", 42)
    assert made.pix_payload is not None
    assert read_code(made.pix_payload).txid == "00000042"
    assert "5406100.00" in made.pix_payload


@pytest.mark.req("BNK-01", "CTR-12")
@pytest.mark.parametrize(
    ("days", "until"), [(0, date(2026, 4, 10)), (5, date(2026, 4, 5)), (9, date(2026, 4, 1)), (10, None)]
)
def test_discount_of_the_profile_is_given_until_its_day(days: int, until: date | None) -> None:
    made = drafted(charge(), discount_percent="2.5", discount_days=days)

    expected = None if until is None else OnTimeDiscount(amount=Money("2.50"), until=until)
    assert made.discount == expected


@pytest.mark.req("BNK-01", "CTR-12")
def test_charges_own_discount_replaces_the_profile_s() -> None:
    own = OnTimeDiscount(amount=Money("10.00"), until=TENTH)
    made = drafted(charge(discount=own), discount_percent="2.5")

    assert made.discount == own


@pytest.mark.req("PLT-06", "INV-04")
def test_payer_without_address_or_document_is_refused_before_a_number_is_spent() -> None:
    """Such a boleto was printed with "/" as its address, and its bank refuses it."""
    lead = customer("cus_ana0", kind=PersonKind.LEAD, document=None, addresses=())

    with pytest.raises(Refused) as refused:
        issue.draft(GROUP, [charge()], lead, profile(), invoice_id="inv_1", issued_on=date(2026, 4, 1))
    assert [reason.code for reason in refused.value.reasons] == [
        "billing.customer_document",
        "billing.customer_address",
    ]

    nothing = charge(amount=ZERO)
    free = issue.draft(GROUP, [nothing], lead, profile(), invoice_id="inv_1", issued_on=date(2026, 4, 1))
    assert free.amount == ZERO
