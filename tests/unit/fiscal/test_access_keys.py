"""Keys, identifiers and addresses of fiscal documents: the golden cases, and that unreadable input never crashes."""

import base64
from datetime import date

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given
from hypothesis import strategies as st

from billing.core.br import cnpj
from billing.core.errors import InvalidInput, Refused
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.access_key import AccessKey, in_blocks
from billing.fiscal.nfcom.authorisers import Service, authoriser_of
from billing.fiscal.nfcom.qr_code import qr_url
from billing.fiscal.nfse.identifiers import (
    CANCEL,
    SUBSTITUTE,
    check_nfse_key,
    consultation_url,
    dps_id,
    event_request_id,
    parse_dps_id,
)
from billing.fiscal.states import IBGE_CODES
from tests.support.fiscal_cases import cases, golden

KEYS, IDS, URLS = cases("access_keys"), cases("nfse_ids"), cases("qr_urls")
WHY = {
    "KEY-BAD-01": "check_digit",
    "KEY-BAD-02": "lower_case",
    "KEY-BAD-04": "model",
    "KEY-BAD-05": "state",
    "KEY-BAD-07": "number",
    "KEY-BAD-08": "cnpj",
    "KEY-BAD-10": "shape",
    "KEY-BAD-11": "check_digit",
}
"""Our code for each bad key in the file."""


def key_of(case) -> AccessKey:
    return AccessKey(
        uf=case["uf"],
        issued_in=case["aamm"],
        cnpj=case["cnpj"],
        series=case["serie"],
        number=case["nNF"],
        emission=case["tpEmis"],
        site=case.get("nSiteAutoriz", 0),
        random_code=case["cNF"],
    )


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("case", [case for case in KEYS if case["kind"] == "compose"], ids=lambda c: c["id"])
def test_access_key_is_composed_and_read_back(case):
    key, expected = key_of(case), case["expect"]
    assert key.text == expected["key"]
    assert (key.id, key.check_digit) == (expected["Id"], expected["cDV"])
    assert in_blocks(key.text) == expected["blocks_of_4"]
    assert AccessKey.parse(key.text) == key
    assert IBGE_CODES[case["uf"]] == case["cUF"]


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("case", [case for case in KEYS if case["kind"] == "validate"], ids=lambda c: c["id"])
def test_access_key_is_refused_for_its_own_reason(case):
    if case["expect"]["valid"]:
        assert AccessKey.parse(case["key"]).text == case["key"]
        return
    with pytest.raises(InvalidInput) as refused:
        AccessKey.parse(case["key"])
    assert refused.value.code == f"access_key.{WHY[case['id']]}"


def test_every_key_case_is_run():
    assert {case["kind"] for case in KEYS} == {"compose", "validate"}
    assert {case["id"] for case in KEYS if "BAD" in case["id"]} == set(WHY)


@pytest.mark.parametrize(
    ("position", "text", "code"), [(4, "13", "month"), (4, "00", "month"), (34, "3", "emission")]
)
def test_key_with_an_impossible_month_or_emission_is_refused(position, text, code):
    good = "35261112ABC34501DE35620010000000011012345677"
    body = (good[:position] + text + good[position + len(text) :])[:-1]
    with pytest.raises(InvalidInput, match=code):
        AccessKey.parse(body + cnpj.check_digit(body))


@given(st.text(max_size=60) | st.from_regex(r"\A[0-9]{6}[0-9A-Z]{14}62[0-9]{22}\Z"))
def test_any_text_is_a_key_or_is_refused(text):
    try:
        key = AccessKey.parse(text)
    except InvalidInput:
        return
    assert key.text == text


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("case", [case for case in IDS if "nDPS" in case], ids=lambda c: c["id"])
def test_dps_id_is_composed_and_read_back(case):
    made = dps_id(case["cMun"], case["doc"], series=case["serie"], number=case["nDPS"])
    assert made == case["expect"]["Id"]
    assert len(made) == case["expect"]["len"]
    read = parse_dps_id(made)
    assert (read.municipality_code, read.document) == (case["cMun"], case["doc"])
    assert (read.series, read.number) == (case["serie"], case["nDPS"])


@pytest.mark.parametrize("case", [case for case in IDS if "BAD" in case["id"]], ids=lambda c: c["id"])
def test_text_that_is_not_a_dps_id_is_refused(case):
    with pytest.raises(InvalidInput, match=r"dps_id\.shape"):
        parse_dps_id(case["Id"])


