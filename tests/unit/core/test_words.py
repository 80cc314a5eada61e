"""Amounts in words, as a notary would write them."""

import pytest

from billing.core.money import Money
from billing.core.words import in_words


@pytest.mark.req("INV-10")
@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "zero reais"),
        ("0.01", "um centavo"),
        ("0.10", "dez centavos"),
        ("1.00", "um real"),
        ("1.01", "um real e um centavo"),
        ("1.10", "um real e dez centavos"),
        ("2.02", "dois reais e dois centavos"),
        ("14.16", "catorze reais e dezesseis centavos"),
        ("21.99", "vinte e um reais e noventa e nove centavos"),
        ("100.00", "cem reais"),
        ("101.00", "cento e um reais"),
        ("352.07", "trezentos e cinquenta e dois reais e sete centavos"),
        ("1000.00", "mil reais"),
        ("1001.00", "mil e um reais"),
        ("1100.00", "mil e cem reais"),
        ("1234.56", "mil duzentos e trinta e quatro reais e cinquenta e seis centavos"),
        ("2000.00", "dois mil reais"),
        ("100000.00", "cem mil reais"),
        ("1000000.00", "um milhão de reais"),
        ("1000000.50", "um milhão de reais e cinquenta centavos"),
        ("1000001.00", "um milhão e um reais"),
        ("1500000.00", "um milhão e quinhentos mil reais"),
        ("2000000.00", "dois milhões de reais"),
        ("3000000000.00", "três bilhões de reais"),
        (
            "1234567.89",
            "um milhão duzentos e trinta e quatro mil quinhentos e sessenta e sete reais e oitenta e nove centavos",
        ),
    ],
)
def test_an_amount_is_written_as_it_is_read_aloud(amount, words):
    assert in_words(Money(amount)) == words


def test_a_negative_amount_has_no_words():
    with pytest.raises(ValueError, match="not negative"):
        in_words(Money("-0.01"))
