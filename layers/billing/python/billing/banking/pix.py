"""Pix BR Code: the text behind a Pix QR code ("copia e cola"), static and dynamic, built and read.

EMV QR code fields of two digits, two digits of length, value; the last is a CRC16/CCITT-FALSE over all before it (Banco Central,
"Manual de Padrões para Iniciação do Pix", BR Code). Keys, txid and addresses keep their case.

>>> code = static_code(key="123e4567-e12b-12d1-a456-426655440000", name="Fulano de Tal", city="BRASILIA")
>>> code[-8:]
'63041D3D'
>>> read_code(code).key
'123e4567-e12b-12d1-a456-426655440000'
"""

import re
from binascii import crc_hqx
from collections.abc import Iterable
from typing import NamedTuple

from billing.core.br.text import plain_text
from billing.core.errors import InvalidInput, Refused
from billing.core.money import Money

_GUI = "br.gov.bcb.pix"
_NO_TXID = "***"
_STATIC_TXID = re.compile(r"[A-Za-z0-9]{1,25}|\*\*\*")
_AMOUNT = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?")
_CRC = "6304"
_ACCOUNT_LIMIT = 99
_FREE_WIDTH = {"59": 25, "60": 15}


class BrCode(NamedTuple):
    """The content of a BR Code: a key (static) or the address of the charge (dynamic)."""

    key: str | None
    url: str | None
    amount: Money | None
    name: str
    city: str
    txid: str | None
    """None: the code does not name one."""
    description: str | None


def static_code(
    *,
    key: str,
    name: str,
    city: str,
    amount: Money | None = None,
    txid: str = _NO_TXID,
    description: str = "",
) -> str:
    """A code that pays to a key. Name and city lose their accents and are cut to 25 and 15 characters.

    Raises Refused for an amount that is not positive, a txid that is not 1 to 25 letters and digits, or a key and description that
    together do not fit.
    """
    if not _STATIC_TXID.fullmatch(txid):
        raise Refused("pix.txid", "O txid de um Pix estático tem de 1 a 25 letras e algarismos, sem acentos.")
    account = _fields(
        [("00", _GUI), ("01", key)] + ([("02", plain_text(description)[0])] if description else [])
    )
    return _code(account, name=name, city=city, amount=amount, txid=txid, single_use=False)


def dynamic_code(*, url: str, name: str, city: str, amount: Money | None = None) -> str:
    """A code that points to a charge at the bank. The address comes without its scheme; the txid is in the charge."""
    address = url.removeprefix("https://")
    return _code(
        _fields([("00", _GUI), ("25", address)]),
        name=name,
        city=city,
        amount=amount,
        txid=_NO_TXID,
        single_use=True,
    )


def read_code(payload: str) -> BrCode:
    """The content of a code. Raises InvalidInput, saying why, for a code that is cut, altered or non-standard."""
    fields = _proven(payload)
    account = next(
        (
            template
            for id_ in range(26, 52)
            if (template := _parse(fields.get(f"{id_}", "99"))) and _is_pix(template)
        ),
        None,
    )
    if account is None:
        raise InvalidInput("pix.not_pix", "Este código não é um Pix.")
    additional = _parse(fields.get("62", "")) or {}
    txid = additional.get("05", _NO_TXID)
    url = account.get("25")
    if url is None and not _STATIC_TXID.fullmatch(txid):
        raise InvalidInput("pix.txid", "O txid de um Pix estático tem de 1 a 25 letras e algarismos.")
    if (url is None) == ("01" not in account):
        raise InvalidInput("pix.account", "O código Pix deve ter uma chave ou um endereço.")
    return BrCode(
        key=account.get("01"),
        url=url,
        amount=_amount(fields.get("54")),
        name=fields["59"],
        city=fields["60"],
        txid=None if txid == _NO_TXID else txid,
        description=account.get("02"),
    )


def crc16(payload: str) -> str:
    """CRC16/CCITT-FALSE: polynomial 1021, from FFFF, four hexadecimal digits.

    >>> crc16("123456789")
    '29B1'
    """
    return f"{crc_hqx(payload.encode(), 0xFFFF):04X}"


def _code(account: str, *, name: str, city: str, amount: Money | None, txid: str, single_use: bool) -> str:
    if len(account) > _ACCOUNT_LIMIT:
        raise Refused("pix.too_long", "A chave Pix e a descrição juntas não cabem no código.")
    shown_name, shown_city = (
        plain_text(text)[0][: _FREE_WIDTH[id_]].strip() for id_, text in (("59", name), ("60", city))
    )
    if not (shown_name and shown_city):
        raise Refused("pix.field", "O Pix leva o nome e a cidade do recebedor: informe os dois.")
    if amount is not None and amount.cents <= 0:
        raise Refused("pix.amount", "O valor de um Pix é maior que zero.")
    body = _fields(
        [
            ("00", "01"),
            *([("01", "12")] if single_use else []),
            ("26", account),
            ("52", "0000"),
            ("53", "986"),
            *([("54", str(amount))] if amount is not None else []),
            ("58", "BR"),
            ("59", shown_name),
            ("60", shown_city),
            ("62", _fields([("05", txid)])),
        ]
    )
    return f"{body}{_CRC}{crc16(body + _CRC)}"


def _fields(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{id_}{len(value):02d}{value}" for id_, value in pairs)


def _proven(payload: str) -> dict[str, str]:
    """The fields of a code whose CRC and fixed values are right."""
    if len(payload) < 8 or payload[-8:-4] != _CRC or crc16(payload[:-4]) != payload[-4:].upper():
        raise InvalidInput(
            "pix.crc", "O código Pix está incompleto ou foi alterado: o dígito de controle não confere."
        )
    fields = _parse(payload)
    if fields is None:
        raise InvalidInput(
            "pix.malformed", "O código Pix está malformado: o tamanho de um campo não confere."
        )
    fixed = {"00": "01", "53": "986", "58": "BR"}
    wrong = next((id_ for id_, value in fixed.items() if fields.get(id_) != value), None)
    wrong = wrong or next(
        (id_ for id_, most in _FREE_WIDTH.items() if not 1 <= len(fields.get(id_, "")) <= most), None
    )
    if wrong:
        raise InvalidInput("pix.field", f"O campo {wrong} do código Pix não é o que a norma pede.")
    return fields


def _parse(text: str) -> dict[str, str] | None:
    """Fields by id, or None when a length does not fit what follows or an id comes twice."""
    fields: dict[str, str] = {}
    position = 0
    while position < len(text):
        id_, length = text[position : position + 2], text[position + 2 : position + 4]
        if not (
            id_.isascii() and id_.isdigit() and length.isascii() and length.isdigit() and len(length) == 2
        ):
            return None
        end = position + 4 + int(length)
        if end > len(text) or id_ in fields:
            return None
        fields[id_] = text[position + 4 : end]
        position = end
    return fields


def _is_pix(account: dict[str, str]) -> bool:
    return account.get("00", "").lower() == _GUI


def _amount(text: str | None) -> Money | None:
    if text is None:
        return None
    if not _AMOUNT.fullmatch(text):
        raise InvalidInput("pix.amount", f"O valor “{text}” do código Pix não pode ser lido.")
    return Money(text)
