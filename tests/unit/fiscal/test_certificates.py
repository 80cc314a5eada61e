"""The issuer's certificate: whose it is, and what is wrong with a file, in words."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509 import load_der_x509_certificate
from hypothesis import given
from hypothesis import strategies as st

from billing.core.errors import Refused
from billing.fiscal.certificate import open_certificate
from billing.fiscal.certificates import CertificateInfo
from tests.support.fiscal import CNPJ, ISSUED_AT, PASSWORD, certificate, pkcs12, private_key


@pytest.mark.parametrize("in_alternative_name", [True, False])
@pytest.mark.parametrize("number", [CNPJ, "12ABC34501DE35"])
def test_cnpj_of_the_holder_is_read_from_either_place(number, in_alternative_name):
    opened = open_certificate(pkcs12(cnpj=number, in_alternative_name=in_alternative_name), PASSWORD)
    assert opened.cnpj == number
    opened.require_usable(number, ISSUED_AT)


def test_certificate_of_the_head_office_serves_its_branches():
    certificate().require_usable("11222333000262", ISSUED_AT)


@pytest.mark.parametrize(
    ("options", "issuer", "moved", "code"),
    [
        ({"cnpj": None}, CNPJ, timedelta(), "certificate.no_cnpj"),
        ({}, "12ABC34501DE35", timedelta(), "certificate.other_cnpj"),
        ({}, CNPJ, timedelta(days=265), "certificate.expired"),
        ({}, CNPJ, -timedelta(days=100, seconds=1), "certificate.not_yet_valid"),
    ],
)
def test_certificate_that_the_authority_would_refuse(options, issuer, moved, code):
    opened = open_certificate(pkcs12(**options), PASSWORD)
    with pytest.raises(Refused) as refused:
        opened.require_usable(issuer, ISSUED_AT + moved)
    assert refused.value.code == code


def test_certificate_is_used_to_its_last_second_and_announced_thirty_days_before():
    end = certificate().expires_at
    certificate().require_usable(CNPJ, end - timedelta(seconds=1))
    info = CertificateInfo(cnpj=CNPJ, expires_at=end, kept_at=ISSUED_AT)
    assert not info.is_near_its_end(end - timedelta(days=30, seconds=1))
    assert info.is_near_its_end(end - timedelta(days=30))
    assert not info.has_expired(end - timedelta(seconds=1))
    assert info.has_expired(end)


def without_key() -> bytes:
    public = load_der_x509_certificate(base64.b64decode(certificate().certificate))
    return serialize_key_and_certificates(
        None, None, None, [public], serialization.BestAvailableEncryption(PASSWORD.encode())
    )


@pytest.mark.parametrize(
    ("content", "password", "code"),
    [
        (pkcs12(), "outra", "certificate.wrong_password"),
        (pkcs12(), "", "certificate.wrong_password"),
        (b"not a certificate", PASSWORD, "certificate.unreadable"),
        (b"", PASSWORD, "certificate.unreadable"),
        (without_key(), PASSWORD, "certificate.no_key"),
    ],
)
def test_file_that_cannot_be_opened_says_why(content, password, code):
    with pytest.raises(Refused) as refused:
        open_certificate(content, password)
    assert refused.value.code == code


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_file_is_opened_or_refused(content, password):
    with pytest.raises(Refused, match=r"certificate\."):
        open_certificate(content, password)


def test_key_is_never_in_the_text_of_a_certificate():
    numbers = private_key().private_numbers()
    assert str(numbers.d) not in repr(certificate())
