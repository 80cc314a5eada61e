"""An amount in words (por extenso), as on receipts and cheques.

>>> in_words(Money("1.10"))
'um real e dez centavos'
>>> in_words(Money("1000000.00"))
'um milhão de reais'
"""

from billing.core.money import Money

_MILLION = 1_000_000


def in_words(amount: Money) -> str:
    """The amount in Portuguese. Raises ValueError for a negative one: a receipt says what was received."""
    if amount.cents < 0:
        raise ValueError("an amount in words is not negative")
    reais, cents = divmod(amount.cents, 100)
    parts = []
    if reais or not cents:
        # "um milhão de reais", but "um milhão e um reais": after -lhão and -lhões the noun takes "de".
        of = "de " if reais and reais % _MILLION == 0 else ""
        parts.append(f"{_cardinal(reais)} {of}{'real' if reais == 1 else 'reais'}")
    if cents:
        parts.append(f"{_cardinal(cents)} {'centavo' if cents == 1 else 'centavos'}")
    return " e ".join(parts)


def _cardinal(number: int) -> str:
    from num2words import num2words

    return str(num2words(number, lang="pt_BR")).replace(",", "")  # amounts are written without commas
