"""Pix in Santander's files: the type of a key (H7800, version 2.36, note 34), and the address in a return (note 36)."""

from collections.abc import Mapping

from billing.banking.boleto.bank import refusal
from billing.banking.pix_keys import KeyKind, key_kind
from billing.banking.terms import BankTerms
from billing.core.errors import Refused

_CODES: Mapping[KeyKind, str] = {
    KeyKind.CPF: "1",
    KeyKind.CNPJ: "2",
    KeyKind.PHONE: "3",
    KeyKind.EMAIL: "4",
    KeyKind.RANDOM: "5",
}


def pix_key(terms: BankTerms) -> tuple[str, str]:
    """The key's type and the key: the account's CPF or CNPJ if the profile names none. Raises Refused for a key of no
    known type.

    >>> from types import SimpleNamespace
    >>> pix_key(SimpleNamespace(pix_key="financeiro@exemplo.com.br"))
    ('4', 'financeiro@exemplo.com.br')
    """
    key = terms.pix_key or terms.beneficiary_document
    kind = key_kind(key)
    if kind is not None:
        return _CODES[kind], key
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
    address = text.strip()
    return address if "/" in address and "@" not in address else ""
