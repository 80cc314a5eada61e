"""Enveloped XML signatures (XMLDSig) of fiscal documents: MOC NFCom 1.00a, item 3.2.4; for the DPS, the schemas of layout 1.01.

    SignedInfo      C14N 20010315; RSA-SHA1 for NFCom (its schema has that fixed), RSA-SHA256 for the DPS
    Reference       "#Id" of the signed element; exactly two transforms, enveloped and C14N
    KeyInfo         the X509Certificate alone

The signed element is canonical already (`billing.fiscal.canonical`); only its namespace, which it inherits in the
document, is declared for the digest.
"""

import base64
import hashlib
from enum import StrEnum
from typing import Protocol

_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


class SignatureAlgorithm(StrEnum):
    """Algoritmo da assinatura, como o leiaute pede."""

    RSA_SHA1 = "rsa-sha1"
    RSA_SHA256 = "rsa-sha256"

    @property
    def method(self) -> str:
        return _DSIG + self if self is SignatureAlgorithm.RSA_SHA1 else _MORE + self

    @property
    def digest(self) -> str:
        return _DSIG + "sha1" if self is SignatureAlgorithm.RSA_SHA1 else _SHA256

    @property
    def hash_name(self) -> str:
        return "sha1" if self is SignatureAlgorithm.RSA_SHA1 else "sha256"


_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


class Signer(Protocol):
    """Holds a private key: a certificate's, or a service's that never gives it away."""

    @property
    def certificate(self) -> str:
        """The X.509 certificate, DER in base64, one line."""
        ...

    def sign(self, data: bytes, hash_name: str) -> bytes:
        """RSA, PKCS#1 v1.5."""
        ...


class PlaceholderSigner:
    """Stands for a certificate while a document is only tried against its schema: nothing that it signs is sent."""

    certificate = "AAAA"

    def sign(self, data: bytes, hash_name: str) -> bytes:  # noqa: ARG002 - of every signer
        return bytes(256)


def signature(signed: str, reference: str, signer: Signer, algorithm: SignatureAlgorithm) -> str:
    """The `Signature` element over the canonical text of the signed element, its namespace declared."""
    digest = base64.b64encode(hashlib.new(algorithm.hash_name, signed.encode()).digest()).decode()
    info = (
        f'<CanonicalizationMethod Algorithm="{_C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{algorithm.method}"></SignatureMethod>'
        f'<Reference URI="#{reference}"><Transforms>'
        f'<Transform Algorithm="{_DSIG}enveloped-signature"></Transform>'
        f'<Transform Algorithm="{_C14N}"></Transform></Transforms>'
        f'<DigestMethod Algorithm="{algorithm.digest}"></DigestMethod>'
        f"<DigestValue>{digest}</DigestValue></Reference>"
    )
    value = signer.sign(f'<SignedInfo xmlns="{_DSIG}">{info}</SignedInfo>'.encode(), algorithm.hash_name)
    return (
        f'<Signature xmlns="{_DSIG}"><SignedInfo>{info}</SignedInfo>'
        f"<SignatureValue>{base64.b64encode(value).decode()}</SignatureValue>"
        f"<KeyInfo><X509Data><X509Certificate>{signer.certificate}</X509Certificate></X509Data></KeyInfo></Signature>"
    )
