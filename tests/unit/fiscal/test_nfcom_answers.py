"""Requests to the authority are valid against its schemas; its answers are read whatever they contain, each code with
its advice."""

import base64
import gzip
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from billing.core.errors import Refused
from billing.fiscal.dated import content as table
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.answers import read_answer
from billing.fiscal.nfcom.authorisers import Service
from billing.fiscal.nfcom.note import key_of
from billing.fiscal.nfcom.requests import (
    Cancellation,
    cancellation_ends_at,
    consultation,
    envelope,
    processed,
    require_cancellable,
    signed_cancellation,
    status,
)
from billing.fiscal.nfcom.xml import signed_nfcom
from billing.fiscal.reactions import StatusReaction
from billing.fiscal.schemas import Schema, faults
from billing.fiscal.verification import is_signed_well
from tests.support.fiscal import ISSUED_AT, certificate, note, number
from tests.support.fiscal_cases import FOLDER

NS = "http://www.portalfiscal.inf.br/nfcom"
KEY = key_of(note(), number()).text
OTHER = key_of(note(), number(number=2)).text
PROTOCOL = "3352600000000123"
CASES = json.loads((FOLDER / "nfcom_cstat.json").read_text(encoding="utf-8"))["codes"]
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def in_envelope(answer: str, service: str = "NFComRecepcao") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body>'
        f'<nfcomResultMsg xmlns="http://www.portalfiscal.inf.br/nfcom/wsdl/{service}">{answer}</nfcomResultMsg>'
        f"</env:Body></env:Envelope>"
    ).encode()


def protocol_of(code: str = "100", key: str = KEY, protocol: str | None = PROTOCOL) -> str:
    number = "" if protocol is None else f"<nProt>{protocol}</nProt>"
    return (
        f'<protNFCom versao="1.00"><infProt><tpAmb>2</tpAmb><verAplic>SVRS1</verAplic><chNFCom>{key}</chNFCom>'
        f"<dhRecbto>2026-11-30T11:31:00-03:00</dhRecbto>{number}<digVal>AAAAAAAAAAAAAAAAAAAAAAAAAAA=</digVal>"
        f"<cStat>{code}</cStat><xMotivo>Texto</xMotivo></infProt></protNFCom>"
    )


def reception(code: str = "100", reason: str = "Texto", protocol: str = "") -> str:
    return (
        f'<retNFCom xmlns="{NS}" versao="1.00"><tpAmb>2</tpAmb><cUF>35</cUF><verAplic>SVRS1</verAplic>'
        f"<cStat>{code}</cStat><xMotivo>{reason}</xMotivo>{protocol}</retNFCom>"
    )


AUTHORISED = in_envelope(reception(protocol=protocol_of()))


@pytest.mark.req("FIS-02")
def test_authorisation_is_read_with_its_protocol():
    assert faults(reception(protocol=protocol_of()).encode(), Schema.NFCOM_ANSWER) == ()
    answer = read_answer(AUTHORISED, KEY)
    assert answer.reaction is StatusReaction.AUTHORISED
    assert (answer.code, answer.key, answer.protocol) == ("100", KEY, PROTOCOL)
    assert answer.received_at == datetime(2026, 11, 30, 14, 31, tzinfo=UTC)
    assert answer.environment_code == "2"


@pytest.mark.req("FIS-02")
def test_note_and_protocol_are_kept_as_one_valid_file():
    sent = signed_nfcom(note(), number(), certificate())
    kept = processed(sent, read_answer(AUTHORISED, KEY).protocol_document)
    assert faults(kept, Schema.NFCOM_PROCESSED) == ()
    assert is_signed_well(kept)
    assert sent.partition(b"?>")[2] in kept


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(in_envelope(reception(protocol=protocol_of(key=OTHER))), id="another note"),
        pytest.param(in_envelope(reception(protocol=protocol_of(protocol=None))), id="no protocol number"),
        pytest.param(in_envelope(reception()), id="no protocol"),
        pytest.param(in_envelope(reception("1OO")), id="no code"),
        pytest.param(in_envelope(""), id="empty envelope"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html><body>504 Gateway Time-out</body></html>", id="gateway"),
        pytest.param(AUTHORISED[:-40], id="cut"),
        pytest.param(AUTHORISED + b" " * 2**20, id="too large"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', id="entity"),
        pytest.param(b'<?xml version="1.0" encoding="no-such"?><a/>', id="encoding"),
    ],
)
def test_answer_that_authorises_nothing_leaves_the_fate_unknown(content):
    answer = read_answer(content, KEY)
    assert answer.reaction is StatusReaction.UNREADABLE
    assert answer.reaction.leaves_fate_unknown
    assert answer.advice


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["cStat"]))
def test_each_code_has_its_advice_and_what_the_case_says_is_final_is(case):
    code = str(case["cStat"])
    protocol = protocol_of(code) if code in {"100", "150"} else ""
    answer = read_answer(in_envelope(reception(code, protocol=protocol)), KEY)
    assert answer.code == code
    row = table("nfcom_status")["codes"][code]
    assert row["meaning"]
    assert answer.reaction == row["reaction"]
    silent = {"authorised", "cancelled", "substituted", "running", "event_registered"}
    assert bool(answer.advice) or answer.reaction in silent
    kinds = {
        "bug": {"defect"},
        "fix register": {"mend"},
        "certificate": {"certificate"},
        "clock": {"new_date"},
    }
    expected = kinds.get(case["reaction"])
    assert expected is None or answer.reaction in expected