def test_dps_of_a_person_carries_the_cpf_with_zeros_on_the_left():
    made = dps_id("3550308", "11144477735", series=1, number=2)
    assert made == "DPS355030810001114447773500001000000000000002"
    assert parse_dps_id(made).document == "11144477735"


@pytest.mark.parametrize("number", ["000000000000000", "000000000000001"])
def test_dps_number_zero_and_a_wrong_document_are_refused(number):
    document = "11222333000181" if number.endswith("0") else "11222333000182"
    with pytest.raises(InvalidInput, match="number" if number.endswith("0") else "document"):
        parse_dps_id(f"DPS35503082{document}00001{number}")


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("case", [case for case in IDS if "nNFSe" in case], ids=lambda c: c["id"])
def test_nfse_key_of_the_authority_is_checked(case):
    expected = case["expect"]
    key = expected["chave"]
    assert check_nfse_key(key) == key
    assert f"NFS{key}" == expected["Id"]
    assert event_request_id(key, CANCEL) == expected["idCancel"]
    assert event_request_id(key, SUBSTITUTE) == expected["idSubst"]
    assert consultation_url(key) == expected["danfse_qr"]
    for wrong in (key[:-1] + str((int(key[-1]) + 1) % 10), key + "0", key[:-1]):
        with pytest.raises(InvalidInput, match="nfse_key"):
            check_nfse_key(wrong)


def test_every_identifier_case_is_run():
    assert all("nDPS" in case or "nNFSe" in case or "BAD" in case["id"] for case in IDS)


@pytest.mark.parametrize("case", cases("cnpj"), ids=lambda c: c["id"])
def test_cnpj_check_digits(case):
    if "base" in case:
        assert case["base"] + cnpj.check_digits(case["base"]) == case["expect"]
    else:
        accepted = cnpj.is_valid(case["value"])
        assert accepted == (case["id"] == "CNPJ-BAD-2"), "only lower case is mended on input"
        assert not accepted or cnpj.validate(case["value"]) == "12ABC34501DE35"


def signer():
    content = golden("qr_urls")
    private = serialization.load_pem_private_key(content["test_private_key_pem"].encode(), password=None)
    return lambda data: private.sign(data, padding.PKCS1v15(), hashes.SHA1())


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("case", URLS, ids=lambda c: c["id"])
def test_qr_code_address_is_the_states_and_signed_only_in_contingency(case):
    environment = Environment.PRODUCTION if case["tpAmb"] == 1 else Environment.TEST
    key, expected = key_of(case), case["expect"]
    url = qr_url(key, environment, date(2026, 11, 30), signer())
    assert key.text == expected["chave"]
    assert url == expected["url"]
    assert len(url) == expected["length"]
    assert url.replace("&", "&amp;") == expected["inside_xml"]
    assert ("sign" in expected) == (case["tpEmis"] == 2)


def test_qr_code_in_contingency_is_verified_with_the_certificates_public_key():
    content, case = golden("qr_urls"), next(case for case in URLS if case["tpEmis"] == 2)
    public = serialization.load_pem_public_key(content["test_public_key_pem"].encode())
    url = qr_url(key_of(case), Environment.PRODUCTION, date(2026, 11, 30), signer())
    signature = base64.b64decode(url.partition("&sign=")[2])
    public.verify(signature, case["expect"]["chave"].encode(), padding.PKCS1v15(), hashes.SHA1())


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("uf", IBGE_CODES)
def test_each_state_has_one_authoriser(uf):
    authoriser = authoriser_of(uf, date(2026, 11, 30))
    assert authoriser.name == (uf if uf in {"MG", "MS", "MT"} else "SVRS")
    for service in Service:
        for environment in Environment:
            address = authoriser.address(service, environment)
            assert address.startswith("https://")
            assert service.value in address
    assert authoriser.address(Service.STATUS, Environment.TEST) != authoriser.address(
        Service.STATUS, Environment.PRODUCTION
    )


def test_only_the_reception_is_compressed_and_each_service_has_its_own_action():
    assert [service for service in Service if service.is_compressed] == [Service.RECEPTION]
    assert len({service.action for service in Service}) == len(Service)
    assert Service.CONSULTATION.action == (
        "http://www.portalfiscal.inf.br/nfcom/wsdl/NFComConsulta/nfcomConsultaNF"
    )


@pytest.mark.parametrize(("uf", "day"), [("SP", date(2025, 10, 31)), ("EX", date(2025, 11, 1))])
def test_no_authoriser_before_the_nfcom_nor_abroad(uf, day):
    assert authoriser_of("SP", date(2025, 11, 1)).name == "SVRS"
    with pytest.raises(Refused):
        authoriser_of(uf, day)
