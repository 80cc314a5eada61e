"""CPF (Cadastro de Pessoas Físicas): a person's number, nine digits and two check digits.

Instrução Normativa RFB 2.172/2024. Both check digits are the sum of the digits weighted from 2 upwards, right to
left, modulo 11. Eleven equal digits satisfy the arithmetic but are not issued.

>>> validate("529.982.247-25")
'52998224725'
>>> is_valid("529.982.247-26")
False
>>> format("52998224725")
'529.982.247-25'
>>> check_digits("529982247")
'25'
"""

import re
from typing import Annotated

from pydantic import Field

from billing.core.errors import InvalidInput
from billing.core.fields import checked_by

_SEPARATORS = str.maketrans("", "", " .-\t\u00a0")
_SHAPE = re.compile(r"[0-9]{11}")


def compact(text: str) -> str:
    """Without separators; everything else stays, for `validate` to refuse."""
    return text.translate(_SEPARATORS)


def validate(text: str) -> str:
    """The eleven digits. Raises InvalidInput `cpf.format`, `cpf.repeated` or `cpf.check_digit`."""
    number = compact(text)
    if _SHAPE.fullmatch(number) is None:
        raise InvalidInput("cpf.format", "CPF inválido: informe os 11 dígitos, por exemplo 529.982.247-25.")
    if number == number[0] * 11:
        raise InvalidInput("cpf.repeated", "CPF inválido: todos os dígitos são iguais.")
    if check_digits(number[:9]) != number[9:]:
        raise InvalidInput("cpf.check_digit", "CPF inválido: os dígitos verificadores não conferem.")
    return number


def is_valid(text: str) -> bool:
    try:
        validate(text)
    except InvalidInput:
        return False
    return True


def format(number: str) -> str:  # noqa: A001 - the verb of every format here
    """As people write it; `number` is compact."""
    return f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"


def check_digits(base: str) -> str:
    """The two check digits of nine digits."""
    first = _check_digit(base)
    return first + _check_digit(base + first)


def _check_digit(digits: str) -> str:
    total = sum(weight * int(digit) for weight, digit in enumerate(reversed(digits), start=2))
    return str(total * 10 % 11 % 10)


Cpf = Annotated[str, checked_by(validate), Field(examples=["52998224725"])]
"""A CPF, kept as its eleven digits."""
