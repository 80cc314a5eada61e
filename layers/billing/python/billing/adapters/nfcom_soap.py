"""The NFCom's authorities over SOAP 1.2 and mutual TLS: MOC NFCom 1.00a, items 3.4 and 4; NT 2023.001, item 4.

The addresses are data with dates. With FISCAL_AUTHORITY_URL, as in the local cloud, the same bytes go to the stand-in
there, unencrypted; FISCAL_CA_FILE names a file of authorities (ICP-Brasil) to be trusted besides the system's.
"""

import http.client
import os
import ssl
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from billing.core.clock import Clock, business_date
from billing.fiscal.certificate import SigningCertificate
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.authorisers import Service, authoriser_of
from billing.fiscal.nfcom.requests import envelope
from billing.fiscal.ports import NoAnswer, Unreached
from billing.fiscal.schemas import LARGEST

CONNECT_SECONDS = 5
ANSWER_SECONDS = 12
"""Out of the 29 that an API function has, so that there is still time to query a lost answer."""


class SoapAuthorities:
    """`base` is the stand-in's address; None means the authorities' own."""

    def __init__(self, clock: Clock, base: str | None = None) -> None:
        self._clock = clock
        self._base = base

    def ask(
        self, service: Service, uf: str, environment: Environment, message: bytes, signer: SigningCertificate
    ) -> bytes:
        """Raises Unreached if nothing was sent yet, NoAnswer afterwards."""
        address = urlsplit(self._address(service, uf, environment))
        connection = _connection(address, signer)
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Unreached(type(error).__name__) from error
        try:
            if connection.sock is not None:
                connection.sock.settimeout(ANSWER_SECONDS)
            connection.request("POST", address.path, envelope(service, message), headers_of(service))
            response = connection.getresponse()
            content = response.read(LARGEST + 1)
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(type(error).__name__) from error
        finally:
            connection.close()
        if not content:
            raise NoAnswer(f"HTTP {response.status}")
        return content

    def _address(self, service: Service, uf: str, environment: Environment) -> str:
        if self._base is not None:
            return f"{self._base}/{environment}/{service}"
        return authoriser_of(uf, business_date(self._clock.now())).address(service, environment)


def headers_of(service: Service) -> dict[str, str]:
    return {"Content-Type": f'application/soap+xml; charset=utf-8; action="{service.action}"'}


def _connection(address: SplitResult, signer: SigningCertificate) -> http.client.HTTPConnection:
    host, port = address.hostname or "", address.port
    if address.scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    return http.client.HTTPSConnection(
        host, port, timeout=CONNECT_SECONDS, context=_context(signer, os.environ.get("FISCAL_CA_FILE"))
    )


@lru_cache(maxsize=8)
def _context(signer: SigningCertificate, authorities: str | None) -> ssl.SSLContext:
    """TLS 1.2 or later with the company's certificate. OpenSSL reads it from a file, which is in memory, never on
    disk."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authorities is not None:
        context.load_verify_locations(authorities)
    descriptor = os.memfd_create("certificate")
    try:
        os.write(descriptor, signer.pem())
        context.load_cert_chain(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
    return context
