"""Access key of the NFCom (chave de acesso): 44 characters that identify a note before any authority has seen it.

    cUF(2) AAMM(4) CNPJ(14) mod=62(2) serie(3) nNF(9) tpEmis(1) nSiteAutoriz(1) cNF(7) cDV(1)

MOC NFCom 1.00a, items 2.1.3 and 7.3; letters of the CNPJ: NT Conjunta 2025.001. Check digit: modulo 11, weights 2 to 9
from the right, a character is worth its ASCII code less 48, remainders 0 and 1 give 0.

>>> key = AccessKey(uf="SP", issued_in="2611", cnpj="12ABC34501DE35", series=1, number=1, random_code="1234567")
>>> key.text
'35261112ABC34501DE35620010000000011012345677'
>>> AccessKey.parse(key.text) == key
True
"""

import re
from functools import cached_property
from typing import Literal, Self

from pydantic import Field

from billing.core.br import cnpj
from billing.core.br.cnpj import Cnpj
from billing.core.entity import Entity
from billing.core.errors import InvalidInput
from billing.customers.model import Uf
from billing.fiscal.states import IBGE_CODES, UFS

MODEL = "62"
LENGTH = 44

_ONLY_DIGITS = "depois do CNPJ a chave só tem algarismos"
_FIELDS = re.compile(
    r"(?P<state>[0-9]{2})(?P<month>[0-9]{4})(?P<cnpj>[0-9A-Z]{12}[0-9]{2})(?P<model>[0-9]{2})(?P<series>[0-9]{3})"
    r"(?P<number>[0-9]{9})(?P<emission>[0-9])(?P<site>[0-9])(?P<random>[0-9]{7})(?P<digit>[0-9])"
)


class AccessKey(Entity):
    """Chave de acesso da NFCom, campo a campo."""

    uf: Uf
    """UF do emitente."""
    issued_in: str = Field(pattern=r"^[0-9]{2}(0[1-9]|1[0-2])$", examples=["2611"])
    """Ano e mês da emissão (AAMM), na data local do emitente."""
    cnpj: Cnpj
    series: int = Field(ge=0, le=999)
    number: int = Field(ge=1, le=999_999_999)
    emission: Literal[1, 2] = 1
    """1 normal, 2 contingência (tpEmis)."""
    site: int = Field(default=0, ge=0, le=9)
    """Site do autorizador (nSiteAutoriz)."""
    random_code: str = Field(pattern=r"^[0-9]{7}$")
    """Código numérico aleatório (cNF)."""

    @cached_property
    def text(self) -> str:
        """The 44 characters."""
        body = (
            f"{IBGE_CODES[self.uf]}{self.issued_in}{self.cnpj}{MODEL}{self.series:03d}{self.number:09d}"
            f"{self.emission}{self.site}{self.random_code}"
        )
        return body + cnpj.check_digit(body)

    @property
    def check_digit(self) -> str:
        return self.text[-1]

    @property
    def id(self) -> str:
        """The `Id` attribute that the signature refers to."""
        return f"NFCom{self.text}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the 44 characters without correcting them. Raises InvalidInput, whose message says what is wrong."""
        fields = _fields(text)
        if fields["model"] != MODEL:
            raise _invalid("model", f"o modelo é {fields['model']}, e o da NFCom é 62")
        if int(fields["state"]) not in UFS:
            raise _invalid("state", f"{fields['state']} não é código de UF do IBGE")
        if int(fields["number"]) == 0:
            raise _invalid("number", "o número da nota é zero")
        if fields["month"][2:] not in {f"{month:02d}" for month in range(1, 13)}:
            raise _invalid("month", f"{fields['month'][2:]} não é um mês")
        if fields["emission"] not in {"1", "2"}:
            raise _invalid("emission", "o tipo de emissão não é 1 nem 2")
        if cnpj.check_digit(text[:-1]) != text[-1]:
            raise _invalid("check_digit", "o dígito verificador não confere")
        if not cnpj.is_valid(fields["cnpj"]):
            raise _invalid("cnpj", "o CNPJ do emitente não é válido")
        return cls.model_validate(
            {
                "uf": UFS[int(fields["state"])],
                "issued_in": fields["month"],
                "cnpj": fields["cnpj"],
                "series": int(fields["series"]),
                "number": int(fields["number"]),
                "emission": int(fields["emission"]),
                "site": int(fields["site"]),
                "random_code": fields["random"],
            }
        )


def in_blocks(text: str) -> str:
    """As printed: eleven blocks of four (MOC 2.1.2)."""
    return " ".join(text[start : start + 4] for start in range(0, LENGTH, 4))


def _fields(text: str) -> dict[str, str]:
    match = _FIELDS.fullmatch(text)
    if match is not None:
        return match.groupdict()
    if len(text) != LENGTH:
        raise _invalid("length", f"são 44 caracteres, e esta tem {len(text)}")
    if text != text.upper():
        raise _invalid("lower_case", "as letras do CNPJ são maiúsculas")
    if not text[:6].isdecimal():
        raise _invalid("shape", "começa com a UF e o mês em algarismos")
    if not text[18:20].isdecimal():
        raise _invalid("cnpj", "os dígitos verificadores do CNPJ são algarismos")
    raise _invalid("shape", _ONLY_DIGITS)


def _invalid(reason: str, words: str) -> InvalidInput:
    return InvalidInput(f"access_key.{reason}", f"Chave de acesso inválida: {words}.")
