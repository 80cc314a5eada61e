"""The rules of billing items."""

import pytest

from billing.catalog.model import BillingItem, ItemOrigin, Price
from billing.core.errors import Refusal, Refused
from billing.core.period import Month

JANUARY, MARCH, JUNE = Month("2026-01"), Month("2026-03"), Month("2026-06")


def item(*months: Month, origin: ItemOrigin = ItemOrigin.BY_HAND) -> BillingItem:
    prices = [{"valid_from": month, "unit_price": "0.18"} for month in months]
    return BillingItem.model_validate(
        {
            "id": "itm_vm01",
            "name": "VM",
            "product": "Nuvem",
            "unit": "hora",
            "origin": origin,
            "prices": prices,
        }
    )


@pytest.mark.req("CAT-01", "CAT-02")
def test_price_takes_its_place_by_month_and_replaces_that_of_its_month() -> None:
    priced = item(JANUARY, JUNE).priced(Price.model_validate({"valid_from": "2026-03", "unit_price": "0.20"}))
    again = priced.priced(Price.model_validate({"valid_from": "2026-03", "unit_price": "0.25"}))

    assert [price.valid_from for price in priced.prices] == [JANUARY, MARCH, JUNE]
    assert [str(price.unit_price) for price in again.prices] == ["0.18", "0.25", "0.18"]


@pytest.mark.req("CAT-03")
@pytest.mark.parametrize(
    ("months", "removed", "bounds"),
    [
        ((JANUARY, MARCH, JUNE), JANUARY, (JANUARY, MARCH)),
        ((JANUARY, MARCH, JUNE), MARCH, (MARCH, JUNE)),
        ((JANUARY, MARCH, JUNE), JUNE, (JUNE, None)),
        ((MARCH,), MARCH, (None, None)),
    ],
)
def test_price_rules_from_its_month_until_the_next_one(
    months: tuple[Month, ...], removed: Month, bounds: tuple[Month | None, Month | None]
) -> None:
    assert item(*months).months_of_price(removed) == bounds


@pytest.mark.req("CAT-03")
def test_price_of_metering_and_price_in_use_stay_with_every_reason() -> None:
    linked = Refusal("item.has_usage", "O item está em lançamentos.")
    with pytest.raises(Refused) as refused:
        item(JANUARY, origin=ItemOrigin.METERING).without_price(MARCH, [linked])

    assert [reason.code for reason in refused.value.reasons] == [
        "item.of_metering",
        "item.no_such_price",
        "item.has_usage",
    ]
    assert refused.value.title == "Não é possível excluir itens de faturamento gerados pela volumetria."
    assert item(JANUARY).without_price(JANUARY).prices == ()
