"""CNPJ (Cadastro Nacional da Pessoa Jurídica): twelve letters or digits and two check digits.

Alphanumeric since July 2026 (Instrução Normativa RFB 2.229/2024, Anexo XV): a character is worth its ASCII code less
48, so digits keep their value and "A" is 17. Check digits: weights 2 to 9 from right to left, modulo 11. Letters are
upper case and are part of the number: nothing but separators is ever taken out.

>>> validate("12.abc.345/01de-35")
'12ABC34501DE35'
>>> is_valid("11.222.333/0001-82")
False
>>> format("11222333000181")
'11.222.333/0001-81'
>>> check_digits("12ABC34501DE")
'35'
"""

import re
from typing import Annotated

from pydantic import Field

from billing.core.errors import InvalidInput
from billing.core.fields import checked_by

_SEPARATORS = str.maketrans("", "", " ./-\t\u00a0")
_SHAPE = re.compile(r"[0-9A-Z]{12}[0-9]{2}")


def compact(text: str) -> str:
    """Without separators, letters in upper case; everything else stays, for `validate` to refuse."""
    return text.translate(_SEPARATORS).upper()


def validate(text: str) -> str:
    """The fourteen characters. Raises InvalidInput `cnpj.format`, `cnpj.repeated` or `cnpj.check_digit`."""
    number = compact(text)
    if _SHAPE.fullmatch(number) is None:
        raise InvalidInput(
            "cnpj.format",
            "CNPJ inválido: informe 12 letras ou números e 2 dígitos verificadores, "
            "por exemplo 11.222.333/0001-81 ou 12.ABC.345/01DE-35.",
        )
    if number == number[0] * 14:
        raise InvalidInput("cnpj.repeated", "CNPJ inválido: todos os dígitos são iguais.")
    if check_digits(number[:12]) != number[12:]:
        raise InvalidInput("cnpj.check_digit", "CNPJ inválido: os dígitos verificadores não conferem.")
    return number


def is_valid(text: str) -> bool:
    try:
        validate(text)
    except InvalidInput:
        return False
    return True


def format(number: str) -> str:  # noqa: A001 - the verb of every format here
    """As people write it; `number` is compact."""
    return f"{number[:2]}.{number[2:5]}.{number[5:8]}/{number[8:12]}-{number[12:]}"


def check_digits(base: str) -> str:
    """The two check digits of twelve upper-case letters or digits."""
    first = check_digit(base)
    return first + check_digit(base + first)


def check_digit(characters: str) -> str:
    """Modulo 11, weights 2 to 9 repeated from right to left; the fiscal documents' access keys use it too."""
    total = sum((2 + i % 8) * (ord(character) - 48) for i, character in enumerate(reversed(characters)))
    return str((11 - total % 11) % 11 % 10)


Cnpj = Annotated[str, checked_by(validate), Field(examples=["11222333000181", "12ABC34501DE35"])]
"""A CNPJ, kept as its fourteen characters."""
