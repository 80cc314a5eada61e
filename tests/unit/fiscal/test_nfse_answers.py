"""Requests to the Sefin Nacional and its answers: each error with its advice, and nothing that it may send causes a
crash."""

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.fiscal.dated import content as table
from billing.fiscal.nfse.answers import emission, read_answer
from billing.fiscal.nfse.dps import id_of
from billing.fiscal.nfse.xml import signed_dps
from billing.fiscal.reactions import StatusReaction
from tests.support.fiscal import certificate, dps, dps_number

KEY = "35503082211222333000181000000000000126111234567890"
DPS_ID = id_of(dps(), dps_number())
NOTE = b"<NFSe>\xc3\xa7</NFSe>"


def packed(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, mtime=0)).decode()


def generated(**changes) -> bytes:
    return json.dumps(
        {"chaveAcesso": KEY, "idDps": DPS_ID, "nfseXmlGZipB64": packed(NOTE), "alertas": None, **changes}
    ).encode()


def refused(*codes: str, name: str = "erros") -> bytes:
    return json.dumps(
        {name: [{"Codigo": code, "Descricao": "Texto", "Complemento": "Campo"} for code in codes]}
    ).encode()


@pytest.mark.req("FIS-02")
def test_declaration_goes_compressed_and_comes_out_as_it_was():
    signed = signed_dps(dps(), dps_number(), certificate())
    body = json.loads(emission(signed))
    assert gzip.decompress(base64.b64decode(body["dpsXmlGZipB64"])) == signed
    assert emission(signed) == emission(signed)


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("names", [str, str.upper, str.lower])
def test_note_is_read_whatever_the_case_of_the_names(names):
    content = json.dumps({names(name): value for name, value in json.loads(generated()).items()}).encode()
    answer = read_answer(201, content, DPS_ID)
    assert answer.reaction is StatusReaction.AUTHORISED
    assert (answer.key, answer.dps_id, answer.note) == (KEY, DPS_ID, NOTE)


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, generated(chaveAcesso=KEY[:-1] + "1")),
        (200, generated(chaveAcesso=None)),
        (200, generated(idDps=DPS_ID[:-1] + "2")),
        (200, b"[]"),
        (200, b""),
        (200, b"<html></html>"),
        (200, b"[" * 100_000),
        (302, generated()),
        (400, b"{}"),
        (500, generated()),
        (504, b"Gateway Time-out"),
    ],
)
def test_answer_that_gives_no_note_leaves_the_fate_unknown(status, content):
    answer = read_answer(status, content, DPS_ID)
    assert answer.reaction.leaves_fate_unknown
    assert answer.advice


@pytest.mark.parametrize(
    ("status", "reaction"),
    [
        (429, StatusReaction.LATER),
        (503, StatusReaction.LATER),
        (404, StatusReaction.ABSENT),
        (499, StatusReaction.UNREADABLE),
        (500, StatusReaction.UNREADABLE),
    ],
)
def test_http_status_alone_says_what_to_do(status, reaction):
    assert read_answer(status, b"").reaction is reaction


@pytest.mark.parametrize("note", ["AAAA", "não", packed(NOTE)[:-8], packed(b" " * (2**20 + 1)), 7])
def test_damaged_note_is_absent_and_its_key_stays(note):
    answer = read_answer(201, generated(nfseXmlGZipB64=note), DPS_ID)
    assert (answer.reaction, answer.key, answer.note) == (StatusReaction.AUTHORISED, KEY, None)


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("code", table("nfse_errors")["codes"])
def test_each_error_has_its_advice(code):
    answer = read_answer(400, refused(code))
    [fault] = answer.faults
    assert fault.code == code
    assert fault.text == "Texto – Campo"
    assert answer.advice == fault.advice
    assert answer.reaction not in {
        StatusReaction.UNKNOWN_CODE,
        StatusReaction.UNREADABLE,
        StatusReaction.AUTHORISED,
    }


@pytest.mark.req("FIS-02")
def test_declaration_that_is_a_note_already_is_fetched_whatever_else_is_wrong():
    answer = read_answer(400, refused("E0235", "E0014", "E9999"))
    assert answer.reaction is StatusReaction.CONSULT
    assert [fault.code for fault in answer.faults] == ["E0235", "E0014", "E9999"]


def test_error_that_the_table_lacks_is_shown_in_the_authority_s_words():
    for content in (
        refused("E9999"),
        json.dumps({"erro": {"codigo": "E9999", "descricao": "Texto"}}).encode(),
    ):
        answer = read_answer(400, content)
        assert answer.reaction is StatusReaction.UNKNOWN_CODE
        assert answer.faults[0].text.startswith("Texto")


def test_every_reaction_of_the_errors_has_its_rank():
    for code in table("nfse_errors")["codes"]:
        assert read_answer(400, refused(code, "E9999")).faults


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(["erros", "Codigo", "chaveAcesso", "idDps", "x"]), children, max_size=3
        )
    ),
    max_leaves=8,
)


@given(
    st.integers(100, 599), st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode())
)
def test_anything_is_read_as_an_answer(status, content):
    answer = read_answer(status, content, DPS_ID)
    assert answer.advice
    assert answer.reaction is not StatusReaction.AUTHORISED
