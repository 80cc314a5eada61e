"""The Sefin Nacional's stand-in: each rule refuses what breaks it, a valid declaration becomes a valid note; and what travels."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from billing.adapters.sandbox_authority.sefin import SefinAuthority
from billing.adapters.sandbox_authority.server import AuthorityServer
from billing.adapters.sefin_nacional import SefinOverHttps
from billing.core.clock import FixedClock
from billing.core.money import Money
from billing.fiscal.environment import Environment
from billing.fiscal.nfse.answers import emission, read_answer, read_event, registration
from billing.fiscal.nfse.dps import Dps, Iss, IssTreatment, IssWithheldBy, NfseWithheld, id_of
from billing.fiscal.nfse.requests import NfseCancellation, signed_event
from billing.fiscal.nfse.xml import signed_dps
from billing.fiscal.ports import NoAnswer, SefinRequest, SefinResponse, Unreached
from billing.fiscal.reactions import StatusReaction
from billing.fiscal.schemas import Schema, faults
from billing.fiscal.verification import is_signed_well
from tests.support import fiscal
from tests.unit.fiscal.test_dps import DECLARATIONS, mei, small_company, with_everything

CLOCK = FixedClock(fiscal.ISSUED_AT)
REASON = "Serviço não prestado ao cliente"


def signed(dps: Dps | None = None, **of_number: object) -> bytes:
    return signed_dps(dps or fiscal.dps(), fiscal.dps_number(**of_number), fiscal.certificate())


def sent(authority: SefinAuthority, content: bytes):
    status, answer = authority.answer("/nfse", emission(content))
    return read_answer(status, answer)


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("name", [name for name in DECLARATIONS if name != "withholdings"])
def test_valid_declaration_becomes_a_valid_signed_note(name: str) -> None:
    made = DECLARATIONS[name]()
    answer = sent(SefinAuthority(CLOCK), signed(made))
    assert answer.reaction is StatusReaction.AUTHORISED, answer
    assert answer.note is not None
    assert faults(answer.note, Schema.NFSE) == ()
    assert is_signed_well(answer.note)
    assert f"<vLiq>{made.net}</vLiq>".encode() in answer.note
    assert answer.processed_at == fiscal.ISSUED_AT


OTHER_SIGNER = {"issuer": fiscal.issuer(cnpj="33113009000168", municipal_registration="31000")}
OF_THE_CONTENT = {
    "E0006": lambda: signed(fiscal.dps(environment=Environment.PRODUCTION)),
    "E0008": lambda: signed(issued_at=fiscal.ISSUED_AT + timedelta(minutes=5, seconds=1)),
    "E0015": lambda: signed(fiscal.dps(rendered_on=fiscal.TODAY + timedelta(days=1))),
    "E0188": lambda: signed(fiscal.dps(recipient=fiscal.dps().recipient.evolve(document="33113009000169"))),
    "E0206": lambda: signed(fiscal.dps(recipient=fiscal.dps().recipient.evolve(document="52998224726"))),
    "E0204": lambda: signed(
        fiscal.dps(recipient=None, iss=Iss(withheld_by=IssWithheldBy.TAKER, percent=Decimal(5)))
    ),
    "E0310": lambda: signed(fiscal.dps(service=fiscal.dps().service.evolve(national_code="410101"))),
    "E0322": lambda: signed(fiscal.dps(service=fiscal.dps().service.evolve(nbs=None))),
    "E0583": lambda: signed(
        fiscal.dps(
            iss=Iss(treatment=IssTreatment.IMMUNE, withheld_by=IssWithheldBy.TAKER, percent=Decimal(5))
        )
    ),
    "E0617": lambda: signed(fiscal.dps(iss=Iss(percent=Decimal(5), city_has_agreement=False))),
    "E0676": lambda: signed(mei().evolve(withheld=NfseWithheld(irrf=Money("1.00")))),
    "E0699": lambda: signed(fiscal.dps(withheld=NfseWithheld(irrf=Money("1000.00")))),
    "E0718": lambda: signed(fiscal.dps(**OTHER_SIGNER)),
    "E0714": lambda: signed().replace(b"<nDPS>1</nDPS>", b"<nDPS>2</nDPS>"),
    "E1229": lambda: signed().removeprefix(b'<?xml version="1.0" encoding="UTF-8"?>'),
    "E1228": lambda: signed().replace(b"<DPS xmlns", b"<n:DPS xmlns"),
    "E1235": lambda: signed().replace(b"<tpEmit>1</tpEmit>", b""),
}


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("code", OF_THE_CONTENT)
def test_broken_rule_is_reported_by_its_code_with_advice(code: str) -> None:
    authority = SefinAuthority(CLOCK)
    answer = sent(authority, OF_THE_CONTENT[code]())
    assert [fault.code for fault in answer.faults] == [code]
    assert answer.advice
    assert authority.notes == {}


@pytest.mark.req("FIS-02")
def test_issue_up_to_five_minutes_ahead_of_the_clock_is_taken() -> None:
    content = signed(issued_at=fiscal.ISSUED_AT + timedelta(minutes=5))
    assert sent(SefinAuthority(CLOCK), content).reaction is StatusReaction.AUTHORISED


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("body", [b"", b"[]", b'{"dpsXmlGZipB64": "x"}', b'{"dpsXmlGZipB64": 1}', b"\xff"])
def test_request_that_cannot_be_unpacked_is_refused(body: bytes) -> None:
    status, content = SefinAuthority(CLOCK).answer("/nfse", body)
    assert [fault.code for fault in read_answer(status, content).faults] == ["E1225"]


@pytest.mark.req("FIS-02")
def test_declaration_sent_again_makes_no_second_note() -> None:
    authority = SefinAuthority(CLOCK)
    first = sent(authority, signed())
    again = sent(authority, signed())
    assert (again.reaction, again.faults[0].code) == (StatusReaction.CONSULT, "E0014")
    status, content = authority.answer(f"/dps/{id_of(fiscal.dps(), fiscal.dps_number())}", None)
    assert read_answer(status, content).key == first.key
    other = sent(authority, signed(number=2))
    assert other.key != first.key


def test_small_company_needs_no_iss_rate_unless_it_is_withheld() -> None:
    made = small_company(iss=Iss(withheld_by=IssWithheldBy.TAKER, percent=Decimal(3)))
    answer = sent(SefinAuthority(CLOCK), signed(made))
    assert answer.note is not None
    assert b"<pAliqAplic>3.00</pAliqAplic><vISSQN>30.00</vISSQN><vTotalRet>30.00</vTotalRet>" in answer.note


@pytest.mark.req("FIS-04")
def test_cancellation_is_registered_once_and_found() -> None:
    authority = SefinAuthority(CLOCK)
    key = sent(authority, signed(with_everything())).key or ""
    cancellation = NfseCancellation(
        environment=Environment.TEST, key=key, cnpj=fiscal.CNPJ, reason=REASON, asked_at=fiscal.ISSUED_AT
    )
    event = signed_event(cancellation, "SP", fiscal.certificate())
    path = f"/nfse/{key}/eventos"
    assert read_event(*authority.answer(f"{path}/101101/1", None), key).reaction is StatusReaction.ABSENT

    answer = read_event(*authority.answer(path, registration(event)), key)

    assert answer.reaction is StatusReaction.EVENT_REGISTERED
    assert answer.note is not None
    assert is_signed_well(answer.note)
    read_back = read_event(*authority.answer(f"{path}/101101/1", None), key)
    assert read_back.reaction is StatusReaction.EVENT_REGISTERED
    again = read_event(*authority.answer(path, registration(event)), key)
    assert [fault.code for fault in again.faults] == ["E0840"]
    assert read_event(200, authority.answer(f"{path}/101101/1", None)[1], key[:-1]).reaction is (
        StatusReaction.UNREADABLE
    )


def ask(base: str, path: str, body: bytes | None = None) -> SefinResponse:
    return SefinOverHttps(base).ask(SefinRequest(path, body), Environment.TEST, fiscal.certificate())


@pytest.mark.req("FIS-02")
def test_declaration_arrives_as_it_was_signed(tmp_path: Path) -> None:
    content, identifier = signed(), id_of(fiscal.dps(), fiscal.dps_number())
    with AuthorityServer(CLOCK, tmp_path) as server:
        answer = read_answer(*ask(server.url, "/nfse", emission(content)), identifier)
        [(path, headers, body)] = server.requests
    assert answer.reaction is StatusReaction.AUTHORISED
    assert path == "/test/SefinNacional/nfse"
    assert headers["Content-Type"] == "application/json"
    assert gzip.decompress(base64.b64decode(json.loads(body)["dpsXmlGZipB64"])) == content

    with AuthorityServer(CLOCK, tmp_path) as server:  # it remembers over a restart
        declaration = read_answer(*ask(server.url, f"/dps/{identifier}"), identifier)
        note = read_answer(*ask(server.url, f"/nfse/{declaration.key}"))
        absent = ask(server.url, f"/dps/{identifier[:-1]}9")
    assert (declaration.key, note.note, absent.status) == (answer.key, answer.note, 404)


@pytest.mark.req("FIS-02")
def test_lost_answer_is_distinguished_from_a_request_that_was_not_sent() -> None:
    with AuthorityServer(CLOCK) as server:
        server.answer("/_control", {}, b'{"loses_answers": 1}')
        with pytest.raises(NoAnswer):
            ask(server.url, "/nfse", emission(signed()))
        assert ask(server.url, f"/dps/{id_of(fiscal.dps(), fiscal.dps_number())}").status == 200
        server.answer("/_control", {}, b'{"is_down": true}')
        assert ask(server.url, "/nfse", emission(signed())).status == 503
        url = server.url
    with pytest.raises(Unreached):
        ask(url, "/nfse", emission(signed()))


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("environment", Environment)
def test_production_goes_to_the_sefins_own_address(environment: Environment) -> None:
    address = SefinOverHttps()._address(environment)
    assert address.startswith("https://sefin.")
    assert ("producaorestrita" in address) == (environment is Environment.TEST)
