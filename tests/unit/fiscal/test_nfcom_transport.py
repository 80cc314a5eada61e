"""What is sent to an authority, byte for byte, over HTTP and mutual TLS; and what is known when no answer comes."""

from __future__ import annotations

import base64
import gzip
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from billing.adapters import mutual_tls
from billing.adapters.nfcom_soap import SoapAuthorities
from billing.adapters.sandbox_authority.server import AuthorityServer
from billing.core.clock import FixedClock
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.answers import read_answer
from billing.fiscal.nfcom.authorisers import Service
from billing.fiscal.nfcom.note import key_of
from billing.fiscal.nfcom.requests import consultation, status
from billing.fiscal.nfcom.xml import signed_nfcom
from billing.fiscal.ports import NoAnswer, Unreached
from billing.fiscal.reactions import StatusReaction
from tests.support import fiscal

CLOCK = FixedClock(fiscal.ISSUED_AT)


def signed() -> tuple[str, bytes]:
    note, number = fiscal.note(), fiscal.number()
    return key_of(note, number).text, signed_nfcom(note, number, fiscal.certificate())


def ask(base: str, service: Service, message: bytes) -> bytes:
    return SoapAuthorities(CLOCK, base).ask(service, "SP", Environment.TEST, message, fiscal.certificate())


@pytest.mark.req("FIS-02")
def test_note_arrives_as_it_was_signed_and_is_authorised() -> None:
    key, content = signed()
    with AuthorityServer(CLOCK) as server:
        answer = read_answer(ask(server.url, Service.RECEPTION, content), key)

    assert (answer.reaction, answer.key) == (StatusReaction.AUTHORISED, key)
    [(path, headers, body)] = server.requests
    assert path == "/test/NFComRecepcao"
    assert headers["Content-Type"] == (
        'application/soap+xml; charset=utf-8; action="http://www.portalfiscal.inf.br/nfcom/wsdl/NFComRecepcao/nfcomRecepcao"'
    )
    _, _, packed = body.partition(
        b'<nfcomDadosMsg xmlns="http://www.portalfiscal.inf.br/nfcom/wsdl/NFComRecepcao">'
    )
    assert gzip.decompress(base64.b64decode(packed.partition(b"<")[0])) == content


@pytest.mark.req("FIS-02")
def test_only_the_reception_is_compressed() -> None:
    with AuthorityServer(CLOCK) as server:
        read = read_answer(ask(server.url, Service.STATUS, status(Environment.TEST)))
        ask(server.url, Service.CONSULTATION, consultation(signed()[0], Environment.TEST))

    assert read.reaction is StatusReaction.RUNNING
    assert b"<consStatServNFCom" in server.requests[0][2]
    assert b"<consSitNFCom" in server.requests[1][2]


@pytest.mark.req("FIS-02")
def test_lost_answer_is_distinguished_from_a_request_never_sent() -> None:
    key, content = signed()
    with AuthorityServer(CLOCK) as server:
        server.answer("/_control", {}, b'{"loses_answers": 1}')
        with pytest.raises(NoAnswer):
            ask(server.url, Service.RECEPTION, content)
        response = ask(server.url, Service.CONSULTATION, consultation(key, Environment.TEST))
        url = server.url
    assert read_answer(response, key).reaction is StatusReaction.AUTHORISED
    with pytest.raises(Unreached):
        ask(url, Service.RECEPTION, content)


@pytest.mark.req("FIS-02")
def test_slow_answer_is_a_lost_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutual_tls, "ANSWER_SECONDS", 0.1)
    _key, content = signed()
    with AuthorityServer(CLOCK) as server:
        server.delay_seconds = 0.5
        with pytest.raises(NoAnswer):
            ask(server.url, Service.RECEPTION, content)


@pytest.mark.req("FIS-02")
def test_stand_in_remembers_over_a_restart(tmp_path: Path) -> None:
    key, content = signed()
    with AuthorityServer(CLOCK, tmp_path) as server:
        ask(server.url, Service.RECEPTION, content)
    with AuthorityServer(CLOCK, tmp_path) as server:
        response = ask(server.url, Service.CONSULTATION, consultation(key, Environment.TEST))
        again = ask(server.url, Service.RECEPTION, content)
    assert read_answer(response, key).reaction is StatusReaction.AUTHORISED
    assert read_answer(again).code == "204"


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("environment", Environment)
def test_production_goes_to_the_authorisers_address(environment: Environment) -> None:
    authorities = SoapAuthorities(CLOCK)
    address = authorities._address(Service.EVENT, "SP", environment)
    assert address.startswith("https://nfcom")
    assert ("homologacao" in address) == (environment is Environment.TEST)


@pytest.mark.req("FIS-02")
def test_company_shows_its_certificate_to_a_server_that_it_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And to no other."""
    trusted, untrusted = tls_files(tmp_path, "a"), tls_files(tmp_path, "b")
    monkeypatch.setenv("FISCAL_CA_FILE", str(trusted))
    with tls_server(trusted) as (url, holders):
        assert ask(url, Service.STATUS, b"<x></x>") == b"<ok/>"
    assert holders == ["VALE FIBRA LTDA"]
    with tls_server(untrusted) as (url, holders), pytest.raises(Unreached):
        ask(url, Service.STATUS, b"<x></x>")
    assert holders == []


def tls_files(folder: Path, name: str) -> Path:
    """Key and certificate of 127.0.0.1, in one file."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"authority {name}")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return path


@contextmanager
def tls_server(files: Path) -> Iterator[tuple[str, list[str]]]:
    """Its address, and the owners of the certificates that were presented to it."""
    holders: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            shown = self.connection.getpeercert(binary_form=True)
            certificate = x509.load_der_x509_certificate(shown)
            holders.append(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"<ok/>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files)
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags = ssl.VerifyFlags.VERIFY_DEFAULT
    context.load_verify_locations(cadata=of_clients())
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}", holders
    finally:
        server.shutdown()
        server.server_close()


def of_clients() -> str:
    """The company's certificate is its own authority in tests."""
    return fiscal.certificate().pem().decode().partition("-----END PRIVATE KEY-----\n")[2]
