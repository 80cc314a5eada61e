"""A certificate like those of ICP-Brasil (e-CNPJ, A1) but self-signed: only the stand-in accepts it."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID


def sandbox_certificate(cnpj: str, name: str, password: str, since: datetime, until: datetime) -> bytes:
    """A PKCS#12 file with a new key; the CNPJ follows the holder's name, as in DOC-ICP-04."""
    key = rsa.generate_private_key(65537, 2048)
    holder = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name}:{cnpj}")])
    certificate = x509.CertificateBuilder(
        issuer_name=holder,
        subject_name=holder,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=since,
        not_valid_after=until,
    ).sign(key, hashes.SHA256())
    return serialize_key_and_certificates(
        b"a1", key, certificate, None, BestAvailableEncryption(password.encode())
    )
