"""E-mail addresses, as mail providers deliver them: ASCII, one "@", no quoted or bracketed forms.

Narrower than RFC 5321 (section 4.1.2) on purpose: an address that no provider delivers to is a typing mistake.
Kept in lower case, because no provider tells addresses apart by case and a person is found by e-mail.

>>> validate(" Joana.Silva@Example.COM ")
'joana.silva@example.com'
>>> is_valid("joana..silva@example.com")
False
"""

import re
from typing import Annotated

from pydantic import Field

from billing.core.errors import InvalidInput
from billing.core.fields import checked_by

_LONGEST = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(
    rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])"
)

_DOMAIN = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")


def compact(text: str) -> str:
    return text.strip().lower()


def validate(text: str) -> str:
    """The address in lower case. Raises InvalidInput `email.length` or `email.format`."""
    address = compact(text)
    if len(address) > _LONGEST:
        raise InvalidInput("email.length", f"E-mail com mais de {_LONGEST} caracteres.")
    if _ADDRESS.fullmatch(address) is None:
        raise InvalidInput("email.format", "E-mail inválido: informe um endereço como nome@empresa.com.br.")
    return address


def is_valid(text: str) -> bool:
    try:
        validate(text)
    except InvalidInput:
        return False
    return True


def validate_domain(text: str) -> str:
    """The domain in lower case. Raises InvalidInput `domain.format`.

    >>> validate_domain(" Alfa.Example ")
    'alfa.example'
    """
    domain = compact(text)
    if _DOMAIN.fullmatch(domain) is None:
        raise InvalidInput("domain.format", "Domínio inválido: informe-o como empresa.com.br.")
    return domain


Email = Annotated[str, checked_by(validate), Field(examples=["joana.silva@example.com"])]
"""An e-mail address, in lower case."""

Domain = Annotated[str, checked_by(validate_domain), Field(examples=["empresa.com.br"])]
"""A domain of e-mail addresses, in lower case."""
