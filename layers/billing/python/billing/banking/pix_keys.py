"""Pix keys: the kind of a key, from its form (Banco Central, DICT: CPF, CNPJ, mobile phone, e-mail, random key).

>>> [key_kind(key).value for key in ("52998224725", "12ABC34501DE35", "+5511987654321", "caixa@exemplo.com.br")]
['cpf', 'cnpj', 'phone', 'email']
>>> key_kind("123e4567-e12b-12d1-a456-426655440000").value
'random'
>>> key_kind("52998224726") is None
True
"""

import re
from enum import StrEnum

from billing.core.br import cnpj, cpf


class KeyKind(StrEnum):
    CPF = "cpf"
    CNPJ = "cnpj"
    PHONE = "phone"
    EMAIL = "email"
    RANDOM = "random"


_PHONE = re.compile(r"\+[1-9][0-9]{7,13}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def key_kind(key: str) -> KeyKind | None:
    """The key's kind; None for what is not a key: a CPF or CNPJ with wrong digits, a phone without its country code."""
    if len(key) == 11 and key.isdecimal():
        return KeyKind.CPF if cpf.is_valid(key) else None
    if len(key) == 14 and key.isalnum():
        return KeyKind.CNPJ if cnpj.is_valid(key) else None
    for kind, shape in ((KeyKind.PHONE, _PHONE), (KeyKind.EMAIL, _EMAIL), (KeyKind.RANDOM, _RANDOM)):
        if shape.fullmatch(key):
            return kind
    return None
