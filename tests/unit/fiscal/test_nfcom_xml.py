"""The NFCom's XML: valid against the official schema, signature verified by two implementations, and what is missing
reported first."""

import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from billing.core.money import Money
from billing.fiscal.canonical import plain
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.faults import faults_of
from billing.fiscal.nfcom.note import (
    Contingency,
    NfcomNumber,
    Substitution,
    SubstitutionReason,
    Terminal,
    key_of,
)
from billing.fiscal.nfcom.taxes import LineValue
from billing.fiscal.nfcom.totals import WithheldFromLine
from billing.fiscal.nfcom.xml import signed_nfcom
from billing.fiscal.parties import IcmsStanding, Recipient, TaxRegime
from billing.fiscal.schemas import Schema, faults
from billing.fiscal.verification import is_signed_well
from tests.support.fiscal import (
    AMOUNT,
    ISSUED_AT,
    TODAY,
    certificate,
    issuer,
    line,
    note,
    number,
    place,
    taxation,
)

NS = {"n": "http://www.portalfiscal.inf.br/nfcom"}
XMLSEC1 = shutil.which("xmlsec1")


def signed(given=None, **of_number) -> bytes:
    return signed_nfcom(given or note(), number(**of_number), certificate())


def value(content: bytes, path: str) -> str:
    return etree.fromstring(content).xpath(f"string({path})", namespaces=NS)


def simples_note():
    composition = taxation(
        icms="SN",
        icms_percent=None,
        contributions_cst="49",
        contribution_regime=None,
        pays_funds=False,
        ibs_cbs=None,
    )
    return note(issuer=issuer(regime=TaxRegime.SIMPLES), lines=(line(composition=composition),))


def every_situation():
    compositions = [
        taxation(fcp_percent="2"),
        taxation(icms="20", icms_base_reduction_percent="40", fcp_percent="1.5"),
        taxation(icms="40", icms_percent=None),
        taxation(icms="41", icms_percent=None),
        taxation(icms="51", icms_percent=None),
        taxation(icms="90", icms_percent=None),
        taxation(icms="90", icms_percent="12", fcp_percent="2"),
        taxation(ibs_cbs={"cst": "200", "class_code": "200001", "reduction_percent": "60"}),
    ]
    return note(lines=tuple(line(composition=composition) for composition in compositions))


def with_everything():
    withheld = WithheldFromLine(
        pis=Money("0.65"),
        cofins=Money("3.00"),
        csll=Money("1.00"),
        irrf_base=Money("100.00"),
        irrf=Money("4.80"),
    )
    discounted = LineValue(
        quantity=Decimal("2.5"),
        unit_price=Decimal("39.98123456"),
        discount=Money("1.00"),
        other=Money("0.35"),
    )
    subscriber = note().subscriber.evolve(
        contract_ends_on=date(2027, 3, 9), main_terminal=Terminal(number="1133334444", uf="SP")
    )
    taxpayer = Recipient(
        name="Padaria Pão Quente Ltda. & Filhos",
        document="12ABC34501DE35",
        standing=IcmsStanding.TAXPAYER,
        state_registration="110042490115",
        place=place(),
    )
    original = key_of(note(), number(number=9)).text
    return note(
        subscriber=subscriber,
        recipient=taxpayer,
        lines=(
            line(discounted, withheld=withheld, note="Porta 3 > 2"),
            line(LineValue(unit_price=Decimal(1)), gives_back=True),
        ),
        substitution=Substitution(key=original, reason=SubstitutionReason.PRICE),
    )


def in_contingency():
    return note(
        contingency=Contingency(
            since=datetime(2026, 11, 30, 14, 0, tzinfo=UTC), reason="Autorizador fora do ar"
        )
    )


NOTES = {
    "ordinary": note,
    "simples": simples_note,
    "situations": every_situation,
    "everything": with_everything,
    "contingency": in_contingency,
}


@pytest.mark.req("FIS-02", "FIS-07")
@pytest.mark.parametrize("name", NOTES)
def test_note_without_faults_is_valid_against_the_official_schema(name):
    made = NOTES[name]()
    assert faults_of(made, TODAY) == []
    assert faults(signed(made), Schema.NFCOM) == ()


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("name", NOTES)
def test_signature_is_verified_by_two_implementations(name, tmp_path):
    content = signed(NOTES[name]())
    assert is_signed_well(content)
    assert XMLSEC1, "xmlsec1 is not installed; .ci/run installs it"
    path = tmp_path / "note.xml"
    command = [XMLSEC1, "--verify", "--insecure", "--id-attr:Id", f"{NS['n']}:infNFCom", str(path)]
    path.write_bytes(content)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    path.write_bytes(content.replace(b"<nNF>1</nNF>", b"<nNF>2</nNF>"))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<nNF>1</nNF>", b"<nNF>2</nNF>"),
        (b"<SignatureValue>", b"<SignatureValue>AAAA"),
        (b"<DigestValue>", b"<DigestValue>AAAA"),
        (b'URI="#NFCom', b'URI="#NFCon'),
        (b"rsa-sha1", b"rsa-md5"),
        (b"</NFCom>", b""),
        (b"<Signature ", b"<Signatur "),
        (b"<X509Certificate>M", b"<X509Certificate>"),
    ],
)
def test_altered_document_fails_verification(old, new):
    content = signed()
    assert old in content
    assert not is_signed_well(content.replace(old, new))


