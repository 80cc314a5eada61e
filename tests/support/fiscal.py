"""Fiscal documents as tests and benches make them: a certificate of their own, a note with every kind of line."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID, ObjectIdentifier

from billing.core.money import Money
from billing.customers.model import Address
from billing.fiscal.certificate import SigningCertificate, open_certificate
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.note import (
    Billing,
    Nfcom,
    NfcomLine,
    NfcomNumber,
    ServiceKind,
    Subscriber,
    SubscriberKind,
)
from billing.fiscal.nfcom.taxation import Taxation
from billing.fiscal.nfcom.taxes import LineValue, tax_line
from billing.fiscal.nfse.dps import (
    ApproximateTaxes,
    Dps,
    DpsNumber,
    Iss,
    NfseIbsCbs,
    NfseRegime,
    NfseService,
    SimplesStanding,
)
from billing.fiscal.parties import Issuer, Place, Recipient, TaxRegime
from tests.support.fiscal_cases import golden

ISSUED_AT = datetime(2026, 11, 30, 14, 30, 15, tzinfo=UTC)
TODAY = date(2026, 11, 30)
CNPJ = "11222333000181"
PASSWORD = "segredo"


@cache
def private_key() -> RSAPrivateKey:
    """The golden cases' own."""
    key = serialization.load_pem_private_key(
        golden("qr_urls")["test_private_key_pem"].encode(), password=None
    )
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the golden key is RSA")
    return key


def pkcs12(
    *,
    cnpj: str | None = CNPJ,
    in_alternative_name: bool = True,
    since: datetime = ISSUED_AT - timedelta(days=100),
    until: datetime = ISSUED_AT + timedelta(days=265),
) -> bytes:
    """An e-CNPJ as ICP-Brasil makes them, self-signed."""
    common_name = "VALE FIBRA LTDA" if cnpj is None or in_alternative_name else f"VALE FIBRA LTDA:{cnpj}"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=private_key().public_key(),
        serial_number=1000,
        not_valid_before=since,
        not_valid_after=until,
    )
    if cnpj is not None and in_alternative_name:
        der = b"\x04\x0e" + cnpj.encode()  # OCTET STRING
        other = x509.OtherName(ObjectIdentifier("2.16.76.1.3.3"), der)
        builder = builder.add_extension(x509.SubjectAlternativeName([other]), critical=False)
    certificate = builder.sign(private_key(), hashes.SHA256())
    encryption = serialization.BestAvailableEncryption(PASSWORD.encode())
    return serialize_key_and_certificates(b"a1", private_key(), certificate, None, encryption)


@cache
def certificate() -> SigningCertificate:
    return open_certificate(pkcs12(), PASSWORD)


def place(**changes: Any) -> Place:
    address = Address(
        street="Avenida São João",
        number="1578",
        complement="Conj. 405 & 406",
        district="República",
        city="São Paulo",
        uf="SP",
        cep="01036100",
    )
    return Place.model_validate({"address": address, "municipality_code": "3550308", **changes})


def issuer(**changes: Any) -> Issuer:
    return Issuer.model_validate(
        {
            "cnpj": CNPJ,
            "legal_name": "Vale Fibra Telecomunicações Ltda.",
            "trade_name": "Vale Fibra",
            "regime": TaxRegime.NORMAL,
            "state_registration": "110042490114",
            "place": place(),
            **changes,
        }
    )


def taxation(**changes: Any) -> Taxation:
    return Taxation.model_validate(
        {
            "icms": "00",
            "icms_percent": "18",
            "contributions_cst": "01",
            "contribution_regime": "cumulative",
            "pays_funds": True,
            "ibs_cbs": {"cst": "000", "class_code": "000001"},
            **changes,
        }
    )


def line(
    value: LineValue | None = None, composition: Taxation | None = None, day: date = TODAY, **changes: Any
) -> NfcomLine:
    """Internet access, unless the changes say otherwise."""
    given = value or LineValue(unit_price=Decimal("99.90"))
    return NfcomLine.model_validate(
        {
            "code": "FIBRA500",
            "description": "Internet fibra – 500 Mega",
            "class_code": "0400401",
            "cfop": "5307",
            "value": given,
            "taxes": tax_line(given, composition or taxation(), day),
            **changes,
        }
    )


def interest() -> NfcomLine:
    """Outside ICMS: no CFOP."""
    composition = taxation(
        icms="none",
        icms_percent=None,
        contributions_cst="08",
        contribution_regime=None,
        pays_funds=False,
        ibs_cbs={"cst": "410", "class_code": "410999"},
    )
    return line(
        LineValue(unit_price=Decimal("1.10")),
        composition,
        code="JUROS",
        description="Juros de mora",
        class_code="1000301",
        cfop=None,
    )


def note(**changes: Any) -> Nfcom:
    return Nfcom.model_validate(
        {
            "environment": Environment.TEST,
            "issuer": issuer(),
            "recipient": Recipient(name="Joana d'Ávila Gonçalves", document="52998224725", place=place()),
            "subscriber": Subscriber(
                code="88123",
                kind=SubscriberKind.RESIDENTIAL,
                service=ServiceKind.INTERNET,
                contract_number="CT-0042",
                contract_starts_on=date(2025, 3, 10),
            ),
            "lines": (line(), interest()),
            "billing": Billing(
                month="202611",
                due_on=date(2026, 12, 10),
                used_from=date(2026, 11, 1),
                used_to=date(2026, 11, 30),
                typed_line="34191101213456788005871234570001616670000012345",
                pix_url="pix.example.com/qr/v2/9d36b84f-c70b-478f-b95c-12729b90ca25",
            ),
            "observations": ("Cliente desde 2025.\nObrigado!", "", "Competência 11/2026", "Contrato CT-0042"),
            **changes,
        }
    )


def number(**changes: Any) -> NfcomNumber:
    return NfcomNumber.model_validate(
        {"series": 1, "number": 1, "random_code": "1234567", "issued_at": ISSUED_AT, **changes}
    )


def dps(**changes: Any) -> Dps:
    return Dps.model_validate(
        {
            "environment": Environment.TEST,
            "issuer": issuer(municipal_registration="31000"),
            "regime": NfseRegime(standing=SimplesStanding.NOT),
            "recipient": Recipient(
                name="Padaria Pão Quente Ltda. & Filhos", document="33113009000168", place=place()
            ),
            "service": NfseService(
                national_code="010701",
                nbs="115022000",
                description="Suporte técnico\nem novembro",
                place_code="3550308",
            ),
            "rendered_on": TODAY,
            "amount": Money("1000.00"),
            "iss": Iss(percent=Decimal(5)),
            "contributions_cst": "01",
            "contribution_regime": "cumulative",
            "approximate_taxes": ApproximateTaxes(federal=Decimal("13.45"), municipal=Decimal("3.12")),
            "ibs_cbs": NfseIbsCbs(cst="000", class_code="000001", operation_code="100301"),
            "observations": ("Cliente desde 2025", "Contrato CT-0042"),
            **changes,
        }
    )


def dps_number(**changes: Any) -> DpsNumber:
    return DpsNumber.model_validate({"series": 1, "number": 1, "issued_at": ISSUED_AT, **changes})


AMOUNT = Money("101.00")
"""vNF of `note()`: 99.90 and 1.10."""