def test_every_reaction_of_the_table_exists_and_no_code_is_missing():
    codes = table("nfcom_status")["codes"]
    assert set(codes) == {str(case["cStat"]) for case in CASES}
    assert {row["reaction"] for row in codes.values()} == set(StatusReaction) - {
        StatusReaction.UNKNOWN_CODE,
        StatusReaction.UNREADABLE,
    }


@pytest.mark.req("FIS-02")
def test_number_taken_by_another_key_names_it():
    text = f"Rejeição: já autorizada com outra chave [chNFCom: {OTHER}][nProt: {PROTOCOL}][dhAut: 2026-11-30T10:00:00-03:00]"
    answer = read_answer(in_envelope(reception("539", text)), KEY)
    assert answer.reaction is StatusReaction.CONFLICT
    assert answer.reaction.leaves_fate_unknown
    assert (answer.named_key, answer.named_protocol) == (OTHER, PROTOCOL)


def test_code_that_the_table_lacks_is_shown_as_the_authority_wrote_it():
    answer = read_answer(in_envelope(reception("999", "Rejeição nova")), KEY)
    assert (answer.reaction, answer.text) == (StatusReaction.UNKNOWN_CODE, "Rejeição nova")
    assert answer.advice


@pytest.mark.parametrize(
    ("code", "reaction"), [("100", "authorised"), ("101", "cancelled"), ("217", "absent")]
)
def test_consultation_is_read(code, reaction):
    protocol = protocol_of(code) if code != "217" else ""
    wrapped = f'<protNFCom versao="1.00">{protocol}</protNFCom>' if protocol else ""
    opening = (
        f'<retConsSitNFCom xmlns="{NS}" versao="1.00"><tpAmb>2</tpAmb><verAplic>SVRS1</verAplic><cStat>{code}</cStat>'
        f"<xMotivo>Texto</xMotivo><cUF>35</cUF>"
    )
    for protocol_element in {protocol, wrapped}:
        answer = read_answer(
            in_envelope(opening + protocol_element + "</retConsSitNFCom>", "NFComConsulta"), KEY
        )
        assert answer.reaction == reaction


def test_event_and_status_are_read():
    event = (
        f'<retEventoNFCom xmlns="{NS}" versao="1.00"><infEvento><tpAmb>2</tpAmb><verAplic>SVRS1</verAplic>'
        f"<cOrgao>35</cOrgao><cStat>135</cStat><xMotivo>Registrado</xMotivo><chNFCom>{KEY}</chNFCom>"
        f"<dhRegEvento>2026-11-30T12:00:00-03:00</dhRegEvento><nProt>{PROTOCOL}</nProt></infEvento></retEventoNFCom>"
    )
    assert faults(event.encode(), Schema.NFCOM_EVENT_ANSWER) == ()
    answer = read_answer(in_envelope(event, "NFComRecepcaoEvento"), KEY)
    assert (answer.reaction, answer.protocol) == (StatusReaction.EVENT_REGISTERED, PROTOCOL)
    running = (
        f'<retConsStatServNFCom xmlns="{NS}" versao="1.00"><tpAmb>2</tpAmb><verAplic>SVRS1</verAplic><cStat>107</cStat>'
        f"<xMotivo>Em operação</xMotivo><cUF>35</cUF><dhRecbto>2026-11-30T12:00:00-03:00</dhRecbto></retConsStatServNFCom>"
    )
    assert faults(running.encode(), Schema.NFCOM_STATUS_ANSWER) == ()
    assert read_answer(in_envelope(running, "NFComStatusServico")).reaction is StatusReaction.RUNNING


