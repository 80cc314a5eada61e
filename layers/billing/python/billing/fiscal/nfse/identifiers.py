"""Identifiers of the national NFS-e: of the declaration (DPS), of the note that the Sefin makes from it, and of event requests.

    DPS  45   "DPS" + cMun(7) + 1 CPF or 2 CNPJ (1) + document(14, a CPF zero-filled) + serie(5) + nDPS(15)
    NFSe 50   cMun(7) ambGer(1) type(1) document(14) nNFSe(13) AAMM(4) code(9) DV(1): the authority makes it
    PRE  59   "PRE" + key(50) + type of event(6)

Schemas of layout 1.01: package of 2026-02-09, and of 2026-07-27 for letters in the CNPJ. The check digit of the NFS-e's
key is modulo 11 as in the other keys: no manual that was read says so; four published notes agree.

>>> dps_id("3550308", "11222333000181", series=1, number=1)
'DPS355030821122233300018100001000000000000001'
"""

import re
from typing import Final

from pydantic import Field

from billing.core.br import cnpj, cpf
from billing.core.entity import Entity
from billing.core.errors import InvalidInput

CANCEL, SUBSTITUTE = "101101", "105102"
"""Types of event: cancellation, and cancellation by substitution (which the authority itself makes from a DPS with `subst`)."""

OWN_SERIES: Final = range(1, 50_000)
"""Series of an issuer's own application; 50000 and above are the government's emitters (rule E0010)."""

_CONSULTATION = "https://www.nfse.gov.br/ConsultaPublica/?tpc=1&chave="
_DPS = re.compile(
    r"DPS(?P<municipality>[0-9]{7})(?:1(?P<cpf>000[0-9]{11})|2(?P<cnpj>[0-9A-Z]{12}[0-9]{2}))"
    r"(?P<series>[0-9]{5})(?P<number>[0-9]{15})"
)
_KEY = re.compile(
    r"(?P<municipality>[0-9]{7})(?P<generator>[12])(?:1(?P<cpf>000[0-9]{11})|2(?P<cnpj>[0-9A-Z]{12}[0-9]{2}))"
    r"(?P<number>[0-9]{13})(?P<month>[0-9]{4})(?P<code>[0-9]{9})(?P<digit>[0-9])"
)


class DpsId(Entity):
    """Identificação da DPS, campo a campo."""

    municipality_code: str = Field(pattern=r"^[0-9]{7}$")
    """Município emissor, código do IBGE."""
    document: str
    """CNPJ ou CPF do prestador."""
    series: int = Field(ge=0, le=99_999)
    number: int = Field(ge=1, le=999_999_999_999_999)


def dps_id(municipality_code: str, document: str, *, series: int, number: int) -> str:
    """The 45 characters; the document is compact and valid."""
    return f"DPS{municipality_code}{_registration(document)}{series:05d}{number:015d}"


def parse_dps_id(text: str) -> DpsId:
    """Raises InvalidInput."""
    match = _DPS.fullmatch(text)
    if match is None:
        raise InvalidInput(
            "dps_id.shape",
            "Identificação de DPS inválida: são DPS, município (7), tipo de inscrição (1), "
            "inscrição (14), série (5) e número (15).",
        )
    if int(match["number"]) == 0:
        raise InvalidInput("dps_id.number", "Identificação de DPS inválida: o número é zero.")
    return DpsId(
        municipality_code=match["municipality"],
        document=_checked(match["cpf"], match["cnpj"], "dps_id.document"),
        series=int(match["series"]),
        number=int(match["number"]),
    )


def check_nfse_key(text: str) -> str:
    """The key, unchanged. Raises InvalidInput."""
    match = _KEY.fullmatch(text)
    if match is None:
        raise InvalidInput("nfse_key.shape", "Chave de NFS-e inválida: são 50 caracteres.")
    if cnpj.check_digit(text[:-1]) != match["digit"]:
        raise InvalidInput(
            "nfse_key.check_digit", "Chave de NFS-e inválida: o dígito verificador não confere."
        )
    _checked(match["cpf"], match["cnpj"], "nfse_key.document")
    return text


def event_request_id(key: str, event: str) -> str:
    """The id of a request for an event, such as a cancellation (`CANCEL`)."""
    return f"PRE{key}{event}"


def consultation_url(key: str) -> str:
    """What the DANFSe's QR code contains (NT 008/2026)."""
    return _CONSULTATION + key


def _registration(document: str) -> str:
    return f"1{document:0>14}" if len(document) == 11 else f"2{document}"


def _checked(of_person: str | None, of_company: str | None, code: str) -> str:
    valid = cpf.is_valid(of_person[3:]) if of_person else cnpj.is_valid(of_company or "")
    if not valid:
        raise InvalidInput(code, "Os dígitos verificadores do CPF ou CNPJ não conferem.")
    return of_person[3:] if of_person else of_company or ""
