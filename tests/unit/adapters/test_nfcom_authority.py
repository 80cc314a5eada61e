"""The authority's stand-in, called with the real envelopes: every path of a note, each rejection with its advice, lost
answers."""

import re
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from billing.adapters.sandbox_authority.nfcom import AnswerLost, NfcomAuthority
from billing.core.clock import FixedClock
from billing.fiscal.certificate import open_certificate
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.answers import AuthorityAnswer, read_answer
from billing.fiscal.nfcom.authorisers import Service
from billing.fiscal.nfcom.note import Substitution, SubstitutionReason, key_of
from billing.fiscal.nfcom.requests import (
    Cancellation,
    cancellation_ends_at,
    consultation,
    envelope,
    processed,
    signed_cancellation,
    status,
)
from billing.fiscal.nfcom.xml import NAMESPACE, signed_nfcom
from billing.fiscal.reactions import StatusReaction
from billing.fiscal.schemas import Schema, faults
from billing.fiscal.signature import SignatureAlgorithm, signature
from tests.support.fiscal import ISSUED_AT, PASSWORD, certificate, note, number, pkcs12
from tests.unit.fiscal.test_nfcom_xml import NOTES, in_contingency, with_everything

KEY = key_of(note(), number()).text


class MovingClock:
    def __init__(self, at: datetime = ISSUED_AT) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock(ISSUED_AT + timedelta(minutes=1))


@pytest.fixture
def authority(clock: MovingClock) -> NfcomAuthority:
    return NfcomAuthority(clock)


def signed(given=None, **of_number) -> bytes:
    return signed_nfcom(given or note(), number(**of_number), certificate())


def send(authority: NfcomAuthority, content: bytes, key: str | None = None) -> AuthorityAnswer:
    return read_answer(authority.answer(Service.RECEPTION, envelope(Service.RECEPTION, content)), key)


def consult(authority: NfcomAuthority, key: str = KEY) -> AuthorityAnswer:
    body = envelope(Service.CONSULTATION, consultation(key, Environment.TEST))
    return read_answer(authority.answer(Service.CONSULTATION, body), key)


def cancel(authority: NfcomAuthority, clock: MovingClock, protocol: str, key: str = KEY) -> AuthorityAnswer:
    cancellation = Cancellation(
        environment=Environment.TEST,
        key=key,
        protocol=protocol,
        reason="Cliente não contratou o serviço",
        asked_at=clock.now(),
    )
    body = envelope(Service.EVENT, signed_cancellation(cancellation, certificate()))
    return read_answer(authority.answer(Service.EVENT, body), key)


def altered(content: bytes, *changes: tuple[str, str]) -> bytes:
    """The note with changes inside infNFCom, signed again: what a bug of ours would send."""
    text = content.decode()
    [(attributes, inner)] = re.findall(r"<infNFCom ([^>]*)>(.*)</infNFCom>", text)
    for old, new in changes:
        assert old in inner + attributes, old
        inner, attributes = inner.replace(old, new, 1), attributes.replace(old, new)
    [identifier] = re.findall(r'Id="([^"]*)"', attributes)
    seal = signature(
        f'<infNFCom xmlns="{NAMESPACE}" {attributes}>{inner}</infNFCom>',
        identifier,
        certificate(),
        SignatureAlgorithm.RSA_SHA1,
    )
    text = re.sub(r"<infNFCom .*</infNFCom>", lambda _: f"<infNFCom {attributes}>{inner}</infNFCom>", text)
    return re.sub(r"<Signature .*</Signature>", lambda _: seal, text).encode()


@pytest.mark.req("FIS-02", "FIS-07")
@pytest.mark.parametrize("name", [name for name in NOTES if name != "everything"])
def test_note_without_faults_is_authorised(authority, name):
    answer = send(authority, signed(NOTES[name]()))
    assert answer.reaction is StatusReaction.AUTHORISED, answer
    assert len(answer.protocol) == 16