@given(st.binary(max_size=200))
def test_any_document_is_verified_or_refused(content):
    assert not is_signed_well(content)
    assert faults(content, Schema.NFCOM)


def test_document_is_written_in_canonical_form():
    content = signed()
    body = content.removeprefix(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert etree.tostring(etree.fromstring(content), method="c14n") == body
    assert b"\n" not in body
    assert not re.search(rb"<\w+:", body), "no prefixes (rule 404)"
    assert not re.search(rb"> <|>\s+<", body), "nothing between tags (rule 599)"


@pytest.mark.req("FIS-02", "FIS-03")
def test_fields_of_the_note_are_those_of_the_case():
    content = signed()
    assert value(content, "//n:dhEmi") == "2026-11-30T11:30:15-03:00"
    assert value(content, "//n:infNFCom/@Id") == f"NFCom{key_of(note(), number()).text}"
    assert value(content, "//n:qrCodNFCom").endswith(f"?chNFCom={key_of(note(), number()).text}&tpAmb=2")
    assert value(content, "//n:vNF") == str(AMOUNT)
    assert value(content, "//n:codBarras") == note().billing.typed_line
    assert value(content, "//n:urlQRCodePIX") == note().billing.pix_url
    assert value(content, "//n:nContrato") == "CT-0042"
    assert value(content, "//n:det[1]//n:xProd") == "Internet fibra - 500 Mega"
    observed = etree.fromstring(content).xpath("//n:infCpl/text()", namespaces=NS)
    assert observed == ["Cliente desde 2025. Obrigado!", "Competência 11/2026", "Contrato CT-0042"]


@pytest.mark.parametrize(
    ("uf", "municipality", "cep", "local", "month"),
    [
        ("SP", "3550308", "01036100", "2026-11-30T23:30:00-03:00", "2611"),
        ("AM", "1302603", "69005000", "2026-11-30T22:30:00-04:00", "2611"),
        ("AC", "1200401", "69900000", "2026-11-30T21:30:00-05:00", "2611"),
    ],
)
def test_date_and_month_are_of_the_issuers_clock(uf, municipality, cep, local, month):
    address = place().address.evolve(uf=uf, cep=cep)
    made = note(issuer=issuer(place=place(address=address, municipality_code=municipality)))
    content = signed(made, issued_at=datetime(2026, 12, 1, 2, 30, tzinfo=UTC))
    assert value(content, "//n:dhEmi") == local
    assert value(content, "//n:infNFCom/@Id")[7:11] == month


def test_number_and_key_change_nothing_else():
    first, second = signed(number=7), signed(number=8)
    assert value(first, "//n:total") == value(second, "//n:total")
    assert value(first, "//n:infNFCom/@Id") != value(second, "//n:infNFCom/@Id")


def changed(**changes):
    return lambda: note(**changes)


def with_address(**changes):
    return place(address=place().address.evolve(**changes))


FAULTS = [
    ("issuer.state_registration", changed(issuer=issuer(state_registration=None))),
    ("issuer.place.municipality_code", changed(issuer=issuer(place=place(municipality_code=None)))),
    ("issuer.place.municipality_code", changed(issuer=issuer(place=place(municipality_code="3304557")))),
    ("issuer.legal_name", changed(issuer=issuer(legal_name="V" * 61))),
    ("recipient.document", changed(recipient=note().recipient.evolve(document=None))),
    ("recipient.document", changed(recipient=note().recipient.evolve(document="52998224726"))),
    ("recipient.name", changed(recipient=note().recipient.evolve(name="Joana ☂"))),
    ("recipient.name", changed(recipient=note().recipient.evolve(name="J"))),
    (
        "recipient.place.municipality_code",
        changed(recipient=note().recipient.evolve(place=place(municipality_code=None))),
    ),
    (
        "recipient.place.address.street",
        changed(recipient=note().recipient.evolve(place=with_address(street="R" * 61))),
    ),
    (
        "recipient.state_registration",
        changed(recipient=note().recipient.evolve(standing=IcmsStanding.TAXPAYER)),
    ),
    ("recipient.state_registration", changed(recipient=note().recipient.evolve(state_registration="123"))),
    ("recipient.standing", changed(recipient=note().recipient.evolve(standing=IcmsStanding.EXEMPT))),
    ("subscriber.code", changed(subscriber=note().subscriber.evolve(code="88 123"))),
    ("subscriber.contract_number", changed(subscriber=note().subscriber.evolve(contract_number=None))),
    ("subscriber.contract_number", changed(subscriber=note().subscriber.evolve(contract_number="C" * 21))),
    ("subscriber.contract_starts_on", changed(subscriber=note().subscriber.evolve(contract_starts_on=None))),
    (
        "subscriber.contract_ends_on",
        changed(subscriber=note().subscriber.evolve(contract_ends_on=date(2025, 3, 9))),
    ),
    ("lines", changed(lines=())),
    ("lines", changed(lines=(line(gives_back=True),))),
    ("lines.0.class_code", changed(lines=(line(class_code=None),))),
    ("lines.0.cfop", changed(lines=(line(cfop=None),))),
    ("lines.0.cfop", changed(lines=(line(cfop="5308"),))),
    ("lines.0.cfop", changed(lines=(note().lines[1].evolve(cfop="5307"),))),
    (
        "lines.0.value",
        changed(lines=(line(LineValue(unit_price=Decimal(1), discount=Money("2.00"))), line())),
    ),
    ("lines.0.taxes.ibs_cbs", changed(lines=(line(composition=taxation(ibs_cbs=None)),))),
    ("lines.0.taxes.icms", changed(issuer=issuer(regime=TaxRegime.SIMPLES))),
    ("lines.0.taxes.fust", changed(issuer=issuer(regime=TaxRegime.SIMPLES))),
    ("billing", changed(billing=None)),
    ("billing.typed_line", changed(billing=note().billing.evolve(typed_line=None))),
    ("billing.typed_line", changed(billing=note().billing.evolve(typed_line="34191.79001"))),
    ("billing.used_from", changed(billing=note().billing.evolve(used_to=None))),
    ("substitution.key", changed(substitution=Substitution(key="123", reason=SubstitutionReason.TAX))),
    ("observations.0", changed(observations=("x" * 3001,))),
]


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize(
    ("field", "make"), FAULTS, ids=[f"{i}-{field}" for i, (field, _) in enumerate(FAULTS)]
)
def test_missing_data_are_reported_by_field_in_words(field, make):
    field_faults = [fault for fault in faults_of(make(), TODAY) if fault.field == field]
    assert field_faults, faults_of(make(), TODAY)
    assert field_faults[0].code.startswith(("nfcom.", "fiscal."))
    assert field_faults[0].message.endswith((".", "☂"))


@pytest.mark.req("FIS-07")
def test_note_of_2027_waits_for_the_cbs_rate():
    made = note(lines=(line(day=date(2027, 1, 1)),))
    assert "fiscal.rate_not_fixed" in {fault.code for fault in faults_of(made, date(2027, 1, 1))}
    assert "fiscal.rate_not_fixed" not in {fault.code for fault in faults_of(note(), date(2026, 12, 31))}


names = st.text(
    st.characters(
        min_codepoint=32,
        max_codepoint=0x2030,
        exclude_characters="\x7f",
        exclude_categories=["Cc", "Cf", "Zl", "Zp"],
    ),
    min_size=1,
    max_size=70,
)


@given(names, names, st.lists(st.text(max_size=80), max_size=5))
def test_note_is_valid_or_says_what_is_wrong_whatever_the_register_has(name, street, observations):
    """The schema never refuses a note without faults: what it would refuse is reported before."""
    try:
        recipient = note().recipient.evolve(name=name, place=with_address(street=street))
        made = note(recipient=recipient, observations=tuple(observations))
    except ValueError:
        return
    if not faults_of(made, TODAY):
        content = signed(made)
        assert faults(content, Schema.NFCOM) == ()
        assert is_signed_well(content)
        assert value(content, "//n:dest/n:xNome") == plain(name)


@given(st.integers(1, 999_999_999))
def test_random_code_is_seven_digits_and_never_the_number(drawn):
    made = NfcomNumber.drawn(1, drawn, ISSUED_AT)
    assert len(made.random_code) == 7
    assert int(made.random_code) != drawn % 10_000_000
    assert (made.series, made.number) == (1, drawn)


def test_random_codes_differ():
    assert len({NfcomNumber.drawn(1, 1, ISSUED_AT).random_code for _ in range(50)}) > 40


def test_schema_catches_what_our_rules_miss_before_a_number_is_taken():
    """Forced past the types, because the rules leave nothing for it to refuse."""
    wrong = note(lines=(line().evolve(class_code="0400401"),))
    wrong.lines[0].__dict__["unit"] = "9"
    [fault] = faults_of(wrong, TODAY)
    assert (fault.code, fault.field) == ("fiscal.schema", "uMed")


def test_production_note_says_so_and_is_valid():
    content = signed(note(environment=Environment.PRODUCTION))
    assert value(content, "//n:tpAmb") == "1"
    assert faults(content, Schema.NFCOM) == ()


def test_schema_names_the_element_that_is_wrong():
    broken = signed().replace(b"<cClass>0400401</cClass>", b"<cClass>04004</cClass>")
    assert {fault.element for fault in faults(broken, Schema.NFCOM)} == {"cClass"}
    assert faults(b"<NFCom/>" + b" " * (1024 * 1024), Schema.NFCOM)


@pytest.mark.parametrize("schema", Schema)
def test_every_schema_of_the_packages_compiles(schema):
    assert faults(b"<nothing/>", schema)
