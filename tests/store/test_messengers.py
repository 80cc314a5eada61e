"""One contract for the message providers and their local twin: how a call ends decides what may be tried again."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.stub import Stubber

from billing.adapters.local_mailbox import FAULTS, LocalMailbox
from billing.adapters.ses import SesMail
from billing.adapters.sms import SnsSms
from billing.core.errors import Transient
from billing.dispatch.ports import Letter, Messenger, Rejected, Unanswered
from tests.support import aws

pytestmark = pytest.mark.req("MSG-03")

TELLING = "not for joana@example.com nor +5521987654321"
EML = b"From: a@alfa.example\r\nTo: joana@example.com\r\nSubject: Oi\r\n\r\nOi\r\n"


@dataclass
class Provider:
    """A messenger, a letter that it accepts, and a way to make its next call end in a certain way."""

    messenger: Messenger
    letter: Letter
    will: Callable[[str], None]


def letter(to: str, content: bytes) -> Letter:
    return Letter("ten_alfa", "cus_joana", "msg_one1", "cobranca@alfa.example", (to,), (), content)


def ses(_folder: Path) -> Provider:
    mail = SesMail()
    stub = Stubber(mail._ses)
    stub.activate()
    expected = {
        "FromEmailAddress": "cobranca@alfa.example",
        "Destination": {"ToAddresses": ["joana@example.com"], "CcAddresses": []},
        "Content": {"Raw": {"Data": EML}},
        "EmailTags": [
            {"Name": "tenant", "Value": "ten_alfa"},
            {"Name": "customer", "Value": "cus_joana"},
            {"Name": "message", "Value": "msg_one1"},
        ],
    }
    return Provider(
        mail,
        letter("joana@example.com", EML),
        _stubbed(
            stub, "send_email", expected, throttled="TooManyRequestsException", rejected="MessageRejected"
        ),
    )


def sns(_folder: Path) -> Provider:
    sms = SnsSms()
    stub = Stubber(sms._sns)
    stub.activate()
    expected = {
        "PhoneNumber": "+5521987654321",
        "Message": "Alfa: fatura 7",
        "MessageAttributes": {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}},
    }
    return Provider(
        sms,
        letter("+5521987654321", b"Alfa: fatura 7"),
        _stubbed(stub, "publish", expected, throttled="Throttling", rejected="InvalidParameter"),
    )


def _stubbed(
    stub: Stubber, operation: str, expected: dict[str, object], *, throttled: str, rejected: str
) -> Callable[[str], None]:
    def will(end: str) -> None:
        match end:
            case "accepted":
                stub.add_response(operation, {"MessageId": f"id-{len(stub._queue)}"}, expected)
            case "throttled":
                stub.add_client_error(operation, throttled, TELLING, http_status_code=400)
            case "rejected":
                stub.add_client_error(operation, rejected, TELLING, http_status_code=400)
            case "unanswered":
                stub.add_client_error(operation, "InternalFailure", TELLING, http_status_code=500)

    return will


def mailbox(folder: Path) -> Provider:
    def will(end: str) -> None:
        (folder / FAULTS).write_text("" if end == "accepted" else f"joana@example.com {end}\n")

    return Provider(LocalMailbox(folder, "eml"), letter("joana@example.com", EML), will)


@pytest.fixture(params=[ses, sns, mailbox])
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> Provider:
    assert aws  # the credentials and region that boto asks for
    return request.param(tmp_path)


def test_accepted_message_has_an_id_of_its_own(provider: Provider) -> None:
    provider.will("accepted")
    provider.will("accepted")
    first, second = provider.messenger.send(provider.letter), provider.messenger.send(provider.letter)

    assert first
    assert first != second


@pytest.mark.parametrize(
    ("end", "error"), [("throttled", Transient), ("rejected", Rejected), ("unanswered", Unanswered)]
)
def test_each_failure_says_whether_the_message_may_have_gone(
    provider: Provider, end: str, error: type[Exception]
) -> None:
    provider.will(end)
    with pytest.raises(error) as failed:
        provider.messenger.send(provider.letter)

    logged = "".join(traceback.format_exception(failed.value))
    assert "joana@" not in logged
    assert "98765" not in logged


def test_provider_works_again_after_a_failure(provider: Provider) -> None:
    provider.will("throttled")
    with pytest.raises(Transient):
        provider.messenger.send(provider.letter)
    provider.will("accepted")

    assert provider.messenger.send(provider.letter)


@pytest.mark.parametrize("make", [SesMail, SnsSms])
def test_a_request_is_made_once(make: type[SesMail] | type[SnsSms]) -> None:
    (client,) = vars(make()).values()

    assert client.meta.config.retries["total_max_attempts"] == 1


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (ReadTimeoutError(endpoint_url="https://ses.example"), Unanswered),
        (ConnectTimeoutError(endpoint_url="https://ses.example"), Transient),
    ],
)
def test_time_out_of_the_answer_is_not_that_of_the_connection(
    broken: Exception, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = SesMail()

    def fail(**_arguments: object) -> None:
        raise broken

    monkeypatch.setattr(mail, "_ses", type("Client", (), {"send_email": staticmethod(fail)})())
    with pytest.raises(error):
        mail.send(letter("joana@example.com", EML))


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "AccountSuspendedException", "LimitExceededException"]
)
def test_fault_of_ours_does_not_fail_the_message(code: str) -> None:
    mail = SesMail()
    with Stubber(mail._ses) as stub:
        stub.add_client_error("send_email", code, http_status_code=400)
        with pytest.raises(Transient):
            mail.send(letter("joana@example.com", EML))


def test_mailbox_keeps_each_message_whole(tmp_path: Path) -> None:
    box = LocalMailbox(tmp_path, "eml")
    box.send(letter("joana@example.com", EML))
    box.send(letter("joana@example.com", EML))
    LocalMailbox(tmp_path, "txt").send(letter("+5521987654321", "Olá".encode()))

    mails = [message_from_bytes(file.read_bytes()) for file in sorted(tmp_path.glob("*.eml"))]
    assert [mail["Subject"] for mail in mails] == ["Oi", "Oi"]
    (text,) = tmp_path.glob("*.txt")
    assert text.read_text() == "Para: +5521987654321\n\nOlá"
    assert len(list(tmp_path.iterdir())) == 3


def test_mailbox_that_loses_its_answer_has_the_message(tmp_path: Path) -> None:
    (tmp_path / FAULTS).write_text("joana@example.com unanswered\n")
    with pytest.raises(Unanswered):
        LocalMailbox(tmp_path, "eml").send(letter("joana@example.com", EML))

    assert len(list(tmp_path.glob("*.eml"))) == 1
