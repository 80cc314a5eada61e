"""CEP (Código de Endereçamento Postal) of the Correios: eight digits, from 01000-000 (São Paulo) upwards.

>>> validate("01310-100")
'01310100'
>>> is_valid("1310-100")
False
>>> format("01310100")
'01310-100'
"""

import re
from typing import Annotated

from pydantic import Field

from billing.core.errors import InvalidInput
from billing.core.fields import checked_by

_SEPARATORS = str.maketrans("", "", " .-\t\u00a0")
_SHAPE = re.compile(r"(?!00)[0-9]{8}")


def compact(text: str) -> str:
    """Without separators; everything else stays, for `validate` to refuse."""
    return text.translate(_SEPARATORS)


def validate(text: str) -> str:
    """The eight digits. Raises InvalidInput `cep.format`."""
    number = compact(text)
    if _SHAPE.fullmatch(number) is None:
        raise InvalidInput("cep.format", "CEP inválido: informe os 8 dígitos, por exemplo 01310-100.")
    return number


def is_valid(text: str) -> bool:
    try:
        validate(text)
    except InvalidInput:
        return False
    return True


def format(number: str) -> str:  # noqa: A001 - the verb of every format here
    """As people write it; `number` is compact."""
    return f"{number[:5]}-{number[5:]}"


Cep = Annotated[str, checked_by(validate), Field(examples=["01310100"])]
"""A CEP, kept as its eight digits."""
