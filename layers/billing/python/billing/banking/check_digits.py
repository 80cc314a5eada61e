"""Check digits that banks share: modulo 10 (Luhn's) and modulo 11, over texts of digits.

Each bank has its own rule for remainders without a digit, in the bank's file.

>>> mod10("00571234511012345678")
8
>>> weighted("1234", (5, 4, 3, 2))
30
"""

from collections.abc import Sequence
from operator import mul

_ZERO = ord("0")
_DOUBLED = bytes(
    (2 * (i - _ZERO) - (9 if i > _ZERO + 4 else 0)) if _ZERO <= i <= _ZERO + 9 else 0 for i in range(256)
)
_PLAIN = bytes(i - _ZERO if _ZERO <= i <= _ZERO + 9 else 0 for i in range(256))


def mod10(digits: str) -> int:
    """Weights 2, 1, 2, 1... from the right, the digits of each product added, complement to ten."""
    text = digits.encode()[::-1]
    total = sum(text[::2].translate(_DOUBLED)) + sum(text[1::2].translate(_PLAIN))
    return -total % 10


def weighted(digits: str, weights: Sequence[int]) -> int:
    """The sum of digit times weight, left to right; both have the same length."""
    if len(digits) != len(weights):
        raise ValueError(f"{len(digits)} digits and {len(weights)} weights")
    return sum(map(mul, digits.encode().translate(_PLAIN), weights))


def cycle(length: int, low: int, high: int) -> tuple[int, ...]:
    """Weights low..high repeated from the right: `cycle(5, 2, 9)` is (6, 5, 4, 3, 2)."""
    span = high - low + 1
    return tuple(low + i % span for i in reversed(range(length)))


def mod11_remainder(digits: str, low: int = 2, high: int = 9) -> int:
    """The remainder by 11 of the sum with weights low..high repeated from the right."""
    return weighted(digits, cycle(len(digits), low, high)) % 11


def mod11(digits: str, low: int = 2, high: int = 9, *, ten: str = "0", eleven: str = "0") -> str:
    """Eleven less the remainder; `ten` and `eleven` are used for these two results, which are not digits.

    >>> mod11("0000299621")
    '9'
    """
    digit = 11 - mod11_remainder(digits, low, high)
    return ten if digit == 10 else eleven if digit == 11 else str(digit)


def double_digit(digits: str) -> str:
    """Two digits, modulo 10 and then modulo 11 (weights 2 to 7) over both; a remainder of 1 moves the first digit on.

    Banrisul's "número de controle" (manual CNAB 400, section 5), used by other banks too.

    >>> double_digit("21110290001502283256340")
    '59'
    """
    first = mod10(digits)
    while (remainder := mod11_remainder(f"{digits}{first}", 2, 7)) == 1:
        first = (first + 1) % 10
    return f"{first}{11 - remainder if remainder else 0}"
