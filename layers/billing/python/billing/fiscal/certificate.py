"""The issuer's certificate (e-CNPJ of ICP-Brasil, kind A1): read from its PKCS#12 file, and what is wrong with it in plain words.

The CNPJ stands in the subject alternative name 2.16.76.1.3.3 and after ":" in the common name (DOC-ICP-04); the authority
compares its root with the issuer's (rule 213). Expired, 291; without CNPJ, 292.
"""

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from billing.core.br import cnpj
from billing.core.errors import Refused

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_CNPJ_OF_HOLDER = "2.16.76.1.3.3"
_NUMBER = re.compile(rb"[0-9A-Z]{12}[0-9]{2}")


class SigningCertificate:
    """An open certificate with its key; it never leaves memory."""

    def __init__(self, key: "RSAPrivateKey", certificate: "x509.Certificate") -> None:
        self._key = key
        self._x509 = certificate

    @cached_property
    def certificate(self) -> str:
        """DER in base64, one line."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return base64.b64encode(self._x509.public_bytes(Encoding.DER)).decode()

    @property
    def cnpj(self) -> str | None:
        """Of the holder."""
        return next(_cnpjs(self._x509), None)

    @property
    def expires_at(self) -> datetime:
        return self._x509.not_valid_after_utc

    def sign(self, data: bytes, hash_name: str) -> bytes:
        """RSA, PKCS#1 v1.5."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        algorithm = hashes.SHA1() if hash_name == "sha1" else hashes.SHA256()  # noqa: S303 - the NFCom's schema has SHA-1 fixed
        return self._key.sign(data, PKCS1v15(), algorithm)

    def private_bytes(self) -> bytes:
        """PKCS#8, DER, in the clear: for the vault, and for the connection that the certificate opens."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        return self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def pem(self) -> bytes:
        """Key and certificate, for TLS."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        key = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + self._x509.public_bytes(Encoding.PEM)

    def require_usable(self, issuer_cnpj: str, now: datetime) -> None:
        """Raises Refused for a certificate that the authority would not take of this issuer at this instant."""
        if self.cnpj is None:
            raise Refused(
                "certificate.no_cnpj", "O certificado não tem CNPJ: envie o e-CNPJ (A1) da empresa."
            )
        if self.cnpj[:8] != issuer_cnpj[:8]:
            raise Refused(
                "certificate.other_cnpj",
                f"O certificado é do CNPJ {cnpj.format(self.cnpj)}, e a empresa é {cnpj.format(issuer_cnpj)}: envie o dela.",
            )
        if now >= self.expires_at:
            raise Refused(
                "certificate.expired",
                f"O certificado venceu em {self.expires_at:%d/%m/%Y}: envie o novo.",
            )
        if now < self._x509.not_valid_before_utc:
            raise Refused(
                "certificate.not_yet_valid",
                f"O certificado só vale a partir de {self._x509.not_valid_before_utc:%d/%m/%Y}.",
            )


def open_certificate(content: bytes, password: str) -> SigningCertificate:
    """Read a PKCS#12 file (.pfx, .p12). Raises Refused for a wrong password, or a file that is none or has no RSA key."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    try:
        key, certificate, _ = load_key_and_certificates(content, password.encode())
    except (ValueError, TypeError) as unreadable:
        raise _unreadable(unreadable) from None
    if not isinstance(key, RSAPrivateKey) or certificate is None:
        raise Refused(
            "certificate.no_key",
            "O arquivo não tem a chave do certificado: exporte-o de novo com a chave privada.",
        )
    return SigningCertificate(key, certificate)


def rebuilt(key: bytes, certificate: bytes) -> SigningCertificate:
    """Of what a vault kept: PKCS#8 and X.509, both DER.

    The key was checked when its file was read; proving its primes again takes a tenth of a second of every run.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    private = load_der_private_key(key, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(private, RSAPrivateKey)
    return SigningCertificate(private, x509.load_der_x509_certificate(certificate))


def _unreadable(error: Exception) -> Refused:
    """The library has one exception for both; only its words tell a wrong password from another file."""
    if "password" in str(error).lower():
        return Refused("certificate.wrong_password", "A senha do certificado não confere.")
    return Refused("certificate.unreadable", "O arquivo não é um certificado A1 (.pfx ou .p12).")


def _cnpjs(certificate: "x509.Certificate") -> Iterator[str]:
    from cryptography.x509 import ExtensionNotFound, NameOID, OtherName, SubjectAlternativeName

    try:
        names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        names = None
    for name in names or ():
        if isinstance(name, OtherName) and name.type_id.dotted_string == _CNPJ_OF_HOLDER:
            yield from _valid(name.value)
    for attribute in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME):
        yield from _valid(str(attribute.value).rpartition(":")[2].encode("latin-1", "replace"))


def _valid(content: bytes) -> Iterator[str]:
    """DER of any string type, or the bare text: the CNPJ in it."""
    for match in _NUMBER.finditer(content):
        number = match[0].decode()
        if cnpj.is_valid(number):
            yield number
