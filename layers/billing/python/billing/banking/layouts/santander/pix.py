"""Pix in Santander's files: of what type a key is (H7800, version 2.36, note 34), and the address that a return brings (note 36)."""

import re
from collections.abc import Mapping

from billing.banking.boleto.bank import refusal
from billing.banking.terms import BankTerms
from billing.core.errors import Refused

_CPF, _CNPJ, _PHONE, _EMAIL, _RANDOM = "12345"
_SHAPES: Mapping[str, re.Pattern[str]] = {
    _CPF: re.compile(r"\d{11}"),
    _CNPJ: re.compile(r"[A-Z0-9]{12}\d{2}"),
    _PHONE: re.compile(r"\+\d{8,14}"),
    _EMAIL: re.compile(r"[^@\s]+@[^@\s]+"),
    _RANDOM: re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
}


def pix_key(terms: BankTerms) -> tuple[str, str]:
    """The key's type and the key: the account's CPF or CNPJ where the profile names none. Raises Refused for one of no type.

    >>> from types import SimpleNamespace
    >>> pix_key(SimpleNamespace(pix_key="financeiro@exemplo.com.br"))
    ('4', 'financeiro@exemplo.com.br')
    """
    key = terms.pix_key or terms.beneficiary_document
    for kind, shape in _SHAPES.items():
        if shape.fullmatch(key):
            return kind, key
    message = (
        f"A chave Pix “{key}” não é CPF, CNPJ, celular (+5511...), e-mail nem chave aleatória: o Santander pede o tipo "
        "da chave. Corrija-a no perfil de pagamento."
    )
    raise Refused.because([refusal("remittance.pix_key", message, "pix_key")])


def charge_address(text: str) -> str:
    """The address of the boleto's Pix charge in a field that holds a key or an address; blank for a key.

    >>> charge_address("pix.exemplo.com.br/qr/v2/cobv/2f5b2c1e   "), charge_address("financeiro@exemplo.com.br")
    ('pix.exemplo.com.br/qr/v2/cobv/2f5b2c1e', '')
    """
    told = text.strip()
    return told if "/" in told and "@" not in told else ""