def by_xmlsec1(folder: Path) -> Callable[[bytes], bool]:
    """A second implementation of signatures, as on the authority's side."""

    def holds(content: bytes) -> bool:
        path = folder / "received.xml"
        path.write_bytes(content)
        command = ["xmlsec1", "--verify", "--insecure", "--id-attr:Id", f"{NAMESPACE}:infNFCom", str(path)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    return holds


@pytest.mark.req("FIS-02")
def test_authority_with_a_second_implementation_judges_signatures_alike(clock, tmp_path):
    authority = NfcomAuthority(clock, is_signed=by_xmlsec1(tmp_path))
    assert send(authority, REJECTIONS["297"]()).code == "297"
    assert send(authority, signed()).reaction is StatusReaction.AUTHORISED


@pytest.mark.req("FIS-02")
def test_authorised_note_is_kept_with_its_protocol_as_a_valid_file(authority):
    content = signed()
    answer = send(authority, content, KEY)
    assert faults(processed(content, answer.protocol_document), Schema.NFCOM_PROCESSED) == ()
    assert authority.notes[KEY].content == content


@pytest.mark.req("FIS-02")
def test_lost_answer_is_queried_by_key_and_nothing_is_authorised_twice(authority):
    content = signed()
    authority.loses_answers = 1
    with pytest.raises(AnswerLost):
        send(authority, content)
    answer = consult(authority)
    assert (answer.reaction, answer.protocol) == (StatusReaction.AUTHORISED, authority.notes[KEY].protocol)
    again = send(authority, content, KEY)
    assert (again.reaction, again.named_key) == (StatusReaction.CONSULT, KEY)
    assert again.named_protocol == answer.protocol
    assert len(authority.notes) == 1


@pytest.mark.req("FIS-02")
def test_note_whose_request_never_arrived_is_sent_again_as_the_same_bytes(authority):
    assert consult(authority).reaction is StatusReaction.ABSENT
    assert send(authority, signed(), KEY).reaction is StatusReaction.AUTHORISED


@pytest.mark.req("FIS-02")
def test_second_key_under_one_number_is_refused_naming_the_first(authority):
    send(authority, signed())
    answer = send(authority, signed(random_code="7654321"))
    assert answer.reaction is StatusReaction.CONFLICT
    assert (answer.code, answer.named_key) == ("539", KEY)


@pytest.mark.req("FIS-02")
def test_authority_that_is_down_answers_later_to_every_request(authority, clock):
    authority.is_down = True
    assert send(authority, signed()).reaction is StatusReaction.LATER
    assert consult(authority).reaction is StatusReaction.LATER
    assert cancel(authority, clock, "3352600000000001").reaction is StatusReaction.LATER
    body = envelope(Service.STATUS, status(Environment.TEST))
    assert read_answer(authority.answer(Service.STATUS, body)).reaction is StatusReaction.LATER
    authority.is_down = False
    assert read_answer(authority.answer(Service.STATUS, body)).reaction is StatusReaction.RUNNING
    assert authority.notes == {}


@pytest.mark.req("FIS-02")
def test_rejected_note_is_corrected_and_authorised_with_its_own_number(authority):
    wrong = altered(signed(), ("<nContrato>CT-0042</nContrato>", ""))
    rejected = send(authority, wrong)
    assert (rejected.code, rejected.reaction) == ("537", StatusReaction.MEND)
    assert "contrato" in rejected.advice
    assert send(authority, signed(), KEY).reaction is StatusReaction.AUTHORISED


@pytest.mark.req("FIS-02", "FIS-04")
def test_cancelled_note_stays_under_its_number(authority, clock):
    protocol = send(authority, signed()).protocol
    assert cancel(authority, clock, protocol).reaction is StatusReaction.EVENT_REGISTERED
    assert consult(authority).reaction is StatusReaction.CANCELLED
    assert cancel(authority, clock, protocol).reaction is StatusReaction.ALREADY_REGISTERED
    assert send(authority, signed()).code == "204"


@pytest.mark.req("FIS-04")
@pytest.mark.parametrize(
    ("late", "code"), [(timedelta(minutes=5), "135"), (timedelta(minutes=5, seconds=1), "220")]
)
def test_cancellation_has_its_term_with_five_minutes(authority, clock, late, code):
    protocol = send(authority, signed()).protocol
    clock.at = cancellation_ends_at(clock.at, "SP") + late
    assert cancel(authority, clock, protocol).code == code


def test_cancellation_of_an_unknown_note_or_with_a_wrong_protocol_is_refused(authority, clock):
    assert cancel(authority, clock, "3352600000000001").code == "217"
    send(authority, signed())
    assert cancel(authority, clock, "3352600000009999").code == "222"


@pytest.mark.req("FIS-02")
def test_substituted_note_is_known_as_such_and_its_substitute_is_not_cancelled(authority, clock):
    protocol = send(authority, signed()).protocol
    substitute = note(substitution=Substitution(key=KEY, reason=SubstitutionReason.PRICE))
    answer = send(authority, signed(substitute, number=2))
    assert answer.reaction is StatusReaction.AUTHORISED
    assert consult(authority).reaction is StatusReaction.SUBSTITUTED
    assert cancel(authority, clock, protocol).reaction is StatusReaction.ALREADY_SUBSTITUTED
    assert cancel(authority, clock, answer.protocol, answer.key).code == "524"
    assert send(authority, signed(substitute, number=3)).code == "211"


def test_substitution_of_an_unknown_note_is_refused(authority):
    assert send(authority, signed(with_everything())).code == "208"


def moved(**delta: int) -> bytes:
    return signed(issued_at=ISSUED_AT + timedelta(**delta))


REJECTIONS = {
    "212": lambda: moved(minutes=7),
    "213": lambda: signed_nfcom(note(), number(), open_certificate(pkcs12(cnpj="12ABC34501DE35"), PASSWORD)),
    "215": lambda: altered(signed(), ("<cClass>0400401</cClass>", "<cClass>04</cClass>")),
    "227": lambda: altered(signed(), ("<nNF>1</nNF>", "<nNF>2</nNF>")),
    "228": lambda: moved(hours=-121),
    "244": lambda: b"",
    "252": lambda: signed(note(environment=Environment.PRODUCTION)),
    "256": lambda: altered(
        signed(), ("<vFUST>0.79</vFUST><vRetTribTot>", "<vFUST>0.80</vFUST><vRetTribTot>")
    ),
    "257": lambda: altered(signed(), ("</vPIS><vFUNTTEL>0.39", "</vPIS><vFUNTTEL>0.38")),
    "258": lambda: altered(signed(), ("<vRetPIS>0.00", "<vRetPIS>0.01")),
    "259": lambda: altered(signed(), ("<vRetCofins>0.00", "<vRetCofins>0.01")),
    "260": lambda: altered(signed(), ("<vRetCSLL>0.00", "<vRetCSLL>0.01")),
    "270": lambda: altered(signed(), (re.findall(r"<gFat>.*</gFat>", signed().decode())[0], "")),
    "291": lambda: signed_nfcom(note(), number(), open_certificate(pkcs12(until=ISSUED_AT), PASSWORD)),
    "292": lambda: signed_nfcom(note(), number(), open_certificate(pkcs12(cnpj=None), PASSWORD)),
    "297": lambda: signed().replace(b"<nNF>1</nNF>", b"<nNF>2</nNF>"),
    "405": lambda: altered(
        signed(),
        (
            "<xMun>São Paulo</xMun><CEP>01036100</CEP><UF>SP</UF></enderDest>",
            "<xMun>São Paulo</xMun><CEP>01036100</CEP><UF>RJ</UF></enderDest>",
        ),
    ),
    "411": lambda: altered(signed(), ("<finNFCom>0", "<finNFCom>3")),
    "415": lambda: altered(
        signed(),
        (
            "</verProc>",
            "</verProc><dhCont>2026-11-30T11:00:00-03:00</dhCont><xJust>Autorizador fora do ar</xJust>",
        ),
    ),
    "417": lambda: altered(
        signed(in_contingency()), ("<dhCont>2026-11-30T11:00:00", "<dhCont>2026-11-30T11:40:00")
    ),
    "420": lambda: altered(signed(), ("<indIEDest>9</indIEDest>", "<indIEDest>2</indIEDest>")),
    "425": lambda: altered(
        signed(), ("</dContratoIni>", "</dContratoIni><dContratoFim>2025-03-09</dContratoFim>")
    ),
    "426": lambda: altered(signed(), ("<indIEDest>9", "<indIEDest>1")),
    "431": lambda: altered(signed(), ("</indIEDest>", "</indIEDest><IE>110042490115</IE>")),
    "432": lambda: altered(signed(), ("<indIEDest>9</indIEDest>", "<indIEDest>2</indIEDest><IE>ISENTO</IE>")),
    "433": lambda: altered(signed(), ("<CFOP>5307", "<CFOP>5351")),
    "435": lambda: altered(signed(), ("<vItem>99.90", "<vItem>99.84")),
    "443": lambda: altered(signed(), ("<vPIS>0.53</vPIS></PIS>", "<vPIS>0.64</vPIS></PIS>")),
    "444": lambda: altered(signed(), ("<vICMS>17.98</vICMS></ICMS00>", "<vICMS>18.10</vICMS></ICMS00>")),
    "445": lambda: altered(
        signed(), ("<vCOFINS>2.46</vCOFINS></COFINS>", "<vCOFINS>2.60</vCOFINS></COFINS>")
    ),
    "446": lambda: altered(signed(), ("<vFUST>0.79</vFUST></FUST>", "<vFUST>0.99</vFUST></FUST>")),
    "447": lambda: altered(signed(), ("<ICMSTot><vBC>99.90", "<ICMSTot><vBC>99.91")),
    "448": lambda: altered(
        signed(), ("<vICMS>17.98</vICMS><vICMSDeson>", "<vICMS>17.99</vICMS><vICMSDeson>")
    ),
    "457": lambda: altered(signed(), ("</vCOFINS><vPIS>0.53", "</vCOFINS><vPIS>0.54")),
    "458": lambda: altered(signed(), ("</ICMSTot><vCOFINS>2.46", "</ICMSTot><vCOFINS>2.47")),
    "459": lambda: altered(signed(), ("<total><vProd>101.00", "<total><vProd>101.01")),
    "460": lambda: altered(signed(), ("<vNF>101.00", "<vNF>101.01")),
    "461": lambda: altered(signed(), ("<vIRRF>0.00", "<vIRRF>0.01")),
    "462": lambda: altered(signed(), ("</vRetTribTot><vDesc>0.00", "</vRetTribTot><vDesc>0.01")),
    "464": lambda: signed().replace(b"dfe-portal.svrs", b"dfe-portal.sefaz"),
    "465": lambda: signed().replace(b"?chNFCom=35", b"?chNFCom=33"),
    "469": lambda: re.sub(rb"&amp;sign=[^<]*", b"", signed(in_contingency())),
    "470": lambda: signed().replace(b"&amp;tpAmb=2<", b"&amp;tpAmb=2&amp;sign=AAAA<"),
    "477": lambda: altered(signed(), ("<vOutro>0.00</vOutro><vNF>", "<vOutro>0.01</vOutro><vNF>")),
    "537": lambda: altered(signed(), ("<dContratoIni>2025-03-10</dContratoIni>", "")),
    "540": lambda: altered(signed(), ("<CFOP>5307</CFOP>", "")),
    "541": lambda: altered(
        signed(), ("<cClass>1000301</cClass>", "<cClass>1000301</cClass><CFOP>5307</CFOP>")
    ),
}


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("code", REJECTIONS)
def test_each_rejection_comes_with_its_advice_and_authorises_nothing(authority, code):
    answer = send(authority, REJECTIONS[code]())
    assert answer.code == code, answer
    assert answer.advice
    assert answer.reaction not in {StatusReaction.AUTHORISED, StatusReaction.UNKNOWN_CODE}
    assert authority.notes == {}


def test_dates_at_the_limits_are_accepted(clock):
    for delta in (timedelta(minutes=5), timedelta(hours=-120)):
        authority = NfcomAuthority(FixedClock(ISSUED_AT - delta))
        assert send(authority, signed()).reaction is StatusReaction.AUTHORISED
    for delta in (timedelta(minutes=5, seconds=1), timedelta(hours=-120, seconds=-1)):
        authority = NfcomAuthority(FixedClock(ISSUED_AT - delta))
        assert send(authority, signed()).reaction is StatusReaction.NEW_DATE


@pytest.mark.req("FIS-02")
def test_eleventh_consultation_of_a_key_in_an_hour_is_improper_and_the_next_hour_is_not(authority, clock):
    for _ in range(10):
        assert consult(authority).code == "217"
    assert consult(authority).reaction is StatusReaction.BLOCKED
    clock.at += timedelta(hours=1)
    assert consult(authority).code == "217"


@pytest.mark.req("FIS-02")
def test_thirty_first_equal_rejection_of_a_note_is_improper(authority):
    wrong = REJECTIONS["537"]()
    assert [send(authority, wrong).code for _ in range(31)] == ["537"] * 30 + ["678"]
