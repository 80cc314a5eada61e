"""Requests to tax authorities over HTTPS with the company's certificate: what left and what did not is told apart.

FISCAL_CA_FILE names a file of authorities (ICP-Brasil) to be trusted besides the system's; a stand-in's address is plain HTTP.
"""

import http.client
import os
import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from billing.fiscal.certificate import SigningCertificate
from billing.fiscal.ports import NoAnswer, Unreached

CONNECT_SECONDS = 5
ANSWER_SECONDS = 12
"""Of the 29 that an API function has, so that a lost answer can still be asked for."""


class HttpAnswer(NamedTuple):
    status: int
    content: bytes


def exchange(
    method: str,
    address: str,
    body: bytes | None,
    headers: Mapping[str, str],
    signer: SigningCertificate,
    *,
    largest: int,
) -> HttpAnswer:
    """At most one byte more than the `largest` answer is read. Raises Unreached before anything was sent, NoAnswer after."""
    url = urlsplit(address)
    connection = _connection(url, signer)
    try:
        connection.connect()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        raise Unreached(type(error).__name__) from error
    try:
        if connection.sock is not None:
            connection.sock.settimeout(ANSWER_SECONDS)
        connection.request(method, url.path, body, dict(headers))
        response = connection.getresponse()
        return HttpAnswer(response.status, response.read(largest + 1))
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(type(error).__name__) from error
    finally:
        connection.close()


def _connection(address: SplitResult, signer: SigningCertificate) -> http.client.HTTPConnection:
    host, port = address.hostname or "", address.port
    if address.scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    return http.client.HTTPSConnection(
        host, port, timeout=CONNECT_SECONDS, context=_context(signer, os.environ.get("FISCAL_CA_FILE"))
    )


@lru_cache(maxsize=8)
def _context(signer: SigningCertificate, authorities: str | None) -> ssl.SSLContext:
    """TLS 1.2 or later with the company's certificate. OpenSSL reads it from a file: one in memory, never on disk."""
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
