"""Brazilian telephone numbers, kept in E.164: +55, area code (DDD), and eight digits (fixed) or nine (mobile).

Anatel's numbering plan: fixed lines begin with 2 to 5; mobile ones with 9 and have nine digits everywhere since
November 2016 (Resolução Anatel 553/2010); 67 area codes are in use.

>>> validate("(11) 98765-4321")
'+5511987654321'
>>> validate("0 55 3222-1234")
'+555532221234'
>>> format("+5511987654321")
'(11) 98765-4321'
"""

import re
from typing import Annotated

from pydantic import Field

from billing.core.errors import InvalidInput
from billing.core.fields import checked_by

_SEPARATORS = str.maketrans("", "", " ().-/\t\u00a0")
_SHAPE = re.compile(r"(?:\+?55(?=[0-9]{10,11}$)|0(?=[1-9]))?([0-9]{2})([0-9]{8,9})")
_SUBSCRIBER = re.compile(r"[2-5][0-9]{7}|9[0-9]{8}")
_AREA_CODE = re.compile(r"[14689][1-9]|2[12478]|3[1-578]|5[1345]|7[134579]")


def compact(text: str) -> str:
    """Without separators; everything else stays, for `validate` to refuse."""
    return text.translate(_SEPARATORS)


def validate(text: str) -> str:
    """The number in E.164. Raises InvalidInput `phone.format`, `phone.area_code` or `phone.number`."""
    match = _SHAPE.fullmatch(compact(text))
    if match is None:
        raise InvalidInput(
            "phone.format", "Telefone inválido: informe DDD e número, por exemplo (11) 98765-4321."
        )
    area_code, subscriber = match.groups()
    if _AREA_CODE.fullmatch(area_code) is None:
        raise InvalidInput("phone.area_code", f"Telefone inválido: o DDD {area_code} não existe.")
    if _SUBSCRIBER.fullmatch(subscriber) is None:
        raise InvalidInput(
            "phone.number",
            "Telefone inválido: celular tem 9 dígitos e começa com 9; fixo tem 8 e começa com 2, 3, 4 ou 5.",
        )
    return f"+55{area_code}{subscriber}"


def is_valid(text: str) -> bool:
    try:
        validate(text)
    except InvalidInput:
        return False
    return True


def format(number: str) -> str:  # noqa: A001 - the verb of every format here
    """As people write it; `number` is in E.164."""
    return f"({number[3:5]}) {number[5:-4]}-{number[-4:]}"


def is_mobile(number: str) -> bool:
    """Whether a number in E.164 takes SMS.

    >>> is_mobile("+5511987654321"), is_mobile("+551132221234")
    (True, False)
    """
    return len(number) == 14


Phone = Annotated[str, checked_by(validate), Field(examples=["+5511987654321"])]
"""A Brazilian telephone, kept in E.164."""
