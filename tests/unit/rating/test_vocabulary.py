"""Codes and what people call them: what is published is also understood."""

import pytest

from billing.rating.definition import Category, subcategory_code
from billing.rating.units import UNITS, code_of
from billing.rating.vocabulary import charge_categories, usage_units

pytestmark = pytest.mark.req("CHG-01", "USE-04")


@pytest.mark.parametrize("unit", usage_units(), ids=lambda unit: unit.code)
def test_unit_is_understood_by_its_code_and_both_its_names(unit: object) -> None:
    code, names = unit.code, (unit.code, unit.label, unit.plural)  # type: ignore[attr-defined]

    for name in names:
        assert {code_of(name), code_of(name.upper()), code_of(f" {name} ".title())} == {code}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("L", "litre"), ("lt", "litre"), ("litro", "litre"), ("h", "hour"), ("Hrs.", "hour"), ("m³", "m3"),
        ("Pág.", "page"), ("un.", "unit"), ("KWH", "kwh"), ("R$", "brl"), ("metros cúbicos", "m3"), ("kilo", "kg"),
        ("t", "tonne"), ("min", "minute"), ("furlong", "furlong"), ("", ""),
    ],
)  # fmt: skip
def test_unit_is_understood_as_it_is_usually_written(written: str, code: str) -> None:
    assert code_of(written) == code


def test_every_category_and_unit_has_a_name() -> None:
    assert [category.code for category in charge_categories()] == list(Category)
    assert [unit.code for unit in usage_units()] == list(UNITS)


def test_subcategory_is_understood_by_its_name_within_its_category() -> None:
    for category in charge_categories():
        for named in category.subcategories:
            assert subcategory_code(Category(category.code), named.label.lower()) == named.code
            assert subcategory_code(Category(category.code), named.code) == named.code
    assert subcategory_code(Category.FUEL, "Peças") == "Peças"
