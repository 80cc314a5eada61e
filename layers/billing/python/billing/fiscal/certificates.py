"""A company's certificate as stored: its public details, and its private key, encrypted.

The file and its password are not kept; the key is only ever decrypted to sign.
"""

import base64
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from billing.core.entity import Entity
from billing.core.errors import InvalidInput
from billing.core.table import Aggregate
from billing.core.text import Line
from billing.fiscal.certificate import SigningCertificate, open_certificate, rebuilt
from billing.fiscal.ports import KeyVault

LARGEST = 20_000
"""Bytes of a PKCS#12 file: one with its whole chain has some 8,000."""


class NewCertificate(Entity):
    """Certificado digital A1 da empresa, com a senha. Nem o arquivo nem a senha são guardados ou podem ser lidos depois."""

    content: Annotated[
        str,
        Field(
            min_length=1,
            max_length=4 * LARGEST // 3 + 4,
            pattern=r"^[0-9A-Za-z+/=\s]*$",
            examples=["MIIKpAIBAzCCCl4GCSqGSIb3"],
        ),
    ]
    """O arquivo .pfx ou .p12 em base64."""
    password: Line = Field(max_length=200, repr=False, examples=["segredo"])


WARNING = timedelta(days=30)
"""How long before its end a certificate is to be renewed."""


class CertificateInfo(Entity):
    """O que se sabe do certificado de uma empresa."""

    cnpj: str
    expires_at: datetime
    kept_at: datetime

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at

    def is_near_its_end(self, now: datetime) -> bool:
        """To be renewed: it ends within 30 days, or has ended."""
        return now >= self.expires_at - WARNING


class KeptCertificate(CertificateInfo, Aggregate):
    company_id: str
    certificate: str = Field(max_length=40_000)
    """DER in base64."""
    sealed_key: str = Field(max_length=40_000)
    """PKCS#8, encrypted by the vault, in base64."""

    @property
    def info(self) -> CertificateInfo:
        return CertificateInfo(cnpj=self.cnpj, expires_at=self.expires_at, kept_at=self.kept_at)


def opened(new: NewCertificate) -> SigningCertificate:
    """Raises InvalidInput for what is no base64, Refused as `open_certificate`."""
    try:
        content = base64.b64decode(new.content, validate=True)
    except ValueError:
        raise InvalidInput("certificate.base64", "O arquivo do certificado vai em base64.") from None
    return open_certificate(content, new.password)


def sealed(
    vault: KeyVault, tenant_id: str, company_id: str, certificate: SigningCertificate, now: datetime
) -> KeptCertificate:
    key = vault.seal(certificate.private_bytes(), _context(tenant_id, company_id))
    return KeptCertificate(
        company_id=company_id,
        cnpj=certificate.cnpj or "",
        expires_at=certificate.expires_at,
        kept_at=now,
        certificate=certificate.certificate,
        sealed_key=base64.b64encode(key).decode(),
    )


def signer_of(vault: KeyVault, tenant_id: str, kept: KeptCertificate) -> SigningCertificate:
    key = vault.reveal(base64.b64decode(kept.sealed_key), _context(tenant_id, kept.company_id))
    return rebuilt(key, base64.b64decode(kept.certificate))


def _context(tenant_id: str, company_id: str) -> dict[str, str]:
    return {"tenant": tenant_id, "company": company_id}