@given(st.binary(max_size=400))
def test_any_bytes_are_read_as_an_answer(content):
    assert read_answer(content, KEY).advice


@given(
    st.lists(st.tuples(st.integers(0, len(AUTHORISED) - 1), st.binary(max_size=3)), min_size=1, max_size=6)
)
def test_damaged_answer_never_authorises_another_note_and_never_crashes(damages):
    content = bytearray(AUTHORISED)
    for position, bytes_ in damages:
        content[position : position + len(bytes_)] = bytes_
    answer = read_answer(bytes(content), KEY)
    if answer.reaction is StatusReaction.AUTHORISED:
        assert answer.key == KEY
        assert answer.protocol


@pytest.mark.req("FIS-02")
def test_only_the_reception_goes_compressed():
    sent = signed_nfcom(note(), number(), certificate())
    body = etree.fromstring(envelope(Service.RECEPTION, sent))
    data = body.find(f".//{{{Service.RECEPTION.namespace}}}nfcomDadosMsg")
    assert gzip.decompress(base64.b64decode(data.text)) == sent
    assert envelope(Service.RECEPTION, sent) == envelope(Service.RECEPTION, sent)
    message = etree.fromstring(envelope(Service.CONSULTATION, consultation(KEY, Environment.TEST)))
    [element] = message.find(f".//{{{Service.CONSULTATION.namespace}}}nfcomDadosMsg")
    assert element.tag == f"{{{NS}}}consSitNFCom"


@pytest.mark.req("FIS-02")
def test_consultation_and_status_are_valid():
    for environment in Environment:
        assert faults(consultation(KEY, environment), Schema.NFCOM_CONSULTATION) == ()
        assert faults(status(environment), Schema.NFCOM_STATUS) == ()


def cancellation(**changes) -> Cancellation:
    return Cancellation.model_validate(
        {
            "environment": "test",
            "key": KEY,
            "protocol": PROTOCOL,
            "reason": "Cliente não contratou o serviço",
            "asked_at": ISSUED_AT,
            **changes,
        }
    )


@pytest.mark.req("FIS-02", "FIS-04")
def test_cancellation_is_valid_and_signed_as_two_implementations_verify(tmp_path):
    event = signed_cancellation(cancellation(), certificate())
    assert faults(event, Schema.NFCOM_EVENT) == ()
    detail = etree.fromstring(event).find(f".//{{{NS}}}evCancNFCom")
    assert faults(etree.tostring(detail), Schema.NFCOM_CANCELLATION) == ()
    assert f'Id="ID110111{KEY}001"'.encode() in event
    assert is_signed_well(event)
    path = tmp_path / "event.xml"
    path.write_bytes(event)
    command = [
        shutil.which("xmlsec1"),
        "--verify",
        "--insecure",
        "--id-attr:Id",
        f"{NS}:infEvento",
        str(path),
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(("length", "accepted"), [(14, False), (15, True), (255, True), (256, False)])
def test_reason_of_a_cancellation_has_its_length(length, accepted):
    if accepted:
        assert (
            faults(signed_cancellation(cancellation(reason="x" * length), certificate()), Schema.NFCOM_EVENT)
            == ()
        )
    else:
        with pytest.raises(ValueError, match="reason"):
            cancellation(reason="x" * length)


@pytest.mark.req("FIS-04")
@pytest.mark.parametrize(
    ("authorised", "end"),
    [
        (datetime(2026, 11, 1, 0, 0, tzinfo=SAO_PAULO), datetime(2026, 12, 6, tzinfo=SAO_PAULO)),
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=SAO_PAULO), datetime(2026, 12, 6, tzinfo=SAO_PAULO)),
        (datetime(2026, 12, 1, 2, 59, 59, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=SAO_PAULO)),
        (datetime(2026, 12, 1, 3, 0, tzinfo=UTC), datetime(2027, 1, 6, tzinfo=SAO_PAULO)),
    ],
)
def test_cancellation_ends_120_hours_after_the_month_of_the_state_s_clock(authorised, end):
    assert cancellation_ends_at(authorised, "SP") == end
    require_cancellable(authorised, "SP", end)
    with pytest.raises(Refused, match=r"nfcom\.cancellation_term"):
        require_cancellable(authorised, "SP", end + timedelta(seconds=1))
